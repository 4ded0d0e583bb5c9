package server_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
)

// What keys open: /v1, and the ops routes.

func TestAnAnswerComesBackInTheScore(t *testing.T) {
	c := servertest.StartShop(t)
	for _, score := range []int{10, 9, 9, 7, 3} {
		r := c.Send(servertest.Response(servertest.NewID(), fmt.Sprintf(`{"nps": %d}`, score), ""))
		if len(r.Body["accepted"].([]any)) != 1 {
			t.Fatal(r.Text)
		}
	}
	c.Send(servertest.Response(servertest.NewID(), `{"nps": 0}`, `, "test": true`)) // kept, never in a score
	got := c.Must(200, "GET", "/v1/sites/shop/surveys/exit/scores", "").Body
	total := got["total"].(map[string]any)
	if total["n"] != 5.0 || total["score"] != 40.0 || got["metric"] != "nps" || got["question"] != "nps" ||
		!strings.Contains(got["formula"].(string), "promoters") || total["interval"].(map[string]any)["method"] != "adjusted-wald" {
		t.Errorf("got %v", got)
	}
	if n := len(c.Responses()); n != 6 {
		t.Errorf("got %d responses, want 6", n)
	}
}

func TestScoresTakeATimeRangeAndNoUnknownParameter(t *testing.T) {
	c := servertest.StartShop(t)
	c.Send(servertest.Response(servertest.NewID(), `{"nps": 9}`, ""))
	const path = "/v1/sites/shop/surveys/exit/scores"
	now := time.Now().UnixMilli()
	for query, want := range map[string]float64{
		fmt.Sprintf("?from=%d", now-60_000):                   1,
		fmt.Sprintf("?to=%d", now-60_000):                     0,
		fmt.Sprintf("?from=%d&to=%d", now-60_000, now+60_000): 1,
	} {
		if got := c.Must(200, "GET", path+query, "").Body["total"].(map[string]any)["n"]; got != want {
			t.Errorf("%s: n is %v, want %v", query, got, want)
		}
	}
	servertest.IsProblem(t, c.Must(422, "GET", path+"?frm=1", ""))
	servertest.IsProblem(t, c.Must(422, "GET", path+"?from=2&to=1", ""))
	servertest.IsProblem(t, c.Must(422, "GET", fmt.Sprintf("%s?from=%d", path, now+60_000), ""))
	servertest.IsProblem(t, c.Must(422, "GET", path+"?question=why", ""))
}

func TestKeys(t *testing.T) {
	c := servertest.StartShop(t)
	reader := c.Must(201, "POST", "/v1/keys", `{"name": "analyst", "scope": "read"}`).Body["key"].(string)
	writer := c.Must(201, "POST", "/v1/keys", `{"name": "ci", "scope": "write"}`).Body["key"].(string)
	for name, test := range map[string]struct {
		key, method, path, body string
		status                  int
	}{
		"no key":                    {"", "GET", "/v1/sites", "", 401},
		"a wrong key":               {"Bearer ask_nope", "GET", "/v1/sites", "", 401},
		"a key in another scheme":   {"Basic " + reader, "GET", "/v1/sites", "", 401},
		"reading with read":         {"Bearer " + reader, "GET", "/v1/sites/shop/surveys/exit/scores", "", 200},
		"writing with read":         {"Bearer " + reader, "PUT", "/v1/sites/new", `{"site": "new", "name": "n", "origins": ["https://a.example"]}`, 403},
		"writing with write":        {"Bearer " + writer, "PUT", "/v1/sites/new", `{"site": "new", "name": "n", "origins": ["https://a.example"]}`, 200},
		"making a key with write":   {"Bearer " + writer, "POST", "/v1/keys", `{"name": "x", "scope": "admin"}`, 403},
		"metrics without a key":     {"", "GET", "/metrics", "", 401},
		"metrics with a read key":   {"Bearer " + reader, "GET", "/metrics", "", 200},
		"health needs no key":       {"", "GET", "/healthz", "", 200},
		"readiness needs no key":    {"", "GET", "/readyz", "", 200},
		"the document needs no key": {"", "GET", "/openapi.json", "", 200},
	} {
		t.Run(name, func(t *testing.T) {
			r := c.Do(test.method, test.path, test.body, "Authorization", test.key)
			if r.Status != test.status {
				t.Fatalf("got %d, want %d: %s", r.Status, test.status, r.Text)
			}
			if r.Status >= 400 {
				servertest.IsProblem(t, r)
			}
		})
	}
}

