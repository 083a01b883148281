package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"container/heap"
	"container/list"
	"container/ring"
)

type Limiter struct {
	tokens chan struct{}
	stop   chan struct{}
}

func NewLimiter(n int, every time.Duration) *Limiter {
	l := &Limiter{make(chan struct{}, n), make(chan struct{})}
	for i := 0; i < n; i++ {
		l.tokens <- struct{}{}
	}
	go func() {
		t := time.NewTicker(every)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				select {
				case l.tokens <- struct{}{}:
				default:
				}
			case <-l.stop:
				return
			}
		}
	}()
	return l
}
func (l *Limiter) Wait(ctx context.Context) error {
	select {
	case <-l.tokens:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("limiter: %w", ctx.Err())
	}
}

type Item struct {
	val   string
	prio  int
	index int
}
type PQ []*Item

func (p PQ) Len() int           { return len(p) }
func (p PQ) Less(i, j int) bool { return p[i].prio > p[j].prio }
func (p PQ) Swap(i, j int)      { p[i], p[j] = p[j], p[i]; p[i].index = i; p[j].index = j }
func (p *PQ) Push(x any)        { it := x.(*Item); it.index = len(*p); *p = append(*p, it) }
func (p *PQ) Pop() any {
	o := *p
	n := len(o)
	it := o[n-1]
	o[n-1] = nil
	*p = o[:n-1]
	return it
}

type Server struct {
	http   *struct{ addr string }
	ctx    context.Context
	cancel context.CancelFunc
	once   sync.Once
	wg     sync.WaitGroup
	reqs   atomic.Int32
	state  atomic.Value
	cfg    atomic.Pointer[Config]
}
type Config struct {
	Name string
	Tags []string
}

func (s *Server) Start() {
	s.ctx, s.cancel = context.WithCancel(context.Background())
	for i := range 3 {
		s.wg.Add(1)
		go s.loop(i)
	}
}
func (s *Server) loop(i int) {
	defer s.wg.Done()
	t := time.NewTimer(time.Duration(i+1) * 10 * time.Millisecond)
	for {
		select {
		case <-t.C:
			s.reqs.Add(1)
			t.Reset(10 * time.Millisecond)
		case <-s.ctx.Done():
			if !t.Stop() {
				select {
				case <-t.C:
				default:
				}
			}
			return
		}
	}
}
func (s *Server) Close() error {
	err := errors.New("already closed")
	s.once.Do(func() { s.cancel(); s.wg.Wait(); err = nil })
	return err
}

func main() {
	l := NewLimiter(2, 10*time.Millisecond)
	ctx, cancel := context.WithTimeout(context.Background(), 35*time.Millisecond)
	defer cancel()
	for i := 0; ; i++ {
		if err := l.Wait(ctx); err != nil {
			fmt.Println(i, err, errors.Is(err, context.DeadlineExceeded), os.IsTimeout(errors.Unwrap(err)))
			break
		}
		fmt.Println("req", i)
	}
	close(l.stop)
	pq := &PQ{}
	heap.Init(pq)
	for i, w := range strings.Fields("d a c b") {
		heap.Push(pq, &Item{val: w, prio: (i * 7) % 5})
	}
	(*pq)[2].prio = 100
	heap.Fix(pq, 2)
	for pq.Len() > 0 {
		it := heap.Pop(pq).(*Item)
		fmt.Print(it.val, ":", it.prio, " ")
	}
	fmt.Println()
	ll := list.New()
	ll.PushBack(1)
	ll.PushFront("x")
	for e := ll.Front(); e != nil; e = e.Next() {
		fmt.Print(e.Value, " ")
	}
	r := ring.New(3)
	for i := 0; i < 3; i++ {
		r.Value = i
		r = r.Next()
	}
	r.Do(func(x any) { fmt.Print(x, ";") })
	fmt.Println()
	s := &Server{}
	s.cfg.Store(&Config{"n", []string{"a"}})
	s.state.Store("new")
	s.Start()
	time.Sleep(65 * time.Millisecond)
	fmt.Println(s.Close(), s.Close(), s.reqs.Load(), s.state.Load(), *s.cfg.Load())
	rng := rand.New(rand.NewSource(42))
	fmt.Println(rng.Intn(100), rng.Perm(5), rng.Float64(), rng.Int63())
	fmt.Println(runtime.NumGoroutine(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU() > 0, runtime.Version() != "")
	var m sync.Map
	m.Store("a", 1)
	v, ok := m.LoadOrStore("a", 2)
	fmt.Println(v, ok)
	m.Range(func(k, v any) bool { fmt.Println(k, v); return true })
	p := sync.Pool{New: func() any { return new(strings.Builder) }}
	b := p.Get().(*strings.Builder)
	b.WriteString("hi")
	fmt.Println(b)
	once := sync.OnceValue(func() int { fmt.Println("computing"); return 7 })
	fmt.Println(once(), once())
	af := time.AfterFunc(time.Millisecond, func() { fmt.Println("after") })
	time.Sleep(2 * time.Millisecond)
	fmt.Println(af.Stop())
	stop := context.AfterFunc(ctx, func() { fmt.Println("ctx done already") })
	time.Sleep(time.Millisecond)
	fmt.Println(stop())
	defer func() {
		if r := recover(); r != nil {
			fmt.Printf("%v %T\n", r, r)
			var re runtime.Error
			if e, ok := r.(error); ok && errors.As(e, &re) {
				fmt.Println("runtime error")
			}
			defer fmt.Println("last")
			panic(fmt.Errorf("wrapped: %w", r.(error)))
		}
	}()
	ch := make(chan int)
	close(ch)
	close(ch)
}
