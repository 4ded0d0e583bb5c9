package survey

import (
	"encoding/json"
	"fmt"
)

// CSATQuestion asks how satisfied the visitor is, from 1 to 5 or to 7.
type CSATQuestion struct {
	QuestionBase
	Points int    `json:"points,omitempty" enum:"5,7" default:"5" doc:"The highest answer"`
	Look   string `json:"look,omitempty" enum:"numbers,stars,emoji" default:"numbers"`
	Labels []Text `json:"labels,omitempty" maxItems:"7" doc:"What each point means, from the lowest to the highest"`
}

// Scale is 1–5 unless points says 7.
func (q *CSATQuestion) Scale() *Scale {
	if q.Points == 0 {
		return &Scale{1, defaultPoints}
	}
	return &Scale{1, q.Points}
}

// Answer accepts a whole number on the scale.
func (q *CSATQuestion) Answer(raw json.RawMessage) error { return q.Scale().answer(raw) }

func (q *CSATQuestion) check(c *checker) {
	if n := len(q.Labels); n != 0 && n != q.Scale().Max {
		c.add("labels", "has %d labels for %d points; name every point or none", n, q.Scale().Max)
	}
	for i, label := range q.Labels {
		c.text(fmt.Sprintf("labels[%d]", i), label)
	}
}
