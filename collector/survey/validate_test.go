package survey

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCheckNamesEachMistake(t *testing.T) {
	const nps = `{"id": "nps", "type": "nps", "title": "N"}`
	// survey is one of the languages given, with one question and whatever else.
	survey := func(languages, more string) string {
		return `{"id": "s", "name": "S", "languages": ` + languages + more + `, "questions": [` + nps + `]}`
	}
	titled := func(title string) string {
		return string(withQuestions(`{"id": "a", "type": "text", "title": ` + title + `}`))
	}
	long := strings.Repeat("ż", maxTitle+1)
	tests := map[string]struct {
		body string
		want []string
	}{
		"a language that is a word is refused": {survey(`["english"]`, ``), []string{
			`languages[0]: "english" is not a BCP 47 language tag, such as en, pl or zh-Hant`}},
		"a language that nobody registered is refused": {survey(`["en", "xx"]`, ``), []string{
			`languages[1]: "xx" is not a BCP 47 language tag, such as en, pl or zh-Hant`}},
		"a language with an underscore is refused: no page's language would equal it": {survey(`["en_US"]`, ``), []string{
			`languages[0]: "en_US" is written "en-US"`}},
		"an empty language is refused": {survey(`[""]`, ``), []string{
			`languages[0]: "" is not a BCP 47 language tag, such as en, pl or zh-Hant`}},
		"a language listed twice is refused":               {survey(`["en", "pl", "en"]`, ``), []string{`languages[2]: "en" is listed twice`}},
		"a language listed again in capitals is refused":   {survey(`["en", "EN"]`, ``), []string{`languages[1]: "EN" is written "en"`}},
		"languages with script and region are fine":        {survey(`["zh-Hant-TW", "pt-BR", "no"]`, ``), nil},
		"a text as one string serves every language":       {titled(`"A"`), nil},
		"a text in the default language alone is fine":     {titled(`{"en": "A"}`), nil},
		"a text without the default language is refused":   {titled(`{"pl": "A"}`), []string{`questions[0].title: has no text in "en", the survey's first language`}},
		"a text that is an empty map is refused":           {titled(`{}`), []string{`questions[0].title: has no text in "en", the survey's first language`}},
		"a text in an undeclared language is refused":      {titled(`{"en": "A", "de": "A"}`), []string{"questions[0].title.de: is not one of the survey's languages: en, pl"}},
		"an empty text is refused":                         {titled(`""`), []string{"questions[0].title: is empty"}},
		"a text of blanks is refused":                      {titled(`{"en": "A", "pl": " \t\n"}`), []string{"questions[0].title.pl: is empty"}},
		"a text that is too long is refused":               {titled(`{"en": "` + long + `"}`), []string{"questions[0].title.en: has 501 characters, at most 500 are allowed"}},
		"a text at the limit is fine, in characters":       {titled(`"` + long[len("ż"):] + `"`), nil},
		"a purpose without the default language":           {survey(`["en", "pl"]`, `, "purpose": {"pl": "P"}`), []string{`purpose: has no text in "en", the survey's first language`}},
		"a help text in an undeclared language":            {survey(`["en"]`, `, "endings": [{"title": "B", "text": {"en": "t", "fr": "t"}}]`), []string{"endings[0].text.fr: is not one of the survey's languages: en"}},
		"an ending without a condition before others":      {survey(`["en"]`, `, "endings": [{"title": "A"}, {"title": "B"}]`), []string{"endings[0]: has no condition, so the endings after it are never shown; put it last"}},
		"a text in both forms":                             {survey(`["en"]`, `, "purpose": {"": "P", "en": "Q"}`), []string{"purpose: mixes one string for every language with strings by language"}},
		"an ending without a condition is fine at the end": {survey(`["en"]`, `, "endings": [{"if": {"nps": {"lte": 6}}, "title": "A"}, {"title": "B"}]`), nil},
		"endings with conditions alone are fine":           {survey(`["en"]`, `, "endings": [{"if": {"nps": {"lte": 6}}, "title": "A"}]`), nil},
		"an ending on a question there is not": {survey(`["en"]`, `, "endings": [{"if": {"why": {"answered": true}}, "title": "A"}]`), []string{
			"endings[0].if.why: is not an earlier question; earlier ones are: nps"}},

		"a question id that is taken": {string(withQuestions(nps, `{"id": "x", "type": "text", "title": "X"}`, `{"id": "nps", "type": "text", "title": "X"}`)), []string{
			`questions[2].id: "nps" is taken by an earlier question`}},
		"a question called all": {string(withQuestions(`{"id": "all", "type": "nps", "title": "X"}`)), []string{
			`questions[0].id: "all" has a meaning in conditions; choose another id`}},
		"a question called any": {string(withQuestions(nps, `{"id": "any", "type": "nps", "title": "X"}`)), []string{
			`questions[1].id: "any" has a meaning in conditions; choose another id`}},
		"a question called not": {string(withQuestions(`{"id": "not", "type": "nps", "title": "X"}`)), []string{
			`questions[0].id: "not" has a meaning in conditions; choose another id`}},
		"a choice id that is taken": {string(withQuestions(`{"id": "c", "type": "single_choice", "title": "C",
			"choices": [{"id": "x", "label": "X"}, {"id": "y", "label": "Y"}, {"id": "x", "label": "Z"}]}`)), []string{
			`questions[0].choices[2].id: "x" is taken by an earlier choice`}},
		"two questions may have the same choices": {string(withQuestions(
			`{"id": "c", "type": "single_choice", "title": "C", "choices": [{"id": "x", "label": "X"}, {"id": "y", "label": "Y"}]}`,
			`{"id": "d", "type": "single_choice", "title": "D", "choices": [{"id": "x", "label": "X"}, {"id": "y", "label": "Y"}]}`)), nil},
		"more choices to shuffle than there are": {string(withQuestions(`{"id": "c", "type": "single_choice", "title": "C", "shuffle_first": 3,
			"choices": [{"id": "x", "label": "X"}, {"id": "y", "label": "Y"}]}`)), []string{
			"questions[0].shuffle_first: is 3, but there are only 2 choices"}},
		"all choices may be shuffled": {string(withQuestions(`{"id": "c", "type": "single_choice", "title": "C", "shuffle_first": 2,
			"choices": [{"id": "x", "label": "X"}, {"id": "y", "label": "Y"}]}`)), nil},
		"four labels for five points": {string(withQuestions(`{"id": "c", "type": "csat", "title": "C", "labels": ["1", "2", "3", "4"]}`)), []string{
			"questions[0].labels: has 4 labels for 5 points; name every point or none"}},
		"five labels for seven points": {string(withQuestions(`{"id": "c", "type": "csat", "title": "C", "points": 7, "labels": ["1", "2", "3", "4", "5"]}`)), []string{
			"questions[0].labels: has 5 labels for 7 points; name every point or none"}},
		"seven labels for seven points are fine": {string(withQuestions(`{"id": "c", "type": "csat", "title": "C", "points": 7, "labels": ["1", "2", "3", "4", "5", "6", "7"]}`)), nil},

		// Each text that a type has of its own is checked: none is forgotten in a check method.
		"texts of an nps question": {string(withQuestions(`{"id": "q", "type": "nps", "title": "Q", "help": "", "low": "", "high": ""}`)), []string{
			"questions[0].help: is empty", "questions[0].high: is empty", "questions[0].low: is empty"}},
		"texts of a ces question": {string(withQuestions(`{"id": "q", "type": "ces", "title": "Q", "low": "", "high": ""}`)), []string{
			"questions[0].high: is empty", "questions[0].low: is empty"}},
		"texts of a csat question": {string(withQuestions(`{"id": "q", "type": "csat", "title": "Q", "labels": ["1", "2", {"pl": "3"}, "4", ""]}`)), []string{
			`questions[0].labels[2]: has no text in "en", the survey's first language`, "questions[0].labels[4]: is empty"}},
		"texts of a text question": {string(withQuestions(`{"id": "q", "type": "text", "title": "Q", "placeholder": ""}`)), []string{
			"questions[0].placeholder: is empty"}},
		"texts of a single choice": {string(withQuestions(`{"id": "q", "type": "single_choice", "title": "Q", "choices": [{"id": "x", "label": "X"}, {"id": "y", "label": ""}]}`)), []string{
			"questions[0].choices[1].label: is empty"}},
		"texts of an ending": {survey(`["en"]`, `, "endings": [{"title": "", "text": ""}]`), []string{
			"endings[0].text: is empty", "endings[0].title: is empty"}},

		"every mistake is reported at once": {`{"id": "s", "name": "S", "languages": ["en", "en"], "purpose": "", "questions": [
			{"id": "not", "type": "nps", "title": {"de": "X"}}, {"id": "c", "type": "csat", "title": "C", "labels": ["1"], "show_if": {"later": {}}}]}`, []string{
			`languages[1]: "en" is listed twice`,
			"purpose: is empty",
			`questions[0].id: "not" has a meaning in conditions; choose another id`,
			`questions[0].title: has no text in "en", the survey's first language`,
			"questions[0].title.de: is not one of the survey's languages: en, en",
			"questions[1].labels: has 1 labels for 5 points; name every point or none",
			"questions[1].show_if.later: is not an earlier question; earlier ones are: not"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ParseDefinition([]byte(test.body))
			if diff := cmp.Diff(test.want, problems(t, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCheckSuccessor(t *testing.T) {
	const (
		nps    = `{"id": "q", "type": "nps", "title": "Q"}`
		text   = `{"id": "q", "type": "text", "title": "Q"}`
		csat   = `{"id": "q", "type": "csat", "title": "Q"}`
		csat5  = `{"id": "q", "type": "csat", "title": "Q", "points": 5}`
		csat7  = `{"id": "q", "type": "csat", "title": "Q", "points": 7}`
		choice = `{"id": "q", "type": "single_choice", "title": "Q", "choices": [{"id": "x", "label": "X"}, {"id": "y", "label": "Y"}]}`
		fewer  = `{"id": "q", "type": "single_choice", "title": "Q", "choices": [{"id": "y", "label": "Y"}, {"id": "z", "label": "Z"}]}`
		other  = `{"id": "p", "type": "ces", "title": "P"}`
	)
	const (
		rating    = `{"id": "q", "type": "rating", "title": "Q"}`
		rating10  = `{"id": "q", "type": "rating", "title": "Q", "points": 10}`
		ces       = `{"id": "q", "type": "ces", "title": "Q"}`
		turned    = `{"id": "q", "type": "ces", "title": "Q", "direction": "easiest_first"}`
		matrix    = `{"id": "q", "type": "matrix", "title": "Q", ` + rowsAndCo + `}`
		narrow    = `{"id": "q", "type": "matrix", "title": "Q", "rows": [{"id": "c", "label": "C"}], "columns": [{"id": "y", "label": "Y"}, {"id": "z", "label": "Z"}]}`
		statement = `{"id": "q", "type": "statement", "title": "Q"}`
	)
	const scale = "questions[%].points: was published with a scale of 1–5 and cannot become 1–7; give the new question another id"
	tests := map[string]struct {
		published, next []string
		want            []string
	}{
		"the same is fine":                             {[]string{nps, other}, []string{nps, other}, nil},
		"another order is fine":                        {[]string{nps, other}, []string{other, nps}, nil},
		"a question may go":                            {[]string{nps, other}, []string{other}, nil},
		"a question may come":                          {[]string{other}, []string{other, nps}, nil},
		"choices may change":                           {[]string{choice}, []string{fewer}, nil},
		"the default scale may be written out":         {[]string{csat}, []string{csat5}, nil},
		"a question cannot change its type":            {[]string{nps}, []string{text}, []string{"questions[0].type: was published as nps and cannot become text; give the new question another id"}},
		"a question cannot change its metric":          {[]string{csat}, []string{nps}, []string{"questions[0].type: was published as csat and cannot become nps; give the new question another id"}},
		"a question without a scale cannot become one": {[]string{text}, []string{nps}, []string{"questions[0].type: was published as text and cannot become nps; give the new question another id"}},
		"the points of a rating cannot change":         {[]string{rating}, []string{rating10}, []string{"questions[0].points: was published with a scale of 1–5 and cannot become 1–10; give the new question another id"}},
		"a rating cannot become a csat":                {[]string{rating}, []string{csat}, []string{"questions[0].type: was published as rating and cannot become csat; give the new question another id"}},
		"a statement cannot become a question":         {[]string{statement}, []string{text}, []string{"questions[0].type: was published as statement and cannot become text; give the new question another id"}},
		"a ces may be drawn the other way round":       {[]string{ces}, []string{turned}, nil},
		"rows and columns may change":                  {[]string{matrix}, []string{narrow}, nil},
		"a scale cannot grow":                          {[]string{csat5}, []string{csat7}, []string{strings.Replace(scale, "%", "0", 1)}},
		"the location is that of the new definition":   {[]string{csat}, []string{other, csat7}, []string{strings.Replace(scale, "%", "1", 1)}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, p := range of(t, test.next...).CheckSuccessor(of(t, test.published...)) {
				got = append(got, p.String())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestHiddenFieldKeepsItsType(t *testing.T) {
	const q = `{"id": "a", "type": "nps", "title": "A"}`
	published := mustParse(t, withHidden(`{"order": "string", "value": "number", "gone": "string"}`, q))
	next := mustParse(t, withHidden(`{"order": "string", "value": "string", "come": "number"}`, q))
	want := []Problem{{"hidden.value", "was published as number and cannot become string; give the new field another name"}}
	if diff := cmp.Diff(want, next.CheckSuccessor(published)); diff != "" {
		t.Error(diff)
	}
}
