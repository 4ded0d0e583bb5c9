package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Why a file is not opened, in one line for an operator.

var (
	errDamaged = errors.New("it is damaged")
	errInUse   = errors.New("another askwell is using it")
)

// maxQuickCheck is the largest file whose pages are all read at each start. On 2 cores that takes
// 130 ms for 80 MB when the system holds the file in memory, 0.7 to 1.1 s for 616 MB (1,000,000
// responses), but 9.1 s for those from disk: a restart must not take that long. `askwell verify`
// reads any size.
const maxQuickCheck = 100 << 20

// take locks a database for this process, and sees that it could be written.
func take(lock *flock.Flock, path string) error {
	dir := filepath.Dir(path)
	if !isDir(dir) {
		return fmt.Errorf("there is no folder %s", dir)
	}
	if isDir(path) {
		return errors.New("it is a folder, not a file")
	}
	locked, err := lock.TryLock()
	switch {
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("this user may not write to the folder %s", dir)
	case err != nil:
		return err
	case !locked:
		return errInUse
	}
	// SQLite would open a file that may only be read, and fail at the first response.
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		f, err := os.OpenFile(name, os.O_RDWR, 0)
		switch {
		case errors.Is(err, fs.ErrPermission):
			return fmt.Errorf("this user may not write to %s", name)
		case err == nil:
			f.Close()
		case !errors.Is(err, fs.ErrNotExist):
			return err
		}
	}
	return nil
}

// lostMain says that a write-ahead log has lost the file it belongs to. SQLite would throw away the
// log, and with it the last commits, and begin an empty database.
func lostMain(path string) bool {
	return fileSize(path) == 0 && fileSize(path+"-wal") > 0
}

// sound refuses a damaged file before anything is written to it.
func sound(ctx context.Context, db *sql.DB, path string) error {
	if lostMain(path) {
		return fmt.Errorf("%w (the file is empty or gone, but %s-wal is not)", errDamaged, path)
	}
	if fileSize(path) > maxQuickCheck {
		return nil
	}
	var found string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return fmt.Errorf("%w (%s)", errDamaged, oneLine(found))
	}
	return nil
}

// explain says what SQLite's codes mean for whoever runs the program.
func explain(path string, err error) error {
	var failed *sqlite.Error
	if errors.As(err, &failed) {
		switch failed.Code() & 0xff { // the rest says where in SQLite
		case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
			err = fmt.Errorf("%w (%s)", errDamaged, oneLine(failed.Error()))
		case sqlite3.SQLITE_BUSY:
			err = fmt.Errorf("another program has locked it (%w)", err)
		case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY:
			err = fmt.Errorf("it cannot be opened: may this user write to the folder %s? (%w)", filepath.Dir(path), err)
		}
	}
	return err
}

// advise adds to a damage what can be done about it.
func advise(path string, err error) error {
	if !errors.Is(err, errDamaged) {
		return err
	}
	return fmt.Errorf("%w: run `askwell verify --db %s`; restore a backup with `askwell restore FILE --db %s`", err, path, path)
}

// Explain is for whoever meets an error of a running database: where the file turns out to be damaged,
// it says which file, and what to do; where it only cannot be used now, the error is ErrUnavailable too.
func (s *Store) Explain(err error) error {
	path := strings.TrimSuffix(s.lock.Path(), ".lock")
	if explained := explain(path, err); errors.Is(explained, errDamaged) {
		return fmt.Errorf("the database %s: %w", path, advise(path, explained))
	}
	if isUnavailable(err) {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return err
}

// oneLine keeps a message of SQLite's checks, which may have several lines, in one.
func oneLine(text string) string {
	return strings.Join(strings.Split(strings.TrimSpace(text), "\n"), "; ")
}

func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
