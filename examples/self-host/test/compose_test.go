package selfhost

import (
	"crypto/x509"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// engine is Podman, with a store of its own, that docker-compose speaks to. On a machine where no container ever ran,
// not all of the folders are there.
const engine = `mkdir -p /var/lib/cni /var/lib/containers
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /var/lib/cni
mount -t tmpfs tmpfs /etc/cni
mkdir -p /etc/cni/net.d
mount --bind "$STORE" /var/lib/containers
exec podman system service --time=0 unix:///run/podman.sock`

// crun, and the number of open files that is the default, want more than a machine in a machine has.
const engineConfig = `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
cgroup_manager = "cgroupfs"
compat_api_enforce_docker_hub = false
events_logger = "file"
runtime = "runc"
`

// pod is a machine with an engine, and the project of the compose files there.
type pod struct {
	*machine
	store string
	files []string // the compose files
}

func newPod(t *testing.T, files ...string) *pod {
	t.Helper()
	needs(t, "podman", "runc", "docker-compose", "busybox", "caddy", "unshare", "nsenter", "ip")
	store := t.TempDir()
	config := filepath.Join(t.TempDir(), "containers.conf")
	write(t, config, engineConfig)
	p := &pod{store: store}
	p.machine = newMachine(t, engine, "STORE="+store, "CONTAINERS_CONF="+config, "DOCKER_HOST=unix:///run/podman.sock",
		"ASKWELL_DOMAIN=localhost", "ASKWELL_ADMIN_KEY="+key, "LITESTREAM_URL=file:///data/copy")
	t.Cleanup(func() { p.in("podman", "rm", "--all", "--force", "--time", "0") })
	eventually(t, "the engine listens", func() bool {
		p.mustRun()
		_, err := p.within(p.cmd.Process.Pid, "--mount", "", "test", "-S", "/run/podman.sock")
		return err == nil
	})
	// docker-compose 1 does not know that a project can have a name.
	for _, file := range files {
		without := filepath.Join(t.TempDir(), "compose.yaml")
		write(t, without, regexp.MustCompile(`(?m)^name:.*\n`).ReplaceAllString(read(t, file), ""))
		p.files = append(p.files, "--file", without)
	}
	return p
}

func (p *pod) in(args ...string) (string, error) {
	return p.within(p.cmd.Process.Pid, "--mount --net", "", args...)
}

func (p *pod) podman(args ...string) string {
	p.t.Helper()
	out, err := p.in(append([]string{"podman"}, args...)...)
	if err != nil {
		p.t.Fatal(err)
	}
	return out
}

func (p *pod) compose(args ...string) error {
	project := []string{"docker-compose", "--project-name", "askwell", "--project-directory", absolute("..")}
	_, err := p.in(slices.Concat(project, p.files, args)...)
	return err
}

// up starts the project, and returns its collector, as Caddy serves it.
func (p *pod) up() *collector {
	p.t.Helper()
	started := make(chan error, 1)
	go func() { started <- p.compose("up", "--detach", "--no-build") }()
	// Docker looks after the health of what runs by itself, and Podman by a systemd, which is not here.
	eventually(p.t, "all of it starts", func() bool {
		p.in("podman", "healthcheck", "run", "askwell_askwell_1")
		select {
		case err := <-started:
			if err != nil {
				p.t.Fatal(err)
			}
			return true
		default:
			return false
		}
	})
	roots := x509.NewCertPool()
	eventually(p.t, "Caddy has an authority", func() bool {
		root, err := os.ReadFile(filepath.Join(p.store, "storage/volumes/askwell_caddy/_data/caddy/pki/authorities/local/root.crt"))
		return err == nil && roots.AppendCertsFromPEM(root)
	})
	c := p.reach("https://localhost", "127.0.0.1", "127.0.0.1:443", roots)
	if got := c.awaitReady(); got != "ok v1.2.3\n" {
		p.t.Errorf("it says %q", got)
	}
	return c
}

// image makes an image of files of this machine, in the place of one that would be pulled.
func (p *pod) image(name string, files map[string]string, changes ...string) {
	p.t.Helper()
	root := p.t.TempDir()
	for to, from := range files {
		copyFile(p.t, from, filepath.Join(root, to), 0o755)
	}
	args := []string{"sh", "-euc", `tar -C "$0" -c . | podman import -q "$@"`, root}
	for _, change := range changes {
		args = append(args, "--change", change)
	}
	if out, err := p.in(append(args, "-", name)...); err != nil {
		p.t.Fatalf("%v\n%s", err, out)
	}
}

var (
	from    = regexp.MustCompile(`(?m)^FROM .*?(\S+:\S+) AS build$`)
	service = regexp.MustCompile(`(?m)^ +image: ([a-z/]+:[0-9]\S+)$`)
)

// build makes the image, from the Go and its modules that are here: there is no network where it is built.
func (p *pod) build() {
	p.t.Helper()
	if out, err := exec.Command("go", "-C", top, "mod", "download").CombinedOutput(); err != nil {
		p.t.Fatalf("go mod download: %v\n%s", err, out)
	}
	out, err := p.in("go", "env", "GOROOT", "GOMODCACHE", "GOCACHE")
	must(p.t, err)
	folders := strings.Fields(out)
	base := map[string]string{"etc/ssl/certs/ca-certificates.crt": "/etc/ssl/certs/ca-certificates.crt", "tmp/empty": os.DevNull}
	for _, tool := range []string{"sh", "cp", "mkdir"} {
		base["bin/"+tool] = "/bin/busybox"
	}
	name := from.FindStringSubmatch(read(p.t, "../Dockerfile"))[1]
	p.image(name, base, "ENV PATH=/usr/local/go/bin:/bin", "ENV GOPATH=/go", "ENV GOCACHE=/cache", "ENV GOPROXY=off", "ENV GOFLAGS=-buildvcs=false")
	p.podman("build", "--quiet", "--pull=never", "--format=docker", "--isolation=chroot", "--volume", folders[0]+":/usr/local/go:ro",
		"--volume", folders[1]+":/go/pkg/mod:ro", "--volume", folders[2]+":/cache", "--build-arg", "VERSION=v1.2.3", "--tag", "askwell:latest",
		"--file", absolute("../Dockerfile"), top)
}

// sharedLibraries are the files that a program of this machine loads.
func sharedLibraries(p *pod, program string) map[string]string {
	p.t.Helper()
	out, err := p.in("ldd", program)
	must(p.t, err)
	files := map[string]string{}
	for _, library := range regexp.MustCompile(`/\S+`).FindAllString(out, -1) {
		files[library] = library
	}
	return files
}

// The image, behind Caddy and beside Litestream, as the compose files say: it is shut in, serves over HTTPS, knows
// visitors apart, keeps what it stored, and comes back from its copy.
func TestComposeServesAndComesBackFromItsCopy(t *testing.T) {
	t.Parallel()
	p := newPod(t, "../compose.yaml", "../litestream/compose.yaml")
	p.build()
	images := map[string]string{}
	for _, file := range []string{"../compose.yaml", "../litestream/compose.yaml"} {
		image := service.FindStringSubmatch(strings.ReplaceAll(read(t, file), "&litestream\n", "\n"))[1]
		name, _, _ := strings.Cut(image, ":")
		images[name] = image
	}
	caddy := sharedLibraries(p, "/usr/bin/caddy")
	caddy["usr/bin/caddy"] = "/usr/bin/caddy"
	p.image(images["caddy"], caddy, "ENV XDG_DATA_HOME=/data", "ENV XDG_CONFIG_HOME=/config",
		`CMD ["/usr/bin/caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]`)
	p.image(images["litestream/litestream"], map[string]string{"litestream": litestream(t)}, `ENTRYPOINT ["/litestream"]`)

	c := p.up()
	apply(t, p.machine, "http://172.30.83.3:8080")
	first := c.answer()
	if reply, _ := c.must("GET", "/healthz", ""); reply.ProtoMajor != 2 || reply.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("over %s, with %s", reply.Proto, reply.Header)
	}
	if _, text := c.must("GET", "/v1/sites/self-host/surveys/nps/responses", "", "Accept", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"); !strings.HasPrefix(text, "PK") {
		t.Errorf("no spreadsheet: %.200s", text)
	}
	c.answer("X-Forwarded-For", "203.0.113.9")
	if log := p.podman("logs", "askwell_askwell_1"); strings.Contains(log, "trusted-proxies") {
		t.Errorf("Caddy is not trusted: %s", log)
	}

	for name, want := range map[string]string{"askwell": "65532 0000000000000000", "litestream": "65532 0000000000000000", "caddy": "0 0000000000000400"} {
		container := "askwell_" + name + "_1"
		var inspected []struct {
			State      struct{ Pid int }
			HostConfig struct{ ReadonlyRootfs bool }
		}
		if err := json.Unmarshal([]byte(p.podman("inspect", container)), &inspected); err != nil {
			t.Fatal(err)
		}
		may := rights(read(t, fmt.Sprintf("/proc/%d/status", inspected[0].State.Pid)))
		uid, _, _ := strings.Cut(may["Uid"], " ")
		if got := uid + " " + may["CapBnd"]; got != want || may["NoNewPrivs"] != "1" || may["Seccomp"] != "2" || !inspected[0].HostConfig.ReadonlyRootfs {
			t.Errorf("%s runs as %s (NoNewPrivs %s, Seccomp %s, read-only %t), want %s", name, got, may["NoNewPrivs"], may["Seccomp"], inspected[0].HostConfig.ReadonlyRootfs, want)
		}
	}
	if out := p.podman("exec", "askwell_askwell_1", "/askwell", "backup", "backup.db"); !strings.Contains(out, "2 responses, 1 site, checked") {
		t.Error(out)
	}

	// A crash of both, and a new disk.
	last := c.answer()
	eventually(t, "the last answer is in the copy", func() bool { return p.copied(last) })
	p.podman("kill", "askwell_askwell_1", "askwell_litestream_1")
	must(t, p.compose("down"))
	for _, pattern := range []string{"askwell.db*", ".askwell.db-litestream"} {
		lost, err := filepath.Glob(filepath.Join(p.store, "storage/volumes/askwell_data/_data", pattern))
		if err != nil || len(lost) == 0 {
			t.Fatal(err, lost)
		}
		for _, file := range lost {
			must(t, os.RemoveAll(file))
		}
	}
	c = p.up()
	if got := c.stored(); len(got) != 3 || got[0] != last || got[2] != first {
		t.Errorf("of three, %s the first and %s the last, there came back %s", first, last, got)
	}
	must(t, p.compose("stop", "askwell"))
	if got := p.podman("inspect", "--format", "{{.State.ExitCode}}", "askwell_askwell_1"); got != "0\n" {
		t.Errorf("it stops with %s", got)
	}
}

// copied says whether Litestream's copy has a response.
func (p *pod) copied(id string) bool {
	restored := filepath.Join(p.t.TempDir(), "copy.db")
	copy := filepath.Join(p.store, "storage/volumes/askwell_data/_data/copy")
	if _, err := p.in(absolute(litestream(p.t)), "restore", "-o", restored, "file://"+copy); err != nil {
		return false
	}
	return strings.Contains(read(p.t, restored), id)
}
