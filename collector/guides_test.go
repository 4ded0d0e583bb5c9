//go:build unix

package main

import (
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/askwell/askwell/collector/apply"
	"github.com/askwell/askwell/collector/server"
	"github.com/askwell/askwell/collector/servertest"
)

// TestMain lets shells run this binary as askwell.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "askwell" {
		main()
		return
	}
	os.Exit(m.Run())
}

// The guides are a promise: the commands of each page work, in their order, in a reader's shell. The packages are
// installed by a test of their own (sdk/test/packages), as they are not on npm here.
func TestCommandsOfTheGuidesWork(t *testing.T) {
	for page, commands := range map[string]int{"install.md": 4, "migration.md": 9, "server.md": 3, "testing.md": 2} {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			c := servertest.Start(t, server.Config{})
			folder := t.TempDir()
			text := read(t, filepath.Join("..", "sdk", "docs", page))
			if page == "migration.md" {
				text = withAnExport(t, text)
			} else {
				surveysOfAReader(t, c, folder)
			}
			script := strings.NewReplacer(
				"https://feedback.shop.example", c.URL,
				"ask_…", servertest.Key,
				"127.0.0.1:8080", freeAddress(t),
			).Replace(strings.Join(blocks(text, "sh"), ""))
			script = regexp.MustCompile(`(?m)^npm install @askwell/.*\n`).ReplaceAllString(script, "")
			if n := len(regexp.MustCompile(`(?m)^(askwell|curl) `).FindAllString(script, -1)); n != commands {
				t.Errorf("%d commands, expected %d", n, commands)
			}
			shell(t, c, folder, script)
		})
	}
}

// shell runs commands in a folder until one fails, with the programs that a reader has, and ends what they leave running.
func shell(t *testing.T, c *servertest.Collector, folder, script string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	programs := t.TempDir()
	if err := os.Symlink(self, filepath.Join(programs, "askwell")); err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	script = "curl() { command curl --silent --show-error --fail-with-body \"$@\"; }\n" + script
	cmd := exec.CommandContext(t.Context(), "bash", "-euxc", script)
	cmd.Dir, cmd.Stdout, cmd.Stderr = folder, log, log
	cmd.Env = append(os.Environ(), "PATH="+programs+":"+os.Getenv("PATH"), "TMPDIR="+t.TempDir(), "ASKWELL_SERVER="+c.URL, "ASKWELL_KEY="+servertest.Key)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	err = cmd.Run()
	syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // what went to the background
	if err != nil {
		t.Errorf("%v\n%s", err, read(t, log.Name()))
	}
}

// surveysOfAReader has the shop's surveys in the folder that the guides speak of, and in the collector.
func surveysOfAReader(t *testing.T, c *servertest.Collector, folder string) {
	t.Helper()
	surveys := filepath.Join(folder, "askwell")
	if err := os.CopyFS(surveys, os.DirFS(filepath.Join("..", "examples", "shop", "askwell"))); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(folder, "src"), 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := command(c, "apply", surveys); err != nil {
		t.Fatal(err, out)
	}
}

// withAnExport has the page's curl ask a stand-in for the other tools, which answers with a definition of PostHog's own
// (convert/testdata/README.md): exports of real accounts are not at hand. The page's survey then is the one in it.
func withAnExport(t *testing.T, page string) string {
	t.Helper()
	export := read(t, filepath.Join("convert", "testdata", "posthog", "question-types.json"))
	tool := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("x-api-key") == "" && r.Header.Get("Authorization") == "" {
			http.Error(w, "no key", http.StatusUnauthorized)
			return
		}
		w.Write([]byte(export))
	}))
	t.Cleanup(tool.Close)
	return strings.NewReplacer("$FORMBRICKS_KEY", "1", "$FORMBRICKS", tool.URL, "$POSTHOG_KEY", "1", "$POSTHOG", tool.URL, "$PROJECT", "1",
		"why-did-you-not-order", "core-web-vitals-feature-request").Replace(page)
}

// The surveys in README and guides, and the sites, are complete, or the part of one that they show; the rest of it is the shortest there is.
func TestSurveysOfTheGuidesAreValid(t *testing.T) {
	rest := map[string]string{
		"id":        "id: reader\n",
		"languages": "languages: [en]\n",
		"name":      "name: Reader\n",
		"questions": "questions: [{id: first, type: nps, title: How likely?}]\n",
	}
	pages, err := filepath.Glob(filepath.Join("..", "sdk", "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	var surveys []string
	for _, page := range append(pages, filepath.Join("..", "README.md")) {
		surveys = append(surveys, blocks(read(t, page), "yaml")...)
	}
	if len(surveys) < 3 {
		t.Errorf("%d surveys", len(surveys))
	}
	for _, text := range surveys {
		folder := t.TempDir()
		if strings.HasPrefix(text, "site:") {
			files := map[string]string{"site.yaml": text}
			for _, name := range regexp.MustCompile(`[\w-]+\.yaml`).FindAllString(text, -1) {
				files[name] = "id: " + strings.TrimSuffix(name, ".yaml") + "\n" + rest["languages"] + rest["name"] + rest["questions"]
			}
			write(t, folder, files)
			if files, err := apply.ReadPath(folder); err != nil || len(files.Surveys) == 0 {
				t.Errorf("%v\n%s", err, text)
			}
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(rest)) {
			if !strings.HasPrefix(text, key+":") && !strings.Contains(text, "\n"+key+":") {
				text += rest[key]
			}
		}
		file := filepath.Join(folder, "survey.yaml")
		write(t, folder, map[string]string{"survey.yaml": text})
		if _, err := apply.ReadPath(file); err != nil {
			t.Errorf("%v\n%s", err, text)
		}
	}
}

// blocks are the pieces of code of a page that are in one language.
func blocks(page, language string) (found []string) {
	for _, block := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```$").FindAllStringSubmatch(page, -1) {
		found = append(found, block[1])
	}
	return found
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// freeAddress is one that nobody listens on now.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
