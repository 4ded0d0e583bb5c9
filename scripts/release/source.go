package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// git asks git about the tree.
func git(args ...string) (string, error) {
	var problem bytes.Buffer
	command := exec.Command("git", args...)
	command.Stderr = &problem
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, &problem)
	}
	return strings.TrimSpace(string(out)), nil
}

// copySource copies what git knows of the tree: a build elsewhere shows that it needs nothing else, and leaves the tree
// as it was. Packages get the release's version there.
func (r *release) copySource() error {
	files, err := git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
	if err != nil {
		return err
	}
	for file := range strings.SplitSeq(strings.TrimSuffix(files, "\x00"), "\x00") {
		data, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed, and not yet committed
		}
		if err != nil {
			return err
		}
		if err := writeFile(filepath.Join(r.source, file), data); err != nil {
			return err
		}
	}
	for _, folder := range packages {
		file := filepath.Join(r.source, folder, "package.json")
		manifest, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(file, itsVersion.ReplaceAll(manifest, []byte(`${1}"`+r.number()+`"`)), 0o644); err != nil {
			return err
		}
		modules, err := filepath.Abs(filepath.Join(folder, "node_modules"))
		if err != nil {
			return err
		}
		if _, err := os.Stat(modules); err != nil {
			return fmt.Errorf("the packages need what make node_modules installs: %w", err)
		}
		if err := os.Symlink(modules, filepath.Join(r.source, folder, "node_modules")); err != nil {
			return err
		}
	}
	return nil
}

// packages are the folders of the packages for npm.
var packages = []string{"sdk", "widget"}

// itsVersion is the version that a package.json says, which stands further to the left than any other.
var itsVersion = regexp.MustCompile(`(?m)^(  "version": )"[^"]*"`)

// makePackages packs what npm gets.
func (r *release) makePackages() error {
	return r.goRun("./scripts/package", "-out", r.out)
}

// goRun runs one of the scripts in the copy.
func (r *release) goRun(script string, args ...string) error {
	_, err := r.run(nil, "go", append([]string{"run", "-trimpath", script}, args...)...)
	return err
}

// run runs a program in the copy, and returns what it printed. Of the environment, what could make a difference to what
// is built is not left as it is.
func (r *release) run(env []string, name string, args ...string) (string, error) {
	var problem bytes.Buffer
	command := exec.Command(name, args...)
	command.Dir, command.Stderr = r.source, &problem
	command.Env = append(os.Environ(),
		"CGO_ENABLED=0", "GOFLAGS=-mod=readonly -buildvcs=false", "GOWORK=off", "GOTOOLCHAIN=local", "GOEXPERIMENT=", "GODEBUG=", "GOFIPS140=off",
		"GOAMD64=v1", "GOARM64=v8.0", "GOOS=", "GOARCH=",
		"TZ=UTC", "LC_ALL=C", fmt.Sprintf("SOURCE_DATE_EPOCH=%d", r.at.Unix()))
	command.Env = append(command.Env, env...)
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, &problem)
	}
	return string(out), nil
}

func writeFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644)
}
