// Sorting: the order of equal elements and the comparisons made are Go's.
package main

import (
	"cmp"
	"fmt"
	"hash/crc32"
	"math"
	"math/rand"
	"slices"
	"sort"
)

type pair struct{ key, id int }

type logged struct {
	x   []pair
	log uint32
}

func (l *logged) note(kind byte, i, j int) {
	l.log = crc32.Update(l.log, crc32.IEEETable, []byte{kind, byte(i), byte(i >> 8), byte(j), byte(j >> 8)})
}
func (l *logged) Len() int           { return len(l.x) }
func (l *logged) Less(i, j int) bool { l.note(0, i, j); return l.x[i].key < l.x[j].key }
func (l *logged) Swap(i, j int)      { l.note(1, i, j); l.x[i], l.x[j] = l.x[j], l.x[i] }

func input(r *rand.Rand, n, kind int) []pair {
	x := make([]pair, n)
	for i := range x {
		x[i].id = i
		switch kind {
		case 0:
			x[i].key = r.Intn(n + 1)
		case 1:
			x[i].key = r.Intn(3)
		case 2:
			x[i].key = i
		case 3:
			x[i].key = -i
		case 4:
			x[i].key = i
			if r.Intn(20) == 0 {
				x[i].key = r.Intn(n)
			}
		case 5:
			x[i].key = min(i, n-i)
		}
	}
	return x
}

func main() {
	r := rand.New(rand.NewSource(1))
	for _, n := range []int{0, 1, 2, 7, 12, 13, 30, 49, 50, 51, 100, 300} {
		for kind := range 6 {
			x := input(r, n, kind)
			a := &logged{x: slices.Clone(x)}
			sort.Sort(a)
			b := &logged{x: slices.Clone(x)}
			sort.Stable(b)
			c := slices.Clone(x)
			sort.Slice(c, func(i, j int) bool { return c[i].key < c[j].key })
			d := slices.Clone(x)
			compared := 0
			slices.SortFunc(d, func(a, b pair) int { compared++; return cmp.Compare(a.key, b.key) })
			e := slices.Clone(x)
			slices.SortStableFunc(e, func(a, b pair) int { return cmp.Compare(a.key, b.key) })
			f := slices.Clone(x)
			noise := rand.New(rand.NewSource(int64(n)))
			slices.SortFunc(f, func(a, b pair) int { return noise.Intn(40) - 1 })
			sum := crc32.ChecksumIEEE(fmt.Append(nil, a.x, b.x, c, d, e, f))
			fmt.Println(n, kind, sum, a.log, b.log, compared, slices.Equal(a.x, c), slices.Equal(c, d))
		}
	}
	floats := []float64{3, math.NaN(), -1, math.Inf(1), 0, math.Copysign(0, -1), 2, math.Inf(-1), 0}
	slices.Sort(floats)
	fmt.Println(floats, sort.Float64sAreSorted(floats))
	floats = []float64{2.5, math.NaN(), -7, 1e300}
	sort.Float64s(floats)
	fmt.Println(floats)
	words := []string{"pear", "fig", "", "apple", "fig"}
	sort.Strings(words)
	fmt.Printf("%q %d %d\n", words, sort.SearchStrings(words, "fig"), sort.SearchStrings(words, "zzz"))
	sort.Sort(sort.Reverse(sort.StringSlice(words)))
	fmt.Printf("%q\n", words)
	bytes := []byte("hello, world")
	slices.Sort(bytes)
	fmt.Printf("%q\n", bytes)
	fmt.Println(sort.Find(5, func(i int) int { return 3 - i }))
	fmt.Println(sort.Search(100, func(i int) bool { return i*i >= 50 }))
	ids := []*pair{{3, 0}, {1, 1}, {2, 2}}
	first := ids[0]
	sort.Slice(ids, func(i, j int) bool { return ids[i].key < ids[j].key })
	fmt.Println(*ids[0], *ids[1], *ids[2], ids[2] == first)
	in := []pair{{3, 0}, {1, 1}, {2, 2}}
	p := &in[0]
	sort.SliceStable(in, func(i, j int) bool { return in[i].key < in[j].key })
	fmt.Println(in, *p)
	slices.Reverse(in)
	fmt.Println(in, *p)
	for _, x := range []any{nil, 3, "text", [2]int{}, map[int]int{}} {
		func() {
			defer func() { fmt.Println(recover()) }()
			sort.Slice(x, func(i, j int) bool { return false })
		}()
	}
}
