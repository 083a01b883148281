package main

import (
	"fmt"
	"math"
	"unsafe"
)

type A struct {
	X int
	Y string
}
type B struct {
	X int
	Y string
}
type PA *A
type IntP *int
type F func(int) int
type Ch chan int
type Arr [3]int
type M map[string]int
type S []string
type Inner struct{ v int }
type Outer struct {
	Inner
	*A
	arr [2]Inner
}
type I interface{ Get() int }

func (i Inner) Get() int { return i.v }

type J interface {
	I
	Put(int)
}

func (i *Inner) Put(v int) { i.v = v }

type E1 struct{}
type Rec struct {
	next *Rec
	m    map[string]*Rec
	f    func(*Rec) *Rec
}
type Bits uint8

const (
	B0 Bits = 1 << iota
	B1
	B2
)

func (b Bits) Has(x Bits) bool { return b&x != 0 }

var g = map[string][]int{"a": {1}}
var arr = [...]int{1, 2, 3}
var (
	x1 = y1 + 1
	y1 = f1()
)

func f1() int { return 41 }

var counter int

func next() int { counter++; return counter }
func pair() (int, int) { return next(), next() }

func main() {
	a := A{1, "a"}
	b := B(a)
	b.X = 5
	fmt.Println(a, b, A(b))
	var pa PA = &a
	pa.X = 7
	(*pa).Y = "z"
	fmt.Println(a, *(*A)(pa))
	n := 3
	var ip IntP = &n
	*ip++
	fmt.Println(n, *ip)
	var f F = func(i int) int { return i * 2 }
	var ff func(int) int = f
	fmt.Println(f(2), ff(3))
	ch := make(Ch, 1)
	var ro <-chan int = ch
	var so chan<- int = ch
	so <- 4
	fmt.Println(<-ro)
	arr1 := Arr{1, 2, 3}
	arr2 := [3]int(arr1)
	arr2[0] = 9
	fmt.Println(arr1, arr2, arr1 == Arr(arr2))
	m := M{"a": 1}
	m2 := map[string]int(m)
	m2["b"] = 2
	fmt.Println(len(m), M(m2)["b"])
	s := S{"x"}
	fmt.Println([]string(s), len(s))
	o := Outer{Inner{1}, &A{2, "q"}, [2]Inner{{3}, {4}}}
	o.Put(10)
	fmt.Println(o.Get(), o.v, o.X, o.arr[1].Get())
	var i I = o
	_, ok := i.(J)
	fmt.Println(ok)
	i = &o
	j, ok := i.(J)
	j.Put(11)
	fmt.Println(ok, o.v)
	i = o.arr[0]
	fmt.Println(i.Get(), i.(Inner).v)
	var e1 any = E1{}
	fmt.Println(e1 == any(E1{}), e1)
	r := &Rec{}
	r.next = r
	r.f = func(x *Rec) *Rec { return x.next }
	fmt.Println(r.f(r) == r, r.m["x"] == nil)
	fmt.Println((B0|B2).Has(B1), (B0 | B2).Has(B2), B2, ^B0)
	g["a"] = append(g["a"], 2)
	g["b"] = append(g["b"], 3)
	fmt.Println(g, x1, y1)
	p := &arr
	for k := range p {
		p[k] *= 2
	}
	fmt.Println(arr, len(p), p[1:])
	x, y := pair()
	x, y = y, x
	fmt.Println(x, y, counter)
	sl := []int{next(), next(), next()}
	sl[next()-6], sl[1] = next(), next()
	fmt.Println(sl)
	fmt.Println(math.MaxInt64, math.Pi, uint64(math.MaxUint64), math.Inf(1), -math.MaxFloat32)
	fmt.Println(unsafe.Sizeof(o), unsafe.Sizeof(n))
	var i8 int8 = -1
	fmt.Println(uint8(i8), uint16(i8), uint32(i8), uint64(i8), int64(uint8(i8)))
	var u64 uint64 = 1<<63 + 5
	fmt.Println(int64(u64), float64(u64), float32(u64), int32(u64), uint8(u64))
	fl := -2.7
	fmt.Println(int(fl), int8(fl), math.Round(fl), int64(float32(16777217)))
	var f32 float32 = 0.1
	fmt.Println(f32, float64(f32), f32*f32, f32+0.2 == 0.3, float32(0.1)+float32(0.2))
	c := complex(1, -2)
	c *= c
	fmt.Println(c, real(c), imag(c), -c, c == complex(-3, -4))
	fmt.Printf("%v %.2f %T\n", c, c, complex64(c))
	str := "héllo"
	bs := []byte(str)
	rs := []rune(str)
	rs[1] = 'e'
	bs[0] = 'H'
	fmt.Println(string(bs), string(rs), len(bs), len(rs), str[1], str[1:3], string(str[0]))
	type local struct {
		A
		z int
	}
	l := local{A{1, "l"}, 2}
	l.A.X++
	l2 := &l
	l2.X++
	fmt.Println(l, l2.A, *l2)
	fn := func(xs ...*A) int { return len(xs) }
	fmt.Println(fn(), fn(nil), fn(&a, nil), fn([]*A{}...))
	var nilm map[A]int
	v, ok := nilm[A{}]
	fmt.Println(v, ok, len(nilm))
	type T3 struct {
		a [2][2]int
		m map[int][]string
		p **int
	}
	q := &n
	t := T3{p: &q}
	**t.p = 99
	t.a[1][0]++
	t2 := t
	t2.a[1][0]++
	fmt.Println(n, t.a, t2.a, t.m[1] == nil)
	ptrs := []*int{&sl[0], &arr[1], &t.a[0][1], &o.arr[1].v, &l.z}
	for _, p := range ptrs {
		*p += 1000
	}
	fmt.Println(sl[0], arr[1], t.a[0][1], o.arr[1].v, l.z)
	var iface any = ptrs[0]
	fmt.Println(iface == any(&sl[0]), iface == any(&sl[1]), ptrs[4] == &l.z)
	func() {
		defer func() {
			r := recover()
			err, ok := r.(error)
			fmt.Println(ok, err)
		}()
		var arr []int
		_ = arr[n]
	}()
	type Celsius float64
	temps := map[string]Celsius{"x": 1.5}
	temps["x"] *= 2
	temps["y"]--
	fmt.Println(temps)
	lit := [][]A{{{1, "a"}}, {{2, "b"}, {3, "c"}}}
	mp := map[A][]*B{{1, "k"}: {{2, "v"}, nil}}
	fmt.Println(lit, len(mp[A{1, "k"}]), *mp[A{1, "k"}][0])
	var e error
	_, isNil := e.(fmt.Stringer)
	fmt.Println(isNil)
	lbl := func() (res []int) {
		for i := 0; ; i++ {
			switch {
			case i == 2:
				continue
			case i > 4:
				return
			}
			res = append(res, i)
		}
	}
	fmt.Println(lbl())
	const huge = 1 << 62
	fmt.Println(huge*2-1+huge*0, uint64(huge)<<1)
	z := 10
	z, w := z+1, z+2
	fmt.Println(z, w)
	if z := z * 2; z > 20 {
		fmt.Println("inner", z)
	}
	fmt.Println(z)
	cp := make([]A, 1)
	copy(cp, []A{a})
	cp[0].X = -1
	fmt.Println(a.X, cp)
	st := struct {
		A
		N []struct{ Q int }
	}{A: a}
	st.N = append(st.N, struct{ Q int }{4})
	fmt.Printf("%+v\n", st)
}
