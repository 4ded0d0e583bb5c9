package store

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/survey"
)

func TestAsked(t *testing.T) {
	s := newStore(t)
	at := func(days int) int64 { return now.Add(time.Duration(days) * 24 * time.Hour).UnixMilli() }
	n := 0
	add := func(id string, days int, change func(*Response)) {
		n++
		save(t, s, response("shop", id, n, func(r *Response) {
			r.At, r.User, r.State, r.Answers, r.Class = time.UnixMilli(at(days)), "u", survey.Shown, []byte("{}"), survey.ClassLive
			if change != nil {
				change(r)
			}
		}))
	}
	dismissed := func(r *Response) { d := r.At.Add(time.Second); r.DismissedAt = &d }
	answered := func(r *Response) { r.State, r.Answers = survey.Partial, []byte(`{"nps":9}`) }
	add("s", -10, nil) // over with the answer after it
	add("s", -9, answered)
	add("s", -8, answered)
	add("s", -7, nil)
	add("s", -6, dismissed)
	add("s", -5, dismissed)
	add("other", -4, nil)
	add("s", -3, func(r *Response) { answered(r); r.Class = survey.ClassTest })
	add("s", -3, func(r *Response) { r.Class = survey.ClassBot })
	add("s", -2, func(r *Response) { r.User = "another" })
	add("s", -2, func(r *Response) { r.User = "" })
	add("s", -2, func(r *Response) { r.Site = "blog" })
	want := survey.Asked{Survey: "s", Now: now.UnixMilli(), Last: at(-4), Answered: map[string]int64{"s": at(-8)},
		Dismissed: map[string]int64{"s": at(-5) + 1000}, Shows: map[string]int{"s": 3, "other": 1}}
	if diff := cmp.Diff(want, must(s.Asked(t.Context(), "shop", "u", "s", now))); diff != "" {
		t.Error(diff)
	}
}

// A page may ask as often as it shows something: what that reads must not grow with the table.
func TestAskedReadsTheNewestAlongItsIndex(t *testing.T) {
	s := newStore(t)
	var plan []string
	if err := each(t.Context(), s.read, func(scan func(...any) error) error {
		var id, parent, unused int
		var detail string
		err := scan(&id, &parent, &unused, &detail)
		plan = append(plan, detail)
		return err
	}, "EXPLAIN QUERY PLAN "+askedQuery, "shop", "u", maxAsked); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(plan, "; "); got != "SEARCH responses USING INDEX responses_user (site_id=? AND user_id=?)" { // and no sorting
		t.Errorf("the plan is: %s", got)
	}
	for n := range maxAsked + 5 {
		save(t, s, response("shop", "s", n, func(r *Response) { r.User, r.At, r.Answers = "u", now.Add(time.Duration(n)), []byte("{}") }))
	}
	if got := must(s.Asked(t.Context(), "shop", "u", "s", now)); got.Shows["s"] != maxAsked {
		t.Errorf("it read %d, want %d", got.Shows["s"], maxAsked)
	}
}
