package api

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// problemSchema describes huma.ErrorModel, with the types of error that there are.
type problemSchema struct{}

func (problemSchema) Schema(r huma.Registry) *huma.Schema {
	return named(r, "Problem", func() *huma.Schema {
		list := make([]string, len(errorTypes))
		types := make([]any, len(errorTypes))
		for i, t := range errorTypes {
			types[i] = t.uri()
			list[i] = fmt.Sprintf("`%s` (%d): %s", t.uri(), t.status, t.when)
		}
		least, most := float64(http.StatusBadRequest), float64(599)
		return &huma.Schema{
			Type:        huma.TypeObject,
			Description: "An error (RFC 9457)",
			Properties: map[string]*huma.Schema{
				"type":     {Type: huma.TypeString, Enum: types, Description: "What went wrong; it never changes its meaning.\n\n- " + strings.Join(list, "\n- ")},
				"title":    {Type: huma.TypeString, Description: "The status, in words"},
				"status":   {Type: huma.TypeInteger, Minimum: &least, Maximum: &most, Description: "The HTTP status; in a receipt, the one that the response would have had by itself"},
				"detail":   {Type: huma.TypeString, Description: "What happened this time, for people: do not parse it"},
				"instance": {Type: huma.TypeString, Description: "On `urn:askwell:internal`: the request's id, which the log has too"},
				"errors":   {Type: huma.TypeArray, Items: r.Schema(reflect.TypeFor[huma.ErrorDetail](), true, ""), Description: "Each place that is wrong, 20 of them at most"},
			},
			Required:             []string{"type", "title", "status"},
			AdditionalProperties: false,
		}
	})
}

func (t errorType) uri() string { return typePrefix + string(t.code) }

func statusKey(status int) string { return strconv.Itoa(status) }

// responseName is the name of the shared answer of a status: NotFound.
func responseName(status int) string { return strings.ReplaceAll(http.StatusText(status), " ", "") }

const sharedResponses = "#/components/responses/"

// errorResponse is the answer that operations share for a status. Of the types that a status has, the
// first in the table is the one of whole answers.
func errorResponse(schemas huma.Registry, status int) *huma.Response {
	t := errorTypes[slices.IndexFunc(errorTypes, func(t errorType) bool { return t.status == status })]
	r := answers(fmt.Sprintf("`%s`: %s", t.uri(), t.when), "application/problem+json",
		schemas.Schema(reflect.TypeFor[huma.ErrorModel](), true, ""), nil)
	switch status {
	case http.StatusUnauthorized:
		r.Headers = map[string]*huma.Param{"WWW-Authenticate": header("`Bearer`")}
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		r.Headers = map[string]*huma.Param{"Retry-After": header("Seconds to wait before trying again")}
	}
	for _, h := range r.Headers {
		h.Required = true
	}
	return r
}

// documentErrors points an operation's errors to the shared answers, those that huma gives by itself among them.
func documentErrors(op *huma.Operation) {
	if op.RequestBody != nil && strings.HasPrefix(op.Path, "/v1/") {
		withErrors(op, http.StatusBadRequest, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge)
		if !op.SkipValidateBody {
			withErrors(op, http.StatusUnsupportedMediaType)
		}
	}
	for key := range op.Responses {
		if status, err := strconv.Atoi(key); err == nil && status >= http.StatusBadRequest {
			op.Responses[key] = &huma.Response{Ref: sharedResponses + responseName(status)}
		}
	}
}
