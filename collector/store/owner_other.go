//go:build !unix

package store

import "io/fs"

// ownLike is for systems where files have owners.
func ownLike(fs.FileInfo, string) error { return nil }
