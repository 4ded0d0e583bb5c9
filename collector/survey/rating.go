package survey

import (
	"cmp"
	"encoding/json"
)

// RatingQuestion asks how good something was, from 1 to so many points.
type RatingQuestion struct {
	QuestionBase
	Points int    `json:"points,omitempty" minimum:"2" maximum:"10" default:"5" doc:"The highest answer"`
	Look   string `json:"look,omitempty" enum:"stars,numbers" default:"stars"`
	Low    Text   `json:"low,omitempty" doc:"What 1 means"`
	High   Text   `json:"high,omitempty" doc:"What the highest point means"`
}

// Scale is 1–5 unless points says otherwise.
func (q *RatingQuestion) Scale() *Scale { return &Scale{1, cmp.Or(q.Points, defaultPoints)} }

// Answer accepts a whole number on the scale.
func (q *RatingQuestion) Answer(raw json.RawMessage) error { return q.Scale().answer(raw) }

func (q *RatingQuestion) check(c *checker) {
	c.text("low", q.Low)
	c.text("high", q.High)
}
