package survey

import (
	"encoding/json"
	"fmt"
)

// MultiChoiceQuestion asks for some of several choices.
type MultiChoiceQuestion struct {
	QuestionBase
	Choices      []MultiChoice `json:"choices" minItems:"2" maxItems:"100"`
	ShuffleFirst int           `json:"shuffle_first,omitempty" minimum:"0" maximum:"100" doc:"Show so many leading choices in random order, against order bias; the rest stay last"`
	Min          int           `json:"min,omitempty" minimum:"1" maximum:"100" doc:"Fewer are not taken; none is taken alone"`
	Max          int           `json:"max,omitempty" minimum:"1" maximum:"100" doc:"More are not taken"`
}

// MultiChoice is one answer to pick, beside others.
type MultiChoice struct {
	Choice
	None bool `json:"none,omitempty" doc:"None of these: it goes with no other"`
}

// Scale is nil: choices have no order.
func (*MultiChoiceQuestion) Scale() *Scale { return nil }

// Values are the choices.
func (q *MultiChoiceQuestion) Values() []string { return ids(q.Choices) }

// Answer accepts a list of ids of choices. One that says none of these stands alone, whatever min says.
func (q *MultiChoiceQuestion) Answer(raw json.RawMessage) error {
	chosen, ok := someOf(q.Choices, raw)
	if !ok {
		return fmt.Errorf("expected a list of some of %s, each once", idsOf(q.Choices))
	}
	for _, choice := range chosen {
		if choice.None && len(chosen) > 1 {
			return fmt.Errorf("has others beside %q, which stands alone", choice.ID)
		}
	}
	switch n := len(chosen); {
	case chosen[0].None:
		return nil
	case n < q.Min:
		return fmt.Errorf("has %d choices, at least %d are needed", n, q.Min)
	case q.Max > 0 && n > q.Max:
		return fmt.Errorf("has %d choices, at most %d are allowed", n, q.Max)
	}
	return nil
}

func (q *MultiChoiceQuestion) otherID() string { return otherOf(q.Choices) }

func (q *MultiChoiceQuestion) open() int { return openOther(q.otherID()) }

func (q *MultiChoiceQuestion) check(c *checker) {
	options(c, "choices", q.Choices)
	c.shuffle(q.ShuffleFirst, len(q.Choices))
	together := 0
	for _, choice := range q.Choices {
		if !choice.None {
			together++
		}
	}
	if q.Min > together {
		c.add("min", "is %d, but only %d choices go together", q.Min, together)
	}
	if q.Max > together {
		c.add("max", "is %d, but only %d choices go together", q.Max, together)
	}
	if q.Max > 0 && q.Max < q.Min {
		c.add("max", "is %d, less than min, which is %d", q.Max, q.Min)
	}
}
