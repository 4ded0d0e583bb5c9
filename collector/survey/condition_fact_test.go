package survey

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// asksAll has a question of each type that earlier has not, hidden fields, and triggers inside others.
func asksAll(showIf string) []byte {
	return []byte(`{"id": "s", "name": "S", "languages": ["en", "pl"],
		"hidden": {"order": "string", "value": "number", "first": "boolean"},
		"triggers": [{"type": "exit_intent"}, {"type": "all", "of": [{"type": "scroll_depth", "percent": 5}, {"type": "any", "of": [{"type": "inactivity"}]}], "cancel_on": [{"type": "click", "selector": "a"}]}],
		"questions": [
		{"id": "rating", "type": "rating", "title": "R"}, {"id": "thumbs", "type": "thumbs", "title": "T"},
		{"id": "some", "type": "multi_choice", "title": "S", ` + choicesXYZ + `}, {"id": "list", "type": "dropdown", "title": "L", ` + choicesXYZ + `},
		{"id": "mail", "type": "email", "title": "M"}, {"id": "who", "type": "contact", "title": "W", "fields": ["name", "email"]},
		{"id": "rank", "type": "ranking", "title": "R", ` + choicesXYZ + `}, {"id": "grid", "type": "matrix", "title": "G", ` + rowsAndCo + `},
		{"id": "day", "type": "date", "title": "D", "min": "2026-01-01", "max": "2026-12-31"}, {"id": "told", "type": "statement", "title": "T"},
		{"id": "else", "type": "single_choice", "title": "E", "choices": [{"id": "x", "label": "X"}, {"id": "y", "label": "Y", "other": true}]},
		{"id": "last", "type": "text", "title": "L", "show_if": ` + showIf + `}]}`)
}

