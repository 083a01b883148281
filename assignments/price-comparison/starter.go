// A travel site asks several shops for a price and shows the first one that comes in.
package main

import (
	"fmt"
	"time"
)

const shops = 3
const customers = 2
const fastest = 0

// think is what a shop does before it answers; one of them is the fastest.
func think(shop int) {
	time.Sleep(time.Duration((shop-fastest+shops)%shops+1) * 10 * time.Millisecond)
}

func price(customer, shop int) int {
	return 100 + customer + 7*shop
}

// EDIT
func fetch(customer, shop int, quotes chan int) {
	think(shop)
	quotes <- price(customer, shop)
}

// quote returns the first price that comes in.
func quote(customer int) int {
	quotes := make(chan int)
	for shop := 0; shop < shops; shop++ {
		go fetch(customer, shop, quotes)
	}
	return <-quotes
}

// END EDIT

func serve(customer int) {
	paid := quote(customer)
	fmt.Println("customer", customer, "pays", paid)
}

func main() {
	for customer := 0; customer < customers; customer++ {
		serve(customer)
	}
	time.Sleep(time.Second) // the site stays up; are the shops gone?
}
