package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/askwell/askwell/collector/survey"
)

// built is what scripts/build would have left, with a word in the place of each part's code.
func built() fstest.MapFS {
	dist := fstest.MapFS{
		"engine.js": {Data: []byte("\nengine();\n\n")}, "queue.js": {Data: []byte("queue();\n")},
		"strings/en.json": {Data: []byte(`{"send":"Send","yes":"Yes","feedback":"Feedback","left":{"other":"{n} left"}}`)}, "strings/pl.json": {Data: []byte(`{"send":"Wyślij","yes":"Tak","feedback":"Opinia"}`)},
		"parts.json": {Data: []byte(`{"triggers/exit_intent": {"helpers": ["helpers/exit"]}, "triggers/cart_abandonment": {"helpers": ["helpers/exit", "helpers/idle"]},
			"face/questions/csat": {"helpers": ["face/helpers/scale"], "name": "C"}, "face/questions/nps": {"helpers": ["face/helpers/scale"], "name": "N"},
			"face/questions/single_choice": {"name": "S"}, "face/questions/text": {"name": "T", "words": ["left"]}, "face/helpers/scale": {"helpers": ["face/helpers/element"]},
			"face/late/fields": {"name": "f"}, "face/late/compact": {"name": "c"}, "face/late/keep": {"name": "k"}, "face/late/dry": {"name": "d"}, "face/places/modal": {"name": "m"},
			"face/late/pipe": {"words": ["yes"], "name": "p"}, "face/late": {"words": ["send"], "name": "P", "helpers": ["face/sdk/condition", "face/helpers/link"]},
			"face/sdk/condition": {"stand_in": "always();"}, "face/helpers/link": {"helpers": ["face/helpers/element"], "stand_in": "unlinked();"}}`)},
	}
	for _, name := range []string{"helpers/when", "helpers/cookie", "helpers/more", "helpers/exit", "helpers/idle", "face/ui/theme", "face/helpers/element", "face/helpers/scale", "face/helpers/link",
		"face/sdk/condition", "face/late/fields", "face/late/compact", "face/late/pipe", "face/late/keep", "face/late/dry", "face/places/modal", "face/late"} {
		dist[name+".js"] = &fstest.MapFile{Data: []byte(path.Base(name) + "();\n")}
	}
	for wire := range survey.QuestionTypes {
		dist["face/questions/"+wire+".js"] = &fstest.MapFile{Data: []byte(wire + "();\n")}
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

// joined is what the late part of a definition begins with, and types are those that it has.
const (
	joined = "//# allFunctionsCalledOnLoad\ntheme();element();scale();csat();nps();single_choice();text();"
	types  = "types:{csat:C,nps:N,single_choice:S,text:T}"
)

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
			parts := strings.Join(test.want, "();") + "();"
			want := "//# allFunctionsCalledOnLoad\n((askwellConfig,askwellTriggers,askwellRules,askwellHelpers)=>{" + parts + "})(" + string(literal(page.Config.Body)) + ",{},{},{});\n"
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
	_, rest, ok := strings.Cut(string(part.Body), types+",fields:f};export{P as present};export const survey=")
	data, rest, ok2 := strings.Cut(rest, ",strings=")
	words, rest, ok3 := strings.Cut(rest, ",language=")
	language, ok4 := strings.CutSuffix(rest, ";\n")
	if !ok || !ok2 || !ok3 || !ok4 {
		t.Fatalf("the late part is %s", part.Body)
	}
	data = regexp.MustCompile(`([{,])(\w+):`).ReplaceAllString(data, `$1"$2":`)
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
	if !strings.HasPrefix(string(more.Body), "//# allFunctionsCalledOnLoad\nexport default (askwellTriggers,askwellHelpers)=>{rage_click();") {
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
		parts      string
		members    string
	}{
		"its types of question, each helper before what needs it": {plain, false, "fields();", ",fields:f"},
		"the cookie":      {plain, true, "fields();keep();", ",fields:f,keep:k"},
		"a dry run":       {with(func(d *survey.Definition) { d.DryRun = true }), true, "fields();keep();dry();", ",fields:f,keep:k,dry:d"},
		"a corner":        {with(func(d *survey.Definition) { d.Theme.Position = "top-left" }), false, "fields();", ",fields:f"},
		"a place":         {with(func(d *survey.Definition) { d.Theme.Position = "modal" }), false, "modal();fields();", ",place:m,fields:f"},
		"compact density": {with(func(d *survey.Definition) { d.Theme.Density = "compact" }), false, "compact();fields();", ",compact:c,fields:f"},
		"a text that says what was answered": {with(func(d *survey.Definition) {
			d.Endings[0].Text = survey.Text{"": "You said {{b|nothing}}."}
		}), false, "fields();pipe();", ",fields:f,pipe:p"},
	} {
		t.Run(name, func(t *testing.T) {
			late, err := NewScripts(built()).Late(Published{test.definition, 1}, test.cookie)
			if err != nil {
				t.Fatal(err)
			}
			body := string(late[0].Body)
			if want := joined + test.parts + "condition();unlinked();late();const askwellLate={theme:"; !strings.HasPrefix(body, want) {
				t.Errorf("the late part is %q, want %q at its beginning", body, want)
			}
			if want := types + test.members + "};export{P as present};export const survey="; !strings.Contains(body, want) {
				t.Errorf("the late part is %q, want %q in it", body, want)
			}
			if says := strings.Contains(body, `yes:"Yes"`); says != strings.Contains(test.parts, "pipe") {
				t.Errorf("it has the words of parts that it has not, or lacks some: %s", body)
			}
		})
	}
}

func TestLatePartSparesWhatItsSurveyHasNoUseFor(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*survey.Definition)
		want   string
	}{
		"conditions": {func(d *survey.Definition) {}, "condition();unlinked();late();"},
		"nothing":    {func(d *survey.Definition) { d.Questions[3].Base().ShowIf = nil }, "always();unlinked();late();"},
		"a jump": {func(d *survey.Definition) {
			d.Questions[3].Base().ShowIf = nil
			d.Questions[0].Base().Jumps = []survey.Jump{{If: &survey.Condition{}, To: "c"}}
		}, "condition();unlinked();late();"},
		"an ending's condition": {func(d *survey.Definition) {
			d.Questions[3].Base().ShowIf, d.Endings[0].If = nil, &survey.Condition{}
		}, "condition();unlinked();late();"},
		"a privacy notice": {func(d *survey.Definition) { d.PrivacyURL = "https://shop.example/privacy" }, "condition();link();late();"},
		"an ending's link": {func(d *survey.Definition) { d.Endings[0].Link = &survey.Link{} }, "condition();link();late();"},
	} {
		t.Run(name, func(t *testing.T) {
			d := definition(t, "s", `[]`)
			test.change(d)
			late, err := NewScripts(built()).Late(Published{d, 1}, false)
			if err != nil {
				t.Fatal(err)
			}
			if body := string(late[0].Body); !strings.Contains(body, test.want) {
				t.Errorf("the late part is %q, want %q in it", body, test.want)
			}
		})
	}
}

