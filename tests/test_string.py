"""Strings: what shares a text, what copies it, and what that keeps, as in real Go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from go_tables import build, run
from hypothesis import given
from hypothesis import strategies as st

from gosim.memory.errors import GoRuntimeError
from gosim.memory.features import MemoryFeatures, features
from gosim.memory.heap import Heap
from gosim.memory.sharing import held
from gosim.memory.sizeclass import allocated_bytes
from gosim.memory.slice import cap, slice_of_values
from gosim.memory.string import (
    EMPTY,
    String,
    clone,
    concat,
    dynamic,
    from_bytes,
    from_runes,
    literal,
    to_bytes,
    to_runes,
)
from gosim.memory.types import RUNE
from gosim.oracle import run_go
from gosim.oracle.toolchain import Toolchain
from gosim.runtime.version import SUPPORTED
from tests.facts import facts

NOW = features("1.27")
MIB = 1 << 20
RETAINED = facts("retained_bytes_strings_slices_pointers")

Kept = Callable[[String, MemoryFeatures], String]
LARGE: dict[str, Kept] = {
    "keep whole": lambda s, f: s,
    "keep s[:10]": lambda s, f: s[:10],
    "keep s[:0] (empty substring)": lambda s, f: s[:0],
    "keep s[len(s):]": lambda s, f: s[len(s) :],
    "keep strings.Clone(s[:10])": lambda s, f: clone(s[:10], heap=Heap(f)),
    "keep string([]byte(s[:10]))": lambda s, f: from_bytes(
        to_bytes(s[:10], heap=Heap(f)), heap=Heap(f)
    ),
    'keep s[:10]+""': lambda s, f: concat(s[:10], EMPTY, heap=Heap(f)),
    'keep (" "+s[:10])[1:]': lambda s, f: concat(literal(" "), s[:10], heap=Heap(f))[1:],
}
SMALL: dict[str, Kept] = {
    "keep whole": lambda s, f: s,
    "keep s[:10]": lambda s, f: s[:10],
    "keep strings.Clone(s[:10])": lambda s, f: clone(s[:10], heap=Heap(f)),
}
#: Rows about functions of packages strings and fmt, which live upstairs.
UPSTAIRS = {
    "keep strings.Split(s,..)[0]",
    "keep strings.TrimSpace(s)[:10]",
    "keep strings.ToUpper(s[:10])",
    "keep fmt.Sprint(s[:10])",
}


def rows(prefix: str) -> set[str]:
    return {name.removeprefix(prefix) for name in RETAINED if name.startswith(prefix)}


def test_all_rows_about_strings_are_here() -> None:
    assert rows("100 x 1048576-byte string: ") == set(LARGE) | UPSTAIRS
    assert rows("100 x 20-byte string: ") == set(SMALL)


def live(kept: list[String]) -> int:
    stores = {id(s.store): s.store for s in kept if s.store}
    return sum(store.allocated for store in stores.values())


@pytest.mark.parametrize(
    ("size", "name", "keep"),
    [(MIB, *row) for row in LARGE.items()] + [(20, *row) for row in SMALL.items()],
)
def test_strings_retain_what_was_measured(size: int, name: str, keep: Kept) -> None:
    for version, measured in RETAINED[f"100 x {size}-byte string: {name}"].items():
        known = features(version)
        kept = [keep(dynamic("x", size, heap=Heap(known)), known) for _ in range(100)]
        # 100 string headers in an array, and the measuring program's own 1 to 4 KB.
        headers = allocated_bytes(1600, False, known)
        assert -512 <= measured - live(kept) - headers < 2048, (version, measured)


def test_literals_take_nothing_from_the_heap() -> None:
    kept = [literal(f"constant {i:3} in the program's own data")[:10] for i in range(100)]
    assert live(kept) == 0
    assert kept[0].store and held(kept[0].store, kept).pinned == 0
    for measured in RETAINED["100 x literal constant[:10] (rodata)"].values():
        assert 0 <= measured - allocated_bytes(1600, False, NOW) < 2048


def test_a_short_substring_pins_the_rest() -> None:
    s = dynamic("line\n", 1000, heap=Heap(NOW))
    assert s.store
    parts = held(s.store, [s[:4], s[2:8]])
    assert (parts.seen, parts.pinned, parts.slack) == (8, 4992, 5376 - 5000)
    assert (str(s[4997:]), str(s[5:9])) == ("ne\n", "line")


SOURCE = """
func try(f func() string) {
	defer func() {
		if e := recover(); e != nil {
			emit(fmt.Sprint(e))
		}
	}()
	emit(f())
}

func shares(a, b string) bool {
	p, q := uintptr(unsafe.Pointer(unsafe.StringData(a))), uintptr(unsafe.Pointer(unsafe.StringData(b)))
	return p >= q && p < q+uintptr(len(b))
}

//go:noinline
func join(a, b, c string) string { return a + b + c }
"""  # noqa: E501
MAIN = """
	text := strings.Repeat("abcdefghij", 5)
	var sink []byte
	lines(func(line string) {
		f := strings.Fields(line)
		n := make([]int, 4)
		for i := 1; i < len(f); i++ {
			n[i], _ = strconv.Atoi(f[i])
		}
		i, j, k := n[1], n[2], n[3]
		try(func() string {
			switch f[0] {
			case "index":
				return fmt.Sprint(text[i])
			case "slice":
				return text[i:j]
			case "from":
				return text[i:]
			case "to":
				return text[:i]
			case "bytes":
				sink = []byte(text[:i])
				c := cap(sink)
				return fmt.Sprint(c)
			case "join":
				s := join(text[:i], text[:j], text[:k])
				return fmt.Sprint(s, " ", shares(s, text))
			case "clone":
				s := strings.Clone(text[i:j])
				return fmt.Sprint(s, " ", shares(s, text))
			}
			panic(f[0])
		})
	})
	_ = sink
