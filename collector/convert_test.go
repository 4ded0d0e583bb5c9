package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
)

// program runs a command that asks no collector, and returns what it printed and what it warned of.
func program(t *testing.T, args ...string) (out, warned string, err error) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	err = run(t.Context(), args, &stdout, &stderr)
	return stdout.String(), stderr.String(), err
}

// What each export in testdata/ becomes is taken by a real collector, and shows on the site.
func TestConvertedSurveysAreApplied(t *testing.T) {
	c := servertest.Start(t, server.Config{})
	for _, tool := range []string{"formbricks", "posthog"} {
		exports, err := filepath.Glob(filepath.Join("convert", "testdata", tool, "*.json"))
		if err != nil || len(exports) == 0 {
			t.Fatal(err)
		}
		for i, export := range exports {
			dir, site := filepath.Join(t.TempDir(), "askwell"), tool+string(rune('a'+i))
			out, warned, err := program(t, "convert", "--from", tool, export, "--out", dir, "--site", site, "--origin", "https://shop.example")
			if err != nil {
				t.Fatalf("%s: %v", export, err)
			}
			if !strings.Contains(out, "askwell apply "+dir+" --draft") || !strings.Contains(warned, export+": $") {
				t.Errorf("%s: printed %q, warned of %q", export, out, warned)
			}
			applied, err := command(c, "apply", dir)
			if err != nil {
				t.Fatalf("%s: %v", export, err)
			}
			files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
			if err != nil || strings.Count(applied, "published") != len(files)-1 || strings.Count(out, "wrote") != len(files)-1 {
				t.Errorf("%s: %d files, %v, applied: %s", export, len(files), err, applied)
			}
			c.Must(200, "GET", "/w/"+site+".js", "")
		}
	}
}

// Who converts a page of an answer hears of the rest of it, and of how much was made.
func TestConvertSaysWhatItMadeAndWhatIsMissing(t *testing.T) {
	page := filepath.Join(t.TempDir(), "page.json")
	if err := os.WriteFile(page, []byte(`{"count": 150, "next": "https://posthog.example/?offset=100", "results": [
		{"name": "A", "base_language": "en", "start_date": "2026-01-01", "questions": [{"type": "open", "question": "Why?"}]}]}`), 0o644); err != nil {
		t.Fatal(err)
	}
	out, warned, err := program(t, "convert", "--from", "posthog", page, "--out", filepath.Join(t.TempDir(), "askwell"))
	if err != nil || !strings.Contains(warned, page+": $: holds 1 of 150 surveys") || !strings.Contains(out, "a.yaml: 1 question, 1 warning\n") {
		t.Errorf("%v: printed %q, warned of %q", err, out, warned)
	}
}

func TestConvertWritesNothingWhereItCannotWriteAll(t *testing.T) {
	good := filepath.Join("convert", "testdata", "posthog", "shop.json")
	bad := filepath.Join(t.TempDir(), "bad.json")
	nothing := filepath.Join(t.TempDir(), "nothing.json")
	for name, text := range map[string]string{bad: `{"questions": [`, nothing: `{"name": "A", "questions": [{"type": "unknown"}]}`} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	taken := t.TempDir()
	write(t, taken, map[string]string{"feedback.yaml": "mine"})
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"no JSON":                {[]string{bad}, "bad.json: is not JSON"},
		"no file":                {[]string{"none.json"}, "none.json"},
		"nothing is left":        {[]string{nothing}, "no survey of it can be converted"},
		"a file is there":        {[]string{good, "--out", taken}, "there is " + filepath.Join(taken, "feedback.yaml") + " already"},
		"no origin":              {[]string{good, "--site", "shop"}, "--site and --origin go together"},
		"an origin that is none": {[]string{good, "--site", "shop", "--origin", "shop.example"}, "https://shop.example"},
		"a site that is none":    {[]string{good, "--site", "My Shop", "--origin", "https://shop.example"}, "is not an id"},
		"no language":            {[]string{good, "--language", "english"}, "BCP 47"},
	} {
		args := append([]string{"convert", "--from", "posthog"}, test.args...)
		dir := filepath.Join(t.TempDir(), "askwell")
		if !strings.Contains(strings.Join(args, " "), "--out") {
			args = append(args, "--out", dir)
		}
		if _, _, err := program(t, args...); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%s: something was written", name)
		}
	}
	if files, err := os.ReadDir(taken); err != nil || len(files) != 1 {
		t.Errorf("beside the file that was there are %v, %v", files, err)
	}
}
