"""Pieces of random Go programs that each try one feature of the language or the library."""

# ruff: noqa: E501 -- lines of Go

from __future__ import annotations

from golang_expressions import BOOL, FLOATS, INT, INTS, STRING, Expressions, Var, slice_of

DECLARATIONS = """
func variadic(prefix string, xs ...int) (n int) {
	for i, x := range xs {
		n += x * (i + 1)
	}
	fmt.Println(prefix, len(xs), xs == nil, n)
	return n
}

func three(a int, s string) (int, string, error) {
	if a%3 == 0 {
		return 0, s, failure{a, s}
	}
	return a + 1, s + "!", nil
}

func show3(a int, s string, err error) { fmt.Println("three:", a, s, err) }

type level uint8

const (
	low level = iota + 1
	_
	mid
	high = mid * 10
)

func (l level) String() string { return [...]string{"zero", "low", "?", "mid"}[l%4] }

type serve func(int) int

func (f serve) twice(x int) int { return f(f(x)) }

type animal interface{ sound() string }

type dog struct{ name string }

func (d dog) sound() string { return d.name + " barks" }

type loudly struct {
	animal
	times int
}

func (l *loudly) again() string { l.times++; return strings.Repeat(l.sound()+";", l.times) }

type tree[K cmp.Ordered] struct {
	left, right *tree[K]
	key         K
}

func (t *tree[K]) add(k K) *tree[K] {
	if t == nil {
		return &tree[K]{key: k}
	}
	switch {
	case k < t.key:
		t.left = t.left.add(k)
	case k > t.key:
		t.right = t.right.add(k)
	}
	return t
}

func (t *tree[K]) all(yield func(K) bool) bool {
	return t == nil || t.left.all(yield) && yield(t.key) && t.right.all(yield)
}

type shower interface {
	~int | ~string
	fmt.Stringer
}

type word string

func (w word) String() string { return "<" + string(w) + ">" }

func joined[S shower](xs []S) (s string) {
	for _, x := range xs {
		s += x.String()
	}
	return s
}

func kindOf[A any](x A) string {
	switch any(x).(type) {
	case int, int64:
		return "int"
	case string:
		return "string"
	case []A:
		return "slice"
	}
	return fmt.Sprintf("%T", x)
}

func named(x int) (n int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("caught %v", r)
			n *= 2
		}
	}()
	defer func() { n += 7 }()
	n = x
	if x%2 == 0 {
		panic(fmt.Sprint("even ", x))
	}
	return n * 10, nil
}

func firstOver(limit int, seq iter.Seq[int]) (found int) {
	defer func() { found++ }()
	for x := range seq {
		defer fmt.Print("d", x, " ")
		if x > limit {
			return x * 100
		}
	}
	return -1
}

var (
	global1 = global2 + 1
	global2 = start("global2", 5)
	global3 = start("global3", global1)
)

var started string

func start(name string, x int) int { started += fmt.Sprint(name, " ", x, "; "); return x * 2 }

func init() { started += fmt.Sprint("init ", global1, global2, global3) }
"""


