package selfhost

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What systemd itself says of the units: they are sound, and shut in (0 is safe, 10 is not).
func TestSystemdTakesTheUnits(t *testing.T) {
	needs(t, "systemd-analyze")
	root := t.TempDir()
	install(t, root, "../systemd/askwell.service", "../litestream/askwell-litestream.service")
	units := filepath.Join(root, "etc/systemd/system")
	analyze := func(args ...string) {
		t.Helper()
		if out, err := exec.Command("systemd-analyze", append(args, "--root="+root)...).CombinedOutput(); err != nil {
			t.Errorf("systemd-analyze %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	analyze("security", "--offline=yes", "--threshold=11", filepath.Join(units, "askwell.service")) // in tenths
	copyFile(t, "../systemd/https.conf", filepath.Join(units, "askwell.service.d/https.conf"), 0o644)
	analyze("security", "--offline=yes", "--threshold=17", filepath.Join(units, "askwell.service"))
	analyze("security", "--offline=yes", "--threshold=12", filepath.Join(units, "askwell-litestream.service"))
}

// install puts units and their programs where systemd looks for them.
func install(t *testing.T, root string, units ...string) {
	t.Helper()
	for _, unit := range units {
		copyFile(t, unit, filepath.Join(root, "etc/systemd/system", filepath.Base(unit)), 0o644)
	}
	copyFile(t, binary, filepath.Join(root, "usr/local/bin/askwell"), 0o755)
	copyFile(t, litestream(t), filepath.Join(root, "usr/local/bin/litestream"), 0o755)
	copyFile(t, "../litestream/litestream.yml", filepath.Join(root, "etc/litestream.yml"), 0o644)
}

func copyFile(t *testing.T, from, to string, mode os.FileMode) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, mode); err != nil {
		t.Fatal(err)
	}
}

// The units under a real systemd: in a container with this machine's own files, and what is put over them.
func TestUnitsServeAndComeBackFromTheirCopy(t *testing.T) {
	t.Parallel()
	needs(t, "systemd-nspawn", "unshare", "nsenter", "ip")
	over := t.TempDir()
	install(t, over, "../systemd/askwell.service", "../litestream/askwell-litestream.service")
	env := strings.Replace(read(t, "../systemd/askwell.env"), "ASKWELL_ADMIN_KEY=", "ASKWELL_ADMIN_KEY="+key, 1)
	write(t, filepath.Join(over, "etc/askwell.env"), env)
	write(t, filepath.Join(over, "etc/litestream.env"), "LITESTREAM_URL=file:///var/lib/askwell/copy\n")
	m := newMachine(t, `mount -t tmpfs tmpfs /mnt
mkdir /mnt/changes /mnt/work /mnt/root
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/changes,workdir=/mnt/work /mnt/root
cp -a "$OVER"/. /mnt/root/
systemctl --root=/mnt/root --quiet enable askwell askwell-litestream
exec systemd-nspawn --quiet --directory=/mnt/root --register=no --keep-unit --link-journal=no --console=pipe --boot -- systemd.unit=askwell.service`, "OVER="+over)
	proxied := m.reach("http://localhost:8080", "127.0.0.1", "127.0.0.1:8080", nil)
	proxied.awaitReady()
	systemd := children(t, m.cmd.Process.Pid)[0]
	t.Cleanup(func() { m.within(systemd, "--all", "", "systemctl", "poweroff", "--force", "--force") })
	systemctl := func(args ...string) string {
		t.Helper()
		out, err := m.within(systemd, "--all", "", append([]string{"systemctl", "--no-pager"}, args...)...)
		if err != nil {
			journal, _ := m.within(systemd, "--all", "", "journalctl", "--no-pager", "-u", "askwell*", "-n", "50")
			t.Fatalf("%v\n%s", err, journal)
		}
		return out
	}
	apply(t, m, "http://127.0.0.1:8080")
	first := proxied.answer()
	if _, text := proxied.must("GET", "/v1/sites/self-host/surveys/nps/responses", "", "Accept", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"); !strings.HasPrefix(text, "PK") {
		t.Errorf("no spreadsheet: %.200s", text)
	}

	pid := strings.TrimSpace(systemctl("show", "-P", "MainPID", "askwell"))
	status, err := m.within(systemd, "--all", "", "cat", "/proc/"+pid+"/status")
	if err != nil {
		t.Fatal(err)
	}
	may := rights(status)
	if strings.HasPrefix(may["Uid"], "0 ") || may["CapBnd"] != "0000000000000000" || may["NoNewPrivs"] != "1" || may["Seccomp"] != "2" {
		t.Errorf("it runs as %s with capabilities %s, NoNewPrivs %s, Seccomp %s", may["Uid"], may["CapBnd"], may["NoNewPrivs"], may["Seccomp"])
	}
	if _, err := m.within(systemd, "--all", "", "nsenter", "--target", pid, "--mount", "touch", "/usr/local/bin/askwell"); err == nil {
		t.Error("it can write to its own program")
	}

	systemctl("stop", "askwell")
	if result := systemctl("show", "-P", "Result", "-P", "ExecMainStatus", "askwell"); result != "success\n0\n" {
		t.Errorf("it stops with %s", result)
	}

	// A crash of both, and a new disk.
	systemctl("start", "askwell")
	proxied.awaitReady()
	second := proxied.answer()
	eventually(t, "the second answer is in the copy", func() bool { return copied(t, m, systemd, second) })
	systemctl("kill", "--signal=KILL", "askwell", "askwell-litestream")
	systemctl("stop", "askwell", "askwell-litestream")
	if _, err := m.within(systemd, "--all", "", "sh", "-c", "rm -r /var/lib/askwell/askwell.db* /var/lib/askwell/.askwell.db-litestream"); err != nil {
		t.Fatal(err)
	}
	systemctl("start", "askwell")
	proxied.awaitReady()
	if got := proxied.stored(); !slices.Equal(got, []string{second, first}) {
		t.Errorf("of %s and %s there came back %s", first, second, got)
	}

	// Without a proxy: the right to port 443. (Its certificates are tested where there is an authority.)
	copyFile(t, "../systemd/https.conf", fmt.Sprintf("/proc/%d/root/etc/systemd/system/askwell.service.d/https.conf", systemd), 0o644)
	systemctl("daemon-reload")
	systemctl("restart", "askwell")
	m.reach("http://localhost:443", "127.0.0.1", "127.0.0.1:443", nil).awaitReady()
}

// copied says whether Litestream's copy has a response.
func copied(t *testing.T, m *machine, systemd int, id string) bool {
	t.Helper()
	out, err := m.within(systemd, "--all", "", "sh", "-c", `cd "$(mktemp -d)" && litestream restore -o copy.db file:///var/lib/askwell/copy && cat copy.db`)
	return err == nil && bytes.Contains([]byte(out), []byte(id))
}

// apply makes the example's site and survey, as a developer would from outside.
func apply(t *testing.T, m *machine, url string) {
	t.Helper()
	if _, err := m.within(m.cmd.Process.Pid, "--net", "", binary, "apply", "--server", url, "--key", key, "../askwell"); err != nil {
		t.Fatal(err)
	}
}

func children(t *testing.T, pid int) (pids []int) {
	t.Helper()
	for _, field := range strings.Fields(read(t, fmt.Sprintf("/proc/%d/task/%[1]d/children", pid))) {
		var child int
		if _, err := fmt.Sscan(field, &child); err != nil {
			t.Fatal(err)
		}
		pids = append(pids, child)
	}
	return pids
}
