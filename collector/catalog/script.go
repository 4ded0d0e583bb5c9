package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
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
	page, err := s.joinParts(config, late, nil)
	if err == nil && len(page.Script.Body) > maxScript {
		return s.joinParts(config, late, haveTime)
	}
	return page, err
}

// joinParts puts the triggers that are apart into a late part of their own.
func (s *Scripts) joinParts(config Config, late []Late, apart []string) (*Page, error) {
	first, more, err := s.parts(config, apart)
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
	for _, name := range []string{"queue", "tools", "into"} {
		if data, err := fs.ReadFile(s.dist, name+".js"); err == nil {
			files[name] = newAsset(javaScript, data)
		}
	}
	return files
}

// eager, as the first line of a script, has Chromium (136 and later) compile all its functions as it loads, beside the
// main thread, where it would compile each when it is first called. Nearly all are: at a quarter of a desktop's speed
// that took half of the first visit's arming, and a third of the time from a trigger to a painted survey.
const eager = "//# allFunctionsCalledOnLoad\n"

// script joins the engine, the configuration, and the parts. Each is a statement of its own; they
// meet in the parameters of the function around them.
func (s *Scripts) script(parts []string, data []byte) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(eager + "((askwellConfig,askwellTriggers,askwellRules,askwellHelpers)=>{")
	for _, part := range slices.Concat(parts, []string{"engine"}) {
		if err := s.part(&b, part+".js"); err != nil {
			return nil, err
		}
	}
	fmt.Fprintf(&b, "})(%s,{},{},{});\n", literal(data))
	return b.Bytes(), nil
}

// more joins the triggers that have time into a module.
func (s *Scripts) more(parts []string) (*Asset, error) {
	var b bytes.Buffer
	b.WriteString(eager + "export default (askwellTriggers,askwellHelpers)=>{")
	for _, part := range parts {
		if err := s.part(&b, part+".js"); err != nil {
			return nil, err
		}
	}
	b.WriteString("}\n")
	return newAsset(javaScript, b.Bytes()), nil
}

// Late joins the face with a survey's texts and the interface's words, for each of its languages, and
// with what not every survey needs.
func (s *Scripts) Late(p Published, cookie bool) ([]Late, error) {
	code, words, err := s.lateCode(p.Definition, cookie)
	if err != nil {
		return nil, err
	}
	var late []Late
	for _, language := range p.Definition.Languages {
		texts, err := s.texts(p, language, words)
		if err != nil {
			return nil, err
		}
		part, err := latePart(code, texts)
		if err != nil {
			return nil, err
		}
		late = append(late, Late{p.Definition.ID, language, part})
	}
	return late, nil
}

// texts are what a late part holds beside its code; words are those of the interface that it says.
func (s *Scripts) texts(p Published, language string, words []string) (t Texts, err error) {
	t = Texts{Survey: face(p.Definition, p.Version, language), Language: language}
	t.Dir, t.Digits = writing(language)
	t.Strings, err = s.lateStrings(language, words)
	return t, err
}

// latePart is a module of the code and an export for each member of the texts; and these alone, as JSON.
func latePart(code []byte, texts Texts) (*Asset, error) {
	data, err := json.Marshal(texts)
	if err != nil {
		return nil, err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return nil, err
	}
	var exports []string
	for _, name := range []string{"survey", "strings", "language", "dir", "digits"} {
		if value, ok := members[name]; ok {
			exports = append(exports, name+"="+string(literal(value)))
		}
	}
	part := newAsset(javaScript, fmt.Appendf(slices.Concat([]byte(eager), code), "export const %s;\n", strings.Join(exports, ",")))
	part.JSON = newAsset("application/json", data)
	return part, nil
}

// part adds a built part: statements, of which the last one ends with its semicolon.
func (s *Scripts) part(b *bytes.Buffer, name string) error {
	data, err := fs.ReadFile(s.dist, name)
	b.Write(bytes.TrimSpace(data))
	return err
}

var (
	quotedName = regexp.MustCompile(`([{,])"([A-Za-z_]\w*)":`)
	protoName  = regexp.MustCompile(`([{,])("__proto__"):`)
)

// literal is JSON as JavaScript, whose names need no quotes: fifty bytes or more of a late part. In a string of JSON
// no quote stands bare, so none is taken for a name's. __proto__, as a trait may be called, makes a member only in brackets.
func literal(data []byte) []byte {
	return quotedName.ReplaceAll(protoName.ReplaceAll(data, []byte("$1[$2]:")), []byte("$1$2:"))
}
