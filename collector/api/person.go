package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

// PersonInput names a person in the body: a URL would leave it in the logs of proxies.
type PersonInput struct {
	SitePath
	Body struct {
		User    string `json:"user,omitempty" minLength:"1" maxLength:"200" doc:"Id that the page identified"`
		Visitor string `json:"visitor,omitempty" minLength:"1" maxLength:"64" doc:"Id that the widget made"`
	}
}

func (in *PersonInput) person() (store.Person, error) {
	p := store.Person{User: in.Body.User, Visitor: in.Body.Visitor}
	if (p.User == "") == (p.Visitor == "") {
		return p, &survey.Error{Code: survey.Invalid, Message: "the request is not valid",
			Problems: []survey.Problem{{Location: "body", Message: "expected either user or visitor"}}}
	}
	return p, nil
}

type exportInput struct {
	PersonInput
	Paging
}

type eraseOutput struct {
	Body struct {
		Erased int `json:"erased" doc:"How many responses there were"`
	}
}

func (a *api) registerPerson() {
	handle(a, auth.Admin, huma.Operation{
		OperationID: "export-person", Method: http.MethodPost, Path: "/v1/sites/{site}/export", Tags: []string{"People"}, Summary: "All responses of a user or a visitor",
		Description: "Of all surveys of the site, newest first, paged by cursor. The person is named in the body, because a URL would leave the name in the logs of proxies.",
		Errors:      []int{http.StatusNotFound},
	}, a.exportPerson)
	handle(a, auth.Admin, huma.Operation{
		OperationID: "erase-person", Method: http.MethodPost, Path: "/v1/sites/{site}/erase", Tags: []string{"People"}, Summary: "Erase all responses of a user or a visitor",
		Description: "They are gone from the database file and from every score. Their ids are refused for 31 days, as hashes, so that no browser's queue brings one back.",
		Errors:      []int{http.StatusNotFound},
	}, a.erasePerson)
}

func (a *api) exportPerson(ctx context.Context, in *exportInput) (*responsesOutput, error) {
	p, err := in.person()
	if err != nil {
		return nil, err
	}
	if _, err := a.Store.Site(ctx, in.Site); err != nil {
		return nil, err
	}
	rows, next, err := a.Store.Export(ctx, in.Site, p, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return viewResponses(rows, next)
}

func (a *api) erasePerson(ctx context.Context, in *PersonInput) (*eraseOutput, error) {
	p, err := in.person()
	if err != nil {
		return nil, err
	}
	if _, err := a.Store.Site(ctx, in.Site); err != nil {
		return nil, err
	}
	// To the end, whether or not the client waits: half an erasure is none.
	erased, err := a.Store.Erase(context.WithoutCancel(ctx), in.Site, p, a.Now())
	if err != nil {
		return nil, err
	}
	var out eraseOutput
	out.Body.Erased = erased
	return &out, nil
}
