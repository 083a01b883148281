package main

import (
	"fmt"
)

type celsius struct{ degrees int }

func (c *celsius) set(d int) { c.degrees = d }

func (c celsius) hot() bool { return c.degrees > 25 }

func main() {
	c := &celsius{20}
	done := make(chan bool)
	go func() {
		c.set(30)
		done <- true
	}()
	_ = c.hot()
	<-done
	fmt.Println(c.hot())
}
