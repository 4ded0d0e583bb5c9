package server_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
)

// What the collector exports, read back with others' tools: DuckDB and ExcelJS (examples/analyst).

// readBack is what examples/analyst/read.mjs says of a table.
type readBack struct {
	Columns []struct{ Name, Type string }
	Rows    []map[string]any
	Sheets  []string
	Frozen  int
}

func (r *readBack) types() map[string]string {
	types := map[string]string{}
	for _, c := range r.Columns {
		types[c.Name] = c.Type
	}
	return types
}

func (r *readBack) names() (names []string) {
	for _, c := range r.Columns {
		names = append(names, c.Name)
	}
	return names
}

func readTable(t *testing.T, format, data string) *readBack {
	t.Helper()
	analyst := filepath.Join("..", "..", "examples", "analyst")
	if _, err := os.Stat(filepath.Join(analyst, "node_modules")); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("examples/analyst has no node_modules: make node_modules")
		}
		t.Skip("SKIPPED: examples/analyst is not installed (make node_modules)")
	}
	file := filepath.Join(t.TempDir(), "table."+format)
	if err := os.WriteFile(file, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	node := exec.CommandContext(t.Context(), "node", filepath.Join(analyst, "read.mjs"), file)
	node.Stdout, node.Stderr = &stdout, &stderr
	if err := node.Run(); err != nil {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	var table readBack
	if err := json.Unmarshal(stdout.Bytes(), &table); err != nil {
		t.Fatal(err)
	}
	return &table
}

const everyTypeResponses = "/v1/sites/shop/surveys/every-type/responses"

// startEveryType has a survey with every type of question, and three responses to it, the newest first:
// one with nothing but its showing, one whose texts are traps, one with every answer.
func startEveryType(t *testing.T, db string) (*servertest.Collector, []string) {
	t.Helper()
	c := servertest.Start(t, server.Config{DB: db, Hooks: server.Hooks{Now: func() time.Time { return now }}})
	c.MakeShop()
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join("..", "survey", "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	c.Must(200, "PUT", "/v1/sites/shop/surveys/every-type", read("every-type.json"))
	c.Must(200, "POST", "/v1/sites/shop/surveys/every-type/publish", "")
	send := func(items ...map[string]any) {
		body, err := json.Marshal(map[string]any{"sent_at": now.UnixMilli(), "responses": items})
		if err != nil {
			t.Fatal(err)
		}
		if r := c.Must(200, "POST", "/w/shop", string(body)); len(r.Body["accepted"].([]any)) != len(items) {
			t.Fatal(r.Text)
		}
	}
	var whole map[string]any
	if err := json.Unmarshal([]byte(read("every-type-response.json")), &whole); err != nil {
		t.Fatal(err)
	}
	item := func(id string, ago time.Duration, more map[string]any) map[string]any {
		one := map[string]any{"id": id, "survey": "every-type", "version": 1, "seq": 1, "state": "partial", "shown_at": now.Add(-ago).UnixMilli()}
		maps.Copy(one, more)
		return one
	}
	ids := []string{"0197c5c0-0000-7000-8000-000000000003", "0197c5c0-0000-7000-8000-000000000002", whole["id"].(string)}
	maps.Copy(whole, map[string]any{"shown_at": now.Add(-time.Hour - 123*time.Millisecond).UnixMilli(), "completed_at": now.Add(-time.Hour + 9877*time.Millisecond).UnixMilli(), "user": "u-42", "visitor": "v-1", "sample": 0.25,
		"page": map[string]any{"url": "https://shop.example/checkout?a=1,2", "referrer": "https://shop.example/"}, "cart": map[string]any{"value": 49.9, "currency": "EUR", "items": 2.5}})
	send(whole,
		item(ids[1], time.Minute, map[string]any{"dismissed_at": now.UnixMilli(), "answers": map[string]any{"nps": 10, "why": "=HYPERLINK(\"http://x\",\"y\")\r\n\"quoted\", ż🙂\n", "again": false, "day": "2026-01-01", "order": []string{"choice", "speed", "price"}},
			"hidden": map[string]any{"order_id": "-1", "order_value": -7, "first_order": false}}),
		item(ids[0], 0, map[string]any{"state": "shown"}))
	return c, ids
}

func TestTablesAreReadByOthers(t *testing.T) {
	c, ids := startEveryType(t, "")
	before := now.Add(-time.Hour - 123*time.Millisecond).UTC()
	text := map[string]string{"id": ids[2], "state": "completed", "class": "live", "channel": "web", "survey": "every-type", "touchpoint": "gallery", "visitor": "v-1", "user": "u-42",
		"language": "en", "device": "desktop", "browser": "Chrome", "system": "Windows", "trigger.type": "conversion", "trigger.reason": "purchase",
		"page.url": "https://shop.example/checkout?a=1,2", "page.referrer": "https://shop.example/", "cart.currency": "EUR", "hidden.order_id": "A-42",
		"why": "It came late.", "heard": "other", "heard.label": "Inaczej", "heard.other": "On a fair", "liked.label": "Jakość; Coś innego", "liked.other": "The smell",
		"order.label": "Szybkość; Cena; Wybór", "answer.country": "elsewhere", "answer.country.label": "Gdzie indziej", "team.shop": "well", "team.shop.label": "Dobrze",
		"team.support": "unknown", "team.support.label": "Nie wiem", "design": "striped", "design.label": "W paski", "mail": "jan@shop.example", "caller.name": "Jan", "caller.phone": "+420 123 456 789"}
	whole := map[string]float64{"version": 1, "took_ms": 10000, "nps": 6, "satisfied": 4, "effort": 7, "delivery": 2, "order.price": 2, "order.speed": 1, "order.choice": 3}
	numbers := map[string]float64{"sample": 0.25, "cart.value": 49.9, "cart.items": 2.5, "hidden.order_value": 49.9}
	booleans := map[string]bool{"hidden.first_order": true, "again": true, "liked.price": false, "liked.quality": true, "liked.service": false, "liked.more": true, "liked.nothing": false,
		"mail.consent": true, "caller.consent": true}
	traps := "=HYPERLINK(\"http://x\",\"y\")\r\n\"quoted\", ż🙂\n"

	var names []string
	for _, format := range []string{"parquet", "csv", "ndjson", "xlsx"} {
		t.Run(format, func(t *testing.T) {
			got := readTable(t, format, c.Must(200, "GET", everyTypeResponses+"?labels=pl&format="+format, "").Text)
			if names == nil {
				names = got.names()
			} else if diff := cmp.Diff(names, got.names()); diff != "" {
				t.Error("other columns than Parquet's:", diff)
			}
			if len(got.Rows) != 3 {
				t.Fatalf("%d rows", len(got.Rows))
			}
			row, types := got.Rows[2], got.types()
			want := map[string]any{}
			quote := func(s string) string { return s }
			if format == "csv" {
				quote = func(s string) string { // what a spreadsheet would take for a formula
					if strings.HasPrefix(s, "+") || strings.HasPrefix(s, "=") || strings.HasPrefix(s, "-") {
						return "'" + s
					}
					return s
				}
			}
			for name, v := range text {
				want[name] = quote(v)
				if is := types[name]; format != "xlsx" && is != "VARCHAR" && !(format == "ndjson" && is == "UUID") && !(format == "csv" && is == "UUID") {
					t.Errorf("%s is %s", name, is)
				}
			}
			for name, v := range whole {
				want[name] = v
				if is := types[name]; format != "xlsx" && is != "BIGINT" {
					t.Errorf("%s is %s", name, is)
				}
				if format != "xlsx" {
					want[name] = fmt.Sprint(v) // how DuckDB writes a BIGINT as JSON
				}
			}
			for name, v := range numbers {
				want[name] = v
				if is := types[name]; format != "xlsx" && is != "DOUBLE" {
					t.Errorf("%s is %s", name, is)
				}
			}
			for name, v := range booleans {
				want[name] = v
				if is := types[name]; format != "xlsx" && is != "BOOLEAN" {
					t.Errorf("%s is %s", name, is)
				}
			}
			switch format {
			case "xlsx":
				want["at"], want["day"], want["traits"] = before.Format("2006-01-02T15:04:05.000Z"), "2026-11-20T00:00:00.000Z", `{"name":"Jan","plan":"pro"}`
				if types["at"] != "bold" || got.Frozen != 1 || !slices.Equal(got.Sheets, []string{"data"}) {
					t.Errorf("the header is %s, %d rows stay, sheets %v", types["at"], got.Frozen, got.Sheets)
				}
			default:
				want["day"] = "2026-11-20"
				if types["day"] != "DATE" || !strings.HasPrefix(types["at"], "TIMESTAMP") {
					t.Errorf("day is %s, at is %s", types["day"], types["at"])
				}
				got, err := time.Parse("2006-01-02 15:04:05.999-07", strings.Replace(strings.TrimSuffix(row["at"].(string), "+00")+"+00", "T", " ", 1))
				if err != nil || !got.Equal(before) {
					t.Errorf("at is %v, want %v (%v)", row["at"], before, err)
				}
			}
			for name, v := range want {
				if diff := cmp.Diff(v, row[name]); diff != "" {
					t.Errorf("%s: %s", name, diff)
				}
			}
			for name, v := range row { // what has no value above has none there
				if _, known := want[name]; !known && v != nil && name != "at" && name != "traits" {
					t.Errorf("%s has %v", name, v)
				}
			}
			if got := got.Rows[1]["why"]; got != quote(traps) && !(format == "xlsx" && got == strings.ReplaceAll(traps, "\r\n", "\n")) {
				t.Errorf("the trap became %q", got)
			}
			if got := got.Rows[1]["hidden.order_value"]; got != -7.0 {
				t.Errorf("a number below zero became %v", got)
			}
			shown := got.Rows[0]
			if shown["id"] != ids[0] || shown["nps"] != nil || shown["liked.price"] != nil || shown["why"] != nil {
				t.Errorf("nothing was answered, and is %v", shown)
			}
		})
	}
}

func TestTheFormIsChosenByAcceptOrFormat(t *testing.T) {
	c := servertest.StartShop(t)
	c.Send(servertest.Response(servertest.NewID(), `{"nps": 9}`, ""))
	const path = "/v1/sites/shop/surveys/exit/responses"
	const xlsx, parquet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/vnd.apache.parquet"
	for _, test := range []struct {
		query, accept string
		status        int
		want          string
	}{
		{"", "", 200, "application/json"},
		{"", "*/*", 200, "application/json"},
		{"", "application/*", 200, "application/json"},
		{"", "text/html, application/xhtml+xml, */*;q=0.8", 200, "application/json"},
		{"", "text/csv", 200, "text/csv; charset=utf-8; header=present"},
		{"", "TEXT/CSV;header=absent", 200, "text/csv; charset=utf-8; header=present"},
		{"", "text/*", 200, "text/csv; charset=utf-8; header=present"},
		{"", "application/json;q=0.5, application/x-ndjson", 200, "application/x-ndjson"},
		{"", "application/json;q=0, " + xlsx + ";q=0.1", 200, xlsx},
		{"", parquet, 200, parquet},
		{"?format=parquet", "application/json", 200, parquet},
		{"?format=csv", "image/png", 200, "text/csv; charset=utf-8; header=present"},
		{"?format=json", "text/csv", 200, "application/json"},
		{"", "image/png", 406, "application/problem+json"},
		{"", "text/csv;q=0", 406, "application/problem+json"},
		{"?format=pdf", "", 422, "application/problem+json"},
		{"?format=csv&limit=10", "", 422, "application/problem+json"},
		{"?format=csv&labels=de", "", 422, "application/problem+json"},
		{"?labels=en", "", 422, "application/problem+json"},
		{"?format=csv&cursor=2", "", 422, "application/problem+json"},
		{"?format=parquet&cursor=" + servertest.NewID(), "", 422, "application/problem+json"},
		{"?format=xlsx&nonsense=1", "", 422, "application/problem+json"},
	} {
		t.Run(test.query+" "+test.accept, func(t *testing.T) {
			r := c.Do("GET", path+test.query, "", "Accept", test.accept)
			if r.Status != test.status || r.Header.Get("Content-Type") != test.want {
				t.Fatalf("%d %s: %.300s", r.Status, r.Header.Get("Content-Type"), r.Text)
			}
			if test.status != 200 {
				servertest.IsProblem(t, r)
			}
			disposition := r.Header.Get("Content-Disposition")
			if isTable := test.status == 200 && test.want != "application/json"; isTable != strings.HasPrefix(disposition, "attachment; filename=shop-exit-responses.") {
				t.Errorf("Content-Disposition: %q", disposition)
			}
		})
	}
	c.Must(404, "GET", "/v1/sites/shop/surveys/none/responses?format=csv", "")
	c.Must(401, "GET", path+"?format=csv", "", "Authorization", "")
	if got := c.Do("GET", path+"?format=pdf", "").Text; !strings.Contains(got, "parquet") {
		t.Error("the formats that there are are not named: ", got)
	}
	c.Must(200, "PUT", "/v1/sites/shop/surveys/draft", strings.Replace(servertest.ExitDoc, `"exit"`, `"draft"`, 1))
	if got := c.Must(200, "GET", "/v1/sites/shop/surveys/draft/responses?format=csv&labels=en", "").Text; strings.Count(got, "\n") != 1 {
		t.Errorf("a survey that was never published has %q", got)
	}
}

// A download of many pages is whole, and one that stopped anywhere goes on behind its last line.
func TestADownloadGoesOnBehindTheLastRow(t *testing.T) {
	c := servertest.StartShop(t)
	const path, n = "/v1/sites/shop/surveys/exit/responses?format=csv", 600 // more than two pages inside
	for range n / 50 {
		var items []string
		for range 50 {
			items = append(items, servertest.Response(servertest.NewID(), `{"nps": 9}`, ""))
		}
		c.Send(items...)
	}
	lines := strings.Split(strings.TrimSuffix(c.Must(200, "GET", path, "").Text, "\r\n"), "\r\n")
	header, lines := lines[0], lines[1:]
	if len(lines) != n || len(slices.Compact(slices.Sorted(slices.Values(lines)))) != n {
		t.Fatalf("%d lines", len(lines))
	}
	for _, have := range []int{1, 250, 251, 599, 600} {
		id, _, _ := strings.Cut(lines[have-1], ",")
		rest := strings.Split(strings.TrimSuffix(c.Must(200, "GET", path+"&cursor="+id, "").Text, "\r\n"), "\r\n")
		if rest[0] != header || !slices.Equal(rest[1:], lines[have:]) {
			t.Errorf("behind line %d come %d others", have, len(rest)-1)
		}
	}
	// The list's own cursor, and the id in the list.
	page := c.Must(200, "GET", "/v1/sites/shop/surveys/exit/responses?limit=10", "")
	rest := c.Must(200, "GET", path+"&cursor="+page.Body["next"].(string), "").Text
	if strings.Count(rest, "\n")-1 != n-10 {
		t.Error("behind the list's first page come not all others")
	}
	id := page.Body["items"].([]any)[9].(map[string]any)["id"].(string)
	if a, b := c.Must(200, "GET", path+"&cursor="+id, "").Text, rest; a != b {
		t.Error("an id goes on elsewhere than the cursor of the same place")
	}
	if got := c.Must(200, "GET", "/v1/sites/shop/surveys/exit/responses?cursor="+id, "").Body["items"].([]any); len(got) != 100 {
		t.Errorf("a page of %d", len(got))
	}
	c.Must(422, "GET", "/v1/sites/shop/surveys/exit/responses?cursor="+servertest.NewID(), "")
}

// A download that fails midway must not look whole, and is counted all the same.
func TestADownloadThatFailsIsBrokenOff(t *testing.T) {
	file := filepath.Join(t.TempDir(), "askwell.db")
	c, _ := startEveryType(t, file)
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	long := strings.Repeat("x", 400)
	for i := range 600 {
		if _, err := db.Exec(`INSERT INTO responses(site_id, survey_id, at, id, version, seq, state, class, channel, answers, context)
			VALUES('shop', 'every-type', $1, $2, 1, 1, 0, 0, 'web', $3, '{}')`, now.UnixMilli()+int64(i), fmt.Sprintf("0197c5c0-0000-7000-8000-1%011d", i), `{"why": "`+long+`"}`); err != nil {
			t.Fatal(err)
		}
	}
	get := func(format string) (int, string, error) {
		r, err := http.NewRequestWithContext(t.Context(), "GET", c.URL+everyTypeResponses+"?format="+format, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+servertest.Key)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			return 0, "", err
		}
		defer res.Body.Close()
		var body bytes.Buffer
		_, err = body.ReadFrom(res.Body)
		return res.StatusCode, body.String(), err
	}
	if _, _, err := get("csv"); err != nil {
		t.Fatal(err)
	}
	// The oldest response: nothing of it can be read.
	if _, err := db.Exec(`UPDATE responses SET answers = '{"nps": "no number"}' WHERE at < $1 AND survey_id = 'every-type'`, now.UnixMilli()-1000); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"csv", "ndjson"} {
		status, body, err := get(format)
		if status != 200 || err == nil || body == "" {
			t.Errorf("%s: status %d, %d bytes, error %v", format, status, len(body), err)
		}
	}
	// Of these nothing was sent yet.
	status, body, err := get("xlsx")
	if status != 500 || err != nil || !strings.Contains(body, "urn:askwell:internal") {
		t.Errorf("xlsx: status %d, error %v: %s", status, err, body)
	}
	if got := c.Metric(`askwell_request_seconds_count{method="GET",route="/v1/sites/:site/surveys/:survey/responses",status="200"}`); got != 3 {
		t.Errorf("%v requests are counted", got)
	}
}
