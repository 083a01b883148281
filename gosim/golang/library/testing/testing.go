// Package testing is gosim's model of Go's package testing.
package testing

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"
)

// TB is what tests and benchmarks have in common.
type TB interface {
	//gosim:since 1.25
	Attr(key, value string)
	Cleanup(func())
	//gosim:since 1.24
	Context() context.Context
	Error(args ...any)
	Errorf(format string, args ...any)
	Fail()
	FailNow()
	Failed() bool
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Helper()
	Log(args ...any)
	Logf(format string, args ...any)
	Name() string
	//gosim:since 1.25
	Output() io.Writer
	Setenv(key, value string)
	Skip(args ...any)
	SkipNow()
	Skipf(format string, args ...any)
	Skipped() bool

	private()
}

var _ TB = (*T)(nil)
var _ TB = (*B)(nil)

const indent = "    "

// common is what T and B have in common. No lock guards it: nothing in here waits between looking
// and changing.
type common struct {
	output    []byte          // what is to be printed below the line with the result
	partial   []byte          // the beginning of a line that was written to Output
	helpers   map[string]bool // functions that called Helper
	cleanups  []func()
	cleaning  bool
	done      bool
	failed    bool
	skipped   bool
	finished  bool
	ran       bool
	hasSub    bool
	bench     bool
	chatty    *chattyPrinter
	name      string
	subNames  map[string]int
	parent    *common
	level     int
	creator   []place // where a subtest was started
	start     time.Time
	duration  time.Duration
	barrier   chan bool // closed to let parallel subtests go on
	signal    chan bool // says that the test is done, or parallel
	sub       []*T
	ctx       context.Context
	cancelCtx context.CancelFunc
	synctest  bool
}

type place struct {
	function, file string
	line           int
}

// T is the state of a test.
type T struct {
	common
	denyParallel bool
	isParallel   bool
	state        *testState
}

// testState says how many tests may run in parallel.
type testState struct {
	match    func(name string, sub bool) bool
	deadline time.Time
	start    chan bool
	running  int
	waiting  int
	maximum  int
}

func (s *testState) waitParallel() {
	if s.running < s.maximum {
		s.running++
		return
	}
	s.waiting++
	<-s.start
}

func (s *testState) release() {
	if s.waiting == 0 {
		s.running--
		return
	}
	s.waiting--
	s.start <- true // somebody who waits takes the place
}

// chattyPrinter prints what tests say at once, and whose it is.
type chattyPrinter struct {
	last string
}

func (p *chattyPrinter) update(name, text string) {
	p.last = name
	os.Stdout.WriteString(text)
}

func (p *chattyPrinter) print(name, text string) {
	if p.last == "" {
		p.last = name
	} else if p.last != name {
		os.Stdout.WriteString("=== NAME  " + name + "\n")
		p.last = name
	}
	os.Stdout.WriteString(text)
}

func (c *common) private() {}

func (c *common) Name() string { return c.name }

func (c *common) setRan() {
	if c.parent != nil {
		c.parent.setRan()
	}
	c.ran = true
}

func (c *common) Fail() {
	if c.parent != nil {
		c.parent.Fail()
	}
	if c.done {
		panic("Fail in goroutine after " + c.name + " has completed")
	}
	c.failed = true
}

func (c *common) Failed() bool { return c.failed }

func (c *common) FailNow() {
	c.Fail()
	c.finished = true
	runtime.Goexit()
}

// ---- what is printed ----

// callers returns the places of the calling goroutine's stack, skip frames left out.
func callers(skip int) []place {
	var found []place
	for i := skip + 1; ; i++ {
		pc, file, line, ok := runtime.Caller(i)
		if !ok {
			return found
		}
		found = append(found, place{runtime.FuncForPC(pc).Name(), file, line})
	}
}

