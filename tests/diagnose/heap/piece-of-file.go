// Ten bytes are kept of each file, and with them the whole file.
package main

import (
	"bytes"
	"io"
)

var kept [][]byte

func head(r io.Reader) []byte {
	all, _ := io.ReadAll(r)
	return all[:10]
}

func main() {
	kept = append(kept, head(bytes.NewReader(make([]byte, 1<<20))))
}
