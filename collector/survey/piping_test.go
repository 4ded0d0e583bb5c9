package survey

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPiping(t *testing.T) {
	const unclosed = "has a {{ that is not closed by }}; write {{source|fallback}}"
	noSource := func(source, earlier string) string {
		return "has {{" + source + "|…}}, which is no source: an earlier question (" + earlier + "), trait.NAME, hidden.NAME, cart.value, cart.currency or cart.items"
	}
	last := func(title string) string { return `{"id": "last", "type": "text", "title": ` + title + `}` }
	// The title of the last of six questions.
	titles := map[string]struct {
		title string
		want  []string
	}{
		"every source":                             {`"{{nps|a}} {{liked|}} {{day|then}} {{trait.first name|you}} {{hidden.order|it}} {{cart.value|0}} {{cart.currency|}} {{cart.items|some}}"`, nil},
		"a fallback with a bar and blanks":         {`"{{nps|one | two}}"`, nil},
		"closing braces alone":                     {`"a }} b"`, nil},
		"single braces":                            {`"{nps|a}"`, nil},
		"the question itself":                      {`"{{last|a}}"`, []string{"title: " + noSource("last", "nps, liked, day, told, grid")}},
		"no question":                              {`{"en": "A", "pl": "{{nobody|a}}"}`, []string{"title.pl: " + noSource("nobody", "nps, liked, day, told, grid")}},
		"blanks around the source":                 {`"{{ nps |a}}"`, []string{"title: " + noSource(" nps ", "nps, liked, day, told, grid")}},
		"no source":                                {`"{{|a}}"`, []string{"title: " + noSource("", "nps, liked, day, told, grid")}},
		"another part of the cart":                 {`"{{cart.total|a}}"`, []string{"title: " + noSource("cart.total", "nps, liked, day, told, grid")}},
		"what was written beside a choice":         {`"{{liked.other|a}}"`, []string{"title: has {{liked.other|…}}, but the answer to a question of type multi_choice has no parts"}},
		"parts of an answer":                       {`"{{grid.a|x}} {{grid.b|}}"`, nil},
		"a part there is not":                      {`"{{grid.c|x}} {{nps.a|}}"`, []string{"title: has {{grid.c|…}}, which is no part of the answer to grid; its parts are: grid.a, grid.b", "title: has {{nps.a|…}}, but the answer to a question of type nps has no parts"}},
		"a statement":                              {`"{{told|a}}"`, []string{"title: has {{told|…}}, but the answer to a question of type statement is no text"}},
		"a matrix":                                 {`"{{grid|a}}"`, []string{"title: has {{grid|…}}, but the answer to a question of type matrix is no text; its parts are: grid.a, grid.b"}},
		"a trait without a name":                   {`"{{trait.|a}}"`, []string{"title: has {{trait.|…}}, which is a trait without a name"}},
		"a hidden field that is not declared":      {`"{{hidden.cart|a}}"`, []string{"title: has {{hidden.cart|…}}, which is not a hidden field of the survey; declared are: order"}},
		"no fallback":                              {`"{{nps}}"`, []string{"title: has {{nps}} without what is read where it is not known; write {{nps|fallback}}, or {{nps|}} for nothing"}},
		"braces that are not closed":               {`"a {{nps|b"`, []string{"title: " + unclosed}},
		"braces that are closed by one":            {`"a {{nps|b} c"`, []string{"title: " + unclosed}},
		"braces in braces":                         {`"{{nps|{{liked|}}}}"`, []string{"title: " + unclosed}},
		"three braces":                             {`"{{{nps|a}}}"`, []string{"title: " + unclosed}},
		"braces that are meant as such":            {`"write {{ for a template"`, []string{"title: " + unclosed}},
		"each mistake of a text, in each language": {`{"en": "{{a|}} {{nps|}} {{b|}}", "pl": "{{c|}}"}`, []string{"title.en: " + noSource("a", "nps, liked, day, told, grid"), "title.en: " + noSource("b", "nps, liked, day, told, grid"), "title.pl: " + noSource("c", "nps, liked, day, told, grid")}},
	}
	questions := `{"id": "nps", "type": "nps", "title": "N"}, {"id": "liked", "type": "multi_choice", "title": "L", ` + choicesXYZ + `}, {"id": "day", "type": "date", "title": "D"},
		{"id": "told", "type": "statement", "title": "T"}, {"id": "grid", "type": "matrix", "title": "G", ` + rowsAndCo + `}`
	survey := func(last, more string) []byte {
		return []byte(`{"id": "s", "name": "S", "languages": ["en", "pl"], "hidden": {"order": "string"}, "questions": [` + questions + `, ` + last + `]` + more + `}`)
	}
	for name, test := range titles {
		t.Run(name, func(t *testing.T) {
			_, err := ParseDefinition(survey(last(test.title), ""))
			var want []string
			for _, problem := range test.want {
				want = append(want, "questions[5]."+problem)
			}
			if diff := cmp.Diff(want, problems(t, err)); diff != "" {
				t.Error(diff)
			}
		})
	}

	// Where a text stands says which questions come before it.
	places := map[string]struct {
		body []byte
		want []string
	}{
		"an ending may name every question":       {survey(last(`"L"`), `, "endings": [{"title": "{{last|a}}", "link": {"label": "{{nps|a}}", "url": "https://shop.example"}}]`), nil},
		"a label may name an earlier question":    {survey(`{"id": "last", "type": "thumbs", "title": "L", "up": "{{nps|a}}", "purpose": "{{liked|a}}"}`, ""), nil},
		"an ending of what is not there":          {survey(last(`"L"`), `, "endings": [{"title": "T", "text": {"en": "{{bye|a}}"}}]`), []string{"endings[0].text.en: " + noSource("bye", "nps, liked, day, told, grid, last")}},
		"the survey's purpose comes before all":   {survey(last(`"L"`), `, "purpose": {"en": "{{trait.plan|a}} {{nps|a}}"}`), []string{"purpose.en: " + noSource("nps", "none")}},
		"a label of what comes later":             {[]byte(strings.Replace(string(survey(last(`"L"`), "")), `"label": "Y"`, `"label": {"en": "{{last|a}}"}`, 1)), []string{"questions[1].choices[1].label.en: " + noSource("last", "nps")}},
		"a link's address takes nothing":          {survey(last(`"L"`), `, "endings": [{"title": "T", "link": {"label": "L", "url": "https://shop.example/{{nps|a}}"}}]`), []string{"endings[0].link.url: has {{, but nothing is put into addresses"}},
		"a feedback button's label takes nothing": {survey(last(`"L"`), `, "triggers": [{"type": "feedback_button", "label": "{{trait.name|a}}"}]`), []string{"triggers[0].label: has {{, but nothing is put in here"}},
		"a picture's address takes nothing":       {survey(`{"id": "last", "type": "picture_choice", "title": "L", "choices": [{"id": "x", "label": "X", "image": "/{{nps|a}}"}, {"id": "y", "label": "Y", "image": "/y"}]}`, ""), []string{"questions[5].choices[0].image: has {{, but nothing is put into addresses"}},
	}
	for name, test := range places {
		t.Run(name, func(t *testing.T) {
			_, err := ParseDefinition(test.body)
			if diff := cmp.Diff(test.want, problems(t, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
