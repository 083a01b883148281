"""The built-in functions on memory within a run: results, printing, panics, mistakes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from heap_world import heap_world

import gosim as gs
from gosim.runtime.errors import UsageError
from gosim.std import builtin, fmt, maps, types
from gosim.std.builtin import (
    array,
    literal,
    make_map,
    make_slice,
    new,
    nil_map,
    nil_slice,
    slice_of,
)


@builtin.struct
class Point:
    x: int
    y: int


def printed(program: Callable[[], None]) -> str:
    async def main() -> None:
        program()

    return gs.run(main).stdout


def test_values_print_as_in_go() -> None:
    def program() -> None:
        fmt.println(Point(x=1), new(Point, y=2), slice_of(Point, Point(x=3)))
        fmt.println(slice_of(str, "a", "b"), nil_slice(int), array(int, 3), builtin.string("text"))
        fmt.printf("%v %+v %T %T\n", Point(), new(Point), new(Point), slice_of(Point))
        fmt.printf("%q %s %d\n", builtin.string("a"), builtin.literal("b"), slice_of(int, 1, 2))

    assert printed(program) == (
        "{1 0} &{0 2} [{3 0}]\n"
        "[a b] [] [0 0 0] text\n"
        "{0 0} &{x:0 y:0} *main.Point []main.Point\n"
        '"a" b [1 2]\n'
    )


CANNOT = "runtime error: cannot convert slice with length 3"
OUT = "runtime error: slice bounds out of range"
PANICS: dict[str, Callable[[], Any]] = {
    "runtime error: index out of range [5] with length 3": lambda: make_slice(int, 3)[5],
    "runtime error: index out of range [-1]": lambda: make_slice(int, 3)[-1],
    "runtime error: index out of range [0] with length 0": lambda: nil_slice(int)[0],
    f"{OUT} [:6] with capacity 5": lambda: make_slice(int, 3, 5)[:6],
    f"{OUT} [:10] with length 3": lambda: literal("abc")[:10],
    f"{OUT} [2:1]": lambda: make_slice(int, 3)[2:1],
    f"{OUT} [::9] with capacity 3": lambda: make_slice(int, 3)[0:1:9],
    f"{CANNOT} to array or pointer to array with length 4":
        lambda: builtin.array_from(make_slice(int, 3), 4),
    "runtime error: makeslice: len out of range": lambda: make_slice(int, -1),
    "runtime error: makeslice: cap out of range": lambda: make_slice(int, 3, 2),
    "assignment to entry in nil map": lambda: nil_map(str, int).set("a", 1),
    "strings: negative Repeat count": lambda: gs.strings.repeat("x", -1),
    "bytes.Buffer.Grow: negative count": lambda: gs.bytes.Buffer().grow(-1),
}  # fmt: skip


@pytest.mark.parametrize("text", PANICS)
def test_a_program_panics_with_gos_text(text: str) -> None:
    async def main() -> None:
        PANICS[text]()

    run = gs.run(main)
    assert run.outcome == "panic"
    assert run.stderr.splitlines()[0] in (f"panic: {text}", f'panic: "{text}"')


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: make_slice("int", 3), "make_slice: 'int' is no Go type; use int, float"),
        (lambda: make_slice(int, 2.5), "make_slice: the length must be an int, not 2.5"),
        (lambda: make_slice(bytes, 2), "make_slice: the class bytes is no Go type; use a slice"),
        (lambda: make_slice(int), "make_slice missing 1 required positional argument"),
        (lambda: slice_of(int, "a"), "slice_of: 'a' is no int"),
        (lambda: builtin.append([1], 2), "append: [1] is no slice; make_slice and slice_of"),
        (lambda: builtin.append(None, 2), "append: None is no slice; nil_slice(T)"),
        (lambda: builtin.append(nil_slice(types.BYTE), 300), "append: 300 is no byte"),
        (lambda: builtin.append_slice(nil_slice(int), nil_slice(str)), "append_slice: elements of"),
        (lambda: builtin.copy([1], nil_slice(int)), "copy: [1] is no slice"),
        (lambda: builtin.delete({}, 1), "delete: {} is no map; make_map makes one"),
        (lambda: builtin.clear({}), "clear: {} is neither a slice nor a map"),
        (lambda: builtin.string(3), "string: 3 is neither a text nor a slice of bytes"),
        (lambda: builtin.string("a", -1), "string: a string cannot have -1 times 1 bytes"),
        (lambda: builtin.literal(3), "literal: 3 is no text"),
        (lambda: make_map(types.slice_type(int), int), "make_map: invalid map key type []int"),
        (lambda: make_map(str, int, "a"), "make_map: the number of entries must be an int"),
        (lambda: maps.clone({}), "clone: {} is no map"),
    ],
)
def test_a_wrong_argument_is_one_sentence_with_the_line(call: Callable[[], Any], text: str) -> None:
    with heap_world(), pytest.raises(UsageError) as error:
        call()
    assert error.value.message.startswith(text) and error.value.file == __file__


def test_outside_a_run_everything_says_so() -> None:
    for call in (lambda: make_slice(int, 1), lambda: new(Point), lambda: make_map(int, int)):
        with pytest.raises(UsageError, match="while no run is going on"):
            call()


def test_strings_are_added_and_compared_with_pythons() -> None:
    with heap_world() as heap:
        s = builtin.string("ab") + "cd"
        assert s == "abcd" and "ab" + builtin.literal("cd") == s and "bc" in s and 3 not in s
        assert {s: 1}["abcd"] == 1 and s < "b" and s >= builtin.literal("abcd")
        mallocs = heap.mallocs
        assert s + "" is s and builtin.string(s) is s and heap.mallocs == mallocs


def test_maps_functions() -> None:
    with heap_world():
        m = make_map(str, int)
        m["a"], m["b"] = 1, 2
        n = maps.clone(m)
        maps.delete_func(m, lambda key, value: value == 1)
        assert (dict(m.items()), dict(n.items())) == ({"b": 2}, {"a": 1, "b": 2})
        assert not maps.equal(m, n) and sorted(maps.keys(n)) == ["a", "b"]
        assert sorted(maps.values(n)) == [1, 2]
        maps.copy(m, n)
        assert maps.equal(m, n)
        builtin.delete(m, "a")
        builtin.clear(n)
        assert (len(m), len(n)) == (1, 0)
        nil = nil_map(str, int)
        assert maps.clone(nil) is nil and len(nil) == 0
