// Players look at one board at the same time; the board is an array of a MiB.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const players = 10
const cells = 131072

var board [cells]int // a package variable: neither heap nor stack

// think is what every player does for some time.
func think() {
	time.Sleep(20 * time.Millisecond)
}

// EDIT
//
//go:noinline
func score(cells *[cells]int, player int) int {
	think()
	cells[player] += player
	return cells[player]
}

func play(player int, scores chan int) {
	scores <- score(&board, player)
}

// END EDIT

func untouched() bool {
	for player := 0; player < players; player++ {
		if board[player] != 0 {
			return false
		}
	}
	return true
}

// tournament lets all players look at the board and returns the sum of their scores.
func tournament() int {
	scores := make(chan int, players)
	for player := 0; player < players; player++ {
		go play(player, scores)
	}
	total := 0
	for player := 0; player < players; player++ {
		total += <-scores
	}
	return total
}

func main() {
	total := tournament()
	fmt.Printf("%d players, sum %d\n", players, total)
	if untouched() {
		fmt.Println("the board is as it was")
	} else {
		fmt.Println("the board is full of notes")
	}
	runtime.GC()
}
