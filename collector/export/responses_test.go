package export

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/survey"
)

// The names and types are what analysts' queries hang on: what changes here breaks them.
func TestColumnsOfEveryType(t *testing.T) {
	var got []string
	for _, c := range tableOf(t, "pl", everyType(t)).Columns() {
		got = append(got, c.Name+" "+string(c.Kind))
	}
	want := strings.Split(`id text
at timestamp
state text
class text
channel text
survey text
version integer
touchpoint text
dismissed_at timestamp
took_ms integer
visitor text
user text
language text
device text
browser text
system text
country text
trigger.type text
trigger.reason text
trigger.field text
page.url text
page.referrer text
sample number
cart.value number
cart.currency text
cart.items number
hidden.first_order boolean
hidden.order_id text
hidden.order_value number
hidden.wants text
traits json
nps integer
why text
satisfied integer
effort integer
delivery integer
again boolean
heard text
heard.label text
heard.other text
liked.price boolean
liked.quality boolean
liked.service boolean
liked.more boolean
liked.nothing boolean
liked.label text
liked.other text
order.price integer
order.speed integer
order.choice integer
order.label text
answer.country text
answer.country.label text
team.shop text
team.shop.label text
team.support text
team.support.label text
design text
design.label text
day date
mail text
mail.consent boolean
caller.name text
caller.phone text
caller.email text
caller.company text
caller.consent boolean`, "\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, c := range tableOf(t, "", everyType(t)).Columns() {
		if strings.HasSuffix(c.Name, ".label") {
			t.Errorf("%s is there, and nobody asked for labels", c.Name)
		}
	}
}

func TestEveryTypeHasColumnsOfItsOwn(t *testing.T) {
	for name, empty := range survey.QuestionTypes {
		q := newQuestion(&survey.QuestionBase{ID: "q", Type: name})
		q.merge(empty(), 1, func(survey.Text) string { return "" })
		for _, c := range q.columns(false) {
			if c.Kind == JSON {
				t.Errorf("%s is not known here: its answers are JSON", name)
			}
		}
	}
}

