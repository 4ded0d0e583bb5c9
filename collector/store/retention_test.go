package store

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDeleteBeforeTakesWhatIsOlder(t *testing.T) {
	s := newStore(t)
	must(s.SaveDraft(t.Context(), "shop", definition(t, "s"), 0))
	must(s.SaveDraft(t.Context(), "shop", definition(t, "other"), 0))
	old := func(r *Response) { r.At = now.Add(-time.Hour) }
	for n := range retentionBatch + 1 {
		save(t, s, response("shop", "s", n, old))
	}
	save(t, s, response("shop", "other", 1000, old), response("shop", "s", 1001, nil), response("blog", "s", 1002, old))
	if n := must(s.DeleteBefore(t.Context(), "shop", now)); n != retentionBatch+2 {
		t.Errorf("deleted %d", n)
	}
	if got := list(t, s, "shop", "s", 10); len(got) != 1 || !got[0].At.Equal(now) {
		t.Errorf("left: %v", ids(got))
	}
	if got := list(t, s, "blog", "s", 10); len(got) != 1 {
		t.Error("another site lost a response")
	}
	entries, _, _ := s.AuditLog(t.Context(), "shop", "", 3)
	want := []string{
		"askwell shop: retention.delete s, 1 responses before 2026-11-21",
		"askwell shop: retention.delete s, 200 responses before 2026-11-21",
		"askwell shop: retention.delete other, 1 responses before 2026-11-21",
	}
	if diff := cmp.Diff(want, actions(entries)); diff != "" {
		t.Error(diff)
	}
}

func TestAnonymiseBeforeForgetsWhoAndKeepsWhat(t *testing.T) {
	s := newStore(t)
	must(s.SaveDraft(t.Context(), "shop", definition(t, "s"), 0))
	person := func(at time.Time) func(*Response) {
		return func(r *Response) {
			r.At, r.User, r.Visitor, r.Answers = at, "u-42", "v-1", json.RawMessage(`{"nps":9,"why":"Quick"}`)
			r.Context = json.RawMessage(`{"language":"en","page":{"url":"https://shop.example/p?email=a@b.c#x","referrer":"https://mail.example/u/1"},"traits":{"plan":"pro"},"hidden":{"order":"A-42"},"device":"mobile"}`)
		}
	}
	before := now.Add(-24 * time.Hour)
	first := response("shop", "s", 1, person(before.Add(-time.Minute)))
	young := response("shop", "s", 2, person(before.Add(time.Minute)))
	save(t, s, first, young)
	if n := must(s.AnonymiseBefore(t.Context(), "shop", before, now)); n != 1 {
		t.Errorf("anonymised %d, want 1", n)
	}
	want := first
	want.User, want.Visitor = "", ""
	want.Context = json.RawMessage(`{"language":"en","page":{"url":"https://shop.example/p"},"device":"mobile"}`)
	check := func(name string) {
		t.Helper()
		if diff := cmp.Diff([]Response{young, want}, list(t, s, "shop", "s", 10)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	check("after the first run")

	// A queue that slept sends the rest of its answers: they count, but do not bring the person back.
	again := first
	again.Seq, again.Answers = 2, json.RawMessage(`{"nps":3}`)
	save(t, s, again)
	want.Seq, want.Answers = 2, again.Answers
	check("after a later snapshot")

	// One that was born before the last run and came after it.
	late := response("shop", "s", 0, person(before.Add(-time.Hour)))
	save(t, s, late)
	if n := must(s.AnonymiseBefore(t.Context(), "shop", before, now)); n != 1 {
		t.Errorf("the second run anonymised %d, want the late one alone", n)
	}
}

func TestAnonymiseBeforeForgetsAddresses(t *testing.T) {
	s := newStore(t)
	etag := int64(0)
	for _, question := range []string{ // the second version has no address, but responses to the first have
		`{"id": "mail", "type": "email", "title": "M", "consent": "Yes"}`, `{"id": "who", "type": "contact", "title": "W", "fields": ["name"]}`,
	} {
		must(s.SaveDraft(t.Context(), "shop", definition(t, "s", question), etag))
		etag = must(s.Publish(t.Context(), "shop", "s", 0, now)).ETag
	}
	old := now.Add(-time.Hour)
	answered := func(n, seq int, answers string) Response {
		return response("shop", "s", n, func(r *Response) { r.At, r.Seq, r.Answers = old, seq, json.RawMessage(answers) })
	}
	check := func(name string, changed int, want ...string) {
		t.Helper()
		if n := must(s.AnonymiseBefore(t.Context(), "shop", now, now)); n != changed {
			t.Errorf("%s: anonymised %d, want %d", name, n, changed)
		}
		var got []string
		for _, r := range list(t, s, "shop", "s", 10) {
			got = append(got, string(r.Answers))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	save(t, s, answered(1, 1, `{"mail":"a@b.cd","mail.consent":true,"nps":9}`), answered(2, 1, `{"nps":3,"who":{"name":"Jan"}}`))
	check("the first run", 2, `{"nps":3}`, `{"nps":9}`)
	save(t, s, answered(1, 2, `{"mail":"a@b.cd","mail.consent":true,"nps":8}`))
	check("after a later snapshot", 1, `{"nps":3}`, `{"nps":8}`)
	check("once more", 0, `{"nps":3}`, `{"nps":8}`)
}

func TestAnonymiseBeforeGoesThroughManyBatches(t *testing.T) {
	s := newStore(t)
	must(s.SaveDraft(t.Context(), "shop", definition(t, "s"), 0))
	const many = 2*retentionBatch + 3
	var batch []Response
	for n := range many { // at few different times, so that batches end amid equal ones
		batch = append(batch, response("shop", "s", n, func(r *Response) { r.At, r.Visitor = now.Add(time.Duration(n/400-10)*time.Hour), "v" }))
	}
	save(t, s, batch...)
	if n := must(s.AnonymiseBefore(t.Context(), "shop", now, now)); n != many {
		t.Errorf("anonymised %d of %d", n, many)
	}
	for _, r := range list(t, s, "shop", "s", 1000) {
		if r.Visitor != "" {
			t.Fatalf("%s is still a visitor's", r.ID)
		}
	}
}
