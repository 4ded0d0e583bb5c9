package segment

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/askwell/askwell/collector/store"
)

// Columns of the table that hold no codes.
const (
	AtColumn      = "_at" // its counts are how many were born in each quarter of an hour
	TookColumn    = "_took"
	VisitorColumn = "_visitor"
	UserColumn    = "_user"
	RestColumn    = "_rest." // and the name of the column that it is of
)

// droppedMark stands in the dictionary of AtColumn.
const droppedMark = `["dropped"]`

// Segments is the block as it is stored; none where it is empty.
func (b *Block) Segments() ([]store.Segment, error) {
	if b.N == 0 {
		return nil, nil
	}
	list := []store.Segment{}
	add := func(name, dict string, counts, data []byte) {
		list = append(list, store.Segment{Column: name, From: b.From, Span: b.To - b.From, N: b.N, Dict: dict, Counts: counts, Data: data})
	}
	mark := "[]"
	if b.Dropped {
		mark = droppedMark
	}
	add(AtColumn, mark, b.births(), pack(b.At))
	add(TookColumn, "[]", []byte{}, pack(b.Took))
	add(VisitorColumn, "[]", []byte{}, pack(b.Visitor))
	add(UserColumn, "[]", []byte{}, pack(b.User))
	for _, name := range slices.Sorted(maps.Keys(b.Columns)) {
		c := b.Columns[name]
		dict, err := json.Marshal(c.Dict)
		if err != nil {
			return nil, err
		}
		data := c.Data
		if data == nil {
			data = []byte{}
		}
		add(name, string(dict), pack(c.Counts), data)
		if rest := b.Rests[name]; rest != nil {
			if dict, err = json.Marshal(rest.Dict); err != nil {
				return nil, err
			}
			add(RestColumn+name, string(dict), []byte{}, pack(rest.Data))
		}
	}
	return list, nil
}

// births counts those of each quarter of an hour: a few bytes that spare the reading of all births where a bucket ends.
func (b *Block) births() (counts []byte) {
	before := 0
	for from := b.From; from < b.To; from += quarter {
		n, _ := b.Before(from + quarter)
		counts = binary.AppendUvarint(counts, uint64(n-before))
		before = n
	}
	return counts
}

// quarters reads what births wrote: nil, where an older collector sealed it.
func quarters(counts []byte, n int) (list []uint32, err error) {
	if len(counts) == 0 {
		return nil, nil
	}
	sum := uint64(0)
	for len(counts) > 0 {
		born, width := binary.Uvarint(counts)
		if list, sum, counts = append(list, uint32(sum)), sum+born, counts[max(width, 0):]; width <= 0 || born > uint64(n) {
			return nil, fmt.Errorf("its births cannot be read")
		}
	}
	if sum != uint64(n) {
		return nil, fmt.Errorf("it has the births of %d responses, and is of %d", sum, n)
	}
	return list, nil
}

// Dicts keeps the dictionaries that were read: of a column, most segments have the same.
type Dicts struct {
	kept map[string][]string
	size int
}

// maxDicts is how many bytes of them are kept: a scale has one or two, pages have one a day, of perhaps
// half a megabyte.
const maxDicts = 16 << 20

// NewDicts keeps none yet.
func NewDicts() *Dicts { return &Dicts{kept: map[string][]string{}} }

func (d *Dicts) read(text string) (dict []string, err error) {
	if d == nil {
		return readList(text)
	}
	if dict, known := d.kept[text]; known {
		return dict, nil
	}
	if dict, err = readList(text); err != nil {
		return nil, err
	}
	if d.size += len(text) + 16*len(dict); d.size <= maxDicts {
		d.kept[text] = dict
	}
	return dict, nil
}

// readList reads a list of strings, fast as json.Marshal writes it: where nothing is escaped, as in most, quotes
// stand around the values alone.
func readList(text string) (list []string, err error) {
	inner, ok := strings.CutPrefix(text, `["`)
	if ok && !strings.Contains(text, `\`) {
		if inner, ok = strings.CutSuffix(inner, `"]`); ok {
			if list = strings.Split(inner, `","`); strings.Count(inner, `"`) == 2*(len(list)-1) {
				return list, nil
			}
		}
	}
	list = nil
	err = json.Unmarshal([]byte(text), &list)
	return list, err
}

