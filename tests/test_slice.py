"""Slices: growth, sharing and panics as in real Go, and what their backing arrays hold."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from go_tables import build, run
from hypothesis import given
from hypothesis import strategies as st

from gosim.memory import types as t
from gosim.memory.errors import GoPanic, GoRuntimeError
from gosim.memory.features import MemoryFeatures, features
from gosim.memory.heap import Heap
from gosim.memory.sharing import held
from gosim.memory.sizeclass import allocated_bytes
from gosim.memory.slice import (
    BackingArray,
    Place,
    Slice,
    append,
    append_slice,
    byte_slice,
    cap,
    clear,
    clip,
    clone,
    copy,
    delete,
    delete_func,
    grow,
    grown_capacity,
    insert,
    make_slice,
    move_to_heap,
    slice_of_values,
)
from gosim.memory.types import Type, array_of, pointer_to, struct_of
from gosim.oracle.toolchain import Toolchain
from gosim.runtime.version import SUPPORTED
from tests.facts import facts, measured_in

every_version = pytest.mark.parametrize("version", SUPPORTED)
NOW = features("1.27")
MIB = 1 << 20

#: The element types of the measured rows.
ELEMENTS = {
    "int": t.INT,
    "byte": t.BYTE,
    "string": t.STRING,
    "int32": t.INT32,
    "struct3": array_of(t.BYTE, 3),
    "struct12": array_of(t.INT32, 3),
    "struct24": array_of(t.INT64, 3),
    "struct40": array_of(t.INT64, 5),
    "struct64": array_of(t.INT64, 8),
    "empty_struct": struct_of(),
}


def capacities(elem: Type, version: MemoryFeatures, place: Place, up_to: int) -> list[int]:
    """The capacities on the way to `up_to`, without storing a million values."""
    s = append(Slice(elem), t.zero_value(elem), heap=Heap(version), place=place)
    seen = [cap(s)]
    while seen[-1] != up_to:
        seen.append(grown_capacity(seen[-1] + 1, seen[-1], elem, version))
    return seen


@every_version
@pytest.mark.parametrize("name", ELEMENTS)
def test_capacities_are_those_measured(name: str, version: str) -> None:
    measured = measured_in(facts("growth")[name], version)["value"]
    # The measured slices did not escape.
    assert capacities(ELEMENTS[name], features(version), Place.STACK, measured[-1]) == measured


HEAP_INT = (
    "1 2 4 8 16 32 64 128 256 512 848 1280 1792 2560 3408 5120 7168 9216 12288 16384 21504 27648 "
    "34816 44032 55296 69632 88064 110592 139264 175104 219136 274432 344064 431104 539648 674816 "
    "843776 1055744"
)
STRING_AND_INT_1_22 = "1 2 4 8 16 37 74 170 341 682 1135 1706 2389 3413 4778 6485 8533 10922 13994"


@every_version
def test_capacities_of_escaping_slices_are_those_measured(version: str) -> None:
    known = features(version)
    assert capacities(t.INT, known, Place.HEAP, 1055744) == list(map(int, HEAP_INT.split()))
    pair = struct_of(("s", t.STRING), ("n", t.INT))
    plain = measured_in(facts("growth")["struct24"], version)["value"]
    expected = list(map(int, STRING_AND_INT_1_22.split())) if known.malloc_headers else plain
    assert capacities(pair, known, Place.HEAP, expected[-1]) == expected


@every_version
@pytest.mark.parametrize("name", ["int", "byte", "string"])
def test_bulk_capacities_are_those_measured(name: str, version: str) -> None:
    growth = facts("growth")
    elem = ELEMENTS[name]
    for k, measured in zip(
        measured_in(growth["bulk_k"], version)["value"],
        measured_in(growth[f"bulk_{name}"], version)["value"],
        strict=True,
    ):
        values = [t.zero_value(elem)] * k
        assert cap(append(Slice(elem), *values, heap=Heap(features(version)))) == measured


@every_version
@pytest.mark.parametrize("n", [10, 1000, 100_000, 1_000_000])
def test_what_building_a_slice_costs_is_what_was_measured(n: int, version: str) -> None:
    known = features(version)
    reached = total = mallocs = 0
    while reached < n:
        reached = grown_capacity(reached + 1, reached, t.INT, known)
        total += allocated_bytes(8 * reached, True, known)
        mallocs += 1
    measured = measured_in(facts("growth")["cost_int_bytes_mallocs_gcs"], version)["value"]
    # Now and then the runtime itself allocated during a measurement (up to 2 KB, 3 objects).
    extra_bytes, extra_objects = (
        got - want for got, want in zip(measured[f"append_{n}"], (total, mallocs), strict=False)
    )
    assert 0 <= extra_bytes < 2048 and 0 <= extra_objects <= 3
    made = make_slice(t.INT, n, heap=Heap(known))
    assert made.store is not None
    assert 0 <= measured[f"index_{n}"][0] - made.store.allocated < 2048


def test_a_slice_that_is_returned_moves_to_the_heap_at_its_size() -> None:
    for version, expected in (("1.25", 4), ("1.26", 3), ("1.27", 3)):
        known = features(version)
        s = Slice(t.INT)
        for i in range(3):
            s = append(s, i, heap=Heap(known), place=Place.MOVES)
        s = move_to_heap(s, heap=Heap(known))
        assert (list(s), cap(s)) == ([0, 1, 2], expected)
        assert s.store is not None and not s.store.on_stack


# ----------------------------------------------------------- random programs against real Go

GO_DECLARATIONS = """
var sink any

