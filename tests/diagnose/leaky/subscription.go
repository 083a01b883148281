// Each page subscribes to the news and never says that it has gone.
package main

import (
	"sync"
	"time"
)

type hub struct {
	mu   sync.Mutex
	subs []chan string
}

func (h *hub) subscribe() <-chan string {
	h.mu.Lock()
	defer h.mu.Unlock()
	ch := make(chan string, 16)
	h.subs = append(h.subs, ch)
	return ch
}

var news hub

func page(news <-chan string) {
	for line := range news {
		_ = line
	}
}

func main() {
	for i := 0; i < 5; i++ {
		go page(news.subscribe())
	}
	time.Sleep(5 * time.Millisecond)
}
