package survey

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTargetingNamesEachMistake(t *testing.T) {
	deep := func(levels int) string {
		return strings.Repeat(`{"not": `, levels) + `{"visitor": "new"}` + strings.Repeat(`}`, levels)
	}
	const oneOf = "; write one of equals, contains, glob, regex"
	const noComparison = " has no comparison; allowed: eq, ne, lt, lte, gt, gte, in, contains, before, after, exists"
	const notAScalar = " expected a string, a number or a boolean"
	tests := map[string]struct {
		targeting string
		want      []string // without the "targeting." before each
	}{
		"nothing is everyone":                {`{}`, nil},
		"a rule without a way":               {`{"url": [{}]}`, []string{"url[0]: says 0 things" + oneOf}},
		"a rule in two ways":                 {`{"url": [{"glob": "*"}, {"equals": "", "regex": "a"}]}`, []string{"url[1]: says 2 things" + oneOf}},
		"a rule in a way that there is not":  {`{"url": [{"starts": "a"}]}`, []string{"url[0].starts: unknown field; allowed here: contains, equals, glob, regex"}},
		"a referrer in two ways":             {`{"referrer": [{"contains": "a", "glob": "b"}]}`, []string{"referrer[0]: says 2 things" + oneOf}},
		"an empty referrer is one":           {`{"referrer": [{"equals": ""}]}`, nil},
		"campaigns without a way":            {`{"utm": {"source": [{}], "term": [{"regex": "[["}]}}`, []string{"utm.source[0]: says 0 things" + oneOf, `utm.term[0].regex: has a [ in [ ], which JavaScript and RE2 do not read alike; write \[`}},
		"an empty text":                      {`{"url": [{"contains": ""}]}`, []string{"url[0].contains: has 0 characters, at least 1 are needed"}},
		"a device that there is not":         {`{"device": ["watch"]}`, []string{`device[0]: expected one of "desktop", "mobile", "tablet", not "watch"`}},
		"a visitor that there is not":        {`{"visitor": "old"}`, []string{`visitor: expected one of "new", "returning", not "old"`}},
		"a language that is a word":          {`{"language": ["en", "polish"]}`, []string{`language[1]: "polish" is not a BCP 47 language tag, such as en, pl or zh-Hant`}},
		"all of nothing":                     {`{"all": []}`, []string{"all: has 0 items, at least 1 are needed"}},
		"a sample of nobody":                 {`{"sample": 0}`, []string{"sample: is 0, more than 0 is allowed"}},
		"a sample of more than everybody":    {`{"sample": 1.5}`, []string{"sample: is 1.5, at most 1 is allowed"}},
		"a sample in a combination":          {`{"any": [{"sample": 0.5}]}`, []string{"any[0].sample: unknown field; allowed here: all, any, device, language, not, referrer, schedule, traits, url, utm, visitor"}},
		"a day that is in no calendar":       {`{"schedule": {"from": "2026-02-30", "to": "2026-13-01"}}`, []string{`schedule.from: "2026-02-30" is no day of the calendar`, `schedule.to: "2026-13-01" is no day of the calendar`}},
		"a day that is no day":               {`{"schedule": {"from": "tomorrow"}}`, []string{`schedule.from: "tomorrow" does not match ^\d{4}-\d{2}-\d{2}$`}},
		"a schedule that ends before it is":  {`{"schedule": {"from": "2026-03-02", "to": "2026-03-01"}}`, []string{"schedule.to: is before from"}},
		"a schedule of one day":              {`{"schedule": {"from": "2026-03-01", "to": "2026-03-01"}}`, nil},
		"hours that end before they begin":   {`{"schedule": {"start": "22:00", "end": "06:00"}}`, []string{"schedule.end: is not after start; a range over midnight is two rules in any"}},
		"hours up to midnight":               {`{"schedule": {"start": "22:00", "end": "24:00"}}`, nil},
		"an hour that no clock shows":        {`{"schedule": {"start": "24:00"}}`, []string{`schedule.start: "24:00" does not match ^([01]\d|2[0-3]):[0-5]\d$`}},
		"a day of no week":                   {`{"schedule": {"days": ["monday"]}}`, []string{`schedule.days[0]: expected one of "fri", "mon", "sat", "sun", "thu", "tue", "wed", not "monday"`}},
		"a trait without a comparison":       {`{"traits": {"plan": {}}}`, []string{"traits.plan:" + noComparison}},
		"a trait compared with null":         {`{"traits": {"plan": {"eq": null}}}`, []string{"traits.plan:" + noComparison}},
		"a trait compared with an object":    {`{"traits": {"plan": {"eq": {"a": 1}, "ne": [1]}}}`, []string{"traits.plan.eq:" + notAScalar, "traits.plan.ne:" + notAScalar}},
		"a trait among what it can never be": {`{"traits": {"plan": {"in": ["pro", {}, null]}}}`, []string{"traits.plan.in[1]:" + notAScalar, "traits.plan.in[2]:" + notAScalar}},
		"a bound that is text":               {`{"traits": {"age": {"gt": "5"}}}`, []string{"traits.age.gt: expected number, not string"}},
		"a time that is in no calendar":      {`{"traits": {"since": {"before": "2026-02-29", "after": "2026-04-31T12:00Z"}}}`, []string{`traits.since.after: "2026-04-31T12:00Z" is no day of the calendar`, `traits.since.before: "2026-02-29" is no day of the calendar`}},
		"a time that no clock shows": {`{"traits": {"since": {"before": "2026-01-01T25:00Z"}}}`, []string{
			`traits.since.before: "2026-01-01T25:00Z" does not match ^\d{4}-\d{2}-\d{2}(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?Z)?$`}},
		"false and 0 are comparisons":  {`{"traits": {"a": {"eq": false}, "b": {"eq": 0}, "c": {"eq": ""}, "d": {"exists": false}}}`, nil},
		"a mistake in a combination":   {`{"all": [{"visitor": "new"}, {"any": [{"not": {"url": [{"regex": "(?=a)"}]}}]}]}`, []string{"all[1].any[0].not.url[0].regex: has a group (?…) that is no (?:…), which JavaScript and RE2 do not read alike; of groups, only (…) and (?:…) are"}},
		"rules in rules":               {deep(4), nil},
		"rules that nobody can read":   {deep(5), []string{"not.not.not.not.not: nests deeper than 5"}},
		"a mistake below such a depth": {deep(9), []string{"not.not.not.not.not: nests deeper than 5"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := with(`"targeting": ` + test.targeting)
			var want []string
			for _, w := range test.want {
				want = append(want, "targeting."+w)
			}
			if diff := cmp.Diff(want, problems(t, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFrequencyQuotaAndPriorityHaveBounds(t *testing.T) {
	tests := map[string]struct{ more, want string }{
		"a quota of nobody":           {`"quota": {"completed": 0}`, "quota.completed: is 0, at least 1 is allowed"},
		"a quota that is a number":    {`"quota": 5`, "quota: expected object, not number"},
		"a quota of nothing":          {`"quota": {}`, "quota.completed: is required"},
		"a priority out of bounds":    {`"priority": -1001`, "priority: is -1001, at least -1000 is allowed"},
		"dry_run that is text":        {`"dry_run": "yes"`, "dry_run: expected boolean, not string"},
		"shows that nobody counts":    {`"frequency": {"max_shows": 0}`, "frequency.max_shows: is 0, at least 1 is allowed"},
		"a rest that is in the past":  {`"frequency": {"after_dismissal_days": -1}`, "frequency.after_dismissal_days: is -1, at least 0 is allowed"},
		"a rest of more than a while": {`"frequency": {"after_dismissal_days": 4000}`, "frequency.after_dismissal_days: is 4000, at most 3650 is allowed"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := with(test.more)
			if diff := cmp.Diff([]string{test.want}, problems(t, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
