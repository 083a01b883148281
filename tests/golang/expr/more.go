package main

import (
	"errors"
	"fmt"
	"strings"
	"sync"
)

type Visitor interface {
	Visit(n Node) (w Visitor)
}
type Node interface{ Children() []Node }
type Leaf struct{ v int }
type Branch struct{ kids []Node }

func (Leaf) Children() []Node     { return nil }
func (b *Branch) Children() []Node { return b.kids }

type counter struct{ n *int }

func (c counter) Visit(n Node) Visitor { *c.n++; return c }
func Walk(v Visitor, n Node) {
	if v = v.Visit(n); v == nil {
		return
	}
	for _, k := range n.Children() {
		Walk(v, k)
	}
}

type State int

const (
	Idle State = iota
	Running
	Done
)

var names = map[State]string{Idle: "idle", Running: "running", Done: "done"}

func (s State) String() string { return names[s] }

type Option func(*Config)
type Config struct {
	name    string
	retries int
	tags    []string
}

func WithName(n string) Option { return func(c *Config) { c.name = n } }
func WithTags(t ...string) Option {
	return func(c *Config) { c.tags = append(c.tags, t...) }
}
func New(opts ...Option) *Config {
	c := &Config{retries: 3}
	for _, o := range opts {
		o(c)
	}
	return c
}

type NotFound struct{ Key string }

func (e NotFound) Error() string        { return "not found: " + e.Key }
func (e NotFound) Is(target error) bool { _, ok := target.(NotFound); return ok }

var ErrBase = errors.New("base")

func find(m map[string]int, k string) (int, error) {
	if v, ok := m[k]; ok {
		return v, nil
	}
	return 0, fmt.Errorf("find %q: %w", k, NotFound{k})
}

type Event struct {
	Name string
	Data map[string]any
}
type Handler func(Event) error
type Bus struct {
	mu       sync.RWMutex
	handlers map[string][]Handler
}

func (b *Bus) On(n string, h Handler) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.handlers == nil {
		b.handlers = make(map[string][]Handler)
	}
	b.handlers[n] = append(b.handlers[n], h)
}
func (b *Bus) Emit(e Event) (err error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for i, h := range b.handlers[e.Name] {
		if e := h(e); e != nil {
			err = errors.Join(err, fmt.Errorf("handler %d: %w", i, e))
		}
	}
	return
}

type LinkedList[T comparable] struct {
	head, tail *elem[T]
	n          int
}
type elem[T comparable] struct {
	v    T
	next *elem[T]
}

func (l *LinkedList[T]) Push(vs ...T) *LinkedList[T] {
	for _, v := range vs {
		e := &elem[T]{v: v}
		if l.tail == nil {
			l.head, l.tail = e, e
		} else {
			l.tail.next = e
			l.tail = e
		}
		l.n++
	}
	return l
}
func (l *LinkedList[T]) Has(v T) bool {
	for e := l.head; e != nil; e = e.next {
		if e.v == v {
			return true
		}
	}
	return false
}
func (l *LinkedList[T]) All() func(yield func(int, T) bool) {
	return func(yield func(int, T) bool) {
		i := 0
		for e := l.head; e != nil; e = e.next {
			if !yield(i, e.v) {
				return
			}
			i++
		}
	}
}

type Matrix [][]float64

func (m Matrix) String() string {
	var sb strings.Builder
	for _, r := range m {
		sb.WriteString(fmt.Sprint(r) + "\n")
	}
	return sb.String()
}

type Embedded struct {
	*sync.Mutex
	Logger
	count int
}
type Logger interface{ Log(string) }
type prefix string

func (p prefix) Log(s string) { fmt.Println(string(p) + s) }

func divmod(a, b int) (q, r int, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = e.(error)
		}
	}()
	q = a / b
	r = a % b
	return
}
func fibs() func() int {
	a, b := 0, 1
	return func() int {
		defer func() { a, b = b, a+b }()
		return a
	}
}

func main() {
	n := 0
	Walk(counter{&n}, &Branch{[]Node{Leaf{1}, &Branch{[]Node{Leaf{2}, Leaf{3}}}}})
	fmt.Println(n)
	fmt.Println(Idle, Running, Done, State(9), []State{Done})
	fmt.Printf("%v %d %s %q %x\n", Running, Running, Running, Running, Running)
	c := New(WithName("x"), WithTags("a", "b"))
	fmt.Printf("%+v\n", *c)
	_, err := find(map[string]int{"a": 1}, "b")
	var nf NotFound
	fmt.Println(err, errors.Is(err, NotFound{}), errors.As(err, &nf), nf.Key)
	bus := &Bus{}
	bus.On("e", func(e Event) error { fmt.Println(e.Name, e.Data["k"]); return nil })
	bus.On("e", func(e Event) error { return ErrBase })
	bus.On("e", func(e Event) error { return NotFound{"q"} })
	err = bus.Emit(Event{"e", map[string]any{"k": []int{1}}})
	fmt.Println(err)
	fmt.Println(errors.Is(err, ErrBase), errors.Is(err, NotFound{"zz"}))
	l := (&LinkedList[string]{}).Push("a", "b", "c")
	fmt.Println(l.Has("b"), l.Has("z"), l.n)
	for i, v := range l.All() {
		if i == 2 {
			break
		}
		fmt.Print(i, v, " ")
	}
	fmt.Println()
	fmt.Print(Matrix{{1, 2}, {3.5, 4}})
	e := Embedded{&sync.Mutex{}, prefix("> "), 0}
	e.Lock()
	e.Log("locked")
	e.Unlock()
	fmt.Println(divmod(7, 2))
	fmt.Println(divmod(7, 0))
	f := fibs()
	for range 10 {
		fmt.Print(f(), " ")
	}
	fmt.Println()
	type pair struct {
		k string
		v int
	}
	ps := []pair{{"a", 1}, {"b", 2}}
	idx := map[string]*pair{}
	for i := range ps {
		idx[ps[i].k] = &ps[i]
	}
	idx["a"].v = 100
	fmt.Println(ps, len(idx))
	var once sync.Once
	for range 3 {
		once.Do(func() { fmt.Println("once") })
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for i := range 10 {
		wg.Add(1)
		go func(k int) {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			total += k * i
		}(i)
	}
	wg.Wait()
	fmt.Println(total)
	results := make(chan struct {
		id  int
		err error
	}, 3)
	for i := range 3 {
		go func() {
			var err error
			if i == 1 {
				err = fmt.Errorf("job %d", i)
			}
			results <- struct {
				id  int
				err error
			}{i, err}
		}()
	}
	sum := 0
	for range 3 {
		r := <-results
		sum += r.id
		if r.err != nil {
			fmt.Println(r.err)
		}
	}
	fmt.Println(sum)
	var v Visitor = counter{&n}
	if cc, ok := v.(counter); ok {
		*cc.n = 0
	}
	fmt.Println(n)
	func() {
		defer func() {
			r := recover()
			fmt.Printf("%T %v\n", r, r)
			func() {
				defer func() { fmt.Println("nested", recover()) }()
				panic(fmt.Sprint("again ", r))
			}()
		}()
		var arr [3]int
		i := 3
		arr[i%4] = 1
	}()
	x := 5
	px := &x
	ppx := &px
	**ppx = 6
	fmt.Println(x, *px == **ppx)
	type Celsius float64
	type Temp interface{ ~float64 }
	fmt.Println(Celsius(36.6)+0.4, fmt.Sprintf("%.1f", Celsius(1)/3))
	goto end
end:
	fmt.Println("end")
}
