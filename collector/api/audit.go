package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/askwell/askwell/collector/auth"
)

// Paging is how lists are read on.
type Paging struct {
	Cursor string `query:"cursor" doc:"next of the page before; absent for the first page"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"Items a page"`
}

// auditView is an entry of the audit log.
type auditView struct {
	ID     string `json:"id" doc:"UUIDv7"`
	At     int64  `json:"at" doc:"When it was done"`
	Site   string `json:"site,omitempty" doc:"Absent for what belongs to no site"`
	KeyID  string `json:"key_id,omitempty" doc:"Absent for what the program did by itself"`
	Actor  string `json:"actor" doc:"The key's name then"`
	Action string `json:"action" doc:"Such as survey.publish, key.revoke, person.erase, retention.delete"`
	Target string `json:"target" doc:"Such as checkout-exit version 3; never personal data"`
}

type auditOutput struct {
	Body struct {
		Items []auditView `json:"items"`
		Next  string      `json:"next,omitempty" doc:"cursor of the next page; absent on the last"`
	}
}

func (a *api) registerAudit() {
	handle(a, auth.Admin, huma.Operation{
		OperationID: "list-audit", Method: http.MethodGet, Path: "/v1/audit", Tags: []string{"Audit"}, Summary: "Who changed what, newest first",
		Description: "A key of one site sees what was done to that site.",
	}, a.listAudit)
}

func (a *api) listAudit(ctx context.Context, in *Paging) (*auditOutput, error) {
	entries, next, err := a.Store.AuditLog(ctx, keyOf(ctx).Site, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	var out auditOutput
	out.Body.Items, out.Body.Next = []auditView{}, next
	for _, e := range entries {
		out.Body.Items = append(out.Body.Items, auditView{ID: e.ID, At: e.At.UnixMilli(), Site: e.Site, KeyID: e.KeyID,
			Actor: e.Actor, Action: e.Action, Target: e.Target})
	}
	return &out, nil
}
