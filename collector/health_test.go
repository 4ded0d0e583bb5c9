package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
)

func health(t *testing.T, url string) (string, error) {
	t.Helper()
	t.Setenv("ASKWELL_ADDR", strings.TrimPrefix(url, "http://"))
	var out bytes.Buffer
	err := run(t.Context(), []string{"health"}, &out, &out)
	return out.String(), err
}

func TestHealthAsksTheCollectorOfTheEnvironment(t *testing.T) {
	c := servertest.Start(t, server.Config{})
	if out, err := health(t, c.URL); err != nil || out != "ok\n" {
		t.Errorf("of a collector that runs: %q, %v", out, err)
	}
	ill := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
	}))
	_, err := health(t, ill.URL)
	if err == nil || !strings.Contains(err.Error(), "503") || !strings.Contains(err.Error(), "the database does not answer") {
		t.Errorf("of one that cannot work: %v", err)
	}
	ill.Close()
	if _, err := health(t, ill.URL); err == nil || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("of none: %v", err)
	}
}

func TestTheVersionIsSaid(t *testing.T) {
	c := servertest.Start(t, server.Config{Version: "v1.2.3"})
	if got := c.Must(200, "GET", "/healthz", "").Text; got != "ok v1.2.3\n" {
		t.Errorf("/healthz says %q", got)
	}
}
