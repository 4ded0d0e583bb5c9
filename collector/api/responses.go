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
	ID          string         `json:"id"`
	Survey      string         `json:"survey"`
	Version     int            `json:"version"`
	State       survey.State   `json:"state" enum:"shown,partial,completed"`
	Class       survey.Class   `json:"class" enum:"live,test,bot,over_quota" doc:"Only live responses reach a score"`
	Channel     string         `json:"channel" enum:"web,link,email,api,import"`
	At          int64          `json:"at" doc:"When the survey was shown, by the collector's clock"`
	DismissedAt int64          `json:"dismissed_at,omitempty"`
	Answers     map[string]any `json:"answers" doc:"By question id"`
	Visitor     string         `json:"visitor,omitempty"`
	User        string         `json:"user,omitempty"`
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
		OperationID: "list-responses", Method: http.MethodGet, Path: "/v1/sites/{site}/surveys/{survey}/responses",
		Summary: "The responses to a survey, newest first",
		Errors:  []int{http.StatusNotFound, http.StatusUnprocessableEntity},
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
