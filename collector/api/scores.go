package api

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/export"
	"github.com/askwell/askwell/collector/report"
	"github.com/askwell/askwell/collector/survey"
)

// PeriodQuery says which time.
type PeriodQuery struct {
	From string `query:"from" doc:"Responses shown at or after this time: milliseconds since the epoch, a day of the time zone (2026-03-01), or RFC 3339; without it, all"`
	To   string `query:"to" doc:"Responses shown before this time; without it, now"`
	TZ   string `query:"tz" doc:"IANA time zone whose days count; without it, the site's" example:"Europe/Warsaw"`
}

// FilterQuery says which responses.
type FilterQuery struct {
	Filter []string `query:"filter,explode" doc:"dimension:value,value — or inside, and between several; a range for numbers (answer.nps:0-6); (none) for no value; a backslash before a comma that belongs to a value, and a colon that belongs to a name" example:"[\"device:mobile\"]"`
}

// ByQuery says what figures are broken down by.
type ByQuery struct {
	By    []string `query:"by,explode" doc:"One or two dimensions, with a comma between or each by itself: page, touchpoint, device, browser, system, country, language, trigger, channel, version, trait.{name}, hidden.{name}, answer.{question}, answer.{question}.{row}, survey, site. A backslash before a comma that belongs to a name"`
	Every string   `query:"every" enum:"hour,day,week,month,quarter,year" doc:"Adds a series, of ISO weeks where weeks"`
}

// ScoreQuery says what of the answers counts.
type ScoreQuery struct {
	Metric  string `query:"metric" enum:"nps,csat,ces" doc:"Chooses the question where a survey has one with this score"`
	Unique  string `query:"unique" enum:"visitor,user" doc:"One answer a person in each figure, the latest"`
	Compare string `query:"compare" enum:"previous,year_ago" doc:"Against the time right before, of as many days, or the same days of the year before; wants from"`
	MinN    int    `query:"min_n" minimum:"0" maximum:"1000000" default:"5" doc:"A group with fewer answers says so in place of a score"`
}

type scoresInput struct {
	SurveyPath
	Question string `query:"question" doc:"Id of the question; may be left out where only one has a score"`
	Form
	PeriodQuery
	ByQuery
	FilterQuery
	ScoreQuery
}

type severalInput struct {
	SeveralQuery
	Form
	PeriodQuery
	ByQuery
	FilterQuery
	ScoreQuery
}

type funnelInput struct {
	SurveyPath
	Form
	PeriodQuery
	ByQuery
	FilterQuery
}

type driversInput struct {
	SurveyPath
	Question string `query:"question" doc:"Id of the question; may be left out where only one has a score"`
	Form
	PeriodQuery
	FilterQuery
	DriversQuery
}

// DriversQuery says what may drive which score.
type DriversQuery struct {
	Metric    string   `query:"metric" enum:"nps,csat,ces" doc:"Chooses the question where a survey has one with this score"`
	Dimension []string `query:"dimension,explode" doc:"What to look at; without it, all choices, pages, triggers, traits, hidden fields and the like, 30 at most"`
	MinN      int      `query:"min_n" minimum:"1" maximum:"1000000" default:"20" doc:"A driver needs as many answers with it and without it"`
}

// SeveralQuery names surveys of one site or several.
type SeveralQuery struct {
	Survey []string `query:"survey,explode" required:"true" doc:"site/survey, or site/survey/question, with commas between or each by itself; up to 50" example:"[\"shop/checkout-exit\"]"`
}

type severalFunnelInput struct {
	SeveralQuery
	Form
	PeriodQuery
	ByQuery
	FilterQuery
}

type severalDriversInput struct {
	SeveralQuery
	Form
	PeriodQuery
	FilterQuery
	DriversQuery
}

type overviewInput struct {
	SitePath
	Form
	PeriodQuery
}

