package auth

import (
	"sync"
	"time"
)

// Uses remembers when keys were used, until that is written down: a write to the database for each
// request would cost more than the request.
type Uses struct {
	mu   sync.Mutex
	last map[string]time.Time
}

// Mark notes that a key was used.
func (u *Uses) Mark(keyID string, now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.last == nil {
		u.last = map[string]time.Time{}
	}
	u.last[keyID] = now // only keys there are get here, so it is as small as their table
}

// Take returns what was noted since the last Take, by key id.
func (u *Uses) Take() map[string]time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	taken := u.last
	u.last = nil
	return taken
}
