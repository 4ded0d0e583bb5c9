package survey

import "encoding/json"

// DropdownQuestion asks for one of many choices, from a list that opens.
type DropdownQuestion struct {
	QuestionBase
	Choices []Item `json:"choices" minItems:"2" maxItems:"500"`
}

// Scale is nil: choices have no order.
func (*DropdownQuestion) Scale() *Scale { return nil }

// Values are the choices.
func (q *DropdownQuestion) Values() []string { return ids(q.Choices) }

// Answer accepts the id of one of the choices.
func (q *DropdownQuestion) Answer(raw json.RawMessage) error { return answerOneOf(q.Choices, raw) }

func (q *DropdownQuestion) check(c *checker) { options(c, "choices", q.Choices) }