func interpret[T any](from func(int) T, to func(T) int, program string) string {
	// Escaping, so that arrays are on the heap from the start.
	r := make([][]T, 4)
	sink = r
	var out strings.Builder
	for _, line := range strings.Split(program, ";") {
		step(r, strings.Fields(line), from, to, &out)
		for i, s := range r {
			r[i] = s
			fmt.Fprint(&out, " ", len(s), "/", cap(s), s == nil, "[")
			if cap(s) <= 3000 {
				for _, v := range s[:cap(s)] {
					fmt.Fprint(&out, to(v), ",")
				}
			}
			out.WriteString("]")
		}
		out.WriteString("\\n")
	}
	return out.String()
}

func step[T any](r [][]T, f []string, from func(int) T, to func(T) int, out *strings.Builder) {
	defer func() {
		if e := recover(); e != nil {
			fmt.Fprint(out, e)
		}
	}()
	n := make([]int, len(f))
	for i := range f {
		n[i], _ = strconv.Atoi(f[i])
	}
	values := func(i int) []T {
		var v []T
		for ; i < len(n); i++ {
			v = append(v, from(n[i]))
		}
		return v
	}
	d, s := n[1], r[n[2]]
	switch f[0] {
	case "make":
		r[d] = make([]T, n[3], n[4])
	case "append":
		r[d] = append(s, values(3)...)
	case "extend":
		r[d] = append(s, r[n[3]]...)
	case "slice":
		r[d] = s[n[3]:n[4]]
	case "from":
		r[d] = s[n[3]:]
	case "to":
		r[d] = s[:n[3]]
	case "three":
		r[d] = s[n[3]:n[4]:n[5]]
	case "get":
		fmt.Fprint(out, to(s[n[3]]))
	case "set":
		s[n[3]] = from(n[4])
	case "copy":
		fmt.Fprint(out, copy(r[d], s))
	case "clear":
		clear(s)
	case "clone":
		r[d] = slices.Clone(s)
	case "clip":
		r[d] = slices.Clip(s)
	case "grow":
		r[d] = slices.Grow(s, n[3])
	case "insert":
		r[d] = slices.Insert(s, n[3], values(4)...)
	case "delete":
		r[d] = slices.Delete(s, n[3], n[4])
	case "filter":
		r[d] = slices.DeleteFunc(s, func(v T) bool { return to(v)%3 == 1 })
	case "array":
		fmt.Fprint(out, to([4]T(s)[3]))
	}
}

