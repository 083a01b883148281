package main

type S string
type I int8
type F float32
type B bool
type E struct{ a, b int }
type C complex128

func try(v any) {
	defer func() {
		if r := recover(); r != nil {
			println("ok")
		}
	}()
	panic(v)
}

func main() {
	try(nil)
	defer func() { panic("héllo 世界\nnext") }()
	defer func() { panic(S("sé")) }()
	defer func() { panic(I(-3)) }()
	defer func() { panic(F(1.5)) }()
	defer func() { panic(B(true)) }()
	defer func() { panic(C(1 + 2i)) }()
	defer func() { panic(1.25) }()
	defer func() { panic(2 - 1.5i) }()
	defer func() { panic('x') }()
	defer func() { panic(uint64(1 << 63)) }()
	panic(false)
}
