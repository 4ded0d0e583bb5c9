package limit

import "sync"

// InFlight bounds how much is under way at once, for each key and for all together.
type InFlight struct {
	perKey, total int

	mu    sync.Mutex
	keys  map[string]int // only keys that have something under way
	count int
}

// NewInFlight allows so much for each key, and so much together.
func NewInFlight(perKey, total int) *InFlight {
	return &InFlight{perKey: perKey, total: total, keys: map[string]int{}}
}

// Enter counts one in, and says whether there was room. Who was let in leaves with Leave.
func (f *InFlight) Enter(key string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.count >= f.total || f.keys[key] >= f.perKey {
		return false
	}
	f.count++
	f.keys[key]++
	return true
}

// Leave counts one out.
func (f *InFlight) Leave(key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count--
	if f.keys[key]--; f.keys[key] == 0 {
		delete(f.keys, key)
	}
}
