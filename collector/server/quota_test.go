package server_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
)

// publish makes a definition of the shop's survey live, with more of it than ExitDoc says.
func publish(c *servertest.Collector, more string) {
	c.T.Helper()
	doc := strings.Replace(servertest.ExitDoc, `"name": "Exit"`, `"name": "Exit"`+more, 1)
	if r := c.Do("GET", "/v1/sites/shop/surveys/exit", ""); r.Status == 200 {
		c.Must(200, "PUT", "/v1/sites/shop/surveys/exit", doc, "If-Match", r.Header.Get("ETag"))
	} else {
		c.Must(200, "PUT", "/v1/sites/shop/surveys/exit", doc)
	}
	c.Must(200, "POST", "/v1/sites/shop/surveys/exit/publish", "")
}

// classes counts the stored responses by class.
func classes(c *servertest.Collector) map[string]int {
	c.T.Helper()
	counts := map[string]int{}
	for _, item := range c.Must(200, "GET", "/v1/sites/shop/surveys/exit/responses?limit=1000", "").Body["items"].([]any) {
		counts[item.(map[string]any)["class"].(string)]++
	}
	return counts
}

// offers says whether the pages of the shop are told of its survey, as one that they may show.
func offers(c *servertest.Collector) bool {
	c.T.Helper()
	r := c.Must(200, "GET", "/w/shop.json", "") // 503: `go run ./scripts/build` first
	for _, s := range r.Body["surveys"].([]any) {
		if s.(map[string]any)["id"] == "exit" {
			return true
		}
	}
	return false
}

// eventually waits for what happens in the background.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s did not happen", what)
		}
	}
}

// Two hundred visitors race for a quota of fifty, and the collector restarts when half of them were
// there: whatever meets in a commit, fifty are in the score.
func TestQuotaIsExactWhileVisitorsRace(t *testing.T) {
	const quota, visitors = 50, 200
	cfg := server.Config{DB: filepath.Join(t.TempDir(), "askwell.db")}
	c := servertest.Start(t, cfg)
	c.Must(200, "PUT", "/v1/sites/shop", servertest.ShopSite)
	publish(c, fmt.Sprintf(`, "quota": {"completed": %d}`, quota))
	if !offers(c) {
		t.Fatal("it is not offered to begin with")
	}
	race := func(from, to int) {
		var all sync.WaitGroup
		for n := from; n < to; n++ {
			all.Go(func() {
				id := servertest.NewID()
				partial := strings.Replace(servertest.Response(id, `{"nps": 9}`, ""), `"completed"`, `"partial"`, 1)
				completed := strings.Replace(servertest.Response(id, `{"nps": 9}`, ""), `"seq": 1`, `"seq": 2`, 1)
				switch n % 4 {
				case 0: // at once
					c.Send(completed)
				case 1: // after a part of it
					c.Send(partial)
					c.Send(completed)
				case 2: // twice at the same time
					var both sync.WaitGroup
					both.Go(func() { c.Send(completed) })
					both.Go(func() { c.Send(completed) })
					both.Wait()
				case 3: // with a test and a bot in the same batch
					c.Send(servertest.Response(servertest.NewID(), `{"nps": 0}`, `, "test": true`), servertest.Response(servertest.NewID(), `{"nps": 0}`, `, "trap": true`), completed)
				}
			})
		}
		all.Wait()
	}
	race(0, 40)
	if got := classes(c); got["live"] != 40 || got["over_quota"] != 0 {
		t.Errorf("before the restart: %v", got)
	}
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	c = servertest.Start(t, cfg)
	race(40, visitors)

	if got := classes(c); got["live"] != quota || got["over_quota"] != visitors-quota || got["test"] != visitors/4 || got["bot"] != visitors/4 {
		t.Errorf("got %v, want %d live and %d over_quota", got, quota, visitors-quota)
	}
	if n := c.Must(200, "GET", "/v1/sites/shop/surveys/exit/scores?question=nps", "").Body["total"].(map[string]any)["n"]; n != float64(quota) {
		t.Errorf("the score counts %v, want %d", n, quota)
	}
	eventually(t, "the end of the offer", func() bool { return !offers(c) })

	publish(c, fmt.Sprintf(`, "quota": {"completed": %d}`, quota+1))
	if !offers(c) {
		t.Error("with a larger quota it is not offered again")
	}
	c.Send(servertest.Response(servertest.NewID(), `{"nps": 9}`, ""), servertest.Response(servertest.NewID(), `{"nps": 9}`, ""))
	if got := classes(c); got["live"] != quota+1 || got["over_quota"] != visitors-quota+1 {
		t.Errorf("with one more: %v", got)
	}
	if got := c.Metric(`askwell_responses_accepted_total{class="over_quota"}`); got < visitors-quota {
		t.Errorf("%v are counted as over_quota, want %d at least", got, visitors-quota)
	}
}

func TestOnlyTheFinalClassIsCounted(t *testing.T) {
	c := servertest.StartShop(t)
	publish(c, `, "quota": {"completed": 1}`)
	over := servertest.Response(servertest.NewID(), `{"nps": 9}`, "")
	c.Send(servertest.Response(servertest.NewID(), `{"nps": 9}`, ""))
	c.Send(over)
	c.Send(over) // a repeat
	for class, want := range map[string]float64{"live": 1, "over_quota": 2} {
		if got := c.Metric(`askwell_responses_accepted_total{class="` + class + `"}`); got != want {
			t.Errorf("%v of class %s are counted, want %v", got, class, want)
		}
	}
}
