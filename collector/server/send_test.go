package server_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
)

// What a server sends with a key.

const responsesPath = "/v1/sites/shop/surveys/exit/responses"

func TestAServerSendsWithAKey(t *testing.T) {
	c := servertest.Start(t, server.Config{FastestAnswer: 300 * time.Millisecond})
	c.Must(200, "PUT", "/v1/sites/shop", strings.Replace(servertest.ShopSite, `"name"`, `"require_signed_users": true, "name"`, 1))
	hidden := strings.Replace(servertest.ExitDoc, `"name"`, `"hidden": {"agent": "string"}, "name"`, 1)
	c.Must(200, "PUT", "/v1/sites/shop/surveys/exit", hidden)
	c.Must(200, "POST", "/v1/sites/shop/surveys/exit/publish", "")

	asked, answered := servertest.NewID(), servertest.NewID()
	before := time.Now().UnixMilli()
	// No origin, no signature, the user agent of a program; completed as soon as it was shown.
	send := func(body string) servertest.Reply {
		t.Helper()
		return c.Must(200, "POST", responsesPath, body, "User-Agent", "node")
	}
	send(fmt.Sprintf(`{"channel": "email", "responses": [{"id": %q, "state": "shown", "hidden": {"agent": "Ada"}}]}`, asked))
	send(fmt.Sprintf(`{"responses": [{"id": %q, "answers": {"nps": 9}, "user": "u-42", "traits": {"plan": "pro"}, "shown_at": %d, "completed_at": %[2]d}]}`, answered, before))
	items := c.Responses()
	slices.SortFunc(items, func(a, b any) int {
		return strings.Compare(a.(map[string]any)["id"].(string), b.(map[string]any)["id"].(string))
	})
	first, second := items[0].(map[string]any), items[1].(map[string]any)
	for field, want := range map[string]any{"id": asked, "survey": "exit", "version": 1.0, "state": "shown", "class": "live", "channel": "email", "browser": nil, "device": nil} {
		if first[field] != want {
			t.Errorf("asked: %s is %v, want %v", field, first[field], want)
		}
	}
	if at := int64(first["at"].(float64)); at < before || at > time.Now().UnixMilli() {
		t.Errorf("asked at %d, sent at %d", at, before)
	}
	for field, want := range map[string]any{"id": answered, "state": "completed", "class": "live", "channel": "api", "user": "u-42"} {
		if second[field] != want {
			t.Errorf("answered: %s is %v, want %v", field, second[field], want)
		}
	}
	if second["traits"] == nil {
		t.Error("the traits of a user that a server names are not kept")
	}

	time.Sleep(2 * time.Millisecond) // a time that can be seen
	// The answer to what was asked, twice: it stays the mail's, though the second sender says no channel.
	later := fmt.Sprintf(`{"responses": [{"id": %q, "seq": 2, "answers": {"nps": 3}, "hidden": {"agent": "Ada"}}]}`, asked)
	for range 2 {
		if r := send(later); fmt.Sprint(r.Body["accepted"]) != fmt.Sprintf("[%s]", asked) {
			t.Error(r.Text)
		}
	}
	byChannel := c.Must(200, "GET", "/v1/sites/shop/surveys/exit/funnel?by=channel&filter=channel:email", "").Body["total"].(map[string]any)
	if byChannel["shown"] != 1.0 || byChannel["completed"] != 1.0 || len(c.Responses()) != 2 {
		t.Errorf("got %v", byChannel)
	}
	// How long it took is known, though neither send says a time.
	for _, item := range c.Responses() {
		item := item.(map[string]any)
		if took, known := item["took_ms"].(float64); known != (item["id"] == asked) || known && (took < 2 || took > float64(time.Now().UnixMilli()-before)) {
			t.Errorf("%v was answered after %v ms", item["id"], item["took_ms"])
		}
	}

	// Of a list that is sent later it is known where both moments are, and of what has no answers when a state says so.
	listed, timed := servertest.NewID(), servertest.NewID()
	send(fmt.Sprintf(`{"responses": [{"id": %q, "state": "completed", "shown_at": %d}, {"id": %q, "answers": {"nps": 9}, "shown_at": %[2]d, "completed_at": %[4]d}]}`,
		listed, before-3_600_000, timed, before-3_590_000))
	for _, item := range c.Responses() {
		item := item.(map[string]any)
		if id, took := item["id"], item["took_ms"]; id == listed && took != nil || id == timed && took != 10_000.0 {
			t.Errorf("%v was answered after %v ms", id, took)
		}
	}

	// Between two tries of one response a version is published: it answers the one that it was sent to.
	c.Must(200, "PUT", "/v1/sites/shop/surveys/exit", strings.Replace(hidden, `"How likely?"`, `"How likely is it?"`, 1),
		"If-Match", c.Must(200, "GET", "/v1/sites/shop/surveys/exit", "").Header.Get("ETag"))
	c.Must(200, "POST", "/v1/sites/shop/surveys/exit/publish", "")
	newer := servertest.NewID()
	r := send(fmt.Sprintf(`{"responses": [{"id": %q, "answers": {"nps": 9}}, {"id": %q, "answers": {"nps": 9}}]}`, answered, newer))
	if len(r.Body["accepted"].([]any)) != 2 {
		t.Error(r.Text)
	}
	for _, item := range c.Responses() {
		item := item.(map[string]any)
		if want := map[bool]float64{true: 2, false: 1}[item["id"] == newer]; item["version"] != want {
			t.Errorf("%v answers version %v, want %v", item["id"], item["version"], want)
		}
	}
}

