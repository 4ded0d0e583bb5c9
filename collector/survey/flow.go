package survey

import (
	"fmt"
	"slices"
)

// theEnd is where a jump leads that no question comes after.
const theEnd = "end"

// prefill reports what a question cannot be filled in with.
func (c *checker) prefill(q Question) {
	p := q.Base().Prefill
	if _, told := q.(*StatementQuestion); p == nil || told { // a statement refuses all of it
		return
	}
	said := 0
	for _, is := range []bool{p.Value != nil, p.Trait != "", p.Hidden != ""} {
		if is {
			said++
		}
	}
	if said != 1 {
		c.add("prefill", "says %d things; write one of value, trait, hidden", said)
	}
	if p.Value != nil {
		if err := answers(q, p.Value); err != nil {
			c.add("prefill.value", "%v", err)
		}
	}
	switch q.(type) {
	case *RankingQuestion, *MatrixQuestion, *ContactQuestion:
		if p.Value == nil {
			c.add("prefill", "the answer to a question of type %s has several parts, which no trait and no hidden field has; write value", q.Base().Type)
		}
	}
	if wrong := c.undeclared(p.Hidden); p.Hidden != "" && wrong != "" {
		c.add("prefill.hidden", "%s", wrong)
	}
}

// jumps reports jumps of question i that lead back, nowhere, or that are never looked at.
func (c *checker) jumps(i int) {
	jumps := c.d.Questions[i].Base().Jumps
	for j, jump := range jumps {
		at := fmt.Sprintf("jumps[%d]", j)
		c.condition(at+".if", jump.If, c.d.Questions[:i+1])
		if c.d.target(i, jump) < 0 && c.named() {
			c.add(at+".to", "%q is not a later question; expected end, or one of: %s", jump.To, listIDs(c.d.Questions[i+1:]))
		}
		if jump.If == nil && j < len(jumps)-1 {
			c.add(at, "has no condition, so the jumps after it are never taken; put it last")
		}
	}
}

// target is the place of the question that a jump of question i leads to, one behind the last for the
// end, -1 where there is none.
func (d *Definition) target(i int, jump Jump) int {
	if jump.To == theEnd {
		return len(d.Questions)
	}
	later := d.Questions[i+1:]
	if n := slices.IndexFunc(later, func(q Question) bool { return q.Base().ID == jump.To }); n >= 0 {
		return i + 1 + n
	}
	return -1
}

// reach reports questions that every way jumps over, whatever is answered.
func (c *checker) reach() {
	reached := make([]bool, len(c.d.Questions)+1)
	reached[0] = true
	last := 0 // the latest question that is reached
	for i, q := range c.d.Questions {
		if !reached[i] {
			c.at = fmt.Sprintf("questions[%d]", i)
			c.add("", "is never asked: %q jumps over it in any case", c.d.Questions[last].Base().ID)
			continue
		}
		last = i
		leaves := false
		for _, jump := range q.Base().Jumps {
			to := c.d.target(i, jump)
			if to >= 0 {
				reached[to] = true
			}
			// Hidden by its show_if, it does not jump.
			leaves = leaves || to >= 0 && jump.If == nil && q.Base().ShowIf == nil
		}
		if !leaves {
			reached[i+1] = true
		}
	}
	c.at = ""
}