class Features(Expressions):
    """One method for each feature."""

    def feature(self, deep: int) -> None:
        """One of the features."""
        r = self.r
        names = sorted(n for n in dir(Features) if n.startswith("try_"))
        getattr(self, r.choice(names))()

    def int(self) -> str:
        """An int."""
        return self.expr(INT["int"], 1)

    def string(self) -> str:
        """A string."""
        return self.expr(STRING, 1)

    def small(self) -> int:
        """A small number."""
        return self.r.randint(0, 5)

    def lines_of(self, text: str) -> None:
        """Write a block of its own."""
        self.put("{")
        for line in text.strip("\n").split("\n"):
            self.put("\t" + line)
        self.put("}")

    def try_calls(self) -> None:
        args = ", ".join(self.int() for _ in range(self.small()))
        self.lines_of(f"""
variadic({self.string()}{", " + args if args else ""})
variadic("spread", []int{{{self.int()}, {self.int()}}}...)
variadic("nil", []int(nil)...)
show3(three({self.int()}, {self.string()}))
fmt.Println(three({self.small()}, "x"))
""")

    def try_methods(self) -> None:
        v = self.pick_struct()
        if v is None:
            return
        for name, params, _, pure in self.methods.get(v.type.text, []):
            args = ", ".join(self.expr(p, 1) for p in params)
            if pure:
                self.put(
                    f"fmt.Println({v.type.text}.{name}({v.name}{', ' + args if args else ''}))"
                )
                self.put(
                    f"fmt.Println((*{v.type.text}).{name}(&{v.name}{', ' + args if args else ''}))"
                )
            else:
                self.put(f"fmt.Println((*{v.type.text}).{name}(&{v.name}, {args}), {v.name})")

    def pick_struct(self) -> Var | None:
        """A variable of a struct type."""
        found = self.variables(lambda v: v.type.kind == "struct")
        return self.r.choice(found) if found else None

    def try_embedded(self) -> None:
        self.lines_of(f"""
l := &loudly{{dog{{{self.string()}}}, {self.small() % 3}}}
f := l.again
fmt.Println(l.again(), f(), l.times, l.animal.sound())
var a animal = l
_, isDog := a.(dog)
again, ok := a.(interface{{ again() string }})
fmt.Println(isDog, ok, again.again())
attempt("embedded nil", func() {{ fmt.Println((&loudly{{}}).sound()) }})
""")

    def try_goto(self) -> None:
        n = self.name("g")
        self.lines_of(f"""
i := 0
{n}:
	if i < {self.small()} {{
		fmt.Print(i, " ")
		i++
		goto {n}
	}}
	fmt.Println("after", i)
""")

    def try_sequences(self) -> None:
        r = self.r
        outer = self.name("outer")
        self.lines_of(f"""
fmt.Println(firstOver({self.small()}, upTo({r.randint(1, 7)})))
{outer}:
	for x := range upTo({r.randint(2, 5)}) {{
		for y := range upTo(3) {{
			if x == y {{
				continue {outer}
			}}
			if x+y > {r.randint(2, 5)} {{
				break {outer}
			}}
			fmt.Print(x, y, " ")
		}}
	}}
	fmt.Println()
	next, stop := iter.Pull(upTo({r.randint(1, 4)}))
	a, ok := next()
	b, ok2 := next()
	stop()
	c, ok3 := next()
	fmt.Println(a, ok, b, ok2, c, ok3)
""")

    def try_constants(self) -> None:
        n = self.r.randint(60, 99)
        self.lines_of(f"""
const big = 1 << {n}
const third = 1.0 / 3
fmt.Println(low, mid, high, level({self.small()}), big>>{n - 5}, third*3 == 1, float32(third), uint64(big>>{n - 40}))
fmt.Printf("%d %v %s %x\\n", mid, []level{{low, mid}}, map[level]int{{low: {self.small()}}}, high)
var l level = {self.small()}
l -= 3
fmt.Println(l, uint8(l), 'a'+l, "s"+string(rune('a'+l%26)))
""")

    def try_complex(self) -> None:
        a, b = (self.literal(FLOATS[0]) for _ in range(2))
        self.lines_of(f"""
z := complex(id[float64]({a}), {b})
w := complex(id[float64]({b}), {self.small()})
fmt.Println(z+w, z*w, z-w, z == w, real(z), imag(w), -z)
fmt.Printf("%v %.2f %g\\n", z*z, w, complex64(w))
if w != 0 {{
	fmt.Printf("%.6f\\n", z/w)
}}
""")

    def try_grids(self) -> None:
        t = self.basic()
        self.lines_of(f"""
var grid [2][3]{t.text}
grid[1][{self.small() % 3}] = {self.expr(t, 1)}
copied := grid
row := &copied[1]
row[0] = {self.expr(t, 1)}
fmt.Println(grid, copied, grid == copied, len(grid), len(row))
for i, r := range copied {{
	r[2] = {self.expr(t, 1)}
	fmt.Print(i, r, " ")
}}
for i := range row {{
	row[i] = {self.expr(t, 0)}
}}
fmt.Println(copied, grid != copied)
rows := make([][]{t.text}, 3)
for i := range rows {{
	rows[i] = make([]{t.text}, i, i+2)
	rows[i] = append(rows[i], {self.expr(t, 0)})
}}
fmt.Println(rows, len(rows[2]), cap(rows[2]))
""")

    def try_aliasing(self) -> None:
        t = self.basic()
        n, c = self.r.randint(0, 3), self.r.randint(3, 6)
        self.lines_of(f"""
a := make([]{t.text}, {n}, {c})
b := append(a, {self.expr(t, 1)})
c := append(a, {self.expr(t, 1)}, {self.expr(t, 1)})
fmt.Println(a, b, c, len(b), cap(b), cap(c))
d := append(c[:1:1], {self.expr(t, 1)})
fmt.Println(c, d, copy(c, c[1:]), c)
clear(b)
fmt.Println(a[:cap(a)], b, c)
var e []{t.text}
for range {self.r.randint(1, 40)} {{
	e = append(e, {self.expr(t, 0)})
}}
fmt.Println(len(e), len(e) < 5 || cap(e) > 5)
arr := [4]{t.text}(append(e, make([]{t.text}, 4)...)[:4])
p := (*[2]{t.text})(arr[1:3])
p[0] = {self.expr(t, 1)}
fmt.Println(arr, *p, len(p))
""")

    def try_strings(self) -> None:
        a, b = self.string(), self.string()
        self.lines_of(f"""
a, b := clip({a}), {b}
fmt.Printf("%q %q %q\\n", strings.ToUpper(a), strings.Fields(a+" "+b), strings.Split(a, "a"))
fmt.Println(strings.Contains(a, b), strings.Index(a, b), strings.Count(a, "a"), strings.Compare(a, b), strings.EqualFold(a, b))
fmt.Printf("%q %q %q\\n", strings.Replace(a, "a", b, {self.small() - 1}), strings.TrimLeft(a, "ag"), strings.Join([]string{{a, b}}, "-"))
for i, c := range a {{
	fmt.Print(i, ":", c, " ")
}}
for i := range len(b) {{
	fmt.Print(b[i], " ")
}}
fmt.Println(len(a), []byte(b), []rune(a), a < b, a+b == b+a)
var sb strings.Builder
for i := range {self.small()} {{
	fmt.Fprintf(&sb, "%d%s", i, b)
}}
fmt.Printf("%q %x % x %#v\\n", sb.String(), a, b, a)
""")

    def try_strconv(self) -> None:
        t = self.r.choice(["int8", "uint16", "int64", "int32"])
        self.lines_of(f"""
for _, s := range []string{{{self.string()}, "12", "-7", "300", "0x1f", "1e3", "9223372036854775808", fmt.Sprint({self.int()})}} {{
	n, err := strconv.Atoi(s)
	m, err2 := strconv.ParseInt(s, 0, {t.lstrip("uint") or "64"})
	f, err3 := strconv.ParseFloat(s, 64)
	fmt.Println(n, err, m, err2, f, err3)
}}
fmt.Println(strconv.Quote({self.string()}), strconv.Itoa({self.int()}), strconv.FormatInt(int64({self.int()}), {self.r.randint(2, 36)}))
fmt.Println(strconv.FormatFloat(float64({self.expr(FLOATS[0], 1)}), '{self.r.choice("efg")}', {self.r.randint(-1, 6)}, 64))
""")

    def try_errors(self) -> None:
        n = self.small()
        self.lines_of(f"""
base := failure{{{n}, {self.string()}}}
wrapped := fmt.Errorf("outer: %w", fmt.Errorf("inner %d: %w", {self.small()}, base))
joined := errors.Join(wrapped, nil, errors.New("other"))
var f failure
fmt.Println(wrapped, errors.Is(wrapped, base), errors.As(joined, &f), f.code, errors.Unwrap(wrapped))
fmt.Printf("%v|%q|%T %T\\n", joined, errors.Unwrap(errors.Unwrap(wrapped)), wrapped, errors.Unwrap(joined))
fmt.Println(errors.Is(joined, failure{{{n + 1}, ""}}), error(base) == error(f))
""")

    def try_panics(self) -> None:
        self.lines_of(f"""
fmt.Println(named({self.small()}))
fmt.Println(named({self.small()}))
attempt("again", func() {{
	defer func() {{
		r := recover()
		fmt.Println("first", r, recover())
		panic(fmt.Sprint("second after ", r))
	}}()
	panic({self.expr(self.basic(), 1)})
}})
attempt("deferred", func() {{
	defer func() {{
		defer func() {{ fmt.Println("inner", recover()) }}()
		panic("in deferred")
	}}()
	defer fmt.Println("still", {self.int()})
	var m map[string]int
	m["x"]++
}})
done := make(chan bool)
go func() {{
	defer close(done)
	defer func() {{ fmt.Println("exiting", recover()) }}()
	runtime.Goexit()
}}()
<-done
""")

    def try_recursion(self) -> None:
        n = self.r.randint(3, 9)
        self.lines_of(f"""
var fib func(int) int
fib = func(n int) int {{
	if n < 2 {{
		return n
	}}
	return fib(n-1) + fib(n-2)
}}
var even, odd func(uint) bool
even = func(n uint) bool {{ return n == 0 || odd(n-1) }}
odd = func(n uint) bool {{ return n != 0 && even(n-1) }}
fmt.Println(fib({n}), even({n}), odd({n}))
compose := func(fs ...func(int) int) func(int) int {{
	return func(x int) int {{
		for _, f := range fs {{
			x = f(x)
		}}
		return x
	}}
}}
k := {self.int()}
fmt.Println(compose(func(x int) int {{ return (x + k) % 12 }}, fib, func(x int) int {{ k--; return x * k }})({self.small()}), k)
fmt.Println(serve(func(x int) int {{ return x*3 - 1 }}).twice({self.int()}))
""")

    def try_maps(self) -> None:
        t = self.basic()
        self.lines_of(f"""
type point struct{{ x, y int }}
byPoint := map[point][]{t.text}{{{{1, 2}}: {{{self.expr(t, 1)}}}}}
byPoint[point{{{self.small()}, 2}}] = append(byPoint[point{{{self.small()}, 2}}], {self.expr(t, 1)})
fmt.Println(byPoint, len(byPoint))
byAny := map[any]int{{1: 1, "1": 2, int8(1): 3, point{{1, 2}}: 4, [2]bool{{true}}: 5, 1.5: 6}}
byAny[point{{1, 2}}]++
delete(byAny, int8(1))
fmt.Println(len(byAny), byAny[1], byAny["1"], byAny[int8(1)], byAny[point{{1, 2}}], byAny[[2]bool{{true, false}}])
attempt("unhashable", func() {{ byAny[[]int{{1}}] = 2 }})
nested := map[string]map[int]*point{{"a": {{1: {{3, 4}}}}}}
nested["a"][1].x += {self.small()}
fmt.Println(*nested["a"][1], nested["b"][7] == nil, len(nested["c"]))
counts := map[rune]int{{}}
for _, c := range {self.string()} + "aab" {{
	counts[c]++
}}
fmt.Println(counts)
sum := 0
for k, v := range counts {{
	if v > 1 {{
		delete(counts, k)
	}}
	sum += v * int(k)
}}
fmt.Println(sum, len(counts))
""")

    def try_switches(self) -> None:
        loop = self.name("loop")
        self.lines_of(f"""
switch x := {self.int()}; {{
case x < 0, x > 100:
	fmt.Println("outside", x)
	fallthrough
case x == 50:
	fmt.Println("fifty or outside")
case x%2 == 0:
	if x > 10 {{
		break
	}}
	fmt.Println("even", x)
default:
	fmt.Println("else", x)
}}
{loop}:
	for i := 0; ; i++ {{
		switch {{
		case i > {self.small()}:
			break {loop}
		case i%2 == 1:
			continue
		}}
		fmt.Print(i, ";")
	}}
	fmt.Println()
	switch f := any({self.expr(self.basic(), 1)}).(type) {{
	case int8, int16, int32:
		fmt.Printf("small %T %v\\n", f, f)
	case uint, uint64:
		fmt.Printf("large %T %v\\n", f, f)
	case string:
		fmt.Println(len(f), f)
	default:
		fmt.Printf("%T\\n", f)
	}}
""")

    def try_overflow(self) -> None:
        t = self.r.choice(INTS)
        self.lines_of(f"""
turns := 0
for i := int8(120); i > 0; i += 3 {{
	turns++
}}
var u uint16 = {self.small()}
u -= 9
x := {self.expr(INT[t], 2)}
s := uint({self.expr(INT["uint8"], 1)})
fmt.Println(turns, u, u>>s, x<<s, x>>s, x<<(s%8)>>(s%8), -x, ^x, x&^1, x*x*x)
fmt.Println(int8(x), uint8(x), int32(x), uint64(x), float32(x), int64(x)*3, x/({t}(2)), x%({t}(7)))
""")

    def try_generics(self) -> None:
        t = self.key()
        keys = ", ".join(self.expr(t, 1) for _ in range(self.r.randint(1, 5)))
        self.lines_of(f"""
var root *tree[{t.text}]
for _, k := range []{t.text}{{{keys}}} {{
	root = root.add(k)
}}
n := 0
root.all(func(k {t.text}) bool {{
	fmt.Print(k, " ")
	n++
	return n < 3
}})
fmt.Println(n, joined([]word{{word({self.string()}), "w"}}), kindOf({self.int()}), kindOf("s"), kindOf([]int{{}}), kindOf(root == nil))
p := pair[{t.text}, pair[string, []int]]{{{self.expr(t, 1)}, pair[string, []int]{{"in", []int{{{self.int()}}}}}}}
fmt.Printf("%v %+v\\n", p, p)
f := mapped[int, string]
fmt.Println(f([]int{{{self.int()}, {self.int()}}}, func(i int) string {{ return fmt.Sprint(i, "!") }}))
fmt.Println(slices.MaxFunc([]{t.text}{{{keys}}}, cmp.Compare[{t.text}]), min({keys}))
""")

    def try_formats(self) -> None:
        t, u = self.type(2), self.basic()
        r = self.r
        verbs = [
            f"%{r.choice(['', '-', '+', '#', '0', ' '])}{r.choice(['', '3', '8', '12'])}{r.choice(['', '.0', '.2', '.5'])}{r.choice('vdsqxXotTbcUeEfgG')}"
            for _ in range(3)
        ]
        self.lines_of(f"""
x, y := {self.typed(t, self.expr(t, 1))}, {self.typed(u, self.expr(u, 1))}
fmt.Printf("{verbs[0]}|{verbs[1]}|{verbs[2]}\\n", x, y, y)
fmt.Printf("%[2]v %[1]v %*d|%-*d|\\n", x, y, {r.randint(1, 9)}, {self.int()}, {r.randint(1, 9)}, {self.int()})
fmt.Printf("%d %s\\n", y)
fmt.Printf("%v\\n", y, {self.int()})
fmt.Printf("%!|%z|%-010.3f|%+q|%#U|%08b\\n", y, {self.expr(FLOATS[0], 1)}, {self.string()}, rune({r.randint(32, 1000)}), {self.small()})
fmt.Println(fmt.Sprint(x, y, "a", "b", 1, 2, nil), fmt.Sprintln(y))
""")

    def try_structs(self) -> None:
        self.lines_of(f"""
type a struct {{
	x int `json:"x"`
	s []string
}}
type b struct {{
	x int
	s []string
}}
v := a{{{self.int()}, []string{{{self.string()}}}}}
w := b(v)
w.s[0] += "shared"
w.x++
anon := struct {{
	a
	n *int
}}{{a: v}}
anon.x -= 2
fmt.Printf("%v %+v %v %+v %T\\n", v, w, anon.a, anon, w)
list := []struct{{ k string; v *a }}{{{{"one", &v}}, {{"two", &anon.a}}}}
for _, each := range list {{
	each.v.x *= 2
	each.k = "lost"
}}
fmt.Println(list[0].k, v.x, anon.x, anon.n == nil)
modify := func(arr [3]int, p *[3]int) {{ arr[0], p[1] = 9, {self.int()} }}
arr := [...]int{{2: {self.small()}}}
modify(arr, &arr)
fmt.Println(arr, len(arr))
""")

    def try_defers(self) -> None:
        self.lines_of(f"""
func() {{
	x := {self.int()}
	defer fmt.Println("arguments", x, func() int {{ x++; return x }}())
	d := dog{{"rex"}}
	defer fmt.Println(d.sound())
	show := d.sound
	d.name = "max"
	for i := range {self.small()} {{
		defer func(n int) {{ fmt.Print(n, i, x, " ") }}(i * 2)
	}}
	x = {self.int()}
	fmt.Println(show(), d.sound())
}}()
fmt.Println()
""")

    def try_workers(self) -> None:
        n, jobs = self.r.randint(1, 4), self.r.randint(1, 8)
        self.lines_of(f"""
type job struct{{ id, in, out int }}
todo, done := make(chan job, {self.small()}), make(chan job)
var wg sync.WaitGroup
for range {n} {{
	wg.Add(1)
	go func() {{
		defer wg.Done()
		for j := range todo {{
			j.out = j.in*j.in + {self.small()}
			done <- j
		}}
	}}()
}}
go func() {{
	for i := range {jobs} {{
		todo <- job{{id: i, in: i * {self.small()}}}
	}}
	close(todo)
	wg.Wait()
	close(done)
}}()
results := make([]int, {jobs})
for j := range done {{
	results[j.id] = j.out
}}
fmt.Println(results)
stage := func(in <-chan int, f func(int) int) <-chan int {{
	out := make(chan int)
	go func() {{
		defer close(out)
		for x := range in {{
			out <- f(x)
		}}
	}}()
	return out
}}
source := make(chan int)
go func() {{
	for i := range {jobs} {{
		source <- i
	}}
	close(source)
}}()
for x := range stage(stage(source, func(x int) int {{ return x + {self.small()} }}), func(x int) int {{ return x * 3 }}) {{
	fmt.Print(x, " ")
}}
fmt.Println()
""")

    def try_sync(self) -> None:
        n = self.r.randint(1, 4)
        self.lines_of(f"""
var mu sync.RWMutex
cond := sync.NewCond(&mu)
ready, woken := 0, 0
finished := make(chan int, {n})
for i := range {n} {{
	go func() {{
		mu.Lock()
		for ready <= i {{
			cond.Wait()
		}}
		woken++
		mu.Unlock()
		finished <- i
	}}()
}}
for range {n} {{
	mu.Lock()
	ready++
	mu.Unlock()
	cond.Broadcast()
	fmt.Print(<-finished, " ")
}}
mu.RLock()
fmt.Println(woken, mu.TryLock(), mu.TryRLock())
mu.RUnlock()
mu.RUnlock()
value := sync.OnceValue(func() int {{ fmt.Println("computed"); return {self.int()} }})
fmt.Println(value() == value())
var m sync.Map
m.Store("k", {self.int()})
_, loaded := m.LoadOrStore("k", 1)
got, ok := m.Load("none")
fmt.Println(loaded, got, ok)
""")

    def try_sorting(self) -> None:
        t = self.key()
        items = ", ".join(f"{{{self.expr(t, 1)}, {i}}}" for i in range(self.r.randint(0, 20)))
        self.lines_of(f"""
type item struct {{
	key {t.text}
	id  int
}}
items := []item{{{items}}}
other := slices.Clone(items)
sort.Slice(items, func(i, j int) bool {{ return items[i].key < items[j].key }})
slices.SortStableFunc(other, func(a, b item) int {{ return -cmp.Compare(a.key, b.key) }})
fmt.Println(items, other)
at, found := slices.BinarySearchFunc(items, {self.expr(t, 1)}, func(a item, k {t.text}) int {{ return cmp.Compare(a.key, k) }})
fmt.Println(at, found, slices.IndexFunc(items, func(a item) bool {{ return a.id == 2 }}))
""")

    def try_interfaces(self) -> None:
        t = self.basic()
        self.lines_of(f"""
var p *failure
var err error
fmt.Println(err == nil, p == nil, any(p) == nil, any(nil) == nil)
var x, y any = {self.typed(t, self.expr(t, 1))}, {self.typed(t, self.expr(t, 1))}
fmt.Println(x == y, x == any({self.small()}), x != nil)
attempt("uncomparable", func() {{ fmt.Println(any([]int{{1}}) == any([]int{{1}})) }})
attempt("assertion", func() {{ fmt.Println(x.(fmt.Stringer)) }})
attempt("wrong", func() {{ fmt.Println(any(low).({t.text})) }})
if s, ok := any(mid).(interface{{ String() string }}); ok {{
	fmt.Println(s.String(), s)
}}
var fs []fmt.Stringer
fs = append(fs, low, mid, word({self.string()}))
fmt.Println(fs, len(fs))
fmt.Printf("%v %d %s\\n", fs[0], fs[1], fs[2])
""")

    def try_math(self) -> None:
        f = self.expr(FLOATS[0], 2)
        g = self.expr(FLOATS[1], 1)
        b = self.expr(BOOL, 1)
        self.lines_of(f"""
f, g := {f}, {g}
fmt.Println(math.Sqrt(math.Abs(f)), math.Floor(f), math.Round(f), math.Trunc(float64(g)), math.Max(f, float64(g)), math.IsNaN(f), math.Inf(-1) < f)
fmt.Println(math.Sin(f), math.Exp(f/100), math.Log(math.Abs(f)+1), math.Pow(2, f/50), math.Mod(f, 3), math.Hypot(f, 2), math.Cbrt(f))
fmt.Println(f/3, g*g, float32(f)/3, f == float64(float32(f)), -f, {b}, bits.OnesCount64(uint64({self.int()})), bits.Len8(uint8({self.small()})))
fmt.Printf("%8.3f|%-10.2e|%g|%v|%6.1f\\n", f, f, g, float32(f), g)
r := rand.New(rand.NewSource({self.small()}))
fmt.Println(r.Intn(100), r.Float64(), r.Perm(4))
""")

    def try_slice_of(self) -> None:
        t = self.type(1)
        self.lines_of(f"""
s := {self.expr(slice_of(t), 2)}
t := s
if len(s) > 0 {{
	t[0] = {self.expr(t, 1)}
}}
t = append(t, {self.expr(t, 1)})
fmt.Println(s, t, len(s), len(t), s == nil)
for i := range s {{
	s = s[:len(s)-1]
	fmt.Print(i, len(s), " ")
}}
fmt.Println(s, len(slices.Insert(t, 0, {self.expr(t, 1)})))
""")
