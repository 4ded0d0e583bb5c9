package upkeep

import (
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/intake"
	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

func TestWhatVisitorsWriteIsIndexed(t *testing.T) {
	st := open(t)
	d, err := survey.ParseDefinition([]byte(`{"id": "words", "name": "W", "languages": ["en"], "questions": [{"id": "why", "type": "text", "title": "W"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.SaveDraft(t.Context(), "shop", d, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := st.Publish(t.Context(), "shop", "words", 0, time.Now()); err != nil {
		t.Fatal(err)
	}
	u := Start(st, &auth.Uses{}, &intake.DryRuns{}, slog.New(slog.DiscardHandler), time.Now)
	defer u.Stop()
	for _, saved := range st.SaveResponses(t.Context(), []store.Response{{Site: "shop", Survey: "words", At: time.Now(), ID: "0197c5c0-0000-7000-8000-000000000009",
		Version: 1, Seq: 1, State: survey.Completed, Class: survey.ClassLive, Channel: "web", Verbatim: true,
		Answers: json.RawMessage(`{"why":"slow"}`), Context: json.RawMessage(`{}`)}}) {
		if saved.Err != nil {
			t.Fatal(saved.Err)
		}
	}
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if more, err := st.ToIndex(t.Context()); err != nil || time.Now().After(deadline) {
			t.Fatalf("%d are still to be indexed, %v", more, err)
		} else if more == 0 {
			return
		}
	}
}
