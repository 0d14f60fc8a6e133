package syntax

import "strings"

// How Python and Go read a .netrc file.

// NetrcMacro is a "macdef" of the file: commands for ftp.
type NetrcMacro struct {
	Name  string
	Lines []string
}

// ReadPythonNetrc reads a file as the module netrc of Python 3.11 does. A host that is there twice keeps
// its last entry. A backslash counts outside quotes as well; any word it does not know is a problem.
func ReadPythonNetrc(text string) (hosts []NetrcEntry, macros []NetrcMacro, problem *NetrcProblem) {
	r := pythonReader{rest: strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), line: 1}
	for {
		before := r.line
		word := r.token()
		if word == "" {
			return lastOfEach(hosts), macros, nil
		}
		if word[0] == '#' {
			if r.line == before && len(word) == 1 {
				r.readLine()
			}
			continue
		}
		entry := NetrcEntry{Line: r.began}
		switch word {
		case "default":
		case "machine", "macdef":
			if entry.Machine = r.token(); entry.Machine == "" && word == "machine" {
				return nil, nil, &NetrcProblem{r.began, "the word machine stands without a name"}
			}
		default:
			return nil, nil, &NetrcProblem{r.began, "a word stands where machine, default or macdef should"}
		}
		if word == "macdef" {
			lines, ended := r.macro()
			if !ended {
				return nil, nil, &NetrcProblem{r.began, "no empty line ends the macro"}
			}
			macros = append(macros, NetrcMacro{entry.Machine, lines})
			continue
		}
		if !r.follow(&entry) {
			return nil, nil, &NetrcProblem{r.began, "an entry has a word that is neither login, user, account nor password"}
		}
		hosts = append(hosts, entry)
	}
}

// lastOfEach leaves out the entries of a host in front of its last one.
func lastOfEach(hosts []NetrcEntry) []NetrcEntry {
	last := make(map[string]int, len(hosts))
	for i, e := range hosts {
		last[e.Machine] = i
	}
	kept := hosts[:0]
	for i, e := range hosts {
		if last[e.Machine] == i {
			kept = append(kept, e)
		}
	}
	return kept
}

// pythonReader is Python's lexer.
type pythonReader struct {
	rest   string
	line   int    // as Python counts: without what readLine takes
	lines  int    // that ended, really
	began  int    // the line where the last token begins
	pushed string // a token that was read ahead
}

func (r *pythonReader) readByte() (c byte, ok bool) {
	if r.rest == "" {
		return 0, false
	}
	c, r.rest = r.rest[0], r.rest[1:]
	if c == '\n' {
		r.line++
		r.lines++
	}
	return c, true
}

func (r *pythonReader) readLine() (line string, ok bool) {
	line, rest, _ := strings.Cut(r.rest, "\n")
	ok = r.rest != ""
	r.lines++
	r.rest = rest
	return line, ok
}

func (r *pythonReader) token() string {
	if pushed := r.pushed; pushed != "" {
		r.pushed = ""
		return pushed
	}
	r.skipSpace()
	r.began = r.lines + 1
	ends := " \t\n\r"
	if strings.HasPrefix(r.rest, `"`) {
		ends = `"`
		r.readByte()
	}
	var b strings.Builder
	for {
		c, ok := r.readByte()
		if !ok || strings.IndexByte(ends, c) >= 0 {
			return b.String()
		}
		if c == '\\' {
			if c, ok = r.readByte(); !ok {
				return b.String()
			}
		}
		b.WriteByte(c)
	}
}

func (r *pythonReader) skipSpace() {
	for r.rest != "" && strings.IndexByte(" \t\n\r", r.rest[0]) >= 0 {
		r.readByte()
	}
}

// macro reads the lines of a macro, up to an empty one.
func (r *pythonReader) macro() (lines []string, ended bool) {
	for {
		line, ok := r.readLine()
		if !ok || line == "" {
			return lines, ok
		}
		lines = append(lines, line)
	}
}

// follow reads what belongs to an entry; ok is false at a word that does not.
func (r *pythonReader) follow(entry *NetrcEntry) (ok bool) {
	for {
		before := r.line
		word := r.token()
		switch {
		case strings.HasPrefix(word, "#"):
			if r.line == before {
				r.readLine()
			}
		case word == "" || word == "machine" || word == "default" || word == "macdef":
			r.pushed = word
			return true
		case word == "login" || word == "user":
			entry.Login = r.token()
		case word == "account":
			entry.Account = r.token()
		case word == "password":
			entry.Password = r.token()
		default:
			return false
		}
	}
}

// ReadGoNetrc returns the entries that the go command uses: those with login and password, words taken in
// pairs line by line, no quotes and no escapes, nothing behind a line that ends in "default".
func ReadGoNetrc(text string) []NetrcEntry {
	var entries []NetrcEntry
	var e NetrcEntry
	macro := false
	for i, line := range strings.Split(text, "\n") {
		if macro {
			macro = line != ""
			continue
		}
		words := strings.Fields(line)
		for ; len(words) > 1; words = words[2:] {
			switch words[0] {
			case "machine":
				e = NetrcEntry{Machine: words[1], Line: i + 1}
			case "login":
				e.Login = words[1]
			case "password":
				e.Password = words[1]
			case "macdef":
				macro = true
			}
			if e.Machine != "" && e.Login != "" && e.Password != "" {
				entries, e = append(entries, e), NetrcEntry{}
			}
		}
		if len(words) == 1 && words[0] == "default" {
			break
		}
	}
	return entries
}
