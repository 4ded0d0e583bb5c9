package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/survey"
)

func TestPutSite(t *testing.T) {
	s := newStore(t)
	shop := survey.Site{ID: "shop", Name: "Shop", Origins: []string{"https://shop.example"}, Timezone: "Europe/Warsaw"}
	renamed := shop
	renamed.Name = "The shop"
	steps := []struct {
		name string
		site survey.Site
		etag int64 // of If-Match
		want int64 // 0: refused as stale
	}{
		{"a site that is not there cannot be changed", shop, 1, 0},
		{"nor with an etag that nothing has", shop, -1, 0},
		{"a new site gets the first etag", shop, 0, 1},
		{"a site that is there is not new", renamed, 0, 0},
		{"an etag that nothing has is refused", renamed, -1, 0},
		{"an etag of the future is refused", renamed, 2, 0},
		{"a change grows the etag", renamed, 1, 2},
		{"an etag that was read before is refused", shop, 1, 0},
		{"the same content grows it too", renamed, 2, 3},
	}
	for _, step := range steps {
		before, _ := s.Site(t.Context(), "shop")
		etag, err := s.PutSite(t.Context(), step.site, step.etag)
		after, _ := s.Site(t.Context(), "shop")
		if step.want == 0 {
			wantCode(t, step.name, err, survey.Stale)
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("%s, but it changed: %s", step.name, diff)
			}
			continue
		}
		if err != nil || etag != step.want {
			t.Errorf("%s: got etag %d and %v, want %d", step.name, etag, err, step.want)
		}
		if diff := cmp.Diff(&Site{step.site, step.want}, after); diff != "" {
			t.Errorf("%s: %s", step.name, diff)
		}
	}
}

func TestSitesAreInOrder(t *testing.T) {
	s := newStore(t)
	if sites := must(s.Sites(t.Context())); sites == nil || len(sites) != 0 {
		t.Errorf("a new database has the sites %v, want an empty list", sites)
	}
	for _, id := range []string{"b", "c", "a"} {
		must(s.PutSite(t.Context(), survey.Site{ID: id}, 0))
	}
	var ids []string
	for _, site := range must(s.Sites(t.Context())) {
		ids = append(ids, site.ID)
	}
	if diff := cmp.Diff([]string{"a", "b", "c"}, ids); diff != "" {
		t.Error(diff)
	}
}

func TestSiteThatIsNotThereIsNotFound(t *testing.T) {
	_, err := newStore(t).Site(t.Context(), "nowhere")
	wantCode(t, "a site that is not there", err, survey.NotFound)
}
