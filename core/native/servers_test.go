package native

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/session"
)

// Servers that were not written by us take what the native core sends, and refuse what they should.

// realServer is a web server of the system's, with a configuration of its own in a folder of the test's.
type realServer struct {
	t       *testing.T
	url     string
	command *exec.Cmd
	log     string
}

// startReal runs the program on a free port, as a child that ends with the test. configure writes what it
// needs into the folder, and returns its arguments.
func startReal(t *testing.T, program string, configure func(dir, port string) (arguments []string)) *realServer {
	t.Helper()
	path := installed(t, program)
	dir := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755)) // servers started by root go on as nobody
	port := freePort(t)
	s := &realServer{t: t, url: "http://127.0.0.1:" + port, log: filepath.Join(dir, "log")}
	s.command = exec.Command(path, configure(dir, port)...)
	output, err := os.Create(s.log)
	require.NoError(t, err)
	s.command.Stdout, s.command.Stderr = output, output
	require.NoError(t, s.command.Start())
	ended := make(chan struct{})
	go func() { _ = s.command.Wait(); close(ended) }()
	t.Cleanup(func() { s.stop(ended); output.Close() })
	s.await("127.0.0.1:"+port, ended)
	return s
}

func (s *realServer) stop(ended chan struct{}) {
	_ = s.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		_ = s.command.Process.Kill()
		<-ended
	}
}

// await returns as soon as the server listens.
func (s *realServer) await(address string, ended chan struct{}) {
	deadline := time.Now().Add(20 * time.Second)
	for time.Now().Before(deadline) {
		if connection, err := net.Dial("tcp", address); err == nil {
			connection.Close()
			return
		}
		select {
		case <-ended:
			require.Fail(s.t, "the server ended", "%s", s.logged())
		case <-time.After(20 * time.Millisecond): // nothing tells when a program listens
		}
	}
	require.Fail(s.t, "the server does not listen", "%s", s.logged())
}

func (s *realServer) logged() string {
	text, _ := os.ReadFile(s.log)
	return string(text)
}

// installed is the path of a program that judges us; it also looks where Debian keeps what administrators run. Without it
// the test is skipped, but fails under CI.
func installed(t *testing.T, program string) string {
	t.Helper()
	for _, name := range []string{program, "/usr/sbin/" + program} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("there is no %s", program)
	}
	t.Skipf("there is no %s: make test installs it where it may", program)
	return ""
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	return strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
}

func writeFile(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	return path
}

// sent is what came of a request with the account that the servers below know.
func (s *realServer) sent(target string, memory *session.Memory, changed core.Values, challenge ...string) *session.Result {
	s.t.Helper()
	values := core.Values{"username": "Mufasa", "password": "Circle of Life"}
	for id, value := range changed {
		values[id] = value
	}
	transport, err := NewTransport(Options{})
	require.NoError(s.t, err)
	result, err := session.Run(s.t.Context(), session.Job{Request: session.Spec{URL: s.url + target}, Scheme: "digest", Values: values,
		Env: Env(), Memory: memory, Challenge: challenge}, transport)
	require.NoError(s.t, err)
	for _, e := range result.Exchanges {
		require.NotNil(s.t, e.Response, "%s: %v\n%s", target, e.Failure, s.logged())
	}
	return result
}

// requireStatuses compares the exchanges of a result: "401 200".
func requireStatuses(t *testing.T, want string, r *session.Result) {
	t.Helper()
	var got []string
	for _, e := range r.Exchanges {
		got = append(got, strconv.Itoa(e.Response.Status))
	}
	require.Equal(t, want, strings.Join(got, " "), "%s", r.Exchanges[len(r.Exchanges)-1].Request.Head())
}

func requireNote(t *testing.T, r *session.Result, code string) {
	t.Helper()
	var codes []string
	for _, n := range r.Built.Trace.Notes {
		codes = append(codes, n.Code)
	}
	require.Contains(t, codes, code)
}

func usedNonce(r *session.Result) (nonce, nc string) {
	return r.Built.Trace.Step("nonce").Out, r.Built.Trace.Step("nc").Out
}

func md5Hex(text string) string { sum := md5.Sum([]byte(text)); return hex.EncodeToString(sum[:]) }

