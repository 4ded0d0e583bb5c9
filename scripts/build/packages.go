package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	esbuild "github.com/evanw/esbuild/pkg/api"
)

// The packages for npm, without their types, which scripts/package adds: ES modules, and in cjs/ the same as
// CommonJS, which a package.json there says.
const (
	sdk           = "sdk/dist"
	widgetPackage = "widget/npm" // the collector has all of widget/dist in it
)

// buildSDK writes a module for each file, not for each entry, so that entries share what they have in common, in
// CommonJS too, and a "use client" stays with what it is for. Bundlers bundle them again, and drop what is not used.
func buildSDK() {
	check(clean(sdk))
	_, files := build(esbuild.BuildOptions{EntryPointsAdvanced: entries("sdk"), Outdir: sdk, Format: esbuild.FormatESModule, Packages: esbuild.PackagesExternal})
	apart := esbuild.Plugin{Name: "apart", Setup: func(build esbuild.PluginBuild) {
		build.OnResolve(esbuild.OnResolveOptions{Filter: `^\..*\.tsx?$`}, func(args esbuild.OnResolveArgs) (esbuild.OnResolveResult, error) {
			if args.Kind == esbuild.ResolveEntryPoint {
				return esbuild.OnResolveResult{}, nil
			}
			return esbuild.OnResolveResult{Path: strings.TrimSuffix(args.Path, filepath.Ext(args.Path)) + ".js", External: true}, nil
		})
	}}
	writePackage(sdk, esbuild.BuildOptions{EntryPoints: slices.Sorted(maps.Keys(files)), Outbase: "sdk/src", Packages: esbuild.PackagesExternal, Plugins: []esbuild.Plugin{apart}})
}

// buildWidgetPackage puts the engine with all triggers and rules into the package's entry, as the collector joins
// them for a site: see collector/catalog/script.go.
func buildWidgetPackage(parts map[string]Part) {
	check(clean(widgetPackage))
	var joined []string
	var join func(name string)
	join = func(name string) {
		if slices.Contains(joined, name) {
			return
		}
		for _, helper := range parts[name].Helpers {
			join(helper)
		}
		joined = append(joined, name)
	}
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		if folder, _, _ := strings.Cut(name, "/"); kinds[folder].export != "" {
			join(name)
		}
	}
	join("helpers/when")
	var run strings.Builder
	run.WriteString("const askwellRun=(askwellConfig,askwellTriggers,askwellRules,askwellHelpers)=>{")
	for _, name := range append(joined, "helpers/cookie", "engine") {
		script, err := os.ReadFile(filepath.Join(dist, name+".js"))
		check(err)
		statement := strings.TrimSpace(string(script))
		if name == "helpers/cookie" { // where it is, it is asked
			statement = "if(askwellConfig.cookie){" + statement + "}"
		}
		run.WriteString(statement)
	}
	run.WriteString("};")
	// What the collector keeps is imported as it is: no bundler can look into it.
	script := strings.ReplaceAll(run.String(), "import(", "import(/* @vite-ignore */ /* webpackIgnore: true */ ")
	writePackage(widgetPackage, esbuild.BuildOptions{EntryPointsAdvanced: entries("widget"), Banner: map[string]string{"js": script}})
}

// entries are the sources of what a package exports.
func entries(folder string) (entries []esbuild.EntryPoint) {
	data, err := os.ReadFile(filepath.Join(folder, "package.json"))
	check(err)
	var manifest struct{ Exports map[string]any }
	check(json.Unmarshal(data, &manifest))
	delete(manifest.Exports, "./package.json")
	for _, export := range slices.Sorted(maps.Keys(manifest.Exports)) {
		name := cmp.Or(strings.TrimPrefix(strings.TrimPrefix(export, "."), "/"), "index")
		sources, err := filepath.Glob(filepath.Join(folder, "src", name+".ts*"))
		check(err)
		if len(sources) != 1 {
			check(fmt.Errorf("%s/package.json exports %q, and %s/src has no %s.ts", folder, export, folder, name))
		}
		entries = append(entries, esbuild.EntryPoint{InputPath: sources[0], OutputPath: name})
	}
	return entries
}

// nodeDefault is how esbuild takes the default of a CommonJS module, as the sources are ES modules for Node: all that it
// exports. In CommonJS it is what the module calls so.
var nodeDefault = regexp.MustCompile(`__toESM\((require\("[^"]+"\)), 1\)`)

// writePackage writes a package's modules, in both formats.
func writePackage(out string, options esbuild.BuildOptions) {
	options.Bundle = true
	options.TsconfigRaw = "{}"
	options.Target = esbuild.ES2022
	options.Charset = esbuild.CharsetUTF8
	options.JSX = esbuild.JSXAutomatic
	options.LogLevel = esbuild.LogLevelWarning
	for folder, format := range map[string]esbuild.Format{"": esbuild.FormatESModule, "cjs": esbuild.FormatCommonJS} {
		options.Outdir, options.Format = filepath.Join(out, folder), format
		options.Platform = esbuild.PlatformNeutral
		if format == esbuild.FormatCommonJS {
			options.Platform = esbuild.PlatformNode // names the exports for Node's own import
		}
		result := esbuild.Build(options)
		if len(result.Errors) > 0 {
			os.Exit(1) // esbuild has printed them
		}
		for _, file := range result.OutputFiles {
			check(os.MkdirAll(filepath.Dir(file.Path), 0o755))
			check(os.WriteFile(file.Path, nodeDefault.ReplaceAll(file.Contents, []byte("__toESM($1)")), 0o644))
		}
	}
	check(os.WriteFile(filepath.Join(out, "cjs/package.json"), []byte("{\"type\": \"commonjs\"}\n"), 0o644))
}
