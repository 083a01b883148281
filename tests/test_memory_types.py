"""Type descriptors: sizes and layouts as gc has them, and where the padding goes."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from go_tables import build, run
from hypothesis import given
from hypothesis import strategies as st

from gosim.memory import types as t
from gosim.memory.types import (
    Kind,
    Type,
    array_of,
    chan_of,
    draw,
    func_of,
    layout,
    map_of,
    padding_bytes,
    pointer_to,
    slice_of,
    struct_of,
    tightest,
    zero_value,
)
from gosim.oracle.toolchain import Toolchain
from gosim.runtime.version import SUPPORTED
from tests.facts import facts, measured_in

BASIC = (
    t.BOOL, t.INT, t.INT8, t.INT16, t.INT32, t.INT64, t.UINT, t.UINT8, t.UINT16, t.UINT32,
    t.UINT64, t.UINTPTR, t.FLOAT32, t.FLOAT64, t.COMPLEX64, t.COMPLEX128, t.STRING, t.ANY,
    t.UNSAFE_POINTER, struct_of(), array_of(t.INT64, 0), pointer_to(t.INT), slice_of(t.INT),
    map_of(t.STRING, t.INT), chan_of(t.BOOL), func_of(), t.interface_of("error"),
)  # fmt: skip


def structs(members: list[Type]) -> Type:
    return struct_of(*((f"f{i}", m) for i, m in enumerate(members)))


any_type: st.SearchStrategy[Type] = st.recursive(
    st.sampled_from(BASIC),
    lambda inner: (
        st.builds(array_of, inner, st.integers(0, 4)) | st.lists(inner, max_size=5).map(structs)
    ),
    max_leaves=8,
)
any_struct = st.lists(any_type, max_size=7).map(structs)


def random_type(rng: random.Random, depth: int) -> Type:
    choice = rng.random()
    if depth and choice < 0.15:
        return array_of(random_type(rng, depth - 1), rng.randrange(4))
    if depth and choice < 0.35:
        return structs([random_type(rng, depth - 1) for _ in range(rng.randrange(5))])
    return rng.choice(BASIC)


def random_structs() -> list[Type]:
    rng = random.Random(20261123)
    return [structs([random_type(rng, 2) for _ in range(rng.randrange(9))]) for _ in range(250)]


def described(made: Type) -> str:
    offsets = [f.offset for f in made.fields]
    return " ".join(map(str, [made.size, made.align, made.ptrdata, *offsets]))


@pytest.mark.parametrize("version", SUPPORTED)
def test_random_structs_are_laid_out_as_by_real_go(
    version: str, go_version: Callable[[str], Toolchain], tmp_path: Path
) -> None:
    made = [*random_structs(), *(structs([b]) for b in BASIC)]
    declarations = """
