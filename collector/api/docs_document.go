package api

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
)

// The OpenAPI document has three sources: huma reads /v1 off the Go types, docs_page.go and
// docs_ops.go describe the plain Echo routes, and examples.json holds the examples of all. A test
// sends each example to a collector, and holds its answer against the document.

// tags group the operations, in the order of the docs.
var tags = []*huma.Tag{
	{Name: "Sites", Description: "A site is a web site that asks: its name, the origins its pages may send from, its time zone and its rules on users and retention."},
	{Name: "Surveys", Description: "A survey has one draft, numbered versions that never change, and a status beside them. Only a live survey is offered to visitors."},
	{Name: "Responses", Description: "What visitors answered, one item a showing of a survey."},
	{Name: "Scores", Description: "NPS, CSAT and CES, each with its n, distribution, 95 % interval and formula."},
	{Name: "People", Description: "What is stored of one person: to hand over, and to erase."},
	{Name: "Keys", Description: "API keys. A key has a scope, and opens all sites or one."},
	{Name: "Audit", Description: "Who changed what. The log holds no personal data."},
	{Name: "Pages", Description: "What the widget and the SDK call on a visitor's page. No key is needed, every page may read every answer (CORS), and no cookie is read or set, but where a site asks for one (`keep`)."},
	{Name: "Operations", Description: "What keeps a collector running."},
}

func humaConfig() huma.Config {
	config := huma.DefaultConfig("Askwell", "1")
	config.Info.Description = "Askwell asks a site's visitors the right question at the right moment, and turns what they say into scores. " +
		"Times are integers, milliseconds since the epoch, UTC. Errors are `application/problem+json` (RFC 9457) with a stable `type`. " +
		"The same document, to read: `/docs`."
	config.Info.License = &huma.License{Name: "MIT", Identifier: "MIT"}
	config.Servers = []*huma.Server{{URL: "/", Description: "The collector that serves this document"}}
	config.Tags = tags
	config.OpenAPIPath = ""                    // registerDocs serves it, with an ETag
	config.DocsPath = ""                       // its page loads scripts from elsewhere
	config.SchemasPath = ""                    // schemas are in the document
	config.CreateHooks = nil                   // no $schema field in every answer
	config.RejectUnknownQueryParameters = true // a misspelt filter must not answer with another figure
	config.Components.Schemas = newRegistry("#/components/schemas/")
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"key": {Type: "http", Scheme: "bearer", Description: "An API key, `Authorization: Bearer ask_…`. Its scope is `read`, `write` or `admin`; " +
			"each holds the ones before it. The role beside an operation's `key` is the scope that it needs."},
	}
	for _, t := range pageTypes {
		config.Components.Schemas.Schema(t, true, "")
	}
	return config
}

// OpenAPI is the document served at /openapi.json, indented.
func OpenAPI() ([]byte, error) {
	a := &api{}
	a.registerV1(echo.New())
	return json.MarshalIndent(a.huma.OpenAPI(), "", "  ")
}

// document completes what huma made of the Go types.
func document(doc *huma.OpenAPI) {
	documentPages(doc)
	documentOps(doc)
	nameUnits(doc.Components.Schemas.Map())
	byID := map[string]*huma.Operation{}
	for _, op := range operations(doc) {
		byID[op.OperationID] = op
		documentErrors(op)
		for _, p := range op.Parameters {
			nameUnit(p.Name, p.Schema)
			if p.Schema.Description != "" {
				p.Description, p.Schema.Description = p.Schema.Description, "" // huma writes it at both
			}
		}
		for _, response := range op.Responses {
			for _, header := range response.Headers {
				if header.Description == "" {
					header.Description, header.Schema.Description = header.Schema.Description, ""
				}
				header.Required = true // one that an answer may lack is not described
			}
		}
	}
	for _, e := range Examples() {
		addExample(doc, byID[e.Operation], e)
	}
	doc.Components.Responses = map[string]*huma.Response{}
	for _, op := range byID {
		for key, response := range op.Responses {
			if response.Ref != "" { // those that got no example of their own are written once
				status, _ := strconv.Atoi(key)
				doc.Components.Responses[responseName(status)] = errorResponse(doc.Components.Schemas, status)
			}
		}
	}
}

// operations lists the document's operations by tag, and within it in the order in which their
// examples need each other.
func operations(doc *huma.OpenAPI) []*huma.Operation {
	var all []*huma.Operation
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		item := doc.Paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Put, item.Post, item.Delete} {
			if op != nil {
				all = append(all, op)
			}
		}
	}
	examples := Examples()
	place := func(op *huma.Operation) (tag, example int) {
		return slices.IndexFunc(tags, func(t *huma.Tag) bool { return t.Name == op.Tags[0] }),
			slices.IndexFunc(examples, func(e Example) bool { return e.Operation == op.OperationID })
	}
	slices.SortStableFunc(all, func(a, b *huma.Operation) int {
		tagA, exampleA := place(a)
		tagB, exampleB := place(b)
		return cmp.Or(tagA-tagB, exampleA-exampleB)
	})
	return all
}

// nameUnits says of every time what it counts: the types of the domain need not repeat it.
func nameUnits(schemas map[string]*huma.Schema) {
	for _, schema := range schemas {
		for name, property := range schema.Properties {
			nameUnit(name, property)
		}
	}
}

func nameUnit(name string, schema *huma.Schema) {
	isTime := strings.HasSuffix(name, "_at") || slices.Contains([]string{"at", "as_of", "from", "to"}, name)
	if !isTime || schema.Type != huma.TypeInteger {
		return
	}
	if schema.Description != "" {
		schema.Description += ". "
	}
	schema.Description += "Milliseconds since the epoch, UTC"
}

// text is a body or header that is a string.
func text(description string) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Description: description}
}

// header describes a header of an answer.
func header(description string) *huma.Param {
	return &huma.Param{Description: description, Schema: &huma.Schema{Type: huma.TypeString}}
}

func pathParam(name, description string) *huma.Param {
	return &huma.Param{Name: name, In: "path", Required: true, Description: description, Schema: &huma.Schema{Type: huma.TypeString}}
}

func ifNoneMatch() *huma.Param {
	return &huma.Param{Name: "If-None-Match", In: "header", Description: "The ETag of the copy at hand", Schema: &huma.Schema{Type: huma.TypeString}}
}

func notModified(headers map[string]*huma.Param) *huma.Response {
	return &huma.Response{Description: "The copy at hand is the newest; without a body", Headers: headers}
}

// answers is an answer with one kind of body.
func answers(description, mediaType string, schema *huma.Schema, headers map[string]*huma.Param) *huma.Response {
	return &huma.Response{Description: description, Headers: headers,
		Content: map[string]*huma.MediaType{mediaType: {Schema: schema}}}
}

// schemaOf is a reference to the schema of a Go type.
func schemaOf[T any](doc *huma.OpenAPI) *huma.Schema {
	return doc.Components.Schemas.Schema(reflect.TypeFor[T](), true, "")
}

// withErrors adds the errors of an operation that huma does not know.
func withErrors(op *huma.Operation, statuses ...int) *huma.Operation {
	for _, status := range statuses {
		op.Responses[statusKey(status)] = &huma.Response{Description: http.StatusText(status)}
	}
	return op
}
