package syntax_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core/syntax"
)

func TestDatesOfTenThousandYears(t *testing.T) {
	end := time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	for at := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC); at.Before(end); at = at.Add(24*time.Hour + 13*time.Second) {
		text := at.Format(time.RFC3339)
		if written := syntax.FormatTime(at); written != text {
			require.Equal(t, text, written)
		}
		if read, ok := syntax.ParseTime(text); !ok || !read.Equal(at) {
			require.Equal(t, at, read, text)
		}
	}
	require.Equal(t, "9999-12-31T23:59:59Z", syntax.FormatTime(end))
	require.Equal(t, "2026-01-31T22:59:59Z", syntax.FormatTime(time.Date(2026, 1, 31, 23, 59, 59, 999, time.FixedZone("", 3600))))
}

// dateTime is the grammar of RFC 3339, section 5.6; package time also takes a comma for the point, one
// digit for the hour, and any offset.
var dateTime = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

// FuzzParseTime: what is in the grammar and taken by package time is taken, and nothing else.
func FuzzParseTime(f *testing.F) {
	for _, seed := range []string{
		"", "2026-01-31T23:59:59Z", "2026-01-31t23:59:59z", "2026-01-31 23:59:59Z", "2026-01-31T23:59:59", "2026-01-31T23:59:60Z",
		"2026-02-29T00:00:00Z", "2024-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2000-02-29T00:00:00Z", "0000-02-29T00:00:00Z",
		"2026-04-31T00:00:00Z", "2026-12-31T00:00:00Z", "2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z",
		"2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T1:00:00Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00,5Z",
		"2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00.123456789123Z", "2026-01-01T00:00:00+01:30", "2026-01-01T00:00:00-23:59",
		"2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+00:60", "2026-01-01T00:00:00+0130", "2026-01-01T00:00:00Zx", "0000-01-01T00:00:00+23:59",
		"+026-01-01T00:00:00Z", "2026-01-01T00:00:00+-1:00", "10000-01-01T00:00:00Z",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want, err := time.Parse(time.RFC3339, text)
		valid := err == nil && dateTime.MatchString(text)
		got, ok := syntax.ParseTime(text)
		require.Equal(t, valid, ok, "%q", text)
		if valid {
			require.True(t, want.Equal(got), "%q: %v", text, got)
		}
	})
}
