package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/survey"
)

// built is what scripts/build would have left, with a word in the place of each part's code.
func built() fstest.MapFS {
	dist := fstest.MapFS{
		"engine.js": {Data: []byte("\nengine();\n\n")}, "face.js": {Data: []byte("export const mount=0;\n")},
		"strings/en.json": {Data: []byte(`{"send":"Send","yes":"Yes","feedback":"Feedback"}`)}, "strings/pl.json": {Data: []byte(`{"send":"Wyślij","yes":"Tak","feedback":"Opinia"}`)},
		"helpers/when.js": {Data: []byte("when();\n")}, "helpers/cookie.js": {Data: []byte("cookie();\n")}, "helpers/more.js": {Data: []byte("more();\n")},
		"helpers/element.js": {Data: []byte("element();\n")}, "helpers/scale.js": {Data: []byte("scale();\n")},
		"late/fields.js": {Data: []byte("fields();\n")}, "late/compact.js": {Data: []byte("compact();\n")},
		"places/modal.js": {Data: []byte("modal();\n")}, "late/pipe.js": {Data: []byte("pipe();\n")}, "late/keep.js": {Data: []byte("keep();\n")}, "late/dry.js": {Data: []byte("dry();\n")},
		"queue.js": {Data: []byte("queue();\n")}, "helpers/exit.js": {Data: []byte("exit();\n")}, "helpers/idle.js": {Data: []byte("idle();\n")},
		"parts.json": {Data: []byte(`{"triggers/exit_intent": {"helpers": ["helpers/exit"]}, "triggers/cart_abandonment": {"helpers": ["helpers/exit", "helpers/idle"]},
			"questions/csat": {"helpers": ["helpers/scale"]}, "questions/nps": {"helpers": ["helpers/scale"]}, "helpers/scale": {"helpers": ["helpers/element"]},
			"late/pipe": {"words": ["yes"]}, "face": {"words": ["send"]}}`)},
	}
	for wire := range survey.QuestionTypes {
		dist["questions/"+wire+".js"] = &fstest.MapFile{Data: []byte(wire + "();\n")}
	}
	for wire := range survey.TriggerTypes {
		dist["triggers/"+wire+".js"] = &fstest.MapFile{Data: []byte(wire + "();\n")}
	}
	for _, rule := range []string{"url", "visitor", "any", "not", "schedule", "sample"} {
		dist["rules/"+rule+".js"] = &fstest.MapFile{Data: []byte(rule + "();\n")}
	}
	return dist
}

