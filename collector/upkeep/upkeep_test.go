package upkeep

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

// A clock that was set ahead by years, as by a dead battery, must not delete years of answers.
func TestClockThatJumpsAheadDeletesNothing(t *testing.T) {
	const year = 365 * 24 * time.Hour
	for name, test := range map[string]struct {
		running, jump time.Duration // how long it runs by the clock that only counts, and how far the other went ahead of it
		left          int
	}{
		"a steady clock":                {time.Hour, 0, 1},
		"set ahead by two days":         {time.Hour, 48 * time.Hour, 1},
		"set ahead by years":            {time.Hour, 3 * year, 1},
		"years that really have passed": {3 * year, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			now := time.Now()
			var log bytes.Buffer
			u := &Upkeep{store: st, uses: &auth.Uses{}, log: slog.New(slog.NewTextHandler(&log, nil)), now: func() time.Time { return now.Add(test.running + test.jump) },
				last: now, lastReal: now.Add(-test.running)}
			u.rest(t.Context())
			got, _, err := st.Responses(t.Context(), "shop", "s", "", 10)
			if err != nil || len(got) != test.left {
				t.Errorf("%d responses are left (%v), want %d", len(got), err, test.left)
			}
			if told := strings.Contains(log.String(), "ahead of time"); told != (test.jump > maxJump) {
				t.Errorf("the log: %s", &log)
			}
		})
	}
}

// open makes a database with one response on a site that keeps them for a year.
func open(t *testing.T) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "askwell.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	site := survey.Site{ID: "shop", Name: "Shop", Origins: []string{"https://shop.example"}, Retention: &survey.Retention{DeleteAfterDays: 365}}
	if _, err := st.PutSite(t.Context(), site, 0); err != nil {
		t.Fatal(err)
	}
	d, err := survey.ParseDefinition([]byte(`{"id": "s", "name": "S", "languages": ["en"], "questions": [{"id": "nps", "type": "nps", "title": "N"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.SaveDraft(t.Context(), "shop", d, 0); err != nil {
		t.Fatal(err)
	}
	for _, saved := range st.SaveResponses(t.Context(), []store.Response{{Site: "shop", Survey: "s", At: time.Now(), ID: fmt.Sprintf("0197c5c0-0000-7000-8000-%012d", 1),
		Version: 1, Seq: 1, State: survey.Completed, Class: survey.ClassLive, Channel: "web", Answers: json.RawMessage(`{"nps":9}`), Context: json.RawMessage(`{}`)}}) {
		if saved.Err != nil {
			t.Fatal(saved.Err)
		}
	}
	return st
}
