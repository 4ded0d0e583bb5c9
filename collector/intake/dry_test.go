package intake

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestDryRunsKeepWhatCouldNotBeSaved(t *testing.T) {
	site := &survey.Site{ID: "shop"}
	var d DryRuns
	d.Count(site, "s", "url", noon)
	failed := errors.New("the disk is full")
	if err := d.Save(func(map[store.DryRun]int) error {
		d.Count(site, "s", "url", noon) // meanwhile
		return failed
	}); !errors.Is(err, failed) {
		t.Errorf("got %v", err)
	}
	got := map[store.DryRun]int{}
	take := func(counts map[store.DryRun]int) error {
		for key, n := range counts {
			got[key] += n
		}
		return nil
	}
	for range 2 { // the second finds nothing
		if err := d.Save(take); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff(map[store.DryRun]int{{Site: "shop", Survey: "s", Day: "2026-11-22", Trigger: "url"}: 2}, got); diff != "" {
		t.Error(diff)
	}
}

func TestDryRunsLoseNothingBetweenThreads(t *testing.T) {
	site := &survey.Site{ID: "shop"}
	var d DryRuns
	var pages sync.WaitGroup
	saved := 0
	take := func(counts map[store.DryRun]int) error {
		for _, n := range counts {
			saved += n
		}
		return nil
	}
	for range 8 {
		pages.Go(func() {
			for range 100 {
				d.Count(site, "s", "url", noon)
			}
		})
	}
	for range 50 {
		d.Save(take)
	}
	pages.Wait()
	d.Save(take)
	if saved != 800 {
		t.Errorf("%d were saved, want 800", saved)
	}
}

func TestDryRunsAreBounded(t *testing.T) {
	site := &survey.Site{ID: "shop"}
	var d DryRuns
	for n := range maxDryRuns + 10 {
		d.Count(site, fmt.Sprint(n), "url", noon)
	}
	d.Count(site, "0", "url", noon) // one that is known goes on
	if len(d.counts) != maxDryRuns || d.counts[store.DryRun{Site: "shop", Survey: "0", Day: "2026-11-22", Trigger: "url"}] != 2 {
		t.Errorf("%d are kept", len(d.counts))
	}
}
