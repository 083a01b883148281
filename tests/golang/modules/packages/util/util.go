package util

import "fmt"

var Count = start()
var Table = map[string]int{}

func start() int { fmt.Println("util start"); return 1 }

func Next(s string) int { Count++; fmt.Println("next", s, Count); return Count }
func Get() int          { return Count }
func Guard(s string)    { fmt.Println(s, recover()) }

type Queue[T any] struct{ items []T }

func (q *Queue[T]) Push(x T) { q.items = append(q.items, x) }
func (q *Queue[T]) Pop() T   { x := q.items[0]; q.items = q.items[1:]; return x }
func (q Queue[T]) Len() int  { return len(q.items) }

func Map[A, B any](s []A, f func(A) B) (r []B) {
	for _, x := range s {
		r = append(r, f(x))
	}
	return
}
