package convert

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/askwell/askwell/collector/survey"
)

// deepest is how deep conditions may stand in each other; nobody writes more by hand.
const (
	deepest   = 4
	mostParts = 50
)

// group reads conditions that are joined. Where one of them cannot be written, none is: without it they would mean something else.
func (f *formbricksSurvey) group(place string, at value, depth int) (survey.Condition, bool) {
	if depth > deepest {
		f.say(place, at, "conditions stand deeper in each other than %d; left out", deepest)
		return survey.Condition{}, false
	}
	var parts []survey.Condition
	for i, one := range at.get("conditions").items() {
		if i == mostParts {
			f.say(place, at, "has more than %d conditions; left out", mostParts)
			return survey.Condition{}, false
		}
		var c survey.Condition
		var ok bool
		if one.get("conditions").isList() {
			c, ok = f.group(place, one, depth+1)
		} else {
			c, ok = f.single(place, one)
		}
		if !ok {
			return survey.Condition{}, false
		}
		parts = append(parts, c)
	}
	if len(parts) == 0 {
		f.say(place, at, "has no conditions; left out")
		return survey.Condition{}, false
	}
	if at.get("connector").text() == "or" {
		return anyOf(parts...), true
	}
	return all(parts...), true
}

// single reads one comparison.
func (f *formbricksSurvey) single(place string, at value) (survey.Condition, bool) {
	left, right := at.get("leftOperand"), at.get("rightOperand")
	kind, id, op := left.get("type").text(), left.get("value").text(), at.get("operator").text()
	if kind == "" && left.get("id").there() { // early versions
		id = left.get("id").text()
		kind = "question"
	}
	if r := right.get("type").text(); r != "" && r != "static" {
		f.say(place, right, "compares with a %.40s, not with a value; the logic is left out", r)
		return survey.Condition{}, false
	}
	switch {
	case left.get("meta").isObject():
		return f.row(place, at, id, left.get("meta").get("row").text(), op, right.get("value"))
	case kind == "question" || kind == "element":
		return f.leaf(place, at, id, op, right.get("value"))
	case kind == "hiddenField" && f.d.Hidden[id] != "":
		if test, no, ok := textTest(op, right.get("value").text()); ok {
			c := survey.Condition{Hidden: map[string]survey.Test{id: test}}
			if no {
				c = not(c)
			}
			return c, true
		}
		f.say(place, at, "%.40q has no counterpart for a hidden field; the logic is left out", op)
	default:
		f.say(place, left, "looks at a %.40s, which Askwell has none of; the logic is left out", kind)
	}
	return survey.Condition{}, false
}

// textTest compares a text; no means that the test is to fail.
func textTest(op, with string) (test survey.Test, no, ok bool) {
	yes, none := true, false
	if with == "" && op != "isSubmitted" && op != "isSkipped" && op != "isSet" && op != "isNotSet" && op != "isEmpty" && op != "isNotEmpty" {
		return test, false, false
	}
	switch op {
	case "equals":
		return survey.Test{Eq: with}, false, true
	case "doesNotEqual":
		return survey.Test{Eq: with}, true, true
	case "contains":
		return survey.Test{Contains: with}, false, len([]rune(with)) <= 200
	case "doesNotContain":
		return survey.Test{Contains: with}, true, len([]rune(with)) <= 200
	case "isSubmitted", "isSet", "isNotEmpty":
		return survey.Test{Answered: &yes}, false, true
	case "isSkipped", "isNotSet", "isEmpty":
		return survey.Test{Answered: &none}, false, true
	}
	return test, false, false
}

// today's names of what surveys from before 2024 compared with.
var oldOperators = map[string]string{"submitted": "isSubmitted", "skipped": "isSkipped", "accepted": "isAccepted", "clicked": "isClicked",
	"booked": "isBooked", "notEquals": "doesNotEqual", "lessThan": "isLessThan", "lessEqual": "isLessThanOrEqual", "greaterThan": "isGreaterThan",
	"greaterEqual": "isGreaterThanOrEqual", "includesAll": "includesAllOf", "includesOne": "includesOneOf"}

