package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
)

func TestTypesAreWrittenAndChecked(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "askwell.d.ts")
	write(t, dir, map[string]string{"site.yaml": siteYAML, "exit.yaml": exitYAML, "csat.yaml": csatYAML})
	step := func(wantOut, wantErr string, more ...string) {
		t.Helper()
		out, _, err := program(t, append([]string{"types", dir, "--out", file}, more...)...)
		if !strings.Contains(out, wantOut) || (err == nil) != (wantErr == "") || err != nil && !strings.Contains(err.Error(), wantErr) {
			t.Errorf("%v: printed %q, %v", more, out, err)
		}
	}
	step("", "there is no "+file, "--check")
	step("wrote      "+file+": 2 surveys, 0 events", "")
	step("unchanged  "+file, "")
	step("unchanged  "+file, "", "--check")

	written, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(string(written), "\n", "\r\n")), 0o644); err != nil {
		t.Fatal(err)
	}
	step("unchanged  "+file, "", "--check") // git on Windows

	write(t, dir, map[string]string{"exit.yaml": strings.Replace(exitYAML, "id: nps, type: nps", "id: score, type: nps", 1)})
	step("+        score?: number;", "is not what the surveys say", "--check")
	step("wrote", "")
	step("unchanged", "", "--check")

	write(t, dir, map[string]string{"exit.yaml": strings.Replace(exitYAML, "type: nps", "type: npc", 1)})
	step("", filepath.Join(dir, "exit.yaml")+":5:15: questions[0].type: expected one of", "--check")
}

func TestTypesSayHowManyTheyAre(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"exit.yaml": exitYAML + "triggers:\n  - {type: event, name: signup}\n"})
	out, _, err := program(t, "types", filepath.Join(dir, "exit.yaml"), "--out", filepath.Join(dir, "askwell.d.ts"))
	if err != nil || !strings.HasSuffix(out, ": 1 survey, 1 event\n") {
		t.Errorf("printed %q, %v", out, err)
	}
}

// A collector is asked for what pages can show: live versions, and drafts of what was never published.
func TestTypesAreAskedOfACollector(t *testing.T) {
	c := servertest.Start(t, server.Config{})
	dir := t.TempDir()
	write(t, dir, map[string]string{"site.yaml": siteYAML, "exit.yaml": exitYAML, "csat.yaml": csatYAML})
	if _, err := command(c, "apply", dir); err != nil {
		t.Fatal(err)
	}
	write(t, dir, map[string]string{"exit.yaml": exitYAML + "  - {id: soon, type: text, title: Why?}\n", "new.yaml": strings.Replace(csatYAML, "id: csat\n", "id: new\n", 1)})
	for _, file := range []string{"exit.yaml", "new.yaml"} {
		if _, err := command(c, "apply", filepath.Join(dir, file), "--site", "shop", "--draft"); err != nil {
			t.Fatal(err)
		}
	}
	out, err := command(c, "types", "--site", "shop", "--out", "-")
	if err != nil || !strings.Contains(out, "    exit: {") || !strings.Contains(out, "    new: {") || strings.Contains(out, "soon") {
		t.Errorf("%v: %s", err, out)
	}
	if _, err := command(c, "types", "--site", "nobody", "--out", "-"); err == nil || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("a site that is not there: %v", err)
	}
	if _, _, err := program(t, "types"); err == nil || !strings.Contains(err.Error(), "a folder with a site file, or --site") {
		t.Errorf("neither: %v", err)
	}
}

// What the examples give to copy is what the command writes.
func TestExamplesHaveTheTypesOfTheirSurveys(t *testing.T) {
	for _, name := range []string{"react", "vue"} {
		example := filepath.Join("..", "examples", name)
		if _, _, err := program(t, "types", filepath.Join(example, "askwell"), "--out", filepath.Join(example, "src", "askwell.d.ts"), "--check"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
