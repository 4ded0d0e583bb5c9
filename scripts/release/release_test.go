package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// program is this command, built: it is run as a person runs it.
var program string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "askwell-release-test-")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(dir, "release")
	out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput()
	code := 1
	if err == nil {
		code = m.Run()
	} else {
		fmt.Printf("%v\n%s", err, out)
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

// releaseIn runs the command in a folder, and returns what it said.
func releaseIn(dir string, env []string, args ...string) (string, error) {
	command := exec.Command("sh", append([]string{"-c", `umask "$UMASK"; exec "$0" "$@"`, program}, args...)...)
	command.Dir, command.Env = dir, append(append(os.Environ(), "UMASK=022"), env...)
	out, err := command.CombinedOutput()
	return string(out), err
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Two releases of one tree, built in two folders, for two users with other clocks, rights and settings, are the same to
// the last byte. Both of the kinds of archive are made.
func TestTwoReleasesAreTheSame(t *testing.T) {
	here := runtime.GOOS + "/" + runtime.GOARCH
	args := []string{"-version", "v1.2.3-test.1", "-allow-dirty", "-platforms", here + ",windows/amd64", "-out"}
	one, two := t.TempDir(), t.TempDir()
	for out, env := range map[string][]string{
		one: {"TMPDIR=" + t.TempDir(), "TZ=Asia/Tokyo", "LC_ALL=C.UTF-8", "UMASK=077", "GOFLAGS=-mod=mod -race", "GOAMD64=v3", "SOURCE_DATE_EPOCH=1"},
		two: {"TMPDIR=" + t.TempDir(), "TZ=America/New_York", "LC_ALL=C", "UMASK=002"},
	} {
		if said, err := releaseIn("..", env, append(args, out)...); err != nil {
			t.Fatalf("%v\n%s", err, said)
		}
	}
	var names []string
	files, err := os.ReadDir(one)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		names = append(names, file.Name())
		if !bytes.Equal(read(t, filepath.Join(one, file.Name())), read(t, filepath.Join(two, file.Name()))) {
			t.Errorf("%s is not the same in both", file.Name())
		}
	}
	number := "1.2.3-test.1"
	archive := "askwell_" + number + "_" + runtime.GOOS + "_" + runtime.GOARCH
	for _, name := range []string{"SHA256SUMS", "sri.json", "askwell_" + number + ".cdx.json", archive + ".tar.gz", "askwell_" + number + "_windows_amd64.zip"} {
		if !slices.Contains(names, name) {
			t.Errorf("no %s among %s", name, names)
		}
	}

	check := exec.Command("sha256sum", "--check", "--strict", "SHA256SUMS")
	check.Dir = one
	if out, err := check.CombinedOutput(); err != nil || strings.Count(string(out), ": OK") != len(names)-1 {
		t.Errorf("sha256sum: %v\n%s", err, out)
	}
	unpacked := t.TempDir()
	if out, err := exec.Command("tar", "-C", unpacked, "-xzf", filepath.Join(one, archive+".tar.gz")).CombinedOutput(); err != nil {
		t.Fatalf("tar: %v\n%s", err, out)
	}
	said, err := exec.Command(filepath.Join(unpacked, archive, "askwell"), "--version").Output()
	if err != nil || string(said) != "askwell v1.2.3-test.1\n" {
		t.Errorf("its version is %q, %v", said, err)
	}
	checkArchive(t, filepath.Join(one, "askwell_"+number+"_windows_amd64.zip"))
	checkBill(t, filepath.Join(one, "askwell_"+number+".cdx.json"))
	var hashes map[string]string
	if err := json.Unmarshal(read(t, filepath.Join(one, "sri.json")), &hashes); err != nil {
		t.Fatal(err)
	}
	checkStart(t, filepath.Join(unpacked, archive), hashes)
}

// checkStart does what the archive's README says to start with, and holds the hashes against what then is served.
func checkStart(t *testing.T, folder string, hashes map[string]string) {
	t.Helper()
	readme := string(read(t, filepath.Join(folder, "README.md")))
	for _, link := range regexp.MustCompile(`\]\(([^)]*)\)`).FindAllStringSubmatch(readme, -1) {
		if !strings.HasPrefix(link[1], "https://github.com/askwell/askwell/tree/v1.2.3-test.1") {
			t.Errorf("README.md leads to %s", link[1])
		}
	}
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(readme, -1)
	if len(blocks) != 2 {
		t.Fatalf("README.md has %d blocks of commands", len(blocks))
	}
	env := append(os.Environ(), "ASKWELL_ADDR=127.0.0.1:0", "ASKWELL_DB="+filepath.Join(t.TempDir(), "askwell.db"))
	serve := exec.Command("sh", "-c", "exec "+blocks[0][1])
	serve.Dir, serve.Env, serve.Stderr = folder, env, os.Stderr
	out, err := serve.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		serve.Process.Signal(syscall.SIGTERM)
		if err := serve.Wait(); err != nil {
			t.Errorf("serve: %v", err)
		}
	}()
	said := map[string]string{}
	for lines := bufio.NewScanner(out); said["listening"] == "" || said["admin key"] == ""; {
		if !lines.Scan() {
			t.Fatalf("it ended, and said %v", said)
		}
		if what, value, ok := strings.Cut(lines.Text(), "   "); ok {
			said[strings.TrimSpace(what)] = strings.Fields(value)[0]
		}
	}
	url := strings.Replace(said["listening"], "localhost", "127.0.0.1", 1)
	start := exec.Command("sh", "-ec", strings.ReplaceAll(blocks[1][1], "ask_…", said["admin key"]))
	start.Dir, start.Env = folder, append(env, "ASKWELL_SERVER="+url)
	if tag, err := start.Output(); err != nil || string(tag) != `<script async src="`+url+`/w/shop-example.js"></script>`+"\n" {
		t.Errorf("init: %v, %s", err, tag)
	}

	served := 0
	for path, want := range hashes {
		if !strings.HasPrefix(path, "/") {
			if !regexp.MustCompile(`^@askwell/(sdk/dist|widget/npm)/`).MatchString(path) {
				t.Errorf("sri.json has %s, which nobody serves", path)
			}
			continue
		}
		served++
		res, err := http.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		script, err := io.ReadAll(res.Body)
		res.Body.Close()
		sum := sha512.Sum384(script)
		if is := "sha384-" + base64.StdEncoding.EncodeToString(sum[:]); err != nil || res.StatusCode != http.StatusOK || is != want {
			t.Errorf("%s answers %s with a file of %s, %v, sri.json says %s", path, res.Status, is, err, want)
		}
	}
	if served != 3 || hashes["@askwell/sdk/dist/index.js"] == "" || hashes["@askwell/widget/npm/index.js"] == "" {
		t.Errorf("the scripts' hashes are %v", hashes)
	}
}

