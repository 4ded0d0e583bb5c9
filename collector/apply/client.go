package apply

import (
	"context"
	"fmt"
	"net/http"

	"github.com/askwell/askwell/collector/client"
	"github.com/askwell/askwell/collector/survey"
)

// collector is the part of the API that sites and surveys are applied through.
type collector struct{ *client.Client }

// remote is a survey as the collector has it.
type remote struct {
	Status      survey.Status      `json:"status"`
	LiveVersion int                `json:"live_version"`
	Draft       *survey.Definition `json:"draft"`
	etag        string
}

func surveyPath(site, id string) string { return "/v1/sites/" + site + "/surveys/" + id }

// site returns nil where there is none.
func (c collector) site(ctx context.Context, id string) (site *survey.Site, etag string, err error) {
	site = &survey.Site{}
	etag, err = c.Call(ctx, http.MethodGet, "/v1/sites/"+id, "", nil, site)
	if client.IsStatus(err, http.StatusNotFound) {
		return nil, "", nil
	}
	return site, etag, err
}

func (c collector) putSite(ctx context.Context, site *survey.Site, etag string) error {
	_, err := c.Call(ctx, http.MethodPut, "/v1/sites/"+site.ID, etag, site, &struct{}{})
	return err
}

// survey returns nil where there is none.
func (c collector) survey(ctx context.Context, site, id string) (*remote, error) {
	var r remote
	etag, err := c.Call(ctx, http.MethodGet, surveyPath(site, id), "", nil, &r)
	if client.IsStatus(err, http.StatusNotFound) {
		return nil, nil
	}
	r.etag = etag
	return &r, err
}

// version returns a published version.
func (c collector) version(ctx context.Context, site, id string, version int) (*survey.Definition, error) {
	var d survey.Definition
	_, err := c.Call(ctx, http.MethodGet, fmt.Sprintf("%s/versions/%d", surveyPath(site, id), version), "", nil, &d)
	return &d, err
}

func (c collector) putSurvey(ctx context.Context, site string, d *survey.Definition, etag string) (*remote, error) {
	var r remote
	etag, err := c.Call(ctx, http.MethodPut, surveyPath(site, d.ID), etag, d, &r)
	r.etag = etag
	return &r, err
}

func (c collector) publish(ctx context.Context, site, id, etag string) (*remote, error) {
	var r remote
	etag, err := c.Call(ctx, http.MethodPost, surveyPath(site, id)+"/publish", etag, nil, &r)
	r.etag = etag
	return &r, err
}
