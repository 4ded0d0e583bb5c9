package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

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
		fmt.Sprintf("?from=%d", now+60_000):                   0,
		fmt.Sprintf("?to=%d", now-60_000):                     0,
		fmt.Sprintf("?from=%d&to=%d", now-60_000, now+60_000): 1,
	} {
		if got := c.Must(200, "GET", path+query, "").Body["total"].(map[string]any)["n"]; got != want {
			t.Errorf("%s: n is %v, want %v", query, got, want)
		}
	}
	servertest.IsProblem(t, c.Must(422, "GET", path+"?frm=1", ""))
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
