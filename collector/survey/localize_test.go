package survey

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTextIn(t *testing.T) {
	tests := map[string]struct {
		text     Text
		language string
		want     string
	}{
		"the language": {Text{"en": "Hi", "pl": "Cześć"}, "pl", "Cześć"},
		"the default where the language is missing":        {Text{"en": "Hi", "pl": "Cześć"}, "zh", "Hi"},
		"one string for every language":                    {Text{"": "Hi"}, "zh", "Hi"},
		"a region is not its language: In guesses nothing": {Text{"en": "Hi", "pl": "Cześć"}, "pl-PL", "Hi"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := test.text.In(test.language, "en"); got != test.want {
				t.Errorf("In(%q) = %q, want %q", test.language, got, test.want)
			}
		})
	}
}

// texts collects every string that stands where a survey has a text, whatever the field.
func texts(v any, in map[string]bool, found map[string]any, at string) {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if in[key] {
				found[at+"."+key] = value
			} else {
				texts(value, in, found, at+"."+key)
			}
		}
	case []any:
		for i, value := range v {
			texts(value, in, found, at+string(rune('0'+i)))
		}
	}
}

func TestInReducesEveryTextToOneString(t *testing.T) {
	d := mustParse(t, example(t))
	// By field; a new text field of a type belongs here and into the example.
	fields := map[string]bool{"title": true, "help": true, "purpose": true, "low": true, "high": true,
		"placeholder": true, "label": true, "labels": true, "text": true}
	want := map[string]any{
		".purpose":                   "Your answer helps us improve.", // has no Polish text
		".questions0.title":          "Jak bardzo prawdopodobne jest, że nas polecisz?",
		".questions0.low":            "Not at all likely",
		".questions0.high":           "Niezwykle prawdopodobne",
		".questions1.title":          "What is the main reason for your score?",
		".questions1.help":           "Please name nobody.",
		".questions1.placeholder":    "In your own words",
		".questions2.title":          "How satisfied are you?",
		".questions2.labels":         []any{"Not at all", "Trochę", "Fairly", "Very", "Completely"},
		".questions3.title":          "How easy was it to pay?",
		".questions3.low":            "Very hard",
		".questions3.high":           "Very easy",
		".questions4.title":          "What was missing?",
		".questions4.choices0.label": "Sposób płatności",
		".questions4.choices1.label": "Delivery to my address",
		".questions4.choices2.label": "Something else",
		".triggers9.label":           "Napisz",
		".triggers=.text":            []any{"0 results"}, // no text to show: what a page is searched for
		".endings0.title":            "Thank you. We are sorry, and we read every answer.",
		".endings1.title":            "Dziękujemy!",
		".endings1.text":             "You can close this now.",
	}
	got := map[string]any{}
	texts(decode(t, d.In("pl")), fields, got, "")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestInKeepsAllElse(t *testing.T) {
	d := mustParse(t, example(t))
	before := d.Hash()
	one := d.In("pl")
	if d.Hash() != before {
		t.Error("In changed the definition it was asked of")
	}
	// Every text is a string now, so asking again for another language changes nothing.
	if diff := cmp.Diff(decode(t, one), decode(t, one.In("zh"))); diff != "" {
		t.Error(diff)
	}
	strip := cmp.FilterPath(func(p cmp.Path) bool {
		key, ok := p.Last().(cmp.MapIndex)
		return ok && map[string]bool{"title": true, "purpose": true, "low": true, "high": true, "placeholder": true, "label": true, "labels": true}[key.Key().String()]
	}, cmp.Ignore())
	if diff := cmp.Diff(decode(t, d), decode(t, one), strip); diff != "" {
		t.Error(diff)
	}
}

func decode(t *testing.T, d *Definition) any {
	t.Helper()
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return value(t, data)
}
