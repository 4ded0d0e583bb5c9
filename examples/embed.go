// Package examples hands the demo shop to the collector.
package examples

import "embed"

// Shop is examples/shop: its pages, and the site and surveys they ask.
//
//go:embed shop
var Shop embed.FS
