package api

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/askwell/askwell/collector/survey"
)

const fuzzedSurvey = `{"id": "exit", "name": "Exit", "languages": ["en"], "hidden": {"order": "string", "value": "number"}, "questions": [
	{"id": "nps", "type": "nps", "title": "N"}, {"id": "sat", "type": "csat", "title": "S", "points": 7}, {"id": "ease", "type": "ces", "title": "E"},
	{"id": "reason", "type": "single_choice", "title": "R", "choices": [{"id": "price", "label": "Price"}, {"id": "other", "label": "Other", "other": true}]},
	{"id": "liked", "type": "multi_choice", "title": "L", "choices": [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}, {"id": "none", "label": "None", "none": true}]},
	{"id": "grid", "type": "matrix", "title": "G", "rows": [{"id": "a", "label": "A"}], "columns": [{"id": "x", "label": "X"}, {"id": "y", "label": "Y"}]},
	{"id": "who", "type": "contact", "title": "W", "fields": ["name", "email"], "consent": "Yes"}, {"id": "day", "type": "date", "title": "D"},
	{"id": "why", "type": "text", "title": "W", "max_length": 20}]}`

// Whatever bytes come, a batch is read or refused with an error that its sender may read, and a
// response that passes its check is within every limit.
func FuzzDecodeBatch(f *testing.F) {
	d, err := survey.ParseDefinition([]byte(fuzzedSurvey))
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		`{"sent_at": 1795300009100, "responses": [{"id": "0197c5c0-7d9a-7000-8000-000000000001", "survey": "exit", "version": 1, "seq": 2,
		  "state": "completed", "shown_at": 1795300000000, "completed_at": 1795300009000, "answers": {"nps": 9, "reason": "price", "why": "Quick"},
		  "trigger": {"type": "exit_intent", "reason": "pointer_top"}, "page": {"url": "https://shop.example/", "referrer": ""},
		  "language": "en", "visitor": "v", "user": "u-42", "user_sig": "00", "traits": {"plan": "pro", "age": 7, "vip": true},
		  "cart": {"value": 49.9, "currency": "EUR", "items": 2}, "test": false, "trap": true}]}`,
		`{"responses": [{"id": "0197c5c0-7d9a-7000-8000-000000000001", "survey": "exit", "version": 1, "seq": 1, "state": "partial", "shown_at": 1,
		  "answers": {"reason": "other", "reason.other": "None", "liked": ["a", "b"], "grid": {"a": "x"}, "who": {"email": "a@b.cd"}, "who.consent": true, "day": "2026-02-28"},
		  "hidden": {"order": "A-42", "value": 49.9}}]}`,
		`{"responses": [{"answers": {"nps": "9"}}, 7, null, {"seq": 1e400}]}`,
		`{"responses": [[[[[[[[[[]]]]]]]]]]}`, `[]`, `{"sent_at": "x"}`, "{\"responses\": [{\"id\": \"\xff\"}]}", `{"responses":[{"traits":{"a":{"b":[]}}}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		batch, err := decodeBatch(body)
		if err != nil {
			var readable *survey.Error
			if !errors.As(err, &readable) || statusOf(readable.Code) >= 500 || strings.Contains(readable.Message, "\n") {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		if len(batch.Items) > maxItems {
			t.Fatalf("%d items were read", len(batch.Items))
		}
		for _, item := range batch.Items {
			r := item.Response
			if item.Err != nil || len(r.Check(d)) > 0 {
				continue
			}
			if r.Seq < 1 || len(r.ID) != 36 || utf8.RuneCountInString(r.User) > 200 || len(r.Traits) > 50 {
				t.Errorf("accepted %+v", r)
			}
			for id, answer := range r.Answers {
				question, _, _ := strings.Cut(id, ".") // of what stands beside its answer
				if d.Question(question) == nil || !json.Valid(answer) {
					t.Errorf("accepted the answer %s to %q", answer, id)
				}
			}
			if age := time.Since(survey.Born(time.Now(), batch.SentAt, r.ShownAt)); age < -time.Second || age > survey.MaxAge+time.Minute {
				t.Errorf("born %s ago", age)
			}
		}
	})
}

func FuzzETag(f *testing.F) {
	for _, seed := range []string{`"1"`, `W/"7"`, `"-1"`, `*`, `"99999999999999999999"`, ``} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if n := (IfMatch{header}).etag(); n < -1 || n == 0 && header != "" {
			t.Errorf("%q is read as %d", header, n)
		}
	})
}
