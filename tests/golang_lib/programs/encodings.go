// Package encoding/hex and encoding/base64.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	data := []byte("hello, 世界\x00\xff and more than sixteen bytes")
	for n := 0; n <= len(data); n += 3 {
		part := data[:n]
		h := hex.EncodeToString(part)
		back, err := hex.DecodeString(strings.ToUpper(h))
		fmt.Println(h, bytes.Equal(back, part), err)
		fmt.Print(hex.Dump(part))
		for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding, base64.RawStdEncoding, base64.RawURLEncoding, base64.StdEncoding.WithPadding('*').Strict()} {
			s := enc.EncodeToString(part)
			back, err := enc.DecodeString(s)
			fmt.Println(s, bytes.Equal(back, part), err, enc.EncodedLen(n), enc.DecodedLen(len(s)))
		}
	}
	for _, bad := range []string{"1", "zz", "1g", "12z", "123"} {
		b, err := hex.DecodeString(bad)
		fmt.Println(b, err)
	}
	for _, bad := range []string{"A", "AA", "AAA", "AA==", "AA=", "A===", "AAAA=", "AAA=A", "AA\n==\n", "A\nAA\r=", "A!AA", "AB==", "AAB=", "====", "=", "AAAAAAAA!AAA", "AA==AA=="} {
		for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.StdEncoding.Strict()} {
			b, err := enc.DecodeString(bad)
			fmt.Printf("%q %v %v\n", bad, b, err)
		}
	}
	w := hex.NewEncoder(os.Stdout)
	fmt.Fprintf(w, "streamed")
	fmt.Println()
	d := hex.Dumper(os.Stdout)
	d.Write(data[:20])
	d.Write(data[20:23])
	fmt.Println(d.Close(), d.Close())
	_, err := d.Write(data)
	fmt.Println(err)
	got, err := io.ReadAll(hex.NewDecoder(strings.NewReader("68656c6c6f2")))
	fmt.Println(string(got), err)
	e := base64.NewEncoder(base64.StdEncoding, os.Stdout)
	for i := range data {
		e.Write(data[i : i+1])
	}
	fmt.Println(e.Close())
	got, err = io.ReadAll(base64.NewDecoder(base64.StdEncoding, strings.NewReader("aGVs\nbG8s\r\nIHdvcmxk")))
	fmt.Println(string(got), err)
	got, err = io.ReadAll(base64.NewDecoder(base64.StdEncoding, strings.NewReader("aGVsbG8sI")))
	fmt.Println(string(got), err)
	got, err = io.ReadAll(base64.NewDecoder(base64.RawURLEncoding, strings.NewReader("aGVsbG8sIA")))
	fmt.Println(string(got), err)
	fmt.Println(string(hex.AppendEncode([]byte("x"), data[:3])), string(base64.StdEncoding.AppendEncode([]byte("y"), data[:4])))
	fmt.Println(hex.AppendDecode([]byte("x"), []byte("616")))
	fmt.Println(base64.StdEncoding.AppendDecode([]byte("x"), []byte("YWI=")))
	for _, alphabet := range []string{"short", strings.Repeat("a", 64), strings.Repeat("\n", 64)} {
		func() {
			defer func() { fmt.Println(recover()) }()
			base64.NewEncoding(alphabet)
		}()
	}
}
