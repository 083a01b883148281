// Package container/list, heap and ring.
package main

import (
	"container/heap"
	"container/list"
	"container/ring"
	"fmt"
)

type item struct {
	name     string
	priority int
	index    int
}

type queue []*item

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].priority > q[j].priority }
func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}
func (q *queue) Push(x any) {
	it := x.(*item)
	it.index = len(*q)
	*q = append(*q, it)
}
func (q *queue) Pop() any {
	old := *q
	n := len(old)
	it := old[n-1]
	old[n-1] = nil
	*q = old[:n-1]
	it.index = -1
	return it
}

type ints []int

func (h ints) Len() int           { return len(h) }
func (h ints) Less(i, j int) bool { return h[i] < h[j] }
func (h ints) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *ints) Push(x any)        { *h = append(*h, x.(int)) }
func (h *ints) Pop() any {
	x := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return x
}

func show(l *list.List) {
	fmt.Print(l.Len(), ":")
	for e := l.Front(); e != nil; e = e.Next() {
		fmt.Print(" ", e.Value)
	}
	fmt.Print(" |")
	for e := l.Back(); e != nil; e = e.Prev() {
		fmt.Print(" ", e.Value)
	}
	fmt.Println()
}

func main() {
	l := list.New()
	e4 := l.PushBack(4)
	e1 := l.PushFront("one")
	l.InsertBefore(3.5, e4)
	e2 := l.InsertAfter(2, e1)
	show(l)
	l.MoveToFront(e4)
	l.MoveToBack(e1)
	show(l)
	l.MoveBefore(e1, e2)
	l.MoveAfter(e4, e2)
	show(l)
	fmt.Println(l.Remove(e2), l.Remove(e2), e2.Next() == nil, e2.Value)
	show(l)
	other := list.New()
	other.PushBack("x")
	other.PushBack("y")
	l.PushBackList(other)
	l.PushFrontList(other)
	l.PushBackList(l)
	show(l)
	l.MoveToFront(other.Front())
	fmt.Println(l.InsertBefore(1, other.Front()) == nil, l.Front().Value, l.Back().Value)
	var zero list.List
	fmt.Println(zero.Len(), zero.Front() == nil, zero.Back() == nil)
	zero.PushBack(nil)
	show(&zero)
	show(l.Init())

	q := queue{}
	heap.Init(&q)
	for i, name := range []string{"pear", "apple", "fig", "plum", "kiwi"} {
		heap.Push(&q, &item{name: name, priority: (i * 7) % 5})
	}
	it := q[2]
	it.priority = 9
	heap.Fix(&q, it.index)
	heap.Remove(&q, 1)
	for q.Len() > 0 {
		it := heap.Pop(&q).(*item)
		fmt.Print(it.name, ":", it.priority, " ")
	}
	fmt.Println()
	h := &ints{5, 2, 8, 1, 9, 3}
	heap.Init(h)
	fmt.Println(*h)
	heap.Push(h, 0)
	removed3 := heap.Remove(h, 3)
	fmt.Println(removed3, *h)
	for h.Len() > 0 {
		fmt.Print(heap.Pop(h), " ")
	}
	fmt.Println()
	func() {
		defer func() { fmt.Println(recover()) }()
		heap.Pop(h)
	}()

	r := ring.New(5)
	for i := range r.Len() {
		r.Value = i
		r = r.Next()
	}
	print := func(r *ring.Ring) {
		r.Do(func(x any) { fmt.Print(x, " ") })
		fmt.Println(r.Len())
	}
	print(r)
	print(r.Move(2))
	print(r.Move(-1))
	removed := r.Unlink(2)
	print(r)
	print(removed)
	r.Link(removed)
	print(r)
	print(r.Prev())
	var lone ring.Ring
	fmt.Println(lone.Len(), lone.Next() == &lone, ring.New(0) == nil)
	var none *ring.Ring
	fmt.Println(none.Len())
}
