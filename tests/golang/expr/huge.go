package main

import "fmt"

type S struct{ a, b int }

var big [1 << 24]int

func try(f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(r)
		}
	}()
	f()
}
func main() {
	s := make([]int, 1<<26)
	s[5], s[1<<26-1] = 7, 8
	fmt.Println(len(s), s[5], s[6], s[1<<26-1], cap(s[10:20]))
	t := s[3:8]
	t[0] = 4
	fmt.Println(t, s[3])
	u := append(s[:4], 9)
	fmt.Println(u[4], s[4])
	b := make([]byte, 1<<28)
	b[1<<27] = 3
	fmt.Println(len(b), b[1<<27])
	st := make([]S, 1<<23)
	st[9].a = 5
	p := &st[9]
	p.b = 6
	fmt.Println(st[9], st[10])
	big[3] = 1
	c := big
	c[3]++
	fmt.Println(big[3], c[3], len(c))
	q := &big
	q[1<<24-1] = 2
	fmt.Println(big[1<<24-1])
	n := 0
	for range s {
		n++
		if n > 10 {
			break
		}
	}
	fmt.Println(copy(s, s[1<<25:]), s[0], n)
	k := -1
	try(func() { _ = make([]int, 1<<62>>uint(-k-1)) })
	try(func() { _ = make([]int64, 1<<46) })
	r := make([]int, 0, 1<<27)
	r = append(r, 1, 2)
	fmt.Println(r, cap(r))
	_ = make([]int, 1<<41>>(n-n))
	z := make([]int, n<<36)
	fmt.Println(len(z))
}
