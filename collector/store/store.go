// Package store keeps sites, surveys, responses and keys in one SQLite file.
//
// The SQL keeps to what PostgreSQL has too ($1 parameters, ON CONFLICT (columns), keys made by the
// program); what differs lives in the DSN, in migrations/, and in retention, whose ->> wants a
// JSON column there. It was never run on PostgreSQL.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"sync/atomic"

	"github.com/gofrs/flock"
	_ "modernc.org/sqlite"
)

// Store is an open database. One process owns the file, and one connection writes.
type Store struct {
	write *sql.DB
	read  *sql.DB
	quick *sql.DB // for keys and readiness, which must not wait behind long readings
	lock  *flock.Flock
	save  *saveStatements

	seals     seals
	hasErased atomic.Bool // some ids are refused: see loadErased
	hasQuotas atomic.Bool // some surveys have a quota: see loadQuotas

	verbatimKeys sync.Map // []string by versionKey: see verbatims

	forgot func(site string) // see OnForget
}

// OnForget has f called whenever responses of a site were erased, deleted or anonymised: what is kept
// of them elsewhere has to go too. To be set before the store is used.
func (s *Store) OnForget(f func(site string)) { s.forgot = f }

func (s *Store) tellForgot(site string, n int) {
	if s.forgot != nil && n > 0 {
		s.forgot(site)
	}
}

// Open opens or creates the database in a file, takes it for this process alone, and brings its
// tables up to date.
func Open(ctx context.Context, path string) (_ *Store, err error) {
	s := &Store{lock: flock.New(path + ".lock")}
	defer func() {
		if err != nil {
			err = fmt.Errorf("cannot open the database %s: %w", path, advise(path, explain(path, err)))
			s.Close()
		}
	}()
	if err := take(s.lock, path); err != nil {
		return nil, err
	}
	if err := create(path); err != nil {
		return nil, err
	}
	if s.write, err = open(path, ""); err != nil {
		return nil, err
	}
	s.write.SetMaxOpenConns(1) // SQLite has one writer; a second would only wait for SQLITE_BUSY
	if err := sound(ctx, s.write, path); err != nil {
		return nil, err
	}
	if _, err := migrate(ctx, s.write, migrations); err != nil {
		return nil, err
	}
	if s.read, err = openReaders(path, 4); err != nil {
		return nil, err
	}
	if s.quick, err = openReaders(path, 2); err != nil {
		return nil, err
	}
	if s.save, err = prepareSave(ctx, s.write); err != nil {
		return nil, err
	}
	if err := s.loadErased(ctx, s.read); err != nil {
		return nil, err
	}
	if err := s.loadSeals(ctx); err != nil {
		return nil, err
	}
	if err := s.loadQuotas(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// create makes the file where there is none: for its owner alone, because it holds personal data and
// secrets. SQLite gives its log the same mode.
func create(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

// open makes a pool. Pragmas stand in the DSN, so that every connection has them; busy_timeout is
// first, so that the others wait too. FULL syncs each commit to disk: what a client was told is
// stored survives a power cut. Grouped commits make that free (28,000/s FULL, 29,500/s NORMAL).
// secure_delete overwrites what is erased.
func open(path, more string) (*sql.DB, error) {
	return sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+
		"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"+
		"&_pragma=foreign_keys(1)&_pragma=secure_delete(1)&_txlock=immediate"+more)
}

func openReaders(path string, n int) (*sql.DB, error) {
	db, err := open(path, "&_pragma=query_only(1)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}

// Ready says whether the database answers.
func (s *Store) Ready(ctx context.Context) error {
	var one int
	return s.quick.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}

// Close writes the log back into the file and gives the file free.
func (s *Store) Close() error {
	var errs []error
	if s.save != nil {
		errs = append(errs, s.save.close())
	}
	for _, db := range []*sql.DB{s.quick, s.read} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.save != nil {
		// SQLite does it by itself when the last connection closes, but that may be one whose reading was
		// cancelled, and is not yet over. What cannot be written back now is read from the log at the next start.
		_ = s.Checkpoint(context.Background())
	}
	if s.write != nil {
		errs = append(errs, s.write.Close())
	}
	return errors.Join(append(errs, s.lock.Unlock())...)
}

// transact runs f in a transaction of the one writer.
func (s *Store) transact(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
