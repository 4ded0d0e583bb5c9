package store

import (
	"maps"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/askwell/askwell/collector/survey"
)

// withQuota publishes a version of survey s of the shop with a quota, 0 for none.
func withQuota(t *testing.T, s *Store, quota int) {
	t.Helper()
	d := definition(t, "s")
	if d.Quota = nil; quota > 0 {
		d.Quota = &survey.Quota{Completed: quota}
	}
	etag := int64(0)
	if _, err := s.Site(t.Context(), "shop"); err != nil {
		must(s.PutSite(t.Context(), survey.Site{ID: "shop", Name: "Shop", Origins: []string{"https://shop.example"}}, 0))
	}
	if sv, err := s.Survey(t.Context(), "shop", "s"); err == nil {
		etag = sv.ETag
	}
	must(s.SaveDraft(t.Context(), "shop", d, etag))
	must(s.Publish(t.Context(), "shop", "s", 0, now))
}

// answered makes a completed live response; each change is made on it.
func answered(n int, changes ...func(*Response)) Response {
	return response("shop", "s", n, func(r *Response) {
		r.Seq, r.State, r.Class, r.User = 1, survey.Completed, survey.ClassLive, "u"
		for _, change := range changes {
			change(r)
		}
	})
}

func withSeq(n int) func(*Response)           { return func(r *Response) { r.Seq = n } }
func inState(of survey.State) func(*Response) { return func(r *Response) { r.State = of } }
func ofClass(of survey.Class) func(*Response) { return func(r *Response) { r.Class = of } }
func ofVersion(of int) func(*Response)        { return func(r *Response) { r.Version = of } }

// send saves one response, and says as what it is stored.
func send(t *testing.T, s *Store, r Response) Saved {
	t.Helper()
	saved := s.SaveResponses(t.Context(), []Response{r})[0]
	for _, stored := range list(t, s, "shop", "s", 1000) {
		if stored.ID == r.ID && stored.Class != saved.Class {
			t.Errorf("%s is stored as %s, and said to be %s", r.ID, stored.Class, saved.Class)
		}
	}
	return saved
}

func TestQuota(t *testing.T) {
	sent := func(r Response, want survey.Class) func(*testing.T, *Store) {
		return func(t *testing.T, s *Store) {
			t.Helper()
			if got := send(t, s, r); got.Err != nil || got.Class != want {
				t.Errorf("%s seq %d: got %v, want class %s", r.ID, r.Seq, got, want)
			}
		}
	}
	take := func(n int) func(*testing.T, *Store) { return sent(answered(n), survey.ClassLive) }
	over := func(n int) func(*testing.T, *Store) { return sent(answered(n), survey.ClassOverQuota) }
	publish := func(quota int) func(*testing.T, *Store) {
		return func(t *testing.T, s *Store) { withQuota(t, s, quota) }
	}
	// Each begins with a quota of two that nobody has taken of.
	for name, steps := range map[string][]func(*testing.T, *Store){
		"the third is over it":                        {take(1), take(2), over(3), over(4)},
		"the same again takes once":                   {take(1), take(1), take(1), take(2), over(3)},
		"a later snapshot of one that took":           {take(1), take(2), sent(answered(1, withSeq(2)), survey.ClassLive), over(3)},
		"a repeat of one that is over it":             {take(1), take(2), over(3), over(3), sent(answered(3, withSeq(2)), survey.ClassOverQuota)},
		"shown and partial take nothing":              {sent(answered(1, inState(survey.Shown)), survey.ClassLive), sent(answered(2, inState(survey.Partial)), survey.ClassLive), take(3), take(4), over(5)},
		"a partial one that is completed too late":    {sent(answered(1, inState(survey.Partial)), survey.ClassLive), take(2), take(3), sent(answered(1, withSeq(2)), survey.ClassOverQuota)},
		"a partial one that is completed in time":     {sent(answered(1, inState(survey.Partial)), survey.ClassLive), take(2), sent(answered(1, withSeq(2)), survey.ClassLive), over(3)},
		"partial ones go on when it is full":          {take(1), take(2), sent(answered(3, inState(survey.Partial)), survey.ClassLive)},
		"tests and bots take nothing":                 {sent(answered(1, ofClass(survey.ClassTest)), survey.ClassTest), sent(answered(2, ofClass(survey.ClassBot)), survey.ClassBot), take(3), take(4), sent(answered(5, ofClass(survey.ClassBot)), survey.ClassBot), over(6)},
		"a bot that calls itself a person later":      {sent(answered(1, ofClass(survey.ClassBot)), survey.ClassBot), sent(answered(1, withSeq(2)), survey.ClassBot), take(2), take(3), over(4)},
		"a person that turns out to be a bot":         {take(1), take(2), sent(answered(1, withSeq(2), ofClass(survey.ClassBot)), survey.ClassBot), take(3), over(4)},
		"one that is not completed any more":          {take(1), take(2), sent(answered(1, withSeq(2), inState(survey.Partial)), survey.ClassLive), take(3), sent(answered(1, withSeq(3)), survey.ClassOverQuota)},
		"an older snapshot that comes late":           {sent(answered(1, withSeq(5), inState(survey.Partial)), survey.ClassLive), take(1), take(2), take(3), over(4)},
		"a response to an earlier version":            {publish(3), take(1), sent(answered(2, ofVersion(2)), survey.ClassLive), take(3), over(4), sent(answered(5, ofVersion(2)), survey.ClassOverQuota)},
		"a larger quota takes more":                   {take(1), take(2), over(3), publish(4), take(4), take(5), over(6), over(3)},
		"a smaller one takes no more":                 {take(1), take(2), publish(1), over(3)},
		"none takes any number, and goes on counting": {take(1), publish(0), take(2), take(3), take(4), publish(5), take(5), over(6)},
		"another survey has its own": {take(1), take(2), func(t *testing.T, s *Store) {
			save(t, s, response("shop", "other", 90, nil), response("blog", "s", 91, nil))
		}},
		"an erasure does not open it": {take(1), take(2), func(t *testing.T, s *Store) { must(s.Erase(t.Context(), "shop", Person{User: "u"}, now)) }, over(3)},
		"a restart forgets nothing":   {take(1), func(t *testing.T, s *Store) { s.hasQuotas.Store(false); must(0, s.loadQuotas(t.Context())) }, take(2), over(3)},
		"neither the one nor the other in one batch": {func(t *testing.T, s *Store) {
			live := 0
			for _, saved := range s.SaveResponses(t.Context(), []Response{answered(1), answered(1, withSeq(2)), answered(2), answered(3), answered(4), answered(2, withSeq(2))}) {
				if saved.Class == survey.ClassLive {
					live++
				}
			}
			if live != 4 {
				t.Errorf("%d snapshots of two responses are live, want 4", live)
			}
		}, over(5)},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "askwell.db")
			s := openAt(t, path)
			withQuota(t, s, 2)
			for _, step := range steps {
				step(t, s)
			}
			var out strings.Builder
			if _, err := Verify(t.Context(), path, &out, nil); err != nil || strings.Contains(out.String(), "quota is") || strings.Contains(out.String(), "of its quota") {
				t.Errorf("%v\n%s", err, out.String())
			}
		})
	}
}

