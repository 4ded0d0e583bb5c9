package survey

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const aUUIDv7 = "0197c5c0-0000-7000-8000-000000000001"

// answerable has a question of each type and scale.
func answerable(t *testing.T) *Definition {
	return of(t, append(earlier[:len(earlier):len(earlier)], `{"id": "csat7", "type": "csat", "title": "C", "points": 7}`,
		`{"id": "long", "type": "text", "title": "L", "max_length": 4000}`, `{"id": "free", "type": "text", "title": "F"}`)...)
}

func TestAnswers(t *testing.T) {
	quoted := func(n int) string { return `"` + strings.Repeat("ż", n) + `"` }
	const (
		to10   = ": expected a whole number from 0 to 10"
		to5    = ": expected a whole number from 1 to 5"
		to7    = ": expected a whole number from 1 to 7"
		text   = ": expected a string"
		choice = ": expected one of x, y"
	)
	// By question: the answers it accepts, and those it refuses with what it says.
	tests := map[string]struct {
		accepts []string
		refuses map[string]string
	}{
		"nps": {[]string{"0", "1", "9", "10"}, map[string]string{"-1": to10, "11": to10, "9.5": to10, "9.0": to10, "1e1": to10,
			`"9"`: to10, "null": to10, "true": to10, "[9]": to10, "{}": to10, "99999999999999999999": to10, "-0.0": to10}},
		"csat":  {[]string{"1", "5"}, map[string]string{"0": to5, "6": to5, "null": to5}},
		"csat7": {[]string{"1", "7"}, map[string]string{"0": to7, "8": to7}},
		"ces":   {[]string{"1", "7"}, map[string]string{"0": to7, "8": to7, `"7"`: to7}},
		"pick": {[]string{`"x"`, `"y"`, `"\u0078"`}, map[string]string{`"z"`: choice, `"X"`: choice, `""`: choice, "0": choice,
			"null": choice, `["x"]`: choice, `{"id":"x"}`: choice}},
		"why":  {[]string{`""`, `"slow"`, quoted(5)}, map[string]string{quoted(6): ": has 6 characters, at most 5 are allowed", "5": text, "null": text, `["a"]`: text, "true": text}},
		"long": {[]string{quoted(4000)}, map[string]string{quoted(4001): ": has 4001 characters, at most 4000 are allowed"}},
		"free": {[]string{quoted(2000)}, map[string]string{quoted(2001): ": has 2001 characters, at most 2000 are allowed"}}, // the default
	}
	d := answerable(t)
	for id, test := range tests {
		check := func(answer string) (got []string) {
			r := Response{ID: aUUIDv7, Version: 1, Seq: 1, State: Partial, ShownAt: 1, Answers: map[string]json.RawMessage{id: json.RawMessage(answer)}}
			for _, p := range r.Check(d) {
				got = append(got, p.String())
			}
			return got
		}
		for _, answer := range test.accepts {
			if got := check(answer); got != nil {
				t.Errorf("%s refuses %.40s: %v", id, answer, got)
			}
		}
		for answer, want := range test.refuses {
			if diff := cmp.Diff([]string{"answers." + id + want}, check(answer)); diff != "" {
				t.Errorf("%s, answer %.40s: %s", id, answer, diff)
			}
		}
	}
}

func TestAnswerOfMinusZeroIsRefused(t *testing.T) {
	// JavaScript writes -0 as 0, but JSON has both, and it would be read back as -0.
	if err := (&NPSQuestion{}).Answer(json.RawMessage("-0")); err == nil {
		t.Error("accepted")
	}
}

