package catalog

import (
	"context"
	"slices"

	"github.com/askwell/askwell/collector/survey"
)

// maxKept is how many files of previews are kept, some 16 kB each: those of the last twenty previews
// of a survey in 24 languages. A page loads the late part moments after the script.
const maxKept = 512

// Preview joins a site's page in which the draft of a survey stands, in the place of its live version
// if there is one. It is made anew each time: the draft may have changed.
func (c *Catalog) Preview(ctx context.Context, siteID, surveyID string) (*Page, error) {
	if err := c.scripts.Check(); err != nil {
		return nil, survey.Errorf(survey.Unavailable, "%v", err)
	}
	site, err := c.Site(siteID)
	if err != nil {
		return nil, err
	}
	sv, err := c.store.Survey(ctx, siteID, surveyID)
	if err != nil {
		return nil, err
	}
	isDraft := func(p Published) bool { return p.Definition.ID == surveyID }
	live := slices.DeleteFunc(slices.Clone(site.offered), isDraft)
	full := slices.DeleteFunc(slices.Clone(site.full), func(id string) bool { return id == surveyID })
	draft := *sv.Draft
	draft.DryRun = false // who has the link wants to see it
	config, late, err := c.scripts.config(site.Site, append(live, Published{&draft, sv.LiveVersion + 1}), full)
	if err != nil {
		return nil, err
	}
	config.Preview = true
	page, err := c.scripts.join(config, late)
	if err != nil {
		return nil, err
	}
	c.keep(page)
	return page, nil
}

// keep holds the files of a preview, so that its late parts can be asked for, and lets go of the
// oldest. One that is there has been compressed already.
func (c *Catalog) keep(page *Page) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept := func(asset *Asset) *Asset {
		if i := slices.IndexFunc(c.previews, func(a *Asset) bool { return a.Name == asset.Name }); i >= 0 {
			asset = c.previews[i]
			c.previews = slices.Delete(c.previews, i, i+1)
		}
		c.previews = append(c.previews, asset)
		return asset
	}
	for _, part := range page.Late {
		if c.late[part.Name] == nil {
			kept(part.Asset)
		}
	}
	page.Config, page.Script = kept(page.Config), kept(page.Script)
	c.previews = slices.Delete(c.previews, 0, max(0, len(c.previews)-maxKept))
}
