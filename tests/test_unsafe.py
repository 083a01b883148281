"""unsafe: sizes of types and of values."""

from __future__ import annotations

from typing import Any

import pytest
from heap_world import heap_world

from gosim.runtime.errors import UsageError
from gosim.std import builtin, types, unsafe


@pytest.mark.parametrize(
    ("kind", "size", "align"),
    [
        (int, 8, 8), (bool, 1, 1), (str, 16, 8), (float, 8, 8), (object, 16, 8),
        (types.INT16, 2, 2), (types.COMPLEX64, 8, 4), (types.slice_type(int), 24, 8),
        (types.ptr(int), 8, 8), (types.map_type(str, int), 8, 8), (types.chan_type(int), 8, 8),
        (types.array_type(types.INT32, 5), 20, 4), (types.struct_type(), 0, 1),
        (types.struct_type(a=bool, b=types.INT64, c=bool), 24, 8),
        (types.struct_type(b=types.INT64, a=bool, c=bool), 16, 8),
    ],
)  # fmt: skip
def test_sizes_of_types(kind: Any, size: int, align: int) -> None:
    assert (unsafe.sizeof(kind), unsafe.alignof(kind)) == (size, align)


def test_sizes_of_values_are_those_of_their_types() -> None:
    with heap_world():
        values = [7, "text", True, 1.5, builtin.make_slice(int, 1000), builtin.string("x", 1000)]
        assert [unsafe.sizeof(v) for v in values] == [8, 16, 1, 8, 24, 16]
        assert unsafe.sizeof(builtin.make_map(str, int)) == 8
        assert unsafe.sizeof(builtin.array(int, 1000)) == 8000


def test_a_wrong_argument_is_one_sentence() -> None:
    with pytest.raises(UsageError, match="the class list is no Go type"):
        unsafe.sizeof([1, 2])
