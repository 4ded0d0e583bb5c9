package score

// Rate is k of n in percent, with its Wilson (1927) score interval.
func Rate(k, n int) Share {
	if n == 0 {
		return Share{}
	}
	return share(float64(k)/float64(n), n)
}
