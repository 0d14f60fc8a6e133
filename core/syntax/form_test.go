package syntax_test

import (
	"io"
	"mime/multipart"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/syntax"
)

func FuzzFormEncode(f *testing.F) {
	f.Add("a b", "1&2=3", "é", "*-._~")
	f.Add("", "", "", "")
	f.Add("\x00\xff", "%41", "+", "\r\n")
	f.Fuzz(func(t *testing.T, name1, value1, name2, value2 string) {
		fields := []core.Param{{Name: name1, Value: value1}, {Name: name2, Value: value2}}
		read, err := url.ParseQuery(syntax.FormEncode(fields))
		require.NoError(t, err)
		want := url.Values{}
		want.Add(name1, value1)
		want.Add(name2, value2)
		require.Equal(t, want, read)
	})
}

func TestFormEncode(t *testing.T) {
	cases := []struct {
		name   string
		fields []core.Param
		want   string
	}{
		{"nothing", nil, ""},
		{"keeps order and repeats", []core.Param{{Name: "b", Value: "1"}, {Name: "a", Value: "2"}, {Name: "b", Value: "3"}}, "b=1&a=2&b=3"},
		{"writes a space as plus", []core.Param{{Name: "a b", Value: "c+d"}}, "a+b=c%2Bd"},
		{"keeps only *-._ of the marks", []core.Param{{Name: "m", Value: "*-._~!'()"}}, "m=*-._%7E%21%27%28%29"},
		{"writes UTF-8 in upper-case hex", []core.Param{{Name: "é", Value: "中"}}, "%C3%A9=%E4%B8%AD"},
		{"keeps empty names and values", []core.Param{{}, {Name: "a"}}, "=&a="},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, syntax.FormEncode(c.fields)) })
	}
}

func TestMultipart(t *testing.T) {
	parts := []syntax.Part{
		{Name: "text", Value: []byte("line 1\nline 2")},
		{Name: "file", Value: []byte{0, 255, '\r'}, Filename: "a b.bin"},
		{Name: "json", Value: []byte("{}"), Type: "application/json"},
	}
	t.Run("is what a browser writes", func(t *testing.T) {
		want := "--XX\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nline 1\nline 2\r\n" +
			"--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a b.bin\"\r\n" +
			"Content-Type: application/octet-stream\r\n\r\n\x00\xff\r\r\n" +
			"--XX\r\nContent-Disposition: form-data; name=\"json\"\r\nContent-Type: application/json\r\n\r\n{}\r\n--XX--\r\n"
		require.Equal(t, want, written(syntax.Multipart("XX", parts)))
	})
	t.Run("is read back by mime/multipart", func(t *testing.T) {
		reader := multipart.NewReader(strings.NewReader(written(syntax.Multipart("XX", parts))), "XX")
		for _, want := range parts {
			part, err := reader.NextPart()
			require.NoError(t, err)
			value, err := io.ReadAll(part)
			require.NoError(t, err)
			require.Equal(t, want.Name, part.FormName())
			require.Equal(t, want.Filename, part.FileName())
			require.Equal(t, want.Value, value)
		}
		_, err := reader.NextPart()
		require.ErrorIs(t, err, io.EOF)
	})
	t.Run("leaves files out", func(t *testing.T) {
		body := written(syntax.Multipart("X", []syntax.Part{{Name: "a", File: 2}, {Name: "b", Value: []byte("c")}, {Name: "d", File: 1}}))
		require.Equal(t, "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n<2>\r\n--X\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\nc\r\n"+
			"--X\r\nContent-Disposition: form-data; name=\"d\"\r\n\r\n<1>\r\n--X--\r\n", body)
	})
	t.Run("escapes quotes and line breaks in names", func(t *testing.T) {
		body := written(syntax.Multipart("X", []syntax.Part{{Name: "a\"b\r\nX-Injected: 1", Value: nil}}))
		require.Contains(t, body, `name="a%22b%0D%0AX-Injected: 1"`+"\r\n")
	})
}

// written puts files named by their numbers between the texts.
func written(texts [][]byte, files []int) string {
	var b strings.Builder
	for i, text := range texts {
		b.Write(text)
		if i < len(files) {
			b.WriteString("<" + strconv.Itoa(files[i]) + ">")
		}
	}
	return b.String()
}

func TestValidBoundary(t *testing.T) {
	for text, valid := range map[string]bool{"": false, "a": true, "----abc": true, "a b": true, "a ": false,
		"a\"": false, "é": false, "0123456789012345678901234567890123456789012345678901234567890123456789": true,
		"01234567890123456789012345678901234567890123456789012345678901234567890": false} {
		require.Equal(t, valid, syntax.ValidBoundary(text), "%q", text)
	}
}
