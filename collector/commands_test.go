package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
)

// command runs a command against a collector, and returns what it printed.
func command(c *servertest.Collector, args ...string) (string, error) {
	var out bytes.Buffer
	err := run(c.T.Context(), append(args, "--server", c.URL, "--key", servertest.Key), &out, &out)
	return out.String(), err
}

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

const (
	siteYAML = "site: shop\nname: Shop\norigins: [https://shop.example]\nsurveys: [exit.yaml, csat.yaml]\n"
	exitYAML = "id: exit\nname: Exit\nlanguages: [en]\nquestions:\n  - {id: nps, type: nps, title: How likely?}\n"
	csatYAML = "id: csat\nname: CSAT\nlanguages: [en]\nquestions:\n  - {id: csat, type: csat, title: How satisfied?}\n"
)

func TestInitMakesALiveSiteAndPrintsItsTag(t *testing.T) {
	c := servertest.Start(t, server.Config{})
	origin := "https://www.shop.example"
	out, err := command(c, "init", "--origin", origin)
	if want := `<script async src="` + c.URL + `/w/shop-example.js"></script>` + "\n"; err != nil || out != want {
		t.Fatalf("got %q, %v, want %q", out, err, want)
	}
	if got := c.Must(200, "GET", "/w/shop-example.json", "").Text; !strings.Contains(got, `"id":"nps"`) {
		t.Errorf("no live survey: %s", got)
	}
	c.Must(200, "POST", "/w/shop-example", `{"responses": []}`, "Origin", "https://www.shop.example")
	if _, err := command(c, "init", "--origin", origin); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("a second init: %v", err)
	}
	origin = "shop.example"
	if _, err := command(c, "init", "--origin", origin); err == nil || !strings.Contains(err.Error(), "https://shop.example") {
		t.Errorf("no origin: %v", err)
	}
}

func TestKeyCreatePrintsAKeyThatWorks(t *testing.T) {
	c := servertest.Start(t, server.Config{})
	out, err := command(c, "key", "create", "--name", "analyst", "--scope", "read")
	if err != nil {
		t.Fatal(err)
	}
	c.Must(200, "GET", "/v1/sites", "", "Authorization", "Bearer "+strings.TrimSpace(out))
}

