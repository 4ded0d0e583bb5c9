package api

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/survey"
)

// SitePath is the part of the path that names a site.
type SitePath struct {
	Site string `path:"site" doc:"Id of the site" example:"shop"`
}

// IfMatch makes a change conditional on what was read.
type IfMatch struct {
	Header string `header:"If-Match" doc:"The ETag you read, to change that and nothing newer"`
}

// etag parses the header: 0 where it is absent, -1 (which nothing has) where it is no ETag of ours.
func (m IfMatch) etag() int64 {
	if m.Header == "" {
		return 0
	}
	n, err := strconv.ParseInt(strings.Trim(strings.TrimPrefix(m.Header, "W/"), `"`), 10, 64)
	if err != nil || n < 1 {
		return -1
	}
	return n
}

func quoteETag(n int64) string { return `"` + strconv.FormatInt(n, 10) + `"` }

type siteOutput struct {
	ETag string `header:"ETag" doc:"Changes with every change: send it as If-Match"`
	Body survey.Site
}

type siteList struct {
	Body struct {
		Items []survey.Site `json:"items"`
	}
}

type putSiteInput struct {
	SitePath
	IfMatch
	Body json.RawMessage
}

func (a *api) registerSites() {
	handle(a, auth.Read, huma.Operation{
		OperationID: "list-sites", Method: http.MethodGet, Path: "/v1/sites", Tags: []string{"Sites"}, Summary: "All sites",
		Description: "A key of one site sees that site.",
	}, a.listSites)
	handle(a, auth.Read, huma.Operation{
		OperationID: "get-site", Method: http.MethodGet, Path: "/v1/sites/{site}", Tags: []string{"Sites"}, Summary: "A site",
		Description: "Its ETag is what a change needs.",
		Errors:      []int{http.StatusNotFound},
	}, a.getSite)
	handle(a, auth.Write, withBody(a, huma.Operation{
		OperationID: "put-site", Method: http.MethodPut, Path: "/v1/sites/{site}", Tags: []string{"Sites"}, Summary: "Make or change a site",
		Description: "Without `If-Match` it makes a site, and answers 412 where there is one. With it, it replaces the site that has this ETag. Pages see a change within a minute.",
		Errors:      []int{http.StatusPreconditionFailed},
	}, "Site"), a.putSite)
	handle(a, auth.Admin, huma.Operation{
		OperationID: "create-secret", Method: http.MethodPost, Path: "/v1/sites/{site}/secret", Tags: []string{"Sites"}, Summary: "Make the secret that signs a site's users",
		Description: "The site's server signs a user's id: HMAC-SHA256 with this secret (as these characters) as its key, in hex. Replaces the secret before it, at once: " +
			"from then on only signatures made with the new one count.",
		Errors: []int{http.StatusNotFound},
	}, a.createSecret)
}

type secretOutput struct {
	Body struct {
		Secret string `json:"secret" doc:"For the site's server alone; shown here and never again"`
	}
}

func (a *api) createSecret(ctx context.Context, in *SitePath) (*secretOutput, error) {
	if _, err := a.Store.Site(ctx, in.Site); err != nil {
		return nil, err
	}
	secret := auth.NewSecret()
	if err := a.Store.SetSecret(ctx, in.Site, secret, a.Now()); err != nil {
		return nil, err
	}
	var out secretOutput
	out.Body.Secret = hex.EncodeToString(secret)
	return &out, a.reload(ctx, in.Site)
}

// withBody documents a body that the handler reads and checks itself: the domain's messages name
// what is allowed, and are the same for a file, the API and the dashboard.
func withBody(a *api, op huma.Operation, schema string) huma.Operation {
	op.SkipValidateBody = true
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/json": {Schema: &huma.Schema{Ref: "#/components/schemas/" + schema}},
	}}
	return op
}

func (a *api) listSites(ctx context.Context, _ *struct{}) (*siteList, error) {
	sites, err := a.Store.Sites(ctx)
	if err != nil {
		return nil, err
	}
	var out siteList
	out.Body.Items = []survey.Site{}
	for _, site := range sites {
		if own := keyOf(ctx).Site; own == "" || own == site.ID {
			out.Body.Items = append(out.Body.Items, site.Site)
		}
	}
	return &out, nil
}

func (a *api) getSite(ctx context.Context, in *SitePath) (*siteOutput, error) {
	site, err := a.Store.Site(ctx, in.Site)
	if err != nil {
		return nil, err
	}
	return &siteOutput{ETag: quoteETag(site.ETag), Body: site.Site}, nil
}

func (a *api) putSite(ctx context.Context, in *putSiteInput) (*siteOutput, error) {
	site, err := survey.ParseSite(in.Body)
	if err != nil {
		return nil, err
	}
	if err := sameID("site", site.ID, in.Site); err != nil {
		return nil, err
	}
	etag, err := a.Store.PutSite(ctx, *site, in.etag())
	if err != nil {
		return nil, err
	}
	return &siteOutput{ETag: quoteETag(etag), Body: *site}, a.reload(ctx, site.ID)
}

// reload makes pages see a change that is stored, whether or not its client still waits.
func (a *api) reload(ctx context.Context, site string) error {
	return a.Catalog.Reload(context.WithoutCancel(ctx), site)
}

// sameID refuses a body that names another thing than the path does.
func sameID(field, body, path string) error {
	if body == path {
		return nil
	}
	e := survey.Errorf(survey.Invalid, "the body and the path name different things")
	e.Problems = []survey.Problem{{Location: field, Message: "is " + strconv.Quote(body) + ", but the path says " + strconv.Quote(path)}}
	return e
}
