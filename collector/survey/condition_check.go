package survey

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// condition reports what is wrong with a condition over the given questions.
func (c *checker) condition(at string, cond *Condition, over Questions) {
	if cond == nil {
		return
	}
	for i := range cond.All {
		c.condition(fmt.Sprintf("%s.all[%d]", at, i), &cond.All[i], over)
	}
	for i := range cond.Any {
		c.condition(fmt.Sprintf("%s.any[%d]", at, i), &cond.Any[i], over)
	}
	c.condition(at+".not", cond.Not, over)
	for _, name := range slices.Sorted(maps.Keys(cond.Tests)) {
		here := at + "." + name
		id, part, ofPart := strings.Cut(name, ".") // no question has a dot in its id
		i := slices.IndexFunc(over, func(q Question) bool { return q.Base().ID == id })
		if i < 0 {
			if c.named() {
				c.add(here, "is not an earlier question; earlier ones are: %s", listIDs(over))
			}
		} else if _, told := over[i].(*StatementQuestion); told {
			c.add(here, "is a statement, which has no answer")
		} else if c.known(i) && !ofPart {
			c.test(here, cond.Tests[name], answerOf(over[i]))
		} else if c.known(i) {
			if s, err := partOf(over[i], part); err != nil {
				c.add(here, "%v", err)
			} else {
				c.test(here, cond.Tests[name], s)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(cond.Trait)) {
		here := at + ".trait." + name
		if err := traitName(name); err != nil {
			c.add(here, "%v", err)
		}
		c.test(here, cond.Trait[name], someTrait)
	}
	for _, name := range slices.Sorted(maps.Keys(cond.Hidden)) {
		here := at + ".hidden." + name
		if wrong := c.undeclared(name); wrong != "" {
			c.add(here, "%s", wrong)
		} else if declared, ok := c.d.Hidden[name]; ok {
			c.test(here, cond.Hidden[name], hiddenField(declared))
		}
	}
	if cond.Trigger != nil {
		c.test(at+".trigger", *cond.Trigger, firedOf(c.d.Triggers))
	}
	if cond.Language != nil {
		c.test(at+".language", *cond.Language, word("the language; allowed: eq, ne, in", c.d.Languages))
	}
}

// subject is what a test is about: each function says why a comparison with v has no meaning or could
// never hold, or nil.
type subject struct {
	equal, bound, contains, answered func(v any) error
}

// test reports the comparisons of a test that do not fit its subject.
func (c *checker) test(at string, t Test, s subject) {
	said := false
	compare := func(op string, v any, fits func(any) error) {
		if v == nil {
			return
		}
		said = true
		if err := fits(v); err != nil {
			c.add(at+"."+op, "%v", err)
		}
	}
	compare("eq", t.Eq, s.equal)
	compare("ne", t.Ne, s.equal)
	for i, v := range t.In {
		said = true
		if err := s.equal(v); err != nil {
			c.add(fmt.Sprintf("%s.in[%d]", at, i), "%v", err)
		}
	}
	compare("lt", t.Lt, s.bound)
	compare("lte", t.Lte, s.bound)
	compare("gt", t.Gt, s.bound)
	compare("gte", t.Gte, s.bound)
	if t.Contains != "" {
		compare("contains", t.Contains, s.contains)
	}
	if t.Answered != nil {
		compare("answered", *t.Answered, s.answered)
	}
	if !said {
		c.add(at, "has no comparison; allowed: eq, ne, lt, lte, gt, gte, in, contains, answered")
	}
}

func anything(any) error { return nil }

func refuse(format string, args ...any) func(any) error {
	err := fmt.Errorf(format, args...)
	return func(any) error { return err }
}

// answerOf is the answer to a question.
func answerOf(q Question) subject {
	id, wire := q.Base().ID, q.Base().Type
	s := subject{
		equal:    func(v any) error { return answers(q, v) },
		bound:    refuse("compares numbers and days, but the answer to %q (%s) is neither", id, wire),
		contains: refuse("searches text and lists, but %q is of type %s", id, wire),
		answered: anything,
	}
	if scale := q.Scale(); scale != nil {
		s.bound = func(v any) error {
			n, ok := v.(float64)
			if !ok {
				return fmt.Errorf("expected a number from %d to %d", scale.Min, scale.Max)
			}
			if n < float64(scale.Min) || n > float64(scale.Max) {
				return fmt.Errorf("is %v, outside the scale of %q, %d to %d", n, id, scale.Min, scale.Max)
			}
			return nil
		}
	}
	switch q := q.(type) {
	case *TextQuestion, *EmailQuestion:
		s.contains = anything
	case *DateQuestion:
		s.bound = s.equal
	case *MultiChoiceQuestion:
		s.equal = refuse("the answer to %q is a list; use contains, or answered", id)
		s.contains = func(v any) error { return oneOf(q.Choices, v) }
	case *RankingQuestion:
		s.equal = refuse("the answer to %q is a list; use contains, or answered", id)
		s.contains = func(v any) error { return oneOf(q.Choices, v) }
	case *MatrixQuestion, *ContactQuestion:
		s.equal = refuse("the answer to %q has several parts; use answered, or one of them: %s", id, strings.Join(parts(q, true), ", "))
	}
	return s
}

// parts are the names by which one can ask about less than a whole answer, or more: a row of a matrix, a field of a
// contact, and, where asked for, what was written beside a choice.
func parts(q Question, beside bool) (names []string) {
	id := q.Base().ID
	switch q := q.(type) {
	case *MatrixQuestion:
		names = ids(q.Rows)
	case *ContactQuestion:
		names = slices.Clone(q.Fields)
	default:
		if beside && otherID(q) != "" {
			names = []string{"other"}
		}
	}
	for i, name := range names {
		names[i] = id + "." + name
	}
	return names
}

// partOf is a part of the answer to a question.
func partOf(q Question, part string) (subject, error) {
	id, wire := q.Base().ID, q.Base().Type
	named := parts(q, true)
	if len(named) == 0 {
		return subject{}, fmt.Errorf("is no part of an answer: %q (%s) has none", id, wire)
	}
	if !slices.Contains(named, id+"."+part) {
		return subject{}, fmt.Errorf("is no part of the answer to %q; expected one of %s", id, strings.Join(named, ", "))
	}
	s := subject{equal: writable, bound: refuse("compares numbers and days, but this is neither"), contains: anything, answered: anything}
	switch q := q.(type) {
	case *MatrixQuestion:
		s.equal = func(v any) error { return oneOf(q.Columns, v) }
		s.contains = refuse("searches text and lists, but this is the id of a column")
	case *ContactQuestion:
		if part == "email" {
			s.equal = func(v any) error {
				address, _ := v.(string) // what is none is no address
				return plausible(address)
			}
		}
	}
	return s, nil
}

// writable says why a value is nothing that a visitor could have written in a field, or nil.
func writable(v any) error {
	s, ok := v.(string)
	if !ok {
		return errors.New("expected a string")
	}
	return tooLong(s, max(maxOther, maxField, maxEmail))
}

// answers says why a value of a definition is no answer to a question, or nil.
func answers(q Question, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return q.Answer(raw)
}

// someTrait is a trait of a user: pages may give it any type.
var someTrait = subject{equal: scalar, bound: numberOrDay, contains: anything, answered: anything}

func scalar(v any) error {
	switch v := v.(type) {
	case string:
		return tooLong(v, maxFact)
	case float64, bool:
		return nil
	}
	return errors.New("expected a string, a number or a boolean")
}

func numberOrDay(v any) error {
	if s, ok := v.(string); ok && isDay(s) {
		return nil
	}
	if _, ok := v.(float64); ok {
		return nil
	}
	return errors.New("expected a number, or a day of the calendar as YYYY-MM-DD")
}

// hiddenField is a hidden field of a declared type.
func hiddenField(declared string) subject {
	s := subject{
		equal:    func(v any) error { return checkHidden(declared, v) },
		bound:    refuse("compares numbers and days, but the field is declared as %s", declared),
		contains: refuse("searches text, but the field is declared as %s", declared),
		answered: anything,
	}
	switch declared {
	case "number":
		s.bound = s.equal
	case "string":
		s.contains = anything
		s.bound = func(v any) error {
			if day, ok := v.(string); !ok || !isDay(day) {
				return errors.New("expected a day of the calendar as YYYY-MM-DD; the field is declared as string")
			}
			return nil
		}
	}
	return s
}

// word is one of a few words that are always there.
func word(what string, words []string) subject {
	no := refuse("does not fit %s", what)
	return subject{
		equal: func(v any) error {
			if is, ok := v.(string); !ok || !slices.Contains(words, is) {
				return fmt.Errorf("expected one of %s", strings.Join(words, ", "))
			}
			return nil
		},
		bound: no, contains: no, answered: no,
	}
}

// firedOf is the type of the trigger that fired; answered says whether one did, and not show().
func firedOf(triggers Triggers) subject {
	types := triggers.firing()
	slices.Sort(types)
	s := word("the trigger; allowed: eq, ne, in, answered", slices.Compact(types))
	if len(types) == 0 {
		s.equal = refuse("the survey has no triggers")
	}
	s.answered = anything
	return s
}

// firing lists the types that may be told as the one that fired: of all and any it is one inside.
func (ts Triggers) firing() (types []string) {
	for _, t := range ts {
		if inside := members(t); inside != nil {
			types = append(types, inside.firing()...)
		} else {
			types = append(types, t.Base().Type)
		}
	}
	return types
}
