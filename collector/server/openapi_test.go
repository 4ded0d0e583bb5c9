package server_test

import (
	"flag"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/askwell/askwell/collector/api"
	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
)

// The OpenAPI document against the collector that serves it.

var update = flag.Bool("update", false, "record the answers of the documented examples in collector/api/examples.json")

// now is the collector's clock while it is sent the examples, so that their times are always the same.
var now = time.UnixMilli(1795300010000)

func auditLength(c *servertest.Collector) int {
	c.T.Helper()
	return len(c.Must(200, "GET", "/v1/audit?limit=1000", "").Body["items"].([]any))
}

func TestEveryDocumentedExampleIsAnsweredAsDocumented(t *testing.T) {
	examples := api.Examples()
	posts := 0 // before the one that is too many
	for _, e := range examples {
		if slices.Contains([]string{"send-responses", "ask", "count-dry-run", "keep-visitor"}, e.Operation) && e.Answer.Status != http.StatusTooManyRequests {
			posts++
		}
	}
	// The address may send ten seconds' worth at once, and the clock stands still.
	c := servertest.Start(t, server.Config{RateAddress: (float64(posts) + 0.5) / 10, Hooks: server.Hooks{Now: func() time.Time { return now }}})
	doc := loadDocument(t, c)
	if err := doc.Validate(t.Context()); err != nil && !*update { // its examples against its schemas, among the rest
		t.Fatal(err)
	}
	told, refused := map[string]bool{}, map[string]bool{} // operations with an example that works, and with one that does not
	seen := pairs{}
	for i := range examples {
		e := &examples[i]
		op := find(t, doc, e.Operation)
		if e.Answer.Status < 400 {
			told[e.Operation] = true
		} else {
			refused[e.Operation] = true
		}
		before := auditLength(c)
		r := op.send(c, e, seen)
		// What is changed with a key is in the audit log, and what is refused changes nothing. A response is no change.
		changes := op.Method != http.MethodGet && strings.HasPrefix(op.Path, "/v1/") && e.Operation != "send-responses-with-key" && r.Status < 400
		if entries := auditLength(c) - before; (entries > 0) != changes {
			t.Errorf("%s %s (%d) made %d entries in the audit log", e.Operation, e.Name, r.Status, entries)
		}
		t.Run(e.Operation+" "+e.Name, func(t *testing.T) {
			if *update {
				record(e, r, seen)
				return
			}
			if r.Status != e.Answer.Status {
				t.Fatalf("got %d, want %d: %s", r.Status, e.Answer.Status, r.Text)
			}
			op.check(t, r)
			for name, want := range e.Answer.Headers {
				seen.compare(t, name, want, r.Header.Get(name))
			}
			if e.Answer.Body != nil {
				seen.compare(t, "body", decode(t, e.Answer.Body), decode(t, []byte(r.Text)))
			}
			if e.Answer.Text != "" {
				seen.learnStamps(e.Answer.Text, r.Text)
				seen.compare(t, "text", e.Answer.Text, r.Text)
			}
		})
	}
	for id, op := range byID(doc) {
		if !told[id] {
			t.Errorf("%s has no example that works", id)
		}
		if !refused[id] && fails(op) {
			t.Errorf("%s has no example of an error", id)
		}
	}
	if *update {
		write(t, "../api/examples.json", examples)
	}
}

func TestEveryKeyedOperationRefusesAsDocumented(t *testing.T) {
	c := servertest.StartShop(t)
	doc := loadDocument(t, c)
	fill := strings.NewReplacer("{site}", "shop", "{survey}", "exit", "{version}", "1", "{key}", "none")
	keys := map[string]string{
		"read":  "Bearer " + c.Must(201, "POST", "/v1/keys", `{"name": "reader", "scope": "read"}`).Body["key"].(string),
		"write": "Bearer " + c.Must(201, "POST", "/v1/keys", `{"name": "writer", "scope": "write"}`).Body["key"].(string),
	}
	for id, op := range byID(doc) {
		security := *op.Operation.Security
		if len(security) == 0 {
			continue
		}
		t.Run(id, func(t *testing.T) {
			path := fill.Replace(op.Path)
			r := c.Must(401, op.Method, path, "", "Authorization", "")
			op.check(t, r)
			below := map[string]string{"write": "read", "admin": "write"}[security[0]["key"][0]]
			if below != "" {
				op.check(t, c.Must(403, op.Method, path, "", "Authorization", keys[below]))
			}
			if strings.HasPrefix(path, "/v1/") {
				op.check(t, c.Must(422, op.Method, path+"?nonsense=1", ""))
			}
		})
	}
}

