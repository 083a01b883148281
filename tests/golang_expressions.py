"""Random Go types and expressions, for the programs of `golang_programs`."""

# ruff: noqa: E501 -- lines of Go

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

INTS = ["int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64"]
BITS = {t: int("".join(c for c in t if c.isdigit()) or 64) for t in INTS}


@dataclass(frozen=True)
class T:
    """A Go type.

    Attributes
    ----------
    kind : str
        int, float, string, bool, slice, array, map, struct, ptr, func, iface, error, named.
    text : str
        As Go spells it.
    elem, key : T or None
    fields : tuple of (str, T)
        Of a struct.
    params, results : tuple of T
        Of a function.
    n : int
        Of an array.
    """

    kind: str
    text: str
    elem: T | None = None
    key: T | None = None
    fields: tuple[tuple[str, T], ...] = field(default=(), compare=False)
    params: tuple[T, ...] = ()
    results: tuple[T, ...] = ()
    n: int = 0


INT = {name: T("int", name) for name in INTS}
FLOATS = [T("float", "float64"), T("float", "float32")]
STRING, BOOL = T("string", "string"), T("bool", "bool")


def slice_of(t: T) -> T:
    """``[]t``."""
    return T("slice", "[]" + t.text, t)


def array_of(n: int, t: T) -> T:
    """``[n]t``."""
    return T("array", f"[{n}]{t.text}", t, n=n)


def map_of(k: T, v: T) -> T:
    """``map[k]v``."""
    return T("map", f"map[{k.text}]{v.text}", v, k)


def ptr_to(t: T) -> T:
    """``*t``."""
    return T("ptr", "*" + t.text, t)


def func_of(params: list[T], results: list[T]) -> T:
    """``func(params) results``."""
    out = ", ".join(r.text for r in results)
    text = f"func({', '.join(p.text for p in params)})"
    text += f" ({out})" if len(results) > 1 else f" {out}" if results else ""
    return T("func", text, params=tuple(params), results=tuple(results))


HELPERS = """
type number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~float32 | ~float64
}

func id[A any](x A) A { return x }

func mapped[A, B any](s []A, f func(A) B) []B {
	r := make([]B, 0, len(s))
	for _, x := range s {
		r = append(r, f(x))
	}
	return r
}

func kept[A any](s []A, f func(A) bool) (r []A) {
	for _, x := range s {
		if f(x) {
			r = append(r, x)
		}
	}
	return
}

func folded[A, B any](s []A, b B, f func(B, A) B) B {
	for _, x := range s {
		b = f(b, x)
	}
	return b
}

func total[N number](xs ...N) (sum N) {
	for _, x := range xs {
		sum += x
	}
	return sum
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

type pair[A comparable, B any] struct {
	first  A
	second B
}

func (p pair[A, B]) swapped(b B) pair[A, B] { return pair[A, B]{p.first, b} }

type stack[A any] struct{ items []A }

func (s *stack[A]) push(x A) { s.items = append(s.items, x) }

func (s *stack[A]) pop() (x A, ok bool) {
	if len(s.items) == 0 {
		return
	}
	x = s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return x, true
}

func upTo[N number](n N) iter.Seq[N] {
	return func(yield func(N) bool) {
		for i := N(0); i < n; i++ {
			if !yield(i) {
				return
			}
		}
	}
}

func clip(s string) string {
	if len(s) > 40 {
		return s[:20] + s[len(s)-20:]
	}
	return s
}

func short[A any](s []A) []A {
	if len(s) > 12 {
		return s[2:12]
	}
	return s
}

func toInt(f float64) int {
	if f > -1e9 && f < 1e9 {
		return int(f)
	}
	return -1
}

func at[A any](s []A, i int) (x A) {
	if len(s) > 0 {
		if i = i % len(s); i < 0 {
			i += len(s)
		}
		x = s[i]
	}
	return x
}

type failure struct {
	code int
	why  string
}

func (f failure) Error() string { return fmt.Sprintf("failure %d: %s", f.code, f.why) }

var fuel = 1200

func burn() bool { fuel--; return fuel > 0 }

func attempt(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			if e, ok := r.(runtime.Error); ok {
				fmt.Println(name, "runtime:", e.Error())
			} else {
				fmt.Printf("%s recovered: %v %T\\n", name, r, r)
			}
		}
	}()
	f()
	fmt.Println(name, "done")
}
"""


