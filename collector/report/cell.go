package report

import (
	"maps"
	"slices"
)

// place is where a cell lies; all stands for all buckets, or all groups.
type place struct{ bucket, group int }

const all = -1

type cell struct {
	counts [maxWidth]int
	timed  int
	quick  []uint32            // how many took so many tenths of a second, where many are timed
	slow   map[uint32]int      // and of those that took long; of all, where few are
	seen   map[uint64]struct{} // whose answer is in it, where one a person counts
}

// find is the cell of a place, nil where there is none.
func (t *tally) find(at place) *cell {
	if at.group+1 < len(t.cells) && at.bucket+1 < len(t.cells[at.group+1]) {
		return t.cells[at.group+1][at.bucket+1]
	}
	return nil
}

func (t *tally) cell(at place) *cell {
	if c := t.find(at); c != nil {
		return c
	}
	for len(t.cells) < at.group+2 {
		t.cells = append(t.cells, nil)
	}
	row := &t.cells[at.group+1]
	switch {
	case at.bucket == all && *row == nil:
		*row = make([]*cell, 1)
	case len(*row) < at.bucket+2:
		*row = append(*row, make([]*cell, len(t.period.ends)+1-len(*row))...)
	}
	c := &cell{}
	(*row)[at.bucket+1] = c
	t.made++
	return c
}

// counts are those of a place, zeros where nothing was counted.
func (t *tally) counts(at place) []int {
	c := t.find(at)
	if c == nil {
		c = &cell{}
	}
	return c.counts[:len(t.values)]
}

func sum(counts []int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

const (
	maxQuick = 4096 // seven minutes: what took longer is rare
	maxFew   = 200  // a table of 16 kB is for cells that have more
)

// time notes that some took so many tenths of a second.
func (c *cell) time(tenths uint32, n int) {
	few := c.timed <= maxFew
	if c.timed += n; few && c.timed > maxFew {
		for tenths, n := range c.slow {
			if tenths < maxQuick {
				c.note(tenths, uint32(n))
				delete(c.slow, tenths)
			}
		}
	}
	if c.timed > maxFew && tenths < maxQuick {
		c.note(tenths, uint32(n))
		return
	}
	if c.slow == nil {
		c.slow = map[uint32]int{}
	}
	c.slow[tenths] += n
}

func (c *cell) note(tenths, n uint32) {
	if int(tenths) >= len(c.quick) {
		c.quick = append(c.quick, make([]uint32, int(tenths)+1-len(c.quick))...)
	}
	c.quick[tenths] += n
}

// add counts what another cell has.
func (c *cell) add(other *cell) {
	for i, n := range other.counts {
		c.counts[i] += n
	}
	for tenths, n := range other.quick {
		if n > 0 {
			c.time(uint32(tenths), int(n))
		}
	}
	for tenths, n := range other.slow {
		c.time(tenths, n)
	}
}

// median is of how long completing took, in milliseconds, -1 where nobody did.
func (c *cell) median() int64 {
	n := 0
	for _, k := range c.quick {
		n += int(k)
	}
	for _, k := range c.slow {
		n += k
	}
	if n == 0 {
		return -1
	}
	passed := 0
	for tenths, k := range c.quick {
		if passed += int(k); 2*passed >= n {
			return int64(tenths) * 100
		}
	}
	for _, tenths := range slices.Sorted(maps.Keys(c.slow)) {
		if passed += c.slow[tenths]; 2*passed >= n {
			return int64(tenths) * 100
		}
	}
	return -1
}
