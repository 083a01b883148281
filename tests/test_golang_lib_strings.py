"""The Python behind Go's strings answers as real Go does (recorded by golang_lib/strings.go)."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from gosim.golang.library.strings import native
from gosim.golang.values.slices import Slice

RECORDED = Path(__file__).with_name("golang_lib") / "strings.json.gz"


def taken(value: Any) -> Any:
    """A recorded argument as compiled code has it."""
    if not isinstance(value, list):
        return value
    if value and isinstance(value[0], list):
        return Slice([taken(v) for v in value], 0, len(value), len(value))
    return "".join(map(chr, value))


def shown(value: Any) -> Any:
    if isinstance(value, Slice):
        return None if value.a is None else [shown(v) for v in value.values()]
    return [*map(ord, value)] if isinstance(value, str) else value


def answer(function: str, args: list[Any]) -> Any:
    if function in ("SplitN", "SplitAfterN"):
        s, sep, n = map(taken, args)
        return native.split(s, sep, function == "SplitAfterN", n)
    if function == "Replacer":
        pairs = args[1]
        strings = [taken(p) for p in pairs]
        return native.replaceAll(taken(args[0]), Slice(strings, 0, len(pairs), len(pairs)))
    if function == "Join":
        elems = args[0]
        strings = [taken(p) for p in elems]
        return native.Join(Slice(strings, 0, len(elems), len(elems)), taken(args[1]))
    name = {"upper": "ToUpper", "lower": "ToLower", "title": "ToTitle"}.get(function, function)
    return getattr(native, name)(*map(taken, args))


def test_all_answers_are_real_gos() -> None:
    wrong = []
    count = 0
    with gzip.open(RECORDED, "rt") as file:
        for line in file:
            function, args, want = json.loads(line)
            got = shown(answer(function, args))
            count += 1
            if got != want:
                wrong.append((function, args, want, got))
    assert count > 14000
    # Characters that are newer than the tables of the Python that runs.
    wrong = [row for row in wrong if row[0] not in ("upper", "lower") or not newer(row)]
    assert not wrong, (len(wrong), wrong[:5])


def newer(row: tuple[str, list[Any], Any, Any]) -> bool:
    import unicodedata

    texts = [bytes(codes).decode() for codes in (row[1][0], row[2])]
    return any(unicodedata.category(c) == "Cn" for c in texts)
