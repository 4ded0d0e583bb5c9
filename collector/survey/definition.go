// Package survey is Askwell's domain: what a survey is, what a valid definition is, and which
// responses answer it. It knows no HTTP and no SQL.
//
// The Go types here are the one source of the survey format. `go run ./scripts/generate` writes
// the JSON Schema (schema.json, embedded here and used to check files) and the TypeScript types
// from them; tests fail when those drift.
package survey

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

const (
	maxTitle         = 500 // characters in one text of a definition
	slugPattern      = `^[a-z0-9][a-z0-9_-]{0,62}$`
	defaultPoints    = 5
	defaultMaxLength = 2000
	// maxAnswers characters of open answers are at most 48 kB of UTF-8, which leaves room for the
	// rest in the 64 KiB that a page may send.
	maxAnswers = 12000
)

// Definition is a survey as its author writes it, in YAML or JSON.
type Definition struct {
	ID         string   `json:"id" pattern:"^[a-z0-9][a-z0-9_-]{0,62}$" doc:"The survey's name in URLs; it never changes"`
	Name       string   `json:"name" minLength:"1" maxLength:"200" doc:"What the people who read the scores call it"`
	Touchpoint string   `json:"touchpoint,omitempty" maxLength:"100" doc:"The moment of truth it asks about, such as checkout"`
	Languages  []string `json:"languages" minItems:"1" maxItems:"60" doc:"BCP 47 tags; the first is the default"`
	Purpose    Text     `json:"purpose,omitempty" doc:"A line under each question that says what the answer is for"`
	PrivacyURL string   `json:"privacy_url,omitempty" maxLength:"1000" doc:"Linked under each question"`
	// Passed with show(); a response carries them, and conditions and texts may use them.
	Hidden    map[string]string `json:"hidden,omitempty" maxProperties:"50" doc:"Fields that the page may pass, by name (letters, digits, - and _, at most 60): string, number or boolean"`
	Questions Questions         `json:"questions" minItems:"1" maxItems:"50"`
	Endings   []Ending          `json:"endings,omitempty" maxItems:"20" doc:"The first ending whose condition holds is shown"`
	Triggers  Triggers          `json:"triggers,omitempty" maxItems:"20" doc:"Any of these may show the survey; none: only show() does"`
	Targeting *Targeting        `json:"targeting,omitempty"`
	Frequency *Frequency        `json:"frequency,omitempty"`
	Priority  int               `json:"priority,omitempty" minimum:"-1000" maximum:"1000" default:"0" doc:"Of surveys whose moments come together the highest shows; of equal ones the first by id"`
	Quota     *Quota            `json:"quota,omitempty"`
	DryRun    bool              `json:"dry_run,omitempty" doc:"Counts who would have seen it by its triggers, which show nothing; show() and a feedback button do"`
	Theme     *Theme            `json:"theme,omitempty"`
}

// Ending is what the visitor reads after the last question.
type Ending struct {
	If    *Condition `json:"if,omitempty" doc:"When it is shown; without a condition, always"`
	Title Text       `json:"title"`
	Text  Text       `json:"text,omitempty"`
	Link  *Link      `json:"link,omitempty" doc:"One to a review site goes to everyone or to no one: the sites forbid to ask only the happy"`
}

// Link leads the visitor on, in a new tab.
type Link struct {
	Label Text   `json:"label"`
	URL   string `json:"url" maxLength:"1000" doc:"https://…, mailto:… or tel:…"`
}

// Frequency keeps a visitor from being asked too often.
type Frequency struct {
	PerVisitor         string `json:"per_visitor,omitempty" enum:"until_answered,always" default:"until_answered" doc:"until_answered: never again once the visitor has given an answer; always: as often as the rest allows"`
	AfterDismissalDays *int   `json:"after_dismissal_days,omitempty" minimum:"0" maximum:"3650" default:"30" doc:"Days for which a visitor who closed it without an answer is left alone"`
	MaxShows           int    `json:"max_shows,omitempty" minimum:"1" maximum:"1000" default:"3" doc:"Shown so many times to one visitor and not answered: never again. With per_visitor: always, no limit unless given"`
	MinGapDays         *int   `json:"min_gap_days,omitempty" minimum:"0" maximum:"3650" default:"30" doc:"Days since any survey of the site was last shown to this visitor"`
}

// Quota is how many responses a survey wants.
type Quota struct {
	Completed int `json:"completed" minimum:"1" maximum:"100000000" doc:"Completed responses that count; later ones are kept as class over_quota, in no score, and the survey is offered no more. What is erased stays counted; the live version says it, for answers to every version"`
}

// Theme is the look of the panel, and its place.
type Theme struct {
	Accent   string `json:"accent,omitempty" pattern:"^#[0-9a-fA-F]{6}$" doc:"Colour of the controls, #rrggbb; text on it is computed to be readable"`
	Radius   *int   `json:"radius,omitempty" minimum:"0" maximum:"32" default:"16" doc:"Of the panel's corners, in pixels; its controls follow"`
	Font     string `json:"font,omitempty" maxLength:"200" pattern:"^[-A-Za-z0-9_ ,'\"]+$" doc:"A CSS font-family list of fonts that the page has; inherit: the page's own" example:"inherit"`
	Density  string `json:"density,omitempty" enum:"comfortable,compact" default:"comfortable"`
	Scheme   string `json:"scheme,omitempty" enum:"auto,light,dark" default:"auto" doc:"auto: as the visitor's system"`
	Position string `json:"position,omitempty" enum:"bottom-right,bottom-left,top-right,top-left,modal,bar,page,inline" default:"bottom-right" doc:"A corner; modal: over the page, which waits; bar: along the bottom edge; page: all of it; inline: in the element that selector finds"`
	Selector string `json:"selector,omitempty" maxLength:"500" doc:"Of the element that an inline survey is shown in"`
}

// Status says whether a survey is offered to visitors. It stands outside the version.
type Status string

const (
	Draft  Status = "draft"  // never published
	Live   Status = "live"   // its live version is offered
	Paused Status = "paused" // not offered now
	Ended  Status = "ended"  // not offered any more
)

// Question returns the question with an id, or nil.
func (d *Definition) Question(id string) Question {
	for _, q := range d.Questions {
		if q.Base().ID == id {
			return q
		}
	}
	return nil
}

// Hash is the same for definitions that say the same, whatever their formatting was.
func (d *Definition) Hash() string {
	data, err := json.Marshal(d)
	if err != nil {
		panic(err) // every field of a decoded definition can be encoded
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
