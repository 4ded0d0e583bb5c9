package store

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// Restored is what a restore did.
type Restored struct {
	Copied
	Kept        string // where the database before is now, "" where there was none
	ErasedAgain int    // responses of the backup that the database before had erased
	Asked       bool   // it could be asked what it had erased
}

// Restore checks a backup and puts a copy of it in the place of a database that no collector uses.
// The database before is kept beside it.
func Restore(ctx context.Context, file, path string, now time.Time) (*Restored, error) {
	lock := flock.New(path + ".lock")
	defer lock.Unlock()
	if err := take(lock, path); err != nil {
		return nil, wrap("replace", path, err)
	}
	if same(file, path) {
		return nil, wrap("restore", file, errors.New("it is the database itself"))
	}
	temp, err := tempBeside(path, "restore")
	if err != nil {
		return nil, wrap("replace", path, err)
	}
	defer removeDatabase(temp)
	c, err := checkedCopy(ctx, file, temp, migrations)
	if err != nil {
		return nil, wrap("restore", file, err)
	}
	r := &Restored{Copied: *c}
	if r.ErasedAgain, r.Asked, err = eraseAgain(ctx, path, temp); err != nil {
		return nil, wrap("restore", file, err)
	}
	kept := path + ".before-restore-" + now.UTC().Format("20060102T150405.000Z")
	if exists(path) || exists(path+"-wal") {
		r.Kept = kept
	}
	for _, step := range replaceSteps(path, temp, kept) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := step(ctx); err != nil {
			return nil, wrap("replace", path, err)
		}
	}
	return r, nil
}

// replaceSteps put temp, which is whole and on disk, in the place of path. A power cut after any of
// them leaves the old database, if there was one, or the new one, whole, under its name:
//
//   - never neither: the old file gets a second name instead of being moved away, and the rename
//     replaces it in one go. A start in between would otherwise begin an empty database.
//   - never the new file with the old log, which SQLite would apply to it: the log is written back
//     or moved away, and that is on disk, before the rename.
//   - never the old file without its log: it is written back first. Only where the old file is too
//     damaged for that is its log moved as it is, to where it belongs to the file that is kept.
func replaceSteps(path, temp, kept string) []func(context.Context) error {
	return []func(context.Context) error{
		func(ctx context.Context) error { return writeBackLog(ctx, path) },
		func(context.Context) error { return likeBefore(path, temp) },
		func(context.Context) error { return keep(path, kept) },
		func(context.Context) error { return moveLogs(path, kept) },
		func(context.Context) error { return os.Rename(temp, path) },
		func(context.Context) error { return syncDir(filepath.Dir(path)) },
	}
}

// writeBackLog makes the file the whole database, as a collector does when it stops.
func writeBackLog(ctx context.Context, path string) error {
	if !exists(path) || lostMain(path) {
		return nil
	}
	db, err := open(path, "")
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	var busy, pages, written int
	err = db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &written)
	if err := errors.Join(explain(path, err), db.Close()); errors.Is(err, errDamaged) {
		return nil // which may be why a backup is restored
	} else if err != nil {
		return err
	}
	if busy != 0 {
		return errors.New("another program is reading it; try again")
	}
	return nil
}

// likeBefore gives the new file the owner and the mode of the old: the collector that could read
// that one can read this one, whoever restores.
func likeBefore(path, temp string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // it stays 0600
	}
	if err != nil {
		return err
	}
	return errors.Join(os.Chmod(temp, info.Mode().Perm()), ownLike(info, temp), syncFile(temp))
}

// keep gives a file a second name, or makes a copy where the file system has no hard links.
func keep(path, kept string) error {
	if !exists(path) {
		return nil
	}
	if err := os.Link(path, kept); err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	from, err := os.Open(path)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(kept, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return errors.Join(err, to.Sync(), to.Close())
}

// moveLogs leaves nothing beside path that SQLite would apply to it.
func moveLogs(path, kept string) error {
	for _, suffix := range []string{"-wal", "-journal", "-shm"} {
		var err error
		if suffix != "-shm" && fileSize(path+suffix) > 0 {
			err = os.Rename(path+suffix, kept+suffix)
		} else {
			err = os.Remove(path + suffix) // empty, or made anew from the log
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return syncDir(filepath.Dir(path))
}

// same says whether two names are of one file.
func same(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
