package report

import (
	"context"
	"fmt"
	"time"

	"github.com/askwell/askwell/collector/store"
)

// Selection tells which responses a query keeps, by its time and its filters.
type Selection struct {
	from, to time.Time
	source   *source
	filters  []filter
	bound    []binding
}

// Selection checks a query for the responses of its one survey. Without a time, it keeps those of all.
func (q Query) Selection(ctx context.Context, st *store.Store, now time.Time) (*Selection, error) {
	sources, err := q.findSources(ctx, st)
	if err != nil {
		return nil, err
	}
	p, filters, err := q.check(now, sources)
	if err != nil {
		return nil, err
	}
	s := &Selection{from: p.period.from, to: p.period.to, source: sources[0], filters: filters}
	if q.From == "" {
		s.from = time.Time{}
	}
	if q.To == "" {
		s.to = time.Time{}
	}
	for i := range filters {
		s.bound = append(s.bound, filters[i].bind(sources[0]))
	}
	return s, nil
}

// Start is the cursor of what is to be read first, newest first: "" where there is no end.
func (s *Selection) Start() string {
	if s.to.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d.", s.to.UnixMilli()) // before any id of that time
}

// Ends says whether a response, and all that are older, are not kept because of their age.
func (s *Selection) Ends(r *store.Response) bool { return r.At.Before(s.from) }

// Keeps says whether the filters keep a response.
func (s *Selection) Keeps(r *store.Response) (bool, error) {
	if !s.to.IsZero() && !r.At.Before(s.to) {
		return false, nil
	}
	if len(s.filters) == 0 {
		return true, nil // nothing of it need be read
	}
	row, err := s.source.schema.Row(r)
	if err != nil {
		return false, err
	}
	for i := range s.filters {
		if !s.filters[i].keeps(s.bound[i].of(row.Values[s.bound[i].column])) {
			return false, nil
		}
	}
	return true, nil
}
