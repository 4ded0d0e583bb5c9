package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/catalog"
	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

// dryRunBody is the body of POST /w/{site}/dry.
type dryRunBody struct {
	Survey  string `json:"survey" doc:"Id of a live survey with dry_run"`
	Trigger string `json:"trigger" doc:"Type of the trigger that fired"`
}

// postDry counts a page view in which a survey would have shown.
func (a *api) postDry(c echo.Context) error {
	err := a.receive(c, maxSmall, func(site *catalog.Site, body []byte) error {
		var dry dryRunBody
		if err := decodeSmall(body, &dry); err != nil {
			return err
		}
		d, err := site.Live(dry.Survey)
		if err != nil {
			return err
		}
		if !d.DryRun {
			return survey.Errorf(survey.Conflict, "the survey %q shows: dry_run is not set in its live version", d.ID)
		}
		if survey.TriggerTypes[dry.Trigger] == nil {
			return &survey.Error{Code: survey.Invalid, Message: "the body is not valid",
				Problems: []survey.Problem{{Location: "trigger", Message: "expected the type of a trigger"}}}
		}
		if !a.Door.IsBot(c.Request().UserAgent()) {
			a.DryRuns.Count(&site.Site, d.ID, dry.Trigger, a.Now())
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

type dryRunInput struct {
	SurveyPath
	From int64 `query:"from" minimum:"0" doc:"Days from the site's day at this time on"`
	To   int64 `query:"to" minimum:"0" doc:"Days that begin before this time, in the site's time zone"`
}

// maxTime is in the last year that is written with four digits, so that days compare as texts.
const maxTime = 253_370_000_000_000

type dryRunOutput struct {
	Body struct {
		Items []dayCount `json:"items"`
		Total int        `json:"total"`
	}
}

type dayCount struct {
	Day     string `json:"day" format:"date" doc:"Of the site's time zone"`
	Trigger string `json:"trigger"`
	N       int    `json:"n" doc:"Page views in which it would have shown the survey"`
}

func (a *api) registerDryRuns() {
	handle(a, auth.Read, huma.Operation{
		OperationID: "get-dry-run", Method: http.MethodGet, Path: "/v1/sites/{site}/surveys/{survey}/dry-run", Tags: []string{"Surveys"},
		Summary: "Who would have seen a survey",
		Description: "Of a survey with `dry_run: true`, by day and by the trigger that would have shown it. It is a sample: pages that were able to tell are counted, one moment a page view; " +
			"what browsers block, and the last seconds before a crash, are not in it. User agents of bots are not counted.",
		Errors: []int{http.StatusNotFound},
	}, a.getDryRun)
}

func (a *api) getDryRun(ctx context.Context, in *dryRunInput) (*dryRunOutput, error) {
	site, err := a.Store.Site(ctx, in.Site)
	if err != nil {
		return nil, err
	}
	if _, err := a.Store.Survey(ctx, in.Site, in.Survey); err != nil {
		return nil, err
	}
	// What is counted by now is part of the answer. Where it cannot be written, upkeep reports it.
	_ = a.DryRuns.Save(func(counts map[store.DryRun]int) error { return a.Store.AddDryRuns(ctx, counts) })
	to := int64(maxTime)
	if in.To > 0 {
		to = min(in.To-1, maxTime)
	}
	day := func(at int64) string { return time.UnixMilli(at).In(site.Zone()).Format(time.DateOnly) }
	counts, err := a.Store.DryRuns(ctx, in.Site, in.Survey, day(min(in.From, maxTime)), day(to))
	if err != nil {
		return nil, err
	}
	out := &dryRunOutput{}
	out.Body.Items = []dayCount{}
	for _, c := range counts {
		out.Body.Items = append(out.Body.Items, dayCount(c))
		out.Body.Total += c.N
	}
	return out, nil
}