func TestDraftsPublishAndStatus(t *testing.T) {
	c := servertest.StartShop(t)
	const path = "/v1/sites/shop/surveys/exit"
	first := c.Must(200, "GET", path, "")
	if first.Body["live_version"] != 1.0 || first.Body["status"] != "live" {
		t.Fatal(first.Text)
	}
	renamed := strings.Replace(servertest.ExitDoc, `"How likely?"`, `"How likely is it?"`, 1)
	servertest.IsProblem(t, c.Must(412, "PUT", path, renamed)) // exists, and no If-Match
	servertest.IsProblem(t, c.Must(412, "PUT", path, renamed, "If-Match", `"99"`))
	servertest.IsProblem(t, c.Must(412, "PUT", path, renamed, "If-Match", `nonsense`))
	saved := c.Must(200, "PUT", path, renamed, "If-Match", first.Header.Get("ETag"))
	if saved.Body["live_version"] != 1.0 {
		t.Error("saving a draft changed what visitors see")
	}
	servertest.IsProblem(t, c.Must(412, "POST", path+"/publish", "", "If-Match", first.Header.Get("ETag")))
	if got := c.Must(200, "POST", path+"/publish", "", "If-Match", saved.Header.Get("ETag")); got.Body["live_version"] != 2.0 {
		t.Error(got.Text)
	}
	if got := c.Must(200, "POST", path+"/publish", ""); got.Body["live_version"] != 2.0 {
		t.Errorf("publishing the same again made a version: %s", got.Text)
	}
	live := func() bool { return strings.Contains(c.Must(200, "GET", "/w/shop.json", "").Text, `"id":"exit"`) }
	c.Must(200, "POST", path+"/status", `{"status": "paused"}`)
	if live() {
		t.Error("a paused survey is offered")
	}
	if r := c.Send(servertest.Response(servertest.NewID(), `{"nps": 1}`, "")); len(r.Body["accepted"].([]any)) != 1 {
		t.Errorf("an answer to an earlier version of a paused survey is refused: %s", r.Text)
	}
	c.Must(200, "POST", path+"/status", `{"status": "live"}`)
	if !live() {
		t.Error("a resumed survey is not offered")
	}
	rescaled := strings.Replace(servertest.ExitDoc, `"type": "nps"`, `"type": "ces"`, 1)
	r := c.Must(422, "PUT", path, rescaled, "If-Match", c.Must(200, "GET", path, "").Header.Get("ETag"))
	if !strings.Contains(r.Text, "questions[0].type") {
		t.Errorf("a published question changed its type: %s", r.Text)
	}
}

func TestAClientsWordsDoNotBecomeLabelsOrIDs(t *testing.T) {
	c := servertest.StartShop(t)
	r := c.Do("EVIL", "/v1/sites", "", "X-Request-Id", "theirs")
	if got := r.Header.Get("X-Request-Id"); got == "" || got == "theirs" {
		t.Errorf("the request id is %q", got)
	}
	if got := c.Must(200, "GET", "/metrics", "", "Authorization", "bearer "+servertest.Key).Text; strings.Contains(got, "EVIL") {
		t.Error("a made-up method is a label")
	}
	if r := c.Do("HEAD", "/w/shop.js", ""); r.Status != 200 {
		t.Errorf("HEAD: %d", r.Status)
	}
}

func TestKeyOfOneSiteOpensThatSiteAlone(t *testing.T) {
	c := servertest.StartShop(t)
	c.Must(200, "PUT", "/v1/sites/blog", strings.Replace(servertest.ShopSite, `"shop"`, `"blog"`, 1))
	made := c.Must(201, "POST", "/v1/keys", `{"name": "shop's", "scope": "admin", "site": "shop"}`)
	with := []string{"Authorization", "Bearer " + made.Body["key"].(string)}
	for path, status := range map[string]int{
		"/v1/sites/shop":                     200,
		"/v1/sites/shop/surveys/exit/scores": 200,
		"/v1/sites/blog":                     403,
		"/v1/sites/blog/surveys":             403,
		"/v1/sites/nope":                     403, // nor whether it is there
		"/metrics":                           403,
	} {
		if r := c.Do("GET", path, "", with...); r.Status != status {
			t.Errorf("GET %s: %d, want %d", path, r.Status, status)
		}
	}
	if got := c.Must(200, "GET", "/v1/sites", "", with...).Body["items"].([]any); len(got) != 1 {
		t.Errorf("it sees the sites %v", got)
	}
	c.Must(403, "POST", "/v1/keys", `{"name": "more", "scope": "read"}`, with...)
	c.Must(403, "POST", "/v1/keys", `{"name": "more", "scope": "read", "site": "blog"}`, with...)
	c.Must(201, "POST", "/v1/keys", `{"name": "more", "scope": "read", "site": "shop"}`, with...)
	c.Must(404, "POST", "/v1/keys", `{"name": "more", "scope": "read", "site": "nope"}`)
	if got := c.Must(200, "GET", "/v1/keys", "", with...).Body["items"].([]any); len(got) != 2 {
		t.Errorf("it sees the keys %v", got)
	}
	all := c.Must(200, "GET", "/v1/keys", "").Body["items"].([]any)
	first := all[0].(map[string]any)["id"].(string)
	c.Must(404, "DELETE", "/v1/keys/"+first, "", with...)
	for _, entry := range c.Must(200, "GET", "/v1/audit", "", with...).Body["items"].([]any) {
		if entry.(map[string]any)["site"] != "shop" {
			t.Errorf("it sees %v in the audit log", entry)
		}
	}
	servertest.IsProblem(t, c.Must(409, "DELETE", "/v1/keys/"+first, "")) // the last admin key
}

