package syntax

import (
	"strconv"
	"time"
)

// Dates and times as in RFC 3339. Package time can do it too, but reads and writes any layout: 20 kB
// of gzip in the page for one.

// FormatTime writes t, of the years 0 to 9999, in UTC and whole seconds: "2026-01-31T23:59:59Z".
func FormatTime(t time.Time) string {
	const perDay = 24 * 60 * 60
	sinceEra := t.Unix() + eraDays*perDay // never negative
	year, month, day := dateOf(int(sinceEra / perDay))
	second := int(sinceEra % perDay)
	b := make([]byte, 0, len("2026-01-31T23:59:59Z"))
	b = append(appendDigits(b, year, 1000), '-')
	b = append(appendDigits(b, month, 10), '-')
	b = append(appendDigits(b, day, 10), 'T')
	b = append(appendDigits(b, second/3600, 10), ':')
	b = append(appendDigits(b, second/60%60, 10), ':')
	b = append(appendDigits(b, second%60, 10), 'Z')
	return string(b)
}

//go:noinline
func appendDigits(b []byte, n, unit int) []byte {
	for ; unit > 0; unit /= 10 {
		b = append(b, byte('0'+n/unit%10))
	}
	return b
}

// ParseTime reads an RFC 3339 date-time. ok is false for anything else, and for leap seconds.
func ParseTime(text string) (t time.Time, ok bool) {
	const layout = "0000-00-00T00:00:00"
	if len(text) <= len(layout) {
		return time.Time{}, false
	}
	for i := range len(layout) {
		if layout[i] == '0' != isDigit(text[i]) || layout[i] != '0' && text[i] != layout[i] {
			return time.Time{}, false
		}
	}
	year, month, day := digits(text[0:4]), digits(text[5:7]), digits(text[8:10])
	hour, minute, second := digits(text[11:13]), digits(text[14:16]), digits(text[17:19])
	nanoseconds, zone := fraction(text[len(layout):])
	east, ok := offset(zone)
	if !ok || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	days := dayOf(year, month, day)
	if _, _, same := dateOf(days); same != day { // such as February 30th
		return time.Time{}, false
	}
	return time.Unix(int64(days-eraDays)*24*60*60+int64(hour*3600+minute*60+second-east), int64(nanoseconds)).UTC(), true
}

// fraction reads the decimals of a second, if there are any; digits behind the ninth are dropped.
func fraction(text string) (nanoseconds int, rest string) {
	if len(text) < 2 || text[0] != '.' || !isDigit(text[1]) {
		return 0, text
	}
	rest = text[1:]
	for unit := 100_000_000; rest != "" && isDigit(rest[0]); unit /= 10 {
		nanoseconds += int(rest[0]-'0') * unit
		rest = rest[1:]
	}
	return nanoseconds, rest
}

// offset reads "Z" or "+01:30", as seconds east of UTC.
func offset(zone string) (east int, ok bool) {
	if zone == "Z" {
		return 0, true
	}
	if len(zone) != 6 || zone[0] != '+' && zone[0] != '-' || zone[3] != ':' ||
		!isDigit(zone[1]) || !isDigit(zone[2]) || !isDigit(zone[4]) || !isDigit(zone[5]) {
		return 0, false
	}
	hours, minutes := digits(zone[1:3]), digits(zone[4:6])
	east = hours*3600 + minutes*60
	if zone[0] == '-' {
		east = -east
	}
	return east, hours < 24 && minutes < 60
}

// Days are counted from March 1st of the year -400: a year that begins in March has its leap day at
// its end, and four centuries always have the same number of days
// (https://howardhinnant.github.io/date_algorithms.html).
const (
	centuriesDays = 146097                 // of any four
	eraDays       = 719468 + centuriesDays // from the first day to 1970-01-01
)

func dayOf(year, month, day int) int {
	year += 400
	if month < 3 {
		year, month = year-1, month+12
	}
	return 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 1
}

func dateOf(days int) (year, month, day int) {
	rest := days % centuriesDays
	year = (rest - rest/1460 + rest/36524 - rest/146096) / 365
	day = rest - (365*year + year/4 - year/100)
	month = (5*day + 2) / 153 // from March
	day -= (153*month+2)/5 - 1
	year += days/centuriesDays*400 - 400
	if month += 3; month > 12 {
		year, month = year+1, month-12
	}
	return year, month, day
}

// digits is a number of a few decimal digits.
func digits(text string) int {
	n, _ := strconv.Atoi(text) // the callers have looked at each byte
	return n
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }
