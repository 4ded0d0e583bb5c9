package survey

import (
	"cmp"
	"encoding/json"
	"fmt"
	"unicode/utf16"
)

// TextQuestion asks for words: its answers are the verbatims.
type TextQuestion struct {
	QuestionBase
	Placeholder Text   `json:"placeholder,omitempty"`
	Size        string `json:"size,omitempty" enum:"long,short" default:"long" doc:"short: one line"`
	MinLength   int    `json:"min_length,omitempty" minimum:"1" maximum:"1000" doc:"In characters; a shorter answer is not taken"`
	MaxLength   int    `json:"max_length,omitempty" minimum:"1" maximum:"4000" default:"2000" doc:"In characters; where it is given, a counter says how many are left"`
}

// Scale is nil: words have none.
func (*TextQuestion) Scale() *Scale { return nil }

// Answer accepts a string of min_length to max_length characters.
func (q *TextQuestion) Answer(raw json.RawMessage) error {
	s, err := words(raw, q.open())
	if err != nil {
		return err
	}
	// Browsers count an emoji as two, as UTF-16 does: what a page let pass as long enough is.
	if n := len(utf16.Encode([]rune(s))); n < q.MinLength {
		return fmt.Errorf("has %d characters, at least %d are needed", n, q.MinLength)
	}
	return nil
}

func (q *TextQuestion) open() int { return cmp.Or(q.MaxLength, defaultMaxLength) }

func (q *TextQuestion) check(c *checker) {
	c.text("placeholder", q.Placeholder)
	if q.MinLength > q.open() {
		c.add("min_length", "is %d, more than max_length, which is %d", q.MinLength, q.open())
	}
}
