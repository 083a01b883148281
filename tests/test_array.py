"""Arrays: values that are copied whole, at no cost until one changes; panics as in real Go."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from go_tables import build, run
from heap_world import cost, heap_world, live
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gosim.memory import types as t
from gosim.memory.array import Array, array_of_values, array_type, from_slice, new_array
from gosim.memory.errors import GoPanic, GoRuntimeError
from gosim.memory.features import features
from gosim.memory.heap import Heap
from gosim.memory.slice import append, make_slice, slice_of_values
from gosim.oracle.toolchain import Toolchain
from gosim.runtime.errors import UsageError
from gosim.runtime.version import SUPPORTED
from gosim.std import builtin, types

NOW = features("1.27")
PAIR = array_type(t.INT32, 2)

# ------------------------------------------------------------- random programs against real Go

DECLARATIONS = """
func interpret[T comparable](from func(int) T, to func(*T) *int32, program string) string {
	var a [3][5]T
	p := [3]*[5]T{new([5]T), new([5]T), &a[2]}
	s := a[0][:]
	var out strings.Builder
	for _, line := range strings.Split(program, ";") {
		f := strings.Fields(line)
		n := make([]int, 6)
		for i := range f {
			n[i], _ = strconv.Atoi(f[i])
		}
		func() {
			defer func() {
				if e := recover(); e != nil {
					fmt.Fprint(&out, e)
				}
			}()
			d, e := n[1], n[2]
			switch f[0] {
			case "set":
				a[d][n[3]] = from(n[4])
			case "get":
				fmt.Fprint(&out, *to(&a[d][n[3]]))
			case "inside":
				*to(&a[d][n[3]]) = int32(n[4])
			case "assign":
				a[d] = a[e]
			case "new":
				c := a[e]
				p[d] = &c
			case "store":
				*p[d] = a[e]
			case "load":
				a[d] = *p[e]
			case "pset":
				p[d][n[3]] = from(n[4])
			case "slice":
				s = a[d][n[3]:n[4]]
			case "pslice":
				s = p[d][n[3]:n[4]]
			case "three":
				s = a[d][n[3]:n[4]:n[5]]
			case "sset":
				s[n[3]] = from(n[4])
			case "append":
				s = append(s, from(n[4]))
			case "convert":
				a[d] = [5]T(s)
			case "equal":
				fmt.Fprint(&out, a[d] == a[e], *p[d] == a[e], p[d] == p[e])
			case "range":
				for i, v := range a[d] {
					a[d][4-i] = v
				}
			case "pointer":
				q := &a[d][n[3]]
				a[d] = a[e]
				*q = from(n[4])
			}
		}()
		for i := range a {
			for j := range a[i] {
				fmt.Fprint(&out, " ", *to(&a[i][j]), "/", *to(&p[i][j]))
			}
		}
		fmt.Fprint(&out, " ", len(s), cap(s))
		for i := range s {
			fmt.Fprint(&out, ",", *to(&s[i]))
		}
		fmt.Fprintln(&out)
	}
	return out.String()
}

func plain(n int) int32        { return int32(n) }
func same(p *int32) *int32     { return p }
func pair(n int) [2]int32      { return [2]int32{int32(n), 7} }
func first(p *[2]int32) *int32 { return &p[0] }
"""
MAIN = """
	lines(func(s string) {
		kind, program, _ := strings.Cut(s, ":")
		if kind == "plain" {
			emit(interpret(plain, same, program))
		} else {
			emit(interpret(pair, first, program))
		}
	})
