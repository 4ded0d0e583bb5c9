package report

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/askwell/askwell/collector/segment"
	"github.com/askwell/askwell/collector/survey"
)

// What belongs to a source as a whole, or to a version of its survey.
const (
	bySite       = "site"
	bySurvey     = "survey"
	byTouchpoint = "touchpoint"
)

// dimension is something that figures can be broken down or filtered by.
type dimension struct {
	name   string
	values []string      // the only ones there are; nil: any
	number bool          // values are numbers: a filter may give ranges
	scale  *survey.Scale // of those numbers, where they are answers
	set    bool          // a response may have several values
}

// binding is where a source has a dimension.
type binding struct {
	column string            // of segments
	label  map[string]string // of the column's values; nil: they say it themselves
	fixed  *string           // all responses of the source have this
	set    bool
}

// of is the value of a dimension, from that of the column.
func (b *binding) of(value string) string {
	switch {
	case b.fixed != nil:
		return *b.fixed
	case b.label != nil:
		return b.label[value]
	}
	return value
}

// findDimension finds a dimension by its name in one of the sources at least, and what is there where it is not.
func findDimension(name string, sources []*source) (dimension, bool) {
	d := dimension{name: name}
	kind, rest, _ := strings.Cut(name, ".")
	switch {
	case name == segment.Version:
		d.number = true
		return d, true
	case name == segment.Device:
		d.values = []string{"desktop", "mobile", "tablet", "other"}
		return d, true
	case slices.Contains(segment.Fixed, name) || name == bySite || name == bySurvey || name == byTouchpoint:
		return d, true
	case kind+"." == segment.Trait && rest != "" && len(rest) <= 240:
		return d, true
	case kind+"." == segment.Hidden:
		found := false
		for _, s := range sources {
			for _, definition := range s.definitions {
				if is := definition.Hidden[rest]; is != "" {
					d.number, found = is == "number" && (d.number || !found), true // a number in all versions
				}
			}
		}
		return d, found
	case kind+"." == segment.Answer:
		found := false
		for _, s := range sources {
			for id, q := range s.schema {
				if !slices.Contains(s.columnsOf(id), name) {
					continue
				}
				found = true
				d.set = d.set || segment.IsSet(q)
				if scale := q.Scale(); scale != nil {
					if d.number = true; d.scale != nil { // of several sources: what any of them has
						scale = &survey.Scale{Min: min(scale.Min, d.scale.Min), Max: max(scale.Max, d.scale.Max)}
					}
					d.scale = scale
					continue
				}
				d.values = append(d.values, s.answersTo(id)...)
			}
		}
		slices.Sort(d.values)
		d.values = slices.Compact(d.values)
		return d, found
	}
	return d, false
}

// columnsOf lists the columns that answers to a question make, over all versions of it: what a matrix has lost was answered.
func (s *source) columnsOf(id string) (columns []string) {
	for _, d := range s.definitions {
		if q := d.Question(id); q != nil {
			columns = append(columns, segment.Columns(q)...)
		}
	}
	return columns
}

// answersTo lists what answers to a question may be, over all versions of it.
func (s *source) answersTo(id string) (values []string) {
	for _, d := range s.definitions {
		if q := d.Question(id); q != nil {
			values = append(values, q.Values()...)
		}
	}
	return values
}

// bind finds a dimension in a source.
func (d *dimension) bind(s *source) binding {
	fixed := func(v string) binding { return binding{fixed: &v} }
	switch d.name {
	case bySite:
		return fixed(s.Site)
	case bySurvey:
		return fixed(s.Survey)
	case byTouchpoint:
		label := map[string]string{}
		for i, definition := range s.definitions { // the newest first, and there are no gaps
			label[strconv.Itoa(len(s.definitions)-i)] = definition.Touchpoint
		}
		return binding{column: segment.Version, label: label}
	}
	return binding{column: d.name, set: d.set}
}

// names lists the dimensions of some sources, but for traits, which pages make up.
func names(sources []*source) []string {
	list := append(slices.Clone(segment.Fixed), byTouchpoint, bySurvey, bySite, segment.Trait+"{name}")
	seen := map[string]bool{}
	for _, s := range sources {
		for _, d := range s.definitions {
			for name := range d.Hidden {
				seen[segment.Hidden+name] = true
			}
		}
		for id := range s.schema {
			for _, column := range s.columnsOf(id) {
				seen[column] = true
			}
		}
	}
	return append(list, slices.Sorted(maps.Keys(seen))...)
}

// dimensions finds those of a parameter.
func dimensions(parameter string, wanted []string, sources []*source, p *problems) (list []dimension) {
	for i, name := range wanted {
		d, ok := findDimension(name, sources)
		switch {
		case !ok:
			p.add(parameter, "%q is not a dimension of this survey; expected one of %s", name, strings.Join(names(sources), ", "))
		case slices.Contains(wanted[:i], name):
			p.add(parameter, "%q is there twice", name)
		default:
			list = append(list, d)
		}
	}
	return list
}
