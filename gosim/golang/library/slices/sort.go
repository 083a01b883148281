package slices

// Go's two sorts of elements; what gosim's package sort does by index is done by comparing here.

import (
	"cmp"
	"math/bits"
)

func SortFunc[S ~[]E, E any](x S, cmp func(a, b E) int) {
	quickFunc(x, 0, len(x), bits.Len(uint(len(x))), cmp)
}

func SortStableFunc[S ~[]E, E any](x S, cmp func(a, b E) int) { stableFunc(x, len(x), cmp) }

func IsSorted[S ~[]E, E cmp.Ordered](x S) bool {
	for i := len(x) - 1; i > 0; i-- {
		if cmp.Less(x[i], x[i-1]) {
			return false
		}
	}
	return true
}

func IsSortedFunc[S ~[]E, E any](x S, cmp func(a, b E) int) bool {
	for i := len(x) - 1; i > 0; i-- {
		if cmp(x[i], x[i-1]) < 0 {
			return false
		}
	}
	return true
}

// plainSort sorts elements of which equal ones cannot be told apart, and reports whether it did: of
// floats it sorts only those without zeros of both signs.
func plainSort[E any](x []E) bool

func Sort[S ~[]E, E cmp.Ordered](x S) {
	if !plainSort(x) {
		SortFunc(x, cmp.Compare[E])
	}
}

// How the elements looked at while choosing a pivot lie.
const (
	unordered = iota
	rising
	falling
)

// quickFunc sorts [lo, hi); after limit bad pivots it falls back to heapsort.
func quickFunc[E any](s []E, lo, hi, limit int, cmp func(a, b E) int) {
	balanced, partitioned := true, true
	for {
		n := hi - lo
		if n <= 12 {
			insertionFunc(s, lo, hi, cmp)
			return
		}
		if limit == 0 {
			heapFunc(s, lo, hi, cmp)
			return
		}
		if !balanced {
			scatter(s, lo, hi)
			limit--
		}
		pivot, looks := pivotFunc(s, lo, hi, cmp)
		if looks == falling {
			Reverse(s[lo:hi])
			pivot = hi - 1 - (pivot - lo)
			looks = rising
		}
		if balanced && partitioned && looks == rising && nearlySortedFunc(s, lo, hi, cmp) {
			return
		}
		if lo > 0 && cmp(s[lo-1], s[pivot]) >= 0 {
			// Nothing here is smaller than what stands before: take out what equals the pivot.
			lo = splitFunc(s, lo, hi, pivot, cmp)
			continue
		}
		var mid int
		mid, partitioned = partitionFunc(s, lo, hi, pivot, cmp)
		left, right := mid-lo, hi-mid
		if left < right {
			balanced = left >= n/8
			quickFunc(s, lo, mid, limit, cmp)
			lo = mid + 1
		} else {
			balanced = right >= n/8
			quickFunc(s, mid+1, hi, limit, cmp)
			hi = mid
		}
	}
}

func insertionFunc[E any](s []E, lo, hi int, cmp func(a, b E) int) {
	for i := lo + 1; i < hi; i++ {
		for j := i; j > lo && cmp(s[j], s[j-1]) < 0; j-- {
			s[j], s[j-1] = s[j-1], s[j]
		}
	}
}

func heapFunc[E any](s []E, lo, hi int, cmp func(a, b E) int) {
	n := hi - lo
	for i := (n - 1) / 2; i >= 0; i-- {
		siftFunc(s, i, n, lo, cmp)
	}
	for i := n - 1; i >= 0; i-- {
		s[lo], s[lo+i] = s[lo+i], s[lo]
		siftFunc(s, 0, i, lo, cmp)
	}
}

func siftFunc[E any](s []E, root, n, base int, cmp func(a, b E) int) {
	for {
		child := 2*root + 1
		if child >= n {
			return
		}
		if child+1 < n && cmp(s[base+child], s[base+child+1]) < 0 {
			child++
		}
		if cmp(s[base+root], s[base+child]) >= 0 {
			return
		}
		s[base+root], s[base+child] = s[base+child], s[base+root]
		root = child
	}
}

// partitionFunc brings what is less than the pivot to the front, the pivot behind it and returns its
// place, and whether nothing had to move.
func partitionFunc[E any](s []E, lo, hi, pivot int, cmp func(a, b E) int) (int, bool) {
	s[lo], s[pivot] = s[pivot], s[lo]
	i, j := lo+1, hi-1
	for moved := false; ; moved = true {
		for i <= j && cmp(s[i], s[lo]) < 0 {
			i++
		}
		for i <= j && cmp(s[j], s[lo]) >= 0 {
			j--
		}
		if i > j {
			s[j], s[lo] = s[lo], s[j]
			return j, !moved
		}
		s[i], s[j] = s[j], s[i]
		i++
		j--
	}
}

// splitFunc brings what equals the pivot to the front and returns where the greater ones begin.
func splitFunc[E any](s []E, lo, hi, pivot int, cmp func(a, b E) int) int {
	s[lo], s[pivot] = s[pivot], s[lo]
	i, j := lo+1, hi-1
	for {
		for i <= j && cmp(s[lo], s[i]) >= 0 {
			i++
		}
		for i <= j && cmp(s[lo], s[j]) < 0 {
			j--
		}
		if i > j {
			return i
		}
		s[i], s[j] = s[j], s[i]
		i++
		j--
	}
}

