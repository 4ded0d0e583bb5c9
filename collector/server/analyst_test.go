package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/servertest"
)

func analyst(t *testing.T, dir string, env []string, program string, args ...string) string {
	t.Helper()
	home, err := filepath.Abs(filepath.Join("..", "..", "examples", "analyst"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(home, "node_modules")); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("examples/analyst has no node_modules: make node_modules")
		}
		t.Skip("SKIPPED: examples/analyst is not installed (make node_modules)")
	}
	args = slices.Clone(args)
	for i, arg := range args {
		if _, err := os.Stat(filepath.Join(home, arg)); err == nil && !filepath.IsAbs(arg) {
			args[i] = filepath.Join(home, arg)
		}
	}
	var stdout, stderr bytes.Buffer
	command := exec.CommandContext(t.Context(), program, args...)
	command.Dir, command.Env, command.Stdout, command.Stderr = dir, append(os.Environ(), env...), &stdout, &stderr
	if err := command.Run(); err != nil {
		t.Fatalf("%s %v: %v: %s%s", program, args, err, stdout.String(), stderr.String())
	}
	return stdout.String()
}

func examplesSayWhatTheAPISays(t *testing.T, c *servertest.Collector, all []given) {
	t.Parallel()
	dir := t.TempDir()
	key := c.Must(201, "POST", "/v1/keys", `{"name": "analyst", "scope": "read", "site": "shop"}`).Body["key"].(string)
	curl := func() {
		t.Helper()
		analyst(t, dir, []string{"KEY=" + key}, "sh", "curl.sh", c.URL, "shop", "exit", "2026-06-01", "2026-11-02") // Mondays
	}
	curl()
	read := func() []byte {
		data, err := os.ReadFile(filepath.Join(dir, "responses.ndjson"))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	from, to := time.Date(2026, 6, 1, 0, 0, 0, 0, warsaw), time.Date(2026, 11, 2, 0, 0, 0, 0, warsaw)
	within := func(g *given) bool { return !g.at.Before(from) && g.at.Before(to) }
	whole := 0
	for i := range all {
		if within(&all[i]) {
			whole++
		}
	}
	first := read()
	if n := bytes.Count(first, []byte("\n")); n != whole {
		t.Errorf("%d rows, want %d", n, whole)
	}
	newest, older, _ := bytes.Cut(first, []byte("\n"))
	write("responses.ndjson", older) // as if the newest had come since
	write("responses.shop.exit.2026-01-01.2026-11-02.part", newest)
	curl()
	if again := read(); !bytes.Equal(again, first) {
		t.Errorf("%d bytes, want %d: a run after a whole one, and one of another period that was broken off, is not made anew", len(again), len(first))
	}
	// Broken off in the middle of a row; its first row is there twice, to be known by.
	write("responses.shop.exit.2026-06-01.2026-11-02.part", slices.Concat(newest, []byte("\n"), first[:len(first)/2]))
	curl()
	if again := read(); !bytes.Equal(again, slices.Concat(newest, []byte("\n"), first)) {
		t.Errorf("%d bytes, want %d: a run does not go on where one was broken off", len(again), len(newest)+1+len(first))
	}
	home, err := filepath.Abs(filepath.Join("..", "..", "examples", "analyst", "curl.sh"))
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "sh", home, c.URL, "shop", "exit")
	command.Dir, command.Env = t.TempDir(), append(os.Environ(), "KEY="+key, "QUESTION=why")
	if out, err := command.CombinedOutput(); err == nil || !bytes.Contains(out, []byte("query.question")) {
		t.Errorf("QUESTION names one without a score: %v: %s", err, out)
	}

	var weeks []struct {
		Week, N          string
		Score, Low, High float64
	}
	query := func(file string, rows any) {
		t.Helper()
		if err := json.Unmarshal([]byte(analyst(t, dir, nil, "node", "query.mjs", file)), rows); err != nil {
			t.Fatal(err)
		}
	}
	query("weekly.sql", &weeks)
	series := items(c.Must(200, "GET", shopExit+"/scores?from=2026-06-01&to=2026-11-02&every=week", "").Body["series"])
	if len(weeks) != 22 || len(series) != 22 {
		t.Fatalf("%d weeks in SQL, %d in the API", len(weeks), len(series))
	}
	for i, p := range series {
		w, day := weeks[i], time.UnixMilli(int64(p["from"].(float64))).In(warsaw).Format(time.DateOnly)
		if w.Week != day || w.N != fmt.Sprint(at(p, "total", "n")) || w.Score != at(p, "total", "score") || w.Low != at(p, "total", "interval", "low") || w.High != at(p, "total", "interval", "high") {
			t.Errorf("week %s: SQL says %v, the API %v", day, w, p["total"])
		}
	}
	var reasons []struct {
		Reason, N string
		Score     float64
	}
	query("reasons.sql", &reasons)
	for _, r := range reasons {
		n, nps := recount(all, func(g *given) bool { return within(g) && g.reason == r.Reason })
		if r.N != strconv.Itoa(n) || !near(r.Score, nps) {
			t.Errorf("%s: SQL says %s of %v, counted %d of %v", r.Reason, r.N, r.Score, n, nps)
		}
	}
	if len(reasons) != 2 {
		t.Errorf("%d reasons", len(reasons))
	}

	var pivot map[string]struct{ N, Sum float64 }
	if err := json.Unmarshal([]byte(analyst(t, dir, nil, "node", "pivot.mjs", "responses.xlsx", "device", "nps")), &pivot); err != nil {
		t.Fatal(err)
	}
	for _, device := range []string{"desktop", "mobile", "tablet"} {
		sum := 0
		n, _ := recount(all, func(g *given) bool {
			is := within(g) && g.device == device
			if is {
				sum += g.nps
			}
			return is
		})
		if pivot[device].N != float64(n) || pivot[device].Sum != float64(sum) {
			t.Errorf("%s: the spreadsheet has %v, counted %d, sum %d", device, pivot[device], n, sum)
		}
	}
}
