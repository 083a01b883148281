"""Package slices and the built-in functions on slices: results and bytes of real Go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import go_cost
import pytest
from go_tables import build, run
from heap_world import cost, heap_world, live

import gosim as gs
from gosim.memory.errors import GoPanic
from gosim.memory.slice import Slice
from gosim.oracle.toolchain import Toolchain
from gosim.runtime.errors import UsageError
from gosim.runtime.version import SUPPORTED
from gosim.std import builtin, bytes, slices, types
from gosim.std.builtin import append, append_slice, make_slice, nil_slice, ptr, slice_of, struct
from tests.facts import facts, measured_in

every_version = pytest.mark.parametrize("version", SUPPORTED)


@struct
class Pair:
    name: str
    number: int


#: Element types and a value of each; None where any will do.
ELEMENTS: dict[str, tuple[Any, Any]] = {
    "int": (int, 7),
    "byte": (types.BYTE, 7),
    "string": (str, "seven"),
    "*int": (ptr(int), None),
    "[3]int32": (types.array_type(types.INT32, 3), None),
    "pair": (Pair, None),
    "any": (object, None),
    "struct{}": (types.struct_type(), ()),
}
#: Expressions for the slices `s` of ten elements (capacity 12), and `v`, a value.
ROWS: dict[str, Callable[[Slice, Any], Slice]] = {
    "s": lambda s, v: s,
    "make([]T, 10)": lambda s, v: make_slice(s.elem, 10),
    "make([]T, 10, 1000)": lambda s, v: make_slice(s.elem, 10, 1000),
    "make([]T, 0, five)": lambda s, v: make_slice(s.elem, 0, 5),
    "make([]T, zero)": lambda s, v: make_slice(s.elem, 0),
    "make([]T, 10000)": lambda s, v: make_slice(s.elem, 10000),
    "[]T{v, v, v}": lambda s, v: slice_of(s.elem, v, v, v),
    "append(s, v)": lambda s, v: append(s, v),
    "append(s, v, v, v)": lambda s, v: append(s, v, v, v),
    "append(s[:3:3], v)": lambda s, v: append(s[:3:3], v),
    "append(s, s...)": lambda s, v: append_slice(s, s),
    "append([]T(nil), s[:3]...)": lambda s, v: append_slice(nil_slice(s.elem), s[:3]),
    "append([]T(nil), v)": lambda s, v: append(nil_slice(s.elem), v),
    "built(v)": lambda s, v: built(s.elem, v),
    "slices.Clone(s)": lambda s, v: slices.clone(s),
    "slices.Clone(s[:0])": lambda s, v: slices.clone(s[:0]),
    "slices.Clone([]T(nil))": lambda s, v: slices.clone(nil_slice(s.elem)),
    "slices.Clip(s)": lambda s, v: slices.clip(s),
    "slices.Grow(s, 2)": lambda s, v: slices.grow(s, 2),
    "slices.Grow(s, 3)": lambda s, v: slices.grow(s, 3),
    "slices.Grow(s, 1000)": lambda s, v: slices.grow(s, 1000),
    "slices.Insert(s, 5, v)": lambda s, v: slices.insert(s, 5, v),
    "slices.Insert(s, 5, v, v, v)": lambda s, v: slices.insert(s, 5, v, v, v),
    "slices.Delete(s, 2, 5)": lambda s, v: slices.delete(s, 2, 5),
    "slices.DeleteFunc(s, func(T) bool { return true })": lambda s, v: slices.delete_func(
        s, lambda _: True
    ),
}  # fmt: skip

DECLARATIONS = """
type pair struct {
	name   string
	number int
}

var five, zero = 5, 0

//go:noinline
func built[T any](sink *[]T, v T) []T {
	var s []T
	*sink = s
	for i := 0; i < 100; i++ {
		s = append(s, v)
		*sink = s
	}
	return s
}

