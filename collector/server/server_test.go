package server_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
)

func TestAKeyThatWasNeverPrintedWasNeverMade(t *testing.T) {
	taken := servertest.StartShop(t)
	db := filepath.Join(t.TempDir(), "askwell.db")
	cfg := server.Config{Addr: strings.Replace(taken.URL, "http://localhost", "127.0.0.1", 1), DB: db, LogLevel: "error"}
	if _, err := server.Start(t.Context(), cfg, io.Discard); err == nil {
		t.Fatal("it started on a port in use")
	}
	cfg.Addr = "127.0.0.1:0"
	app, err := server.Start(t.Context(), cfg, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer app.Stop()
	if app.AdminKey == "" {
		t.Error("the first key is lost")
	}
}

func TestWhatWasAcceptedSurvivesAStop(t *testing.T) {
	db := filepath.Join(t.TempDir(), "askwell.db")
	app, err := server.Start(t.Context(), server.Config{Addr: "127.0.0.1:0", DB: db, AdminKey: servertest.Key, LogLevel: "error"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	c := &servertest.Collector{App: app, T: t}
	c.Must(200, "PUT", "/v1/sites/shop", servertest.ShopSite)
	c.Must(200, "PUT", "/v1/sites/shop/surveys/exit", servertest.ExitDoc)
	c.Must(200, "POST", "/v1/sites/shop/surveys/exit/publish", "")

	// Clients keep sending while the collector is told to stop: whoever heard "accepted" must be there.
	accepted := make(chan string, 10_000)
	done := make(chan struct{})
	for range 8 {
		go func() {
			defer func() { done <- struct{}{} }()
			for {
				id := servertest.NewID()
				body := fmt.Sprintf(`{"sent_at": 1, "responses": [%s]}`, servertest.Response(id, `{"nps": 9}`, ""))
				req, _ := http.NewRequest("POST", app.URL+"/w/shop", strings.NewReader(body))
				req.Header.Set("Origin", "https://shop.example")
				res, err := http.DefaultClient.Do(req)
				if err != nil {
					return // stopped
				}
				text, err := io.ReadAll(res.Body)
				res.Body.Close()
				if err != nil || res.StatusCode != 200 {
					return
				}
				if bytes.Contains(text, []byte(`"accepted":["`+id)) {
					accepted <- id
				}
			}
		}()
	}
	first := <-accepted // the load is running
	if err := app.Stop(); err != nil {
		t.Error(err)
	}
	for range 8 {
		<-done
	}
	close(accepted)

	again := servertest.Start(t, server.Config{DB: db})
	stored := map[string]bool{}
	for cursor := ""; ; {
		page := again.Must(200, "GET", "/v1/sites/shop/surveys/exit/responses?limit=1000&cursor="+cursor, "")
		for _, item := range page.Body["items"].([]any) {
			stored[item.(map[string]any)["id"].(string)] = true
		}
		next, more := page.Body["next"].(string)
		if !more {
			break
		}
		cursor = next
	}
	n := 1
	if !stored[first] {
		t.Errorf("lost %s", first)
	}
	for id := range accepted {
		n++
		if !stored[id] {
			t.Errorf("lost %s", id)
		}
	}
	t.Logf("%d accepted, %d stored", n, len(stored))
}

func TestWhyItDoesNotStart(t *testing.T) {
	c := servertest.StartShop(t)
	port := strings.TrimPrefix(c.URL, "http://localhost:")
	dir := t.TempDir()
	for name, test := range map[string]struct {
		cfg  server.Config
		want string
	}{
		"a port in use":        {server.Config{Addr: "127.0.0.1:" + port, DB: filepath.Join(dir, "a.db")}, "cannot listen on 127.0.0.1:" + port},
		"a folder missing":     {server.Config{Addr: "127.0.0.1:0", DB: filepath.Join(dir, "none", "a.db")}, "there is no folder"},
		"a folder as file":     {server.Config{Addr: "127.0.0.1:0", DB: dir}, "cannot open the database " + dir},
		"a short admin key":    {server.Config{Addr: "127.0.0.1:0", DB: filepath.Join(dir, "b.db"), AdminKey: "short"}, "at least 20"},
		"an unknown log level": {server.Config{Addr: "127.0.0.1:0", DB: filepath.Join(dir, "c.db"), LogLevel: "loud"}, "loud"},
	} {
		t.Run(name, func(t *testing.T) {
			if test.cfg.LogLevel == "" {
				test.cfg.LogLevel = "error"
			}
			app, err := server.Start(t.Context(), test.cfg, io.Discard)
			if err == nil {
				app.Stop()
				t.Fatal("it started")
			}
			if !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %q, want one line with %q", err, test.want)
			}
		})
	}
}
