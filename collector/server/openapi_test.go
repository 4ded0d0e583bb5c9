package server_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/api"
	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
)

// The OpenAPI document against the collector that serves it.

var update = flag.Bool("update", false, "record the answers of the documented examples in collector/api/examples.json")

// now is the collector's clock while it is sent the examples, so that their times are always the same.
var now = time.UnixMilli(1795300010000)

func TestEveryDocumentedExampleIsAnsweredAsDocumented(t *testing.T) {
	examples := api.Examples()
	posts := 0 // before the one that is too many
	for _, e := range examples {
		if e.Operation == "send-responses" && e.Answer.Status != http.StatusTooManyRequests {
			posts++
		}
	}
	// The address may send ten seconds' worth at once, and the clock stands still.
	c := servertest.Start(t, server.Config{RateAddress: (float64(posts) + 0.5) / 10, Hooks: server.Hooks{Now: func() time.Time { return now }}})
	doc := loadDocument(t, c)
	if err := doc.Validate(t.Context()); err != nil && !*update { // its examples against its schemas, among the rest
		t.Fatal(err)
	}
	told := map[string]bool{} // operations with an example that works
	seen := pairs{}
	for i := range examples {
		e := &examples[i]
		op := find(t, doc, e.Operation)
		told[e.Operation] = told[e.Operation] || e.Answer.Status < 400
		r := op.send(c, e, seen)
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
				seen.compare(t, "text", e.Answer.Text, r.Text)
			}
		})
	}
	for id := range maps.Keys(byID(doc)) {
		if !told[id] {
			t.Errorf("%s has no example that works", id)
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
	for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "X-Request-Id"} {
		if r.Header.Get(name) == "" {
			t.Errorf("there is no %s", name)
		}
	}
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

func init() {
	for _, mediaType := range []string{"text/javascript", "text/html"} {
		openapi3filter.RegisterBodyDecoder(mediaType, func(body io.Reader, _ http.Header, _ *openapi3.SchemaRef, _ openapi3filter.EncodingFn) (any, error) {
			text, err := io.ReadAll(body)
			return string(text), err
		})
	}
}

// pairs are the values that no two runs have in common: as documented, and as they were this time.
type pairs map[string]string

// changing is what such values look like: ids, keys, secrets and signatures, names of files, cursors.
var changing = []*regexp.Regexp{
	regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$`),
	regexp.MustCompile(`^ask_[\w-]{43}$`),
	regexp.MustCompile(`^[\w-]{43}$`),
	regexp.MustCompile(`^[0-9a-f]{64}$`),
	regexp.MustCompile(`^W/"[\w-]{43}"$`),
	regexp.MustCompile(`^\d{13}\.[0-9a-f-]{36}$`),
	regexp.MustCompile(`^\d{13}$`), // a time that is not by the collector's clock: the audit log's
}

func changes(documented, actual string) bool {
	return slices.ContainsFunc(changing, func(p *regexp.Regexp) bool { return p.MatchString(documented) && p.MatchString(actual) })
}

// compare fails where a value is not the documented one, nor one of its kind that changes.
func (p pairs) compare(t *testing.T, at string, documented, actual any) {
	t.Helper()
	p.learn(documented, actual)
	if diff := cmp.Diff(documented, p.documented(actual)); diff != "" {
		t.Errorf("%s is not as documented: `go test ./collector/server -run Example -update` records it (-documented +actual):\n%s", at, diff)
	}
}

// learn notes the values that differ and may.
func (p pairs) learn(documented, actual any) {
	switch d := documented.(type) {
	case map[string]any:
		a, _ := actual.(map[string]any)
		for name := range d {
			p.learn(d[name], a[name])
		}
	case []any:
		a, _ := actual.([]any)
		for i := range min(len(d), len(a)) {
			p.learn(d[i], a[i])
		}
	case json.Number:
		p.note(d.String(), fmt.Sprint(actual))
	case string:
		a, _ := actual.(string)
		p.note(d, a)
	}
}

func (p pairs) note(documented, actual string) {
	if documented != actual && changes(documented, actual) {
		p[documented] = actual
	}
}

// documented puts the documented values back into an answer.
func (p pairs) documented(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name := range v {
			v[name] = p.documented(v[name])
		}
	case []any:
		for i := range v {
			v[i] = p.documented(v[i])
		}
	case json.Number:
		return json.Number(p.inDocs(v.String()))
	case string:
		return p.inDocs(v)
	}
	return v
}

func (p pairs) inDocs(text string) string { return p.replace(text, false) }
func (p pairs) actual(text string) string { return p.replace(text, true) }

func (p pairs) replace(text string, toActual bool) string {
	for documented, actual := range p {
		if !toActual {
			documented, actual = actual, documented
		}
		text = strings.ReplaceAll(text, documented, actual)
	}
	return text
}

func decode(t *testing.T, body []byte) any {
	t.Helper()
	var v any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return v
}

// record takes an answer over into an example. Values that change stay as they are documented.
func record(e *api.Example, r servertest.Reply, seen pairs) {
	headers := map[string]string{}
	for _, name := range []string{"Content-Type", "ETag", "Cache-Control", "Retry-After", "WWW-Authenticate"} {
		if value := r.Header.Get(name); value != "" && r.Status != http.StatusNoContent {
			seen.learn(e.Answer.Headers[name], value)
			headers[name] = seen.inDocs(value)
		}
	}
	documented := e.Answer
	e.Answer = api.ExampleAnswer{Status: r.Status, Headers: headers}
	const longest = 20_000
	switch mediaType := r.Header.Get("Content-Type"); {
	case strings.HasSuffix(mediaType, "json") && len(r.Text) < longest:
		var was, is any
		json.Unmarshal(documented.Body, &was)
		json.Unmarshal([]byte(r.Text), &is)
		seen.learn(numbers(was), numbers(is))
		e.Answer.Body = json.RawMessage(seen.inDocs(r.Text))
	case mediaType == "text/plain; charset=UTF-8":
		e.Answer.Text = r.Text
	}
}

// numbers writes whole numbers as they are on the wire.
func numbers(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name := range v {
			v[name] = numbers(v[name])
		}
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	case float64:
		return json.Number(strconv.FormatFloat(v, 'f', -1, 64))
	}
	return v
}

func write(t *testing.T, file string, examples []api.Example) {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(examples); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
