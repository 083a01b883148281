"""Writes ``docs/supported.md``: what of Go gosim runs, found out by running it.

``python tests/golang_supported.py`` writes the page; a test compares it with what would be written.
A feature stands under "runs" when its program printed under gosim what real Go 1.27.3 prints
(recorded below beside it), and under "refused" with the sentence that gosim refuses it with.
"""

# ruff: noqa: E501 -- lines of Go

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [
        str(Path(__file__).resolve().parent),
        str(Path(__file__).resolve().parent.parent),
    ]

import golang_api as api

from gosim.golang import library
from gosim.golang.program import GoProgram
from gosim.leaks.run import execute
from gosim.runtime.errors import GosimError

PAGE = Path(__file__).resolve().parent.parent / "docs" / "supported.md"
#: Packages of which there is so little that nobody counts what is not there.
PARTS = {"syscall": "signals, `Kill`, `Getpid`"}
ABSENT = Path(library.__file__).parent / "absent.txt"
VERSION = "1.27"

#: Feature, declarations, the body of main, and what real Go prints.
FEATURES: list[tuple[str, str, str, str]] = [
    ("constants without a type, of any size", "const big = 1 << 100", "println(big >> 98)", "4\n"),
    (
        "integers of all widths, with wrap-around",
        "",
        "var u uint8 = 255; u++; var i int8 = 127; i++; println(u, i)",
        "0 -128\n",
    ),
    (
        "`float32`, `complex128`",
        "",
        "var f float32 = 16777216; println(f+1 == f, real(2i*2i) == -4)",
        "true true\n",
    ),
    (
        "strings as bytes, ranges over runes",
        "",
        'for i, r := range "aé" { print(i, r, " ") }; println(len("é"))',
        "097 1233 2\n",
    ),
    (
        "arrays, slices, `append`, `copy`, full slice expressions",
        "",
        "a := [4]int{1, 2, 3, 4}; s := a[1:2:3]; s = append(s, 9, 10); println(a[2], len(s), s[2])",
        "3 3 10\n",
    ),
    (
        "maps, `delete`, `clear`",
        "",
        'm := map[string]int{"a": 1}; m["b"]++; delete(m, "a"); v, ok := m["a"]; println(len(m), v, ok)',
        "1 0 false\n",
    ),
    (
        "structs with embedding and tags",
        'type A struct{ x int `json:"x"` }\ntype B struct{ A; y int }',
        "b := B{A{1}, 2}; c := b; c.x = 7; println(b.x, c.x, c.y)",
        "1 7 2\n",
    ),
    (
        "pointers",
        "",
        "x := 1; p := &x; *p += 2; q := new(int); println(x, *q, p != q)",
        "3 0 true\n",
    ),
    (
        "functions, closures, variadics, several results",
        "func f(xs ...int) (n int, err error) { for _, x := range xs { n += x }; return }",
        "n, err := f(1, 2, 3); g := func() int { n++; return n }; println(g(), err == nil)",
        "7 true\n",
    ),
    (
        "methods, method values and expressions",
        "type T struct{ n int }\nfunc (t *T) inc() int { t.n++; return t.n }",
        "t := T{}; f := t.inc; f(); println((*T).inc(&t))",
        "2\n",
    ),
    (
        "interfaces, embedding, type assertions and switches",
        'type S interface{ s() string }\ntype A int\nfunc (A) s() string { return "A" }',
        "var x any = A(1); switch v := x.(type) { case string: println(v); case S: println(v.s()) }; _, ok := x.(int); println(ok)",
        "A\nfalse\n",
    ),
    (
        "generic functions and types, inference",
        "type N interface{ ~int | ~float64 }\nfunc sum[T N](xs []T) (s T) { for _, x := range xs { s += x }; return }\ntype P[K comparable, V any] struct{ k K; v V }\nfunc (p P[K, V]) key() K { return p.k }",
        'println(sum([]int{1, 2}), P[string, int]{"k", 1}.key())',
        "3 k\n",
    ),
    (
        "`defer`, `panic`, `recover`",
        'func f() (n int) { defer func() { if recover() != nil { n = 5 } }(); panic("x") }',
        "println(f())",
        "5\n",
    ),
    (
        "`goto`, labels, `fallthrough`",
        "",
        "i := 0\nagain:\n\ti++\n\tif i < 3 { goto again }\nouter:\n\tfor { for { break outer } }\n\tswitch i { case 3: print(3); fallthrough; case 4: println(4) }",
        "34\n",
    ),
    (
        "ranges over integers, functions, channels",
        "func seq(yield func(int) bool) { _ = yield(1) && yield(2) && yield(3) }",
        "n := 0; for i := range 4 { n += i }; for x := range seq { if x == 3 { break }; n += x }; println(n)",
        "9\n",
    ),
    (
        "goroutines, channels with direction, `select`",
        "func send(c chan<- int) { c <- 1; close(c) }",
        "c := make(chan int); go send(c); for v := range c { println(v) }; select { case <-c: println(0); default: }",
        "1\n0\n",
    ),
    (
        "`min`, `max`, `iota`, shadowed names",
        "const ( a = iota * 2; b; c )",
        "min := min(3, b, c); println(min, max(a, 1.5))",
        "2 1.5\n",
    ),
]

