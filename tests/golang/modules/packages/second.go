package main

import "fmt"

var early = func() int { fmt.Println("early sees", late); return late + 1 }()
var late = 7

func init() { fmt.Println("second init", early) }
func init() { fmt.Println("second init again") }
