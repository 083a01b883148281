package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

var log []string

func l(s string, v int) int { log = append(log, s); return v }
func lb(s string, b bool) bool {
	log = append(log, s)
	return b
}
func ls(s string) []int { log = append(log, s); return []int{1, 2, 3} }
func lp(s string) *T    { log = append(log, s); return &T{} }
func lm(s string) map[string]int {
	log = append(log, s)
	return map[string]int{}
}

type T struct{ a, b int }

func (t *T) m(x int) *T { log = append(log, fmt.Sprint("m", x)); return t }
func (t T) v(x, y int) int {
	log = append(log, "v")
	return x + y
}
func dump() { fmt.Println(log); log = nil }
func two() (int, error) { return 1, errors.New("e") }

type Stringy string

func (s Stringy) Error() string { return "err:" + string(s) }
func fail(n int) (err error) {
	defer func() {
		if n == 2 {
			err = fmt.Errorf("wrapped: %w", err)
		}
	}()
	switch n {
	case 0:
		return nil
	case 1, 2:
		return Stringy("x")
	}
	return errors.Join(errors.New("a"), Stringy("b"))
}

type stack []string

func (s *stack) push(x string) { *s = append(*s, x) }
func (s *stack) pop() string {
	old := *s
	x := old[len(old)-1]
	*s = old[:len(old)-1]
	return x
}

func main() {
	_ = l("a", 1) + l("b", 2)*l("c", 3)
	dump()
	ls("s")[l("i", 0)] = l("v", 1)
	dump()
	ls("s")[l("i", 0)], lp("p").a = l("v", 1), l("w", 2)
	dump()
	lm("m")["k"] += l("x", 1)
	dump()
	_ = []int{l("1", 1), l("2", 2)}
	_ = map[int]int{l("k", 1): l("v", 2), l("k2", 3): l("v2", 4)}
	_ = T{b: l("b", 1), a: l("a", 2)}
	dump()
	lp("p").m(l("x", 1)).m(l("y", 2)).v(l("z", 3), l("w", 4))
	dump()
	if lb("t", true) || lb("no", false) {
	}
	if lb("f", false) && lb("no", false) || lb("yes", true) {
	}
	dump()
	for i := l("init", 0); lb("cond", i < 2); i += l("post", 1) {
	}
	dump()
	switch l("tag", 2) {
	case l("c1", 1), l("c2", 2), l("c3", 3):
	}
	dump()
	defer func() { dump() }()
	defer l("deferred", l("arg", 1))
	func() {
		defer func() { fmt.Println("rec", recover()); dump() }()
		var m map[string]int
		m["x"] = l("rhs", 1)
	}()
	func() {
		defer func() { fmt.Println("rec", recover()); dump() }()
		var p *T
		p.a = l("rhs", 1)
	}()
	func() {
		defer func() { fmt.Println("rec", recover()); dump() }()
		s := []int{}
		s[l("i", 5)] = l("rhs", 1)
	}()
	for n := range 4 {
		err := fail(n)
		var s Stringy
		fmt.Println(err, errors.As(err, &s), s == "")
	}
	x, err := two()
	y, err := two()
	fmt.Println(x, y, err)
	var st stack
	st.push("a")
	st.push("b")
	fmt.Println(st.pop(), st, len(st))
	var sb strings.Builder
	for i := 3; i > 0; i-- {
		fmt.Fprintf(&sb, "%d,", i)
	}
	fmt.Println(sb.String(), sb.Len())
	if len(os.Args) > 5 {
		return
	}
	i := 0
	a := []int{0, 0, 0}
	i, a[i] = 1, 5
	fmt.Println(i, a)
	a[0], i = 7, 2
	fmt.Println(i, a)
	b := [2][]int{{1}, {2}}
	b[0], b[1] = b[1], b[0]
	fmt.Println(b)
	var k int
	f := func() int { k++; return k }
	arr := [3]int{f(), f(), f()}
	fmt.Println(arr, f()+f()*f())
	c := make(chan int, 3)
	c <- f()
	c <- f()
	fmt.Println(<-c-<-c)
}
