package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

func helper(t *testing.T, msg string) {
	t.Helper()
	t.Log("from helper", msg)
}

func TestPass(t *testing.T) { t.Log("hello", 1) }

func TestFail(t *testing.T) {
	helper(t, "x")
	t.Error("bad\nthing")
	t.Errorf("more %d", 2)
}

func TestFatal(t *testing.T) {
	defer func() { t.Log("deferred") }()
	t.Cleanup(func() { t.Log("cleanup") })
	t.Fatal("fatal")
	t.Log("never")
}

func TestSkip(t *testing.T) {
	t.Skip("not now")
}

func TestSub(t *testing.T) {
	for _, name := range []string{"a", "b c", "a", ""} {
		t.Run(name, func(t *testing.T) {
			t.Log("in", t.Name())
			if name == "b c" {
				t.Fail()
			}
			t.Run("deep", func(t *testing.T) { t.Log("deeper") })
		})
	}
	t.Log("after subs")
}

func TestParallel(t *testing.T) {
	for i := 0; i < 3; i++ {
		t.Run(fmt.Sprint("p", i), func(t *testing.T) {
			t.Parallel()
			t.Log("parallel", i)
		})
	}
	t.Log("group done")
}

func TestP1(t *testing.T) { t.Parallel(); t.Log("one") }
func TestP2(t *testing.T) { t.Parallel(); t.Log("two") }

func TestSetenv(t *testing.T) {
	t.Setenv("GOSIM_T", "v")
	if os.Getenv("GOSIM_T") != "v" {
		t.Fatal("env")
	}
}

func TestContext(t *testing.T) {
	ctx := t.Context()
	t.Cleanup(func() {
		if !errors.Is(ctx.Err(), context.Canceled) {
			t.Error("not canceled")
		}
	})
	if ctx.Err() != nil {
		t.Error("early")
	}
}

func TestSync(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		done := false
		go func() {
			time.Sleep(5 * time.Second)
			done = true
		}()
		time.Sleep(4 * time.Second)
		synctest.Wait()
		t.Log(done, time.Since(start))
		time.Sleep(time.Second)
		synctest.Wait()
		t.Log(done, time.Since(start))
	})
}

func TestSyncFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		t.Error("inner failure")
	})
	t.Log("not reached")
}

func TestOutput(t *testing.T) {
	fmt.Fprintf(t.Output(), "line one\npart")
	fmt.Fprintf(t.Output(), "ial\n")
}

func main() {
	os.Args = append(os.Args, "-test.v", "-test.parallel=1")
	defer fmt.Println("not reached")
	testing.Main(func(pat, str string) (bool, error) { return true, nil }, []testing.InternalTest{
		{"TestPass", TestPass},
		{"TestFail", TestFail},
		{"TestFatal", TestFatal},
		{"TestSkip", TestSkip},
		{"TestSub", TestSub},
		{"TestParallel", TestParallel},
		{"TestP1", TestP1},
		{"TestP2", TestP2},
		{"TestSetenv", TestSetenv},
		{"TestContext", TestContext},
		{"TestSync", TestSync},
		{"TestSyncFail", TestSyncFail},
		{"TestOutput", TestOutput},
	}, nil, nil)
}
