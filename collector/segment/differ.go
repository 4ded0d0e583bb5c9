package segment

import (
	"maps"
	"slices"
	"strings"

	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

// comparison is of a block with its responses.
type comparison struct {
	block     *Block
	dicts     map[string]map[string]bool // the values that have a code
	differing map[string]bool
	others    map[string]int // how many had OtherCode so far
	n         int
}

// Differ recounts the columns of a block against the responses that they were made of, one by one, and
// names those that differ.
func Differ(definitions []*survey.Definition, columns []store.Segment, each func(func(*store.Response) error) error) ([]string, error) {
	c := &comparison{block: &Block{}, dicts: map[string]map[string]bool{}, differing: map[string]bool{}, others: map[string]int{}}
	for i := range columns {
		if c.block.Read(&columns[i], true, nil) != nil {
			c.differing[columns[i].Column] = true
		}
	}
	if err := c.block.Holds(AtColumn, TookColumn, VisitorColumn, UserColumn); err != nil || len(c.differing) > 0 {
		return slices.Sorted(maps.Keys(c.differing)), err // nothing to compare with
	}
	for name, column := range c.block.Columns {
		c.dict(name, column)
	}
	c.quarters()
	for name, rest := range c.block.Rests {
		c.rest(name, rest)
	}
	schema := NewSchema(definitions)
	if err := each(func(r *store.Response) error {
		row, err := schema.Row(r)
		if err == nil {
			c.add(row)
		}
		return err
	}); err != nil {
		return nil, err
	}
	if c.n != c.block.N {
		c.differing[AtColumn] = true
	}
	return slices.Sorted(maps.Keys(c.differing)), nil
}

// dict looks at a column by itself: its counts are of its data, and each value has one code.
func (c *comparison) dict(name string, column *Column) {
	known, counts := map[string]bool{}, make([]uint32, 256)
	for code, value := range column.Dict {
		if code != OtherCode {
			c.differing[name] = c.differing[name] || known[value] || (value == "") != (code == NoneCode)
			known[value] = true
		}
	}
	for _, code := range column.Bytes(c.block.N) {
		counts[code]++
	}
	if !slices.Equal(counts[:len(column.Counts)], column.Counts) || slices.ContainsFunc(counts[len(column.Counts):], func(n uint32) bool { return n > 0 }) {
		c.differing[name] = true
	}
	if c.dicts[name] = known; !c.differing[name] {
		delete(c.differing, name)
	}
}

// quarters looks at how many were born when, which older collectors did not note.
func (c *comparison) quarters() {
	noted := c.block.Quarters
	if c.block.Quarters = nil; noted == nil {
		return
	}
	if counted, err := quarters(c.block.births(), c.block.N); err != nil || !slices.Equal(noted, counted) {
		c.differing[AtColumn] = true
	}
}

// rest looks at the values without a code by themselves: there is one of each response that has such, and none twice.
func (c *comparison) rest(name string, rest *Rest) {
	known := maps.Clone(c.dicts[name])
	wrong := known == nil || !c.block.Columns[name].Overflows() || int(c.block.Columns[name].Counts[OtherCode]) != len(rest.Data)
	for _, value := range rest.Dict {
		if wrong = wrong || known[value]; wrong {
			break
		}
		known[value] = true
	}
	if wrong {
		c.differing[RestColumn+name] = true
		delete(c.block.Rests, name)
	}
}

// add compares the next response.
func (c *comparison) add(row *Row) {
	b, i := c.block, c.n
	if c.n++; i >= b.N {
		return
	}
	for name, same := range map[string]bool{AtColumn: row.At == b.From+int64(b.At[i]), TookColumn: tookOf(row) == b.Took[i], VisitorColumn: row.Visitor == b.Visitor[i], UserColumn: row.User == b.User[i]} {
		if !same {
			c.differing[name] = true
		}
	}
	for name, column := range b.Columns {
		value, code := row.Values[name], int(column.Code(i))
		if code == OtherCode && (value == "" || c.dicts[name][value]) || code != OtherCode && (code >= len(column.Dict) || column.Dict[code] != value) {
			c.differing[name] = true
		}
		if rest, i := c.block.Rests[name], c.others[name]; rest != nil && code == OtherCode {
			if c.others[name]++; rest.Dict[rest.Data[i]] != value {
				c.differing[RestColumn+name] = true
			}
		}
	}
	for name := range row.Values {
		if b.Columns[name] == nil && !(b.Dropped && strings.HasPrefix(name, Trait)) {
			c.differing[name] = true
		}
	}
}
