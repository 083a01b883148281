"""Random well-typed Go programs about values, the same for a seed everywhere.

What Go leaves open does not occur: no expression calls what changes something it reads, at most one
operand of a statement can panic, maps are looked at in sorted order. Every function prints what it
has; panics are recovered and printed, too, the last one is not.
"""

from __future__ import annotations

import random

INTS = ["int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64"]
BITS = {t: int("".join(c for c in t if c.isdigit()) or 64) for t in INTS}
FLOATS = ["float64", "float32"]
NAMED = {"MyInt": "int", "Small": "int8", "Word": "uint16", "Real": "float64", "Text": "string"}
WORDS = ["", "a", "go", "hello", "é", "日本", "x\\x00y", "\\xff", "tab\\t", "0123456789"]

PRELUDE = """package main

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

var _ = strings.ToUpper
var _ = sort.Ints
var _ = errors.New

type MyInt int
type Small int8
type Word uint16
type Real float64
type Text string

func (m MyInt) String() string { return fmt.Sprintf("MyInt<%d>", int(m)) }
func (s Small) Twice() Small   { return s * 2 }
func (t Text) Len() int        { return len(t) }
func (r *Real) Add(x Real)     { *r += x }

type Pair struct {
	A int
	B string
}
type Box struct {
	Pair
	V   [3]int16
	F   float64
	Ptr *Pair
	S   []uint8
	M   map[string]int
	E   any
}

func (p Pair) Sum() int       { return p.A + len(p.B) }
func (p *Pair) Set(a int)     { p.A = a }
func (p Pair) With(a int) Pair { p.A = a; return p }

type Summer interface{ Sum() int }
type Tree struct {
	L, R *Tree
	K    int
}

func (t *Tree) Put(k int) *Tree {
	if t == nil {
		return &Tree{K: k}
	}
	if k < t.K {
		t.L = t.L.Put(k)
	} else if k > t.K {
		t.R = t.R.Put(k)
	}
	return t
}
func (t *Tree) Each(f func(int)) {
	if t != nil {
		t.L.Each(f)
		f(t.K)
		t.R.Each(f)
	}
}

//go:noinline
func k[T any](x T) T { return x }

func at[T any](s []T, i int) T {
	var zero T
	if len(s) == 0 {
		return zero
	}
	return s[uint(i)%uint(len(s))]
}
func sel[T any](c bool, a, b T) T {
	if c {
		return a
	}
	return b
}

type Number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 |
		~float32 | ~float64
}

func sum[T Number](xs ...T) (t T) {
	for _, x := range xs {
		t += x
	}
	return
}
func apply[T, U any](xs []T, f func(T) U) []U {
	out := make([]U, 0, len(xs))
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

type Stack[T any] struct{ xs []T }

func (s *Stack[T]) Push(x T) { s.xs = append(s.xs, x) }
func (s *Stack[T]) Pop() (x T, err error) {
	if len(s.xs) == 0 {
		return x, errors.New("empty")
	}
	x = s.xs[len(s.xs)-1]
	s.xs = s.xs[:len(s.xs)-1]
	return x, nil
}
func sorted(m map[string]int) []string {
	out := []string{}
	for key := range m {
		out = append(out, key)
	}
	sort.Strings(out)
	return out
}
func try(f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("panic:", r)
		}
	}()
	f()
}
"""


TYPES = [
    *INTS, "float64", "float32", "string", "bool", "MyInt", "Small", "Word", "Text", "Pair",
    "Box", "[]int", "[]string", "[]uint8", "[3]int16", "map[string]int", "any", "[]Pair",
]  # fmt: skip


