"""The Python behind Go's strconv answers as real Go does (recorded by golang_lib/strconv.go)."""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gosim.golang.library.strconv import native
from gosim.golang.values.strings import decode

RECORDED = Path(__file__).with_name("golang_lib") / "strconv.json.gz"


def go_string(codes: list[int]) -> str:
    return "".join(map(chr, codes))


def double(bits: list[int]) -> float:
    return float(struct.unpack(">d", bytes.fromhex(go_string(bits)))[0])


def bits_of(value: float) -> str:
    if value != value:
        return "7ff8000000000000"
    return struct.pack(">d", value).hex()


def failure(function: str, text: str, code: int, base: int, bits: int) -> str:
    """What strconv.go makes of a code."""
    if not code:
        return ""
    problem = [
        "invalid syntax",
        "value out of range",
        f"invalid base {base}",
        f"invalid bit size {bits}",
    ][code - 1]
    return f"strconv.{function}: parsing {decode(native.Quote(text))}: {problem}"


def integer(function: str, parse: Callable[..., tuple[int, int]], args: list[Any]) -> Any:
    text, base, bits = go_string(args[0]), *(args[1:] or (10, 0))
    number, code = parse(text, base, bits)
    return [str(number), failure(function, text, code, base, bits)]


def answer(function: str, args: list[Any]) -> Any:
    if function in ("ParseInt", "Atoi"):
        return integer(function, native.parseInt, args)
    if function == "ParseUint":
        return integer(function, native.parseUint, args)
    if function == "ParseFloat":
        text = go_string(args[0])
        value, code = native.parseFloat(text, args[1])
        return [bits_of(value), failure(function, text, code, 10, args[1])]
    if function == "ParseComplex":
        text = go_string(args[0])
        number, code = native.parseComplex(text, args[1])
        shown = failure(function, text, code, 10, args[1])
        return [bits_of(number.real), bits_of(number.imag), shown]
    if function == "FormatFloat":
        return native.FormatFloat(double(args[0]), *args[1:])
    if function == "FormatComplex":
        return native.FormatComplex(complex(double(args[0]), double(args[1])), *args[2:])
    if function == "FormatInt":
        return native.FormatInt(int(go_string(args[0])), args[1])
    if function in ("Unquote", "QuotedPrefix"):
        find = native.unquote if function == "Unquote" else native.quotedPrefix
        out, good = find(go_string(args[0]))
        return [[*map(ord, out)], "" if good else "invalid syntax"]
    if function == "UnquoteChar":
        value, multibyte, tail, good = native.unquoteChar(go_string(args[0]), args[1])
        return [value, multibyte, [*map(ord, tail)], "" if good else "invalid syntax"]
    return getattr(native, function)(*(go_string(a) if isinstance(a, list) else a for a in args))


def test_all_answers_are_real_gos() -> None:
    wrong = []
    count = 0
    with gzip.open(RECORDED, "rt") as file:
        for line in file:
            # The bits of a NaN are nobody's business.
            function, args, want = json.loads(line.replace("7ff8000000000001", "7ff8000000000000"))
            got = answer(function, args)
            count += 1
            if isinstance(got, str):
                got = [*map(ord, got)]
            if got != want:
                wrong.append((function, args, want, got))
    assert count > 9000
    assert not wrong, wrong[:5]


def test_panics_have_gos_words() -> None:
    with pytest.raises(BaseException, match="strconv: illegal AppendInt/FormatInt base"):
        native.FormatInt(1, 1)
    with pytest.raises(BaseException, match="strconv: illegal AppendFloat/FormatFloat bitSize"):
        native.FormatFloat(1.0, ord("g"), -1, 16)
