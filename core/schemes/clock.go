package schemes

import (
	"strconv"
	"time"

	"authpad/core"
	"authpad/core/syntax"
)

// How a server judges the time that a request names, for schemes that sign one.

// refuseTime returns a rejection where at is further than window from the server's now, either way. code
// is that of the scheme: "wsse.clock".
func refuseTime(code, step string, now, at time.Time, window time.Duration, ref core.Ref) error {
	if d := now.Sub(at); d <= window && d >= -window {
		return nil
	}
	return &core.Rejection{Code: code, Step: step, Want: syntax.FormatTime(now), Got: syntax.FormatTime(at), Ref: ref,
		Message: "the time is not within " + minutes(window) + " of this server’s clock; seen from here it is " + ago(now, at)}
}

func minutes(d time.Duration) string {
	switch {
	case d < time.Minute:
		return strconv.Itoa(int(d/time.Second)) + " seconds"
	case d == time.Minute:
		return "a minute"
	}
	return strconv.Itoa(int(d/time.Minute)) + " minutes"
}

// unixTime reads seconds since 1970, in decimal digits alone; ok is false also for what no clock shows
// (after the year 10680).
func unixTime(text string) (at time.Time, ok bool) {
	seconds, err := strconv.ParseUint(text, 10, 38)
	return time.Unix(int64(seconds), 0), err == nil && text[0] != '+'
}
