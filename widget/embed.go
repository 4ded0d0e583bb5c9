// Package widget hands the built page scripts to the collector.
package widget

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Dist holds what `go run ./scripts/build` wrote: engine.js, triggers/*.js, face/*/*.js, strings/*.json.
// It is empty in a collector that was built without them.
func Dist() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}
