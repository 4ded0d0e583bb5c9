package declare

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/apply"
	"github.com/askwell/askwell/collector/survey"
)

var update = flag.Bool("update", false, "write the golden files")

var (
	examples = filepath.Join("..", "..", "examples")
	sdk      = filepath.Join("..", "..", "sdk")
)

// The shop has several languages and long lists of choices; the gallery has a question of every type; what the SDK's
// own tests compile against has hidden fields and an event.
func TestSurveysAreDeclared(t *testing.T) {
	for golden, surveys := range map[string]string{
		filepath.Join("testdata", "shop.d.ts"):             filepath.Join(examples, "shop", "askwell"),
		filepath.Join("testdata", "gallery.d.ts"):          filepath.Join(examples, "gallery", "askwell"),
		filepath.Join(sdk, "src", "names", "askwell.d.ts"): filepath.Join("testdata", "names"),
	} {
		got := declared(t, surveys)
		if *update {
			write(t, golden, got)
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (go test ./collector/declare -update, where it should be so): %s", golden, diff)
		}
	}
}

func TestEveryTypeOfQuestionIsInTheGallery(t *testing.T) {
	files, err := apply.ReadPath(filepath.Join(examples, "gallery", "askwell"))
	if err != nil {
		t.Fatal(err)
	}
	types := survey.TypeNames(survey.QuestionTypes)
	for _, d := range files.Surveys {
		for _, q := range d.Questions {
			types = slices.DeleteFunc(types, func(name string) bool { return name == q.Base().Type })
		}
	}
	if len(types) > 0 {
		t.Errorf("no golden file declares %v", types)
	}
}

// odd is what ids, names and events may be, that TypeScript would stumble over.
const odd = `
id: 1-a
name: "Ends */ here: ${x} */"
languages: [en]
hidden: {order-id: string, cart_value: number, vip: boolean}
questions:
  - {id: 2nd, type: nps, title: N}
  - {id: told, type: statement, title: Thank you}
  - {id: pick, type: multi_choice, title: P, choices: [{id: a-1, label: A}, {id: b, label: B, other: true}]}
  - {id: class, type: email, title: E, consent: Yes}
triggers:
  - {type: event, name: signup, cancel_on: [{type: conversion}, {type: any, of: [{type: event, name: "said \"no\" </script>"}]}]}
  - {type: all, of: [{type: any, of: [{type: event, name: add to cart}, {type: conversion, event: subscribed}]}, {type: time_on_page, seconds: 1}]}
`

func TestWhatIsNoIdentifierIsQuoted(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "odd.yaml"), odd)
	got := declared(t, filepath.Join(dir, "odd.yaml"))
	_, got, _ = strings.Cut(got, "declare global {\n")
	want := `  interface AskwellSurveys {
    /** Ends *\/ here: ${x} *\/ */
    "1-a": {
      hidden: {
        cart_value?: number;
        "order-id"?: string;
        vip?: boolean;
      };
      answers: {
        /** 0 to 10 */
        "2nd"?: number;
        pick?: ("a-1" | "b")[];
        "pick.other"?: string;
        class?: string;
        "class.consent"?: true;
      };
    };
  }

  /** Those of GA4 are known without. */
  interface AskwellEvents {
    "add to cart": true;
    purchase: true;
    "said \"no\" \u003c/script\u003e": true;
    signup: true;
    subscribed: true;
  }
}
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	_, got, _ = strings.Cut(TypeScript("", nil), "declare global {\n")
	if want := "  interface AskwellSurveys {}\n\n  /** Those of GA4 are known without. */\n  interface AskwellEvents {}\n}\n"; got != want {
		t.Errorf("of nothing: %q", got)
	}
}

// The compiler takes what the SDK is told with what is declared, and refuses the lines of bad.ts that say so, and no
// others. That any name goes without a declaration, the SDK's own tests say (sdk/src/names.test.ts).
func TestTheCompilerRefusesWhatIsMisspelt(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "odd.yaml"), odd)
	write(t, filepath.Join(dir, "gallery.d.ts"), declared(t, filepath.Join(examples, "gallery", "askwell")))
	write(t, filepath.Join(dir, "odd.d.ts"), declared(t, filepath.Join(dir, "odd.yaml")))
	for _, name := range []string{"good.ts", "bad.ts"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name), string(data))
	}
	bad, err := os.ReadFile(filepath.Join(dir, "bad.ts"))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for i, line := range strings.Split(string(bad), "\n") {
		if strings.HasSuffix(line, "// refused") {
			want = append(want, fmt.Sprintf("bad.ts:%d", i+1))
		}
	}
	if diff := cmp.Diff(want, compile(t, dir)); diff != "" || len(want) < 8 {
		t.Errorf("the compiler does not refuse what it should: %s", diff)
	}
}

var diagnostic = regexp.MustCompile(`(?m)^(\S+\.ts)\((\d+),\d+\): error`)

// compile runs the compiler of sdk/ over a folder, against the SDK's sources, and returns the lines that it refuses.
func compile(t *testing.T, dir string) (lines []string) {
	t.Helper()
	sdk, err := filepath.Abs(sdk)
	if err != nil {
		t.Fatal(err)
	}
	tsc := filepath.Join(sdk, "node_modules", "typescript", "bin", "tsc")
	if _, err := os.Stat(tsc); err != nil {
		t.Fatalf("the compiler is not installed; run: cd sdk && npm ci (%v)", err)
	}
	config, err := json.Marshal(map[string]any{
		"extends": filepath.Join(sdk, "tsconfig.json"),
		"compilerOptions": map[string]any{
			"types":               []string{},
			"skipLibCheck":        false, // what is declared is a .d.ts too
			"skipDefaultLibCheck": true,
			"paths": map[string]any{
				"@askwell/sdk":   []string{filepath.Join(sdk, "src", "index.ts")},
				"@askwell/sdk/*": []string{filepath.Join(sdk, "src", "*.ts")},
			},
		},
		"include": []string{"*.ts"},
		"exclude": []string{},
	})
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "tsconfig.json"), string(config))
	cmd := exec.CommandContext(t.Context(), "node", tsc, "--pretty", "false")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	found := diagnostic.FindAllStringSubmatch(string(out), -1)
	if err != nil && found == nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, d := range found {
		lines = append(lines, d[1]+":"+d[2])
	}
	return lines
}

// declared reads a site or a survey from files, and declares it.
func declared(t *testing.T, path string) string {
	t.Helper()
	files, err := apply.ReadPath(path)
	if err != nil {
		t.Fatal(err)
	}
	site := ""
	if files.Site != nil {
		site = files.Site.ID
	}
	return TypeScript(site, files.Surveys)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
