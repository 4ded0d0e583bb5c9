// Package selfhost runs what the example's files describe, as they are: the image, the compose file, the units and the
// kustomizations. Nothing is pulled: what images are made from, and what others would bring, is of this machine.
package selfhost

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sys/unix"
)

const (
	key = "ask_a-key-for-the-tests-of-self-host"
	// patience is how long anything may take that must happen: far more than it takes on a busy machine.
	patience = 3 * time.Minute
)

var (
	top    = absolute("../../..")
	binary = filepath.Join(top, "collector/dist/askwell")
)

func absolute(path string) string {
	path, err := filepath.Abs(path)
	if err != nil {
		panic(err)
	}
	return path
}

// needs says what a test cannot do without. It is skipped where somebody tries things out, and fails where all tests
// have to run.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	var missing []string
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			missing = append(missing, program)
		}
	}
	if os.Geteuid() != 0 {
		missing = append(missing, "root's rights")
	}
	if missing == nil {
		return
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("there is no %s: make test installs what it needs", strings.Join(missing, ", "))
	}
	t.Skipf("SKIPPED: there is no %s", strings.Join(missing, ", "))
}

// machine is a process with a network and mounts of its own, and all that it starts: whatever ports are used there,
// nobody else sees them, and its mounts end with it.
type machine struct {
	t     *testing.T
	cmd   *exec.Cmd
	log   *log
	ended chan struct{}
}

// log is what a machine has printed so far.
type log struct {
	sync.Mutex
	text []byte
}

func (l *log) Write(text []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	l.text = append(l.text, text...)
	return len(text), nil
}

func (l *log) String() string {
	l.Lock()
	defer l.Unlock()
	return string(l.text)
}

// newMachine runs a script of sh. Its last command stays.
func newMachine(t *testing.T, script string, env ...string) *machine {
	t.Helper()
	m := &machine{t: t, log: &log{}, ended: make(chan struct{})}
	m.cmd = exec.Command("unshare", "--mount", "--net", "--propagation", "private", "sh", "-euc", "ip link set lo up\n"+script)
	m.cmd.Env = append(os.Environ(), env...)
	m.cmd.Stdout, m.cmd.Stderr = m.log, m.log
	m.cmd.WaitDelay = time.Second
	m.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := m.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		m.cmd.Wait()
		close(m.ended)
	}()
	t.Cleanup(func() {
		m.cmd.Process.Kill()
		<-m.ended
		if t.Failed() {
			t.Logf("the machine's log:\n%s", m.log)
		}
	})
	return m
}

// mustRun fails the test where the machine has ended.
func (m *machine) mustRun() {
	m.t.Helper()
	select {
	case <-m.ended:
		m.t.Fatal("the machine has ended")
	default:
	}
}

// within runs a program in namespaces of a process (nsenter's flags), and returns what it printed.
func (m *machine) within(pid int, namespaces, stdin string, args ...string) (string, error) {
	cmd := exec.Command("nsenter", slices.Concat([]string{"--target", fmt.Sprint(pid)}, strings.Fields(namespaces), args)...)
	cmd.Env, cmd.Stdin = m.cmd.Env, strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return string(out), err
}

// dial opens a connection in the machine's network, from one of its addresses.
func (m *machine) dial(ctx context.Context, from, address string) (net.Conn, error) {
	runtime.LockOSThread()
	here, err := os.Open("/proc/thread-self/ns/net")
	if err != nil {
		return nil, err
	}
	defer here.Close()
	there, err := os.Open(fmt.Sprintf("/proc/%d/ns/net", m.cmd.Process.Pid))
	if err != nil {
		return nil, err
	}
	defer there.Close()
	if err := unix.Setns(int(there.Fd()), unix.CLONE_NEWNET); err != nil {
		return nil, err
	}
	conn, err := (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}).DialContext(ctx, "tcp", address)
	if unix.Setns(int(here.Fd()), unix.CLONE_NEWNET) == nil {
		runtime.UnlockOSThread() // else the thread ends with its goroutine
	}
	return conn, err
}

// collector is one that answers at a URL.
type collector struct {
	t    *testing.T
	url  string
	http *http.Client
	on   *machine
}

// reach is a collector in the machine's network, from an address there. Addresses are IP addresses: a name would be
// looked up elsewhere.
func (m *machine) reach(url, from, address string, roots *x509.CertPool) *collector {
	transport := &http.Transport{
		DialContext:       func(ctx context.Context, _, _ string) (net.Conn, error) { return m.dial(ctx, from, address) },
		TLSClientConfig:   &tls.Config{RootCAs: roots},
		ForceAttemptHTTP2: true,
	}
	m.t.Cleanup(transport.CloseIdleConnections)
	return &collector{m.t, url, &http.Client{Transport: transport, Timeout: patience}, m}
}

func (c *collector) do(method, path, body string, headers ...string) (*http.Response, string, error) {
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		return nil, "", err
	}
	if strings.HasPrefix(path, "/v1") {
		request.Header.Set("Authorization", "Bearer "+key)
	} else if method == http.MethodPost {
		request.Header.Set("Origin", "https://localhost:3000")
	}
	request.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36")
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	reply, err := c.http.Do(request)
	if err != nil {
		return nil, "", err
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	return reply, string(text), err
}

func (c *collector) must(method, path, body string, headers ...string) (*http.Response, string) {
	c.t.Helper()
	reply, text, err := c.do(method, path, body, headers...)
	if err != nil || reply.StatusCode != http.StatusOK {
		c.t.Fatalf("%s %s: %v, %v: %s", method, path, reply, err, text)
	}
	return reply, text
}

// awaitReady waits until the collector can work, and returns what it says of itself.
func (c *collector) awaitReady() string {
	c.t.Helper()
	eventually(c.t, c.url+" is ready", func() bool {
		c.on.mustRun()
		reply, _, err := c.do("GET", "/readyz", "")
		return err == nil && reply.StatusCode == http.StatusOK
	})
	_, text := c.must("GET", "/healthz", "")
	return text
}

// answer stores one answer, and returns its id.
func (c *collector) answer(headers ...string) string {
	c.t.Helper()
	id, now := uuid.Must(uuid.NewV7()).String(), time.Now().UnixMilli()
	_, text := c.must("POST", "/w/self-host", fmt.Sprintf(`{"sent_at": %d, "responses": [{"id": %q, "survey": "nps", "version": 1, "seq": 1,
		"state": "completed", "shown_at": %d, "completed_at": %[1]d, "answers": {"nps": 9}}]}`, now, id, now-9000), headers...)
	if !strings.Contains(text, `"accepted":["`+id+`"]`) {
		c.t.Fatalf("not accepted: %s", text)
	}
	return id
}

// stored are the ids of what the collector has, the newest first.
func (c *collector) stored() (ids []string) {
	c.t.Helper()
	_, text := c.must("GET", "/v1/sites/self-host/surveys/nps/responses", "")
	var list struct{ Items []struct{ ID string } }
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		c.t.Fatal(err)
	}
	for _, item := range list.Items {
		ids = append(ids, item.ID)
	}
	return ids
}

// eventually waits for what must happen.
func eventually(t *testing.T, what string, happens func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !happens(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s", what, patience)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// rights are the lines of a process's /proc status that say what it may do.
func rights(status string) map[string]string {
	values := map[string]string{}
	for line := range strings.Lines(status) {
		name, value, _ := strings.Cut(line, ":")
		values[name] = strings.Join(strings.Fields(value), " ")
	}
	return values
}
