package survey

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Choice is one answer to pick.
type Choice struct {
	ID    string `json:"id" pattern:"^[a-z0-9][a-z0-9_-]{0,62}$"`
	Label Text   `json:"label"`
	Other bool   `json:"other,omitempty" doc:"Choosing it opens a field; what is written there is the answer {question}.other"`
}

// Item is something that is ranked or asked about.
type Item struct {
	ID    string `json:"id" pattern:"^[a-z0-9][a-z0-9_-]{0,62}$"`
	Label Text   `json:"label"`
}

// option is what an answer names by its id.
type option interface {
	option() (id string, label Text, other bool)
}

func (c Choice) option() (string, Text, bool) { return c.ID, c.Label, c.Other }

func (i Item) option() (string, Text, bool) { return i.ID, i.Label, false }

// options reports what is wrong in a list of choices, rows or columns.
func options[T option](c *checker, at string, list []T) {
	seen, opens := map[string]bool{}, false
	for i, o := range list {
		here := fmt.Sprintf("%s[%d]", at, i)
		id, label, other := o.option()
		if seen[id] {
			c.add(here+".id", "%q is taken by an earlier %s", id, strings.TrimSuffix(at, "s"))
		}
		seen[id] = true
		c.text(here+".label", label)
		if other && opens {
			c.add(here+".other", "an earlier choice opens the field; one can, for there is one answer of that name")
		}
		opens = opens || other
	}
}

func (c *checker) shuffle(first, choices int) {
	if first > choices {
		c.add("shuffle_first", "is %d, but there are only %d choices", first, choices)
	}
}

// indexOf finds an option by its id, -1 for none.
func indexOf[T option](list []T, id string) int {
	return slices.IndexFunc(list, func(o T) bool { is, _, _ := o.option(); return is == id })
}

// oneOf says why a value is not the id of one of the options, or nil.
func oneOf[T option](list []T, v any) error {
	if id, ok := v.(string); ok && indexOf(list, id) >= 0 {
		return nil
	}
	return fmt.Errorf("expected one of %s", idsOf(list))
}

// answerOneOf is oneOf of an answer.
func answerOneOf[T option](list []T, raw json.RawMessage) error {
	var id string
	_ = json.Unmarshal(raw, &id) // what is no string stays "", which is no id
	return oneOf(list, id)
}

// someOf returns the options that raw lists by id, and whether it lists one or more, each of them once.
func someOf[T option](list []T, raw json.RawMessage) ([]T, bool) {
	var ids []string
	if json.Unmarshal(raw, &ids) != nil || len(ids) == 0 || len(ids) > len(list) {
		return nil, false
	}
	listed := make(map[string]bool, len(ids))
	for _, id := range ids {
		listed[id] = true
	}
	var chosen []T
	for _, o := range list {
		if id, _, _ := o.option(); listed[id] {
			chosen = append(chosen, o)
		}
	}
	return chosen, len(chosen) == len(ids) // fewer: one is listed twice, or is none of the options
}

// ids lists options by id.
func ids[T option](list []T) []string {
	names := make([]string, len(list))
	for i, o := range list {
		names[i], _, _ = o.option()
	}
	return names
}

// idsOf lists the ids for a message, of many the first.
func idsOf[T option](list []T) string {
	const most = 20
	names := strings.Join(ids(list[:min(len(list), most)]), ", ")
	if more := len(list) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", names, more)
	}
	return names
}

// otherOf is the id of the choice that opens a field, "" for none.
func otherOf[T option](list []T) string {
	for _, o := range list {
		if id, _, other := o.option(); other {
			return id
		}
	}
	return ""
}

// openOther is how many characters may be written beside such a choice.
func openOther(id string) int {
	if id == "" {
		return 0
	}
	return maxOther
}
