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
	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/widget"
)

// App is a running collector.
type App struct {
	URL      string // where it listens, as a client on this machine would write it
	AdminKey string // "" where this start neither was given nor made one

	store  *store.Store
	ingest *ingest.Writer[store.Response]
	server *http.Server
	failed chan error
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
	log := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: level}))
	app := &App{failed: make(chan error, 1)}
	defer func() {
		if err != nil {
			app.close()
		}
	}()
	if app.store, err = store.Open(ctx, cfg.DB); err != nil {
		return nil, err
	}
	scripts := catalog.NewScripts(widget.Dist())
	if err := scripts.Check(); err != nil {
		log.Warn(err.Error())
	}
	sites, err := catalog.New(ctx, app.store, scripts)
	if err != nil {
		return nil, err
	}
	metrics := api.NewMetrics(func() int { return app.ingest.Waiting() })
	app.ingest = ingest.New(func(batch []store.Response) []error {
		start := time.Now()
		defer func() { metrics.Commit(len(batch), time.Since(start)) }()
		return app.store.SaveResponses(context.Background(), batch)
	})
	handler := api.New(api.Deps{Store: app.store, Catalog: sites, Ingest: app.ingest, Metrics: metrics,
		Log: log, Now: time.Now})
	if cfg.Demo {
		serveShop(handler)
	}
	listener, err := net.Listen("tcp", cfg.Addr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", cfg.Addr, err)
	}
	// Last of what can fail: a key that was made but never printed would lock everyone out.
	if app.AdminKey, err = firstKey(ctx, app.store, cfg.AdminKey); err != nil {
		listener.Close()
		return nil, err
	}
	app.URL = localURL(listener.Addr())
	app.server = &http.Server{
		Handler: handler, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
	}
	go func() {
		if err := app.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			app.failed <- err
		}
	}()
	return app, nil
}

// Stop answers what is under way, writes what was accepted, and closes the database.
func (a *App) Stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), drainTimeout)
	defer cancel()
	return errors.Join(a.server.Shutdown(ctx), a.close())
}

func (a *App) close() error {
	if a.ingest != nil {
		a.ingest.Close()
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
		return given, st.CreateKey(ctx, auth.KeyOf(given, name, auth.Admin), time.Now())
	}
	if has, err := st.HasKeys(ctx); has || err != nil {
		return "", err
	}
	return newKey(ctx, st, name)
}

func newKey(ctx context.Context, st *store.Store, name string) (string, error) {
	key, secret := auth.NewKey(name, auth.Admin)
	return secret, st.CreateKey(ctx, key, time.Now())
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
