package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/auth"
	"github.com/askwell/askwell/collector/survey"
)

func newKey(t *testing.T, s *Store, site, name string, scope auth.Scope) (auth.Key, string) {
	t.Helper()
	key, secret := auth.NewKey(site, name, scope, now)
	if err := s.CreateKey(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	return key, secret
}

func TestKeys(t *testing.T) {
	s := newStore(t)
	if must(s.HasKeys(t.Context())) {
		t.Error("a new database has keys")
	}
	key, secret := newKey(t, s, "shop", "dashboard", auth.Write)
	newKey(t, s, "", "first key", auth.Admin)
	if !must(s.HasKeys(t.Context())) {
		t.Error("a database with keys says that it has none")
	}
	if diff := cmp.Diff(&key, must(s.KeyOf(t.Context(), secret)), sameTime); diff != "" {
		t.Error(diff)
	}
	for _, unknown := range []string{"", "ask_", secret[:20], secret + "x"} {
		if got := must(s.KeyOf(t.Context(), unknown)); got != nil {
			t.Errorf("the secret %q finds the key %v", unknown, got)
		}
	}
	if got := must(s.Keys(t.Context(), "shop")); len(got) != 1 || got[0].ID != key.ID {
		t.Errorf("the keys of the shop are %v", got)
	}
	if got := must(s.Keys(t.Context(), "")); len(got) != 2 {
		t.Errorf("all keys are %v", got)
	}
}

var sameTime = cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })

func TestRevokedKeyOpensNothingAndStaysInTheList(t *testing.T) {
	s := newStore(t)
	key, secret := newKey(t, s, "", "dashboard", auth.Write)
	for range 2 { // twice changes nothing
		if err := s.RevokeKey(t.Context(), "", key.ID, now); err != nil {
			t.Fatal(err)
		}
	}
	if got := must(s.KeyOf(t.Context(), secret)); got != nil {
		t.Errorf("it still opens: %v", got)
	}
	if got := must(s.Keys(t.Context(), "")); len(got) != 1 || got[0].RevokedAt == nil || !got[0].RevokedAt.Equal(now) {
		t.Errorf("the keys are %v", got)
	}
}

func TestWhichKeysCannotBeRevoked(t *testing.T) {
	s := newStore(t)
	last, _ := newKey(t, s, "", "first", auth.Admin)
	ofShop, _ := newKey(t, s, "shop", "shop's", auth.Admin)
	wantCode(t, "the last admin key of all sites", s.RevokeKey(t.Context(), "", last.ID, now), survey.Conflict)
	wantCode(t, "a key that is not there", s.RevokeKey(t.Context(), "", "nope", now), survey.NotFound)
	wantCode(t, "the key of another site", s.RevokeKey(t.Context(), "blog", ofShop.ID, now), survey.NotFound)
	wantCode(t, "a key of all sites, with a key of one", s.RevokeKey(t.Context(), "shop", last.ID, now), survey.NotFound)
	newKey(t, s, "", "second", auth.Admin)
	if err := s.RevokeKey(t.Context(), "", last.ID, now); err != nil {
		t.Errorf("with another there: %v", err)
	}
}

// Whoever replaces a leaked key must not leave it working.
func TestKeyOfTheEnvironmentReplacesTheOneBefore(t *testing.T) {
	s := newStore(t)
	for _, secret := range []string{"first-secret-of-20-chars", "first-secret-of-20-chars", "second-secret-of-20-chars"} {
		if err := s.SetEnvironmentKey(t.Context(), secret, now); err != nil {
			t.Fatal(err)
		}
		if k := must(s.KeyOf(t.Context(), secret)); k == nil || k.Scope != auth.Admin || k.Site != "" {
			t.Errorf("%s opens as %v", secret, k)
		}
	}
	if k := must(s.KeyOf(t.Context(), "first-secret-of-20-chars")); k != nil {
		t.Error("the key before still works")
	}
	if got := must(s.Keys(t.Context(), "")); len(got) != 1 {
		t.Errorf("the keys are %v", got)
	}
}

func TestKeyUsesAreSaved(t *testing.T) {
	s := newStore(t)
	key, secret := newKey(t, s, "", "dashboard", auth.Write)
	if err := s.SaveKeyUses(t.Context(), map[string]time.Time{key.ID: now, "gone": now}); err != nil {
		t.Fatal(err)
	}
	if got := must(s.KeyOf(t.Context(), secret)); got.LastUsedAt == nil || !got.LastUsedAt.Equal(now) {
		t.Errorf("last used %v, want %v", got.LastUsedAt, now)
	}
}

func TestSecretIsNotInTheDatabase(t *testing.T) {
	s := newStore(t)
	_, secret := newKey(t, s, "", "dashboard", auth.Write)
	var row string
	if err := s.read.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM keys WHERE instr(hash, $1) + instr(name, $1) + instr(key_id, $1) > 0", secret).Scan(&row); err != nil || row != "0" {
		t.Errorf("%s rows hold the secret (%v)", row, err)
	}
}
