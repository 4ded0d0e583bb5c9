package auth

import (
	"encoding/hex"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"
)

func TestSignedUser(t *testing.T) {
	secret, _ := hex.DecodeString(strings.Repeat("ab", 32))
	// printf %s u-42 | openssl dgst -sha256 -hmac abab…ab (64 characters)
	const want = "0dc94a1631018223a3c332d272f592192b77f21519b7296edacfee2fcb38d36d"
	if got := SignUser(secret, "u-42"); got != want {
		t.Errorf("the signature is %s, openssl says %s", got, want)
	}
	for name, test := range map[string]struct {
		user, signature string
		want            bool
	}{
		"the signature of the user": {"u-42", want, true},
		"of another user":           {"u-43", want, false},
		"none":                      {"u-42", "", false},
		"cut short":                 {"u-42", want[:40], false},
		"in capitals, as .NET does": {"u-42", strings.ToUpper(want), true},
		"with another secret":       {"u-42", SignUser([]byte("other"), "u-42"), false},
	} {
		if got := SignedUser(secret, test.user, test.signature); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

func TestUsesAreTakenOnce(t *testing.T) {
	var u Uses
	u.Mark("a", now)
	u.Mark("b", now)
	u.Mark("a", now.Add(1))
	var got map[string]time.Time
	save := func(uses map[string]time.Time) error { got = maps.Clone(uses); return nil }
	if err := u.Save(func(map[string]time.Time) error { u.Mark("b", now.Add(2)); return errors.New("the disk is full") }); err == nil {
		t.Error("a save that failed did not say so")
	}
	if u.Save(save); len(got) != 2 || !got["a"].Equal(now.Add(1)) || !got["b"].Equal(now.Add(2)) {
		t.Errorf("after a save that failed: saved %v", got)
	}
	if u.Save(save); len(got) != 0 {
		t.Errorf("saved %v twice", got)
	}
}
