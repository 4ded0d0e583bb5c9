// Package examples hands the demo shop, and the gallery, to the collector.
package examples

import "embed"

// Shop is examples/shop: its pages, and the site and surveys they ask.
//
//go:embed shop
var Shop embed.FS

// Gallery is examples/gallery: every type of question, place and look.
//
//go:embed gallery
var Gallery embed.FS
