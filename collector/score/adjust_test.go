package score

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// The 15 p values of the example of Benjamini & Hochberg (1995), of which they reject the first
// four; adjusted by statsmodels' multipletests(method="fdr_bh").
var (
	published         = []float64{.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1}
	publishedAdjusted = "0.001500 0.003000 0.009500 0.035625 0.060300 0.063857 0.063857 0.064500 0.076500 0.486000 0.581182 0.714875 0.753231 0.813214 1.000000"
)

func TestAdjustAsPublished(t *testing.T) {
	if diff := gocmp.Diff(publishedAdjusted, join(Adjust(published))); diff != "" {
		t.Error(diff)
	}
}

func TestAdjustKeepsThePlaces(t *testing.T) {
	if diff := gocmp.Diff("0.900000 0.003000 0.030000", join(Adjust([]float64{0.9, 0.001, 0.02}))); diff != "" {
		t.Error(diff)
	}
	if got := Adjust(nil); len(got) != 0 {
		t.Errorf("of none: %v", got)
	}
}

func TestAdjustIsTheStepUpProcedure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOf(rapid.Float64Range(0, 0.2)).Draw(t, "p")
		rate := rapid.Float64Range(0.001, 0.3).Draw(t, "rate")
		adjusted := Adjust(p)
		// As the paper has it: all up to the last p₍ᵢ₎ ≤ rate·i/m.
		sorted, last := slices.Sorted(slices.Values(p)), -1.0
		for i, v := range sorted {
			if v*(float64(len(p))/float64(i+1)) <= rate {
				last = v
			}
		}
		for i := range p {
			if (adjusted[i] <= rate) != (p[i] <= last) {
				t.Fatalf("p %v adjusted to %v at a rate of %v: the last is %v", p, adjusted, rate, last)
			}
			if adjusted[i] < p[i] || adjusted[i] > 1 {
				t.Fatalf("%v adjusted to %v", p[i], adjusted[i])
			}
			for j := range p {
				if cmp.Compare(p[i], p[j]) < 0 && adjusted[i] > adjusted[j] {
					t.Fatalf("the order is lost: %v, %v", p, adjusted)
				}
			}
		}
	})
}

func TestTogetherFewerAreSignificant(t *testing.T) {
	var all []*Comparison
	for _, p := range published {
		all = append(all, &Comparison{Exact: &p, Significant: p < 0.05})
	}
	untested := &Comparison{}
	Together(append(all, untested))
	significant := 0
	for _, c := range all {
		if c.Significant {
			significant++
		}
	}
	if significant != 4 || *all[3].Adjusted != 0.0356 || *all[4].Adjusted != 0.0603 {
		t.Errorf("%d are significant, the fourth at %v", significant, *all[3].Adjusted)
	}
	if untested.Adjusted != nil || untested.Significant {
		t.Error("one without a p value is adjusted")
	}
}

func TestTogetherAdjustsTheSharesBesideThemToo(t *testing.T) {
	var all []*Comparison
	for _, p := range published {
		all = append(all, &Comparison{Share: &Comparison{Exact: &p, Significant: p < 0.05}})
	}
	Together(all)
	significant := 0
	for _, c := range all {
		if c.Share.Significant {
			significant++
		}
	}
	if significant != 4 || *all[3].Share.Adjusted != 0.0356 {
		t.Errorf("%d are significant, the fourth at %v", significant, *all[3].Share.Adjusted)
	}
}

func join(values []float64) (out string) {
	for i, v := range values {
		if i > 0 {
			out += " "
		}
		out += fmt.Sprintf("%.6f", v)
	}
	return out
}
