package survey

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	choicesXYZ = `"choices": [{"id": "x", "label": "X"}, {"id": "y", "label": "Y"}, {"id": "z", "label": "Z"}]`
	rowsAndCo  = `"rows": [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}], "columns": [{"id": "x", "label": "X"}, {"id": "y", "label": "Y"}]`
	withNone   = `"choices": [{"id": "x", "label": "X"}, {"id": "y", "label": "Y"}, {"id": "z", "label": "Z"}, {"id": "none", "label": "None", "none": true}, {"id": "neither", "label": "Neither", "none": true}]`
)

// manyChoices are 500, c0 to c499.
func manyChoices() string {
	var list []string
	for i := range 500 {
		list = append(list, fmt.Sprintf(`{"id": "c%d", "label": "C"}`, i))
	}
	return `"choices": [` + strings.Join(list, ",") + `]`
}

// question is the options of a type as a question q.
func question(options string) string {
	return `{"id": "q", "title": "Q", "type": ` + options + `}`
}

func TestAnswersOfEachType(t *testing.T) {
	const (
		to10    = "expected a whole number from 1 to 10"
		some    = "expected a list of some of x, y, z, none, neither, each once"
		all     = "expected a list of all of x, y, z, each once, the best first"
		address = "expected an e-mail address, such as name@example.com"
		filled  = "expected an object of strings, with some of name, email, phone"
		columns = "expected an object of a column for each row, by ids"
		day     = "expected a day of the calendar, YYYY-MM-DD"
		picture = `"picture_choice", "choices": [{"id": "x", "label": "X", "image": "/x"}, {"id": "y", "label": "Y", "image": "/y"}]`
		told    = "is a statement, which has no answer"
	)
	quoted := func(s string) string { return `"` + s + `"` }
	long := strings.Repeat
	// By name, the question: the answers it accepts, and those it refuses with what it says.
	tests := map[string]struct {
		question string
		accepts  []string
		refuses  map[string]string
	}{
		"rating of 5": {`"rating"`, []string{"1", "5"}, map[string]string{"0": "expected a whole number from 1 to 5", "6": "expected a whole number from 1 to 5"}},
		"rating of 10": {`"rating", "points": 10`, []string{"1", "10"},
			map[string]string{"0": to10, "11": to10, "1.5": to10, `"5"`: to10, "null": to10, "true": to10, "[5]": to10}},
		"thumbs": {`"thumbs"`, []string{"true", "false"}, map[string]string{"1": "expected true or false", `"true"`: "expected true or false", "null": "expected true or false", "[]": "expected true or false"}},
		"dropdown": {`"dropdown", ` + choicesXYZ, []string{`"x"`, `"z"`},
			map[string]string{`"a"`: "expected one of x, y, z", "null": "expected one of x, y, z", `["x"]`: "expected one of x, y, z", `""`: "expected one of x, y, z"}},
		"dropdown of 500: not all are named": {`"dropdown", ` + manyChoices(), []string{`"c0"`, `"c499"`},
			map[string]string{`"c500"`: "expected one of c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19 and 480 more"}},
		"picture_choice": {picture, []string{`"x"`}, map[string]string{`"/x"`: "expected one of x, y", "0": "expected one of x, y"}},

		"multi_choice": {`"multi_choice", ` + withNone, []string{`["x"]`, `["z", "x"]`, `["x", "y", "z"]`, `["none"]`, `["neither"]`},
			map[string]string{`[]`: some, `"x"`: some, "null": some, `["x", "x"]`: some, `["x", "w"]`: some, `[null]`: some, `[1]`: some, `{"x": true}`: some,
				`["x", "y", "z", "x", "y", "z"]`: some,
				`["x", "none"]`:                  `has others beside "none", which stands alone`,
				`["neither", "none"]`:            `has others beside "none", which stands alone`}},
		"multi_choice of two: none of these is enough": {`"multi_choice", "min": 2, "max": 2, ` + withNone, []string{`["x", "y"]`, `["none"]`},
			map[string]string{`["x"]`: "has 1 choices, at least 2 are needed", `["x", "y", "z"]`: "has 3 choices, at most 2 are allowed"}},

		"ranking": {`"ranking", ` + choicesXYZ, []string{`["x", "y", "z"]`, `["z", "x", "y"]`},
			map[string]string{`["x", "y"]`: all, `["x", "y", "y"]`: all, `["x", "y", "z", "x"]`: all, `["x", "y", "w"]`: all, `[]`: all, "null": all, `"x"`: all}},

		"matrix: a row may be left out": {`"matrix", ` + rowsAndCo, []string{`{"a": "x"}`, `{"a": "x", "b": "x"}`},
			map[string]string{`{}`: columns, `[]`: columns, "null": columns, `"a"`: columns, `{"a": 1}`: columns, `{"a": null}`: columns, `{"a": ["x"]}`: columns, `{"a": {"x": "y"}}`: columns,
				`{"a": "x", "a": "y"}`: columns,
				`{"c": "x"}`:           `"c" is not a row; expected some of a, b`,
				`{"a": "z"}`:           `"z" of row "a" is not a column; expected one of x, y`}},

		"text of a length": {`"text", "min_length": 3, "max_length": 5`, []string{`"abc"`, `"żółwi"`, `"🙂🙂"`}, // four to a browser
			map[string]string{`"ab"`: "has 2 characters, at least 3 are needed", `""`: "has 0 characters, at least 3 are needed", `"abcdef"`: "has 6 characters, at most 5 are allowed"}},
		"email": {`"email"`, []string{`"a@b.cd"`, `"first.last+tag@sub.example.co.uk"`, `"żółw@żółw.pl"`, `"o'hara@example.com"`, quoted(long("a", 242) + "@example.com")},
			map[string]string{`""`: address, `"a"`: address, `"a@b"`: address, `"@b.cd"`: address, `"a@.cd"`: address, `"a@b."`: address, `"a@b..cd"`: address, `"a@@b.cd"`: address,
				`"a b@c.de"`: address, `" a@b.cd"`: address, `"a@b.cd\n"`: address, `"a@b.cd, e@f.gh"`: address, `"A <a@b.cd>"`: address,
				quoted(long("a", 243) + "@example.com"): "has 255 characters, at most 254 are allowed",
				"null":                                  "expected a string", "5": "expected a string"}},
		"contact": {`"contact", "fields": ["name", "email", "phone"]`,
			[]string{`{"name": "Jan"}`, `{"name": "Jan", "email": "a@b.cd", "phone": "+48 1"}`, `{"name": "Jan", "email": ""}`, `{"name": ` + quoted(long("ż", 200)) + `}`},
			map[string]string{`{}`: filled, `{"name": ""}`: filled, `{"name": 5}`: filled, `{"name": null}`: filled, `[]`: filled, "null": filled, `"Jan"`: filled, `{"name": "A", "name": "B"}`: filled,
				`{"company": "Acme"}`:                      `"company" is not a field; expected some of name, email, phone`,
				`{"email": "a@b"}`:                         "email: " + address,
				`{"name": ` + quoted(long("ż", 201)) + `}`: "name: has 201 characters, at most 200 are allowed"}},

		"date": {`"date"`, []string{`"2026-02-28"`, `"2024-02-29"`, `"1900-01-01"`},
			map[string]string{`"2026-02-30"`: day, `"2026-02-29"`: day, `"2026-13-01"`: day, `"2026-1-1"`: day, `"26-01-01"`: day, `"2026-01-01T00:00:00Z"`: day, `""`: day, "null": day, "20260101": day, `"today"`: day}},
		"date of a year": {`"date", "min": "2026-01-01", "max": "2026-12-31"`, []string{`"2026-01-01"`, `"2026-12-31"`},
			map[string]string{`"2025-12-31"`: "is before 2026-01-01, the first day", `"2027-01-01"`: "is after 2026-12-31, the last day"}},
		"date to today, which the collector does not know": {`"date", "min": "2026-01-01", "max": "today"`, []string{`"2026-01-01"`, `"2999-01-01"`}, nil},

		"statement": {`"statement"`, nil, map[string]string{"true": told, "null": told, `""`: told}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			q := of(t, question(test.question)).Questions[0]
			for _, answer := range test.accepts {
				if err := q.Answer(json.RawMessage(answer)); err != nil {
					t.Errorf("refuses %.60s: %v", answer, err)
				}
			}
			for answer, want := range test.refuses {
				if err := q.Answer(json.RawMessage(answer)); err == nil || err.Error() != want {
					t.Errorf("%.60s: %v, want %s", answer, err, want)
				}
			}
		})
	}
}