// site returns the place to blame for a message: the innermost one outside of helper functions.
func (c *common) site(stack []place) place {
	first := place{}
	last := place{}
	for len(stack) > 0 {
		p := stack[0]
		stack = stack[1:]
		if first.function == "" {
			first = p
		}
		if p.function == "testing.tRunner" {
			if c.level <= 1 {
				return last
			}
			stack = c.creator
			c = c.parent
			continue
		}
		if !c.helpers[p.function] {
			return p
		}
		last = p
	}
	return first
}

// log prints a message; it is called by the functions that programs call.
func (c *common) log(s string) {
	s = strings.TrimSuffix(s, "\n")
	s = strings.ReplaceAll(s, "\n", "\n"+indent) + "\n"
	n := c.destination()
	if n == nil {
		panic("Log in goroutine after " + c.name + " has completed: " + s)
	}
	p := n.site(callers(2))
	file := p.file
	if i := strings.LastIndexByte(file, '/'); i >= 0 {
		file = file[i+1:]
	}
	if file == "" {
		file, p.line = "???", 1
	}
	n.flushPartial()
	n.write(fmt.Sprintf("%s:%d: %s", file, p.line, s))
}

// destination returns the test that says it: this, or one above if it is done or in a bubble.
func (c *common) destination() *common {
	if !c.done && !c.synctest {
		return c
	}
	for p := c.parent; p != nil; p = p.parent {
		if !p.done {
			return p
		}
	}
	return nil
}

func (c *common) flushPartial() {
	if len(c.partial) > 0 {
		c.write("\n")
	}
}

// write prints text, line by line; the end of it may be the beginning of a line.
func (c *common) write(s string) {
	c.partial = append(c.partial, s...)
	text := string(c.partial)
	c.partial = c.partial[:0]
	for text != "" {
		i := strings.IndexByte(text, '\n')
		if i < 0 {
			c.partial = append(c.partial, text...)
			return
		}
		line := indent + text[:i+1]
		text = text[i+1:]
		if c.done || c.chatty == nil {
			c.output = append(c.output, line...)
		} else if c.bench {
			os.Stdout.WriteString(line)
		} else {
			c.chatty.print(c.name, line)
		}
	}
}

// flush prints a line about the test and what it has said, to the parent's output.
func (c *common) flush(line string) {
	text := line + string(c.output)
	c.output = c.output[:0]
	p := c.parent
	if p.parent == nil {
		if c.chatty != nil {
			c.chatty.update(c.name, text)
		} else {
			os.Stdout.WriteString(text)
		}
		return
	}
	for text != "" {
		i := strings.IndexByte(text, '\n')
		if i < 0 {
			i = len(text) - 1
		}
		p.output = append(p.output, indent...)
		p.output = append(p.output, text[:i+1]...)
		text = text[i+1:]
	}
}

func fmtDuration(d time.Duration) string {
	return fmt.Sprintf("%.2fs", d.Seconds())
}

type output struct {
	c *common
}

func (o output) Write(p []byte) (int, error) {
	n := o.c.destination()
	if n == nil {
		panic("Write called after " + o.c.name + " has completed")
	}
	n.write(string(p))
	return len(p), nil
}

//gosim:since 1.25
func (c *common) Output() io.Writer {
	return output{c}
}

//gosim:since 1.25
func (c *common) Attr(key, value string) {
	if strings.ContainsAny(key, " \t\r\n") {
		c.Errorf("disallowed whitespace in attribute key %q", key)
		return
	}
	if strings.ContainsAny(value, "\r\n") {
		c.Errorf("disallowed newline in attribute value %q", value)
		return
	}
	if c.chatty == nil {
		return
	}
	c.chatty.update(c.name, fmt.Sprintf("=== ATTR  %s %v %v\n", c.name, key, value))
}

func (c *common) Log(args ...any) {
	c.log(fmt.Sprintln(args...))
}

func (c *common) Logf(format string, args ...any) {
	c.log(fmt.Sprintf(format, args...))
}

