package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/askwell/askwell/collector/survey"
)

// Differ recounts a segment: it names the columns in which that differs from the responses that each
// hands over. What columns are made of, this package does not know.
type Differ func(definitions []*survey.Definition, columns []Segment, each func(func(*Response) error) error) (differing []string, err error)

// segmentSpan is where a segment lies, with its site and survey.
type segmentSpan struct {
	surveyKey
	from, to int64
}

func (s segmentSpan) String() string {
	at := func(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04Z") }
	return fmt.Sprintf("segment %s/%s from %s to %s", s.site, s.survey, at(s.from), at(s.to))
}

// checkSegments recounts each segment against its responses, and looks for responses that neither
// lie in one nor in an hour that is known to be stale: in no score, they would be missing for ever.
func checkSegments(ctx context.Context, v *verification) (string, error) {
	var there bool
	if err := v.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'segments')").Scan(&there); err != nil || !there {
		return "none: it is older than segments", err
	}
	if v.differ == nil {
		return "not recounted", nil
	}
	var spans []segmentSpan
	if err := each(ctx, v.db, func(scan func(...any) error) error {
		var s segmentSpan
		err := scan(&s.site, &s.survey, &s.from, &s.to)
		spans = append(spans, s)
		return err
	}, "SELECT DISTINCT site_id, survey_id, from_at, from_at + span FROM segments ORDER BY 1, 2, 3"); err != nil {
		return "", err
	}
	stale := 0
	for _, s := range spans {
		isStale, err := v.segment(ctx, s)
		if err != nil {
			return "", err
		}
		if isStale {
			stale++
		}
		time.Sleep(verifyPause)
	}
	return fmt.Sprintf("%d, %d of them stale, so not read", len(spans), stale), v.unsealed(ctx, spans)
}

// segment compares one. Its responses are read in pages, while a collector may change them; where that
// seems to differ, both are read again at one moment.
func (v *verification) segment(ctx context.Context, s segmentSpan) (stale bool, err error) {
	differing, stale, err := v.recount(ctx, s, true)
	if len(differing) > 0 || err != nil {
		differing, stale, err = v.recount(ctx, s, false)
	}
	if err != nil {
		if ctx.Err() != nil {
			return false, err
		}
		v.problem("%v: cannot be recounted: %v", s, err)
	}
	for _, column := range differing {
		v.problem("%v: %s is not what its responses say", s, column)
	}
	return stale, nil
}

func (v *verification) recount(ctx context.Context, s segmentSpan, paged bool) (differing []string, stale bool, err error) {
	tx, err := v.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, false, err
	}
	defer func() { tx.Rollback() }()
	at := &Snapshot{tx: tx}
	if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM stale WHERE site_id = $1 AND survey_id = $2 AND from_at >= $3 AND from_at < $4 AND gen > 0)",
		s.site, s.survey, s.from, s.to).Scan(&stale); err != nil || stale {
		return nil, stale, err
	}
	var columns []Segment
	if err := at.Segment(ctx, s.site, s.survey, s.from, func(g *Segment) error {
		columns = append(columns, *g)
		return nil
	}); err != nil || len(columns) == 0 { // made part of a day, or erased, since they were listed
		return nil, true, err
	}
	known, err := definitions(ctx, tx, s.site, s.survey)
	if err != nil {
		return nil, false, err
	}
	rows := func(row func(*Response) error) error { return at.Responses(ctx, s.site, s.survey, s.from, s.to, row) }
	if paged {
		tx.Rollback()
		rows = func(row func(*Response) error) error { return v.pages(ctx, s, row) }
	}
	differing, err = v.differ(known, columns, rows)
	return differing, false, err
}

// pages hands over the live responses of a span, in the order of their births, in short readings.
func (v *verification) pages(ctx context.Context, s segmentSpan, row func(*Response) error) error {
	last, id := s.from, ""
	for {
		n := 0
		if err := eachResponse(ctx, v.db, func(r *Response) error {
			n++
			last, id = r.At.UnixMilli(), r.ID
			return row(r)
		}, "WHERE site_id = $1 AND survey_id = $2 AND (at, id) > ($3, $4) AND at < $5 AND class = 0 ORDER BY at, id LIMIT $6",
			s.site, s.survey, last, id, s.to, v.page); err != nil || n < v.page {
			return err
		}
		time.Sleep(verifyPause)
	}
}

// unsealed looks between the segments, as they were listed, each time at one moment.
func (v *verification) unsealed(ctx context.Context, spans []segmentSpan) error {
	var sealed []segmentSpan
	if err := each(ctx, v.db, func(scan func(...any) error) error {
		var s segmentSpan
		err := scan(&s.site, &s.survey, &s.to)
		sealed = append(sealed, s)
		return err
	}, "SELECT site_id, survey_id, up_to FROM sealed ORDER BY 1, 2"); err != nil {
		return err
	}
	for _, s := range sealed {
		at := slices.IndexFunc(spans, func(other segmentSpan) bool { return other.surveyKey == s.surveyKey })
		for i := max(at, 0); at >= 0 && i < len(spans) && spans[i].surveyKey == s.surveyKey; i++ {
			if err := v.gap(ctx, segmentSpan{s.surveyKey, s.from, spans[i].from}); err != nil {
				return err
			}
			s.from = spans[i].to
		}
		if err := v.gap(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (v *verification) gap(ctx context.Context, s segmentSpan) error {
	if s.from >= s.to {
		return nil
	}
	return each(ctx, v.db, func(scan func(...any) error) error {
		var hour, n int64
		if err := scan(&hour, &n); err != nil {
			return err
		}
		s.from, s.to = hour, hour+Hour
		v.problem("%v: is missing, and %d responses were born then", s, n)
		return nil
	}, strings.ReplaceAll(`SELECT r.at - r.at % $5, COUNT(*) FROM responses r
		WHERE r.site_id = $1 AND r.survey_id = $2 AND r.at >= $3 AND r.at < $4 AND r.class = 0
			AND r.at < (SELECT up_to FROM sealed x WHERE x.@)
			AND NOT EXISTS (SELECT 1 FROM stale x WHERE x.@ AND x.from_at = r.at - r.at % $5 AND x.gen > 0)
			AND NOT EXISTS (SELECT 1 FROM segments x WHERE x.@ AND x.from_at > r.at - 24 * $5 AND x.from_at <= r.at AND x.from_at + x.span > r.at)
		GROUP BY 1`, "x.@", "x.site_id = $1 AND x.survey_id = $2"), s.site, s.survey, s.from, s.to, Hour)
}
