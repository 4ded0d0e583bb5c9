package auth

import (
	"bytes"
	"regexp"
	"testing"
	"time"
)

func TestScopeIncludesTheOnesBeforeIt(t *testing.T) {
	for _, test := range []struct {
		key, asked Scope
		want       bool
	}{
		{Read, Read, true}, {Read, Write, false}, {Read, Admin, false},
		{Write, Read, true}, {Write, Write, true}, {Write, Admin, false},
		{Admin, Read, true}, {Admin, Write, true}, {Admin, Admin, true},
		// What nobody defined opens nothing, on either side.
		{"", Read, false}, {"owner", Read, false}, {"READ", Read, false},
		{Admin, "", false}, {Admin, "owner", false}, {"", "", false}, {"owner", "owner", false},
	} {
		if got := test.key.Includes(test.asked); got != test.want {
			t.Errorf("%q includes %q: %v, want %v", test.key, test.asked, got, test.want)
		}
	}
}

var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestNewKeyIsKnownByItsSecretAlone(t *testing.T) {
	key, secret := NewKey("shop", "dashboard", Write, now)
	// 32 random bytes in base64url are 43 characters: they need no escaping in a header or a shell.
	if !regexp.MustCompile(`^ask_[A-Za-z0-9_-]{43}$`).MatchString(secret) {
		t.Errorf("the secret is %q", secret)
	}
	if !bytes.Equal(key.Hash, Hash(secret)) {
		t.Error("the key's hash is not that of its secret")
	}
	if !key.Is(secret) || key.Is(secret+"x") || key.Is("") {
		t.Error("the key does not know its secret, or knows another")
	}
	if key.Site != "shop" || key.Name != "dashboard" || key.Scope != Write || key.ID == "" {
		t.Errorf("the key is %v", key)
	}
	if other, again := NewKey("shop", "dashboard", Write, now); again == secret || other.ID == key.ID || bytes.Equal(other.Hash, key.Hash) {
		t.Error("two keys are the same")
	}
}

func TestHashIsSHA256(t *testing.T) {
	// FIPS 180-2, appendix B.1. Another function would lock every stored key out.
	want := []byte("\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41\x40\xde\x5d\xae\x22\x23\xb0\x03\x61\xa3\x96\x17\x7a\x9c\xb4\x10\xff\x61\xf2\x00\x15\xad")
	if got := Hash("abc"); !bytes.Equal(got, want) {
		t.Errorf("Hash(abc) = %x", got)
	}
}