// nearlySortedFunc mends up to five places that are out of order and reports whether that sorted it.
func nearlySortedFunc[E any](s []E, lo, hi int, cmp func(a, b E) int) bool {
	i := lo + 1
	for turn := 0; turn < 5; turn++ {
		for i < hi && cmp(s[i], s[i-1]) >= 0 {
			i++
		}
		if i == hi {
			return true
		}
		if hi-lo < 50 {
			return false
		}
		s[i], s[i-1] = s[i-1], s[i]
		if i-lo >= 2 {
			for j := i - 1; j >= 1 && cmp(s[j], s[j-1]) < 0; j-- {
				s[j], s[j-1] = s[j-1], s[j]
			}
		}
		if hi-i >= 2 {
			for j := i + 1; j < hi && cmp(s[j], s[j-1]) < 0; j++ {
				s[j], s[j-1] = s[j-1], s[j]
			}
		}
	}
	return false
}

// scatter moves three elements near the middle elsewhere, to break a pattern of bad pivots.
func scatter[E any](s []E, lo, hi int) {
	n := hi - lo
	if n < 8 {
		return
	}
	x := uint64(n)
	mask := uint64(1)<<bits.Len(uint(n)) - 1
	middle := lo + n/4*2
	for i := middle - 1; i <= middle+1; i++ {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		other := int(x & mask)
		if other >= n {
			other -= n
		}
		s[i], s[lo+other] = s[lo+other], s[i]
	}
}

// pivotFunc returns a middling element, the median of three or of three medians, and how they lay.
func pivotFunc[E any](s []E, lo, hi int, cmp func(a, b E) int) (int, int) {
	n := hi - lo
	i, j, k := lo+n/4, lo+n/4*2, lo+n/4*3
	swaps := 0
	if n >= 8 {
		if n >= 50 {
			var more int
			i, more = medianFunc(s, i-1, i, i+1, cmp)
			swaps += more
			j, more = medianFunc(s, j-1, j, j+1, cmp)
			swaps += more
			k, more = medianFunc(s, k-1, k, k+1, cmp)
			swaps += more
		}
		m, more := medianFunc(s, i, j, k, cmp)
		j = m
		swaps += more
	}
	switch swaps {
	case 0:
		return j, rising
	case 12:
		return j, falling
	}
	return j, unordered
}

// medianFunc returns the median of three and how many exchanges would sort them.
func medianFunc[E any](s []E, a, b, c int, cmp func(a, b E) int) (int, int) {
	swaps := 0
	if cmp(s[b], s[a]) < 0 {
		a, b = b, a
		swaps++
	}
	if cmp(s[c], s[b]) < 0 {
		b = c
		swaps++
	}
	if cmp(s[b], s[a]) < 0 {
		b = a
		swaps++
	}
	return b, swaps
}

// stableFunc sorts blocks of 20 and merges them, twice as many each time.
func stableFunc[E any](s []E, n int, cmp func(a, b E) int) {
	size := 20
	lo := 0
	for ; lo+size <= n; lo += size {
		insertionFunc(s, lo, lo+size, cmp)
	}
	insertionFunc(s, lo, n, cmp)
	for ; size < n; size *= 2 {
		lo = 0
		for ; lo+2*size <= n; lo += 2 * size {
			mergeFunc(s, lo, lo+size, lo+2*size, cmp)
		}
		if lo+size < n {
			mergeFunc(s, lo, lo+size, n, cmp)
		}
	}
}

// mergeFunc merges [lo, mid) and [mid, hi) in place (SymMerge, Kim and Kutzner 2004).
func mergeFunc[E any](s []E, lo, mid, hi int, cmp func(a, b E) int) {
	if mid-lo == 1 {
		i, j := mid, hi
		for i < j {
			h := (i + j) / 2
			if cmp(s[h], s[lo]) < 0 {
				i = h + 1
			} else {
				j = h
			}
		}
		for k := lo; k < i-1; k++ {
			s[k], s[k+1] = s[k+1], s[k]
		}
		return
	}
	if hi-mid == 1 {
		i, j := lo, mid
		for i < j {
			h := (i + j) / 2
			if cmp(s[mid], s[h]) >= 0 {
				i = h + 1
			} else {
				j = h
			}
		}
		for k := mid; k > i; k-- {
			s[k], s[k-1] = s[k-1], s[k]
		}
		return
	}
	half := (lo + hi) / 2
	n := half + mid
	start, r := lo, mid
	if mid > half {
		start, r = n-hi, half
	}
	for start < r {
		c := (start + r) / 2
		if cmp(s[n-1-c], s[c]) >= 0 {
			start = c + 1
		} else {
			r = c
		}
	}
	end := n - start
	if start < mid && mid < end {
		rotate(s, start, mid, end)
	}
	if lo < start && start < half {
		mergeFunc(s, lo, start, half, cmp)
	}
	if half < end && end < hi {
		mergeFunc(s, half, end, hi, cmp)
	}
}

// rotate exchanges the neighbours [lo, mid) and [mid, hi).
func rotate[E any](s []E, lo, mid, hi int) {
	i, j := mid-lo, hi-mid
	for i != j {
		if i > j {
			exchange(s, mid-i, mid, j)
			i -= j
		} else {
			exchange(s, mid-i, mid+j-i, i)
			j -= i
		}
	}
	exchange(s, mid-i, mid, i)
}

func exchange[E any](s []E, a, b, n int) {
	for i := 0; i < n; i++ {
		s[a+i], s[b+i] = s[b+i], s[a+i]
	}
}
