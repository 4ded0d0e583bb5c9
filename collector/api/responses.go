package api

import (
	"cmp"
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
	Form
	PeriodQuery
	FilterQuery
	State  survey.State `query:"state" enum:"shown,partial,completed" doc:"How far the visitor came; without it, all"`
	Class  survey.Class `query:"class" enum:"live,test,bot,over_quota" doc:"Only live responses reach a score; without it, all"`
	Q      string       `query:"q" maxLength:"200" doc:"Words that visitors wrote, all of them: in answers to text questions and beside a choice. \"Words in quotes\" stand together, a star ends the beginning of a word"`
	Cursor string       `query:"cursor" doc:"next of the page before, or the id of the last response at hand; absent for the first page"`
	Limit  int          `query:"limit" minimum:"1" maximum:"1000" doc:"Items a page of JSON (100); a table has all"`
	Labels string       `query:"labels" maxLength:"35" doc:"One of the survey's languages: a table has the labels of what was chosen beside the ids"`
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
	Body responsesOutputBody
}

type responsesOutputBody struct {
	Items []responseView `json:"items"`
	Next  string         `json:"next,omitempty" doc:"cursor of the next page; absent on the last"`
}

func (a *api) registerResponses() {
	handle(a, auth.Read, huma.Operation{
		OperationID: "list-responses", Method: http.MethodGet, Path: "/v1/sites/{site}/surveys/{survey}/responses", Tags: []string{"Responses"},
		Summary: "The responses to a survey, newest first",
		Description: "All classes and states, where none is asked for. In JSON they are paged by cursor; one that arrives meanwhile does not move the pages after the first. " +
			"Where few of many are asked for, a page may have fewer items than `limit`, even none: go on while there is a `next`. " +
			"As a table (`Accept: text/csv`, or `format=csv`) all of them come at once, from the cursor on.\n\n" + tableOfResponses,
		Errors:    []int{http.StatusNotFound, http.StatusNotAcceptable},
		Responses: formedAnswers[responsesOutputBody](a, "A page of responses, or a table of all"),
	}, a.listResponses)
}

// tableOfResponses tells the columns that collector/export makes.
const tableOfResponses = "A table has a row a response, and the same columns for answers to any version:\n\n" +
	"- what is known of the response, called as in JSON: `id`, `at`, `state` … `page.url`, `cart.value`; the `touchpoint` of its version; `hidden.{name}`, of its declared type; the `traits`, as JSON. Times are timestamps in UTC\n" +
	"- `{question}`: an integer (nps, csat, ces, rating), a boolean (thumbs), a date, a text, or the id of the choice (single_choice, dropdown, picture_choice)\n" +
	"- `{question}.{choice}`: whether it was chosen (multi_choice), or its rank from 1, the best (ranking); null where the version did not offer it\n" +
	"- `{question}.{row}`: the id of the column (matrix); `{question}.{field}` (contact)\n" +
	"- `{question}.other`, what was written beside a choice; `{question}.consent`\n" +
	"- with `labels`, `{question}.label` and of a matrix `{question}.{row}.label`: by the newest version; of several choices with `; ` between them\n\n" +
	"Questions are in the order of the newest version, then those that only older ones asked. One whose id is the first part of another column's name, such as `language`, is `answer.language`; " +
	"of several choices, one whose id is `other` or `label` is `{question}.other.choice`. What was not answered is null.\n\n" +
	"A download that fails midway is broken off, never ended as if it were whole. Go on with the `id` of its last whole row as `cursor`."

func (a *api) listResponses(ctx context.Context, in *responsesInput) (*formed, error) {
	list, err := a.listing(ctx, in)
	if err != nil {
		return nil, err
	}
	format, err := in.choose()
	if err != nil {
		return nil, err
	}
	if format != asJSON {
		if in.Limit != 0 {
			return nil, invalidQuery("limit", "is for pages of JSON; a table has all responses")
		}
		return a.exportResponses(ctx, format, in.SurveyPath, in.Labels, list.all(ctx, in.Cursor))
	}
	if in.Labels != "" {
		return nil, invalidQuery("labels", "is for tables; JSON has the ids of what was chosen")
	}
	const most = 100
	rows, next, err := list.page(ctx, in.Cursor, cmp.Or(in.Limit, most))
	if err != nil {
		return nil, err
	}
	view, err := viewResponses(rows, next)
	if err != nil {
		return nil, err
	}
	return a.writeJSON(view.Body), nil
}

func invalidQuery(parameter, message string) error {
	return &survey.Error{Code: survey.Invalid, Message: "the request is not valid",
		Problems: []survey.Problem{{Location: "query." + parameter, Message: message}}}
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

// refuseRepeated refuses a second value of a parameter that is no list: huma would take the first, and
// say nothing of the other.
func (a *api) refuseRepeated(ctx huma.Context, next func(huma.Context)) {
	url := ctx.URL()
	given := url.Query()
	for _, p := range ctx.Operation().Parameters {
		isList := p.Explode != nil && *p.Explode
		if p.In == "query" && !isList && len(given[p.Name]) > 1 {
			a.refuse(ctx, invalidQuery(p.Name, "given more than once"))
			return
		}
	}
	next(ctx)
}
