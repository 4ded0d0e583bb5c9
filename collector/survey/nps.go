package survey

import "encoding/json"

// NPSQuestion asks how likely the visitor is to recommend, from 0 to 10.
type NPSQuestion struct {
	QuestionBase
	Low  Text `json:"low,omitempty" doc:"What 0 means"`
	High Text `json:"high,omitempty" doc:"What 10 means"`
}

// Scale is 0–10: the metric is defined on it alone.
func (*NPSQuestion) Scale() *Scale { return &Scale{0, 10} }

// Answer accepts a whole number from 0 to 10.
func (q *NPSQuestion) Answer(raw json.RawMessage) error { return q.Scale().answer(raw) }

func (q *NPSQuestion) check(c *checker) {
	c.text("low", q.Low)
	c.text("high", q.High)
}
