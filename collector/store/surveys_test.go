package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/survey"
)

// definition is a survey of one NPS question called nps, with more questions as JSON.
func definition(t *testing.T, id string, more ...string) *survey.Definition {
	t.Helper()
	body := `{"id": "` + id + `", "name": "S", "languages": ["en"], "questions": [{"id": "nps", "type": "nps", "title": "N"}`
	for _, q := range more {
		body += "," + q
	}
	return parse(t, body+`]}`)
}

func parse(t *testing.T, body string) *survey.Definition {
	t.Helper()
	d, err := survey.ParseDefinition([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

const (
	why    = `{"id": "why", "type": "text", "title": "W"}`
	sat5   = `{"id": "sat", "type": "csat", "title": "S"}`
	sat7   = `{"id": "sat", "type": "csat", "title": "S", "points": 7}`
	satNPS = `{"id": "sat", "type": "nps", "title": "S"}`
)

// hashes compares surveys by what their definitions say.
var hashes = cmp.Transformer("Hash", (*survey.Definition).Hash)

func TestSaveDraft(t *testing.T) {
	s := newStore(t)
	first, second := definition(t, "s"), definition(t, "s", why)
	steps := []struct {
		name string
		d    *survey.Definition
		etag int64
		want *Survey // nil: refused as stale
	}{
		{"a survey that is not there cannot be changed", first, 1, nil},
		{"nor with an etag that nothing has", first, -1, nil},
		{"a new survey is a draft", first, 0, &Survey{survey.Draft, 0, first, 1}},
		{"a survey that is there is not new", second, 0, nil},
		{"an etag that nothing has is refused", second, -1, nil},
		{"a change grows the etag", second, 1, &Survey{survey.Draft, 0, second, 2}},
		{"an etag that was read before is refused", first, 1, nil},
	}
	for _, step := range steps {
		before, _ := s.Survey(t.Context(), "shop", "s")
		got, err := s.SaveDraft(t.Context(), "shop", step.d, step.etag)
		stored, _ := s.Survey(t.Context(), "shop", "s")
		if step.want == nil {
			wantCode(t, step.name, err, survey.Stale)
			if diff := cmp.Diff(before, stored, hashes); diff != "" {
				t.Errorf("%s, but it changed: %s", step.name, diff)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", step.name, err)
		}
		if diff := cmp.Diff(step.want, got, hashes); diff != "" {
			t.Errorf("%s, returned: %s", step.name, diff)
		}
		if diff := cmp.Diff(step.want, stored, hashes); diff != "" {
			t.Errorf("%s, stored: %s", step.name, diff)
		}
	}
}

func TestPublish(t *testing.T) {
	s := newStore(t)
	later := now.Add(time.Hour)
	first, second := definition(t, "s"), definition(t, "s", why)
	draft := func(d *survey.Definition, etag int64) { must(s.SaveDraft(t.Context(), "shop", d, etag)) }
	publish := func(name string, etag int64, at time.Time, want Survey) {
		t.Helper()
		got, err := s.Publish(t.Context(), "shop", "s", etag, at)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(&want, got, hashes); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	draft(first, 0)
	publish("the first version is 1", 1, now, Survey{survey.Live, 1, first, 2})
	publish("the same content makes no version", 2, later, Survey{survey.Live, 1, first, 3})
	draft(second, 3)
	if got := must(s.Survey(t.Context(), "shop", "s")); got.LiveVersion != 1 || got.Status != survey.Live {
		t.Errorf("a draft changed what is live: %s, version %d", got.Status, got.LiveVersion)
	}
	publish("a change makes the next version; without an etag it is not asked for", 0, later, Survey{survey.Live, 2, second, 5})
	draft(first, 5)
	publish("what an earlier version said makes a new one too", 6, later, Survey{survey.Live, 3, first, 7})

	_, err := s.Publish(t.Context(), "shop", "s", 6, later)
	wantCode(t, "an etag that was read before is refused", err, survey.Stale)

	want := []Version{{"s", 1, first, now}, {"s", 2, second, later}, {"s", 3, first, later}}
	if diff := cmp.Diff(want, must(s.Versions(t.Context(), "shop")), hashes); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]*survey.Definition{first, second, first}, must(s.Definitions(t.Context(), "shop", "s")), hashes); diff != "" {
		t.Error(diff)
	}
}

func TestDraftSavedAndPublishedAgainIsTheSameVersion(t *testing.T) {
	s := newStore(t)
	must(s.SaveDraft(t.Context(), "shop", definition(t, "s"), 0))
	must(s.Publish(t.Context(), "shop", "s", 0, now))
	must(s.SaveDraft(t.Context(), "shop", definition(t, "s"), 2))
	if got := must(s.Publish(t.Context(), "shop", "s", 0, now)); got.LiveVersion != 1 {
		t.Errorf("publishing the same content made version %d", got.LiveVersion)
	}
}

func TestSetStatus(t *testing.T) {
	s := newStore(t)
	set := func(status survey.Status) (*Survey, error) { return s.SetStatus(t.Context(), "shop", "s", status) }
	_, err := set(survey.Paused)
	wantCode(t, "a survey there is not cannot be paused", err, survey.NotFound)

	d := definition(t, "s")
	must(s.SaveDraft(t.Context(), "shop", d, 0))
	_, err = set(survey.Live)
	wantCode(t, "a survey never published cannot go live", err, survey.Conflict)
	_, err = set(survey.Ended)
	wantCode(t, "a survey never published cannot end", err, survey.Conflict)
	if got := must(s.Survey(t.Context(), "shop", "s")); got.Status != survey.Draft || got.ETag != 1 {
		t.Errorf("what was refused changed the survey: %s, etag %d", got.Status, got.ETag)
	}

	must(s.Publish(t.Context(), "shop", "s", 0, now))
	for i, status := range []survey.Status{survey.Paused, survey.Live, survey.Ended, survey.Live} {
		want := &Survey{status, 1, d, int64(3 + i)} // each change grows the etag
		if diff := cmp.Diff(want, must(set(status)), hashes); diff != "" {
			t.Error(diff)
		}
	}
	must(set(survey.Paused))
	if got := must(s.Publish(t.Context(), "shop", "s", 0, now)); got.Status != survey.Live || got.LiveVersion != 1 {
		t.Errorf("a paused survey was published: it is %s, version %d, want live, version 1", got.Status, got.LiveVersion)
	}
}

func TestPublishedQuestionKeepsItsTypeAndScale(t *testing.T) {
	tests := map[string]struct {
		published []string // one version each
		next      string
		location  string // "" where it is accepted
	}{
		"the same scale is accepted":              {[]string{sat5}, sat5, ""},
		"another scale is refused":                {[]string{sat5}, sat7, "questions[1].points"},
		"another type is refused":                 {[]string{sat5}, satNPS, "questions[1].type"},
		"a question that was gone for a version":  {[]string{sat5, why}, sat7, "questions[1].points"},
		"a question that only the first had":      {[]string{sat5, why, why}, satNPS, "questions[1].type"},
		"a question that is gone leaves no trace": {[]string{sat5, why}, why, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newStore(t)
			etag := int64(0)
			for _, q := range test.published {
				must(s.SaveDraft(t.Context(), "shop", definition(t, "s", q), etag))
				etag = must(s.Publish(t.Context(), "shop", "s", 0, now)).ETag
			}
			_, err := s.SaveDraft(t.Context(), "shop", definition(t, "s", test.next), etag)
			if test.location == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantCode(t, "the draft", err, survey.Invalid)
			if domain, is := err.(*survey.Error); is && (len(domain.Problems) != 1 || domain.Problems[0].Location != test.location) {
				t.Errorf("the problems are %v, want one at %s", domain.Problems, test.location)
			}
			if got := must(s.Survey(t.Context(), "shop", "s")); got.ETag != etag {
				t.Error("what was refused changed the survey")
			}
		})
	}
}

func TestDraftNeverPublishedMayChangeItsTypes(t *testing.T) {
	s := newStore(t)
	must(s.SaveDraft(t.Context(), "shop", definition(t, "s", sat5), 0))
	must(s.SaveDraft(t.Context(), "shop", definition(t, "s", satNPS), 1))
}

func TestSurveysOfOneSiteAreNotOfAnother(t *testing.T) {
	s := newStore(t)
	for i, site := range []string{"shop", "blog"} {
		for _, id := range []string{"b", "a"} {
			d := definition(t, id)
			d.Name = fmt.Sprint(site, i)
			must(s.SaveDraft(t.Context(), site, d, 0))
		}
	}
	must(s.Publish(t.Context(), "blog", "a", 0, now))
	var got []string
	for _, sv := range must(s.Surveys(t.Context(), "shop")) {
		got = append(got, fmt.Sprintf("%s %s %s", sv.Draft.ID, sv.Draft.Name, sv.Status))
	}
	if diff := cmp.Diff([]string{"a shop0 draft", "b shop0 draft"}, got); diff != "" {
		t.Error(diff)
	}
	if versions := must(s.Versions(t.Context(), "shop")); len(versions) != 0 {
		t.Errorf("the shop has the versions %v, want none", versions)
	}
	if none := must(s.Surveys(t.Context(), "nowhere")); none == nil || len(none) != 0 {
		t.Errorf("a site without surveys has %v, want an empty list", none)
	}
}

func TestSurveyThatIsNotThereIsNotFound(t *testing.T) {
	s := newStore(t)
	must(s.SaveDraft(t.Context(), "shop", definition(t, "s"), 0))
	for name, find := range map[string]func(context.Context) (*Survey, error){
		"survey":            func(ctx context.Context) (*Survey, error) { return s.Survey(ctx, "shop", "x") },
		"survey of another": func(ctx context.Context) (*Survey, error) { return s.Survey(ctx, "blog", "s") },
		"publish":           func(ctx context.Context) (*Survey, error) { return s.Publish(ctx, "shop", "x", 0, now) },
	} {
		_, err := find(t.Context())
		wantCode(t, name, err, survey.NotFound)
	}
}
