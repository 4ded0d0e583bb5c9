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
	// Values are what an answer, or a part of it, is one of; nil where it is no choice.
	Values() []string
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
	Purpose  Text       `json:"purpose,omitempty" doc:"In place of the survey's"`
	Required bool       `json:"required,omitempty"`
	Prefill  *Prefill   `json:"prefill,omitempty" doc:"What is filled in before the visitor answers; it is no answer until it is sent"`
	ShowIf   *Condition `json:"show_if,omitempty" doc:"Over answers to earlier questions, and what is known of the moment"`
	Jumps    []Jump     `json:"jumps,omitempty" maxItems:"20" doc:"After the question: the first whose condition holds leads on, and what lies between is not asked"`
}

// Prefill says what a question is filled in with; one of these.
type Prefill struct {
	Value  any    `json:"value,omitempty" doc:"An answer to the question"`
	Trait  string `json:"trait,omitempty" maxLength:"60" doc:"The user's trait of this name"`
	Hidden string `json:"hidden,omitempty" maxLength:"60" doc:"The hidden field of this name"`
}

// Jump leads to a later question, or to the end.
type Jump struct {
	If *Condition `json:"if,omitempty" doc:"Over the answers up to this question; without a condition, always"`
	To string     `json:"to" doc:"Id of a later question, or end"`
}

// Base returns the shared part.
func (q *QuestionBase) Base() *QuestionBase { return q }

// Values of most types are not of a list.
func (q *QuestionBase) Values() []string { return nil }

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

	"rating":         func() Question { return &RatingQuestion{} },
	"thumbs":         func() Question { return &ThumbsQuestion{} },
	"multi_choice":   func() Question { return &MultiChoiceQuestion{} },
	"dropdown":       func() Question { return &DropdownQuestion{} },
	"email":          func() Question { return &EmailQuestion{} },
	"contact":        func() Question { return &ContactQuestion{} },
	"ranking":        func() Question { return &RankingQuestion{} },
	"matrix":         func() Question { return &MatrixQuestion{} },
	"picture_choice": func() Question { return &PictureChoiceQuestion{} },
	"date":           func() Question { return &DateQuestion{} },
	"statement":      func() Question { return &StatementQuestion{} },
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
