package survey

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Condition is a rule over answers: {nps: {lte: 6}} holds where every test does; all, any and not
// combine conditions. The collector checks that a condition makes sense; the SDK evaluates it
// (sdk/src/logic.ts), so that flow lives in one place.
type Condition struct {
	All   []Condition
	Any   []Condition
	Not   *Condition
	Tests map[string]Test // by question id
}

// Test compares one answer. Every comparison given must hold.
type Test struct {
	Eq       any      `json:"eq,omitempty"`
	Ne       any      `json:"ne,omitempty"`
	Lt       *float64 `json:"lt,omitempty"`
	Lte      *float64 `json:"lte,omitempty"`
	Gt       *float64 `json:"gt,omitempty"`
	Gte      *float64 `json:"gte,omitempty"`
	In       []any    `json:"in,omitempty" minItems:"1" maxItems:"100"`
	Contains string   `json:"contains,omitempty" minLength:"1" maxLength:"200" doc:"The answer's text holds this, in any case"`
	Answered *bool    `json:"answered,omitempty"`
}

// reserved are the keys of a condition that are no question ids: the combinators, and what
// conditions will be able to ask about besides answers.
var reserved = []string{"all", "any", "not", "channel", "hidden", "language", "trait", "trigger", "user", "visitor"}

// UnmarshalJSON tells the combinators from the question ids.
func (c *Condition) UnmarshalJSON(data []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	*c = Condition{}
	for key, value := range raw {
		var err error
		switch key {
		case "all":
			err = json.Unmarshal(value, &c.All)
		case "any":
			err = json.Unmarshal(value, &c.Any)
		case "not":
			err = json.Unmarshal(value, &c.Not)
		default:
			var test Test
			err = json.Unmarshal(value, &test)
			if c.Tests == nil {
				c.Tests = map[string]Test{}
			}
			c.Tests[key] = test
		}
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	return nil
}

// MarshalJSON writes what UnmarshalJSON reads.
func (c Condition) MarshalJSON() ([]byte, error) {
	out := map[string]any{}
	for id, test := range c.Tests {
		out[id] = test
	}
	if c.All != nil {
		out["all"] = c.All
	}
	if c.Any != nil {
		out["any"] = c.Any
	}
	if c.Not != nil {
		out["not"] = c.Not
	}
	return json.Marshal(out)
}

// condition reports what is wrong with a condition over the given questions.
func (c *checker) condition(at string, cond *Condition, over Questions) {
	if cond == nil {
		return
	}
	for i := range cond.All {
		c.condition(fmt.Sprintf("%s.all[%d]", at, i), &cond.All[i], over)
	}
	for i := range cond.Any {
		c.condition(fmt.Sprintf("%s.any[%d]", at, i), &cond.Any[i], over)
	}
	c.condition(at+".not", cond.Not, over)
	for _, id := range slices.Sorted(maps.Keys(cond.Tests)) {
		at := at + "." + id
		i := slices.IndexFunc(over, func(q Question) bool { return q.Base().ID == id })
		if i < 0 {
			c.add(at, "is not an earlier question; earlier ones are: %s", listIDs(over))
			continue
		}
		c.test(at, cond.Tests[id], over[i])
	}
}

// test reports comparisons that could never hold, or that the question's type has no meaning for.
func (c *checker) test(at string, t Test, q Question) {
	value := func(op string, v any) {
		raw, _ := json.Marshal(v)
		if err := q.Answer(raw); err != nil {
			c.add(at+"."+op, "%v", err)
		}
	}
	if t.Eq != nil {
		value("eq", t.Eq)
	}
	if t.Ne != nil {
		value("ne", t.Ne)
	}
	for i, v := range t.In {
		value(fmt.Sprintf("in[%d]", i), v)
	}
	for op, bound := range map[string]*float64{"lt": t.Lt, "lte": t.Lte, "gt": t.Gt, "gte": t.Gte} {
		if bound == nil {
			continue
		}
		if s := q.Scale(); s == nil {
			c.add(at+"."+op, "compares numbers, but the answer to %q (%s) is not one", q.Base().ID, q.Base().Type)
		} else if *bound < float64(s.Min) || *bound > float64(s.Max) {
			c.add(at+"."+op, "is %v, outside the scale of %q, %d to %d", *bound, q.Base().ID, s.Min, s.Max)
		}
	}
	if t.Contains != "" && q.Base().Type != "text" {
		c.add(at+".contains", "searches text, but %q is of type %s", q.Base().ID, q.Base().Type)
	}
	if t.Eq == nil && t.Ne == nil && t.Lt == nil && t.Lte == nil && t.Gt == nil && t.Gte == nil &&
		t.In == nil && t.Contains == "" && t.Answered == nil {
		c.add(at, "has no comparison; allowed: eq, ne, lt, lte, gt, gte, in, contains, answered")
	}
}
