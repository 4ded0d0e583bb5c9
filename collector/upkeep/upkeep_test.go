package upkeep

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

// A clock that was set ahead by years, as by a dead battery, must not delete years of answers.
func TestClockThatJumpsAheadDeletesNothing(t *testing.T) {
	for name, test := range map[string]struct {
		jump time.Duration
		left int
	}{
		"a steady clock":        {0, 1},
		"set ahead by two days": {48 * time.Hour, 1},
		"set ahead by years":    {3 * 365 * 24 * time.Hour, 1},
	} {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			start := time.Now()
			var calls atomic.Int64
			var log bytes.Buffer
			u := Start(st, &auth.Uses{}, slog.New(slog.NewTextHandler(&log, nil)), func() time.Time {
				if calls.Add(1) > 1 { // the first is the start itself
					return start.Add(test.jump)
				}
				return start
			})
			for calls.Load() < 3 { // retention, and then what is erased, were looked at
				time.Sleep(time.Millisecond)
			}
			u.Stop()
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
	for _, err := range st.SaveResponses(t.Context(), []store.Response{{Site: "shop", Survey: "s", At: time.Now(), ID: fmt.Sprintf("0197c5c0-0000-7000-8000-%012d", 1),
		Version: 1, Seq: 1, State: survey.Completed, Class: survey.ClassLive, Channel: "web", Answers: json.RawMessage(`{"nps":9}`), Context: json.RawMessage(`{}`)}}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	return st
}