func checkArchive(t *testing.T, path string) {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	var names []string
	for _, file := range archive.File {
		names = append(names, filepath.Base(file.Name))
	}
	if fmt.Sprint(names) != "[LICENSE README.md THIRD_PARTY_LICENSES.txt askwell.exe]" {
		t.Errorf("in %s there are %s", path, names)
	}
}

// checkBill holds the bill against CycloneDX's own schema, and against what is known to be in the program.
func checkBill(t *testing.T, path string) {
	t.Helper()
	list := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go")
	folder, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	const at = "http://cyclonedx.org/schema/"
	for name, file := range map[string]string{"bom-1.6.schema.json": "", "spdx.schema.json": "", "jsf-0.82.schema.json": "jsf-0.82.schemax.json"} {
		schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(read(t, filepath.Join(strings.TrimSpace(string(folder)), "schema", cmp.Or(file, name)))))
		if err != nil {
			t.Fatal(err)
		}
		if err := compiler.AddResource(at+name, schema); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := compiler.Compile(at + "bom-1.6.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	text := read(t, path)
	bill, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(bill); err != nil {
		t.Error(err)
	}
	for _, part := range []string{`"pkg:golang/modernc.org/sqlite@v`, `"pkg:golang/std@1.`, `"pkg:golang/github.com/labstack/echo/v4@v`} {
		if !bytes.Contains(text, []byte(part)) {
			t.Errorf("the bill has no %s", part)
		}
	}
	if bytes.Contains(text, []byte("staticcheck")) {
		t.Error("the bill has what is not in the program")
	}
}

func TestAReleaseThatWouldNotBeOneIsRefused(t *testing.T) {
	tree := t.TempDir()
	for _, args := range [][]string{{"init", "--quiet"}, {"-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--allow-empty", "-m", "a"}} {
		command := exec.Command("git", args...)
		command.Dir = tree
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("git: %v\n%s", err, out)
		}
	}
	for _, version := range []string{"", "1.2.3", "v1.2", "v1.2.3+build", "v01.2.3"} {
		if said, err := releaseIn(tree, nil, "-version", version); err == nil || !strings.Contains(said, fmt.Sprintf("the version %q is none", version)) {
			t.Errorf("the version %q: %v, %s", version, err, said)
		}
	}
	if err := os.WriteFile(filepath.Join(tree, "new.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if said, err := releaseIn(tree, nil, "-version", "v1.2.3"); err == nil || !strings.Contains(said, "?? new.txt") {
		t.Errorf("a tree with changes: %v, %s", err, said)
	}
	for _, folder := range packages {
		file := filepath.Join(folder, "CHANGELOG.md")
		if said, err := releaseIn(tree, nil, "-version", "v1.2.3", "-allow-dirty", "-out", tree); err == nil || !strings.Contains(said, file+" says nothing of this version: write what is new under a heading ## 1.2.3") {
			t.Errorf("without a word in %s: %v, %s", file, err, said)
		}
		if err := writeFile(filepath.Join(tree, file), []byte("## 1.2.3\n\n- New\n")); err != nil {
			t.Fatal(err)
		}
	}
	if said, err := releaseIn(tree, nil, "-version", "v1.2.3", "-allow-dirty", "-out", tree); err == nil || !strings.Contains(said, "is not empty") {
		t.Errorf("a folder with something in it: %v, %s", err, said)
	}
}

func TestNotesAreThePartOfTheVersion(t *testing.T) {
	const changelog = "# Changelog\n\n## 1.2.30\n\n- New\n\n## 1.2.3\n\n- Better:\n\n  ## not a heading\n\n## 1.2.2\n\n- Old\n\n## 1.2.1\n\n## 1.2.0\n## 1.1.9\n\n- Older\n"
	for number, want := range map[string]string{"1.2.3": "- Better:\n\n  ## not a heading\n", "1.2.2": "- Old\n", "1.2.30": "- New\n", "1.2": "", "1.2.1": "", "1.2.0": "", "1.1.9": "- Older\n"} {
		if got := notesOf(changelog, number); got != want {
			t.Errorf("of %s: %q, want %q", number, got, want)
		}
	}
}
