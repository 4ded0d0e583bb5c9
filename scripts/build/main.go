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

func main() {
	log.SetFlags(0)
	check(clean())
	// The engine is a statement: the collector puts it into a function, beside the triggers.
	bundle("engine.js", esbuild.BuildOptions{EntryPoints: []string{src + "/script.ts"}, Format: esbuild.FormatIIFE})
	bundle("face.js", esbuild.BuildOptions{EntryPoints: []string{src + "/face.ts"}, Format: esbuild.FormatESModule})
	for _, wire := range triggers() {
		file := "./triggers/" + strings.ReplaceAll(wire, "_", "-") + ".ts"
		bundle("triggers/"+wire+".js", esbuild.BuildOptions{Format: esbuild.FormatIIFE, Stdin: &esbuild.StdinOptions{
			Contents:   fmt.Sprintf("import {trigger} from %q; askwellTriggers.%s = trigger", file, wire),
			ResolveDir: src, Loader: esbuild.LoaderTS,
		}})
	}
	check(copyStrings())
	bundle("../../sdk/dist/index.js", esbuild.BuildOptions{EntryPoints: []string{"sdk/src/index.ts"}, Format: esbuild.FormatESModule})
}

// triggers returns the wire names of the files in widget/src/triggers; trigger.ts holds their types.
func triggers() (names []string) {
	files, err := filepath.Glob(src + "/triggers/*.ts")
	check(err)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".ts")
		if name != "trigger" && !strings.HasSuffix(name, ".test") {
			names = append(names, strings.ReplaceAll(name, "-", "_"))
		}
	}
	return names
}

func bundle(out string, options esbuild.BuildOptions) {
	options.Outfile = filepath.Join(dist, out)
	options.Bundle, options.Write = true, true
	options.MinifyWhitespace, options.MinifyIdentifiers, options.MinifySyntax = true, true, true
	options.Target = esbuild.ES2020
	options.Charset = esbuild.CharsetUTF8
	options.LegalComments = esbuild.LegalCommentsNone
	options.LogLevel = esbuild.LogLevelWarning
	if result := esbuild.Build(options); len(result.Errors) > 0 {
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
