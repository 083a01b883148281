// Package pprof is gosim's model of Go's package runtime/pprof.
package pprof

import (
	"context"
	"errors"
	"io"
	"sync"
)

// A Profile is a collection of stacks.
type Profile struct {
	name string
	at   map[any][]uintptr
	all  []any
}

var builtin = map[string]*Profile{}
var own = map[string]*Profile{}

func init() {
	for _, name := range []string{
		"goroutine", "goroutineleak", "threadcreate", "heap", "allocs", "block", "mutex",
	} {
		if name != "goroutineleak" || hasLeakProfile() {
			builtin[name] = &Profile{name: name}
		}
	}
}

func hasLeakProfile() bool

// NewProfile makes a profile of the program's own.
func NewProfile(name string) *Profile {
	if name == "" {
		panic("pprof: NewProfile with empty name")
	}
	if Lookup(name) != nil {
		panic("pprof: NewProfile name already in use: " + name)
	}
	p := &Profile{name: name, at: map[any][]uintptr{}}
	own[name] = p
	return p
}

// Lookup returns a profile, nil if there is none of the name.
func Lookup(name string) *Profile {
	if p := builtin[name]; p != nil {
		return p
	}
	return own[name]
}

// Profiles returns all profiles by name.
func Profiles() []*Profile {
	var all []*Profile
	for _, p := range builtin {
		all = append(all, p)
	}
	for _, p := range own {
		all = append(all, p)
	}
	for i := range all {
		for j := i; j > 0 && all[j].name < all[j-1].name; j-- {
			all[j], all[j-1] = all[j-1], all[j]
		}
	}
	return all
}

func (p *Profile) Name() string {
	return p.name
}

func (p *Profile) Count() int {
	if p.at != nil {
		return len(p.all)
	}
	look()
	return count(p.name)
}

func look()
func count(name string) int

// Add puts the stack of the calling goroutine under value.
func (p *Profile) Add(value any, skip int) {
	if p.name == "" {
		panic("pprof: use of uninitialized Profile")
	}
	if p.at == nil {
		panic("pprof: Add called on built-in Profile " + p.name)
	}
	if _, ok := p.at[value]; ok {
		panic("pprof: Profile.Add of duplicate value")
	}
	p.at[value] = callers(skip)
	p.all = append(p.all, value)
}

func callers(skip int) []uintptr

// Remove takes what was added under value out.
func (p *Profile) Remove(value any) {
	if _, ok := p.at[value]; !ok {
		return
	}
	delete(p.at, value)
	for i, v := range p.all {
		if v == value {
			p.all = append(p.all[:i], p.all[i+1:]...)
			break
		}
	}
}

// WriteTo writes the profile: debug 0 in the format of go tool pprof, 1 as text, 2 as a dump.
func (p *Profile) WriteTo(w io.Writer, debug int) error {
	if p.name == "" {
		panic("pprof: use of zero Profile")
	}
	switch {
	case p.at != nil:
		var stacks [][]uintptr
		for _, value := range p.all {
			stacks = append(stacks, p.at[value])
		}
		_, err := w.Write(ownProfile(p.name, stacks, debug))
		return err
	case p.name == "goroutine":
		look()
		return writeGoroutine(w, debug)
	case p.name == "goroutineleak":
		return writeGoroutineLeak(w, debug)
	}
	_, err := w.Write(profile(p.name, debug))
	return err
}

func writeGoroutine(w io.Writer, debug int) error {
	if debug >= 2 {
		return writeGoroutineStacks(w)
	}
	return writeRuntimeProfile(w, debug, "goroutine")
}

var goroutineLeakProfileLock sync.Mutex

// writeGoroutineLeak looks for leaks first. Who asks meanwhile waits.
func writeGoroutineLeak(w io.Writer, debug int) error {
	goroutineLeakProfileLock.Lock()
	defer goroutineLeakProfileLock.Unlock()
	findLeaks()
	if debug >= 2 {
		return writeGoroutineStacks(w)
	}
	return writeRuntimeProfile(w, debug, "goroutineleak")
}

func writeGoroutineStacks(w io.Writer) error {
	_, err := w.Write(dump())
	return err
}

func writeRuntimeProfile(w io.Writer, debug int, name string) error {
	_, err := w.Write(profile(name, debug))
	return err
}

func findLeaks()
func dump() []byte
func profile(name string, debug int) []byte
func ownProfile(name string, stacks [][]uintptr, debug int) []byte

// WriteHeapProfile writes the heap profile.
func WriteHeapProfile(w io.Writer) error {
	return Lookup("heap").WriteTo(w, 0)
}

var errCPU = errors.New("cpu profiling already in use")
var profiling bool

// StartCPUProfile begins a CPU profile, which stays empty: computing takes no time here.
func StartCPUProfile(w io.Writer) error {
	if profiling {
		return errCPU
	}
	profiling = true
	return nil
}

func StopCPUProfile() {
	profiling = false
}

// A LabelSet is a set of labels.
type LabelSet struct {
	list []label
}

type label struct {
	key, value string
}

type labelContextKey struct{}

// Labels makes a set of labels of keys and values.
func Labels(args ...string) LabelSet {
	if len(args)%2 != 0 {
		panic("uneven number of arguments to pprof.Labels")
	}
	list := merge(nil, args)
	return LabelSet{list}
}

func merge(old []label, args []string) []label {
	list := append([]label(nil), old...)
next:
	for i := 0; i+1 < len(args); i += 2 {
		for j := range list {
			if list[j].key == args[i] {
				list[j].value = args[i+1]
				continue next
			}
		}
		list = append(list, label{args[i], args[i+1]})
	}
	for i := range list {
		for j := i; j > 0 && list[j].key < list[j-1].key; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
	return list
}

func labelsOf(ctx context.Context) []label {
	list, _ := ctx.Value(labelContextKey{}).([]label)
	return list
}

// WithLabels returns a context with more labels.
func WithLabels(ctx context.Context, labels LabelSet) context.Context {
	var args []string
	for _, l := range labels.list {
		args = append(args, l.key, l.value)
	}
	return context.WithValue(ctx, labelContextKey{}, merge(labelsOf(ctx), args))
}

// SetGoroutineLabels gives the calling goroutine the labels of ctx.
func SetGoroutineLabels(ctx context.Context) {
	var args []string
	for _, l := range labelsOf(ctx) {
		args = append(args, l.key, l.value)
	}
	setLabels(args)
}

func setLabels(args []string)

// Do calls f with more labels.
func Do(ctx context.Context, labels LabelSet, f func(context.Context)) {
	defer SetGoroutineLabels(ctx)
	ctx = WithLabels(ctx, labels)
	SetGoroutineLabels(ctx)
	f(ctx)
}

// Label returns the value of a label.
func Label(ctx context.Context, key string) (string, bool) {
	for _, l := range labelsOf(ctx) {
		if l.key == key {
			return l.value, true
		}
	}
	return "", false
}

// ForLabels calls f for the labels of ctx until it returns false.
func ForLabels(ctx context.Context, f func(key, value string) bool) {
	for _, l := range labelsOf(ctx) {
		if !f(l.key, l.value) {
			break
		}
	}
}
