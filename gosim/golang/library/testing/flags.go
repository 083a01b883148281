package testing

import (
	"os"
	"strconv"
	"strings"
	"time"
)

// The flags of a test binary: -test.v and so on.
var (
	parsed       bool
	chatty       bool
	short        bool
	failFast     bool
	pattern      string
	skipPattern  string
	benchPattern string
	listing      string
	count        = 1
	parallelism  = 1
	benchTimes   = 1
	timeout      = 10 * time.Minute
)

// Init registers the flags, in Go; here they are always there.
func Init() {}

func parse() {
	if parsed {
		return
	}
	parsed = true
	for _, arg := range os.Args[min(1, len(os.Args)):] {
		name, value, given := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		name, ok := strings.CutPrefix(name, "test.")
		if !ok {
			continue
		}
		yes := !given || value == "true" || value == "1" || value == "t"
		switch name {
		case "v":
			chatty = yes
		case "short":
			short = yes
		case "failfast":
			failFast = yes
		case "run":
			pattern = value
		case "skip":
			skipPattern = value
		case "bench":
			benchPattern = value
		case "list":
			listing = value
		case "count":
			count = number(value, count)
		case "parallel":
			parallelism = number(value, parallelism)
		case "benchtime":
			if n, ok := strings.CutSuffix(value, "x"); ok {
				benchTimes = number(n, benchTimes)
			}
		case "timeout":
			if d, err := time.ParseDuration(value); err == nil {
				timeout = d
			}
		}
	}
}

func number(text string, old int) int {
	if n, err := strconv.Atoi(text); err == nil && n > 0 {
		return n
	}
	return old
}

// Short tells whether -short was given.
func Short() bool {
	parse()
	return short
}

// Verbose tells whether -v was given.
func Verbose() bool {
	parse()
	return chatty
}

// Testing tells whether the program was made by go test.
//
//gosim:since 1.21
func Testing() bool {
	return testing()
}

func testing() bool

// CoverMode is "": coverage is not measured.
func CoverMode() string { return "" }

// Coverage is 0: coverage is not measured.
func Coverage() float64 { return 0 }

// selected tells whether -run and -skip let a test run.
func selected(name string, sub bool) bool {
	return (pattern == "" || matchAny(pattern, name, true)) &&
		(skipPattern == "" || !matchAny(skipPattern, name, false))
}

// matcher is what Main was given to match with; go test gives it regular expressions.
var matcher func(pat, str string) (bool, error)

func matches(pattern, name string) bool {
	if matcher == nil {
		return found(pattern, name)
	}
	ok, err := matcher(pattern, name)
	if err != nil {
		os.Stderr.WriteString("testing: invalid regexp for -test.run (" + strconv.Quote(pattern) + "): " + err.Error() + "\n")
		os.Exit(1)
	}
	return ok
}

// found tells whether a regular expression is found in a name.
func found(pattern, name string) bool

// matchAny matches a pattern of expressions, one for each level of subtests, several patterns with
// "|" between them; partial says that a test is taken that could have fitting subtests.
func matchAny(pattern, name string, partial bool) bool {
	names := strings.Split(name, "/")
	for _, elems := range split(pattern) {
		ok := partial || len(names) >= len(elems)
		for i, elem := range elems {
			if !ok || i == len(names) {
				break
			}
			ok = matches(rewrite(elem), names[i])
		}
		if ok {
			return true
		}
	}
	return false
}

// split cuts a pattern at each "|" and "/" outside of brackets and parentheses.
func split(pattern string) [][]string {
	var all [][]string
	var elems []string
	depth, class, start := 0, 0, 0
	for i := 0; i <= len(pattern); i++ {
		if i < len(pattern) {
			switch c := pattern[i]; {
			case c == '[':
				class++
			case c == ']':
				class = max(class-1, 0)
			case c == '(' && class == 0:
				depth++
			case c == ')' && class == 0:
				depth--
			case c == '\\':
				i++
			}
			if class > 0 || depth > 0 || i >= len(pattern) || pattern[i] != '/' && pattern[i] != '|' {
				continue
			}
		}
		elems = append(elems, pattern[start:min(i, len(pattern))])
		start = i + 1
		if i >= len(pattern) || pattern[i] == '|' {
			all = append(all, elems)
			elems = nil
		}
	}
	return all
}
