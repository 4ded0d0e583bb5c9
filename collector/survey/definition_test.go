package survey

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// example is the design's example survey as far as its fields exist, with a trigger of every type.
func example(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/checkout-exit.json")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func mustParse(t *testing.T, data []byte) *Definition {
	t.Helper()
	d, err := ParseDefinition(data)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// of parses a survey that has these questions, as JSON, and nothing else of interest.
func of(t *testing.T, questions ...string) *Definition {
	t.Helper()
	return mustParse(t, withQuestions(questions...))
}

func withQuestions(questions ...string) []byte {
	return []byte(`{"id": "s", "name": "S", "languages": ["en", "pl"], "questions": [` + strings.Join(questions, ",") + `]}`)
}

// problems are what an error says, one string a problem, each beginning with its location.
func problems(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var domain *Error
	if !errors.As(err, &domain) {
		t.Fatalf("%v is a %T, not an *Error", err, err)
	}
	list := []string{}
	for _, p := range domain.Problems {
		list = append(list, p.String())
	}
	return list
}

// value is what a JSON text says.
func value(t *testing.T, data []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestDesignExampleIsValid(t *testing.T) {
	d := mustParse(t, example(t))
	for wire := range TriggerTypes {
		if !slices.Contains(d.Triggers.Types(), wire) {
			t.Errorf("the example has no trigger of type %s: add it", wire)
		}
	}
}

func TestDefinitionIsWrittenAsItWasRead(t *testing.T) {
	written, err := json.Marshal(mustParse(t, example(t)))
	if err != nil {
		t.Fatal(err)
	}
	// Compared as values: only the order of fields may differ.
	if diff := cmp.Diff(value(t, example(t)), value(t, written)); diff != "" {
		t.Error(diff)
	}
}

func TestEachQuestionIsReadAsItsType(t *testing.T) {
	var types []string
	for _, q := range mustParse(t, example(t)).Questions {
		types = append(types, reflect.TypeOf(q).Elem().Name())
	}
	want := []string{"NPSQuestion", "TextQuestion", "CSATQuestion", "CESQuestion", "SingleChoiceQuestion"}
	if diff := cmp.Diff(want, types); diff != "" {
		t.Error(diff)
	}
}

func TestMetricComesFromTheDeclaredType(t *testing.T) {
	var metrics []string
	for _, q := range mustParse(t, example(t)).Questions {
		metrics = append(metrics, Metric(q))
	}
	if diff := cmp.Diff([]string{"nps", "", "csat", "ces", ""}, metrics); diff != "" {
		t.Error(diff)
	}
}

func TestHashIgnoresFormatting(t *testing.T) {
	var compact bytes.Buffer
	if err := json.Compact(&compact, example(t)); err != nil {
		t.Fatal(err)
	}
	// Decoding into maps and back puts every object's keys into another order.
	reordered, err := json.MarshalIndent(value(t, example(t)), "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	want := mustParse(t, example(t)).Hash()
	for name, data := range map[string][]byte{
		"compact": compact.Bytes(), "reordered": reordered,
		"whole number with a fraction of zero": bytes.Replace(example(t), []byte(`"points": 5`), []byte(`"points": 5.0`), 1),
	} {
		if got := mustParse(t, data).Hash(); got != want {
			t.Errorf("%s: the hash is %s, want %s", name, got, want)
		}
	}
}

func TestHashTellsContentApart(t *testing.T) {
	before := mustParse(t, example(t)).Hash()
	for _, change := range [][2]string{
		{`"Thank you!"`, `"Thank you."`}, {`"lte": 6`, `"lte": 5`}, {`"seconds": 0.5`, `"seconds": 1`},
		{`"min_gap_days": 0`, `"min_gap_days": 1`}, {`"selector": "#pay"`, `"selector": "#buy"`}, {`"sample": 0.25`, `"sample": 0.5`}, {`"answered": true`, `"answered": false`},
	} {
		changed := bytes.Replace(example(t), []byte(change[0]), []byte(change[1]), 1)
		if bytes.Equal(changed, example(t)) {
			t.Fatalf("the example has no %s", change[0])
		}
		if mustParse(t, changed).Hash() == before {
			t.Errorf("%s → %s keeps the hash", change[0], change[1])
		}
	}
}

func TestQuestionFindsById(t *testing.T) {
	d := mustParse(t, example(t))
	if q := d.Question("effort"); q == nil || q.Base().Type != "ces" {
		t.Errorf("Question(effort) = %v, want the ces question", q)
	}
	if q := d.Question("nobody"); q != nil {
		t.Errorf("Question(nobody) = %v, want nil", q)
	}
}
