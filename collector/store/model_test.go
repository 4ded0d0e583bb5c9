package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/askwell/askwell/collector/survey"
)

// model is what the store promises, in as few lines as it can be said.
type model struct {
	responses map[string]Response
	erased    map[string]time.Time // until when an id is refused
	now       time.Time
}

// save takes one snapshot and returns the code of its refusal, "" for none.
func (m *model) save(r Response) survey.Code {
	old, known := m.responses[r.ID]
	switch {
	case !m.erased[r.ID].Before(m.now):
		return survey.Erased
	case !known:
		m.responses[r.ID] = r
	case old.Survey != r.Survey || old.Version != r.Version:
		return survey.Conflict
	case r.Seq > old.Seq:
		r.At, r.Channel = old.At, old.Channel
		if old.Class != survey.ClassLive {
			r.Class = old.Class
		}
		m.responses[r.ID] = r
	}
	return ""
}

func (m *model) erase(p Person) (n int) {
	for id, r := range m.responses {
		if p.User != "" && r.User == p.User || p.Visitor != "" && r.Visitor == p.Visitor {
			delete(m.responses, id)
			m.erased[id] = m.now.Add(erasedFor)
			n++
		}
	}
	return n
}

// stored is everything that the model holds of a site, in the order of the lists.
func (m *model) stored(surveyID string) []Response {
	all := []Response{}
	for _, r := range m.responses {
		if r.Survey == surveyID {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b Response) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		return strings.Compare(b.ID, a.ID)
	})
	return all
}

// Whatever is sent, in whatever order and batches, however often, with erasures and restarts in
// between: after every step the store holds what the model holds.
func TestStoreEqualsItsModel(t *testing.T) {
	s := newStore(t)
	run := 0 // a site for each run of the property: opening a database for each takes longer
	rapid.Check(t, func(rt *rapid.T) {
		run++
		site := fmt.Sprint("site", run)
		m := &model{map[string]Response{}, map[string]time.Time{}, now}
		var sent []Response
		snapshot := rapid.Custom(func(t *rapid.T) Response {
			return response(site, rapid.SampledFrom([]string{"a", "a", "a", "b"}).Draw(t, "survey"), rapid.IntRange(1, 4).Draw(t, "id"), func(r *Response) {
				r.Version, r.Seq = rapid.SampledFrom([]int{1, 1, 1, 2}).Draw(t, "version"), rapid.IntRange(1, 5).Draw(t, "seq")
				r.At = now.Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "hour")) * time.Hour)
				r.State, r.Class = rapid.SampledFrom(survey.States).Draw(t, "state"), rapid.SampledFrom(survey.Classes).Draw(t, "class")
				r.User, r.Visitor = rapid.SampledFrom([]string{"", "u1", "u2"}).Draw(t, "user"), rapid.SampledFrom([]string{"", "v1", "v2"}).Draw(t, "visitor")
				r.Answers = fmt.Appendf(nil, `{"nps":%d}`, rapid.IntRange(0, 10).Draw(t, "nps"))
			})
		})
		save := func(rt *rapid.T, batch []Response) {
			sent = append(sent, batch...)
			for i, err := range s.SaveResponses(t.Context(), batch) {
				var refused *survey.Error
				if err != nil && !errors.As(err, &refused) {
					rt.Fatal(err)
				}
				got := survey.Code("")
				if refused != nil {
					got = refused.Code
				}
				if want := m.save(batch[i]); got != want {
					rt.Fatalf("%s seq %d: refused as %q, want %q", batch[i].ID, batch[i].Seq, got, want)
				}
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"send": func(rt *rapid.T) { save(rt, rapid.SliceOfN(snapshot, 1, 6).Draw(rt, "batch")) },
			"repeat": func(rt *rapid.T) {
				if len(sent) == 0 {
					rt.Skip("nothing was sent")
				}
				save(rt, rapid.SliceOfN(rapid.SampledFrom(sent), 1, 6).Draw(rt, "batch"))
			},
			"erase": func(rt *rapid.T) {
				p := rapid.SampledFrom([]Person{{User: "u1"}, {User: "u2"}, {Visitor: "v1"}, {Visitor: "v2"}}).Draw(rt, "person")
				if got, want := must(s.Erase(t.Context(), site, p, m.now)), m.erase(p); got != want {
					rt.Fatalf("%v: erased %d, want %d", p, got, want)
				}
			},
			"restart": func(rt *rapid.T) {
				if rapid.IntRange(0, 4).Draw(rt, "one in five: it takes the longest") == 0 {
					s = reopen(t, s)
				}
			},
			"wait": func(rt *rapid.T) {
				m.now = m.now.Add(rapid.SampledFrom([]time.Duration{time.Hour, 20 * 24 * time.Hour}).Draw(rt, "time"))
				if err := s.ForgetErased(t.Context(), m.now); err != nil {
					rt.Fatal(err)
				}
			},
			"": func(rt *rapid.T) {
				for _, id := range []string{"a", "b"} {
					if diff := cmp.Diff(m.stored(id), append([]Response{}, list(t, s, site, id, 3)...)); diff != "" {
						rt.Fatal(diff)
					}
				}
			},
		})
	})
}