class Maker:
    """Makes one program."""

    def __init__(self, seed: int) -> None:
        self.r = random.Random(f"values/{seed}")
        self.lines: list[str] = []
        self.vars: list[tuple[str, str]] = []
        self.depth = 1
        self.count = 0

    # -- helpers --------------------------------------------------------------------------------

    def put(self, text: str) -> None:
        self.lines.append("\t" * self.depth + text)

    def fresh(self) -> str:
        self.count += 1
        return f"v{self.count}"

    def pick(self, t: str) -> str | None:
        names = [n for n, u in self.vars if u == t]
        return self.r.choice(names) if names else None

    def base(self, t: str) -> str:
        return NAMED.get(t, t)

    def int_literal(self, t: str) -> str:
        bits = BITS[self.base(t)]
        low, high = (0, (1 << bits) - 1)
        if not self.base(t).startswith("u"):
            low, high = -(1 << bits - 1), (1 << bits - 1) - 1
        r = self.r
        n = r.choice(
            [0, 1, 2, 3, 7, low, high, high - 1, r.randint(low, high), r.randint(0, 100), -1, 10]
        )
        return str(max(low, min(high, n)))

    def literal(self, t: str) -> str:
        b, r = self.base(t), self.r
        if b in INTS:
            return self.int_literal(t)
        if b in FLOATS:
            return r.choice(["0.5", "1.25", "-3.75", "1e10", "0.1", "100", "-0.001", "2.5e-3"])
        if b == "bool":
            return r.choice(["true", "false"])
        return '"' + r.choice(WORDS) + '"'

    # -- expressions ----------------------------------------------------------------------------

    def expr(self, t: str, d: int = 3) -> str:
        r = self.r
        b = self.base(t)
        if d <= 0 or r.random() < 0.15:
            name = self.pick(t)
            if name is not None and r.random() < 0.75:
                return name
            if b in INTS or b in FLOATS or b in ("bool", "string"):
                return f"k({t}({self.literal(t)}))"
        if b in INTS:
            return self.integer(t, d - 1)
        if b in FLOATS:
            return self.floating(t, d - 1)
        if b == "bool":
            return self.boolean(d - 1)
        if b == "string":
            return self.string(t, d - 1)
        return self.composite(t, d - 1)

    def integer(self, t: str, d: int) -> str:
        r = self.r
        way = r.randrange(14)
        if way < 5:
            op = r.choice(["+", "-", "*", "&", "|", "^", "&^"])
            return f"({self.expr(t, d)} {op} {self.expr(t, d)})"
        if way == 5:
            op = r.choice(["+", "-", "*", "&", "|", "^"])
            x, y = self.expr(t, d), f"({self.int_literal(t)})"
            return f"({x} {op} {y})" if r.random() < 0.7 else f"({y} {op} {x})"
        if way == 6:
            return f"({self.expr(t, d)} {r.choice('/%')} ({self.expr(t, d)} | 1))"
        if way == 7:
            c = r.choice([2, 3, 7, 8, 10, 16, 100])
            return f"({self.expr(t, d)} {r.choice('/%')} {c})"
        if way == 8:
            count = r.choice([f"{r.randint(0, 9)}", f"({self.expr('uint', d)} % 70)"])
            return f"({self.expr(t, d)} {r.choice(['<<', '>>'])} {count})"
        if way == 9:
            other = r.choice([*INTS, "MyInt", "Small"])
            return f"{t}({self.expr(other, d)})"
        if way == 10:
            return f"({r.choice('-^')}{self.expr(t, d)})"
        if way == 11 and t == "int":
            return r.choice(
                [
                    f"len({self.expr('string', d)})",
                    f"len({self.expr('[]int', d)})",
                    f"({self.expr('Pair', d)}).Sum()",
                    f"({self.expr('Pair', d)}).A",
                    f"at({self.expr('[]int', d)}, {self.expr('int', d)})",
                    f"sum({self.expr('int', d)}, {self.expr('int', d)})",
                    f"{self.expr('Text', d)}.Len()",
                    f"({self.expr('Box', d)}).A",
                    f"int(({self.expr('Box', d)}).V[{r.randrange(3)}])",
                    f"{self.expr('map[string]int', d)}[{self.expr('string', d)}]",
                ]
            )
        if way == 12:
            f = f"({self.expr('float64', d)})"
            return (
                f"{t}(int8(min(max({f}, -100), 100)))"
                if not self.base(t).startswith("u")
                else f"{t}(uint8(min(max({f}, 0), 100)))"
            )
        return f"sel({self.expr('bool', d)}, {self.expr(t, d)}, {self.expr(t, d)})"

    def floating(self, t: str, d: int) -> str:
        r = self.r
        way = r.randrange(6)
        if way < 3:
            return f"({self.expr(t, d)} {r.choice('+-*/')} {self.expr(t, d)})"
        if way == 3:
            return f"{t}({self.expr(r.choice([*INTS, *FLOATS]), d)})"
        if way == 4:
            return f"(-{self.expr(t, d)})"
        return f"sel({self.expr('bool', d)}, {self.expr(t, d)}, {self.expr(t, d)})"

    def boolean(self, d: int) -> str:
        r = self.r
        way = r.randrange(7)
        if way == 0:
            op = r.choice(["&&", "||", "==", "!="])
            return f"({self.expr('bool', d)} {op} {self.expr('bool', d)})"
        if way == 1:
            return f"(!{self.expr('bool', d)})"
        if way == 2:
            t = r.choice(["Pair", "any", "[3]int16"])
            return f"({self.expr(t, d)} {r.choice(['==', '!='])} {self.expr(t, d)})"
        t = r.choice([*INTS, "float64", "string", "MyInt", "Text"])
        op = r.choice(["<", "<=", "==", "!=", ">", ">="])
        return f"({self.expr(t, d)} {op} {self.expr(t, d)})"

    def string(self, t: str, d: int) -> str:
        r = self.r
        way = r.randrange(6)
        if way < 2:
            return f"({self.expr(t, d)} + {self.expr(t, d)})"
        if way == 2:
            return f"{t}(fmt.Sprint({self.expr(r.choice(['int', 'MyInt', 'Pair', 'bool']), d)}))"
        if way == 3:
            return f"{t}(rune({self.expr('uint16', d)}))"
        if way == 4:
            return f"{t}([]byte({self.expr(r.choice(['string', 'Text']), d)}))"
        return f"{t}([]rune({self.expr('string', d)}))"

    def composite(self, t: str, d: int) -> str:
        r = self.r
        name = self.pick(t)
        if name is not None and r.random() < 0.5:
            return name
        if t == "Pair":
            return r.choice(
                [
                    f"(Pair{{{self.expr('int', d)}, {self.expr('string', d)}}})",
                    f"(Pair{{B: {self.expr('string', d)}}})",
                    f"(Pair{{A: {self.expr('int', d)}}}).With({self.expr('int', d)})",
                ]
            )
        if t == "Box":
            return (
                f"(Box{{Pair: {self.expr('Pair', d)}, V: {self.expr('[3]int16', d)}, "
                f"F: {self.expr('float64', d)}, S: {self.expr('[]uint8', d)}, "
                f"E: {self.expr('any', d)}}})"
            )
        if t == "any":
            inner = r.choice(
                ["int", "int8", "string", "float64", "Pair", "MyInt", "bool", "[3]int16"]
            )
            return f"any({self.expr(inner, d)})"
        if t == "map[string]int":
            keys = r.sample(WORDS, r.randint(0, 3))
            inner = ", ".join(f'"{key}": {self.expr("int", d)}' for key in keys)
            return f"(map[string]int{{{inner}}})"
        if t.startswith("[3]"):
            items = [self.expr(t[3:], d) for _ in range(3)]
            return f"({t}{{{', '.join(items)}}})"
        assert t.startswith("[]"), t
        items = [self.expr(t[2:], d) for _ in range(r.randint(0, 4))]
        made = f"({t}{{{', '.join(items)}}})"
        if r.random() < 0.3:
            made = f"append({made}, {self.expr(t[2:], d)})"
        return made

    # -- statements -----------------------------------------------------------------------------

    def declare(self) -> None:
        t = self.r.choice(TYPES)
        value = self.expr(t)
        name = self.fresh()
        self.put(f"var {name} {t} = {value}")
        self.put(f"_ = {name}")
        self.vars.append((name, t))

    def show(self) -> None:
        r = self.r
        names = r.sample(self.vars, min(len(self.vars), r.randint(1, 3)))
        if not names:
            return
        if r.random() < 0.5:
            self.put(f"fmt.Println({', '.join(n for n, _ in names)})")
            return
        verbs = []
        for _, t in names:
            b = self.base(t)
            if b in INTS:
                verbs.append(r.choice(["%d", "%x", "%v", "%08b", "%+d", "%T", "%5d|", "%#x", "%o"]))
            elif b in FLOATS:
                verbs.append(r.choice(["%v", "%.3f", "%e", "%g", "%8.2f", "%T"]))
            elif b == "string":
                verbs.append(r.choice(["%s", "%q", "%x", "%v", "%10s|", "%-6s|", "%+q", "%T"]))
            else:
                verbs.append(r.choice(["%v", "%+v", "%T", "%#v"]))
            if verbs[-1] == "%#v" and t in ("Box", "any"):
                verbs[-1] = "%+v"
        self.put(f'fmt.Printf("{" ".join(verbs)}\\n", {", ".join(n for n, _ in names)})')

    def assign(self) -> None:
        r = self.r
        if not self.vars:
            return
        name, t = r.choice(self.vars)
        b = self.base(t)
        if b in INTS:
            way = r.randrange(4)
            if way == 0:
                self.put(f"{name}{r.choice(['++', '--'])}")
            elif way == 1:
                op = r.choice(["+", "-", "*", "&", "|", "^", "&^"])
                self.put(f"{name} {op}= {self.expr(t)}")
            elif way == 2:
                self.put(f"{name} {r.choice(['<<', '>>'])}= {r.randint(0, 12)}")
            else:
                self.put(f"{name} = {self.expr(t)}")
        elif t == "Pair":
            self.put(
                r.choice(
                    [
                        f"{name}.A += {self.expr('int')}",
                        f"{name}.Set({self.expr('int')})",
                        f"{name} = {self.expr('Pair')}",
                    ]
                )
            )
        elif t == "Box":
            self.put(
                r.choice(
                    [
                        f"{name}.V[{r.randrange(3)}] ^= {self.expr('int16')}",
                        f"{name}.A, {name}.F = {self.expr('int')}, {self.expr('float64')}",
                        f"{name}.Pair = {self.expr('Pair')}",
                        f"{name}.Ptr = &{name}.Pair; {name}.Ptr.A++; {name}.Ptr = nil",
                    ]
                )
            )
        elif t.startswith("[]"):
            self.put(f"{name} = append({name}, {self.expr(t[2:])})")
            if r.random() < 0.5:
                self.put(f"{name}[len({name})/2] = {self.expr(t[2:])}")
            if r.random() < 0.3:
                self.put(f"{name} = {name}[len({name})/3:]")
            if t == "[]Pair":
                self.put(f'if len({name}) > 0 {{ p := &{name}[0]; p.A++; {name}[0].B += "!" }}')
        elif t == "map[string]int":
            self.put(f"{name}[{self.expr('string')}] += {self.expr('int')}")
            if r.random() < 0.4:
                self.put(f"delete({name}, {self.expr('string')})")
        elif t == "[3]int16":
            self.put(f"{name}[{r.randrange(3)}] = {self.expr('int16')}")
        else:
            self.put(f"{name} = {self.expr(t)}")

    def block(self, n: int) -> None:
        kept = len(self.vars)
        self.depth += 1
        for _ in range(n):
            self.statement()
        self.depth -= 1
        del self.vars[kept:]

    def statement(self) -> None:
        r = self.r
        way = r.randrange(20)
        if self.depth > 4:
            way = min(way, 11)
        if way < 5:
            self.declare()
        elif way < 9:
            self.assign()
        elif way < 12:
            self.show()
        elif way == 12:
            self.put(f"if {self.expr('bool')} {{")
            self.block(2)
            self.put("} else {")
            self.block(2)
            self.put("}")
        elif way == 13:
            i = self.fresh()
            top = r.randint(1, 5)
            head = r.choice(
                [f"{i} := 0; {i} < {top}; {i}++", f"{i} := {top}; {i} > 0; {i}--",
                 f"{i} := range {top}"]
            )  # fmt: skip
            self.put(f"for {head} {{")
            self.vars.append((i, "int")) if False else None
            self.put(f"\t_ = {i}")
            self.block(2)
            self.put("}")
        elif way == 14:
            x = self.fresh()
            t = r.choice(["[]int", "[]string", "[]Pair"])
            self.put(f"for i, {x} := range {self.expr(t)} {{")
            self.put(f'\tfmt.Print(i, {x}, " ")')
            self.put("}")
            self.put("fmt.Println()")
        elif way == 15:
            self.put(f'for i, c := range {self.expr("string")} {{ fmt.Print(i, c, " ") }}')
            self.put("fmt.Println()")
        elif way == 16:
            f = self.fresh()
            name, t = r.choice(self.vars) if self.vars else ("", "")
            if t and self.base(t) in INTS:
                self.put(f"{f} := func(x {t}) {t} {{ {name} += x; return {name} }}")
                self.put(f"fmt.Println({f}({self.expr(t)}))")
                self.put(f"fmt.Println({f}(1))")
        elif way == 17:
            self.panicky()
        elif way == 18:
            self.put(f"switch x := {self.expr('any')}; y := x.(type) {{")
            self.put('case int, int8: fmt.Println("small", y)')
            self.put('case string: fmt.Println(len(y), y+"?")')
            self.put("case MyInt: fmt.Println(y+1)")
            self.put('case Summer: fmt.Println("sum", y.Sum())')
            self.put("case float64: fmt.Println(y/2)")
            self.put('default: fmt.Printf("%T %v\\n", y, y)')
            self.put("}")
        else:
            self.special()

    def panicky(self) -> None:
        r = self.r
        what = r.choice(
            [
                f"fmt.Println({self.expr('[]int', 2)}[k({r.randint(-1, 4)})])",
                f"fmt.Println({self.expr('string', 2)}[k({r.randint(-1, 4)}):])",
                f"fmt.Println(k(7) {r.choice('/%')} k({r.randint(0, 1)}))",
                f"fmt.Println({self.expr('any', 1)}.(int))",
                f"fmt.Println({self.expr('any', 1)}.(Summer))",
                "var p *Pair; fmt.Println(p.A)",
                'var m map[string]int; m["x"]++',
                f"fmt.Println(make([]int, k({r.randint(-2, 3)})))",
                f"fmt.Println([2]int({self.expr('[]int', 1)}))",
                f"s := {self.expr('[]int', 2)}; fmt.Println(s[k(1):k({r.randint(0, 3)})])",
                f"panic({self.expr(r.choice(['int', 'string', 'MyInt', 'Pair']), 1)})",
                f'panic(fmt.Errorf("e%d", {self.expr("int", 1)}))',
                f"fmt.Println(k(1) << k({r.randint(-1, 3)}))",
                "var e error; fmt.Println(e.Error())",
                f"var a any = {self.expr('[]int', 1)}; fmt.Println(a == a)",
            ]
        )
        self.put(f"try(func() {{ {what} }})")

    def special(self) -> None:
        r = self.r
        way = r.randrange(7)
        if way == 0:
            t = r.choice(["int", "string", "Pair"])
            s = self.fresh()
            self.put(f"{s} := &Stack[{t}]{{}}")
            for _ in range(r.randint(0, 3)):
                self.put(f"{s}.Push({self.expr(t, 2)})")
            self.put(f"fmt.Println({s}.Pop())")
            self.put(f"fmt.Println(len({s}.xs), cap({s}.xs) >= len({s}.xs))")
        elif way == 1:
            root = self.fresh()
            self.put(f"var {root} *Tree")
            self.put(f"for _, x := range {self.expr('[]int', 2)} {{ {root} = {root}.Put(x) }}")
            self.put(f'{root}.Each(func(n int) {{ fmt.Print(n, " ") }})')
            self.put("fmt.Println()")
        elif way == 2:
            m = self.pick("map[string]int")
            if m:
                self.put(
                    f'for _, key := range sorted({m}) {{ fmt.Printf("%q=%d ", key, {m}[key]) }}'
                )
                self.put("fmt.Println()")
        elif way == 3:
            self.put(
                f"fmt.Println(apply({self.expr('[]int', 2)}, func(x int) string "
                f"{{ return fmt.Sprint(x, {self.expr('bool', 1)}) }}))"
            )
        elif way == 4:
            c = self.fresh()
            self.put(f"{c} := make(chan int, {r.randint(0, 2)})")
            self.put(
                f"go func() {{ for i := range {r.randint(1, 4)} {{ {c} <- i*i }}; close({c}) }}()"
            )
            self.put(f'for x := range {c} {{ fmt.Print(x, " ") }}')
            self.put("fmt.Println()")
        elif way == 5:
            self.put("func() {")
            self.put('\tdefer fmt.Println("deferred", ' + self.expr("int", 2) + ")")
            self.put("\tdefer func() { fmt.Println(recover()) }()")
            self.block(2)
            self.put(f'\tif {self.expr("bool", 2)} {{ panic("p") }}')
            self.put("}()")
        else:
            t = r.choice(["uint8", "int32", "uint64", "float64"])
            items = ", ".join(self.expr(t, 2) for _ in range(3))
            self.put(f"fmt.Println(sum({items}), sum[{t}]())")

    def program(self) -> str:
        self.lines = [PRELUDE]
        functions = self.r.randint(2, 4)
        for i in range(functions):
            self.vars = []
            self.lines.append(f"func f{i}() {{")
            for _ in range(self.r.randint(8, 16)):
                self.statement()
            self.lines.append("}")
        self.lines.append("func main() {")
        for i in range(functions):
            self.put(f"try(f{i})")
        if self.r.random() < 0.2:
            self.put(
                self.r.choice(
                    ['panic("the end")', "panic(fmt.Sprint(1, 2))", "var p *Pair; p.A = 1"]
                )
            )
        self.lines.append("}")
        return "\n".join(self.lines) + "\n"


def program(seed: int) -> str:
    """Return the program of a seed."""
    return Maker(seed).program()
