package relay

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPairingLimitEndsAfterAMinute(t *testing.T) {
	now := time.Unix(0, 0)
	p := newPairing(func() time.Time { return now }, nobody)
	for range triesInMinute {
		_, outcome := p.pair("a", "wrong")
		require.NotEqual(t, tooMany, outcome)
		now = now.Add(time.Second)
	}
	_, outcome := p.pair("a", p.code())
	require.Equal(t, tooMany, outcome)
	now = now.Add(time.Minute - triesInMinute*time.Second - time.Nanosecond)
	_, outcome = p.pair("a", p.code())
	require.Equal(t, tooMany, outcome, "the first try is not a minute old")
	now = now.Add(time.Nanosecond)
	token, outcome := p.pair("a", p.code())
	require.Equal(t, paired, outcome)
	require.NotNil(t, p.session("a", token))
}

func TestCodesAreFreshAndReadable(t *testing.T) {
	p := newPairing(time.Now, nobody)
	seen, letters := map[string]bool{}, map[rune]int{}
	for range 2000 {
		p.renew()
		require.Regexp(t, `^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$`, p.code())
		require.False(t, seen[p.code()])
		seen[p.code()] = true
		for _, letter := range strings.ReplaceAll(p.code(), "-", "") {
			letters[letter]++
		}
	}
	require.Len(t, letters, len(codeLetters))
	for letter, count := range letters { // 516 each, give or take six times the deviation
		require.InDelta(t, 2000*codeLength/len(codeLetters), count, 140, string(letter))
	}
}

func TestPairingEndsWhatWasPairedBefore(t *testing.T) {
	p := newPairing(time.Now, nobody)
	first, _ := p.pair("a", p.code())
	before := p.session("a", first)
	second, _ := p.pair("a", p.code())
	require.NotEqual(t, first, second)
	require.Nil(t, p.session("a", first))
	require.Error(t, before.ctx.Err())
	<-before.sender.(*sender).closed
	p.forget(before)
	require.NotNil(t, p.session("a", second), "forgetting the old one leaves the new one")
	after := p.session("a", second)
	p.close()
	require.Nil(t, p.session("a", second))
	require.Error(t, after.ctx.Err())
	<-after.sender.(*sender).closed
}

// sender remembers that it was closed.
type sender struct {
	Sender
	closed chan struct{}
}

func (s *sender) Close() { close(s.closed) }

func nobody() Sender { return &sender{closed: make(chan struct{})} }
