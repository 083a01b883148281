// A lookup asks a cache and a server at the same time and takes what comes first.
package main

import "fmt"

// local looks into the cache: at once, and there is room for its answer.
func local(answers chan string, key string) {
	answers <- key + " from the cache"
}

// remote asks the server: the question has to travel first.
func remote(answers chan string, key string) {
	question := make(chan string, 1)
	question <- key
	answers <- <-question + " from the server"
}

// lookup returns the answer that comes first.
func lookup(key string) string {
	cached, asked := make(chan string, 1), make(chan string)
	go local(cached, key)
	go remote(asked, key)
	select {
	case answer := <-asked:
		return answer
	case answer := <-cached:
		// The cache may be old: whoever asks first waits for the server, too, if it is there.
		select {
		case <-asked:
		default:
		}
		return answer
	}
}

func main() {
	if lookup("weather") != "" {
		fmt.Println("found")
	}
}
