package syntax_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core/internal/vectors"
	"authpad/core/syntax"
)

// The files of curl's, Python's and Go's own tests, read by the rules of each.
func TestNetrcVectors(t *testing.T) {
	vectors.Load(t, "netrc").Run(t, map[string]func(*testing.T, vectors.Case){
		"parse":                  parsesAsPython,
		"parse_complete_entries": parsesAsGo,
		"lookup":                 looksUpAsCurl,
	})
}

func parsesAsPython(t *testing.T, c vectors.Case) {
	var v struct {
		Content, Dialect string
		Expect           struct {
			Hosts  map[string]struct{ Login, Account, Password string }
			Macros map[string][]string
			Error  bool
		}
	}
	c.Decode(t, &v)
	require.Equal(t, "python", v.Dialect)
	hosts, macros, problem := syntax.ReadPythonNetrc(v.Content)
	require.Equal(t, v.Expect.Error, problem != nil)
	require.Len(t, hosts, len(v.Expect.Hosts))
	for _, e := range hosts {
		if e.Machine == "" {
			e.Machine = "default"
		}
		want := v.Expect.Hosts[e.Machine]
		require.Equal(t, []string{want.Login, want.Account, want.Password}, []string{e.Login, e.Account, e.Password}, e.Machine)
	}
	require.Len(t, macros, len(v.Expect.Macros))
	for _, m := range macros {
		require.Equal(t, v.Expect.Macros[m.Name], m.Lines, m.Name)
	}
}

func parsesAsGo(t *testing.T, c vectors.Case) {
	var v struct {
		Content, Dialect string
		Expect           struct{ Entries [][3]string }
	}
	c.Decode(t, &v)
	require.Equal(t, "go", v.Dialect)
	var entries [][3]string
	for _, e := range syntax.ReadGoNetrc(v.Content) {
		entries = append(entries, [3]string{e.Machine, e.Login, e.Password})
	}
	require.Equal(t, v.Expect.Entries, entries)
}

func looksUpAsCurl(t *testing.T, c vectors.Case) {
	var v struct {
		Content, Host, User, Options, Dialect string
		Expect                                struct {
			Login, Password string
			Error           bool
			Match           *bool
		}
	}
	c.Decode(t, &v)
	require.Equal(t, "curl", v.Dialect)
	entry, found, problem := syntax.ChooseNetrc(v.Content, v.Host, v.User)
	require.Equal(t, v.Expect.Error, problem != nil)
	require.Equal(t, !v.Expect.Error && v.Expect.Match == nil, found)
	if found {
		require.Equal(t, v.Expect.Login, entry.Login)
		require.Equal(t, v.Expect.Password, entry.Password)
	}
}

