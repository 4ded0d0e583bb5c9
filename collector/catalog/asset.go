package catalog

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

// Asset is a file that pages load. It is compressed as hard as it goes, once, when first asked for:
// a site of 20 surveys in 24 languages has 480 late parts, of which few are ever loaded.
type Asset struct {
	Type string // media type
	Name string // SHA-256 of Body, base64url
	Body []byte

	brotli, gzip func() []byte
}

func newAsset(mediaType string, body []byte) *Asset {
	sum := sha256.Sum256(body)
	return &Asset{
		Type: mediaType,
		Name: base64.RawURLEncoding.EncodeToString(sum[:]),
		Body: body,
		brotli: sync.OnceValue(func() []byte {
			var b bytes.Buffer
			w := brotli.NewWriterLevel(&b, brotli.BestCompression)
			w.Write(body) // a bytes.Buffer never fails
			w.Close()
			return b.Bytes()
		}),
		gzip: sync.OnceValue(func() []byte {
			var b bytes.Buffer
			w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
			w.Write(body)
			w.Close()
			return b.Bytes()
		}),
	}
}

// Encoded returns the smallest form that a client accepts, and its Content-Encoding ("" for none).
func (a *Asset) Encoded(acceptEncoding string) ([]byte, string) {
	switch {
	case accepts(acceptEncoding, "br"):
		return a.brotli(), "br"
	case accepts(acceptEncoding, "gzip"):
		return a.gzip(), "gzip"
	}
	return a.Body, ""
}

func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, q, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			zeros, ok := strings.CutPrefix(strings.ReplaceAll(q, " ", ""), "q=0")
			return !ok || strings.Trim(zeros, ".0") != "" // up to three decimals: 0.000 refuses, too
		}
	}
	return false
}
