package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	esbuild "github.com/evanw/esbuild/pkg/api"
)

// standIns are what stands for the exports of a file in the late parts of surveys that have no use for it:
// collector/catalog/parts.go knows which.
var standIns = map[string]map[string]string{
	"sdk/src/condition.ts":          {"matches": "()=>!0"},
	"sdk/src/words.ts":              {"plural": `()=>""`},
	"widget/src/helpers/link.ts":    {"link": `()=>""`},
	"widget/src/helpers/other.ts":   {"otherField": `()=>""`, "showOther": "()=>{}"},
	"widget/src/helpers/smile.ts":   {"smile": "()=>{}", "smiles": `""`},
	"widget/src/helpers/stars.ts":   {"stars": `""`},
	"widget/src/helpers/shuffle.ts": {"shuffle": "all=>[...all]"},
}

// late bundles all that a late part may have, and cuts that into a fragment for each file. A survey's late part is
// joined from those that it needs, in one scope, as if they had been bundled alone: fragments that were minified one
// by one, and reached each other through an object, took 370 to 500 bytes more.
func late() map[string]Part {
	var entry strings.Builder
	export := func(name, file string) {
		fmt.Fprintf(&entry, "export {%s as %s} from %q;\n", name, exportOf(lateName("widget/src/"+file)), "./"+file)
	}
	export("present", "late.ts")
	for _, name := range sources("late") {
		export(name, "late/"+name+".ts")
	}
	for _, name := range sources("places") {
		export("place", "places/"+name+".ts")
	}
	for _, name := range sources("questions") {
		if !slices.Contains(notParts, name) {
			export("type", "questions/"+name+".ts")
		}
	}
	for _, file := range slices.Sorted(maps.Keys(standIns)) {
		for _, name := range slices.Sorted(maps.Keys(standIns[file])) {
			fmt.Fprintf(&entry, "export {%s as %s} from %q;\n", name, exportOf(lateName(file)+name), "../../"+file)
		}
	}
	// Its white space is left, as the comments are that say where a file begins.
	script, files := build(esbuild.BuildOptions{Format: esbuild.FormatESModule,
		Stdin: &esbuild.StdinOptions{Contents: entry.String(), ResolveDir: src, Loader: esbuild.LoaderTS}})
	delete(files, "<stdin>")
	script, exports, _ := bytes.Cut(script, []byte("\nexport {"))
	called := func(export string) string {
		if found := regexp.MustCompile(`(\S+) as ` + exportOf(export) + `\b`).FindSubmatch(exports); found != nil {
			return string(found[1])
		}
		return ""
	}
	parts := map[string]Part{}
	for file, input := range files {
		source, err := os.ReadFile(file)
		check(err)
		part := Part{Words: words(source)}
		for _, one := range input.Imports {
			part.Helpers = append(part.Helpers, lateName(one.Path))
		}
		name := lateName(file)
		part.Name = called(name)
		stands := slices.Sorted(maps.Keys(standIns[file]))
		if len(stands) > 0 && !slices.Equal(stands, exported(file)) {
			check(fmt.Errorf("%s exports %s, and there are stand-ins for %s", file, exported(file), stands))
		}
		for _, export := range stands {
			part.StandIn += fmt.Sprintf("var %s=%s;", called(name+export), standIns[file][export])
		}
		parts[name] = part
		writeLate(name, nil) // of types alone, or of what others export
	}
	begins := regexp.MustCompile(`(?m)^// (.+)\n`)
	at := slices.DeleteFunc(begins.FindAllSubmatchIndex(script, -1), func(at []int) bool {
		_, ok := files[string(script[at[2]:at[3]])]
		return !ok
	})
	for i, one := range at {
		end := len(script)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		writeLate(lateName(string(script[one[2]:one[3]])), script[one[1]:end])
	}
	return parts
}

// lateName is what a fragment of a file is called: face/questions/multi_choice, face/sdk/queue.
func lateName(file string) string {
	name := strings.TrimSuffix(file, ".ts")
	if rest, ok := strings.CutPrefix(name, "sdk/src/"); ok {
		name = "sdk/" + rest
	}
	return "face/" + strings.ReplaceAll(strings.TrimPrefix(name, "widget/src/"), "-", "_")
}

// exportOf is what the entry calls the export of a fragment.
func exportOf(name string) string { return strings.ReplaceAll(name, "/", "_") }

// writeLate writes a fragment without its white space. The names stay: they are those of the whole.
func writeLate(name string, script []byte) {
	result := esbuild.Transform(string(script), esbuild.TransformOptions{MinifyWhitespace: true, Target: esbuild.ES2022, Charset: esbuild.CharsetUTF8})
	if len(result.Errors) > 0 {
		check(fmt.Errorf("%s: %s", name, result.Errors[0].Text))
	}
	out := filepath.Join(dist, name+".js")
	check(os.MkdirAll(filepath.Dir(out), 0o755))
	check(os.WriteFile(out, result.Code, 0o644))
}
