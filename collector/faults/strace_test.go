//go:build linux

package faults

import (
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// underStrace starts the program under strace, as the child of this test all the same (-D): signals
// and exit codes are the program's. -I2 has strace itself heed a SIGTERM.
func underStrace(t *testing.T, arguments ...string) setting {
	t.Helper()
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("SKIPPED: strace is not installed (apt-get install strace)")
	}
	return under(append([]string{"strace", "-D", "-f", "-qq", "-I2"}, arguments...)...)
}

// inject has system calls fail, or last, as strace's -e inject says. (Without --seccomp-bpf, which would
// spare the other calls a stop: its filter outlives strace, and has the calls fail for good.)
func inject(t *testing.T, calls, fault string) setting {
	return underStrace(t, "-o", "/dev/null", "-e", "trace="+calls, "-e", "inject="+calls+":"+fault)
}

// letGo ends the fault: strace detaches, and the program goes on without it.
func (p *program) letGo() {
	p.t.Helper()
	tracer := p.status("TracerPid")
	if tracer == 0 {
		p.t.Fatal("the program is not traced")
	}
	syscall.Kill(tracer, syscall.SIGTERM)
	eventually(p.t, "strace lets go", func() bool { return p.status("TracerPid") == 0 })
}

// call is one line of a trace: a system call that begins, ends, or both.
type call struct {
	thread       string
	name         string
	args         string // as far as strace had them: an unfinished call has them where it begins
	result       string // "" while it is under way
	begins, ends bool
}

// parseCall reads a line of `strace -f -qq`: "PID name(args) = result", or half of it, where another
// thread's call came in between. strace is one thread: the order of its lines is the order of
// events. A line that begins was seen before the kernel did anything, one that ends after all was done.
func parseCall(line string) (call, bool) {
	thread, rest, ok := strings.Cut(line, " ")
	rest = strings.TrimLeft(rest, " ")
	if !ok || strings.HasPrefix(rest, "+++") || strings.HasPrefix(rest, "---") {
		return call{}, false
	}
	c := call{thread: thread}
	if resumed, is := strings.CutPrefix(rest, "<... "); is {
		c.ends = true
		c.name, rest, _ = strings.Cut(resumed, " resumed>")
	} else {
		c.begins = true
		c.name, rest, _ = strings.Cut(rest, "(")
		if args, is := strings.CutSuffix(rest, " <unfinished ...>"); is {
			c.args = args
			return c, true
		}
		c.ends = true
	}
	at := strings.LastIndex(rest, " = ")
	if at < 0 {
		return call{}, false
	}
	c.args, c.result = strings.TrimRight(rest[:at], " "), rest[at+3:]
	c.args = strings.TrimSuffix(c.args, ")")
	return c, true
}

// path is the file of a call's first argument, which -y writes as 9</tmp/askwell.db-wal>.
func (c call) path() string {
	_, path, _ := strings.Cut(c.args, "<")
	path, _, _ = strings.Cut(path, ">")
	return path
}

// data is the call's first string as bytes, and what follows it. It reads every byte of a trace, which
// under the race detector takes ten times as long: it shares nothing.
//
//go:norace
func (c call) data() (data []byte, rest string) {
	_, quoted, found := strings.Cut(c.args, `"`)
	if !found {
		return nil, ""
	}
	for i := 0; i < len(quoted); i++ {
		if quoted[i] == '"' {
			return data, quoted[i+1:]
		}
		if quoted[i] != '\\' {
			data = append(data, quoted[i])
			continue
		}
		i++
		if at := strings.IndexByte(`ntrvf`, quoted[i]); at >= 0 {
			data = append(data, "\n\t\r\v\f"[at])
		} else if quoted[i] >= '0' && quoted[i] <= '7' {
			n := 0
			digits := 0
			for ; digits < 3 && quoted[i+digits] >= '0' && quoted[i+digits] <= '7'; digits++ {
				n = n*8 + int(quoted[i+digits]-'0')
			}
			i += digits - 1
			data = append(data, byte(n))
		} else {
			data = append(data, quoted[i]) // a quote or a backslash
		}
	}
	return data, ""
}
