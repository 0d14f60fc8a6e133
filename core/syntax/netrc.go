package syntax

import "strings"

// The .netrc file: user names and passwords by host, kept by a person for ftp, curl, git, Python and Go.
// No standard describes it, and its readers differ; here is curl's
// (https://everything.curl.dev/usingcurl/netrc.html), netrc_others.go has the others.

// NetrcEntry is what a file says of one host.
type NetrcEntry struct {
	Machine                  string // empty: the entry "default"
	Login, Account, Password string
	Line                     int // where it begins, from 1
}

// NetrcProblem is why a file cannot be read. Text holds nothing of the file: it is full of passwords.
type NetrcProblem struct {
	Line int // from 1
	Text string
}

// ChooseNetrc returns the entry that curl 8.17 uses for host, in the file's order: the first one that is
// complete, or that has a password and no login, or the last one without a password. With a login it is
// the first one of that login, or of none. found is false where there is no such entry.
func ChooseNetrc(text, host, login string) (entry NetrcEntry, found bool, problem *NetrcProblem) {
	var r curlReader
	r.rest, r.lines = withoutComments(text)
	s := netrcSearch{host: host, login: login}
	for {
		token, ended := r.token(&s.place)
		if r.problem != nil {
			return NetrcEntry{}, false, r.problem
		}
		if ended || s.take(token, r.line) {
			found = s.usable(ended)
			return s.entry, found, nil
		}
	}
}

// withoutComments leaves out the lines that begin with "#", and writes down the numbers of the others.
func withoutComments(text string) (kept string, lines []int) {
	var b strings.Builder
	for i, line := range strings.Split(text, "\n") {
		if !strings.HasPrefix(TrimSpace(line), "#") {
			b.WriteString(line + "\n")
			lines = append(lines, i+1)
		}
	}
	return b.String(), append(lines, 0) // so that the end of the text has one, too
}

// netrcPlace is where in the file a token stands.
type netrcPlace int

const (
	betweenEntries netrcPlace = iota
	atMachine                 // behind the word "machine"
	inEntry                   // of the host that is looked for
	inMacro                   // behind "macdef", until an empty line
)

// curlReader cuts the file into tokens.
type curlReader struct {
	rest    string
	lines   []int // numbers of the lines of rest
	line    int   // of the last token
	problem *NetrcProblem
}

// maxNetrcToken is the longest token that curl takes, in bytes.
const maxNetrcToken = 4095

// token is the next word, or what stands in quotes; ended is true where there is none left. It ends a macro at
// an empty line.
func (r *curlReader) token(place *netrcPlace) (token string, ended bool) {
	for {
		r.rest = strings.TrimLeft(r.rest, " \t\r")
		if r.rest == "" {
			return "", true
		}
		switch {
		case r.rest[0] == '\n' && *place == inMacro:
			*place = betweenEntries
			fallthrough
		case r.rest[0] == '\n':
			r.skip(1)
		case *place == inMacro:
			r.skip(strings.IndexByte(r.rest, '\n') + 1)
			if strings.TrimLeft(r.rest, " \t\r") == "" {
				return "", true
			}
		default:
			return r.word(), false
		}
	}
}

func (r *curlReader) skip(n int) {
	r.lines = r.lines[strings.Count(r.rest[:n], "\n"):]
	r.rest = r.rest[n:]
}

// word reads one token and the byte behind it. In quotes "\n", "\r" and "\t" are what they are in C, and
// a backslash in front of anything else stands for that; outside it stands for itself.
func (r *curlReader) word() string {
	r.line = r.lines[0]
	end, word := 0, ""
	if r.rest[0] == '"' {
		end, word = unquoteNetrc(r.rest)
	} else {
		end = strings.IndexFunc(r.rest, func(c rune) bool { return c <= ' ' })
		word = r.rest[:max(end, 0)]
	}
	switch {
	case end == 0:
		r.problem = &NetrcProblem{r.line, "there is a control character, which curl does not read"}
	case end < 0:
		r.problem = &NetrcProblem{r.line, "a quote is opened and not closed"}
	case len(word) > maxNetrcToken:
		r.problem = &NetrcProblem{r.line, "a word is longer than the 4095 bytes that curl reads"}
	default:
		r.skip(min(end+1, len(r.rest)))
	}
	return word
}

// unquoteNetrc reads a token that begins with a quote; end is where the next one may begin, or -1 where no
// quote closes it.
func unquoteNetrc(text string) (end int, word string) {
	b := make([]byte, 0, 32)
	for i := 1; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '"':
			return i + 1, string(b)
		case c == '\\' && i+1 < len(text):
			i++
			c = text[i]
			if at := strings.IndexByte("nrt", c); at >= 0 {
				c = "\n\r\t"[at]
			}
		}
		b = append(b, c)
	}
	return -1, ""
}

// netrcSearch looks for the entry of a host.
type netrcSearch struct {
	host, login string // login may be empty: any
	place       netrcPlace
	entry       NetrcEntry
	expects     string // "login" or "password", where its value comes next
	hasLogin    bool
	hasPassword bool
}

// take reads one token; done is true where the search is over.
func (s *netrcSearch) take(token string, line int) (done bool) {
	word := strings.ToLower(token) // curl takes its words in any case
	switch {
	case s.place == atMachine:
		s.place = betweenEntries
		if strings.EqualFold(token, s.host) {
			s.place, s.entry.Machine = inEntry, token
		}
	case s.place == betweenEntries && word == "macdef": // within an entry curl does not know it
		s.place = inMacro
	case s.place == inEntry && s.expects != "":
		s.value(token)
		return s.hasLogin && s.hasPassword && s.suits()
	case s.place == inEntry && (word == "login" || word == "password"):
		s.expects = word
	case word == "machine":
		if s.place == inEntry && s.hasPassword && (s.suits() || !s.hasLogin) {
			return true
		}
		s.begin(atMachine, line)
	case word == "default": // what came before it in an entry is dropped, complete or not
		s.begin(inEntry, line)
	}
	return false
}

func (s *netrcSearch) begin(place netrcPlace, line int) {
	*s = netrcSearch{host: s.host, login: s.login, place: place, entry: NetrcEntry{Line: line}}
}

func (s *netrcSearch) value(token string) {
	if s.expects == "login" {
		s.entry.Login, s.hasLogin = token, true
	} else {
		s.entry.Password, s.hasPassword = token, true
	}
	s.expects = ""
}

// suits reports whether the entry's login is the one that is looked for.
func (s *netrcSearch) suits() bool { return s.login == "" || s.entry.Login == s.login }

// usable judges the entry at which the search ended. At the end of the file a login may go without a
// password.
func (s *netrcSearch) usable(ended bool) bool {
	if !s.hasLogin && s.hasPassword && s.place == inEntry {
		s.entry.Login = s.login
		return true
	}
	return s.place == inEntry && s.hasLogin && s.suits() && (s.hasPassword || ended)
}
