package convert

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"

	"github.com/askwell/askwell/collector/survey"
)

var update = flag.Bool("update", false, "write the golden files")

// exports are the files in testdata, by the tool that they are of; its README says where they come from.
func exports(t testing.TB) map[string][]string {
	t.Helper()
	files := map[string][]string{}
	for tool := range Tools {
		found, err := filepath.Glob(filepath.Join("testdata", tool, "*.json"))
		if err != nil || len(found) < 3 {
			t.Fatalf("%d exports of %s, %v", len(found), tool, err)
		}
		files[tool] = found
	}
	return files
}

// Each becomes what its golden files say: the surveys as apply reads them, and the warnings on the standard error.
func TestExportsBecomeSurveys(t *testing.T) {
	for tool, files := range exports(t) {
		for _, name := range files {
			t.Run(filepath.Base(name), func(t *testing.T) {
				result := must(t, tool, read(t, name))
				var surveys, warnings strings.Builder
				for _, s := range result.Surveys {
					surveys.Write(s.YAML)
					surveys.WriteString("---\n")
					for _, w := range s.Warnings {
						fmt.Fprintln(&warnings, w)
					}
				}
				for _, w := range result.Warnings {
					fmt.Fprintln(&warnings, w)
				}
				same(t, strings.TrimSuffix(name, ".json")+".yaml", surveys.String())
				same(t, strings.TrimSuffix(name, ".json")+".warnings", warnings.String())
			})
		}
	}
}

