package survey

import (
	"encoding/json"
	"reflect"
)

// In returns a copy in which every text is the one string of a language, or of the survey's first
// language where it has none: a page is sent the texts it will show and no others.
func (d *Definition) In(language string) *Definition {
	data, err := json.Marshal(d)
	if err != nil {
		panic(err) // every field of a decoded definition can be encoded
	}
	var out Definition
	if err := json.Unmarshal(data, &out); err != nil {
		panic(err)
	}
	reduce(reflect.ValueOf(&out), language, d.Languages[0])
	return &out
}

// reduce walks to every Text below v.
func reduce(v reflect.Value, language, fallback string) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			reduce(v.Elem(), language, fallback)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			reduce(v.Field(i), language, fallback)
		}
	case reflect.Slice:
		for i := range v.Len() {
			reduce(v.Index(i), language, fallback)
		}
	case reflect.Map:
		if text, ok := v.Interface().(Text); ok && text != nil {
			v.Set(reflect.ValueOf(Text{"": text.In(language, fallback)}))
		}
	}
}