@dataclass
class Var:
    """A variable in scope."""

    name: str
    type: T
    mutable: bool = True


@dataclass
class Func:
    """A function that can be called."""

    name: str
    params: list[T]
    results: list[T]
    pure: bool


class Expressions:
    """Types and expressions of a program in the making."""

    def __init__(self, seed: int, package: str, main: str) -> None:
        self.r = random.Random(seed)
        self.package, self.main = package, main
        self.lines: list[str] = []
        self.depth = 0
        self.scopes: list[list[Var]] = [[]]
        self.funcs: list[Func] = []
        self.structs: list[T] = []
        self.named: list[T] = []
        self.ifaces: list[tuple[T, list[T]]] = []
        self.count = 0
        self.loops: list[str] = []
        self.pure = False
        self.results: list[T] | None = None
        self.methods: dict[str, list[tuple[str, list[T], T, bool]]] = {}
        self.budget = 0

    # -- writing ----------------------------------------------------------------------------------

    def put(self, text: str) -> None:
        """Write a line."""
        self.lines.append("\t" * self.depth + text if text else "")

    @contextmanager
    def block(self, head: str, tail: str = "}") -> Iterator[None]:
        """Write a block with a scope of its own."""
        self.put(head)
        self.depth += 1
        self.scopes.append([])
        yield
        self.scopes.pop()
        self.depth -= 1
        self.put(tail)

    def name(self, prefix: str) -> str:
        """Return a new name."""
        self.count += 1
        return f"{prefix}{self.count}"

    def declare(self, t: T, value: str, mutable: bool = True) -> Var:
        """Write the declaration of a variable that counts as used."""
        v = Var(self.name("v"), t, mutable)
        if self.r.random() < 0.3 and t.kind != "iface":
            self.put(f"{v.name} := {self.typed(t, value)}")
        else:
            self.put(f"var {v.name} {t.text} = {value}")
        self.put(f"_ = {v.name}")
        self.scopes[-1].append(v)
        return v

    @staticmethod
    def typed(t: T, value: str) -> str:
        """`value` such that ``:=`` gives it type `t`."""
        if t.kind in ("int", "float", "string", "bool", "named", "func"):
            return f"{t.text}({value})" if t.kind != "func" else f"({t.text})({value})"
        return value

    # -- types ------------------------------------------------------------------------------------

    def basic(self) -> T:
        """A basic type."""
        r = self.r.random()
        if r < 0.55:
            return INT[self.r.choice(INTS)]
        if r < 0.65:
            return self.r.choice(FLOATS)
        if r < 0.85:
            return STRING
        return BOOL

    def key(self) -> T:
        """A type of keys that can be sorted."""
        return self.r.choice([INT["int"], INT["int8"], INT["uint16"], STRING, STRING])

    def type(self, deep: int = 2) -> T:
        """Any type whose values can be printed."""
        r = self.r.random()
        if deep <= 0 or r < 0.5:
            if self.named and self.r.random() < 0.15:
                return self.r.choice(self.named)
            return self.basic()
        if r < 0.65:
            return slice_of(self.type(deep - 1))
        if r < 0.72:
            return array_of(self.r.randint(1, 4), self.type(deep - 1))
        if r < 0.82:
            return map_of(self.key(), self.type(deep - 1))
        if self.structs:
            return self.r.choice(self.structs)
        return self.basic()

    def is_value(self, t: T) -> bool:
        """Whether values of `t` share nothing."""
        if t.kind in ("int", "float", "string", "bool", "named"):
            return True
        if t.kind == "array":
            assert t.elem is not None
            return self.is_value(t.elem)
        return t.kind == "struct" and all(self.is_value(f) for _, f in t.fields)

    def comparable(self, t: T) -> bool:
        """Whether ``==`` is allowed."""
        if t.kind in ("int", "float", "string", "bool", "named", "ptr"):
            return True
        if t.kind == "array":
            assert t.elem is not None
            return self.comparable(t.elem)
        return t.kind == "struct" and all(self.comparable(f) for _, f in t.fields)

    # -- expressions ------------------------------------------------------------------------------

    def variables(self, want: Callable[[Var], bool]) -> list[Var]:
        """The variables in scope that `want` wants."""
        return [v for scope in self.scopes for v in scope if want(v)]

    def pick(self, t: T, mutable: bool = False) -> Var | None:
        """A variable of a type."""
        found = self.variables(lambda v: v.type == t and (v.mutable or not mutable))
        return self.r.choice(found[-8:]) if found else None

    def literal(self, t: T, deep: int = 2) -> str:
        """A constant or composite literal."""
        r = self.r
        match t.kind:
            case "int":
                return self.integer(t.text)
            case "named":
                assert t.elem is not None
                return f"{t.text}({self.literal(t.elem)})"
            case "float":
                return f"{r.choice([0, 1, -1, 0.5, 2.25, -3.75, 1e3, 0.1, 123.456, 1e-3])}"
            case "string":
                words = [
                    "",
                    "a",
                    "go",
                    "héllo",
                    "世界",
                    "x\\ty",
                    "zz",
                    "\\xff\\x00",
                    'q\\"q',
                    "Foo",
                ]
                return f'"{r.choice(words)}"'
            case "bool":
                return r.choice(["true", "false"])
            case "slice" | "array":
                assert t.elem is not None
                if t.kind == "slice" and r.random() < 0.1:
                    return f"{t.text}(nil)"
                n = r.randint(0, t.n if t.kind == "array" else 4)
                inner = ", ".join(self.expr(t.elem, deep - 1) for _ in range(n))
                return f"{t.text}{{{inner}}}"
            case "map":
                assert t.elem is not None and t.key is not None
                keys: dict[str, None] = {}
                for _ in range(r.randint(0, 3)):
                    keys[self.literal(t.key)] = None
                inner = ", ".join(f"{k}: {self.expr(t.elem, deep - 1)}" for k in keys)
                return f"{t.text}{{{inner}}}"
            case "struct":
                if r.random() < 0.3:
                    kept = [f for f in t.fields if r.random() < 0.6]
                    inner = ", ".join(f"{n}: {self.expr(f, deep - 1)}" for n, f in kept)
                else:
                    inner = ", ".join(self.expr(f, deep - 1) for _, f in t.fields)
                return f"{t.text}{{{inner}}}"
            case "ptr":
                assert t.elem is not None
                return "&" + self.literal(t.elem, deep)
            case "func":
                return self.closure(t)
            case "iface":
                return self.implementation(t, deep)
        raise AssertionError(t)

    def integer(self, name: str) -> str:
        """A constant in the range of an integer type, often an extreme one."""
        bits, signed = BITS[name], not name.startswith("u")
        low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
        r = self.r.random()
        if r < 0.6:
            n = self.r.randint(0, 12)
        elif r < 0.8:
            n = self.r.randint(max(low, -130), min(high, 300))
        else:
            n = self.r.choice([low, high, high - 1, low + 1, high // 2, self.r.randint(low, high)])
        return f"({n})" if n < 0 else str(n)

    def implementation(self, t: T, deep: int) -> str:
        """A value of a type that implements an interface."""
        types = next(types for iface, types in self.ifaces if iface == t)
        return self.literal(self.r.choice(types), deep)

    def fixed(self, t: T, deep: int) -> str:
        """An expression that is not constant, so that nothing is computed at compile time."""
        v = self.pick(t)
        if v is not None and (deep <= 0 or self.r.random() < 0.6):
            return v.name
        if deep > 0:
            return self.expr(t, deep)
        return f"id[{t.text}]({self.literal(t, 0)})"

    def expr(self, t: T, deep: int = 2) -> str:
        """An expression of a type; never a constant one where that could not compile."""
        r = self.r
        self.budget -= 1
        if deep <= 0 or self.budget < 0:
            v = self.pick(t)
            if v is not None and r.random() < 0.75:
                return v.name
            if t.kind in ("int", "float", "named", "string", "bool"):
                return f"id[{t.text}]({self.literal(t, 0)})"
            return self.literal(t, 0)
        options: list[Callable[[T, int], str | None]] = [
            self.from_variable, self.from_variable, self.from_part, self.from_call,
            self.from_generic,
        ]  # fmt: skip
        options += {
            "int": [self.int_op] * 5,
            "named": [self.int_op] * 3,
            "float": [self.float_op] * 4,
            "string": [self.string_op] * 4,
            "bool": [self.bool_op] * 5,
            "slice": [self.slice_op] * 3,
        }.get(t.kind, [])
        for _ in range(4):
            found = r.choice(options)(t, deep - 1)
            if found is not None:
                return found
        if t.kind in ("int", "float", "named", "string", "bool"):
            return f"id[{t.text}]({self.literal(t, 0)})"
        return self.literal(t, deep - 1)

    def from_variable(self, t: T, deep: int) -> str | None:
        v = self.pick(t)
        return v.name if v is not None else None

    def from_part(self, t: T, deep: int) -> str | None:
        """A field, an element or what a pointer points at."""
        r = self.r
        found: list[str] = []
        for v in self.variables(
            lambda v: v.type.kind in ("struct", "ptr", "array", "slice", "map")
        ):
            u = v.type
            if u.kind in ("slice", "array") and u.elem == t:
                i = self.expr(INT["int"], deep - 1)
                found.append(f"at({v.name}{'[:]' if u.kind == 'array' else ''}, {i})")
            elif u.kind == "map" and u.elem == t:
                assert u.key is not None
                found.append(f"{v.name}[{self.expr(u.key, deep - 1)}]")
            elif u.kind == "ptr" and u.elem == t:
                found.append("*" + v.name)
            fields = (
                u.fields
                if u.kind == "struct"
                else u.elem.fields
                if u.kind == "ptr" and u.elem
                else ()
            )
            found += [f"{v.name}.{name}" for name, f in fields if f == t]
        return r.choice(found) if found else None

    def from_call(self, t: T, deep: int) -> str | None:
        """A call of a pure function or method."""
        r = self.r
        calls: list[str] = []
        for f in self.funcs:
            if f.pure and f.results == [t]:
                calls.append(f"{f.name}({', '.join(self.expr(p, deep - 1) for p in f.params)})")
        for v in self.variables(lambda v: v.type.kind in ("struct", "named", "ptr", "func")):
            if v.type.kind == "func":
                continue
            owner = v.type.elem if v.type.kind == "ptr" else v.type
            assert owner is not None
            for name, params, result, pure in self.methods.get(owner.text, []):
                if pure and result == t:
                    args = ", ".join(self.expr(p, deep - 1) for p in params)
                    calls.append(f"{v.name}.{name}({args})")
        return r.choice(calls) if calls else None

    def from_generic(self, t: T, deep: int) -> str | None:
        r = self.r
        if t.kind in ("int", "float"):
            which = r.randrange(3)
            if which == 0:
                args = ", ".join(self.expr(t, deep - 1) for _ in range(r.randint(1, 3)))
                return f"total({self.fixed(t, 0)}, {args})"
            if which == 1:
                return f"{r.choice(['min', 'max'])}({self.fixed(t, 0)}, {self.expr(t, deep - 1)})"
            made = f"pair[string, {t.text}]{{{self.expr(STRING, 0)}, {self.expr(t, deep - 1)}}}"
            return f"({made}).second"
        if t.kind == "slice" and t.elem is not None:
            x = self.name("x")
            if r.random() < 0.5:
                with self.scope(Var(x, t.elem, False)):
                    body = self.expr(BOOL, deep - 1)
                return f"kept({self.expr(t, deep - 1)}, func({x} {t.elem.text}) bool {{ return {body} }})"
            u = self.basic()
            with self.scope(Var(x, u, False)):
                body = self.expr(t.elem, deep - 1)
            return f"mapped({self.expr(slice_of(u), deep - 1)}, func({x} {u.text}) {t.elem.text} {{ return {body} }})"
        return None

    @contextmanager
    def scope(self, *variables: Var) -> Iterator[None]:
        """A scope with some variables."""
        self.scopes.append(list(variables))
        yield
        self.scopes.pop()

    def int_op(self, t: T, deep: int) -> str:
        r = self.r
        x = self.fixed(t, deep)
        which = r.randrange(12)
        if which < 5:
            return f"({x} {r.choice(['+', '-', '*', '&', '|', '^', '&^'])} {self.operand(t, deep)})"
        if which == 5:
            return f"({x} {r.choice('/%')} ({self.fixed(t, deep)} | 1))"
        if which == 6:
            count = r.choice([str(r.randint(0, 70)), f"uint8({self.fixed(INT['uint8'], 0)})"])
            return f"({x} {r.choice(['<<', '>>'])} {count})"
        if which == 7:
            return f"({r.choice(['-', '^', '+'])}{x})"
        if which == 8:
            u = INT[r.choice(INTS)]
            return f"{t.text}({self.fixed(u, deep)})"
        if which == 9 and t.text == "int":
            s = r.choice([STRING, slice_of(self.basic())])
            return f"len({self.expr(s, deep)})"
        if which == 10 and t.text == "int":
            return f"toInt(float64({self.fixed(r.choice(FLOATS), deep)}))"
        if which == 11 and t.text == "uint8":
            return f"at([]byte({self.expr(STRING, deep)}), {self.expr(INT['int'], deep)})"
        return f"({x} {r.choice('+-')} {self.operand(t, deep)})"

    def operand(self, t: T, deep: int) -> str:
        """The right operand: sometimes a constant."""
        if self.r.random() < 0.3:
            return self.literal(t, 0)
        return self.expr(t, deep)

    def float_op(self, t: T, deep: int) -> str:
        r = self.r
        if r.random() < 0.2:
            return f"{t.text}({self.fixed(INT[r.choice(INTS)], deep)})"
        if r.random() < 0.15:
            other = FLOATS[0] if t == FLOATS[1] else FLOATS[1]
            return f"{t.text}({self.fixed(other, deep)})"
        return f"({self.fixed(t, deep)} {r.choice('+-*/')} {self.fixed(t, deep)})"

    def string_op(self, t: T, deep: int) -> str:
        r = self.r
        which = r.randrange(7)
        if which < 2:
            return f"clip({self.expr(t, deep)} + {self.expr(t, deep)})"
        if which == 2:
            return f"string(rune({self.fixed(INT['uint16'], deep)}))"
        if which == 3:
            u = self.basic()
            return f'clip(fmt.Sprintf("{r.choice(["%v", "%5v|", "%-6v|"])}", {self.expr(u, deep)}))'
        if which == 4:
            return f"string([]byte({self.expr(t, deep)}))"
        if which == 5:
            n = r.randint(1, 2)
            return f'(clip({self.expr(t, deep)}) + "abcd")[{n}:{n + r.randint(0, 2)}]'
        return f"string([]rune({self.expr(t, deep)}))"

    def bool_op(self, t: T, deep: int) -> str:
        r = self.r
        which = r.randrange(6)
        if which < 3:
            u = r.choice([INT[r.choice(INTS)], STRING, *FLOATS])
            op = r.choice(["<", "<=", ">", ">=", "==", "!="])
            return f"({self.fixed(u, deep)} {op} {self.operand(u, deep)})"
        if which == 3:
            return f"({self.expr(t, deep)} {r.choice(['&&', '||'])} {self.expr(t, deep)})"
        if which == 4:
            return f"!{self.expr(t, deep)}"
        found = self.variables(
            lambda v: v.type.kind in ("struct", "array") and self.comparable(v.type)
        )
        if found:
            v = r.choice(found)
            return f"({v.name} {r.choice(['==', '!='])} {self.fixed(v.type, 0)})"
        return f"id({self.literal(BOOL)})"

    def slice_op(self, t: T, deep: int) -> str:
        r = self.r
        assert t.elem is not None
        which = r.randrange(4)
        if which == 0:
            inner = ", ".join(self.expr(t.elem, deep) for _ in range(r.randint(1, 2)))
            return f"append({self.fresh(t, deep)}, {inner})"
        if which == 1:
            return f"short(append({self.fresh(t, deep)}, {self.expr(t, deep)}...))"
        if which == 2:
            return f"make({t.text}, {r.randint(0, 3)}, {r.randint(3, 6)})"
        return f"slices.Clone({self.expr(t, deep)})"

    def fresh(self, t: T, deep: int) -> str:
        """A slice that shares its array with no other: what is appended shows nowhere else."""
        return f"slices.Clip({self.expr(t, deep)})"

    def closure(self, t: T) -> str:
        """A function literal that computes its result from its parameters and what is in scope."""
        params = [Var(self.name("a"), p, False) for p in t.params]
        head = ", ".join(f"{v.name} {v.type.text}" for v in params)
        out = ", ".join(p.text for p in t.results)
        with self.scope(*params):
            value = ", ".join(self.expr(p, 1) for p in t.results)
        if len(t.results) > 1:
            out = f"({out})"
        return f"func({head}) {out} {{ return {value} }}" if t.results else f"func({head}) {{}}"
