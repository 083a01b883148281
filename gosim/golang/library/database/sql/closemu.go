package sql

import "sync"

// A closingMutex lets a reader in again while somebody waits to close.
//
//gosim:until 1.26
type closingMutex = sync.RWMutex

// Since Go 1.27 it is not an RWMutex, on which a second RLock waits behind a Lock.
//
//gosim:since 1.27
type closingMutex struct {
	mu      sync.Mutex
	readers int // -1: it is being closed
	waiting bool
	read    *sync.Cond
	write   *sync.Cond
}

//gosim:since 1.27
func (m *closingMutex) RLock() {
	if m.TryRLock() {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for !m.TryRLock() {
		m.init()
		m.read.Wait()
	}
}

// TryRLock takes no lock: in Go the number of readers is an atomic variable.
//
//gosim:since 1.27
func (m *closingMutex) TryRLock() bool {
	if m.readers < 0 || m.readers == 0 && m.waiting {
		return false
	}
	m.readers++
	return true
}

//gosim:since 1.27
func (m *closingMutex) RUnlock() {
	if m.readers < 1 {
		panic("runlock of un-rlocked mutex")
	}
	m.readers--
	if m.readers == 0 && m.waiting {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.write.Broadcast()
	}
}

//gosim:since 1.27
func (m *closingMutex) Lock() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for m.readers != 0 {
		m.waiting = true
		m.init()
		m.write.Wait()
	}
	m.readers, m.waiting = -1, false
}

//gosim:since 1.27
func (m *closingMutex) Unlock() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.readers != -1 {
		panic("unlock of unlocked mutex")
	}
	m.readers = 0
	if m.read != nil {
		m.read.Broadcast()
		m.write.Broadcast()
	}
}

//gosim:since 1.27
func (m *closingMutex) init() {
	if m.read == nil {
		m.read, m.write = sync.NewCond(&m.mu), sync.NewCond(&m.mu)
	}
}
