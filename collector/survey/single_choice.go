package survey

import "encoding/json"

// SingleChoiceQuestion asks for one of several choices.
type SingleChoiceQuestion struct {
	QuestionBase
	Choices      []Choice `json:"choices" minItems:"2" maxItems:"100"`
	ShuffleFirst int      `json:"shuffle_first,omitempty" minimum:"0" maximum:"100" doc:"Show so many leading choices in random order, against order bias; the rest stay last"`
}

// Scale is nil: choices have no order.
func (*SingleChoiceQuestion) Scale() *Scale { return nil }

// Values are the choices.
func (q *SingleChoiceQuestion) Values() []string { return ids(q.Choices) }

// Answer accepts the id of one of the choices.
func (q *SingleChoiceQuestion) Answer(raw json.RawMessage) error { return answerOneOf(q.Choices, raw) }

func (q *SingleChoiceQuestion) otherID() string { return otherOf(q.Choices) }

func (q *SingleChoiceQuestion) open() int { return openOther(q.otherID()) }

func (q *SingleChoiceQuestion) check(c *checker) {
	options(c, "choices", q.Choices)
	c.shuffle(q.ShuffleFirst, len(q.Choices))
}
