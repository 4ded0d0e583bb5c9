package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/askwell/askwell/collector/survey"
)

// retentionBatch is how many responses one transaction deletes or anonymises: ingest waits for it.
const retentionBatch = 500

// DeleteBefore deletes a site's responses that were born before a time, and returns how many.
func (s *Store) DeleteBefore(ctx context.Context, site string, before time.Time) (deleted int, err error) {
	surveys, err := s.Surveys(ctx, site)
	if err != nil {
		return 0, err
	}
	for _, sv := range surveys {
		for {
			var n int64
			if err := s.transact(ctx, func(tx *sql.Tx) error {
				result, err := tx.ExecContext(ctx, `DELETE FROM responses WHERE (site_id, survey_id, at, id) IN (
					SELECT site_id, survey_id, at, id FROM responses WHERE site_id = $1 AND survey_id = $2 AND at < $3 LIMIT $4)`,
					site, sv.Draft.ID, before.UnixMilli(), retentionBatch)
				if err != nil {
					return err
				}
				if n, err = result.RowsAffected(); err != nil || n == 0 {
					return err
				}
				return audit(ctx, tx, site, "retention.delete", retained(sv.Draft.ID, int(n), before))
			}); err != nil {
				return deleted, err
			}
			if deleted += int(n); n < retentionBatch {
				break
			}
		}
	}
	return deleted, nil
}

// retained is what the audit log says of a batch.
func retained(surveyID string, n int, before time.Time) string {
	return fmt.Sprintf("%s, %d responses before %s", surveyID, n, before.UTC().Format(time.DateOnly))
}

// lateBirths is how far back of its receipt a response may be born, and a day: what was born before
// the last run less that was anonymised by it.
const lateBirths = survey.MaxAge + 24*time.Hour

// AnonymiseBefore forgets who gave a site's responses that were born before a time: visitor, user,
// traits, referrer and the query of the page's URL. It returns how many it changed.
func (s *Store) AnonymiseBefore(ctx context.Context, site string, before, now time.Time) (changed int, err error) {
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
		// Each batch goes on behind the one before: from the start, it would pass all of those again.
		at, id := from, ""
		for more := true; more; {
			found, err := s.queryResponses(ctx, `WHERE site_id = $1 AND survey_id = $2 AND (at, id) > ($3, $4) AND at < $5
				AND anonymised_at IS NULL ORDER BY at, id LIMIT $6`, site, sv.Draft.ID, at, id, before.UnixMilli(), retentionBatch)
			if err != nil {
				return changed, err
			}
			n := 0
			if err := s.transact(ctx, func(tx *sql.Tx) error {
				if n, err = anonymise(ctx, tx, found, now); err != nil || n == 0 {
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

// anonymise changes the responses that are still as they were read, and returns how many.
func anonymise(ctx context.Context, tx *sql.Tx, responses []Response, now time.Time) (changed int, err error) {
	for _, r := range responses {
		about, err := anonymous(r.Context)
		if err != nil {
			return changed, err
		}
		result, err := tx.ExecContext(ctx, `UPDATE responses SET visitor = NULL, user_id = NULL, context = $3, anonymised_at = $4
			WHERE site_id = $1 AND id = $2 AND seq = $5`, r.Site, r.ID, string(about), now.UnixMilli(), r.Seq)
		if err != nil {
			return changed, err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return changed, err
		}
		changed += int(n)
	}
	return changed, nil
}

// anonymous is a Context without what may tell who it was.
func anonymous(context json.RawMessage) (json.RawMessage, error) {
	var about Context
	if err := json.Unmarshal(context, &about); err != nil {
		return nil, err
	}
	about.Traits = nil
	if about.Page != nil {
		about.Page.Referrer = ""
		about.Page.URL, _, _ = strings.Cut(about.Page.URL, "#")
		about.Page.URL, _, _ = strings.Cut(about.Page.URL, "?")
	}
	return json.Marshal(about)
}
