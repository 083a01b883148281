// The first of two causes stays.
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

func main() {
	ctx, cancel := context.WithCancelCause(context.Background())
	var wg sync.WaitGroup
	for _, name := range []string{"a", "b"} {
		wg.Go(func() { cancel(errors.New("cancelled by " + name)) })
	}
	wg.Wait()
	fmt.Println(context.Cause(ctx))
}
