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
	quota     int  // of survey a, 0 for none
	counted   bool // it has had one
	taken     int
}

// save takes one snapshot and returns the code of its refusal, "" for none.
func (m *model) save(r Response) survey.Code {
	old, known := m.responses[r.ID]
	switch {
	case !m.erased[r.ID].Before(m.now):
		return survey.Erased
	case !known:
		r.Class = m.admit(r, Response{})
		m.responses[r.ID] = r
	case old.Survey != r.Survey || old.Version != r.Version:
		return survey.Conflict
	case r.Seq > old.Seq:
		r.At, r.Channel = old.At, old.Channel
		if r.Class = m.admit(r, old); old.Class != survey.ClassLive {
			r.Class = old.Class
		}
		m.responses[r.ID] = r
	}
	return ""
}

// admit says of which class a snapshot is that replaces another one, and counts what it takes of the quota.
func (m *model) admit(r, old Response) survey.Class {
	switch again := old.ID != ""; {
	case again && old.Class != survey.ClassLive:
	case takes(old) && !takes(r):
		m.taken--
	case takes(r) && !takes(old) && m.quota > 0 && m.taken >= m.quota:
		return survey.ClassOverQuota
	case takes(r) && !takes(old):
		m.taken++
	}
	return r.Class
}

func takes(r Response) bool {
	return r.Survey == "a" && r.Class == survey.ClassLive && r.State == survey.Completed
}

// publish changes the quota. The first one counts what is stored; from then on nothing is forgotten.
func (m *model) publish(quota int) {
	if m.quota = quota; quota == 0 || m.counted {
		return
	}
	m.counted, m.taken = true, 0
	for _, r := range m.responses {
		if takes(r) {
			m.taken++
		}
	}
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

// Whatever is sent, in whatever order and batches, however often, with erasures, restarts and changes
// of a quota in between: after every step the store holds what the model holds.
func TestStoreEqualsItsModel(t *testing.T) {
	s := newStore(t)
	run := 0 // a site for each run of the property: opening a database for each takes longer
	rapid.Check(t, func(rt *rapid.T) {
		run++
		site := fmt.Sprint("site", run)
		m := &model{responses: map[string]Response{}, erased: map[string]time.Time{}, now: now}
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
			for i, err := range errorsOf(s.SaveResponses(t.Context(), batch)) {
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
			"publish": func(rt *rapid.T) {
				d := definition(t, "a")
				if m.publish(rapid.IntRange(0, 3).Draw(rt, "quota")); m.quota > 0 {
					d.Quota = &survey.Quota{Completed: m.quota}
				}
				etag := int64(0)
				if sv, err := s.Survey(t.Context(), site, "a"); err == nil {
					etag = sv.ETag
				}
				must(s.SaveDraft(t.Context(), site, d, etag))
				must(s.Publish(t.Context(), site, "a", 0, now))
				if full := must(s.FullSurveys(t.Context(), site)); full["a"] != (m.quota > 0 && m.taken >= m.quota) {
					rt.Fatalf("%d of %d are taken, and full says %v", m.taken, m.quota, full)
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
