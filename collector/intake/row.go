package intake

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/askwell/askwell/collector/store"
	"github.com/askwell/askwell/collector/survey"
)

// class says whether a response may reach a score.
func (d *Door) class(r *survey.Response, by agent, from Sender) survey.Class {
	took := r.CompletedAt - r.ShownAt
	switch {
	case r.Test:
		return survey.ClassTest
	case from.Trusted:
		return survey.ClassLive
	case by.bot, r.Trap:
		return survey.ClassBot
	case r.State == survey.Completed && len(r.Answers) > 0 && took >= 0 && took < d.FastestAnswer.Milliseconds():
		return survey.ClassBot
	}
	return survey.ClassLive
}

// newRow is a response to a definition as it is stored. Its times are the collector's.
func newRow(site string, d *survey.Definition, r *survey.Response, class survey.Class, sentAt int64, received time.Time, by agent, from Sender) store.Response {
	row := store.Response{
		Site: site, Survey: r.Survey, At: survey.Born(received, sentAt, r.ShownAt), ID: r.ID, Version: r.Version, Seq: r.Seq,
		State: r.State, Class: class, Channel: from.Channel, Visitor: r.Visitor, User: r.User, Answers: answersJSON(r.Answers),
		Verbatim: slices.ContainsFunc(d.Verbatims(), func(key string) bool { return r.Answers[key] != nil }),
	}
	if r.DismissedAt > 0 {
		at := survey.Born(received, sentAt, r.DismissedAt)
		row.DismissedAt = &at
	}
	about := store.Context{Language: r.Language, Trigger: r.Trigger, Page: r.Page, Cart: r.Cart, Traits: r.Traits, Hidden: r.Hidden, Sample: r.Sample,
		Browser: by.browser, System: by.system, Device: by.device, Country: from.Country}
	if r.CompletedAt > r.ShownAt {
		about.TookMS = r.CompletedAt - r.ShownAt
	}
	row.Context, _ = json.Marshal(about) // strings, numbers and booleans: they were checked
	return row
}

// answersJSON writes the answers by question id, in the order of the ids.
func answersJSON(answers map[string]json.RawMessage) json.RawMessage {
	out := []byte{'{'}
	for _, id := range slices.Sorted(maps.Keys(answers)) {
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(append(append(out, '"'), id...), '"', ':'), answers[id]...) // slugs and dots: nothing to escape
	}
	return append(out, '}')
}
