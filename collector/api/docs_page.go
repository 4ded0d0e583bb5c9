package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/askwell/askwell/collector/catalog"
)

// documentPages describes the routes of page.go, preview.go, post.go, ask.go, dry.go and keep.go. Echo cannot tell {site}.js from
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
			"Brotli or gzip; kept for a minute, for half of one where a live survey has a quota. `HEAD` works too. A collector that was built without the scripts answers 503.",
		Parameters: []*huma.Param{site(), preview(), ifNoneMatch()},
		Responses: map[string]*huma.Response{
			"200": answers("The script", script, text("JavaScript"), asset()), "304": notModified(asset()),
		},
	}, http.StatusForbidden, http.StatusNotFound, http.StatusServiceUnavailable))

	doc.AddOperation(withErrors(&huma.Operation{
		OperationID: "get-config", Method: http.MethodGet, Path: "/w/{site}.json", Tags: []string{"Pages"}, Security: none,
		Summary:     "The configuration of a site's pages",
		Description: "What the script holds of the live surveys, without the script: for the SDK, and for sites with a UI of their own. Kept as long.",
		Parameters:  []*huma.Param{site(), preview(), ifNoneMatch()},
		Responses: map[string]*huma.Response{
			"200": answers("The configuration", "application/json", schemaOf[catalog.Config](doc), asset()), "304": notModified(asset()),
		},
	}, http.StatusForbidden, http.StatusNotFound, http.StatusServiceUnavailable))

	doc.AddOperation(withErrors(&huma.Operation{
		OperationID: "get-face", Method: http.MethodGet, Path: "/w/a/{hash}.js", Tags: []string{"Pages"}, Security: none,
		Summary: "What the visitor sees of a survey, in one language",
		Description: "The interface joined with the survey's questions and texts (the schema `Texts`). The name is the SHA-256 of the content, " +
			"so it never changes, may be kept for ever, and can be given as the `integrity` of a script.",
		Parameters: []*huma.Param{pathParam("hash", "From `faces` in the configuration; or `queue`, `tools` or `into`, of which every site has the same: those are kept for a minute"), ifNoneMatch()},
		Responses: map[string]*huma.Response{
			"200": answers("The script", script, text("JavaScript"), asset()), "304": notModified(asset()),
		},
	}, http.StatusNotFound))

	doc.AddOperation(withErrors(&huma.Operation{
		OperationID: "get-texts", Method: http.MethodGet, Path: "/w/a/{hash}.json", Tags: []string{"Pages"}, Security: none,
		Summary: "The questions and texts of a survey, in one language",
		Description: "What the script of the same name holds beside its code: for the SDK's `openSurvey`, and for whoever draws a survey with an interface of their own. Every text is one string. " +
			"It never changes, and may be kept for ever.",
		Parameters: []*huma.Param{pathParam("hash", "From `faces` in the configuration"), ifNoneMatch()},
		Responses: map[string]*huma.Response{
			"200": answers("The texts", "application/json", schemaOf[catalog.Texts](doc), asset()), "304": notModified(asset()),
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
		Parameters:  []*huma.Param{site(), origin()},
		RequestBody: postedBody(batchSchema),
		Responses: map[string]*huma.Response{
			"200": answers("What is on disk, and what never will be", "application/json", schemaOf[receipt](doc),
				map[string]*huma.Param{"Access-Control-Allow-Origin": header("`*`: any page may read it")}),
		},
	}, postedErrors()...))

	doc.AddOperation(withErrors(&huma.Operation{
		OperationID: "ask", Method: http.MethodPost, Path: "/w/{site}/ask", Tags: []string{"Pages"}, Security: none,
		Summary: "May a survey show to this user?",
		Description: "A page asks just before it shows a survey to an identified user: the survey's frequency and the site's `fatigue.days_apart` are then held to what all browsers have sent of this user " +
			"(the latest 1,000 showings; tests and bots count for nothing). The rules are looked at in the order of the reasons below. A survey whose quota is used up may not show.\n\n" +
			"Of a user that is not proven, as `user_sig` proves a response's, nothing is told: the answer is `{\"show\": true}`, and the rules hold for what the page itself remembers. " +
			"Without a secret, any page of the site may ask about any user. At most 8 KiB, as `text/plain` or JSON.",
		Parameters:  []*huma.Param{site(), origin()},
		RequestBody: postedBody(schemaOf[askBody](doc)),
		Responses: map[string]*huma.Response{
			"200": answers("Whether it may, and the rule that says no", "application/json", schemaOf[permission](doc),
				map[string]*huma.Param{"Access-Control-Allow-Origin": header("`*`: any page may read it")}),
		},
	}, postedErrors(http.StatusUnprocessableEntity)...))

	doc.AddOperation(withErrors(&huma.Operation{
		OperationID: "count-dry-run", Method: http.MethodPost, Path: "/w/{site}/dry", Tags: []string{"Pages"}, Security: none,
		Summary: "Count who would have seen a survey",
		Description: "What a page sends in place of showing a live survey with `dry_run: true`, once a page view. Nothing of the visitor is in it, and nothing of them is stored; user agents of bots are not counted. " +
			"It is written down some seconds later: a crash loses those. At most 8 KiB, as `text/plain` or JSON.",
		Parameters:  []*huma.Param{site(), origin()},
		RequestBody: postedBody(schemaOf[dryRunBody](doc)),
		Responses: map[string]*huma.Response{
			"204": {Description: "Counted, or a bot", Headers: map[string]*huma.Param{"Access-Control-Allow-Origin": header("`*`: any page may read it")}},
		},
	}, postedErrors(http.StatusConflict, http.StatusUnprocessableEntity)...))

	doc.AddOperation(withErrors(&huma.Operation{
		OperationID: "keep-visitor", Method: http.MethodPost, Path: "/w/{site}/keep", Tags: []string{"Pages"}, Security: none,
		Summary: "Keep what a page remembers of its visitor in a cookie",
		Description: "For sites with `visitor_cookie`: sets the cookie `askwell_<site>`, which the page's scripts read and no request to the collector needs. Safari deletes what scripts store after seven days without a visit, " +
			"but not what a server sets for 400. It is set for the domain that page and collector share (shop.example for www.shop.example and feedback.shop.example), where somebody registered it: " +
			"with none, or under a suffix such as github.io, the answer is 409, unless both are one host.\n\n" +
			"Send it with `credentials: \"include\"`, at most 8 KiB, as `text/plain` or JSON.",
		Parameters:  []*huma.Param{site(), origin()},
		RequestBody: postedBody(schemaOf[keepBody](doc)),
		Responses: map[string]*huma.Response{
			"204": {Description: "The cookie is set, or deleted", Headers: map[string]*huma.Param{
				"Set-Cookie":                       header("The cookie"),
				"Access-Control-Allow-Origin":      header("The page's origin"),
				"Access-Control-Allow-Credentials": header("`true`"),
			}},
		},
	}, postedErrors(http.StatusConflict, http.StatusUnprocessableEntity)...))
}

// preview is the token of a preview link.
func preview() *huma.Param {
	return &huma.Param{Name: "preview", In: "query", Description: "The token of a preview link: with the survey's draft, and not to be kept at all",
		Schema: &huma.Schema{Type: huma.TypeString}}
}

// origin is the header by which the collector knows a site's pages.
func origin() *huma.Param {
	return &huma.Param{Name: "Origin", In: "header", Required: true,
		Description: "One of the site's origins; browsers send it by themselves", Schema: &huma.Schema{Type: huma.TypeString}}
}

// postedBody is JSON that may be called text, so that the browser needs no preflight.
func postedBody(schema *huma.Schema) *huma.RequestBody {
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"text/plain": {Schema: &huma.Schema{Type: huma.TypeString, Description: "The same as JSON text",
			Extensions: map[string]any{"contentMediaType": "application/json", "contentSchema": schema}}},
		"application/json": {Schema: schema},
	}}
}

// postedErrors are what receive can answer, and more.
func postedErrors(more ...int) []int {
	return append(more, http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusRequestEntityTooLarge,
		http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable)
}
