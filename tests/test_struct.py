"""Structs: Go's layout, values and pointers, the write barrier, and mistakes in one sentence."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import go_cost
import pytest
from go_tables import build, run
from heap_world import cost, heap_world, live

import gosim as gs
from gosim.memory import types as t
from gosim.memory.features import features
from gosim.memory.heap import Heap
from gosim.memory.sizeclass import allocated_bytes
from gosim.memory.slice import clear, copy, make_slice
from gosim.memory.struct import define, new_struct
from gosim.oracle.toolchain import Toolchain
from gosim.runtime.errors import UsageError
from gosim.runtime.version import SUPPORTED
from gosim.std import builtin, types, unsafe
from gosim.std.builtin import new, ptr, struct


@struct
class Node:
    next: ptr("Node")  # type: ignore[valid-type]
    value: int

    def double(self) -> int:
        return 2 * self.value


@struct
class Outer:
    label: str
    inner: Node
    buffer: types.array_type(types.BYTE, 64)  # type: ignore[valid-type]
    items: types.slice_type(int)  # type: ignore[valid-type]


@struct
class Pixel:
    x: int


@struct
class Line:
    a: Pixel
    b: Pixel


def shape(**annotations: Any) -> Any:
    """A class with these annotations."""
    return type("Shape", (), {"__annotations__": annotations})


class Recorder:
    """What a collector hears of the write barrier."""

    def __init__(self, heap: Heap) -> None:
        self.heard: list[tuple[object, object]] = []
        heap.marking = True
        heap.on_barrier = lambda old, new: self.heard.append((old, new))


# ------------------------------------------------------------------------------ layout, as in Go

FIELDS = {
    "bool": bool,
    "int": int,
    "int8": types.INT8,
    "int16": types.INT16,
    "int32": types.INT32,
    "uint64": types.UINT64,
    "float32": types.FLOAT32,
    "string": str,
    "any": object,
    "*int": ptr(int),
    "[]byte": types.slice_type(types.BYTE),
    "[3]int16": types.array_type(types.INT16, 3),
    "map[string]int": types.map_type(str, int),
    "chan int": types.chan_type(int),
    "struct{}": types.struct_type(),
    "func()": types.func_type(),
    "complex64": types.COMPLEX64,
}


def test_layouts_are_those_of_real_go(go_toolchain: Toolchain, tmp_path: Path) -> None:
    rng = random.Random(3)
    rows = [[rng.choice(list(FIELDS)) for _ in range(rng.randrange(7))] for _ in range(80)]
    main, expected = [], []
    for kinds in rows:
        body = "; ".join(f"f{i} {kind}" for i, kind in enumerate(kinds))
        offsets = "".join(f", unsafe.Offsetof(x.f{i})" for i in range(len(kinds)))
        printed = f"emit(fmt.Sprint(unsafe.Sizeof(x), unsafe.Alignof(x){offsets}))"
        main.append(f"\t{{ var x struct{{ {body} }}; {printed} }}")
        made = struct(shape(**{f"f{i}": FIELDS[kind] for i, kind in enumerate(kinds)}))
        numbers = [unsafe.sizeof(made), unsafe.alignof(made)]
        numbers += [unsafe.offsetof(made, f"f{i}") for i in range(len(kinds))]
        expected.append(" ".join(map(str, numbers)))
    got = run(build(go_toolchain, tmp_path, ("fmt", "unsafe"), "", "\n".join(main)))
    assert dict(enumerate(got)) == dict(enumerate(expected))


@pytest.mark.parametrize("version", SUPPORTED)
def test_what_new_takes_is_what_real_go_takes(
    version: str, go_version: Callable[[str], Toolchain], tmp_path: Path
) -> None:
    sizes = [16, 40, 64, 100, 500, 520, 600, 5000, 40000]
    declarations = go_cost.MEASURE + '\nvar sink any\n\nfunc nothing() string { return "" }\n'
    main = ["\tdebug.SetGCPercent(-1)"]
    ours = []
    for n in sizes:
        main += [
            f"\tcost(func() {{ sink = new(struct {{ {fields} }}) }}, nothing)"
            for fields in (f"b [{n}]byte", f"p *int; b [{n}]byte")
        ]
        array = types.array_type(types.BYTE, n)
        plain = struct(type("P", (), {"__annotations__": {"b": array}}))
        pointer = struct(type("Q", (), {"__annotations__": {"p": ptr(int), "b": array}}))
        for cls in (plain, pointer):
            with heap_world(version) as heap:
                _, total, mallocs = cost(heap, lambda cls=cls: new(cls))  # type: ignore[misc]
            ours.append(f" {total} {mallocs}")
    got = run(build(go_version(version), tmp_path, go_cost.IMPORTS, declarations, "\n".join(main)))
    assert ours == got


# ------------------------------------------------------------------------- values and pointers


def test_the_class_makes_values_and_new_makes_pointers() -> None:
    with heap_world() as heap:
        a, b = Node(value=1), Node(value=1)
        assert a == b and hash(a) == hash(b) and a is not b and heap.mallocs == 0
        p, q = new(Node, value=1), new(Node, value=1)
        assert p != q and p == p and isinstance(p, Node) and p.double() == 2
        assert (p.allocated, a.allocated, heap.mallocs) == (16, 0, 2)
        assert p.copy() == a and p.copy().allocated == 0
        assert (repr(a), repr(p)) == ("Node{next: nil, value: 1}", "&Node{next: nil, value: 1}")
        p.next = p
        assert repr(p) == "&Node{next: <*Node>, value: 1}"
        assert new(a) == new(a) or (True and new(a).value == 1)


def test_zero_values_are_gos() -> None:
    x = Outer()
    assert (x.label, x.inner, len(x.buffer), len(x.items), x.items.is_nil) == (
        "",
        Node(),
        64,
        0,
        True,
    )


def test_parts_are_values_and_are_copied() -> None:
    with heap_world() as heap:
        x = new(Outer, inner=Node(value=3))
        y = x.copy()
        x.inner.value = 4
        x.buffer[0] = 9
        assert (x.inner.value, y.inner.value, y.buffer[0]) == (4, 3, 0)
        node = Node(value=5)
        y.inner = node
        node.value = 6
        assert y.inner.value == 5
        s = builtin.make_slice(Node, 3)
        s[1].value = 7
        s = builtin.append(s, node)
        node.value = 8
        assert [n.value for n in s] == [0, 7, 0, 6]
        assert heap.mallocs == 3
        # A slice of an array within a struct keeps the struct.
        assert live(heap, x.buffer[:3]) == x.allocated == 128
        pointer = builtin.field_pointer(x, "inner")
        pointer.value = Node(value=9)
        assert x.inner.value == 9 and live(heap, pointer) == 128
        assert pointer == builtin.field_pointer(x, "inner") and pointer.extent == (16, 32, 32)


def test_the_collector_follows_pointer_fields_only() -> None:
    with heap_world() as heap:
        last = new(Node)
        first = new(Node, next=last)
        first.value = 1 << 40
        assert live(heap, first) == 32 and live(heap, last) == 16


def test_stores_to_pointers_pass_the_write_barrier() -> None:
    heap = Heap(features("1.27"))
    plain = type("T", (), {"__annotations__": {"to": t.pointer_to(None, "*T"), "n": t.INT}})
    T: Any = define(plain, {})
    a, b = new_struct(T, heap=heap), new_struct(T, heap=heap)
    heard = Recorder(heap).heard
    a.to = b
    a.n = 5
    a.to = None
    assert heard == [(None, b), (b, None)]
    made = new_struct(T, {"to": a}, heap=heap)
    assert heard[2:] == [(None, a)] and made.to is a


def test_values_on_the_stack_pass_it_too() -> None:
    with heap_world() as heap:
        value, target = Node(), new(Node)
        heard = Recorder(heap).heard
        value.next = target
        assert heard == [(None, target)]


# ---------------------------------------------------------------------------------- what is wrong


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: new(Node, valeu=1), "new: Node has no field valeu; did you mean value?"),
        (lambda: new(Node, zzz=1), "new: Node has no field zzz; its fields are next, value"),
        (lambda: new(Outer, lable="a"), "new: Outer has no field lable; did you mean label?"),
        (lambda: new(Outer, inner=3), "new: the field inner is a Node, not 3"),
        (lambda: new(int, value="a"), "new: 'a' is no int"),
        (lambda: new(int, other=1), "new: there is no field other here, only structs have fields"),
        (
            lambda: struct(shape(x="Shape")),
            "struct: invalid recursive type Shape: Shape.x holds it; use ptr('Shape')",
        ),
        (
            lambda: struct(shape(x="nothing")),
            "struct: Shape.x: cannot read the type 'nothing': name 'nothing' is not defined",
        ),
        (
            lambda: struct(shape(x=list)),
            (
                "struct: Shape.x: the class list is no Go type; "
                "use slice_type(elem) or array_type(elem, n)"
            ),
        ),
        (
            lambda: struct(shape(copy=int)),
            "struct: a field of the struct Shape cannot be called copy",
        ),
        (
            lambda: struct(type("Sub", (Recorder,), {})),
            (
                "struct: the struct Sub cannot inherit from Recorder: "
                "in Go a struct has it as a field"
            ),
        ),
        (
            lambda: struct(type("D", (), {"__annotations__": {"x": int}, "x": 3})),
            "struct: D.x cannot have a default: Go's is the zero value of its type",
        ),
        (
            lambda: builtin.field_pointer(Node(), "vale"),
            "field_pointer: Node has no field vale; did you mean value?",
        ),
        (
            lambda: unsafe.offsetof(Node, "vale"),
            "offsetof: Node has no field vale; did you mean value?",
        ),
        (lambda: unsafe.offsetof(int, "x"), "offsetof: int is no struct"),
    ],
)
def test_a_mistake_is_one_sentence(call: Callable[[], Any], text: str) -> None:
    with heap_world(), pytest.raises(UsageError) as error:
        call()
    assert (error.value.message, error.value.file) == (text, __file__)


def test_a_typo_in_an_attribute_is_one_sentence() -> None:
    node = Node()
    with pytest.raises(AttributeError, match=r"^Node has no field vaule; did you mean value\?$"):
        _ = node.vaule
    with pytest.raises(AttributeError, match="'Node' object has no attribute 'vaule'"):
        node.vaule = 3
    assert not hasattr(node, "error")


def test_draw_shows_the_bytes_of_a_struct_class() -> None:
    assert types.draw(Node).splitlines()[0] == "Node: 16 bytes, none of them padding, aligned to 8"


def pointed_at(mine: Any) -> Any:
    heap = Heap(features("1.27"))
    s = make_slice(mine.go_type, 100, heap=heap)
    return heap, s[3]


@pytest.mark.parametrize("by_counts", [False, True], ids=["marking", "by counts"])
def test_a_pointer_to_an_element_keeps_the_array(by_counts: bool) -> None:
    for kind in (Node, Line):
        heap, p = pointed_at(kind)
        if kind is Line:
            p = p.a  # a pointer to a field of an element
        whole = allocated_bytes(100 * kind.go_type.size, kind.go_type.noscan, heap.features)
        assert collected(heap, p, by_counts) == whole
        p = None
        assert collected(heap, p, by_counts) == 0


def collected(heap: Heap, kept: object, by_counts: bool) -> int:
    if by_counts:
        heap.sweep_counts()
    else:
        return live(heap, kept)
    return heap.live


def test_who_points_at_an_element_sees_what_is_stored_there() -> None:
    s = make_slice(Line.go_type, 4, heap=Heap(features("1.27")))
    p, end = s[1], s[1].b
    s[1] = Line(a=Pixel(x=1), b=Pixel(x=2))
    assert (p.a.x, end.x, s[1] is p, s[1].b is end) == (1, 2, True, True)
    s[2] = Line(b=Pixel(x=9))
    copy(s[1:], s[2:])
    assert (p.a.x, end.x) == (0, 9)
    p.a = Pixel(x=5)
    assert s[1].a.x == 5 and s[1] == Line(a=Pixel(x=5), b=Pixel(x=9))
    clear(s)
    assert (p, end) == (Line(), Pixel())


def test_a_field_may_have_any_name_that_gosim_uses_for_itself() -> None:
    names = ["size", "noscan", "parts", "part", "new", "pointer"]
    made = struct(shape(**dict.fromkeys(names, int)))

    async def main() -> None:
        x = new(made, **{name: i for i, name in enumerate(names)})
        print([getattr(x, name) for name in names])

    assert gs.run(main).stdout == "[0, 1, 2, 3, 4, 5]\n"
