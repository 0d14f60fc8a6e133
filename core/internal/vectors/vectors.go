// Package vectors reads the published examples that tests are judged by. It is for tests only.
//
// The files live outside the repository, in the folder that AUTHPAD_VECTORS names, by default
// ../shared/vectors beside the repository. Every file is {scheme, licence, count, cases: [{id, kind,
// source, …}]}; the README.md beside them says what the members mean.
package vectors

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// File is one file of vectors.
type File struct {
	Scheme string
	Cases  []Case
	Shared map[string]json.RawMessage // members beside the cases: keys, configuration
}

// Case is one example. Decode reads what belongs to its kind.
type Case struct {
	ID, Kind, Source string
	members          map[string]json.RawMessage
}

// Load reads the file name + ".json". The test is skipped where there is no such file, but fails if
// CI is set; it fails too where the file has no cases or not as many as it says.
func Load(t testing.TB, name string) *File {
	t.Helper()
	path := filepath.Join(folder(t), name+".json")
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && os.Getenv("CI") != "":
		t.Fatalf("no vectors at %s: set AUTHPAD_VECTORS to their folder", path)
	case errors.Is(err, fs.ErrNotExist):
		t.Skipf("no vectors at %s: set AUTHPAD_VECTORS to their folder", path)
	}
	require.NoError(t, err)
	file, err := parse(text)
	require.NoError(t, err, path)
	return file
}

// Run runs every case as a subtest, with the function for its kind. A kind without a function fails
// the test: a case that nobody looks at proves nothing.
func (f *File) Run(t *testing.T, kinds map[string]func(t *testing.T, c Case)) {
	t.Helper()
	for _, c := range f.Cases {
		t.Run(c.Kind+"/"+c.ID, func(t *testing.T) {
			check, known := kinds[c.Kind]
			require.True(t, known, "no check for cases of kind %q", c.Kind)
			check(t, c)
		})
	}
}

// Decode reads the members of the case, without id, kind, source, licence and note, into the struct
// that into points to. A member the struct does not have fails the test.
func (c Case) Decode(t testing.TB, into any) {
	t.Helper()
	text, err := json.Marshal(c.members)
	require.NoError(t, err, c.ID)
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(into), c.ID)
}

// DecodeSome is Decode for a reader that needs only some of the members, such as fuzz seeds.
func (c Case) DecodeSome(t testing.TB, into any) {
	t.Helper()
	text, err := json.Marshal(c.members)
	require.NoError(t, err, c.ID)
	require.NoError(t, json.Unmarshal(text, into), c.ID)
}

func parse(text []byte) (*File, error) {
	var shared map[string]json.RawMessage
	var head struct {
		Scheme string
		Count  int
		Cases  []map[string]json.RawMessage
	}
	if err := errors.Join(json.Unmarshal(text, &shared), json.Unmarshal(text, &head)); err != nil {
		return nil, err
	}
	if len(head.Cases) == 0 || len(head.Cases) != head.Count {
		return nil, errors.New("the file has no cases, or not as many as its count says")
	}
	for _, name := range []string{"scheme", "licence", "count", "cases"} {
		delete(shared, name)
	}
	f := &File{Scheme: head.Scheme, Shared: shared}
	for _, members := range head.Cases {
		c, err := parseCase(members)
		if err != nil {
			return nil, err
		}
		f.Cases = append(f.Cases, c)
	}
	return f, nil
}

func parseCase(members map[string]json.RawMessage) (Case, error) {
	c := Case{members: members}
	for name, target := range map[string]*string{"id": &c.ID, "kind": &c.Kind, "source": &c.Source, "licence": new(string), "note": new(string)} {
		if raw, ok := members[name]; ok {
			if err := json.Unmarshal(raw, target); err != nil {
				return c, err
			}
			delete(members, name)
		}
	}
	if c.ID == "" || c.Kind == "" || c.Source == "" {
		return c, errors.New("a case lacks its id, kind or source: " + c.ID)
	}
	return c, nil
}

// folder is where the files are.
func folder(t testing.TB) string {
	if named := os.Getenv("AUTHPAD_VECTORS"); named != "" {
		return named
	}
	root, err := os.Getwd() // tests run in the folder of their package
	require.NoError(t, err)
	for root != filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		root = filepath.Dir(root)
	}
	return filepath.Join(root, "..", "shared", "vectors")
}