// Whatever a client does, what went wrong has a type that the docs list.
func TestEveryErrorHasAListedType(t *testing.T) {
	c := servertest.StartShop(t)
	types := listedTypes(t, c)
	large := `"` + strings.Repeat("x", 2<<20) + `"`
	for name, test := range map[string]struct {
		method, path, body, mediaType string
		status                        int
	}{
		"an unknown path":                 {"GET", "/nope", "", "", 404},
		"an unknown path under /v1":       {"GET", "/v1/nope", "", "", 404},
		"an unknown path under /w":        {"GET", "/w/a/b/c", "", "", 404},
		"a method that is not there":      {"PATCH", "/v1/sites", "", "", 405},
		"HEAD where there is none":        {"HEAD", "/v1/sites", "", "", 405},
		"a method nobody knows":           {"EVIL", "/v1/sites/shop", "", "", 405},
		"POST to a page's file":           {"DELETE", "/w/shop.js", "", "", 404},
		"a body of another type":          {"POST", "/v1/keys", `name=x`, "application/x-www-form-urlencoded", 415},
		"a definition of another type":    {"PUT", "/v1/sites/shop/surveys/x", `id: x`, "application/yaml", 422},
		"no body":                         {"POST", "/v1/keys", "", "", 400},
		"half a body":                     {"POST", "/v1/keys", `{"name": `, "", 400},
		"half a definition":               {"PUT", "/v1/sites/shop/surveys/x", `{"id": `, "", 422},
		"a body that is too large":        {"PUT", "/v1/sites/shop", large, "", 413},
		"a batch that is too large":       {"POST", "/w/shop", large, "", 413},
		"a field that is not known":       {"POST", "/v1/keys", `{"name": "x", "scope": "read", "nope": 1}`, "", 422},
		"a version that is no number":     {"GET", "/v1/sites/shop/surveys/exit/versions/one", "", "", 422},
		"a cursor of one's own":           {"GET", "/v1/audit?cursor=mine", "", "", 422},
		"an escaped slash in a site's id": {"GET", "/v1/sites/shop%2Fexit", "", "", 404},
	} {
		t.Run(name, func(t *testing.T) {
			r := c.Do(test.method, test.path, test.body, "Content-Type", test.mediaType)
			if r.Status != test.status {
				t.Fatalf("got %d, want %d: %s", r.Status, test.status, r.Text)
			}
			checkHardened(t, r)
			if test.method == http.MethodHead {
				return // whose answer has no body
			}
			servertest.IsProblem(t, r)
			if !slices.Contains(types, r.Body["type"].(string)) {
				t.Errorf("%s is not in the document", r.Body["type"])
			}
		})
	}
}

func TestTheDocumentIsKeptWhileItIsTheSame(t *testing.T) {
	c := servertest.Start(t, server.Config{})
	for _, path := range []string{"/openapi.json", "/docs"} {
		r := c.Must(200, "GET", path, "")
		if r.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: Cache-Control %q", path, r.Header.Get("Cache-Control"))
		}
		c.Must(304, "GET", path, "", "If-None-Match", r.Header.Get("ETag"))
		if got := c.Must(200, "GET", path, "", "Accept-Encoding", "gzip").Header.Get("Content-Encoding"); got != "gzip" {
			t.Errorf("%s: Content-Encoding %q", path, got)
		}
	}
}

func TestDocsNameEverythingAndLoadNothing(t *testing.T) {
	c := servertest.Start(t, server.Config{})
	r := c.Must(200, "GET", "/docs", "")
	for id := range byID(loadDocument(t, c)) {
		if !strings.Contains(r.Text, `id="`+id+`"`) {
			t.Errorf("the operation %s is not in the docs", id)
		}
	}
	for _, uri := range listedTypes(t, c) {
		if code := strings.TrimPrefix(uri, "urn:askwell:"); !strings.Contains(r.Text, `id="error-`+code+`"`) {
			t.Errorf("the error %s is not in the docs", uri)
		}
	}
	for _, loads := range []string{`\ssrc\s*=`, `<link\b`, `<script\b`, `@import`, `url\(`, `\sstyle\s*=`, `<iframe\b`} {
		if found := regexp.MustCompile(`(?i)` + loads).FindString(tagsAndStyle(r.Text)); found != "" {
			t.Errorf("the docs have %q", found)
		}
	}
	for _, link := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(r.Text, -1) {
		if anchor, ok := strings.CutPrefix(link[1], "#"); ok && !strings.Contains(r.Text, `id="`+anchor+`"`) {
			t.Errorf("a link goes to #%s, which is not there", anchor)
		}
	}
	policy := r.Header.Get("Content-Security-Policy")
	if !regexp.MustCompile(`^default-src 'none'; style-src 'sha256-[\w+/]{43}='; frame-ancestors 'none'; base-uri 'none'; form-action 'none'$`).MatchString(policy) {
		t.Errorf("Content-Security-Policy: %s", policy)
	}
}

