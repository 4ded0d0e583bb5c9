package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
)

//go:embed migrations/sqlite/*.sql
var embedded embed.FS

// migrations are the program's own; tests give others.
var migrations = func() fs.FS {
	files, err := fs.Sub(embedded, "migrations/sqlite")
	if err != nil {
		panic(err) // the path is a constant, and valid
	}
	return files
}()

// Migration is one step of the schema.
type Migration struct {
	Version int64
	Name    string        // 00002_door.sql
	Took    time.Duration // once it was applied
}

// Plan is where a database stands, and what this program would do to it.
type Plan struct {
	Schema  int64 // the database's version; 0 for an empty one
	Knows   int64 // the program's
	Pending []Migration
}

// migrate brings the tables up to date. goose runs each file in a transaction of its own, with the
// note that it ran: what is interrupted leaves the whole state before that file.
func migrate(ctx context.Context, db *sql.DB, files fs.FS) ([]Migration, error) {
	p, err := plan(ctx, db, files)
	if err != nil || len(p.Pending) == 0 {
		return nil, err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		return nil, err
	}
	results, err := provider.Up(ctx)
	if err != nil {
		return nil, err
	}
	var applied []Migration
	for _, r := range results {
		applied = append(applied, Migration{r.Source.Version, filepath.Base(r.Source.Path), r.Duration})
	}
	// goose's pooled buffers, 16 MB: a pool lets go of them at the second collection, which at rest may never come.
	runtime.GC()
	debug.FreeOSMemory()
	return applied, nil
}

// plan only reads, where goose's own questions make its table first. It refuses what the program
// must not touch: tables that a newer one made, and other programs' databases.
func plan(ctx context.Context, db *sql.DB, files fs.FS) (*Plan, error) {
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		return nil, err
	}
	p := &Plan{}
	if p.Schema, err = schema(ctx, db); err != nil {
		return nil, err
	}
	for _, source := range provider.ListSources() {
		p.Knows = source.Version
		if source.Version > p.Schema {
			p.Pending = append(p.Pending, Migration{Version: source.Version, Name: filepath.Base(source.Path)})
		}
	}
	if p.Schema > p.Knows {
		return nil, fmt.Errorf("it was made by a newer askwell (schema %d, this one knows %d): run that one, or restore a backup from before it",
			p.Schema, p.Knows)
	}
	return p, nil
}

// schema is the version of a database, 0 for an empty one.
func schema(ctx context.Context, db *sql.DB) (int64, error) {
	var tables, ours, version int64
	err := db.QueryRowContext(ctx, "SELECT COUNT(*), COALESCE(SUM(name = 'goose_db_version'), 0) FROM sqlite_schema WHERE type = 'table'").Scan(&tables, &ours)
	if err != nil || tables == 0 {
		return 0, err
	}
	if ours == 0 {
		return 0, errors.New("it is the database of another program")
	}
	err = db.QueryRowContext(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version").Scan(&version)
	return version, err
}

// Pending says what a start, or Migrate, would do to a database.
func Pending(ctx context.Context, path string) (_ *Plan, err error) {
	defer func() { err = wrap("read", path, err) }()
	db, err := openRead(path)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return plan(ctx, db, migrations)
}

// Migrate applies what is pending, as the next start would.
func Migrate(ctx context.Context, path string) ([]Migration, error) {
	return migrateFile(ctx, path, migrations)
}

func migrateFile(ctx context.Context, path string, files fs.FS) (_ []Migration, err error) {
	defer func() { err = wrap("migrate", path, err) }()
	lock := flock.New(path + ".lock")
	defer lock.Unlock()
	if err := take(lock, path); err != nil {
		return nil, err
	}
	db, err := open(path, "")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if err := sound(ctx, db, path); err != nil {
		return nil, err
	}
	return migrate(ctx, db, files)
}

// Rehearse applies what is pending to a copy, verifies the copy, writes what it looked at, and
// throws it away. The database itself is only read.
func Rehearse(ctx context.Context, path string, out io.Writer, differ Differ) ([]Migration, error) {
	return rehearse(ctx, path, out, differ, migrations)
}

func rehearse(ctx context.Context, path string, out io.Writer, differ Differ, files fs.FS) (_ []Migration, err error) {
	defer func() { err = wrap("try the migration of", path, err) }()
	copied, err := tempBeside(path, "migrate")
	if err != nil {
		return nil, err
	}
	defer removeDatabase(copied)
	if _, err := snapshot(ctx, path, copied); err != nil {
		return nil, err
	}
	db, err := open(copied, "")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	applied, err := migrate(ctx, db, files)
	if err := errors.Join(err, db.Close()); err != nil {
		return nil, err
	}
	problems, err := verify(ctx, copied, out, differ, files)
	if err == nil && problems > 0 {
		err = fmt.Errorf("the migrated copy has %d problems", problems)
	}
	return applied, err
}

// tempBeside makes an empty file that only this user may read, in the folder of another, so that it
// can take that one's place by a rename.
func tempBeside(path, purpose string) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+"."+purpose+"-*")
	if err != nil {
		return "", err
	}
	return f.Name(), f.Close()
}

// removeDatabase removes a file with all that SQLite keeps beside it.
func removeDatabase(path string) {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		os.Remove(path + suffix)
	}
}
