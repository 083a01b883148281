"""What a program does wrong with memory: Go's panic, or one sentence with the line; no traceback.

Each row is a program, written as text, and what comes of it. Nothing of Python's may be seen.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import gosim as gs
from gosim.oracle import run_go
from gosim.oracle.toolchain import Toolchain

PREAMBLE = """
import gosim as gs

@gs.struct
class T:
    x: int
    s: str
    f: float
    p: gs.ptr("T")
    m: gs.types.map_type(str, int)

async def main():
    s, t = gs.make_slice(int, 3, 5), gs.string("abc")
    ts = gs.make_slice(gs.ptr(T), 1)
    a, n = gs.array(int, 3), gs.make_slice(gs.types.INT8, 3)
    m, u = gs.make_map(str, int), gs.make_map(object, int)
    p, i = gs.new(T), gs.new(int)
    u[1] = 1
    """
LINE = PREAMBLE.count("\n") + 1
NIL = "invalid memory address or nil pointer dereference"
OUT = "slice bounds out of range"

PANICS = {
    # Program, the same in Go, and what both print behind "panic: ".
    "s[3]": ("s[k(3)] = 1", "index out of range [3] with length 3"),
    "s[-1]": ("s[k(-1)] = 1", "index out of range [-1]"),
    "s[3] = 1": ("s[k(3)] = 1", "index out of range [3] with length 3"),
    "a[3] = 1": ("a[k(3)] = 1", "index out of range [3] with length 3"),
    "t[3]": ("println(t[k(3)])", "index out of range [3] with length 3"),
    "gs.nil_slice(int)[0]": ("println(([]int)(nil)[k(0)])", "index out of range [0] with length 0"),
    "s[:6]": ("s = s[:k(6)]", f"{OUT} [:6] with capacity 5"),
    "s[2:1]": ("s = s[k(2):k(1)]", f"{OUT} [2:1]"),
    "s[-1:]": ("s = s[k(-1):]", f"{OUT} [-1:]"),
    "s[1:2:9]": ("s = s[1:2:k(9)]", f"{OUT} [::9] with capacity 5"),
    "s[3:2:4]": ("s = s[k(3):k(2):4]", f"{OUT} [3:2:]"),
    "t[:9]": ("println(t[:k(9)])", f"{OUT} [:9] with length 3"),
    "a[1:5]": ("s = a[1:k(5)]", f"{OUT} [:5] with length 3"),
    "gs.make_slice(int, -1)": ("s = make([]int, k(-1))", "makeslice: len out of range"),
    "gs.make_slice(int, 3, 2)": ("s = make([]int, 3, k(2))", "makeslice: cap out of range"),
    "gs.make_slice(int, 1 << 62)": ("s = make([]int, k(1<<62))", "makeslice: len out of range"),
    "gs.make_slice(int, 0, 1 << 62)": (
        "s = make([]int, 0, k(1<<62))",
        "makeslice: cap out of range",
    ),
    "gs.nil_map(str, int)['a'] = 1": (
        "map[string]int(nil)[t] = 1",
        "assignment to entry in nil map",
    ),
    "p.m['a'] = 1": ("p.m[t] = 1", "assignment to entry in nil map"),
    "p.p.x": ("println(p.p.x)", NIL),
    "p.p.x = 1": ("p.p.x = 1", NIL),
    "ts[0].x": ("println(ts[0].x)", NIL),
    "u[s] = 1": ("u[s] = 1", "hash of unhashable type []int"),
    "u[m]": ("println(u[m])", "hash of unhashable type map[string]int"),
    "u[p.copy()]": ("println(u[*p])", "hash of unhashable type main.T"),
    "gs.array_from(s, 4)": (
        "println([4]int(s[:k(3)])[0])",
        "cannot convert slice with length 3 to array or pointer to array with length 4",
    ),
}
MISUSES = {
    "gs.debug.set_gc_percent('abc')": "set_gc_percent() takes a number of percent, not 'abc'",
    "gs.debug.set_memory_limit(2.5)": "set_memory_limit() takes a number of bytes, not 2.5",
    "s['a']": "a slice is indexed by an int, not by 'a'",
    "s[1.0] = 1": "a slice is indexed by an int, not by 1.0",
    "a['a']": "an array is indexed by an int, not by 'a'",
    "t[None]": "a string is indexed by an int, not by None",
    "s['a':]": "invalid slice index 'a': it must be an int",
    "t[1.0:2]": "invalid slice index 1.0: it must be an int",
    "s[::2]": "middle index required in 3-index slice",
    "s[1:2] = s": "a part of the slice cannot be assigned to; copy(s[i:j], t) copies there",
    "s[0] = 'x'": "'x' is no int",
    "s[0] = None": "None is no int",
    "s[0] = 1.5": "1.5 is no int",
    "s[0] = 1 << 63": (
        "9223372036854775808 is no int: those are -9223372036854775808 to 9223372036854775807"
    ),
    "n[0] = 128": "128 is no int8: those are -128 to 127",
    "a[0] = 'x'": "'x' is no int",
    "ts[0] = 3": "3 is no *T",
    "ts[0] = i": "<*int to 0> is no *T",
    "gs.append(s, 'x')": "append: 'x' is no int",
    "gs.append(s, 1, 2, 'x')": "append: 'x' is no int",
    "gs.append(ts, 'x')": "append: 'x' is no *T",
    "gs.append_slice(s, gs.slice_of(str))": (
        "append_slice: elements of []string do not go into []int"
    ),
    "gs.slices.insert(s, 0, 'x')": "insert: 'x' is no int",
    "gs.make_slice(int, '3')": "make_slice: the length must be an int, not '3'",
    "m['a'] = 'b'": "an element of the map[string]int: 'b' is no int",
    "m[1] = 1": "a key of the map[string]int: 1 is no string",
    "m[1]": "a key of the map[string]int: 1 is no string",
    "gs.delete(m, 1)": "delete: a key of the map[string]int: 1 is no string",
    "p.x = 'a'": "the field x: 'a' is no int",
    "p.s = 3": "the field s: 3 is no string",
    "p.p = 3": "the field p: 3 is no *T",
    "p.y": "T has no field y; its fields are x, s, f, p, m",
    "gs.new(T, x='a')": "new: the field x: 'a' is no int",
    "i.value = 'a'": "'a' is no int",
    "s == s": (
        "invalid operation: a slice can only be compared to nil; slices.equal compares elements"
    ),
}


@pytest.mark.parametrize("line", PANICS)
def test_a_program_panics_with_gos_text(line: str, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PREAMBLE + line + "\n")
    run = gs.run(str(program))
    _, text = PANICS[line]
    first, *rest = run.stderr.splitlines()
    plain = text.startswith("assignment")
    assert (run.outcome, run.exit_code) == ("panic", 2)
    assert first == f"panic: {'' if plain else 'runtime error: '}{text}"
    assert any(x.startswith("[signal SIGSEGV: ") for x in rest) is (text == NIL)
    assert "goroutine 1 [running]:" in rest and any(f"program.py:{LINE}" in x for x in rest)


@pytest.mark.go
def test_these_are_gos_texts(go_toolchain: Toolchain, tmp_path: Path) -> None:
    calls = "\n".join(f"attempt(func() {{ {go} }})" for go, _ in PANICS.values())
    source = tmp_path / "panics.go"
    source.write_text(
        f"""package main

