//go:build linux

package faults

import (
	"database/sql"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"testing"

	_ "modernc.org/sqlite"
)

// checkIntegrity has SQLite look at every page of a database that no program has open.
func checkIntegrity(t *testing.T, db string) {
	t.Helper()
	handle := openDatabase(t, db)
	defer handle.Close()
	var verdict string
	if err := handle.QueryRow("PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("the database is damaged: %v %s", err, verdict)
	}
}

func openDatabase(t *testing.T, db string) *sql.DB {
	t.Helper()
	handle, err := sql.Open("sqlite", uri(db)+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	handle.SetMaxOpenConns(1)
	return handle
}

func uri(path string) string { return "file:" + (&url.URL{Path: path}).EscapedPath() }

const helperVariable = "ASKWELL_FAULTS_HOLD"

// startReader holds a read transaction in a process of its own, so that the log cannot be written
// back and grows. It ends by kill, like a backup tool that crashed: an orderly end would write the
// log back.
func startReader(t *testing.T, db string) (kill func()) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), helperVariable+"="+db)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe() // it ends with this, should the test be killed
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(stdout, make([]byte, len(readerReady))); err != nil {
		t.Fatal(err)
	}
	return func() {
		cmd.Process.Kill()
		cmd.Wait()
		stdin.Close()
	}
}

const readerReady = "ready"

func holdReadTransaction() {
	handle, err := sql.Open("sqlite", uri(os.Getenv(helperVariable)))
	if err == nil {
		var tx *sql.Tx
		if tx, err = handle.Begin(); err == nil {
			err = tx.QueryRow("SELECT COUNT(*) FROM responses").Scan(new(int))
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Print(readerReady)
	io.Copy(io.Discard, os.Stdin)
	os.Exit(0) // without a word to SQLite
}
