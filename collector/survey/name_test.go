package survey

import "testing"

func TestCheckName(t *testing.T) {
	for name, ok := range map[string]bool{
		"Shop": true, "Zażółć 🙂 店": true, "می\u200cخواهم": true, "👩\u200d💻": true, "": true,
		"two\nlines": false, "red \x1b[31m": false, "NUL \x00": false, "turned \u202e round": false, "\ufeffBOM": false, "\u009b": false,
	} {
		if got := CheckName(name); (got == "") != ok {
			t.Errorf("%q: %q", name, got)
		}
	}
}
