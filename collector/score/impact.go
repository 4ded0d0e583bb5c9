package score

// Driver is what a part of the answers, such as those that name one reason, does to the score.
type Driver struct {
	N        int        `json:"n" doc:"Answers with it"`
	Rest     int        `json:"rest" doc:"Answers without it"`
	Impact   *float64   `json:"impact" doc:"The score minus what it is without these answers; null when n or rest is 0. nps, csat: points; ces: on the scale"`
	Interval *Interval  `json:"interval" doc:"Of the impact; null where that of against is"`
	Against  Comparison `json:"against" doc:"The score of these answers against that of the rest; an impact is as significant as this"`
}

// Impact is how much of the score of all comes from a part of it, in the unit of the score:
//
//	score(all) − score(rest) = share × (score(part) − score(rest)), share = n of part / n of all
//
// The right side is why its interval is share × that of the difference of two independent groups,
// which all and rest are not; the share is taken as known. Impacts are small, so unlike in a
// Comparison a bound may round to 0.
//
// The part must be counted from the same answers as all.
//
// Source: the identity above, from score(all) = share × score(part) + (1 − share) × score(rest);
// the intervals are Compare's.
func Impact(metric string, all, part Counts) Driver {
	rest := all.minus(part)
	d := Driver{N: part.n(), Rest: rest.n(), Against: Compare(metric, part, rest)}
	if d.N == 0 || d.Rest == 0 {
		return d
	}
	d.Impact = round(impact(metric, part, rest), places(metric))
	if e := estimateOf(metric, part, rest); e.tested {
		share := float64(d.N) / float64(d.N+d.Rest)
		d.Interval = interval(e.method, share*e.low, share*e.high, places(metric))
	}
	return d
}

func impact(metric string, part, rest Counts) float64 {
	n, m := float64(part.n()), float64(rest.n())
	return n / (n + m) * (point(metric, part) - point(metric, rest))
}
