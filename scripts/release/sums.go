package main

import (
	"archive/tar"
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/askwell/askwell/collector/catalog"
)

// npmTarball is a package as npm gets it.
type npmTarball struct {
	name, version string
	files         map[string][]byte
}

func openTarball(path string) (npmTarball, error) {
	p := npmTarball{files: map[string][]byte{}}
	data, err := os.ReadFile(path)
	if err != nil {
		return p, err
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return p, fmt.Errorf("%s: %w", path, err)
	}
	archive := tar.NewReader(unpacked)
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return p, fmt.Errorf("%s: %w", path, err)
		}
		if p.files[strings.TrimPrefix(header.Name, "package/")], err = io.ReadAll(archive); err != nil {
			return p, fmt.Errorf("%s: %w", path, err)
		}
	}
	var manifest struct{ Name, Version string }
	if err := json.Unmarshal(p.files["package.json"], &manifest); err != nil {
		return p, fmt.Errorf("%s: package.json: %w", path, err)
	}
	p.name, p.version = manifest.Name, manifest.Version
	return p, nil
}

// writeHashesOfScripts writes what a page can check a script by, in its integrity attribute or an import map: of the
// files that every collector of this version serves under the same path, and of the modules in the packages. A site's own
// script changes with its surveys, and the rest is called by its hash.
func (r *release) writeHashesOfScripts() error {
	hashes := map[string]string{}
	add := func(name string, script []byte) {
		hash := sha512.Sum384(script)
		hashes[name] = "sha384-" + base64.StdEncoding.EncodeToString(hash[:])
	}
	for name, served := range catalog.NewScripts(os.DirFS(filepath.Join(r.source, "widget/dist"))).Fixed() {
		add("/w/a/"+name+".js", served.Body)
	}
	tarballs, err := filepath.Glob(filepath.Join(r.out, "*.tgz"))
	if err != nil {
		return err
	}
	for _, path := range tarballs {
		p, err := openTarball(path)
		if err != nil {
			return err
		}
		for name, script := range p.files {
			if strings.HasSuffix(name, ".js") && !strings.Contains(name, "/cjs/") { // those are for Node
				add(p.name+"/"+name, script)
			}
		}
	}
	text, err := json.MarshalIndent(hashes, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.out, "sri.json"), append(text, '\n'), 0o644)
}

// readNotes reads what the changelogs say of this version. Both packages have one in them; a version that is no
// pre-release has to stand in each, and what it says for the first is the release's notes.
func (r *release) readNotes() error {
	for _, folder := range packages {
		file := filepath.Join(folder, "CHANGELOG.md")
		log, err := os.ReadFile(file)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		notes := notesOf(string(log), r.number())
		if notes == "" && semver.Prerelease(r.version) == "" {
			return fmt.Errorf("%s says nothing of this version: write what is new under a heading ## %s, and commit it", file, r.number())
		}
		r.notes = cmp.Or(r.notes, notes)
	}
	return nil
}

// writeNotes writes them, which a pre-release may have none of.
func (r *release) writeNotes() error {
	if r.notes == "" {
		return nil
	}
	return os.WriteFile(filepath.Join(r.out, "RELEASE_NOTES.md"), []byte(r.notes), 0o644)
}

// notesOf are the part of a changelog under the heading of a version, "" where there is nothing.
func notesOf(changelog, number string) string {
	heading := regexp.MustCompile(`(?m)^## \[?v?` + regexp.QuoteMeta(number) + `(\]|[ \t]|$).*`).FindStringIndex(changelog)
	if heading == nil {
		return ""
	}
	notes, _, _ := strings.Cut(changelog[heading[1]:], "\n## ")
	if notes = strings.TrimSpace(notes); notes == "" {
		return ""
	}
	return notes + "\n"
}

// writeSums writes the sums of all files: sha256sum --check SHA256SUMS
func (r *release) writeSums() error {
	files, err := os.ReadDir(r.out)
	if err != nil {
		return err
	}
	var out strings.Builder
	for _, file := range files {
		hash, err := sum(filepath.Join(r.out, file.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(&out, "%s  %s\n", hash, file.Name())
	}
	return os.WriteFile(filepath.Join(r.out, "SHA256SUMS"), []byte(out.String()), 0o644)
}

func sum(path string) (string, error) {
	data, err := os.ReadFile(path)
	hash := sha256.Sum256(data)
	return hex.EncodeToString(hash[:]), err
}