"""
OPERATIONS = [
    "set", "get", "inside", "assign", "new", "store", "load", "pset", "slice", "pslice", "three",
    "sset", "append", "convert", "equal", "range", "pointer", "assign", "sset",
]  # fmt: skip


class Machine:
    """The Go program above, in Python."""

    def __init__(self, kind: str, heap: Heap) -> None:
        self.heap = heap
        self.elem = t.INT32 if kind == "plain" else PAIR
        self.type = array_type(self.elem, 5)
        self.a = [Array(self.type) for _ in range(3)]
        self.p = [new_array(self.type, heap=heap), new_array(self.type, heap=heap), self.a[2]]
        self.s = self.a[0][:]

    def value(self, n: int) -> Any:
        return n if self.elem is t.INT32 else array_of_values(PAIR, [n, 7])

    def number(self, value: Any) -> int:
        return int(value if self.elem is t.INT32 else value[0])

    def run(self, program: str) -> str:
        out = []
        for line in program.split(";"):
            name, *rest = line.split()
            try:
                said = self.step(name, *map(int, rest)) or ""
            except GoPanic as panic:
                said = str(panic)
            for x, y in zip(self.a, self.p, strict=True):
                said += "".join(f" {self.number(x[j])}/{self.number(y[j])}" for j in range(5))
            shown = "".join(f",{self.number(v)}" for v in self.s)
            out.append(f"{said} {len(self.s)} {self.s.cap}{shown}\n")
        return "".join(out)

    def step(self, name: str, d: int, e: int, i: int, j: int, k: int) -> str | None:
        a, p = self.a, self.p
        match name:
            case "set":
                a[d][i] = self.value(j)
            case "get":
                return str(self.number(a[d][i]))
            case "inside" if self.elem is t.INT32:
                a[d][i] = j
            case "inside":
                a[d][i][0] = j
            case "assign":
                a[d].value = a[e].copy()
            case "new":
                p[d] = a[e].copied_to(self.heap)
            case "store":
                p[d].value = a[e]
            case "load":
                a[d].value = p[e]
            case "pset":
                p[d][i] = self.value(j)
            case "slice":
                self.s = a[d][i:j]
            case "pslice":
                self.s = p[d][i:j]
            case "three":
                self.s = a[d][i:j:k]
            case "sset":
                self.s[i] = self.value(j)
            case "append":
                self.s = append(self.s, self.value(j), heap=self.heap)
            case "convert":
                a[d].value = from_slice(self.s, 5)
            case "equal":
                by_value = a[d] == a[e], p[d].copy() == a[e], p[d].store is p[e].store
                return " ".join(str(b).lower() for b in by_value)
            case "range":
                for n, v in enumerate(a[d]):
                    a[d][4 - n] = v
            case "pointer":
                q = a[d].pointer(i)
                a[d].value = a[e]
                q.value = self.value(j)
        return None


def operations(rng: random.Random) -> Iterator[str]:
    for _ in range(30):
        i, j, k = (rng.choice([0, 1, 2, 3, 4, 5, 6, -1]) for _ in range(3))
        if rng.random() < 0.7:
            i, j, k = sorted(rng.randrange(6) for _ in range(3))
        yield f"{rng.choice(OPERATIONS)} {rng.randrange(3)} {rng.randrange(3)} {i} {j} {k}"


PROGRAMS = [
    f"{kind}:{';'.join(operations(random.Random(f'{kind}{i}')))}"
    for kind in ("plain", "pair")
    for i in range(120)
]


@pytest.mark.parametrize("version", SUPPORTED)
def test_arrays_do_what_real_go_does(
    version: str, go_version: Callable[[str], Toolchain], tmp_path: Path
) -> None:
    imports = ("fmt", "strconv", "strings")
    binary = build(go_version(version), tmp_path, imports, DECLARATIONS, MAIN)
    for program, real in zip(PROGRAMS, run(binary, stdin=PROGRAMS), strict=True):
        kind, text = program.split(":")
        ours = Machine(kind, Heap(features(version))).run(text)
        lines = zip(text.split(";"), ours.splitlines(), real.splitlines(), strict=True)
        wrong = next(((op, x, y) for op, x, y in lines if x != y), None)
        assert wrong is None, program


# ------------------------------------------------------------------------------- what copies cost


def test_a_hundred_copies_of_eight_megabytes_cost_nothing_until_they_are_written() -> None:
    a = Array(array_type(t.INT, 1_000_000))
    a[5] = 1
    copies = [a.copy() for _ in range(100)]
    assert all(c[5] == 1 for c in copies)
    copies[3][5] = 2
    assert (a[5], copies[3][5], copies[4][5]) == (1, 2, 1)
    chunks = {id(chunk): len(chunk) for c in copies for chunk in c.store._chunks.values()}
    assert sum(chunks.values()) <= 2 * 4096


# Hypothesis reads all our modules before its first example: slow on a busy machine.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9999), st.integers(0, 9))))
def test_copies_are_independent(writes: list[tuple[int, int, int]]) -> None:
    arrays = [Array(array_type(t.INT, 10_000))]
    arrays += [arrays[0].copy() for _ in range(3)]
    expected: list[dict[int, int]] = [{} for _ in arrays]
    for which, i, value in writes:
        arrays[which][i] = value
        expected[which][i] = value
        if value == 9:  # another copy of what was written already
            arrays[0], expected[0] = arrays[which].copy(), dict(expected[which])
    for array, want in zip(arrays, expected, strict=True):
        assert {i: v for i, v in enumerate(array) if v} == {i: v for i, v in want.items() if v}


def test_what_new_takes_and_keeps() -> None:
    with heap_world() as heap:
        big = types.array_type(int, 1_000_000)
        p, total, mallocs = cost(heap, lambda: builtin.new(big))
        assert (total, mallocs, p.allocated) == (8_003_584, 1, 8_003_584)
        value, total, mallocs = cost(heap, p.copy)
        assert (total, mallocs, value.allocated) == (0, 0, 0)
        q, total, _ = cost(heap, lambda: builtin.new(value))
        assert total == 8_003_584 and q != p and q.copy() == p.copy()
        assert live(heap, p[10:20]) == 8_003_584
        assert live(heap, value) == 0


def test_a_part_keeps_what_it_is_a_part_of() -> None:
    heap = Heap(NOW)
    rows = make_slice(array_type(t.BYTE, 64), 100, heap=heap)
    row = rows[3]
    row[5] = 7
    assert rows[3][5] == 7 and live(heap, rows[3][:2]) == 6528
    rows[3].copy()[5] = 8
    assert rows[3][5] == 7


def test_arrays_are_compared_and_shown() -> None:
    with heap_world() as heap:
        a, b = builtin.array(int, 3, 1, 2), builtin.array(int, 3, 1, 2, 0)
        assert a == b and hash(a) == hash(b) and a != builtin.array(int, 4, 1, 2) and a != [1, 2, 0]
        p = builtin.new(a)
        assert p == p.value and p != builtin.new(a) and hash(p) == hash(p)
        assert (repr(a), repr(p)) == ("<[3]int [1 2 0]>", "<*[3]int [1 2 0]>")
        assert list(builtin.array_from(builtin.slice_of(int, 1, 2, 3), 2)) == [1, 2]
        assert bool(builtin.array(int, 0)) and len(a) == 3 and heap.mallocs


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: builtin.array(int, -1), "array: invalid array length -1"),
        (
            lambda: builtin.array(int, 2, 1, 2, 3),
            "array: index 2 is out of bounds (>= 2): [2]int has 2 elements",
        ),
        (lambda: builtin.array(int, 2, "a"), "array: 'a' is no int"),
        (lambda: types.array_type(int, "3"), "array_type: the length must be an int, not '3'"),
    ],
)
def test_a_wrong_argument_is_one_sentence(call: Callable[[], Any], text: str) -> None:
    with heap_world(), pytest.raises(UsageError) as error:
        call()
    assert error.value.message == text


def test_a_wrong_index_or_element_is_one_sentence() -> None:
    a = Array(array_type(PAIR, 3))
    with pytest.raises(TypeError, match="an array is indexed by an int, not by 'x'"):
        a["x"]  # type: ignore[call-overload]
    with pytest.raises(TypeError, match=r"3 is no \[2\]int32"):
        a[0] = 3
    with pytest.raises(TypeError, match=r"3 is no \[3\]\[2\]int32"):
        a.value = 3  # type: ignore[assignment]


def test_a_slice_too_short_for_an_array_is_gos_panic() -> None:
    s = slice_of_values(t.INT, [1, 2, 3], heap=Heap(NOW))
    text = "cannot convert slice with length 3 to array or pointer to array with length 4"
    with pytest.raises(GoRuntimeError, match=text):
        from_slice(s, 4)
