package survey

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// reviewSites are the sites whose rules forbid to ask only some visitors for a review, the happy ones.
// A host stands for those below it too; * for .com and the suffix of any country; a path is found
// anywhere in the URL's path.
var reviewSites = []struct{ host, path string }{
	{"g.page", ""},
	{"google.*", "/maps"},
	{"maps.google.*", ""},
	{"search.google.*", "/local/writereview"},
	{"maps.app.goo.gl", ""}, // Google's short links
	{"goo.gl", "/maps"},
	{"trustpilot.*", ""},
	{"yelp.*", ""},
	{"tripadvisor.*", ""},
	{"g2.com", ""},
	{"capterra.*", ""},
	{"apps.apple.com", ""},
	{"itunes.apple.com", ""},
	{"play.google.com", ""},
	{"glassdoor.*", ""},
	{"booking.com", ""},
	{"facebook.com", "/reviews"},
	{"sitejabber.com", ""},
	{"trustedshops.*", ""},
	{"reviews.io", ""},
	{"feefo.com", ""},
}

var countrySuffix = regexp.MustCompile(`^(com|(com?\.)?[a-z]{2})$`)

// isReviewSite says whether a link leads to a site that collects reviews.
func isReviewSite(link *Link) bool {
	if link == nil {
		return false
	}
	u, err := url.Parse(link.URL)
	if err != nil {
		return false // reported as no URL
	}
	host := "." + strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	path := strings.ToLower(u.Path)
	for _, site := range reviewSites {
		name, anyCountry := strings.CutSuffix(site.host, ".*")
		is := !anyCountry && strings.HasSuffix(host, "."+name)
		if anyCountry {
			_, suffix, found := strings.Cut(host, "."+name+".")
			is = found && countrySuffix.MatchString(suffix)
		}
		if is && strings.Contains(path, site.path) {
			return true
		}
	}
	return false
}

const onlySome = "review sites forbid asking only some; "

// reviewSites reports links to review sites that some visitors see and others do not.
func (c *checker) reviewSites() {
	c.reviewEndings()
	for i, q := range c.d.Questions {
		s, ok := q.(*StatementQuestion)
		if !ok || !isReviewSite(s.Link) {
			continue
		}
		at := fmt.Sprintf("questions[%d].link.url", i)
		if s.ShowIf != nil {
			c.add(at, onlySome+"a statement with this link may have no show_if")
		}
		for j, before := range c.d.Questions[:i] {
			for k, jump := range before.Base().Jumps {
				if c.d.target(j, jump) > i {
					c.add(fmt.Sprintf("questions[%d].jumps[%d].to", j, k), onlySome+"no jump may pass over %q, which links to one", s.ID)
				}
			}
		}
	}
}

func (c *checker) reviewEndings() {
	var link *Link
	for _, e := range c.d.Endings {
		if isReviewSite(e.Link) {
			link = e.Link
			break
		}
	}
	if link == nil {
		return
	}
	const advice = onlySome + "give every ending this link, or none: %s"
	for i, e := range c.d.Endings {
		switch {
		case e.Link == nil:
			c.add(fmt.Sprintf("endings[%d].link", i), advice, link.URL)
		case e.Link.URL != link.URL:
			c.add(fmt.Sprintf("endings[%d].link.url", i), advice, link.URL)
		}
	}
	if last := len(c.d.Endings) - 1; c.d.Endings[last].If != nil {
		c.add(fmt.Sprintf("endings[%d].if", last), onlySome+"the last ending may have no condition: whoever meets none would not see the link")
	}
}
