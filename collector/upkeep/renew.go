package upkeep

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"
)

// renewAgain is how long a site waits whose script could not be made anew.
const renewAgain = time.Second

// Renewal makes the scripts of sites anew that offer a survey whose quota is used up: beside the
// commits, which must not wait for it, and until it has succeeded. After a stop, the next start
// makes them all anyway.
type Renewal struct {
	reload func(ctx context.Context, site string) error
	log    *slog.Logger

	mu    sync.Mutex
	sites map[string]bool
	wake  chan struct{}

	stop context.CancelFunc
	done chan struct{}
}

// StartRenewal begins; reload makes one site's script anew.
func StartRenewal(reload func(ctx context.Context, site string) error, log *slog.Logger) *Renewal {
	ctx, stop := context.WithCancel(context.Background())
	r := &Renewal{reload: reload, log: log, sites: map[string]bool{}, wake: make(chan struct{}, 1), stop: stop, done: make(chan struct{})}
	go r.run(ctx)
	return r
}

// Add asks for a site's script to be made anew. It does not wait.
func (r *Renewal) Add(site string) {
	r.mu.Lock()
	r.sites[site] = true
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default: // it is awake
	}
}

// Stop ends it.
func (r *Renewal) Stop() {
	r.stop()
	<-r.done
}

func (r *Renewal) run(ctx context.Context) {
	defer close(r.done)
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.wake:
		}
		for _, site := range r.take() {
			if err := r.reload(ctx, site); err != nil && ctx.Err() == nil {
				r.log.Error("cannot make the script anew of a site whose quota is full: it tries again", "site", site, "error", err)
				time.AfterFunc(renewAgain, func() { r.Add(site) })
			}
		}
	}
}

func (r *Renewal) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	sites := slices.Sorted(maps.Keys(r.sites))
	clear(r.sites)
	return sites
}