func same(t *testing.T, golden, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(read(t, golden)), got); diff != "" {
		t.Errorf("%s (go test ./collector/convert -update, where it should be so): %s", golden, diff)
	}
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func must(t *testing.T, tool string, export []byte) *Result {
	t.Helper()
	result, err := From(tool, export, Options{Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// one converts the only survey of an export.
func one(t *testing.T, tool, export string) *Survey {
	t.Helper()
	result := must(t, tool, []byte(export))
	if len(result.Surveys) != 1 {
		t.Fatalf("%d surveys, %v", len(result.Surveys), result.Warnings)
	}
	return result.Surveys[0]
}

func warned(s *Survey, of string) bool {
	for _, w := range s.Warnings {
		if strings.Contains(w.String(), of) {
			return true
		}
	}
	return false
}

func TestWhatIsNoExportIsRefused(t *testing.T) {
	deep := strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1)
	many := "[" + strings.Repeat("1,", maxItems) + "1]"
	surveys := `[` + strings.TrimSuffix(strings.Repeat(`{"questions":[]},`, maxSurveys+1), ",") + `]`
	for name, test := range map[string]struct{ tool, export, want string }{
		"not JSON":                 {"posthog", `{"questions": [`, "is not JSON"},
		"nothing":                  {"posthog", ``, "is not JSON"},
		"another shape":            {"posthog", `{"pages": []}`, "holds no survey of PostHog"},
		"a string":                 {"formbricks", `"questions"`, "holds no survey of Formbricks"},
		"too large":                {"formbricks", strings.Repeat(" ", maxExport+1), "larger than the 4 MiB that are read: take fewer surveys at a time"},
		"too deep":                 {"formbricks", deep, "nested deeper"},
		"too long a list":          {"formbricks", many, "a list of 5001 items"},
		"too many surveys":         {"posthog", surveys, "more than 500 surveys"},
		"PostHog's error":          {"posthog", `{"type": "authentication_error", "detail": "Authentication credentials were not provided."}`, `answers where something is wrong: "Authentication credentials were not provided."`},
		"Formbricks' error":        {"formbricks", `{"code": "not_authenticated", "message": "Not authenticated", "details": {"x-Api-Key": "Header not provided"}}`, `"Not authenticated"`},
		"Formbricks' for PostHog":  {"posthog", string(read(t, "testdata/formbricks/api-survey.json")), "looks like an export of Formbricks, not of PostHog: say --from formbricks"},
		"blocks for PostHog":       {"posthog", string(read(t, "testdata/formbricks/export.formbricks.json")), "say --from formbricks"},
		"PostHog's for Formbricks": {"formbricks", string(read(t, "testdata/posthog/shop.json")), "looks like an export of PostHog, not of Formbricks: say --from posthog"},
		"of another tool":          {"typeform", `{}`, "formbricks, posthog"},
		"no language that goes":    {"posthog", `{}`, "BCP 47"},
	} {
		language := "en"
		if strings.HasPrefix(name, "no language") {
			language = "english"
		}
		if _, err := From(test.tool, []byte(test.export), Options{Language: language}); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

// What is in a file and becomes no survey is said, with its place; so is what is not in it.
func TestWhatIsLeftOutOfAListIsSaid(t *testing.T) {
	const good = `{"name": "A", "base_language": "en", "start_date": "2026-01-01", "questions": [{"type": "open", "question": "Why?"}]}`
	const other = `{"name": "A", "status": "inProgress", "questions": [{"id": "why", "type": "openText", "headline": {"default": "Why?"}}]}`
	for name, test := range map[string]struct {
		tool, export string
		want         []string // the beginnings of all warnings that are not about a survey that was made
	}{
		"a list":                 {"posthog", `[{"id": 5, "name": ["x"], "questions": "no"}, ` + good + `, null]`, []string{"$[0]: is no survey", "$[2]: is no survey"}},
		"an answer":              {"posthog", `{"count": 3, "next": null, "results": [3, ` + good + `, {"results": 1}]}`, []string{"$.results[0]: is no survey", "$.results[2]: is no survey"}},
		"Formbricks' answer":     {"formbricks", `{"data": ["x", ` + other + `, {"data": null}, []]}`, []string{"$.data[0]: is no survey", "$.data[2]: is no survey"}},
		"a page":                 {"posthog", `{"count": 150, "next": "https://posthog.example/?offset=100", "results": [` + good + `]}`, []string{"$: holds 1 of 150 surveys, and the other 149 are not converted: ask PostHog's API with ?limit=500"}},
		"the last page":          {"posthog", `{"count": 101, "next": null, "previous": "https://posthog.example/", "results": [` + good + `]}`, []string{"$: holds 1 of 101 surveys"}},
		"a page without a count": {"posthog", `{"next": "https://posthog.example/?offset=100", "results": [` + good + `]}`, []string{"$.next: there are more surveys"}},
		"all pages":              {"posthog", `[{"count": 2, "next": "https://posthog.example/?offset=1", "results": [` + good + `]}, {"count": 2, "results": [` + good + `]}]`, nil},
		"all":                    {"posthog", `{"count": 1, "next": null, "results": [` + good + `]}`, nil},
	} {
		result := must(t, test.tool, []byte(test.export))
		if len(result.Surveys) == 0 || len(result.Warnings) != len(test.want) {
			t.Errorf("%s: %d surveys, %v, want %v", name, len(result.Surveys), result.Warnings, test.want)
			continue
		}
		for i, want := range test.want {
			if got := result.Warnings[i].String(); !strings.HasPrefix(got, want) {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	}
}

// Editors and shells on Windows write a mark first, and some of them two bytes a character.
func TestMarksOfEncodingsAreSkipped(t *testing.T) {
	export := string(read(t, "testdata/posthog/shop.json"))
	want := must(t, "posthog", []byte(export))
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(export)
	if err != nil {
		t.Fatal(err)
	}
	for name, marked := range map[string]string{"UTF-8": "\ufeff" + export, "UTF-16": wide} {
		if got, err := From("posthog", []byte(marked), Options{Language: "en"}); err != nil || !cmp.Equal(got.Surveys[0].YAML, want.Surveys[0].YAML) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What would reach more people than it did is shown to nobody; what goes as it was shows.
func TestWhatIsWiderThanItWasIsQuiet(t *testing.T) {
	const rest = `"name": "A", "type": "popover", "base_language": "en", "questions": [{"type": "open", "question": "Why?"}], "start_date": "2026-01-01"`
	for name, test := range map[string]struct {
		more  string
		quiet bool
	}{
		"launched":                     {``, false},
		"a page":                       {`, "conditions": {"url": "/cart"}`, false},
		"a flag":                       {`, "linked_flag_key": "beta"`, true},
		"people not said":              {`, "targeting_flag_key": "beta"`, true},
		"people as traits":             {`, "targeting_flag": {"filters": {"groups": [{"properties": [{"key": "plan", "value": "pro", "type": "person"}]}]}}`, false},
		"people in a cohort":           {`, "targeting_flag": {"filters": {"groups": [{"properties": [{"key": "id", "value": 7, "type": "cohort"}]}]}}`, true},
		"a regex that Askwell refuses": {`, "conditions": {"url": "(?=x)", "urlMatchType": "regex"}`, true},
		"ended":                        {`, "end_date": "2026-02-01"`, true},
		"archived":                     {`, "archived": true`, true},
	} {
		if s := one(t, "posthog", "{"+rest+test.more+"}"); s.Definition.DryRun != test.quiet {
			t.Errorf("%s: dry_run is %v, %v", name, s.Definition.DryRun, s.Warnings)
		}
	}
}

// Whatever a text holds, a visitor reads it as it was, or a warning says what is missing.
func TestTextsAreReadAsTheyWere(t *testing.T) {
	for export, test := range map[string]struct{ want, warning string }{
		"Plain":     {"Plain", ""},
		"3 < 4 & 5": {"3 < 4 & 5", ""},
		"<p class=\"fb-editor-paragraph\">One</p><p>two <b>three</b><br>four</p>": {"One two three four", ""},
		"Fish &amp; chips&nbsp;!":                     {"Fish & chips !", ""},
		"See <a href=\"https://a.example\">this</a>":  {"See this", "links to"},
		"A<script>alert(1)</script><img src=x>B":      {"AB", "<img>"},
		"tab\tand\nline\u202e":                        {"tab and line", ""},
		"Hello {{name}}":                              {"Hello { {name}}", "has {{"},
		"{{{{":                                        {"{ { { {", "has {{"},
		"Dear #recall:who/fallback:friendnbspof{{x#!": {"Dear {{hidden.who|friend ofx}}!", ""},
		"{#recall:who/fallback:#":                     {"{ {{hidden.who|}}", ""},
		"Dear #recall:nobody/fallback:friend#!":       {"Dear friend!", "recalls"},
		strings.Repeat("x", 490) + " #recall:who/fallback:" + strings.Repeat("y", 100) + "#": {strings.Repeat("x", 490) + "…", "the rest is left out"},
	} {
		question, err := json.Marshal(export)
		if err != nil {
			t.Fatal(err)
		}
		s := one(t, "formbricks", `{"name": "A", "defaultLanguage": "en", "displayOption": "displayOnce", "recontactDays": 0, "status": "inProgress",
			"hiddenFields": {"enabled": true, "fieldIds": ["who"]}, "triggers": ["x"],
			"questions": [{"id": "q", "type": "openText", "required": true, "headline": {"default": `+string(question)+`}}]}`)
		if got := s.Definition.Questions[0].Base().Title[""]; got != test.want {
			t.Errorf("%q is read as %q, want %q", export, got, test.want)
		}
		if test.warning != "" && !warned(s, test.warning) {
			t.Errorf("%q: no warning of %q in %v", export, test.warning, s.Warnings)
		}
	}
}

// The logic of both tools leads where it did: each operator, on each type that has it.
func TestConditionsMeanTheSame(t *testing.T) {
	const export = `{"name": "A", "defaultLanguage": "en", "status": "inProgress", "displayOption": "displayOnce", "recontactDays": 0, "triggers": [],
		"hiddenFields": {"enabled": true, "fieldIds": ["plan"]}, "endings": [], "questions": [
		{"id": "nps", "type": "nps", "headline": {"default": "N"}, "required": false},
		{"id": "one", "type": "multipleChoiceSingle", "headline": {"default": "O"}, "choices": [{"id": "x", "label": {"default": "Ex"}}, {"id": "y", "label": {"default": "Why"}}]},
		{"id": "some", "type": "multipleChoiceMulti", "headline": {"default": "S"}, "choices": [{"id": "x", "label": {"default": "Ex"}}, {"id": "y", "label": {"default": "Why"}}]},
		{"id": "words", "type": "openText", "headline": {"default": "W"}},
		{"id": "day", "type": "date", "headline": {"default": "D"}},
		{"id": "tick", "type": "consent", "headline": {"default": "T"}, "label": {"default": "Yes"}},
		{"id": "told", "type": "cta", "headline": {"default": "C"}},
		{"id": "grid", "type": "matrix", "headline": {"default": "G"}, "rows": [{"id": "r1", "label": {"default": "Price"}}, {"id": "r2", "label": {"default": "Speed"}}], "columns": [{"id": "c1", "label": {"default": "Bad"}}, {"id": "c2", "label": {"default": "Good"}}]},
		{"id": "gaps", "type": "matrix", "headline": {"default": "G"}, "rows": [{"id": "r1", "label": {"default": ""}}, {"id": "r2", "label": {"default": "Speed"}}], "columns": [{"id": "c1", "label": {"default": "Bad"}}, {"id": "c2", "label": {"default": "Good"}}]},
		{"id": "here", "type": "openText", "headline": {"default": "H"}, "logic": [{"conditions": {"connector": "and", "conditions": [%s]}, "actions": [{"objective": "jumpToQuestion", "target": "last"}]}]},
		{"id": "between", "type": "openText", "headline": {"default": "B"}},
		{"id": "last", "type": "openText", "headline": {"default": "L"}}]}`
	single := func(question, operator, value string) string {
		return fmt.Sprintf(`{"leftOperand": {"type": "question", "value": %q}, "operator": %q, "rightOperand": {"type": "static", "value": %s}}`, question, operator, value)
	}
	row := func(question, row, operator, value string) string {
		return fmt.Sprintf(`{"leftOperand": {"type": "element", "value": %q, "meta": {"row": %q}}, "operator": %q, "rightOperand": {"type": "static", "value": %s}}`, question, row, operator, value)
	}
	for condition, want := range map[string]string{
		row("grid", "1", "equals", `"0"`):                                        `{"grid.speed":{"eq":"bad"}}`,
		row("grid", "0", "doesNotEqual", `"1"`):                                  `{"not":{"grid.price":{"eq":"good"}}}`,
		row("grid", "0", "isAnyOf", `["0","1"]`):                                 `{"grid.price":{"in":["bad","good"]}}`,
		row("grid", "0", "isEmpty", "null"):                                      `{"grid.price":{"answered":false}}`,
		row("grid", "1", "isNotEmpty", "null"):                                   `{"grid.speed":{"answered":true}}`,
		row("grid", "2", "equals", `"0"`):                                        "",
		row("grid", "0", "equals", `"2"`):                                        "",
		row("grid", "0", "isAnyOf", `["0","2"]`):                                 "",
		row("grid", "", "isEmpty", "null"):                                       "",
		row("grid", "0", "isSubmitted", "null"):                                  "",
		row("gaps", "1", "equals", `"0"`):                                        "", // its first row has no words, and was left out
		row("nps", "0", "equals", `"0"`):                                         "",
		row("gone", "0", "equals", `"0"`):                                        "",
		single("nps", "equals", "9"):                                             `{"nps":{"eq":9}}`,
		single("nps", "doesNotEqual", "9"):                                       `{"not":{"nps":{"eq":9}}}`,
		single("nps", "isGreaterThan", `"8"`):                                    `{"nps":{"gt":8}}`,
		single("nps", "isLessThanOrEqual", "6"):                                  `{"nps":{"lte":6}}`,
		single("nps", "isLessThan", "20"):                                        "",
		single("nps", "isSkipped", "null"):                                       `{"nps":{"answered":false}}`,
		single("nps", "lessEqual", "6"):                                          `{"nps":{"lte":6}}`,
		single("one", "equals", `"x"`):                                           `{"one":{"eq":"ex"}}`,
		single("one", "doesNotEqual", `"x"`):                                     `{"not":{"one":{"eq":"ex"}}}`,
		single("one", "equalsOneOf", `["x","y"]`):                                `{"one":{"in":["ex","why"]}}`,
		single("one", "equals", `"gone"`):                                        "",
		single("some", "equals", `"x"`):                                          `{"all":[{"some":{"contains":"ex"}},{"not":{"some":{"contains":"why"}}}]}`,
		single("some", "includesAllOf", `["x","y"]`):                             `{"all":[{"some":{"contains":"ex"}},{"some":{"contains":"why"}}]}`,
		single("some", "includesOneOf", `["x","y"]`):                             `{"any":[{"some":{"contains":"ex"}},{"some":{"contains":"why"}}]}`,
		single("some", "doesNotIncludeOneOf", `["x"]`):                           `{"all":[{"some":{"answered":true}},{"not":{"some":{"contains":"ex"}}}]}`,
		single("some", "doesNotIncludeAllOf", `["x"]`):                           `{"all":[{"some":{"answered":true}},{"not":{"some":{"contains":"ex"}}}]}`,
		single("words", "contains", `"late"`):                                    `{"words":{"contains":"late"}}`,
		single("words", "doesNotContain", `"late"`):                              `{"not":{"words":{"contains":"late"}}}`,
		single("words", "startsWith", `"late"`):                                  "",
		single("day", "isBefore", `"2026-01-31T00:00:00.000Z"`):                  `{"day":{"lt":"2026-01-31"}}`,
		single("tick", "isAccepted", "null"):                                     `{"tick":{"eq":true}}`,
		single("tick", "isSkipped", "null"):                                      `{"not":{"tick":{"eq":true}}}`,
		single("told", "isClicked", "null"):                                      "",
		single("gone", "isSubmitted", "null"):                                    "",
		single("nps", "equals", "9") + "," + single("told", "isClicked", "null"): "", // a part that is left out would change the rest
		`{"leftOperand": {"type": "hiddenField", "value": "plan"}, "operator": "doesNotEqual", "rightOperand": {"type": "static", "value": "pro"}}`: `{"not":{"hidden":{"plan":{"eq":"pro"}}}}`,
		`{"leftOperand": {"type": "question", "value": "nps"}, "operator": "equals", "rightOperand": {"type": "question", "value": "one"}}`:         "",
		`{"connector": "or", "conditions": [` + single("nps", "equals", "9") + "," + single("one", "equals", `"y"`) + `]}`:                          `{"any":[{"nps":{"eq":9}},{"one":{"eq":"why"}}]}`,
	} {
		s := one(t, "formbricks", fmt.Sprintf(export, condition))
		jumps := s.Definition.Question("here").Base().Jumps
		got := ""
		if len(jumps) == 1 && jumps[0].To == "last" {
			data, err := json.Marshal(jumps[0].If)
			if err != nil {
				t.Fatal(err)
			}
			got = string(data)
		}
		if got != want {
			t.Errorf("%s becomes %q, want %q (%v)", condition, got, want, s.Warnings)
		}
		if want == "" && !warned(s, "logic is left out") {
			t.Errorf("%s: nothing is said of it: %v", condition, s.Warnings)
		}
	}
}

// Nothing that the checks of apply refuse is left, however much of it there was.
func TestWhatChecksRefuseIsLeftOut(t *testing.T) {
	questions := []string{}
	for i := range 2000 {
		questions = append(questions, fmt.Sprintf(`{"type": "open", "question": "Question %d"}`, i))
	}
	s := one(t, "posthog", `{"name": "Long", "type": "popover", "start_date": "2026-01-01", "questions": [`+strings.Join(questions, ",")+`],
		"conditions": {"selector": "#x", "events": {"values": [{"name": "a"}]}}, "appearance": {"thankYouMessageHeader": "Bye", "submitButtonColor": "rebeccapurple"}}`)
	if n := len(s.Definition.Questions); n != 50 || !warned(s, "$.questions[50]: from this one on 1,950 questions are left out: at most 50 are allowed") ||
		!warned(s, "50 answers may be at most 240 characters long") || len(s.Warnings) > 10 || !warned(s, "is no colour") {
		t.Errorf("%d questions, %v", n, s.Warnings)
	}
	blocks := strings.Repeat(`{"id": "b", "elements": [{"type": "nps", "headline": {"default": "N"}}, {"type": "nps", "headline": {"default": "N"}}, {"type": "nps", "headline": {"default": "N"}}]},`, 600)
	s = one(t, "formbricks", `{"name": "Long", "blocks": [`+strings.TrimSuffix(blocks, ",")+`]}`)
	if n := len(s.Definition.Questions); n != 50 || !warned(s, "$.blocks[16].elements[2]: from this one on 1,750 questions are left out") || len(s.Warnings) > 10 {
		t.Errorf("%d questions, %v", n, s.Warnings)
	}
	s = one(t, "formbricks", `{"name": "Reviews", "defaultLanguage": "en", "status": "inProgress", "type": "app", "displayOption": "displayOnce", "recontactDays": 0, "triggers": [],
		"questions": [{"id": "nps", "type": "nps", "headline": {"default": "N"}, "logic": [{"conditions": {"connector": "and", "conditions": [
			{"leftOperand": {"type": "question", "value": "nps"}, "operator": "isGreaterThan", "rightOperand": {"type": "static", "value": 8}}]},
			"actions": [{"objective": "jumpToQuestion", "target": "happy"}]}]}, {"id": "why", "type": "openText", "headline": {"default": "W"}}],
		"endings": [{"id": "sad", "headline": {"default": "Sorry"}}, {"id": "happy", "headline": {"default": "Great"}, "buttonLabel": {"default": "Rate us"}, "buttonLink": "https://www.trustpilot.com/review/shop.example"}]}`)
	if len(s.Definition.Endings) != 2 || s.Definition.Endings[0].Link != nil || !warned(s, "review sites forbid asking only some") {
		t.Errorf("only the happy are asked for a review: %v", s.Warnings)
	}
	if result := must(t, "posthog", []byte(`{"name": "Nothing", "questions": [{"type": "unknown", "question": "?"}]}`)); len(result.Surveys) != 0 || len(result.Warnings) == 0 {
		t.Errorf("made %d surveys of nothing, %v", len(result.Surveys), result.Warnings)
	}
}

// Whatever is in a file that is converted, it is refused, or what is made of it is valid and says what
// its YAML says (finish looks), with comments that are comments.
func FuzzFrom(f *testing.F) {
	for tool, files := range exports(f) {
		for _, name := range files {
			f.Add(tool == "posthog", string(read(f, name)))
		}
	}
	for _, seed := range []string{`[]`, `{"questions": [{}]}`, `{"questions": [{"type": "cta", "headline": "\u2028#\n- x", "buttonExternal": true, "buttonUrl": "javascript:alert(1)"}]}`,
		`{"name": "\n---\n", "languages": [{"code": "a\nb", "default": true}], "questions": [{"id": "end", "type": "nps", "headline": {"default": "{{#recall:x/fallback:}}#"}}]}`} {
		f.Add(true, seed)
		f.Add(false, seed)
	}
	f.Fuzz(func(t *testing.T, posthog bool, export string) {
		tool := "formbricks"
		if posthog {
			tool = "posthog"
		}
		isSound(t, tool, []byte(export))
	})
}

// Parts of real exports in the places of others: what bytes at random hardly make.
func FuzzFromMixed(f *testing.F) {
	type sample struct {
		tool string
		doc  any
	}
	var samples []sample
	var parts []any
	for tool, files := range exports(f) {
		for _, name := range files {
			var doc any
			if err := json.Unmarshal(read(f, name), &doc); err != nil {
				f.Fatal(err)
			}
			samples = append(samples, sample{tool, doc})
		}
	}
	slices.SortFunc(samples, func(a, b sample) int { return strings.Compare(fmt.Sprint(a.doc), fmt.Sprint(b.doc)) })
	for _, s := range samples {
		each(s.doc, func(v any) { parts = append(parts, v) })
	}
	for seed := range uint64(150) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		random := rand.New(rand.NewPCG(seed, 0))
		from := samples[random.IntN(len(samples))]
		mixed := mix(from.doc, parts, random)
		data, err := json.Marshal(mixed)
		if err != nil {
			t.Fatal(err)
		}
		isSound(t, from.tool, data)
	})
}

// each visits a value and all within, in order.
func each(v any, visit func(any)) {
	visit(v)
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			each(v[key], visit)
		}
	case []any:
		for _, one := range v {
			each(one, visit)
		}
	}
}

// mix copies a value, but one in thirty within is another, is missing, or is there twice.
func mix(v any, parts []any, random *rand.Rand) any {
	if random.IntN(30) == 0 {
		return parts[random.IntN(len(parts))]
	}
	switch v := v.(type) {
	case map[string]any:
		copied := map[string]any{}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if random.IntN(40) > 0 {
				copied[key] = mix(v[key], parts, random)
			}
		}
		return copied
	case []any:
		var copied []any
		for _, one := range v {
			for range 1 + random.IntN(12)/11 {
				copied = append(copied, mix(one, parts, random))
			}
		}
		return copied
	}
	return v
}

// isSound says that an export is refused, or that what is made of it is valid.
func isSound(t *testing.T, tool string, export []byte) {
	t.Helper()
	result, err := From(tool, export, Options{Language: "en"})
	if err != nil {
		if strings.Contains(err.Error(), "cannot be") {
			t.Fatalf("%s: %v", export, err)
		}
		return
	}
	for _, s := range result.Surveys {
		data, err := json.Marshal(s.Definition)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := survey.ParseDefinition(data); err != nil {
			t.Errorf("%s becomes what is not valid: %v", export, err)
		}
		for _, w := range s.Warnings {
			if strings.ContainsAny(w.String(), "\n\r\x1b\u2028") {
				t.Errorf("%q is more than a line", w)
			}
		}
	}
}
