package survey

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// Question is one question of a survey. Each type is a struct of its own, in a file of its own.
type Question interface {
	Base() *QuestionBase
	// Scale is the range of a numeric answer, nil for the others.
	Scale() *Scale
	// Answer says why raw does not answer this question, or nil.
	Answer(raw json.RawMessage) error
	// check reports what is wrong in the options of this type.
	check(c *checker)
}

// QuestionBase is what questions of all types share.
type QuestionBase struct {
	ID       string     `json:"id" pattern:"^[a-z0-9][a-z0-9_-]{0,62}$" doc:"Names the answer; it never changes its type or scale"`
	Type     string     `json:"type"`
	Title    Text       `json:"title"`
	Help     Text       `json:"help,omitempty" doc:"A line that explains the question"`
	Required bool       `json:"required,omitempty"`
	ShowIf   *Condition `json:"show_if,omitempty" doc:"Over answers to earlier questions"`
}

// Base returns the shared part.
func (q *QuestionBase) Base() *QuestionBase { return q }

// Scale is the range of a numeric answer, ends included.
type Scale struct {
	Min int `json:"min"`
	Max int `json:"max"`
}

// Questions are the questions of a survey, in order.
type Questions []Question

// QuestionTypes makes an empty question of each type, by its wire name.
var QuestionTypes = map[string]func() Question{
	"nps":           func() Question { return &NPSQuestion{} },
	"csat":          func() Question { return &CSATQuestion{} },
	"ces":           func() Question { return &CESQuestion{} },
	"text":          func() Question { return &TextQuestion{} },
	"single_choice": func() Question { return &SingleChoiceQuestion{} },
}

// UnmarshalJSON reads each question as the struct of its type.
func (qs *Questions) UnmarshalJSON(data []byte) (err error) {
	*qs, err = unmarshalUnion(data, QuestionTypes)
	return err
}

// Metric is the score a question feeds: nps, csat, ces, or "" for none. It comes from the declared
// type, never from a guess at a 0–10 range.
func Metric(q Question) string {
	switch t := q.Base().Type; t {
	case "nps", "csat", "ces":
		return t
	}
	return ""
}

// answer says why raw is no answer on a scale, or nil.
func (s Scale) answer(raw json.RawMessage) error {
	n, err := strconv.Atoi(string(raw))
	if err != nil || n < s.Min || n > s.Max || strconv.Itoa(n) != string(raw) { // -0
		return fmt.Errorf("expected a whole number from %d to %d", s.Min, s.Max)
	}
	return nil
}
