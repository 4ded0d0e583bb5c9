package metrics

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/survey"
)

func text(t *testing.T, m *Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatal(w.Code, w.Body)
	}
	return w.Body.String()
}

func TestSurveysBeyondTheBoundAreCountedTogether(t *testing.T) {
	m := New(func() int { return 0 })
	for i := range maxSurveys + 10 {
		m.Accepted("shop", fmt.Sprint("survey", i), survey.ClassLive)
	}
	m.Accepted("shop", "survey0", survey.ClassBot)
	got := text(t, m)
	if n := strings.Count(got, "\naskwell_survey_responses_total{"); n != maxSurveys+1 {
		t.Errorf("there are %d series, want %d and one for the others", n, maxSurveys)
	}
	for _, line := range []string{
		`askwell_survey_responses_total{site="(other)",survey="(other)"} 10`,
		`askwell_survey_responses_total{site="shop",survey="survey0"} 2`,
		`askwell_responses_accepted_total{class="live"} 1010`,
		`askwell_responses_accepted_total{class="bot"} 1`,
	} {
		if !strings.Contains(got, line+"\n") {
			t.Errorf("no line %s", line)
		}
	}
}

func TestWhatClientsMakeUpIsNoLabel(t *testing.T) {
	m := New(func() int { return 7 })
	for i := range 100 {
		m.Request(fmt.Sprint("METHOD", i), "", 404, time.Millisecond)
	}
	got := text(t, m)
	if n := strings.Count(got, "askwell_request_seconds_count{"); n != 1 || !strings.Contains(got, `method="other",route="none",status="404"`) {
		t.Errorf("there are %d series of requests that matched nothing, want 1", n)
	}
	if !strings.Contains(got, "askwell_queue_responses 7\n") {
		t.Error("the queue's length is not told")
	}
}
