package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/askwell/askwell/collector/auth"
)

type createKeyInput struct {
	Body struct {
		Name  string     `json:"name" minLength:"1" maxLength:"100" doc:"Who or what it is for"`
		Scope auth.Scope `json:"scope" enum:"read,write,admin"`
	}
}

type createKeyOutput struct {
	Body struct {
		ID    string     `json:"id"`
		Name  string     `json:"name"`
		Scope auth.Scope `json:"scope" enum:"read,write,admin"`
		Key   string     `json:"key" doc:"Shown here and never again; only its hash is stored"`
	}
}

func (a *api) registerKeys() {
	handle(a, auth.Admin, huma.Operation{
		OperationID: "create-key", Method: http.MethodPost, Path: "/v1/keys", Summary: "Make an API key",
		DefaultStatus: http.StatusCreated, Errors: []int{http.StatusUnprocessableEntity},
	}, a.createKey)
}

func (a *api) createKey(ctx context.Context, in *createKeyInput) (*createKeyOutput, error) {
	key, secret := auth.NewKey(in.Body.Name, in.Body.Scope)
	if err := a.Store.CreateKey(ctx, key, a.Now()); err != nil {
		return nil, err
	}
	var out createKeyOutput
	out.Body.ID, out.Body.Name, out.Body.Scope, out.Body.Key = key.ID, key.Name, key.Scope, secret
	return &out, nil
}
