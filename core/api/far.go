package api

import (
	"authpad/core"
	"authpad/core/session"
	"authpad/core/syntax"
)

// farBody is a body that the host holds, for one call: it knows whether that can wait, and hashes once, since a scheme
// and the answer often want the same hash.
type farBody struct {
	held core.Far
	keys *watchedKeys // nil: the call can wait
	sums map[string][]byte
}

func (f *farBody) Size() int64 { return f.held.Size() }

func (f *farBody) Sum(hash string) ([]byte, error) {
	if sum, known := f.sums[hash]; known {
		return sum, nil
	}
	if f.keys != nil && f.keys.cannot() {
		return nil, core.ErrWaits
	}
	sum, err := f.held.Sum(hash)
	if err == nil {
		f.sums[hash] = sum
	}
	return sum, err
}

func (f *farBody) Bytes() ([]byte, error) {
	if f.keys != nil && f.keys.cannot() {
		return nil, core.ErrWaits
	}
	return f.held.Bytes()
}

// Held is the body as the host gave it.
func (f *farBody) Held() core.Far { return f.held }

// farFiles make one farBody of several files.
type farFiles struct {
	core.Files
	keys *watchedKeys
}

func (f farFiles) Join(texts [][]byte, files []int) core.Far {
	return &farBody{f.Files.Join(texts, files), f.keys, map[string][]byte{}}
}

// files are those of this call; nil: none.
func (c *call) files() core.Files {
	if c.api.host.Files == nil {
		return nil
	}
	held := c.api.host.Files(c.ctx)
	if held == nil {
		return nil
	}
	watched, _ := c.env.Keys.(*watchedKeys)
	return farFiles{held, watched}
}

// far is the body of this call that the host holds; nil: none.
func (c *call) far() core.Far {
	if c.api.host.Far == nil {
		return nil
	}
	held := c.api.host.Far(c.ctx)
	if held == nil {
		return nil
	}
	watched, _ := c.env.Keys.(*watchedKeys)
	return &farBody{held, watched, map[string][]byte{}}
}

// maxHashed is how large a far body may be to be hashed for the answer alone. The browser reads one as a whole to hash it.
const maxHashed = 512 << 20

// hashFar hashes a far body for the answer, which cannot fail once it is begun.
func hashFar(built *session.Built) error {
	if far := built.Request.Far; far != nil && far.Size() <= maxHashed {
		_, err := far.Sum("SHA-256")
		return err
	}
	return nil
}

func farSHA256(far core.Far) string {
	if far.Size() > maxHashed {
		return ""
	}
	sum, err := far.Sum("SHA-256")
	if err != nil {
		return "" // the file went away after hashFar
	}
	return syntax.Hex(sum)
}
