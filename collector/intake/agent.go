package intake

import (
	"slices"
	"strings"

	"github.com/mileusna/useragent"
)

// agent is what is kept of a User-Agent: too little to tell one visitor from another.
type agent struct {
	browser, system, device string
	bot                     bool
}

// maxAgent bounds the work that a header can ask for. Real ones have some 100 to 250 characters;
// browsers inside apps have the longest.
const maxAgent = 1024

// The names that are kept; any other is "other", so that a made-up one is no new value of a dimension.
var (
	browsers = []string{"Chrome", "Safari", "Firefox", "Edge", "Opera", "Samsung Browser", "Opera Mini", "Vivaldi",
		"Huawei Browser", "Miui Browser", "Facebook App", "Instagram App", "TikTok App"}
	systems = []string{"Windows", "macOS", "iOS", "Android", "Linux", "ChromeOS", "Harmony"}
)

// botWords are what programs call themselves that are no visitors, in lower case.
var botWords = []string{"bot", "crawl", "spider", "slurp", "headless", "phantomjs", "selenium", "puppeteer", "playwright",
	"scrapy", "lighthouse", "pagespeed", "prerender", "facebookexternalhit", "preview", "monitor", "uptime", "python", "curl/", "wget/"}

func readAgent(header string) agent {
	header = header[:min(len(header), maxAgent)]
	ua := useragent.Parse(header)
	a := agent{browser: oneOf(browsers, ua.Name), system: oneOf(systems, ua.OS), device: "other", bot: ua.Bot || isBot(header)}
	switch {
	case ua.Tablet:
		a.device = "tablet"
	case ua.Mobile:
		a.device = "mobile"
	case ua.Desktop:
		a.device = "desktop"
	}
	return a
}

// isBot says whether a User-Agent is one that no person's browser sends. Every browser since 1993 has
// begun its own with Mozilla/, but for Opera.
func isBot(header string) bool {
	if !strings.HasPrefix(header, "Mozilla/") && !strings.HasPrefix(header, "Opera/") {
		return true
	}
	header = strings.ReplaceAll(strings.ToLower(header), "cubot", "") // a maker of phones
	return slices.ContainsFunc(botWords, func(word string) bool { return strings.Contains(header, word) })
}

func oneOf(names []string, name string) string {
	if name == "Mobile Safari" {
		name = "Safari"
	}
	if name == "" || slices.Contains(names, name) {
		return name
	}
	return "other"
}
