package survey

import (
	"encoding/json"
	"fmt"
)

// MatrixQuestion asks the same of several things: a row for each, and a column for each answer.
type MatrixQuestion struct {
	QuestionBase
	Rows    []Item `json:"rows" minItems:"1" maxItems:"20" doc:"A required question needs an answer to each"`
	Columns []Item `json:"columns" minItems:"2" maxItems:"10"`
}

// Scale is nil: columns have no order.
func (*MatrixQuestion) Scale() *Scale { return nil }

// Values are the columns.
func (q *MatrixQuestion) Values() []string { return ids(q.Columns) }

// Answer accepts an object that gives rows, one or more, the id of a column.
func (q *MatrixQuestion) Answer(raw json.RawMessage) error {
	answers, ok := stringMembers(raw)
	if !ok || len(answers) == 0 {
		return fmt.Errorf("expected an object of a column for each row, by ids")
	}
	for _, a := range answers {
		if indexOf(q.Rows, a.name) < 0 {
			return fmt.Errorf("%q is not a row; expected some of %s", a.name, idsOf(q.Rows))
		}
		if indexOf(q.Columns, a.value) < 0 {
			return fmt.Errorf("%q of row %q is not a column; expected one of %s", a.value, a.name, idsOf(q.Columns))
		}
	}
	return nil
}

func (q *MatrixQuestion) check(c *checker) {
	options(c, "rows", q.Rows)
	options(c, "columns", q.Columns)
}
