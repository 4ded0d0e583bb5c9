//go:build linux

package faults

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// TestFullDiskRefusesAndRecovers has a disk that takes no more: writes are refused with 503, reads
// go on, and once there is room writes are accepted again without a restart.
func TestFullDiskRefusesAndRecovers(t *testing.T) {
	t.Parallel()
	t.Run("a small file system", func(t *testing.T) {
		t.Parallel()
		dir := smallFileSystem(t, 4<<20)
		// Something else takes most of the room, and is deleted later.
		hog := filepath.Join(dir, "hog")
		db := filepath.Join(dir, "askwell.db")
		prepare(t, db)
		if err := os.WriteFile(hog, make([]byte, 2<<20), 0o600); err != nil {
			t.Fatal(err)
		}
		p := start(t, db)
		p.fillsUp(func() {
			if err := os.Remove(hog); err != nil {
				t.Error(err)
			}
		})
	})
	t.Run("a limit on the size of files", func(t *testing.T) {
		t.Parallel()
		if _, err := exec.LookPath("prlimit"); err != nil {
			t.Skip("SKIPPED: prlimit is not installed (util-linux)")
		}
		const limit = 512 << 10
		p := start(t, newDatabase(t), under("prlimit", fmt.Sprintf("--fsize=%d:", limit)))
		p.fillsUp(func() {
			out, err := exec.Command("prlimit", fmt.Sprintf("--pid=%d", p.cmd.Process.Pid), "--fsize=unlimited:").CombinedOutput()
			if err != nil {
				t.Errorf("cannot lift the limit: %v: %s", err, out)
			}
		})
	})
	t.Run("every write fails", func(t *testing.T) {
		t.Parallel()
		p := start(t, newDatabase(t), inject(t, "pwrite64", "error=ENOSPC:when=100+"))
		p.fillsUp(p.letGo)
	})
}

// pagePaths are what pages read. A program built without the page scripts answers them with 503.
var pagePaths = []string{"/w/shop.js", "/w/shop.json", "/healthz", "/readyz"}

func (p *program) pageStatus(path string) int {
	p.t.Helper()
	res, err := http.Get(p.url + path)
	if err != nil {
		p.t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

// fillsUp sends until nothing is accepted any more, looks around, and makes room.
func (p *program) fillsUp(makeRoom func()) {
	t := p.t
	t.Helper()
	var before []int
	for _, path := range pagePaths {
		before = append(before, p.pageStatus(path))
	}
	l := newLedger()
	clients := newClients(t, l, 6, 20)
	sending := startLoad(clients, p.url)
	// Full is when a hundred are refused and none accepted: small rows may fit where large do not.
	lastAccepted, since := 0, 0
	eventually(t, "the disk is full", func() bool {
		accepted, refused, _ := l.count()
		if accepted != lastAccepted {
			lastAccepted, since = accepted, refused
		}
		return refused-since > 100
	})
	sending.stop()
	if _, _, unknown := l.count(); unknown > 0 {
		t.Errorf("a full disk broke connections: %s", l)
	}
	l.compare(t, p) // responses and scores are read
	for i, path := range pagePaths {
		if got := p.pageStatus(path); got != before[i] {
			t.Errorf("%s: %d while the disk is full, %d before", path, got, before[i])
		}
	}
	p.recovers(l, clients, makeRoom)
	p.restartsWhole(l)
}

func smallFileSystem(t *testing.T, size int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("askwell", dir, "tmpfs", 0, fmt.Sprintf("size=%d", size)); err != nil {
		t.Skipf("SKIPPED: a tmpfs cannot be mounted here (%v). The other ways to fill a disk are tried.", err)
	}
	// After the program has ended: cleanups run last in, first out.
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}
