package store

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// withMigrations are the program's own migrations and some that come after them.
func withMigrations(more ...string) fs.FS {
	files := fstest.MapFS{}
	for _, name := range must(fs.Glob(migrations, "*.sql")) {
		files[name] = &fstest.MapFile{Data: must(fs.ReadFile(migrations, name))}
	}
	for i, text := range more {
		files[fmt.Sprintf("%05d_later.sql", 90001+i)] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + text)}
	}
	return files
}

// state is what a migration may not leave half-way: version, tables, and what is in one of them.
func state(t *testing.T, path string) string {
	t.Helper()
	db := must(openRead(path))
	defer db.Close()
	tables := must(stringsOf(t.Context(), db, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"))
	etags := must(stringsOf(t.Context(), db, "SELECT etag FROM sites"))
	return fmt.Sprint(must(schema(t.Context(), db)), tables, etags)
}

func TestMigrationThatFailsInTheMiddleLeavesTheOldState(t *testing.T) {
	path := filepath.Join(t.TempDir(), "askwell.db")
	filled(t, path, 3)
	before := state(t, path)
	const first = "UPDATE sites SET etag = 77;\nCREATE TABLE half(x INTEGER);\n"
	_, err := migrateFile(t.Context(), path, withMigrations(first+"INSERT INTO none VALUES(1);"))
	wantOneLine(t, err, "migrate "+path, "none")
	if after := state(t, path); after != before {
		t.Errorf("before: %s\nafter: %s", before, after)
	}
	if got := responsesIn(t, path); got != 3 {
		t.Errorf("there are %d responses, want 3", got)
	}
	applied := must(migrateFile(t.Context(), path, withMigrations(first)))
	if after := state(t, path); len(applied) != 1 || applied[0].Version != 90001 || !strings.Contains(after, "half") || !strings.Contains(after, "[77]") {
		t.Errorf("the next start did not complete it: %v, %s", applied, after)
	}
}

func TestMigrationsBeforeTheFailedOneStay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "askwell.db")
	filled(t, path, 3)
	good, bad := "CREATE TABLE good(x INTEGER);", "CREATE TABLE bad(x INTEGER);\nINSERT INTO none VALUES(1);"
	_, err := migrateFile(t.Context(), path, withMigrations(good, bad))
	wantOneLine(t, err, "none")
	after := state(t, path)
	if !strings.HasPrefix(after, "90001 ") || !strings.Contains(after, "TABLE good") || strings.Contains(after, "TABLE bad") {
		t.Errorf("got %s", after)
	}
	applied := must(migrateFile(t.Context(), path, withMigrations(good, "CREATE TABLE bad(x INTEGER);")))
	if len(applied) != 1 || applied[0].Version != 90002 {
		t.Errorf("the next start applied %v, want only the one that failed", applied)
	}
}

const migrateInChild = "ASKWELL_TEST_MIGRATE"

// slow writes some 15 MB before it comes to its end, so that there is time to kill it, and pages of it in
// the log already.
const slow = `UPDATE sites SET etag = 77;
CREATE TABLE half(x INTEGER, y TEXT);
INSERT INTO half WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) SELECT i, printf('%200d', i) FROM n;
CREATE INDEX half_y ON half(y, x);
`

func TestMigrationKilledInTheMiddleLeavesTheOldState(t *testing.T) {
	if path := os.Getenv(migrateInChild); path != "" {
		_, err := migrateFile(t.Context(), path, withMigrations(slow))
		fmt.Println("done", err)
		return
	}
	path := filepath.Join(t.TempDir(), "askwell.db")
	filled(t, path, 3)
	before := state(t, path)
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), migrateInChild+"="+path)
	var said bytes.Buffer
	child.Stdout, child.Stderr = &said, &said
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); fileSize(path+"-wal") < 2<<20 && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	child.Process.Kill()
	child.Wait()
	if fileSize(path+"-wal") < 2<<20 || strings.Contains(said.String(), "done") {
		t.Fatalf("it was not killed in the middle: %d bytes in the log, %s", fileSize(path+"-wal"), said.String())
	}
	if after := state(t, path); after != before {
		t.Errorf("before: %s\nafter: %s", before, after)
	}
	if problems, err := Verify(t.Context(), path, &said, nil); problems > 0 || err != nil {
		t.Errorf("%v: %s", err, said.String())
	}
	applied := must(migrateFile(t.Context(), path, withMigrations(slow)))
	if after := state(t, path); len(applied) != 1 || !strings.Contains(after, "half_y") || !strings.Contains(after, "[77]") {
		t.Errorf("the next start did not complete it: %v, %s", applied, after)
	}
}