func (c *common) Error(args ...any) {
	c.log(fmt.Sprintln(args...))
	c.Fail()
}

func (c *common) Errorf(format string, args ...any) {
	c.log(fmt.Sprintf(format, args...))
	c.Fail()
}

func (c *common) Fatal(args ...any) {
	c.log(fmt.Sprintln(args...))
	c.FailNow()
}

func (c *common) Fatalf(format string, args ...any) {
	c.log(fmt.Sprintf(format, args...))
	c.FailNow()
}

func (c *common) Skip(args ...any) {
	c.log(fmt.Sprintln(args...))
	c.SkipNow()
}

func (c *common) Skipf(format string, args ...any) {
	c.log(fmt.Sprintf(format, args...))
	c.SkipNow()
}

func (c *common) SkipNow() {
	c.skipped = true
	c.finished = true
	runtime.Goexit()
}

func (c *common) Skipped() bool { return c.skipped }

// Helper says that messages belong to the caller of the calling function.
func (c *common) Helper() {
	if c.synctest {
		c = c.parent
	}
	if c.helpers == nil {
		c.helpers = map[string]bool{}
	}
	if pc, _, _, ok := runtime.Caller(1); ok {
		c.helpers[runtime.FuncForPC(pc).Name()] = true
	}
}

func (c *common) Cleanup(f func()) {
	c.cleanups = append(c.cleanups, f)
}

//gosim:since 1.24
func (c *common) Context() context.Context {
	return c.ctx
}

func (c *common) Setenv(key, value string) {
	before, set := os.LookupEnv(key)
	if err := os.Setenv(key, value); err != nil {
		c.Fatalf("cannot set environment variable: %v", err)
	}
	c.Cleanup(func() {
		if set {
			os.Setenv(key, before)
		} else {
			os.Unsetenv(key)
		}
	})
}

// clean runs what Cleanup was given, the last first, even when some of it panics.
func (c *common) clean() {
	c.cleaning = true
	defer func() { c.cleaning = false }()
	defer func() {
		if len(c.cleanups) > 0 {
			c.clean()
		}
	}()
	if c.cancelCtx != nil {
		c.cancelCtx()
	}
	for len(c.cleanups) > 0 {
		last := len(c.cleanups) - 1
		f := c.cleanups[last]
		c.cleanups = c.cleanups[:last]
		f()
	}
}

// cleanCatching does the same and returns what it panicked with.
func (c *common) cleanCatching() (value any) {
	defer func() { value = recover() }()
	c.clean()
	return nil
}

// ---- tests ----

const parallelConflict = `testing: test using t.Setenv, t.Chdir, or cryptotest.SetGlobalRandom can not use t.Parallel`

func (t *T) Setenv(key, value string) {
	for c := &t.common; c != nil; c = c.parent {
		if parallel[c] {
			panic(parallelConflict)
		}
	}
	t.denyParallel = true
	t.common.Setenv(key, value)
}

// parallel holds the tests that called Parallel.
var parallel = map[*common]bool{}

// Parallel lets the test run together with other parallel ones, when all others are done.
func (t *T) Parallel() {
	if t.isParallel {
		panic("testing: t.Parallel called multiple times")
	}
	if t.synctest {
		panic("testing: t.Parallel called inside synctest bubble")
	}
	if t.denyParallel {
		panic(parallelConflict)
	}
	if t.parent.barrier == nil {
		return
	}
	t.isParallel = true
	parallel[&t.common] = true
	t.duration += time.Since(t.start)
	t.parent.sub = append(t.parent.sub, t)
	if t.chatty != nil {
		t.chatty.update(t.name, "=== PAUSE "+t.name+"\n")
	}
	delete(running, t.name)
	t.signal <- true
	<-t.parent.barrier
	t.state.waitParallel()
	if t.chatty != nil {
		t.chatty.update(t.name, "=== CONT  "+t.name+"\n")
	}
	t.start = time.Now()
	running[t.name] = t.start
}

