package main

import (
	"fmt"
	"math"
	"sort"
)

type K struct {
	a int
	b string
}
type P struct{ x, y int }

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, r)
		}
	}()
	f()
}
func main() {
	m := map[string]int{}
	m["a"]++
	m["b"] += 5
	v, ok := m["zz"]
	fmt.Println(m, v, ok, len(m))
	delete(m, "a")
	delete(m, "nope")
	_, ok = m["a"]
	fmt.Println(m, ok)
	mk := map[K][]int{{1, "x"}: {1}}
	mk[K{1, "x"}] = append(mk[K{1, "x"}], 2)
	mk[K{2, "y"}] = nil
	fmt.Println(mk, len(mk))
	mf := map[float64]int{}
	mf[math.NaN()] = 1
	mf[math.NaN()] = 2
	mf[0.0] = 3
	neg := math.Copysign(0, -1)
	mf[neg] = 4
	fmt.Println(len(mf), mf[0], mf[math.NaN()])
	delete(mf, math.NaN())
	fmt.Println(len(mf))
	clear(mf)
	fmt.Println(len(mf))
	mi := map[any]string{1: "int", 1.0: "float", true: "bool", "1": "string", int8(1): "int8", K{1, "a"}: "K", [2]int{1, 2}: "arr", nil: "nil"}
	fmt.Println(mi[1], mi[1.0], mi[true], mi["1"], mi[int8(1)], mi[int16(1)] == "", mi[K{1, "a"}], mi[[2]int{1, 2}], mi[nil], len(mi))
	try("unhashable", func() { mi[[]int{1}] = "x" })
	try("unhashable2", func() { _ = mi[map[string]int{}] })
	try("unhashable3", func() { _ = mi[func() {}] })
	type S struct{ v any }
	try("unhashable4", func() { _ = mi[S{[]int{1}}] })
	ma := map[[2]string]P{{"a", "b"}: {1, 2}}
	p := ma[[2]string{"a", "b"}]
	p.x = 10
	fmt.Println(ma, p)
	mp := map[*P]int{}
	p1, p2 := &P{1, 2}, &P{1, 2}
	mp[p1] = 1
	mp[p2] = 2
	fmt.Println(len(mp), mp[p1], mp[p2])
	var nm map[string]int
	fmt.Println(nm == nil, len(nm), nm["x"])
	for range nm {
		fmt.Println("never")
	}
	delete(nm, "x")
	try("nil map", func() { nm["a"] = 1 })
	keys := []int{}
	md := map[int]bool{1: true, 2: true, 3: true, 4: true}
	for k := range md {
		keys = append(keys, k)
		for j := 1; j <= 4; j++ {
			if j != k {
				delete(md, j)
			}
		}
	}
	fmt.Println(len(keys), len(md))
	cnt := map[rune]int{}
	for _, r := range "hello wörld" {
		cnt[r]++
	}
	ks := []int{}
	for k := range cnt {
		ks = append(ks, int(k))
	}
	sort.Ints(ks)
	for _, k := range ks {
		fmt.Print(string(rune(k)), cnt[rune(k)], " ")
	}
	fmt.Println()
	nested := map[string]map[string]int{"a": {"x": 1}}
	nested["a"]["y"] = 2
	if nested["b"] == nil {
		nested["b"] = map[string]int{}
	}
	nested["b"]["z"]++
	fmt.Println(nested)
	ms := map[string]*P{"a": {1, 2}}
	ms["a"].x++
	fmt.Println(*ms["a"], ms["a"].x)
	mfn := map[string]func(int) int{"sq": func(x int) int { return x * x }}
	fmt.Println(mfn["sq"](5))
	// map equality of interface values
	var e1, e2 any = 1, 1.0
	fmt.Println(e1 == e2, e1 == any(1), e1 != nil, any(nil) == nil)
	try("cmp", func() { var a, b any = []int{1}, []int{1}; fmt.Println(a == b) })
	try("cmp2", func() { var a, b any = S{[]int{1}}, S{[]int{1}}; fmt.Println(a == b) })
	var a, b any = K{1, "x"}, K{1, "x"}
	fmt.Println(a == b, a == any(K{2, "x"}))
	var err error
	fmt.Println(err == nil)
	type Set map[string]struct{}
	set := Set{"a": {}}
	_, ok = set["a"]
	fmt.Println(ok, len(set), set)
	x, y := ma[[2]string{"q", "r"}]
	fmt.Println(x, y)
	mm := make(map[int]int, 100)
	for i := range 10 {
		mm[i*i] = i
	}
	fmt.Println(mm, len(mm))
	mu := map[uint8]string{200: "x"}
	var q uint8 = 100
	fmt.Println(mu[q*2])
	mb := map[bool]int{true: 1}
	mb[1 < 2]++
	fmt.Println(mb)
}
