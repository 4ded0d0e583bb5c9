package apply

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A site and a survey that are valid, to which tests add.
const (
	shop = "site: shop\nname: Shop\norigins: [https://shop.example]\n"
	nps  = "id: nps\nname: NPS\nlanguages: [en]\nquestions:\n  - {id: nps, type: nps, title: Would you?}\n"
)

func named(id string) string { return strings.Replace(nps, "id: nps\n", "id: "+id+"\n", 1) }

// folder writes files, by their path, into a new folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// lines are what an error says, without the folder that the test runs in.
func lines(err error, dir string) []string {
	if err == nil {
		return nil
	}
	return strings.Split(strings.ReplaceAll(err.Error(), filepath.ToSlash(dir)+"/", ""), "\n")
}

// contents are what was read: the site, its surveys in order, and the files it does not list.
func contents(f *Files) []string {
	var out []string
	if f.Site != nil {
		out = append(out, "site "+f.Site.ID)
	}
	for _, d := range f.Surveys {
		out = append(out, "survey "+d.ID)
	}
	for _, name := range f.Unlisted {
		out = append(out, "unlisted "+name)
	}
	return out
}

func TestReadPath(t *testing.T) {
	dir := folder(t, map[string]string{
		"site.yaml":    shop + "surveys: [b.yaml, sub/a.yml, ./c.yaml]\n",
		"b.yaml":       named("b"),
		"sub/a.yml":    named("a"),
		"c.yaml":       named("c"),
		"draft.yml":    named("draft"),
		"broken.yaml":  "a: [\n", // not ours to judge: another program's file may lie here
		"notes.txt":    "a: [\n",
		"sub/own.yaml": "a: [\n",
	})
	t.Chdir(filepath.Dir(dir))
	base := filepath.Base(dir)
	whole := []string{"site shop", "survey b", "survey a", "survey c", "unlisted broken.yaml", "unlisted draft.yml"}
	tests := map[string]struct {
		path string
		want []string
	}{
		"a folder, the surveys in the order of the list": {dir, whole},
		"a folder, relative":                             {base, whole},
		"a folder with a slash at its end":               {"./" + base + "/", whole},
		"a site file has no unlisted files":              {filepath.Join(dir, "site.yaml"), whole[:4]},
		"a site file, relative":                          {base + "/site.yaml", whole[:4]},
		"a survey file by itself":                        {filepath.Join(dir, "sub", "a.yml"), []string{"survey a"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			files, err := ReadPath(test.path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, contents(files)); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("the folder one is in", func(t *testing.T) {
		t.Chdir(dir)
		for _, path := range []string{".", "site.yaml", "../" + base, "../" + base + "/site.yaml"} {
			if files, err := ReadPath(path); err != nil || files.Site.ID != "shop" || len(files.Surveys) != 3 {
				t.Errorf("%s: %v (%v)", path, files, err)
			}
		}
	})
}

func TestReadPathSaysWhatIsWrong(t *testing.T) {
	const unknown = ": unknown field; allowed here: dry_run, endings, frequency, hidden, id, languages, name, priority, privacy_url, purpose, questions, quota, targeting, theme, touchpoint, triggers"
	tests := map[string]struct {
		files map[string]string
		path  string
		want  []string
	}{
		"a folder without a site file": {map[string]string{"a.yaml": named("a"), "b.yml": named("b"), "c.txt": shop}, ".", []string{
			"there is no site file in this folder: a YAML file with site, name, origins and surveys (found: a.yaml, b.yml, nothing else)"}},
		"a file that is called site, and is none": {map[string]string{"a.yaml": named("a"), "site.yaml": "id: shop\nname: Shop\n"}, ".", []string{
			"site.yaml is no site file: it has no key site, the site's id"}},
		"a folder with two site files": {map[string]string{"a.yaml": shop, "b.yml": shop}, ".", []string{
			"a.yaml and b.yml are both site files; apply them one by one"}},
		"a folder in which what may be the site file does not parse": {map[string]string{"a.yaml": named("a"), "site.yaml": shop + "  - x\n"}, ".", []string{
			"site.yaml:4:3: value is not allowed in this context"}},
		"a site file that breaks the rules": {map[string]string{"site.yaml": shop + "timezone: Warsaw\n"}, ".", []string{
			`site.yaml:4:1: timezone: "Warsaw" is not an IANA time zone, such as Europe/Warsaw`}},
		"a site file with an unknown key": {map[string]string{"site.yaml": shop + "url: x\n"}, ".", []string{
			"site.yaml:4:1: url: unknown field; allowed here: consent, fatigue, name, origins, privacy_signals, require_signed_users, retention, site, surveys, timezone, visitor_cookie"}},
		"an origin of many": {map[string]string{"site.yaml": "site: shop\nname: Shop\norigins:\n  - https://shop.example\n  - shop.example\n"}, ".", []string{
			`site.yaml:5:5: origins[1]: "shop.example" is not an origin; write https://shop.example, https://*.shop.example or http://localhost:3000, without a path`}},
		"listed files that are not there": {map[string]string{"site.yaml": shop + "surveys: [a.yaml, b.yaml, sub/c.yaml]\n", "a.yaml": named("a")}, ".", []string{
			"site.yaml:4:19: surveys[1]: there is no file b.yaml in or below the site file's folder",
			"site.yaml:4:27: surveys[2]: there is no file sub/c.yaml in or below the site file's folder"}},
		"a listed file outside the folder": {map[string]string{"x/site.yaml": shop + "surveys:\n  - ../a.yaml\n", "a.yaml": named("a")}, "x", []string{
			"x/site.yaml:5:5: surveys[0]: there is no file ../a.yaml in or below the site file's folder"}},
		"a listed file that is a folder": {map[string]string{"site.yaml": shop + "surveys: [sub]\n", "sub/a.yaml": named("a")}, ".", []string{
			`site.yaml:4:11: surveys[0]: cannot read "sub": is a directory`}},
		"a listed file with the id of an earlier one": {map[string]string{"site.yaml": shop + "surveys: [a.yaml, b.yaml]\n", "a.yaml": named("a"), "b.yaml": "# copied\n" + named("a")}, ".", []string{
			`b.yaml:2:1: id: "a" is taken by an earlier file of this site`}},
		"a file that is listed twice": {map[string]string{"site.yaml": shop + "surveys: [a.yaml, a.yaml]\n", "a.yaml": named("a")}, ".", []string{
			`a.yaml:1:1: id: "a" is taken by an earlier file of this site`}},
		"a survey file by itself": {map[string]string{"a.yaml": named("a") + "tittle: x\n"}, "a.yaml", []string{
			"a.yaml:6:1: tittle" + unknown}},
		"a site file that is wrong hides no survey's mistakes": {map[string]string{
			"site.yaml": shop + "surveys: [a.yaml]\nurl: x\ntimezone: Warsaw\n", "a.yaml": named("a") + "tittle: x\nendings:\n  - {title: Bye}\n  - {title: Bye}\n"}, ".", []string{
			"site.yaml:5:1: url: unknown field; allowed here: consent, fatigue, name, origins, privacy_signals, require_signed_users, retention, site, surveys, timezone, visitor_cookie",
			`site.yaml:6:1: timezone: "Warsaw" is not an IANA time zone, such as Europe/Warsaw`,
			"a.yaml:6:1: tittle" + unknown,
			"a.yaml:8:5: endings[0]: has no condition, so the endings after it are never shown; put it last"}},
		"all problems of all files at once": {map[string]string{
			"site.yaml": shop + "surveys: [a.yaml, missing.yaml, b.yaml, sub/c.yaml, d.yaml]\n",
			"a.yaml":    "id: A\nname: 5\n" + strings.SplitN(nps, "\n", 3)[2], "b.yaml": "id: [\n", "sub/c.yaml": named("c") + "x: 1\n", "d.yaml": named("d")}, ".", []string{
			`a.yaml:1:1: id: "A" is not an id: lower-case letters, digits, - and _, at most 63, the first a letter or digit`,
			"a.yaml:2:1: name: expected string, not number",
			"site.yaml:4:19: surveys[1]: there is no file missing.yaml in or below the site file's folder",
			"b.yaml:1:5: sequence end token ']' not found",
			"sub/c.yaml:6:1: x" + unknown}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, test.files)
			_, err := ReadPath(filepath.Join(dir, filepath.FromSlash(test.path)))
			if diff := cmp.Diff(test.want, lines(err, dir)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Editors and terminals open file:line:column, as long as the file is named from where one stands.
func TestMessagesNameFilesAsTheUserDid(t *testing.T) {
	dir := folder(t, map[string]string{"here/site.yaml": shop + "surveys: [sub/a.yaml]\n", "here/sub/a.yaml": "id: A\n" + strings.SplitN(nps, "\n", 2)[1]})
	const rest = `:1:1: id: "A" is not an id: lower-case letters, digits, - and _, at most 63, the first a letter or digit`
	absolute := filepath.ToSlash(dir) + "/here/sub/a.yaml"
	tests := []struct{ cwd, path, want string }{
		{dir, "here", "here/sub/a.yaml"},
		{dir, "./here/", "here/sub/a.yaml"},
		{dir, "here/site.yaml", "here/sub/a.yaml"},
		{dir, "here/sub/a.yaml", "here/sub/a.yaml"},
		{dir + "/here", ".", "sub/a.yaml"},
		{dir + "/here", "site.yaml", "sub/a.yaml"},
		{dir + "/here/sub", "..", "../sub/a.yaml"},
		{dir + "/here/sub", "../site.yaml", "../sub/a.yaml"},
		{dir + "/here/sub", "a.yaml", "a.yaml"},
		{"/", dir + "/here", absolute},
		{dir, dir + "/here/site.yaml", absolute},
		{dir, dir + "/here/sub/a.yaml", absolute},
	}
	for _, test := range tests {
		t.Run(test.path, func(t *testing.T) {
			t.Chdir(test.cwd)
			_, err := ReadPath(test.path)
			if err == nil || err.Error() != test.want+rest {
				t.Errorf("got  %v\nwant %s%s", err, test.want, rest)
			}
		})
	}
}

func TestMissingPathIsNamedAsTheUserDid(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, path := range []string{"no.yaml", "no/site.yaml", "../no", filepath.Join(dir, "no", "site.yaml")} {
		want := "stat " + path + ": no such file or directory"
		if _, err := ReadPath(path); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