// leaf is a comparison with the answer to a question of the export.
func (f *formbricksSurvey) leaf(place string, at value, was, op string, with value) (survey.Condition, bool) {
	if now, is := oldOperators[op]; is {
		op = now
	}
	fail := func(format string, args ...any) (survey.Condition, bool) {
		f.say(place, at, format+"; the logic is left out", args...)
		return survey.Condition{}, false
	}
	q := f.made(was)
	if q == nil {
		return fail("looks at %.60q, which is no question that is left", was)
	}
	id := q.Base().ID
	switch q.(type) {
	case *survey.StatementQuestion:
		return fail("looks at %q, which became a statement: it has no answer, clicked or not", id)
	case *survey.ThumbsQuestion:
		switch op {
		case "isAccepted":
			return that(id, survey.Test{Eq: true}), true
		case "isSkipped":
			return not(that(id, survey.Test{Eq: true})), true
		}
	}
	switch op {
	case "isSubmitted":
		return answered(id, true), true
	case "isSkipped":
		return answered(id, false), true
	}
	switch q := q.(type) {
	case *survey.TextQuestion, *survey.EmailQuestion:
		if test, no, ok := textTest(op, with.text()); ok {
			c := that(id, test)
			if no {
				c = not(c)
			}
			return c, true
		}
	case *survey.DateQuestion:
		day := with.text()
		if len(day) > len(time.DateOnly) {
			day = day[:len(time.DateOnly)]
		}
		if _, err := time.Parse(time.DateOnly, day); err == nil {
			switch op {
			case "equals":
				return that(id, survey.Test{Eq: day}), true
			case "doesNotEqual":
				return not(that(id, survey.Test{Eq: day})), true
			case "isBefore":
				return that(id, survey.Test{Lt: day}), true
			case "isAfter":
				return that(id, survey.Test{Gt: day}), true
			}
		}
	case *survey.SingleChoiceQuestion, *survey.DropdownQuestion, *survey.PictureChoiceQuestion, *survey.MultiChoiceQuestion:
		if c, ok := f.chosen(place, at, q, op, with); ok {
			return c, true
		}
	default:
		if scale := q.Scale(); scale != nil {
			if c, ok := compared(id, scale, op, with); ok {
				return c, true
			}
		}
	}
	return fail("%.40q with %s has no counterpart for %q, which is of type %s", op, shown(with), id, q.Base().Type)
}

// row compares one row of a matrix, by its place, with columns by theirs.
func (f *formbricksSurvey) row(place string, at value, was, row, op string, with value) (survey.Condition, bool) {
	q, is := f.made(was).(*survey.MatrixQuestion)
	if !is {
		f.say(place, at, "looks at %.60q, which is no matrix that is left; the logic is left out", was)
		return survey.Condition{}, false
	}
	export := f.places[q.ID]
	id, ok := itemAt(q.Rows, export.get("rows"), row)
	var columns []any
	for _, one := range append(with.items(), with) {
		if place := one.text(); place != "" {
			column, known := itemAt(q.Columns, export.get("columns"), place)
			ok = ok && known
			columns = append(columns, column)
		}
	}
	id = q.ID + "." + id
	switch {
	case !ok:
	case op == "isEmpty":
		return answered(id, false), true
	case op == "isNotEmpty":
		return answered(id, true), true
	case op == "equals" && len(columns) == 1:
		return that(id, survey.Test{Eq: columns[0]}), true
	case op == "doesNotEqual" && len(columns) == 1:
		return not(that(id, survey.Test{Eq: columns[0]})), true
	case op == "isAnyOf" && len(columns) > 0:
		return that(id, survey.Test{In: columns}), true
	}
	f.say(place, at, "%.40q with %s has no counterpart for row %.40q of %q; the logic is left out", op, shown(with), row, q.ID)
	return survey.Condition{}, false
}

