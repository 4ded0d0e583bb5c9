package api

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDimensionsHaveColumnsOfTheirOwn(t *testing.T) {
	for _, by := range [][2][]string{
		{{"device", "page"}, {"device", "page"}},
		{{"trait.a,b", "page"}, {"trait.a_b", "page"}},
		{{"trait.a,b", "trait.a_b"}, {"trait.a_b_", "trait.a_b"}},
		{{"trait.a_b", "trait.a,b"}, {"trait.a_b", "trait.a_b_"}},
		{{"trait.a,,b", "trait.a,_b"}, {"trait.a__b", "trait.a__b_"}},
	} {
		if diff := cmp.Diff(by[1], columnsOf(by[0])); diff != "" {
			t.Errorf("%v: %s", by[0], diff)
		}
	}
}
