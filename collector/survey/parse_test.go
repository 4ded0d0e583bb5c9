package survey

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Each test changes one thing of this survey, by replacing a part of its text.
const valid = `{
	"id": "s", "name": "S", "languages": ["en"],
	"questions": [
		{"id": "a", "type": "nps", "title": "A"},
		{"id": "b", "type": "csat", "title": {"en": "B"}, "points": 7},
		{"id": "c", "type": "single_choice", "title": "C", "choices": [{"id": "x", "label": "X"}, {"id": "y", "label": "Y"}]},
		{"id": "d", "type": "text", "title": "D", "max_length": 100, "show_if": {"a": {"eq": 5}}}
	],
	"endings": [{"title": "Bye"}],
	"triggers": [{"type": "time_on_page", "seconds": 5}, {"type": "cart_abandonment", "when": ["idle"], "idle_seconds": 10, "selectors": {"currency": "EUR"}}],
	"targeting": {"url": [{"glob": "*"}]},
	"frequency": {"per_visitor": "always", "min_gap_days": 1},
	"theme": {"accent": "#00ff00", "position": "bottom-left"}
}`

const notAnID = " is not an id: lower-case letters, digits, - and _, at most 63, the first a letter or digit"

func quoted(names []string) string { return `"` + strings.Join(names, `", "`) + `"` }

