// Package upkeep does what a collector does by itself, beside its requests: it writes down when keys
// were used and what dry runs counted, makes scripts anew when a quota is full, seals responses into the
// segments that scores are read from, indexes what visitors wrote, keeps each site's retention, forgets
// what is over, and empties the database's log.
package upkeep

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/intake"
	"github.com/askwell/askwell/collector/segment"
	"github.com/askwell/askwell/collector/store"
)

// How often each is done. Retention is in days: an hour more is nothing.
const (
	dryRunsEvery = 3 * time.Second
	usesEvery    = time.Minute
	sealEvery    = time.Minute // a late answer makes its day rows until then: more often, a few of them would keep a month being sealed
	restEvery    = time.Hour
)

// Upkeep runs until it is stopped.
type Upkeep struct {
	store *store.Store
	uses  *auth.Uses
	dry   *intake.DryRuns
	log   *slog.Logger
	now   func() time.Time

	last, lastReal time.Time // when retention was last looked at, by now, and by the machine's steady clock

	stop context.CancelFunc
	done sync.WaitGroup
}

// maxJump is how much farther a clock may have gone than time has: a clock that jumps ahead by
// years must not delete what is kept for years.
const maxJump = 12 * time.Hour

// Start begins, with all of it at once: a program that is restarted every night keeps its retention too.
func Start(st *store.Store, uses *auth.Uses, dry *intake.DryRuns, log *slog.Logger, now func() time.Time) *Upkeep {
	ctx, stop := context.WithCancel(context.Background())
	u := &Upkeep{store: st, uses: uses, dry: dry, log: log, now: now, last: now(), lastReal: time.Now(), stop: stop}
	u.done.Go(func() { u.run(ctx) })
	u.done.Go(func() { u.seal(ctx) }) // by itself: the first time it may take minutes
	u.done.Go(func() { u.index(ctx) })
	return u
}

// Stop ends what is under way, and writes down what is not yet.
func (u *Upkeep) Stop() {
	u.stop()
	u.done.Wait()
	u.saveUses(context.Background())
	u.saveDryRuns(context.Background())
}

func (u *Upkeep) run(ctx context.Context) {
	dry, often, seldom := time.NewTicker(dryRunsEvery), time.NewTicker(usesEvery), time.NewTicker(restEvery)
	defer dry.Stop()
	defer often.Stop()
	defer seldom.Stop()
	for {
		u.rest(ctx)
		for wait := true; wait; {
			select {
			case <-ctx.Done():
				return
			case <-dry.C:
				u.saveDryRuns(ctx)
			case <-often.C:
				u.saveUses(ctx)
			case <-seldom.C:
				wait = false
			}
		}
	}
}

// seal keeps what scores are read from up to date. A page that dates its answers back makes day after day
// stale: between two rounds there is four times what the last one took, so that it gets a fifth of a core at most.
func (u *Upkeep) seal(ctx context.Context) {
	for {
		began := time.Now()
		u.report("cannot seal all responses; scores are read from the rows meanwhile", segment.Seal(ctx, u.store, u.now()))
		select {
		case <-ctx.Done():
			return
		case <-time.After(max(sealEvery, 4*time.Since(began))):
		}
	}
}

func (u *Upkeep) saveUses(ctx context.Context) {
	u.report("cannot write down when keys were used",
		u.uses.Save(func(uses map[string]time.Time) error { return u.store.SaveKeyUses(ctx, uses) }))
}

func (u *Upkeep) saveDryRuns(ctx context.Context) {
	u.report("cannot write down what dry runs counted",
		u.dry.Save(func(counts map[store.DryRun]int) error { return u.store.AddDryRuns(ctx, counts) }))
}

// rest is what is done once an hour. What one cannot do keeps no other from being done.
func (u *Upkeep) rest(ctx context.Context) {
	now := u.now()
	jump := now.Sub(u.last) - time.Since(u.lastReal) // of the wall clock against the one that only counts
	if u.last, u.lastReal = now, time.Now(); jump > maxJump {
		u.log.Error("the clock went ahead of time: what depends on it waits an hour, for it to be put right", "ahead", jump.Round(time.Minute))
	} else {
		u.report("cannot keep the retention of all sites", u.retain(ctx, now))
		u.report("cannot forget what was erased long ago", u.store.ForgetErased(ctx, now))
	}
	u.report("cannot empty the database's log", u.store.Checkpoint(ctx))
}

// retain deletes and anonymises what a site does not want to keep any longer.
func (u *Upkeep) retain(ctx context.Context, now time.Time) error {
	sites, err := u.store.Sites(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, site := range sites {
		if site.Retention == nil {
			continue
		}
		if days := site.Retention.DeleteAfterDays; days > 0 {
			_, err := u.store.DeleteBefore(ctx, site.ID, now.AddDate(0, 0, -days))
			errs = append(errs, err)
		}
		if days := site.Retention.AnonymiseAfterDays; days > 0 {
			_, err := u.store.AnonymiseBefore(ctx, site.ID, now.AddDate(0, 0, -days), now)
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func (u *Upkeep) report(message string, err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		u.log.Error(message, "error", err)
	}
}
