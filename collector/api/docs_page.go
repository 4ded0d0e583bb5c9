package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/askwell/askwell/collector/catalog"
)

// documentPages describes the routes of page.go and post.go. Echo cannot tell {site}.js from
// {site}.json, so one handler serves both; they are two operations all the same.
func documentPages(doc *huma.OpenAPI) {
	none := []map[string][]string{}
	site := func() *huma.Param { return pathParam("site", "Id of the site") }
	asset := func() map[string]*huma.Param {
		return map[string]*huma.Param{
			"ETag":                        header("Changes with the content"),
			"Cache-Control":               header("How long it may be kept"),
			"Access-Control-Allow-Origin": header("`*`: any page may read it"),
		}
	}
	const script = "text/javascript"

	doc.AddOperation(withErrors(&huma.Operation{
		OperationID: "get-script", Method: http.MethodGet, Path: "/w/{site}.js", Tags: []string{"Pages"}, Security: none,
		Summary: "The script of a site's script tag",
		Description: "The engine, and the triggers, targeting and frequency of the live surveys. It holds no texts: one cached URL cannot know the page's language. " +
			"Brotli or gzip; kept for a minute. `HEAD` works too. A collector that was built without the scripts answers 503.",
		Parameters: []*huma.Param{site(), ifNoneMatch()},
		Responses: map[string]*huma.Response{
			"200": answers("The script", script, text("JavaScript"), asset()), "304": notModified(asset()),
		},
	}, http.StatusNotFound, http.StatusServiceUnavailable))

	doc.AddOperation(withErrors(&huma.Operation{
		OperationID: "get-config", Method: http.MethodGet, Path: "/w/{site}.json", Tags: []string{"Pages"}, Security: none,
		Summary:     "The configuration of a site's pages",
		Description: "What the script holds of the live surveys, without the script: for the SDK, and for sites with a UI of their own. Kept for a minute.",
		Parameters:  []*huma.Param{site(), ifNoneMatch()},
		Responses: map[string]*huma.Response{
			"200": answers("The configuration", "application/json", schemaOf[catalog.Config](doc), asset()), "304": notModified(asset()),
		},
	}, http.StatusNotFound, http.StatusServiceUnavailable))

	doc.AddOperation(withErrors(&huma.Operation{
		OperationID: "get-face", Method: http.MethodGet, Path: "/w/a/{hash}.js", Tags: []string{"Pages"}, Security: none,
		Summary: "What the visitor sees of a survey, in one language",
		Description: "The interface joined with the survey's questions and texts (the schema `Face`). The name is the SHA-256 of the content, " +
			"so it never changes, may be kept for ever, and can be given as the `integrity` of a script.",
		Parameters: []*huma.Param{pathParam("hash", "From `faces` in the configuration"), ifNoneMatch()},
		Responses: map[string]*huma.Response{
			"200": answers("The script", script, text("JavaScript"), asset()), "304": notModified(asset()),
		},
	}, http.StatusNotFound))

	batchSchema := schemaOf[batch](doc)
	doc.AddOperation(withErrors(&huma.Operation{
		OperationID: "send-responses", Method: http.MethodPost, Path: "/w/{site}", Tags: []string{"Pages"}, Security: none,
		Summary: "Send responses from a page",
		Description: "At most 50 responses in 64 KiB, nested 8 deep. It is answered only after what was accepted is on disk. Each response is accepted or rejected by itself: " +
			"forget the accepted ones, and the rejected ones too, because sending them again would not help. On any other answer than 200 keep them all; " +
			"on 408, 429 and 5xx try again after `Retry-After`. Each send is a whole snapshot, and the highest `seq` counts: sending the same thing twice changes nothing.\n\n" +
			"Send the JSON as `text/plain`: then the browser needs no preflight. The `Content-Type` is not looked at.",
		Parameters: []*huma.Param{site(), {Name: "Origin", In: "header", Required: true,
			Description: "One of the site's origins; browsers send it by themselves", Schema: &huma.Schema{Type: huma.TypeString}}},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"text/plain": {Schema: &huma.Schema{Type: huma.TypeString, Description: "The same as JSON text",
				Extensions: map[string]any{"contentMediaType": "application/json", "contentSchema": batchSchema}}},
			"application/json": {Schema: batchSchema},
		}},
		Responses: map[string]*huma.Response{
			"200": answers("What is on disk, and what never will be", "application/json", schemaOf[receipt](doc),
				map[string]*huma.Param{"Access-Control-Allow-Origin": header("`*`: any page may read it")}),
		},
	}, http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusRequestEntityTooLarge,
		http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable))
}
