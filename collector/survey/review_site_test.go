package survey

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReviewSitesAreKnown(t *testing.T) {
	tests := map[string]bool{
		"https://g.page/r/abc/review":                           true,
		"https://www.google.com/maps/place/Shop":                true,
		"https://google.co.uk/maps/place/Shop":                  true,
		"https://maps.google.de/?cid=1":                         true,
		"https://search.google.com/local/writereview?placeid=x": true,
		"https://maps.app.goo.gl/abc":                           true,
		"https://goo.gl/maps/abc":                               true,
		"https://de.trustpilot.com/review/shop.example":         true,
		"HTTPS://WWW.TRUSTPILOT.COM./evaluate/shop.example":     true,
		"https://www.yelp.co.uk/biz/shop":                       true,
		"https://www.tripadvisor.com.br/Restaurant":             true,
		"https://www.g2.com/products/askwell/reviews":           true,
		"https://www.capterra.de/software/1":                    true,
		"https://apps.apple.com/app/id1?action=write-review":    true,
		"https://play.google.com/store/apps/details?id=x":       true,
		"https://www.glassdoor.co.in/Reviews/x":                 true,
		"https://www.booking.com/hotel/x":                       true,
		"https://m.facebook.com/shop/reviews/?ref=page":         true,
		"https://shop.example/reviews":                          false,
		"https://www.facebook.com/shop":                         false,
		"https://www.google.com/search?q=shop":                  false,
		"https://docs.google.com/forms/d/x":                     false,
		"https://notyelp.com":                                   false,
		"https://yelp.example.com":                              false,
		"https://shop.example/?next=https://trustpilot.com":     false,
		"https://trustpilot.com.shop.example/":                  false,
		"https://mybooking.com":                                 false,
		"mailto:reviews@trustpilot.com":                         false,
	}
	for u, want := range tests {
		if got := isReviewSite(&Link{URL: u}); got != want {
			t.Errorf("%s: %v", u, got)
		}
	}
	if isReviewSite(nil) {
		t.Error("no link leads to one")
	}
}

func TestReviewSitesAreForEveryone(t *testing.T) {
	const (
		google = `"link": {"label": "Review us", "url": "https://g.page/r/shop/review"}`
		stars  = `"link": {"label": "Review us", "url": "https://www.trustpilot.com/review/shop.example"}`
		home   = `"link": {"label": "Home", "url": "https://shop.example/"}`
		if6    = `"if": {"nps": {"lte": 6}}`
		nps    = `{"id": "nps", "type": "nps", "title": "N"}`
		all    = "review sites forbid asking only some; give every ending this link, or none: https://g.page/r/shop/review"
		open   = "review sites forbid asking only some; the last ending may have no condition: whoever meets none would not see the link"
	)
	endings := func(list string) string {
		return `{"id": "s", "name": "S", "languages": ["en"], "questions": [` + nps + `], "endings": [` + list + `]}`
	}
	told := func(first, more string) string {
		return string(withQuestions(`{"id": "nps", "type": "nps", "title": "N"`+first+`}`, `{"id": "ask", "type": "statement", "title": "A", `+google+more+`}`, `{"id": "why", "type": "text", "title": "W"}`))
	}
	tests := map[string]struct {
		body string
		want []string
	}{
		"in the one ending":                   {endings(`{"title": "T", ` + google + `}`), nil},
		"in every ending":                     {endings(`{` + if6 + `, "title": "A", ` + google + `}, {"title": "B", ` + google + `}`), nil},
		"another link for some":               {endings(`{` + if6 + `, "title": "A", ` + home + `}, {"title": "B"}`), nil},
		"none for the unhappy":                {endings(`{` + if6 + `, "title": "A"}, {"title": "B", ` + google + `}`), []string{"endings[0].link: " + all}},
		"none for the happy":                  {endings(`{` + if6 + `, "title": "A", ` + google + `}, {"title": "B"}`), []string{"endings[1].link: " + all}},
		"another link for the unhappy":        {endings(`{` + if6 + `, "title": "A", ` + home + `}, {"title": "B", ` + google + `}`), []string{"endings[0].link.url: " + all}},
		"another review site for the unhappy": {endings(`{` + if6 + `, "title": "A", ` + google + `}, {"title": "B", ` + stars + `}`), []string{"endings[1].link.url: " + all}},
		"for whom the condition holds":        {endings(`{` + if6 + `, "title": "A", ` + google + `}`), []string{"endings[0].if: " + open}},

		"in a statement":                   {told(``, ``), nil},
		"in a statement that jumps on":     {told(``, `, "jumps": [{"if": {"nps": {"lte": 6}}, "to": "end"}]`), nil},
		"a jump to the statement":          {told(`, "jumps": [{"to": "ask"}]`, ``), nil},
		"a statement for some":             {told(``, `, "show_if": {"nps": {"gte": 9}}`), []string{"questions[1].link.url: review sites forbid asking only some; a statement with this link may have no show_if"}},
		"a statement that some jump over":  {told(`, "jumps": [{"if": {"nps": {"lte": 6}}, "to": "why"}]`, ``), []string{`questions[0].jumps[0].to: review sites forbid asking only some; no jump may pass over "ask", which links to one`}},
		"a statement that some end before": {told(`, "jumps": [{"if": {"nps": {"lte": 6}}, "to": "end"}]`, ``), []string{`questions[0].jumps[0].to: review sites forbid asking only some; no jump may pass over "ask", which links to one`}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ParseDefinition([]byte(test.body))
			if diff := cmp.Diff(test.want, problems(t, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
