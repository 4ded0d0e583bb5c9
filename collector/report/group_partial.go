package report

import "github.com/askwell/askwell/collector/segment"

// lost is what is not known of a dimension, where blocks have more values than codes: which those are that have none.
type lost struct {
	blocks int
	coded  map[word]int // in how many of the blocks a value has a code, so that none of it is lost
}

// lose notes whether answers of a block are of values that have no code in a dimension.
func (t *tally) lose(dimension int, v *view) {
	c, labels, of := v.codes[dimension], v.labels[dimension], &t.lost[dimension]
	low, _ := v.block.Before(t.period.fromMS())
	high, _ := v.block.Before(t.period.toMS())
	if labels.one[segment.OtherCode] == 0 && labels.some == nil {
		return // as in most: it has fewer values
	}
	for i := low; i < high; i++ {
		if c[i] != segment.OtherCode || v.places[i] == unanswered {
			continue
		}
		if of.blocks++; of.coded == nil {
			of.coded = map[word]int{}
		}
		for code := 1; code < segment.OtherCode && labels.some == nil; code++ { // several values at once may be any
			of.coded[labels.one[code]]++
		}
		return
	}
}

// others is how much is of no group of its own.
func (t *tally) others() int {
	if id, is := t.known[t.rest()]; is {
		return sum(t.counts(place{all, id}))
	}
	return 0
}

// partial says whether answers of a group may be missing from it, and be in (other).
func (t *tally) partial(id int) bool {
	for i := range t.by {
		value, of := t.groups[id].values[i], &t.lost[i]
		if value != "" && value != segment.Other && of.coded[t.wordsOf[value]] < of.blocks {
			return true
		}
	}
	return false
}
