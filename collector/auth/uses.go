package auth

import (
	"maps"
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

// Save hands over what was noted since the last Save, by key id. What could not be saved is kept.
func (u *Uses) Save(save func(map[string]time.Time) error) error {
	u.mu.Lock()
	taken := u.last
	u.last = nil
	u.mu.Unlock()
	err := save(taken)
	if err != nil {
		u.mu.Lock()
		defer u.mu.Unlock()
		maps.Copy(taken, u.last) // what was noted meanwhile is newer
		u.last = taken
	}
	return err
}
