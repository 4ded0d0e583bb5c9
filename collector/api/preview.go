package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/survey"
)

type previewInput struct {
	SurveyPath
	Body struct {
		Hours int `json:"hours,omitempty" minimum:"1" maximum:"720" default:"24" doc:"How long the link works"`
	}
}

type previewOutput struct {
	Body struct {
		Token     string `json:"token" doc:"For preview of the site's script"`
		Query     string `json:"query" doc:"Add it to the address of one of the site's pages"`
		ExpiresAt int64  `json:"expires_at"`
	}
}

func (a *api) registerPreviews() {
	handle(a, auth.Write, huma.Operation{
		OperationID: "create-preview", Method: http.MethodPost, Path: "/v1/sites/{site}/surveys/{survey}/preview", Tags: []string{"Surveys"},
		Summary: "Make a link with which the draft can be tried on the real page",
		Description: "Whoever has the link sees the survey's draft, as it is then, in the place of its live version; visitors see nothing of it, and what is answered is not sent. " +
			"A link cannot be taken back before it expires.",
		Errors: []int{http.StatusNotFound},
	}, a.createPreview)
}

func (a *api) createPreview(ctx context.Context, in *previewInput) (*previewOutput, error) {
	if _, err := a.Store.Survey(ctx, in.Site, in.Survey); err != nil {
		return nil, err
	}
	secret, err := a.Store.NotePreview(ctx, in.Site, in.Survey, auth.NewSecret(), a.Now())
	if err != nil {
		return nil, err
	}
	expires := a.Now().Add(time.Duration(in.Body.Hours) * time.Hour)
	var out previewOutput
	out.Body.Token = auth.SignPreview(secret, in.Site, in.Survey, expires)
	out.Body.Query = "askwell_preview=" + out.Body.Token
	out.Body.ExpiresAt = expires.UnixMilli()
	return &out, nil
}

// getPreview serves a site's script, or its configuration, with the draft that a token opens.
func (a *api) getPreview(c echo.Context, site, kind, token string) error {
	c.Response().Header()["Cache-Control"] = notAtAll // of a refusal, too
	ctx := c.Request().Context()
	secret, err := a.Store.OwnSecret(ctx)
	if err != nil {
		return err
	}
	id, err := auth.CheckPreview(secret, site, token, a.Now())
	if err != nil {
		return survey.Errorf(survey.Forbidden, "%v", err)
	}
	page, err := a.Catalog.Preview(ctx, site, id)
	if err != nil {
		return err
	}
	if kind == "json" {
		return serve(c, page.Config, notAtAll)
	}
	return serve(c, page.Script, notAtAll)
}
