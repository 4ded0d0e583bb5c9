package score

import (
	"slices"
	"strconv"
)

// Counts holds how often each value of a scale was answered: Counts.Of[0] for the scale's Min.
type Counts struct {
	Min int
	Of  []int
}

// minus is what is left of c without a part of it. It panics where that is of another scale, or no part: the figures
// would look right.
func (c Counts) minus(part Counts) Counts {
	left := Counts{c.Min, slices.Clone(c.Of)}
	if c.Min != part.Min || len(c.Of) != len(part.Of) {
		panic("score: counts of different scales")
	}
	for i, count := range part.Of {
		if left.Of[i] -= count; left.Of[i] < 0 {
			panic("score: counts that are not a part of the others")
		}
	}
	return left
}

func (c Counts) n() (n int) {
	for _, count := range c.Of {
		n += count
	}
	return n
}

// from counts the answers of value v and more.
func (c Counts) from(v int) (n int) {
	for i, count := range c.Of {
		if c.Min+i >= v {
			n += count
		}
	}
	return n
}

func (c Counts) distribution() map[string]int {
	d := make(map[string]int, len(c.Of))
	for i, count := range c.Of {
		d[strconv.Itoa(c.Min+i)] = count
	}
	return d
}
