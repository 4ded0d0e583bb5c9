package catalog

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/askwell/askwell/collector/survey"
)

// config says what pages are told of a site that has these surveys live, and makes their late parts.
// full are the ids of those that have all the responses they want.
func (s *Scripts) config(site survey.Site, live []Published, full []string) (config Config, late []Late, err error) {
	config = Config{Site: site.ID, Surveys: []PageSurvey{}, Full: slices.Sorted(slices.Values(full)), Fatigue: site.Fatigue}
	if site.Consent == "required" {
		config.Consent = site.Consent
	}
	if site.PrivacySignals == "ignore" {
		config.PrivacySignals = site.PrivacySignals
	}
	if site.VisitorCookie {
		config.Cookie = CookieName(site.ID)
	}
	live = slices.SortedFunc(slices.Values(live), func(a, b Published) int {
		return cmp.Or(cmp.Compare(b.Definition.Priority, a.Definition.Priority), cmp.Compare(a.Definition.ID, b.Definition.ID))
	})
	for _, p := range live {
		if slices.Contains(full, p.Definition.ID) {
			continue
		}
		entry, parts, err := s.entry(p, site.VisitorCookie)
		if err != nil {
			return config, nil, err
		}
		config.Surveys, late = append(config.Surveys, entry), append(late, parts...)
		if t := p.Definition.Targeting; t != nil && hasSchedule(&t.Rule) && site.Timezone != "UTC" {
			config.Timezone = site.Timezone
		}
	}
	return config, late, nil
}

// CookieName is the name of the cookie that keeps a site's visitor.
func CookieName(site string) string { return "askwell_" + site }

func (s *Scripts) entry(p Published, cookie bool) (PageSurvey, []Late, error) {
	d := p.Definition
	late, err := s.Late(p, cookie)
	if err != nil {
		return PageSurvey{}, nil, err
	}
	entry := PageSurvey{ID: d.ID, Version: p.Version, Language: d.Languages[0], Faces: map[string]string{},
		Targeting: d.Targeting, Frequency: d.Frequency, DryRun: d.DryRun}
	if f := d.Frequency; f != nil && f.PerVisitor == "until_answered" {
		copied := *f
		copied.PerVisitor = "" // the default, which every page would load
		entry.Frequency = &copied
	}
	for _, part := range late {
		entry.Faces[part.Language] = part.Name
	}
	for alias, language := range aliases(d.Languages) {
		entry.Faces[alias] = entry.Faces[language]
	}
	entry.Triggers, err = s.dressed(d)
	return entry, late, err
}

// button is a feedback button as pages get it.
type button struct {
	survey.FeedbackButtonTrigger
	Text string `json:"text,omitempty"` // the colour that can be read on the accent, where that is not white
}

// dressed gives each feedback button the interface's word and the survey's colour where its author
// gave it none of its own. The definition stays as it is: what is published never changes.
func (s *Scripts) dressed(d *survey.Definition) (survey.Triggers, error) {
	triggers := slices.Clone(d.Triggers)
	for i, t := range triggers {
		defined, ok := t.(*survey.FeedbackButtonTrigger)
		if !ok {
			continue
		}
		copied := button{FeedbackButtonTrigger: *defined}
		triggers[i] = &copied
		if d.Theme != nil && copied.Accent == "" {
			copied.Accent = d.Theme.Accent
		}
		if copied.Accent != "" && textOn(copied.Accent) != "#fff" {
			copied.Text = textOn(copied.Accent)
		}
		if len(copied.Label) > 0 {
			continue
		}
		copied.Label = survey.Text{}
		for _, language := range d.Languages {
			data, err := s.strings(language)
			if err != nil {
				return nil, err
			}
			var words struct {
				Feedback string `json:"feedback"`
			}
			if err := json.Unmarshal(data, &words); err != nil {
				return nil, err
			}
			copied.Label[language] = words.Feedback
		}
	}
	return triggers, nil
}

// hasSchedule says whether a rule, or one in it, goes by the clock of the site.
func hasSchedule(r *survey.Rule) bool {
	inner := func(r survey.Rule) bool { return hasSchedule(&r) }
	return r.Schedule != nil || r.Not != nil && hasSchedule(r.Not) || slices.ContainsFunc(r.All, inner) || slices.ContainsFunc(r.Any, inner)
}
