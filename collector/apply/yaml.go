package apply

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/askwell/askwell/collector/survey"
)

// yamlFile is a YAML file beside the JSON that it says, so that what is wrong in the one can be
// shown in the other.
type yamlFile struct {
	name  string // in its file system
	shown string // as the user would write it
	root  ast.Node
	json  []byte
}

func readYAML(fsys fs.FS, folder, name string) (*yamlFile, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	f := &yamlFile{name: name, shown: path.Join(filepath.ToSlash(folder), name)}
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // Windows' editors write one
	tree, err := parser.ParseBytes(data, 0)
	if err == nil {
		if err := f.findRoot(tree.Docs); err != nil {
			return nil, err
		}
		f.json, err = yaml.YAMLToJSON(data)
	}
	var syntax yaml.Error
	if errors.As(err, &syntax) {
		return nil, fmt.Errorf("%s: %s", position(f.shown, syntax.GetToken()), syntax.GetMessage())
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.shown, err)
	}
	return f, nil
}

// findRoot takes the one document of a file. YAMLToJSON would drop any others in silence.
func (f *yamlFile) findRoot(docs []*ast.DocumentNode) error {
	for _, doc := range docs {
		if _, directive := doc.Body.(*ast.DirectiveNode); directive || doc.Body == nil {
			continue
		}
		if f.root != nil {
			return fmt.Errorf("%s: a second document begins here; a file holds one site or survey", position(f.shown, doc.Start))
		}
		f.root = doc.Body
	}
	return nil
}

// has says whether the file is a map with a key.
func (f *yamlFile) has(key string) bool {
	_, ok := child(f.root, key)
	return ok
}

// explain gives each problem of an invalid definition its place in the file.
func (f *yamlFile) explain(err error) error {
	var invalid *survey.Error
	if !errors.As(err, &invalid) || len(invalid.Problems) == 0 {
		return fmt.Errorf("%s: %w", f.shown, err)
	}
	problems := slices.Clone(invalid.Problems)
	slices.SortStableFunc(problems, func(a, b survey.Problem) int { return cmp.Compare(f.offset(a), f.offset(b)) })
	errs := make([]error, len(problems))
	for i, p := range problems {
		errs[i] = f.problem(p)
	}
	return errors.Join(errs...)
}

func (f *yamlFile) problem(p survey.Problem) error {
	return fmt.Errorf("%s: %s", position(f.shown, f.locate(p.Location)), p)
}

func (f *yamlFile) offset(p survey.Problem) int {
	if t := f.locate(p.Location); t != nil {
		return t.Position.Offset
	}
	return 0
}

// locate finds the token of a field such as questions[1].show_if.nps; for a field that is missing,
// the token of what should hold it.
func (f *yamlFile) locate(location string) *token.Token {
	node := f.root
	if node == nil {
		return nil
	}
	at := firstToken(node)
	for _, key := range strings.FieldsFunc(location, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		next, ok := child(node, key)
		if !ok {
			break
		}
		at, node = next.at, next.value
	}
	return at
}

type found struct {
	at    *token.Token // the key in a map, the item in a list
	value ast.Node
}

func child(node ast.Node, key string) (found, bool) {
	switch node := node.(type) {
	case *ast.AnchorNode:
		return child(node.Value, key)
	case *ast.TagNode:
		return child(node.Value, key)
	case *ast.MappingNode:
		for _, pair := range node.Values {
			if pair.Key.GetToken().Value == key {
				return found{pair.Key.GetToken(), pair.Value}, true
			}
		}
	case *ast.MappingValueNode: // a map of one pair
		if node.Key.GetToken().Value == key {
			return found{node.Key.GetToken(), node.Value}, true
		}
	case *ast.SequenceNode:
		if i, err := strconv.Atoi(key); err == nil && i < len(node.Values) {
			return found{firstToken(node.Values[i]), node.Values[i]}, true
		}
	}
	return found{}, false
}

// firstToken is where a node begins: a map's own token is the colon of its first pair.
func firstToken(node ast.Node) *token.Token {
	switch node := node.(type) {
	case *ast.MappingNode:
		if !node.IsFlowStyle && len(node.Values) > 0 {
			return node.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		return node.Key.GetToken()
	}
	return node.GetToken()
}

func position(name string, t *token.Token) string {
	if t == nil {
		return name + ":1:1"
	}
	return fmt.Sprintf("%s:%d:%d", name, t.Position.Line, t.Position.Column)
}