func sha256Hex(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func TestLighttpdTakesDigest(t *testing.T) {
	s := startReal(t, "lighttpd", func(dir, port string) []string {
		accounts := writeFile(t, dir, "accounts", "Mufasa:md5, only:"+md5Hex("Mufasa:md5, only:Circle of Life")+
			"\nMufasa:sha:"+sha256Hex("Mufasa:sha:Circle of Life")+"\n")
		for _, name := range []string{"md5/a b", "sha/a b", "both/a b"} {
			writeFile(t, dir, "www/"+name, "let in")
		}
		require := func(path, realm, algorithm string) string {
			return `"` + path + `" => ("method" => "digest", "realm" => "` + realm + `", "algorithm" => "` + algorithm + `", "require" => "valid-user")`
		}
		return []string{"-D", "-f", writeFile(t, dir, "lighttpd.conf", `server.modules = ("mod_auth", "mod_authn_file")
server.document-root = "`+dir+`/www"
server.bind = "127.0.0.1"
server.port = `+port+`
auth.backend = "htdigest"
auth.backend.htdigest.userfile = "`+accounts+`"
auth.require = (`+require("/md5/", "md5, only", "MD5")+`, `+require("/sha/", "sha", "SHA-256")+`, `+require("/both/", "sha", "MD5|SHA-256")+`)
`)}
	})
	for path, algorithm := range map[string]string{"/md5/": "MD5", "/sha/": "SHA-256", "/both/": "SHA-256"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel() // it waits before it refuses
			memory := &session.Memory{}
			first := s.sent(path+"a%20b?q=ü b&c=%2F", memory, nil)
			requireStatuses(t, "401 200", first)
			require.Equal(t, algorithm, first.Built.Trace.Step("algorithm").Out)
			require.Equal(t, "let in", string(first.Exchanges[1].Response.Body))
			next := s.sent(path+"a%20b", memory, nil)
			requireStatuses(t, "200", next)
			_, nc := usedNonce(next)
			require.Equal(t, "00000002", nc)
			requireStatuses(t, "401 200", s.sent(path+"a%20b", nil, core.Values{"qop": "none"}))
			old := `Digest realm="` + first.Built.Trace.Step("realm").Out + `", nonce="5b04de22:4d5a3c51def892f6074880d89f7519f0", qop="auth", algorithm=` + algorithm
			again := s.sent(path+"a%20b", nil, nil, old)
			requireStatuses(t, "401 200", again)
			requireNote(t, again, "digest.stale")
			requireStatuses(t, "401 401", s.sent(path+"a%20b", nil, core.Values{"password": "Circle Of Life"}))
			requireStatuses(t, "401 401", s.sent(path+"a%20b", nil, core.Values{"username": "Scar"}))
		})
	}
}

func TestApacheTakesDigest(t *testing.T) {
	s := startReal(t, "apache2", func(dir, port string) []string {
		accounts := writeFile(t, dir, "accounts", "Mufasa:pride, lands=all:"+md5Hex("Mufasa:pride, lands=all:Circle of Life")+"\n")
		for _, name := range []string{"auth/a b", "once/a b"} {
			writeFile(t, dir, "www/"+name, "let in")
		}
		var config strings.Builder
		for _, module := range []string{"mpm_event", "unixd", "authn_core", "authn_file", "authz_core", "authz_user", "auth_digest"} {
			if _, err := os.Stat("/usr/lib/apache2/modules/mod_" + module + ".so"); err == nil { // built in elsewhere
				config.WriteString("LoadModule " + module + "_module /usr/lib/apache2/modules/mod_" + module + ".so\n")
			}
		}
		if os.Geteuid() == 0 {
			config.WriteString("User #65534\nGroup #65534\n")
		}
		io.WriteString(&config, `ServerName localhost
Listen 127.0.0.1:`+port+`
DefaultRuntimeDir "`+dir+`"
PidFile "`+dir+`/pid"
ErrorLog "`+dir+`/errors"
DocumentRoot "`+dir+`/www"
`)
		for path, options := range map[string]string{"auth": "", "once": "AuthDigestNonceLifetime 20"} {
			io.WriteString(&config, "<Directory \""+dir+"/www/"+path+"\">\nAuthType Digest\nAuthName \"pride, lands=all\"\nAuthDigestProvider file\nAuthUserFile \""+
				accounts+"\"\n"+options+"\nRequire valid-user\n</Directory>\n")
		}
		return []string{"-d", dir, "-f", writeFile(t, dir, "apache.conf", config.String()), "-DFOREGROUND"}
	})
	t.Run("and proves itself", func(t *testing.T) {
		memory := &session.Memory{}
		first := s.sent("/auth/a%20b?q=ü b&c=%2F", memory, nil)
		requireStatuses(t, "401 200", first)
		require.Equal(t, "let in", string(first.Exchanges[1].Response.Body))
		requireNote(t, first, "digest.rspauth")
		next := s.sent("/auth/a%20b", memory, nil)
		requireStatuses(t, "200", next)
		_, nc := usedNonce(next)
		require.Equal(t, "00000002", nc)
		requireNote(t, next, "digest.rspauth")
	})
	t.Run("and names the next nonce, as those near their end get one", func(t *testing.T) {
		memory := &session.Memory{}
		first := s.sent("/once/a%20b", memory, nil)
		requireStatuses(t, "401 200", first)
		requireNote(t, first, "digest.nextnonce")
		next := s.sent("/once/a%20b", memory, nil)
		requireStatuses(t, "200", next)
		before, _ := usedNonce(first)
		after, nc := usedNonce(next)
		require.NotEqual(t, before, after)
		require.Equal(t, "00000001", nc)
	})
	for _, changed := range []core.Values{{"password": "Circle Of Life"}, {"username": "Scar"}} {
		requireStatuses(t, "401 401", s.sent("/auth/a%20b", nil, changed))
	}
}
