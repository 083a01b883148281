package main

import "fmt"

var log []string

func t(s string, v int) int { log = append(log, s); return v }
func b(s string, v bool) bool {
	log = append(log, s)
	return v
}
func p(s string) *int { log = append(log, s); return new(int) }

type T struct{ f [3]int }

func (x T) m(i int) T       { log = append(log, fmt.Sprint("m", i)); return x }
func (x *T) pm(i int) *T    { log = append(log, fmt.Sprint("pm", i)); return x }
func two(s string) (int, int) { log = append(log, s); return 1, 2 }
func sl(s string) []int      { log = append(log, s); return []int{1, 2, 3} }
func mp(s string) map[int]int {
	log = append(log, s)
	return map[int]int{}
}
func fn(s string) func(int, int) int {
	log = append(log, s)
	return func(a, b int) int { log = append(log, "call"); return a + b }
}

func show(name string) {
	fmt.Println(name, log)
	log = nil
}

func panics(f func()) {
	defer func() { recover(); show("panicked") }()
	f()
}

func main() {
	sl("s")[t("i", 1)] = t("v", 5)
	show("index assign")
	mp("m")[t("k", 1)] += t("v", 2)
	show("map op")
	*p("p") = t("v", 3)
	show("star")
	sl("a")[t("i", 0)], sl("b")[t("j", 1)] = two("two")
	show("tuple from call")
	sl("a")[t("i", 0)], *p("p") = t("x", 1), t("y", 2)
	show("tuple")
	fn("f")(t("a", 1), t("b", 2))
	show("call")
	_ = []int{t("0", 0), t("1", 1), t("2", 2)}
	_ = map[int]int{t("k1", 1): t("v1", 1), t("k2", 2): t("v2", 2)}
	show("literals")
	_ = b("x", true) && b("y", false) || b("z", true)
	show("logic")
	T{}.m(t("a", 1)).m(t("b", 2))
	(&T{}).pm(t("a", 1)).pm(t("b", 2))
	show("chain")
	switch t("tag", 2) {
	case t("c1", 1), t("c2", 2), t("c3", 3):
	case t("c4", 4):
	}
	show("switch")
	for i := t("init", 0); i < t("cond", 2); i += t("post", 1) {
	}
	show("for")
	for range sl("range") {
	}
	show("range")
	defer func(a, b int) { show("deferred") }(t("d1", 1), t("d2", 2))
	show("defer")
	done := make(chan bool)
	go func(int) { close(done) }(t("go", 1))
	<-done
	show("go")
	panics(func() { sl("s")[t("i", 9)] = t("v", 1) })
	panics(func() { var m map[int]int; m[t("k", 1)] = t("v", 1) })
	panics(func() { var a []int; a[t("i", 1)], a[t("j", 2)] = t("x", 1), t("y", 1) })
	panics(func() { x := 0; _ = t("a", 1) / x; t("b", 1) })
	ch := make(chan int, 3)
	ch <- t("sent", 1)
	var arr [3]int
	arr[t("i", 1)] = <-ch
	fmt.Println(arr)
	i := 0
	i, arr[i] = 2, 7
	fmt.Println(i, arr)
	arr[0], arr[0] = 1, 2
	fmt.Println(arr[0])
	var st struct{ a, b *int }
	st.a, st.b = p("a"), p("b")
	x, y := t("x", 1)+t("y", 2)*t("z", 3), fn("g")(t("w", 1), t("v", 2))
	_, _ = x, y
	show("mix")
	f := func() (int, error) { return t("in f", 1), nil }
	if v, err := f(); err == nil && v == t("cmp", 1) {
		show("if")
	}
	return
}
