package score

import "math"

// CSAT is the share of the two highest answers of the scale, in percent, with a Wilson score
// interval:
//
//	100 × k / n, k answers of the top two values
//
// Source: the "top two box" of Morgan & Rego (2006), "The value of different customer satisfaction
// and loyalty metrics in predicting business performance", Marketing Science 25(5):426–439.
func CSAT(c Counts) Score {
	s := Score{N: c.n(), Distribution: c.distribution()}
	if s.N == 0 {
		return s
	}
	top := share(c.topTwo(), s.N)
	s.Score, s.Interval = top.Score, top.Interval
	s.More = moreForShare(c.topTwo(), s.N)
	return s
}

func (c Counts) topTwo() float64 {
	return float64(c.from(c.Min+len(c.Of)-2)) / float64(c.n())
}

// share prints the share p of n answers in percent.
func share(p float64, n int) Share {
	low, high := wilson(p, float64(n), z)
	return Share{Score: round(100*p, 1), Interval: interval("wilson", 100*low, 100*high, 1)}
}

func moreForShare(p float64, n int) *int {
	return more(n, func(n float64) (low, high float64) { return wilson(p, n, z) })
}

// wilson is the score interval of a share p of n, at the normal quantile z:
//
//	(p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n)
//
// Source: Wilson (1927), JASA 22:209–212; method 3 of Newcombe (1998), "Two-sided confidence
// intervals for the single proportion", Statistics in Medicine 17:857–872.
func wilson(p, n, z float64) (low, high float64) {
	centre := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(centre-half, 0), min(centre+half, 1)
}