#: What is refused, each with a program that needs it.
REFUSED = [
    ("a package that is not simulated", 'import "crypto/tls"', "_ = tls.Dial"),
    ("a function without a body", "func f()", "f()"),
]


def _program(declarations: str, body: str) -> str:
    return f"package main\n\n{declarations}\n\nfunc main() {{\n\t{body}\n}}\n"


def _runs(declarations: str, body: str) -> str:
    run = execute(GoProgram("feature.go", source=_program(declarations, body), cache=False))
    return run.stderr + run.stdout


def _names() -> Iterator[tuple[str, set[str], set[str]]]:
    """Each package that is Go's, the names that Go exports there, and those that gosim does."""
    for path in api.paths():
        real = {_name(line) for line in api.unvalued(api.recorded()[VERSION].get(path, []))}
        if real:
            yield path, real, {_name(line) for line in api.exported(VERSION, path)}


def absent() -> str:
    """Return the names that Go has and gosim has not: a line for each package, its path first."""
    lines = []
    for path, real, ours in _names():
        missing = sorted(n for n in real - ours if "." not in n)
        if missing:
            lines.append(" ".join([path, *missing]) + "\n")
    lines += [f"{path} *\n" for path in PARTS]
    return "".join(sorted(lines))


def _packages() -> Iterator[str]:
    yield "| package | of Go 1.27's exported names | not there |"
    yield "|---|---|---|"
    for path, real, ours in _names():
        missing = sorted(
            n for n in real - ours if "." not in n or n.split(".")[0] not in real - ours
        )
        share = "all" if real <= ours else f"{len(real & ours)} of {len(real)}"
        shown = ", ".join(f"`{n}`" for n in missing[:12])
        more = f" and {len(missing) - 12} more" if len(missing) > 12 else ""
        yield f"| `{path}` | {share} | {shown}{more} |"
    for path in library.known():
        if path.startswith("golang.org"):
            yield f"| `{path}` | all | |"
    for path, what in PARTS.items():
        yield f"| `{path}` | {what} | all others |"


def _name(line: str) -> str:
    words = line.split(" ")
    name = words[1] if len(words) > 1 else line
    return name.split("(")[0].split("[")[0].lstrip("*")


def page() -> str:
    """Return the page."""
    lines = [
        "# What of Go is simulated",
        "",
        "Written by `python tests/golang_supported.py`, which runs what it tells of; a test holds this",
        "page against what it would write today.",
        "",
        "## The language",
        "",
        "The whole of Go 1.27's language is checked by a type checker that speaks as gc does, and",
        "compiled; the language version (`go.mod`, `--go-line`) decides what older modules get. Each of",
        "these was run, and printed what Go prints:",
        "",
    ]
    for title, declarations, body, expected in FEATURES:
        printed = _runs(declarations, body)
        lines.append(f"- {title}" + ("" if printed == expected else f" — WRONG: {printed!r}"))
    lines += ["", "Refused before the program starts, with a sentence:", ""]
    for title, declarations, body in REFUSED:
        try:
            _runs(declarations, body)
            said = "not refused"
        except GosimError as error:
            said = str(error).splitlines()[0]
        lines.append(f"- {title}: `{said}`")
    lines += [
        "",
        "Build constraints are evaluated for linux/amd64; files that they leave out are named.",
        "",
        "## The standard library",
        "",
        "What is there has Go's signatures in every version from 1.21 to 1.27 (a test compares them).",
        "There are no files and no other processes, and the network lies in memory: of `os`, `io/fs`",
        "and `net` only what programs need without them, of `net/http` neither TLS nor HTTP/2.",
        "",
        *_packages(),
        "",
        "Other packages are refused: `prog.go:7: package crypto/tls is not simulated`. A program can",
        "bring a model of its own, a Go file with the declarations it needs: `gosim run prog.go --stub",
        "crypto/tls=tls.go`.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    ABSENT.write_text(absent(), "utf-8")
    print(f"wrote {PAGE}")
