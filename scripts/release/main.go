// Command release makes all that a release consists of, from a commit:
//
//	go run ./scripts/release -version v1.2.3          into scripts/release/dist/v1.2.3
//
// The same commit, and the same Go and Node, give the same bytes: on another day, in another folder, for another user.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"golang.org/x/mod/semver"
)

// release is what is being made.
type release struct {
	version string    // v1.2.3
	commit  string    // its hash
	at      time.Time // when it was committed: what is made has no other time
	source  string    // a copy of the tree, which is built in
	out     string
	notes   string // what is new in it
}

// number is the version as archives and packages say it.
func (r *release) number() string { return strings.TrimPrefix(r.version, "v") }

func main() {
	log.SetFlags(0)
	log.SetPrefix("release: ")
	version := flag.String("version", "", "the version, such as v1.2.3")
	out := flag.String("out", "", "the folder for what is made (scripts/release/dist/VERSION)")
	platforms := flag.String("platforms", "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64,windows/amd64,windows/arm64", "what binaries are for")
	dirty := flag.Bool("allow-dirty", false, "release what is not committed too, to try things out")
	flag.Parse()
	if err := run(*version, *out, strings.Split(*platforms, ","), *dirty); err != nil {
		log.Fatal(err)
	}
}

func run(version, out string, platforms []string, dirty bool) (err error) {
	if !semver.IsValid(version) || semver.Canonical(version) != version {
		return fmt.Errorf("the version %q is none: say VERSION=v1.2.3, or v1.2.3-rc.1", version)
	}
	setUmask(0o022) // npm packs files with the rights that they have
	top, err := git("rev-parse", "--show-toplevel")
	if err != nil {
		return err
	}
	if err := os.Chdir(top); err != nil {
		return err
	}
	if changed, err := git("status", "--porcelain"); err != nil {
		return err
	} else if changed != "" && !dirty {
		return fmt.Errorf("a release is made from a commit, and these files are in none (commit or stash them):\n%s", changed)
	}
	r := &release{version: version}
	if err := r.readNotes(); err != nil {
		return err
	}
	if out == "" {
		out = filepath.Join("scripts/release/dist", version)
	}
	if r.out, err = newFolder(out); err != nil {
		return err
	}
	if r.commit, err = git("rev-parse", "HEAD"); err != nil {
		return err
	}
	committed, err := git("log", "-1", "--format=%cI")
	if err != nil {
		return err
	}
	if r.at, err = time.Parse(time.RFC3339, committed); err != nil {
		return err
	}
	r.at = r.at.UTC()
	if r.source, err = os.MkdirTemp("", "askwell-release-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(r.source)) }()
	for _, step := range []func() error{
		r.copySource,
		func() error { return r.goRun("./scripts/build") },
		r.makePackages,
		func() error { return r.makeBinaries(platforms) },
		r.writeHashesOfScripts,
		r.writeNotes,
		r.writeSums,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	fmt.Printf("%s of %s, made with %s:\n", version, r.commit, runtime.Version())
	return r.list()
}

// newFolder makes a folder. What is in one already could be taken for a part of the release.
func newFolder(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if files, err := os.ReadDir(path); err == nil && len(files) > 0 {
		return "", fmt.Errorf("%s is not empty: remove it", path)
	}
	return path, os.MkdirAll(path, 0o755)
}

// list prints what was made.
func (r *release) list() error {
	files, err := os.ReadDir(r.out)
	if err != nil {
		return err
	}
	for _, file := range files {
		info, err := file.Info()
		if err != nil {
			return err
		}
		fmt.Printf("%10d  %s\n", info.Size(), filepath.Join(r.out, file.Name()))
	}
	return nil
}
