package survey

import (
	"encoding/json"
	"errors"
)

// StatementQuestion tells something, and asks nothing.
type StatementQuestion struct {
	QuestionBase
	Text   Text  `json:"text,omitempty"`
	Link   *Link `json:"link,omitempty"`
	Button Text  `json:"button,omitempty" doc:"What leads on; without it, Next"`
}

// Scale is nil: there is no answer.
func (*StatementQuestion) Scale() *Scale { return nil }

// Answer accepts nothing.
func (*StatementQuestion) Answer(json.RawMessage) error {
	return errors.New("is a statement, which has no answer")
}

func (q *StatementQuestion) check(c *checker) {
	c.text("text", q.Text)
	c.text("button", q.Button)
	c.link("link", q.Link)
	if q.Required {
		c.add("required", "means nothing for a statement: it has no answer")
	}
	if q.Prefill != nil {
		c.add("prefill", "means nothing for a statement: it has no answer")
	}
}