func TestAKeyIsListedWithItsLastUseAndRevoked(t *testing.T) {
	c := servertest.StartShop(t)
	made := c.Must(201, "POST", "/v1/keys", `{"name": "analyst", "scope": "read"}`)
	secret, id := made.Body["key"].(string), made.Body["id"].(string)
	find := func() map[string]any {
		t.Helper()
		r := c.Must(200, "GET", "/v1/keys", "")
		if strings.Contains(r.Text, secret) || strings.Contains(r.Text, "hash") {
			t.Errorf("the list shows the secret: %s", r.Text)
		}
		for _, item := range r.Body["items"].([]any) {
			if item := item.(map[string]any); item["id"] == id {
				return item
			}
		}
		t.Fatal("the key is not in the list")
		return nil
	}
	if got := find(); got["last_used_at"] != nil || got["name"] != "analyst" || got["scope"] != "read" {
		t.Errorf("a new key is %v", got)
	}
	c.Must(200, "GET", "/v1/sites", "", "Authorization", "Bearer "+secret)
	if got := find(); got["last_used_at"] == nil {
		t.Error("its use is not recorded")
	}
	c.Must(204, "DELETE", "/v1/keys/"+id, "")
	r := c.Must(401, "GET", "/v1/sites", "", "Authorization", "Bearer "+secret)
	servertest.IsProblem(t, r)
	if r.Header.Get("WWW-Authenticate") != "Bearer" {
		t.Errorf("WWW-Authenticate %q", r.Header.Get("WWW-Authenticate"))
	}
	if got := find(); got["revoked_at"] == nil {
		t.Error("the list does not say that it was revoked")
	}
}

// Over every route of a site that the document knows: one that forgets to ask would show here.
func TestKeyOfOneSiteIsRefusedOnEveryRouteOfAnother(t *testing.T) {
	c := servertest.StartShop(t)
	c.Must(200, "PUT", "/v1/sites/blog", strings.Replace(servertest.ShopSite, `"shop"`, `"blog"`, 1))
	key := c.Must(201, "POST", "/v1/keys", `{"name": "blog's", "scope": "admin", "site": "blog"}`).Body["key"].(string)
	tried := 0
	for path, operations := range c.Must(200, "GET", "/openapi.json", "").Body["paths"].(map[string]any) {
		if !strings.HasPrefix(path, "/v1/sites/{site}") {
			continue
		}
		at := strings.NewReplacer("{site}", "shop", "{survey}", "exit", "{version}", "1").Replace(path)
		for method := range operations.(map[string]any) {
			if method == "parameters" {
				continue
			}
			tried++
			if r := c.Do(strings.ToUpper(method), at, `{}`, "Authorization", "Bearer "+key); r.Status != 403 {
				t.Errorf("%s %s: %d, want 403: %s", method, at, r.Status, r.Text)
			}
		}
	}
	if tried < 12 {
		t.Errorf("only %d routes were tried", tried)
	}
}

func TestNamesThatSteerATerminalAreRefused(t *testing.T) {
	c := servertest.StartShop(t)
	for _, name := range []string{`a\nb`, `\u001b[31m`, `\u202e`} {
		servertest.IsProblem(t, c.Must(422, "POST", "/v1/keys", `{"name": "`+name+`", "scope": "read"}`))
		servertest.IsProblem(t, c.Must(422, "PUT", "/v1/sites/other", strings.Replace(servertest.ShopSite, `"name": "Shop"`, `"name": "`+name+`"`, 1)))
	}
}

func TestRevokedKeyOfTheEnvironmentIsNotTakenAgain(t *testing.T) {
	db := filepath.Join(t.TempDir(), "askwell.db")
	c := servertest.Start(t, server.Config{DB: db})
	other := c.Must(201, "POST", "/v1/keys", `{"name": "other", "scope": "admin"}`).Body["key"].(string)
	c.Must(204, "DELETE", "/v1/keys/environment", "", "Authorization", "Bearer "+other)
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	_, err := server.Start(t.Context(), server.Config{DB: db, Addr: "127.0.0.1:0", AdminKey: servertest.Key, LogLevel: "error"}, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "revoked") {
		t.Errorf("it starts with a revoked key: %v", err)
	}
	if info, err := os.Stat(db); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the database is readable for others: %v, %v", info.Mode(), err)
	}
}
