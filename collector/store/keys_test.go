package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/askwell/askwell/collector/auth"
)

func TestKeys(t *testing.T) {
	s := newStore(t)
	if must(s.HasKeys(t.Context())) {
		t.Error("a new database has keys")
	}
	key, secret := auth.NewKey("dashboard", auth.Write)
	other := auth.KeyOf("chosen", "first key", auth.Admin)
	for _, k := range []auth.Key{key, other} {
		if err := s.CreateKey(t.Context(), k, now); err != nil {
			t.Fatal(err)
		}
	}
	if !must(s.HasKeys(t.Context())) {
		t.Error("a database with keys says that it has none")
	}
	if diff := cmp.Diff(&key, must(s.KeyByHash(t.Context(), auth.Hash(secret)))); diff != "" {
		t.Error(diff)
	}
	for _, unknown := range []string{"", "chose", secret + "x"} {
		if got := must(s.KeyByHash(t.Context(), auth.Hash(unknown))); got != nil {
			t.Errorf("the secret %q finds the key %v", unknown, got)
		}
	}
}

// The first admin key is made from the environment at each start.
func TestSameSecretIsStoredOnce(t *testing.T) {
	s := newStore(t)
	first := auth.KeyOf("secret", "first key", auth.Admin)
	for _, k := range []auth.Key{first, auth.KeyOf("secret", "again", auth.Read)} {
		if err := s.CreateKey(t.Context(), k, now); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(&first, must(s.KeyByHash(t.Context(), auth.Hash("secret")))); diff != "" {
		t.Error(diff)
	}
	var n int
	if err := s.read.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM keys").Scan(&n); err != nil || n != 1 {
		t.Errorf("there are %d keys (%v), want 1", n, err)
	}
}

func TestSecretIsNotInTheDatabase(t *testing.T) {
	s := newStore(t)
	key, secret := auth.NewKey("dashboard", auth.Write)
	if err := s.CreateKey(t.Context(), key, now); err != nil {
		t.Fatal(err)
	}
	var row string
	if err := s.read.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM keys WHERE instr(hash, $1) + instr(name, $1) + instr(key_id, $1) > 0", secret).Scan(&row); err != nil || row != "0" {
		t.Errorf("%s rows hold the secret (%v)", row, err)
	}
}
