package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"modernc.org/sqlite"
)

// A backup is copied page by page with SQLite's online backup, inside one read transaction: that
// pins a snapshot, in which tables can be counted too, and keeps the copying from starting over
// when the collector writes. Measured on 130,000 responses growing to 200,000 (80 to 125 MB) under
// 64 writing clients (some 35,000 responses a second, a worst case), on 2 cores:
//
//	                                  took            log grew to   ingest meanwhile
//	backup in a read transaction      0.2 s           25 MB         24,000/s, worst commit 83–131 ms
//	VACUUM INTO                       0.6 s           56 MB         25,000/s, worst commit 10–56 ms
//	backup without a transaction      not in 60 s: it started over 9,343 times
//
// Of 1,000,000 responses at rest (616 MB): 1.5 s and 0.9 s of fsync, VACUUM INTO 8.6 s. What VACUUM
// would leave out, erased text in free pages, is overwritten by secure_delete already.
//
// While the snapshot is read the log cannot begin anew, so it grows by what is written in that time:
// some 4 kB a response, which is 20 MB more in 0.2 s at that rate, and nothing to speak of at 100/s.
// It keeps that size, is used again, and is gone when the collector stops.

// stepPages is how much is copied between two looks at ctx: 4 MB, some 10 ms.
const stepPages = 1000

// Copied is what a backup or a restore put in its place.
type Copied struct {
	Bytes            int64
	Responses, Sites int64
	Schema, Knows    int64 // the file's version, the program's
}

// Backup copies a database, in use or not, into a file that must not exist yet. The copy is checked
// and on disk before it has its name; where anything fails, nothing is left behind.
func Backup(ctx context.Context, path, file string) (_ *Copied, err error) {
	defer func() { err = wrap("back up", path, err) }()
	if dir := filepath.Dir(file); !isDir(dir) {
		return nil, fmt.Errorf("there is no folder %s", dir)
	}
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is there already, and is not overwritten", file)
	}
	temp, err := tempBeside(file, "part")
	if err != nil {
		return nil, err
	}
	defer removeDatabase(temp)
	c, err := checkedCopy(ctx, path, temp, migrations)
	if err != nil {
		return nil, err
	}
	// A rename would replace what came meanwhile, and a hard link, which would not, is missing on
	// network shares and USB sticks: an empty file holds the name until the rename.
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(f.Close(), os.Rename(temp, file)); err != nil {
		os.Remove(file)
		return nil, err
	}
	return c, syncDir(filepath.Dir(file))
}

// checkedCopy makes a copy that was read again, holds what the snapshot held, and is on disk.
func checkedCopy(ctx context.Context, from, to string, files fs.FS) (*Copied, error) {
	counted, err := snapshot(ctx, from, to)
	if err != nil {
		return nil, err
	}
	c, err := checkCopy(ctx, to, counted, files)
	if err != nil {
		return nil, err
	}
	return c, syncFile(to)
}

// snapshot copies a database as it is at one moment into an empty file, and counts its tables at
// the same moment.
func snapshot(ctx context.Context, from, to string) (counted map[string]int64, err error) {
	db, err := openRead(from)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	// The counts are the transaction's first reading, so they pin its snapshot.
	if counted, err = countTables(ctx, tx); err != nil {
		return nil, err
	}
	if err := conn.Raw(func(c any) error { return copyPages(ctx, c, to) }); err != nil {
		return nil, err
	}
	return counted, oneFile(ctx, to)
}

func copyPages(ctx context.Context, driverConn any, to string) error {
	source := driverConn.(interface {
		NewBackup(string) (*sqlite.Backup, error)
	})
	// No journal and no syncing: until it is whole and synced, the copy is thrown away.
	b, err := source.NewBackup(dsn(to, "_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)"))
	if err != nil {
		return err
	}
	for more := true; more && err == nil; {
		if err = ctx.Err(); err == nil {
			more, err = b.Step(stepPages)
		}
	}
	return errors.Join(err, b.Finish())
}

// oneFile takes a copy out of WAL mode, which it has from its source: without that, whoever opened
// it to read would leave two more files beside it. The next start sets it again.
func oneFile(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", dsn(path, "_pragma=journal_mode(DELETE)"))
	if err != nil {
		return err
	}
	return errors.Join(db.PingContext(ctx), db.Close())
}

// checkCopy opens a copy and reads all of it: pages and indexes, references, version, and whether
// the tables have as many rows as they had where it was copied from.
func checkCopy(ctx context.Context, path string, want map[string]int64, files fs.FS) (*Copied, error) {
	db, err := openRead(path)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	for _, check := range []string{"PRAGMA integrity_check(1)", "SELECT 'a row of ' || \"table\" || ' refers to nothing' FROM pragma_foreign_key_check"} {
		var found string
		err := db.QueryRowContext(ctx, check).Scan(&found)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
		if found != "" && found != "ok" {
			return nil, fmt.Errorf("%w (%s)", errDamaged, oneLine(found))
		}
	}
	p, err := plan(ctx, db, files)
	if err != nil {
		return nil, err
	}
	if p.Schema == 0 {
		return nil, errors.New("it is empty: there is nothing of askwell in it")
	}
	got, err := countTables(ctx, db)
	if err != nil {
		return nil, err
	}
	if !maps.Equal(want, got) {
		return nil, fmt.Errorf("the copy differs: its tables have %v rows, and had %v", got, want)
	}
	return &Copied{fileSize(path), got["responses"], got["sites"], p.Schema, p.Knows}, nil
}

func countTables(ctx context.Context, db querier) (map[string]int64, error) {
	names, err := stringsOf(ctx, db, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'`)
	if err != nil {
		return nil, err
	}
	counted := map[string]int64{}
	for _, name := range names {
		var n int64
		if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM "`+strings.ReplaceAll(name, `"`, `""`)+`"`).Scan(&n); err != nil {
			return nil, err
		}
		counted[name] = n
	}
	return counted, nil
}

// stringsOf is the first column of a query's rows.
func stringsOf(ctx context.Context, db querier, query string, args ...any) ([]string, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

// openRead opens a database that is there, with one connection that cannot write, beside a running
// collector or without one. In WAL mode SQLite may leave an empty -wal and a -shm beside the file.
func openRead(path string) (*sql.DB, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no file %s", path)
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s is a folder, not a file", path)
	case lostMain(path):
		return nil, fmt.Errorf("%w (%s is empty, but %s-wal is not)", errDamaged, path, path)
	case info.Size() == 0:
		return nil, fmt.Errorf("%s is empty", path)
	}
	db, err := sql.Open("sqlite", dsn(path, "mode=ro&_pragma=busy_timeout(5000)&_pragma=query_only(1)"))
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

func dsn(path, parameters string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + parameters
}

// wrap names the file and what was to be done with it.
func wrap(what, path string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("cannot %s %s: %w", what, path, explain(path, err))
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// syncDir makes renames survive a power cut. Windows has no such thing, and needs none.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
