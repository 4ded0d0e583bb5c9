package report

import (
	"slices"

	"github.com/askwell/askwell/collector/segment"
)

// maxWidth is how many values can be counted: a scale has 11 at most.
const maxWidth = 15

// unanswered is the place of what is not counted.
const unanswered = maxWidth

// tally counts responses by the value of one column, in buckets and groups.
type tally struct {
	period period
	values map[string]int // the place of each value in cell.counts
	by     []dimension
	series bool
	unique string // "", visitor, user
	timed  bool   // how long completing took, too

	groups  []group
	known   map[values]int
	most    int             // of groups that are told apart at once
	missed  int             // what each group that was forgotten had, at most: 0 where none was
	kept    map[values]bool // the groups that are counted, where they are too many; what is of no other counts as (other)
	cells   [][]*cell       // by group, and by bucket: the first of each is all
	lost    [maxBy]lost     // by dimension
	made    int             // cells
	without int             // answers of nobody known, where one a person counts

	labelsOf map[labelKey]*labels
	words    []string
	wordsOf  map[string]word
	grouped  map[[maxBy]word]int
	into     []*cell // for a moment
	ids      []int
	local    []uint32 // counts of one block, by place of the value and codes of the groups
	touched  []int
}

func newTally(p period, places map[string]int, by []dimension, series bool) *tally {
	return &tally{period: p, values: places, by: by, series: series, most: maxKnown, known: map[values]int{}, labelsOf: map[labelKey]*labels{},
		words: []string{""}, wordsOf: map[string]word{"": 0}, grouped: map[[maxBy]word]int{}}
}

// columns lists what has to be read to count.
func (t *tally) columns(s *source, value string, filters []filter) []string {
	list := []string{value}
	for i := range t.by {
		list = append(list, t.by[i].bind(s).column)
	}
	for i := range filters {
		list = append(list, filters[i].bind(s).column)
	}
	switch t.unique {
	case "visitor":
		list = append(list, segment.VisitorColumn)
	case "user":
		list = append(list, segment.UserColumn)
	}
	if t.timed {
		list = append(list, segment.TookColumn)
	}
	list = slices.DeleteFunc(list, func(name string) bool { return name == "" })
	slices.Sort(list)
	return slices.Compact(list)
}

// whole says whether counts of whole segments are enough.
func (t *tally) whole(filters []filter) bool {
	return len(t.by) == 0 && len(filters) == 0 && t.unique == "" && !t.timed
}

// scan reads a source once for some tallies of the same values and period.
func (r *reading) scan(s *source, value string, tallies ...*tally) error {
	period, whole, backward := tallies[0].period, true, false
	var columns []string
	for _, t := range tallies {
		columns = append(columns, t.columns(s, value, r.filters)...)
		whole = whole && t.whole(r.filters)
		if t.unique != "" {
			backward = true
		}
	}
	slices.Sort(columns)
	columns = slices.Compact(columns)
	spans, err := r.spans(s, period, whole)
	if err != nil {
		return err
	}
	values := tallies[0].values
	add := func(b *segment.Block, at *span, filtered bool) error {
		if at.whole {
			for _, t := range tallies {
				t.addWhole(b, b.Column(value))
			}
			return nil
		}
		if r.place(b, at.source, b.Column(value), values, filtered) {
			for _, t := range tallies {
				t.add(b, at.source, r.places)
			}
		}
		return nil
	}
	return r.blocks(spans, columns, backward, add) // backward, because of a person the latest counts
}

// placesOf are the places of the values that codes stand for.
func placesOf(c *segment.Column, values map[string]int) (places [256]byte) {
	for code := range places {
		places[code] = unanswered
		if code < len(c.Dict) {
			if i, ok := values[c.Dict[code]]; ok {
				places[code] = byte(i)
			}
		}
	}
	return places
}

// addWhole counts a block of one bucket by what its column says of all its responses.
func (t *tally) addWhole(b *segment.Block, c *segment.Column) {
	places, bucket := placesOf(c, t.values), t.period.bucket(b.From)
	for code, n := range c.Counts {
		if i := places[code]; i != unanswered {
			t.cell(place{all, all}).counts[i] += int(n)
			if t.series {
				t.cell(place{bucket, all}).counts[i] += int(n)
			}
		}
	}
}

// add counts a block, of whose responses the places are known.
func (t *tally) add(b *segment.Block, s *source, places []byte) {
	v := &view{block: b, places: places}
	for i := range t.by {
		codes, labels := t.labelled(i, b, t.by[i].bind(s))
		v.codes, v.labels = append(v.codes, codes), append(v.labels, labels)
		v.several = v.several || labels.some != nil
		t.lose(i, v)
	}
	first, last := t.period.bucket(max(b.From, t.period.fromMS())), t.period.bucket(min(b.To, t.period.toMS())-1)
	for bucket := last; bucket >= first; bucket-- { // backward, because of a person the latest counts
		from, to := t.period.bounds(bucket)
		low, _ := b.Before(from) // known: sealed saw to it
		high, _ := b.Before(to)
		v.bucket, v.pairs = bucket, nil
		clear(v.singles[:])
		if t.unique != "" {
			t.people(v, low, high)
			continue
		}
		t.rows(v, low, high)
		t.settle(v)
		if t.timed {
			t.times(v, low, high)
		}
	}
	t.prune()
}

// view is a block as a tally counts it.
type view struct {
	block   *segment.Block
	places  []byte    // of each response's value
	codes   [][]byte  // of each dimension
	labels  []*labels // that each code stands for
	several bool      // values of one code
	bucket  int
	singles [256][]*cell    // cells of the bucket by code, those that were looked up
	pairs   map[int][]*cell // and of two dimensions, by the pair of codes
}

// pair is the codes of response i as one number.
func (v *view) pair(i int) int {
	switch len(v.codes) {
	case 0:
		return 0
	case 1:
		return int(v.codes[0][i])
	}
	return int(v.codes[1][i])<<8 | int(v.codes[0][i])
}
