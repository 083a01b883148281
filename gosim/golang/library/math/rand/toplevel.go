package rand

//gosim:is gosim.std.rand.uint64
func runtimeRand() uint64

//gosim:is gosim.std.rand.int_n
func below(n int) int

// runtimeSource is the run's own stream.
type runtimeSource struct{}

func (*runtimeSource) Int63() int64 { return int64(runtimeRand() & (1<<63 - 1)) }

func (*runtimeSource) Seed(int64) { panic("internal error: call to runtimeSource.Seed") }

func (*runtimeSource) Uint64() uint64 { return runtimeRand() }

var global = New(new(runtimeSource))

// seeded tells that Seed has taken effect.
var seeded bool

// seedIgnored tells whether Seed does nothing, as since language version 1.24.
func seedIgnored() bool

func Seed(seed int64) {
	if !seedIgnored() {
		global = New(NewSource(seed))
		seeded = true
	}
}

func Int63() int64 { return global.Int63() }

func Uint32() uint32 { return global.Uint32() }

func Uint64() uint64 { return global.Uint64() }

func Int31() int32 { return global.Int31() }

func Int() int { return global.Int() }

func Int63n(n int64) int64 { return global.Int63n(n) }

func Int31n(n int32) int32 { return global.Int31n(n) }

func Intn(n int) int {
	if seeded || n <= 0 {
		return global.Intn(n)
	}
	return below(n)
}

func Float64() float64 { return global.Float64() }

func Float32() float32 { return global.Float32() }

func Perm(n int) []int { return global.Perm(n) }

func Shuffle(n int, swap func(i, j int)) { global.Shuffle(n, swap) }

func Read(p []byte) (n int, err error) { return global.Read(p) }

func NormFloat64() float64 { return global.NormFloat64() }

func ExpFloat64() float64 { return global.ExpFloat64() }
