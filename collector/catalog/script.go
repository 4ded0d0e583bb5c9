package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/askwell/askwell/collector/survey"
)

// Scripts are the built parts that page scripts are joined from.
type Scripts struct{ dist fs.FS }

// ErrNotBuilt says that the collector was built without the page scripts.
var ErrNotBuilt = errors.New("the page scripts are not built: run `make build`, or `go run ./scripts/build` before `go build`")

// NewScripts reads the parts from the build's output folder.
func NewScripts(dist fs.FS) *Scripts { return &Scripts{dist} }

// Check returns ErrNotBuilt where there is nothing to join.
func (s *Scripts) Check() error {
	if _, err := fs.Stat(s.dist, "engine.js"); err != nil {
		return ErrNotBuilt
	}
	return nil
}

// Published is a version of a survey.
type Published struct {
	Definition *survey.Definition
	Version    int
}

// Page is all that pages load of a site.
type Page struct {
	Config *Asset
	Script *Asset
	Late   []Late
}

// Late is the late part of a survey in one language.
type Late struct {
	Survey, Language string
	*Asset
}

// Page joins what pages load of a site that has these surveys live.
func (s *Scripts) Page(site string, live []Published) (*Page, error) {
	page := &Page{}
	config := Config{Site: site, Surveys: []PageSurvey{}}
	for _, p := range live {
		late, err := s.Late(p)
		if err != nil {
			return nil, err
		}
		page.Late = append(page.Late, late...)
		d := p.Definition
		entry := PageSurvey{ID: d.ID, Version: p.Version, Language: d.Languages[0], Faces: map[string]string{},
			Triggers: d.Triggers, Targeting: d.Targeting, Frequency: d.Frequency}
		for _, part := range late {
			entry.Faces[part.Language] = part.Name
		}
		config.Surveys = append(config.Surveys, entry)
	}
	data, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	script, err := s.script(config, data)
	if err != nil {
		return nil, err
	}
	page.Config, page.Script = newAsset("application/json", data), newAsset(javaScript, script)
	return page, nil
}

// script joins the engine, the configuration, and the triggers that this site's surveys use, so
// that a site pays for no other. Every part is a statement of its own; they meet in the two
// parameters of the function around them.
func (s *Scripts) script(config Config, data []byte) ([]byte, error) {
	var types []string
	for _, survey := range config.Surveys {
		for _, t := range survey.Triggers {
			types = append(types, t.Base().Type)
		}
	}
	slices.Sort(types)
	var b bytes.Buffer
	b.WriteString("((askwellConfig,askwellTriggers)=>{")
	for _, t := range slices.Compact(types) {
		if err := s.part(&b, "triggers/"+t+".js"); err != nil {
			return nil, err
		}
	}
	err := s.part(&b, "engine.js")
	fmt.Fprintf(&b, "})(%s,{});\n", data)
	return b.Bytes(), err
}

// Late joins the face with a survey's texts and the interface's words, for each of its languages.
func (s *Scripts) Late(p Published) ([]Late, error) {
	var parts []Late
	for _, language := range p.Definition.Languages {
		words, err := s.strings(language)
		if err != nil {
			return nil, err
		}
		data, err := json.Marshal(face(p.Definition, p.Version, language))
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if err := s.part(&b, "face.js"); err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "export const survey=%s,strings=%s,language=%q;\n", data, words, language)
		parts = append(parts, Late{p.Definition.ID, language, newAsset(javaScript, b.Bytes())})
	}
	return parts, nil
}

// strings finds the interface's words in a language: zh-Hant-TW, else zh-Hant, else zh, else English.
func (s *Scripts) strings(language string) ([]byte, error) {
	for tag := language; tag != ""; {
		data, err := fs.ReadFile(s.dist, "strings/"+tag+".json")
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return data, err
		}
		tag = tag[:max(0, strings.LastIndex(tag, "-"))]
	}
	return fs.ReadFile(s.dist, "strings/en.json")
}

func (s *Scripts) part(b *bytes.Buffer, name string) error {
	data, err := fs.ReadFile(s.dist, name)
	b.Write(bytes.TrimSpace(data))
	b.WriteByte('\n')
	return err
}
