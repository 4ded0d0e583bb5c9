package survey

import (
	"encoding/json"
	"fmt"
)

// RankingQuestion asks for an order of choices, the best first.
type RankingQuestion struct {
	QuestionBase
	Choices []Item `json:"choices" minItems:"2" maxItems:"10"`
	Shuffle bool   `json:"shuffle,omitempty" doc:"Begin in random order, against order bias"`
}

// Scale is nil: an order is no number.
func (*RankingQuestion) Scale() *Scale { return nil }

// Values are the choices.
func (q *RankingQuestion) Values() []string { return ids(q.Choices) }

// Answer accepts a list of the ids of all choices.
func (q *RankingQuestion) Answer(raw json.RawMessage) error {
	if ranked, ok := someOf(q.Choices, raw); !ok || len(ranked) < len(q.Choices) {
		return fmt.Errorf("expected a list of all of %s, each once, the best first", idsOf(q.Choices))
	}
	return nil
}

func (q *RankingQuestion) check(c *checker) { options(c, "choices", q.Choices) }
