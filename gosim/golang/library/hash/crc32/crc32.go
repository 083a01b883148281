// Package crc32 is Go's package hash/crc32.
package crc32

import (
	"errors"
	"hash"
)

const Size = 4

const (
	IEEE       = 0xedb88320
	Castagnoli = 0x82f63b78
	Koopman    = 0xeb31d82e
)

type Table [256]uint32

// fill makes the table of a polynomial.
func fill(t *Table, poly uint32)

// ieee is zlib's function, which computes with IEEE's polynomial.
func ieee(crc uint32, p []byte) uint32

func update(crc uint32, t *Table, p []byte) uint32

func made(poly uint32) *Table {
	t := new(Table)
	fill(t, poly)
	return t
}

var IEEETable = made(IEEE)

var castagnoli = made(Castagnoli)

func MakeTable(poly uint32) *Table {
	switch poly {
	case IEEE:
		return IEEETable
	case Castagnoli:
		return castagnoli
	}
	return made(poly)
}

func Update(crc uint32, tab *Table, p []byte) uint32 {
	if tab == IEEETable {
		return ieee(crc, p)
	}
	return update(crc, tab, p)
}

func Checksum(data []byte, tab *Table) uint32 { return Update(0, tab, data) }

func ChecksumIEEE(data []byte) uint32 { return ieee(0, data) }

type digest struct {
	crc uint32
	tab *Table
}

func New(tab *Table) hash.Hash32 { return &digest{0, tab} }

func NewIEEE() hash.Hash32 { return New(IEEETable) }

func (d *digest) Size() int { return Size }

func (d *digest) BlockSize() int { return 1 }

func (d *digest) Reset() { d.crc = 0 }

func (d *digest) Write(p []byte) (n int, err error) {
	d.crc = Update(d.crc, d.tab, p)
	return len(p), nil
}

func (d *digest) Sum32() uint32 { return d.crc }

func (d *digest) Sum(in []byte) []byte {
	s := d.crc
	return append(in, byte(s>>24), byte(s>>16), byte(s>>8), byte(s))
}

//gosim:since 1.25
func (d *digest) Clone() (hash.Cloner, error) {
	r := *d
	return &r, nil
}

const magic = "crc\x01"

func big(b []byte, x uint32) []byte {
	return append(b, byte(x>>24), byte(x>>16), byte(x>>8), byte(x))
}

func fromBig(b []byte) uint32 {
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}

func sum(tab *Table) uint32 {
	var b []byte
	if tab != nil {
		for _, x := range tab {
			b = big(b, x)
		}
	}
	return ChecksumIEEE(b)
}

func (d *digest) AppendBinary(b []byte) ([]byte, error) {
	return big(big(append(b, magic...), sum(d.tab)), d.crc), nil
}

func (d *digest) MarshalBinary() ([]byte, error) { return d.AppendBinary(make([]byte, 0, 12)) }

func (d *digest) UnmarshalBinary(b []byte) error {
	if len(b) < len(magic) || string(b[:len(magic)]) != magic {
		return errors.New("hash/crc32: invalid hash state identifier")
	}
	if len(b) != 12 {
		return errors.New("hash/crc32: invalid hash state size")
	}
	if sum(d.tab) != fromBig(b[4:]) {
		return errors.New("hash/crc32: tables do not match")
	}
	d.crc = fromBig(b[8:])
	return nil
}
