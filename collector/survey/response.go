package survey

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// State says how far a visitor came. A response is born when its survey is shown.
type State string

const (
	Shown     State = "shown"
	Partial   State = "partial"
	Completed State = "completed"
)

// States are the states in order; the place is the number that is stored.
var States = []State{Shown, Partial, Completed}

// Class tells responses that may reach a score from those that never do.
type Class string

const (
	ClassLive      Class = "live"
	ClassTest      Class = "test"
	ClassBot       Class = "bot"
	ClassOverQuota Class = "over_quota"
)

// Classes are the classes; the place is the number that is stored.
var Classes = []Class{ClassLive, ClassTest, ClassBot, ClassOverQuota}

// Response is one visitor's answers to one showing of a survey, as a page sends it: a whole
// snapshot, of which the highest seq counts.
type Response struct {
	ID          string                     `json:"id" format:"uuid" doc:"UUIDv7, made in the page"`
	Survey      string                     `json:"survey"`
	Version     int                        `json:"version" minimum:"1"`
	Seq         int                        `json:"seq" minimum:"1" doc:"Grows with each snapshot; an equal or lower one changes nothing"`
	State       State                      `json:"state" enum:"shown,partial,completed"`
	ShownAt     int64                      `json:"shown_at" doc:"By the page's clock, as all times sent"`
	CompletedAt int64                      `json:"completed_at,omitempty"`
	DismissedAt int64                      `json:"dismissed_at,omitempty"`
	Answers     map[string]json.RawMessage `json:"answers,omitempty" doc:"By question id; beside it {question}.other, what was written beside a choice, and {question}.consent: true"`
	Trigger     *Fired                     `json:"trigger,omitempty"`
	Page        *Page                      `json:"page,omitempty"`
	Language    string                     `json:"language,omitempty" maxLength:"35"`
	Visitor     string                     `json:"visitor,omitempty" maxLength:"64"`
	User        string                     `json:"user,omitempty" maxLength:"200"`
	UserSig     string                     `json:"user_sig,omitempty" maxLength:"64" doc:"HMAC-SHA256 of user with the site's secret, in hex, made on the site's server"`
	Traits      map[string]any             `json:"traits,omitempty" doc:"Strings, numbers and booleans"`
	Hidden      map[string]any             `json:"hidden,omitempty" doc:"What the page passed with show(): the fields that the survey declares"`
	Cart        *Cart                      `json:"cart,omitempty"`
	Sample      float64                    `json:"sample,omitempty" minimum:"0" maximum:"1" doc:"The share of visitors that the survey was offered to, where not all"`
	Test        bool                       `json:"test,omitempty" doc:"Kept as class test, in no score"`
	Trap        bool                       `json:"trap,omitempty" doc:"A field that no person sees was filled in: kept as class bot, in no score"`
}

// Fired says what showed the survey.
type Fired struct {
	Type   string `json:"type" maxLength:"40"`
	Reason string `json:"reason,omitempty" maxLength:"40" doc:"pointer_top, scroll_up, returned, left_funnel, left_page, idle …"`
	Field  string `json:"field,omitempty" maxLength:"100" doc:"The name of the form field at which a form was left; never what was typed"`
}

// Page is where it was shown.
type Page struct {
	URL      string `json:"url,omitempty" maxLength:"2000"`
	Referrer string `json:"referrer,omitempty" maxLength:"2000"`
}

// Cart is what the visitor was about to buy.
type Cart struct {
	Value    float64 `json:"value" doc:"In currency units, such as 49.9"`
	Currency string  `json:"currency,omitempty" maxLength:"3" doc:"ISO 4217, such as EUR"`
	Items    float64 `json:"items" doc:"Quantities may be fractions: half a kilo"`
}

// Check says why a response cannot be accepted as an answer to a published definition, or nil. It
// checks types, ranges and choices; flow (show_if, required) lives in the SDK alone.
func (r *Response) Check(d *Definition) []Problem {
	var problems []Problem
	add := func(location, format string, args ...any) {
		problems = append(problems, Problem{location, fmt.Sprintf(format, args...)})
	}
	if id, err := uuid.Parse(r.ID); err != nil || id.Version() != 7 || id.String() != r.ID {
		add("id", "expected a UUID of version 7, in lower case")
	}
	if r.Seq < 1 {
		add("seq", "expected a whole number from 1")
	}
	if !slices.Contains(States, r.State) {
		add("state", "expected one of shown, partial, completed")
	}
	if r.ShownAt <= 0 {
		add("shown_at", "expected milliseconds since the epoch")
	}
	r.checkAnswers(d, add)
	r.checkHidden(d, add)
	limited := func(location, s string, limit int) {
		if n := utf8.RuneCountInString(s); n > limit {
			add(location, "has %d characters, at most %d are allowed", n, limit)
		}
	}
	limited("language", r.Language, 35)
	limited("visitor", r.Visitor, 64)
	limited("user", r.User, 200)
	limited("user_sig", r.UserSig, 64)
	if r.Trigger != nil {
		limited("trigger.type", r.Trigger.Type, 40)
		limited("trigger.reason", r.Trigger.Reason, 40)
		limited("trigger.field", r.Trigger.Field, 100)
	}
	if r.Sample < 0 || r.Sample > 1 {
		add("sample", "is %v, expected a share from 0 to 1", r.Sample)
	}
	if r.Page != nil {
		limited("page.url", r.Page.URL, 2000)
		limited("page.referrer", r.Page.Referrer, 2000)
	}
	if r.Cart != nil {
		limited("cart.currency", r.Cart.Currency, 3)
	}
	if n := len(r.Traits); n > maxFacts {
		add("traits", "has %d traits, at most %d are allowed", n, maxFacts)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Traits)) {
		at := "traits." + name
		limited(at, name, maxFactName)
		switch v := r.Traits[name].(type) {
		case string:
			limited(at, v, maxFact)
		case float64, bool, nil: // JavaScript writes NaN as null
		default:
			add(at, "expected a string, a number or a boolean")
		}
	}
	return problems
}

// MaxAge is how far back a birth may lie: a queue that was offline for longer has lost its clock's trust.
const MaxAge = 30 * 24 * time.Hour

// Born is when a response was shown, by the collector's clock: the page's clock may be wrong, but
// the time between its showing and its sending is not. Clamped to the last 30 days.
func Born(received time.Time, sentAt, shownAt int64) time.Time {
	age := time.Duration(0)
	// Compare before converting: a hostile sent_at must not overflow a Duration.
	if sentAt > shownAt {
		if ms := uint64(sentAt) - uint64(shownAt); ms > uint64(MaxAge.Milliseconds()) {
			age = MaxAge
		} else {
			age = time.Duration(ms) * time.Millisecond
		}
	}
	return received.Add(-age)
}