func TestRowOfEveryType(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("..", "survey", "testdata", "every-type-response.json"))
	if err != nil {
		t.Fatal(err)
	}
	var sent survey.Response
	if err := json.Unmarshal(doc, &sent); err != nil {
		t.Fatal(err)
	}
	got := cellsOf(t, tableOf(t, "pl", everyType(t)), &Response{ID: sent.ID, Survey: sent.Survey, Version: 1, State: sent.State,
		Class: survey.ClassLive, Channel: "web", At: noon, DismissedAt: &noon, TookMS: 90000, Visitor: "v", User: "u-42", Language: sent.Language, Device: "mobile", Browser: "Chrome",
		System: "Windows", Country: "PL", Trigger: sent.Trigger, Page: &survey.Page{URL: "https://shop.example/"}, Sample: 0.25,
		Cart: &survey.Cart{Currency: "EUR", Items: 0.5}, Hidden: sent.Hidden, Traits: sent.Traits, Answers: sent.Answers})
	want := map[string]any{
		"id": sent.ID, "at": noon, "state": "completed", "class": "live", "channel": "web", "survey": "every-type", "version": 1, "touchpoint": "gallery",
		"dismissed_at": noon, "took_ms": int64(90000), "visitor": "v", "user": "u-42", "language": "en", "device": "mobile", "browser": "Chrome", "system": "Windows", "country": "PL",
		"trigger.type": "conversion", "trigger.reason": "purchase", "page.url": "https://shop.example/", "sample": 0.25,
		"cart.value": 0.0, "cart.currency": "EUR", "cart.items": 0.5,
		"hidden.order_id": "A-42", "hidden.order_value": 49.9, "hidden.first_order": true, "traits": json.RawMessage(`{"name":"Jan","plan":"pro"}`),
		"nps": int64(6), "why": "It came late.", "satisfied": int64(4), "effort": int64(7), "delivery": int64(2), "again": true,
		"heard": "other", "heard.label": "Inaczej", "heard.other": "On a fair",
		"liked.price": false, "liked.quality": true, "liked.service": false, "liked.more": true, "liked.nothing": false,
		"liked.label": "Jakość; Coś innego", "liked.other": "The smell",
		"order.price": 2, "order.speed": 1, "order.choice": 3, "order.label": "Szybkość; Cena; Wybór",
		"answer.country": "elsewhere", "answer.country.label": "Gdzie indziej",
		"team.shop": "well", "team.shop.label": "Dobrze", "team.support": "unknown", "team.support.label": "Nie wiem",
		"design": "striped", "design.label": "W paski", "day": time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC),
		"mail": "jan@shop.example", "mail.consent": true, "caller.name": "Jan", "caller.phone": "+420 123 456 789", "caller.consent": true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNothingKnownIsNull(t *testing.T) {
	got := cellsOf(t, tableOf(t, "en", everyType(t)), &Response{ID: "x", Survey: "s", Version: 9, State: survey.Shown, Class: survey.ClassBot, Channel: "web", At: noon})
	want := map[string]any{"id": "x", "survey": "s", "version": 9, "state": "shown", "class": "bot", "channel": "web", "at": noon}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

const (
	first = `{"id": "s", "name": "S", "languages": ["en"], "touchpoint": "old", "hidden": {"agent": "string"}, "questions": [
		{"id": "gone", "type": "nps", "title": "G"},
		{"id": "likes", "type": "multi_choice", "title": "L", "choices": [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]}]}`
	second = `{"id": "s", "name": "S", "languages": ["en", "pl"], "touchpoint": "new", "hidden": {"price": "number"}, "questions": [
		{"id": "likes", "type": "multi_choice", "title": "L", "choices": [{"id": "c", "label": {"en": "C", "pl": "Cc"}}, {"id": "a", "label": {"en": "A2", "pl": "Aa"}}, {"id": "other", "label": "O", "other": true}]},
		{"id": "rank", "type": "ranking", "title": "R", "choices": [{"id": "label", "label": "L"}, {"id": "x", "label": "X"}]},
		{"id": "answer", "type": "text", "title": "N"}]}`
)

func TestColumnsOutliveVersions(t *testing.T) {
	table := tableOf(t, "PL", parse(t, second), parse(t, first))
	var got []string
	for _, c := range table.Columns()[len(aboutColumns):] {
		got = append(got, c.Name)
	}
	want := []string{"hidden.agent", "hidden.price", "traits", "likes.c", "likes.a", "likes.other.choice", "likes.b", "likes.label", "likes.other",
		"rank.label.choice", "rank.x", "rank.label", "answer.answer", "gone"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	about := []string{"id", "survey", "version", "state", "class", "channel", "at"}
	answered := func(version int, doc string) map[string]any {
		cells := cellsOf(t, table, &Response{Version: version, At: noon, Answers: answers(doc)})
		for _, name := range about {
			delete(cells, name)
		}
		return cells
	}
	// A choice that was not offered was not declined.
	if diff := cmp.Diff(map[string]any{"touchpoint": "old", "gone": int64(3), "likes.a": true, "likes.b": false, "likes.label": "Aa"},
		answered(1, `{"gone": 3, "likes": ["a"]}`)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]any{"touchpoint": "new", "likes.c": false, "likes.a": true, "likes.other.choice": true, "likes.label": "Aa; O", "likes.other": "me",
		"rank.label.choice": 2, "rank.x": 1, "rank.label": "X; L", "answer.answer": ""},
		answered(2, `{"likes": ["a", "other"], "likes.other": "me", "rank": ["x", "label"], "answer": ""}`)); diff != "" {
		t.Error(diff)
	}
}

// Whatever a question is called, its columns have names of their own.
func TestNoQuestionTakesAnotherColumn(t *testing.T) {
	for _, id := range []string{"id", "at", "state", "traits", "page", "cart", "answer", "response", "sample", "country"} {
		d := parse(t, `{"id": "s", "name": "S", "languages": ["en"], "hidden": {"x": "string", "url": "string"}, "questions": [
			{"id": "`+id+`", "type": "multi_choice", "title": "L", "choices": [{"id": "x", "label": "X"}, {"id": "url", "label": "U"}, {"id": "other", "label": "O", "other": true},
				{"id": "label", "label": "L"}, {"id": "value", "label": "V"}, {"id": "choice", "label": "C"}, {"id": "`+id+`", "label": "I"}]},
			{"id": "x", "type": "matrix", "title": "M", "rows": [{"id": "label", "label": "L"}, {"id": "other", "label": "O"}], "columns": [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]}]}`)
		if err := checkColumns(tableOf(t, "en", d).Columns()); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
}

// One more would rename the columns of a question that is called so.
func TestNoMoreNamesAreReserved(t *testing.T) {
	want := []string{"answer", "at", "browser", "cart", "channel", "class", "country", "device", "dismissed_at", "hidden", "id", "language", "page", "response",
		"sample", "state", "survey", "system", "took_ms", "touchpoint", "traits", "trigger", "user", "version", "visitor"}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(reserved))); diff != "" {
		t.Error(diff)
	}
}

func TestLabelsInNoLanguageOfTheSurveyAreRefused(t *testing.T) {
	_, err := NewResponses([]*survey.Definition{parse(t, second), parse(t, first)}, "fr")
	var refused *survey.Error
	if !errors.As(err, &refused) || refused.Code != survey.Invalid || !strings.HasSuffix(err.Error(), "expected one of en, pl") {
		t.Error(err)
	}
	if _, err := NewResponses(nil, "fr"); err != nil {
		t.Error("a survey that was never published:", err)
	}
}
