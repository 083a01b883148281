// A buffer that is used again and again, and garbage: nothing grows.
package main

var buffer = make([]byte, 0, 4<<20)

func use() int {
	buffer = buffer[:0]
	for i := 0; i < 1<<20; i++ {
		buffer = append(buffer, byte(i))
	}
	garbage := make([]byte, 1<<16)
	return len(buffer) + len(garbage)
}

func main() { use() }
