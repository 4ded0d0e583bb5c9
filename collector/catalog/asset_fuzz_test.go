package catalog

import "testing"

func FuzzAcceptEncoding(f *testing.F) {
	asset := newAsset("text/plain", []byte("text"))
	for _, seed := range []string{"br", "gzip, br;q=0", "*", "br;q=0.000", ";;,,=", "BR;Q=1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		body, encoding := asset.Encoded(header)
		if len(body) == 0 || encoding == "" && string(body) != "text" {
			t.Errorf("%q gets %q as %q", header, body, encoding)
		}
	})
}