// Deadline returns when the tests time out.
func (t *T) Deadline() (deadline time.Time, ok bool) {
	if t.synctest {
		panic("testing: t.Deadline called inside synctest bubble")
	}
	return t.state.deadline, !t.state.deadline.IsZero()
}

var errNilPanicOrGoexit = errors.New("test executed panic(nil) or runtime.Goexit")

// running holds the tests under way and since when.
var running = map[string]time.Time{}

var failures int

// tRunner runs a test in its own goroutine and says at its end that it is done.
func tRunner(t *T, fn func(t *T)) {
	defer func() {
		err := recover()
		ok := true
		if !t.finished && err == nil {
			err = errNilPanicOrGoexit
			for p := t.parent; p != nil; p = p.parent {
				if p.finished {
					// FailNow of a test above was called here: it ends as well.
					if !t.isParallel {
						t.Errorf("%v: subtest may have called FailNow on a parent test", err)
						err = nil
					}
					ok = false
					break
				}
			}
		}
		dying := false
		defer func() {
			if dying {
				return
			}
			if err != nil {
				panic(err)
			}
			delete(running, t.name)
			t.signal <- ok
		}()
		die := func(err any) {
			t.Fail()
			if r := t.cleanCatching(); r != nil {
				t.Logf("cleanup panicked with %v", r)
			}
			for c := &t.common; !c.synctest && c.parent != nil; c = c.parent {
				c.duration += time.Since(c.start)
				c.flushPartial()
				c.flush(fmt.Sprintf("--- FAIL: %s (%s)\n", c.name, fmtDuration(c.duration)))
				if r := c.parent.cleanCatching(); r != nil {
					os.Stdout.WriteString(fmt.Sprintf("cleanup panicked with %v", r))
				}
			}
			dying = true
			panic(err)
		}
		if err != nil {
			die(err)
		}
		t.duration += time.Since(t.start)
		if len(t.sub) > 0 {
			t.state.release()
			delete(running, t.name)
			close(t.barrier)
			for _, sub := range t.sub {
				<-sub.signal
			}
			start := time.Now()
			running[t.name] = start
			err := t.cleanCatching()
			t.duration += time.Since(start)
			if err != nil {
				die(err)
			}
			if !t.isParallel {
				t.state.waitParallel()
			}
		} else if t.isParallel {
			t.state.release()
		}
		for c := &t.common; c.parent != nil; c = c.parent {
			c.flushPartial()
		}
		if t.failed {
			failures++
		}
		t.report()
		t.done = true
		if t.parent != nil && !t.hasSub {
			t.setRan()
		}
	}()
	defer func() {
		if len(t.sub) == 0 {
			t.clean()
		}
	}()
	t.start = time.Now()
	fn(t)
	t.finished = true
}

func (t *T) report() {
	if t.parent == nil || t.synctest {
		return
	}
	result := "PASS"
	if t.failed {
		result = "FAIL"
	} else if t.chatty == nil {
		return
	} else if t.skipped {
		result = "SKIP"
	}
	t.flush(fmt.Sprintf("--- %s: %s (%s)\n", result, t.name, fmtDuration(t.duration)))
}

// Run runs f as a subtest; it returns when that is done, or has called Parallel.
func (t *T) Run(name string, f func(t *T)) bool {
	if t.synctest {
		panic("testing: t.Run called inside synctest bubble")
	}
	if t.cleaning {
		panic("testing: t.Run called during t.Cleanup")
	}
	t.hasSub = true
	full := t.subName(name)
	if !t.state.match(full, true) || failFast && failures > 0 {
		return true
	}
	ctx, cancel := context.WithCancel(context.Background())
	sub := &T{
		common: common{
			barrier:   make(chan bool),
			signal:    make(chan bool, 1),
			name:      full,
			parent:    &t.common,
			level:     t.level + 1,
			creator:   callers(1),
			chatty:    t.chatty,
			ctx:       ctx,
			cancelCtx: cancel,
		},
		state: t.state,
	}
	if sub.chatty != nil {
		sub.chatty.update(full, "=== RUN   "+full+"\n")
	}
	running[full] = time.Now()
	go tRunner(sub, f)
	if !<-sub.signal {
		runtime.Goexit()
	}
	return !sub.failed
}

