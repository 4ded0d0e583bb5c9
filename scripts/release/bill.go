package main

import (
	"bytes"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/CycloneDX/cyclonedx-go"
	"github.com/google/licensecheck"
	"github.com/google/uuid"
)

// module is a Go module that is in a binary.
type module struct {
	path, version string
	licences      []string // their names in SPDX
	texts         []byte   // of all its files that are a licence or a notice
}

// isLicence are the names of files that have to go with a binary.
var isLicence = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([-._].*)?$`)

// findLicences reads the licences of modules where Go keeps them. One without any is an error: it may not be passed on.
func (r *release) findLicences(used map[string]string) (modules []module, err error) {
	out, err := r.run(nil, "go", "list", "-m", "-f", "{{.Path}} {{.Dir}}", "all")
	if err != nil {
		return nil, err
	}
	goroot, err := r.run(nil, "go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	folders := map[string]string{"std": strings.TrimSpace(goroot)}
	for line := range strings.Lines(out) {
		path, folder, _ := strings.Cut(strings.TrimSpace(line), " ")
		folders[path] = folder
	}
	for _, path := range slices.Sorted(maps.Keys(used)) {
		m := module{path: path, version: used[path]}
		files, err := os.ReadDir(folders[path])
		if err != nil {
			return nil, fmt.Errorf("the licence of %s: %w", path, err)
		}
		for _, file := range files {
			if file.IsDir() || !isLicence.MatchString(file.Name()) {
				continue
			}
			text, err := os.ReadFile(filepath.Join(folders[path], file.Name()))
			if err != nil {
				return nil, err
			}
			m.texts = append(m.texts, bytes.TrimSpace(text)...)
			m.texts = append(m.texts, "\n\n"...)
			for _, match := range licensecheck.Scan(text).Match {
				if !strings.HasPrefix(match.ID, "GooglePatent") { // a grant beside the licence, which SPDX has no name for
					m.licences = append(m.licences, match.ID)
				}
			}
		}
		slices.Sort(m.licences)
		m.licences = slices.Compact(m.licences)
		if len(m.licences) == 0 {
			return nil, fmt.Errorf("%s %s has no licence that is known", path, m.version)
		}
		modules = append(modules, m)
	}
	return modules, nil
}

// notices are the licences of all modules, as one text.
func notices(modules []module) []byte {
	var out bytes.Buffer
	out.WriteString("askwell is made with these, under the licences that follow each.\n")
	for _, m := range modules {
		fmt.Fprintf(&out, "\n%s\n%s %s\n\n%s", strings.Repeat("-", 80), m.path, m.version, m.texts)
	}
	return out.Bytes()
}

// writeBill writes the bill of materials: https://cyclonedx.org
func (r *release) writeBill(modules []module) error {
	root := cyclonedx.Component{
		Type: cyclonedx.ComponentTypeApplication, BOMRef: "askwell", Name: "askwell", Version: r.version,
		PackageURL: "pkg:golang/github.com/askwell/askwell@" + r.version, Licenses: licences("MIT"),
	}
	var components []cyclonedx.Component
	for _, m := range modules {
		of := fmt.Sprintf("pkg:golang/%s@%s", m.path, url.QueryEscape(m.version))
		components = append(components, cyclonedx.Component{Type: cyclonedx.ComponentTypeLibrary, BOMRef: of, Name: m.path, Version: m.version, PackageURL: of, Licenses: licences(m.licences...)})
	}
	tarballs, err := filepath.Glob(filepath.Join(r.out, "*.tgz"))
	if err != nil {
		return err
	}
	for _, path := range tarballs {
		files, err := openTarball(path)
		if err != nil {
			return err
		}
		hash, err := sum(path)
		if err != nil {
			return err
		}
		of := fmt.Sprintf("pkg:npm/%s@%s", strings.Replace(files.name, "@", "%40", 1), files.version)
		components = append(components, cyclonedx.Component{
			Type: cyclonedx.ComponentTypeLibrary, BOMRef: of, Name: files.name, Version: files.version, PackageURL: of, Licenses: licences("MIT"),
			Hashes: &[]cyclonedx.Hash{{Algorithm: cyclonedx.HashAlgoSHA256, Value: hash}},
		})
	}
	var needs []string
	for _, c := range components {
		needs = append(needs, c.BOMRef)
	}
	bill := cyclonedx.NewBOM()
	// Its number is that of the release, not of this run.
	bill.SerialNumber = uuid.NewSHA1(uuid.NameSpaceURL, []byte("askwell "+r.version+" "+r.commit)).URN()
	bill.Metadata = &cyclonedx.Metadata{Timestamp: r.at.Format(time.RFC3339), Component: &root, Properties: &[]cyclonedx.Property{{Name: "commit", Value: r.commit}}}
	bill.Components = &components
	bill.Dependencies = &[]cyclonedx.Dependency{{Ref: root.BOMRef, Dependencies: &needs}}
	var out bytes.Buffer
	if err := cyclonedx.NewBOMEncoder(&out, cyclonedx.BOMFileFormatJSON).SetPretty(true).SetEscapeHTML(false).EncodeVersion(bill, cyclonedx.SpecVersion1_6); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.out, "askwell_"+r.number()+".cdx.json"), out.Bytes(), 0o644)
}

func licences(ids ...string) *cyclonedx.Licenses {
	var list cyclonedx.Licenses
	for _, id := range ids {
		list = append(list, cyclonedx.LicenseChoice{License: &cyclonedx.License{ID: id}})
	}
	return &list
}
