//go:build unix

package main

import "syscall"

// setUmask takes rights from the files that this program and those it starts make.
func setUmask(mask int) { syscall.Umask(mask) }
