// Records what package strings answers: go run strings.go > strings.json
package main

import (
	"encoding/json"
	"os"
	"strings"
	"unicode"
)

func bytes(s string) []int {
	out := make([]int, len(s))
	for i := range len(s) {
		out[i] = int(s[i])
	}
	return out
}

func conv(v any) any {
	switch v := v.(type) {
	case string:
		return bytes(v)
	case []string:
		if v == nil {
			return nil
		}
		out := make([][]int, len(v))
		for i, s := range v {
			out[i] = bytes(s)
		}
		return out
	}
	return v
}

var enc = json.NewEncoder(os.Stdout)

func add(f string, want any, args ...any) {
	for i, a := range args {
		args[i] = conv(a)
	}
	if err := enc.Encode([]any{f, args, conv(want)}); err != nil {
		panic(err)
	}
}

func main() {
	texts := []string{"", "a", "abc", "aXbXc", "  two  words ", "\t\n x\v\f\r", "héllo wörld", "日本語", "a\xffb\xfe\xfec", "\xff", "☺☻☹", "ßǆİıſKÅ", "\u00a0x\u2003y\u3000",
		"\u0085n\u0085", "x\x1cy\x1fz", "aaaa", "AbC dEf", "\u2028", "e\u0301", "\xe2\x98", "\U0001f600 ok", "ﬃ ŉ ǰ ΐ", "Σσς", "ᾳ ᾼ", "a.b.c", "..", "ﬆ\u1e9e"}
	pieces := []string{"", "a", "X", " ", "b", "aa", "ö", "本", "\xff", "\xfe", "☻", "\ufffd", "xyz", "é\xff", ".", "\u00a0", "\x85", "aX", "\u2003 "}
	for _, s := range texts {
		add("Fields", strings.Fields(s), s)
		add("TrimSpace", strings.TrimSpace(s), s)
		add("ToUpper", strings.ToUpper(s), s)
		add("ToLower", strings.ToLower(s), s)
		add("ToTitle", strings.ToTitle(s), s)
		for _, p := range pieces {
			add("Contains", strings.Contains(s, p), s, p)
			add("Count", strings.Count(s, p), s, p)
			add("HasPrefix", strings.HasPrefix(s, p), s, p)
			add("HasSuffix", strings.HasSuffix(s, p), s, p)
			add("Index", strings.Index(s, p), s, p)
			add("LastIndex", strings.LastIndex(s, p), s, p)
			add("IndexAny", strings.IndexAny(s, p), s, p)
			add("LastIndexAny", strings.LastIndexAny(s, p), s, p)
			add("Trim", strings.Trim(s, p), s, p)
			add("TrimLeft", strings.TrimLeft(s, p), s, p)
			add("TrimRight", strings.TrimRight(s, p), s, p)
			add("ToValidUTF8", strings.ToValidUTF8(s, p), s, p)
			for _, n := range []int{-1, 0, 1, 2, 3, 100} {
				add("SplitN", strings.SplitN(s, p, n), s, p, n)
				add("SplitAfterN", strings.SplitAfterN(s, p, n), s, p, n)
				add("Replace", strings.Replace(s, p, "<é>", n), s, p, "<é>", n)
			}
		}
		for _, c := range []byte{'a', 0xff, 0xc3, 0} {
			add("IndexByte", strings.IndexByte(s, c), s, c)
			add("LastIndexByte", strings.LastIndexByte(s, c), s, c)
		}
		for _, r := range []rune{'a', 'ö', '本', 0xfffd, -1, 0xd800, 0x110000, '😀', 0xff} {
			add("IndexRune", strings.IndexRune(s, r), s, r)
		}
		for _, pairs := range [][]string{{}, {"a", "1", "b", "2"}, {"a", "1", "aa", "2"}, {"aa", "2", "a", "1"}, {"", "-"}, {"", "-", "a", "1"}, {"a", "1", "", "-"}, {"a", "1", "a", "2"},
			{"b", "", "X", "YY", "日", "n"}, {"\xff", "?", "é", "e"}, {".", "|", "..", "||"}, {"ab", "1", "abc", "2", "", "X"}} {
			add("Replacer", strings.NewReplacer(pairs...).Replace(s), s, pairs)
		}
	}
	for _, p := range pieces {
		add("Join", strings.Join(texts, p), texts, p)
		add("Join", strings.Join(nil, p), []string{}, p)
	}
	// All characters that have a case, by what they become.
	for r := rune(0x80); r <= 0x2ffff; r++ {
		if u := unicode.ToUpper(r); u != r && unicode.Is(unicode.L, r) {
			add("upper", string(u), string(r))
		}
		if l := unicode.ToLower(r); l != r && unicode.Is(unicode.L, r) {
			add("lower", string(l), string(r))
		}
		if t := unicode.ToTitle(r); t != r && t != unicode.ToUpper(r) {
			add("title", string(t), string(r))
		}
	}
}
