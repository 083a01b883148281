package main

import (
	"bytes"
	"errors"
	"fmt"
	"log"
	"os"
)

type person struct{ name string }

func (p person) String() string { return "P:" + p.name }

func where(l *log.Logger) {
	l.Output(2, "from where's caller")
}

func main() {
	log.SetFlags(0)
	log.SetOutput(os.Stdout)
	log.Print("plain", 1, 2, "x", "y")
	log.Println("line", 3, person{"ann"})
	log.Printf("%d-%s\n", 4, errors.New("e"))
	log.SetPrefix("pre: ")
	log.Println("prefixed")
	log.SetFlags(log.Lmsgprefix)
	log.Println("msgprefix")
	fmt.Println(log.Flags(), log.Prefix())
	log.SetFlags(log.Lshortfile)
	log.Println("short")
	var buf bytes.Buffer
	l := log.New(&buf, "[l] ", log.Lshortfile|log.Lmsgprefix)
	l.Println("first")
	l.Printf("second\nthird")
	where(l)
	l.SetPrefix("")
	l.SetFlags(0)
	l.Print("")
	fmt.Print(buf.String())
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		l.Panicf("bad %d", 7)
	}()
	func() {
		defer func() { fmt.Printf("recovered: %q\n", recover()) }()
		log.Panicln("a", "b")
	}()
	fmt.Printf("%q\n", buf.String()[len(buf.String())-6:])
	log.SetOutput(os.Stderr)
	log.SetFlags(0)
	defer fmt.Println("not run")
	log.Fatal("fatal ", 9)
}
