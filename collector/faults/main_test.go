//go:build linux

// Package faults breaks the real program in the ways that machines break it (kill -9, a power cut, a
// disk that is full or fails, a lock, a stalled client, a damaged file), and compares what is stored
// afterwards with what clients were told.
//
// Every test starts the program as a process of its own, on 127.0.0.1 and a database of its own. It is Linux that is told
// to break it: strace, tmpfs, limits.
// ASKWELL_SOAK=1000 makes the kill test try so many kill points; -v shows how far it is.
// ASKWELL_FAULTS_BINARY names a program to test in place of this tree's: a broken one, to see a test fail.
package faults

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	// A change to the program has to run these tests again: go test looks at what they import.
	_ "github.com/askwell/askwell/collector/server"
)

// binary is the program under test.
var binary string

// help is what `askwell serve --help` says: flags of a later version are used once it knows them.
var help []byte

func TestMain(m *testing.M) {
	if os.Getenv(helperVariable) != "" {
		holdReadTransaction()
		return
	}
	flag.Parse()
	// Most tests wait for a clock, not for a core: all at once is faster than as many as there are cores.
	if err := flag.Set("test.parallel", "16"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code, err := buildAndRun(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func buildAndRun(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "askwell-faults-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	if binary = os.Getenv("ASKWELL_FAULTS_BINARY"); binary == "" {
		binary = filepath.Join(dir, "askwell")
		build := exec.Command("go", "build", "-o", binary, "github.com/askwell/askwell/collector")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			return 0, fmt.Errorf("cannot build the program: %w\n%s", err, out)
		}
	}
	if help, err = exec.Command(binary, "serve", "--help").CombinedOutput(); err != nil || !bytes.Contains(help, []byte("--db")) {
		return 0, fmt.Errorf("%s serve --help: %w\n%s", binary, err, help)
	}
	return m.Run(), nil
}
