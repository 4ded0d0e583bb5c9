package limit

import "testing"

func TestInFlightIsBoundedByKeyAndTogether(t *testing.T) {
	f := NewInFlight(2, 3)
	for i, step := range []struct {
		key  string
		want bool
	}{{"a", true}, {"a", true}, {"a", false}, {"b", true}, {"b", false}, {"c", false}} {
		if got := f.Enter(step.key); got != step.want {
			t.Errorf("step %d: %s was let in: %v, want %v", i, step.key, got, step.want)
		}
	}
	f.Leave("a")
	if !f.Enter("c") || f.Enter("b") {
		t.Error("who left made room for more or less than one")
	}
	for _, key := range []string{"a", "b", "c"} {
		f.Leave(key)
	}
	if len(f.keys) != 0 || f.count != 0 {
		t.Errorf("after all left it remembers %v, %d", f.keys, f.count)
	}
}
