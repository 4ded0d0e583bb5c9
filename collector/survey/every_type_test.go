package survey

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// everyType is a survey with a question of every type, and a response that answers all of it.
func everyType(t *testing.T) (*Definition, *Response) {
	t.Helper()
	definition, err := os.ReadFile("testdata/every-type.json")
	if err != nil {
		t.Fatal(err)
	}
	response, err := os.ReadFile("testdata/every-type-response.json")
	if err != nil {
		t.Fatal(err)
	}
	var r Response
	if err := json.Unmarshal(response, &r); err != nil {
		t.Fatal(err)
	}
	return mustParse(t, definition), &r
}

func TestEveryTypeIsInTheExampleAndItsResponse(t *testing.T) {
	d, r := everyType(t)
	var types []string
	for _, q := range d.Questions {
		types = append(types, q.Base().Type)
		if _, answered := r.Answers[q.Base().ID]; !answered && q.Base().Type != "statement" {
			t.Errorf("the response does not answer %s", q.Base().ID)
		}
	}
	slices.Sort(types)
	if diff := cmp.Diff(TypeNames(QuestionTypes), types); diff != "" {
		t.Error(diff)
	}
	if problems := r.Check(d); problems != nil {
		t.Errorf("the response is refused: %v", problems)
	}
}

func TestEveryTypeIsWrittenAsItWasRead(t *testing.T) {
	data, err := os.ReadFile("testdata/every-type.json")
	if err != nil {
		t.Fatal(err)
	}
	written, err := json.Marshal(mustParse(t, data))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(value(t, data), value(t, written)); diff != "" {
		t.Error(diff)
	}
}

func TestEveryTypeIsReducedToOneLanguage(t *testing.T) {
	d, _ := everyType(t)
	found := 0
	eachText(reflect.ValueOf(d.In("pl")), func(text Text) {
		found++
		if _, one := text[""]; !one || len(text) != 1 {
			t.Errorf("%v is not one string", text)
		}
	})
	all := 0
	eachText(reflect.ValueOf(d), func(Text) { all++ })
	if found != all || all < 50 {
		t.Errorf("%d of %d texts are left", found, all)
	}
}

// Each text of each type is checked: none is forgotten in a check method.
func TestEachTextOfEveryTypeIsChecked(t *testing.T) {
	d, _ := everyType(t)
	count := 0
	eachText(reflect.ValueOf(d), func(text Text) {
		count++
		text["de"] = "Text"
	})
	wrong := 0
	for _, p := range d.Check() {
		if p.Message == "is not one of the survey's languages: en, pl" {
			wrong++
		}
	}
	if wrong != count {
		t.Errorf("%d of %d texts are checked", wrong, count)
	}
}

// eachText visits the texts below v.
func eachText(v reflect.Value, visit func(Text)) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			eachText(v.Elem(), visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			eachText(v.Field(i), visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachText(v.Index(i), visit)
		}
	case reflect.Map:
		if text, ok := v.Interface().(Text); ok && text != nil {
			visit(text)
		}
	}
}
