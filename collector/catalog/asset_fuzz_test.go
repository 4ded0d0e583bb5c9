package catalog

import "testing"

func FuzzAcceptEncoding(f *testing.F) {
	asset := newAsset("text/plain", []byte("text"))
	for _, seed := range []string{"br", "gzip, br;q=0", "*", "br;q=0.000", ";;,,=", "BR;Q=1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		form := asset.Form(header)
		encoding := form.Header.Get("Content-Encoding")
		if len(form.Body) == 0 || encoding == "" && string(form.Body) != "text" {
			t.Errorf("%q gets %q as %q", header, form.Body, encoding)
		}
	})
}
