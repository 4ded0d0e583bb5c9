package report

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/askwell/askwell/collector/segment"
)

// None stands in a filter for responses that have no value.
const None = "(none)"

// filter keeps the responses with one of some values: `device:mobile,tablet`, `answer.nps:0-6`.
type filter struct {
	dimension
	values []string
	ranges [][2]float64
}

// parseFilters reads the parameters of this name.
func parseFilters(texts []string, sources []*source, p *problems) (list []filter) {
	if len(texts) > maxFilters {
		p.add("filter", "there are %d, at most %d are allowed", len(texts), maxFilters)
		return nil
	}
	for _, text := range texts {
		name, values, ok := cutName(text)
		if !ok {
			p.add("filter", "%q is no filter: expected dimension:value,value, such as device:mobile", text)
			continue
		}
		found := dimensions("filter", []string{name}, sources, p)
		if len(found) == 0 {
			continue
		}
		f := filter{dimension: found[0]}
		for _, value := range SplitValues(values) {
			f.take(value, p)
		}
		list = append(list, f)
	}
	return list
}

// cutName takes the dimension off a filter, at the first colon that has no backslash before it.
func cutName(text string) (name, values string, ok bool) {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case ':':
			return strings.NewReplacer(`\\`, `\`, `\:`, `:`).Replace(text[:i]), text[i+1:], true
		}
	}
	return "", "", false
}

// SplitValues cuts at commas; a backslash takes a comma, or a backslash, as it is.
func SplitValues(text string) (values []string) {
	var value strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text):
			i++
			value.WriteByte(text[i])
		case text[i] == ',':
			values = append(values, value.String())
			value.Reset()
		default:
			value.WriteByte(text[i])
		}
	}
	return append(values, value.String())
}

func (f *filter) take(value string, p *problems) {
	if value == None {
		f.values = append(f.values, "")
		return
	}
	if f.number {
		between, ok := parseRange(value)
		if !ok {
			p.add("filter", "%q is no value of %s: expected a number, a range such as 0-6, or %s", value, f.name, None)
			return
		}
		if s := f.scale; s != nil && (between[1] < float64(s.Min) || between[0] > float64(s.Max)) {
			p.add("filter", "%q is outside the scale of %s: expected %d to %d, or %s", value, f.name, s.Min, s.Max, None)
			return
		}
		f.ranges = append(f.ranges, between)
		return
	}
	if value == "" {
		p.add("filter", "has an empty value of %s: expected a value, or %s", f.name, None)
		return
	}
	if f.dimension.values != nil && !slices.Contains(f.dimension.values, value) {
		p.add("filter", "%q is no value of %s; expected one of %s, %s", value, f.name, strings.Join(f.dimension.values, ", "), None)
		return
	}
	f.values = append(f.values, value)
}

// parseRange reads a number, or two with a dash between them; each may be below 0.
func parseRange(text string) (between [2]float64, ok bool) {
	number := func(text string) (float64, bool) {
		v, err := strconv.ParseFloat(text, 64)
		return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
	}
	if v, ok := number(text); ok {
		return [2]float64{v, v}, true
	}
	for i := 1; i < len(text); i++ {
		if text[i] == '-' {
			low, ok := number(text[:i])
			high, ok2 := number(text[i+1:])
			if ok && ok2 {
				return [2]float64{low, high}, low <= high
			}
		}
	}
	return between, false
}

// keeps says whether a response with this value stays.
func (f *filter) keeps(value string) bool {
	if f.set && value != "" {
		for one := range strings.SplitSeq(value, segment.Separator) {
			if slices.Contains(f.values, one) {
				return true
			}
		}
		return false
	}
	if slices.Contains(f.values, value) {
		return true
	}
	if len(f.ranges) == 0 || value == "" {
		return false
	}
	n, err := strconv.ParseFloat(value, 64)
	return err == nil && slices.ContainsFunc(f.ranges, func(r [2]float64) bool { return r[0] <= n && n <= r[1] })
}

// settled says whether codes tell which responses stay: where values are lost to segment.Other, only
// if each that is asked for has a code of its own.
func (f *filter) settled(b *binding, c *segment.Column) bool {
	if !c.Overflows() {
		return true
	}
	if len(f.ranges) > 0 || f.set || b.label != nil {
		return false
	}
	for _, value := range f.values {
		if value != "" && !slices.Contains(c.Dict[:segment.OtherCode], value) {
			return false
		}
	}
	return true
}
