package server_test

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/segment"
	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
	"github.com/askwell/askwell/collector/store"
)

// A survey with a question of every type is published, answered, read, exported and found sound, with
// what stands beside answers and with its hidden fields.
func TestEveryTypeOfQuestionIsKeptAndShown(t *testing.T) {
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join("..", "survey", "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	response := read("every-type-response.json")
	var want map[string]any
	if err := json.Unmarshal(response, &want); err != nil {
		t.Fatal(err)
	}
	db := filepath.Join(t.TempDir(), "askwell.db")
	c := servertest.Start(t, server.Config{DB: db})
	c.MakeShop()
	c.Must(200, "PUT", "/v1/sites/shop/surveys/every-type", string(read("every-type.json")))
	c.Must(200, "POST", "/v1/sites/shop/surveys/every-type/publish", "")
	want["user"] = "u-42"
	sent, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if accepted := c.Send(string(sent)).Body["accepted"].([]any); len(accepted) != 1 {
		t.Fatalf("accepted %v", accepted)
	}

	const survey = "/v1/sites/shop/surveys/every-type"
	for name, r := range map[string]servertest.Reply{
		"the responses": c.Must(200, "GET", survey+"/responses", ""),
		"an export":     c.Must(200, "POST", "/v1/sites/shop/export", `{"user": "u-42"}`),
	} {
		items := r.Body["items"].([]any)
		if len(items) != 1 {
			t.Fatalf("%s has %v", name, items)
		}
		got := items[0].(map[string]any)
		for _, field := range []string{"answers", "hidden", "traits"} {
			if diff := cmp.Diff(want[field], got[field]); diff != "" {
				t.Errorf("%s, %s: %s", name, field, diff)
			}
		}
	}
	if n := c.Must(200, "GET", survey+"/scores?question=effort", "").Body["total"].(map[string]any)["n"]; n != 1.0 {
		t.Errorf("the score counts %v answers", n)
	}
	c.Must(422, "GET", survey+"/scores?question=heard.other", "")

	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	if problems, err := store.Verify(t.Context(), db, io.Discard, segment.Differ); problems != 0 || err != nil {
		t.Errorf("%d problems, %v", problems, err)
	}
}
