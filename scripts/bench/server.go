package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"strconv"
	"strings"
	"time"

	"github.com/askwell/askwell/collector/client"
	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/store"
)

const (
	key        = "a-key-for-benchmarks"
	origin     = "https://shop.example"
	site       = `{"site":"shop","name":"Shop","origins":["` + origin + `"]}`
	definition = `{"id":"checkout-exit","name":"Bench","languages":["en"],"questions":[
		{"id":"nps","type":"nps","title":"How likely?"},
		{"id":"reason","type":"single_choice","title":"Why?","choices":[{"id":"price","label":"Price"},{"id":"other","label":"Other"}]},
		{"id":"why","type":"text","title":"What is the main reason?"}],
		"triggers":[{"type":"cart_abandonment"},{"type":"exit_intent"},{"type":"time_on_page","seconds":30}]}`
)

// What a server of the benchmark does.
const (
	storing    = "store"  // the collector as it is
	discarding = "null"   // the same program and the same code, but its commits do nothing
	static     = "static" // a bare handler that serves the bytes of the site's script
)

// runServer serves in this process until standard input closes.
func runServer(kind, db, profile string) error {
	ctx := context.Background()
	cfg := server.Config{Addr: "127.0.0.1:0", DB: db, AdminKey: key, LogLevel: "error",
		// As by default, but for the load's one address and one site.
		RateAddress: 0, RateSite: 1e9, FastestAnswer: 300 * time.Millisecond}
	if kind == discarding {
		cfg.Hooks.Save = func(batch []store.Response) []store.Saved { return make([]store.Saved, len(batch)) }
	}
	app, err := server.Start(ctx, cfg, os.Stderr)
	if err != nil {
		return err
	}
	if err := makeSurvey(ctx, app.URL); err != nil {
		return err
	}
	addr := strings.TrimPrefix(app.URL, "http://")
	if kind == static {
		if addr, err = serveStatic(app.URL); err != nil {
			return err
		}
	}
	if profile != "" {
		out, err := os.Create(profile + "." + kind)
		if err != nil {
			return err
		}
		defer out.Close()
		if err := pprof.StartCPUProfile(out); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	fmt.Println(strings.Replace(addr, "localhost", "127.0.0.1", 1))
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	return app.Stop()
}

func makeSurvey(ctx context.Context, url string) error {
	api := client.New(url, key)
	const survey = "/v1/sites/shop/surveys/checkout-exit"
	for _, call := range []struct{ method, path, body string }{
		{http.MethodPut, "/v1/sites/shop", site}, {http.MethodPut, survey, definition}, {http.MethodPost, survey + "/publish", "{}"},
	} {
		if _, err := api.Call(ctx, call.method, call.path, "", json.RawMessage(call.body), nil); err != nil {
			return err
		}
	}
	return nil
}

// serveStatic serves what the collector answers to the script's path, its headers too, and nothing else.
func serveStatic(url string) (addr string, err error) {
	req, err := http.NewRequest(http.MethodGet, url+"/w/shop.js", nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("Accept-Encoding", "br")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	script, err := io.ReadAll(res.Body)
	if err != nil {
		return "", err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	header := res.Header.Clone()
	header.Del("Date")
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, values := range header {
			w.Header()[name] = values
		}
		w.Write(script)
	}))
	return listener.Addr().String(), nil
}

// process is this program again, as a server in a process of its own.
type process struct {
	addr string
	db   string
	cmd  *exec.Cmd
	stop io.WriteCloser
}

func start(kind, profile string) *process {
	self, err := os.Executable()
	check(err)
	dir, err := os.MkdirTemp(*dir, "askwell-bench-")
	check(err)
	p := &process{db: filepath.Join(dir, "bench.db")}
	p.cmd = exec.Command(self, "-serve", kind, "-db", p.db, "-profile", profile)
	p.cmd.Stderr = os.Stderr
	p.stop, err = p.cmd.StdinPipe()
	check(err)
	out, err := p.cmd.StdoutPipe()
	check(err)
	check(p.cmd.Start())
	addr, err := bufio.NewReader(out).ReadString('\n')
	check(err)
	p.addr = strings.TrimSpace(addr)
	return p
}

// end stops the server and removes its database.
func (p *process) end() {
	check(p.stop.Close())
	check(p.cmd.Wait())
	check(os.RemoveAll(filepath.Dir(p.db)))
}

// cpu is the time that the server has spent on its processors so far, in user and in kernel mode:
// fields 14 and 15 of proc(5)'s stat, in hundredths of a second.
func (p *process) cpu() time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	check(err)
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	user, err := strconv.Atoi(fields[11])
	check(err)
	kernel, err := strconv.Atoi(fields[12])
	check(err)
	return time.Duration(user+kernel) * 10 * time.Millisecond
}

// metric is the value of one of the server's metrics; 0 where it has none.
func (p *process) metric(name string) float64 {
	req, err := http.NewRequest(http.MethodGet, "http://"+p.addr+"/metrics", nil)
	check(err)
	req.Header.Set("Authorization", "Bearer "+key)
	res, err := http.DefaultClient.Do(req)
	check(err)
	defer res.Body.Close()
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			n, err := strconv.ParseFloat(value, 64)
			check(err)
			return n
		}
	}
	return 0
}

// memory is what the server holds of the machine's, in MB: VmRSS.
func (p *process) memory() float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	check(err)
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kB, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			check(err)
			return kB / 1024
		}
	}
	return 0
}