// itemAt is the id of what stood at a place of the export; where something was left out, places say nothing.
func itemAt(items []survey.Item, was value, place string) (string, bool) {
	i, err := strconv.Atoi(place)
	if err != nil || i < 0 || i >= len(items) || len(items) != len(was.items()) {
		return "", false
	}
	return items[i].ID, true
}

func shown(x value) string { return oneLine(fmt.Sprintf("%.60v", x.v)) }

// made is what became of a question of the export.
func (f *formbricksSurvey) made(was string) survey.Question {
	for _, q := range f.d.Questions {
		if f.places[q.Base().ID].get("id").text() == was && was != "" {
			return q
		}
	}
	return nil
}

// compared compares a number on a scale. What is outside has no meaning: it always holds, or never.
func compared(id string, scale *survey.Scale, op string, with value) (survey.Condition, bool) {
	n, is := with.number()
	if s := with.text(); !is && s != "" {
		_, err := fmt.Sscanf(s, "%g", &n)
		is = err == nil
	}
	if !is || n < float64(scale.Min) || n > float64(scale.Max) {
		return survey.Condition{}, false
	}
	switch op {
	case "isGreaterThan":
		return that(id, survey.Test{Gt: n}), true
	case "isGreaterThanOrEqual":
		return that(id, survey.Test{Gte: n}), true
	case "isLessThan":
		return that(id, survey.Test{Lt: n}), true
	case "isLessThanOrEqual":
		return that(id, survey.Test{Lte: n}), true
	}
	if n != math.Trunc(n) {
		return survey.Condition{}, false
	}
	switch op {
	case "equals":
		return that(id, survey.Test{Eq: n}), true
	case "doesNotEqual":
		return not(that(id, survey.Test{Eq: n})), true
	}
	return survey.Condition{}, false
}

// chosen tests which choices were taken.
func (f *formbricksSurvey) chosen(place string, at value, q survey.Question, op string, with value) (survey.Condition, bool) {
	id := q.Base().ID
	var named []string
	for _, one := range append(with.items(), with) {
		if s := one.text(); s != "" {
			ours, is := f.choiceOf[atQuestion(id)+"/"+s]
			if !is {
				return survey.Condition{}, false
			}
			named = append(named, ours)
		}
	}
	if len(named) == 0 || len(named) > 100 {
		return survey.Condition{}, false
	}
	multi, several := q.(*survey.MultiChoiceQuestion)
	if !several {
		one := that(id, survey.Test{Eq: named[0]})
		switch op {
		case "equals":
			return one, true
		case "doesNotEqual":
			return not(one), true
		case "equalsOneOf", "includesOneOf":
			in := make([]any, len(named))
			for i, name := range named {
				in[i] = name
			}
			return that(id, survey.Test{In: in}), true
		}
		return survey.Condition{}, false
	}
	has := make([]survey.Condition, len(named))
	for i, name := range named {
		has[i] = that(id, survey.Test{Contains: name})
	}
	only := func() survey.Condition { // this one and no other
		parts := has[:1:1]
		for _, c := range multi.Choices {
			if c.ID != named[0] {
				parts = append(parts, not(that(id, survey.Test{Contains: c.ID})))
			}
		}
		return all(parts...)
	}
	switch op {
	case "equals":
		return only(), true
	case "doesNotEqual":
		return not(only()), true
	case "includesAllOf":
		return all(has...), true
	case "includesOneOf", "equalsOneOf":
		return anyOf(has...), true
	case "doesNotIncludeOneOf":
		return all(answered(id, true), not(anyOf(has...))), true
	case "doesNotIncludeAllOf":
		f.say(place, at, "“does not include all of” meant “none of” in versions of Formbricks before 2026; here it is “not all of”")
		return all(answered(id, true), not(all(has...))), true
	}
	return survey.Condition{}, false
}
