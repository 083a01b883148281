// What golang.org/x/sync does with GOMAXPROCS=1, one row per argument; tests/test_errgroup.py and
// tests/test_semaphore.py say the same in Python and compare the lines printed.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

const ms = time.Millisecond

var errBoom = errors.New("boom")

func caught(f func()) (text string) {
	defer func() {
		if x := recover(); x != nil {
			text = fmt.Sprint(x)
		}
	}()
	f()
	return "no panic"
}

var rows = map[string]func(){
	"group_first_error": func() {
		var g errgroup.Group
		for i := 0; i < 4; i++ {
			i := i
			g.Go(func() error {
				time.Sleep(time.Duration(4-i) * ms)
				fmt.Print(i, " ")
				if i%2 == 1 {
					return fmt.Errorf("error of %d", i)
				}
				return nil
			})
		}
		fmt.Print(g.Wait(), " ", g.Wait())
	},
	"group_no_error": func() {
		var g errgroup.Group
		g.Go(func() error { return nil })
		fmt.Print(g.Wait())
	},
	"group_context": func() {
		g, ctx := errgroup.WithContext(context.Background())
		for i := 0; i < 3; i++ {
			i := i
			g.Go(func() error {
				select {
				case <-ctx.Done():
					fmt.Print(i, " ", ctx.Err(), " ", context.Cause(ctx), "\n")
					return ctx.Err()
				case <-time.After(time.Duration(i+1) * 5 * ms):
					fmt.Print(i, " fails\n")
					return errBoom
				}
			})
		}
		fmt.Println(g.Wait())
		fmt.Println(ctx.Err(), context.Cause(ctx))
	},
	"group_context_ends_with_wait": func() {
		g, ctx := errgroup.WithContext(context.Background())
		g.Go(func() error { return nil })
		fmt.Println(g.Wait(), ctx.Err(), context.Cause(ctx))
	},
	"group_limit": func() {
		var g errgroup.Group
		g.SetLimit(2)
		active := 0
		for i := 0; i < 6; i++ {
			i := i
			g.Go(func() error {
				active++
				fmt.Print(i, ":", active, " ")
				time.Sleep(ms)
				active--
				return nil
			})
			fmt.Print("started", i, " ")
		}
		g.Wait()
		fmt.Print(active)
	},
	"group_try_go": func() {
		var g errgroup.Group
		g.SetLimit(1)
		ok := func() error { time.Sleep(ms); return nil }
		fmt.Print(g.TryGo(ok), g.TryGo(ok), " ")
		fmt.Print(caught(func() { g.SetLimit(3) }), " ")
		g.Wait()
		g.SetLimit(0)
		fmt.Print(g.TryGo(ok), " ")
		g.SetLimit(-1)
		fmt.Print(g.TryGo(ok), g.TryGo(ok))
		g.Wait()
	},
	"group_goexit": func() {
		var g errgroup.Group
		g.SetLimit(1)
		g.Go(func() error { runtime.Goexit(); return errBoom })
		g.Go(func() error { fmt.Print("next "); return nil })
		fmt.Print(g.Wait())
	},
	"group_panic": func() {
		var g errgroup.Group
		g.Go(func() error { panic("boom") })
		g.Wait()
		fmt.Print("not reached")
	},
	"sem_fifo": func() {
		s := semaphore.NewWeighted(3)
		ctx := context.Background()
		s.Acquire(ctx, 3)
		for i, n := range []int64{3, 1, 1, 2} {
			i, n := i, n
			go func() {
				s.Acquire(ctx, n)
				fmt.Print(i, " ")
				time.Sleep(ms)
				s.Release(n)
			}()
			time.Sleep(2 * ms)
		}
		fmt.Print(s.TryAcquire(1), " ")
		s.Release(1)
		fmt.Print(s.TryAcquire(1), " ")
		s.Release(2)
		time.Sleep(20 * ms)
		fmt.Print(s.TryAcquire(3), s.TryAcquire(1))
	},
	"sem_context_ends": func() {
		s := semaphore.NewWeighted(2)
		ctx, cancel := context.WithTimeout(context.Background(), 5*ms)
		defer cancel()
		fmt.Println(s.Acquire(ctx, 1))
		fmt.Println(s.Acquire(ctx, 2))
		fmt.Println(s.Acquire(ctx, 1))
		fmt.Println(s.TryAcquire(1))
	},
	// The large request at the front gives up: the small ones behind it must be let in.
	"sem_front_gives_up": func() {
		s := semaphore.NewWeighted(2)
		bg := context.Background()
		ctx, cancel := context.WithCancel(bg)
		s.Acquire(bg, 1)
		go func() { fmt.Print("large ", s.Acquire(ctx, 2), " ") }()
		time.Sleep(2 * ms)
		go func() { fmt.Print("small ", s.Acquire(bg, 1), " ") }()
		time.Sleep(2 * ms)
		cancel()
		time.Sleep(2 * ms)
	},
	"sem_too_large": func() {
		s := semaphore.NewWeighted(2)
		ctx, cancel := context.WithTimeout(context.Background(), 2*ms)
		defer cancel()
		fmt.Print(s.Acquire(ctx, 3), " ", s.TryAcquire(3), s.TryAcquire(2))
	},
	"sem_released_too_much": func() {
		s := semaphore.NewWeighted(2)
		s.Acquire(context.Background(), 1)
		fmt.Println(caught(func() { s.Release(2) }))
		fmt.Println(s.TryAcquire(2), s.TryAcquire(1))
	},
	"sem_release_wakes_several": func() {
		s := semaphore.NewWeighted(4)
		ctx := context.Background()
		s.Acquire(ctx, 4)
		for i := 0; i < 4; i++ {
			i := i
			go func() {
				s.Acquire(ctx, 1)
				fmt.Print(i, " ")
			}()
			time.Sleep(2 * ms)
		}
		s.Release(4)
		fmt.Print("released ")
		time.Sleep(2 * ms)
	},
}

func main() {
	rows[os.Args[1]]()
	fmt.Println()
}
