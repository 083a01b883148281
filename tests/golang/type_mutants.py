"""Go programs that are spelt well and typed badly: files of the toolchain with other names, values,
types and operators put into them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from gosim.golang.position import FileSet
from gosim.golang.scanner import scan
from gosim.golang.token import LITERALS

_VALUES_WORDS = (
    '1 0 -1 1.5 1i 1e3 1<<70 \'c\' "s" "a"+"b" nil true x _ iota len int []int{1} '
    "func(){} struct{}{} map[string]int{} string(1) new(int) make(chan|int) "
)
_VALUES = _VALUES_WORDS.split()
_TYPES_WORDS = (
    "int string float64 bool byte uint8 error any []int [3]int map[string]int *int "
    "func() chan|int <-chan|int struct{} interface{|M()|} T complex128 comparable "
)
_TYPES = _TYPES_WORDS.split()
_BINARY_WORDS = "+ - * / % & | ^ << >> &^ == != < <= > >= && || "
_BINARY = _BINARY_WORDS.split()
_ASSIGN = ["=", ":=", "+=", "<<=", "/="]
_AROUND = ["*{}", "&{}", "{}()", "{}.foo", "{}[0]", "{}...", "_", "{}x", "({})", "-{}", "{}, {}"]
_INSIDE = ["x", "1", "nil", "var z int;", "1,", "x := 1;", "'a',"]


def type_mutant(source: str, dice: random.Random) -> str:
    """Change one or two places of `source`."""
    files = FileSet()
    file = files.add("a.go", source)
    tokens = scan(file)
    found = [
        (kind, text, place - file.base)
        for kind, text, place in zip(tokens.kinds, tokens.texts, tokens.places, strict=True)
    ]
    # Behind the imports.
    starts = [i for i, (kind, _, _) in enumerate(found) if kind in ("func", "type", "var", "const")]
    first = starts[0] if starts else 0
    names = [text for kind, text, _ in found[first:] if kind == "name"] or ["x"]
    edits: list[tuple[int, int, str]] = []
    for _ in range(dice.choice((1, 1, 1, 2))):
        kind, text, at = dice.choice(found[first:])
        new = _other(kind, text, names, dice)
        if new is not None:
            edits.append((at, len(text), new.replace("|", " ")))
    for at, length, new in sorted(edits, reverse=True):
        source = source[:at] + new + source[at + length :]
    if dice.random() < 0.15:
        lines = source.split("\n")
        at = dice.randrange(len(lines) // 3, len(lines))
        if dice.random() < 0.6:
            del lines[at]
        else:
            lines.insert(at, lines[at])
        source = "\n".join(lines)
    return source


def _other(kind: str, text: str, names: list[str], dice: random.Random) -> str | None:
    chance = dice.random()
    if kind == "name":
        if chance < 0.5:
            return dice.choice(names)
        if chance < 0.65:
            return dice.choice(_VALUES)
        if chance < 0.8:
            return dice.choice(_TYPES)
        return dice.choice(_AROUND).replace("{}", text)
    if kind in LITERALS:
        return dice.choice(_VALUES)
    if kind in _BINARY:
        return dice.choice(_BINARY)
    if kind in _ASSIGN:
        return dice.choice(_ASSIGN)
    if kind in ("++", "--"):
        return dice.choice([" = 1", "()", ' += "a"', ""])
    if kind == "return":
        return dice.choice(["return 1,", "return\n", "go", "defer", "_ ="])
    if kind in ("if", "for", "switch"):
        return dice.choice(["if", "for", "switch"])
    if kind in ("{", "("):
        return kind + dice.choice(_INSIDE)
    return None


def type_mutants(originals: Sequence[Path], count: int, seed: int, into: Path) -> list[Path]:
    """Write `count` mutants of `originals`; return their paths."""
    dice = random.Random(seed)
    written = []
    for number in range(count):
        source = dice.choice(originals).read_text(encoding="utf-8", errors="surrogateescape")
        path = into / f"m{number:05}.go"
        path.write_text(
            type_mutant(source, dice), encoding="utf-8", errors="surrogateescape", newline=""
        )
        written.append(path)
    return written
