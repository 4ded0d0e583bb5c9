package store

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/survey"
)

// always is a range that holds every response.
var always = [2]time.Time{time.UnixMilli(0), time.UnixMilli(1<<63 - 1)}

func distribution(t *testing.T, s *Store, question string, between [2]time.Time) map[int]int {
	t.Helper()
	return must(s.Distribution(t.Context(), "shop", "s", question, between[0], between[1]))
}

func TestDistributionCountsAnswers(t *testing.T) {
	s := newStore(t)
	n := 0
	add := func(answers string, change func(*Response)) {
		n++
		save(t, s, response("shop", "s", n, func(r *Response) {
			r.Answers = []byte(answers)
			if change != nil {
				change(r)
			}
		}))
	}
	add(`{"nps":10}`, nil)
	add(`{"nps":10,"why":"Quick"}`, nil)
	add(`{"nps":0}`, nil)
	add(`{"nps":-0}`, nil) // JSON has it, and it is 0
	add(`{"nps":9}`, func(r *Response) { r.State = survey.Partial })
	add(`{"nps":8}`, func(r *Response) { d := now; r.DismissedAt = &d })
	add(`{"nps":7}`, func(r *Response) { r.Version = 2 })
	// Nothing from here on is counted.
	add(`{}`, nil)
	add(`{"why":"skipped the score"}`, nil)
	add(`{"other":5}`, nil)
	for _, class := range []survey.Class{survey.ClassTest, survey.ClassBot, survey.ClassOverQuota} {
		add(`{"nps":5}`, func(r *Response) { r.Class = class })
	}
	add(`{"nps":5}`, func(r *Response) { r.Survey = "other" })
	add(`{"nps":5}`, func(r *Response) { r.Site = "blog" })

	want := map[int]int{10: 2, 0: 2, 9: 1, 8: 1, 7: 1}
	if diff := cmp.Diff(want, distribution(t, s, "nps", always)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[int]int{}, distribution(t, s, "nobody", always)); diff != "" {
		t.Error(diff)
	}
}

func TestDistributionCountsTheLastSnapshot(t *testing.T) {
	s := newStore(t)
	save(t, s, response("shop", "s", 1, answers(`{"nps":10}`)))
	save(t, s, response("shop", "s", 1, func(r *Response) { r.Seq, r.Answers = 2, []byte(`{"nps":3}`) }))
	save(t, s, response("shop", "s", 1, func(r *Response) { r.Seq, r.Answers = 1, []byte(`{"nps":7}`) }))
	if diff := cmp.Diff(map[int]int{3: 1}, distribution(t, s, "nps", always)); diff != "" {
		t.Error(diff)
	}
}

func TestDistributionIsFromIncludedToExcluded(t *testing.T) {
	s := newStore(t)
	at := func(ms int) time.Time { return now.Add(time.Duration(ms) * time.Millisecond) }
	for ms := range 5 {
		save(t, s, response("shop", "s", ms, func(r *Response) { r.At, r.Answers = at(ms), fmt.Appendf(nil, `{"nps":%d}`, ms) }))
	}
	tests := map[string]struct {
		from, to time.Time
		want     map[int]int
	}{
		"from is included, to is not": {at(1), at(3), map[int]int{1: 1, 2: 1}},
		"one millisecond":             {at(4), at(5), map[int]int{4: 1}},
		"an empty range":              {at(2), at(2), map[int]int{}},
		"a range the wrong way round": {at(3), at(1), map[int]int{}},
		"before all":                  {at(-9), at(0), map[int]int{}},
		"after all":                   {at(5), at(9), map[int]int{}},
		"no bounds":                   {always[0], always[1], map[int]int{0: 1, 1: 1, 2: 1, 3: 1, 4: 1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, distribution(t, s, "nps", [2]time.Time{test.from, test.to})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A question's id goes into a JSON path: digits must not be an index, nor a dash a minus.
func TestDistributionOfEveryKindOfId(t *testing.T) {
	s := newStore(t)
	for i, id := range []string{"0", "1", "007", "2nd-question", "a-b", "a_b", "9_", "null", "true", "a0"} {
		save(t, s, response("shop", "s", i, answers(fmt.Sprintf(`{"%s":%d}`, id, i))))
		if diff := cmp.Diff(map[int]int{i: 1}, distribution(t, s, id, always)); diff != "" {
			t.Errorf("%s: %s", id, diff)
		}
	}
}