func TestOptionsOfEachType(t *testing.T) {
	tests := map[string]struct {
		question string
		want     []string
	}{
		"a required statement is refused":                {`"statement", "required": true`, []string{"required: means nothing for a statement: it has no answer"}},
		"a statement with a prefill is refused":          {`"statement", "prefill": {"value": "x"}`, []string{"prefill: means nothing for a statement: it has no answer"}},
		"choices with the same id are refused":           {`"dropdown", "choices": [{"id": "x", "label": "X"}, {"id": "x", "label": "Y"}]`, []string{`choices[1].id: "x" is taken by an earlier choice`}},
		"pictures with the same id are refused":          {`"picture_choice", "choices": [{"id": "x", "label": "X", "image": "/x"}, {"id": "x", "label": "Y", "image": "/y"}]`, []string{`choices[1].id: "x" is taken by an earlier choice`}},
		"items of a ranking with the same id are":        {`"ranking", "choices": [{"id": "x", "label": "X"}, {"id": "x", "label": "Y"}]`, []string{`choices[1].id: "x" is taken by an earlier choice`}},
		"rows and columns with the same id are refused":  {`"matrix", "rows": [{"id": "a", "label": "A"}, {"id": "a", "label": "B"}], "columns": [{"id": "x", "label": "X"}, {"id": "x", "label": "Y"}]`, []string{`columns[1].id: "x" is taken by an earlier column`, `rows[1].id: "a" is taken by an earlier row`}},
		"a row may have the id of a column":              {`"matrix", "rows": [{"id": "x", "label": "A"}], "columns": [{"id": "x", "label": "X"}, {"id": "y", "label": "Y"}]`, nil},
		"two choices that open a field are refused":      {`"multi_choice", "choices": [{"id": "x", "label": "X", "other": true}, {"id": "y", "label": "Y", "other": true}]`, []string{"choices[1].other: an earlier choice opens the field; one can, for there is one answer of that name"}},
		"one that opens a field and is none is fine":     {`"multi_choice", "choices": [{"id": "x", "label": "X"}, {"id": "y", "label": "Y", "other": true, "none": true}]`, nil},
		"min and max at their limits are fine":           {`"multi_choice", "min": 3, "max": 3, ` + withNone, nil},
		"min above what goes together is refused":        {`"multi_choice", "min": 4, ` + withNone, []string{"min: is 4, but only 3 choices go together"}},
		"max above what goes together is refused":        {`"multi_choice", "max": 4, ` + withNone, []string{"max: is 4, but only 3 choices go together"}},
		"max below min is refused":                       {`"multi_choice", "min": 3, "max": 2, ` + withNone, []string{"max: is 2, less than min, which is 3"}},
		"more to shuffle than there are is refused":      {`"multi_choice", "shuffle_first": 6, ` + withNone, []string{"shuffle_first: is 6, but there are only 5 choices"}},
		"min_length above max_length is refused":         {`"text", "min_length": 6, "max_length": 5`, []string{"min_length: is 6, more than max_length, which is 5"}},
		"min_length up to the default of max is fine":    {`"text", "min_length": 1000`, nil},
		"a first day that is none is refused":            {`"date", "min": "2026-02-30"`, []string{`min: "2026-02-30" is no day of the calendar`}},
		"a last day that is none is refused":             {`"date", "max": "2026-04-31"`, []string{`max: "2026-04-31" is no day of the calendar`}},
		"a last day before the first is refused":         {`"date", "min": "2026-02-02", "max": "2026-02-01"`, []string{"max: is before min"}},
		"one day and today are fine":                     {`"date", "min": "today", "max": "2999-01-01"`, nil},
		"a day as the editor of a file may write it":     {`"date", "min": "tomorrow"`, []string{`min: "tomorrow" does not match ^(\d{4}-\d{2}-\d{2}|today)$`}},
		"an unknown contact field is refused":            {`"contact", "fields": ["name", "fax"]`, []string{`fields[1]: expected one of "company", "email", "name", "phone", not "fax"`}},
		"a rating of one point is refused":               {`"rating", "points": 1`, []string{"points: is 1, at least 2 is allowed"}},
		"a value of the type fills in":                   {`"multi_choice", "prefill": {"value": ["x", "y"]}, ` + withNone, nil},
		"false fills in":                                 {`"thumbs", "prefill": {"value": false}`, nil},
		"a trait fills in":                               {`"email", "prefill": {"trait": "mail"}`, nil},
		"a trait fills in no answer of several parts":    {`"contact", "fields": ["name"], "prefill": {"trait": "name"}`, []string{"prefill: the answer to a question of type contact has several parts, which no trait and no hidden field has; write value"}},
		"a value of another type does not fill in":       {`"rating", "prefill": {"value": "5"}`, []string{"prefill.value: expected a whole number from 1 to 5"}},
		"a prefill from nothing is refused":              {`"rating", "prefill": {}`, []string{"prefill: says 0 things; write one of value, trait, hidden"}},
		"a prefill from two places is refused":           {`"rating", "prefill": {"value": 5, "trait": "stars"}`, []string{"prefill: says 2 things; write one of value, trait, hidden"}},
		"a prefill from a field that is none is refused": {`"rating", "prefill": {"hidden": "stars"}`, []string{"prefill.hidden: is not a hidden field of the survey; declared are: none"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ParseDefinition(withQuestions(question(test.question)))
			var want []string
			for _, problem := range test.want {
				want = append(want, "questions[0]."+problem)
			}
			if diff := cmp.Diff(want, problems(t, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnswersBesideAnswers(t *testing.T) {
	d := of(t,
		`{"id": "one", "type": "single_choice", "title": "O", "choices": [{"id": "x", "label": "X"}, {"id": "else", "label": "E", "other": true}]}`,
		`{"id": "some", "type": "multi_choice", "title": "S", "choices": [{"id": "x", "label": "X"}, {"id": "else", "label": "E", "other": true}]}`,
		`{"id": "list", "type": "single_choice", "title": "L", "choices": [{"id": "x", "label": "X"}, {"id": "else", "label": "E", "other": true}]}`,
		`{"id": "plain", "type": "dropdown", "title": "P", "choices": [{"id": "x", "label": "X"}, {"id": "y", "label": "Y"}]}`,
		`{"id": "mail", "type": "email", "title": "M", "consent": "Yes"}`,
		`{"id": "free", "type": "email", "title": "F"}`,
		`{"id": "who", "type": "contact", "title": "W", "fields": ["name"], "consent": "Yes"}`)
	notChosen := `goes with the choice "else" alone, which is not chosen`
	tests := map[string]struct {
		answers string
		want    []string
	}{
		"what is written beside each kind of choice":   {`{"one": "else", "one.other": "A", "some": ["x", "else"], "some.other": "B", "list": "else", "list.other": "C"}`, nil},
		"the choice without the words":                 {`{"one": "else", "some": ["else"]}`, nil},
		"words at their limit":                         {`{"one": "else", "one.other": "` + strings.Repeat("ż", 500) + `"}`, nil},
		"words over it are refused":                    {`{"one": "else", "one.other": "` + strings.Repeat("ż", 501) + `"}`, []string{"answers.one.other: has 501 characters, at most 500 are allowed"}},
		"no words are refused":                         {`{"one": "else", "one.other": ""}`, []string{"answers.one.other: has 0 characters, at least 1 are needed"}},
		"words that are a number are refused":          {`{"one": "else", "one.other": 5}`, []string{"answers.one.other: expected a string"}},
		"words beside another choice are refused":      {`{"one": "x", "one.other": "A", "some": ["x"], "some.other": "B"}`, []string{"answers.one.other: " + notChosen, "answers.some.other: " + notChosen}},
		"words beside no answer are refused":           {`{"list.other": "A"}`, []string{"answers.list.other: " + notChosen}},
		"words where no choice opens a field":          {`{"plain": "x", "plain.other": "A"}`, []string{`answers.plain.other: no choice of "plain" opens a field`}},
		"words beside an e-mail are refused":           {`{"free": "a@b.cd", "free.other": "A"}`, []string{`answers.free.other: no choice of "free" opens a field`}},
		"an address with consent":                      {`{"mail": "a@b.cd", "mail.consent": true, "who": {"name": "A"}, "who.consent": true}`, nil},
		"an address that needs no consent":             {`{"free": "a@b.cd"}`, nil},
		"an address without the consent is refused":    {`{"mail": "a@b.cd", "who": {"name": "A"}}`, []string{"answers.mail: is taken with mail.consent: true alone", "answers.who: is taken with who.consent: true alone"}},
		"consent that is not given is refused":         {`{"mail": "a@b.cd", "mail.consent": false}`, []string{`answers.mail.consent: expected true; without consent there is no answer to "mail"`}},
		"consent that is a word is refused":            {`{"mail": "a@b.cd", "mail.consent": "true"}`, []string{`answers.mail.consent: expected true; without consent there is no answer to "mail"`}},
		"consent to nothing is refused":                {`{"mail.consent": true}`, []string{`answers.mail.consent: goes with an answer to "mail", which is not there`}},
		"consent that nobody asked for is refused":     {`{"free": "a@b.cd", "free.consent": true, "one.consent": true}`, []string{`answers.free.consent: "free" asks for no consent`, `answers.one.consent: "one" asks for no consent`}},
		"words beside a question there is not":         {`{"nobody.other": "A", "nobody.consent": true}`, []string{"answers.nobody.consent: is not a question of version 2", "answers.nobody.other: is not a question of version 2"}},
		"another answer beside a question is refused":  {`{"one": "else", "one.more": "A", ".other": "A", "one.other.other": "A", "": "A"}`, []string{"answers.: is not a question of version 2", "answers..other: is not a question of version 2", "answers.one.more: is not a question of version 2", "answers.one.other.other: is not a question of version 2"}},
		"a wrong answer and the words beside it, both": {`{"one": "w", "one.other": "A"}`, []string{"answers.one: expected one of x, else", "answers.one.other: " + notChosen}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := Response{ID: aUUIDv7, Version: 2, Seq: 1, State: Partial, ShownAt: 1}
			if err := json.Unmarshal([]byte(test.answers), &r.Answers); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range r.Check(d) {
				got = append(got, p.String())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAllWordsThatCanComeFitIntoAResponse(t *testing.T) {
	// Each of these is as long as its share of the 12,000 characters; one more text is too much.
	questions := []string{
		`{"id": "a", "type": "text", "title": "A", "max_length": 4000}`, `{"id": "b", "type": "text", "title": "B", "max_length": 4000}`,
		`{"id": "c", "type": "text", "title": "C", "max_length": 1392}`,
		`{"id": "mail", "type": "email", "title": "M"}`,                                                   // 254
		`{"id": "who", "type": "contact", "title": "W", "fields": ["name", "email", "phone", "company"]}`, // 854
		`{"id": "some", "type": "multi_choice", "title": "S", ` + other + `}`,                             // 500 each
		`{"id": "one", "type": "single_choice", "title": "O", ` + other + `}`,
		`{"id": "list", "type": "single_choice", "title": "L", ` + other + `}`,
		`{"id": "plain", "type": "dropdown", "title": "P", ` + choicesXYZ + `}`, // none
	}
	if _, err := ParseDefinition(withQuestions(questions...)); err != nil {
		t.Error(err)
	}
	_, err := ParseDefinition(withQuestions(append(questions, `{"id": "d", "type": "text", "title": "D", "max_length": 1}`)...))
	want := []string{"questions: may be answered with 12001 characters in all, at most 12000 fit into one response; lower max_length"}
	if diff := cmp.Diff(want, problems(t, err)); diff != "" {
		t.Error(diff)
	}
}

const other = `"choices": [{"id": "x", "label": "X"}, {"id": "else", "label": "E", "other": true}]`
