package syntax_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core/syntax"
)

// The examples of RFC 9651, section 3, read and written again.
func TestStructuredFieldsOfTheRFC(t *testing.T) {
	for _, text := range []string{
		"sugar, tea, rum", // 3.1
		`("foo" "bar"), ("baz"), ("bat" "one"), ()`,     // 3.1.1
		`("foo";a=1;b=2);lvl=5, ("bar" "baz");lvl=1`,    // 3.1.1
		"abc;a=1;b=2;cde_456, (ghi;jk=4 l);q=\"9\";r=w", // 3.1.2
		"1;a;b=?0", // 3.1.2
	} {
		list, err := syntax.ParseList(text)
		require.NoError(t, err, text)
		require.Equal(t, text, syntax.FormatList(list))
	}
	for _, text := range []string{
		`en="Applepie", da=:w4ZibGV0w6ZydGU=:`,   // 3.2
		"a=?0, b, c;foo=bar",                     // 3.2
		"rating=1.5, feelings=(joy sadness)",     // 3.2
		"a=(1 2), b=3, c=4;aa=bb, d=(5 6);valid", // 3.2
	} {
		members, err := syntax.ParseDictionary(text)
		require.NoError(t, err, text)
		require.Equal(t, text, syntax.FormatDictionary(members))
	}
	for text, want := range map[string]syntax.Bare{
		"5":             {Kind: syntax.IntegerItem, Number: 5},
		"-42":           {Kind: syntax.IntegerItem, Number: -42},
		"4.5":           {Kind: syntax.DecimalItem, Number: 4500},
		`"hello world"`: {Kind: syntax.StringItem, Text: "hello world"},
		"foo123/456":    {Kind: syntax.TokenItem, Text: "foo123/456"},
		":cHJldGVuZCB0aGlzIGlzIGJpbmFyeSBjb250ZW50Lg==:": {Kind: syntax.BytesItem, Text: "pretend this is binary content."},
		"?1":          {Kind: syntax.BooleanItem, Number: 1},
		"@1659578233": {Kind: syntax.DateItem, Number: 1659578233},
		`%"This is intended for display to %c3%bcsers."`: {Kind: syntax.DisplayItem, Text: "This is intended for display to üsers."},
	} {
		item, err := syntax.ParseItem(text)
		require.NoError(t, err, text)
		require.Equal(t, want, item.Bare)
		require.Equal(t, text, item.String())
		require.True(t, want.Valid())
	}
}

func TestStructuredFieldsAreWrittenInOneWay(t *testing.T) {
	for text, want := range map[string]string{
		"-0": "0", "007": "7", "4.000": "4.0", "1.50": "1.5", "-0.0": "0.0", "-0.25": "-0.25", "0.001": "0.001", "  a;x=?1;  y": "a;x;y",
		"a;x=1;y;x=2": "a;x=2;y", `%"%41%25%22"`: `%"A%25%22"`, "@-007": "@-7",
	} {
		item, err := syntax.ParseItem(text)
		require.NoError(t, err, text)
		require.Equal(t, want, item.String())
	}
}

func TestStructuredFieldsAreReadStrictly(t *testing.T) {
	for text, want := range map[string]string{
		`"@method" "x`: "the quote is not closed, at character 11",
		`"a" "b",`:     "a space is missing, at character 8",
		`"a""b"`:       "a space is missing, at character 4",
		`"a";Name`:     "a name is missing, which begins with a small letter or “*”, at character 5",
		`"é"`:          "a string has only printable ASCII characters, at character 2",
		`"a\b"`:        "a backslash stands only in front of a quote or a backslash, at character 4",
		`("a")`:        "a value is missing, at character 1",
		`"a";x=`:       "a value is missing, at character 7",
		`:_-8=:`:       "what stands between the colons is base64url; base64 has “+” and “/” in the place of “-” and “_”, at character 1",
		`:YQ:`:         "what stands between the colons is not base64 with its padding, at character 1",
		"\"a\"\t\"b\"": "a space is missing, at character 4",
	} {
		_, err := syntax.ParseInnerList(text)
		require.EqualError(t, err, want, text)
		var wrong *syntax.StructureError
		require.ErrorAs(t, err, &wrong)
	}
	for _, text := range []string{"a=1,", ",a", "a=1 b", "A=1", "a=", "a=(1", "a=:YQ:", "a=:YR==:", "a=:Y Q==:", "a=?2", "a=%\"%C3%BC\"",
		"a=%\"%c3\"", "a=@1.5", "a=1.", "a=1.2345", "a=1234567890123456", "a=1234567890123.4", "a=-", "a=\"b", "a\x00", "a=1\u00a0", "\ta"} {
		_, err := syntax.ParseDictionary(text)
		require.Error(t, err, "%q", text)
	}
}

func TestStructuredFieldsWithRepeatedKeys(t *testing.T) {
	members, err := syntax.ParseDictionary("a=1, b;x=1;y=2;x=3,\t a=3 ")
	require.NoError(t, err)
	require.Equal(t, "a=3, b;x=3;y=2", syntax.FormatDictionary(members))
}

func TestWhatNoStructuredFieldCanHold(t *testing.T) {
	for _, b := range []syntax.Bare{
		{}, {Kind: syntax.IntegerItem, Number: 1e15}, {Kind: syntax.DateItem, Number: -1e15}, {Kind: syntax.DecimalItem, Number: 1e15},
		{Kind: syntax.StringItem, Text: "é"}, {Kind: syntax.StringItem, Text: "\n"}, {Kind: syntax.TokenItem}, {Kind: syntax.TokenItem, Text: "1a"},
		{Kind: syntax.TokenItem, Text: "a b"}, {Kind: syntax.BooleanItem, Number: 2}, {Kind: syntax.DisplayItem, Text: "\xff"},
	} {
		require.False(t, b.Valid(), "%v", b)
	}
}

// RFC 9651, section 1.2, has every parser take 1024 members and 256 parameters; each is compared with those before it.
func TestStructuredFieldsAreReadWithinLimits(t *testing.T) {
	numbered := func(n int, between string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString("k" + strconv.Itoa(i) + between)
		}
		return strings.TrimSuffix(b.String(), between)
	}
	for n, fits := range map[int]bool{1024: true, 4096: true, 4097: false, 60000: false} {
		members, err := syntax.ParseDictionary(numbered(n, ","))
		require.Equal(t, fits, err == nil, n)
		require.True(t, !fits || len(members) == n)
		item, err := syntax.ParseItem("a;" + numbered(n, ";"))
		require.Equal(t, fits, err == nil, n)
		require.True(t, !fits || len(item.Params) == n)
	}
}