func TestParseDefinitionNamesEachMistake(t *testing.T) {
	tests := map[string]struct {
		old, new string
		want     []string
	}{
		"an unknown field": {`"id": "s"`, `"id": "s", "titel": 1`, []string{
			"titel: unknown field; allowed here: dry_run, endings, frequency, hidden, id, languages, name, priority, privacy_url, purpose, questions, quota, targeting, theme, touchpoint, triggers"}},
		"a field of another question type": {`"title": "A"`, `"title": "A", "points": 7`, []string{
			"questions[0].points: unknown field; allowed here: help, high, id, jumps, low, prefill, purpose, required, show_if, title, type"}},
		"an unknown field of a choice": {`"label": "Y"`, `"label": "Y", "value": 1`, []string{
			"questions[2].choices[1].value: unknown field; allowed here: id, label, other"}},
		"an unknown comparison": {`"eq": 5`, `"equals": 5`, []string{
			"questions[3].show_if.a.equals: unknown field; allowed here: answered, contains, eq, gt, gte, in, lt, lte, ne"}},
		"an unknown field of a trigger": {`"seconds": 5`, `"seconds": 5, "delay": 1`, []string{
			"triggers[0].delay: unknown field; allowed here: cancel_on, delay_seconds, scope, seconds, type"}},
		"a field whose case is wrong": {`"name": "S"`, `"Name": "S"`, []string{
			"Name: unknown field; allowed here: dry_run, endings, frequency, hidden, id, languages, name, priority, privacy_url, purpose, questions, quota, targeting, theme, touchpoint, triggers",
			"name: is required"}},
		"several unknown fields": {`"title": "Bye"`, `"title": "Bye", "a": 1, "b": 2`, []string{
			"endings[0].a: unknown field; allowed here: if, link, text, title", "endings[0].b: unknown field; allowed here: if, link, text, title"}},

		"a survey without a name":                {`"name": "S", `, ``, []string{"name: is required"}},
		"a question without a title":             {`, "title": "A"`, ``, []string{"questions[0].title: is required"}},
		"a question without an id":               {`"id": "a", `, ``, []string{"questions[0].id: is required"}},
		"a single choice without choices":        {`, "choices": [{"id": "x", "label": "X"}, {"id": "y", "label": "Y"}]`, ``, []string{"questions[2].choices: is required"}},
		"a choice without a label":               {`, "label": "X"`, ``, []string{"questions[2].choices[0].label: is required"}},
		"an ending without a title":              {`"title": "Bye"`, ``, []string{"endings[0].title: is required"}},
		"a trigger without what its type needs":  {`, "seconds": 5`, ``, []string{"triggers[0].seconds: is required"}},
		"a URL rule that says nothing":           {`"glob": "*"`, ``, []string{"targeting.url[0]: says 0 things; write one of equals, contains, glob, regex"}},
		"a question without a type":              {`"type": "nps", `, ``, []string{"questions[0].type: is required"}},
		"a trigger without a type":               {`"type": "time_on_page", `, ``, []string{"triggers[0].type: is required"}},
		"no type, and more that is wrong beside": {`"type": "nps", "title": "A"`, `"titel": "A"`, []string{"questions[0].type: is required"}},

		"an unknown question type": {`"nps"`, `"npz"`, []string{
			`questions[0].type: expected one of ` + quoted(TypeNames(QuestionTypes)) + `, not "npz"`}},
		"an unknown trigger type": {`"time_on_page"`, `"scroll"`, []string{
			`triggers[0].type: expected one of ` + quoted(TypeNames(TriggerTypes)) + `, not "scroll"`}},
		"a type that is a number":  {`"nps"`, `5`, []string{"questions[0].type: expected string, not number"}},
		"a type in another case":   {`"nps"`, `"NPS"`, []string{`questions[0].type: expected one of ` + quoted(TypeNames(QuestionTypes)) + `, not "NPS"`}},
		"a question that is text":  {`{"id": "a", "type": "nps", "title": "A"}`, `"a"`, []string{"questions[0]: expected object, not string"}},
		"a trigger that is a name": {`{"type": "time_on_page", "seconds": 5}`, `"exit_intent"`, []string{"triggers[0]: expected object, not string"}},

		"a name that is a number":         {`"name": "S"`, `"name": 5`, []string{"name: expected string, not number"}},
		"questions that are a map":        {`"questions": [`, `"questions": {"x": 1}, "endings": [`, []string{"questions: expected array, not object"}},
		"a title that is a number":        {`"title": "A"`, `"title": 5`, []string{"questions[0].title: expected string or object, not number"}},
		"a title that is null":            {`"title": "A"`, `"title": null`, []string{"questions[0].title: expected string or object, not null"}},
		"a title that is a list":          {`"title": "A"`, `"title": ["A"]`, []string{"questions[0].title: expected string or object, not array"}},
		"a translation that is a number":  {`{"en": "B"}`, `{"en": 5}`, []string{"questions[1].title.en: expected string, not number"}},
		"a test that is a bare value":     {`{"eq": 5}`, `5`, []string{"questions[3].show_if.a: expected object, not number"}},
		"a bound that is text":            {`"eq": 5`, `"lt": "5"`, []string{"questions[3].show_if.a.lt: expected a number from 0 to 10"}},
		"a bound that is neither":         {`"eq": 5`, `"lt": true`, []string{"questions[3].show_if.a.lt: expected number or string, not boolean"}},
		"all with a map":                  {`{"a": {"eq": 5}}`, `{"all": {"a": {"eq": 5}}}`, []string{"questions[3].show_if.all: expected array, not object"}},
		"required that is text":           {`"title": "A"`, `"title": "A", "required": "yes"`, []string{"questions[0].required: expected boolean, not string"}},
		"a fraction for a whole number":   {`"max_length": 100`, `"max_length": 100.5`, []string{"questions[3].max_length: expected integer, not number"}},
		"a mistake deep in combinations":  {`{"a": {"eq": 5}}`, `{"not": {"any": [{"a": {"eq": 5}}, {"a": 1}]}}`, []string{"questions[3].show_if.not.any[1].a: expected object, not number"}},
		"a combination of a scalar":       {`{"a": {"eq": 5}}`, `{"not": true}`, []string{"questions[3].show_if.not: expected object, not boolean"}},
		"two mistakes of one question":    {`"title": "A"`, `"title": 1, "required": 2`, []string{"questions[0].required: expected boolean, not number", "questions[0].title: expected string or object, not number"}},
		"mistakes in several places":      {`"S", "languages": ["en"]`, `5, "languages": "en"`, []string{"languages: expected array, not string", "name: expected string, not number"}},
		"an enum's value that is unknown": {`"always"`, `"sometimes"`, []string{`frequency.per_visitor: expected one of "always", "until_answered", not "sometimes"`}},
		"a value of a list of enums":      {`["idle"]`, `["idle", "bored"]`, []string{`triggers[1].when[1]: expected one of "exit", "idle", "leave_funnel", not "bored"`}},
		"points other than 5 and 7":       {`"points": 7`, `"points": 6`, []string{"questions[1].points: expected one of 5, 7, not 6"}},

		"an id with capitals":         {`"id": "s"`, `"id": "Shop"`, []string{`id: "Shop"` + notAnID}},
		"an id with a space":          {`"id": "a"`, `"id": "a b"`, []string{`questions[0].id: "a b"` + notAnID}},
		"an id that begins with a -":  {`"id": "x"`, `"id": "-x"`, []string{`questions[2].choices[0].id: "-x"` + notAnID}},
		"an id with a line break":     {`"id": "a"`, `"id": "a\n"`, []string{`questions[0].id: "a\n"` + notAnID}},
		"an empty id":                 {`"id": "a"`, `"id": ""`, []string{`questions[0].id: ""` + notAnID}},
		"an id of 64 characters":      {`"id": "s"`, `"id": "` + strings.Repeat("a", 64) + `"`, []string{`id: "` + strings.Repeat("a", 64) + `"` + notAnID}},
		"a colour by name":            {`"#00ff00"`, `"green"`, []string{`theme.accent: "green" does not match ^#[0-9a-fA-F]{6}$`}},
		"a currency in small letters": {`"EUR"`, `"eur"`, []string{`triggers[1].selectors.currency: "eur" does not match ^[A-Z]{3}$`}},

		"an empty name":                {`"name": "S"`, `"name": ""`, []string{"name: has 0 characters, at least 1 are needed"}},
		"a name that is too long":      {`"name": "S"`, `"name": "` + strings.Repeat("ż", 201) + `"`, []string{"name: has 201 characters, at most 200 are allowed"}},
		"no languages":                 {`["en"]`, `[]`, []string{"languages: has 0 items, at least 1 are needed"}},
		"one choice":                   {`{"id": "x", "label": "X"}, `, ``, []string{"questions[2].choices: has 1 items, at least 2 are needed"}},
		"too many labels":              {`"points": 7`, `"labels": ["1","2","3","4","5","6","7","8"]`, []string{"questions[1].labels: has 8 items, at most 7 are allowed"}},
		"in with nothing":              {`"eq": 5`, `"in": []`, []string{"questions[3].show_if.a.in: has 0 items, at least 1 are needed"}},
		"a contact field listed twice": {`"type": "nps", "title": "A"`, `"type": "contact", "title": "A", "fields": ["name", "name"]`, []string{"questions[0].fields: has the same at 0 and 1"}},
		"a number below its minimum":   {`"idle_seconds": 10`, `"idle_seconds": 0.5`, []string{"triggers[1].idle_seconds: is 0.5, at least 1 is allowed"}},
		"a negative number":            {`"seconds": 5`, `"seconds": -1`, []string{"triggers[0].seconds: is -1, at least 0 is allowed"}},
		"a number above its maximum":   {`"max_length": 100`, `"max_length": 4001`, []string{"questions[3].max_length: is 4001, at most 4000 is allowed"}},
		"a number that is enormous":    {`"seconds": 5`, `"seconds": 1e300`, []string{"triggers[0].seconds: is 1e+300, at most 86400 is allowed"}},
		"a whole number out of range":  {`"min_gap_days": 1`, `"min_gap_days": 123456789012345678901234567890`, []string{"frequency.min_gap_days: is 1.2345678901234568e+29, at most 3650 is allowed"}},
	}
	if _, err := ParseDefinition([]byte(valid)); err != nil {
		t.Fatalf("the survey that the tests change is not valid: %v", err)
	}
	for name, test := range tests {
		t.Run(name+" is refused", func(t *testing.T) {
			if !strings.Contains(valid, test.old) {
				t.Fatalf("the valid survey has no %s", test.old)
			}
			_, err := ParseDefinition([]byte(strings.Replace(valid, test.old, test.new, 1)))
			if diff := cmp.Diff(test.want, problems(t, err)); diff != "" {
				t.Error(diff)
			}
			var domain *Error
			if errors.As(err, &domain) && (domain.Code != Invalid || domain.Message != "the survey is not valid") {
				t.Errorf("the error is %s: %s, want invalid: the survey is not valid", domain.Code, domain.Message)
			}
		})
	}
}