func TestApplyPublishesWhatChangedAndSaysSo(t *testing.T) {
	c := servertest.Start(t, server.Config{})
	dir := t.TempDir()
	write(t, dir, map[string]string{"site.yaml": siteYAML, "exit.yaml": exitYAML, "csat.yaml": csatYAML, "other.yaml": csatYAML})
	apply := func(want ...string) {
		t.Helper()
		out, err := command(c, "apply", dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range want {
			if !strings.Contains(out, line) {
				t.Errorf("no %q in:\n%s", line, out)
			}
		}
	}
	apply("+++ site shop (file)", "published  exit (version 1)", "published  csat (version 1)", "skipped    other.yaml")
	apply("unchanged  exit (version 1, live)", "unchanged  csat (version 1, live)")

	write(t, dir, map[string]string{"exit.yaml": strings.Replace(exitYAML, "How likely?", "How likely is it?", 1)})
	apply("-  title: How likely?", "+  title: How likely is it?", "published  exit (version 2)", "unchanged  csat")

	// Someone paused it for a reason: a change of its text does not bring it back.
	c.Must(200, "POST", "/v1/sites/shop/surveys/exit/status", `{"status": "paused"}`)
	write(t, dir, map[string]string{"exit.yaml": exitYAML})
	apply("drafted    exit: it is paused")
	if strings.Contains(c.Must(200, "GET", "/w/shop.json", "").Text, `"exit"`) {
		t.Error("apply brought a paused survey back")
	}
}

func TestApplyChecksEveryFileBeforeItsFirstRequest(t *testing.T) {
	c := servertest.Start(t, server.Config{})
	dir := t.TempDir()
	write(t, dir, map[string]string{"site.yaml": siteYAML, "exit.yaml": exitYAML, "csat.yaml": strings.Replace(csatYAML, "csat, title", "stars, title", 1)})
	_, err := command(c, "apply", dir)
	want := filepath.Join(dir, "csat.yaml") + `:5:16: questions[0].type: expected one of "ces", "contact", "csat", "date", "dropdown", "email", "matrix", "multi_choice", "nps", "picture_choice", "ranking", "rating", "single_choice", "statement", "text", "thumbs", not "stars"`
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
	c.Must(404, "GET", "/v1/sites/shop", "")
}

func TestApplyWritesNothingWhereOneFileCannotFollowWhatIsPublished(t *testing.T) {
	c := servertest.Start(t, server.Config{})
	dir := t.TempDir()
	write(t, dir, map[string]string{"site.yaml": siteYAML, "exit.yaml": exitYAML, "csat.yaml": csatYAML})
	if _, err := command(c, "apply", dir); err != nil {
		t.Fatal(err)
	}
	write(t, dir, map[string]string{
		"exit.yaml": strings.Replace(exitYAML, "How likely?", "How likely is it?", 1),
		"csat.yaml": strings.Replace(csatYAML, "title", "points: 7, title", 1),
	})
	_, err := command(c, "apply", dir)
	if want := filepath.Join(dir, "csat.yaml") + ":5:28: questions[0].points: was published with a scale of 1–5"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
	if got := c.Must(200, "GET", "/v1/sites/shop/surveys/exit", ""); got.Body["live_version"] != 1.0 {
		t.Errorf("another file of the run was applied: %s", got.Text)
	}
}

// meddler does something at the first line that apply prints: between its reading and its writing.
type meddler struct{ once func() }

func (m *meddler) Write(p []byte) (int, error) {
	if m.once != nil {
		m.once()
		m.once = nil
	}
	return len(p), nil
}

func TestApplyRefusesWhereSomeoneElsePublishedInBetween(t *testing.T) {
	c := servertest.StartShop(t)
	const path = "/v1/sites/shop/surveys/exit"
	dir := t.TempDir()
	write(t, dir, map[string]string{"exit.yaml": exitYAML})
	theirs := strings.Replace(servertest.ExitDoc, "How likely?", "Their wording", 1)
	out := &meddler{once: func() {
		etag := c.Must(200, "GET", path, "").Header.Get("ETag")
		c.Must(200, "PUT", path, theirs, "If-Match", etag)
		c.Must(200, "POST", path+"/publish", "")
	}}
	err := run(t.Context(), []string{"apply", filepath.Join(dir, "exit.yaml"), "--site", "shop", "--server", c.URL, "--key", servertest.Key}, out, out)
	if err == nil || !strings.Contains(err.Error(), "someone else changed it in between") {
		t.Errorf("got %v", err)
	}
	if got := c.Must(200, "GET", path, ""); !strings.Contains(got.Text, "Their wording") || got.Body["live_version"] != 2.0 {
		t.Errorf("their survey is gone: %s", got.Text)
	}
}

func TestDemoIsAppliedAndSaysWhereToLook(t *testing.T) {
	c := servertest.Start(t, server.Config{Demo: true})
	var out bytes.Buffer
	if err := c.Demo(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 4 || !strings.HasPrefix(lines[0], "shop") || !strings.HasPrefix(lines[1], "scores") || !strings.HasPrefix(lines[2], "admin key") || !strings.HasPrefix(lines[3], "gallery") {
		t.Fatalf("got %q", lines)
	}
	scores := strings.TrimPrefix(strings.Fields(lines[1])[1], c.URL)
	key := strings.Fields(lines[2])[2]
	if got := c.Must(200, "GET", scores, "", "Authorization", "Bearer "+key); got.Body["metric"] != "nps" {
		t.Error(got.Text)
	}
	for _, page := range []string{"", "product.html", "cart.html", "checkout.html", "order-complete.html", "scores.html"} {
		c.Must(200, "GET", "/shop/"+page, "")
	}
	c.Must(200, "GET", strings.TrimPrefix(strings.Fields(lines[3])[1], c.URL), "")
}

func TestKeysAreListedAndRevoked(t *testing.T) {
	c := servertest.StartShop(t)
	if _, err := command(c, "key", "create", "--name", "the shop's", "--scope", "write", "--site", "shop"); err != nil {
		t.Fatal(err)
	}
	out, err := command(c, "key", "list")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^(\S+)  the shop's +write  shop .* -$`).FindStringSubmatch(out)
	if row == nil {
		t.Fatalf("the key is not in:\n%s", out)
	}
	if out, err := command(c, "key", "revoke", row[1]); err != nil || !strings.Contains(out, row[1]) {
		t.Errorf("%s, %v", out, err)
	}
	if out, _ := command(c, "key", "list"); regexp.MustCompile(`(?m)the shop's .* -$`).MatchString(out) {
		t.Errorf("it is not revoked:\n%s", out)
	}
}

func TestAPersonIsExportedAndErased(t *testing.T) {
	c := servertest.StartShop(t)
	for range 3 {
		c.Send(servertest.Response(servertest.NewID(), `{"nps": 2, "why": "Private"}`, `, "user": "u-42", "visitor": "v-1"`))
	}
	c.Send(servertest.Response(servertest.NewID(), `{"nps": 2}`, ""))
	out, err := command(c, "export", "--site", "shop", "--visitor", "v-1")
	if err != nil || strings.Count(out, "\n") != 3 || strings.Count(out, "Private") != 3 {
		t.Errorf("exported %s, %v", out, err)
	}
	if out, err := command(c, "erase", "--site", "shop", "--user", "u-42"); err != nil || !strings.HasPrefix(out, "erased 3 responses") {
		t.Errorf("%s, %v", out, err)
	}
	if n := len(c.Responses()); n != 1 {
		t.Errorf("%d responses are left, want 1", n)
	}
	for name, args := range map[string][]string{"nobody": {}, "both": {"--user", "a", "--visitor", "b"}} {
		if _, err := command(c, append([]string{"erase", "--site", "shop"}, args...)...); err == nil {
			t.Errorf("%s was erased", name)
		}
	}
}

func TestSecretIsMadeAndPrinted(t *testing.T) {
	c := servertest.StartShop(t)
	first, err := command(c, "secret", "--site", "shop")
	if err != nil || !regexp.MustCompile(`^[0-9a-f]{64}\n$`).MatchString(first) {
		t.Errorf("got %q, %v", first, err)
	}
	if second, _ := command(c, "secret", "--site", "shop"); second == first {
		t.Error("the same secret twice")
	}
}

func TestPreviewPrintsALinkToThePage(t *testing.T) {
	c := servertest.StartShop(t)
	for name, test := range map[string]struct {
		args   []string
		before string
	}{
		"the site's front page":      {nil, "https://shop.example/?"},
		"a page":                     {[]string{"--page", "http://localhost:3000/cart"}, "http://localhost:3000/cart?"},
		"a page with its parameters": {[]string{"--page", "https://shop.example/cart?a=b%20c#top", "--hours", "1"}, "https://shop.example/cart?a=b%20c&"},
	} {
		out, err := command(c, append([]string{"preview", "exit", "--site", "shop"}, test.args...)...)
		link, ok := strings.CutPrefix(out, test.before+"askwell_preview=")
		token, fragment, _ := strings.Cut(strings.TrimSpace(link), "#")
		if err != nil || !ok || (fragment != "") != strings.Contains(strings.Join(test.args, ""), "#") {
			t.Fatalf("%s: got %q, %v", name, out, err)
		}
		c.Must(200, "GET", "/w/shop.js?preview="+token, "")
	}
	if _, err := command(c, "preview", "nope", "--site", "shop"); err == nil || !strings.Contains(err.Error(), `no survey "nope"`) {
		t.Errorf("a survey that is not: %v", err)
	}
	if _, err := command(c, "preview", "exit", "--site", "shop", "--page", "/cart"); err == nil || !strings.Contains(err.Error(), "https://shop.example/cart") {
		t.Errorf("a page without a host: %v", err)
	}
	c.Must(200, "PUT", "/v1/sites/wide", `{"site": "wide", "name": "Wide", "origins": ["https://*.shop.example"]}`)
	if _, err := command(c, "preview", "exit", "--site", "wide"); err == nil || !strings.Contains(err.Error(), "--page") {
		t.Errorf("a site of any host: %v", err)
	}
}
