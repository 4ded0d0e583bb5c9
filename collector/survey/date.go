package survey

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// DateQuestion asks for a day, YYYY-MM-DD.
type DateQuestion struct {
	QuestionBase
	Min string `json:"min,omitempty" pattern:"^(\\d{4}-\\d{2}-\\d{2}|today)$" doc:"The first day, YYYY-MM-DD or today"`
	Max string `json:"max,omitempty" pattern:"^(\\d{4}-\\d{2}-\\d{2}|today)$" doc:"The last day, YYYY-MM-DD or today"`
}

// Scale is nil: a day is no number.
func (*DateQuestion) Scale() *Scale { return nil }

// Answer accepts a day of the calendar, from min to max where these are days. today is the visitor's,
// and is not checked: their time zone is not known, and a response may lie in a queue for weeks.
func (q *DateQuestion) Answer(raw json.RawMessage) error {
	var day string
	if json.Unmarshal(raw, &day) != nil || !isDay(day) {
		return errors.New("expected a day of the calendar, YYYY-MM-DD")
	}
	if isDay(q.Min) && day < q.Min {
		return fmt.Errorf("is before %s, the first day", q.Min)
	}
	if isDay(q.Max) && day > q.Max {
		return fmt.Errorf("is after %s, the last day", q.Max)
	}
	return nil
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

func (q *DateQuestion) check(c *checker) {
	c.date("min", q.Min)
	c.date("max", q.Max)
	if isDay(q.Min) && isDay(q.Max) && q.Max < q.Min {
		c.add("max", "is before min")
	}
}
