// Package sync is gosim's model of Go's package sync: the objects of gosim.std.sync.
package sync

// A Locker can be locked and unlocked.
type Locker interface {
	Lock()
	Unlock()
}

//gosim:is gosim.std.sync.Mutex
type Mutex struct{ _ int }

func (m *Mutex) Lock()

func (m *Mutex) TryLock() bool

func (m *Mutex) Unlock()

//gosim:is gosim.std.sync.RWMutex
type RWMutex struct{ _ int }

func (rw *RWMutex) Lock()

//gosim:calls rlock
func (rw *RWMutex) RLock()

//gosim:calls rlocker
func (rw *RWMutex) RLocker() Locker

//gosim:calls runlock
func (rw *RWMutex) RUnlock()

func (rw *RWMutex) TryLock() bool

//gosim:calls try_rlock
func (rw *RWMutex) TryRLock() bool

func (rw *RWMutex) Unlock()

// What RLocker returns.
//
//gosim:is gosim.std.sync.RLocker
type rlocker struct{ _ int }

//gosim:blocks
func (r *rlocker) Lock()

//gosim:blocks
func (r *rlocker) Unlock()

//gosim:is gosim.std.sync.WaitGroup
type WaitGroup struct{ _ int }

func (wg *WaitGroup) Add(delta int)

func (wg *WaitGroup) Done()

// Go starts a goroutine that is counted until f returns; a panic of f crashes before that.
//
//gosim:since 1.25
func (wg *WaitGroup) Go(f func()) {
	wg.Add(1)
	go func() {
		defer func() {
			if x := recover(); x != nil {
				panic(x)
			}
			wg.Done()
		}()
		f()
	}()
}

func (wg *WaitGroup) Wait()

//gosim:is gosim.std.sync.Once
type Once struct{ _ int }

func (o *Once) Do(f func())

//gosim:is gosim.std.sync.Cond
type Cond struct {
	L Locker
}

//gosim:is gosim.std.sync.Cond
func NewCond(l Locker) *Cond

func (c *Cond) Broadcast()

func (c *Cond) Signal()

func (c *Cond) Wait()

//gosim:is gosim.std.sync.Pool
type Pool struct {
	New func() any
}

func (p *Pool) Get() any

func (p *Pool) Put(x any)

//gosim:is gosim.std.sync.Map
type Map struct{ _ int }

//gosim:since 1.23
func (m *Map) Clear()

func (m *Map) CompareAndDelete(key, old any) (deleted bool)

func (m *Map) CompareAndSwap(key, old, new any) (swapped bool)

func (m *Map) Delete(key any)

func (m *Map) Load(key any) (value any, ok bool)

func (m *Map) LoadAndDelete(key any) (value any, loaded bool)

func (m *Map) LoadOrStore(key, value any) (actual any, loaded bool)

func (m *Map) Range(f func(key, value any) bool)

func (m *Map) Store(key, value any)

func (m *Map) Swap(key, value any) (previous any, loaded bool)
