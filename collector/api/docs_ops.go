package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/askwell/askwell/collector/auth"
)

// documentOps describes the routes of ops.go, and of the document itself.
func documentOps(doc *huma.OpenAPI) {
	none := []map[string][]string{}
	ok := func() *huma.Response { return answers("It works", "text/plain", text("`ok`"), nil) }
	cached := func() map[string]*huma.Param {
		return map[string]*huma.Param{"ETag": header("Changes with the program's version"), "Cache-Control": header("To be asked for anew each time")}
	}

	for _, op := range []*huma.Operation{
		{
			OperationID: "get-health", Path: "/healthz", Security: none, Summary: "Is the program alive?",
			Description: "Touches nothing: restart the program where this does not answer. Beside `ok` it says the program's version, where it knows one.",
			Responses:   map[string]*huma.Response{"200": ok()},
		},
		withErrors(&huma.Operation{
			OperationID: "get-readiness", Path: "/readyz", Security: none, Summary: "Can it work?",
			Description: "Asks the database, for two seconds at most: send no traffic where this answers 503.",
			Responses:   map[string]*huma.Response{"200": ok()},
		}, http.StatusServiceUnavailable),
		withErrors(&huma.Operation{
			OperationID: "get-metrics", Path: "/metrics", Security: keyed(auth.Read), Summary: "Metrics, for Prometheus",
			Description: "Needs a key of all sites. Labels are routes, fixed words and the ids of published surveys.",
			Responses:   map[string]*huma.Response{"200": answers("The text format of Prometheus", "text/plain", text("One metric a line"), nil)},
		}, http.StatusUnauthorized, http.StatusForbidden, http.StatusInternalServerError),
		{
			OperationID: "get-openapi", Path: "/openapi.json", Security: none, Summary: "This document",
			Description: "OpenAPI 3.1.",
			Parameters:  []*huma.Param{ifNoneMatch()},
			Responses: map[string]*huma.Response{
				"200": answers("The document", "application/json", &huma.Schema{Type: huma.TypeObject, Description: "OpenAPI 3.1"}, cached()), "304": notModified(cached()),
			},
		},
		{
			OperationID: "get-docs", Path: "/docs", Security: none, Summary: "This document, to read",
			Description: "One page that loads nothing else.",
			Parameters:  []*huma.Param{ifNoneMatch()},
			Responses:   map[string]*huma.Response{"200": answers("The page", "text/html", text("HTML"), cached()), "304": notModified(cached())},
		},
	} {
		op.Method, op.Tags = http.MethodGet, []string{"Operations"}
		doc.AddOperation(op)
	}
}

// keyed is the security of an operation that a key of this scope opens.
func keyed(scope auth.Scope) []map[string][]string {
	return []map[string][]string{{"key": {string(scope)}}}
}
