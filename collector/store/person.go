package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/askwell/askwell/collector/survey"
)

// Person is whose responses are meant: a user, or else a visitor.
type Person struct{ User, Visitor string }

// kind is what the audit log may say of a person.
func (p Person) kind() string {
	if p.User != "" {
		return "user"
	}
	return "visitor"
}

// match is a person as the end of a WHERE, with its parameter $2. There is no index for visitors: to
// find one's responses takes a scan, seconds with millions, but an index would cost every response.
func (p Person) match() (condition, value string) {
	if p.User != "" {
		return "user_id = $2", p.User
	}
	return "visitor = $2", p.Visitor
}

// erasedFor is how long an erased id stays refused. A page keeps what it could not send for 30 days.
const erasedFor = 31 * 24 * time.Hour

// eraseBatch is how many responses one transaction erases: ingest waits for it, as in retentionBatch.
const eraseBatch = 200

// Export returns a person's responses on a site, newest first, from a cursor on.
func (s *Store) Export(ctx context.Context, site string, p Person, cursor string, limit int) ([]Response, string, error) {
	at, id, err := parseCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	// Each page is told, before it is read: no cursor gets around it.
	if err := s.transact(ctx, func(tx *sql.Tx) error { return audit(ctx, tx, site, "person.export", p.kind()) }); err != nil {
		return nil, "", err
	}
	condition, value := p.match()
	responses, err := s.queryResponses(ctx, "WHERE site_id = $1 AND "+condition+" AND (at, id) < ($3, $4) ORDER BY at DESC, id DESC LIMIT $5",
		site, value, at, id, limit+1)
	if err != nil {
		return nil, "", err
	}
	responses, next := page(responses, limit, func(r Response) (time.Time, string) { return r.At, r.ID })
	return responses, next, nil
}

// Erase removes a person's responses from a site: from its tables, and from the file. Their ids stay
// refused for a while, so that no queue brings them back. It returns how many there were.
func (s *Store) Erase(ctx context.Context, site string, p Person, now time.Time) (erased int, err error) {
	defer func() { s.tellForgot(site, erased) }() // of half an erasure too
	condition, value := p.match()
	for more := true; more; {
		found, err := s.queryResponses(ctx, "WHERE site_id = $1 AND "+condition+" LIMIT $3", site, value, eraseBatch)
		if err != nil {
			return erased, err
		}
		if err := s.transact(ctx, func(tx *sql.Tx) error { return s.eraseResponses(ctx, tx, site, p, found, now) }); err != nil {
			return erased, err
		}
		erased += len(found)
		more = len(found) == eraseBatch
	}
	// secure_delete overwrites what was in the file; what is in its log goes with the log.
	return erased, s.Checkpoint(ctx)
}

// eraseResponses removes responses, and refuses their ids from then on.
func (s *Store) eraseResponses(ctx context.Context, tx *sql.Tx, site string, p Person, responses []Response, now time.Time) error {
	if len(responses) > 0 {
		s.hasErased.Store(true)
	}
	x, err := newIndexer(ctx, tx)
	if err != nil {
		return err
	}
	for _, r := range responses {
		if _, err := tx.ExecContext(ctx, `INSERT INTO erased(site_id, id_hash, until) VALUES($1, $2, $3)
			ON CONFLICT(site_id, id_hash) DO UPDATE SET until = excluded.until`, site, idHash(r.ID), now.Add(erasedFor).UnixMilli()); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM responses WHERE site_id = $1 AND id = $2", site, r.ID); err != nil {
			return err
		}
		if err := s.forget(ctx, tx, site, r.Survey, r.At); err != nil {
			return err
		}
		if err := x.forget(ctx, site, r.Survey, r.At.UnixMilli(), r.ID); err != nil {
			return err
		}
	}
	return audit(ctx, tx, site, "person.erase", fmt.Sprintf("%s, %d responses", p.kind(), len(responses)))
}

// ForgetErased lets go of the hashes whose time is over.
func (s *Store) ForgetErased(ctx context.Context, now time.Time) error {
	return s.transact(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM erased WHERE until < $1", now.UnixMilli()); err != nil {
			return err
		}
		return s.loadErased(ctx, tx)
	})
}

// loadErased notes whether any id is refused: as long as none is, no response needs to be looked up.
func (s *Store) loadErased(ctx context.Context, db querier) error {
	var any bool
	if err := db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM erased)").Scan(&any); err != nil {
		return err
	}
	s.hasErased.Store(any)
	return nil
}

// Checkpoint writes the log back into the file and empties it, so that erased text is gone from both.
func (s *Store) Checkpoint(ctx context.Context) error {
	var busy, logged, written int
	if err := s.write.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &logged, &written); err != nil {
		return err
	}
	if busy != 0 {
		return survey.Errorf(survey.Unavailable, "a long reading keeps the database's log; it is emptied within the hour")
	}
	return nil
}
