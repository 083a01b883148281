package main

import (
	"fmt"
	"os"
	"testing"
)

func ExampleGood() {
	fmt.Println("hello")
	fmt.Fprintln(os.Stdout, "world")
}

func ExampleBad() {
	fmt.Println("one")
}

func ExampleUnordered() {
	fmt.Println("b")
	fmt.Println("a")
}

func BenchmarkNothing(b *testing.B) {
	for i := 0; i < b.N; i++ {
	}
}

func TestAllocs(t *testing.T) {
	var sink []byte
	n := testing.AllocsPerRun(10, func() { sink = make([]byte, 100) })
	t.Log(n, len(sink))
	if testing.Short() || testing.CoverMode() != "" {
		t.Error("short")
	}
}

func TestUnique(t *testing.T) {
	for _, name := range []string{"x", "x", "x#01", "", "a/b", "sp ace", "\u00e9\x01"} {
		t.Run(name, func(t *testing.T) {})
	}
}

func TestOrder(t *testing.T) {
	t.Cleanup(func() { t.Log("first registered, last run") })
	t.Cleanup(func() { t.Log("last registered, first run") })
	defer t.Log("deferred")
	t.Run("nested", func(t *testing.T) {
		t.Cleanup(func() { t.Log("nested cleanup") })
		t.Run("deeper", func(t *testing.T) {
			t.Errorf("two\nlines")
			t.SkipNow()
		})
		if !t.Run("fine", func(t *testing.T) {}) {
			t.Error("no")
		}
	})
	t.Logf("%v %v", t.Failed(), t.Skipped())
}

func TestParallelSubs(t *testing.T) {
	for _, name := range []string{"a", "b", "c"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "b" {
				t.Fatal("b fails")
			}
		})
	}
	t.Log("before they go on")
}

func main() {
	os.Args = append(os.Args, "-test.v", "-test.parallel=1")
	defer fmt.Println("never")
	testing.Main(func(pat, str string) (bool, error) { return true, nil },
		[]testing.InternalTest{{"TestAllocs", TestAllocs}, {"TestUnique", TestUnique}, {"TestOrder", TestOrder}, {"TestParallelSubs", TestParallelSubs}},
		[]testing.InternalBenchmark{{"BenchmarkNothing", BenchmarkNothing}},
		[]testing.InternalExample{
			{"ExampleGood", ExampleGood, "hello\nworld\n", false},
			{"ExampleBad", ExampleBad, "two\n", false},
			{"ExampleUnordered", ExampleUnordered, "a\nb\n", true},
		})
}
