package intake

import (
	"sync"
	"time"

	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

// DryRuns counts who would have seen a survey, until that is written down: a crash loses some
// seconds of it.
type DryRuns struct {
	mu     sync.Mutex
	counts map[store.DryRun]int
}

// maxDryRuns bounds the memory where the database cannot be written for long, to some 2 MB. What is
// counted is known by then, in days of triggers of published surveys: this is far more.
const maxDryRuns = 10_000

// Count counts one page view, on the day that it is on the site.
func (d *DryRuns) Count(site *survey.Site, surveyID, trigger string, now time.Time) {
	key := store.DryRun{Site: site.ID, Survey: surveyID, Day: now.In(site.Zone()).Format(time.DateOnly), Trigger: trigger}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.add(key, 1)
}

// Save hands over what was counted since the last Save. What could not be saved is kept.
func (d *DryRuns) Save(save func(map[store.DryRun]int) error) error {
	d.mu.Lock()
	taken := d.counts
	d.counts = nil
	d.mu.Unlock()
	if len(taken) == 0 {
		return nil
	}
	err := save(taken)
	if err != nil {
		d.mu.Lock()
		defer d.mu.Unlock()
		for key, n := range taken {
			d.add(key, n)
		}
	}
	return err
}

func (d *DryRuns) add(key store.DryRun, n int) {
	if d.counts == nil {
		d.counts = map[store.DryRun]int{}
	}
	if _, known := d.counts[key]; known || len(d.counts) < maxDryRuns {
		d.counts[key] += n
	}
}
