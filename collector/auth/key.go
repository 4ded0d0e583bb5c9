// Package auth makes and recognises API keys.
package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Scope is what a key may do. Each holds the ones before it.
type Scope string

const (
	Read  Scope = "read"  // scores, responses, definitions
	Write Scope = "write" // surveys and sites
	Admin Scope = "admin" // keys
)

var scopes = []Scope{Read, Write, Admin}

// Includes says whether a key of scope s may do what other asks for.
func (s Scope) Includes(other Scope) bool {
	asked := slices.Index(scopes, other)
	return asked >= 0 && slices.Index(scopes, s) >= asked // nothing includes a scope there is not
}

// Key is a key as it is stored: by its hash. A key has 256 random bits, so a fast hash is enough,
// and looking it up by hash leaks no timing about the key.
type Key struct {
	ID    string
	Site  string // "" for every site
	Name  string
	Scope Scope
	Hash  []byte

	CreatedAt  time.Time
	LastUsedAt *time.Time // to the minute; nil: never
	RevokedAt  *time.Time // nil: it works
}

// NewKey makes a random key. The secret is shown once and stored nowhere.
func NewKey(site, name string, scope Scope, now time.Time) (k Key, secret string) {
	random := make([]byte, 32)
	rand.Read(random) // never fails since Go 1.24
	secret = "ask_" + base64.RawURLEncoding.EncodeToString(random)
	return Key{ID: uuid.Must(uuid.NewV7()).String(), Site: site, Name: name, Scope: scope, Hash: Hash(secret), CreatedAt: now}, secret
}

// Is compares in constant time.
func (k *Key) Is(secret string) bool { return subtle.ConstantTimeCompare(k.Hash, Hash(secret)) == 1 }

// Hash is what is stored of a secret.
func Hash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
