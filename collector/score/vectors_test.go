package score

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Newcombe (1998), Statistics in Medicine 17:857–872, table I, method 3.
func TestWilsonIntervalsAsPublished(t *testing.T) {
	for _, test := range []struct {
		k, n int
		want string
	}{
		{81, 263, "0.2553 0.3662"},
		{15, 148, "0.0624 0.1605"},
		{0, 20, "0.0000 0.1611"},
		{1, 29, "0.0061 0.1718"},
	} {
		low, high := wilson(float64(test.k)/float64(test.n), float64(test.n), z)
		if diff := cmp.Diff(test.want, fmt.Sprintf("%.4f %.4f", low, high)); diff != "" {
			t.Errorf("%d/%d: %s", test.k, test.n, diff)
		}
	}
}

// Newcombe (1998), Statistics in Medicine 17:873–890, table II, method 10.
func TestNewcombeIntervalsAsPublished(t *testing.T) {
	for _, test := range []struct {
		k1, n1, k2, n2 int
		want           string
	}{
		{56, 70, 48, 80, "0.0524 0.3339"},
		{9, 10, 3, 10, "0.1705 0.8090"},
		{6, 7, 2, 7, "0.0582 0.8062"},
		{5, 56, 0, 29, "-0.0381 0.1926"},
		{0, 10, 0, 20, "-0.1611 0.2775"},
		{0, 10, 0, 10, "-0.2775 0.2775"},
		{10, 10, 0, 20, "0.6791 1.0000"},
		{10, 10, 0, 10, "0.6075 1.0000"},
	} {
		low, high := newcombe(float64(test.k1)/float64(test.n1), float64(test.n1),
			float64(test.k2)/float64(test.n2), float64(test.n2), z)
		if diff := cmp.Diff(test.want, fmt.Sprintf("%.4f %.4f", low, high)); diff != "" {
			t.Errorf("%d/%d − %d/%d: %s", test.k1, test.n1, test.k2, test.n2, diff)
		}
	}
}
