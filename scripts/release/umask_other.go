//go:build !unix

package main

// setUmask is for systems where files have rights of their own.
func setUmask(int) {}
