// The rest of package slices, cmp and maps, with their panics.
package main

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"
	"strings"
)

type ints []int

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panics:", r)
		}
	}()
	f()
}

func show[S ~[]E, E any](name string, s S) { fmt.Println(name, s, len(s), cap(s), s == nil) }

func main() {
	a := []int{1, 2, 3, 4, 5}
	show("insert", slices.Insert(slices.Clone(a), 2, 9, 8))
	show("insert end", slices.Insert(slices.Clone(a), 5, 9))
	show("insert none", slices.Insert(slices.Clone(a), 1))
	room := append(make([]int, 0, 10), a...)
	show("insert self", slices.Insert(room, 1, room[2:4]...))
	room = append(make([]int, 0, 10), a...)
	show("insert overlap", slices.Insert(room, 1, room[3:8]...))
	show("room", room[:10])
	show("delete", slices.Delete(slices.Clone(a), 1, 3))
	b := slices.Clone(a)
	slices.Delete(b, 1, 3)
	show("cleared", b)
	show("delete func", slices.DeleteFunc(slices.Clone(a), func(x int) bool { return x%2 == 0 }))
	show("replace", slices.Replace(slices.Clone(a), 1, 3, 7, 7, 7))
	show("replace less", slices.Replace(slices.Clone(a), 1, 4, 7))
	show("replace tail", slices.Replace(slices.Clone(a), 3, 5, 7))
	room = append(make([]int, 0, 10), a...)
	show("replace overlap", slices.Replace(room, 1, 2, room[0:4]...))
	show("compact", slices.Compact([]int{1, 1, 2, 3, 3, 3, 1}))
	show("compact func", slices.CompactFunc([]string{"a", "A", "b", "B", "b"}, strings.EqualFold))
	show("grow", slices.Grow([]int{1}, 10))
	show("grow nil", slices.Grow[[]int](nil, 3))
	show("clip", slices.Clip(append(make(ints, 0, 9), 1, 2)))
	show("concat", slices.Concat([]int{1}, nil, []int{2, 3}))
	show("concat none", slices.Concat[[]int]())
	show("repeat", slices.Repeat(ints{1, 2}, 3))
	show("repeat none", slices.Repeat(ints{1, 2}, 0))
	show("clone nil", slices.Clone[[]int](nil))
	show("clone empty", slices.Clone([]int{}))
	fmt.Println(slices.Index(a, 3), slices.Index(a, 9), slices.Contains(a, 5), slices.IndexFunc(a, func(x int) bool { return x > 3 }))
	nan := math.NaN()
	fmt.Println(slices.Contains([]float64{nan}, nan), slices.Equal([]float64{nan}, []float64{nan}))
	fmt.Println(slices.Max([]float64{1, nan, 3}), slices.Min([]string{"b", "a"}), slices.Max(a))
	fmt.Println(slices.MinFunc([]string{"ccc", "a", "b"}, func(a, b string) int { return len(a) - len(b) }))
	fmt.Println(slices.MaxFunc([]string{"ccc", "aaa", "b"}, func(a, b string) int { return len(a) - len(b) }))
	fmt.Println(slices.Compare([]int{1, 2}, []int{1, 2, 3}), slices.Compare([]int{2}, []int{1, 2, 3}), slices.Compare(a, a))
	fmt.Println(slices.BinarySearch(a, 3))
	fmt.Println(slices.BinarySearch(a, 10))
	fmt.Println(slices.BinarySearchFunc([]string{"a", "bb", "ccc"}, 2, func(s string, n int) int { return len(s) - n }))
	fmt.Println(slices.IsSorted(a), slices.IsSorted([]int{2, 1}), slices.IsSortedFunc(a, func(a, b int) int { return b - a }))
	fmt.Println(slices.EqualFunc(a, []string{"1", "2", "3", "4", "5"}, func(a int, b string) bool { return fmt.Sprint(a) == b }))
	fmt.Println(slices.CompareFunc(a, []string{"1", "3"}, func(a int, b string) int { return cmp.Compare(fmt.Sprint(a), b) }))

	for c := range slices.Chunk(a, 2) {
		show("chunk", c)
	}
	for i, v := range slices.Backward(a) {
		if v == 2 {
			break
		}
		fmt.Print(i, "=", v, " ")
	}
	fmt.Println()
	show("collect", slices.Collect(slices.Values(a)))
	show("collect none", slices.Collect(slices.Values([]int(nil))))
	show("append seq", slices.AppendSeq([]int{0}, slices.Values(a)))
	show("sorted", slices.Sorted(slices.Values([]int{3, 1, 2})))
	show("sorted func", slices.SortedFunc(slices.Values(a), func(a, b int) int { return b - a }))
	show("sorted stable", slices.SortedStableFunc(slices.Values([]string{"bb", "a", "cc", "d"}), func(a, b string) int { return len(a) - len(b) }))
	for i, v := range slices.All([]string{"x", "y"}) {
		fmt.Println(i, v)
	}

	m := map[string]int{"one": 1, "two": 2, "three": 3}
	n := maps.Clone(m)
	maps.DeleteFunc(n, func(k string, v int) bool { return v%2 == 1 })
	fmt.Println(n, len(m), maps.Equal(m, n), maps.Clone[map[int]int](nil) == nil)
	maps.Copy(n, map[string]int{"four": 4})
	fmt.Println(n, slices.Sorted(maps.Keys(m)), slices.Sorted(maps.Values(m)))
	maps.Insert(n, maps.All(m))
	fmt.Println(n, maps.Collect(slices.All([]string{"a", "b"})))
	fmt.Println(maps.EqualFunc(m, n, func(a, b int) bool { return a == b }))
	keys := make([]string, 0)
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	fmt.Println(keys)

	fmt.Println(cmp.Compare(1, 2), cmp.Compare("b", "a"), cmp.Compare(nan, 1), cmp.Compare(1, nan), cmp.Compare(nan, nan), cmp.Less(nan, 0))
	fmt.Println(cmp.Or(0, 3, 5), cmp.Or("", "x"), cmp.Or[int]())

	try("insert", func() { slices.Insert(a, 6, 1) })
	try("insert negative", func() { i := -1; slices.Insert(a, i, 1) })
	try("delete", func() { slices.Delete(a, 3, 2) })
	try("delete far", func() { slices.Delete(a[:2], 0, 4) })
	try("replace", func() { slices.Replace(a, 3, 9) })
	try("grow", func() { slices.Grow(a, -1) })
	try("min", func() { slices.Min([]int{}) })
	try("max", func() { slices.Max([]int(nil)) })
	try("minfunc", func() { slices.MinFunc([]int{}, func(a, b int) int { return 0 }) })
	try("maxfunc", func() { slices.MaxFunc([]int{}, func(a, b int) int { return 0 }) })
	try("chunk", func() { slices.Chunk(a, 0) })
	try("repeat", func() { slices.Repeat(a, -1) })
	try("repeat far", func() { slices.Repeat(a, math.MaxInt) })
}