// Read puts a stored column into its block. What was read without data has none. It keeps the dictionary and the
// data, and not the rest of what it is given.
func (b *Block) Read(g *store.Segment, data bool, dicts *Dicts) error {
	damaged := func(what string) error { return fmt.Errorf("segment %s at %d is damaged: %s", g.Column, g.From, what) }
	if g.N < 1 || g.Span < 1 || g.Span > Day {
		return damaged(fmt.Sprintf("it has %d responses in %d ms", g.N, g.Span))
	}
	if b.N > 0 && (b.From != g.From || b.To != g.From+g.Span || b.N != g.N) {
		return damaged("it is not of the same responses as the column beside it")
	}
	b.From, b.To, b.N = g.From, g.From+g.Span, g.N
	width := 0
	switch {
	case g.Column == AtColumn:
		b.Dropped = g.Dict == droppedMark
		var err error
		if b.Quarters, err = quarters(g.Counts, g.N); err == nil && b.Quarters != nil && int64(len(b.Quarters)) != (g.Span+quarter-1)/quarter {
			err = fmt.Errorf("it has the births of %d quarters of an hour", len(b.Quarters))
		}
		if err != nil {
			return damaged(err.Error())
		}
		b.At, width = unpack[uint32](g.Data), 4
	case g.Column == TookColumn:
		b.Took, width = unpack[uint32](g.Data), 4
	case g.Column == VisitorColumn:
		b.Visitor, width = unpack[uint64](g.Data), 8
	case g.Column == UserColumn:
		b.User, width = unpack[uint64](g.Data), 8
	case strings.HasPrefix(g.Column, RestColumn):
		rest, err := readRest(g)
		if err != nil {
			return damaged(err.Error())
		}
		if b.Rests == nil {
			b.Rests = map[string]*Rest{}
		}
		b.Rests[strings.TrimPrefix(g.Column, RestColumn)] = rest
	default:
		c := &Column{Counts: unpack[uint32](g.Counts), Data: g.Data}
		var err error
		if c.Dict, err = dicts.read(g.Dict); err != nil {
			return damaged(err.Error())
		}
		if len(c.Counts) != len(c.Dict) || len(c.Dict) > OtherCode+1 {
			return damaged(fmt.Sprintf("it has %d values, and counts of %d", len(c.Dict), len(c.Counts)))
		}
		total, alike := 0, false
		for _, n := range c.Counts {
			total, alike = total+int(n), alike || int(n) == g.N
		}
		if total != g.N || data && !alike && len(g.Data) == 0 {
			return damaged(fmt.Sprintf("its counts are of %d responses, and it has %d bytes for %d", total, len(g.Data), g.N))
		}
		if b.Columns == nil {
			b.Columns = map[string]*Column{}
		}
		b.Columns[g.Column] = c
		if len(g.Data) > 0 {
			width = 1
		}
	}
	if data && width > 0 && len(g.Data) != width*g.N { // where all are alike, there is none
		return damaged(fmt.Sprintf("it has %d bytes for %d responses", len(g.Data), g.N))
	}
	return nil
}

func readRest(g *store.Segment) (*Rest, error) {
	dict, err := readList(g.Dict)
	if err != nil {
		return nil, err
	}
	rest := &Rest{Dict: dict, Data: unpack[uint16](g.Data)}
	for _, place := range rest.Data {
		if int(place) >= len(dict) {
			return nil, fmt.Errorf("it has %d values, and one more", len(dict))
		}
	}
	return rest, nil
}

// Holds says whether the columns that every block has were read with data, of those that are wanted.
func (b *Block) Holds(columns ...string) error {
	for name, n := range map[string]int{AtColumn: len(b.At), TookColumn: len(b.Took), VisitorColumn: len(b.Visitor), UserColumn: len(b.User)} {
		if n != b.N && slices.Contains(columns, name) {
			return fmt.Errorf("segment %s at %d is damaged: it is not there", name, b.From)
		}
	}
	return nil
}

// pack writes numbers, little endian.
func pack[T uint16 | uint32 | uint64](list []T) []byte {
	out, _ := binary.Append([]byte{}, binary.LittleEndian, list) // a list of numbers is no error
	return out
}

func unpack[T uint16 | uint32 | uint64](data []byte) []T {
	out := make([]T, len(data)/binary.Size(T(0)))
	_, _ = binary.Decode(data, binary.LittleEndian, out) // it has as many
	return out
}
