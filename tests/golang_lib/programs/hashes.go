// Package hash/fnv and hash/crc32.
package main

import (
	"encoding"
	"fmt"
	"hash"
	"hash/crc32"
	"hash/fnv"
	"io"
)

func main() {
	for _, h := range []hash.Hash{fnv.New32(), fnv.New32a(), fnv.New64(), fnv.New64a(), fnv.New128(), fnv.New128a(), crc32.NewIEEE(), crc32.New(crc32.MakeTable(crc32.Castagnoli)), crc32.New(crc32.MakeTable(crc32.Koopman))} {
		fmt.Printf("%x ", h.Sum(nil))
		io.WriteString(h, "hello, ")
		state, err := h.(encoding.BinaryMarshaler).MarshalBinary()
		fmt.Fprintf(h, "%s", "世界")
		fmt.Printf("%x %d %d %q %v\n", h.Sum([]byte{1}), h.Size(), h.BlockSize(), state, err)
		err = h.(encoding.BinaryUnmarshaler).UnmarshalBinary(state)
		fmt.Printf("%x %v %v\n", h.Sum(nil), err, h.(encoding.BinaryUnmarshaler).UnmarshalBinary([]byte("fnv")))
		h.Reset()
		fmt.Printf("%x\n", h.Sum(nil))
	}
	data := []byte("The quick brown fox")
	fmt.Println(crc32.ChecksumIEEE(data), crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)), crc32.Update(7, crc32.IEEETable, data))
	fmt.Println(crc32.IEEETable[1], crc32.MakeTable(crc32.IEEE) == crc32.IEEETable)
	h := fnv.New32a()
	h.Write(data)
	fmt.Println(h.Sum32())
}
