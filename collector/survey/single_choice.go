package survey

import (
	"encoding/json"
	"fmt"
	"strings"
)

// SingleChoiceQuestion asks for one of several choices.
type SingleChoiceQuestion struct {
	QuestionBase
	Choices      []Choice `json:"choices" minItems:"2" maxItems:"100"`
	ShuffleFirst int      `json:"shuffle_first,omitempty" minimum:"0" maximum:"100" doc:"Show so many leading choices in random order, against order bias; the rest stay last"`
}

// Choice is one answer to pick.
type Choice struct {
	ID    string `json:"id" pattern:"^[a-z0-9][a-z0-9_-]{0,62}$"`
	Label Text   `json:"label"`
}

// Scale is nil: choices have no order.
func (*SingleChoiceQuestion) Scale() *Scale { return nil }

// Answer accepts the id of one of the choices.
func (q *SingleChoiceQuestion) Answer(raw json.RawMessage) error {
	var id string
	if json.Unmarshal(raw, &id) == nil {
		for _, choice := range q.Choices {
			if choice.ID == id {
				return nil
			}
		}
	}
	ids := make([]string, len(q.Choices))
	for i, choice := range q.Choices {
		ids[i] = choice.ID
	}
	return fmt.Errorf("expected one of %s", strings.Join(ids, ", "))
}

func (q *SingleChoiceQuestion) check(c *checker) {
	seen := map[string]bool{}
	for i, choice := range q.Choices {
		at := fmt.Sprintf("choices[%d]", i)
		if seen[choice.ID] {
			c.add(at+".id", "%q is taken by an earlier choice", choice.ID)
		}
		seen[choice.ID] = true
		c.text(at+".label", choice.Label)
	}
	if q.ShuffleFirst > len(q.Choices) {
		c.add("shuffle_first", "is %d, but there are only %d choices", q.ShuffleFirst, len(q.Choices))
	}
}