// A type descriptor begins with its size and the bytes up to its last pointer.
func describe(v any) {
	rt := reflect.TypeOf(v)
	words := *(*[2]uintptr)((*[2]unsafe.Pointer)(unsafe.Pointer(&v))[0])
	text := fmt.Sprint(words[0], " ", rt.Align(), " ", words[1])
	for i := 0; i < rt.NumField(); i++ {
		text += fmt.Sprint(" ", rt.Field(i).Offset)
	}
	emit(text)
}
"""
    main = "\n".join(f"\tdescribe({s}{{}})" for s in made)
    binary = build(
        go_version(version), tmp_path, ("fmt", "reflect", "unsafe"), declarations, main
    )
    got = run(binary)
    wrong = [(s.name, described(s), g) for s, g in zip(made, got, strict=True) if described(s) != g]
    assert not wrong


NAMED = {
    "bool": t.BOOL, "int": t.INT, "int8": t.INT8, "int16": t.INT16, "int32": t.INT32,
    "int64": t.INT64, "byte": t.BYTE, "string": t.STRING, "[]int": slice_of(t.INT), "any": t.ANY,
    "[0]int": array_of(t.INT, 0), "chan": chan_of(t.INT), "complex128": t.COMPLEX128,
    "func": func_of(), "map": map_of(t.INT, t.INT), "struct{}": struct_of(),
}  # fmt: skip


def type_of_fact(name: str) -> Type:
    """``"A{bool,int64}"`` is a struct, other names stand for themselves."""
    if name in NAMED:
        return NAMED[name]
    inner = name[name.index("{") + 1 : -1]
    return structs([NAMED[part] for part in inner.split(",")])


@pytest.mark.parametrize("version", SUPPORTED)
def test_struct_sizes_are_those_measured(version: str) -> None:
    measured = measured_in(facts("growth")["struct_sizes"], version)["value"]
    assert {name: type_of_fact(name).size for name in measured} == measured


@given(any_type)
def test_pointers_lie_on_words_within_ptrdata(made: Type) -> None:
    offsets = list(made.pointer_offsets())
    assert offsets == sorted(set(offsets))
    assert all(offset % t.PTR_SIZE == 0 for offset in offsets)
    assert made.noscan == (not offsets)
    # The last pointer ends where ptrdata says; of an interface that is its second word.
    assert made.ptrdata == (offsets[-1] + t.PTR_SIZE if offsets else 0)


@given(any_type)
def test_sizes_are_multiples_of_alignments(made: Type) -> None:
    assert made.size % made.align == 0


@given(any_struct)
def test_the_pieces_of_a_layout_fill_the_struct(made: Type) -> None:
    end = 0
    for piece in layout(made):
        assert piece.offset == end
        assert (piece.type is None) == (piece.name == "")
        assert piece.type is not None or (piece.size and piece.why)
        end += piece.size
    assert end == made.size


@given(any_struct)
def test_what_is_not_padding_is_the_leaves(made: Type) -> None:
    def leaves(of: Type) -> int:
        if of.kind is Kind.ARRAY:
            assert of.elem
            return of.length * leaves(of.elem)
        if of.kind is Kind.STRUCT:
            return sum(leaves(f.type) for f in of.fields)
        return of.size

    assert padding_bytes(made) == made.size - leaves(made)


@given(st.lists(any_type, max_size=7), st.randoms(use_true_random=False))
def test_no_other_order_is_tighter(members: list[Type], rng: random.Random) -> None:
    best = tightest(structs(members))
    assert sorted(f.name for f in best.fields) == sorted(f"f{i}" for i in range(len(members)))
    for _ in range(5):
        rng.shuffle(members)
        assert best.size <= structs(members).size


@given(any_struct)
def test_a_drawing_has_a_line_for_each_piece(made: Type) -> None:
    lines = draw(made).splitlines()
    pieces = layout(made)
    assert len(lines) == 1 + (len(pieces) + 1 if pieces else 0)
    for piece, line in zip(pieces, lines[2:], strict=False):
        assert line.split()[:2] == [str(piece.offset), str(piece.size)]


def test_the_drawing_of_the_article() -> None:
    bad = struct_of(("ok", t.BOOL), ("n", t.INT64), ("done", t.BOOL), name="Bad")
    assert draw(bad) == (
        "Bad: 24 bytes, 14 of them padding, aligned to 8\n"
        "offset  size\n"
        "     0     1  █         ok bool\n"
        "     1     7  ·······   padding: n begins at a multiple of 8\n"
        "     8     8  ████████  n int64\n"
        "    16     1  █         done bool\n"
        "    17     7  ·······   padding: the size of the struct is a multiple of 8"
    )
    assert draw(tightest(bad)).startswith("Bad: 16 bytes, 6 of them padding")


def test_the_drawing_of_a_struct_in_a_struct_and_of_a_long_field() -> None:
    inner = struct_of(("flag", t.BOOL), ("end", struct_of()))
    text = draw(struct_of(("in", inner), ("buf", array_of(t.BYTE, 100)), name="T"))
    assert "in.flag bool" in text
    assert "padding: a pointer to in.end stays within in" in text
    assert "…  buf [100]uint8" in text


@given(any_type)
def test_zero_values_are_all_nothing(made: Type) -> None:
    def nothing(value: object) -> bool:
        return all(map(nothing, value)) if isinstance(value, tuple) else not value

    assert nothing(zero_value(made))


def test_fields_by_name() -> None:
    made = struct_of(("a", t.BOOL), ("b", t.INT64))
    assert (made.offsetof("a"), made.offsetof("b")) == (0, 8)
    with pytest.raises(KeyError, match="no field c"):
        made.offsetof("c")
    with pytest.raises(ValueError, match="invalid array length -1"):
        array_of(t.INT, -1)


def test_a_type_may_point_at_itself() -> None:
    node = struct_of(("next", pointer_to(None, "*node")), ("value", t.INT), name="node")
    assert (node.size, node.ptrdata, str(node.fields[0].type)) == (16, 8, "*node")