func TestLatePartCountsWhereSomethingIsLimited(t *testing.T) {
	for limit, want := range map[int]bool{0: false, 100: true} {
		d := definition(t, "s", `[]`)
		d.Questions[3].(*survey.TextQuestion).MaxLength = limit
		late, err := NewScripts(built()).Late(Published{d, 1}, false)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(late[0].Body), `left:{other:"{n} left"}`); got != want {
			t.Errorf("with a limit of %d the word is there: %t, want %t", limit, got, want)
		}
	}
}

func TestLiteralHasNamesWithoutQuotes(t *testing.T) {
	for data, want := range map[string]string{
		`{"id":"a","in":[{"b":1}],"one-two":{},"0":true}`: `{id:"a",in:[{b:1}],"one-two":{},"0":true}`,
		`["{","a",":",{"x":",","y":"{\"z\":1}"}]`:         `["{","a",":",{x:",",y:"{\"z\":1}"}]`,
		`{"__proto__":{"__proto__":",{\"__proto__\":"}}`:  `{["__proto__"]:{["__proto__"]:",{\"__proto__\":"}}`,
	} {
		if got := string(literal([]byte(data))); got != want {
			t.Errorf("%s is %s, want %s", data, got, want)
		}
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
		"id": "s", "version": 3.0, "purpose": "Pp",
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
	if words != `{send:"Wyślij"}` || language != `"pl"` {
		t.Errorf("the words are %s in %s, want the Polish ones", words, language)
	}
	if face, _, _ := module(t, late[0]); face["purpose"] != "P" {
		t.Errorf("the English part has the purpose %v, want P", face["purpose"])
	}
}

func TestLatePartIsThereAsJSON(t *testing.T) {
	d := definition(t, "s", `[`+timer+`]`)
	d.Languages = []string{"pl", "ar-EG"}
	late, err := NewScripts(built()).Late(Published{d, 3}, false)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []Texts{
		{Language: "pl", Survey: face(d, 3, "pl"), Strings: map[string]survey.Text{"send": {"": "Wyślij"}}},
		{Language: "ar-EG", Survey: face(d, 3, "ar-EG"), Strings: map[string]survey.Text{"send": {"": "Send"}}, Dir: "rtl", Digits: "٠١٢٣٤٥٦٧٨٩"},
	} {
		var got Texts
		if err := json.Unmarshal(late[i].JSON.Body, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Error(diff)
		}
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
	for _, name := range []string{"engine.js", "face/late.js", "triggers/time_on_page.js", "face/questions/nps.js", "parts.json"} {
		dist := built()
		delete(dist, name)
		if _, err := NewScripts(dist).Page(shop, live, nil); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: got %v, want an error that names it", name, err)
		}
	}
}
