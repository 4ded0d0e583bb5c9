package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
)

// local runs a command that works on the file, and returns what it printed.
func local(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(t.Context(), args, &out, io.Discard)
	return out.String(), err
}

// wantLocal runs a command and looks for parts of what it prints, or of its error.
func wantLocal(t *testing.T, args []string, fails bool, parts ...string) {
	t.Helper()
	out, err := local(t, args...)
	if (err != nil) != fails {
		t.Fatalf("askwell %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	said := out + fmt.Sprint(err)
	for _, part := range parts {
		if !strings.Contains(said, part) {
			t.Errorf("askwell %s: no %q in:\n%s", strings.Join(args, " "), part, said)
		}
	}
	if err != nil && strings.Contains(err.Error(), "\n") {
		t.Errorf("the error has several lines: %v", err)
	}
}

func TestBackupVerifyAndRestoreOfARunningCollector(t *testing.T) {
	dir := t.TempDir()
	db, backup := filepath.Join(dir, "askwell.db"), filepath.Join(dir, "backup.db")
	t.Setenv("ASKWELL_DB", db)
	cfg := server.Config{Addr: "127.0.0.1:0", DB: db, AdminKey: servertest.Key, LogLevel: "error"}
	app, err := server.Start(t.Context(), cfg, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	c := &servertest.Collector{App: app, T: t}
	c.Must(200, "PUT", "/v1/sites/shop", servertest.ShopSite)
	c.Must(200, "PUT", "/v1/sites/shop/surveys/exit", servertest.ExitDoc)
	c.Must(200, "POST", "/v1/sites/shop/surveys/exit/publish", "")
	c.Send(servertest.Response(servertest.NewID(), `{"nps": 9, "why": "Quick"}`, `, "visitor": "v-1"`))

	wantLocal(t, []string{"backup", backup}, false, backup+": ", " bytes, 1 response, 1 site, checked, in ")
	wantLocal(t, []string{"backup", backup}, true, backup+" is there already")
	c.Send(servertest.Response(servertest.NewID(), `{"nps": 1}`, ""))
	wantLocal(t, []string{"verify"}, false, "responses   2\n", db+" is sound")
	wantLocal(t, []string{"migrate"}, false, db+" has schema ", ": 0 migrations pending")
	wantLocal(t, []string{"restore", backup}, true, "cannot replace "+db+": another askwell is using it")
	if n := len(c.Responses()); n != 2 {
		t.Errorf("the collector has %d responses, want 2", n)
	}
	if err := app.Stop(); err != nil {
		t.Fatal(err)
	}

	wantLocal(t, []string{"restore", backup}, false, db+": restored from "+backup+", 1 response, 1 site", db+".before-restore-")
	again := servertest.Start(t, server.Config{DB: db})
	if n := len(again.Responses()); n != 1 {
		t.Errorf("the restored collector has %d responses, want 1", n)
	}
}

func TestVerifyFailsWhereItFoundProblems(t *testing.T) {
	db := filepath.Join(t.TempDir(), "askwell.db")
	app, err := server.Start(t.Context(), server.Config{Addr: "127.0.0.1:0", DB: db, AdminKey: servertest.Key, LogLevel: "error"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	(&servertest.Collector{App: app, T: t}).Must(200, "PUT", "/v1/sites/shop", servertest.ShopSite)
	if err := app.Stop(); err != nil {
		t.Fatal(err)
	}
	execute(t, db, "UPDATE sites SET doc = '{}'")
	wantLocal(t, []string{"verify", "--db", db}, true, "problem     site shop: ", db+" has 1 problem")
	wantLocal(t, []string{"verify", "--db", db + ".none"}, true, "there is no file")
}

func TestMigrateSaysWhatItDid(t *testing.T) {
	db := filepath.Join(t.TempDir(), "askwell.db")
	// A start that was interrupted before its first migration.
	execute(t, db, "CREATE TABLE goose_db_version(id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL, is_applied INTEGER NOT NULL, tstamp TIMESTAMP DEFAULT (datetime('now')))")
	execute(t, db, "INSERT INTO goose_db_version(version_id, is_applied) VALUES(0, 1)")
	before, err := os.ReadFile(db)
	if err != nil {
		t.Fatal(err)
	}
	wantLocal(t, []string{"migrate", "--dry-run", "--db", db}, false,
		db+" has schema 0", "pending     00001_start.sql", "applied     00001_start.sql in ", "responses   0\n", db+" is as it was")
	if after, err := os.ReadFile(db); err != nil || !bytes.Equal(before, after) {
		t.Error("the dry run changed the file")
	}
	wantLocal(t, []string{"migrate", "--db", db}, false, "applied     00001_start.sql in ")
	wantLocal(t, []string{"migrate", "--db", db}, false, ": 0 migrations pending")
	wantLocal(t, []string{"verify", "--db", db}, false, "is sound")
	execute(t, db, "INSERT INTO goose_db_version(version_id, is_applied) VALUES(4711, 1)")
	for _, command := range []string{"migrate", "verify", "serve"} {
		wantLocal(t, []string{command, "--db", db}, true, db+": it was made by a newer askwell (schema 4711, this one knows ")
	}
}

// execute runs SQL that the program would not.
func execute(t *testing.T, path, query string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), query); err != nil {
		t.Fatal(err)
	}
}
