package sort

// Pattern-defeating quicksort, and a stable sort by merging in place, of things known by index.
// Neither is stable by accident only: which of two equal elements comes first, and which
// comparisons are made in which order, can be seen by a program, and is as in Go.

import "math/bits"

type order struct {
	less func(i, j int) bool
	swap func(i, j int)
}

// How the elements looked at while choosing a pivot lie.
const (
	unordered = iota
	rising
	falling
)

func (d *order) sort(n int) { d.quick(0, n, bits.Len(uint(n))) }

// quick sorts [lo, hi); after limit bad pivots it falls back to heapsort.
func (d *order) quick(lo, hi, limit int) {
	balanced, partitioned := true, true
	for {
		n := hi - lo
		if n <= 12 {
			d.insertion(lo, hi)
			return
		}
		if limit == 0 {
			d.heap(lo, hi)
			return
		}
		if !balanced {
			d.scatter(lo, hi)
			limit--
		}
		pivot, looks := d.pivot(lo, hi)
		if looks == falling {
			d.reverse(lo, hi)
			pivot = hi - 1 - (pivot - lo)
			looks = rising
		}
		if balanced && partitioned && looks == rising && d.nearlySorted(lo, hi) {
			return
		}
		if lo > 0 && !d.less(lo-1, pivot) {
			// Nothing here is smaller than what stands before: take out what equals the pivot.
			lo = d.split(lo, hi, pivot)
			continue
		}
		var mid int
		mid, partitioned = d.partition(lo, hi, pivot)
		left, right := mid-lo, hi-mid
		if left < right {
			balanced = left >= n/8
			d.quick(lo, mid, limit)
			lo = mid + 1
		} else {
			balanced = right >= n/8
			d.quick(mid+1, hi, limit)
			hi = mid
		}
	}
}

func (d *order) insertion(lo, hi int) {
	less, swap := d.less, d.swap
	for i := lo + 1; i < hi; i++ {
		for j := i; j > lo && less(j, j-1); j-- {
			swap(j, j-1)
		}
	}
}

func (d *order) heap(lo, hi int) {
	n := hi - lo
	for i := (n - 1) / 2; i >= 0; i-- {
		d.sift(i, n, lo)
	}
	for i := n - 1; i >= 0; i-- {
		d.swap(lo, lo+i)
		d.sift(0, i, lo)
	}
}

func (d *order) sift(root, n, base int) {
	for {
		child := 2*root + 1
		if child >= n {
			return
		}
		if child+1 < n && d.less(base+child, base+child+1) {
			child++
		}
		if !d.less(base+root, base+child) {
			return
		}
		d.swap(base+root, base+child)
		root = child
	}
}

// partition brings what is less than the pivot to the front, the pivot behind it and returns its
// place, and whether nothing had to move.
func (d *order) partition(lo, hi, pivot int) (int, bool) {
	less, swap := d.less, d.swap
	swap(lo, pivot)
	i, j := lo+1, hi-1
	for moved := false; ; moved = true {
		for i <= j && less(i, lo) {
			i++
		}
		for i <= j && !less(j, lo) {
			j--
		}
		if i > j {
			swap(j, lo)
			return j, !moved
		}
		swap(i, j)
		i++
		j--
	}
}

// split brings what equals the pivot to the front and returns where the greater ones begin.
func (d *order) split(lo, hi, pivot int) int {
	less, swap := d.less, d.swap
	swap(lo, pivot)
	i, j := lo+1, hi-1
	for {
		for i <= j && !less(lo, i) {
			i++
		}
		for i <= j && less(lo, j) {
			j--
		}
		if i > j {
			return i
		}
		swap(i, j)
		i++
		j--
	}
}

