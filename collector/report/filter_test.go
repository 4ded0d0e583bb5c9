package report

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/askwell/askwell/collector/segment"
	"github.com/askwell/askwell/collector/survey"
)

func sourceFor(t testing.TB) []*source {
	d, err := survey.ParseDefinition([]byte(`{"id": "s", "name": "S", "languages": ["en"], "hidden": {"value": "number", "agent": "string"}, "questions": [{"id": "nps", "type": "nps", "title": "N"},
		{"id": "likes", "type": "multi_choice", "title": "L", "choices": [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]}, {"id": "why", "type": "text", "title": "W"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	definitions := []*survey.Definition{d}
	return []*source{{Source: Source{Site: "shop", Survey: "s"}, definitions: definitions, schema: segment.NewSchema(definitions)}}
}

func TestFiltersKeep(t *testing.T) {
	for text, want := range map[string]struct{ kept, left string }{
		"answer.nps:0-6":               {"0 6 3", "7 10 "},
		"answer.nps:9,(none)":          {"9 ", "8"},
		"hidden.value:-5":              {"-5", "5 "},
		"hidden.value:-5--1":           {"-5 -3.2 -1", "0 -6"},
		"hidden.value:-1-2.5":          {"-1 0 2.5", "3"},
		"hidden.value:1e3":             {"1000", "1"},
		"hidden.value:0.00001-1e-4":    {"0.00005", "0.1"},
		`page:/a\,b,/c\\`:              {`/a,b /c\`, `/a /c`},
		"device:mobile,(none)":         {"mobile ", "desktop"},
		"answer.likes:b":               {"b a\x1fb", "a "},
		"answer.likes:a,(none)":        {"a a\x1fb ", "b"},
		"trait.plan:pro:x":             {"pro:x", "pro"},
		`trait.a\:b\\:x:y`:             {"x:y", "x y"},
		"answer.nps:9-99":              {"9 10", "8 "},
		"version:2-3":                  {"2 3", "1 4 "},
		"trait.a name with spaces:(x)": {"(x)", ""},
	} {
		t.Run(text, func(t *testing.T) {
			var wrong problems
			filters := parseFilters([]string{text}, sourceFor(t), &wrong)
			if err := wrong.err(); err != nil || len(filters) != 1 {
				t.Fatal(err)
			}
			for _, value := range strings.Split(want.kept, " ") {
				if !filters[0].keeps(value) {
					t.Errorf("%q is not kept", value)
				}
			}
			for _, value := range strings.Split(want.left, " ") {
				if want.left != "" && filters[0].keeps(value) {
					t.Errorf("%q is kept", value)
				}
			}
		})
	}
}

func TestFiltersAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		"device":             "is no filter: expected dimension:value,value",
		"devise:mobile":      `"devise" is not a dimension of this survey; expected one of page, device`,
		"device:phone":       `"phone" is no value of device; expected one of desktop, mobile`,
		"answer.nps:6-0":     `"6-0" is no value of answer.nps: expected a number, a range such as 0-6`,
		"answer.nps:NaN":     "expected a number",
		"answer.nps:0-Inf":   "expected a number",
		"answer.nps:":        "expected a number",
		"answer.nps:11":      `"11" is outside the scale of answer.nps: expected 0 to 10, or (none)`,
		"answer.nps:-5--1":   "expected 0 to 10",
		`trait.a\:b`:         "is no filter",
		"answer.likes:c":     "expected one of a, b, (none)",
		"answer.why:x":       "is not a dimension",
		"hidden.none:x":      "is not a dimension",
		"page:":              "has an empty value of page: expected a value, or (none)",
		"trait.:x":           "is not a dimension",
		":x":                 "is not a dimension",
		"answer.nps.other:1": "is not a dimension",
	} {
		var wrong problems
		parseFilters([]string{text}, sourceFor(t), &wrong)
		if len(wrong) != 1 || wrong[0].Location != "query.filter" || !strings.Contains(wrong[0].Message, want) {
			t.Errorf("%s: %v, want %s", text, wrong, want)
		}
	}
}

func TestMoreThanCanBeReadOneByOneIsRefused(t *testing.T) {
	r := &reading{}
	for range 2 {
		if err := r.single(maxSingly/2, "filter", "hidden.agent"); err != nil {
			t.Fatal(err)
		}
	}
	var refused *survey.Error
	if err := r.single(1, "filter", "hidden.agent"); !errors.As(err, &refused) || refused.Code != survey.Invalid || refused.Problems[0].Location != "query.filter" ||
		!strings.Contains(refused.Problems[0].Message, "hidden.agent has so many values that more than 500000 responses") {
		t.Errorf("%v", err)
	}
}

func FuzzFilter(f *testing.F) {
	for _, text := range []string{"answer.nps:0-6", "hidden.value:-5--1", `page:\,\\,`, "device:(none)", ":", "trait.x:\x1f", "answer.likes:a,b"} {
		f.Add(text, "x")
	}
	sources := sourceFor(f)
	f.Fuzz(func(t *testing.T, text, value string) {
		var wrong problems
		filters := parseFilters([]string{text}, sources, &wrong)
		if len(filters) > 1 || len(filters) == 0 && len(wrong) == 0 {
			t.Fatalf("%d filters, %v", len(filters), wrong)
		}
		for i := range filters {
			filters[i].keeps(value)
			filters[i].keeps("")
		}
		// What is escaped is one value.
		if utf8.ValidString(value) && value != None {
			if got := SplitValues(strings.NewReplacer(`\`, `\\`, ",", `\,`).Replace(value)); !slices.Equal(got, []string{value}) {
				t.Errorf("%q became %q", value, got)
			}
		}
	})
}