func (a *api) registerScores() {
	handle(a, auth.Read, huma.Operation{
		OperationID: "get-scores", Method: http.MethodGet, Path: "/v1/sites/{site}/surveys/{survey}/scores", Tags: []string{"Scores"},
		Summary: "The score of a question",
		Description: "NPS, CSAT or CES, by the question's type, with n, distribution, interval and formula. Only answered questions count: seen, skipped and dismissed ones are in no denominator; an answer in a response left half-way is. " +
			"Only responses of class `live` count. Without answers the score is `null`. " + tableOfFigures,
		Errors:    []int{http.StatusNotFound, http.StatusNotAcceptable},
		Responses: formedAnswers[report.Scores](a, "Scores, or a table of them"),
	}, a.getScores)
	handle(a, auth.Read, huma.Operation{
		OperationID: "get-scores-of-several", Method: http.MethodGet, Path: "/v1/scores", Tags: []string{"Scores"},
		Summary:     "One score of several surveys or sites",
		Description: "Their answers are counted as one, so each survey weighs as much as it has answers. They need the same metric and scale. `by=survey` and `by=site` take them apart again. " + tableOfFigures,
		Errors:      []int{http.StatusNotFound, http.StatusNotAcceptable},
		Responses:   formedAnswers[report.Scores](a, "Scores, or a table of them"),
	}, a.getSeveralScores)
	handle(a, auth.Read, huma.Operation{
		OperationID: "get-funnel", Method: http.MethodGet, Path: "/v1/sites/{site}/surveys/{survey}/funnel", Tags: []string{"Scores"},
		Summary:     "How far visitors came: shown, started, completed or dismissed",
		Description: "Of responses of class `live`, with the share that answered, and how long it took. " + tableOfFigures,
		Errors:      []int{http.StatusNotFound, http.StatusNotAcceptable},
		Responses:   formedAnswers[report.Funnel](a, "A funnel, or a table of it"),
	}, a.getFunnel)
	handle(a, auth.Read, huma.Operation{
		OperationID: "get-drivers", Method: http.MethodGet, Path: "/v1/sites/{site}/surveys/{survey}/drivers", Tags: []string{"Scores"},
		Summary: "What goes with high and with low scores",
		Description: "For each value of each dimension, how much of the score comes from the responses that have it: the score of all minus the score without them. What to fix stands first, what to keep last. " +
			"It goes with the score; whether it is the cause, figures cannot say. A table has a row a driver.",
		Errors:    []int{http.StatusNotFound, http.StatusNotAcceptable},
		Responses: formedAnswers[report.Drivers](a, "Drivers, or a table of them"),
	}, a.getDrivers)
	handle(a, auth.Read, huma.Operation{
		OperationID: "get-funnel-of-several", Method: http.MethodGet, Path: "/v1/funnel", Tags: []string{"Scores"},
		Summary:     "One funnel of several surveys or sites",
		Description: "Their responses are counted as one. `by=survey` and `by=site` take them apart again. " + tableOfFigures,
		Errors:      []int{http.StatusNotFound, http.StatusNotAcceptable},
		Responses:   formedAnswers[report.Funnel](a, "A funnel, or a table of it"),
	}, a.getSeveralFunnel)
	handle(a, auth.Read, huma.Operation{
		OperationID: "get-drivers-of-several", Method: http.MethodGet, Path: "/v1/drivers", Tags: []string{"Scores"},
		Summary:     "What goes with high and with low scores of several surveys or sites",
		Description: "Their answers are counted as one, so they need the same metric and scale. A table has a row a driver.",
		Errors:      []int{http.StatusNotFound, http.StatusNotAcceptable},
		Responses:   formedAnswers[report.Drivers](a, "Drivers, or a table of them"),
	}, a.getSeveralDrivers)
	handle(a, auth.Read, huma.Operation{
		OperationID: "get-overview", Method: http.MethodGet, Path: "/v1/sites/{site}/overview", Tags: []string{"Scores"},
		Summary:     "All surveys of a site, now",
		Description: "Their scores, what changed against the time before, and how many answered. Without `from`, of the last 30 days. A table has a row a question with a score, and one of a survey without.",
		Errors:      []int{http.StatusNotFound, http.StatusNotAcceptable},
		Responses:   formedAnswers[report.Overview](a, "An overview, or a table of it"),
	}, a.getOverview)
}

func (a *api) getScores(ctx context.Context, in *scoresInput) (*formed, error) {
	return a.scores(ctx, in.Form, query([]report.Source{{Site: in.Site, Survey: in.SurveyPath.Survey, Question: in.Question}}, in.PeriodQuery, in.ByQuery, in.FilterQuery, in.ScoreQuery),
		in.Site+"-"+in.SurveyPath.Survey+"-scores")
}

func (a *api) getSeveralScores(ctx context.Context, in *severalInput) (*formed, error) {
	sources, err := severalSources(ctx, in.Survey)
	if err != nil {
		return nil, err
	}
	answer, err := a.scores(ctx, in.Form, query(sources, in.PeriodQuery, in.ByQuery, in.FilterQuery, in.ScoreQuery), "scores")
	return answer, ofSurvey(err)
}

// severalSources reads site/survey and site/survey/question, of sites that the key opens.
func severalSources(ctx context.Context, names []string) (sources []report.Source, err error) {
	for _, name := range listed(names) {
		parts := strings.Split(name, "/")
		if len(parts) < 2 || len(parts) > 3 {
			return nil, invalidQuery("survey", "expected site/survey or site/survey/question, not "+name)
		}
		if key := keyOf(ctx); key.Site != "" && key.Site != parts[0] {
			return nil, survey.Errorf(survey.Forbidden, "this API key is for the site %q alone", key.Site)
		}
		sources = append(sources, report.Source{Site: parts[0], Survey: parts[1], Question: strings.Join(parts[2:], "")})
	}
	return sources, nil
}

// ofSurvey names the parameter that was wrong: of several, a question stands behind its survey.
func ofSurvey(err error) error {
	if wrong := (*survey.Error)(nil); errors.As(err, &wrong) {
		for i := range wrong.Problems {
			if p := &wrong.Problems[i]; p.Location == "query.question" {
				p.Location = "query.survey"
			}
		}
	}
	return err
}

