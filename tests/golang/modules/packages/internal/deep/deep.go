package deep

import "example.com/mod/util"

func Depth(n int) int {
	if n == 0 {
		return util.Get()
	}
	return Depth(n-1) + 1
}

type problem struct{ n int }

func (p problem) Error() string { return "deep problem" }

func Fail(n int) {
	func() {
		if n > 0 {
			Fail(n - 1)
			return
		}
		panic(problem{n})
	}()
}
