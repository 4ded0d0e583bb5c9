package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/askwell/askwell/collector/survey"
)

// ErrUnavailable says that the database cannot be used now: its disk is full, another program locks
// it. Nothing is wrong with what was asked of it.
var ErrUnavailable = errors.New("the database cannot be used now")

// saveStatements are prepared once: parsing the upsert anew costs more than running it.
type saveStatements struct{ upsert, find, born, erased, readQuota, writeQuota, said, perhaps *sql.Stmt }

func prepareSave(ctx context.Context, db *sql.DB) (_ *saveStatements, err error) {
	s := &saveStatements{}
	for stmt, query := range map[**sql.Stmt]string{
		&s.upsert: `INSERT INTO responses(site_id, survey_id, at, id, version, seq, state, class, channel,
				dismissed_at, visitor, user_id, answers, context)
			VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
			ON CONFLICT(site_id, id) DO UPDATE SET seq = excluded.seq, state = excluded.state,
				class = CASE WHEN responses.class = 0 THEN excluded.class ELSE responses.class END,
				dismissed_at = excluded.dismissed_at, answers = excluded.answers,
				visitor = CASE WHEN responses.anonymised_at IS NULL THEN excluded.visitor END,
				user_id = CASE WHEN responses.anonymised_at IS NULL THEN excluded.user_id END,
				context = CASE WHEN responses.anonymised_at IS NULL THEN excluded.context ELSE responses.context END
			WHERE excluded.seq > responses.seq AND excluded.survey_id = responses.survey_id AND excluded.version = responses.version`,
		&s.find:       "SELECT survey_id, version, seq, state, class FROM responses WHERE site_id = $1 AND id = $2",
		&s.born:       "SELECT at FROM responses WHERE site_id = $1 AND id = $2",
		&s.erased:     "SELECT EXISTS (SELECT 1 FROM erased WHERE site_id = $1 AND id_hash = $2)",
		&s.readQuota:  "SELECT completed, taken FROM quotas WHERE site_id = $1 AND survey_id = $2",
		&s.writeQuota: "UPDATE quotas SET taken = $3 WHERE site_id = $1 AND survey_id = $2",
		&s.said:       noteSaid,
		&s.perhaps:    notePerhaps,
	} {
		if *stmt, err = db.PrepareContext(ctx, query); err != nil {
			return nil, errors.Join(err, s.close())
		}
	}
	return s, nil
}

func (s *saveStatements) close() error {
	var errs []error
	for _, stmt := range []*sql.Stmt{s.upsert, s.find, s.born, s.erased, s.readQuota, s.writeQuota, s.said, s.perhaps} {
		if stmt != nil {
			errs = append(errs, stmt.Close())
		}
	}
	return errors.Join(errs...)
}

// Saved says what became of one response.
type Saved struct {
	Class   survey.Class // with which it is stored
	Changed bool         // not a repeat
	Filled  bool         // it took the last of its survey's quota
	Err     error
}

// SaveResponses stores a batch in one transaction, and says for each response what became of it. Err
// is nil where it is on disk; a higher seq replaces the answers, an equal or lower one changes
// nothing. It is a *survey.Error where this response is refused for good, and ErrUnavailable where it
// may be sent again.
func (s *Store) SaveResponses(ctx context.Context, batch []Response) []Saved {
	saved, err := s.saveTogether(ctx, batch)
	if err == nil {
		return saved
	}
	saved, err = make([]Saved, len(batch)), s.Explain(err)
	// One row that the database refuses must not refuse its neighbours: each by itself. Where the
	// database itself fails, that would only make each of them wait for the same failure.
	for i := range batch {
		if !isRowError(err) {
			saved[i].Err = unavailable(err)
			continue
		}
		var alone []Saved
		if alone, err = s.saveTogether(ctx, batch[i:i+1]); err == nil {
			saved[i], err = alone[0], errNeighbour
		} else if isRowError(err) {
			saved[i].Err = &survey.Error{Code: survey.Unstorable, Message: "the database refuses this response"}
		} else {
			saved[i].Err = unavailable(err)
		}
	}
	return saved
}

