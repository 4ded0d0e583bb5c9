//go:build linux

package faults

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const adminKey = "an-admin-key-for-fault-tests"

// patience is how long anything may take that must happen: far more than it takes on a busy machine.
const patience = time.Minute

// program is one run of the real program.
type program struct {
	t              *testing.T
	db, url        string
	cmd            *exec.Cmd
	stdout, stderr *output
	ended          chan struct{} // closed when the process is gone and what it wrote is read
}

// setting changes how a program is started.
type setting func(*exec.Cmd)

// under starts the program through another one, which takes the program's command line as its last
// arguments.
func under(wrapper ...string) setting {
	return func(cmd *exec.Cmd) {
		path, err := exec.LookPath(wrapper[0])
		if err != nil {
			cmd.Err = err
			return
		}
		cmd.Path, cmd.Args = path, append(wrapper[:len(wrapper):len(wrapper)], cmd.Args...)
	}
}

// loadFlags lift limits that a load test from one address would meet. A program that does not know
// one yet is not told of it.
var loadFlags = []string{"--rate-address=0", "--rate-site=0"}

// spawn starts the program and does not wait for it.
func spawn(t *testing.T, db string, settings ...setting) *program {
	t.Helper()
	p := &program{t: t, db: db, stdout: &output{}, stderr: &output{}, ended: make(chan struct{})}
	p.cmd = exec.Command(binary, "serve", "--addr", "127.0.0.1:0", "--db", db, "--log-level", "error")
	for _, f := range loadFlags {
		if name, _, _ := strings.Cut(f, "="); bytes.Contains(help, []byte(name)) {
			p.cmd.Args = append(p.cmd.Args, f)
		}
	}
	p.cmd.Env = append(os.Environ(), "ASKWELL_ADMIN_KEY="+adminKey)
	p.cmd.Stdout, p.cmd.Stderr = p.stdout, p.stderr
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // a test that is killed leaves nothing running
	p.cmd.WaitDelay = patience                                           // should a wrapper leave something behind that holds the output open
	for _, set := range settings {
		set(p.cmd)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.cmd.Wait()
		close(p.ended)
	}()
	t.Cleanup(p.kill)
	if len(settings) > 0 {
		// strace that is killed before it has started the program leaves a stopped process behind.
		eventually(t, "the wrapper starts the program", func() bool {
			exe, _ := os.Readlink(fmt.Sprintf("/proc/%d/exe", p.cmd.Process.Pid))
			return exe == binary || p.hasEnded()
		})
	}
	return p
}

// start returns a program that listens.
func start(t *testing.T, db string, settings ...setting) *program {
	t.Helper()
	p := spawn(t, db, settings...)
	p.awaitListening()
	return p
}

var listening = regexp.MustCompile(`(?m)^listening\s+http://localhost:(\d+)$`)

func (p *program) awaitListening() {
	p.t.Helper()
	eventually(p.t, "the program listens", func() bool {
		found := listening.FindStringSubmatch(p.stdout.String())
		if found == nil {
			if p.hasEnded() {
				p.t.Fatalf("the program ended before it listened: %s", p.stderr)
			}
			return false
		}
		p.url = "http://127.0.0.1:" + found[1] // "localhost" could be another address family
		return true
	})
}

func (p *program) signal(sig syscall.Signal) { p.cmd.Process.Signal(sig) }

// kill ends the program as a crash would, and returns when nothing of it is left.
func (p *program) kill() {
	p.signal(syscall.SIGKILL)
	<-p.ended
}

// stop ends it as a person would, and returns its exit code.
func (p *program) stop() int {
	p.t.Helper()
	p.signal(syscall.SIGTERM)
	return p.exitCode()
}

// exitCode waits for the end; -1 is an end by a signal.
func (p *program) exitCode() int {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.t.Errorf("the program did not end within %s", patience)
		p.kill()
	}
	return p.cmd.ProcessState.ExitCode()
}

func (p *program) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// status reads a number of /proc/PID/status: VmRSS in kB, TracerPid.
func (p *program) status(field string) int {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	for line := range strings.Lines(string(text)) {
		if name, value, _ := strings.Cut(line, ":"); name == field {
			n, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
			return n
		}
	}
	return 0
}

// openFiles counts the program's file descriptors, connections among them.
func (p *program) openFiles() int {
	list, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.cmd.Process.Pid))
	return len(list)
}

// eventually waits until something is so. Nothing here waits for a time that someone guessed.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it never happened: %s", what)
		}
	}
}

// output keeps what a process writes, to be read while it runs.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}
