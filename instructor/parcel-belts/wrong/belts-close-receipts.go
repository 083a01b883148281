// A sorting centre: a feeder, some belts, and a receipt for every parcel.
package main

import (
	"fmt"
	"time"
)

const parcels = 3
const belts = 2

// weigh is what is done with a parcel.
func weigh(parcel int) int { return parcel }

func takeDown(receipt int, book []int) []int { return append(book, receipt) }

// EDIT
// belt takes parcels and sends a receipt for each.
func belt(inbox, receipts chan int) {
	for parcel := range inbox {
		receipts <- weigh(parcel)
	}
	close(receipts)
}

func feed(inbox chan int) {
	for parcel := 0; parcel < parcels; parcel++ {
		inbox <- parcel
	}
	close(inbox)
}

// sorted runs all belts and returns every receipt.
func sorted() []int {
	inbox, receipts := make(chan int), make(chan int)
	for i := 0; i < belts; i++ {
		go belt(inbox, receipts)
	}
	go feed(inbox)
	var book []int
	for i := 0; i < parcels; i++ {
		book = takeDown(<-receipts, book)
	}
	return book
}

// END EDIT

func main() {
	book := sorted()
	sum := 0
	for _, receipt := range book {
		sum += receipt
	}
	fmt.Printf("%d receipts, sum %d\n", len(book), sum)
	time.Sleep(time.Hour) // the evening
}
