package catalog

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/survey"
)

// of is a survey with whatever is said of it beside its one question.
func of(t *testing.T, id, more string) Published {
	t.Helper()
	d, err := survey.ParseDefinition([]byte(`{"id": "` + id + `", "name": "` + id + `", "languages": ["en", "pl", "de"],
		"questions": [{"id": "a", "type": "nps", "title": "T"}]` + more + `}`))
	if err != nil {
		t.Fatal(err)
	}
	return Published{d, 1}
}

func configOf(t *testing.T, site survey.Site, full []string, live ...Published) (c Config) {
	t.Helper()
	page, err := NewScripts(built()).Page(site, live, full)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(page.Config.Body, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestConfigHasTheHighestPriorityFirst(t *testing.T) {
	var got []string
	for _, s := range configOf(t, shop, nil, of(t, "b", ``), of(t, "low", `, "priority": -1`), of(t, "a", ``), of(t, "high", `, "priority": 9`)).Surveys {
		got = append(got, s.ID)
	}
	if diff := cmp.Diff([]string{"high", "a", "b", "low"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestConfigNamesSurveysThatAreFullWithoutOfferingThem(t *testing.T) {
	c := configOf(t, shop, []string{"z", "b"}, of(t, "a", ``), of(t, "b", `, "triggers": [`+exit+`]`), of(t, "z", ``))
	if diff := cmp.Diff([]string{"b", "z"}, c.Full); diff != "" || len(c.Surveys) != 1 || c.Surveys[0].ID != "a" {
		t.Errorf("offers %v; %s", c.Surveys, diff)
	}
}

func TestConfigSaysOfASiteWhatIsNotTheDefault(t *testing.T) {
	all := shop
	all.Timezone, all.Fatigue, all.Consent, all.PrivacySignals, all.VisitorCookie = "Europe/Warsaw", &survey.Fatigue{PerSession: 2}, "required", "ignore", true
	plain := shop
	plain.Timezone, plain.Consent, plain.PrivacySignals = "UTC", "implied", "honour"
	schedule := of(t, "a", `, "targeting": {"any": [{"visitor": "new"}, {"not": {"schedule": {"days": ["mon"]}}}]}`)
	for name, test := range map[string]struct {
		site survey.Site
		live Published
		want Config
	}{
		"defaults, by a schedule in UTC": {plain, schedule, Config{Site: "shop"}},
		"defaults that are left out":     {shop, schedule, Config{Site: "shop"}},
		"everything": {all, schedule, Config{Site: "shop", Timezone: "Europe/Warsaw", Fatigue: all.Fatigue, Consent: "required",
			PrivacySignals: "ignore", Cookie: "askwell_shop"}},
		"a time zone that nothing goes by": {all, of(t, "a", `, "targeting": {"visitor": "new"}`), Config{Site: "shop", Fatigue: all.Fatigue,
			Consent: "required", PrivacySignals: "ignore", Cookie: "askwell_shop"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := configOf(t, test.site, nil, test.live)
			got.Surveys = nil
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestConfigHasWhatAFeedbackButtonShows(t *testing.T) {
	bare := of(t, "bare", `, "triggers": [{"type": "feedback_button"}], "theme": {"accent": "#00ff00"}, "dry_run": true`)
	before := bare.Definition.Hash()
	c := configOf(t, shop, nil, bare, of(t, "own", `, "triggers": [`+exit+`, {"type": "feedback_button", "label": {"en": "Say"}}]`))
	label := func(i, j int) survey.Text { return c.Surveys[i].Triggers[j].(*survey.FeedbackButtonTrigger).Label }
	if diff := cmp.Diff(survey.Text{"en": "Feedback", "pl": "Opinia", "de": "Feedback"}, label(0, 0)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(survey.Text{"en": "Say"}, label(1, 1)); diff != "" {
		t.Error(diff)
	}
	accent := func(i, j int) string { return c.Surveys[i].Triggers[j].(*survey.FeedbackButtonTrigger).Accent }
	if accent(0, 0) != "#00ff00" || accent(1, 1) != "" {
		t.Errorf("the accents are %q and %q, want the theme's and none", accent(0, 0), accent(1, 1))
	}
	if !c.Surveys[0].DryRun || c.Surveys[1].DryRun {
		t.Error("dry_run is not the definition's")
	}
	if bare.Definition.Hash() != before {
		t.Error("the published definition was changed")
	}
}

func TestConfigHasTheTextOnAFeedbackButtonWhereItIsBlack(t *testing.T) {
	for theme, want := range map[string]string{`"theme": {"accent": "#00ff00"}`: `"accent":"#00ff00","text":"#000"}`, `"theme": {"accent": "#660000"}`: `"accent":"#660000"}`} {
		page, err := NewScripts(built()).Page(shop, []Published{of(t, "a", `, "triggers": [{"type": "feedback_button"}], `+theme)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(page.Config.Body), want) {
			t.Errorf("with %s the page is told %s, want %s", theme, page.Config.Body, want)
		}
	}
}

func TestFixedFilesAreThoseThatAreBuilt(t *testing.T) {
	c := load(t, stored(t), built()) // with queue.js, without tools.js
	asset, ok := c.Fixed("queue")
	if !ok || string(asset.Body) != "queue();\n" || asset.Type != javaScript {
		t.Errorf("queue is %v", asset)
	}
	if _, ok := c.Fixed("tools"); ok {
		t.Error("tools is there, though it was not built")
	}
	if _, ok := c.Fixed("engine"); ok {
		t.Error("the engine is a file of its own")
	}
}

func TestPreviewHasTheDraftInThePlaceOfTheLiveVersion(t *testing.T) {
	st := stored(t)
	publish(t, st, definition(t, "other", `[`+timer+`]`))
	c := load(t, st, built())
	for _, test := range []struct {
		id      string
		version int
	}{{"s", 2}, {"never-live", 1}} {
		etag := int64(0)
		if sv, err := st.Survey(t.Context(), "shop", test.id); err == nil {
			etag = sv.ETag
		}
		d := definition(t, test.id, `[`+cart+`]`)
		d.Questions[0].Base().Title, d.DryRun = survey.Text{"": "Drafted"}, true
		if _, err := st.SaveDraft(t.Context(), "shop", d, etag); err != nil {
			t.Fatal(err)
		}
		before := site(t, c)
		page, err := c.Preview(t.Context(), "shop", test.id)
		if err != nil {
			t.Fatal(err)
		}
		var config Config
		if err := json.Unmarshal(page.Config.Body, &config); err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for _, s := range config.Surveys {
			got[s.ID] = s.Version
			if s.DryRun {
				t.Errorf("%s shows nothing", s.ID)
			}
			part, err := c.Late(s.Faces["en"])
			if err != nil {
				t.Fatalf("the late part of %s: %v", s.ID, err)
			}
			if drafted := strings.Contains(string(part.Body), "Drafted"); drafted != (s.ID == test.id) {
				t.Errorf("the late part of %s is the draft's: %v", s.ID, drafted)
			}
		}
		want := map[string]int{"s": 1, "other": 1}
		want[test.id] = test.version
		if diff := cmp.Diff(want, got); diff != "" || !config.Preview {
			t.Errorf("preview is %v; %s", config.Preview, diff)
		}
		if !strings.Contains(string(page.Script.Body), "cart_abandonment();") {
			t.Error("the script lacks the draft's trigger")
		}
		if site(t, c) != before || strings.Contains(string(before.Config.Body), "preview") {
			t.Error("visitors see the preview")
		}
	}
}

func TestPreviewsAreNotKeptWithoutEnd(t *testing.T) {
	c := load(t, stored(t), built())
	first, err := c.Preview(t.Context(), "shop", "s")
	if err != nil {
		t.Fatal(err)
	}
	part := func(i int) *Page { // as another draft would leave
		body := []byte{byte(i), byte(i >> 8)}
		return &Page{Config: newAsset("application/json", body), Script: newAsset(javaScript, append(body, 's')),
			Late: []Late{{Asset: newAsset(javaScript, append(body, 'l'))}}}
	}
	for i := range 1000 {
		c.keep(part(i))
	}
	if len(c.previews) != maxKept {
		t.Errorf("%d files are kept, want %d", len(c.previews), maxKept)
	}
	if _, err := c.Late(first.Late[0].Name); err == nil {
		t.Error("the oldest is still there")
	}
	if _, err := c.Late(part(999).Late[0].Name); err != nil {
		t.Errorf("the newest is not there: %v", err)
	}
	// One that is asked for again is new again, and the same: it is not compressed twice.
	again := part(900)
	c.keep(again)
	other := part(900)
	c.keep(other)
	if again.Script != other.Script || c.previews[len(c.previews)-1] != other.Script {
		t.Error("the same file is kept twice, or as an old one")
	}
}
