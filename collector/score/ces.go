package score

import "math"

// CES is the mean answer on the scale, 7 = easiest, with a t interval where answers differ (of equal
// ones it would have no width, and claim to be certain), and the share of answers of 5 and more, in percent:
//
//	m ± t·s/√n, t Student's quantile with n − 1 degrees of freedom, clamped to the scale
//	100 × k / n, k answers ≥ 5
//
// Source: Dixon, Toman & DeLisi (2013), "The Effortless Experience" (CES 2.0); the
// interval of Student (1908), "The probable error of a mean", Biometrika 6:1–25.
func CES(c Counts) Score {
	s := Score{N: c.n(), Distribution: c.distribution(), Share: &Share{}}
	if s.N == 0 {
		return s
	}
	*s.Share = share(c.easy(), s.N)
	s.More = moreForShare(c.easy(), s.N)
	mean, variance := c.mean()
	s.Score = round(mean, places(ces))
	if variance == 0 {
		return s // as of one answer
	}
	low, high := c.meanInterval(mean, variance)
	s.Interval = interval("student-t", low, high, places(ces))
	return s
}

// meanInterval is the t interval of the mean, within the scale.
func (c Counts) meanInterval(mean, variance float64) (low, high float64) {
	n := float64(c.n())
	half := student(n-1).Quantile(upper) * math.Sqrt(variance/n)
	return max(mean-half, float64(c.Min)), min(mean+half, float64(c.Min+len(c.Of)-1))
}

func (c Counts) easy() float64 {
	return float64(c.from(5)) / float64(c.n())
}

// mean also gives the variance s² of the answers, 0 for a single one. The sums are whole numbers,
// so that equal answers have a variance of exactly 0.
func (c Counts) mean() (mean, variance float64) {
	var n, sum, squares int
	for i, count := range c.Of {
		v := c.Min + i
		n, sum, squares = n+count, sum+v*count, squares+v*v*count
	}
	if n > 1 {
		variance = float64(n*squares-sum*sum) / float64(n) / float64(n-1)
	}
	return float64(sum) / float64(n), variance
}
