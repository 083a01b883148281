"""The Python behind math, unicode and math/rand gives what real Go gives, to the last bit."""

from __future__ import annotations

import random
import struct
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gosim.golang import library
from gosim.golang.library.unicode import native as unicode  # a namespace package
from gosim.oracle import run_go
from gosim.oracle.toolchain import Toolchain
from gosim.std import generators
from gosim.std.math import elementary

ROWS = Path(__file__).parent / "go" / "math_rows.go"
MATH: Any = library.native("math")

SPECIAL = [
    *(0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, 1.5, 2.5, -2.5, 5e-324, -5e-324, 1e-310),
    *(float("inf"), float("-inf"), float("nan"), 2.2250738585072014e-308, 1.7976931348623157e308),
    *(709.78, 709.79, -745.1, -745.2, -708.5, 1e9, 536870912.0, 1e22, 1e300, 0.7071067811865476),
    *(0.84375, 1.25, 6.0, 28.0, -6.5, 143.1, 171.6, -33.5, -170.5, 33.0, 200.0, 1023.99, -1074.0),
    *(4503599627370495.5, 9007199254740993.0, 0.49999999999999994, 1e-20, 2.8571, 4.5454, 8.0),
]


def bits(x: float) -> int:
    """The representation; all NaNs are one."""
    return 0x7FF8000000000001 if x != x else elementary.bits(x)


def number(r: random.Random) -> float:
    """Any float, those of everyday use more often."""
    which = r.randrange(6)
    if which == 0:
        return r.choice(SPECIAL)
    if which == 1:
        return elementary.from_bits(r.getrandbits(64))
    if which == 2:
        return float(r.randint(-40, 40)) / r.choice([1, 2, 4])
    return r.uniform(-1, 1) * r.choice([1, 3, 50, 800, 10 ** r.uniform(-12, 12)])


def requests(seed: int) -> list[str]:
    r = random.Random(seed)
    lines = [f"1 {bits(x):x} 0 0" for x in SPECIAL + [number(r) for _ in range(600)]]
    lines += [f"2 {bits(x):x} {bits(y):x} 0" for x in SPECIAL for y in SPECIAL]
    lines += [f"2 {bits(number(r)):x} {bits(number(r)):x} 0" for _ in range(1000)]
    for _ in range(1000):
        x, y = number(r), number(r)
        near = x * y * -(1 + r.choice([0, 1, -1]) * 2.0**-52)
        z = near if near == near and r.random() < 0.5 else number(r)
        lines.append(f"3 {bits(x):x} {bits(y):x} {bits(z):x}")
    for _ in range(200):
        n = r.choice([r.randint(-1100, 1100), r.randint(-8, 60), r.randint(-330, 320)])
        lines.append(f"n {bits(number(r) % 1e4):x} {n % (1 << 64):x} 0")
    return lines


def ours(name: str, args: list[str]) -> list[str]:
    """What the function gives, as the Go program prints it."""
    function: Callable[..., Any] = getattr(MATH, name)
    x = [elementary.from_bits(int(a, 16)) for a in args]
    n = [int(a, 16) - (int(a, 16) >> 63 << 64) for a in args]
    match name:
        case "Lgamma" | "Frexp":
            y, k = function(x[0])
            return [f"{bits(y):x}", str(k)]
        case "Modf" | "Sincos":
            return [f"{bits(y):x}" for y in function(x[0])]
        case "Ilogb":
            return [str(function(x[0]))]
        case "Nextafter32":
            try:
                single = struct.unpack("<f", struct.pack("<f", x[0]))[0]
            except OverflowError:
                single = x[0] * float("inf")
            size = abs(single)
            return [f"{bits(function(single, 1.0)):x}", f"{MATH.Float32bits(size):x}"]
        case "Jn" | "Yn":
            return [f"{bits(function(n[0], x[1])):x}"]
        case "Ldexp":
            return [f"{bits(function(x[0], n[1])):x}"]
        case "Pow10":
            return [f"{bits(function(n[0])):x}"]
    return [f"{bits(function(*x)):x}"]


def arguments(name: str, words: int) -> int:
    """How many of the words of a line are arguments."""
    two = {"Lgamma", "Frexp", "Modf", "Sincos", "Nextafter32"}
    return words - 2 if name in two else words - 1


@pytest.mark.go
def test_every_function_of_math_gives_go_s_bits(go_toolchain: Toolchain, tmp_path: Path) -> None:
    exe = tmp_path / "rows"
    subprocess.run([go_toolchain.go, "build", "-o", exe, ROWS], check=True, cwd=ROWS.parent)
    done = subprocess.run(
        [exe], input="\n".join(requests(1)), text=True, capture_output=True, check=True
    )
    seen = set()
    for line in done.stdout.splitlines():
        name, *words = line.split()
        n = arguments(name, len(words))
        if "7ff8000000000001" in words[:n] and name == "Nextafter32":
            continue  # the second word is a NaN of its own
        assert ours(name, words[:n]) == words[n:], line
        seen.add(name)
    assert len(seen) > 55


def test_fma_is_rounded_once() -> None:
    """1 + 2**-60 rounds to 1, but not when 1 is taken away again before."""
    x = 1 + 2.0**-30
    assert elementary.fma(x, x, -1 - 2.0**-29) == 2.0**-60
    assert elementary._fma(x, x, -1 - 2.0**-29) == 2.0**-60
    assert elementary._fma(5e-324, 0.5, 5e-324) == 1e-323  # 1.5 units: a tie, to the even one


def test_the_cooked_register_is_the_one_that_go_prints() -> None:
    register = [x - (x >> 63 << 64) for x in generators.cooked()]
    assert register[:2] == [-4181792142133755926, -4576982950128230565]
    assert zlib.crc32(repr(register).encode()) == 685406855


@pytest.mark.go
@pytest.mark.slow
@pytest.mark.parametrize(("version", "database"), [("1.22", "15.0.0"), ("1.27", "17.0.0")])
def test_unicode_says_of_every_rune_what_go_says(
    version: str,
    database: str,
    go_version: Callable[[str], Toolchain],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = ROWS.with_name("unicode_rows.go")
    real = run_go(source, toolchain=go_version(version), wrap=False, leaks=False)
    monkeypatch.setattr(unicode, "_LAST", database)
    runes = range(-1, 0x110001)
    for line in real.stdout.splitlines():
        name, crc = line.split()
        f = getattr(unicode, name)
        if name.startswith("Is"):
            text = "".join("1" if f(r) else "0" for r in runes)
        else:
            text = "".join(f"{f(r) - r}," for r in runes)
        assert zlib.crc32(text.encode()) == int(crc), name
