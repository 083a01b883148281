"""Reading bytecode: never a crash, and only what the text says."""

from __future__ import annotations

import argparse
import ast
import asyncio.queues
import collections
import inspect
import typing
from types import CodeType
from typing import Any

import pytest

from gosim.leaks.bytecode import Scan, exits, in_loop, nested, reachable_from, scan, text_of
from gosim.runtime import chan, proc, select
from gosim.std import context

MODULES = [argparse, asyncio.queues, ast, collections, inspect, typing, chan, proc, select, context]


def codes(module: Any) -> list[CodeType]:
    source = inspect.getsource(module)
    return list(nested(compile(source, module.__file__, "exec")))


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__)
def test_every_function_can_be_read(module: Any) -> None:
    for code in codes(module):
        found = scan(code)
        assert isinstance(found, Scan)
        offsets = {call.offset for call in found.calls}
        assert all(call.line >= code.co_firstlineno for call in found.calls)
        for use in found.uses:
            assert use.what in ("range", "enter", "build", "return", "yield")
        assert len(offsets) == len(found.calls)


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__)
def test_every_call_in_the_source_is_found_with_its_line(module: Any) -> None:
    """Each plain call ``f(x)`` of the syntax tree is seen at a line it covers."""
    tree = ast.parse(inspect.getsource(module))
    wanted = [
        n for n in ast.walk(tree)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name | ast.Attribute)
    ]
    seen = [call for code in codes(module) for call in scan(code).calls]
    found = {(call.line, call.callee[-1]) for call in seen if call.callee is not None}
    missing = 0
    for node in wanted:
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
        missing += not any((line, name) in found for line in lines)
    # Private names are mangled, f(*args) has no visible callee, super() is another instruction.
    assert missing <= len(wanted) * 0.1


@pytest.mark.parametrize("module", MODULES[:4], ids=lambda m: m.__name__)
def test_where_a_frame_can_go_grows_against_the_flow(module: Any) -> None:
    """What can follow a successor can follow the instruction itself."""
    for code in codes(module)[:40]:
        offsets = sorted(reachable_from(code, -1))
        for offset in offsets[::7]:
            ahead = reachable_from(code, offset)
            assert all(reachable_from(code, later) <= ahead for later in list(ahead)[:5])
            assert in_loop(code, offset) <= (offset in ahead)


def test_expressions_read_as_they_were_written() -> None:
    def sample(a: Any, d: Any, k: Any) -> None:
        a.b.c.f(d[k], d["x"], a)

    (call,) = scan(sample.__code__).calls
    assert text_of(call.callee) == "a.b.c.f"
    assert [text_of(arg) for arg in call.args] == ["d[k]", "d['x']", "a"]


def test_a_loop_is_told_from_straight_code() -> None:
    async def looping(f: Any) -> None:
        await f(0)
        while f(1):
            await f(2)
        await f(3)

    code = looping.__code__
    ends = {call.args[0][1]: call.offset for call in scan(code).calls if call.args[0]}
    assert [in_loop(code, ends[i]) for i in range(4)] == [False, True, True, False]
    ahead = reachable_from(code, ends[2])
    assert [ends[i] in ahead for i in range(4)] == [False, True, True, True]


def test_exits_are_the_lines_at_which_a_function_returns() -> None:
    def early(x: int) -> int:
        if x:
            return 1
        x += 1
        return x

    def endless() -> None:
        while True:
            pass

    first = early.__code__.co_firstlineno
    assert exits(early.__code__) == (first + 2, first + 4)
    assert exits(endless.__code__) == ()


def test_exits_avoid_what_is_known_not_to_have_run() -> None:
    def branch(x: int) -> int:
        if x:
            print(x)
            return 1
        return 2

    code = branch.__code__
    (call,) = scan(code).calls
    first = code.co_firstlineno
    assert exits(code, -1, frozenset({call.offset})) == (first + 4,)
    assert exits(code, call.offset) == (first + 3,)
