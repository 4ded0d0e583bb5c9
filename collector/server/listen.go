package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strings"
)

// listen opens a port; close closes it.
func (a *App) listen(addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, listenError(addr, err)
	}
	a.listeners = append(a.listeners, listener)
	return listener, nil
}

// listenError says in one line which port, and what helps.
func listenError(addr string, err error) error {
	if op := (*net.OpError)(nil); errors.As(err, &op) {
		err = op.Err // without "listen tcp :443", which addr says
	}
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("cannot listen on %s: %w: ports below 1024 need a right (setcap cap_net_bind_service=+ep on the program, "+
			"AmbientCapabilities=CAP_NET_BIND_SERVICE in systemd), or a proxy in front and a higher port", addr, err)
	}
	return fmt.Errorf("cannot listen on %s: %w", addr, err)
}

// newServer is a server that cuts off slow clients.
func newServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: handler, ErrorLog: slog.NewLogLogger(quietHandshakes{log.Handler()}, slog.LevelWarn),
		MaxHeaderBytes: maxHeader, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
	}
}

// serve answers on a port until Stop, over TLS where the server has certificates.
func (a *App) serve(server *http.Server, listener net.Listener) {
	a.servers = append(a.servers, server)
	go func() {
		var err error
		if server.TLSConfig != nil {
			err = server.ServeTLS(listener, "", "")
		} else {
			err = server.Serve(listener)
		}
		if !errors.Is(err, http.ErrServerClosed) {
			a.failed <- err
		}
	}()
}

// shutdown stops listening, and waits for the requests under way.
func (a *App) shutdown(ctx context.Context) error {
	stopped := make(chan error)
	for _, server := range a.servers {
		go func() { stopped <- server.Shutdown(ctx) }()
	}
	var err error
	for range a.servers {
		err = errors.Join(err, <-stopped)
	}
	return err
}

// quietHandshakes keeps failed handshakes out of the log, where level debug does not ask for them:
// anyone can cause them by the thousand with a name that is not served here. Nor does any client's
// address belong there.
type quietHandshakes struct{ slog.Handler }

func (q quietHandshakes) Handle(ctx context.Context, record slog.Record) error {
	if from, failed := strings.CutPrefix(record.Message, "http: TLS handshake error from "); failed {
		if !q.Enabled(ctx, slog.LevelDebug) {
			return nil
		}
		_, why, _ := strings.Cut(from, ": ")
		record.Level, record.Message = slog.LevelDebug, "TLS handshake failed: "+why
	}
	record.Message = addresses.ReplaceAllString(record.Message, "a client")
	return q.Handler.Handle(ctx, record)
}

// addresses are host:port as net/http writes them.
var addresses = regexp.MustCompile(`(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F:.%a-z0-9]+\]):\d+`)
