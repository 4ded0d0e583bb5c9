package report

import (
	"slices"

	"github.com/askwell/askwell/collector/segment"
)

// place notes in r.places where the value of each response is counted: nowhere, where it has none, or the
// filters do not keep it. It says false where they keep none.
func (r *reading) place(b *segment.Block, s *source, column *segment.Column, values map[string]int, filtered bool) bool {
	r.places = slices.Grow(r.places[:0], b.N)[:b.N]
	of, places := placesOf(column, values), r.places
	for i, code := range column.Bytes(b.N) {
		places[i] = of[code]
	}
	if filtered {
		return true
	}
	for i := range r.filters {
		f := &r.filters[i]
		bound := f.bind(s)
		if bound.fixed != nil {
			if !f.keeps(*bound.fixed) {
				return false
			}
			continue
		}
		if b.Narrowed(bound.column) {
			continue
		}
		c := b.Column(bound.column)
		var drop [256]byte // as bits that make any place unanswered: no branch for the processor to guess
		for code := range drop {
			if code >= len(c.Dict) || code == segment.OtherCode || !f.keeps(bound.of(c.Dict[code])) {
				drop[code] = unanswered
			}
		}
		if len(c.Data) == 0 {
			if b.N > 0 && drop[c.Code(0)] != 0 {
				return false
			}
			continue
		}
		for i, code := range c.Data[:len(places)] {
			places[i] |= drop[code]
		}
	}
	for i, left := range b.Left() {
		if left {
			places[i] = unanswered
		}
	}
	return true
}

// rows counts responses into local, by the place of the value and the codes of the groups. Of two
// dimensions there are a million places, so those in use are noted.
func (t *tally) rows(v *view, low, high int) {
	if t.local == nil {
		t.local = make([]uint32, 16<<(8*len(v.codes)))
	}
	local, places := t.local, v.places
	switch len(v.codes) {
	case 0:
		for _, place := range places[low:high] {
			local[place&15]++
		}
	case 1:
		first := v.codes[0][:len(places)]
		for i := low; i < high; i++ {
			local[int(first[i])<<4|int(places[i]&15)]++
		}
	default:
		first, second := v.codes[0][:len(places)], v.codes[1][:len(places)]
		for i := low; i < high; i++ {
			if places[i] == unanswered { // of a filtered query most are
				continue
			}
			at := int(second[i])<<12 | int(first[i])<<4 | int(places[i]&15)
			if local[at]++; local[at] == 1 {
				t.touched = append(t.touched, at)
			}
		}
	}
}

// settle moves what was counted in local to the cells, a pair of codes at a time.
func (t *tally) settle(v *view) {
	var total cell
	move := func(at int) {
		counts, any := t.local[at&^15:][:len(t.values)], uint32(0)
		for i, n := range counts {
			total.counts[i] += int(n)
			any |= n
		}
		if any > 0 {
			t.into = t.appendGroupCells(t.into[:0], v, at>>4)
			for _, c := range t.into {
				for i, n := range counts {
					c.counts[i] += int(n)
				}
			}
		}
		clear(t.local[at&^15:][:16])
	}
	if len(v.codes) < 2 {
		for at := 0; at < len(t.local); at += 16 {
			move(at)
		}
	}
	for _, at := range t.touched {
		if t.local[at] > 0 { // else it went with another value of its pair
			move(at)
		}
	}
	t.touched = t.touched[:0]
	if total.counts == (cell{}).counts {
		return
	}
	for _, c := range t.appendTotals(nil, v) {
		for i, n := range total.counts {
			c.counts[i] += n
		}
	}
}

// cellsOf are all cells in which a response with a pair of codes counts.
func (t *tally) cellsOf(v *view, pair int) []*cell {
	if len(v.codes) > 1 {
		if v.pairs[pair] == nil {
			if v.pairs == nil {
				v.pairs = map[int][]*cell{}
			}
			v.pairs[pair] = t.appendGroupCells(t.appendTotals(nil, v), v, pair)
		}
		return v.pairs[pair]
	}
	if v.singles[pair] == nil {
		v.singles[pair] = t.appendGroupCells(t.appendTotals(nil, v), v, pair)
	}
	return v.singles[pair]
}

// appendTotals adds the cells of all groups.
func (t *tally) appendTotals(cells []*cell, v *view) []*cell {
	cells = append(cells, t.cell(place{all, all}))
	if t.series {
		cells = append(cells, t.cell(place{v.bucket, all}))
	}
	return cells
}

// appendGroupCells adds those of the groups of a pair of codes.
func (t *tally) appendGroupCells(cells []*cell, v *view, pair int) []*cell {
	if len(v.codes) == 0 {
		return cells
	}
	t.ids = t.appendGroups(t.ids[:0], v, pair)
	// Of more groups, all are counted again; more figures are refused, so their cells need no memory.
	series := t.series && len(t.groups) <= maxGroups+1 && t.made <= len(t.groups)+len(t.period.ends)+maxFigures
	for _, g := range t.ids {
		cells = append(cells, t.cell(place{all, g}))
		if series {
			cells = append(cells, t.cell(place{v.bucket, g}))
		}
	}
	return cells
}

// people counts one answer a person in each cell, the latest.
func (t *tally) people(v *view, low, high int) {
	ids := v.block.Visitor
	if t.unique == "user" {
		ids = v.block.User
	}
	for i := high - 1; i >= low; i-- {
		value := v.places[i]
		if value == unanswered {
			continue
		}
		if ids[i] == 0 {
			t.without++
			continue
		}
		for _, c := range t.cellsOf(v, v.pair(i)) {
			if _, before := c.seen[ids[i]]; before {
				continue
			}
			if c.seen == nil {
				c.seen = map[uint64]struct{}{}
			}
			c.seen[ids[i]] = struct{}{}
			c.counts[value]++
		}
	}
}

// times notes how long those took who completed.
func (t *tally) times(v *view, low, high int) {
	for i := low; i < high; i++ {
		if v.block.Took[i] == 0 || v.places[i] == unanswered {
			continue
		}
		for _, c := range t.cellsOf(v, v.pair(i)) {
			c.time(v.block.Took[i]/100, 1)
		}
	}
}