func TestConditionsOverEachTypeAndFact(t *testing.T) {
	long := strings.Repeat("ż", 61)
	const (
		is      = "expected one of exit_intent, inactivity, scroll_depth"
		scalar  = "expected a string, a number or a boolean"
		list    = "is a list; use contains, or answered"
		parts   = "has several parts; use answered, or one of them: "
		told    = "told: is a statement, which has no answer"
		compare = "compares numbers and days, but "
	)
	tests := map[string]struct {
		showIf string
		want   []string
	}{
		"each type with what fits it": {`{"rating": {"gte": 4, "lt": 4.5}, "thumbs": {"eq": false}, "some": {"contains": "x"}, "list": {"in": ["x", "y"]}, "mail": {"contains": "@example.com", "ne": "a@b.cd"},
			"who": {"answered": true}, "rank": {"contains": "z"}, "grid": {"answered": false}, "day": {"gt": "2026-01-01", "lte": "2026-12-31", "eq": "2026-02-03"}}`, nil},
		"a statement is compared with nothing":          {`{"told": {"answered": true}}`, []string{told}},
		"eq of lists":                                   {`{"some": {"eq": ["x"]}, "rank": {"in": ["x"], "ne": "y"}}`, []string{`rank.in[0]: the answer to "rank" ` + list, `rank.ne: the answer to "rank" ` + list, `some.eq: the answer to "some" ` + list}},
		"eq of what has parts":                          {`{"grid": {"eq": "x"}, "who": {"ne": "A"}}`, []string{`grid.eq: the answer to "grid" ` + parts + "grid.a, grid.b", `who.ne: the answer to "who" ` + parts + "who.name, who.email"}},
		"parts of answers with what fits them":          {`{"grid.a": {"eq": "x", "answered": true}, "grid.b": {"in": ["x", "y"], "ne": "y"}, "who.name": {"contains": "ann", "ne": "A"}, "else.other": {"answered": true, "contains": "slow"}}`, nil},
		"a row, a field and a question there is not":    {`{"grid.c": {"eq": "x"}, "who.phone": {"eq": "1"}, "gone.a": {"eq": "x"}}`, []string{"gone.a: is not an earlier question; earlier ones are: rating, thumbs, some, list, mail, who, rank, grid, day, told, else", `grid.c: is no part of the answer to "grid"; expected one of grid.a, grid.b`, `who.phone: is no part of the answer to "who"; expected one of who.name, who.email`}},
		"a column there is not":                         {`{"grid.a": {"eq": "z", "in": ["x", 5]}}`, []string{"grid.a.eq: expected one of x, y", "grid.a.in[1]: expected one of x, y"}},
		"parts of what has none":                        {`{"rating.a": {"eq": 1}, "some.other": {"answered": true}, "mail.": {"answered": true}}`, []string{`mail.: is no part of an answer: "mail" (email) has none`, `rating.a: is no part of an answer: "rating" (rating) has none`, `some.other: is no part of an answer: "some" (multi_choice) has none`}},
		"what does not fit a part":                      {`{"grid.a": {"lt": 1, "contains": "x"}, "who.name": {"eq": 5, "gt": 1}, "who.email": {"eq": "none", "ne": "a@b.cd"}}`, []string{"grid.a.contains: searches text and lists, but this is the id of a column", "grid.a.lt: " + compare + "this is neither", "who.email.eq: expected an e-mail address, such as name@example.com", "who.name.eq: expected a string", "who.name.gt: " + compare + "this is neither"}},
		"contains of a choice there is not":             {`{"some": {"contains": "w"}, "rank": {"contains": "a"}}`, []string{"rank.contains: expected one of x, y, z", "some.contains: expected one of x, y, z"}},
		"contains of what is neither text nor a list":   {`{"grid": {"contains": "x"}, "day": {"contains": "2026"}}`, []string{`day.contains: searches text and lists, but "day" is of type date`, `grid.contains: searches text and lists, but "grid" is of type matrix`}},
		"a number for a day":                            {`{"day": {"lt": 5}}`, []string{"day.lt: expected a day of the calendar, YYYY-MM-DD"}},
		"a day that is none":                            {`{"day": {"gte": "2026-02-30"}}`, []string{"day.gte: expected a day of the calendar, YYYY-MM-DD"}},
		"a day that is never answered":                  {`{"day": {"gte": "2027-01-01"}}`, []string{"day.gte: is after 2026-12-31, the last day"}},
		"a day for a number":                            {`{"rating": {"lt": "2026-01-01"}}`, []string{"rating.lt: expected a number from 1 to 5"}},
		"an order of thumbs":                            {`{"thumbs": {"gt": 0}}`, []string{`thumbs.gt: ` + compare + `the answer to "thumbs" (thumbs) is neither`}},
		"an address that is none":                       {`{"mail": {"eq": "example.com"}}`, []string{"mail.eq: expected an e-mail address, such as name@example.com"}},
		"traits with what fits any type":                {`{"trait": {"plan": {"in": ["pro", 5, true]}, "since": {"lt": "2026-01-01"}, "orders": {"gte": 1.5}, "mail": {"contains": "@", "answered": true}}}`, nil},
		"a trait's name that is too long":               {`{"trait": {"` + long + `": {"eq": 1}}}`, []string{"trait." + long + ": has a name of 61 characters, at most 60 are allowed"}},
		"a trait without a name":                        {`{"trait": {"": {"eq": 1}}}`, []string{"trait.: is a trait without a name"}},
		"a trait that is a list":                        {`{"trait": {"plan": {"eq": ["pro"], "in": [null]}}}`, []string{"trait.plan.eq: " + scalar, "trait.plan.in[0]: " + scalar}},
		"a bound of a trait that is a word":             {`{"trait": {"plan": {"lt": "pro"}}}`, []string{"trait.plan.lt: expected a number, or a day of the calendar as YYYY-MM-DD"}},
		"a trait that is compared with nothing":         {`{"trait": {"plan": {}}}`, []string{"trait.plan: has no comparison; allowed: eq, ne, lt, lte, gt, gte, in, contains, answered"}},
		"no traits":                                     {`{"trait": {}}`, []string{"trait: is empty"}},
		"hidden fields with what fits them":             {`{"hidden": {"order": {"contains": "A", "ne": "B", "gt": "2026-01-01"}, "value": {"lte": 9.5, "in": [1, 2]}, "first": {"eq": true, "answered": true}}}`, nil},
		"a hidden field that is not declared":           {`{"hidden": {"cart": {"eq": 1}}}`, []string{"hidden.cart: is not a hidden field of the survey; declared are: first, order, value"}},
		"hidden fields of another type":                 {`{"hidden": {"order": {"eq": 5}, "value": {"in": ["5"]}, "first": {"ne": "true"}}}`, []string{"hidden.first.ne: expected a boolean", "hidden.order.eq: expected a string", "hidden.value.in[0]: expected a number"}},
		"bounds that do not fit hidden fields":          {`{"hidden": {"order": {"lt": 5}, "value": {"lt": "2026-01-01"}, "first": {"lt": 1}}}`, []string{"hidden.first.lt: " + compare + "the field is declared as boolean", "hidden.order.lt: expected a day of the calendar as YYYY-MM-DD; the field is declared as string", "hidden.value.lt: expected a number"}},
		"contains of a number":                          {`{"hidden": {"value": {"contains": "5"}}}`, []string{"hidden.value.contains: searches text, but the field is declared as number"}},
		"triggers that may fire, also inside others":    {`{"trigger": {"in": ["exit_intent", "scroll_depth", "inactivity"], "answered": true}}`, nil},
		"triggers that never fire by themselves":        {`{"trigger": {"in": ["all", "click"], "ne": "any", "eq": "api"}}`, []string{"trigger.eq: " + is, "trigger.in[0]: " + is, "trigger.in[1]: " + is, "trigger.ne: " + is}},
		"a trigger's order":                             {`{"trigger": {"lt": 5, "contains": "exit"}}`, []string{"trigger.contains: does not fit the trigger; allowed: eq, ne, in, answered", "trigger.lt: does not fit the trigger; allowed: eq, ne, in, answered"}},
		"languages of the survey":                       {`{"language": {"ne": "en", "in": ["pl"]}}`, nil},
		"a language that the survey does not have":      {`{"language": {"eq": "de"}}`, []string{"language.eq: expected one of en, pl"}},
		"whether there is a language":                   {`{"language": {"answered": true}}`, []string{"language.answered: does not fit the language; allowed: eq, ne, in"}},
		"mistakes deep inside are located":              {`{"any": [{"not": {"trait": {"plan": {"lt": "x"}}, "language": {"eq": 5}}}]}`, []string{"any[0].not.language.eq: expected one of en, pl", "any[0].not.trait.plan.lt: expected a number, or a day of the calendar as YYYY-MM-DD"}},
		"a test where tests by name belong":             {`{"trait": {"eq": 5}}`, []string{"trait.eq: expected object, not number"}},
		"a trait as long as none can be, as an equal":   {`{"trait": {"plan": {"eq": "` + strings.Repeat("ż", 201) + `"}}}`, []string{"trait.plan.eq: has 201 characters, at most 200 are allowed"}},
		"a question by the name of a fact is no answer": {`{"user": {"eq": "u"}}`, []string{"user: is not an earlier question; earlier ones are: rating, thumbs, some, list, mail, who, rank, grid, day, told, else"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ParseDefinition(asksAll(test.showIf))
			var want []string
			for _, problem := range test.want {
				want = append(want, "questions[11].show_if."+problem)
			}
			if diff := cmp.Diff(want, problems(t, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTriggerOfSurveyWithoutTriggersIsRefused(t *testing.T) {
	_, err := ParseDefinition(withQuestions(`{"id": "a", "type": "nps", "title": "A", "show_if": {"trigger": {"eq": "url", "answered": false}}}`))
	if diff := cmp.Diff([]string{"questions[0].show_if.trigger.eq: the survey has no triggers"}, problems(t, err)); diff != "" {
		t.Error(diff)
	}
}

func TestConditionOverFactsIsWrittenAsItWasRead(t *testing.T) {
	const text = `{"trait":{"plan":{"eq":"pro"}},"hidden":{"value":{"lt":5}},"trigger":{"answered":false},"language":{"in":["pl"]},"day":{"gte":"2026-01-01"}}`
	var c Condition
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		t.Fatal(err)
	}
	written, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(value(t, []byte(text)), value(t, written)); diff != "" {
		t.Error(diff)
	}
}
