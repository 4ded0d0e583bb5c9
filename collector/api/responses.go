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

type responsesInput struct {
	SurveyPath
	Paging
}

// responseView is a response as the API shows it.
type responseView struct {
	ID          string         `json:"id" doc:"UUIDv7, made in the page"`
	Survey      string         `json:"survey" doc:"Id of the survey"`
	Version     int            `json:"version" doc:"The version that was answered"`
	State       survey.State   `json:"state" enum:"shown,partial,completed" doc:"How far the visitor came"`
	Class       survey.Class   `json:"class" enum:"live,test,bot,over_quota" doc:"Only live responses reach a score"`
	Channel     string         `json:"channel" enum:"web,link,email,api,import" doc:"The way it came"`
	At          int64          `json:"at" doc:"When the survey was shown, by the collector's clock"`
	DismissedAt int64          `json:"dismissed_at,omitempty" doc:"When the visitor closed it, by the collector's clock; absent: never"`
	Answers     map[string]any `json:"answers" doc:"By question id; beside it {question}.other, what was written beside a choice, and {question}.consent"`
	Visitor     string         `json:"visitor,omitempty" doc:"Id that the widget made; absent where it was anonymised"`
	User        string         `json:"user,omitempty" doc:"Id that the page identified; absent where it was not proven, or anonymised"`
	store.Context
}

type responsesOutput struct {
	Body struct {
		Items []responseView `json:"items"`
		Next  string         `json:"next,omitempty" doc:"cursor of the next page; absent on the last"`
	}
}

func (a *api) registerResponses() {
	handle(a, auth.Read, huma.Operation{
		OperationID: "list-responses", Method: http.MethodGet, Path: "/v1/sites/{site}/surveys/{survey}/responses", Tags: []string{"Responses"},
		Summary:     "The responses to a survey, newest first",
		Description: "All classes and states, paged by cursor. One that arrives meanwhile does not move the pages after the first.",
		Errors:      []int{http.StatusNotFound},
	}, a.listResponses)
}

func (a *api) listResponses(ctx context.Context, in *responsesInput) (*responsesOutput, error) {
	if _, err := a.Store.Survey(ctx, in.Site, in.Survey); err != nil {
		return nil, err
	}
	rows, next, err := a.Store.Responses(ctx, in.Site, in.Survey, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return viewResponses(rows, next)
}

func viewResponses(rows []store.Response, next string) (*responsesOutput, error) {
	var out responsesOutput
	out.Body.Items = make([]responseView, len(rows))
	for i, r := range rows {
		v := responseView{ID: r.ID, Survey: r.Survey, Version: r.Version, State: r.State, Class: r.Class, Channel: r.Channel,
			At: r.At.UnixMilli(), DismissedAt: millis(r.DismissedAt), Visitor: r.Visitor, User: r.User}
		if err := json.Unmarshal(r.Answers, &v.Answers); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(r.Context, &v.Context); err != nil {
			return nil, err
		}
		out.Body.Items[i] = v
	}
	out.Body.Next = next
	return &out, nil
}
