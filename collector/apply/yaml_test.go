package apply

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// problemsOf reads a survey file by itself and returns what is said of it.
func problemsOf(t *testing.T, text string) []string {
	t.Helper()
	dir := folder(t, map[string]string{"a.yaml": text})
	_, err := ReadPath(filepath.Join(dir, "a.yaml"))
	return lines(err, dir)
}

// The words after the place are the YAML library's.
func TestSyntaxErrorsHaveTheirPlace(t *testing.T) {
	for text, place := range map[string]string{
		"id: a\nname: [x\n":    "a.yaml:2:7: ",
		"id: a\nname: {x: 1\n": "a.yaml:2:7: ",
		"id: a\nname: 'x\n":    "a.yaml:2:7: ",
		"id: a\n\tname: x\n":   "a.yaml:2:1: ",
		"id: a\nname: b: c\n":  "a.yaml:2:7: ",
		"id: a\nid: b\n":       "a.yaml:2:1: ",
		"id: a\nname: *who\n":  "a.yaml:2:8: ",
	} {
		got := problemsOf(t, text)
		if len(got) != 1 || !strings.HasPrefix(got[0], place) || len(got[0]) == len(place) {
			t.Errorf("%q: got %q, want one line that begins with %q", text, got, place)
		}
	}
}

// YAMLToJSON takes the first document and drops the others: half a file would be applied.
func TestSecondDocumentIsRefused(t *testing.T) {
	for text, line := range map[string]string{
		nps + "---\n" + named("b"):            "6",
		"---\n" + nps + "---\n" + named("b"):  "7",
		nps + "---\n" + named("b") + "---\nx": "6",
	} {
		want := []string{"a.yaml:" + line + ":1: a second document begins here; a file holds one site or survey"}
		if diff := cmp.Diff(want, problemsOf(t, text)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

func TestProblemsHaveTheirPlace(t *testing.T) {
	tests := map[string]struct {
		text string
		want []string
	}{
		"an unknown key is shown itself": {nps + "colour: red\n", []string{
			"a.yaml:6:1: colour: unknown field; allowed here: dry_run, endings, frequency, hidden, id, languages, name, priority, privacy_url, purpose, questions, quota, targeting, theme, touchpoint, triggers"}},
		"what is missing is shown where it should be": {nps + "  - id: why\n    type: text\n", []string{
			"a.yaml:6:5: questions[1].title: is required"}},
		"what is missing from the file is shown at its begin": {"\n# about\nname: X\nlanguages: [en]\n" + strings.SplitN(nps, "\n", 4)[3], []string{
			"a.yaml:3:1: id: is required"}},
		"an item of a list": {strings.Replace(nps, "[en]", "[en, pl, en]", 1), []string{
			`a.yaml:3:21: languages[2]: "en" is listed twice`}},
		"an item of a list of lines": {strings.Replace(nps, " [en]", "\n  - en\n  - english", 1), []string{
			`a.yaml:5:5: languages[1]: "english" is not a BCP 47 language tag, such as en, pl or zh-Hant`}},
		"a key in a map on one line": {strings.Replace(nps, "title: Would", "title: {en: W, pl: W}, help: Would", 1), []string{
			"a.yaml:5:41: questions[0].title.pl: is not one of the survey's languages: en"}},
		"a condition deep in others": {nps + `  - id: why
    type: text
    title: Why?
    show_if:
      all:
        - nps: {gte: 0}
        - not:
            any:
              - {nps: {lte: 60}}
`, []string{`a.yaml:14:24: questions[1].show_if.all[1].not.any[0].nps.lte: is 60, outside the scale of "nps", 0 to 10`}},
		"a type there is not is shown at its question": {nps + "  - title: Why?\n    id: why\n    type: txt\n", []string{
			`a.yaml:8:5: questions[1].type: expected one of "ces", "contact", "csat", "date", "dropdown", "email", "matrix", "multi_choice", "nps", "picture_choice", "ranking", "rating", "single_choice", "statement", "text", "thumbs", not "txt"`}},
		"behind an anchor": {strings.Replace(nps, "title: Would you?", "title: &t {pl: W}", 1), []string{
			`a.yaml:5:26: questions[0].title: has no text in "en", the survey's first language`,
			"a.yaml:5:37: questions[0].title.pl: is not one of the survey's languages: en"}},
		"an alias is shown where it is used": {nps + "purpose: &p {pl: P}\nendings:\n  - title: *p\n", []string{
			`a.yaml:6:1: purpose: has no text in "en", the survey's first language`,
			"a.yaml:6:14: purpose.pl: is not one of the survey's languages: en",
			`a.yaml:8:5: endings[0].title: has no text in "en", the survey's first language`,
			"a.yaml:8:5: endings[0].title.pl: is not one of the survey's languages: en"}},
		"problems come in the order of the lines": {"zzz: 1\nname: 5\nid: A\n" + strings.SplitN(nps, "\n", 3)[2], []string{
			"a.yaml:1:1: zzz: unknown field; allowed here: dry_run, endings, frequency, hidden, id, languages, name, priority, privacy_url, purpose, questions, quota, targeting, theme, touchpoint, triggers",
			"a.yaml:2:1: name: expected string, not number",
			`a.yaml:3:1: id: "A" is not an id: lower-case letters, digits, - and _, at most 63, the first a letter or digit`}},
		"a list in the place of a file": {"- id: a\n", []string{"a.yaml:1:1: expected object, not array"}},
		"words in the place of a file":  {"just words\n", []string{"a.yaml:1:1: expected object, not string"}},
		"an empty file":                 {"", []string{"a.yaml:1:1: expected object, not null"}},
		"a file of comments":            {"# nothing yet\n", []string{"a.yaml:1:1: expected object, not null"}},
		"a colour that YAML takes for a comment": {nps + "theme: {accent: #5b5bd6\n  }\n", []string{
			"a.yaml:6:9: theme.accent: expected string, not null"}},
		"lines that end as Windows ends them": {strings.ReplaceAll(nps, "\n", "\r\n") + "x: 1\r\n", []string{
			"a.yaml:6:1: x: unknown field; allowed here: dry_run, endings, frequency, hidden, id, languages, name, priority, privacy_url, purpose, questions, quota, targeting, theme, touchpoint, triggers"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, problemsOf(t, test.text)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatYAMLAllowsIsRead(t *testing.T) {
	for name, text := range map[string]string{
		"a byte order mark":                        "\ufeff" + nps,
		"a document marker and a comment":          "# about\n---\n" + nps + "...\n",
		"a marker at the end":                      nps + "---\n",
		"a directive":                              "%YAML 1.2\n---\n" + nps,
		"lines that end as Windows ends them":      strings.ReplaceAll(nps, "\n", "\r\n"),
		"anchors and merges":                       nps + "endings:\n  - &e {title: Bye}\n",
		"JSON":                                     `{"id": "nps", "name": "NPS", "languages": ["en"], "questions": [{"id": "nps", "type": "nps", "title": "N"}]}`,
		"a whole number with a fraction of zero":   nps + "frequency: {min_gap_days: 30.0}\n",
		"text that an older YAML took for a value": strings.NewReplacer("[en]", "[no]", "Would you?", "{no: yes}").Replace(nps), // Norwegian
	} {
		if got := problemsOf(t, text); got != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}
