package session

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"authpad/core"
	"authpad/core/syntax"
)

// Memory is what servers asked for last, so that the next request answers at once, and how often that
// was used. It knows challenges, which are no secrets, and no credentials; nobody writes it down. What
// one origin asked is never used for another. Several goroutines may use it at once; a nil one forgets
// everything.
type Memory struct {
	mu   sync.Mutex
	list []*remembered // what was used last comes first
}

const (
	maxRemembered = 32
	maxAsked      = 16 << 10 // bytes of one answer's challenges
)

// place is who asked whom.
type place struct{ scheme, origin string }

// remembered is what a server asked for.
type remembered struct {
	place
	challenges []core.Challenge
	told       core.Header
	uses       int    // requests that went out as an answer to it
	cnonce     string // the client's own nonce beside the server's
}

// recall returns what was asked last, if it was for this address, too.
func (m *Memory) recall(at place, target core.URL) ([]core.Challenge, core.Header) {
	if m == nil {
		return nil, nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.list {
		if r.place == at && r.covers(target) {
			return r.challenges, r.told
		}
	}
	return nil, nil
}

// covers reads domain (RFC 7616, section 3.3): the addresses for which a challenge is meant. Those on
// other servers do not matter here.
func (r *remembered) covers(target core.URL) bool {
	for _, c := range r.challenges {
		domain, _ := c.Param("domain")
		for _, uri := range strings.Fields(domain) {
			if path := strings.TrimPrefix(uri, r.origin); strings.HasPrefix(target.Path, path) || path == "" {
				return true
			}
		}
		if strings.TrimSpace(domain) == "" {
			return true
		}
	}
	return len(r.challenges) == 0
}

// counting is env for a request that answers these challenges: nc is how often they are answered now,
// and cnonce stays as long as they do, so that whoever keeps the first of a session for -sess gets it
// again (RFC 7616, section 3.4.2). What is pinned stays so. goesOut counts.
func (m *Memory) counting(env core.Env, at place, challenges []core.Challenge, goesOut bool) core.Env {
	if m == nil || len(challenges) == 0 {
		return env
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	challenges = forNext(challenges, "")
	r := m.find(at, challenges)
	if r == nil {
		r = &remembered{place: at, challenges: challenges}
		if goesOut {
			m.keep(r)
		}
	}
	uses, cnonce, draw := r.uses+1, r.cnonce, env.Nonce
	if goesOut {
		r.uses++
	}
	env.Nonce = func(name string, bytes int) string {
		if pinned := draw(name, 0); pinned != "" {
			return pinned
		}
		switch {
		case name == "nc":
			return strconv.FormatInt(int64(uses), 16)
		case name == "cnonce" && cnonce != "":
			return cnonce
		}
		drawn := draw(name, bytes)
		if name == "cnonce" && goesOut {
			m.keepCnonce(r, drawn)
		}
		return drawn
	}
	return env
}

func (m *Memory) keepCnonce(r *remembered, cnonce string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r.cnonce = cnonce
}

// learn keeps what an answer asks for, or the nonce it names for the next request.
func (m *Memory) learn(at place, answered, challenges []core.Challenge, answer *core.Response) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	challenges = forNext(challenges, "")
	told := toldNext(answer.Header)
	info, _ := answer.Header.Get("Authentication-Info")
	switch next := nextNonce(info); {
	case len(challenges) > 0 && m.find(at, challenges) == nil:
		m.keep(&remembered{place: at, challenges: challenges, told: told})
	case len(challenges) > 0: // the same nonce once more: its uses go on counting
		same := m.find(at, challenges)
		if len(told) > 0 { // DPoP's nonce is not in the challenge, which looks the same each time
			same.told = told
		}
		m.keep(same)
	case next != "" && len(answered) > 0:
		m.keep(&remembered{place: at, challenges: forNext(answered, next), told: told})
	case len(told) > 0:
		m.keep(&remembered{place: at, challenges: answered, told: told})
	}
}

// toldNext are the header lines that the next request needs to know: of DPoP the server's nonce
// (RFC 9449, section 8.2), which comes with any answer.
func toldNext(header core.Header) core.Header {
	if nonce, given := header.Get("DPoP-Nonce"); given && len(nonce) < maxAsked {
		return core.Header{{Name: "DPoP-Nonce", Value: nonce}}
	}
	return nil
}

// nextNonce reads Authentication-Info (RFC 7616, section 3.5).
func nextNonce(info string) string {
	params, _ := syntax.ParseParams(info)
	nonce, _ := core.Challenge{Params: params}.Param("nextnonce")
	return nonce
}

// forNext is the challenges as the next request finds them: with this nonce, unless it is empty, and
// without stale, which was about the last one.
func forNext(challenges []core.Challenge, nonce string) []core.Challenge {
	changed := make([]core.Challenge, len(challenges))
	for i, c := range challenges {
		changed[i] = core.Challenge{Scheme: c.Scheme}
		for _, p := range c.Params {
			if nonce != "" && strings.EqualFold(p.Name, "nonce") {
				p.Value = nonce
			}
			if !strings.EqualFold(p.Name, "stale") {
				changed[i].Params = append(changed[i].Params, p)
			}
		}
	}
	return changed
}

func (m *Memory) find(at place, challenges []core.Challenge) *remembered {
	for _, r := range m.list {
		if r.place == at && written(r.challenges) == written(challenges) {
			return r
		}
	}
	return nil
}

// keep puts r in front, and drops what it replaces: the same realm's of the same server.
func (m *Memory) keep(r *remembered) {
	if len(written(r.challenges)) > maxAsked {
		return
	}
	m.list = slices.DeleteFunc(m.list, func(other *remembered) bool {
		return other.place == r.place && (other == r || firstRealm(other.challenges) == firstRealm(r.challenges))
	})
	m.list = slices.Insert(m.list, 0, r)
	m.list = m.list[:min(len(m.list), maxRemembered)]
}

func firstRealm(challenges []core.Challenge) string {
	for _, c := range challenges {
		if realm, given := c.Param("realm"); given {
			return realm
		}
	}
	return ""
}

func written(challenges []core.Challenge) string {
	var b strings.Builder
	for _, c := range challenges {
		b.WriteString(syntax.FormatChallenge(c) + "\n")
	}
	return b.String()
}