func TestResponseCheck(t *testing.T) {
	long := func(n int) string { return strings.Repeat("ż", n) }
	traits := func(n int) map[string]any {
		m := map[string]any{}
		for i := range n {
			m[fmt.Sprintf("t%02d", i)] = i%2 == 0
		}
		return m
	}
	const uuid = "id: expected a UUID of version 7, in lower case"
	tests := map[string]struct {
		change func(r *Response)
		want   []string
	}{
		"a full response is fine": {func(r *Response) {
			r.Answers = map[string]json.RawMessage{"nps": json.RawMessage("9"), "why": json.RawMessage(`"Quick"`)}
			r.Trigger, r.Page, r.Cart = &Fired{Type: "exit_intent", Reason: "pointer_top"}, &Page{"https://shop.example/", ""}, &Cart{49.9, "EUR", 2}
			r.Traits, r.Test, r.CompletedAt, r.DismissedAt = map[string]any{"plan": "pro", "n": 1.5, "b": true}, true, 2, 3
		}, nil},
		"everything at its limit is fine": {func(r *Response) {
			r.Language, r.Visitor, r.User = long(35), long(64), long(200)
			r.Trigger, r.Page, r.Cart = &Fired{Type: long(40), Reason: long(40)}, &Page{long(2000), long(2000)}, &Cart{Currency: "EUR"}
			r.Traits = traits(49)
			r.Traits[long(60)] = long(200)
		}, nil},
		"a required question may stay unanswered: flow lives in the SDK": {func(r *Response) { r.Answers = nil }, nil},

		"no id is refused":                       {func(r *Response) { r.ID = "" }, []string{uuid}},
		"an id that is no UUID is refused":       {func(r *Response) { r.ID = "1" }, []string{uuid}},
		"a UUID of version 4 is refused":         {func(r *Response) { r.ID = "0197c5c0-0000-4000-8000-000000000001" }, []string{uuid}},
		"a UUID in capitals is refused":          {func(r *Response) { r.ID = strings.ToUpper(aUUIDv7) }, []string{uuid}},
		"a UUID in braces is refused":            {func(r *Response) { r.ID = "{" + aUUIDv7 + "}" }, []string{uuid}},
		"a UUID as a URN is refused":             {func(r *Response) { r.ID = "urn:uuid:" + aUUIDv7 }, []string{uuid}},
		"a UUID without dashes is refused":       {func(r *Response) { r.ID = strings.ReplaceAll(aUUIDv7, "-", "") }, []string{uuid}},
		"a seq of 0 is refused":                  {func(r *Response) { r.Seq = 0 }, []string{"seq: expected a whole number from 1"}},
		"a negative seq is refused":              {func(r *Response) { r.Seq = -1 }, []string{"seq: expected a whole number from 1"}},
		"no state is refused":                    {func(r *Response) { r.State = "" }, []string{"state: expected one of shown, partial, completed"}},
		"an unknown state is refused":            {func(r *Response) { r.State = "dismissed" }, []string{"state: expected one of shown, partial, completed"}},
		"no time of showing is refused":          {func(r *Response) { r.ShownAt = 0 }, []string{"shown_at: expected milliseconds since the epoch"}},
		"a time before the epoch is refused":     {func(r *Response) { r.ShownAt = -1 }, []string{"shown_at: expected milliseconds since the epoch"}},
		"an answer to no question is refused":    {func(r *Response) { r.Answers["nobody"] = json.RawMessage("1") }, []string{"answers.nobody: is not a question of version 3"}},
		"a language that is too long is refused": {func(r *Response) { r.Language = long(36) }, []string{"language: has 36 characters, at most 35 are allowed"}},
		"a visitor that is too long is refused":  {func(r *Response) { r.Visitor = long(65) }, []string{"visitor: has 65 characters, at most 64 are allowed"}},
		"a user that is too long is refused":     {func(r *Response) { r.User = long(201) }, []string{"user: has 201 characters, at most 200 are allowed"}},
		"a trigger that is too long is refused": {func(r *Response) { r.Trigger = &Fired{Type: long(41), Reason: long(42)} }, []string{
			"trigger.reason: has 42 characters, at most 40 are allowed", "trigger.type: has 41 characters, at most 40 are allowed"}},
		"an address that is too long is refused": {func(r *Response) { r.Page = &Page{long(2001), long(2002)} }, []string{
			"page.referrer: has 2002 characters, at most 2000 are allowed", "page.url: has 2001 characters, at most 2000 are allowed"}},
		"a currency that is too long is refused": {func(r *Response) { r.Cart = &Cart{Currency: "EURO"} }, []string{"cart.currency: has 4 characters, at most 3 are allowed"}},
		"a trait that is null is fine":           {func(r *Response) { r.Traits = map[string]any{"plan": nil} }, nil},
		"a trait that is a list is refused":      {func(r *Response) { r.Traits = map[string]any{"plan": []any{"a"}} }, []string{"traits.plan: expected a string, a number or a boolean"}},
		"a trait that is an object is refused":   {func(r *Response) { r.Traits = map[string]any{"plan": map[string]any{}} }, []string{"traits.plan: expected a string, a number or a boolean"}},
		"a trait that is too long is refused":    {func(r *Response) { r.Traits = map[string]any{"plan": long(201)} }, []string{"traits.plan: has 201 characters, at most 200 are allowed"}},
		"a trait's name that is too long":        {func(r *Response) { r.Traits = map[string]any{long(61): "x"} }, []string{"traits." + long(61) + ": has 61 characters, at most 60 are allowed"}},
		"51 traits are refused":                  {func(r *Response) { r.Traits = traits(51) }, []string{"traits: has 51 traits, at most 50 are allowed"}},
		"every mistake is reported at once": {func(r *Response) { r.ID, r.Seq, r.State, r.ShownAt = "", 0, "", 0 }, []string{
			uuid, "seq: expected a whole number from 1", "shown_at: expected milliseconds since the epoch", "state: expected one of shown, partial, completed"}},
	}
	d := answerable(t)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := Response{ID: aUUIDv7, Survey: "s", Version: 3, Seq: 1, State: Shown, ShownAt: 1, Answers: map[string]json.RawMessage{}}
			test.change(&r)
			seen := map[string]bool{}
			for _, p := range r.Check(d) {
				seen[p.String()] = true
			}
			want := map[string]bool{} // sets: their order says nothing
			for _, p := range test.want {
				want[p] = true
			}
			if diff := cmp.Diff(want, seen); diff != "" {
				t.Error(diff)
			}
		})
	}
}
