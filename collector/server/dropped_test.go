package server_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
)

// What a newer version of a survey no longer asks has been answered all the same.
func TestWhatIsNoLongerAskedCanBeAskedFor(t *testing.T) {
	c := servertest.Start(t, server.Config{})
	c.Must(200, "PUT", "/v1/sites/shop", servertest.ShopSite)
	publish := func(csat, row, match string) {
		t.Helper()
		c.Must(200, "PUT", "/v1/sites/shop/surveys/exit", `{"id": "exit", "name": "Exit", "languages": ["en"], "triggers": [{"type": "event", "name": "x"}], "questions": [
			{"id": "nps", "type": "nps", "title": "How likely?"}, `+csat+`
			{"id": "m", "type": "matrix", "title": "How was it?", "rows": [`+row+`{"id": "r2", "label": "Price"}], "columns": [{"id": "good", "label": "Good"}, {"id": "bad", "label": "Bad"}]}]}`, "If-Match", match)
		c.Must(200, "POST", "/v1/sites/shop/surveys/exit/publish", "")
	}
	publish(`{"id": "sat", "type": "csat", "title": "How satisfied?"},`, `{"id": "r1", "label": "Delivery"},`, "")
	c.Must(200, "POST", responsesPath, fmt.Sprintf(`{"responses": [{"id": %q, "answers": {"nps": 9, "sat": 5, "m": {"r1": "good", "r2": "bad"}}}]}`, servertest.NewID()))
	publish("", "", c.Must(200, "GET", "/v1/sites/shop/surveys/exit", "").Header.Get("ETag"))

	scores := "/v1/sites/shop/surveys/exit/scores?min_n=1"
	if n := at(c.Must(200, "GET", scores+"&question=nps&filter=answer.m.r1:good", "").Body, "total", "n"); n != 1.0 {
		t.Errorf("a filter for the row finds %v", n)
	}
	if groups := items(c.Must(200, "GET", scores+"&question=nps&by=answer.m.r1", "").Body["groups"]); len(groups) != 1 || groups[0]["by"].(map[string]any)["answer.m.r1"] != "good" {
		t.Errorf("by the row: %v", groups)
	}
	if n := at(c.Must(200, "GET", scores+"&metric=csat", "").Body, "total", "n"); n != 1.0 {
		t.Errorf("the question's metric finds %v", n)
	}
	// The one that is still asked need not be named.
	if question := c.Must(200, "GET", scores, "").Body["question"]; question != "nps" {
		t.Errorf("without a name it is %v", question)
	}
	if r := c.Do("GET", scores+"&question=zz", ""); r.Status != 422 || !strings.Contains(r.Text, "nps, sat") {
		t.Errorf("%d: %s", r.Status, r.Text)
	}
	overview := func(query string) (questions []string) {
		t.Helper()
		for _, s := range items(c.Must(200, "GET", "/v1/sites/shop/overview"+query, "").Body["surveys"]) {
			for _, one := range items(s["scores"]) {
				questions = append(questions, one["question"].(string))
			}
		}
		return questions
	}
	if got := fmt.Sprint(overview("")); got != "[nps sat]" {
		t.Errorf("the overview has %s", got)
	}
	if got := fmt.Sprint(overview("?from=2024-01-01&to=2024-02-01")); got != "[nps]" {
		t.Errorf("the overview of a time without answers has %s", got)
	}
}
