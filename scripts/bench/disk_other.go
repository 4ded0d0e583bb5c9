//go:build !linux

package main

// fileSystem names what a folder lies on; only Linux has the numbers that are known here.
func fileSystem(string) string { return "a file system that is not known" }
