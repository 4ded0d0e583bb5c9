package api

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

// Example is one request to an operation, and how it is answered. They are sent one after another, so
// each may build on what those before it left.
type Example struct {
	Operation string            `json:"operation"` // its operationId
	Name      string            `json:"name"`      // within the operation
	Summary   string            `json:"summary"`
	Key       string            `json:"key,omitempty"` // "" for none, "admin" for the first key, or one that an example made
	Path      map[string]string `json:"path,omitempty"`
	Query     map[string]string `json:"query,omitempty"`
	Headers   map[string]string `json:"headers,omitempty"`
	Body      json.RawMessage   `json:"body,omitempty"`
	Text      string            `json:"text,omitempty"` // a body that is no JSON
	Answer    ExampleAnswer     `json:"answer"`
}

// ExampleAnswer is what comes back. Text that is long, or that changes with every build, is left out.
type ExampleAnswer struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    json.RawMessage   `json:"body,omitempty"`
	Text    string            `json:"text,omitempty"`
}

//go:embed examples.json
var examplesJSON []byte

// Examples are the documented examples, in the order in which they can be sent. examples.json is
// written by hand up to the answers: `go test ./collector/server -run Example -update` records those.
func Examples() []Example { return slices.Clone(readExamples()) }

var readExamples = sync.OnceValue(func() (list []Example) {
	if err := json.Unmarshal(examplesJSON, &list); err != nil {
		panic(fmt.Errorf("examples.json: %w", err)) // embedded: as good as a syntax error
	}
	return list
})

// Fill puts an example's parameters into the path of its operation.
func (e *Example) Fill(path string) string {
	for name, value := range e.Path {
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
	}
	query := url.Values{}
	for name, value := range e.Query {
		query.Set(name, value)
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path
}

// MediaType is the type of an example's body.
func (e *Example) MediaType() string {
	if given := e.Headers["Content-Type"]; given != "" {
		return given
	}
	return "application/json"
}

// is says whether an answer is of a media type: of an operation that has several, an example is in one.
func (a *ExampleAnswer) is(mediaType string) bool {
	of, _, _ := strings.Cut(a.Headers["Content-Type"], ";")
	return of == "" || of == mediaType
}

// addExample puts the parts of an example where OpenAPI wants them, each under its name. A request that
// breaks the schema it is shown beside would mislead: with its answer it is told in words.
func addExample(doc *huma.OpenAPI, op *huma.Operation, e Example) {
	if op == nil {
		panic("examples.json: there is no operation " + e.Operation)
	}
	broken := e.Answer.Status == http.StatusBadRequest || e.Answer.Status == http.StatusUnprocessableEntity
	if !broken {
		addRequest(op, e)
	}
	key := statusKey(e.Answer.Status)
	response := op.Responses[key]
	if response == nil {
		panic(fmt.Sprintf("examples.json: %s has no answer %s", e.Operation, key))
	}
	if response.Ref != "" { // an example makes a shared answer the operation's own
		response = errorResponse(doc.Components.Schemas, e.Answer.Status)
		op.Responses[key] = response
	}
	value := any(e.Answer.Text)
	if e.Answer.Body != nil {
		value = e.Answer.Body
	}
	for mediaType, media := range response.Content {
		if value == "" || !e.Answer.is(mediaType) {
			continue
		}
		put(&media.Examples, e, value)
		if broken {
			media.Examples[e.Name].Description = "The answer to: `" + e.request(op) + "`"
		}
	}
}

func addRequest(op *huma.Operation, e Example) {
	for _, p := range op.Parameters {
		value, given := map[string]map[string]string{"path": e.Path, "query": e.Query, "header": e.Headers}[p.In][p.Name]
		if given {
			p.Example = nil // one or the other
			put(&p.Examples, e, ofType(p.Schema, value))
		}
	}
	if op.RequestBody != nil && e.Body != nil {
		put(&op.RequestBody.Content[e.MediaType()].Examples, e, bodyValue(e.MediaType(), e.Body))
	}
}

// request is an example in one line.
func (e *Example) request(op *huma.Operation) string {
	return strings.TrimSpace(op.Method + " " + e.Fill(op.Path) + " " + e.Text + compact(e.Body))
}

func compact(body json.RawMessage) string {
	var b bytes.Buffer
	if len(body) > 0 {
		if err := json.Compact(&b, body); err != nil {
			panic(err) // it was decoded before
		}
	}
	return b.String()
}

func put(examples *map[string]*huma.Example, e Example, value any) {
	if *examples == nil {
		*examples = map[string]*huma.Example{}
	}
	(*examples)[e.Name] = &huma.Example{Summary: e.Summary, Value: value}
}

// bodyValue is a body as an example shows it: JSON as such, or as the text that it is sent as.
func bodyValue(mediaType string, body json.RawMessage) any {
	if strings.HasSuffix(mediaType, "json") {
		return body
	}
	return compact(body)
}

// ofType is a parameter as JSON: examples.json has them all as strings.
func ofType(schema *huma.Schema, value string) any {
	switch {
	case schema.Type == huma.TypeInteger && json.Valid([]byte(value)):
		return json.RawMessage(value)
	case schema.Type == huma.TypeArray:
		return []string{value}
	}
	return value
}
