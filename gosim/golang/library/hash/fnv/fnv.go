// Package fnv is Go's package hash/fnv.
package fnv

import (
	"errors"
	"hash"
)

// step goes on from a state: of which width in bits, whether by FNV-1a.
func step32(state uint32, data []byte, a bool) uint32

func step64(state uint64, data []byte, a bool) uint64

func step128(high, low uint64, data []byte, a bool) (uint64, uint64)

const (
	offset32      = 2166136261
	offset64      = 14695981039346656037
	offset128Low  = 0x62b821756295c58d
	offset128High = 0x6c62272e07bb0142
)

type (
	sum32   uint32
	sum32a  uint32
	sum64   uint64
	sum64a  uint64
	sum128  [2]uint64
	sum128a [2]uint64
)

func big(b []byte, x uint64, size int) []byte {
	for i := 8 * (size - 1); i >= 0; i -= 8 {
		b = append(b, byte(x>>i))
	}
	return b
}

func fromBig(b []byte) (x uint64) {
	for _, c := range b {
		x = x<<8 | uint64(c)
	}
	return x
}

// checked returns what follows the magic of a marshalled state.
func checked(b []byte, magic string, size int) ([]byte, error) {
	if len(b) < len(magic) || string(b[:len(magic)]) != magic {
		return nil, errors.New("hash/fnv: invalid hash state identifier")
	}
	if len(b) != len(magic)+size {
		return nil, errors.New("hash/fnv: invalid hash state size")
	}
	return b[len(magic):], nil
}

func New32() hash.Hash32 {
	s := sum32(offset32)
	return &s
}

func (s *sum32) Reset() { *s = offset32 }

func (s *sum32) Sum32() uint32 { return uint32(*s) }

func (s *sum32) Size() int { return 4 }

func (s *sum32) BlockSize() int { return 1 }

func (s *sum32) Write(data []byte) (int, error) {
	*s = sum32(step32(uint32(*s), data, false))
	return len(data), nil
}

func (s *sum32) Sum(in []byte) []byte { return big(in, uint64(*s), 4) }

//gosim:since 1.25
func (s *sum32) Clone() (hash.Cloner, error) {
	r := *s
	return &r, nil
}

func (s *sum32) AppendBinary(b []byte) ([]byte, error) {
	return s.Sum(append(b, "fnv\x01"...)), nil
}

func (s *sum32) MarshalBinary() ([]byte, error) { return s.AppendBinary(nil) }

func (s *sum32) UnmarshalBinary(b []byte) error {
	b, err := checked(b, "fnv\x01", 4)
	if err == nil {
		*s = sum32(fromBig(b))
	}
	return err
}

func New32a() hash.Hash32 {
	s := sum32a(offset32)
	return &s
}

func (s *sum32a) Reset() { *s = offset32 }

func (s *sum32a) Sum32() uint32 { return uint32(*s) }

func (s *sum32a) Size() int { return 4 }

func (s *sum32a) BlockSize() int { return 1 }

func (s *sum32a) Write(data []byte) (int, error) {
	*s = sum32a(step32(uint32(*s), data, true))
	return len(data), nil
}

func (s *sum32a) Sum(in []byte) []byte { return big(in, uint64(*s), 4) }

//gosim:since 1.25
func (s *sum32a) Clone() (hash.Cloner, error) {
	r := *s
	return &r, nil
}

func (s *sum32a) AppendBinary(b []byte) ([]byte, error) {
	return s.Sum(append(b, "fnv\x02"...)), nil
}

func (s *sum32a) MarshalBinary() ([]byte, error) { return s.AppendBinary(nil) }

func (s *sum32a) UnmarshalBinary(b []byte) error {
	b, err := checked(b, "fnv\x02", 4)
	if err == nil {
		*s = sum32a(fromBig(b))
	}
	return err
}

func New64() hash.Hash64 {
	s := sum64(offset64)
	return &s
}

func (s *sum64) Reset() { *s = offset64 }

func (s *sum64) Sum64() uint64 { return uint64(*s) }

func (s *sum64) Size() int { return 8 }

func (s *sum64) BlockSize() int { return 1 }

func (s *sum64) Write(data []byte) (int, error) {
	*s = sum64(step64(uint64(*s), data, false))
	return len(data), nil
}

