package lab_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"authpad/core/lab"
)

func TestBytes(t *testing.T) {
	for _, n := range []int{0, 1, 64, 65521, 65522, 200000} {
		r := handle("bytes/" + strconv.Itoa(n))
		require.EqualValues(t, n, r.Size)
		content := text(t, r)
		require.Len(t, content, n)
		require.NoError(t, iotest.TestReader(handle("bytes/"+strconv.Itoa(n)).Body, []byte(content)), "however it is read")
	}
	hash := sha256.Sum256([]byte(text(t, handle("bytes/100000"))))
	require.Equal(t, "2398f92aab3628f9fb0a8da10f49f69e1c78e78d3b9212bfb18994a680e11ca5", hex.EncodeToString(hash[:]), "the same bytes in every version and on every host")
}

func TestStream(t *testing.T) {
	for _, n := range []int{0, 1, 64, 64000, 64001, 200000} {
		r := handle("stream/" + strconv.Itoa(n))
		require.EqualValues(t, -1, r.Size, "its length is not declared")
		content := text(t, r)
		require.Len(t, content, n)
		require.NoError(t, iotest.TestReader(handle("stream/"+strconv.Itoa(n)).Body, []byte(content)))
	}
	lines := strings.Split(strings.TrimSuffix(text(t, handle("stream/192000")), "\n"), "\n")
	require.Len(t, lines, 3000)
	for i, line := range lines {
		number, rest, _ := strings.Cut(line, " ")
		require.Len(t, line, 63)
		require.Equal(t, 12, len(number))
		n, err := strconv.Atoi(number)
		require.NoError(t, err)
		require.Equal(t, i, n, rest)
	}
}

func TestJSON(t *testing.T) {
	for _, n := range []int{6, 7, 69, 70, 71, 1000, 64000, 200000} {
		content := text(t, handle("json/"+strconv.Itoa(n)))
		require.Len(t, content, n)
		require.True(t, json.Valid([]byte(content)), content)
	}
	require.Equal(t, 400, handle("json/5").Status)
}

func TestSizes(t *testing.T) {
	for _, route := range []string{"bytes/", "stream/", "json/"} {
		require.Equal(t, 200, handle(route+"10737418240").Status)
		for _, wrong := range []string{"10737418241", "-1", "1k", "0x10"} {
			require.Equal(t, 400, handle(route+wrong).Status, wrong)
		}
	}
}

func TestSay(t *testing.T) {
	r := handle("say?type=text/html&text=%3Cscript%3E%ff")
	mediaType, _ := r.Header.Get("Content-Type")
	require.Equal(t, "text/html", mediaType)
	require.Equal(t, "<script>\xff", text(t, r), "byte for byte")

	path, req := get("say?type=image/svg%2Bxml&text=no")
	req.Body = []byte("<svg/>")
	require.Equal(t, "<svg/>", text(t, lab.New(testEnv()).Handle(path, req)), "a body goes before the query")

	require.Equal(t, 400, handle("say?type=a%0d%0ab:c").Status)
	require.Equal(t, 400, handle("bytes/1?type=%ff").Status)
}

func TestBodiesCostNoMemory(t *testing.T) {
	const size = 256 << 20
	for _, route := range []string{"bytes/", "stream/", "json/"} {
		var before, after runtime.MemStats
		piece := make([]byte, 64<<10)
		runtime.ReadMemStats(&before)
		n, err := io.CopyBuffer(onlyWriter{io.Discard}, handle(route+strconv.Itoa(size)).Body, piece)
		runtime.ReadMemStats(&after)
		require.NoError(t, err)
		require.EqualValues(t, size, n)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20), route)
	}
}

// onlyWriter keeps io.CopyBuffer from reading in its own way.
type onlyWriter struct{ io.Writer }

func BenchmarkBytes(b *testing.B)  { benchmarkBody(b, "bytes/") }
func BenchmarkStream(b *testing.B) { benchmarkBody(b, "stream/") }

func benchmarkBody(b *testing.B, route string) {
	const size = 64 << 20
	piece := make([]byte, 64<<10)
	b.SetBytes(size)
	for b.Loop() {
		if _, err := io.CopyBuffer(onlyWriter{io.Discard}, handle(route+strconv.Itoa(size)).Body, piece); err != nil {
			b.Fatal(err)
		}
	}
}
