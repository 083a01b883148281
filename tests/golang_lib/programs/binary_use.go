// Package encoding/binary: orders of bytes and varints.
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
)

func main() {
	b := []byte{1, 2, 3, 4, 5, 6, 7, 0xf8, 9}
	for _, o := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian, binary.NativeEndian} {
		fmt.Println(o, o.Uint16(b), o.Uint32(b), o.Uint64(b))
		c := make([]byte, 8)
		o.PutUint16(c, 0xbeef)
		fmt.Printf("%x ", c)
		o.PutUint32(c, 0xdeadbeef)
		fmt.Printf("%x ", c)
		o.PutUint64(c, 0x0123456789abcdef)
		fmt.Printf("%x %#v\n", c, o)
		a := o.(binary.AppendByteOrder)
		fmt.Printf("%x\n", a.AppendUint64(a.AppendUint32(a.AppendUint16(nil, 1), 2), 3))
	}
	fmt.Println(binary.BigEndian.Uint32(b[1:]), binary.LittleEndian.Uint16(b[7:]))
	for _, x := range []int64{0, 1, -1, 63, -64, 64, 127, 128, 300, -301, math.MaxInt64, math.MinInt64} {
		c := make([]byte, binary.MaxVarintLen64)
		n := binary.PutVarint(c, x)
		v, m := binary.Varint(c)
		fmt.Printf("%x %d %d\n", c[:n], v, m)
		n = binary.PutUvarint(c, uint64(x))
		u, m := binary.Uvarint(c)
		fmt.Printf("%x %d %d %x\n", c[:n], u, m, binary.AppendVarint(nil, x))
		w, err := binary.ReadVarint(bytes.NewReader(binary.AppendVarint(nil, x)))
		fmt.Println(w, err)
	}
	long := bytes.Repeat([]byte{0xff}, 11)
	fmt.Println(binary.Uvarint(long))
	fmt.Println(binary.Uvarint(append(bytes.Repeat([]byte{0xff}, 9), 2)))
	fmt.Println(binary.Uvarint([]byte{0x80}))
	fmt.Println(binary.ReadUvarint(bytes.NewReader(long)))
	fmt.Println(binary.ReadUvarint(bytes.NewReader([]byte{0x80})))
	fmt.Println(binary.ReadUvarint(bytes.NewReader(nil)))
	defer func() { fmt.Println(recover()) }()
	binary.BigEndian.PutUint32(b[:3], 1)
}
