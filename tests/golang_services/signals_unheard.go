package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// Channels that hear signals, one that is full, one that was stopped, and a worker that is left.
func main() {
	hears := make(chan os.Signal, 1)
	full := make(chan os.Signal)
	signal.Notify(hears, syscall.SIGUSR1, syscall.SIGHUP)
	signal.Notify(full, syscall.SIGUSR1)
	self, _ := os.FindProcess(os.Getpid())
	fmt.Println(self.Signal(syscall.SIGUSR1), <-hears)
	signal.Ignore(syscall.SIGHUP)
	fmt.Println(self.Signal(syscall.SIGHUP), signal.Ignored(syscall.SIGHUP))
	signal.Stop(hears)
	fmt.Println(self.Signal(syscall.SIGUSR1), len(hears), self.Signal(syscall.SIGUSR2))
	go func() { fmt.Println("heard", <-hears) }()
	time.Sleep(10 * time.Millisecond)
}
