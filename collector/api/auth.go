package api

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

// authorize finds the key of an Authorization header, and checks that its scope is wide enough.
func (a *api) authorize(ctx context.Context, header string, scope auth.Scope) (*auth.Key, error) {
	scheme, secret, ok := strings.Cut(header, " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return nil, survey.Errorf(survey.NoKey, "send an API key: Authorization: Bearer <key>")
	}
	key, err := a.Store.KeyOf(ctx, secret)
	switch {
	case err != nil:
		return nil, err
	case key == nil:
		return nil, survey.Errorf(survey.NoKey, "this API key is not known, or was revoked")
	case !key.Scope.Includes(scope):
		return nil, survey.Errorf(survey.Forbidden, "this API key has the scope %s; this needs %s", key.Scope, scope)
	}
	a.Uses.Mark(key.ID, a.Now())
	return key, nil
}

// authorizeSite is authorize for what belongs to one site, or with site "" to all of them.
func (a *api) authorizeSite(ctx context.Context, header string, scope auth.Scope, site string) (*auth.Key, error) {
	key, err := a.authorize(ctx, header, scope)
	if err == nil && key.Site != "" && key.Site != site {
		return nil, survey.Errorf(survey.Forbidden, "this API key is for the site %q alone", key.Site)
	}
	return key, err
}

type keyKey struct{}

// keyOf is the key that opened a /v1 operation.
func keyOf(ctx context.Context) *auth.Key {
	key, _ := ctx.Value(keyKey{}).(*auth.Key)
	return key
}

// requireKey is the middleware of every /v1 operation. What is changed behind it is the key's doing
// in the audit log. Where the path names no site, the operation itself sorts out what a key of one
// site may see.
func (a *api) requireKey(scope auth.Scope, path string) func(huma.Context, func(huma.Context)) {
	ofSite := strings.Contains(path, "{site}")
	return func(ctx huma.Context, next func(huma.Context)) {
		var key *auth.Key
		var err error
		if header := ctx.Header("Authorization"); ofSite {
			key, err = a.authorizeSite(ctx.Context(), header, scope, ctx.Param("site"))
		} else {
			key, err = a.authorize(ctx.Context(), header, scope)
		}
		if err == nil {
			with := store.WithActor(context.WithValue(ctx.Context(), keyKey{}, key), store.Actor{KeyID: key.ID, Name: key.Name})
			next(huma.WithContext(ctx, with))
			return
		}
		a.refuse(ctx, err)
	}
}

// refuse answers with an error where huma does not do it.
func (a *api) refuse(ctx huma.Context, err error) {
	p, header := a.problem(ctx.Context(), err)
	for name := range header {
		ctx.SetHeader(name, header.Get(name))
	}
	ctx.SetHeader("Content-Type", "application/problem+json")
	ctx.SetStatus(p.Status)
	if err := json.NewEncoder(ctx.BodyWriter()).Encode(p); err != nil {
		a.Log.Debug("cannot write an error", "error", err)
	}
}
