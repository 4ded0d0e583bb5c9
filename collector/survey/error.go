package survey

import (
	"fmt"
	"strings"
	"time"
)

// Code says what kind of failure an Error is. The API maps each code to one HTTP status.
type Code string

const (
	Malformed   Code = "malformed"   // it could not be read at all
	TooLarge    Code = "too_large"   // over a limit on size
	Invalid     Code = "invalid"     // read, but it breaks a rule
	NotFound    Code = "not_found"   // no such site, survey or version
	Stale       Code = "stale"       // someone else changed it in between
	Conflict    Code = "conflict"    // contradicts what is stored
	NoKey       Code = "no_key"      // who asks is unknown
	Forbidden   Code = "forbidden"   // who asks may not
	Unavailable Code = "unavailable" // not now, try again
	TooMany     Code = "too_many"    // over a rate, try again later
	Erased      Code = "erased"      // the response was erased, and may not come back
	Unstorable  Code = "unstorable"  // valid, but the database refuses it, alone as in a batch
)

// Error is a failure that its cause may read. Any other error is ours, and stays in the log.
type Error struct {
	Code     Code
	Message  string
	Problems []Problem

	RetryAfter time.Duration // 0 where the time does not matter, or is not known
}

// Problem names one thing that is wrong: where ("questions[1].type") and what.
type Problem struct {
	Location string
	Message  string
}

func (e *Error) Error() string {
	parts := []string{e.Message}
	for _, p := range e.Problems {
		parts = append(parts, p.String())
	}
	return strings.Join(parts, "; ")
}

func (p Problem) String() string {
	if p.Location == "" {
		return p.Message
	}
	return p.Location + ": " + p.Message
}

// Errorf makes an Error without problems.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}