func TestWhatAServerSendsWrong(t *testing.T) {
	c := servertest.StartShop(t)
	c.Must(200, "PUT", "/v1/sites/cafe", strings.NewReplacer("shop", "cafe", "Shop", "Cafe").Replace(servertest.ShopSite))
	keys := map[string]string{
		"read": c.Must(201, "POST", "/v1/keys", `{"name": "r", "scope": "read"}`).Body["key"].(string),
		"cafe": c.Must(201, "POST", "/v1/keys", `{"name": "w", "scope": "write", "site": "cafe"}`).Body["key"].(string),
	}
	for name, test := range map[string]struct {
		key, path, body string
		status          int
		says            string
	}{
		"a key that reads":           {keys["read"], responsesPath, `{"responses": []}`, 403, "this API key has the scope read; this needs write"},
		"another site's key":         {keys["cafe"], responsesPath, `{"responses": []}`, 403, `for the site \"cafe\" alone`},
		"a page's channel":           {servertest.Key, responsesPath, `{"channel": "web", "responses": []}`, 422, "expected one of api, email, link"},
		"a channel that is none":     {servertest.Key, responsesPath, `{"channel": 7, "responses": []}`, 422, `"location":"channel"`},
		"a misspelt channel":         {servertest.Key, responsesPath, `{"chanel": "email", "responses": []}`, 422, `"unknown field; allowed here: channel, responses, sent_at","location":"chanel"`},
		"broken JSON":                {servertest.Key, responsesPath, `{"responses": [`, 422, "unexpected end of JSON input"},
		"a list":                     {servertest.Key, responsesPath, `[]`, 400, "is not a batch"},
		"too many":                   {servertest.Key, responsesPath, `{"responses": [` + strings.Repeat("{},", 50) + `{}]}`, 413, "at most 50"},
		"too large":                  {servertest.Key, responsesPath, `{"responses": ["` + strings.Repeat("x", 1<<20) + `"]}`, 413, "urn:askwell:too_large"},
		"a survey that is not there": {servertest.Key, strings.Replace(responsesPath, "exit", "nope", 1), `{"responses": []}`, 404, "no published survey"},
	} {
		t.Run(name, func(t *testing.T) {
			r := c.Do("POST", test.path, test.body, "Authorization", "Bearer "+test.key)
			if r.Status != test.status || !strings.Contains(r.Text, test.says) {
				t.Errorf("got %d %s, want %d %s", r.Status, r.Text, test.status, test.says)
			}
			servertest.IsProblem(t, r)
		})
	}

	// One by one: a bad one spoils no other.
	good := servertest.NewID()
	r := c.Must(200, "POST", responsesPath, fmt.Sprintf(`{"responses": [{"id": %q, "answers": {"nps": 9}}, {"id": %q, "answers": {"nps": 11}}, {"id": %q, "survey": "entry", "answers": {"nps": 9}},
		{"id": "x", "answers": {"nps": 9}}, {"id": %q, "seq": "one"}, 7, {"id": %q}, {"id": %q, "answers": {}, "completed_at": 7}, {"id": %q, "anwsers": {"nps": 9}, "state": "completed"},
		{"id": %q, "answers": {"nps": 9}, "page": {"adress": "/"}}]}`, good, servertest.NewID(), servertest.NewID(), servertest.NewID(), servertest.NewID(), servertest.NewID(), servertest.NewID(), servertest.NewID()))
	if fmt.Sprint(r.Body["accepted"]) != fmt.Sprintf("[%s]", good) {
		t.Error(r.Text)
	}
	wants := []string{"answers.nps: expected a whole number from 0 to 10", `survey: is "entry", but the path says "exit"`, "id: expected a UUID", "seq: expected a whole number, not string", ": expected object, not number",
		"answers: expected answers, or a state", "answers: expected answers, or a state", "anwsers: unknown field; allowed here: answers, cart, completed_at,", "page.adress: unknown field; allowed here: referrer, url"}
	for i, rejected := range r.Body["rejected"].([]any) {
		problem := rejected.(map[string]any)["problem"].(map[string]any)["errors"].([]any)[0].(map[string]any)
		location, _ := problem["location"].(string)
		if got := location + ": " + problem["message"].(string); !strings.Contains(got, wants[i]) {
			t.Errorf("rejected with %s, want %s", got, wants[i])
		}
	}
	if len(r.Body["rejected"].([]any)) != len(wants) {
		t.Error(r.Text)
	}
}
