package lab

import (
	"sync"
	"time"
)

// ReplayMemory is the Seen of an Env: it reports whether a key is remembered, and remembers it from
// now on if not, for as long as it was asked to keep it. Several goroutines may use it at once.
func ReplayMemory(now func() time.Time) (seen func(key string, keep time.Duration) bool) {
	var mu sync.Mutex
	ends := map[string]time.Time{}
	return func(key string, keep time.Duration) bool {
		mu.Lock()
		defer mu.Unlock()
		at := now()
		for k, end := range ends {
			if end.Before(at) {
				delete(ends, k)
			}
		}
		if _, known := ends[key]; known {
			return true
		}
		ends[key] = at.Add(keep)
		return false
	}
}
