package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/survey"
)

// response is the first snapshot of response n; change, which may be nil, makes it another.
func response(site, surveyID string, n int, change func(*Response)) Response {
	r := Response{Site: site, Survey: surveyID, At: now, ID: fmt.Sprintf("0197c5c0-0000-7000-8000-%012d", n),
		Version: 1, Seq: 1, State: survey.Shown, Class: survey.ClassLive,
		Answers: json.RawMessage(`{}`), Channel: "web", Context: json.RawMessage(`{}`)}
	if change != nil {
		change(&r)
	}
	return r
}

func answers(text string) func(*Response) {
	return func(r *Response) { r.Answers = json.RawMessage(text) }
}

// save stores a batch, of which nothing may be refused.
func save(t *testing.T, s *Store, batch ...Response) {
	t.Helper()
	for i, err := range errorsOf(s.SaveResponses(t.Context(), batch)) {
		if err != nil {
			t.Fatalf("response %d: %v", i, err)
		}
	}
}

// list follows the cursors to the end.
func list(t *testing.T, s *Store, site, surveyID string, limit int) (all []Response) {
	t.Helper()
	for cursor := ""; ; {
		page, next, err := s.Responses(t.Context(), site, surveyID, cursor, limit)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) > limit {
			t.Fatalf("a page has %d responses, at most %d were asked for", len(page), limit)
		}
		all = append(all, page...)
		if cursor = next; cursor == "" {
			return all
		}
	}
}

// errorsOf are the errors of a batch, nil where a response is on disk.
func errorsOf(saved []Saved) (errs []error) {
	for _, one := range saved {
		errs = append(errs, one.Err)
	}
	return errs
}

func ids(responses []Response) (out []string) {
	for _, r := range responses {
		out = append(out, r.ID)
	}
	return out
}

func TestResponseIsReadAsItWasSaved(t *testing.T) {
	s := newStore(t)
	dismissed := now.Add(time.Minute)
	want := []Response{
		response("shop", "s", 2, func(r *Response) {
			r.At, r.Version, r.Seq, r.State, r.Class = now.Add(time.Millisecond), 7, 3, survey.Completed, survey.ClassOverQuota
			r.DismissedAt, r.Visitor, r.User = &dismissed, "v", "u"
			r.Answers, r.Context = json.RawMessage(`{"nps":9,"why":"'Zażółć' \u0000 \"x\" 🙂"}`), json.RawMessage(`{"traits":{"plan":"pro"}}`)
		}),
		response("shop", "s", 1, nil),
	}
	save(t, s, want...)
	if diff := cmp.Diff(want, list(t, s, "shop", "s", 10)); diff != "" {
		t.Error(diff)
	}
}

