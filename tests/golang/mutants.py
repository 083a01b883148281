"""Broken Go programs: files of the toolchain with a little damage, for the comparison of errors."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path

_PIECE = re.compile(rb'\w+|"[^"\n]*"|[^\w\s]|\s+')
_SPLINTERS = [
    *b"( ) { } [ ] , ; : . ... = := == + - * / & | ^ ~ ! <- ++ -- += &^= < > << \n".split(b" "),
    *b"if for func range switch select case default return go defer var const type struct".split(),
    *b"interface map chan import package break continue goto else x y 1 0x 08".split(),
    *b"1_ fallthrough 0b2".split(),
    *b"1e 'a' '' 'ab \"s \"\\q\" `r 1i .5 0x1p @ # $ ? \\ // /* */ \xff \xc3\xa9 \x00".split(),
    b"\xef\xbb\xbf",
    b"L:",
    b"x.(type)",
    b"[P any]",
    b"T[int]{}",
    b"\r",
]


def mutant(source: bytes, dice: random.Random) -> bytes:
    """Damage `source` in one to three places."""
    pieces = _PIECE.findall(source)
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        at = dice.randrange(len(pieces))
        what = dice.randrange(5)
        if what == 0:
            del pieces[at]
        elif what == 1:
            pieces.insert(at, dice.choice(_SPLINTERS))
        elif what == 2:
            pieces[at] = dice.choice(_SPLINTERS)
        elif what == 3:
            other = dice.randrange(len(pieces))
            pieces[at], pieces[other] = pieces[other], pieces[at]
        else:
            del pieces[at : at + dice.randrange(2, 12)]
        if not pieces:
            pieces = [b" "]
    return b"".join(pieces)


def mutants(originals: Sequence[Path], count: int, seed: int, into: Path) -> list[Path]:
    """Write `count` mutants of small `originals`; return their paths."""
    dice = random.Random(seed)
    written = []
    for number in range(count):
        source = dice.choice(originals).read_bytes()
        path = into / f"m{number:05}.go"
        path.write_bytes(mutant(source, dice))
        written.append(path)
    return written
