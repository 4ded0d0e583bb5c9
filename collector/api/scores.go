package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/report"
)

type scoresInput struct {
	SurveyPath
	Question string `query:"question" doc:"Id of the question; may be left out where only one has a score"`
	From     int64  `query:"from" minimum:"0" doc:"Responses shown at or after this time"`
	To       int64  `query:"to" minimum:"0" doc:"Responses shown before this time"`
}

type scoresOutput struct {
	Body report.Scores
}

func (a *api) registerScores() {
	handle(a, auth.Read, huma.Operation{
		OperationID: "get-scores", Method: http.MethodGet, Path: "/v1/sites/{site}/surveys/{survey}/scores", Tags: []string{"Scores"},
		Summary: "The score of a question",
		Description: "NPS, CSAT or CES, by the question's type, with n, distribution, interval and formula. Only answered questions count: seen, skipped and dismissed ones are in no denominator; an answer in a response left half-way is. " +
			"Only responses of class `live` count. Without answers the score is `null`.",
		Errors: []int{http.StatusNotFound},
	}, a.getScores)
}

func (a *api) getScores(ctx context.Context, in *scoresInput) (*scoresOutput, error) {
	scores, err := report.Query{Site: in.Site, Survey: in.Survey, Question: in.Question, From: in.From, To: in.To}.
		Scores(ctx, a.Store, a.Now())
	if err != nil {
		return nil, err
	}
	return &scoresOutput{*scores}, nil
}
