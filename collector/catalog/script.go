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

// Page joins what pages load of a site that has these surveys live. full are the ids of those that
// have all the responses they want.
func (s *Scripts) Page(site survey.Site, live []Published, full []string) (*Page, error) {
	config, late, err := s.config(site, live, full)
	if err != nil {
		return nil, err
	}
	return s.join(config, late)
}

func (s *Scripts) join(config Config, late []Late) (*Page, error) {
	first, more, err := s.parts(config)
	if err != nil {
		return nil, err
	}
	if len(more) > 0 {
		part, err := s.more(more)
		if err != nil {
			return nil, err
		}
		config.More, late = part.Name, append(late, Late{Asset: part})
	}
	data, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	script, err := s.script(first, data)
	if err != nil {
		return nil, err
	}
	return &Page{Config: newAsset("application/json", data), Script: newAsset(javaScript, script), Late: late}, nil
}

// Fixed are the files that are the same for every site, by their names; those that are built.
func (s *Scripts) Fixed() map[string]*Asset {
	files := map[string]*Asset{}
	for _, name := range []string{"queue", "tools"} {
		if data, err := fs.ReadFile(s.dist, name+".js"); err == nil {
			files[name] = newAsset(javaScript, data)
		}
	}
	return files
}

// haveTime are triggers that are large, and of no use in a page's first moments: they come in a part
// of their own, once the page has loaded, and only where a site's surveys use them.
var haveTime = []string{"dead_click", "error", "feedback_button", "form_abandonment", "rage_click"}

// parts lists the triggers and targeting rules that a site's surveys use, with the helpers that these
// share, so that a site pays for no other: those of its script, and those that have time.
func (s *Scripts) parts(config Config) (first, more []string, err error) {
	manifest, err := fs.ReadFile(s.dist, "parts.json")
	if err != nil {
		return nil, nil, err
	}
	var needs map[string]map[string][]string // by kind and wire name, the helpers
	if err := json.Unmarshal(manifest, &needs); err != nil {
		return nil, nil, err
	}
	var triggers survey.Triggers
	add := func(list *[]string, kind, name string) {
		for _, helper := range needs[kind][name] {
			*list = append(*list, "helpers/"+helper) // sorts before what uses it
		}
		*list = append(*list, kind+"/"+name)
	}
	for _, survey := range config.Surveys {
		triggers = append(triggers, survey.Triggers...)
		for _, rule := range survey.Targeting.Rules() {
			add(&first, "rules", rule)
		}
	}
	for _, t := range triggers.Types() {
		if slices.Contains(haveTime, t) {
			add(&more, "triggers", t)
		} else {
			add(&first, "triggers", t)
		}
	}
	if triggers.Any(func(t survey.Trigger) bool { return t.Base().DelaySeconds > 0 || len(t.Base().CancelOn) > 0 }) {
		first = append(first, "helpers/when")
	}
	if len(more) > 0 {
		first = append(first, "helpers/more")
	}
	slices.Sort(first)
	slices.Sort(more)
	idle := triggers.Any(waitsForIdle)
	first = slices.DeleteFunc(first, func(part string) bool { return part == "helpers/idle" && !idle })
	more = slices.DeleteFunc(more, func(part string) bool { return slices.Contains(first, part) })
	return slices.Compact(first), slices.Compact(more), nil
}

// waitsForIdle says whether a trigger needs to know when nothing is done: most carts do not, and it is
// a twentieth of their script.
func waitsForIdle(t survey.Trigger) bool {
	switch t := t.(type) {
	case *survey.InactivityTrigger:
		return true
	case *survey.CartAbandonmentTrigger:
		return slices.Contains(t.When, "idle")
	case *survey.FormAbandonmentTrigger:
		return t.When == nil || slices.Contains(t.When, "idle")
	}
	return false
}

// script joins the engine, the configuration, and the parts. Each is a statement of its own; they
// meet in the parameters of the function around them.
func (s *Scripts) script(parts []string, data []byte) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("((askwellConfig,askwellTriggers,askwellRules,askwellHelpers)=>{")
	for _, part := range slices.Concat(parts, []string{"engine"}) {
		if err := s.part(&b, part+".js"); err != nil {
			return nil, err
		}
	}
	fmt.Fprintf(&b, "})(%s,{},{},{});\n", data)
	return b.Bytes(), nil
}

// more joins the triggers that have time into a module.
func (s *Scripts) more(parts []string) (*Asset, error) {
	var b bytes.Buffer
	b.WriteString("export default (askwellTriggers,askwellHelpers)=>{")
	for _, part := range parts {
		if err := s.part(&b, part+".js"); err != nil {
			return nil, err
		}
	}
	b.WriteString("}\n")
	return newAsset(javaScript, b.Bytes()), nil
}

// Late joins the face with a survey's texts and the interface's words, for each of its languages, and
// with what not every survey needs: keep, where the collector keeps a cookie; dry, for a dry run.
func (s *Scripts) Late(p Published, cookie bool) ([]Late, error) {
	var parts []Late
	var extras []string
	if cookie {
		extras = append(extras, "keep")
	}
	if p.Definition.DryRun {
		extras = append(extras, "dry")
	}
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
		b.WriteString("const askwellLate={};\n")
		for _, extra := range extras {
			if err := s.part(&b, "late/"+extra+".js"); err != nil {
				return nil, err
			}
		}
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
