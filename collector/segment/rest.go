package segment

import (
	"bytes"
	"cmp"
	"slices"
)

// Rest is the values of a column that have no code of their own, for filters: they are asked for one by one, and not counted.
type Rest struct {
	Dict []string
	Data []uint16 // of each response that has OtherCode, in turn: which
}

// Narrow leaves, of the responses of a block, those whose value of a column is kept, where not all values have a code: so those
// that are kept have one now. It says false where the others are not known.
func (b *Block) Narrow(name string, keeps func(value string) bool) bool {
	c, rest := b.Column(name), b.Rests[name]
	if rest == nil || bytes.Count(c.Data, []byte{OtherCode}) != len(rest.Data) || len(c.Dict) <= OtherCode {
		return false
	}
	of := append(c.Dict[:OtherCode:OtherCode], rest.Dict...) // by code, and behind the codes by place
	counts, kept := make([]uint32, len(of)), make([]bool, len(of))
	copy(counts, c.Counts[:OtherCode])
	for _, place := range rest.Data {
		counts[OtherCode+int(place)]++
	}
	var order []int
	for at, value := range of {
		if kept[at] = counts[at] > 0 && keeps(value); kept[at] && at != NoneCode {
			order = append(order, at)
		}
	}
	slices.SortFunc(order, func(x, y int) int { return cmp.Or(cmp.Compare(counts[y], counts[x]), cmp.Compare(of[x], of[y])) })
	out, to := &Column{Dict: []string{""}, Counts: []uint32{0}, Data: make([]byte, b.N)}, make([]byte, len(of))
	for i, at := range order {
		if i >= maxValues {
			to[at] = OtherCode
			continue
		}
		to[at] = byte(i + 1)
		out.Dict = append(out.Dict, of[at])
	}
	if len(order) > maxValues {
		out.Dict = append(out.Dict, Other)
	}
	out.Counts = make([]uint32, len(out.Dict))
	if b.left == nil {
		b.left = make([]bool, b.N)
	}
	others := 0
	for i, code := range c.Data {
		at := int(code)
		if code == OtherCode {
			at += int(rest.Data[others])
			others++
		}
		b.left[i] = b.left[i] || !kept[at]
		out.Data[i] = to[at]
		out.Counts[to[at]]++
	}
	if b.narrowed == nil {
		b.narrowed = map[string]bool{}
	}
	b.Columns[name], b.narrowed[name] = out, true
	return true
}

// Narrowed says whether a column has only what its filters keep.
func (b *Block) Narrowed(name string) bool { return b.narrowed[name] }

// Left are the responses that were left out by Narrow, nil where it was not asked.
func (b *Block) Left() []bool { return b.left }
