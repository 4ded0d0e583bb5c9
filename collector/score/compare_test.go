package score

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func showComparison(c Comparison) string {
	out := fmt.Sprintf("%s %s", c.Method, deref(c.Difference))
	if c.Interval != nil {
		out += fmt.Sprintf(" [%v, %v] p=%v", c.Interval.Low, c.Interval.High, *c.P)
	}
	if c.Significant {
		out += " significant"
	}
	if c.Share != nil {
		out += "; share " + showComparison(*c.Share)
	}
	return out
}

func TestCompare(t *testing.T) {
	csatOf := func(top, rest int) Counts { return Counts{1, []int{rest, 0, 0, top, 0}} }
	none, one := make([]int, 7), []int{0, 0, 0, 0, 0, 1, 0}
	tests := map[string]struct {
		got  Comparison
		want string
	}{
		// Worked out in Python with scipy.stats.norm.
		"NPS 60/25/15 − 40/30/30":         {Compare(nps, spread(60, 25, 15), spread(40, 30, 30)), "adjusted-wald 35 [12.5, 55.5] p=0.0019 significant"},
		"NPS 250/675/75 − 50/30/20":       {Compare(nps, spread(250, 675, 75), spread(50, 30, 20)), "adjusted-wald -12.5 [-27.1, 3.8] p=0.1383"},
		"NPS holds the difference itself": {Compare(nps, spread(20, 0, 0), spread(0, 0, 20)), "adjusted-wald 200 [149.5, 200] p=0 significant"},
		// The three added answers alone would say −148.2…−1.2, of two scores of 100.
		"NPS that are equal do not differ": {Compare(nps, spread(1, 0, 0), spread(1000, 0, 0)), "adjusted-wald 0 [-148.2, 0] p=1"},
		"NPS without answers now":          {Compare(nps, spread(0, 0, 0), spread(5, 3, 2)), "adjusted-wald null"},
		"NPS without answers before":       {Compare(nps, spread(5, 3, 2), spread(0, 0, 0)), "adjusted-wald null"},

		// p is the root in alpha of the lower bound of statsmodels' confint_proportions_2indep(method =
		// "newcomb"). The pooled z test (proportions_ztest) has 0.0080, 0.0972 and 0.0464.
		"CSAT 56/70 − 48/80":       {Compare(csat, csatOf(56, 14), csatOf(48, 32)), "newcombe 20 [5.2, 33.4] p=0.0081 significant"},
		"CSAT 5/56 − 0/29":         {Compare(csat, csatOf(5, 51), csatOf(0, 29)), "newcombe 8.9 [-3.8, 19.3] p=0.1176"},
		"CSAT 300/1000 − 260/1000": {Compare(csat, csatOf(300, 700), csatOf(260, 740)), "newcombe 4 [0.1, 7.9] p=0.0464 significant"},
		"CSAT without answers":     {Compare(csat, csatOf(0, 0), csatOf(1, 1)), "newcombe null"},

		// scipy.stats.ttest_ind(equal_var=False), statsmodels' CompareMeans.tconfint_diff(usevar="unequal").
		"CES": {Compare(ces, Counts{1, []int{0, 0, 3, 5, 10, 40, 42}}, Counts{1, []int{2, 3, 10, 10, 25, 30, 20}}),
			"welch-t 0.9 [0.55, 1.25] p=0 significant; share newcombe 17 [6.8, 27.1] p=0.0015 significant"},
		"CES of few": {Compare(ces, Counts{1, []int{1, 1, 1, 1, 1, 1, 1}}, Counts{1, []int{0, 0, 1, 2, 3, 5, 9}}),
			"welch-t -1.95 [-3.96, 0.06] p=0.056; share newcombe -42.1 [-70.9, -3.8] p=0.028 significant"},
		"CES within the scale's width": {Compare(ces, Counts{1, []int{0, 1, 0, 0, 0, 0, 1}}, Counts{1, []int{1, 0, 0, 0, 0, 1, 1}}),
			"welch-t -0.17 [-6, 6] p=0.962; share newcombe -16.7 [-65.5, 44.6] p=0.7087"},
		"CES of one":             {Compare(ces, Counts{1, one}, Counts{1, []int{1, 1, 1, 1, 1, 1, 1}}), "welch-t 2; share newcombe 57.1 [-28.4, 84.2] p=0.282"},
		"CES without any spread": {Compare(ces, Counts{1, []int{0, 0, 0, 0, 0, 9, 0}}, Counts{1, []int{0, 0, 0, 0, 9, 0, 0}}), "welch-t 1; share newcombe 0 [-29.9, 29.9] p=1"},
		"CES without answers":    {Compare(ces, Counts{1, none}, Counts{1, one}), "welch-t null; share newcombe null"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, showComparison(test.got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestComparisonsAgreeWithThemselves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		metric := rapid.SampledFrom([]string{nps, csat, ces}).Draw(t, "metric")
		now, before := drawCounts(t, metric, "now"), drawCounts(t, metric, "before")
		c, back := Compare(metric, now, before), Compare(metric, before, now)
		agree(t, c)
		if c.Share != nil {
			agree(t, *c.Share)
		}
		if c.Interval != nil && (*c.Difference != -*back.Difference || c.Interval.Low != -back.Interval.High || *c.P != *back.P) {
			t.Fatalf("%s one way, %s the other", showComparison(c), showComparison(back))
		}
		if equal := Compare(metric, now, now); equal.Significant || equal.P != nil && *equal.P != 1 {
			t.Fatalf("differs from itself: %s", showComparison(equal))
		}
	})
}

// agree reads a comparison as it is printed.
func agree(t *rapid.T, c Comparison) {
	printed, err := json.Marshal(c)
	if err != nil || strings.Contains(string(printed), "-0,") || strings.Contains(string(printed), "-0}") {
		t.Fatalf("%s: %v", printed, err)
	}
	if c.Interval == nil {
		if c.P != nil || c.Significant {
			t.Fatalf("no interval, but %s", printed)
		}
		return
	}
	if *c.Difference < c.Interval.Low || *c.Difference > c.Interval.High {
		t.Fatalf("the difference is outside of its interval: %s", printed)
	}
	if outside := c.Interval.Low > 0 || c.Interval.High < 0; c.Significant != outside || c.Significant != (*c.P < 0.05) {
		t.Fatalf("interval, p and significant contradict each other: %s", printed)
	}
	if math.Abs(*c.Exact-*c.P) > 0.0001 {
		t.Fatalf("%v was rounded to %v", *c.Exact, *c.P)
	}
}

// Of other answers, but the same score: no last bit of a share makes them differ.
func TestEqualScoresDoNotDiffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "n")
		lead := rapid.IntRange(-n, n).Draw(t, "lead")
		times := rapid.IntRange(1, 9).Draw(t, "times")
		counts := func(n, lead int, name string) Counts {
			neutral := rapid.IntRange(0, n-max(lead, -lead)).Draw(t, name)
			neutral -= (n - max(lead, -lead) - neutral) % 2
			if neutral < 0 {
				neutral += 2
			}
			rest := n - neutral
			of := make([]int, 11)
			of[10], of[7], of[0] = (rest+lead)/2, neutral, (rest-lead)/2
			return Counts{Of: of}
		}
		now, before := counts(n, lead, "neutral"), counts(n*times, lead*times, "neutral before")
		if c := Compare(nps, now, before); *c.Difference != 0 || *c.P != 1 || c.Significant {
			t.Fatalf("%v and %v: %s", now, before, showComparison(c))
		}
	})
}

func TestRoundingDoesNotCrossTheEdge(t *testing.T) {
	for _, test := range []struct {
		of   estimate
		want string
	}{
		{estimate{"newcombe", true, true, 0.3, 0.04, 0.56, 0.02}, "newcombe 0.3 [0.1, 0.6] p=0.02 significant"},
		{estimate{"newcombe", true, true, -0.02, -0.03, -0.01, 0.04996}, "newcombe -0.1 [-0.1, -0.1] p=0.0499 significant"},
		{estimate{"newcombe", true, true, 0.3, -0.04, 0.64, 0.05001}, "newcombe 0.3 [0, 0.6] p=0.05"},
	} {
		if diff := cmp.Diff(test.want, showComparison(test.of.print(1))); diff != "" {
			t.Error(diff)
		}
	}
}
