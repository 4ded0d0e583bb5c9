// Command build bundles what pages load from widget/src into widget/dist, which the collector embeds,
// and the packages for npm, but for their types, into sdk/dist and widget/npm.
//
//	go run ./scripts/build
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	esbuild "github.com/evanw/esbuild/pkg/api"
)

const (
	src  = "widget/src"
	dist = "widget/dist"
)

// kinds are the folders of fragments: what each file exports under the folder's own name, and where it
// puts that for the others to find.
var kinds = map[string]struct{ export, into string }{
	"triggers": {"trigger", "askwellTriggers.%s = trigger"},
	"rules":    {"rule", "askwellRules.%s = rule"},
}

// notParts are the files in the folders of parts that are none: their types, and the form around each question.
var notParts = []string{"trigger", "rule", "type", "ask"}

// Part is what the collector has to know of a fragment: the helpers that go before it, the words of
// the interface that it says, and of one of a late part what its export is called there, and what stands
// for it where it is of no use.
type Part struct {
	Helpers []string `json:"helpers,omitempty"`
	Words   []string `json:"words,omitempty"`
	Name    string   `json:"name,omitempty"`
	StandIn string   `json:"stand_in,omitempty"`
}

func main() {
	log.SetFlags(0)
	check(clean(dist))
	parts := map[string]Part{}
	for _, name := range sources("helpers") {
		file := "./helpers/" + name + ".ts"
		exports := strings.Join(exported(filepath.Join(src, file)), ",")
		parts["helpers/"+name] = statement("helpers/"+name+".js", fmt.Sprintf("import {%s} from %q; Object.assign(askwellHelpers,{%s})", exports, file, exports))
	}
	// The engine is a statement: the collector puts it into a function, beside the triggers.
	bundle("engine.js", esbuild.BuildOptions{EntryPoints: []string{src + "/script.ts"}, Format: esbuild.FormatIIFE})
	for out, entry := range map[string]string{"queue.js": "queue.ts", "tools.js": "tools.ts", "into.js": "into.ts"} {
		bundle(out, esbuild.BuildOptions{EntryPoints: []string{filepath.Join(src, entry)}, Format: esbuild.FormatESModule})
	}
	maps.Copy(parts, late())
	for folder, kind := range kinds {
		for _, name := range sources(folder) {
			if slices.Contains(notParts, name) {
				continue
			}
			wire := strings.ReplaceAll(name, "-", "_")
			into := strings.ReplaceAll(kind.into, "%s", wire)
			parts[folder+"/"+wire] = statement(folder+"/"+wire+".js", fmt.Sprintf("import {%s} from %q; %s", kind.export, "./"+folder+"/"+name+".ts", into))
		}
	}
	manifest, err := json.Marshal(parts)
	check(err)
	check(os.WriteFile(dist+"/parts.json", manifest, 0o644))
	check(copyStrings())
	buildSDK()
	buildWidgetPackage(parts)
}

// sources returns the names of the files in a folder of src, but for tests.
func sources(folder string) (names []string) {
	files, err := filepath.Glob(filepath.Join(src, folder, "*.ts"))
	check(err)
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".ts"); !strings.HasSuffix(name, ".test") {
			names = append(names, name)
		}
	}
	return names
}

// statement bundles a fragment that is a statement of a script, from its source.
func statement(out, source string) Part {
	return fragment(out, esbuild.BuildOptions{Format: esbuild.FormatIIFE,
		Stdin: &esbuild.StdinOptions{Contents: source, ResolveDir: src, Loader: esbuild.LoaderTS}})
}

var says = regexp.MustCompile(`\bstrings\.(\w+)`)

