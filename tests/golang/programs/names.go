package main

type L[T any] struct{ v T }

//go:noinline
func call(f func()) { f() }

func (l *L[T]) m(c chan T) {
	call(func() {
		call(func() { <-c })
	})
}

func gen[T any](c chan T) {
	call(func() {
		call(func() { <-c })
	})
}

func seq(yield func(int) bool) { yield(1) }

func init() {
	go call(func() { var n chan int; <-n })
}

func inl() func() { return func() { var n chan int; <-n } }

func main() {
	go gen(make(chan int))
	go (&L[string]{}).m(make(chan string))
	go func() {
		for range seq {
			call(func() {
				for range seq {
					var n chan int
					<-n
				}
			})
		}
	}()
	go call(inl())
	defer call(func() { var n chan int; <-n })
	var n chan int
	go func(c chan int) {
		defer func() {
			<-c
		}()
	}(n)
	go func() {
		for range seq {
			defer call(func() { <-n })
		}
	}()
}
