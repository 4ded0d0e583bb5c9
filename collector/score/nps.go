package score

import "math"

// NPS is the net promoter score over a scale of 0–10, in points:
//
//	100 × (P − D) / n, P promoters of 9–10, D detractors of 0–6
//
// Source: Reichheld (2003), "The one number you need to grow", Harvard Business Review 81(12).
func NPS(c Counts) Score {
	s := Score{N: c.n(), Distribution: c.distribution()}
	if s.N == 0 {
		return s
	}
	p, d := c.net()
	s.Score = round(point(nps, c), places(nps))
	low, high := adjustedWald(p, d, float64(s.N))
	s.Interval = interval("adjusted-wald", 100*low, 100*high, places(nps))
	s.More = more(s.N, func(n float64) (low, high float64) { return adjustedWald(p, d, n) })
	return s
}

// net is the shares of promoters and of detractors.
func (c Counts) net() (promoters, detractors float64) {
	n := c.n()
	return float64(c.from(9)) / float64(n), float64(n-c.from(7)) / float64(n)
}

// lead is how many more promoters there are than detractors.
func (c Counts) lead() int { return c.from(9) - (c.n() - c.from(7)) }

// adjustedWald is the interval of p − d, of the shares of promoters and detractors in n answers.
// Three answers are added, ¾ of one each to promoters and detractors, which keeps it honest with
// few answers and with none of a kind:
//
//	n' = n + 3, p' = (pn + ¾) / n', d' = (dn + ¾) / n'
//	(p' − d') ± z·√((p' + d' − (p' − d')²) / n'), clamped to −1…1
//
// Source: the one that performed best in Rocks (2016), "Interval estimation for the net promoter
// score", The American Statistician 70(4):365–372.
func adjustedWald(p, d, n float64) (low, high float64) {
	net := (p - d) * n / (n + 3)
	half := z * math.Sqrt(netVariance(p, d, n))
	return max(net-half, -1), min(net+half, 1)
}

// netVariance is the variance of p − d with the three added answers. It is never 0.
func netVariance(p, d, n float64) float64 {
	size := n + 3
	p, d = (p*n+0.75)/size, (d*n+0.75)/size
	return (p + d - (p-d)*(p-d)) / size
}
