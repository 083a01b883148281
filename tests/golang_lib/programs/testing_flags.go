package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func leaf(t *testing.T) { fmt.Println("ran", t.Name()) }

func TestA(t *testing.T) {
	for _, name := range []string{"one", "two x", "three"} {
		t.Run(name, func(t *testing.T) {
			leaf(t)
			t.Run("deep", leaf)
		})
	}
}

func TestB(t *testing.T) { leaf(t) }

func TestFail(t *testing.T) { t.Fail() }

func TestLast(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	leaf(t)
}

var tests = []testing.InternalTest{{"TestA", TestA}, {"TestB", TestB}, {"TestFail", TestFail}, {"TestLast", TestLast}}

func main() {
	// Only one set of flags can be tried in a process that parses them once.
	os.Args = append(os.Args, "-test.v", "-test.run=TestA/t.*/d|TestB|Last|Fail", "-test.skip=A/three|Nothing/x", "-test.short", "-test.failfast", "-test.count=2")
	match := func(pat, str string) (bool, error) {
		return strings.Contains(str, strings.Trim(pat, ".*")), nil
	}
	testing.Main(match, tests, nil, nil)
}
