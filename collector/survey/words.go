package survey

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"unicode/utf8"
)

// How many characters an answer may have that a visitor writes, beside those of text questions.
const (
	maxEmail = 254 // what SMTP can carry
	maxOther = 500
	maxField = 200 // of a contact, but for its e-mail
)

// words reads a string of at most so many characters.
func words(raw json.RawMessage, most int) (string, error) {
	var s string
	if json.Unmarshal(raw, &s) != nil || len(raw) == 0 || raw[0] != '"' {
		return "", errors.New("expected a string")
	}
	return s, tooLong(s, most)
}

func tooLong(s string, most int) error {
	if n := utf8.RuneCountInString(s); n > most {
		return fmt.Errorf("has %d characters, at most %d are allowed", n, most)
	}
	return nil
}

// A plausible address has one @ with something before it and a domain with a dot behind it, and no
// blanks, control characters, commas, semicolons or angle brackets. Only a message to it can tell more.
var emailPattern = regexp.MustCompile(`^[^\x00-\x20@<>,;]+@[^\x00-\x20@<>,;.]+(\.[^\x00-\x20@<>,;.]+)+$`)

// plausible says why a text is no e-mail address, or nil.
func plausible(s string) error {
	if !emailPattern.MatchString(s) {
		return errors.New("expected an e-mail address, such as name@example.com")
	}
	return tooLong(s, maxEmail)
}

// member is one pair of an object of strings.
type member struct{ name, value string }

// stringMembers reads an object of strings in which no name repeats: it is stored as it came, and
// readers differ in which of the two they take.
func stringMembers(raw json.RawMessage) ([]member, bool) {
	in := json.NewDecoder(bytes.NewReader(raw))
	if open, err := in.Token(); err != nil || open != json.Delim('{') {
		return nil, false
	}
	var list []member
	seen := map[string]bool{}
	for in.More() {
		name, _ := in.Token() // raw is JSON: a name is a string
		value, _ := in.Token()
		m := member{}
		var isName, isValue bool
		m.name, isName = name.(string)
		m.value, isValue = value.(string)
		if !isName || !isValue || seen[m.name] {
			return nil, false
		}
		seen[m.name] = true
		list = append(list, m)
	}
	return list, true
}
