package convert

import (
	"strings"

	"github.com/askwell/askwell/collector/survey"
)

// rule is what happens after a step: where its condition holds (nil: always), it leads on.
type rule struct {
	at   value
	when *survey.Condition
	to   string // id of a question, a block or an ending
}

// readLogic makes jumps of what leads forwards, and conditions of endings of what leads to one.
func (f *formbricksSurvey) readLogic() {
	var ends []endRule
	for i, s := range f.steps {
		rules := f.rules(s)
		if len(rules) == 0 {
			continue
		}
		if s.last < s.first {
			f.say("", s.at, "is left out, and its logic with it")
			continue
		}
		last := f.d.Questions[s.last].Base()
		var before []survey.Condition
		for _, r := range rules {
			to, ending, ok := f.target(i, r, last.ID)
			if ok {
				last.Jumps = append(last.Jumps, survey.Jump{If: r.when, To: to})
			}
			if ending >= 0 {
				ends = append(ends, endRule{at: r.at, when: r.when, not: before, ending: ending, after: s.last})
			}
			if r.when == nil {
				break
			}
			before = append(before, *r.when)
		}
		f.d.Questions[s.last].Base().Jumps = f.tidyJumps(last.Jumps, s.last)
	}
	f.orderEndings(ends)
}

// mostRules may follow a question.
const mostRules = 20

// tidyJumps leaves out jumps at the end that lead where the survey goes anyway.
func (b *builder) tidyJumps(jumps []survey.Jump, at int) []survey.Jump {
	next := "end"
	if at+1 < len(b.d.Questions) {
		next = b.d.Questions[at+1].Base().ID
	}
	for len(jumps) > 0 && jumps[len(jumps)-1].To == next {
		jumps = jumps[:len(jumps)-1]
	}
	return jumps[:min(len(jumps), mostRules)]
}

// target finds where a rule of a step leads: to a later question or the end, and which ending is meant.
func (f *formbricksSurvey) target(from int, r rule, id string) (to string, ending int, ok bool) {
	if n, is := f.endings[r.to]; is {
		return "end", n, true
	}
	if r.to == "end" {
		return "end", -1, true
	}
	n, is := f.index[r.to]
	switch {
	case !is:
		f.say(atQuestion(id), r.at, "leads to %.60q, which is not there; left out", r.to)
		return "", -1, false
	case n <= from:
		f.say(atQuestion(id), r.at, "leads back, to %.60q; jumps lead forwards only; left out", r.to)
		return "", -1, false
	}
	for ; n < len(f.steps); n++ { // what is left out is passed over
		if s := f.steps[n]; s.first <= s.last {
			return f.d.Questions[s.first].Base().ID, -1, true
		}
	}
	return "end", -1, true
}

// rules reads the logic of a step, which is written in one of two ways.
func (f *formbricksSurvey) rules(s step) (rules []rule) {
	id := ""
	if s.last >= s.first {
		id = f.d.Questions[s.last].Base().ID
	}
	place := atQuestion(id)
	for i, at := range s.at.get("logic").items() {
		if i == mostRules {
			f.say(place, at, "is rule %d or later, at most %d are allowed; left out", mostRules+1, mostRules)
			break
		}
		if old := at.get("destination"); old.text() != "" {
			if c, ok := f.leaf(place, at, s.at.get("id").text(), at.get("condition").text(), at.get("value")); ok {
				rules = append(rules, rule{at, &c, old.text()})
			}
			continue
		}
		to := ""
		for _, action := range at.get("actions").items() {
			switch kind := action.get("objective").text(); {
			case strings.HasPrefix(kind, "jumpTo"):
				if to == "" { // Formbricks takes the first as well
					to = action.get("target").text()
				}
			case kind == "requireAnswer":
				f.say(place, action, "makes an answer required by what was answered before; Askwell's questions are required or not")
			default:
				f.say(place, action, "computes a variable, which Askwell has none of")
			}
		}
		if to == "" {
			continue
		}
		if c, ok := f.group(place, at.get("conditions"), 0); ok {
			rules = append(rules, rule{at, &c, to})
		}
	}
	if to := s.at.get("logicFallback"); to.text() != "" {
		rules = append(rules, rule{to, nil, to.text()})
	}
	return rules
}