// words are those of the interface that a source says.
func words(source []byte) (words []string) {
	for _, word := range says.FindAllSubmatch(source, -1) {
		words = append(words, string(word[1]))
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// fragment bundles a part of a script. The helpers that it uses are fragments of their own, so that parts
// share one copy, and reach it through askwellHelpers.
func fragment(out string, options esbuild.BuildOptions) (part Part) {
	folder, err := filepath.Abs(filepath.Join(src, "helpers"))
	check(err)
	options.Plugins = []esbuild.Plugin{{Name: "helpers", Setup: func(build esbuild.PluginBuild) {
		build.OnResolve(esbuild.OnResolveOptions{Filter: `\.ts$`}, func(args esbuild.OnResolveArgs) (esbuild.OnResolveResult, error) {
			path := filepath.Join(args.ResolveDir, args.Path)
			if filepath.Dir(path) != folder || args.Kind == esbuild.ResolveEntryPoint || args.Importer == "<stdin>" {
				return esbuild.OnResolveResult{}, nil
			}
			return esbuild.OnResolveResult{Path: path, Namespace: "helper"}, nil
		})
		build.OnLoad(esbuild.OnLoadOptions{Filter: ".*", Namespace: "helper"}, func(args esbuild.OnLoadArgs) (esbuild.OnLoadResult, error) {
			part.Helpers = append(part.Helpers, "helpers/"+strings.TrimSuffix(filepath.Base(args.Path), ".ts"))
			var contents strings.Builder
			for _, name := range exported(args.Path) {
				fmt.Fprintf(&contents, "export const %s = askwellHelpers.%s;", name, name)
			}
			text := contents.String()
			return esbuild.OnLoadResult{Contents: &text, Loader: esbuild.LoaderJS}, nil
		})
	}}}
	for _, file := range bundle(out, options) {
		data, err := os.ReadFile(file)
		if err != nil { // stdin, or a helper, which says its own words
			continue
		}
		part.Words = append(part.Words, words(data)...)
	}
	slices.Sort(part.Helpers)
	slices.Sort(part.Words)
	part.Words = slices.Compact(part.Words)
	return part
}

// exported returns the names that a module exports, types not among them.
func exported(file string) []string {
	result := esbuild.Build(esbuild.BuildOptions{EntryPoints: []string{file}, Bundle: true, Format: esbuild.FormatESModule, Metafile: true})
	var meta struct {
		Outputs map[string]struct{ Exports []string }
	}
	check(json.Unmarshal([]byte(result.Metafile), &meta))
	for _, output := range meta.Outputs {
		return output.Exports
	}
	return nil
}

// internal are the names of members that only the parts of a script know each other by, and no JSON
// and no browser: they get short ones, the same in all parts. That saves some hundred bytes of brotli.
var internal = strings.Fields("attempt born cameFrom emit failed gone hearers here holds listen memory onEnd onTrack prepare refuse refused route said tab trackers")

// mangled gives each a letter that is no member of anything: of the browser's own, x, y and z are coordinates, and
// stubs have a q. Names of esbuild's choice went by the order of the parts, and one part's was another's coordinate:
// in one build of two a trigger never fired.
var mangled = func() map[string]any {
	names := map[string]any{}
	for i, name := range internal {
		names[name] = "abcdefghijklmnoprstuvw"[i : i+1]
	}
	return names
}()

// bundle writes a script, and returns the files that are in it.
func bundle(out string, options esbuild.BuildOptions) (inputs []string) {
	options.MinifyWhitespace = true
	result, files := build(options)
	out = filepath.Join(dist, out)
	check(os.MkdirAll(filepath.Dir(out), 0o755))
	check(os.WriteFile(out, result, 0o644))
	return slices.Collect(maps.Keys(files))
}

// input is a file that is in a script.
type input struct{ Imports []struct{ Path string } }

// build bundles a script.
func build(options esbuild.BuildOptions) (script []byte, inputs map[string]input) {
	options.MangleProps, options.MangleCache = "^("+strings.Join(internal, "|")+")$", mangled
	options.TsconfigRaw = "{}" // else "use strict" stands where it is no directive any more
	options.Bundle, options.Metafile = true, true
	options.IgnoreAnnotations = true // "sideEffects": false is for who bundles the package: here theme.ts is imported for where it then stands
	options.MinifyIdentifiers, options.MinifySyntax = true, true
	options.Target = esbuild.ES2022 // what Object.hasOwn takes too: Chromium 93, Firefox 92, Safari 15.4
	options.Charset = esbuild.CharsetUTF8
	options.LegalComments = esbuild.LegalCommentsNone
	options.LogLevel = esbuild.LogLevelWarning
	result := esbuild.Build(options)
	if len(result.Errors) > 0 {
		os.Exit(1) // esbuild has printed them
	}
	var meta struct{ Inputs map[string]input }
	check(json.Unmarshal([]byte(result.Metafile), &meta))
	return result.OutputFiles[0].Contents, meta.Inputs
}

// copyStrings drops the white space of the interface's words.
func copyStrings() error {
	files, err := filepath.Glob(src + "/strings/*.json")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dist+"/strings", 0o755); err != nil {
		return err
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		var out bytes.Buffer
		if err := json.Compact(&out, data); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if err := os.WriteFile(filepath.Join(dist, "strings", filepath.Base(file)), out.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// clean removes earlier output: what is in dist is embedded, so a leftover would be served.
func clean(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.Name() == ".gitkeep" {
			continue
		}
		if err := os.RemoveAll(filepath.Join(folder, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
