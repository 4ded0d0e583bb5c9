package api

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/survey"
)

// authorize checks an Authorization header against the scope that is asked for.
func (a *api) authorize(ctx context.Context, header string, scope auth.Scope) error {
	scheme, secret, ok := strings.Cut(header, " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return survey.Errorf(survey.NoKey, "send an API key: Authorization: Bearer <key>")
	}
	key, err := a.Store.KeyByHash(ctx, auth.Hash(secret))
	switch {
	case err != nil:
		return err
	case key == nil:
		return survey.Errorf(survey.NoKey, "this API key is not known")
	case !key.Scope.Includes(scope):
		return survey.Errorf(survey.Forbidden, "this API key has the scope %s; this needs %s", key.Scope, scope)
	}
	return nil
}

// requireKey is the middleware of every /v1 operation.
func (a *api) requireKey(scope auth.Scope) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		err := a.authorize(ctx.Context(), ctx.Header("Authorization"), scope)
		if err == nil {
			next(ctx)
			return
		}
		p := a.problem(ctx.Context(), err)
		if p.Status == statuses[survey.NoKey] {
			ctx.SetHeader("WWW-Authenticate", "Bearer")
		}
		ctx.SetHeader("Content-Type", "application/problem+json")
		ctx.SetStatus(p.Status)
		if err := json.NewEncoder(ctx.BodyWriter()).Encode(p); err != nil {
			a.Log.Debug("cannot write an error", "error", err)
		}
	}
}
