package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/askwell/askwell/collector/words"
)

// The index only proposes: each response is looked at again, as it is now. So what was sent again,
// or erased, since it was indexed is never found by what it said before, whoever writes meanwhile. What
// is not indexed yet is read besides.

const (
	// searchPiece is how many responses one reading looks at itself: a longer one would keep the
	// database's log from beginning anew.
	searchPiece = 1000
	// searchPieces is how many of them one Search makes before it hands over what it has.
	searchPieces = 20
)

// Search returns a survey's responses whose verbatims have what a query asks for, newest first, from a
// cursor of Responses or Search on, with the cursor to go on from, "" at the end. Where much is not
// indexed yet, a page may have fewer than limit and still a cursor: it says how far was looked.
func (s *Store) Search(ctx context.Context, site, surveyID string, q words.Query, cursor string, limit int) ([]Response, string, error) {
	found := []Response{}
	for range searchPieces {
		some, next, err := s.SearchSome(ctx, site, surveyID, q, cursor, limit+1-len(found))
		if err != nil {
			return nil, "", err
		}
		if found = append(found, some...); len(found) > limit || next == "" {
			found, next = page(found, limit, func(r Response) (time.Time, string) { return r.At, r.ID })
			return found, next, nil
		}
		cursor = next
	}
	return found, cursor, nil
}

// SearchSome is one piece of a search, for callers that look for more than words: about n hits, newest
// first, perhaps none, and the cursor up to which all were looked at, "" at the end. A caller that
// filters them and has enough goes on from the last that it keeps: Cursor says how.
func (s *Store) SearchSome(ctx context.Context, site, surveyID string, q words.Query, cursor string, n int) ([]Response, string, error) {
	at, id, err := s.responseCursor(ctx, site, surveyID, cursor)
	if err != nil {
		return nil, "", err
	}
	from, end := place{at, id}, place{math.MinInt64, ""}
	covered := end // what is newer is indexed, or on the list
	err = s.read.QueryRowContext(ctx, "SELECT at, id FROM to_index_before WHERE site_id = $1 AND survey_id = $2", site, surveyID).Scan(&covered.at, &covered.id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, "", err
	}
	var found []Response
	var to place // up to which this looks
	if from.compare(covered) <= 0 {
		found, to, err = s.readAll(ctx, site, surveyID, from, end)
	} else {
		found, to, err = s.readIndexed(ctx, site, surveyID, q, from, covered, max(1, n))
	}
	if err != nil {
		return nil, "", err
	}
	hits := []Response{}
	for _, r := range found {
		texts, err := s.texts(ctx, versionKey{r.Site, r.Survey, r.Version}, r.Answers)
		if err != nil {
			return nil, "", err
		}
		if placeOf(r).compare(to) >= 0 && q.Match(texts...) {
			hits = append(hits, r)
		}
	}
	if to == end {
		return hits, "", nil
	}
	return hits, to.cursor(), nil
}

// readAll is the next responses, whatever they say, with the last of their places.
func (s *Store) readAll(ctx context.Context, site, surveyID string, from, end place) ([]Response, place, error) {
	rows, err := s.queryResponses(ctx, "WHERE site_id = $1 AND survey_id = $2 AND (at, id) < ($3, $4) ORDER BY at DESC, id DESC LIMIT $5",
		site, surveyID, from.at, from.id, searchPiece)
	if err != nil || len(rows) < searchPiece {
		return rows, end, err
	}
	return rows, placeOf(rows[len(rows)-1]), nil
}

// readIndexed is what the index proposes and what is not in it yet, newest first, down to the place
// up to which both were read. The list is read first: what is indexed in between is then met twice, and
// not missed.
func (s *Store) readIndexed(ctx context.Context, site, surveyID string, q words.Query, from, to place, n int) ([]Response, place, error) {
	listed, err := s.queryResponses(ctx, `WHERE (site_id, survey_id, at, id) IN (SELECT site_id, survey_id, at, id FROM to_index
			WHERE site_id = $1 AND survey_id = $2 AND (at, id) < ($3, $4) ORDER BY at DESC, id DESC LIMIT $5) ORDER BY at DESC, id DESC`,
		site, surveyID, from.at, from.id, searchPiece)
	if err != nil {
		return nil, to, err
	}
	if len(listed) == searchPiece {
		to = newest(to, placeOf(listed[searchPiece-1]))
	}
	first, _ := docRange(to.at)
	_, last := docRange(from.at)
	match := ftsQuery(surveyMark(site, surveyID), q)
	propose := func(first, last int64, n int) ([]Response, error) {
		return s.queryResponses(ctx, proposed, site, surveyID, match, first, last, from.at, from.id, n)
	}
	hits, err := propose(first, last, n)
	if err != nil {
		return nil, to, err
	}
	if len(hits) == n { // there may be more, also of those born at the same time as the last, in whatever order
		oldest := hits[n-1].At.UnixMilli()
		first, last := docRange(oldest)
		same, err := propose(first, last, math.MaxInt32)
		if err != nil {
			return nil, to, err
		}
		hits = append(slices.DeleteFunc(hits, func(r Response) bool { return r.At.UnixMilli() == oldest }), same...)
		to = newest(to, place{oldest, ""})
	}
	all := append(listed, hits...)
	slices.SortStableFunc(all, func(a, b Response) int { return placeOf(b).compare(placeOf(a)) })
	return slices.CompactFunc(all, func(a, b Response) bool { return a.ID == b.ID }), to, nil
}

// proposed is the end of a query for the newest responses that the index has among some docs. CROSS
// JOIN keeps SQLite from asking the index about each response, one by one.
const proposed = `WHERE (site_id, survey_id, at, id) IN (SELECT d.site_id, d.survey_id, d.at, d.id
		FROM search CROSS JOIN indexed d ON d.doc = search.rowid
		WHERE search MATCH $3 AND search.rowid BETWEEN $4 AND $5 AND d.site_id = $1 AND d.survey_id = $2 AND (d.at, d.id) < ($6, $7)
		ORDER BY search.rowid DESC LIMIT $8) ORDER BY at DESC, id DESC`

// ftsQuery writes a query in FTS5's language. Words are letters, digits and symbols, and stand in
// quotes: nothing of what was typed has a meaning there.
func ftsQuery(mark string, q words.Query) string {
	var phrases []string
	for _, p := range q {
		text := `"` + mark + strings.Join(p.Words, " "+mark) + `"`
		if p.Prefix {
			text += " *"
		}
		phrases = append(phrases, text)
	}
	return strings.Join(phrases, " AND ")
}

// place is where a response stands in its survey's list; the newest have the greatest.
type place struct {
	at int64
	id string
}

func placeOf(r Response) place { return place{r.At.UnixMilli(), r.ID} }

func (p place) compare(other place) int {
	return cmp.Or(cmp.Compare(p.at, other.at), strings.Compare(p.id, other.id))
}

func newest(a, b place) place {
	if a.compare(b) < 0 {
		return b
	}
	return a
}

func (p place) cursor() string { return fmt.Sprintf("%d.%s", p.at, p.id) }

// Cursor is where a list goes on behind a response.
func Cursor(r Response) string { return placeOf(r).cursor() }
