package api

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/askwell/askwell/collector/metrics"
	"github.com/askwell/askwell/collector/survey"
)

func TestEveryRouteIsInTheDocumentAndNothingElse(t *testing.T) {
	e := New(Deps{Metrics: metrics.New(func() int { return 0 }), Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	// Echo cannot tell files by their ending, and its paths have colons.
	named := strings.NewReplacer("/w/:file", "/w/{site}.js", "/w/a/:file", "/w/a/{hash}.js",
		":site", "{site}", ":survey", "{survey}", ":version", "{version}", ":key", "{key}")
	served := map[string]bool{"GET /w/{site}.json": true, "GET /w/a/{hash}.json": true}
	for _, route := range e.Routes() {
		switch {
		case route.Method == http.MethodHead: // as GET, without the body
		case route.Path == "/w/*" || route.Path == "/w" || route.Method == "echo_route_not_found": // answers 404, and preflights
		default:
			served[route.Method+" "+named.Replace(route.Path)] = true
		}
	}
	documented := map[string]bool{}
	for _, op := range operations(testDocument()) {
		documented[op.Method+" "+op.Path] = true
	}
	for route := range served {
		if !documented[route] {
			t.Errorf("%s is served, but not in the document", route)
		}
	}
	for route := range documented {
		if !served[route] {
			t.Errorf("%s is in the document, but not served", route)
		}
	}
}

func TestEveryOperationSaysWhatItIs(t *testing.T) {
	for _, op := range operations(testDocument()) {
		if op.Summary == "" || op.Description == "" || len(op.Tags) != 1 || op.Security == nil {
			t.Errorf("%s lacks a summary, a description, its tag or its security", op.OperationID)
		}
		for _, p := range op.Parameters {
			if p.Description == "" {
				t.Errorf("%s: the parameter %s has no description", op.OperationID, p.Name)
			}
		}
	}
}

// An answer with a field that the document does not know would be a change that no client sees coming.
func TestObjectsAreClosedUnlessTheyAreMaps(t *testing.T) {
	for name, schema := range testDocument().Components.Schemas.Map() {
		if schema.Type != huma.TypeObject {
			continue
		}
		if closed, ok := schema.AdditionalProperties.(bool); ok && !closed {
			continue
		}
		if name != "Condition" { // a map by question id
			t.Errorf("%s may have any field", name)
		}
	}
}

func TestEveryErrorHasOneType(t *testing.T) {
	codes := map[survey.Code]bool{internal: true, gone: true}
	for _, code := range surveyCodes(t) {
		codes[code] = true
	}
	seen := map[survey.Code]bool{}
	for _, row := range errorTypes {
		if seen[row.code] {
			t.Errorf("%s is there twice", row.code)
		}
		seen[row.code] = true
		if row.when == "" || row.status < 400 {
			t.Errorf("%s has the status %d, and means %q", row.code, row.status, row.when)
		}
	}
	for code := range codes {
		if !seen[code] {
			t.Errorf("%s is in no row of errorTypes", code)
		}
	}
}

// huma and Echo make errors from a status alone.
func TestEveryStatusHasAListedType(t *testing.T) {
	listed := testDocument().Components.Schemas.Map()["Problem"].Properties["type"].Enum
	for status := 400; status < 600; status++ {
		p := huma.NewError(status, "").(*huma.ErrorModel)
		if !slices.Contains(listed, any(p.Type)) || p.Status != status {
			t.Errorf("%d has the type %q", status, p.Type)
		}
	}
}

func testDocument() *huma.OpenAPI {
	a := &api{}
	a.registerV1(echo.New())
	return a.huma.OpenAPI()
}

// surveyCodes reads the constants of type Code, so that a new one cannot be forgotten.
func surveyCodes(t *testing.T) []survey.Code {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../survey/error.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var codes []survey.Code
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if name, ok := spec.Type.(*ast.Ident); ok && name.Name == "Code" {
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, survey.Code(value))
		}
		return true
	})
	if len(codes) == 0 {
		t.Fatal("no codes were found")
	}
	return codes
}
