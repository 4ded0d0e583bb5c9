package survey

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	maxFact     = 200 // characters in a trait or a hidden field
	maxFactName = 60
	maxFacts    = 50
)

// Hidden fields have names that URLs, columns and texts can hold.
var hiddenName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,60}$`)

// hidden reports what is wrong in the hidden fields that a definition declares.
func (c *checker) hidden() {
	for _, name := range slices.Sorted(maps.Keys(c.d.Hidden)) {
		if !hiddenName.MatchString(name) {
			c.add("hidden", "%q is not a name: letters, digits, - and _, at most %d", name, maxFactName)
		}
		if is := c.d.Hidden[name]; is != "string" && is != "number" && is != "boolean" {
			c.add("hidden."+name, "expected one of string, number, boolean, not %q", is)
		}
	}
}

// undeclared says what is wrong with a hidden field of this name, "" for nothing.
func (c *checker) undeclared(name string) string {
	if _, declared := c.d.Hidden[name]; declared || len(c.d.Hidden) == 0 && c.found != nil { // "hiden" declares none
		return ""
	}
	return "is not a hidden field of the survey; declared are: " + c.d.hiddenNames()
}

func (d *Definition) hiddenNames() string {
	if len(d.Hidden) == 0 {
		return "none"
	}
	return strings.Join(slices.Sorted(maps.Keys(d.Hidden)), ", ")
}

// checkHidden says why a value is none of a declared type, or nil.
func checkHidden(declared string, v any) error {
	s, isString := v.(string)
	_, isNumber := v.(float64) // finite: JSON has no others
	_, isBoolean := v.(bool)
	if isString && declared == "string" {
		return tooLong(s, maxFact)
	}
	if !(isNumber && declared == "number" || isBoolean && declared == "boolean") {
		return fmt.Errorf("expected a %s", declared)
	}
	return nil
}

// checkHidden reports hidden fields that the definition does not declare, or declares as another type.
func (r *Response) checkHidden(d *Definition, add func(location, format string, args ...any)) {
	for _, name := range slices.Sorted(maps.Keys(r.Hidden)) {
		declared, ok := d.Hidden[name]
		if !ok {
			add("hidden."+name, "is not a hidden field of version %d; declared are: %s", r.Version, d.hiddenNames())
		} else if v := r.Hidden[name]; v != nil { // JavaScript writes NaN as null
			if err := checkHidden(declared, v); err != nil {
				add("hidden."+name, "%v", err)
			}
		}
	}
}

// traitName says why a trait cannot have a name, or nil.
func traitName(name string) error {
	if name == "" {
		return errors.New("is a trait without a name")
	}
	if n := utf8.RuneCountInString(name); n > maxFactName {
		return fmt.Errorf("has a name of %d characters, at most %d are allowed", n, maxFactName)
	}
	return nil
}