"""


def ours(line: str, known: MemoryFeatures) -> str:
    text = dynamic("abcdefghij", 5, heap=Heap(known))
    name, *rest = line.split()
    n = list(map(int, rest))

    def sharing(s: String) -> str:
        return f"{s} {str(bool(len(s)) and s.store is text.store).lower()}"

    try:
        match name:
            case "index":
                return str(text[n[0]])
            case "slice":
                return str(text[n[0] : n[1]])
            case "from":
                return str(text[n[0] :])
            case "to":
                return str(text[: n[0]])
            case "bytes":
                return str(cap(to_bytes(text[: n[0]], heap=Heap(known))))
            case "join":
                return sharing(concat(*(text[:i] for i in n), heap=Heap(known)))
            case "clone":
                return sharing(clone(text[n[0] : n[1]], heap=Heap(known)))
    except GoRuntimeError as e:
        return str(e)
    raise AssertionError(name)


def operations() -> list[str]:
    indices = [-2, 0, 1, 9, 10, 33, 49, 50, 51]
    one = [f"{name} {i}" for name in ("index", "from", "to") for i in indices]
    two = [f"slice {i} {j}" for i in indices for j in indices]
    joins = [f"join {i} {j} {k}" for i in (0, 1, 40) for j in (0, 7) for k in (0, 3)]
    # Shorter ones may be made in a buffer on the stack, where the capacity is the buffer's.
    long = [f"bytes {i}" for i in range(33, 51)]
    return one + two + joins + long + ["clone 0 50", "clone 3 4", "clone 5 5"]


@pytest.mark.parametrize("version", SUPPORTED)
def test_strings_do_what_real_go_does(
    version: str, go_version: Callable[[str], Toolchain], tmp_path: Path
) -> None:
    imports = ("fmt", "strconv", "strings", "unsafe")
    binary = build(go_version(version), tmp_path, imports, SOURCE, MAIN)
    got = run(binary, stdin=operations())
    expected = [ours(line, features(version)) for line in operations()]
    assert dict(zip(operations(), got, strict=True)) == dict(
        zip(operations(), expected, strict=True)
    )


@given(st.binary(max_size=60), st.integers(0, 70), st.integers(0, 70), st.integers(1, 4))
def test_a_substring_is_the_bytes_between(data: bytes, i: int, j: int, count: int) -> None:
    s = dynamic(data, count, heap=Heap(NOW))
    low, high = sorted((min(i, len(s)), min(j, len(s))))
    assert s[low:high].bytes == (data * count)[low:high]
    assert s[low:high].extent[1] <= len(data) * count


@given(st.binary(max_size=9), st.binary(max_size=9))
def test_strings_compare_by_their_bytes(a: bytes, b: bytes) -> None:
    x, y = literal(a), dynamic(b, heap=Heap(NOW))
    assert (x == y) == (a == b)
    assert (x < y) == (a < b)
    assert (clone(x, heap=Heap(NOW)) == x) and hash(clone(x, heap=Heap(NOW))) == hash(x)


def test_one_byte_alone_needs_no_memory() -> None:
    assert live([from_bytes(b"x", heap=Heap(NOW))]) == 0
    assert live([from_bytes(b"xy", heap=Heap(NOW))]) == 16


def test_a_string_is_shown_short() -> None:
    assert repr(literal("a")) == "<string 'a' len 1>"
    assert repr(dynamic("a", MIB, heap=Heap(NOW))) == f"<string '{'a' * 40}'… len {MIB}>"
    assert (list(literal("ab")), str(EMPTY), literal("") is EMPTY) == ([97, 98], "", True)
    with pytest.raises(TypeError, match="3-index slice of string"):
        literal("abc")[0:1:2]
    with pytest.raises(ValueError, match="-1 times 1 bytes"):
        dynamic("a", -1, heap=Heap(NOW))


ODD = [
    b"",
    b"a\xc3\xa9!",
    b"\xff",
    b"\xe2\x82",
    b"\xe2\x82\xac\xc3",
    b"\xc0\x80a",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
]
RUNES = """package main

import "fmt"

func main() {
    for _, s := range []string{%s} {
        fmt.Print("|")
        for i, r := range s {
            fmt.Print(i, ":", r, " ")
        }
        fmt.Printf("%%x", string([]rune(s)))
    }
    fmt.Printf("|%%x\\n", string([]rune{-1, 0xd800, 0x110000, 'a'}))
}
"""


def test_runes_are_gos(go_toolchain: Toolchain, tmp_path: Path) -> None:
    source = tmp_path / "runes.go"
    quoted = ('"' + "".join(f"\\x{c:02x}" for c in data) + '"' for data in ODD)
    source.write_text(RUNES % ", ".join(quoted))
    real = run_go(source, toolchain=go_toolchain, wrap=False, leaks=False, timeout=60).stdout
    heap = Heap(NOW)
    ours = ""
    for data in ODD:
        s = literal(data)
        ours += "|" + "".join(f"{i}:{r} " for i, r in s.runes())
        ours += from_runes(to_runes(s, heap=heap), heap=heap).bytes.hex()
    bad = slice_of_values(RUNE, [-1, 0xD800, 0x110000, 97], heap=heap)
    # Go's Print puts a blank between two numbers, not beside a string.
    assert f"{ours}|{from_runes(bad, heap=heap).bytes.hex()}\n" == real


def test_a_slice_of_runes_has_the_room_of_its_size_class() -> None:
    assert to_runes(literal("héllo"), heap=Heap(NOW)).cap == 6
