package survey

import (
	"encoding/json"
	"errors"
)

// Text is what a visitor reads: one string for every language, or a string by language.
// The key "" holds the one string.
type Text map[string]string

// In returns the text in a language, else in the fallback language.
func (t Text) In(language, fallback string) string {
	for _, key := range []string{language, fallback} {
		if s, ok := t[key]; ok {
			return s
		}
	}
	return t[""]
}

// UnmarshalJSON reads "a string" or {"en": "a string by language"}.
func (t *Text) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*t = Text{"": one}
		return nil
	}
	var many map[string]string
	if err := json.Unmarshal(data, &many); err != nil {
		return errors.New("a text is a string, or a map from language to string")
	}
	*t = many
	return nil
}

// MarshalJSON writes the form that UnmarshalJSON read.
func (t Text) MarshalJSON() ([]byte, error) {
	if one, ok := t[""]; ok && len(t) == 1 {
		return json.Marshal(one)
	}
	return json.Marshal(map[string]string(t))
}
