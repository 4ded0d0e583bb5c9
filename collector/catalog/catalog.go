// Package catalog holds in memory what pages need of each site: the origins it allows, the
// published versions that answers are checked against, and the scripts that it is served. It is
// loaded from the store, and renewed when a site changes.
package catalog

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

// Catalog is safe for concurrent use.
type Catalog struct {
	store   *store.Store
	scripts *Scripts

	loading sync.Mutex // one load at a time, so that an older one cannot overwrite a newer
	mu      sync.RWMutex
	sites   map[string]*Site
	late    map[string]*Asset

	previews []*Asset // the newest last
	fixed    map[string]*Asset
}

// Site is one site, as of its last change.
type Site struct {
	survey.Site
	Config, Script *Asset // nil where the scripts are not built
	Secret         []byte // signs its users; nil where it has none
	HasQuota       bool   // a live survey has one, so pages must hear soon that it is used up

	versions map[string]map[int]*survey.Definition
	live     map[string]*survey.Definition
	offered  []Published // as live, with their versions
	full     []string    // ids of those that are offered no more
}

// Live finds the definition of a survey that visitors are offered.
func (s *Site) Live(id string) (*survey.Definition, error) {
	if d, ok := s.live[id]; ok {
		return d, nil
	}
	return nil, notFound("survey", "there is no live survey %q on site %q", id, s.ID)
}

// Version finds a published version of a survey.
func (s *Site) Version(id string, version int) (*survey.Definition, *survey.Error) {
	versions, ok := s.versions[id]
	if !ok {
		return nil, notFound("survey", "there is no published survey %q on site %q", id, s.ID)
	}
	d, ok := versions[version]
	if !ok {
		return nil, notFound("version", "the survey %q has no version %d", id, version)
	}
	return d, nil
}

// Newest is the latest published version of a survey, whether visitors are offered it or not.
func (s *Site) Newest(id string) (int, *survey.Error) {
	versions, ok := s.versions[id]
	if !ok {
		return 0, notFound("survey", "there is no published survey %q on site %q", id, s.ID)
	}
	return slices.Max(slices.Collect(maps.Keys(versions))), nil
}

// New loads every site.
func New(ctx context.Context, st *store.Store, scripts *Scripts) (*Catalog, error) {
	c := &Catalog{store: st, scripts: scripts, sites: map[string]*Site{}, late: map[string]*Asset{}, fixed: scripts.Fixed()}
	sites, err := st.Sites(ctx)
	if err != nil {
		return nil, err
	}
	for _, site := range sites {
		if err := c.Reload(ctx, site.ID); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Site returns a site.
func (c *Catalog) Site(id string) (*Site, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if site, ok := c.sites[id]; ok {
		return site, nil
	}
	return nil, survey.Errorf(survey.NotFound, "there is no site %q", id)
}

// Late returns a late part by its name.
func (c *Catalog) Late(name string) (*Asset, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if asset, ok := c.late[name]; ok {
		return asset, nil
	}
	if i := slices.IndexFunc(c.previews, func(a *Asset) bool { return a.Name == name && a.Type == javaScript }); i >= 0 {
		return c.previews[i], nil
	}
	return nil, survey.Errorf(survey.NotFound, "there is no file of this name")
}

// Fixed returns a file that every site's pages may load, by its name: queue, tools, into.
func (c *Catalog) Fixed(name string) (*Asset, bool) {
	asset, ok := c.fixed[name]
	return asset, ok
}

// Reload reads a site anew, after a change to it.
func (c *Catalog) Reload(ctx context.Context, id string) error {
	c.loading.Lock()
	defer c.loading.Unlock()
	stored, err := c.store.Site(ctx, id)
	if err != nil {
		return err
	}
	surveys, err := c.store.Surveys(ctx, id)
	if err != nil {
		return err
	}
	versions, err := c.store.Versions(ctx, id)
	if err != nil {
		return err
	}
	secret, err := c.store.Secret(ctx, id)
	if err != nil {
		return err
	}
	full, err := c.store.FullSurveys(ctx, id)
	if err != nil {
		return err
	}
	site := &Site{Site: stored.Site, Secret: secret, full: slices.Sorted(maps.Keys(full)), versions: map[string]map[int]*survey.Definition{}}
	for _, v := range versions {
		if site.versions[v.Survey] == nil {
			site.versions[v.Survey] = map[int]*survey.Definition{}
		}
		site.versions[v.Survey][v.Version] = v.Definition
	}
	site.live = map[string]*survey.Definition{}
	for _, sv := range surveys {
		if sv.Status == survey.Live {
			site.live[sv.Draft.ID] = site.versions[sv.Draft.ID][sv.LiveVersion]
		}
	}
	late, err := c.build(site, surveys)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sites[id] = site
	// Parts of earlier versions stay until the program ends: a page may hold a configuration that is
	// some minutes old. After an upgrade of the face such a page gets a 404, and asks on its next view.
	for _, part := range late {
		if c.late[part.Name] == nil { // one that is there has been compressed already
			c.late[part.Name] = part.Asset
		}
	}
	return nil
}

// build joins a site's scripts and returns its late parts.
func (c *Catalog) build(site *Site, surveys []store.Survey) ([]Late, error) {
	if c.scripts.Check() != nil {
		return nil, nil
	}
	var late []Late
	for _, sv := range surveys {
		if sv.Status != survey.Live {
			continue
		}
		versions := site.versions[sv.Draft.ID]
		d := versions[sv.LiveVersion]
		site.offered = append(site.offered, Published{d, sv.LiveVersion})
		site.HasQuota = site.HasQuota || d.Quota != nil
		// The version before may have been replaced just before a restart.
		if before, ok := versions[sv.LiveVersion-1]; ok {
			parts, err := c.scripts.Late(Published{before, sv.LiveVersion - 1}, site.VisitorCookie)
			if err != nil {
				return nil, err
			}
			late = append(late, parts...)
		}
	}
	page, err := c.scripts.Page(site.Site, site.offered, site.full)
	if err != nil {
		return nil, err
	}
	site.Config, site.Script = page.Config, page.Script
	return append(late, page.Late...), nil
}

const javaScript = "text/javascript; charset=utf-8"

func notFound(location, format string, args ...any) *survey.Error {
	e := survey.Errorf(survey.NotFound, format, args...)
	e.Problems = []survey.Problem{{Location: location, Message: e.Message}}
	return e
}
