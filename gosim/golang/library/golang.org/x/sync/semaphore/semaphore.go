// Package semaphore is gosim's model of golang.org/x/sync/semaphore.
package semaphore

import "context"

//gosim:is gosim.std.semaphore.Weighted
type Weighted struct{ _ int }

//gosim:is gosim.std.semaphore.Weighted
func NewWeighted(n int64) *Weighted

//gosim:is gosim.golang.library.xsync.acquire
//gosim:blocks
func (s *Weighted) Acquire(ctx context.Context, n int64) error
func (s *Weighted) Release(n int64)
func (s *Weighted) TryAcquire(n int64) bool