func TestFirstQuotaCountsWhatIsStored(t *testing.T) {
	s := newStore(t)
	withQuota(t, s, 0)
	save(t, s, answered(1), answered(2), answered(3, inState(survey.Partial)), answered(4, ofClass(survey.ClassBot)))
	withQuota(t, s, 3)
	if got := send(t, s, answered(5)); got.Class != survey.ClassLive || !got.Filled {
		t.Errorf("the third: %v", got)
	}
	if got := send(t, s, answered(6)); got.Class != survey.ClassOverQuota || got.Filled {
		t.Errorf("the fourth: %v", got)
	}
	s = reopen(t, s)
	if got := send(t, s, answered(7)); got.Class != survey.ClassOverQuota {
		t.Errorf("after a restart: %v", got)
	}
}

func TestFullSurveys(t *testing.T) {
	s := newStore(t)
	withQuota(t, s, 2)
	check := func(when string, want ...string) {
		t.Helper()
		got, wanted := must(s.FullSurveys(t.Context(), "shop")), map[string]bool{}
		for _, id := range want {
			wanted[id] = true
		}
		if !maps.Equal(got, wanted) {
			t.Errorf("%s: got %v, want %v", when, got, wanted)
		}
	}
	save(t, s, answered(1))
	check("one of two")
	save(t, s, answered(2))
	check("two of two", "s")
	must(s.SetStatus(t.Context(), "shop", "s", survey.Paused))
	check("paused")
	must(s.SetStatus(t.Context(), "shop", "s", survey.Live))
	withQuota(t, s, 3)
	check("two of three")
	withQuota(t, s, 1)
	check("two of one", "s")
	withQuota(t, s, 0)
	check("without a quota")
	if got := must(s.FullSurveys(t.Context(), "blog")); len(got) != 0 {
		t.Errorf("another site: %v", got)
	}
}

// The race is between transactions, and with the one that publishes the quota.
func TestQuotaIsExactWhileItIsPublished(t *testing.T) {
	s := newStore(t)
	withQuota(t, s, 0)
	var senders sync.WaitGroup
	for g := range 4 {
		senders.Go(func() {
			for n := range 50 {
				if err := s.SaveResponses(t.Context(), []Response{answered(g*50 + n)})[0].Err; err != nil {
					t.Error(err)
				}
			}
		})
	}
	withQuota(t, s, 120)
	senders.Wait()
	live := 0
	for _, r := range list(t, s, "shop", "s", 1000) {
		if r.Class == survey.ClassLive {
			live++
		}
	}
	if live != 120 {
		t.Errorf("%d are live, want 120", live)
	}
}

func TestVerifyNamesAWrongQuota(t *testing.T) {
	for name, test := range map[string]struct{ change, want string }{
		"too few taken":       {"UPDATE quotas SET taken = 1", "problem     survey shop/s: 1 of its quota are taken, and 2 responses that took of it are stored"},
		"another limit":       {"UPDATE quotas SET completed = 7", "problem     survey shop/s: its quota is kept as 7, and its live version says 5 (0: none)"},
		"none":                {"DELETE FROM quotas", "problem     survey shop/s: its quota is kept as 0, and its live version says 5 (0: none)"},
		"more, after erasure": {"DELETE FROM responses", "quotas      1\n"},
		"as it is":            {"SELECT 1", "quotas      1\n"},
		"an older database":   {"DROP TABLE quotas", "quotas      none"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "askwell.db")
			s := openAt(t, path)
			withQuota(t, s, 5)
			save(t, s, answered(1), answered(2))
			s.Close()
			change(t, path, test.change)
			var out strings.Builder
			if _, err := Verify(t.Context(), path, &out, nil); err != nil || !strings.Contains(out.String(), test.want) {
				t.Errorf("%v: no %q in\n%s", err, test.want, out.String())
			}
			if says := strings.Contains(out.String(), "problem     survey shop/s: "); says != strings.HasPrefix(test.want, "problem") {
				t.Error(out.String())
			}
		})
	}
}
