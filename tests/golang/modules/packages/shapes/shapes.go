package shapes

import (
	"errors"
	"fmt"
)

type Shape interface {
	Area() float64
	secret() string
}
type Rect struct{ W, h float64 }
type Point struct{ X, Y int }

var ErrBad = errors.New("bad")
var Unit = *NewRect(1, 1)
var Origin Point

func NewRect(w, h float64) *Rect        { return &Rect{w, h} }
func (r *Rect) String() string           { return fmt.Sprintf("%gx%g", r.W, r.h) }
func (r Rect) Area() float64             { return r.W * r.h }
func (r Rect) secret() string            { return "shapes secret" }
func Reveal(s Shape) string              { return s.secret() }
func Describe(s Shape) string { if st, ok := s.(fmt.Stringer); ok { return "<" + st.String() + ">" }; return "?" }
func ShowOrigin() Point                  { return Origin }
func init()                              { fmt.Println("shapes init") }
