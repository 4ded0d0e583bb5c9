// Package server puts the collector together: it opens the database, starts ingest, and listens.
// Everything that runs a collector (the command line, tests, benchmarks) goes through Start.
package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/askwell/askwell/collector/api"
	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/catalog"
	"github.com/askwell/askwell/collector/ingest"
	"github.com/askwell/askwell/collector/intake"
	"github.com/askwell/askwell/collector/live"
	"github.com/askwell/askwell/collector/metrics"
	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/upkeep"
	"github.com/askwell/askwell/widget"
)

// App is a running collector.
type App struct {
	URL      string // where it listens, as a client on this machine would write it
	AdminKey string // "" where this start neither was given nor made one

	store     *store.Store
	ingest    *ingest.Writer[store.Response, store.Saved]
	upkeep    *upkeep.Upkeep
	renewal   *upkeep.Renewal
	live      *live.Feed
	scores    *metrics.Scores
	listeners []net.Listener
	servers   []*http.Server
	https     *https // nil without --domain
	failed    chan error
}

// Serve runs a collector until ctx ends, then drains it: requests under way are answered, and what
// they were told is stored is stored.
func Serve(ctx context.Context, cfg Config, stdout, stderr io.Writer) error {
	if cfg.DB == "" && !cfg.Demo {
		cfg.DB = defaultDB
	}
	if cfg.DB == "" {
		// A demo starts anew each time, so that its key can be printed each time.
		dir, err := os.MkdirTemp("", "askwell-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		cfg.DB = filepath.Join(dir, "demo.db")
	}
	app, err := Start(ctx, cfg, stderr)
	if err != nil {
		return err
	}
	if cfg.Demo {
		err = app.Demo(ctx, stdout)
	} else {
		fmt.Fprintln(stdout, "listening  ", app.URL)
		if app.AdminKey != cfg.AdminKey {
			fmt.Fprintln(stdout, "admin key  ", app.AdminKey, " (shown once: keep it)")
		}
	}
	if err == nil {
		select {
		case <-ctx.Done():
		case err = <-app.failed:
		}
	}
	return errors.Join(err, app.Stop())
}

// Start opens everything and listens. The caller stops it.
func Start(ctx context.Context, cfg Config, stderr io.Writer) (_ *App, err error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.LogLevel)); err != nil {
		return nil, err
	}
	log := newLog(stderr, cfg.LogFormat, level)
	for name, rate := range map[string]float64{"--rate-address": cfg.RateAddress, "--rate-site": cfg.RateSite} {
		if !(rate >= 0) { // NaN too
			return nil, fmt.Errorf("%s is %v, it must be 0 (any number) or more", name, rate)
		}
	}
	if cfg.CountryHeader != "" && len(cfg.TrustedProxies) == 0 {
		return nil, errors.New("--country-header needs --trusted-proxies: from anyone else it is the client's word")
	}
	app := &App{failed: make(chan error, 2)}
	defer func() {
		if err != nil {
			app.close()
		}
	}()
	if app.store, err = store.Open(ctx, cfg.DB); err != nil {
		return nil, err
	}
	if len(cfg.Domain) > 0 {
		if app.https, err = newHTTPS(cfg, log); err != nil {
			return nil, err
		}
	}
	scripts := catalog.NewScripts(widget.Dist())
	if err := scripts.Check(); err != nil {
		log.Warn(err.Error())
	}
	sites, err := catalog.New(ctx, app.store, scripts)
	if err != nil {
		return nil, err
	}
	counts := metrics.New(func() int { return app.ingest.Waiting() })
	now, save := time.Now, func(batch []store.Response) []store.Saved {
		return app.store.SaveResponses(context.Background(), batch)
	}
	if cfg.Hooks.Now != nil {
		now = cfg.Hooks.Now
	}
	if cfg.Hooks.Save != nil {
		save = cfg.Hooks.Save
	}
	app.scores = metrics.NewScores(scored(sites), scoreOf(app.store, now), log, now)
	counts.Add(app.scores)
	app.live = live.New(app.store.AsStored)
	app.store.OnForget(func(site string) {
		// To the end, as what was forgotten.
		if err := app.live.Forget(context.Background(), site); err != nil {
			log.Error("cannot tell what of the latest responses is erased: all of the site leave the memory", "site", site, "error", err)
		}
	})
	app.renewal = upkeep.StartRenewal(sites.Reload, log)
	app.ingest = ingest.New(func(batch []store.Response) []store.Saved {
		start := time.Now()
		saved := app.live.Commit(batch, save)
		counts.Commit(len(batch), time.Since(start))
		for i := range saved {
			if saved[i].Filled {
				app.renewal.Add(batch[i].Site)
			}
		}
		return saved
	})
	door := intake.NewDoor(intake.Options{Ingest: app.ingest, Metrics: counts, Log: log, Now: now, FastestAnswer: cfg.FastestAnswer})
	uses, dry := &auth.Uses{}, &intake.DryRuns{}
	app.upkeep = upkeep.Start(app.store, uses, dry, log, now)
	handler := api.New(api.Deps{Store: app.store, Catalog: sites, Door: door, DryRuns: dry, Metrics: counts, Live: app.live, Uses: uses, Log: log, Now: now,
		Options: api.Options{RatePerAddress: cfg.RateAddress, RatePerSite: cfg.RateSite,
			TrustedProxies: cfg.TrustedProxies, CountryHeader: cfg.CountryHeader, Version: cfg.Version, StreamBeat: cfg.Hooks.StreamBeat}})
	if cfg.Demo {
		serveDemo(handler)
	}
	listener, err := app.listen(cfg.addr())
	if err != nil {
		return nil, err
	}
	var plain net.Listener
	if app.https != nil && cfg.HTTPAddr != "" {
		if plain, err = app.listen(cfg.HTTPAddr); err != nil {
			return nil, err
		}
	}
	// Last of what can fail: a key that was made but never printed would lock everyone out.
	if app.AdminKey, err = firstKey(ctx, app.store, cfg.AdminKey); err != nil {
		return nil, fmt.Errorf("cannot use the first key with the database %s: %w", cfg.DB, app.store.Explain(err))
	}
	app.URL = localURL(listener.Addr())
	server := newServer(handler, log)
	if app.https != nil {
		app.URL = "https://" + app.https.domains[0]
		app.https.secure(server)
		if plain != nil {
			app.serve(newServer(app.https.plain(), log), plain)
		}
		go app.https.obtain()
	}
	app.serve(server, listener)
	return app, nil
}

