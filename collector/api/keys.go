package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/survey"
)

// KeyView is a key as the API shows it: never its secret.
type KeyView struct {
	ID         string     `json:"id" doc:"Names the key; it is no secret"`
	Site       string     `json:"site,omitempty" doc:"The one site it opens; absent for all"`
	Name       string     `json:"name" doc:"Who or what it is for"`
	Scope      auth.Scope `json:"scope" enum:"read,write,admin" doc:"What it may do"`
	CreatedAt  int64      `json:"created_at"`
	LastUsedAt int64      `json:"last_used_at,omitempty" doc:"To the minute; absent: never"`
	RevokedAt  int64      `json:"revoked_at,omitempty" doc:"Absent: it works"`
}

type createKeyInput struct {
	Body struct {
		Name  string     `json:"name" minLength:"1" maxLength:"100" doc:"Who or what it is for"`
		Scope auth.Scope `json:"scope" enum:"read,write,admin" doc:"read: scores, responses, definitions. write: also sites and surveys. admin: also keys, people and the audit log"`
		Site  string     `json:"site,omitempty" doc:"The one site it opens; absent for all"`
	}
}

type createKeyOutput struct {
	Body struct {
		KeyView
		Key string `json:"key" doc:"Shown here and never again; only its hash is stored"`
	}
}

type keyList struct {
	Body struct {
		Items []KeyView `json:"items"`
	}
}

type keyPath struct {
	Key string `path:"key" doc:"Id of the key"`
}

func (a *api) registerKeys() {
	handle(a, auth.Admin, huma.Operation{
		OperationID: "create-key", Method: http.MethodPost, Path: "/v1/keys", Tags: []string{"Keys"}, Summary: "Make an API key",
		Description:   "The key itself is in this answer alone. A key of one site can make keys of that site alone.",
		DefaultStatus: http.StatusCreated, Errors: []int{http.StatusNotFound},
	}, a.createKey)
	handle(a, auth.Admin, huma.Operation{
		OperationID: "list-keys", Method: http.MethodGet, Path: "/v1/keys", Tags: []string{"Keys"}, Summary: "All API keys, revoked ones too",
		Description: "A key of one site sees the keys of that site.",
	}, a.listKeys)
	handle(a, auth.Admin, huma.Operation{
		OperationID: "revoke-key", Method: http.MethodDelete, Path: "/v1/keys/{key}", Tags: []string{"Keys"}, Summary: "Revoke an API key, for good",
		Description: "It opens nothing from then on. The last admin key of all sites cannot be revoked.",
		Errors:      []int{http.StatusNotFound, http.StatusConflict},
	}, a.revokeKey)
}

func (a *api) createKey(ctx context.Context, in *createKeyInput) (*createKeyOutput, error) {
	if wrong := survey.CheckName(in.Body.Name); wrong != "" {
		return nil, &survey.Error{Code: survey.Invalid, Message: "the key is not valid", Problems: []survey.Problem{{Location: "body.name", Message: wrong}}}
	}
	site := in.Body.Site
	if own := keyOf(ctx).Site; own != "" && site != own {
		return nil, survey.Errorf(survey.Forbidden, "this API key is for the site %q alone, and so are the keys it makes", own)
	}
	if site != "" {
		if _, err := a.Store.Site(ctx, site); err != nil {
			return nil, err
		}
	}
	key, secret := auth.NewKey(site, in.Body.Name, in.Body.Scope, a.Now())
	if err := a.Store.CreateKey(ctx, key); err != nil {
		return nil, err
	}
	var out createKeyOutput
	out.Body.KeyView, out.Body.Key = viewKey(key), secret
	return &out, nil
}

func (a *api) listKeys(ctx context.Context, _ *struct{}) (*keyList, error) {
	if err := a.Uses.Save(func(uses map[string]time.Time) error { return a.Store.SaveKeyUses(ctx, uses) }); err != nil {
		a.Log.WarnContext(ctx, "cannot write down when keys were used", "error", err) // the list is of use without it
	}
	keys, err := a.Store.Keys(ctx, keyOf(ctx).Site)
	if err != nil {
		return nil, err
	}
	var out keyList
	out.Body.Items = []KeyView{}
	for _, key := range keys {
		out.Body.Items = append(out.Body.Items, viewKey(key))
	}
	return &out, nil
}

func (a *api) revokeKey(ctx context.Context, in *keyPath) (*struct{}, error) {
	return nil, a.Store.RevokeKey(ctx, keyOf(ctx).Site, in.Key, a.Now())
}

func viewKey(k auth.Key) KeyView {
	return KeyView{ID: k.ID, Site: k.Site, Name: k.Name, Scope: k.Scope, CreatedAt: k.CreatedAt.UnixMilli(),
		LastUsedAt: millis(k.LastUsedAt), RevokedAt: millis(k.RevokedAt)}
}

func millis(t *time.Time) int64 {
	if t == nil {
		return 0
	}
	return t.UnixMilli()
}
