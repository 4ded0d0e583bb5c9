package survey

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// ContactQuestion asks how to reach the visitor.
type ContactQuestion struct {
	QuestionBase
	Fields  []string `json:"fields" minItems:"1" maxItems:"4" uniqueItems:"true" enum:"name,email,phone,company" doc:"In this order; a required question needs all of them"`
	Consent Text     `json:"consent,omitempty" doc:"Beside a tick without which nothing is taken; the tick is the answer {question}.consent"`
}

// Scale is nil: a contact is no number.
func (*ContactQuestion) Scale() *Scale { return nil }

// Answer accepts an object that fills in some of the fields; an empty one is not filled in.
func (q *ContactQuestion) Answer(raw json.RawMessage) error {
	fields, ok := stringMembers(raw)
	filled := slices.ContainsFunc(fields, func(f member) bool { return f.value != "" })
	if !ok || !filled {
		return fmt.Errorf("expected an object of strings, with some of %s", strings.Join(q.Fields, ", "))
	}
	for _, f := range fields {
		if !slices.Contains(q.Fields, f.name) {
			return fmt.Errorf("%q is not a field; expected some of %s", f.name, strings.Join(q.Fields, ", "))
		}
		err := tooLong(f.value, maxField)
		if f.name == "email" && f.value != "" {
			err = plausible(f.value)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return nil
}

func (q *ContactQuestion) needsConsent() bool { return q.Consent != nil }

func (q *ContactQuestion) open() (n int) {
	for _, field := range q.Fields {
		if field == "email" {
			n += maxEmail
		} else {
			n += maxField
		}
	}
	return n
}

func (q *ContactQuestion) check(c *checker) { c.text("consent", q.Consent) }
