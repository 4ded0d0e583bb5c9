// Command package adds the types to what `go run ./scripts/build` made of the packages for npm, and packs them:
//
//	go run ./scripts/package                into sdk/dist/askwell-sdk-0.1.0.tgz and askwell-widget-0.1.0.tgz
//	go run ./scripts/package -out FOLDER
package main

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// npmPackage is a folder of the project that is a package.
type npmPackage struct{ folder, built string }

var packages = []npmPackage{{"sdk", "sdk/dist"}, {"widget", "widget/npm"}}

func main() {
	log.SetFlags(0)
	out := flag.String("out", "sdk/dist", "the folder for the tarballs")
	flag.Parse()
	emitted, err := os.MkdirTemp("", "askwell-types-")
	check(err)
	defer os.RemoveAll(emitted)
	run(".", "sdk/node_modules/.bin/tsc", "-p", "sdk/tsconfig.package.json", "--outDir", emitted)
	to, err := filepath.Abs(*out)
	check(err)
	check(os.MkdirAll(to, 0o755))
	licence, err := os.ReadFile("LICENSE")
	check(err)
	for _, p := range packages {
		check(os.WriteFile(filepath.Join(p.folder, "LICENSE"), licence, 0o644))
		written := map[string]bool{}
		for _, entry := range p.entries() {
			check(p.writeTypes(filepath.Join(emitted, p.folder, "src"), entry+".d.ts", written))
		}
		run(p.folder, "npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", to)
	}
}

// entries are the names of the files that the package exports.
func (p npmPackage) entries() (entries []string) {
	data, err := os.ReadFile(filepath.Join(p.folder, "package.json"))
	check(err)
	var manifest struct{ Exports map[string]any }
	check(json.Unmarshal(data, &manifest))
	for export := range manifest.Exports {
		if export != "./package.json" {
			entries = append(entries, cmp.Or(strings.TrimPrefix(strings.TrimPrefix(export, "."), "/"), "index"))
		}
	}
	return entries
}

// imported finds what a file of types imports by its place. tsc leaves the names of the sources there.
var imported = regexp.MustCompile(`((?:from |import |import\()"(\.[^"]+))\.tsx?"`)

// writeTypes writes a file of types, and those that it imports: the same beside the ES modules and beside the
// CommonJS ones, since one file can be the types of one format only.
func (p npmPackage) writeTypes(from, name string, written map[string]bool) error {
	if written[name] {
		return nil
	}
	written[name] = true
	types, err := os.ReadFile(filepath.Join(from, name))
	if err != nil {
		return err
	}
	for _, found := range imported.FindAllSubmatch(types, -1) {
		other := filepath.Join(filepath.Dir(name), string(found[2])+".d.ts")
		if !filepath.IsLocal(other) {
			return fmt.Errorf("%s: the types of %s need %s, which is not in the package", p.folder, name, other)
		}
		if err := p.writeTypes(from, other, written); err != nil {
			return err
		}
	}
	types = imported.ReplaceAll(types, []byte(`$1.js"`))
	for _, folder := range []string{"", "cjs"} {
		to := filepath.Join(p.built, folder, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(to, types, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func run(folder, name string, args ...string) {
	command := exec.Command(name, args...)
	command.Dir, command.Stdout, command.Stderr = folder, os.Stdout, os.Stderr
	if err := command.Run(); err != nil {
		log.Fatalf("%s: %v", name, err)
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
