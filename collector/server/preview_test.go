package server_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
)

func TestPreviewLinkShowsTheDraftToWhoeverHasIt(t *testing.T) {
	at := time.Now()
	c := servertest.Start(t, server.Config{Hooks: server.Hooks{Now: func() time.Time { return at }}})
	c.MakeShop()
	etag := c.Must(200, "GET", "/v1/sites/shop/surveys/exit", "").Header.Get("ETag")
	c.Must(200, "PUT", "/v1/sites/shop/surveys/exit", strings.Replace(servertest.ExitDoc, "How likely?", "How drafted?", 1), "If-Match", etag)
	made := c.Must(200, "POST", "/v1/sites/shop/surveys/exit/preview", `{"hours": 2}`).Body
	token := made["token"].(string)
	if made["query"] != "askwell_preview="+token || made["expires_at"] != float64(at.Add(2*time.Hour).UnixMilli()) {
		t.Errorf("the link is %v", made)
	}
	config := func(query string) (c2 struct {
		Preview bool
		Surveys []struct {
			Version int
			Faces   map[string]string
		}
	}, r servertest.Reply) {
		r = c.Must(200, "GET", "/w/shop.json"+query, "")
		if err := json.Unmarshal([]byte(r.Text), &c2); err != nil {
			t.Fatal(err)
		}
		return c2, r
	}
	draft, r := config("?preview=" + token)
	if got := r.Header.Get("Cache-Control"); got != "no-store" || !draft.Preview || draft.Surveys[0].Version != 2 {
		t.Errorf("Cache-Control %q, %+v", got, draft)
	}
	if part := c.Must(200, "GET", "/w/a/"+draft.Surveys[0].Faces["en"]+".js", ""); !strings.Contains(part.Text, "How drafted?") {
		t.Error("the late part is not the draft's")
	}
	script := c.Must(200, "GET", "/w/shop.js?preview="+token, "")
	if got := script.Header.Get("Cache-Control"); got != "no-store" || !strings.Contains(script.Text, `preview:true`) {
		t.Errorf("Cache-Control %q: %s", got, script.Text)
	}
	if live, r := config(""); live.Preview || live.Surveys[0].Version != 1 || r.Header.Get("Cache-Control") == "no-store" {
		t.Errorf("visitors get %+v", live)
	}

	refused := func(path, why string) {
		t.Helper()
		r := c.Must(403, "GET", path, "")
		servertest.IsProblem(t, r)
		if !strings.Contains(r.Body["detail"].(string), why) || r.Header.Get("Cache-Control") != "no-store" || r.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s is answered %s, %v", path, r.Text, r.Header)
		}
	}
	c.Must(200, "PUT", "/v1/sites/other", `{"site": "other", "name": "Other", "origins": ["https://other.example"]}`)
	refused("/w/other.js?preview="+token, "not one of this site's")
	refused("/w/shop.js?preview="+strings.Replace(token, "exit.", "nps.", 1), "not one of this site's")
	refused("/w/shop.js?preview=x", "not one of this site's")
	at = at.Add(2 * time.Hour)
	refused("/w/shop.js?preview="+token, "expired")

	c.Must(422, "POST", "/v1/sites/shop/surveys/exit/preview", `{"hours": 721}`)
	c.Must(422, "POST", "/v1/sites/shop/surveys/exit/preview", `{"hours": 0}`)
	c.Must(404, "POST", "/v1/sites/shop/surveys/nope/preview", `{}`)
	if got := c.Must(200, "POST", "/v1/sites/shop/surveys/exit/preview", `{}`).Body["expires_at"]; got != float64(at.Add(24*time.Hour).UnixMilli()) {
		t.Errorf("without hours it expires at %v", got)
	}
}

func TestPreviewLinkSurvivesARestart(t *testing.T) {
	db := t.TempDir() + "/askwell.db"
	c := servertest.Start(t, server.Config{DB: db})
	c.MakeShop()
	token := c.Must(200, "POST", "/v1/sites/shop/surveys/exit/preview", `{}`).Body["token"].(string)
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	servertest.Start(t, server.Config{DB: db}).Must(200, "GET", "/w/shop.js?preview="+token, "")
}

// Pages must hear within a minute that a quota is used up, so they may not use an old script meanwhile.
func TestHowLongAScriptMayBeKept(t *testing.T) {
	c := servertest.StartShop(t)
	kept := func(path string) string { return c.Must(200, "GET", path, "").Header.Get("Cache-Control") }
	if got := kept("/w/shop.js"); got != "public, max-age=60, stale-while-revalidate=600" {
		t.Errorf("without a quota: %s", got)
	}
	publish(c, `, "quota": {"completed": 5}`)
	for _, path := range []string{"/w/shop.js", "/w/shop.json"} {
		if got := kept(path); got != "public, max-age=30" {
			t.Errorf("%s with a quota: %s", path, got)
		}
	}
}

func TestFilesThatEverySiteHas(t *testing.T) {
	c := servertest.StartShop(t)
	for _, name := range []string{"queue", "tools"} {
		r := c.Must(200, "GET", "/w/a/"+name+".js", "", "Accept-Encoding", "br") // 404: `go run ./scripts/build` first
		if r.Header.Get("Cache-Control") != "public, max-age=60, stale-while-revalidate=600" || r.Header.Get("Content-Encoding") != "br" {
			t.Errorf("%s: %v", name, r.Header)
		}
		c.Must(304, "GET", "/w/a/"+name+".js", "", "If-None-Match", r.Header.Get("ETag"))
	}
	c.Must(404, "GET", "/w/a/engine.js", "")
}
