// Package grafana holds what watches a collector against one that runs.
package grafana

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/servertest"
)

// scraped is a collector that has something to tell of each of its metrics.
func scraped(t *testing.T) *servertest.Collector {
	t.Helper()
	c := servertest.StartShop(t)
	for range 3 {
		c.Send(servertest.Response(servertest.NewID(), `{"nps": 9}`, ""), servertest.Response(servertest.NewID(), `{"nps": 11}`, ""))
	}
	c.Must(400, "POST", "/w/shop", "{")
	c.Must(200, "POST", "/v1/sites/shop/secret", "")
	c.Send(servertest.Response(servertest.NewID(), `{"nps": 7}`, `, "user": "u-42", "user_sig": "wrong"`))
	return c
}

func metrics(c *servertest.Collector) string {
	return c.Must(200, "GET", "/metrics", "", "Authorization", "Bearer "+servertest.Key).Text
}

// expressions are the expressions of the dashboard: its panels', and its annotations'. The variables are as somebody chose them.
func expressions(t *testing.T) (list []string, labelValues []string) {
	t.Helper()
	text, err := os.ReadFile("dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			Type    string
			Targets []struct{ Expr string }
		}
		Templating, Annotations struct {
			List []struct{ Name, Expr, Definition string }
		}
	}
	if err := json.Unmarshal(text, &dashboard); err != nil {
		t.Fatal(err)
	}
	for _, p := range dashboard.Panels {
		if p.Type != "row" && len(p.Targets) == 0 {
			t.Errorf("the panel %q shows nothing", p.Title)
		}
		for _, target := range p.Targets {
			list = append(list, choose(target.Expr))
		}
	}
	for _, a := range dashboard.Annotations.List {
		list = append(list, choose(a.Expr))
	}
	for _, v := range dashboard.Templating.List {
		if v.Definition != "" {
			labelValues = append(labelValues, choose(v.Definition))
		}
	}
	return list, labelValues
}

func choose(expr string) string {
	return strings.NewReplacer("$site", "shop", "$survey", "exit", "$question", "nps", "$window", "7d", "$__rate_interval", "20s").Replace(expr)
}

var (
	metricName = regexp.MustCompile(`\b(?:askwell|process|go)_[a-z_]+\b`)
	selector   = regexp.MustCompile(`\b([a-z_]+){([^}]*)}`)
	matcher    = regexp.MustCompile(`([a-z_]+)\s*(?:=~|!~|!=|=)`)
	grouping   = regexp.MustCompile(`\b(?:by|without|on|ignoring) ?\(([^)]*)\)`)
	asked      = regexp.MustCompile(`^label_values\(.*, ([a-z_]+)\)$`)
	sample     = regexp.MustCompile(`(?m)^([a-z_]+)(?:{([^}]*)})? `)
)

