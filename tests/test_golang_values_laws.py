"""Laws of Go values at run time: wrapping, rounding, runes, growth, large arrays, map keys."""

from __future__ import annotations

import ctypes
import gc
import math
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gosim
from gosim.golang.values import floats, integers, maps, runes, slices
from gosim.golang.values.interfaces import interface_equal
from gosim.golang.values.sparse import Sparse, check_budget
from gosim.golang.values.strings import encode
from gosim.memory.errors import FatalError
from gosim.memory.features import features
from gosim.memory.slice import grown_capacity
from gosim.memory.types import INT, STRING, UINT8
from gosim.runtime.panic import Panic

C_TYPES = {
    "int8": ctypes.c_int8,
    "uint16": ctypes.c_uint16,
    "int32": ctypes.c_int32,
    "int64": ctypes.c_int64,
    "uint64": ctypes.c_uint64,
}
INT64 = st.integers(-(1 << 63), (1 << 63) - 1)


@given(st.integers(-(1 << 130), 1 << 130), st.sampled_from(sorted(C_TYPES)))
def test_wrapping_is_that_of_the_machine(x: int, kind: str) -> None:
    assert integers.wrapper(kind)(x) == C_TYPES[kind](x).value


@given(INT64, INT64.filter(bool))
def test_division_truncates_and_the_remainder_completes_it(a: int, b: int) -> None:
    q, r = integers.quotient(a, b), integers.remainder(a, b)
    assert q == math.trunc(Fraction(a, b))
    assert q * b + r == a


def test_division_by_zero_panics() -> None:
    for operation in (integers.quotient, integers.remainder):
        with pytest.raises(Panic) as caught:
            operation(1, 0)
        assert caught.value.value.text == "runtime error: integer divide by zero"


@given(st.floats())
def test_rounding_to_float32_is_that_of_the_machine(x: float) -> None:
    expected = ctypes.c_float(x).value
    found = floats.f32(x)
    assert found == expected or (math.isnan(found) and math.isnan(expected))


@given(INT64)
def test_integers_are_rounded_once_on_the_way_to_float32(n: int) -> None:
    found = floats.int_to_f32(n)
    step = math.ulp(found) * (1 << 29)
    assert abs(Fraction(found) - n) <= Fraction(step) / 2 + Fraction(1, 2)
    assert floats.f32(found) == found


@given(st.floats(-1e18, 1e18))
def test_floats_are_truncated_to_integers(x: float) -> None:
    assert floats.float_to_int(x) == int(x)


@given(st.text())
def test_range_over_a_string_gives_its_runes(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    s = encode(text)
    found = list(runes.range_string(s))
    assert [r for _, r in found] == [ord(c) for c in text]
    assert "".join(runes.encode_rune(r) for _, r in found) == s
    starts = [len(text[:i].encode()) for i in range(len(text))]
    assert [i for i, _ in found] == starts


@given(st.binary())
def test_bytes_that_are_no_utf8_are_one_error_each(data: bytes) -> None:
    s = data.decode("latin-1")
    total = 0
    for i, r in runes.range_string(s):
        assert i == total
        size = (
            1
            if r == runes.RUNE_ERROR and s[i : i + 3] != "\xef\xbf\xbd"
            else len(runes.encode_rune(r))
        )
        total += size
    assert total == len(s)


@given(
    st.integers(0, 3000),
    st.integers(1, 3000),
    st.sampled_from([(INT, 8, True), (STRING, 16, False), (UINT8, 1, True)]),
)
def test_growth_is_that_of_the_memory_room(old: int, more: int, kind: object) -> None:
    memory_type, size, noscan = kind  # type: ignore[misc]
    elem = slices.Elem(size, noscan, 0)
    expected = grown_capacity(old + more, old, memory_type, features("1.27"))
    assert slices.grown_capacity(old + more, old, elem) == expected


@given(st.lists(st.tuples(st.integers(0, 19), st.integers(), st.integers(0, 25))))
def test_appending_shares_the_array_as_far_as_there_is_room(steps: list[tuple[int, ...]]) -> None:
    elem = slices.Elem(8, True, 0)
    base = slices.make_slice(elem, 4, 20)
    model = [0] * 20
    for n, value, _ in steps:
        part = slices.slice_expr(elem, base, 0, n)
        grown = slices.append1(elem, part, value)
        model[n] = value
        assert (grown.n, grown.c) == (n + 1, 20)
        assert list(grown.values()) == model[: n + 1]
    whole = slices.slice_expr(elem, base, 0, 20)
    assert list(whole.values()) == model


@given(st.lists(st.tuples(st.integers(0, 9999), st.integers(-5, 5))))
def test_sparse_cells_are_those_of_a_list(stores: list[tuple[int, int]]) -> None:
    cells, model = Sparse(10_000, 0, None), [0] * 10_000
    for i, value in stores:
        cells[i] = model[i] = value
    assert cells[3:50] == model[3:50]
    cells.append(7)
    assert len(cells) == 10_001
    assert list(cells) == [*model, 7]


def test_more_than_there_is_ends_the_process() -> None:
    check_budget(1 << 30)
    with pytest.raises(FatalError, match="out of memory"):
        check_budget(1 << 40)


def test_keys_of_interfaces_differ_where_their_types_do() -> None:
    m = maps.Map({})
    for key, value in ((1, "int"), (1.0, "float"), (True, "bool"), ("1", "string")):
        maps.set_form(m, maps.interface_form(key), key, value)
    assert len(m) == 4
    assert [m.d[maps.interface_form(k)] for k in (1, 1.0, True)] == ["int", "float", "bool"]
    assert [type(k) for k, _ in m.items()] == [int, float, bool, str]
    assert not interface_equal(1, 1.0)


def test_a_nan_is_never_found_again() -> None:
    m = maps.Map({})
    for _ in range(2):
        maps.set_form(m, maps.float_form(math.nan), math.nan, 1)
    assert len(m) == 2
    assert m.d.get(maps.float_form(math.nan)) is None
    maps.delete_form(m, maps.float_form(math.nan))
    assert len(m) == 2


def test_a_nil_map_is_empty_and_refuses_entries() -> None:
    assert len(maps.NIL_MAP) == 0
    with pytest.raises(Panic) as caught:
        maps.NIL_MAP.d["a"] = 1
    assert caught.value.value.text == "assignment to entry in nil map"


def test_a_program_that_is_over_is_garbage() -> None:
    source = Path(__file__).parent / "golang" / "expr" / "misc1.go"

    def alive() -> int:
        gosim.run(str(source))
        gc.collect()
        return sum(isinstance(o, type) for o in gc.get_objects())

    alive()
    assert alive() == alive()
