package survey

import (
	"encoding/json"
	"fmt"
)

// Condition is a rule over answers: {nps: {lte: 6}} holds where every test does; all, any and not
// combine conditions. The collector checks that a condition makes sense; the SDK evaluates it
// (sdk/src/logic.ts), so that flow lives in one place.
type Condition struct {
	All      []Condition
	Any      []Condition
	Not      *Condition
	Trait    map[string]Test // by the trait's name
	Hidden   map[string]Test // by the hidden field's name
	Trigger  *Test           // over the type of the trigger that fired; show() has none
	Language *Test           // over the language that the survey is shown in
	Tests    map[string]Test // by question id
}

// Test compares one answer, or something else that is known. Every comparison given must hold.
type Test struct {
	Eq       any    `json:"eq,omitempty"`
	Ne       any    `json:"ne,omitempty"`
	Lt       Bound  `json:"lt,omitempty"`
	Lte      Bound  `json:"lte,omitempty"`
	Gt       Bound  `json:"gt,omitempty"`
	Gte      Bound  `json:"gte,omitempty"`
	In       []any  `json:"in,omitempty" minItems:"1" maxItems:"100"`
	Contains string `json:"contains,omitempty" minLength:"1" maxLength:"200" doc:"The text holds this, in any case; of a list, the id of a choice that is in it"`
	Answered *bool  `json:"answered,omitempty"`
}

// Bound is a number, or a day: YYYY-MM-DD.
type Bound any

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
		case "trait":
			err = json.Unmarshal(value, &c.Trait)
		case "hidden":
			err = json.Unmarshal(value, &c.Hidden)
		case "trigger":
			err = json.Unmarshal(value, &c.Trigger)
		case "language":
			err = json.Unmarshal(value, &c.Language)
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
	if c.Trait != nil {
		out["trait"] = c.Trait
	}
	if c.Hidden != nil {
		out["hidden"] = c.Hidden
	}
	if c.Trigger != nil {
		out["trigger"] = c.Trigger
	}
	if c.Language != nil {
		out["language"] = c.Language
	}
	return json.Marshal(out)
}
