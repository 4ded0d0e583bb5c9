package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/askwell/askwell/collector/segment"
)

// values are those of a group, in the order of the dimensions.
type values [maxBy]string

// group is the values of the dimensions, "" for none.
type group struct {
	values values
	other  bool // some values have no group of their own
	missed int  // may have been forgotten of it: see prune
}

// labels are the values that the codes of a dimension stand for.
type labels struct {
	one  [256]word
	some [][]word // where a response may have several values
}

// labelled is a dimension's code of each response, and the values that each code stands for.
func (t *tally) labelled(dimension int, b *segment.Block, bound binding) (codes []byte, _ *labels) {
	if bound.fixed != nil {
		return make([]byte, b.N), &labels{one: [256]word{t.wordOf(*bound.fixed)}}
	}
	c := b.Column(bound.column)
	key := labelKey{dimension, &c.Dict[0]}
	if of, known := t.labelsOf[key]; known && bound.label == nil {
		return c.Bytes(b.N), of
	}
	of := &labels{}
	if bound.set {
		of.some = make([][]word, len(of.one))
	}
	for code := range of.one {
		value := ""
		if code < len(c.Dict) {
			value = bound.of(c.Dict[code])
		}
		if code == segment.OtherCode && code < len(c.Dict) {
			value = segment.Other
		}
		if of.some == nil {
			of.one[code] = t.wordOf(value)
			continue
		}
		for one := range strings.SplitSeq(value, segment.Separator) {
			of.some[code] = append(of.some[code], t.wordOf(one))
		}
	}
	if len(t.labelsOf) < maxLabels {
		t.labelsOf[key] = of
	}
	return c.Bytes(b.N), of
}

// of lists what a code stands for.
func (l *labels) of(code int) []word {
	if l.some != nil {
		return l.some[code]
	}
	return l.one[code : code+1]
}

// labelKey names a dictionary: segments that have the same share it.
type labelKey struct {
	dimension int
	dict      *string
}

// maxLabels is how many dictionaries' labels are kept, a kB each, and up to 10 of sets.
const maxLabels = 1000

// appendGroups adds the groups of a pair of codes: several, where a response may have several values.
func (t *tally) appendGroups(ids []int, v *view, pair int) []int {
	seconds := []word{0}
	if len(v.labels) > 1 {
		seconds = v.labels[1].of(pair >> 8)
	}
	for _, first := range v.labels[0].of(pair & 255) {
		for _, second := range seconds {
			if id := t.groupOf([maxBy]word{first, second}); !v.several || !slices.Contains(ids, id) { // a response counts once in (other) too
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// groupOf is the number of the group of some words.
func (t *tally) groupOf(key [maxBy]word) int {
	id, known := t.grouped[key]
	if !known {
		of := values{t.words[key[0]], t.words[key[1]]}
		if id = t.group(of); t.groups[id].values == of { // of those without a group there may be millions
			t.grouped[key] = id
		}
	}
	return id
}

// word is a value as a number, which is compared faster than its text.
type word int32

// wordOf is the number of a value; 0 is that of none.
func (t *tally) wordOf(value string) word {
	w, known := t.wordsOf[value]
	if !known {
		w = word(len(t.words))
		t.words = append(t.words, value)
		t.wordsOf[value] = w
	}
	return w
}

// group is the number of a group.
func (t *tally) group(of values) int {
	if id, known := t.known[of]; known {
		return id
	}
	if t.kept != nil && !t.kept[of] {
		of = t.rest()
	}
	id, known := t.known[of]
	if !known {
		id = len(t.groups)
		t.known[of] = id
		t.groups = append(t.groups, group{of, slices.Contains(of[:], segment.Other), t.missed})
	}
	return id
}

// rest are the values of what is of no group of its own.
func (t *tally) rest() (of values) {
	for i := range t.by {
		of[i] = segment.Other
	}
	return of
}

// labels are the values of a group by dimension, nil for none.
func (t *tally) labels(id int) map[string]*string {
	by := map[string]*string{}
	for i, value := range t.groups[id].values[:len(t.by)] {
		if by[t.by[i].name] = nil; value != "" {
			by[t.by[i].name] = &value
		}
	}
	return by
}

// ranked are the groups, the largest first, and what is of none of them last.
func (t *tally) ranked() []int {
	ids := make([]int, len(t.groups))
	for i := range ids {
		ids[i] = i
	}
	rest := t.rest()
	slices.SortFunc(ids, func(a, b int) int {
		x, y := t.groups[a].values, t.groups[b].values
		switch {
		case x == rest:
			return 1
		case y == rest:
			return -1
		}
		return cmp.Or(t.size(b)-t.size(a), slices.Compare(x[:], y[:]))
	})
	return ids
}

// size is how much a group has, at most.
func (t *tally) size(id int) int { return sum(t.counts(place{all, id})) + t.groups[id].missed }

// prune forgets the smaller half of the groups, where they are too many to count at once: whichever come last may be the
// largest. One that comes anew may have had as much as any that was forgotten, and is ranked as if it had. So what is
// forgotten in the end is small: of n answers, at most 2n / most. Those that are left have to be counted again.
//
// Source: Metwally, Agrawal & El Abbadi (2005), "Efficient computation of frequent and top-k elements in data streams",
// ICDT 2005, by halves in place of one by one.
func (t *tally) prune() {
	if t.kept != nil || len(t.groups) <= t.most {
		return
	}
	ids, groups, cells := t.ranked(), t.groups, t.cells
	left := t.most / 2
	t.missed = t.size(ids[left]) // what is of no group is last, and is not asked
	t.groups, t.known, t.grouped, t.cells = nil, map[values]int{}, map[[maxBy]word]int{}, slices.Clone(cells[:1])
	for _, id := range ids[:left] {
		t.known[groups[id].values] = len(t.groups)
		t.groups, t.cells = append(t.groups, groups[id]), append(t.cells, cells[id+1])
	}
}

// tooMany are the groups to keep, where there are more than are shown, or some were forgotten, else nil. Count, or
// fold, until it is nil.
func (t *tally) tooMany() map[values]bool {
	switch {
	case t.missed > 0:
		return t.all()
	case len(t.groups) <= maxGroups || t.kept != nil && len(t.kept) <= maxGroups:
		return nil
	}
	kept := map[values]bool{}
	for _, id := range t.ranked()[:maxGroups] {
		if of := t.groups[id].values; of != t.rest() {
			kept[of] = true
		}
	}
	return kept
}

// all are the values of all groups.
func (t *tally) all() map[values]bool {
	list := map[values]bool{}
	for _, g := range t.groups {
		if g.values != t.rest() {
			list[g.values] = true
		}
	}
	return list
}

// fold makes one group of all that are not kept. It says false where only a new count can: a response, or a
// person, that is of several of them counts once in what they become, and their series were not counted.
func (t *tally) fold(kept map[values]bool) bool {
	if t.missed > 0 || t.series || t.unique != "" || slices.ContainsFunc(t.by, func(d dimension) bool { return d.set }) {
		return false
	}
	groups, cells := t.groups, t.cells
	t.kept, t.groups, t.known, t.grouped, t.cells = kept, nil, map[values]int{}, map[[maxBy]word]int{}, slices.Clone(cells[:1])
	for id, g := range groups {
		t.cell(place{all, t.group(g.values)}).add(cells[id+1][0])
	}
	return true
}
