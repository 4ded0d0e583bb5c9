package segment

import (
	"sort"
	"strings"

	"github.com/askwell/askwell/collector/store"
)

// Codes that are no places in the order of values.
const (
	NoneCode  = 0 // the response has no value
	OtherCode = 255
)

// Other stands for all values of a column beyond its most frequent.
const Other = "(other)"

// Block is the responses that were born in [From, To), in the order of their births.
type Block struct {
	From, To int64
	N        int
	At       []uint32 // since From, in ms; nil where it was not read
	Quarters []uint32 // how many were born before each quarter of an hour since From; nil where that is not known
	Took     []uint32 // ms, 0 where it was not completed
	Visitor  []uint64
	User     []uint64
	Columns  map[string]*Column
	Rests    map[string]*Rest // by column, those that were read
	Dropped  bool             // there were more traits than columns for them

	left     []bool // what a filter does not keep: see Narrow
	narrowed map[string]bool
}

// quarter is a quarter of an hour in milliseconds: all days and hours of all of today's time zones begin at one.
const quarter = store.Hour / 4

// Before is how many were born before a time, and whether that is known.
func (b *Block) Before(at int64) (int, bool) {
	since := at - b.From
	switch {
	case since <= 0:
		return 0, true
	case at >= b.To:
		return b.N, true
	case b.Quarters != nil && since%quarter == 0:
		return int(b.Quarters[since/quarter]), true
	case len(b.At) != b.N:
		return 0, false
	}
	return sort.Search(b.N, func(i int) bool { return int64(b.At[i]) >= since }), true
}

// Column is a value of each response.
type Column struct {
	Dict   []string // by code; "" for NoneCode
	Counts []uint32 // by code
	Data   []byte   // a code a response; empty where all have the same
}

// Code is the code of response i.
func (c *Column) Code(i int) byte {
	if len(c.Data) == 0 {
		return c.only()
	}
	return c.Data[i]
}

// only is the code of all responses, where they have the same.
func (c *Column) only() byte {
	for code, n := range c.Counts {
		if n > 0 {
			return byte(code)
		}
	}
	return NoneCode
}

// Bytes is the data in full.
func (c *Column) Bytes(n int) []byte {
	if len(c.Data) == n {
		return c.Data
	}
	data := make([]byte, n)
	if only := c.only(); only != NoneCode {
		for i := range data {
			data[i] = only
		}
	}
	return data
}

// Overflows says whether some values are lost to Other.
func (c *Column) Overflows() bool { return len(c.Counts) > OtherCode && c.Counts[OtherCode] > 0 }

// absent is a column that no response has.
func absent(n int) *Column { return &Column{Dict: []string{""}, Counts: []uint32{uint32(n)}} }

// Column is a column by its name.
func (b *Block) Column(name string) *Column {
	if c := b.Columns[name]; c != nil {
		return c
	}
	return absent(b.N)
}

// Lacks says whether a column may have values that the block does not hold.
func (b *Block) Lacks(name string) bool {
	return b.Dropped && strings.HasPrefix(name, Trait) && b.Columns[name] == nil
}
