package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/askwell/askwell/collector/survey"
)

// A quota belongs to the survey, not to a version: what its live version says is the limit for
// responses to any of them, and publishing another number raises or lowers it. What was taken stays
// taken, whatever is erased or deleted: a person's erasure must not ask somebody else. Only a later
// snapshot of the same response that is not completed any more, or not a person's, gives back what
// that response took.

// FullSurveys returns the live surveys of a site whose quota is used up.
func (s *Store) FullSurveys(ctx context.Context, site string) (map[string]bool, error) {
	full := map[string]bool{}
	err := each(ctx, s.quick, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		full[id] = true
		return err
	}, `SELECT q.survey_id FROM quotas q JOIN surveys s ON s.site_id = q.site_id AND s.survey_id = q.survey_id
		WHERE q.site_id = $1 AND q.taken >= q.completed AND s.status = $2`, site, string(survey.Live))
	return full, err
}

// setQuota makes a definition's quota the survey's, as it is published. The first one counts what is
// stored, while ingest waits: 0.2 s with 200,000 responses.
func (s *Store) setQuota(ctx context.Context, tx *sql.Tx, site string, d *survey.Definition) error {
	var limit any
	if d.Quota != nil {
		limit = d.Quota.Completed
		s.hasQuotas.Store(true) // before the commit: whoever saves next begins after it
	}
	result, err := tx.ExecContext(ctx, "UPDATE quotas SET completed = $3 WHERE site_id = $1 AND survey_id = $2", site, d.ID, limit)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 || d.Quota == nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO quotas(site_id, survey_id, completed, taken) VALUES($1, $2, $3, ("+countTaken+"))", site, d.ID, limit)
	return err
}

// countTaken counts what of the stored responses takes of a quota: class live, state completed.
const countTaken = "SELECT COUNT(*) FROM responses WHERE site_id = $1 AND survey_id = $2 AND class = 0 AND state = 2"

// loadQuotas notes whether any survey has a quota: as long as none has, saving looks for none.
func (s *Store) loadQuotas(ctx context.Context) error {
	var any bool
	err := s.read.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM quotas)").Scan(&any)
	s.hasQuotas.Store(any)
	return err
}

// quotas are those that one transaction of saving meets: read once, written at its end. A response to a
// survey with a quota costs 43 µs in place of 24, as it is looked up first; to another, nothing.
type quotas struct {
	read, write, find *sql.Stmt
	met               map[surveyKey]*quota // nil: it has none
}

type surveyKey struct{ site, survey string }

type quota struct {
	completed     sql.NullInt64 // the limit
	taken, before int64         // now, and as it was read
}

func (q *quotas) of(ctx context.Context, k surveyKey) (*quota, error) {
	if of, met := q.met[k]; met {
		return of, nil
	}
	of := &quota{}
	err := q.read.QueryRowContext(ctx, k.site, k.survey).Scan(&of.completed, &of.taken)
	if errors.Is(err, sql.ErrNoRows) {
		of, err = nil, nil
	}
	if err != nil {
		return nil, err
	}
	if of != nil {
		of.before = of.taken
	}
	q.met[k] = of
	return of, nil
}

// admit says which class a response is to be stored with, and whether it took the last of its quota.
func (q *quotas) admit(ctx context.Context, r *Response) (class survey.Class, last bool, err error) {
	of, err := q.of(ctx, surveyKey{r.Site, r.Survey})
	if of == nil || err != nil {
		return r.Class, false, err
	}
	held := false // it took of the quota before
	old, err := findKnown(ctx, q.find, r)
	switch {
	case err != nil:
		return "", false, err
	case old != nil && !old.yieldsTo(r):
		return r.Class, false, nil
	case old != nil && old.class != survey.ClassLive:
		return old.class, false, nil
	case old != nil:
		held = old.state == survey.Completed
	}
	takes := r.Class == survey.ClassLive && r.State == survey.Completed
	switch {
	case held && !takes:
		of.taken--
	case takes && !held && of.completed.Valid && of.taken >= of.completed.Int64:
		return survey.ClassOverQuota, false, nil
	case takes && !held:
		of.taken++
		return r.Class, of.completed.Valid && of.taken == of.completed.Int64, nil
	}
	return r.Class, false, nil
}

// save writes down what was taken.
func (q *quotas) save(ctx context.Context) error {
	for k, of := range q.met {
		if of == nil || of.taken == of.before {
			continue
		}
		if _, err := q.write.ExecContext(ctx, k.site, k.survey, of.taken); err != nil {
			return err
		}
	}
	return nil
}

// known is what decides about another snapshot of a stored response.
type known struct {
	survey       string
	version, seq int
	state        survey.State
	class        survey.Class
}

// yieldsTo says whether a snapshot replaces it, as the upsert says it in SQL.
func (k *known) yieldsTo(r *Response) bool { return r.Seq > k.seq && k.isOf(r) }

// isOf says whether it is the same response, or only the same id.
func (k *known) isOf(r *Response) bool { return k.survey == r.Survey && k.version == r.Version }

// findKnown finds a response by its id, nil where there is none.
func findKnown(ctx context.Context, find *sql.Stmt, r *Response) (*known, error) {
	var k known
	var state, class int
	err := find.QueryRowContext(ctx, r.Site, r.ID).Scan(&k.survey, &k.version, &k.seq, &state, &class)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	k.state, k.class = survey.States[state], survey.Classes[class]
	return &k, nil
}