// Stop answers what is under way, writes what was accepted, and closes the database.
func (a *App) Stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), drainTimeout)
	defer cancel()
	a.live.Close() // streams would be waited for
	return errors.Join(a.shutdown(ctx), a.close())
}

func (a *App) close() error {
	if a.https != nil {
		a.https.stop()
	}
	for _, listener := range a.listeners {
		listener.Close() // of a start that failed; Shutdown has closed the others
	}
	if a.ingest != nil {
		a.ingest.Close()
	}
	if a.renewal != nil {
		a.renewal.Stop()
	}
	if a.upkeep != nil {
		a.upkeep.Stop()
	}
	if a.scores != nil {
		a.scores.Stop()
	}
	if a.store != nil {
		return a.store.Close()
	}
	return nil
}

// firstKey makes sure that there is a key to begin with, and returns it where it is known.
func firstKey(ctx context.Context, st *store.Store, given string) (string, error) {
	const name = "first key"
	if given != "" {
		if len(given) < minAdminKey {
			return "", fmt.Errorf("ASKWELL_ADMIN_KEY has %d characters, at least %d are needed", len(given), minAdminKey)
		}
		return given, st.SetEnvironmentKey(ctx, given, time.Now())
	}
	if has, err := st.HasKeys(ctx); has || err != nil {
		return "", err
	}
	return newKey(ctx, st, name)
}

func newKey(ctx context.Context, st *store.Store, name string) (string, error) {
	key, secret := auth.NewKey("", name, auth.Admin, time.Now())
	return secret, st.CreateKey(ctx, key)
}

func newLog(to io.Writer, format string, level slog.Level) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	var handler slog.Handler = slog.NewTextHandler(to, options)
	if format == "json" {
		handler = slog.NewJSONHandler(to, options)
	}
	return slog.New(api.WithRequestID(handler))
}

// localURL writes an address as a URL that works on this machine.
func localURL(addr net.Addr) string {
	tcp := addr.(*net.TCPAddr)
	host := "localhost"
	if !tcp.IP.IsUnspecified() && !tcp.IP.IsLoopback() {
		host = tcp.IP.String()
	}
	return "http://" + net.JoinHostPort(host, fmt.Sprint(tcp.Port))
}
