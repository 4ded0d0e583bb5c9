//go:build linux

package faults

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// disk is what a trace says about a folder's files: what surely outlives a power cut, and what may.
type disk struct {
	dir   string
	files map[string]*file
	// A call that one thread has begun and not ended.
	underWay map[string]call
	// Files that were made, and whose folder was not synced since: a power cut may take their names.
	unnamed map[string]bool
}

type file struct {
	synced  []byte
	pending []change // in order, since the last sync
}

// change is a write at an offset, or, without data, a new length.
type change struct {
	at   int64
	data []byte
}

func newDisk(dir string) *disk {
	return &disk{dir: dir, files: map[string]*file{}, underWay: map[string]call{}, unnamed: map[string]bool{}}
}

// kept are the files that SQLite brings a database back from; the -shm is made anew.
var kept = []string{"askwell.db", "askwell.db-wal", "askwell.db-journal"}

func (d *disk) file(path string) *file {
	for _, name := range kept {
		if path == filepath.Join(d.dir, name) {
			if d.files[path] == nil {
				d.files[path] = &file{}
				d.unnamed[path] = true
			}
			return d.files[path]
		}
	}
	return nil
}

// follow takes the next line of the trace into account. Where a call's end is what counts, it returns
// the whole call as it ended.
func (d *disk) follow(t *testing.T, c call) {
	t.Helper()
	if c.begins && !c.ends {
		if c.name == "fsync" || c.name == "fdatasync" {
			if f := d.file(c.path()); f != nil {
				c.result = strconv.Itoa(len(f.pending)) // what is written after this is not in it
			}
		}
		d.underWay[c.thread] = c
		return
	}
	covered := -1
	if !c.begins {
		begun := d.underWay[c.thread]
		delete(d.underWay, c.thread)
		c.args = begun.args + c.args
		if begun.result != "" {
			covered, _ = strconv.Atoi(begun.result)
		}
	}
	if strings.HasPrefix(c.result, "-1") || c.result == "?" { // it failed, or was killed on its way
		return
	}
	switch c.name {
	case "pwrite64":
		f := d.file(c.path())
		if f == nil {
			return
		}
		data, rest := c.data()
		// rest is ", length, offset", and the result is how much of it was written.
		numbers := strings.Split(rest, ", ")
		at, err := strconv.ParseInt(numbers[len(numbers)-1], 10, 64)
		n, err2 := strconv.Atoi(c.result)
		if err != nil || err2 != nil || n > len(data) {
			t.Fatalf("cannot read a pwrite64: %d bytes, %q = %q", len(data), rest, c.result)
		}
		f.pending = append(f.pending, change{at, data[:n]})
	case "ftruncate":
		if f := d.file(c.path()); f != nil {
			at, err := strconv.ParseInt(c.args[strings.LastIndex(c.args, " ")+1:], 10, 64)
			if err != nil {
				t.Fatalf("cannot read an ftruncate: %q", c.args)
			}
			f.pending = append(f.pending, change{at, nil})
		}
	case "fsync", "fdatasync":
		if c.path() == d.dir {
			clear(d.unnamed)
		}
		if f := d.file(c.path()); f != nil {
			if covered < 0 {
				covered = len(f.pending)
			}
			for _, ch := range f.pending[:covered] {
				f.synced = ch.apply(f.synced)
			}
			f.pending = f.pending[covered:]
		}
	case "unlink", "unlinkat":
		path, _ := c.data()
		name := string(path)
		delete(d.files, name)
		delete(d.unnamed, name)
	}
}

func (ch change) apply(content []byte) []byte {
	end := ch.at + int64(len(ch.data))
	if ch.data == nil && int64(len(content)) > end {
		return content[:end]
	}
	if missing := end - int64(len(content)); missing > 0 {
		content = append(content, make([]byte, missing)...)
	}
	copy(content[ch.at:end], ch.data)
	return content
}

// afterPowerCut writes the files as they may be when the power comes back: all that was synced, and
// of the rest what luck has, sector by sector and in any order.
func (d *disk) afterPowerCut(dir string, luck *rand.Rand) error {
	const sector = 512
	share := luck.Float64() // from nothing to nearly all
	for path, f := range d.files {
		if d.unnamed[path] && luck.Float64() > share {
			continue
		}
		content := append([]byte(nil), f.synced...)
		for _, i := range luck.Perm(len(f.pending)) {
			ch := f.pending[i]
			if ch.data == nil {
				if luck.Float64() < share {
					content = ch.apply(content)
				}
				continue
			}
			for from := 0; from < len(ch.data); from += sector {
				if luck.Float64() < share {
					to := min(from+sector, len(ch.data))
					content = change{ch.at + int64(from), ch.data[from:to]}.apply(content)
				}
			}
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(path)), content, 0o600); err != nil {
			return fmt.Errorf("cannot write what the power cut left: %w", err)
		}
	}
	return nil
}
