package main

import (
	"fmt"
	"syscall"
)

// fileSystem names what a folder lies on: on a tmpfs an fsync costs nothing, and the figures mean nothing.
func fileSystem(path string) string {
	var stat syscall.Statfs_t
	check(syscall.Statfs(path, &stat))
	names := map[int64]string{0xef53: "ext4", 0x58465342: "xfs", 0x9123683e: "btrfs", 0x794c7630: "overlay", 0x01021994: "tmpfs: fsync is free, the figures flatter"}
	if name, ok := names[int64(stat.Type)]; ok {
		return name
	}
	return fmt.Sprintf("file system %#x", stat.Type)
}
