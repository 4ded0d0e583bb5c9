// Command build bundles what pages load from widget/src into widget/dist, which the collector embeds,
// and the SDK into sdk/dist.
//
//	go run ./scripts/build
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	esbuild "github.com/evanw/esbuild/pkg/api"
)

const (
	src  = "widget/src"
	dist = "widget/dist"
)

// registries are the objects in which the parts of a page's script find each other.
var registries = map[string]string{"triggers": "askwellTriggers", "rules": "askwellRules"}

func main() {
	log.SetFlags(0)
	check(clean())
	// The engine is a statement: the collector puts it into a function, beside the triggers.
	bundle("engine.js", esbuild.BuildOptions{EntryPoints: []string{src + "/script.ts"}, Format: esbuild.FormatIIFE})
	for out, entry := range map[string]string{"face.js": "late.ts", "queue.js": "queue.ts", "tools.js": "tools.ts"} {
		bundle(out, esbuild.BuildOptions{EntryPoints: []string{filepath.Join(src, entry)}, Format: esbuild.FormatESModule})
	}
	for _, name := range sources("helpers") {
		file := "./helpers/" + name + ".ts"
		exports := strings.Join(exported(filepath.Join(src, file)), ",")
		statement("helpers/"+name+".js", fmt.Sprintf("import {%s} from %q; Object.assign(askwellHelpers,{%s})", exports, file, exports))
	}
	for _, name := range sources("late") {
		statement("late/"+name+".js", fmt.Sprintf("import {%s} from %q; askwellLate.%s = %s", name, "./late/"+name+".ts", name, name))
	}
	// By kind and wire name, the helpers that a part needs.
	parts := map[string]map[string][]string{"triggers": {}, "rules": {}}
	for kind, one := range map[string]string{"triggers": "trigger", "rules": "rule"} {
		for _, name := range sources(kind) {
			if name == one { // their types
				continue
			}
			wire := strings.ReplaceAll(name, "-", "_")
			parts[kind][wire] = statement(kind+"/"+wire+".js",
				fmt.Sprintf("import {%s} from %q; %s.%s = %s", one, "./"+kind+"/"+name+".ts", registries[kind], wire, one))
		}
	}
	manifest, err := json.Marshal(parts)
	check(err)
	check(os.WriteFile(dist+"/parts.json", manifest, 0o644))
	check(copyStrings())
	bundle("../../sdk/dist/index.js", esbuild.BuildOptions{EntryPoints: []string{"sdk/src/index.ts"}, Format: esbuild.FormatESModule})
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

// statement bundles a fragment of a page script, and returns the helpers that it uses: those are
// fragments of their own, so that triggers share one copy, and reach it through askwellHelpers.
func statement(out, source string) (helpers []string) {
	shared := esbuild.Plugin{Name: "helpers", Setup: func(build esbuild.PluginBuild) {
		build.OnResolve(esbuild.OnResolveOptions{Filter: `^\.\./helpers/.*\.ts$`}, func(args esbuild.OnResolveArgs) (esbuild.OnResolveResult, error) {
			return esbuild.OnResolveResult{Path: filepath.Join(src, "triggers", args.Path), Namespace: "helper"}, nil
		})
		build.OnLoad(esbuild.OnLoadOptions{Filter: ".*", Namespace: "helper"}, func(args esbuild.OnLoadArgs) (esbuild.OnLoadResult, error) {
			helpers = append(helpers, strings.TrimSuffix(filepath.Base(args.Path), ".ts"))
			var contents strings.Builder
			for _, name := range exported(args.Path) {
				fmt.Fprintf(&contents, "export const %s = askwellHelpers.%s;", name, name)
			}
			text := contents.String()
			return esbuild.OnLoadResult{Contents: &text, Loader: esbuild.LoaderJS}, nil
		})
	}}
	bundle(out, esbuild.BuildOptions{Format: esbuild.FormatIIFE, Plugins: []esbuild.Plugin{shared},
		Stdin: &esbuild.StdinOptions{Contents: source, ResolveDir: src, Loader: esbuild.LoaderTS}})
	return helpers
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
var internal = strings.Fields("atPage born cameFrom emit failed gone hearers holds listen matchesText onEnd onTrack prepare refuse refused tab trackers")

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

func bundle(out string, options esbuild.BuildOptions) {
	options.MangleProps, options.MangleCache = "^("+strings.Join(internal, "|")+")$", mangled
	options.TsconfigRaw = "{}" // else "use strict" stands where it is no directive any more
	options.Outfile = filepath.Join(dist, out)
	options.Bundle, options.Write = true, true
	options.MinifyWhitespace, options.MinifyIdentifiers, options.MinifySyntax = true, true, true
	options.Target = esbuild.ES2020
	options.Charset = esbuild.CharsetUTF8
	options.LegalComments = esbuild.LegalCommentsNone
	options.LogLevel = esbuild.LogLevelWarning
	result := esbuild.Build(options)
	if len(result.Errors) > 0 {
		os.Exit(1) // esbuild has printed them
	}
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
func clean() error {
	entries, err := os.ReadDir(dist)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.Name() == ".gitkeep" {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dist, entry.Name())); err != nil {
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
