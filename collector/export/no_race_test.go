//go:build !race

package export

// raceDetector makes everything slow, and larger.
const raceDetector = false
