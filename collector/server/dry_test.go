package server_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
)

func TestDryRun(t *testing.T) {
	clock := time.Date(2026, 11, 22, 22, 30, 0, 0, time.UTC) // 23:30 in Warsaw
	cfg := server.Config{DB: filepath.Join(t.TempDir(), "askwell.db"), Hooks: server.Hooks{Now: func() time.Time { return clock }}}
	c := servertest.Start(t, cfg)
	c.Must(200, "PUT", "/v1/sites/shop", strings.Replace(servertest.ShopSite, `"name"`, `"timezone": "Europe/Warsaw", "name"`, 1))
	publish(c, "")
	dry := func(status int, trigger string, headers ...string) {
		t.Helper()
		c.Must(status, "POST", "/w/shop/dry", fmt.Sprintf(`{"survey": "exit", "trigger": %q}`, trigger), headers...)
	}
	read := func(query string) []string {
		t.Helper()
		r := c.Must(200, "GET", "/v1/sites/shop/surveys/exit/dry-run"+query, "")
		total, lines := 0.0, []string{}
		for _, item := range r.Body["items"].([]any) {
			item := item.(map[string]any)
			lines = append(lines, fmt.Sprint(item["day"], " ", item["trigger"], " ", item["n"]))
			total += item["n"].(float64)
		}
		if r.Body["total"] != total {
			t.Errorf("total %v of %v", r.Body["total"], lines)
		}
		return lines
	}
	want := func(when string, got []string, lines ...string) {
		t.Helper()
		if diff := cmp.Diff(append([]string{}, lines...), got); diff != "" {
			t.Errorf("%s: %s", when, diff)
		}
	}
	dry(409, "url") // it shows
	publish(c, `, "dry_run": true`)
	want("before anything", read(""))
	dry(204, "url")
	dry(204, "click")
	dry(204, "url")
	dry(422, "api")
	dry(422, "")
	dry(204, "url", "User-Agent", "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)")
	clock = clock.Add(time.Hour)
	dry(204, "url")
	want("two days", read(""), "2026-11-22 click 1", "2026-11-22 url 2", "2026-11-23 url 1")
	midnight := time.Date(2026, 11, 22, 23, 0, 0, 0, time.UTC).UnixMilli() // in Warsaw
	want("to midnight", read(fmt.Sprint("?to=", midnight)), "2026-11-22 click 1", "2026-11-22 url 2")
	want("from midnight", read(fmt.Sprint("?from=", midnight)), "2026-11-23 url 1")
	want("of another year", read("?from=1900000000000&to=9000000000000000"))
	dry(204, "url")
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	c = servertest.Start(t, cfg)
	want("after a stop", read(""), "2026-11-22 click 1", "2026-11-22 url 2", "2026-11-23 url 2")
	if n := len(c.Responses()); n != 0 {
		t.Errorf("%d responses are stored", n)
	}
}
