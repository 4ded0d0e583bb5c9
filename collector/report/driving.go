package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/askwell/askwell/collector/segment"
)

// maxSkipped is how many of the dimensions that are not looked at are named.
const maxSkipped = 100

// driving are the dimensions that were named, or else all that a visitor's experience may have to do
// with: choices, pages, triggers, traits, hidden fields and what a response came from. Where those are too many, the
// hidden fields and traits that most responses have, for pages make up as many as they like; and the names of the others.
func (p *plan) driving(wanted []string) (list []dimension, skipped []string, err error) {
	var wrong problems
	if len(wanted) > maxDimension {
		wrong.add("dimension", "there are %d, at most %d are allowed", len(wanted), maxDimension)
	}
	if len(wanted) > 0 {
		list = dimensions("dimension", wanted, p.sources, &wrong)
		return list, nil, wrong.err()
	}
	columns := map[string]bool{}
	for _, s := range p.sources {
		found, err := p.columns(s)
		if err != nil {
			return nil, nil, err
		}
		for _, name := range found {
			columns[name] = true
		}
	}
	first := []string{segment.Page, segment.Trigger, segment.Device, byTouchpoint, segment.Language, segment.Country, segment.Browser, segment.System, segment.Channel}
	names := slices.DeleteFunc(first, func(name string) bool { return name != byTouchpoint && !columns[name] })
	kinds := []string{segment.Answer, segment.Hidden, segment.Trait}
	rank := func(name string) int {
		return slices.IndexFunc(kinds, func(kind string) bool { return strings.HasPrefix(name, kind) })
	}
	fixed := len(names)
	for name := range columns {
		if rank(name) >= 0 && !p.asks(name) {
			names = append(names, name)
		}
	}
	made := names[fixed:]
	have := map[string]int{}
	if len(names) > maxDimension { // else it does not matter
		if have, err = p.having(made); err != nil {
			return nil, nil, err
		}
	}
	slices.SortFunc(made, func(a, b string) int {
		return cmp.Or(rank(a)-rank(b), have[b]-have[a], strings.Compare(a, b))
	})
	for _, name := range names {
		d, ok := findDimension(name, p.sources)
		switch {
		case !ok:
		case len(list) < maxDimension:
			list = append(list, d)
		case len(skipped) < maxSkipped:
			skipped = append(skipped, name)
		}
	}
	return list, skipped, nil
}

// having counts the responses that have hidden fields and traits.
func (p *plan) having(names []string) (map[string]int, error) {
	have := map[string]int{}
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return strings.HasPrefix(name, segment.Answer) })
	add := func(b *segment.Block, names []string) {
		for _, name := range names {
			have[name] += b.N - int(b.Column(name).Counts[segment.NoneCode])
		}
	}
	for _, s := range p.sources {
		spans, err := p.spans(s, p.period, true)
		if err != nil {
			return nil, err
		}
		sealed := slices.DeleteFunc(slices.Clone(spans), func(s span) bool { return !s.sealed })
		for i := range sealed {
			sealed[i].whole = true // what they say of all their responses is enough to choose
		}
		for some := range slices.Chunk(names, 50) { // each is a cursor
			if err := p.blocks(sealed, some, false, func(b *segment.Block, _ *span, _ bool) error {
				add(b, some)
				return nil
			}); err != nil {
				return nil, err
			}
		}
		if err := p.unsealed(spans, func(b *segment.Block) { add(b, names) }); err != nil {
			return nil, err
		}
	}
	return have, nil
}

// asks says whether a column is the answers that are counted.
func (p *plan) asks(column string) bool {
	return slices.ContainsFunc(p.sources, func(s *source) bool { return segment.Answer+s.Question == column })
}

// columns lists those of a source in the plan's period, sealed or not.
func (p *plan) columns(s *source) ([]string, error) {
	from, to := p.period.fromMS(), p.period.toMS()
	names, err := p.at.Columns(p.ctx, s.Site, s.Survey, from-segment.Day, to)
	if err != nil {
		return nil, err
	}
	spans, err := p.spans(s, p.period, true)
	if err != nil {
		return nil, err
	}
	err = p.unsealed(spans, func(b *segment.Block) { names = slices.AppendSeq(names, maps.Keys(b.Columns)) })
	return names, err
}

// unsealed hands over the blocks of the spans that are rows yet.
func (p *plan) unsealed(spans []span, each func(*segment.Block)) error {
	for i := range spans {
		if spans[i].sealed {
			continue
		}
		b, err := p.block(&spans[i], nil)
		if err != nil {
			return err
		}
		each(b)
	}
	return nil
}
