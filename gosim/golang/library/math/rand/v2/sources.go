package rand

import "errors"

func putUint64(b []byte, x uint64) {
	for i := 0; i < 8; i++ {
		b[i] = byte(x >> (8 * i))
	}
}

func littleEndian(b []byte) (x uint64) {
	for i := 0; i < 8; i++ {
		x |= uint64(b[i]) << (8 * i)
	}
	return x
}

func bigEndian(b []byte) (x uint64) {
	for i := 0; i < 8; i++ {
		x = x<<8 | uint64(b[i])
	}
	return x
}

func appendBigEndian(b []byte, x uint64) []byte {
	for i := 56; i >= 0; i -= 8 {
		b = append(b, byte(x>>i))
	}
	return b
}

type PCG struct{ hi, lo uint64 }

func NewPCG(seed1, seed2 uint64) *PCG { return &PCG{seed1, seed2} }

func (p *PCG) Seed(seed1, seed2 uint64) {
	p.hi = seed1
	p.lo = seed2
}

func (p *PCG) Uint64() uint64

//gosim:since 1.24
func (p *PCG) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, "pcg:"...)
	b = appendBigEndian(b, p.hi)
	return appendBigEndian(b, p.lo), nil
}

func (p *PCG) MarshalBinary() ([]byte, error) {
	b := append(make([]byte, 0, 20), "pcg:"...)
	b = appendBigEndian(b, p.hi)
	return appendBigEndian(b, p.lo), nil
}

var errUnmarshalPCG = errors.New("invalid PCG encoding")

func (p *PCG) UnmarshalBinary(data []byte) error {
	if len(data) != 20 || string(data[:4]) != "pcg:" {
		return errUnmarshalPCG
	}
	p.hi = bigEndian(data[4:])
	p.lo = bigEndian(data[12:])
	return nil
}

// ChaCha8 reseeds itself after every fourth chunk with the last four numbers of it.
type ChaCha8 struct {
	buf     [32]uint64
	seed    [4]uint64
	i, n    uint32
	counter uint32

	readBuf [8]byte
	readLen int // of the last bytes of readBuf, which Read has left over
}

// block computes a chunk.
func block(seed *[4]uint64, buf *[32]uint64, counter uint32)

func (c *ChaCha8) chunk() {
	block(&c.seed, &c.buf, c.counter)
	c.n = 32
	if c.counter == 12 {
		c.n = 28
	}
}

func NewChaCha8(seed [32]byte) *ChaCha8 {
	c := new(ChaCha8)
	c.Seed(seed)
	return c
}

func (c *ChaCha8) Seed(seed [32]byte) {
	for i := range c.seed {
		c.seed[i] = littleEndian(seed[8*i:])
	}
	c.counter = 0
	c.chunk()
	c.i = 0
	c.readLen = 0
	c.readBuf = [8]byte{}
}

func (c *ChaCha8) Uint64() uint64 {
	if c.i >= c.n {
		c.counter += 4
		if c.counter == 16 {
			copy(c.seed[:], c.buf[28:])
			c.counter = 0
		}
		c.chunk()
		c.i = 0
	}
	x := c.buf[c.i]
	c.i++
	return x
}

//gosim:since 1.23
func (c *ChaCha8) Read(p []byte) (n int, err error) {
	if c.readLen > 0 {
		n = copy(p, c.readBuf[8-c.readLen:])
		c.readLen -= n
		p = p[n:]
	}
	for len(p) >= 8 {
		putUint64(p, c.Uint64())
		p = p[8:]
		n += 8
	}
	if len(p) > 0 {
		putUint64(c.readBuf[:], c.Uint64())
		n += copy(p, c.readBuf[:])
		c.readLen = 8 - len(p)
	}
	return n, nil
}

func (c *ChaCha8) encoded(b []byte) []byte {
	if c.readLen > 0 {
		b = append(b, "readbuf:"...)
		b = append(b, uint8(c.readLen))
		b = append(b, c.readBuf[8-c.readLen:]...)
	}
	b = append(b, "chacha8:"...)
	b = appendBigEndian(b, uint64(c.counter/4*32+c.i))
	var word [8]byte
	for _, s := range c.seed {
		putUint64(word[:], s)
		b = append(b, word[:]...)
	}
	return b
}

//gosim:since 1.24
func (c *ChaCha8) AppendBinary(b []byte) ([]byte, error) { return c.encoded(b), nil }

func (c *ChaCha8) MarshalBinary() ([]byte, error) { return c.encoded(make([]byte, 0, 64)), nil }

func (c *ChaCha8) UnmarshalBinary(data []byte) error {
	if len(data) >= 8 && string(data[:8]) == "readbuf:" {
		data = data[8:]
		if len(data) == 0 || len(data) < int(1+data[0]) {
			return errors.New("invalid ChaCha8 Read buffer encoding")
		}
		n := int(data[0])
		c.readLen = copy(c.readBuf[8-n:], data[1:1+n])
		data = data[1+n:]
	}
	if len(data) != 48 || string(data[:8]) != "chacha8:" {
		return errors.New("invalid ChaCha8 encoding")
	}
	used := bigEndian(data[8:])
	if used > 124 {
		return errors.New("invalid ChaCha8 encoding")
	}
	for i := range c.seed {
		c.seed[i] = littleEndian(data[16+8*i:])
	}
	c.counter = 4 * (uint32(used) / 32)
	c.chunk()
	c.i = uint32(used) % 32
	return nil
}