func rows[T any](v T) {
	var made []T
	original := make([]T, 10, 12)
"""


def built(elem: Any, v: Any) -> Slice:
    s = nil_slice(elem)
    for _ in range(100):
        s = append(s, v)
    return s


def declarations() -> str:
    show = "func() string { return fmt.Sprint(len(made), cap(made), made == nil) }"
    rows = [
        f"\ts = original\n\tcost(func() {{ made = {code} }}, {show})"
        for code in (row.replace("built(v)", "built(&made, v)") for row in ROWS)
    ]
    return go_cost.MEASURE + DECLARATIONS + "\ts := original\n" + "\n".join(rows) + "\n}\n"


def main() -> str:
    calls = [f"\trows[{name}](*new({name}))" for name in ELEMENTS]
    return "\tdebug.SetGCPercent(-1)\n" + "\n".join(calls)


@every_version
def test_slices_cost_what_they_do_in_real_go(
    version: str, go_version: Callable[[str], Toolchain], tmp_path: Path
) -> None:
    imports = (*go_cost.IMPORTS, "slices")
    got = iter(run(build(go_version(version), tmp_path, imports, declarations(), main())))
    wrong = []
    for name, (elem, value) in ELEMENTS.items():
        for row, make in ROWS.items():
            with heap_world(version) as heap:
                s = make_slice(elem, 10, 12)
                v = s[0] if value is None else value
                made, total, mallocs = cost(heap, lambda make=make, s=s, v=v: make(s, v))  # type: ignore[misc]
                nil = str(made.is_nil).lower()
                ours = f"{len(made)} {made.cap} {nil} {total} {mallocs}"
            real = next(got)
            if ours != real:
                wrong.append(f"[]{name}: {row}: real {real}, ours {ours}")
    assert not wrong, "\n".join(wrong)


# -------------------------------------------------------------------- building: go-facts §5.6


def appended(n: int) -> Slice:
    s = nil_slice(int)
    for i in range(n):
        s = append(s, i)
    return s


def appended_array_by_array(n: int) -> Slice:
    """Allocate what `appended` does, without a million appends."""
    s = nil_slice(int)
    while s.cap < n:
        s = append(s[: s.cap], 1)
    return s


@every_version
@pytest.mark.parametrize(
    ("n", "build_it"),
    [
        (10, appended),
        (1000, appended),
        (100_000, appended_array_by_array),
        (1_000_000, appended_array_by_array),
    ],
)
def test_building_a_slice_costs_what_was_measured(
    n: int, build_it: Callable[[int], Slice], version: str
) -> None:
    measured = measured_in(facts("growth")["cost_int_bytes_mallocs_gcs"], version)["value"]
    with heap_world(version) as heap:
        _, total, mallocs = cost(heap, lambda: build_it(n))
        _, made_total, made_mallocs = cost(heap, lambda: make_slice(int, 0, n))
    for (got_bytes, got_mallocs), real in (
        ((total, mallocs), measured[f"append_{n}"]),
        ((made_total, made_mallocs), measured[f"index_{n}"]),
    ):
        # Now and then the runtime itself allocated during a measurement (up to 2 KB, 3 objects).
        assert 0 <= real[0] - got_bytes < 2048 and 0 <= real[1] - got_mallocs <= 3


@every_version
def test_the_numbers_everybody_quotes(version: str) -> None:
    def both(n: int) -> list[tuple[int, int]]:
        with heap_world(version) as heap:
            made = [
                cost(heap, lambda: appended_array_by_array(n)),
                cost(heap, lambda: make_slice(int, n)),
            ]
        return [(total, mallocs) for _, total, mallocs in made]

    assert both(1_000_000) == [(41_678_080, 38), (8_003_584, 1)]
    assert both(100_000) == [(4_101_376, 28), (802_816, 1)]
    assert both(1000) == [(25_216, 12), (8_192, 1)]
    # The 8 bytes of the first array of one element are half of a tiny block.
    assert both(10) == [(16 + 16 + 32 + 64 + 128, 5), (80, 1)]


# --------------------------------------------------------------------- what is held: go-facts §5.4

MIB = 1 << 20
RETAINED = facts("retained_bytes_strings_slices_pointers")


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
        builtin.clear(s[50:])
    return s[:50]


def copied(s: Slice) -> Slice:
    fresh = make_slice(int, 3)
    assert builtin.copy(fresh, s) == 3
    return fresh


POINTERS: dict[str, Callable[[Slice], Any]] = {
    "keep s": lambda s: s,
    "keep s[:50]": lambda s: s[:50],
    "keep s[50:]": lambda s: s[50:],
    "keep s[1:3:3]": lambda s: s[1:3:3],
    "keep s = s[:0]": lambda s: s[:0],
    "nil s[50..99] one by one, keep s[:50]": lambda s: forgotten(s, True),
    "clear(s[50:]); keep s[:50]": lambda s: forgotten(s, False),
    "append(s[:10], s[60:]...) (remove 50)": lambda s: append_slice(s[:10], s[60:]),
    "slices.Delete(s,10,60)": lambda s: slices.delete(s, 10, 60),
    "slices.DeleteFunc all": lambda s: slices.delete_func(s, lambda v: True),
    "slices.Clone(s[:50])": lambda s: slices.clone(s[:50]),
    "queue pop-front q=q[1:] x 90": lambda s: pop_front(s, False),
    "queue pop-front with q[0]=nil x 90": lambda s: pop_front(s, True),
    "keep &s[3] (pointer into the slice)": lambda s: s.pointer(3),
    "keep &s[3].b[7] (interior pointer)": lambda s: s[3].pointer(7),
}
INTS: dict[str, Callable[[Slice], Any]] = {
    "keep s[:3] (cap 131072)": lambda s: s[:3],
    "keep s[:3:3] (cap 3)": lambda s: s[:3:3],
    "keep s[len-3:] (cap 3)": lambda s: s[len(s) - 3 :],
    "keep s[:0] (cap 131072)": lambda s: s[:0],
    "keep copy(make([]int,3),s) (cap 3)": copied,
    "keep slices.Clone(s[:3]) (cap 3)": lambda s: slices.clone(s[:3]),
    "keep append([]int(nil), s[:3]...) (cap 3)": lambda s: append_slice(nil_slice(int), s[:3]),
    "keep slices.Clip(s[:3]) (cap 3)": lambda s: slices.clip(s[:3]),
    "keep append(s[:3:3], 1) (cap 6)": lambda s: append(s[:3:3], 1),
    "keep bytes-like full (cap 131072)": lambda s: s,
}


def test_every_measured_row_about_slices_is_here() -> None:
    def rows(prefix: str) -> set[str]:
        return {name.removeprefix(prefix) for name in RETAINED if name.startswith(prefix)}

    assert rows("[]*T 100 x 1 MiB: ") == set(POINTERS)
    assert rows("100 x []int of 1 MiB: ") == set(INTS)


@pytest.mark.parametrize("name", POINTERS)
def test_slices_of_pointers_keep_what_was_measured(name: str) -> None:
    block = types.array_type(types.BYTE, MIB)
    for version, measured in RETAINED[f"[]*T 100 x 1 MiB: {name}"].items():
        with heap_world(version) as heap:
            s = slice_of(ptr(block), *(builtin.new(block) for _ in range(100)))
            kept = live(heap, POINTERS[name](s))
        # Measured with 1 to 4 KB of the measuring program's own.
        assert -1024 <= measured - kept < 6144, (version, measured, kept)


@pytest.mark.parametrize("name", INTS)
def test_slices_of_ints_keep_what_was_measured(name: str) -> None:
    for version, measured in RETAINED[f"100 x []int of 1 MiB: {name}"].items():
        with heap_world(version) as heap:
            headers = make_slice(types.slice_type(int), 100)
            for i in range(100):
                headers[i] = INTS[name](make_slice(int, 131072))
            if "cap" in name:
                assert headers[0].cap == int(name.rpartition("cap ")[2].rstrip(")"))
            kept = live(heap, headers)
        assert 0 <= measured - kept < 4096, (version, measured, kept)


def test_a_buffer_keeps_its_largest_array() -> None:
    row = next(name for name in RETAINED if "Buffer" in name)
    for version, measured in RETAINED[row].items():
        with heap_world(version) as heap:
            b = bytes.Buffer()
            b.grow(10 * MIB)
            b.reset()
            assert 0 <= measured - live(heap, b) < 4096, (version, measured)


def test_every_measured_row_is_somewhere() -> None:
    prefixes = ("[]*T ", "100 x []int", f"100 x {MIB}-byte string", "100 x 20-byte string")
    rest = [name for name in RETAINED if not name.startswith(prefixes)]
    assert len(rest) == 2 and any("literal" in name for name in rest)


# ------------------------------------------------------------------------------- what functions do


def test_slices_functions() -> None:
    with heap_world():
        s = slice_of(int, 3, 1, 2)
        assert (slices.index(s, 2), slices.index(s, 7), slices.contains(s, 1)) == (2, -1, True)
        slices.sort(s)
        assert list(s) == [1, 2, 3]
        slices.reverse(s)
        assert list(s) == [3, 2, 1] and slices.equal(s, slice_of(int, 3, 2, 1))
        assert not slices.equal(s, s[:2]) and slices.equal(nil_slice(int), s[:0])
        nan = float("nan")
        numbers = slice_of(float, 2.0, nan, 1.0)
        slices.sort(numbers)
        assert list(numbers)[1:] == [1.0, 2.0] and not slices.contains(numbers, nan)
        pairs = slice_of(Pair, Pair(name="b"), Pair(name="a", number=2))
        assert slices.index(pairs, Pair(name="a", number=2)) == 1
        slices.reverse(pairs)
        assert [p.name for p in pairs] == ["a", "b"]
        slices.reverse(nil_slice(int))
        slices.sort(nil_slice(int))


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: slices.clone([1]), "clone: [1] is no slice; make_slice and slice_of make one"),
        (lambda: slices.grow(nil_slice(int), "a"), "grow: the number must be an int, not 'a'"),
        (
            lambda: slices.delete(nil_slice(int), 0, 1.5),
            "delete: the second index must be an int, not 1.5",
        ),
        (lambda: slices.insert(None, 0), "insert: None is no slice; nil_slice(T) is an empty one"),
        (
            lambda: slices.delete_func(3, bool),
            "delete_func: 3 is no slice; make_slice and slice_of make one",
        ),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_one_sentence_with_the_line(call: Callable[[], Any], text: str) -> None:
    with heap_world(), pytest.raises(UsageError) as error:
        call()
    assert (error.value.message, error.value.file) == (text, __file__)


def test_a_negative_number_of_elements_is_gos_panic() -> None:
    with heap_world(), pytest.raises(GoPanic) as panic:
        slices.grow(nil_slice(int), -1)
    assert str(panic.value) == "cannot be negative"


def test_an_error_in_the_programs_own_function_is_not_taken_for_ours() -> None:
    def broken(value: int) -> bool:
        raise TypeError("mine")

    with heap_world(), pytest.raises(TypeError, match="mine"):
        slices.delete_func(slice_of(int, 1), broken)


# --------------------------------------------------------------------- the same in whole programs


def kept_by_a_program(go: str, make: Callable[[], Any], keep: Callable[[Any], Any]) -> int:
    """Return the live bytes that a program has more, after a collection, for what it keeps."""
    found: list[int] = []

    async def main() -> None:
        await gs.runtime.gc()
        before = gs.runtime.read_mem_stats().heap_alloc
        kept = keep(make())
        await gs.runtime.gc()
        found.append(gs.runtime.read_mem_stats().heap_alloc - before)
        assert kept is not None

    done = gs.run(main, go=go)
    assert done.outcome == "ok", done.stderr
    return found[0]


@pytest.mark.parametrize("name", POINTERS)
def test_slices_of_pointers_keep_it_in_a_program_too(name: str) -> None:
    block = types.array_type(types.BYTE, MIB)

    def make() -> Slice:
        return slice_of(ptr(block), *(builtin.new(block) for _ in range(100)))

    for version, measured in RETAINED[f"[]*T 100 x 1 MiB: {name}"].items():
        assert kept_by_a_program(version, make, POINTERS[name]) == pytest.approx(measured, abs=8192)


@pytest.mark.parametrize("name", INTS)
def test_slices_of_ints_keep_it_in_a_program_too(name: str) -> None:
    def keep(headers: Slice) -> Slice:
        for i in range(100):
            headers[i] = INTS[name](make_slice(int, 131072))
        return headers

    for version, measured in RETAINED[f"100 x []int of 1 MiB: {name}"].items():
        found = kept_by_a_program(version, lambda: make_slice(types.slice_type(int), 100), keep)
        assert found == pytest.approx(measured, abs=8192)


@every_version
def test_a_program_sees_gos_capacities(version: str) -> None:
    """The beginnings of the rows of go-facts §5.6, for elements with and without pointers."""
    pair = types.struct_type(name=str, id=int)
    triple = types.struct_type(a=int, b=int, c=int)
    headers = version != "1.21"
    rows: list[tuple[Any, Any, list[int]]] = [
        (int, 1, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 848, 1280, 1792, 2560, 3408, 5120]),
        (types.BYTE, 1, [8, 16, 32, 64, 128, 256, 512, 896, 1408, 2048, 3072, 4096, 5376, 6912]),
        (
            str,
            "a",
            [1, 2, 4, 8, 16, 32, 71, 143, 303, 591, 1023, 1535, 2560, 3584, 5120]
            if headers
            else [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 848, 1280, 1792, 2560, 3584, 5120],
        ),
        (triple, (0, 0, 0), [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 853, 1365, 2048, 3072, 4096]),
        (
            pair,
            ("a", 0),
            [1, 2, 4, 8, 16, 37, 74, 170, 341, 682, 1135, 1706, 2389, 3413, 4778]
            if headers
            else [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 853, 1365, 2048, 3072, 4096],
        ),
    ]
    found: list[list[int]] = []

    async def main() -> None:
        for elem, value, row in rows:
            s, caps = nil_slice(elem), []
            while len(caps) < len(row):
                s = append(s, value)
                if not caps or caps[-1] != s.cap:
                    caps.append(s.cap)
            found.append(caps)
        found.append([append_slice(nil_slice(int), make_slice(int, k)).cap for k in BULK])

    done = gs.run(main, go=version)
    assert done.outcome == "ok", done.stderr
    assert found == [*(row for _, _, row in rows), list(BULK.values())]


BULK = {
    1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 6, 7: 8, 8: 8, 9: 10, 10: 10, 11: 12, 12: 12, 13: 14, 17: 18,
    33: 36, 65: 72, 100: 112, 1000: 1024, 1025: 1184, 5000: 5120,
}  # fmt: skip
