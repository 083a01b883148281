package main

import (
	"fmt"
	"reflect"
)

type T struct {
	A int    `json:"a,omitempty" xml:"b"`
	b string
	*E
}
type E struct{ X []int }
type N int
type G[K comparable] map[K]any

func main() {
	for _, v := range []any{1, "s", 2.5, N(1), T{}, &T{}, []int{}, map[string]T{}, [3]int8{}, make(chan<- int), func(int, ...string) error { return nil }, G[string]{}, struct{}{}} {
		t := reflect.TypeOf(v)
		fmt.Println(t, t.Kind(), t.Name(), t.String(), t.NumMethod(), t.Comparable(), t.PkgPath())
	}
	fmt.Println(reflect.TypeOf(nil), reflect.TypeOf(1) == reflect.TypeOf(2), reflect.TypeOf(1) == reflect.TypeOf("x"), reflect.TypeFor[error](), reflect.TypeFor[int]().Kind() == reflect.Int)
	t := reflect.TypeOf(T{})
	for i := range t.NumField() {
		f := t.Field(i)
		fmt.Println(f.Name, f.Type, f.Tag.Get("json"), f.Tag.Get("xml"), f.Anonymous, f.IsExported())
	}
	fmt.Println(reflect.TypeOf([]map[string]int{}).Elem().Key(), reflect.TypeOf(&t).Elem().Kind(), reflect.TypeOf(make(<-chan int)).ChanDir())
	a := map[string][]int{"x": {1, 2}, "y": nil}
	b := map[string][]int{"x": {1, 2}, "y": nil}
	fmt.Println(reflect.DeepEqual(a, b), reflect.DeepEqual([]int(nil), []int{}), reflect.DeepEqual(&T{A: 1, E: &E{[]int{1}}}, &T{A: 1, E: &E{[]int{1}}}), reflect.DeepEqual(1, int64(1)), reflect.DeepEqual([]any{1, "a", nil}, []any{1, "a", nil}), reflect.DeepEqual(T{A: 1}, T{A: 2}), reflect.DeepEqual(nil, nil), reflect.DeepEqual(error(nil), 1))
}
