package survey

import "time"

// Asked is what is known of how one visitor was asked before, on one site. All times are in
// milliseconds; the maps go by the id of the survey.
type Asked struct {
	Survey    string           `json:"survey"` // that is about to show
	Now       int64            `json:"now"`
	Last      int64            `json:"last,omitempty"` // latest showing of any survey, 0: none
	Answered  map[string]int64 `json:"answered,omitempty"`
	Dismissed map[string]int64 `json:"dismissed,omitempty"` // latest that was closed without an answer
	Shows     map[string]int   `json:"shows,omitempty"`     // showings without an answer
}

// Defaults of a Frequency, as its tags say them.
const (
	defaultRestDays = 30
	defaultMaxShows = 3
)

// Rests names the rule by which a visitor is left alone now, "" where the survey may show. The same
// rules, on what a browser remembers, are in sdk/src/frequency.ts; testdata/frequency.json holds for both.
func (f *Frequency) Rests(fatigue *Fatigue, asked Asked) string {
	if f == nil {
		f = &Frequency{}
	}
	always := f.PerVisitor == "always"
	if _, answered := asked.Answered[asked.Survey]; answered && !always {
		return "answered"
	}
	maxShows := f.MaxShows
	if maxShows == 0 && !always {
		maxShows = defaultMaxShows
	}
	if maxShows > 0 && asked.Shows[asked.Survey] >= maxShows {
		return "max_shows"
	}
	if at, dismissed := asked.Dismissed[asked.Survey]; dismissed && asked.within(at, daysOr(f.AfterDismissalDays)) {
		return "after_dismissal_days"
	}
	if asked.Last == 0 {
		return ""
	}
	if asked.within(asked.Last, daysOr(f.MinGapDays)) {
		return "min_gap_days"
	}
	if fatigue != nil && asked.within(asked.Last, fatigue.DaysApart) {
		return "days_apart"
	}
	return ""
}

// within says whether a time is less than so many days ago.
func (a *Asked) within(at int64, days int) bool {
	return a.Now-at < int64(days)*(24*time.Hour).Milliseconds()
}

func daysOr(days *int) int {
	if days == nil {
		return defaultRestDays
	}
	return *days
}
