package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/askwell/askwell/collector/survey"
)

// retentionBatch is how many responses one transaction deletes or anonymises: ingest waits for it. To
// take one out of the index, word by word, takes 0.3 ms, and up to 3 where disk and processors are busy.
const retentionBatch = 200

// DeleteBefore deletes a site's responses that were born before a time, and returns how many.
func (s *Store) DeleteBefore(ctx context.Context, site string, before time.Time) (deleted int, err error) {
	defer func() { s.tellForgot(site, deleted) }()
	surveys, err := s.Surveys(ctx, site)
	if err != nil {
		return 0, err
	}
	for _, sv := range surveys {
		for {
			n := 0
			if err := s.transact(ctx, func(tx *sql.Tx) error {
				gone, err := deleteOldest(ctx, tx, site, sv.Draft.ID, before)
				if n = len(gone); err != nil || n == 0 {
					return err
				}
				last := slices.MaxFunc(gone, place.compare)
				if err := s.forgetUntil(ctx, tx, site, sv.Draft.ID, last.at); err != nil {
					return err
				}
				x, err := newIndexer(ctx, tx)
				if err != nil {
					return err
				}
				for _, r := range gone {
					if err := x.forget(ctx, site, sv.Draft.ID, r.at, r.id); err != nil {
						return err
					}
				}
				return audit(ctx, tx, site, "retention.delete", retained(sv.Draft.ID, n, before))
			}); err != nil {
				return deleted, err
			}
			if deleted += n; n < retentionBatch {
				break
			}
		}
	}
	return deleted, nil
}

// deleteOldest deletes a batch of a survey's responses, and returns where they stood.
func deleteOldest(ctx context.Context, tx *sql.Tx, site, surveyID string, before time.Time) (gone []place, err error) {
	rows, err := tx.QueryContext(ctx, `DELETE FROM responses WHERE (site_id, survey_id, at, id) IN (
		SELECT site_id, survey_id, at, id FROM responses WHERE site_id = $1 AND survey_id = $2 AND at < $3 ORDER BY at LIMIT $4) RETURNING at, id`,
		site, surveyID, before.UnixMilli(), retentionBatch)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p place
		if err := rows.Scan(&p.at, &p.id); err != nil {
			return nil, err
		}
		gone = append(gone, p)
	}
	return gone, rows.Err()
}

// retained is what the audit log says of a batch.
func retained(surveyID string, n int, before time.Time) string {
	return fmt.Sprintf("%s, %d responses before %s", surveyID, n, before.UTC().Format(time.DateOnly))
}

// lateBirths is how far back of its receipt a response may be born, and a day: what was born before
// the last run less that was anonymised by it.
const lateBirths = survey.MaxAge + 24*time.Hour

// AnonymiseBefore forgets who gave a site's responses that were born before a time: visitor, user,
// traits, hidden fields, answers that are addresses, referrer and the query of the page's URL. It
// returns how many it changed.
func (s *Store) AnonymiseBefore(ctx context.Context, site string, before, now time.Time) (changed int, err error) {
	defer func() { s.tellForgot(site, changed) }()
	var done int64
	err = s.read.QueryRowContext(ctx, "SELECT before FROM anonymised WHERE site_id = $1", site).Scan(&done)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	surveys, err := s.Surveys(ctx, site)
	if err != nil {
		return 0, err
	}
	from := max(0, done-lateBirths.Milliseconds())
	for _, sv := range surveys {
		personal, err := s.personal(ctx, site, sv.Draft.ID)
		if err != nil {
			return changed, err
		}
		todo, args := unforgotten(personal, 7)
		// Each batch goes on behind the one before: from the start, it would pass all of those again.
		at, id := from, ""
		for more := true; more; {
			found, err := s.queryResponses(ctx, `WHERE site_id = $1 AND survey_id = $2 AND (at, id) > ($3, $4) AND at < $5
				AND (`+todo+`) ORDER BY at, id LIMIT $6`, append([]any{site, sv.Draft.ID, at, id, before.UnixMilli(), retentionBatch}, args...)...)
			if err != nil {
				return changed, err
			}
			n := 0
			if err := s.transact(ctx, func(tx *sql.Tx) error {
				if n, err = s.anonymise(ctx, tx, found, personal, now); err != nil || n == 0 {
					return err
				}
				return audit(ctx, tx, site, "retention.anonymise", retained(sv.Draft.ID, n, before))
			}); err != nil {
				return changed, err
			}
			changed += n
			if n < len(found) {
				continue // a newer snapshot came in between: those left are met again
			}
			if more = len(found) == retentionBatch; more {
				last := found[len(found)-1]
				at, id = last.At.UnixMilli(), last.ID
			}
		}
	}
	_, err = s.write.ExecContext(ctx, `INSERT INTO anonymised(site_id, before) VALUES($1, $2)
		ON CONFLICT(site_id) DO UPDATE SET before = excluded.before`, site, before.UnixMilli())
	return changed, err
}