// unavailable makes any failure that is not a row's one after which to try again.
func unavailable(err error) error {
	if errors.Is(err, ErrUnavailable) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

// isUnavailable says whether it is the database, or the disk under it, that cannot now.
func isUnavailable(err error) bool {
	var failed *sqlite.Error
	return errors.As(err, &failed) && slices.Contains([]int{sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY,
		sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN}, failed.Code()&0xff)
}

// errNeighbour stands for the failure of a batch while its responses are tried one by one.
var errNeighbour = errors.New("another response of the batch")

// isRowError says whether SQLite refused a row for what is in it, as by a constraint or its size.
func isRowError(err error) bool {
	var failed *sqlite.Error
	if errors.As(err, &failed) {
		primary := failed.Code() & 0xff // the rest says which kind of it
		return slices.Contains([]int{sqlite3.SQLITE_ERROR, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH}, primary)
	}
	return errors.Is(err, errNeighbour)
}

// saveTogether stores a batch in one transaction, or nothing of it.
func (s *Store) saveTogether(ctx context.Context, batch []Response) ([]Saved, error) {
	saved := make([]Saved, len(batch))
	err := s.transact(ctx, func(tx *sql.Tx) error {
		upsert, find, erased := tx.StmtContext(ctx, s.save.upsert), tx.StmtContext(ctx, s.save.find), tx.StmtContext(ctx, s.save.erased)
		checkErased := s.hasErased.Load()
		var verbatims toIndex
		var limits *quotas // nil: no survey has one
		if s.hasQuotas.Load() {
			limits = &quotas{tx.StmtContext(ctx, s.save.readQuota), tx.StmtContext(ctx, s.save.writeQuota), find, map[surveyKey]*quota{}}
		}
		for i := range batch {
			r, to := &batch[i], &saved[i]
			if checkErased {
				var gone bool
				if err := erased.QueryRowContext(ctx, r.Site, idHash(r.ID)).Scan(&gone); err != nil {
					return err
				}
				if gone {
					to.Err = survey.Errorf(survey.Erased, "this response was erased")
					continue
				}
			}
			to.Class = r.Class
			if limits != nil {
				var err error
				if to.Class, to.Filled, err = limits.admit(ctx, r); err != nil {
					return err
				}
			}
			result, err := upsert.ExecContext(ctx, r.Site, r.Survey, r.At.UnixMilli(), r.ID, r.Version, r.Seq,
				slices.Index(survey.States, r.State), slices.Index(survey.Classes, to.Class), r.Channel,
				millis(r.DismissedAt), orNull(r.Visitor), orNull(r.User), string(r.Answers), string(r.Context))
			if err != nil {
				return err
			}
			if n, err := result.RowsAffected(); err != nil {
				return err
			} else if n > 0 {
				to.Changed = true
				if err := s.noteChange(ctx, tx, r); err != nil {
					return err
				}
				verbatims.add(r)
				continue
			}
			// A repeat, or an id that was used for something else.
			old, err := findKnown(ctx, find, r)
			if err != nil {
				return err
			}
			if to.Class = old.class; !old.isOf(r) {
				to.Err = survey.Errorf(survey.Conflict, "this id belongs to a response to version %d of survey %q", old.version, old.survey)
			}
		}
		if limits != nil {
			if err := limits.save(ctx); err != nil {
				return err
			}
		}
		return verbatims.save(ctx, tx.StmtContext(ctx, s.save.said), tx.StmtContext(ctx, s.save.perhaps))
	})
	return saved, err
}

// noteChange marks the hour in which a stored response was born, where that is sealed.
func (s *Store) noteChange(ctx context.Context, tx *sql.Tx, r *Response) error {
	at := r.At
	if r.Seq > 1 && s.seals.any(surveyKey{r.Site, r.Survey}) {
		// The birth that counts is the stored one, of the first snapshot: a page's clock may be put right in between.
		var ms int64
		if err := tx.StmtContext(ctx, s.save.born).QueryRowContext(ctx, r.Site, r.ID).Scan(&ms); err != nil {
			return err
		}
		at = time.UnixMilli(ms)
	}
	return s.changed(ctx, tx, r.Site, r.Survey, at)
}

// idHash is what is kept of an erased id. An id has 74 random bits: nobody finds it from its hash.
func idHash(id string) []byte {
	sum := sha256.Sum256([]byte(id))
	return sum[:]
}
