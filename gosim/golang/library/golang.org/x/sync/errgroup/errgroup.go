// Package errgroup is gosim's model of golang.org/x/sync/errgroup.
package errgroup

import "context"

//gosim:is gosim.std.errgroup.Group
type Group struct{ _ int }

//gosim:is gosim.golang.library.xsync.with_context
func WithContext(ctx context.Context) (*Group, context.Context)
func (g *Group) Go(f func() error)
func (g *Group) SetLimit(n int)
func (g *Group) TryGo(f func() error) bool
func (g *Group) Wait() error
