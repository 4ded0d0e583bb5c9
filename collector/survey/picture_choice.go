package survey

import (
	"encoding/json"
	"fmt"
)

// PictureChoiceQuestion asks for one of several pictures.
type PictureChoiceQuestion struct {
	QuestionBase
	Choices []Picture `json:"choices" minItems:"2" maxItems:"20"`
}

// Picture is a picture to pick.
type Picture struct {
	Item
	Image string `json:"image" maxLength:"1000" doc:"URL, https://… or a path on the page's own site; the page's content security policy has to allow it"`
}

// Scale is nil: choices have no order.
func (*PictureChoiceQuestion) Scale() *Scale { return nil }

// Values are the choices.
func (q *PictureChoiceQuestion) Values() []string { return ids(q.Choices) }

// Answer accepts the id of one of the choices.
func (q *PictureChoiceQuestion) Answer(raw json.RawMessage) error { return answerOneOf(q.Choices, raw) }

func (q *PictureChoiceQuestion) check(c *checker) {
	options(c, "choices", q.Choices)
	for i, choice := range q.Choices {
		c.image(fmt.Sprintf("choices[%d].image", i), choice.Image)
	}
}