// Every name and label that the dashboard and the alerts use is one that a collector exposes.
func TestNamesAndLabelsExist(t *testing.T) {
	const byPrometheus = "job instance alertname alertstate"
	labels := map[string][]string{} // by metric
	for _, m := range sample.FindAllStringSubmatch(metrics(scraped(t)), -1) {
		for _, l := range matcher.FindAllStringSubmatch(m[2], -1) {
			labels[m[1]] = append(labels[m[1]], l[1])
		}
		labels[m[1]] = append(labels[m[1]], strings.Fields(byPrometheus)...)
	}
	labels["up"] = strings.Fields(byPrometheus)
	labels["ALERTS"] = append(strings.Fields(byPrometheus), labels["askwell_score"]...)
	all, values := expressions(t)
	all = append(all, values...)
	rules, err := os.ReadFile("askwell.rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	comment := regexp.MustCompile(`(?m)^\s*(#|description:|summary:).*$`)
	all = append(all, comment.ReplaceAllString(string(rules), ""))
	found := 0
	for _, expr := range all {
		used := metricName.FindAllString(expr, -1)
		found += len(used)
		for _, name := range used {
			if labels[name] == nil {
				t.Errorf("%s is not exposed: %s", name, expr)
			}
		}
		for _, s := range selector.FindAllStringSubmatch(expr, -1) {
			for _, l := range matcher.FindAllStringSubmatch(s[2], -1) {
				if s[1] != "labels" && !slices.Contains(labels[s[1]], l[1]) {
					t.Errorf("%s has no label %s: %s", s[1], l[1], expr)
				}
			}
		}
		of := func(label string) bool {
			return slices.ContainsFunc(used, func(name string) bool { return slices.Contains(labels[name], label) })
		}
		groups := grouping.FindAllStringSubmatch(expr, -1)
		groups = append(groups, asked.FindAllStringSubmatch(expr, -1)...)
		for _, g := range groups {
			for _, label := range regexp.MustCompile(`[a-z_]+`).FindAllString(g[1], -1) {
				if !of(label) {
					t.Errorf("nothing has a label %s: %s", label, expr)
				}
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d metrics were found", found)
	}
}

// missing skips where somebody tries things out, and fails where all tests have to run.
func missing(t *testing.T, program string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(program + " is not installed: make test installs it")
	}
	t.Skip("SKIPPED: " + program + " is not installed (apt-get install prometheus)")
}

func promtool(t *testing.T, stdin string, args ...string) {
	t.Helper()
	if _, err := exec.LookPath("promtool"); err != nil {
		missing(t, "promtool")
	}
	cmd := exec.CommandContext(t.Context(), "promtool", args...)
	cmd.Stdin = strings.NewReader(stdin)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func TestPromtoolAcceptsWhatACollectorExposes(t *testing.T) {
	promtool(t, metrics(scraped(t)), "check", "metrics")
}

func TestAlertsFireWhenTheyShould(t *testing.T) {
	promtool(t, "", "check", "rules", "askwell.rules.yml")
	promtool(t, "", "test", "rules", "rules_test.yml", "rules_week_test.yml")
}

// What Prometheus makes of a collector that runs: every panel of the dashboard shows something.
func TestEveryPanelShowsSomething(t *testing.T) {
	if _, err := exec.LookPath("prometheus"); err != nil {
		missing(t, "prometheus")
	}
	c := scraped(t)
	dir := t.TempDir()
	config, err := os.ReadFile("prometheus.yml")
	if err != nil {
		t.Fatal(err)
	}
	config = bytes.ReplaceAll(config, []byte("scrape_interval: 15s"), []byte("scrape_interval: 1s"))
	config = bytes.ReplaceAll(config, []byte("localhost:8080"), []byte(strings.TrimPrefix(c.URL, "http://")))
	rules, err := os.ReadFile("askwell.rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"prometheus.yml": config, "askwell.rules.yml": rules, "askwell.key": []byte(servertest.Key)} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	promtool(t, "", "check", "config", filepath.Join(dir, "prometheus.yml"))
	at := start(t, dir)
	all, _ := expressions(t)
	deadline := time.Now().Add(60 * time.Second)
	for empty := all; len(empty) > 0; time.Sleep(time.Second) {
		empty = slices.DeleteFunc(slices.Clone(empty), func(expr string) bool { return strings.HasPrefix(expr, "ALERTS") || query(t, at, expr) > 0 })
		if time.Now().After(deadline) {
			t.Fatalf("these show nothing: %s", strings.Join(empty, "\n"))
		}
		c.Send(servertest.Response(servertest.NewID(), `{"nps": 9}`, ""))
	}
	query(t, at, all[len(all)-1])
}

// start runs a Prometheus in a folder, and returns its address.
func start(t *testing.T, dir string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := listener.Addr().String()
	listener.Close()
	var log bytes.Buffer
	cmd := exec.Command("prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data", "--web.listen-address="+at, "--log.level=warn")
	cmd.Dir, cmd.Stderr = dir, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil || t.Failed() {
			t.Logf("prometheus: %v\n%s", err, &log)
		}
	})
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		if res, err := http.Get("http://" + at + "/-/ready"); err == nil {
			res.Body.Close()
			if res.StatusCode == 200 {
				return "http://" + at
			}
		}
		if time.Now().After(deadline) {
			t.Fatal("prometheus does not start")
		}
	}
}

// query says how many series an expression gives.
func query(t *testing.T, at, expr string) int {
	t.Helper()
	res, err := http.Get(at + "/api/v1/query?query=" + url.QueryEscape(expr))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Data struct{ Result []any }
	}
	if err := json.Unmarshal(text, &answer); err != nil || res.StatusCode != 200 {
		t.Fatal(fmt.Sprint(expr, ": ", string(text)))
	}
	return len(answer.Data.Result)
}
