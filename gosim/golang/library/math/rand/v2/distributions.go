package rand

import "math"

const (
	normalEnd      = 3.442619855899
	exponentialEnd = 7.69711747013104972
)

// normal and exponential return what the ziggurat (Marsaglia and Tsang 2000) has at a strip: the
// bound below which a number is inside, the width, and the heights of this strip and of the last.
func normal(i int) (bound uint32, width, here, before float32)

func exponential(i int) (bound uint32, width, here, before float32)

func (r *Rand) NormFloat64() float64 {
	for {
		u := r.Uint64()
		j := int32(u)
		i := int(u >> 32 & 0x7f)
		bound, width, here, before := normal(i)
		x := float64(j) * float64(width)
		size := uint32(j)
		if j < 0 {
			size = uint32(-j)
		}
		if size < bound {
			return x
		}
		if i == 0 {
			for {
				x = -math.Log(r.Float64()) * (1.0 / normalEnd)
				y := -math.Log(r.Float64())
				if y+y >= x*x {
					break
				}
			}
			if j > 0 {
				return normalEnd + x
			}
			return -normalEnd - x
		}
		if here+float32(r.Float64())*(before-here) < float32(math.Exp(-.5*x*x)) {
			return x
		}
	}
}

func (r *Rand) ExpFloat64() float64 {
	for {
		u := r.Uint64()
		j := uint32(u)
		i := int(uint8(u >> 32))
		bound, width, here, before := exponential(i)
		x := float64(j) * float64(width)
		if j < bound {
			return x
		}
		if i == 0 {
			return exponentialEnd - math.Log(r.Float64())
		}
		if here+float32(r.Float64())*(before-here) < float32(math.Exp(-x)) {
			return x
		}
	}
}

// Zipf draws by rejection and inversion (Hörmann and Derflinger 1996).
type Zipf struct {
	r            *Rand
	imax         float64
	v            float64
	q            float64
	s            float64
	oneminusQ    float64
	oneminusQinv float64
	hxm          float64
	hx0minusHxm  float64
}

func (z *Zipf) h(x float64) float64 {
	return math.Exp(z.oneminusQ*math.Log(z.v+x)) * z.oneminusQinv
}

func (z *Zipf) hinv(x float64) float64 {
	return math.Exp(z.oneminusQinv*math.Log(z.oneminusQ*x)) - z.v
}

func NewZipf(r *Rand, s float64, v float64, imax uint64) *Zipf {
	if s <= 1.0 || v < 1 {
		return nil
	}
	z := &Zipf{r: r, imax: float64(imax), v: v, q: s}
	z.oneminusQ = 1.0 - z.q
	z.oneminusQinv = 1.0 / z.oneminusQ
	z.hxm = z.h(z.imax + 0.5)
	z.hx0minusHxm = z.h(0.5) - math.Exp(math.Log(z.v)*(-z.q)) - z.hxm
	z.s = 1 - z.hinv(z.h(1.5)-math.Exp(-z.q*math.Log(z.v+1.0)))
	return z
}

func (z *Zipf) Uint64() uint64 {
	if z == nil {
		panic("rand: nil Zipf")
	}
	for {
		u := z.hxm + z.r.Float64()*z.hx0minusHxm
		x := z.hinv(u)
		k := math.Floor(x + 0.5)
		if k-x <= z.s || u >= z.h(k+0.5)-math.Exp(-math.Log(k+z.v)*z.q) {
			return uint64(k)
		}
	}
}