// subName returns the whole name of a subtest: blanks replaced, and unlike that of its siblings.
func (c *common) subName(name string) string {
	if c.level == 0 {
		return name
	}
	name = rewrite(name)
	if c.subNames == nil {
		c.subNames = map[string]int{}
	}
	base := name
	if base == "" {
		name = fmt.Sprintf("#%02d", c.subNames[base])
	} else if n := c.subNames[base]; n > 0 {
		name = fmt.Sprintf("%s#%02d", base, n)
	}
	c.subNames[base]++
	for base != name && c.subNames[name] > 0 {
		name = fmt.Sprintf("%s#%02d", base, c.subNames[base])
		c.subNames[base]++
	}
	if base != name {
		c.subNames[name]++
	}
	return c.name + "/" + name
}

func rewrite(s string) string {
	var b []byte
	for _, r := range s {
		switch {
		case r == ' ' || r == '\t' || r == '\n' || r == '\v' || r == '\f' || r == '\r' || r == 0x85 || r == 0xA0:
			b = append(b, '_')
		case r < ' ' || r == 0x7f:
			b = append(b, fmt.Sprintf("\\x%02x", r)...)
		default:
			b = append(b, string(r)...)
		}
	}
	return string(b)
}

// ---- all of them ----

// An InternalTest is a test with its name.
type InternalTest struct {
	Name string
	F    func(*T)
}

// An InternalExample is an example with its name and what it should print.
type InternalExample struct {
	Name      string
	F         func()
	Output    string
	Unordered bool
}

// An InternalFuzzTarget is a fuzz test with its name; they are not run.
type InternalFuzzTarget struct {
	Name string
	Fn   func(f *F)
}

// F is the state of a fuzz test.
type F struct {
	common
}

// M is what TestMain gets.
type M struct {
	tests      []InternalTest
	benchmarks []InternalBenchmark
	examples   []InternalExample
	timer      *time.Timer
	exitCode   *int
}

// testDeps is what package testing wants of the go command; here it is a *int that gets the exit
// code of Run, for a TestMain that returns, or nil.
type testDeps interface{}

// MainStart makes an M.
func MainStart(deps testDeps, tests []InternalTest, benchmarks []InternalBenchmark, fuzzTargets []InternalFuzzTarget, examples []InternalExample) *M {
	code, _ := deps.(*int)
	return &M{tests: tests, benchmarks: benchmarks, examples: examples, exitCode: code}
}

// Main runs tests and ends the process.
func Main(matchString func(pat, str string) (bool, error), tests []InternalTest, benchmarks []InternalBenchmark, examples []InternalExample) {
	matcher = matchString
	os.Exit(MainStart(nil, tests, benchmarks, nil, examples).Run())
}

// RunTests runs tests and tells whether all passed.
func RunTests(matchString func(pat, str string) (bool, error), tests []InternalTest) (ok bool) {
	parse()
	matcher = matchString
	_, ok = runTests(tests, time.Time{})
	return ok
}

