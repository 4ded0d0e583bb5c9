package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

type SurveyPath struct {
	SitePath
	Survey string `path:"survey" doc:"Id of the survey" example:"checkout-exit"`
}

// surveyView is a survey as the API shows it.
type surveyView struct {
	Site        string             `json:"site" doc:"Id of the site"`
	Status      survey.Status      `json:"status" enum:"draft,live,paused,ended" doc:"draft: never published. live: offered to visitors. paused, ended: not offered now, or any more"`
	LiveVersion int                `json:"live_version" doc:"0: never published"`
	Draft       *survey.Definition `json:"draft" doc:"The definition as last saved; publish makes it the live version"`
}

type surveyOutput struct {
	ETag string `header:"ETag" doc:"Changes with every change: send it as If-Match"`
	Body surveyView
}

type surveyList struct {
	Body struct {
		Items []surveyView `json:"items"`
	}
}

type putSurveyInput struct {
	SurveyPath
	IfMatch
	Body json.RawMessage
}

type publishInput struct {
	SurveyPath
	IfMatch
}

type statusInput struct {
	SurveyPath
	Body struct {
		Status survey.Status `json:"status" enum:"live,paused,ended" doc:"The status to set"`
	}
}

type versionInput struct {
	SurveyPath
	Version int `path:"version" minimum:"1" doc:"Number of the version" example:"1"`
}

type versionOutput struct {
	Body survey.Definition
}

func (a *api) registerSurveys() {
	const base = "/v1/sites/{site}/surveys"
	handle(a, auth.Read, huma.Operation{
		OperationID: "list-surveys", Method: http.MethodGet, Path: base, Tags: []string{"Surveys"}, Summary: "The surveys of a site",
		Description: "Each with its draft and status, in the order of their ids.",
		Errors:      []int{http.StatusNotFound},
	}, a.listSurveys)
	handle(a, auth.Read, huma.Operation{
		OperationID: "get-survey", Method: http.MethodGet, Path: base + "/{survey}", Tags: []string{"Surveys"}, Summary: "A survey: its draft and status",
		Description: "Its ETag is what a change needs.",
		Errors:      []int{http.StatusNotFound},
	}, a.getSurvey)
	handle(a, auth.Write, withBody(a, huma.Operation{
		OperationID: "put-survey", Method: http.MethodPut, Path: base + "/{survey}", Tags: []string{"Surveys"}, Summary: "Save the draft of a survey",
		Description: "Visitors see nothing of it until it is published. Without `If-Match` it makes a survey, and answers 412 where there is one; with it, it replaces the draft that has this ETag.",
		Errors:      []int{http.StatusNotFound, http.StatusPreconditionFailed},
	}, "Definition"), a.putSurvey)
	handle(a, auth.Write, huma.Operation{
		OperationID: "publish-survey", Method: http.MethodPost, Path: base + "/{survey}/publish", Tags: []string{"Surveys"}, Summary: "Make the draft live",
		Description: "Makes a new version where the draft differs from the last one, and sets the status to live. Without `If-Match` it publishes whatever the draft is now.",
		Errors:      []int{http.StatusNotFound, http.StatusPreconditionFailed},
	}, a.publishSurvey)
	handle(a, auth.Write, huma.Operation{
		OperationID: "set-survey-status", Method: http.MethodPost, Path: base + "/{survey}/status", Tags: []string{"Surveys"}, Summary: "Pause, end or resume a published survey",
		Description: "Answers to any published version are accepted, also after pause or end.",
		Errors:      []int{http.StatusNotFound, http.StatusConflict},
	}, a.setSurveyStatus)
	handle(a, auth.Read, huma.Operation{
		OperationID: "get-version", Method: http.MethodGet, Path: base + "/{survey}/versions/{version}", Tags: []string{"Surveys"}, Summary: "A published version",
		Description: "It never changes.",
		Errors:      []int{http.StatusNotFound},
	}, a.getVersion)
}

func (a *api) listSurveys(ctx context.Context, in *SitePath) (*surveyList, error) {
	if _, err := a.Store.Site(ctx, in.Site); err != nil {
		return nil, err
	}
	surveys, err := a.Store.Surveys(ctx, in.Site)
	if err != nil {
		return nil, err
	}
	var out surveyList
	out.Body.Items = []surveyView{}
	for _, sv := range surveys {
		out.Body.Items = append(out.Body.Items, view(in.Site, &sv).Body)
	}
	return &out, nil
}

func (a *api) getSurvey(ctx context.Context, in *SurveyPath) (*surveyOutput, error) {
	sv, err := a.Store.Survey(ctx, in.Site, in.Survey)
	if err != nil {
		return nil, err
	}
	return view(in.Site, sv), nil
}

func (a *api) putSurvey(ctx context.Context, in *putSurveyInput) (*surveyOutput, error) {
	d, err := survey.ParseDefinition(in.Body)
	if err != nil {
		return nil, err
	}
	if err := sameID("id", d.ID, in.Survey); err != nil {
		return nil, err
	}
	if _, err := a.Store.Site(ctx, in.Site); err != nil {
		return nil, err
	}
	sv, err := a.Store.SaveDraft(ctx, in.Site, d, in.etag())
	if err != nil {
		return nil, err
	}
	return view(in.Site, sv), nil
}

func (a *api) publishSurvey(ctx context.Context, in *publishInput) (*surveyOutput, error) {
	sv, err := a.Store.Publish(ctx, in.Site, in.Survey, in.etag(), a.Now())
	if err != nil {
		return nil, err
	}
	return view(in.Site, sv), a.reload(ctx, in.Site)
}

func (a *api) setSurveyStatus(ctx context.Context, in *statusInput) (*surveyOutput, error) {
	sv, err := a.Store.SetStatus(ctx, in.Site, in.Survey, in.Body.Status)
	if err != nil {
		return nil, err
	}
	return view(in.Site, sv), a.reload(ctx, in.Site)
}

func (a *api) getVersion(ctx context.Context, in *versionInput) (*versionOutput, error) {
	site, err := a.Catalog.Site(in.Site)
	if err != nil {
		return nil, err
	}
	d, unknown := site.Version(in.Survey, in.Version)
	if unknown != nil {
		return nil, unknown
	}
	return &versionOutput{*d}, nil
}

func view(site string, sv *store.Survey) *surveyOutput {
	return &surveyOutput{ETag: quoteETag(sv.ETag), Body: surveyView{Site: site, Status: sv.Status, LiveVersion: sv.LiveVersion, Draft: sv.Draft}}
}
