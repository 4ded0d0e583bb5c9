package server_test

import (
	"strings"
	"testing"

	"github.com/askwell/askwell/collector/servertest"
)

func TestAPersonIsExportedAndErased(t *testing.T) {
	c := servertest.StartShop(t)
	const site = "/v1/sites/shop"
	id := servertest.NewID()
	c.Send(servertest.Response(id, `{"nps": 2, "why": "Private"}`, `, "user": "u-42", "visitor": "v-1"`),
		servertest.Response(servertest.NewID(), `{"nps": 10}`, `, "user": "u-43"`))

	r := c.Must(200, "POST", site+"/export", `{"user": "u-42"}`)
	if items := r.Body["items"].([]any); len(items) != 1 || items[0].(map[string]any)["id"] != id || !strings.Contains(r.Text, "Private") {
		t.Errorf("exported %s", r.Text)
	}
	if got := c.Must(200, "POST", site+"/erase", `{"user": "u-42"}`).Body["erased"]; got != 1.0 {
		t.Errorf("erased %v", got)
	}
	if r := c.Must(200, "POST", site+"/export", `{"user": "u-42"}`); len(r.Body["items"].([]any)) != 0 {
		t.Errorf("after the erasure: %s", r.Text)
	}
	total := c.Must(200, "GET", site+"/surveys/exit/scores", "").Body["total"].(map[string]any)
	if total["n"] != 1.0 || total["score"] != 100.0 {
		t.Errorf("the score still counts it: %v", total)
	}
	// A queue in some browser sends it again.
	rejected := c.Send(servertest.Response(id, `{"nps": 2}`, "")).Body["rejected"].([]any)
	if problem := rejected[0].(map[string]any)["problem"].(map[string]any); problem["type"] != "urn:askwell:erased" || problem["status"] != 410.0 {
		t.Errorf("sent again: %v", problem)
	}
	audit := c.Must(200, "GET", "/v1/audit?limit=3", "").Text
	if !strings.Contains(audit, "person.erase") || strings.Contains(audit, "u-42") {
		t.Errorf("the audit log: %s", audit)
	}
	for name, body := range map[string]string{"nobody": `{}`, "both": `{"user": "a", "visitor": "b"}`, "an empty user": `{"user": ""}`} {
		servertest.IsProblem(t, c.Must(422, "POST", site+"/erase", body))
		if r := c.Do("POST", site+"/export", body); r.Status != 422 {
			t.Errorf("%s: export answers %d", name, r.Status)
		}
	}
	c.Must(404, "POST", "/v1/sites/nope/erase", `{"user": "u-42"}`)
}
