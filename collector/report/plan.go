package report

import (
	"context"
	"time"

	"github.com/askwell/askwell/collector/segment"
	"github.com/askwell/askwell/collector/store"
)

// plan is a query that was checked.
type plan struct {
	*reading
	sources []*source
	period  period
	by      []dimension
	now     time.Time
}

// plan checks a query, and begins to read. Close what it returns.
func (q *Query) plan(ctx context.Context, st *store.Store, now time.Time, sources []*source) (*plan, error) {
	p, filters, err := q.check(now, sources)
	if err != nil {
		return nil, err
	}
	snapshot, err := st.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	p.reading = newReading(ctx, snapshot, filters)
	if err := p.bound(q); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// check reads the parameters. A period that has no beginning begins at 0.
func (q *Query) check(now time.Time, sources []*source) (*plan, []filter, error) {
	var wrong problems
	zone := q.zone(sources, &wrong)
	oneOf("every", q.Every, Units, &wrong)
	oneOf("unique", q.Unique, []string{"visitor", "user"}, &wrong)
	oneOf("compare", q.Compare, Comparisons, &wrong)
	if q.MinN < 0 || q.MinN > maxMinN {
		wrong.add("min_n", "is %d, expected a whole number from 0 to %d", q.MinN, maxMinN)
	}
	if len(q.By) > maxBy {
		wrong.add("by", "there are %d dimensions, at most %d are allowed", len(q.By), maxBy)
	}
	if q.Compare != "" && q.From == "" {
		wrong.add("compare", "wants from: without it there is nothing before")
	}
	p := &plan{sources: sources, now: now, by: dimensions("by", q.By, sources, &wrong)}
	filters := parseFilters(q.Filter, sources, &wrong)
	p.period.from = time.UnixMilli(0).In(zone)
	p.period.to = now.In(zone).Truncate(time.Millisecond).Add(time.Millisecond)
	if q.From != "" {
		p.period.from = parseTime("from", q.From, zone, &wrong)
	}
	if q.To != "" {
		if p.period.to = parseTime("to", q.To, zone, &wrong); !p.period.from.Before(p.period.to) && len(wrong) == 0 {
			wrong.add("to", "is not after from")
		}
	} else if !p.period.from.Before(p.period.to) {
		wrong.add("from", "is not in the past")
	}
	return p, filters, wrong.err()
}

// bound finds where the period begins and ends, and its buckets.
func (p *plan) bound(q *Query) error {
	if q.From == "" {
		first := p.period.to
		for _, s := range p.sources {
			at, err := p.first(s, 0)
			if err != nil {
				return err
			}
			if birth := time.UnixMilli(at).In(first.Location()); at >= 0 && birth.Before(first) {
				first = birth
			}
		}
		p.period.from = first
	}
	if q.To == "" { // a clock that was put back leaves births ahead of it, and they count
		for _, s := range p.sources {
			last, err := p.at.LastBirth(p.ctx, s.Site, s.Survey)
			if err != nil {
				return err
			}
			if end := time.UnixMilli(last + 1).In(p.period.to.Location()); end.After(p.period.to) {
				p.period.to = end
			}
		}
	}
	p.period.ends = []int64{p.period.toMS()}
	if q.Every == "" {
		return nil
	}
	var ok bool
	if p.period, ok = p.period.split(q.Every); !ok {
		return refuse("every", "%s makes more than %d buckets of this time; expected a longer unit, or a later from", q.Every, maxBuckets)
	}
	return nil
}

func newReading(ctx context.Context, at *store.Snapshot, filters []filter) *reading {
	return &reading{ctx: ctx, at: at, filters: filters, rows: map[stretch]*segment.Block{}, dicts: segment.NewDicts()}
}

func (r *reading) close() { r.at.Close() }