func (a *api) scores(ctx context.Context, form Form, q report.Query, name string) (*formed, error) {
	return figures(a, form, q, name, func() (*report.Scores, error) { return q.Scores(ctx, a.Store, a.Now()) }, scoresTable)
}

// figures answers with what a query says, as JSON or as the table that is made of it.
func figures[T any](a *api, form Form, q report.Query, name string, say func() (T, error), table func(T, []string) ([]export.Column, iter.Seq2[export.Row, error], error)) (*formed, error) {
	format, err := form.choose()
	if err != nil {
		return nil, err
	}
	if err := legible(q.By); err != nil {
		return nil, err
	}
	said, err := say()
	if err != nil {
		return nil, err
	}
	if format == asJSON {
		return a.writeJSON(said), nil
	}
	columns, rows, err := table(said, q.By)
	if err != nil {
		return nil, err
	}
	return a.writeTable(format, name, columns, rows), nil
}

func (a *api) getFunnel(ctx context.Context, in *funnelInput) (*formed, error) {
	return a.funnel(ctx, in.Form, query([]report.Source{{Site: in.Site, Survey: in.SurveyPath.Survey}}, in.PeriodQuery, in.ByQuery, in.FilterQuery, ScoreQuery{}),
		in.Site+"-"+in.SurveyPath.Survey+"-funnel")
}

func (a *api) getSeveralFunnel(ctx context.Context, in *severalFunnelInput) (*formed, error) {
	sources, err := severalSources(ctx, in.Survey)
	if err != nil {
		return nil, err
	}
	for _, s := range sources {
		if s.Question != "" {
			return nil, invalidQuery("survey", fmt.Sprintf("expected %s/%s, without the question: a funnel is of all who were shown the survey", s.Site, s.Survey))
		}
	}
	return a.funnel(ctx, in.Form, query(sources, in.PeriodQuery, in.ByQuery, in.FilterQuery, ScoreQuery{}), "funnel")
}

func (a *api) funnel(ctx context.Context, form Form, q report.Query, name string) (*formed, error) {
	return figures(a, form, q, name, func() (*report.Funnel, error) { return q.Funnel(ctx, a.Store, a.Now()) }, funnelTable)
}

func (a *api) getDrivers(ctx context.Context, in *driversInput) (*formed, error) {
	return a.drivers(ctx, in.Form, query([]report.Source{{Site: in.Site, Survey: in.SurveyPath.Survey, Question: in.Question}}, in.PeriodQuery, ByQuery{}, in.FilterQuery,
		ScoreQuery{Metric: in.Metric, MinN: in.MinN}), in.Dimension, in.Site+"-"+in.SurveyPath.Survey+"-drivers")
}

func (a *api) getSeveralDrivers(ctx context.Context, in *severalDriversInput) (*formed, error) {
	sources, err := severalSources(ctx, in.Survey)
	if err != nil {
		return nil, err
	}
	answer, err := a.drivers(ctx, in.Form, query(sources, in.PeriodQuery, ByQuery{}, in.FilterQuery, ScoreQuery{Metric: in.Metric, MinN: in.MinN}), in.Dimension, "drivers")
	return answer, ofSurvey(err)
}

func (a *api) drivers(ctx context.Context, form Form, q report.Query, dimensions []string, name string) (*formed, error) {
	return figures(a, form, q, name, func() (*report.Drivers, error) { return q.Drivers(ctx, a.Store, a.Now(), listed(dimensions)) }, driversTable)
}

func (a *api) getOverview(ctx context.Context, in *overviewInput) (*formed, error) {
	q := query(nil, in.PeriodQuery, ByQuery{}, FilterQuery{}, ScoreQuery{})
	return figures(a, in.Form, q, in.Site+"-overview", func() (*report.Overview, error) { return q.Overview(ctx, a.Store, a.Now(), in.Site) }, overviewTable)
}

func query(sources []report.Source, period PeriodQuery, by ByQuery, filter FilterQuery, of ScoreQuery) report.Query {
	return report.Query{Sources: sources, Metric: of.Metric, From: period.From, To: period.To, TZ: period.TZ, Every: by.Every, By: listed(by.By),
		Unique: of.Unique, Filter: filter.Filter, Compare: of.Compare, MinN: of.MinN}
}

// legible refuses names that no table could have as those of its columns.
func legible(by []string) error {
	for _, name := range by {
		if !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
			return invalidQuery("by", fmt.Sprintf("%q is not UTF-8, or has control characters", name))
		}
	}
	return nil
}

// listed takes by=device,page and by=device&by=page alike. A backslash takes a comma, or a backslash, as it
// is: the names of traits are whatever pages make them.
func listed(list []string) (names []string) {
	for _, text := range list {
		names = append(names, report.SplitValues(text)...)
	}
	return names
}