// personal lists the keys of answers, in any version of a survey, that say who gave them.
func (s *Store) personal(ctx context.Context, site, surveyID string) (keys []string, err error) {
	versions, err := s.Definitions(ctx, site, surveyID)
	if err != nil {
		return nil, err
	}
	for _, d := range versions {
		keys = append(keys, d.Personal()...)
	}
	slices.Sort(keys)
	return slices.Compact(keys), nil
}

// unforgotten is the condition of responses that still say who gave them, with its parameters from $n
// on. A later snapshot brings addresses back into one that was anonymised.
func unforgotten(personal []string, n int) (condition string, args []any) {
	condition = "anonymised_at IS NULL"
	for i, key := range personal {
		condition += fmt.Sprintf(" OR answers ->> $%d IS NOT NULL", n+i)
		args = append(args, key)
	}
	return condition, args
}

// anonymise changes the responses that are still as they were read, and returns how many.
func (s *Store) anonymise(ctx context.Context, tx *sql.Tx, responses []Response, personal []string, now time.Time) (changed int, err error) {
	for _, r := range responses {
		answers, err := without(r.Answers, personal)
		if err != nil {
			return changed, err
		}
		about, err := anonymous(r.Context)
		if err != nil {
			return changed, err
		}
		result, err := tx.ExecContext(ctx, `UPDATE responses SET visitor = NULL, user_id = NULL, context = $3, anonymised_at = $4, answers = $6
			WHERE site_id = $1 AND id = $2 AND seq = $5`, r.Site, r.ID, string(about), now.UnixMilli(), r.Seq, string(answers))
		if err != nil {
			return changed, err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return changed, err
		}
		changed += int(n)
		if err := s.forget(ctx, tx, r.Site, r.Survey, r.At); err != nil {
			return changed, err
		}
	}
	return changed, nil
}

// without is the answers but for some of them.
func without(answers json.RawMessage, keys []string) (json.RawMessage, error) {
	if len(keys) == 0 {
		return answers, nil
	}
	var left map[string]json.RawMessage
	if err := json.Unmarshal(answers, &left); err != nil {
		return nil, err
	}
	for _, key := range keys {
		delete(left, key)
	}
	return json.Marshal(left)
}

// anonymous is a Context without what may tell who it was.
func anonymous(context json.RawMessage) (json.RawMessage, error) {
	var about Context
	if err := json.Unmarshal(context, &about); err != nil {
		return nil, err
	}
	about.Traits, about.Hidden = nil, nil // an order's number leads to whoever ordered
	if about.Page != nil {
		about.Page.Referrer = ""
		about.Page.URL, _, _ = strings.Cut(about.Page.URL, "#")
		about.Page.URL, _, _ = strings.Cut(about.Page.URL, "?")
	}
	return json.Marshal(about)
}
