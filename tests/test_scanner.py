"""Tokens of Go source (spec, "Lexical elements") and places in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gosim.golang.position import FileSet
from gosim.golang.scanner import Tokens, scan
from gosim.golang.token import KEYWORDS, PRECEDENCE


def tokens_of(source: str | bytes) -> Tokens:
    return scan(FileSet().add("a.go", source))


def kinds(source: str) -> str:
    return " ".join(tokens_of(source).kinds)


def complaints(source: str | bytes) -> list[str]:
    files = FileSet()
    found = scan(files.add("a.go", source))
    return [f"{files.position(p).column}: {text}" for _, p, text in found.errors]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x\n", "name ; EOF"),
        ("x", "name ; EOF"),
        ("return\n}\n", "return ; } ; EOF"),
        ("x +\ny\n", "name + name ; EOF"),
        ("x++ // c\n", "name ++ ; EOF"),
        ("x /* a\nb */ y\n", "name ; name ; EOF"),
        ("x /* a */ y\n", "name name ; EOF"),
        ("f(\n)\n", "name ( ) ; EOF"),
        ("if x {\n}\n", "if name { } ; EOF"),
        ("1 2.5 3i 'a' `r\n` \"s\"\n", "INT FLOAT IMAG CHAR STRING STRING ; EOF"),
        ("break\ncontinue\nfallthrough\n", "break ; continue ; fallthrough ; EOF"),
        ("goto\nfor\n", "goto for EOF"),
        ("a.b...c", "name . name ... name ; EOF"),
        ("x<-y", "name <- name ; EOF"),
        ("x< -y", "name < - name ; EOF"),
        ("a&^=b&&^c", "name &^= name && ^ name ; EOF"),
        (".5.x", "FLOAT . name ; EOF"),
        ("x=-1", "name = - INT ; EOF"),
        ("ä_1 x²", "name name ; EOF"),
        ("", "EOF"),
    ],
)
def test_tokens_and_their_semicolons(source: str, expected: str) -> None:
    assert kinds(source) == expected


@pytest.mark.parametrize(
    "literal",
    [
        "0",
        "7",
        "42",
        "0x1F",
        "0XaB_c",
        "0b1_0",
        "0o17",
        "017",
        "1_000",
        "0.5",
        ".5",
        "1.",
        "1e9",
        "1E+9",
        "1e-9_0",
        "0x1p-2",
        "0X_1.8P3",
        "1i",
        "0x1i",
        "08i",
        "1.5i",
        "0b1i",
    ],
)
def test_numbers(literal: str) -> None:
    found = tokens_of(literal)
    assert found.texts[0] == literal
    assert len(found.kinds) == 3
    assert not found.errors


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("08", "2: invalid digit '8' in octal literal"),
        ("0b12", "4: invalid digit '2' in binary literal"),
        ("0x", "3: hexadecimal literal has no digits"),
        ("1__0", "3: '_' must separate successive digits"),
        ("1_", "2: '_' must separate successive digits"),
        ("0b1.5", "4: invalid radix point in binary literal"),
        ("1e", "3: exponent has no digits"),
        ("1p3", "2: 'p' exponent requires hexadecimal mantissa"),
        ("0x1.8", "6: hexadecimal mantissa requires a 'p' exponent"),
        ("''", "2: empty rune literal or unescaped '"),
        ("'ab'", "1: more than one character in rune literal"),
        ("'a\n", "3: newline in rune literal"),
        ("'a", "1: rune literal not terminated"),
        ('"a\n', "3: newline in string"),
        ('"a', "1: string not terminated"),
        ("`a\n", "1: string not terminated"),
        (r'"\q"', "3: unknown escape"),
        (r'"\x1z"', "5: invalid character 'z' in hexadecimal escape"),
        (r"'\400'", "6: octal escape value 256 > 255"),
        (r'"\ud800"', "8: escape is invalid Unicode code point U+D800"),
        ("/* a", "1: comment not terminated"),
        ("@", "1: invalid character U+0040 '@'"),
        ("x²", "2: invalid character U+00B2 '²' in identifier"),
        ("٣", "1: identifier cannot begin with digit U+0663 '٣'"),
        ("ä @", "4: invalid character U+0040 '@'"),
        (b"x\x00", "2: invalid NUL character"),
        (b'"\xff"', "2: invalid UTF-8 encoding"),
        ("x\ufeff", "2: invalid BOM in the middle of the file"),
    ],
)
def test_what_is_spelled_wrong_is_told_in_the_words_of_gc(
    source: str | bytes, expected: str
) -> None:
    assert complaints(source) == [expected]


def test_a_byte_order_mark_at_the_beginning_is_nothing() -> None:
    found = tokens_of("\ufeffpackage a\n")
    assert found.kinds == ["package", "name", ";", "EOF"]
    assert not found.errors


def test_directives_are_kept_for_those_who_want_to_mention_them() -> None:
    found = tokens_of("//go:build linux\n// go: no\npackage a //line x.go:1\n")
    assert [text for _, text in found.directives] == ["//go:build linux", "//line x.go:1"]


def test_columns_count_bytes_and_files_do_not_overlap() -> None:
    files = FileSet()
    first = files.add("a.go", "package a")
    second = files.add("b.go", "package b\nvar ü, x int\n")
    pos = second.base + second.text.index("x")
    assert str(files.position(pos)) == "b.go:2:9"
    assert files.line(pos) == 2
    assert files.file(first.base + first.size) is first
    assert files.file(second.base) is second
    assert second.line_text(2) == "var ü, x int"
    with pytest.raises(LookupError):
        files.position(0)
    with pytest.raises(LookupError):
        files.position(second.base + second.size + 1)


PIECES = [*sorted(KEYWORDS), *sorted(PRECEDENCE), "x", "é", "1", "0x2", '"s"', "`\n`", "'c'", "("]


@given(st.lists(st.sampled_from(PIECES), max_size=20))
def test_what_stands_apart_is_cut_apart(pieces: list[str]) -> None:
    found = tokens_of(" ".join(pieces))
    texts = found.texts[:-1]
    if texts and found.kinds[-2] == ";":
        texts.pop()
    assert texts == pieces
    assert not found.errors


@given(st.text(max_size=60))
def test_any_text_is_cut_and_every_token_stands_where_it_says(source: str) -> None:
    files = FileSet()
    file = files.add("a.go", source.encode("utf-8", "surrogatepass"))
    found = scan(file)
    assert found.kinds[-1] == "EOF"
    assert found.places == sorted(found.places)
    for kind, text, pos in zip(found.kinds, found.texts, found.places, strict=True):
        if kind not in (";", "EOF"):
            assert file.raw.startswith(text, pos - file.base)


@given(st.binary(max_size=60))
def test_any_bytes_are_cut_without_falling(source: bytes) -> None:
    assert tokens_of(source).kinds[-1] == "EOF"
