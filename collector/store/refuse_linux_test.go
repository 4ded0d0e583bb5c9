package store

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// asNobody runs f with the file rights of a user who owns nothing: tests often run as root, whom
// no file mode stops. The rights are this thread's alone.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		f()
		return
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := syscall.Setfsuid(65534); err != nil {
		t.Skip(err)
	}
	defer syscall.Setfsuid(0)
	f()
}

func TestWhatMayOnlyBeReadIsRefusedInOneLine(t *testing.T) {
	for name, test := range map[string]struct {
		dir, file os.FileMode
		lock      bool
		want      string
	}{
		"a file":                       {0o777, 0o444, false, "this user may not write to "},
		"a folder":                     {0o555, 0o666, false, "this user may not write to the folder "},
		"a folder where the lock is":   {0o555, 0o666, true, "may this user write to the folder "},
		"a file that cannot be read":   {0o777, 0o000, false, "this user may not write to "},
		"a folder that cannot be read": {0o000, 0o666, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "askwell.db")
			filled(t, path, 2)
			if !test.lock {
				os.Remove(path + ".lock")
			} else {
				os.Chmod(path+".lock", 0o666)
			}
			os.Chmod(filepath.Dir(dir), 0o755)
			os.Chmod(path, test.file)
			os.Chmod(dir, test.dir)
			defer os.Chmod(dir, 0o755)
			var err error
			asNobody(t, func() {
				var s *Store
				if s, err = Open(t.Context(), path); err == nil {
					s.Close()
				}
			})
			wantOneLine(t, err, path, test.want)
			t.Log(err)
		})
	}
}