func TestParseDefinitionTellsWhatTheSchemaFindsAndTheRestAtOnce(t *testing.T) {
	const noField = "unknown field; allowed here: help, id, jumps, max_length, min_length, placeholder, prefill, purpose, required, show_if, size, title, type"
	const noFieldAtAll = "unknown field; allowed here: dry_run, endings, frequency, hidden, id, languages, name, priority, privacy_url, purpose, questions, quota, targeting, theme, touchpoint, triggers"
	const backwards = `questions[0].jumps[0].to: "z" is not a later question; expected end, or one of: b, c, d`
	tests := map[string]struct {
		changes []string // old and new, in turn
		want    []string
	}{
		"an unknown field, and a jump to nowhere": {[]string{`"title": "A"`, `"title": "A", "jumps": [{"to": "z"}]`, `"title": "D"`, `"title": "D", "hint": "x"`},
			[]string{backwards, "questions[3].hint: " + noField}},
		"a colour that is none, and a name that lies": {[]string{`"name": "S"`, `"name": "S\u202e"`, `"#00ff00"`, `"green"`},
			[]string{"name: holds a character that cannot be seen", `theme.accent: "green" does not match ^#[0-9a-fA-F]{6}$`}},
		"a position that is misspelt makes no selector wrong": {[]string{`"position": "bottom-left"`, `"position": "in-line", "selector": "#a"`},
			[]string{`theme.position: expected one of "bar", "bottom-left", "bottom-right", "inline", "modal", "page", "top-left", "top-right", not "in-line"`}},
		"an answer to a question that is wrong itself is not weighed": {[]string{`"points": 7`, `"points": 6`, `{"a": {"eq": 5}}`, `{"b": {"eq": 7}, "x": {"eq": 1}}`},
			[]string{"questions[1].points: expected one of 5, 7, not 6", "questions[3].show_if.x: is not an earlier question; earlier ones are: a, b, c"}},
		"languages that are misspelt make no text wrong": {[]string{`"languages": ["en"]`, `"langs": ["en"]`},
			[]string{"langs: " + noFieldAtAll, "languages: is required"}},
		"hidden fields that are misspelt are declared somewhere": {[]string{`"title": "A"`, `"title": "A {{hidden.h|}}", "prefill": {"hidden": "h"}, "jumps": [{"to": "z"}]`, `"id": "s"`, `"id": "s", "hiden": {"h": "string"}`, `{"a": {"eq": 5}}`, `{"hidden": {"h": {"eq": 5}}}`},
			[]string{"hiden: " + noFieldAtAll, backwards}},
		"a jump that is wrong leaves no question behind": {[]string{`"title": "A"`, `"title": "A", "jumps": [{"iff": {}, "to": "end"}]`},
			[]string{"questions[0].jumps[0].iff: unknown field; allowed here: if, to"}},
		"what cannot be read is told alone": {[]string{`"title": "A"`, `"title": "A", "jumps": [{"to": "z"}]`, `"max_length": 100`, `"max_length": "100"`},
			[]string{"questions[3].max_length: expected integer, not string"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ParseDefinition([]byte(strings.NewReplacer(test.changes...).Replace(valid)))
			if diff := cmp.Diff(test.want, problems(t, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseDefinitionRefusesWhatIsNoObject(t *testing.T) {
	tests := map[string]struct {
		body string
		code Code
		want string
	}{
		"nothing":               {``, Malformed, "the body is not JSON: unexpected end of JSON input"},
		"half a body":           {`{"id": "s"`, Malformed, "the body is not JSON: unexpected end of JSON input"},
		"two bodies":            {`{} {}`, Malformed, "the body is not JSON: invalid character '{' after top-level value"},
		"a number JSON has not": {`{"id": 0x10}`, Malformed, "the body is not JSON: invalid character 'x' after object key:value pair"},
		"brackets without end":  {strings.Repeat("[", 65) + strings.Repeat("]", 65), Malformed, "the body is nested deeper than 64"},
		"triggers without end": {`{"triggers": ` + strings.Repeat(`[{"type": "any", "of": `, 40) + `[]` + strings.Repeat(`}]`, 40) + `}`, Malformed,
			"the body is nested deeper than 64"},
		"null":   {`null`, Invalid, "the survey is not valid; expected object, not null"},
		"a list": {`[]`, Invalid, "the survey is not valid; expected object, not array"},
		"an empty object": {`{}`, Invalid,
			"the survey is not valid; id: is required; languages: is required; name: is required; questions: is required"},
	}
	for name, test := range tests {
		t.Run(name+" is refused", func(t *testing.T) {
			_, err := ParseDefinition([]byte(test.body))
			var domain *Error
			if !errors.As(err, &domain) {
				t.Fatalf("got %v, want an *Error", err)
			}
			if domain.Code != test.code || domain.Error() != test.want {
				t.Errorf("got  %s %q\nwant %s %q", domain.Code, domain.Error(), test.code, test.want)
			}
		})
	}
}

// The validator's big.Rat is nil for an exponent over a million, and a million digits long below it.
func TestNumberTooLargeForFloatIsRefused(t *testing.T) {
	for _, number := range []string{"1e400", "1e1000000", "1e10000000", "-1e99999999999"} {
		for _, field := range []string{`"seconds": 5`, `"eq": 5`} {
			key, _, _ := strings.Cut(field, ": ")
			_, err := ParseDefinition([]byte(strings.Replace(valid, field, key+": "+number, 1)))
			var domain *Error
			if !errors.As(err, &domain) || domain.Code != Malformed || len(domain.Error()) > 200 {
				t.Errorf("%s: %s gives %.200v, want a short error of code malformed", key, number, err)
			}
		}
	}
}

func TestWholeNumberMayHaveAFractionOfZero(t *testing.T) {
	for _, number := range []string{"7", "7.0", "0.7e1", "70E-1"} {
		d, err := ParseDefinition([]byte(strings.Replace(valid, `"points": 7`, `"points": `+number, 1)))
		if err != nil {
			t.Errorf("points %s: %v", number, err)
		} else if got := *d.Question("b").Scale(); got != (Scale{1, 7}) {
			t.Errorf("points %s gives the scale %v, want 1–7", number, got)
		}
	}
}

func TestParseSite(t *testing.T) {
	const valid = `{"site": "shop", "name": "Shop", "origins": ["https://shop.example", "http://localhost:3000"], "timezone": "Europe/Warsaw"}`
	want := &Site{ID: "shop", Name: "Shop", Origins: []string{"https://shop.example", "http://localhost:3000"}, Timezone: "Europe/Warsaw"}
	site, err := ParseSite([]byte(valid))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, site); diff != "" {
		t.Error(diff)
	}
	tests := map[string]struct {
		old, new string
		want     []string
	}{
		"an unknown field is refused": {`"name"`, `"title": "Shop", "name"`, []string{"title: unknown field; allowed here: consent, fatigue, name, origins, privacy_signals, require_signed_users, retention, site, timezone, visitor_cookie"}},
		"a list of surveys is refused outside a site file": {`"name"`, `"surveys": ["a.yaml"], "name"`, []string{
			"surveys: unknown field; allowed here: consent, fatigue, name, origins, privacy_signals, require_signed_users, retention, site, timezone, visitor_cookie"}},
		"a site without an id is refused":     {`"site": "shop", `, ``, []string{"site: is required"}},
		"an id with a dot is refused":         {`"site": "shop"`, `"site": "shop.js"`, []string{`site: "shop.js"` + notAnID}},
		"a site without origins is refused":   {`["https://shop.example", "http://localhost:3000"]`, `[]`, []string{"origins: has 0 items, at least 1 are needed"}},
		"an origin that is none is refused":   {`"http://localhost:3000"`, `"shop.example"`, []string{`origins[1]: "shop.example"` + notAnOrigin}},
		"an origin with a path is refused":    {`"https://shop.example"`, `"https://shop.example/"`, []string{`origins[0]: "https://shop.example/"` + notAnOrigin}},
		"a timezone that is none is refused":  {`Europe/Warsaw`, `Warsaw`, []string{`timezone: "Warsaw" is not an IANA time zone, such as Europe/Warsaw`}},
		"the machine's own zone is refused":   {`Europe/Warsaw`, `Local`, []string{`timezone: "Local" is not an IANA time zone, such as Europe/Warsaw`}},
		"a path as a timezone is refused":     {`Europe/Warsaw`, `../../etc/passwd`, []string{`timezone: "../../etc/passwd" is not an IANA time zone, such as Europe/Warsaw`}},
		"a timezone may be left out, for UTC": {`, "timezone": "Europe/Warsaw"`, ``, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ParseSite([]byte(strings.Replace(valid, test.old, test.new, 1)))
			if diff := cmp.Diff(test.want, problems(t, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

const notAnOrigin = " is not an origin; write https://shop.example, https://*.shop.example or http://localhost:3000, without a path"

func TestParseSiteFileListsItsSurveys(t *testing.T) {
	file, err := ParseSiteFile([]byte(`{"site": "shop", "name": "Shop", "origins": ["https://shop.example"], "surveys": ["a.yaml", "b/c.yaml"]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := &SiteFile{Site: Site{ID: "shop", Name: "Shop", Origins: []string{"https://shop.example"}}, Surveys: []string{"a.yaml", "b/c.yaml"}}
	if diff := cmp.Diff(want, file); diff != "" {
		t.Error(diff)
	}
	_, err = ParseSiteFile([]byte(`{"site": "shop", "name": "Shop", "origins": ["shop.example"]}`))
	if diff := cmp.Diff([]string{`origins[0]: "shop.example"` + notAnOrigin}, problems(t, err)); diff != "" {
		t.Error(diff)
	}
}
