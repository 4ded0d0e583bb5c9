package survey

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// TextQuestion asks for words: its answers are the verbatims.
type TextQuestion struct {
	QuestionBase
	Placeholder Text `json:"placeholder,omitempty"`
	MaxLength   int  `json:"max_length,omitempty" minimum:"1" maximum:"4000" default:"2000" doc:"In characters"`
}

// Scale is nil: words have none.
func (*TextQuestion) Scale() *Scale { return nil }

// Answer accepts a string of at most max_length characters.
func (q *TextQuestion) Answer(raw json.RawMessage) error {
	var s string
	if json.Unmarshal(raw, &s) != nil || len(raw) == 0 || raw[0] != '"' {
		return fmt.Errorf("expected a string")
	}
	if n := utf8.RuneCountInString(s); n > q.limit() {
		return fmt.Errorf("has %d characters, at most %d are allowed", n, q.limit())
	}
	return nil
}

func (q *TextQuestion) limit() int {
	if q.MaxLength == 0 {
		return defaultMaxLength
	}
	return q.MaxLength
}

func (q *TextQuestion) check(c *checker) { c.text("placeholder", q.Placeholder) }
