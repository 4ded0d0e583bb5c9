package catalog

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

var now = time.UnixMilli(1_795_300_000_000)

// stored is a database in which the site shop has the published survey s, in its version 1.
func stored(t *testing.T) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "askwell.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	shop := survey.Site{ID: "shop", Name: "Shop", Origins: []string{"https://shop.example"}}
	if _, err := st.PutSite(t.Context(), shop, 0); err != nil {
		t.Fatal(err)
	}
	publish(t, st, definition(t, "s", `[`+timer+`]`))
	return st
}

func publish(t *testing.T, st *store.Store, d *survey.Definition) {
	t.Helper()
	etag := int64(0)
	if sv, err := st.Survey(t.Context(), "shop", d.ID); err == nil {
		etag = sv.ETag
	}
	if _, err := st.SaveDraft(t.Context(), "shop", d, etag); err != nil {
		t.Fatal(err)
	}
	if _, err := st.Publish(t.Context(), "shop", d.ID, 0, now); err != nil {
		t.Fatal(err)
	}
}

func load(t *testing.T, st *store.Store, dist fstest.MapFS) *Catalog {
	t.Helper()
	c, err := New(t.Context(), st, NewScripts(dist))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func site(t *testing.T, c *Catalog) *Site {
	t.Helper()
	s, err := c.Site("shop")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// latest is the name of the English late part of the site's one live survey.
func latest(t *testing.T, c *Catalog) string {
	t.Helper()
	var config Config
	if err := json.Unmarshal(site(t, c).Config.Body, &config); err != nil {
		t.Fatal(err)
	}
	return config.Surveys[0].Faces["en"]
}

func TestCatalogHasWhatIsStored(t *testing.T) {
	c := load(t, stored(t), built())
	s := site(t, c)
	if !s.Allows("https://shop.example") {
		t.Error("the site does not allow its origin")
	}
	if d, err := s.Version("s", 1); err != nil || d.ID != "s" {
		t.Errorf("version 1 of s is %v (%v)", d, err)
	}
	part, err := c.Late(latest(t, c))
	if err != nil {
		t.Fatal(err)
	}
	if newAsset(part.Type, part.Body).Name != latest(t, c) {
		t.Error("the late part is not the file that the configuration names")
	}
}

func TestWhatTheCatalogHasNotIsNotFound(t *testing.T) {
	c := load(t, stored(t), built())
	_, noSite := c.Site("nowhere")
	_, noSurvey := site(t, c).Version("x", 1)
	_, noVersion := site(t, c).Version("s", 2)
	_, zero := site(t, c).Version("s", 0)
	_, noLate := c.Late("AAAA")
	for what, test := range map[string]struct {
		err  error
		want string
	}{
		"a site":    {noSite, `there is no site "nowhere"`},
		"a survey":  {noSurvey, `there is no published survey "x" on site "shop"; survey: there is no published survey "x" on site "shop"`},
		"a version": {noVersion, `the survey "s" has no version 2; version: the survey "s" has no version 2`},
		"version 0": {zero, `the survey "s" has no version 0; version: the survey "s" has no version 0`},
		"a file":    {noLate, "there is no file of this name"},
	} {
		var domain *survey.Error
		if !errors.As(test.err, &domain) || domain.Code != survey.NotFound || domain.Error() != test.want {
			t.Errorf("%s: got %v, want not_found: %s", what, test.err, test.want)
		}
	}
}

func TestReloadShowsTheChangeAndKeepsOldParts(t *testing.T) {
	st := stored(t)
	c := load(t, st, built())
	before, old := site(t, c), latest(t, c)
	publish(t, st, definition(t, "s", `[`+exit+`]`))
	if site(t, c).Script.Name != before.Script.Name {
		t.Error("the site changed without a Reload")
	}
	if err := c.Reload(t.Context(), "shop"); err != nil {
		t.Fatal(err)
	}
	if site(t, c).Script.Name == before.Script.Name {
		t.Error("the site's script is the same after another version was published")
	}
	for _, version := range []int{1, 2} { // answers to both are accepted
		if _, err := site(t, c).Version("s", version); err != nil {
			t.Error(err)
		}
	}
	for what, name := range map[string]string{"old": old, "new": latest(t, c)} {
		if _, err := c.Late(name); err != nil {
			t.Errorf("the %s late part: %v", what, err)
		}
	}
	// A page that was loaded just before a restart asks for the part of the version before.
	if _, err := load(t, st, built()).Late(old); err != nil {
		t.Errorf("after a restart: %v", err)
	}
}

func TestOnlyLiveSurveysAreOffered(t *testing.T) {
	st := stored(t)
	draft := definition(t, "draft", `[`+cart+`]`)
	if _, err := st.SaveDraft(t.Context(), "shop", draft, 0); err != nil {
		t.Fatal(err)
	}
	for _, status := range []survey.Status{survey.Paused, survey.Ended} {
		if _, err := st.SetStatus(t.Context(), "shop", "s", status); err != nil {
			t.Fatal(err)
		}
		s := site(t, load(t, st, built()))
		if got, want := string(s.Config.Body), `{"site":"shop","surveys":[]}`; got != want {
			t.Errorf("a survey is %s: got %s, want %s", status, got, want)
		}
		if _, err := s.Version("s", 1); err != nil {
			t.Errorf("a survey is %s, but answers to it are still accepted: %v", status, err)
		}
	}
}

// What is offered is the published version, whatever its draft says since.
func TestDraftIsNotOffered(t *testing.T) {
	st := stored(t)
	before := site(t, load(t, st, built()))
	sv, err := st.Survey(t.Context(), "shop", "s")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.SaveDraft(t.Context(), "shop", definition(t, "s", `[`+cart+`]`), sv.ETag); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(before.Config.Body), string(site(t, load(t, st, built())).Config.Body)); diff != "" {
		t.Error(diff)
	}
}

func TestCatalogWithoutBuiltScriptsStillChecksAnswers(t *testing.T) {
	s := site(t, load(t, stored(t), fstest.MapFS{}))
	if s.Config != nil || s.Script != nil {
		t.Error("there are scripts, though none were built")
	}
	if _, err := s.Version("s", 1); err != nil {
		t.Error(err)
	}
}

// For the race detector: pages are served while sites are reloaded.
func TestCatalogIsSafeForConcurrentUse(t *testing.T) {
	c := load(t, stored(t), built())
	name := latest(t, c)
	var writers, readers sync.WaitGroup
	var reloaded atomic.Bool
	for range 2 {
		writers.Go(func() {
			for range 3 {
				if err := c.Reload(t.Context(), "shop"); err != nil {
					t.Error(err)
				}
			}
		})
		readers.Go(func() {
			for !reloaded.Load() {
				if s, err := c.Site("shop"); err != nil || s.Script == nil {
					t.Errorf("the site is %v (%v)", s, err)
				}
			}
		})
		readers.Go(func() {
			for !reloaded.Load() {
				if _, err := c.Late(name); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	reloaded.Store(true)
	readers.Wait()
}
