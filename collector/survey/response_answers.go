package survey

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Answers that stand beside a question's own: what was written beside a choice, and a tick.
const (
	besideOther   = ".other"
	besideConsent = ".consent"
)

// otherID is the id of the choice that opens a field, "" where the question has none.
func otherID(q Question) string {
	if q, ok := q.(interface{ otherID() string }); ok {
		return q.otherID()
	}
	return ""
}

// needsConsent says whether an answer is taken with a tick alone.
func needsConsent(q Question) bool {
	asks, ok := q.(interface{ needsConsent() bool })
	return ok && asks.needsConsent()
}

// Personal lists the keys of answers that say who gave them: addresses to write to, and the consent to it.
func (d *Definition) Personal() (keys []string) {
	for _, q := range d.Questions {
		switch q.(type) {
		case *EmailQuestion, *ContactQuestion:
			keys = append(keys, q.Base().ID, q.Base().ID+besideConsent)
		}
	}
	return keys
}

// Verbatims lists the keys of answers that are in the visitor's own words: to text questions, and
// beside a choice. Addresses are none.
func (d *Definition) Verbatims() (keys []string) {
	for _, q := range d.Questions {
		if _, text := q.(*TextQuestion); text {
			keys = append(keys, q.Base().ID)
		} else if otherID(q) != "" {
			keys = append(keys, q.Base().ID+besideOther)
		}
	}
	return keys
}

// checkAnswers reports answers that no question asks for, that are of the wrong type, or that lack
// what has to stand beside them.
func (r *Response) checkAnswers(d *Definition, add func(location, format string, args ...any)) {
	asked := 0
	find := func(key string) (raw json.RawMessage, ok bool) {
		if raw, ok = r.Answers[key]; ok {
			asked++
		}
		return raw, ok
	}
	for _, q := range d.Questions {
		id := q.Base().ID
		raw, answered := find(id)
		if answered {
			if err := q.Answer(raw); err != nil {
				add("answers."+id, "%v", err)
			}
		}
		if other := otherID(q); other != "" {
			if written, ok := find(id + besideOther); ok {
				if s, err := words(written, maxOther); err != nil {
					add("answers."+id+besideOther, "%v", err)
				} else if s == "" {
					add("answers."+id+besideOther, "has 0 characters, at least 1 are needed")
				}
				if !answered || !chose(raw, other) {
					add("answers."+id+besideOther, "goes with the choice %q alone, which is not chosen", other)
				}
			}
		}
		if needsConsent(q) {
			switch agreed, ok := find(id + besideConsent); {
			case ok && string(agreed) != "true":
				add("answers."+id+besideConsent, "expected true; without consent there is no answer to %q", id)
			case ok && !answered:
				add("answers."+id+besideConsent, "goes with an answer to %q, which is not there", id)
			case answered && !ok:
				add("answers."+id, "is taken with %s: true alone", id+besideConsent)
			}
		}
	}
	if asked == len(r.Answers) {
		return
	}
	for _, key := range slices.Sorted(maps.Keys(r.Answers)) {
		id, other := strings.CutSuffix(key, besideOther)
		of, consent := strings.CutSuffix(key, besideConsent)
		switch {
		case d.Question(key) != nil:
		case other && d.Question(id) != nil:
			if otherID(d.Question(id)) == "" {
				add("answers."+key, "no choice of %q opens a field", id)
			}
		case consent && d.Question(of) != nil:
			if !needsConsent(d.Question(of)) {
				add("answers."+key, "%q asks for no consent", of)
			}
		default:
			add("answers."+key, "is not a question of version %d", r.Version)
		}
	}
}

// chose says whether an answer is a choice, or a list with it.
func chose(raw json.RawMessage, id string) bool {
	var one string
	var some []string
	return json.Unmarshal(raw, &one) == nil && one == id || json.Unmarshal(raw, &some) == nil && slices.Contains(some, id)
}
