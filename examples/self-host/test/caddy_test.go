package selfhost

import (
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

var ready = regexp.MustCompile(`(?m)^The collector's own name is (\S+)\. .* (/\S+root.crt)\nready (\S+) (\S+) (\S+)$`)

// What make example NAME=self-host starts: the collector is shut in, and Caddy tells it who its visitors are.
func TestStartServesBehindCaddy(t *testing.T) {
	t.Parallel()
	needs(t, "node", "caddy", "bwrap", "unshare", "ip")
	m := newMachine(t, "exec node ../start.mjs", "ASKWELL_RATE_ADDRESS=0.1") // one batch, and another in ten seconds
	var found []string
	eventually(t, "it is ready", func() bool {
		m.mustRun()
		found = ready.FindStringSubmatch(m.log.String())
		return found != nil
	})
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(read(t, found[2])))
	if want := "https://localhost:8443 https://localhost:3000/ http://127.0.0.1:8080"; want != strings.Join([]string{found[1], found[3], found[4]}, " ") {
		t.Errorf("it starts %s, want %s", found, want)
	}

	one, two := m.reach(found[1], "127.0.0.1", "127.0.0.1:8443", roots), m.reach(found[1], "127.0.0.2", "127.0.0.1:8443", roots)
	one.answer()
	for _, claim := range []string{"", "203.0.113.9"} {
		if reply, _, err := one.do("POST", "/w/self-host", `{"responses": []}`, "X-Forwarded-For", claim); err != nil || reply.StatusCode != http.StatusTooManyRequests {
			t.Errorf("a second batch of a visitor who calls himself %q: %v, %v", claim, reply, err)
		}
	}
	two.answer()
	page := m.reach("https://localhost:3000", "127.0.0.3", "127.0.0.1:3000", roots)
	if _, text := page.must("GET", "/", ""); !strings.Contains(text, `src="/w/self-host.js"`) {
		t.Errorf("the page is %s", text)
	}
	if reply, text := page.must("GET", "/w/self-host.js", ""); !strings.Contains(text, "self-host") || reply.ProtoMajor != 2 {
		t.Errorf("its script over %s is %.200s", reply.Proto, text)
	}

	bwrap := children(t, m.cmd.Process.Pid)[0]
	pid := children(t, bwrap)[0]
	may := rights(read(t, fmt.Sprintf("/proc/%d/status", pid)))
	if may["CapBnd"] != "0000000000000000" || may["NoNewPrivs"] != "1" {
		t.Errorf("it runs with capabilities %s, NoNewPrivs %s", may["CapBnd"], may["NoNewPrivs"])
	}
	if users := read(t, fmt.Sprintf("/proc/%d/uid_map", pid)); !strings.HasPrefix(strings.TrimSpace(users), "65532 ") {
		t.Errorf("it runs as %s", users)
	}
	files, err := os.ReadDir(fmt.Sprintf("/proc/%d/root", pid))
	if err != nil || fmt.Sprint(files) != "[- askwell d data/ d proc/ d tmp/]" {
		t.Errorf("it sees %v, %v", files, err)
	}
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/root/new", pid), nil, 0o600); err == nil {
		t.Error("its root can be written to")
	}

	m.cmd.Process.Signal(syscall.SIGTERM)
	<-m.ended
	if code := m.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("it ends with %d", code)
	}
	if _, err := os.Stat(found[2]); !os.IsNotExist(err) {
		t.Errorf("it left something behind: %v", err)
	}
}

func TestCaddyLogsNoVisitorsAddress(t *testing.T) {
	t.Parallel()
	needs(t, "caddy", "unshare", "ip")
	env := []string{"ASKWELL_DOMAIN=http://localhost", "ASKWELL_UPSTREAM=127.0.0.1:9", "SHOP_DOMAIN=shop.example", "SHOP_ROOT=.", "XDG_DATA_HOME=" + t.TempDir(), "XDG_CONFIG_HOME=" + t.TempDir()}
	for _, file := range []string{"../Caddyfile", "../shop.Caddyfile"} {
		validate := exec.Command("caddy", "validate", "--adapter", "caddyfile", "--config", file)
		validate.Env = append(os.Environ(), env...)
		if out, err := validate.CombinedOutput(); err != nil {
			t.Errorf("caddy validate: %v\n%s", err, out)
		}
		if tidy, err := exec.Command("caddy", "fmt", file).Output(); string(tidy) != read(t, file) {
			t.Errorf("%s is not as caddy fmt writes it: %v", file, err)
		}
	}
	m := newMachine(t, "exec caddy run --adapter caddyfile --config ../Caddyfile", env...)
	c := m.reach("http://localhost", "127.99.99.99", "127.0.0.1:80", nil)
	eventually(t, "Caddy answers that the collector does not", func() bool {
		m.mustRun()
		reply, _, err := c.do("GET", "/healthz", "")
		return err == nil && reply.StatusCode == http.StatusBadGateway
	})
	eventually(t, "Caddy logs it", func() bool { return strings.Contains(m.log.String(), "connection refused") })
	if strings.Contains(m.log.String(), "127.99") {
		t.Errorf("with the visitor's address:\n%s", m.log)
	}
}
