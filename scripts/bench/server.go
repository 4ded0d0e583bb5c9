package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/askwell/askwell/collector/api"
	"github.com/askwell/askwell/collector/catalog"
	"github.com/askwell/askwell/collector/ingest"
	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
	"github.com/askwell/askwell/widget"
)

const (
	origin     = "https://shop.example"
	definition = `{"id":"checkout-exit","name":"Bench","languages":["en"],"questions":[
		{"id":"nps","type":"nps","title":"How likely?"},
		{"id":"reason","type":"single_choice","title":"Why?","choices":[{"id":"price","label":"Price"},{"id":"other","label":"Other"}]},
		{"id":"why","type":"text","title":"What is the main reason?"}]}`
)

// runServer serves until its standard input closes. Without a store, commits do nothing; all else
// is the same code.
func runServer(stored bool) error {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "askwell-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	st, err := store.Open(ctx, filepath.Join(dir, "bench.db"))
	if err != nil {
		return err
	}
	defer st.Close()
	d, err := survey.ParseDefinition([]byte(definition))
	if err != nil {
		return err
	}
	if _, err := st.PutSite(ctx, survey.Site{ID: "shop", Name: "Shop", Origins: []string{origin}}, 0); err != nil {
		return err
	}
	if _, err := st.SaveDraft(ctx, "shop", d, 0); err != nil {
		return err
	}
	if _, err := st.Publish(ctx, "shop", d.ID, 0, time.Now()); err != nil {
		return err
	}
	sites, err := catalog.New(ctx, st, catalog.NewScripts(widget.Dist()))
	if err != nil {
		return err
	}
	commit := func(batch []store.Response) []error { return st.SaveResponses(ctx, batch) }
	if !stored {
		commit = func(batch []store.Response) []error { return make([]error, len(batch)) }
	}
	writer := ingest.New(commit)
	defer writer.Close()
	handler := api.New(api.Deps{Store: st, Catalog: sites, Ingest: writer, Metrics: api.NewMetrics(writer.Waiting),
		Log: slog.New(slog.NewTextHandler(os.Stderr, nil)), Now: time.Now})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler}
	go server.Serve(listener)
	fmt.Println(listener.Addr())
	_, err = io.Copy(io.Discard, os.Stdin)
	server.Close()
	return err
}

// server is this program again, as a server in a process of its own.
type server struct {
	addr string
	cmd  *exec.Cmd
	stop io.WriteCloser
}

func startServer(kind string) server {
	self, err := os.Executable()
	check(err)
	cmd := exec.Command(self, "-serve", kind)
	cmd.Stderr = os.Stderr
	stop, err := cmd.StdinPipe()
	check(err)
	out, err := cmd.StdoutPipe()
	check(err)
	check(cmd.Start())
	addr, err := bufio.NewReader(out).ReadString('\n')
	check(err)
	return server{strings.TrimSpace(addr), cmd, stop}
}

// end stops the server and returns the CPU time it took in all.
func (s server) end() time.Duration {
	check(s.stop.Close())
	check(s.cmd.Wait())
	return s.cmd.ProcessState.UserTime() + s.cmd.ProcessState.SystemTime()
}