func str(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func num(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
"""
GO_MAIN = """
	lines(func(s string) {
		kind, program, _ := strings.Cut(s, ":")
		switch kind {
		case "int":
			emit(interpret(func(n int) int { return n }, func(n int) int { return n }, program))
		case "byte":
			emit(interpret(func(n int) byte { return byte(n) }, func(b byte) int { return int(b) }, program))
		case "string":
			emit(interpret(str, num, program))
		case "struct12":
			emit(interpret(func(n int) [3]int32 { return [3]int32{int32(n)} }, func(a [3]int32) int { return int(a[0]) }, program))
		case "struct40":
			emit(interpret(func(n int) [5]int64 { return [5]int64{int64(n)} }, func(a [5]int64) int { return int(a[0]) }, program))
		case "empty_struct":
			emit(interpret(func(n int) struct{} { return struct{}{} }, func(struct{}) int { return 0 }, program))
		}
	})
"""  # noqa: E501
GO_IMPORTS = ("fmt", "slices", "strconv", "strings")


class Machine:
    """The Go program above, in Python, on gosim's slices."""

    def __init__(self, kind: str, version: MemoryFeatures) -> None:
        self.kind = kind
        self.elem = ELEMENTS[kind]
        self.features = version
        self.r = [Slice(self.elem) for _ in range(4)]

    def value(self, n: int) -> Any:
        match self.kind:
            case "string":
                return str(n) if n else ""
            case "struct12":
                return (n, 0, 0)
            case "struct40":
                return (n, 0, 0, 0, 0)
            case "empty_struct":
                return ()
        return n

    def number(self, value: Any) -> int:
        match value:
            case str():
                return int(value or 0)
            case tuple():
                return int(value[0]) if value else 0
        return int(value)

    def shown(self, s: Slice) -> str:
        inside = "".join(f"{self.number(v)}," for v in s[: cap(s)]) if cap(s) <= 3000 else ""
        return f" {len(s)}/{cap(s)} {str(s.is_nil).lower()}[{inside}]"

    def run(self, program: str) -> str:
        out = []
        for line in program.split(";"):
            name, *rest = line.split()
            d, s, *n = map(int, rest)
            try:
                result = self.step(name, d, self.r[s], n)
            except GoPanic as e:
                result = str(e)
            out.append((result or "") + "".join(map(self.shown, self.r)) + "\n")
        return "".join(out)

    def step(self, name: str, d: int, s: Slice, n: list[int]) -> str | None:
        r, now = self.r, self.features
        match name:
            case "make":
                r[d] = make_slice(self.elem, *n, heap=Heap(now))
            case "append":
                r[d] = append(s, *map(self.value, n), heap=Heap(now))
            case "extend":
                r[d] = append_slice(s, r[n[0]], heap=Heap(now))
            case "slice":
                r[d] = s[n[0] : n[1]]
            case "from":
                r[d] = s[n[0] :]
            case "to":
                r[d] = s[: n[0]]
            case "three":
                r[d] = s[n[0] : n[1] : n[2]]
            case "get":
                return str(self.number(s[n[0]]))
            case "set":
                s[n[0]] = self.value(n[1])
            case "copy":
                return str(copy(r[d], s))
            case "clear":
                clear(s)
            case "clone":
                r[d] = clone(s, heap=Heap(now))
            case "clip":
                r[d] = clip(s)
            case "grow":
                r[d] = grow(s, n[0], heap=Heap(now))
            case "insert":
                r[d] = insert(s, n[0], *map(self.value, n[1:]), heap=Heap(now))
            case "delete":
                r[d] = delete(s, n[0], n[1], heap=Heap(now))
            case "filter":
                r[d] = delete_func(s, lambda v: self.number(v) % 3 == 1, heap=Heap(now))
            case "array":
                return str(self.number(s.to_array(4)[3]))
            case _:
                raise AssertionError(name)
        return None


#: Numbers after the two registers: one letter each. i: an index, v: a value, c: a count.
OPERATIONS = {
    "make": "cc", "append": "v*", "extend": "r", "slice": "ii", "from": "i", "to": "i",
    "three": "iii", "get": "i", "set": "iv", "copy": "", "clear": "", "clone": "", "clip": "",
    "grow": "c", "insert": "iv*", "delete": "ii", "filter": "", "array": "",
}  # fmt: skip
OFTEN = ("append", "append", "append", "extend", "slice", "slice", "three", "set", "insert")


def operations(rng: random.Random) -> Iterator[str]:
    for _ in range(40):
        name = rng.choice([*OPERATIONS, *OFTEN])
        numbers = [rng.randrange(4), rng.randrange(4)]
        for letter in OPERATIONS[name]:
            match letter:
                case "i":
                    numbers.append(rng.choice([-1, 0, 0, 1, 2, 3, 4, 5, 8, rng.randrange(40)]))
                case "c":
                    numbers.append(rng.choice([-1, 0, 1, 3, 10, rng.randrange(300)]))
                case "r":
                    numbers.append(rng.randrange(4))
                case "v":
                    numbers.append(rng.randrange(200))
                case "*":
                    numbers += [rng.randrange(200) for _ in range(rng.choice([0, 0, 1, 4, 30]))]
        if name == "slice" and rng.random() < 0.7:
            numbers[2:] = sorted(numbers[2:])
        yield " ".join([name, *map(str, numbers)])


EDGES = [
    "make 0 0 3 5;get 0 0 3;get 0 0 -1;set 0 0 5 1;slice 0 0 2 1;slice 0 0 0 6;slice 0 0 -1 2",
    "make 0 0 3 5;three 0 0 0 1 6;three 0 0 0 4 3;three 0 0 3 2 4;three 0 0 -1 1 1",
    "make 0 0 3 5;three 0 0 1 -1 4;to 0 0 -1;from 0 0 4;from 0 0 -2;slice 1 0 5 5;append 1 1 7",
    "make 0 0 -1 2;make 0 0 3 2;make 0 0 1125899906842624 1125899906842624",
    "make 0 0 1 1125899906842624;make 0 0 -5 -5;make 0 0 2 -1;grow 0 0 1125899906842624",
    "array 0 0;make 0 0 3 9;array 0 0;append 0 0 1;array 0 0;append 0 0",
    "make 0 0 3 3;insert 0 0 4 1;insert 0 0 9 1;insert 0 0 9;insert 0 0 -1 1 2;insert 1 0 3 5",
    "make 0 0 3 9;insert 0 0 4 1;insert 0 0 9 1;insert 0 0 10 1;insert 0 0 -1 1 2;insert 0 0 -2 7",
    "make 0 0 3 9;delete 0 0 2 5;delete 0 0 5 2;delete 0 0 1 10;delete 0 0 -1 2;delete 0 0 3 4",
    "make 0 0 600 600;append 1 0 1;append 2 1 1;make 3 3 10 10;extend 3 3 0;extend 0 3 3",
    "clone 1 0;clip 1 0;make 0 0 0 9;clone 1 0;append 1 1 4;clip 2 0;append 2 2 5;filter 0 0",
]


def random_programs() -> list[str]:
    rng = random.Random(5_6)
    kinds = ["int", "byte", "string", "struct12", "struct40", "empty_struct"]
    programs = [f"{kind}:{edge}" for edge in EDGES for kind in kinds]
    programs += [f"{rng.choice(kinds)}:{';'.join(operations(rng))}" for _ in range(240)]
    return programs


@every_version
def test_random_programs_do_what_real_go_does(
    version: str, go_version: Callable[[str], Toolchain], tmp_path: Path
) -> None:
    binary = build(go_version(version), tmp_path, GO_IMPORTS, GO_DECLARATIONS, GO_MAIN)
    programs = random_programs()
    for program, real in zip(programs, run(binary, stdin=programs), strict=True):
        kind, text = program.split(":")
        ours = Machine(kind, features(version)).run(text)
        lines = zip(text.split(";"), ours.splitlines(), real.splitlines(), strict=True)
        wrong = next(((op, a, b) for op, a, b in lines if a != b), None)
        assert wrong is None, f"{kind}: {text}"


@every_version
def test_one_by_one_appends_of_many_sizes_agree_with_real_go(
    version: str, go_version: Callable[[str], Toolchain], tmp_path: Path
) -> None:
    sizes = [1, 2, 3, 5, 7, 8, 12, 16, 20, 24, 33, 48, 56, 65, 100, 128, 513, 1000, 5000, 40000]
    declarations = """
var sink any

func grow[T any]() {
	s := make([]T, 0, 0)
	text := ""
	for c := -1; len(s)*int(unsafe.Sizeof(*new(T))) < 1<<19; {
		s = append(s, *new(T))
		sink = s
		if c != cap(s) {
			c = cap(s)
			text += fmt.Sprint(c, " ")
		}
	}
	emit(text)
}
"""
    pointers = [n for n in sizes if n >= 8]
    main = "\n".join(f"\tgrow[[{n}]byte]()" for n in sizes) + "\n"
    main += "\n".join(f"\tgrow[struct{{p *int; b [{n - 8}]byte}}]()" for n in pointers)
    got = run(build(go_version(version), tmp_path, ("fmt", "unsafe"), declarations, main))
    elements = [array_of(t.BYTE, n) for n in sizes]
    elements += [
        struct_of(("p", pointer_to(t.INT)), ("b", array_of(t.BYTE, n - 8))) for n in pointers
    ]
    for elem, row in zip(elements, got, strict=True):
        real = list(map(int, row.split()))
        ours = [0]
        while ours[-1] < real[-1]:
            ours.append(grown_capacity(ours[-1] + 1, ours[-1], elem, features(version)))
        assert ours[1:] == real, elem


# ------------------------------------------------------------------------------- laws of our own

numbers = st.lists(st.integers(0, 255))


@given(numbers, numbers, st.sampled_from([t.INT, t.BYTE]))
def test_append_gives_both(a: list[int], b: list[int], elem: Type) -> None:
    s = append(slice_of_values(elem, a, heap=Heap(NOW)), *b, heap=Heap(NOW))
    assert list(s) == a + b and len(s) <= cap(s)


@given(st.integers(0, 20_000), st.integers(0, 20_000), st.integers(0, 20_000))
def test_copying_within_an_array_is_as_through_a_third_place(i: int, j: int, n: int) -> None:
    s = make_slice(t.INT, 20_000, heap=Heap(NOW))
    for at in (0, 4095, 4096, 8191, 12_345, 19_999):
        s[at] = at
    expected = list(s)
    count = min(20_000 - i, 20_000 - j, n)
    expected[i : i + count] = expected[j : j + count]
    assert copy(s[i:], s[j : j + count]) == count
    assert list(s) == expected


@pytest.mark.parametrize("elem", [t.BYTE, t.INT, t.STRING])
def test_zeros_cost_nothing_until_they_are_written(elem: Type) -> None:
    arrays = [make_slice(elem, 1_000_000, heap=Heap(NOW)) for _ in range(100)]
    for s in arrays:
        clear(s)
        copy(s, arrays[0])
        s = append(s, s[0], heap=Heap(NOW))
        assert s.store is not None and s.store.written <= 4096
    arrays[7][500_000] = t.zero_value(elem)
    assert sum(s.store.written for s in arrays if s.store) <= 4096


def test_bytes_are_kept_as_bytes() -> None:
    s = byte_slice(b"hello", heap=Heap(NOW))
    assert (s.values(), cap(s)) == (bytearray(b"hello"), 8)
    assert copy(s, b"HE") == 2
    assert append_slice(s, b" you", heap=Heap(NOW)).values() == b"HEllo you"


def test_an_empty_slice_at_the_end_keeps_the_array() -> None:
    s = make_slice(t.INT, 100, heap=Heap(NOW))
    assert s[100:].store is s.store
    assert s[100:].extent == (0, 0, 0)


# ------------------------------------------------------------------- what is held: go-facts §5.4


def live(kept: list[Any]) -> int:
    """Bytes of everything reachable from slices and pointers, as the collector sees it."""
    seen: dict[int, int] = {}
    todo = list(kept)
    while todo:
        value = todo.pop()
        store = getattr(value, "store", value)
        if store is None or id(store) in seen:
            continue
        seen[id(store)] = store.allocated
        if isinstance(store, BackingArray):
            todo += store.references()
    return sum(seen.values())


def megabytes(version: MemoryFeatures) -> Slice:
    """``[]*T`` of 100 objects of 1 MiB."""
    block = array_of(t.BYTE, MIB)
    objects = [make_slice(block, 1, heap=Heap(version)).pointer(0) for _ in range(100)]
    return slice_of_values(pointer_to(block), objects, heap=Heap(version))


def pop_front(s: Slice, forget: bool) -> Slice:
    for _ in range(90):
        if forget:
            s[0] = None
        s = s[1:]
    return s


def forgotten(s: Slice, one_by_one: bool) -> Slice:
    if one_by_one:
        for i in range(50, 100):
            s[i] = None
    else:
        clear(s[50:])
    return s[:50]


POINTERS: dict[str, Callable[[Slice, MemoryFeatures], Any]] = {
    "keep s": lambda s, f: s,
    "keep s[:50]": lambda s, f: s[:50],
    "keep s[50:]": lambda s, f: s[50:],
    "keep s[1:3:3]": lambda s, f: s[1:3:3],
    "keep s = s[:0]": lambda s, f: s[:0],
    "nil s[50..99] one by one, keep s[:50]": lambda s, f: forgotten(s, True),
    "clear(s[50:]); keep s[:50]": lambda s, f: forgotten(s, False),
    "append(s[:10], s[60:]...) (remove 50)": lambda s, f: append_slice(
        s[:10], s[60:], heap=Heap(f)
    ),
    "slices.Delete(s,10,60)": lambda s, f: delete(s, 10, 60, heap=Heap(f)),
    "slices.DeleteFunc all": lambda s, f: delete_func(s, lambda v: True, heap=Heap(f)),
    "slices.Clone(s[:50])": lambda s, f: clone(s[:50], heap=Heap(f)),
    "queue pop-front q=q[1:] x 90": lambda s, f: pop_front(s, False),
    "queue pop-front with q[0]=nil x 90": lambda s, f: pop_front(s, True),
    "keep &s[3] (pointer into the slice)": lambda s, f: s.pointer(3),
    # A pointer to a byte of the object keeps the object, as a pointer to its start does.
    "keep &s[3].b[7] (interior pointer)": lambda s, f: s[3],
}
INTS: dict[str, Callable[[Slice, MemoryFeatures], Any]] = {
    "keep s[:3] (cap 131072)": lambda s, f: s[:3],
    "keep s[:3:3] (cap 3)": lambda s, f: s[:3:3],
    "keep s[len-3:] (cap 3)": lambda s, f: s[len(s) - 3 :],
    "keep s[:0] (cap 131072)": lambda s, f: s[:0],
    "keep copy(make([]int,3),s) (cap 3)": lambda s, f: copied(s, f),
    "keep slices.Clone(s[:3]) (cap 3)": lambda s, f: clone(s[:3], heap=Heap(f)),
    "keep append([]int(nil), s[:3]...) (cap 3)": lambda s, f: append_slice(
        Slice(t.INT), s[:3], heap=Heap(f)
    ),
    "keep slices.Clip(s[:3]) (cap 3)": lambda s, f: clip(s[:3]),
    "keep append(s[:3:3], 1) (cap 6)": lambda s, f: append(s[:3:3], 1, heap=Heap(f)),
    "keep bytes-like full (cap 131072)": lambda s, f: s,
}


def copied(s: Slice, version: MemoryFeatures) -> Slice:
    fresh = make_slice(t.INT, 3, heap=Heap(version))
    copy(fresh, s)
    return fresh


RETAINED = facts("retained_bytes_strings_slices_pointers")


def test_all_rows_about_slices_are_here() -> None:
    def rows(prefix: str) -> set[str]:
        return {name.removeprefix(prefix) for name in RETAINED if name.startswith(prefix)}

    assert rows("[]*T 100 x 1 MiB: ") == set(POINTERS)
    assert rows("100 x []int of 1 MiB: ") == set(INTS)


@pytest.mark.parametrize("name", POINTERS)
def test_slices_of_pointers_retain_what_was_measured(name: str) -> None:
    for version, measured in RETAINED[f"[]*T 100 x 1 MiB: {name}"].items():
        known = features(version)
        kept = live([POINTERS[name](megabytes(known), known)])
        # Measured with 1 to 4 KB of the measuring program's own.
        assert -1024 <= measured - kept < 6144, (version, measured, kept)


@pytest.mark.parametrize("name", INTS)
def test_slices_of_ints_retain_what_was_measured(name: str) -> None:
    for version, measured in RETAINED[f"100 x []int of 1 MiB: {name}"].items():
        known = features(version)
        kept = [INTS[name](make_slice(t.INT, 131072, heap=Heap(known)), known) for _ in range(100)]
        if "cap" in name:
            assert cap(kept[0]) == int(name.rpartition("cap ")[2].rstrip(")"))
        # 100 slice headers in an array, and the measuring program's own 1 to 4 KB.
        headers = allocated_bytes(2400, False, known)
        assert 0 <= measured - live(kept) - headers < 4096, (version, measured)


def test_the_clone_of_an_empty_slice_pins_in_two_versions() -> None:
    pins = []
    for version in SUPPORTED:
        s = make_slice(t.INT, MIB, heap=Heap(features(version)))
        if clone(s[:0], heap=Heap(features(version))).store is s.store:
            pins.append(version)
    assert pins == ["1.22", "1.23"]


@every_version
def test_the_clone_of_an_empty_slice_pins_as_in_real_go(
    version: str, go_version: Callable[[str], Toolchain], tmp_path: Path
) -> None:
    main = """
	s := make([]int, 1<<20)
	kept := slices.Clone(s[:0])
	s = nil
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	emit(fmt.Sprint(m.HeapAlloc > 1<<22))
	runtime.KeepAlive(kept)
"""
    binary = build(go_version(version), tmp_path, ("fmt", "runtime", "slices"), "", main)
    assert run(binary) == [str(features(version).slices_clone_keeps_empty).lower()]


def test_pinned_bytes_of_a_window() -> None:
    s = make_slice(t.INT, 100, 120, heap=Heap(NOW))
    assert s.store is not None
    window = s[10:20:40]
    parts = held(s.store, [window])
    assert (parts.allocated, parts.seen, parts.hidden) == (1024, 80, 160)
    assert (parts.out_of_reach, parts.slack, parts.pinned) == (720, 64, 880)
    assert held(s.store, [s, window]).pinned == 160


@given(st.lists(st.tuples(*[st.integers(0, 50)] * 3).map(sorted), max_size=6))
def test_the_parts_of_a_store_add_up(bounds: list[list[int]]) -> None:
    s = make_slice(t.INT32, 50, heap=Heap(NOW))
    assert s.store is not None
    windows = [s[i:j:k] for i, j, k in bounds]
    parts = held(s.store, windows)
    assert parts.allocated == parts.seen + parts.hidden + parts.out_of_reach + parts.slack
    seen = {x for i, j, _ in bounds for x in range(i, j)}
    reach = {x for i, _, k in bounds for x in range(i, k)}
    assert (parts.seen, parts.hidden) == (4 * len(seen), 4 * len(reach - seen))


def test_a_buffer_on_the_stack_holds_no_heap() -> None:
    s = append(Slice(t.INT), 1, heap=Heap(NOW), place=Place.STACK)
    assert s.store is not None
    assert held(s.store, [s]).allocated == held(s.store, [s]).pinned == 0


def test_a_pointer_to_an_element_sees_what_the_slice_sees() -> None:
    s = slice_of_values(t.INT, [1, 2, 3], heap=Heap(NOW))
    p = s[1:].pointer(0)
    p.value = 9
    assert (list(s), p.value, p == s.pointer(1), p == s.pointer(2)) == ([1, 9, 3], 9, True, False)
    assert p.extent == (8, 16, 16)
    with pytest.raises(GoRuntimeError, match=r"index out of range \[3\] with length 3"):
        s.pointer(3)


def test_a_slice_is_shown_short() -> None:
    s = make_slice(t.INT, 9, 10, heap=Heap(NOW))
    assert repr(s) == "<[]int [0 0 0 0 0 0 0 0 …] len 9 cap 10>"
    assert repr(Slice(t.INT)) == "<[]int [] len 0 cap 0>"