func (s *sum64) Sum(in []byte) []byte { return big(in, uint64(*s), 8) }

//gosim:since 1.25
func (s *sum64) Clone() (hash.Cloner, error) {
	r := *s
	return &r, nil
}

func (s *sum64) AppendBinary(b []byte) ([]byte, error) {
	return s.Sum(append(b, "fnv\x03"...)), nil
}

func (s *sum64) MarshalBinary() ([]byte, error) { return s.AppendBinary(nil) }

func (s *sum64) UnmarshalBinary(b []byte) error {
	b, err := checked(b, "fnv\x03", 8)
	if err == nil {
		*s = sum64(fromBig(b))
	}
	return err
}

func New64a() hash.Hash64 {
	s := sum64a(offset64)
	return &s
}

func (s *sum64a) Reset() { *s = offset64 }

func (s *sum64a) Sum64() uint64 { return uint64(*s) }

func (s *sum64a) Size() int { return 8 }

func (s *sum64a) BlockSize() int { return 1 }

func (s *sum64a) Write(data []byte) (int, error) {
	*s = sum64a(step64(uint64(*s), data, true))
	return len(data), nil
}

func (s *sum64a) Sum(in []byte) []byte { return big(in, uint64(*s), 8) }

//gosim:since 1.25
func (s *sum64a) Clone() (hash.Cloner, error) {
	r := *s
	return &r, nil
}

func (s *sum64a) AppendBinary(b []byte) ([]byte, error) {
	return s.Sum(append(b, "fnv\x04"...)), nil
}

func (s *sum64a) MarshalBinary() ([]byte, error) { return s.AppendBinary(nil) }

func (s *sum64a) UnmarshalBinary(b []byte) error {
	b, err := checked(b, "fnv\x04", 8)
	if err == nil {
		*s = sum64a(fromBig(b))
	}
	return err
}

func New128() hash.Hash { return &sum128{offset128High, offset128Low} }

func (s *sum128) Reset() { s[0], s[1] = offset128High, offset128Low }

func (s *sum128) Size() int { return 16 }

func (s *sum128) BlockSize() int { return 1 }

func (s *sum128) Write(data []byte) (int, error) {
	s[0], s[1] = step128(s[0], s[1], data, false)
	return len(data), nil
}

func (s *sum128) Sum(in []byte) []byte { return big(big(in, s[0], 8), s[1], 8) }

//gosim:since 1.25
func (s *sum128) Clone() (hash.Cloner, error) {
	r := *s
	return &r, nil
}

func (s *sum128) AppendBinary(b []byte) ([]byte, error) {
	return s.Sum(append(b, "fnv\x05"...)), nil
}

func (s *sum128) MarshalBinary() ([]byte, error) { return s.AppendBinary(nil) }

func (s *sum128) UnmarshalBinary(b []byte) error {
	b, err := checked(b, "fnv\x05", 16)
	if err == nil {
		s[0], s[1] = fromBig(b[:8]), fromBig(b[8:])
	}
	return err
}

func New128a() hash.Hash { return &sum128a{offset128High, offset128Low} }

func (s *sum128a) Reset() { s[0], s[1] = offset128High, offset128Low }

func (s *sum128a) Size() int { return 16 }

func (s *sum128a) BlockSize() int { return 1 }

func (s *sum128a) Write(data []byte) (int, error) {
	s[0], s[1] = step128(s[0], s[1], data, true)
	return len(data), nil
}

func (s *sum128a) Sum(in []byte) []byte { return big(big(in, s[0], 8), s[1], 8) }

//gosim:since 1.25
func (s *sum128a) Clone() (hash.Cloner, error) {
	r := *s
	return &r, nil
}

func (s *sum128a) AppendBinary(b []byte) ([]byte, error) {
	return s.Sum(append(b, "fnv\x06"...)), nil
}

func (s *sum128a) MarshalBinary() ([]byte, error) { return s.AppendBinary(nil) }

func (s *sum128a) UnmarshalBinary(b []byte) error {
	b, err := checked(b, "fnv\x06", 16)
	if err == nil {
		s[0], s[1] = fromBig(b[:8]), fromBig(b[8:])
	}
	return err
}
