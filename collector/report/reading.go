package report

import (
	"context"
	"slices"
	"strings"

	"github.com/askwell/askwell/collector/segment"
	"github.com/askwell/askwell/collector/store"
)

const (
	// maxKept is how many responses that are not sealed are kept for the next count of the same query.
	maxKept = 200_000

	// maxSingly is how many that are sealed are read one by one, where their segments do not hold what is asked of
	// them: 20 s on one core.
	maxSingly = 500_000
)

// reading is one moment of the database, through the filters of one query.
type reading struct {
	ctx     context.Context
	at      *store.Snapshot
	filters []filter
	rows    map[stretch]*segment.Block // of responses that were not read from segments
	kept    int
	singly  int
	places  []byte // of one block: see place
	dicts   *segment.Dicts
}

// stretch is a source's time, whichever of its questions are counted.
type stretch struct {
	site, survey string
	from, to     int64
}

// span is a stretch of a source's time that is read in one go.
type span struct {
	source   *source
	from, to int64
	n        int // responses, where it is sealed
	sealed   bool
	whole    bool    // its counts are enough
	cuts     []int64 // where a bucket ends in it
}

// spans lists what has to be read for [from, to), in the order of time: sealed segments, and what lies
// between them where something may be. whole says that the counts of a segment are enough, where it is
// of one bucket.
func (r *reading) spans(s *source, in period, whole bool) ([]span, error) {
	from, to := in.fromMS(), in.toMS()
	segments, upTo, loose, err := r.at.Sealed(r.ctx, s.Site, s.Survey, from, to)
	if err != nil {
		return nil, err
	}
	var list []span
	rows := func(a, b int64) {
		for a, b = max(a, from), min(b, to); a < b; {
			end := min(b, a-a%segment.Day+segment.Day) // a day at most, as a block is
			if last := len(list) - 1; last >= 0 && !list[last].sealed && list[last].to == a && a%segment.Day != 0 {
				list[last].to = end
			} else {
				list = append(list, span{source: s, from: a, to: end})
			}
			a = end
		}
	}
	for _, g := range segments {
		if g.Stale {
			rows(g.From, g.To)
		} else {
			cuts := in.cuts(g.From, g.To)
			list = append(list, span{source: s, from: g.From, to: g.To, n: g.N, sealed: true, whole: whole && len(cuts) == 0, cuts: cuts})
		}
	}
	for _, hour := range loose {
		if hour < upTo {
			rows(hour, hour+store.Hour)
		}
	}
	slices.SortStableFunc(list, func(a, b span) int { return int(min(max(a.from-b.from, -1), 1)) })
	first, err := r.first(s, max(from, upTo))
	if err != nil || first < 0 {
		return list, err
	}
	last, err := r.at.LastBirth(r.ctx, s.Site, s.Survey)
	if err != nil {
		return nil, err
	}
	rows(first, min(to, last+1)) // to may be a thousand years from now
	return list, nil
}

// first is the first birth from a time on, -1 where there is none.
func (r *reading) first(s *source, from int64) (int64, error) {
	at, ok, err := r.at.NextBirth(r.ctx, s.Site, s.Survey, from)
	if !ok {
		return -1, err
	}
	return at, err
}

// blocks hands over what is needed of the spans, in their order or against it. rows says that the
// filters were applied already.
func (r *reading) blocks(spans []span, columns []string, backward bool, each func(b *segment.Block, s *span, rows bool) error) error {
	if len(spans) == 0 {
		return nil
	}
	at, err := r.open(spans, columns, backward)
	if err != nil {
		return err
	}
	defer at.Close()
	for i := range spans {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		s := &spans[i]
		if backward {
			s = &spans[len(spans)-1-i]
		}
		var b *segment.Block
		if s.sealed {
			if b, err = r.sealed(at, s, columns); err != nil {
				return err
			}
		}
		rows := b == nil
		if rows {
			if b, err = r.block(s, columns); err != nil {
				return err
			}
		}
		if err := each(b, s, rows); err != nil {
			return err
		}
	}
	return nil
}

// open begins to read the columns of what is sealed. When they were born is needed only where a
// bucket ends among them, and of all what traits were dropped, where one is asked for.
func (r *reading) open(spans []span, columns []string, backward bool) (*store.ColumnReader, error) {
	var codes []int64
	cut, sealed := []int64{}, 0
	for _, s := range spans {
		if s.sealed {
			sealed++
		}
		if s.sealed && !s.whole {
			codes = append(codes, s.from)
		}
		if s.sealed && len(s.cuts) > 0 {
			cut = append(cut, s.from)
		}
	}
	if slices.ContainsFunc(columns, func(name string) bool { return strings.HasPrefix(name, segment.Trait) }) {
		cut = nil
	}
	var wanted []store.Wanted
	if cut == nil || len(cut) > 0 {
		wanted = append(wanted, store.Wanted{Column: segment.AtColumn, Only: cut})
	}
	for _, name := range columns {
		wanted = append(wanted, store.Wanted{Column: name, Data: codes, All: len(codes) == sealed})
	}
	first, last := spans[0], spans[len(spans)-1]
	return r.at.ReadColumns(r.ctx, first.source.Site, first.source.Survey, first.from, last.to, wanted, backward)
}

