package intake

import (
	"strings"
	"testing"
)

func TestReadAgent(t *testing.T) {
	tests := map[string]struct {
		header string
		want   agent
	}{
		"Chrome on Windows":                      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", agent{"Chrome", "Windows", "desktop", false}},
		"Safari on a Mac":                        {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15", agent{"Safari", "macOS", "desktop", false}},
		"Safari on an iPhone":                    {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1", agent{"Safari", "iOS", "mobile", false}},
		"Safari on an iPad":                      {"Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1", agent{"Safari", "iOS", "tablet", false}},
		"Chrome on Android":                      {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36", agent{"Chrome", "Android", "mobile", false}},
		"Firefox on Linux":                       {"Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", agent{"Firefox", "Linux", "desktop", false}},
		"Edge":                                   {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", agent{"Edge", "Windows", "desktop", false}},
		"Samsung Browser":                        {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", agent{"Samsung Browser", "Android", "mobile", false}},
		"a phone whose maker's name holds a bot": {"Mozilla/5.0 (Linux; Android 12; CUBOT NOTE 21) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36", agent{"Chrome", "Android", "mobile", false}},
		"headless Chrome":                        {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36", agent{"other", "Linux", "desktop", true}},
		"Googlebot":                              {"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", agent{"other", "", "other", true}},
		"a crawler without a name":               {"Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", agent{"other", "", "other", true}},
		"a program":                              {"python-requests/2.32", agent{"other", "", "other", true}},
		"Go":                                     {"Go-http-client/1.1", agent{"other", "", "other", true}},
		"nothing":                                {"", agent{"", "", "other", true}},
		"a made-up browser":                      {"Mozilla/5.0 (Plan 9) Visitor-4711/1.0", agent{"other", "", "other", false}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := readAgent(test.header); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestLongUserAgentIsCut(t *testing.T) {
	if got := readAgent("Mozilla/5.0 (" + strings.Repeat("x; ", 1<<20) + ")"); got.bot || got.browser != "other" && got.browser != "" {
		t.Errorf("got %+v", got)
	}
}

func FuzzReadAgent(f *testing.F) {
	f.Add("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36")
	f.Add("Mozilla/5.0 (Linux; Android 12; CUBOT NOTE 21")
	f.Add(")(;/;(")
	f.Fuzz(func(t *testing.T, header string) {
		got := readAgent(header)
		if len(got.browser) > 20 || len(got.system) > 20 || len(got.device) > 10 {
			t.Errorf("%q gave %+v", header, got)
		}
	})
}

func BenchmarkReadAgent(b *testing.B) {
	for b.Loop() {
		readAgent("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36")
	}
}
