package sync

// attempt runs f for the first time; ok says that it returned, else p is what it panicked with.
// A Goexit leaves p nil, and so does a panic that is under way: whoever recovers it sees it again.
func attempt(f func(), ok *bool, p *any) {
	defer func() {
		if !*ok {
			*p = recover()
			panic(*p)
		}
	}()
	f()
	*ok = true
}

// OnceFunc returns a function that calls f only once; a panic of f is repeated by every call.
func OnceFunc(f func()) func() {
	var (
		once Once
		ok   bool
		p    any
	)
	return func() {
		once.Do(func() {
			defer func() { f = nil }()
			attempt(f, &ok, &p)
		})
		if !ok {
			panic(p)
		}
	}
}

// OnceValue returns a function that calls f only once and returns what it returned.
func OnceValue[T any](f func() T) func() T {
	var (
		once   Once
		ok     bool
		p      any
		result T
	)
	return func() T {
		once.Do(func() {
			attempt(func() {
				result = f()
				f = nil
			}, &ok, &p)
		})
		if !ok {
			panic(p)
		}
		return result
	}
}

// OnceValues returns a function that calls f only once and returns what it returned.
func OnceValues[T1, T2 any](f func() (T1, T2)) func() (T1, T2) {
	var (
		once Once
		ok   bool
		p    any
		r1   T1
		r2   T2
	)
	return func() (T1, T2) {
		once.Do(func() {
			attempt(func() {
				r1, r2 = f()
				f = nil
			}, &ok, &p)
		})
		if !ok {
			panic(p)
		}
		return r1, r2
	}
}