// nearlySorted mends up to five places that are out of order and reports whether that sorted it.
func (d *order) nearlySorted(lo, hi int) bool {
	less, swap := d.less, d.swap
	i := lo + 1
	for turn := 0; turn < 5; turn++ {
		for i < hi && !less(i, i-1) {
			i++
		}
		if i == hi {
			return true
		}
		if hi-lo < 50 {
			return false
		}
		swap(i, i-1)
		if i-lo >= 2 {
			for j := i - 1; j >= 1 && less(j, j-1); j-- {
				swap(j, j-1)
			}
		}
		if hi-i >= 2 {
			for j := i + 1; j < hi && less(j, j-1); j++ {
				swap(j, j-1)
			}
		}
	}
	return false
}

// scatter moves three elements near the middle elsewhere, to break a pattern of bad pivots.
func (d *order) scatter(lo, hi int) {
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
		d.swap(i, lo+other)
	}
}

// pivot returns a middling element, the median of three or of three medians, and how they lay.
func (d *order) pivot(lo, hi int) (int, int) {
	n := hi - lo
	i, j, k := lo+n/4, lo+n/4*2, lo+n/4*3
	swaps := 0
	if n >= 8 {
		if n >= 50 {
			var more int
			i, more = d.median(i-1, i, i+1)
			swaps += more
			j, more = d.median(j-1, j, j+1)
			swaps += more
			k, more = d.median(k-1, k, k+1)
			swaps += more
		}
		m, more := d.median(i, j, k)
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

// median returns the median of three and how many exchanges would sort them.
func (d *order) median(a, b, c int) (int, int) {
	swaps := 0
	if d.less(b, a) {
		a, b = b, a
		swaps++
	}
	if d.less(c, b) {
		b = c
		swaps++
	}
	if d.less(b, a) {
		b = a
		swaps++
	}
	return b, swaps
}

func (d *order) reverse(lo, hi int) {
	for i, j := lo, hi-1; i < j; i, j = i+1, j-1 {
		d.swap(i, j)
	}
}

// stable sorts blocks of 20 and merges them, twice as many each time.
func (d *order) stable(n int) {
	size := 20
	lo := 0
	for ; lo+size <= n; lo += size {
		d.insertion(lo, lo+size)
	}
	d.insertion(lo, n)
	for ; size < n; size *= 2 {
		lo = 0
		for ; lo+2*size <= n; lo += 2 * size {
			d.merge(lo, lo+size, lo+2*size)
		}
		if lo+size < n {
			d.merge(lo, lo+size, n)
		}
	}
}

// merge merges [lo, mid) and [mid, hi) in place (SymMerge, Kim and Kutzner 2004).
func (d *order) merge(lo, mid, hi int) {
	less, swap := d.less, d.swap
	if mid-lo == 1 {
		i, j := mid, hi
		for i < j {
			h := (i + j) / 2
			if less(h, lo) {
				i = h + 1
			} else {
				j = h
			}
		}
		for k := lo; k < i-1; k++ {
			swap(k, k+1)
		}
		return
	}
	if hi-mid == 1 {
		i, j := lo, mid
		for i < j {
			h := (i + j) / 2
			if !less(mid, h) {
				i = h + 1
			} else {
				j = h
			}
		}
		for k := mid; k > i; k-- {
			swap(k, k-1)
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
		if !less(n-1-c, c) {
			start = c + 1
		} else {
			r = c
		}
	}
	end := n - start
	if start < mid && mid < end {
		d.rotate(start, mid, end)
	}
	if lo < start && start < half {
		d.merge(lo, start, half)
	}
	if half < end && end < hi {
		d.merge(half, end, hi)
	}
}

// rotate exchanges the neighbours [lo, mid) and [mid, hi).
func (d *order) rotate(lo, mid, hi int) {
	i, j := mid-lo, hi-mid
	for i != j {
		if i > j {
			d.exchange(mid-i, mid, j)
			i -= j
		} else {
			d.exchange(mid-i, mid+j-i, i)
			j -= i
		}
	}
	d.exchange(mid-i, mid, i)
}

func (d *order) exchange(a, b, n int) {
	for i := 0; i < n; i++ {
		d.swap(a+i, b+i)
	}
}