import "fmt"

type T struct {{ x int; s string; f float64; p *T; m map[string]int }}

//go:noinline
func k(i int) int {{ return i }}

func attempt(f func()) {{
    defer func() {{ fmt.Println(recover()) }}()
    f()
}}

func main() {{
    s, t, ts, a := make([]int, 3, 5), "abc", make([]*T, 1), [3]int{{}}
    m, u, p := map[string]int{{}}, map[any]int{{1: 1}}, new(T)
    t = t[:k(3)]
    _ = m
    {calls}
    fmt.Println(len(s), len(t), len(ts), len(a))
}}
"""
    )
    result = run_go(source, toolchain=go_toolchain, wrap=False, leaks=False, timeout=60)
    printed = result.stdout.splitlines()[:-1]
    assert [x.removeprefix("runtime error: ") for x in printed] == [x for _, x in PANICS.values()]


@pytest.mark.parametrize("line", MISUSES)
def test_what_go_would_not_compile_is_one_sentence(line: str, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PREAMBLE + line + "\n")
    with pytest.raises(gs.UsageError) as error:
        gs.run(str(program))
    assert (error.value.message, error.value.line) == (MISUSES[line], LINE)


@pytest.mark.parametrize("line", ["p.p.x", "s[3]", "s[0] = 'x'", "m[1]"])
def test_the_command_line_shows_no_traceback(line: str, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PREAMBLE + line + "\n")
    command = [sys.executable, "-m", "gosim", "run", str(program)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == (2 if line in MISUSES else 1)
    assert "Traceback" not in done.stdout + done.stderr
    if line in MISUSES:
        assert f"program.py:{LINE}: {MISUSES[line]}" in done.stderr
    else:
        assert PANICS[line][1] in done.stdout + done.stderr


def test_a_nil_pointer_panic_can_be_recovered() -> None:
    async def main() -> None:
        async def risky() -> None:
            async with gs.defers() as defer:
                defer(lambda: print(defer.recover().error()))
                gs.make_slice(gs.ptr("T"), 1)[0].x

        await risky()
        print("on")

    assert gs.run(main).stdout == f"runtime error: {NIL}\non\n"


def test_values_become_what_go_makes_of_constants() -> None:
    async def main() -> None:
        floats = gs.make_slice(float, 2)
        floats[0] = 1
        singles = gs.slice_of(gs.types.FLOAT32, 0.1)
        m = gs.make_map(float, float)
        m[1] = 2
        print(floats[0], floats[1], singles[0] == 0.1, dict(m.items()))
        print(gs.nil_slice(int) == None, gs.make_slice(int, 0) == None)  # noqa: E711
        print(gs.nil_map(int, int) == None, m == None)  # noqa: E711
        del m[1.0]
        print(len(m))

    assert gs.run(main).stdout == "1.0 0.0 False {1.0: 2.0}\nTrue False\nTrue False\n0\n"