// Run runs the tests and returns the exit code.
func (m *M) Run() (code int) {
	defer func() {
		if m.exitCode != nil {
			*m.exitCode = code
		}
	}()
	parse()
	if listing != "" {
		for _, test := range m.tests {
			if matches(listing, test.Name) {
				os.Stdout.WriteString(test.Name + "\n")
			}
		}
		for _, bench := range m.benchmarks {
			if matches(listing, bench.Name) {
				os.Stdout.WriteString(bench.Name + "\n")
			}
		}
		for _, example := range m.examples {
			if matches(listing, example.Name) {
				os.Stdout.WriteString(example.Name + "\n")
			}
		}
		return 0
	}
	deadline := m.startAlarm()
	ran, ok := runTests(m.tests, deadline)
	examplesRan, examplesOK := runExamples(m.examples)
	if m.timer != nil {
		m.timer.Stop()
	}
	if !ran && !examplesRan && benchPattern == "" {
		os.Stderr.WriteString("testing: warning: no tests to run\n")
	}
	if !ok || !examplesOK || !runBenchmarks(m.benchmarks) {
		os.Stdout.WriteString("FAIL\n")
		return 1
	}
	os.Stdout.WriteString("PASS\n")
	return 0
}

func (m *M) startAlarm() time.Time {
	if timeout <= 0 {
		return time.Time{}
	}
	deadline := time.Now().Add(timeout)
	m.timer = time.AfterFunc(timeout, func() {
		var names []string
		for name, since := range running {
			names = append(names, fmt.Sprintf("\n\t%s (%v)", name, time.Since(since).Round(time.Second)))
		}
		sortStrings(names)
		text := fmt.Sprintf("test timed out after %v", timeout)
		if len(names) > 0 {
			text += "\nrunning tests:" + strings.Join(names, "")
		}
		panic(text)
	})
	return deadline
}

func runTests(tests []InternalTest, deadline time.Time) (ran, ok bool) {
	ok = true
	for i := 0; i < count; i++ {
		if failFast && failures > 0 || i > 0 && !ran {
			break
		}
		ctx, cancel := context.WithCancel(context.Background())
		t := &T{
			common: common{
				signal:    make(chan bool, 1),
				barrier:   make(chan bool),
				ctx:       ctx,
				cancelCtx: cancel,
			},
			state: &testState{
				match:    selected,
				deadline: deadline,
				start:    make(chan bool),
				running:  1,
				maximum:  parallelism,
			},
		}
		if chatty {
			t.chatty = &chattyPrinter{}
		}
		tRunner(t, func(t *T) {
			for _, test := range tests {
				t.Run(test.Name, test.F)
			}
		})
		<-t.signal
		ok = ok && !t.failed
		ran = ran || t.ran
	}
	return ran, ok
}

func runExamples(examples []InternalExample) (ran, ok bool) {
	ok = true
	for _, example := range examples {
		if !selected(example.Name, false) {
			continue
		}
		ran = true
		if chatty {
			os.Stdout.WriteString("=== RUN   " + example.Name + "\n")
		}
		start := time.Now()
		begin()
		example.F()
		got := strings.TrimSpace(taken())
		want := strings.TrimSpace(example.Output)
		taken := fmtDuration(time.Since(start))
		fail := ""
		if example.Unordered {
			if sorted(got) != sorted(want) {
				fail = fmt.Sprintf("got:\n%s\nwant (unordered):\n%s\n", got, example.Output)
			}
		} else if got != want {
			fail = fmt.Sprintf("got:\n%s\nwant:\n%s\n", got, want)
		}
		if fail != "" {
			os.Stdout.WriteString(fmt.Sprintf("--- FAIL: %s (%s)\n%s", example.Name, taken, fail))
			ok = false
		} else if chatty {
			os.Stdout.WriteString(fmt.Sprintf("--- PASS: %s (%s)\n", example.Name, taken))
		}
	}
	return ran, ok
}

func sorted(text string) string {
	lines := strings.Split(text, "\n")
	sortStrings(lines)
	return strings.Join(lines, "\n")
}

// begin and taken catch what is printed to standard output in between.
func begin()
func taken() string

func sortStrings(list []string) {
	for i := range list {
		for j := i; j > 0 && list[j] < list[j-1]; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
}
