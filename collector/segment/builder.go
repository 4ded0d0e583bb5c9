package segment

import (
	"cmp"
	"slices"
	"strings"
)

// Bounds, so that a hostile page cannot blow a segment up.
const (
	maxValues = 254     // of a column, the most frequent; the rest is OtherCode
	maxTraits = 64      // columns of traits, the most frequent
	maxRest   = 1 << 20 // bytes of the other values of a column

	// While a block is collected, to find those: of 100,000 responses with 50 traits of random names, all would be gigabytes.
	maxSeenValues = 1<<16 - 2
	maxSeenTraits = 256
	overflowCode  = 1<<16 - 1
)

// Builder collects responses, in the order of their births, for a Block.
type Builder struct {
	block   *Block
	columns map[string]*collected
	always  map[string]bool
	traits  int
}

type collected struct {
	codes  []uint16 // up to the last response that has a value
	values []string
	code   map[string]uint16
}

// NewBuilder begins a block of [from, to), which is a day at most. Some columns are in it however many
// there are.
func NewBuilder(from, to int64, always ...string) *Builder {
	b := &Builder{block: &Block{From: from, To: to}, columns: map[string]*collected{}, always: map[string]bool{}}
	for _, name := range always {
		b.always[name] = true
	}
	return b
}

// Add takes the next response.
func (b *Builder) Add(row *Row) {
	k := b.block
	k.At = append(k.At, uint32(row.At-k.From))
	k.Took = append(k.Took, tookOf(row))
	k.Visitor, k.User = append(k.Visitor, row.Visitor), append(k.User, row.User)
	for name, value := range row.Values {
		if c := b.column(name); c != nil {
			c.add(k.N, value)
		}
	}
	k.N++
}

// tookOf is how long it took to complete, as a block has it.
func tookOf(row *Row) uint32 { return uint32(min(max(row.TookMS, 0), 1<<31)) }

// column is where the values of a column go, nil where there are too many columns.
func (b *Builder) column(name string) *collected {
	c := b.columns[name]
	if c != nil {
		return c
	}
	if strings.HasPrefix(name, Trait) && !b.always[name] {
		if b.traits == maxSeenTraits {
			b.block.Dropped = true
			return nil
		}
		b.traits++
	}
	c = &collected{code: map[string]uint16{}, values: []string{""}}
	b.columns[name] = c
	return c
}

// add notes the value of response i.
func (c *collected) add(i int, value string) {
	code, known := c.code[value]
	switch {
	case known:
	case len(c.values) > maxSeenValues:
		code = overflowCode
	default:
		code = uint16(len(c.values))
		c.values, c.code[value] = append(c.values, value), code
	}
	c.codes = append(append(c.codes, make([]uint16, i-len(c.codes))...), code) // those before had no value
}

// Block ends the collection.
func (b *Builder) Block() *Block {
	k := b.block
	k.Columns, k.Rests = make(map[string]*Column, len(b.columns)), map[string]*Rest{}
	for name, c := range b.columns {
		var rest *Rest
		if k.Columns[name], rest = c.column(k.N); rest != nil {
			k.Rests[name] = rest
		}
	}
	k.dropTraits(b.always)
	for name := range b.always {
		if k.Columns[name] == nil {
			k.Columns[name] = absent(k.N)
		}
	}
	return k
}

// column gives the most frequent values a code each, and says which the others are, where those are not too many.
func (c *collected) column(n int) (*Column, *Rest) {
	counts, overflow := make([]uint32, len(c.values)), uint32(0)
	for _, code := range c.codes {
		if code == overflowCode {
			overflow++
		} else {
			counts[code]++
		}
	}
	counts[NoneCode] += uint32(n - len(c.codes))
	order := make([]uint16, len(c.values)-1)
	for i := range order {
		order[i] = uint16(i + 1)
	}
	slices.SortFunc(order, func(a, b uint16) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(c.values[a], c.values[b]))
	})
	// Those that have a code are in the order of their text: so most segments have the same dictionary.
	slices.SortFunc(order[:min(len(order), maxValues)], func(a, b uint16) int { return strings.Compare(c.values[a], c.values[b]) })
	out := &Column{Dict: []string{""}, Counts: []uint32{counts[NoneCode]}}
	to := make([]byte, len(c.values))
	for place, code := range order {
		if place < maxValues {
			to[code] = byte(len(out.Dict))
			out.Dict, out.Counts = append(out.Dict, c.values[code]), append(out.Counts, counts[code])
			continue
		}
		if place == maxValues {
			out.Dict, out.Counts = append(out.Dict, Other), append(out.Counts, 0)
		}
		to[code] = OtherCode
		out.Counts[OtherCode] += counts[code]
	}
	if overflow > 0 { // so there are more than maxValues
		out.Counts[OtherCode] += overflow
	}
	if slices.Contains(out.Counts, uint32(n)) {
		return out, nil // all are alike
	}
	out.Data = make([]byte, n)
	for i, code := range c.codes {
		if out.Data[i] = OtherCode; code != overflowCode {
			out.Data[i] = to[code]
		}
	}
	if len(order) <= maxValues || overflow > 0 {
		return out, nil
	}
	return out, c.rest(order[maxValues:])
}

// rest is of the values that have no code of their own, nil where they are too long.
func (c *collected) rest(order []uint16) *Rest {
	rest, places, size := &Rest{}, make(map[uint16]uint16, len(order)), 0
	for place, code := range order {
		places[code] = uint16(place)
		rest.Dict = append(rest.Dict, c.values[code])
		if size += len(c.values[code]); size > maxRest {
			return nil
		}
	}
	for _, code := range c.codes {
		if place, is := places[code]; is {
			rest.Data = append(rest.Data, place)
		}
	}
	return rest
}

// dropTraits keeps the traits that most responses have, and those that are always kept.
func (b *Block) dropTraits(always map[string]bool) {
	var traits []string
	for name := range b.Columns {
		if strings.HasPrefix(name, Trait) && !always[name] {
			traits = append(traits, name)
		}
	}
	if len(traits) <= maxTraits {
		return
	}
	slices.SortFunc(traits, func(x, y string) int {
		return cmp.Or(cmp.Compare(b.Columns[x].Counts[NoneCode], b.Columns[y].Counts[NoneCode]), strings.Compare(x, y))
	})
	for _, name := range traits[maxTraits:] {
		delete(b.Columns, name)
		delete(b.Rests, name)
	}
	b.Dropped = true
}