// A file with this note would run outside a transaction, and what is above would not hold for it.
func TestEveryMigrationRunsInATransaction(t *testing.T) {
	for _, name := range must(fs.Glob(migrations, "*.sql")) {
		if text := string(must(fs.ReadFile(migrations, name))); strings.Contains(strings.ToUpper(text), "NO TRANSACTION") {
			t.Errorf("%s runs without a transaction", name)
		}
	}
}

func TestDryRunChangesNothing(t *testing.T) {
	for name, test := range map[string]struct {
		migration, want string // "": it succeeds
	}{
		"a migration that works":             {"UPDATE sites SET etag = 77;\nCREATE TABLE more(x INTEGER);", ""},
		"a migration that fails":             {"UPDATE sites SET etag = 77;\nINSERT INTO none VALUES(1);", "none"},
		"a migration that loses definitions": {"UPDATE versions SET version = 9;", "the migrated copy has 4 problems"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "askwell.db")
			filled(t, path, 3)
			before := must(os.ReadFile(path))
			var out strings.Builder
			applied, err := rehearse(t.Context(), path, &out, nil, withMigrations(test.migration))
			if test.want != "" {
				wantOneLine(t, err, test.want)
			} else if err != nil || len(applied) != 1 || applied[0].Took <= 0 || !strings.Contains(out.String(), "responses   3\n") {
				t.Errorf("got %v, %v: %s", applied, err, out.String())
			}
			if !bytes.Equal(before, must(os.ReadFile(path))) {
				t.Error("the database was changed")
			}
			if names := namesIn(t, filepath.Dir(path)); len(names) != 1 {
				t.Errorf("it left %v", names)
			}
		})
	}
}

func TestDryRunSeesWhatIsOnlyInTheLog(t *testing.T) {
	path := crashed(t, 3)
	before, log := must(os.ReadFile(path)), must(os.ReadFile(path+"-wal"))
	var out strings.Builder
	if _, err := rehearse(t.Context(), path, &out, nil, withMigrations("CREATE TABLE more(x INTEGER);")); err != nil || !strings.Contains(out.String(), "responses   3\n") {
		t.Errorf("%v: %s", err, out.String())
	}
	if !bytes.Equal(before, must(os.ReadFile(path))) || !bytes.Equal(log, must(os.ReadFile(path+"-wal"))) {
		t.Error("the database was changed")
	}
}

func TestMigrateRefusesWhileACollectorRuns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "askwell.db")
	fill(t, openAt(t, path), 3)
	_, err := Migrate(t.Context(), path)
	wantOneLine(t, err, "migrate "+path, "another askwell is using it")
	if p := must(Pending(t.Context(), path)); len(p.Pending) != 0 || p.Schema != p.Knows {
		t.Errorf("pending beside a running collector: %+v", p)
	}
	if _, err := Rehearse(t.Context(), path, &strings.Builder{}, nil); err != nil {
		t.Errorf("a dry run beside a running collector: %v", err)
	}
}

func TestPendingNamesWhatAStartWouldDo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.db")
	must(migrateFile(t.Context(), path, firstRelease()))
	p := must(Pending(t.Context(), path))
	if p.Schema != 1 || len(p.Pending) == 0 || p.Pending[0].Name != "00002_door.sql" || p.Knows != p.Pending[len(p.Pending)-1].Version {
		t.Errorf("got %+v", p)
	}
	if applied := must(Migrate(t.Context(), path)); len(applied) != len(p.Pending) {
		t.Errorf("%v was applied, want %v", applied, p.Pending)
	}
}

func TestNewerDatabaseIsRefusedByAll(t *testing.T) {
	path := newer(t)
	before := must(os.ReadFile(path))
	const want = "it was made by a newer askwell (schema 4711, this one knows "
	for name, do := range map[string]func(context.Context) error{
		"open":    func(ctx context.Context) error { _, err := Open(ctx, path); return err },
		"pending": func(ctx context.Context) error { _, err := Pending(ctx, path); return err },
		"migrate": func(ctx context.Context) error { _, err := Migrate(ctx, path); return err },
		"dry run": func(ctx context.Context) error { _, err := Rehearse(ctx, path, &strings.Builder{}, nil); return err },
		"verify":  func(ctx context.Context) error { _, err := Verify(ctx, path, &strings.Builder{}, nil); return err },
		"backup":  func(ctx context.Context) error { _, err := Backup(ctx, path, path+".backup"); return err },
		"restore": func(ctx context.Context) error { _, err := Restore(ctx, path, path+".new", now); return err },
	} {
		t.Run(name, func(t *testing.T) { wantOneLine(t, do(t.Context()), path, want) })
	}
	if !bytes.Equal(before, must(os.ReadFile(path))) {
		t.Error("the database was changed")
	}
}