// tagsAndStyle is a page without the text between its tags: examples may hold anything.
func tagsAndStyle(page string) string {
	head, body, _ := strings.Cut(page, "</style>")
	return head + strings.Join(regexp.MustCompile(`<[a-z][^>]*>`).FindAllString(body, -1), "\n")
}

// operation is one of the document's, as its validator wants it.
type operation struct{ routers.Route }

func loadDocument(t *testing.T, c *servertest.Collector) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData([]byte(c.Must(200, "GET", "/openapi.json", "").Text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func byID(doc *openapi3.T) map[string]*operation {
	all := map[string]*operation{}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			all[op.OperationID] = &operation{routers.Route{Spec: doc, Server: doc.Servers[0], Path: path, PathItem: item, Method: method, Operation: op}}
		}
	}
	return all
}

func find(t *testing.T, doc *openapi3.T, id string) *operation {
	t.Helper()
	op := byID(doc)[id]
	if op == nil {
		t.Fatalf("there is no operation %s", id)
	}
	return op
}

// fails says whether there is anything that a client can do wrong.
func fails(op *operation) bool {
	return slices.ContainsFunc(slices.Collect(maps.Keys(op.Operation.Responses.Map())), func(status string) bool { return status[0] == '4' })
}

func listedTypes(t *testing.T, c *servertest.Collector) []string {
	t.Helper()
	var types []string
	for _, uri := range loadDocument(t, c).Components.Schemas["Problem"].Value.Properties["type"].Value.Enum {
		types = append(types, uri.(string))
	}
	return types
}

// send sends an example, with what earlier answers said in place of what the example has there.
func (op *operation) send(c *servertest.Collector, e *api.Example, seen pairs) servertest.Reply {
	key := map[string]string{"": "", "admin": "Bearer " + servertest.Key}[e.Key]
	if e.Key != "" && key == "" {
		key = "Bearer " + e.Key
	}
	headers := []string{"Authorization", seen.actual(key)}
	for name, value := range e.Headers {
		headers = append(headers, name, seen.actual(value))
	}
	return c.Do(op.Method, seen.actual(e.Fill(op.Path)), seen.actual(e.Text+string(e.Body)), headers...)
}

// check holds an answer against the document: its status, headers and body.
func (op *operation) check(t *testing.T, r servertest.Reply) {
	t.Helper()
	checkHardened(t, r)
	if r.Status == http.StatusNotModified || r.Status == http.StatusNoContent { // the validator lets any of them through
		if op.Operation.Responses.Status(r.Status) == nil || r.Text != "" {
			t.Errorf("a %d is not documented, or has a body", r.Status)
		}
		return
	}
	request, err := http.NewRequest(op.Method, op.Path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := openapi3filter.ValidateResponse(t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request, Route: &op.Route},
		Status:                 r.Status, Header: r.Header, Body: io.NopCloser(strings.NewReader(r.Text)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	}); err != nil {
		t.Errorf("%s: %v\n%s", op.Operation.OperationID, err, r.Text)
	}
}

// checkHardened checks the headers that everything served has.
func checkHardened(t *testing.T, r servertest.Reply) {
	t.Helper()
	if !strings.HasPrefix(r.Header.Get("Content-Security-Policy"), "default-src 'none'; ") {
		t.Errorf("Content-Security-Policy: %q", r.Header.Get("Content-Security-Policy"))
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer"} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if r.Header.Get("X-Request-Id") == "" {
		t.Error("there is no X-Request-Id")
	}
}

// tables are the media types of answers that are tables, for the validator as text.
var tables = []string{"text/csv", "application/x-ndjson", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/vnd.apache.parquet"}

func init() {
	for _, mediaType := range append([]string{"text/javascript", "text/html", "text/event-stream"}, tables...) {
		openapi3filter.RegisterBodyDecoder(mediaType, func(body io.Reader, _ http.Header, _ *openapi3.SchemaRef, _ openapi3filter.EncodingFn) (any, error) {
			text, err := io.ReadAll(body)
			return string(text), err
		})
	}
}
