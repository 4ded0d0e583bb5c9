package server_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
)

// A site says how long it keeps responses; the collector keeps to it by itself.
func TestRetentionIsKept(t *testing.T) {
	db := filepath.Join(t.TempDir(), "askwell.db")
	now := time.Now()
	// The program is started again, so many days later.
	later := func(days int) *servertest.Collector {
		return servertest.Start(t, server.Config{DB: db, Hooks: server.Hooks{Now: func() time.Time { return now.AddDate(0, 0, days) }}})
	}
	c := later(0)
	c.MakeShop()
	etag := c.Must(200, "GET", "/v1/sites/shop", "").Header.Get("ETag")
	c.Must(200, "PUT", "/v1/sites/shop", strings.Replace(servertest.ShopSite, `"name"`,
		`"retention": {"anonymise_after_days": 10, "delete_after_days": 20}, "name"`, 1), "If-Match", etag)
	c.Send(servertest.Response(servertest.NewID(), `{"nps": 9}`, `, "user": "u-42", "visitor": "v-1", "traits": {"plan": "pro"}`))
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}

	until := func(c *servertest.Collector, what string, done func([]any) bool) {
		t.Helper()
		for deadline := time.Now().Add(30 * time.Second); !done(c.Responses()); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%s: %v", what, c.Responses())
			}
		}
	}
	c = later(11)
	until(c, "after 11 days it is not anonymous", func(got []any) bool {
		return len(got) == 1 && got[0].(map[string]any)["user"] == nil
	})
	if r := c.Responses()[0].(map[string]any); r["visitor"] != nil || r["traits"] != nil || r["answers"].(map[string]any)["nps"] != 9.0 {
		t.Errorf("anonymised to %v", r)
	}
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	c = later(21)
	until(c, "after 21 days it is not deleted", func(got []any) bool { return len(got) == 0 })
	until(c, "what was done is not in the audit log", func([]any) bool {
		audit := c.Must(200, "GET", "/v1/audit", "").Text
		return strings.Contains(audit, "retention.delete") && strings.Contains(audit, "retention.anonymise")
	})
}
