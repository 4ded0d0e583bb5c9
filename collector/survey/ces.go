package survey

import "encoding/json"

// CESQuestion asks how easy something was, from 1 to 7, where 7 is the easiest.
type CESQuestion struct {
	QuestionBase
	Low  Text `json:"low,omitempty" doc:"What 1 means, the hardest"`
	High Text `json:"high,omitempty" doc:"What 7 means, the easiest"`
	// The answer stays what the score counts, whichever end is read first.
	Direction string `json:"direction,omitempty" enum:"easiest_last,easiest_first" default:"easiest_last" doc:"Which end of the scale is read first: 1 2 … 7 or 7 6 … 1. 7 is the easiest in both"`
}

// Scale is 1–7.
func (*CESQuestion) Scale() *Scale { return &Scale{1, 7} }

// Answer accepts a whole number from 1 to 7.
func (q *CESQuestion) Answer(raw json.RawMessage) error { return q.Scale().answer(raw) }

func (q *CESQuestion) check(c *checker) {
	c.text("low", q.Low)
	c.text("high", q.High)
}
