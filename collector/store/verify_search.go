package store

import (
	"context"
	"fmt"
	"time"
)

// A response's words may be in the index, on the list, or older than where indexing what was there
// before has come to. Which is read in one statement with the response: a collector that indexes
// meanwhile changes nothing in between. The words themselves are compared with their index by SQLite,
// with the file; not with the answers, because a later release may fold a letter in another way.

// searchColumns say of a response r at which seq it is indexed, 0 for not at all, and whether it is
// still to be.
const searchColumns = `COALESCE((SELECT d.seq FROM indexed d WHERE d.site_id = r.site_id AND d.id = r.id), 0),
	EXISTS (SELECT 1 FROM to_index t WHERE t.site_id = r.site_id AND t.survey_id = r.survey_id AND t.at = r.at AND t.id = r.id)
	OR EXISTS (SELECT 1 FROM to_index_before b WHERE b.site_id = r.site_id AND b.survey_id = r.survey_id AND (r.at, r.id) < (b.at, b.id))`

// searchProblem says what is wrong between a response and the index, "" for nothing.
func (r *storedResponse) searchProblem(verbatims []string) string {
	if r.toIndex {
		return ""
	}
	texts, err := textsOf(verbatims, r.answers)
	switch {
	case err != nil:
		return "" // that was reported
	case len(texts) > 0 && r.indexed == 0:
		return "its words are not indexed, and not on the list of what is to be"
	case len(texts) > 0 && r.indexed != r.Seq:
		return fmt.Sprintf("its words are indexed as of seq %d, and it is not on the list of what is to be", r.indexed)
	case len(texts) == 0 && r.indexed != 0:
		return "it has no words, and is indexed"
	}
	return ""
}

// checkSearch looks for what is in the index, or on its list, and nowhere else.
func checkSearch(ctx context.Context, v *verification) (string, error) {
	if !v.search {
		return "none: it is older than the search", nil
	}
	docs, err := v.searchRows(ctx, "a response that is not there is indexed",
		`SELECT d.doc, d.site_id || '/' || d.survey_id || '/' || d.id, EXISTS (SELECT 1 FROM responses r
			WHERE r.site_id = d.site_id AND r.survey_id = d.survey_id AND r.at = d.at AND r.id = d.id) FROM indexed d WHERE d.doc > $1 ORDER BY d.doc LIMIT $2`)
	if err != nil {
		return "", err
	}
	if _, err := v.searchRows(ctx, "it is indexed without words",
		`SELECT doc, site_id || '/' || survey_id || '/' || id, EXISTS (SELECT 1 FROM search_content c WHERE c.id = d.doc) FROM indexed d WHERE d.doc > $1 ORDER BY d.doc LIMIT $2`); err != nil {
		return "", err
	}
	if _, err := v.searchRows(ctx, "there are words of no response",
		`SELECT c.id, '(none, row ' || c.id || ')', EXISTS (SELECT 1 FROM indexed d WHERE d.doc = c.id) FROM search_content c WHERE c.id > $1 ORDER BY c.id LIMIT $2`); err != nil {
		return "", err
	}
	listed := 0
	err = each(ctx, v.db, func(scan func(...any) error) error {
		var what string
		var there bool
		if err := scan(&what, &there); err != nil {
			return err
		}
		if listed++; !there {
			v.problem("response %s: it is on the list of what is to be indexed, and not there", what)
		}
		return nil
	}, `SELECT t.site_id || '/' || t.survey_id || '/' || t.id, EXISTS (SELECT 1 FROM responses r
		WHERE r.site_id = t.site_id AND r.survey_id = t.survey_id AND r.at = t.at AND r.id = t.id) FROM to_index t`)
	return fmt.Sprintf("%d responses with words, %d on the list", docs, listed), err
}

// searchRows reads numbered rows a page at a time, and reports those that are not right.
func (v *verification) searchRows(ctx context.Context, wrong, query string) (total int, err error) {
	last := int64(-1)
	for {
		n := 0
		err := each(ctx, v.db, func(scan func(...any) error) error {
			var what string
			var right bool
			if err := scan(&last, &what, &right); err != nil {
				return err
			}
			if n++; !right {
				v.problem("response %s: %s", what, wrong)
			}
			return nil
		}, query, last, v.page)
		if err != nil {
			return total, err
		}
		if total += n; n < v.page {
			return total, nil
		}
		time.Sleep(verifyPause)
	}
}
