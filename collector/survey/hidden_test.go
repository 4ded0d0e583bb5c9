package survey

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func withHidden(hidden, question string) []byte {
	return []byte(`{"id": "s", "name": "S", "languages": ["en"], "hidden": ` + hidden + `, "questions": [` + question + `]}`)
}

func TestHiddenFieldsOfADefinition(t *testing.T) {
	var many []string
	for i := range 51 {
		many = append(many, fmt.Sprintf(`"f%d": "string"`, i))
	}
	const notAName = " is not a name: letters, digits, - and _, at most 60"
	long := strings.Repeat("a", 61)
	tests := map[string]struct {
		hidden string
		want   []string
	}{
		"each type is fine":              {`{"order_id": "string", "Order-Value": "number", "7": "boolean"}`, nil},
		"50 fields are fine":             {`{` + strings.Join(many[:50], ",") + `}`, nil},
		"51 fields are refused":          {`{` + strings.Join(many, ",") + `}`, []string{"hidden: has 51 fields, at most 50 are allowed"}},
		"an unknown type is refused":     {`{"a": "date"}`, []string{`hidden.a: expected one of string, number, boolean, not "date"`}},
		"a name with a dot is refused":   {`{"a.b": "string"}`, []string{`hidden: "a.b"` + notAName}},
		"a name with a brace is refused": {`{"a}": "string"}`, []string{`hidden: "a}"` + notAName}},
		"an empty name is refused":       {`{"": "string"}`, []string{`hidden: ""` + notAName}},
		"a long name is refused":         {`{"` + long + `": "string"}`, []string{`hidden: "` + long + `"` + notAName}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ParseDefinition(withHidden(test.hidden, `{"id": "a", "type": "nps", "title": "A"}`))
			if diff := cmp.Diff(test.want, problems(t, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestHiddenFieldFillsIn(t *testing.T) {
	mustParse(t, withHidden(`{"stars": "number"}`, `{"id": "a", "type": "rating", "title": "A", "prefill": {"hidden": "stars"}}`))
}

func TestHiddenFieldsOfAResponse(t *testing.T) {
	d := mustParse(t, withHidden(`{"order": "string", "value": "number", "first": "boolean"}`, `{"id": "a", "type": "nps", "title": "A"}`))
	plain := of(t, `{"id": "a", "type": "nps", "title": "A"}`)
	tests := map[string]struct {
		of     *Definition
		hidden map[string]any
		want   []string
	}{
		"each as it is declared":     {d, map[string]any{"order": "A-42", "value": 49.9, "first": false}, nil},
		"a string at its limit":      {d, map[string]any{"order": strings.Repeat("ż", 200)}, nil},
		"NaN, which is sent as null": {d, map[string]any{"value": nil}, nil},
		"a string over its limit":    {d, map[string]any{"order": strings.Repeat("ż", 201)}, []string{"hidden.order: has 201 characters, at most 200 are allowed"}},
		"each as another type":       {d, map[string]any{"order": 5.0, "value": "5", "first": 1.0}, []string{"hidden.first: expected a boolean", "hidden.order: expected a string", "hidden.value: expected a number"}},
		"a list":                     {d, map[string]any{"order": []any{"A"}}, []string{"hidden.order: expected a string"}},
		"one that is not declared":   {d, map[string]any{"coupon": "X"}, []string{"hidden.coupon: is not a hidden field of version 3; declared are: first, order, value"}},
		"one where none is declared": {plain, map[string]any{"order": nil}, []string{"hidden.order: is not a hidden field of version 3; declared are: none"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := Response{ID: aUUIDv7, Version: 3, Seq: 1, State: Shown, ShownAt: 1, Hidden: test.hidden}
			var got []string
			for _, p := range r.Check(test.of) {
				got = append(got, p.String())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