// sealed is the columns of a segment, nil where it does not hold what is asked of it.
func (r *reading) sealed(at *store.ColumnReader, s *span, columns []string) (*segment.Block, error) {
	b := &segment.Block{From: s.from, To: s.to, N: s.n}
	found, err := at.At(s.from)
	if err != nil {
		return nil, err
	}
	for _, g := range found {
		if err := b.Read(g, g.Column != segment.AtColumn && !s.whole, r.dicts); err != nil {
			return nil, err
		}
	}
	if s.whole {
		return b, nil
	}
	if err := b.Holds(columns...); err != nil {
		return nil, err
	}
	for _, cut := range s.cuts {
		if _, known := b.Before(cut); !known { // at no quarter of an hour, or an older collector sealed it
			if _, err := r.more(b, s.source, segment.AtColumn); err != nil {
				return nil, err
			}
			if err := b.Holds(segment.AtColumn); err != nil {
				return nil, err
			}
			break
		}
	}
	if i := slices.IndexFunc(columns, b.Lacks); i >= 0 {
		return nil, r.single(b.N, "from", columns[i])
	}
	for i := range r.filters {
		bound := r.filters[i].bind(s.source)
		if bound.fixed != nil || b.Narrowed(bound.column) || r.filters[i].settled(&bound, b.Column(bound.column)) {
			continue
		}
		if narrow, err := r.narrow(b, s.source, bound.column); err != nil {
			return nil, err
		} else if !narrow {
			return nil, r.single(b.N, "filter", r.filters[i].name)
		}
	}
	return b, nil
}

// more reads one more column of a segment.
func (r *reading) more(b *segment.Block, s *source, column string) (bool, error) {
	g, err := r.at.Column(r.ctx, s.Site, s.Survey, b.From, column)
	if g == nil || err != nil {
		return false, err
	}
	return true, b.Read(g, true, nil)
}

// narrow applies the filters of a column to a segment in which not all values have a code. It says false
// where the segment does not know the others.
func (r *reading) narrow(b *segment.Block, s *source, column string) (bool, error) {
	if found, err := r.more(b, s, segment.RestColumn+column); !found || err != nil {
		return false, err
	}
	bound := make([]binding, len(r.filters))
	for i := range r.filters {
		bound[i] = r.filters[i].bind(s)
	}
	return b.Narrow(column, func(value string) bool {
		for i := range r.filters {
			if bound[i].column == column && !r.filters[i].keeps(bound[i].of(value)) {
				return false
			}
		}
		return true
	}), nil
}

// single notes responses that are sealed, and have to be read one by one nevertheless, and refuses too many: their client
// would be gone before there is an answer.
func (r *reading) single(n int, parameter, dimension string) error {
	if r.singly += n; r.singly <= maxSingly {
		return nil
	}
	return refuse(parameter, "%s has so many values that more than %d responses of this time would have to be read one by one; expected a shorter time", dimension, maxSingly)
}

// block makes columns of what is not sealed, of the responses that the filters keep: those that are
// wanted are among them.
func (r *reading) block(at *span, wanted []string) (*segment.Block, error) {
	key := stretch{at.source.Site, at.source.Survey, at.from, at.to}
	if b := r.rows[key]; b != nil && !slices.ContainsFunc(wanted, b.Lacks) {
		return b, nil
	}
	bound := make([]binding, len(r.filters))
	for i := range r.filters {
		bound[i] = r.filters[i].bind(at.source)
	}
	build := segment.NewBuilder(at.from, at.to, slices.DeleteFunc(slices.Clone(wanted), func(name string) bool { return !strings.HasPrefix(name, segment.Trait) })...)
	if err := r.at.Responses(r.ctx, at.source.Site, at.source.Survey, at.from, at.to, func(response *store.Response) error {
		row, err := at.source.schema.Row(response)
		if err != nil {
			return err
		}
		for i := range bound {
			if !r.filters[i].keeps(bound[i].of(row.Values[bound[i].column])) {
				return nil
			}
		}
		build.Add(row)
		return nil
	}); err != nil {
		return nil, err
	}
	b := build.Block()
	if r.kept += b.N; r.kept <= maxKept {
		r.rows[key] = b
	}
	return b, nil
}
