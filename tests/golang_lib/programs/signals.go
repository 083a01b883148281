package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(stop)
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer cancel()
	select {
	case s := <-stop:
		fmt.Println("stopped by", s)
	case <-ctx.Done():
		fmt.Println(ctx.Err())
	case <-time.After(10 * time.Millisecond):
		fmt.Println("no signal came")
	}
	fmt.Println(os.Interrupt == syscall.SIGINT, os.Kill, syscall.SIGTERM, syscall.Signal(40), syscall.Signal(-3))
	fmt.Printf("%T %d %v %#v\n", os.Interrupt, os.Interrupt, syscall.SIGHUP, syscall.SIGPIPE)
}
