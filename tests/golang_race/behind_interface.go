package main

import (
	"fmt"
)

type counter interface{ inc() }

type plain struct{ n int }

func (p *plain) inc() { p.n++ }

func main() {
	var c counter = &plain{}
	done := make(chan bool)
	go func() {
		c.inc()
		done <- true
	}()
	c.inc()
	<-done
	fmt.Println("done")
}
