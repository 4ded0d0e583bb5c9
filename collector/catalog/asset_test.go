package catalog

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/andybalholm/brotli"
)

func TestAccepts(t *testing.T) {
	tests := []struct {
		header   string
		br, gzip bool
	}{
		{"", false, false},
		{"br", true, false},
		{"gzip, deflate, br, zstd", true, true},
		{"gzip,br", true, true},
		{"GZIP , BR", true, true},
		{" gzip ;q=1.0,\tbr; q=0.5", true, true},
		{"br;q=0", false, false},
		{"br; q=0, gzip", false, true},
		{"br;q = 0.0, gzip;q=0.00", false, false},
		{"br;q=0., gzip;q=0.000", false, false},
		{"br;q=0.001, gzip;q=0.1", true, true},
		{"gzip;q=1", false, true},
		{"identity", false, false},
		{"x-gzip, brotli", false, false}, // other names, though their letters are in them
		{"*", false, false},              // what is not asked for by name is sent plain: always right
		{",,;,", false, false},
	}
	for _, test := range tests {
		if got := accepts(test.header, "br"); got != test.br {
			t.Errorf("%q accepts br: %v, want %v", test.header, got, test.br)
		}
		if got := accepts(test.header, "gzip"); got != test.gzip {
			t.Errorf("%q accepts gzip: %v, want %v", test.header, got, test.gzip)
		}
	}
}

func TestAssetIsNamedByItsHash(t *testing.T) {
	body := []byte("export {};\n")
	a := newAsset(javaScript, body)
	sum := sha256.Sum256(body)
	// The page turns the name into an integrity: url-safe letters, no padding.
	if want := base64.RawURLEncoding.EncodeToString(sum[:]); a.Name != want {
		t.Errorf("the name is %s, want %s", a.Name, want)
	}
	if newAsset("application/json", body).Name != a.Name || newAsset(javaScript, body[1:]).Name == a.Name {
		t.Error("the name does not depend on the body alone")
	}
}

func TestEncodingsDecodeToTheBody(t *testing.T) {
	for name, body := range map[string]string{"nothing": "", "text": strings.Repeat("Zażółć gęślą jaźń. ", 1000)} {
		a := newAsset(javaScript, []byte(body))
		tests := []struct {
			accept, encoding string
			decode           func(io.Reader) (io.Reader, error)
		}{
			{"gzip, br", "br", func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil }},
			{"gzip, br;q=0", "gzip", func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
			{"", "", func(r io.Reader) (io.Reader, error) { return r, nil }},
		}
		for _, test := range tests {
			form := a.Form(test.accept)
			sent, encoding := form.Body, form.Header.Get("Content-Encoding")
			if length := form.Header.Get("Content-Length"); length != strconv.Itoa(len(sent)) {
				t.Errorf("%s: Content-Length %s for %d bytes", name, length, len(sent))
			}
			if encoding != test.encoding {
				t.Errorf("%s, %q: the encoding is %q, want %q", name, test.accept, encoding, test.encoding)
			}
			if encoding != "" && len(body) > 0 && len(sent) >= len(body) {
				t.Errorf("%s, %s: %d bytes became %d", name, encoding, len(body), len(sent))
			}
			r, err := test.decode(bytes.NewReader(sent))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); err != nil || string(got) != body {
				t.Errorf("%s, %q: decodes to %d bytes (%v), want the %d of the body", name, encoding, len(got), err, len(body))
			}
		}
	}
}

// Assets are compressed when first asked for, which may be by many requests at once.
func TestAssetIsSafeForConcurrentUse(t *testing.T) {
	a := newAsset(javaScript, []byte(strings.Repeat("x", 10_000)))
	want := newAsset(javaScript, a.Body).Form("br").Body
	var requests sync.WaitGroup
	for range 8 {
		requests.Go(func() {
			if got := a.Form("br").Body; !bytes.Equal(got, want) {
				t.Error("requests got different bytes")
			}
		})
	}
	requests.Wait()
}
