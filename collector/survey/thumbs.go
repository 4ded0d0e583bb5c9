package survey

import (
	"encoding/json"
	"errors"
)

// ThumbsQuestion asks for a thumb up, true, or down, false.
type ThumbsQuestion struct {
	QuestionBase
	Up   Text `json:"up,omitempty" doc:"What the thumb up means; without it, Yes"`
	Down Text `json:"down,omitempty" doc:"What the thumb down means; without it, No"`
}

// Scale is nil: yes and no are no numbers.
func (*ThumbsQuestion) Scale() *Scale { return nil }

// Values are up and down.
func (*ThumbsQuestion) Values() []string { return []string{"true", "false"} }

// Answer accepts true and false.
func (*ThumbsQuestion) Answer(raw json.RawMessage) error {
	if s := string(raw); s != "true" && s != "false" {
		return errors.New("expected true or false")
	}
	return nil
}

func (q *ThumbsQuestion) check(c *checker) {
	c.text("up", q.Up)
	c.text("down", q.Down)
}
