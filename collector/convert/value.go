package convert

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// value is a part of an export, and where it stands there. One that is missing is nil.
type value struct {
	path string
	v    any
}

func (x value) get(key string) value {
	object, _ := x.v.(map[string]any)
	return value{x.path + "." + printable(key), object[key]}
}

// printable is a key as paths have it.
func printable(key string) string {
	if runes := []rune(key); len(runes) > 60 {
		key = string(runes[:60]) + "…"
	}
	return strings.Join(strings.Fields(visible(key)), "_")
}

func (x value) items() []value {
	list, _ := x.v.([]any)
	items := make([]value, len(list))
	for i, v := range list {
		items[i] = value{fmt.Sprintf("%s[%d]", x.path, i), v}
	}
	return items
}

func (x value) keys() []string {
	object, _ := x.v.(map[string]any)
	return slices.Sorted(maps.Keys(object))
}

// there says whether it is said at all.
func (x value) there() bool { return x.v != nil }

func (x value) isObject() bool {
	_, is := x.v.(map[string]any)
	return is
}

func (x value) isList() bool {
	_, is := x.v.([]any)
	return is
}

// text is a string, "" where there is none.
func (x value) text() string {
	s, _ := x.v.(string)
	return s
}

func (x value) yes() bool { return x.v == true }

func (x value) number() (float64, bool) {
	n, is := x.v.(float64)
	return n, is
}

// whole is a whole number within bounds.
func (x value) whole(low, high int) (int, bool) {
	n, is := x.number()
	if !is || n != math.Trunc(n) || n < float64(low) || n > float64(high) {
		return 0, false
	}
	return int(n), true
}

// tooMuch says what is more in JSON than is read, "" for nothing.
func tooMuch(v any, depth int) string {
	var inside []any
	switch v := v.(type) {
	case map[string]any:
		inside = slices.Collect(maps.Values(v))
	case []any:
		inside = v
	default:
		return ""
	}
	if depth == 0 {
		return fmt.Sprintf("is nested deeper than %d", maxDepth)
	}
	if len(inside) > maxItems {
		return fmt.Sprintf("has a list of %d items, at most %d are read", len(inside), maxItems)
	}
	for _, one := range inside {
		if wrong := tooMuch(one, depth-1); wrong != "" {
			return wrong
		}
	}
	return ""
}

// first is the first of some that is there.
func first(of ...value) value {
	for _, x := range of {
		if x.there() {
			return x
		}
	}
	return of[0]
}
