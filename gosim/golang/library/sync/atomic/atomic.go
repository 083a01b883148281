// Package atomic is gosim's model of Go's package sync/atomic: the objects of gosim.std.atomic, and
// functions on variables.
package atomic

import "unsafe"

//gosim:is gosim.std.atomic.Bool
type Bool struct{ _ int }

func (x *Bool) CompareAndSwap(old, new bool) (swapped bool)
func (x *Bool) Load() bool
func (x *Bool) Store(val bool)
func (x *Bool) Swap(new bool) (old bool)

//gosim:is gosim.std.atomic.Int32
type Int32 struct{ _ int }

func (x *Int32) Add(delta int32) (new int32)

//gosim:since 1.23
//gosim:calls and_
func (x *Int32) And(mask int32) (old int32)
func (x *Int32) CompareAndSwap(old, new int32) (swapped bool)
func (x *Int32) Load() int32

//gosim:since 1.23
//gosim:calls or_
func (x *Int32) Or(mask int32) (old int32)
func (x *Int32) Store(val int32)
func (x *Int32) Swap(new int32) (old int32)

//gosim:is gosim.std.atomic.Int64
type Int64 struct{ _ int }

func (x *Int64) Add(delta int64) (new int64)

//gosim:since 1.23
//gosim:calls and_
func (x *Int64) And(mask int64) (old int64)
func (x *Int64) CompareAndSwap(old, new int64) (swapped bool)
func (x *Int64) Load() int64

//gosim:since 1.23
//gosim:calls or_
func (x *Int64) Or(mask int64) (old int64)
func (x *Int64) Store(val int64)
func (x *Int64) Swap(new int64) (old int64)

//gosim:is gosim.std.atomic.Uint32
type Uint32 struct{ _ int }

func (x *Uint32) Add(delta uint32) (new uint32)

//gosim:since 1.23
//gosim:calls and_
func (x *Uint32) And(mask uint32) (old uint32)
func (x *Uint32) CompareAndSwap(old, new uint32) (swapped bool)
func (x *Uint32) Load() uint32

//gosim:since 1.23
//gosim:calls or_
func (x *Uint32) Or(mask uint32) (old uint32)
func (x *Uint32) Store(val uint32)
func (x *Uint32) Swap(new uint32) (old uint32)

//gosim:is gosim.std.atomic.Uint64
type Uint64 struct{ _ int }

func (x *Uint64) Add(delta uint64) (new uint64)

//gosim:since 1.23
//gosim:calls and_
func (x *Uint64) And(mask uint64) (old uint64)
func (x *Uint64) CompareAndSwap(old, new uint64) (swapped bool)
func (x *Uint64) Load() uint64

//gosim:since 1.23
//gosim:calls or_
func (x *Uint64) Or(mask uint64) (old uint64)
func (x *Uint64) Store(val uint64)
func (x *Uint64) Swap(new uint64) (old uint64)

//gosim:is gosim.std.atomic.Uintptr
type Uintptr struct{ _ int }

func (x *Uintptr) Add(delta uintptr) (new uintptr)

//gosim:since 1.23
//gosim:calls and_
func (x *Uintptr) And(mask uintptr) (old uintptr)
func (x *Uintptr) CompareAndSwap(old, new uintptr) (swapped bool)
func (x *Uintptr) Load() uintptr

//gosim:since 1.23
//gosim:calls or_
func (x *Uintptr) Or(mask uintptr) (old uintptr)
func (x *Uintptr) Store(val uintptr)
func (x *Uintptr) Swap(new uintptr) (old uintptr)

// A Pointer holds a *T.
//
//gosim:is gosim.std.atomic.Pointer
type Pointer[T any] struct{ _ *T }

func (x *Pointer[T]) CompareAndSwap(old, new *T) (swapped bool)
func (x *Pointer[T]) Load() *T
func (x *Pointer[T]) Store(val *T)
func (x *Pointer[T]) Swap(new *T) (old *T)

//gosim:is gosim.std.atomic.Value
type Value struct{ _ int }

func (v *Value) CompareAndSwap(old, new any) (swapped bool)
func (v *Value) Load() (val any)
func (v *Value) Store(val any)
func (v *Value) Swap(new any) (old any)

func AddInt32(addr *int32, delta int32) (new int32)

//gosim:since 1.23
func AndInt32(addr *int32, mask int32) (old int32)
func CompareAndSwapInt32(addr *int32, old, new int32) (swapped bool)
func LoadInt32(addr *int32) (val int32)

//gosim:since 1.23
func OrInt32(addr *int32, mask int32) (old int32)
func StoreInt32(addr *int32, val int32)
func SwapInt32(addr *int32, new int32) (old int32)

func AddInt64(addr *int64, delta int64) (new int64)

//gosim:since 1.23
func AndInt64(addr *int64, mask int64) (old int64)
func CompareAndSwapInt64(addr *int64, old, new int64) (swapped bool)
func LoadInt64(addr *int64) (val int64)

//gosim:since 1.23
func OrInt64(addr *int64, mask int64) (old int64)
func StoreInt64(addr *int64, val int64)
func SwapInt64(addr *int64, new int64) (old int64)

func AddUint32(addr *uint32, delta uint32) (new uint32)

//gosim:since 1.23
func AndUint32(addr *uint32, mask uint32) (old uint32)
func CompareAndSwapUint32(addr *uint32, old, new uint32) (swapped bool)
func LoadUint32(addr *uint32) (val uint32)

//gosim:since 1.23
func OrUint32(addr *uint32, mask uint32) (old uint32)
func StoreUint32(addr *uint32, val uint32)
func SwapUint32(addr *uint32, new uint32) (old uint32)

func AddUint64(addr *uint64, delta uint64) (new uint64)

//gosim:since 1.23
func AndUint64(addr *uint64, mask uint64) (old uint64)
func CompareAndSwapUint64(addr *uint64, old, new uint64) (swapped bool)
func LoadUint64(addr *uint64) (val uint64)

//gosim:since 1.23
func OrUint64(addr *uint64, mask uint64) (old uint64)
func StoreUint64(addr *uint64, val uint64)
func SwapUint64(addr *uint64, new uint64) (old uint64)

func AddUintptr(addr *uintptr, delta uintptr) (new uintptr)

//gosim:since 1.23
func AndUintptr(addr *uintptr, mask uintptr) (old uintptr)
func CompareAndSwapUintptr(addr *uintptr, old, new uintptr) (swapped bool)
func LoadUintptr(addr *uintptr) (val uintptr)

//gosim:since 1.23
func OrUintptr(addr *uintptr, mask uintptr) (old uintptr)
func StoreUintptr(addr *uintptr, val uintptr)
func SwapUintptr(addr *uintptr, new uintptr) (old uintptr)

func CompareAndSwapPointer(addr *unsafe.Pointer, old, new unsafe.Pointer) (swapped bool)
func LoadPointer(addr *unsafe.Pointer) (val unsafe.Pointer)
func StorePointer(addr *unsafe.Pointer, val unsafe.Pointer)
func SwapPointer(addr *unsafe.Pointer, new unsafe.Pointer) (old unsafe.Pointer)
