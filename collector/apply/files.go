// Package apply is surveys as code: it reads a site's files, checks them all, and makes the
// collector say what they say, over its API.
package apply

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/askwell/askwell/collector/survey"
)

// Files are a site and its surveys, read and checked.
type Files struct {
	Site     *survey.Site // nil where a survey file was read by itself
	Surveys  []*survey.Definition
	Unlisted []string // YAML files in the folder that the site file does not list

	sources map[string]*yamlFile // of the surveys, by id
}

// explain gives the problems of a survey their places in its file.
func (f *Files) explain(id string, problems []survey.Problem) error {
	return f.sources[id].explain(&survey.Error{Code: survey.Invalid, Problems: problems})
}

// ReadPath is Read for a path of the machine.
func ReadPath(name string) (*Files, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return Read(os.DirFS(name), name, ".")
	}
	dir, base := filepath.Split(name)
	return Read(os.DirFS(filepath.Clean(dir)), dir, base)
}

// Read reads a site file and the survey files it lists, or a folder that holds one site file, or a
// survey file by itself. Where anything is wrong, the error has a line for each problem:
// file:line:column: field: what is wrong, and what is allowed. Files are named there with the folder
// that fsys is.
func Read(fsys fs.FS, folder, name string) (*Files, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	var unlisted []string
	if info.IsDir() {
		if name, unlisted, err = findSite(fsys, folder, name); err != nil {
			return nil, err
		}
	}
	file, err := readYAML(fsys, folder, name)
	if err != nil {
		return nil, err
	}
	if !file.has("site") {
		d, err := survey.ParseDefinition(file.json)
		if err != nil {
			return nil, file.explain(err)
		}
		return &Files{Surveys: []*survey.Definition{d}, sources: map[string]*yamlFile{d.ID: file}}, nil
	}
	var errs []error
	site, err := survey.ParseSiteFile(file.json)
	if err != nil {
		errs = append(errs, file.explain(err)) // and those of the surveys, as far as it lists them
	}
	files := &Files{Site: &site.Site, sources: map[string]*yamlFile{}}
	for i, listed := range site.Surveys {
		at := fmt.Sprintf("surveys[%d]", i)
		one, err := readYAML(fsys, folder, path.Join(path.Dir(name), listed))
		if unreadable := (*fs.PathError)(nil); errors.As(err, &unreadable) {
			message := fmt.Sprintf("cannot read %q: %v", listed, unreadable.Err)
			if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
				message = "there is no file " + listed + " in or below the site file's folder"
			}
			errs = append(errs, file.problem(survey.Problem{Location: at, Message: message}))
			continue
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		d, err := survey.ParseDefinition(one.json)
		if err != nil {
			errs = append(errs, one.explain(err))
			continue
		}
		if slices.ContainsFunc(files.Surveys, func(o *survey.Definition) bool { return o.ID == d.ID }) {
			errs = append(errs, one.problem(survey.Problem{Location: "id", Message: fmt.Sprintf("%q is taken by an earlier file of this site", d.ID)}))
		}
		files.Surveys, files.sources[d.ID] = append(files.Surveys, d), one
		unlisted = slices.DeleteFunc(unlisted, func(file string) bool { return file == one.name })
	}
	files.Unlisted = unlisted
	return files, errors.Join(errs...)
}

// findSite finds the one site file of a folder, and the other YAML files in it.
func findSite(fsys fs.FS, folder, dir string) (site string, others []string, err error) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return "", nil, err
	}
	var broken []error
	for _, entry := range entries {
		ext := path.Ext(entry.Name())
		if entry.IsDir() || (ext != ".yaml" && ext != ".yml") {
			continue
		}
		name := path.Join(dir, entry.Name())
		file, err := readYAML(fsys, folder, name)
		switch {
		case err != nil: // told with the problems of the other files where it is listed
			broken, others = append(broken, err), append(others, name)
		case !file.has("site"):
			others = append(others, name)
		case site != "":
			return "", nil, fmt.Errorf("%s and %s are both site files; apply them one by one", site, name)
		default:
			site = name
		}
	}
	if site == "" && broken != nil {
		return "", nil, errors.Join(broken...)
	}
	for _, name := range others {
		if site == "" && strings.TrimSuffix(path.Base(name), path.Ext(name)) == "site" {
			return "", nil, fmt.Errorf("%s is no site file: it has no key site, the site's id", name)
		}
	}
	if site == "" {
		return "", nil, fmt.Errorf("there is no site file in this folder: a YAML file with site, name, origins and surveys (found: %s)",
			strings.Join(append(others, "nothing else"), ", "))
	}
	return site, others, nil
}