// The place in the list is the number in the database: a type put between others would change stored rows.
func TestStatesAndClassesKeepTheirNumbers(t *testing.T) {
	s := newStore(t)
	for i, class := range survey.Classes {
		save(t, s, response("shop", "s", i, func(r *Response) { r.Class, r.State = class, survey.States[i%len(survey.States)] }))
	}
	rows := list(t, s, "shop", "s", 10)
	if len(rows) != 4 {
		t.Fatalf("there are %d responses, want 4", len(rows))
	}
	numbers := map[string]string{}
	result, err := s.read.QueryContext(t.Context(), "SELECT id, class || ' ' || state FROM responses")
	if err != nil {
		t.Fatal(err)
	}
	defer result.Close()
	for result.Next() {
		var id, n string
		if err := result.Scan(&id, &n); err != nil {
			t.Fatal(err)
		}
		numbers[id] = n
	}
	want := map[string]string{"live shown": "0 0", "test partial": "1 1", "bot completed": "2 2", "over_quota shown": "3 0"}
	got := map[string]string{}
	for _, r := range rows {
		got[string(r.Class)+" "+string(r.State)] = numbers[r.ID]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSnapshots(t *testing.T) {
	dismissed := now.Add(time.Hour)
	first := response("shop", "s", 1, func(r *Response) {
		r.Seq, r.State, r.Answers, r.Visitor, r.User = 5, survey.Partial, json.RawMessage(`{"nps":9}`), "v1", "u1"
	})
	// next has everything different that may differ between two snapshots.
	next := func(seq int) Response {
		r := first
		r.Seq, r.State, r.Answers, r.Context = seq, survey.Completed, json.RawMessage(`{"nps":3}`), json.RawMessage(`{"language":"pl"}`)
		r.DismissedAt, r.Visitor, r.User = &dismissed, "v2", "u2"
		return r
	}
	with := func(r Response, change func(*Response)) Response {
		change(&r)
		return r
	}
	tests := map[string]struct {
		next, want Response
	}{
		"a higher seq replaces answers and state": {next(6), next(6)},
		"a much higher seq too":                   {next(1_000_000), next(1_000_000)},
		"an equal seq changes nothing":            {next(5), first},
		"a lower seq changes nothing":             {next(4), first},
		"a higher seq may take back what was known": {
			with(first, func(r *Response) {
				r.Seq, r.State, r.Answers, r.Visitor, r.User = 6, survey.Shown, json.RawMessage(`{}`), "", ""
			}),
			with(first, func(r *Response) {
				r.Seq, r.State, r.Answers, r.Visitor, r.User = 6, survey.Shown, json.RawMessage(`{}`), "", ""
			})},
		"the time of birth never changes, to a later one":    {with(next(6), func(r *Response) { r.At = now.Add(time.Hour) }), next(6)},
		"the time of birth never changes, to an earlier one": {with(next(6), func(r *Response) { r.At = now.Add(-time.Hour) }), next(6)},
		"a live response may be found to be another class":   {with(next(6), func(r *Response) { r.Class = survey.ClassBot }), with(next(6), func(r *Response) { r.Class = survey.ClassBot })},
		"the channel never changes":                          {with(next(6), func(r *Response) { r.Channel = "api" }), next(6)},
	}
	s := newStore(t)
	for name, test := range tests {
		for _, batch := range []string{"in another batch", "in the same batch"} {
			t.Run(name+", "+batch, func(t *testing.T) {
				site := t.Name() // each has its own, in one database: opening one takes longer than the rest
				first, next, want := first, test.next, test.want
				first.Site, next.Site, want.Site = site, site, site
				if batch == "in the same batch" {
					save(t, s, first, next)
				} else {
					save(t, s, first)
					save(t, s, next)
				}
				if diff := cmp.Diff([]Response{want}, list(t, s, site, "s", 10)); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func TestIdOfAnotherResponseIsRefusedAlone(t *testing.T) {
	tests := map[string]func(*Response){
		"another survey":             func(r *Response) { r.Survey = "other" },
		"another version":            func(r *Response) { r.Version = 2 },
		"another survey, lower seq":  func(r *Response) { r.Survey, r.Seq = "other", 1 },
		"another version, same time": func(r *Response) { r.Version, r.Seq = 2, 9 },
		"another survey, other time": func(r *Response) { r.Survey, r.Seq, r.At = "other", 9, now.Add(time.Hour) },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			s := newStore(t)
			first := response("shop", "s", 1, func(r *Response) { r.Seq, r.Answers = 5, json.RawMessage(`{"nps":9}`) })
			save(t, s, first)
			stolen := first
			stolen.Seq, stolen.Answers = 6, json.RawMessage(`{"nps":0}`)
			change(&stolen)
			before, after := response("shop", "s", 2, nil), response("shop", "s", 3, nil)
			errs := errorsOf(s.SaveResponses(t.Context(), []Response{before, stolen, after}))
			if errs[0] != nil || errs[2] != nil {
				t.Errorf("its batch mates got the errors %v and %v", errs[0], errs[2])
			}
			wantCode(t, "the response with the id of another", errs[1], survey.Conflict)
			if diff := cmp.Diff([]Response{after, before, first}, list(t, s, "shop", "s", 10)); diff != "" {
				t.Error(diff)
			}
			if other := list(t, s, "shop", "other", 10); len(other) != 0 {
				t.Errorf("the other survey has %v", other)
			}
		})
	}
}

func TestSameIdOnAnotherSiteIsAnotherResponse(t *testing.T) {
	s := newStore(t)
	save(t, s, response("shop", "s", 1, answers(`{"nps":1}`)), response("blog", "s", 1, answers(`{"nps":2}`)))
	for site, want := range map[string]string{"shop": `{"nps":1}`, "blog": `{"nps":2}`} {
		if got := list(t, s, site, "s", 10); len(got) != 1 || string(got[0].Answers) != want {
			t.Errorf("%s has %v, want one response with %s", site, got, want)
		}
	}
}

func TestBatchThatCannotBeStoredFailsAsAWhole(t *testing.T) {
	s := newStore(t)
	s.Close()
	errs := errorsOf(s.SaveResponses(t.Context(), []Response{response("shop", "s", 1, nil), response("shop", "s", 2, nil)}))
	for i, err := range errs {
		var domain *survey.Error
		if err == nil || errors.As(err, &domain) {
			t.Errorf("response %d got %v, want an error of ours", i, err)
		}
	}
	if len(errs) != 2 {
		t.Errorf("there are %d errors, want 2", len(errs))
	}
}

func TestResponsesPageNewestFirst(t *testing.T) {
	s := newStore(t)
	var batch []Response
	for n := range 60 { // 20 times that 3 responses share, saved in no order
		batch = append(batch, response("shop", "s", n*37%60, func(r *Response) { r.At = now.Add(time.Duration(n%20) * time.Millisecond) }))
	}
	batch = append(batch, response("shop", "other", 100, nil), response("blog", "s", 101, nil))
	save(t, s, batch...)

	want := slices.Clone(batch[:60])
	slices.SortFunc(want, func(a, b Response) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		return strings.Compare(b.ID, a.ID)
	})
	for _, limit := range []int{1, 2, 3, 7, 59, 60, 61} {
		if diff := cmp.Diff(ids(want), ids(list(t, s, "shop", "s", limit))); diff != "" {
			t.Errorf("pages of %d: %s", limit, diff)
		}
	}
}

func TestLastPageHasNoCursor(t *testing.T) {
	s := newStore(t)
	save(t, s, response("shop", "s", 1, nil), response("shop", "s", 2, nil))
	for limit, wantNext := range map[int]bool{1: true, 2: false, 3: false} {
		_, next, err := s.Responses(t.Context(), "shop", "s", "", limit)
		if err != nil || (next != "") != wantNext {
			t.Errorf("the first %d of two have the next page %q (%v)", limit, next, err)
		}
	}
	if none, next, err := s.Responses(t.Context(), "shop", "nothing", "", 10); err != nil || none == nil || len(none) != 0 || next != "" {
		t.Errorf("no responses are %v, %q, %v, want an empty list", none, next, err)
	}
}

// A response that comes in while someone pages is newer than the page: it moves nothing.
func TestPagesDoNotShiftWhenResponsesArrive(t *testing.T) {
	s := newStore(t)
	for n := range 4 {
		save(t, s, response("shop", "s", n, nil))
	}
	first, next, err := s.Responses(t.Context(), "shop", "s", "", 2)
	if err != nil {
		t.Fatal(err)
	}
	save(t, s, response("shop", "s", 9, func(r *Response) { r.At = now.Add(time.Second) }))
	second, _, err := s.Responses(t.Context(), "shop", "s", next, 2)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for n := 3; n >= 0; n-- {
		want = append(want, response("", "", n, nil).ID)
	}
	if diff := cmp.Diff(want, ids(append(first, second...))); diff != "" {
		t.Error(diff)
	}
}

func TestCursorThatTheListDidNotReturnIsRefused(t *testing.T) {
	s := newStore(t)
	for _, cursor := range []string{"x", "1795300000000", ".", ".0197c5c0", "99999999999999999999.a", " 1.a", "1e3.a", "0x1.a"} {
		_, _, err := s.Responses(t.Context(), "shop", "s", cursor, 10)
		wantCode(t, cursor, err, survey.Invalid)
		if domain, is := err.(*survey.Error); is && (len(domain.Problems) != 1 || domain.Problems[0].Location != "query.cursor") {
			t.Errorf("%q: the problems are %v, want one at query.cursor", cursor, domain.Problems)
		}
	}
}