// What follows from curl's source (lib/netrc.c, 8.17) where its tests do not look.
func TestNetrcAsCurl(t *testing.T) {
	for name, c := range map[string]struct {
		text, login string
		want        string // login:password, empty: no entry
		line        int
	}{
		"words and host in any case":             {"MACHINE H.Example LOGIN a PASSWORD p", "", "a:p", 1},
		"the first complete entry":               {"machine h.example login a\nmachine h.example login b password p", "", "b:p", 2},
		"a last entry without a password":        {"machine x\nmachine h.example login a\n", "", "a:", 2},
		"a password without a login":             {"machine h.example password p", "", ":p", 1},
		"the same, and a machine behind it":      {"machine h.example password p\nmachine x login b password q", "", ":p", 1},
		"the same, for a login":                  {"machine h.example password p\nmachine x login b password q", "me", "me:p", 1},
		"default behind other machines":          {"machine x login a password p\ndefault login d password q", "", "d:q", 2},
		"default in front is taken first":        {"default login d password q\nmachine h.example login a password p", "", "d:q", 1},
		"default drops a password without login": {"machine h.example password p\ndefault login d password q", "", "d:q", 2},
		"a comment line":                         {"# machine h.example login x password y\n  #\nmachine h.example login a password p", "", "a:p", 3},
		"a hash within a line is a word":         {"machine h.example login #a password p#", "", "#a:p#", 1},
		"a macro between entries":                {"macdef init\nmachine h.example login x password y\n\nmachine h.example login a password p", "", "a:p", 4},
		"a macro within an entry is none":        {"machine h.example\nmacdef init\nlogin x password y\n\nlogin a password p", "", "x:y", 1},
		"an account is passed over":              {"machine h.example account acct login a password p", "", "a:p", 1},
		"a backslash outside quotes":             {`machine h.example login \"a password p\n`, "", `\"a:p\n`, 1},
		"empty quotes":                           {`machine h.example login "" password ""`, "", ":", 1},
		"quotes over two lines":                  {"machine h.example login \"a\nb\" password p", "", "a\nb:p", 1},
		"line ends of Windows":                   {"machine h.example\r\n\tlogin a\r\n\tpassword p\r\n", "", "a:p", 1},
		"another login":                          {"machine h.example login a password p", "b", "", 0},
		"logins are told apart by case":          {"machine h.example login A password p", "a", "", 0},
		"the entry of the login":                 {"machine h.example login a password p\nmachine h.example login b password q", "b", "b:q", 2},
		"a machine that is called default":       {"machine default login a password p", "", "", 0},
		"nothing":                                {"", "", "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			entry, found, problem := syntax.ChooseNetrc(c.text, "h.example", c.login)
			require.Nil(t, problem)
			require.Equal(t, c.want != "", found)
			if found {
				require.Equal(t, c.want, entry.Login+":"+entry.Password)
				require.Equal(t, c.line, entry.Line)
			}
		})
	}
}

func TestNetrcProblemsHaveTheirLine(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		line int
	}{
		"an open quote":       {"machine x\n# \nmachine h login a password \"sesame\n\n", 3},
		"a control character": {"machine h\nlogin a\npassword \x01sesame", 3},
		"a word too long":     {"machine h\nlogin " + strings.Repeat("a", 4096), 2},
	} {
		t.Run(name, func(t *testing.T) {
			_, found, problem := syntax.ChooseNetrc(c.text, "h", "")
			require.False(t, found)
			require.NotNil(t, problem)
			require.Equal(t, c.line, problem.Line)
			require.NotContains(t, problem.Text, "sesame")
		})
	}
	_, found, problem := syntax.ChooseNetrc("machine h login a password "+strings.Repeat("p", 4095), "h", "")
	require.True(t, found && problem == nil, "the longest word that curl takes")
}

// A file written in quotes is read as it was meant, whatever the values; and no text makes a reader panic
// or find an entry for a host that is not there.
func FuzzNetrc(f *testing.F) {
	for _, c := range vectors.Load(f, "netrc").Cases {
		var v struct{ Content, Host string }
		c.DecodeSome(f, &v)
		f.Add(v.Content, "user one", "with \"spaces\" and \\n\n\r\t")
	}
	f.Fuzz(func(t *testing.T, text, login, password string) {
		syntax.ReadPythonNetrc(text)
		syntax.ReadGoNetrc(text)
		if entry, found, _ := syntax.ChooseNetrc(text, "h.example", ""); found {
			lower := strings.ToLower(text)
			require.True(t, strings.Contains(lower, "h.example") || entry.Machine == "" && strings.Contains(lower, "default"))
		}
		if len(login) > 4095 || len(password) > 4095 || strings.Contains(login+password, "\n") {
			return // a line of it may begin with "#"
		}
		quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
		written := `machine h.example login "` + quoted.Replace(login) + `" password "` + quoted.Replace(password) + `"`
		entry, found, problem := syntax.ChooseNetrc(written, "h.example", "")
		require.True(t, found && problem == nil)
		require.Equal(t, login, entry.Login)
		require.Equal(t, password, entry.Password)
	})
}
