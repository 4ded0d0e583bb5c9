package main

import (
	"bytes"
	"errors"

	"github.com/andybalholm/brotli"
	esbuild "github.com/evanw/esbuild/pkg/api"
)

// entry says how large an entry of the SDK is, compressed and as it is, without what it finds there anyway.
func entry(name string, external ...string) (size, raw int) {
	result := esbuild.Build(esbuild.BuildOptions{EntryPoints: []string{"sdk/src/" + name + ".ts"}, External: external,
		Bundle: true, Format: esbuild.FormatESModule, Target: esbuild.ES2022, Charset: esbuild.CharsetUTF8, TsconfigRaw: "{}",
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, Outdir: "sdk/dist"})
	if len(result.Errors) > 0 {
		check(errors.New(result.Errors[0].Text))
	}
	var compressed bytes.Buffer // never fails
	w := brotli.NewWriterLevel(&compressed, brotli.BestCompression)
	w.Write(result.OutputFiles[0].Contents)
	w.Close()
	return compressed.Len(), len(result.OutputFiles[0].Contents)
}
