package score

import (
	"cmp"
	"slices"
)

// Adjust gives, for each of several p values, the least rate of false discoveries at which it is
// one. Among those below 0.05 after adjusting, at most 5 % are false on average; without, of a
// hundred groups that are all alike five would seem to differ. For p₍₁₎ ≤ … ≤ p₍ₘ₎:
//
//	adjusted₍ᵢ₎ = min over k ≥ i of p₍ₖ₎·m/k, at most 1
//
// The order of p is kept, in place and in size.
//
// Source: Benjamini & Hochberg (1995), "Controlling the false discovery rate", Journal of the Royal
// Statistical Society B 57:289–300.
func Adjust(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	adjusted, least := make([]float64, len(p)), 1.0
	for rank := len(p); rank > 0; rank-- {
		i := order[rank-1]
		least = min(least, p[i]*(float64(len(p))/float64(rank))) // in this order never less than p
		adjusted[i] = least
	}
	return adjusted
}

// Together adjusts comparisons that are read side by side: it sets Adjusted, and Significant by it.
// Those without a p value are not counted. Intervals stay those of one comparison alone. The shares
// beside them are read as a family of their own.
func Together(comparisons []*Comparison) {
	var tested, shares []*Comparison
	var p []float64
	for _, c := range comparisons {
		if c.Share != nil {
			shares = append(shares, c.Share)
		}
		if c.Exact != nil {
			tested, p = append(tested, c), append(p, *c.Exact)
		}
	}
	for i, adjusted := range Adjust(p) {
		c := tested[i]
		// Both, for p and the interval are worked out apart and may differ in the last bit.
		c.Significant = c.Significant && adjusted < 1-Level
		c.Adjusted = roundP(adjusted, c.Significant)
	}
	if len(shares) > 0 {
		Together(shares)
	}
}
