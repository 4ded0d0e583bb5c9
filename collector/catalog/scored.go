package catalog

import (
	"maps"
	"slices"

	"github.com/askwell/askwell/collector/survey"
)

// Scored is a question of a live survey that has a score: nps, csat or ces.
type Scored struct{ Site, Survey, Question, Metric string }

// Scored lists them, by site and survey, in the order in which a survey asks.
func (c *Catalog) Scored() (scored []Scored) {
	c.mu.RLock()
	sites := maps.Clone(c.sites) // a Site is not changed any more
	c.mu.RUnlock()
	for _, site := range slices.Sorted(maps.Keys(sites)) {
		live := sites[site].live
		for _, id := range slices.Sorted(maps.Keys(live)) {
			for _, question := range live[id].Questions {
				if metric := survey.Metric(question); metric != "" {
					scored = append(scored, Scored{site, id, question.Base().ID, metric})
				}
			}
		}
	}
	return scored
}
