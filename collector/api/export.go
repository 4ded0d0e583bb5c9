package api

import (
	"context"
	"encoding/json"
	"iter"

	"github.com/askwell/askwell/collector/export"
	"github.com/askwell/askwell/collector/store"
)

// exportResponses answers with responses to a survey as a table.
func (a *api) exportResponses(ctx context.Context, format export.Format, path SurveyPath, labels string, responses iter.Seq2[store.Response, error]) (*formed, error) {
	versions, err := a.Store.Definitions(ctx, path.Site, path.Survey)
	if err != nil {
		return nil, err
	}
	table, err := export.NewResponses(versions, labels)
	if err != nil {
		return nil, err
	}
	return a.writeTable(format, path.Site+"-"+path.Survey+"-responses", table.Columns(), responseRows(table, responses)), nil
}

// responseRows makes rows of responses, a nil one of a response that is none.
func responseRows(table *export.Responses, responses iter.Seq2[store.Response, error]) iter.Seq2[export.Row, error] {
	return func(yield func(export.Row, error) bool) {
		for r, err := range responses {
			var row export.Row
			if err == nil && r.ID != "" {
				row, err = responseRow(table, &r)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

func responseRow(table *export.Responses, r *store.Response) (export.Row, error) {
	out := export.Response{ID: r.ID, Survey: r.Survey, Version: r.Version, State: r.State, Class: r.Class, Channel: r.Channel,
		At: r.At, DismissedAt: r.DismissedAt, Visitor: r.Visitor, User: r.User}
	if err := json.Unmarshal(r.Answers, &out.Answers); err != nil {
		return nil, err
	}
	var about store.Context
	if err := json.Unmarshal(r.Context, &about); err != nil {
		return nil, err
	}
	out.TookMS, out.Language, out.Sample, out.Hidden, out.Traits = about.TookMS, about.Language, about.Sample, about.Hidden, about.Traits
	out.Device, out.Browser, out.System, out.Country = about.Device, about.Browser, about.System, about.Country
	out.Trigger, out.Page, out.Cart = about.Trigger, about.Page, about.Cart
	return table.Row(&out)
}