// definition has the given triggers, as JSON, and a text in each place where a survey has one.
func definition(t *testing.T, id, triggers string) *survey.Definition {
	t.Helper()
	d, err := survey.ParseDefinition([]byte(`{"id": "` + id + `", "name": "` + id + `", "languages": ["en", "pl"], "purpose": {"en": "P", "pl": "Pp"},
		"questions": [{"id": "a", "type": "nps", "title": {"en": "T", "pl": "Tp"}, "low": "L", "high": {"en": "H", "pl": "Hp"}},
			{"id": "b", "type": "csat", "title": "B", "help": {"en": "He", "pl": "Hep"}, "labels": ["1", {"en": "2", "pl": "2p"}, "3", "4", "5"]},
			{"id": "c", "type": "single_choice", "title": "C", "choices": [{"id": "x", "label": {"en": "X"}}, {"id": "y", "label": {"en": "Y", "pl": "Yp"}}]},
			{"id": "d", "type": "text", "title": "D", "placeholder": {"en": "Pl", "pl": "Plp"}, "show_if": {"a": {"lte": 6}}}],
		"endings": [{"title": {"en": "E", "pl": "Ep"}, "text": {"en": "Et", "pl": "Etp"}}],
		"triggers": ` + triggers + `, "targeting": {"url": [{"glob": "https://*"}]}, "frequency": {"min_gap_days": 7}, "theme": {"accent": "#ff0000"}}`))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// joined is what the late part of a definition begins with, after its theme.
const joined = "},askwellHelpers={};\nelement();\nscale();\ncsat();\nnps();\nsingle_choice();\ntext();\n"

// shop is a site with the least that a site says.
var shop = survey.Site{ID: "shop", Name: "Shop", Origins: []string{"https://shop.example"}}

const (
	timer = `{"type": "time_on_page", "seconds": 5}`
	exit  = `{"type": "exit_intent"}`
	cart  = `{"type": "cart_abandonment"}`
)

func TestScriptJoinsTheTriggersThatAreUsed(t *testing.T) {
	tests := map[string]struct {
		triggers []string // of one survey each
		want     []string // parts, in order
	}{
		"no survey":                             {nil, []string{"engine"}},
		"a survey that only show() shows":       {[]string{`[]`}, []string{"url", "engine"}},
		"one trigger":                           {[]string{`[` + timer + `]`}, []string{"url", "time_on_page", "engine"}},
		"a trigger that is used twice":          {[]string{`[` + timer + `, ` + timer + `]`, `[` + timer + `]`}, []string{"url", "time_on_page", "engine"}},
		"triggers of several surveys, in order": {[]string{`[` + timer + `, ` + exit + `]`, `[]`, `[` + cart + `]`}, []string{"exit", "url", "cart_abandonment", "exit_intent", "time_on_page", "engine"}},
		"a cart that waits for idle":            {[]string{`[{"type": "cart_abandonment", "when": ["idle"]}]`}, []string{"exit", "idle", "url", "cart_abandonment", "engine"}},
		"triggers in triggers": {[]string{`[{"type": "all", "of": [` + timer + `], "cancel_on": [` + exit + `]}]`},
			[]string{"exit", "when", "url", "all", "exit_intent", "time_on_page", "engine"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var live []Published
			for i, triggers := range test.triggers {
				live = append(live, Published{definition(t, string(rune('a'+i)), triggers), 1})
			}
			page, err := NewScripts(built()).Page(shop, live, nil)
			if err != nil {
				t.Fatal(err)
			}
			parts := strings.Join(test.want, "();\n") + "();\n"
			want := "((askwellConfig,askwellTriggers,askwellRules,askwellHelpers)=>{" + parts + "})(" + string(page.Config.Body) + ",{},{},{});\n"
			if diff := cmp.Diff(want, string(page.Script.Body)); diff != "" {
				t.Error(diff)
			}
			if page.Script.Type != "text/javascript; charset=utf-8" || page.Config.Type != "application/json" {
				t.Errorf("the types are %s and %s", page.Script.Type, page.Config.Type)
			}
		})
	}
}

func TestConfigHasNoTexts(t *testing.T) {
	d := definition(t, "s", `[`+timer+`]`)
	page, err := NewScripts(built()).Page(shop, []Published{{d, 3}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got any
	if err := json.Unmarshal(page.Config.Body, &got); err != nil {
		t.Fatal(err)
	}
	faces := map[string]any{}
	for _, part := range page.Late {
		faces[part.Language] = part.Name
	}
	want := map[string]any{"site": "shop", "surveys": []any{map[string]any{
		"id": "s", "version": 3.0, "language": "en", "faces": faces,
		"triggers":  []any{map[string]any{"type": "time_on_page", "seconds": 5.0}},
		"targeting": map[string]any{"url": []any{map[string]any{"glob": "https://*"}}},
		"frequency": map[string]any{"min_gap_days": 7.0},
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(faces) != 2 {
		t.Errorf("there are faces in %v, want en and pl", faces)
	}
}

func TestConfigOfNoSurveysIsAnEmptyList(t *testing.T) {
	page, err := NewScripts(built()).Page(shop, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(page.Config.Body), `{"site":"shop","surveys":[]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// module splits a late part into the values that it exports.
func module(t *testing.T, part Late) (face map[string]any, words, language string) {
	t.Helper()
	_, rest, ok := strings.Cut(string(part.Body), joined+"fields();\nexport const mount=0;\nexport const survey=")
	data, rest, ok2 := strings.Cut(rest, ",strings=")
	words, rest, ok3 := strings.Cut(rest, ",language=")
	language, ok4 := strings.CutSuffix(rest, ";\n")
	if !ok || !ok2 || !ok3 || !ok4 {
		t.Fatalf("the late part is %s", part.Body)
	}
	if err := json.Unmarshal([]byte(data), &face); err != nil {
		t.Fatal(err)
	}
	return face, words, language
}

func TestLargeScriptComesInTwoParts(t *testing.T) {
	dist := built()
	dist["engine.js"] = &fstest.MapFile{Data: bytes.Repeat([]byte("x"), maxScript-600)}
	page := func(triggers string) *Page {
		p, err := NewScripts(dist).Page(shop, []Published{{definition(t, "s", triggers), 1}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	small := page(`[{"type": "rage_click"}]`)
	if !strings.Contains(string(small.Script.Body), "rage_click();") || strings.Contains(string(small.Script.Body), "more") || len(small.Late) != 2 {
		t.Errorf("one that is not large has %d late parts", len(small.Late))
	}
	dist["triggers/rage_click.js"] = &fstest.MapFile{Data: append([]byte("rage_click();"), bytes.Repeat([]byte("x"), 700)...)}
	large := page(`[{"type": "rage_click"}, ` + exit + `]`)
	if len(large.Late) != 3 {
		t.Fatalf("a large one has %d late parts, want three", len(large.Late))
	}
	more := large.Late[2]
	if want := `"more":"` + more.Name + `"`; !strings.Contains(string(large.Config.Body), want) {
		t.Errorf("the configuration does not name %s", want)
	}
	if !strings.HasPrefix(string(more.Body), "export default (askwellTriggers,askwellHelpers)=>{rage_click();") {
		t.Errorf("the second part begins with %.90s", more.Body)
	}
	if first := string(large.Script.Body); strings.Contains(first, "rage_click();") || !strings.Contains(first, "more();") || !strings.Contains(first, "exit_intent();") {
		t.Error("the first part has not what belongs there")
	}
}

func TestLatePartHasWhatItsSurveyNeeds(t *testing.T) {
	with := func(change func(*survey.Definition)) *survey.Definition {
		d := definition(t, "s", `[`+timer+`]`)
		change(d)
		return d
	}
	plain := with(func(d *survey.Definition) {})
	for name, test := range map[string]struct {
		definition *survey.Definition
		cookie     bool
		want       string
	}{
		"its types of question, each helper before what needs it": {plain, false, "fields();\n"},
		"the cookie":      {plain, true, "fields();\nkeep();\n"},
		"a dry run":       {with(func(d *survey.Definition) { d.DryRun = true }), true, "fields();\nkeep();\ndry();\n"},
		"a corner":        {with(func(d *survey.Definition) { d.Theme.Position = "top-left" }), false, "fields();\n"},
		"a place":         {with(func(d *survey.Definition) { d.Theme.Position = "modal" }), false, "modal();\nfields();\n"},
		"compact density": {with(func(d *survey.Definition) { d.Theme.Density = "compact" }), false, "compact();\nfields();\n"},
		"a text that says what was answered": {with(func(d *survey.Definition) {
			d.Endings[0].Text = survey.Text{"": "You said {{b|nothing}}."}
		}), false, "fields();\npipe();\n"},
	} {
		t.Run(name, func(t *testing.T) {
			late, err := NewScripts(built()).Late(Published{test.definition, 1}, test.cookie)
			if err != nil {
				t.Fatal(err)
			}
			if want := joined + test.want + "export const mount"; !strings.Contains(string(late[0].Body), want) {
				t.Errorf("the late part is %q, want %q in it", late[0].Body, want)
			}
			if says := strings.Contains(string(late[0].Body), `"yes":"Yes"`); says != strings.Contains(test.want, "pipe") {
				t.Errorf("it has the words of parts that it has not, or lacks some: %s", late[0].Body)
			}
		})
	}
}

func TestLatePartHasFieldsWhereSomethingIsWritten(t *testing.T) {
	d := definition(t, "s", `[`+timer+`]`)
	for _, want := range []bool{true, false} {
		late, err := NewScripts(built()).Late(Published{d, 1}, false)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(late[0].Body), "fields();"); got != want {
			t.Errorf("with %d questions: %t, want %t", len(d.Questions), got, want)
		}
		d.Questions = d.Questions[:3] // the last is the text
	}
}

func TestLatePartSaysHowItsLanguageIsWritten(t *testing.T) {
	d := definition(t, "s", `[`+timer+`]`)
	wants := map[string]string{"en": "", "ar": `,dir="rtl"`, "ar-EG": `,dir="rtl",digits="٠١٢٣٤٥٦٧٨٩"`, "ar-SA": `,dir="rtl",digits="٠١٢٣٤٥٦٧٨٩"`, "ar-MA": `,dir="rtl"`, "he-IL": `,dir="rtl"`, "az": "", "az-Arab": `,dir="rtl"`,
		"fa-IR": `,dir="rtl",digits="۰۱۲۳۴۵۶۷۸۹"`, "bn": `,digits="০১২৩৪৫৬৭৮৯"`, "hi": ""}
	d.Languages = slices.Sorted(maps.Keys(wants))
	late, err := NewScripts(built()).Late(Published{d, 1}, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range late {
		_, rest, _ := strings.Cut(string(part.Body), ",language=")
		if want := `"` + part.Language + `"` + wants[part.Language] + ";\n"; rest != want {
			t.Errorf("%s: %q, want %q", part.Language, rest, want)
		}
	}
}

func TestLatePartHasEachTextAsOneString(t *testing.T) {
	late, err := NewScripts(built()).Late(Published{definition(t, "s", `[`+timer+`]`), 3}, false)
	if err != nil {
		t.Fatal(err)
	}
	if len(late) != 2 || late[0].Language != "en" || late[1].Language != "pl" || late[1].Survey != "s" {
		t.Fatalf("the late parts are %v, want one in en and one in pl", late)
	}
	face, words, language := module(t, late[1])
	want := map[string]any{
		"id": "s", "version": 3.0, "purpose": "Pp", "theme": map[string]any{"accent": "#ff0000"},
		"questions": []any{
			map[string]any{"id": "a", "type": "nps", "title": "Tp", "low": "L", "high": "Hp"},
			map[string]any{"id": "b", "type": "csat", "title": "B", "help": "Hep", "labels": []any{"1", "2p", "3", "4", "5"}},
			map[string]any{"id": "c", "type": "single_choice", "title": "C", "choices": []any{
				map[string]any{"id": "x", "label": "X"}, map[string]any{"id": "y", "label": "Yp"}}},
			map[string]any{"id": "d", "type": "text", "title": "D", "placeholder": "Plp", "show_if": map[string]any{"a": map[string]any{"lte": 6.0}}},
		},
		"endings": []any{map[string]any{"title": "Ep", "text": "Etp"}},
	}
	if diff := cmp.Diff(want, face); diff != "" {
		t.Error(diff)
	}
	if words != `{"send":"Wyślij"}` || language != `"pl"` {
		t.Errorf("the words are %s in %s, want the Polish ones", words, language)
	}
	if face, _, _ := module(t, late[0]); face["purpose"] != "P" {
		t.Errorf("the English part has the purpose %v, want P", face["purpose"])
	}
}

func TestSameContentIsTheSameFile(t *testing.T) {
	names := func(version int) (out []string) {
		late, err := NewScripts(built()).Late(Published{definition(t, "s", `[]`), version}, false)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range late {
			out = append(out, part.Name)
		}
		return out
	}
	if diff := cmp.Diff(names(1), names(1)); diff != "" {
		t.Error(diff)
	}
	if slices.Equal(names(1), names(2)) {
		t.Error("another version has the same file: its answers would be sent as the old one's")
	}
}

func TestScriptsThatAreNotBuilt(t *testing.T) {
	// dist/ holds .gitkeep alone until the scripts are built.
	if err := NewScripts(fstest.MapFS{".gitkeep": {}}).Check(); !errors.Is(err, ErrNotBuilt) {
		t.Errorf("an empty folder gives %v, want ErrNotBuilt", err)
	}
	if err := NewScripts(built()).Check(); err != nil {
		t.Error(err)
	}
}

func TestMissingPartIsAnError(t *testing.T) {
	live := []Published{{definition(t, "s", `[`+timer+`]`), 1}}
	for _, name := range []string{"engine.js", "face.js", "triggers/time_on_page.js", "questions/nps.js", "parts.json"} {
		dist := built()
		delete(dist, name)
		if _, err := NewScripts(dist).Page(shop, live, nil); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: got %v, want an error that names it", name, err)
		}
	}
}
