package catalog

import "github.com/askwell/askwell/collector/survey"

// Config is what a page is told of a site: every live survey, with what decides when it shows and
// none of its texts (one cached URL cannot know the page's language).
type Config struct {
	Site           string          `json:"site"`
	Surveys        []PageSurvey    `json:"surveys" doc:"The highest priority first"`
	More           string          `json:"more,omitempty" doc:"Name of the late part with the triggers that have time: it is loaded once the page is"`
	Full           []string        `json:"full,omitempty" doc:"Live surveys that have all the responses they want, so they are offered no more"`
	Timezone       string          `json:"timezone,omitempty" doc:"Of the surveys' schedules; left out where it is UTC"`
	Fatigue        *survey.Fatigue `json:"fatigue,omitempty"`
	Consent        string          `json:"consent,omitempty" enum:"required"`
	PrivacySignals string          `json:"privacy_signals,omitempty" enum:"ignore"`
	Cookie         string          `json:"cookie,omitempty" doc:"Name of the cookie that the collector keeps for the visitor"`
	Preview        bool            `json:"preview,omitempty" doc:"The script of a preview link: a draft is in it, and nothing is sent"`
}

// PageSurvey is one live survey in a Config.
type PageSurvey struct {
	ID        string            `json:"id"`
	Version   int               `json:"version"`
	Language  string            `json:"language" doc:"The default, for pages in a language that has no face"`
	Faces     map[string]string `json:"faces" doc:"By language, the name of the late part: GET /w/a/{name}.js. It is the SHA-256 of the file in base64url, so it is the file's integrity too"`
	Triggers  survey.Triggers   `json:"triggers,omitempty"`
	Targeting *survey.Targeting `json:"targeting,omitempty"`
	Frequency *survey.Frequency `json:"frequency,omitempty"`
	DryRun    bool              `json:"dry_run,omitempty"`
}

// Texts is what a late part holds beside the code that draws it: all that a survey says in one language.
type Texts struct {
	Survey   Face                   `json:"survey"`
	Strings  map[string]survey.Text `json:"strings" doc:"The interface's own words, those that the survey needs: next, send, required …; one that counts is a text by plural category (CLDR)"`
	Language string                 `json:"language"`
	Dir      string                 `json:"dir,omitempty" enum:"rtl" doc:"Where the language is read so"`
	Digits   string                 `json:"digits,omitempty" doc:"Those of the language, where they are others than 0123456789"`
}

// Face is what the visitor sees of a survey, in one language: every text is one string.
type Face struct {
	ID         string            `json:"id"`
	Version    int               `json:"version"`
	Purpose    survey.Text       `json:"purpose,omitempty"`
	PrivacyURL string            `json:"privacy_url,omitempty"`
	Hidden     map[string]string `json:"hidden,omitempty" doc:"What is not declared is not sent: the collector would refuse the response"`
	Questions  survey.Questions  `json:"questions"`
	Endings    []survey.Ending   `json:"endings,omitempty"`
	Theme      *survey.Theme     `json:"theme,omitempty"`
}

func face(d *survey.Definition, version int, language string) Face {
	one := d.In(language)
	// The rest of a theme is in the style sheet, in the place, and in what the part is joined from.
	if t := one.Theme; t != nil && (t.Font != "" || t.Selector != "") {
		one.Theme = &survey.Theme{Font: t.Font, Selector: t.Selector}
	} else {
		one.Theme = nil
	}
	return Face{ID: one.ID, Version: version, Purpose: one.Purpose, PrivacyURL: one.PrivacyURL, Hidden: one.Hidden, Questions: one.Questions, Endings: one.Endings, Theme: one.Theme}
}
