package relay

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"
	"sync"
	"time"
)

// pairing exchanges codes, which a person reads in the terminal, for tokens, which pages keep in memory. It
// keeps hashes: what is compared has one length, and nothing can be read out of it that opens anything.
type pairing struct {
	now    func() time.Time
	sender func() Sender

	mu       sync.Mutex
	current  string              // the code
	wrong    int                 // tries at this code
	tries    []time.Time         // wrong ones of the last minute, from anywhere
	sessions map[string]*session // by origin
}

// session is one paired page.
type session struct {
	origin string
	token  [sha256.Size]byte
	ctx    context.Context // ends with the pairing: so do the requests that are under way
	end    context.CancelFunc
	sender Sender
	sends  sends
}

const (
	codeLetters   = "23456789ABCDEFGHJKMNPQRSTUVWXYZ" // none is taken for another
	codeLength    = 8                                 // 40 bits; a guess a second takes longer than people live
	triesPerCode  = 3
	triesInMinute = 10
)

func newPairing(now func() time.Time, sender func() Sender) *pairing {
	p := &pairing{now: now, sender: sender, sessions: map[string]*session{}}
	p.renew()
	return p
}

func (p *pairing) code() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.current[:codeLength/2] + "-" + p.current[codeLength/2:]
}

// renew makes another code; the one before is worth nothing from then on.
func (p *pairing) renew() {
	code := make([]byte, 0, codeLength)
	for octet := make([]byte, 1); len(code) < codeLength; {
		rand.Read(octet)                                      // never fails (crypto/rand)
		if n := int(octet[0]); n < 256-256%len(codeLetters) { // else the first letters would come more often
			code = append(code, codeLetters[n%len(codeLetters)])
		}
	}
	p.current, p.wrong = string(code), 0
}

type outcome int

const (
	paired outcome = iota
	wrongCode
	newCode // wrong, and once too often: there is another code now
	tooMany
)

// pair returns a token for a right code. Wrong tries count together, whoever makes them.
func (p *pairing) pair(origin, typed string) (token string, _ outcome) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.mayTry() {
		return "", tooMany
	}
	if !same(hash(plain(typed)), hash(p.current)) {
		p.tries = append(p.tries, p.now())
		if p.wrong++; p.wrong < triesPerCode {
			return "", wrongCode
		}
		p.renew()
		return "", newCode
	}
	p.renew()
	return p.begin(origin), paired
}

// mayTry forgets tries that are older than a minute.
func (p *pairing) mayTry() bool {
	recent := p.tries[:0]
	for _, at := range p.tries {
		if p.now().Sub(at) < time.Minute {
			recent = append(recent, at)
		}
	}
	p.tries = recent
	return len(recent) < triesInMinute
}

// begin pairs an origin; what was paired there before ends.
func (p *pairing) begin(origin string) (token string) {
	octets := make([]byte, 32)
	rand.Read(octets)
	token = base64.RawURLEncoding.EncodeToString(octets)
	if before := p.sessions[origin]; before != nil {
		before.end()
	}
	ctx, end := context.WithCancel(context.Background())
	sender := p.sender()
	context.AfterFunc(ctx, sender.Close)
	p.sessions[origin] = &session{origin: origin, token: hash(token), ctx: ctx, end: end, sender: sender}
	return token
}

// session returns the one that this token opens, or nil.
func (p *pairing) session(origin, token string) *session {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.sessions[origin]
	if s == nil || !same(s.token, hash(token)) {
		return nil
	}
	return s
}

// forget ends s, and makes the code another one.
func (p *pairing) forget(s *session) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.sessions[s.origin] == s {
		delete(p.sessions, s.origin)
	}
	s.end()
	p.renew()
}

// close ends all.
func (p *pairing) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.sessions {
		s.end()
	}
	clear(p.sessions)
}

func hash(text string) [sha256.Size]byte { return sha256.Sum256([]byte(text)) }

func same(a, b [sha256.Size]byte) bool { return subtle.ConstantTimeCompare(a[:], b[:]) == 1 }

// plain takes a code as people type it.
func plain(typed string) string {
	return strings.ToUpper(strings.NewReplacer("-", "", " ", "", "\t", "").Replace(strings.TrimSpace(typed)))
}
