r"""From text to tokens (spec, "Lexical elements"), with Go's automatic semicolons.

The whole file is cut at once into three parallel lists, which the parser walks with one index. One
regular expression recognises what is common; literals with unusual escapes or digits, letters
beyond ASCII and everything wrong take the slow path of methods below, which words its errors as
the gc compiler's scanner (``cmd/compile/internal/syntax/scanner.go``) does. One thing is not as
there: a byte that Go's reader skips with an error (NUL, no UTF-8) ends an operator here, so that
``:`` NUL ``=`` is two tokens.

>>> from gosim.golang.position import FileSet
>>> tokens = scan(FileSet().add("a.go", "x := 0x_F // done\n"))
>>> list(zip(tokens.kinds, tokens.texts))
[('name', 'x'), (':=', ':='), ('INT', '0x_F'), (';', 'newline'), ('EOF', '')]
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from gosim.golang.position import BOM, SourceFile
from gosim.golang.token import (
    CHAR,
    EOF,
    FLOAT,
    IDENT,
    IMAG,
    INT,
    KEYWORDS,
    SEMICOLON,
    STRING,
)

__all__ = ["Tokens", "go_quote_rune", "scan"]


@dataclass(slots=True, eq=False)
class Tokens:
    """The tokens of a file, and what was wrong with their spelling.

    Attributes
    ----------
    kinds, texts, places
        For each token its kind (see `gosim.golang.token`), its text and its `Pos`.
    errors
        (index of the token that was being read, `Pos`, Go's text), in order.
    bad
        The `Pos` of every malformed literal.
    directives
        The comments ``//go:…``, ``//line …``, ``/*line …*/`` and ``// +build …``: (`Pos`, text).
    """

    kinds: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)
    directives: list[tuple[int, str]] = field(default_factory=list)


_WORD, _NEWLINE, _OPERATOR, _NUMBER, _STRING, _LINE, _BLOCK, _RAW, _RUNE, _DIFFICULT = range(1, 11)

# `lastindex` tells which alternative matched. What a fast alternative cannot judge falls through
# to _DIFFICULT, which matches one character, or nothing at the end of the file.
_TOKEN = re.compile(
    r"""[ \t\r]*+(?:
      ([A-Za-z_][A-Za-z0-9_]*+)(?![\x80-\U0010ffff])
    | (\n)[ \t\r\n]*+
    | ([(){}\[\],;] | :=? | \+[+=]? | -[-=]? | \*=? | /(?![/*])=? | %=? | &(?:&|\^=?|=)? | \|[|=]?
        | \^=? | <(?:<=?|=|-)? | >(?:>=?|=)? | ==? | !=? | ~ | \.\.\. | \.(?![0-9]))
    | (0|[1-9][0-9]*+)(?![0-9A-Za-z_.])
    | ("[^"\\\n]*+(?:\\[abfnrtv\\"][^"\\\n]*+)*+")
    | (//[^\n]*+)
    | (/\*.*?\*/)
    | (`[^`]*+`)
    | ('(?:[^'\\\n]|\\[abfnrtv\\'])')
    | (.?)
    )""",
    re.VERBOSE | re.DOTALL,
)

#: Kinds after which the end of a line ends the statement (spec, "Semicolons").
_ENDING = frozenset(
    {IDENT, INT, FLOAT, IMAG, CHAR, STRING, ")", "]", "}", "++", "--"}
    | {"break", "continue", "fallthrough", "return"}
)

_DIRECTIVE = re.compile(r"//go:|//line |/\*line |//\s*\+build\b")
_BASE_NAMES = {2: "binary", 8: "octal", 10: "decimal", 16: "hexadecimal"}
_DIGITS = re.compile(r"[0-9_]*")
_HEX_DIGITS = re.compile(r"[0-9a-fA-F_]*")
_SIMPLE_ESCAPES = frozenset("abfnrtv\\")


def scan(file: SourceFile) -> Tokens:
    """Cut `file` into tokens; errors are noted, never raised."""
    return _Scanner(file).run()


def go_quote_rune(ch: str) -> str:
    """Spell a character as Go's ``%q`` does."""
    if ch in "\\'":
        return f"'\\{ch}'"
    named = {"\a": "a", "\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t", "\v": "v"}.get(ch)
    if named:
        return f"'\\{named}'"
    if ch == " " or _is_print(ch):
        return f"'{ch}'"
    code = ord(ch)
    if code < 0x80:
        return f"'\\x{code:02x}'"
    return f"'\\u{code:04x}'" if code < 0x10000 else f"'\\U{code:08x}'"


def _is_print(ch: str) -> bool:
    return unicodedata.category(ch)[0] in "LMNPS"


def _unicode(code: int) -> str:
    """Spell a code point as Go's ``%#U`` does: ``U+0040 '@'``."""
    text = f"U+{code:04X}"
    if code <= 0x10FFFF and (code == 0x20 or _is_print(chr(code))):
        text += f" '{chr(code)}'"
    return text


class _Scanner:
    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.text = file.text
        self.base = file.base
        self.out = Tokens()

    def error(self, offset: int, message: str) -> None:
        self.out.errors.append((len(self.out.kinds), self.base + offset, message))

    def run(self) -> Tokens:
        out, text, base = self.out, self.text, self.base
        kinds, texts, places = out.kinds, out.texts, out.places
        add_kind, add_text, add_place = kinds.append, texts.append, places.append
        keywords, ending = KEYWORDS, _ENDING
        at, size = 0, len(text)
        # Whether a line end here would be a semicolon.
        open_end = False
        while True:
            for found in _TOKEN.finditer(text, at):
                which = found.lastindex
                if which == 1:  # _WORD
                    word = found[1]
                    if word in keywords:
                        add_kind(word)
                        open_end = word in ending
                    else:
                        add_kind("name")
                        open_end = True
                    add_text(word)
                    add_place(base + found.start(1))
                elif which == 3:  # _OPERATOR
                    word = found[3]
                    add_kind(word)
                    add_text("semicolon" if word == ";" else word)
                    add_place(base + found.start(3))
                    open_end = word in ending
                elif which == 2:  # _NEWLINE
                    if open_end:
                        add_kind(";")
                        add_text("newline")
                        add_place(base + found.start(2))
                        open_end = False
                elif which in (_STRING, _RAW):
                    assert which is not None
                    add_kind(STRING)
                    add_text(found[which])
                    add_place(base + found.start(which))
                    open_end = True
                elif which == _NUMBER:
                    add_kind(INT)
                    add_text(found[which])
                    add_place(base + found.start(which))
                    open_end = True
                elif which in (_LINE, _BLOCK):
                    assert which is not None
                    comment = found[which]
                    if _DIRECTIVE.match(comment):
                        out.directives.append((base + found.start(which), comment))
                    if which == _BLOCK and open_end and "\n" in comment:
                        # A comment over several lines ends the statement like a line end.
                        add_kind(";")
                        add_text("newline")
                        add_place(base + found.start(which))
                        open_end = False
                elif which == _RUNE:
                    add_kind(CHAR)
                    add_text(found[which])
                    add_place(base + found.start(which))
                    open_end = True
                else:
                    at = found.start(_DIFFICULT)
                    break
            if at >= size:
                break
            before = len(kinds)
            at = self.difficult(at, open_end)
            if len(kinds) > before:
                open_end = kinds[-1] in ending
            if at >= size:
                break
        if open_end:
            add_kind(SEMICOLON)
            add_text("EOF")
            add_place(base + size)
        add_kind(EOF)
        add_text("")
        add_place(base + size)
        if self.file.unreadable:
            self.place_unreadable()
        return out

    def place_unreadable(self) -> None:
        """Note what the reader of the file skipped, at the tokens that were read meanwhile.

        Go reads one character behind a token before it hands the token out.
        """
        out = self.out
        index = 0
        for offset, message in self.file.unreadable:
            pos = self.base + offset
            while index < len(out.places) - 1:
                size = 1 if out.kinds[index] == SEMICOLON else len(out.texts[index])
                if out.places[index] + size >= pos:
                    break
                index += 1
            out.errors.append((index, pos, message))
        out.errors.sort(key=lambda error: error[:2])

    def token(self, kind: str, start: int, end: int, *, good: bool = True) -> int:
        self.out.kinds.append(kind)
        self.out.texts.append(self.file.raw[start:end])
        self.out.places.append(self.base + start)
        if not good:
            self.out.bad.add(self.base + start)
        return end

    def peek(self, at: int) -> str:
        return self.text[at] if at < len(self.text) else ""

    def difficult(self, at: int, open_end: bool) -> int:
        """Read what starts at `at` the careful way; return where it ends."""
        ch = self.text[at]
        if ch == "_" or (ch.isascii() and ch.isalpha()):
            return self.word(at)
        if (ch.isdigit() and ch.isascii()) or ch == ".":
            return self.number(at)
        if ch == '"':
            return self.string(at)
        if ch == "`":
            self.error(at, "string not terminated")
            return self.token(STRING, at, len(self.text), good=False)
        if ch == "'":
            return self.rune(at)
        if ch == "/":
            # What begins with "/" and came here is a comment without end.
            self.error(at, "comment not terminated")
            if open_end and "\n" in self.text[at:]:
                self.out.kinds.append(SEMICOLON)
                self.out.texts.append("newline")
                self.out.places.append(self.base + at)
            return len(self.text)
        if ch == BOM:
            return at + 1
        if ch >= "\x80":
            return self.word(at)
        self.error(at, f"invalid character {_unicode(ord(ch))}")
        return at + 1

    def word(self, at: int) -> int:
        """An identifier with letters beyond ASCII."""
        text, end = self.text, at
        while end < len(text):
            ch = text[end]
            if ch.isascii():
                if not (ch.isalnum() or ch == "_"):
                    break
            elif ch != BOM:
                category = unicodedata.category(ch)
                if category == "Nd":
                    if end == at:
                        why = f"identifier cannot begin with digit {_unicode(ord(ch))}"
                        self.error(end, why)
                elif category[0] != "L":
                    self.error(end, f"invalid character {_unicode(ord(ch))} in identifier")
            end += 1
        return self.token(IDENT, at, end)

    def number(self, start: int) -> int:
        """A number that is no plain decimal integer (spec, "Integer literals" and onwards)."""
        text, at, good = self.text, start, True
        kind, base, prefix, digits, separators = INT, 10, "", False, False
        wrong_digit = -1

        def run_of_digits(at: int, base: int) -> int:
            nonlocal digits, separators, wrong_digit
            found = (_DIGITS if base <= 10 else _HEX_DIGITS).match(text, at)
            assert found is not None
            run = found[0]
            separators = separators or "_" in run
            digits = digits or run.strip("_") != ""
            if base < 10 and wrong_digit < 0:
                for offset, ch in enumerate(run):
                    if ch != "_" and int(ch) >= base:
                        wrong_digit = at + offset
                        break
            return found.end()

        if text[at] != ".":
            if text[at] == "0":
                at += 1
                prefix = self.peek(at).lower()
                if prefix and prefix in "xob":
                    base = {"x": 16, "o": 8, "b": 2}[prefix]
                    at += 1
                else:
                    base, prefix, digits = 8, "0", True
            at = run_of_digits(at, base)
            point = self.peek(at) == "."
            if point and prefix and prefix in "ob":
                self.error(at, f"invalid radix point in {_BASE_NAMES[base]} literal")
                good = False
        else:
            point = True
        if point:
            kind = FLOAT
            at = run_of_digits(at + 1, base)
        if not digits and good:
            self.error(at, f"{_BASE_NAMES[base]} literal has no digits")
            good = False
        exponent = self.peek(at).lower()
        if exponent and exponent in "ep":
            letter = go_quote_rune(text[at])
            if good and exponent == "e" and prefix not in ("", "0"):
                self.error(at, f"{letter} exponent requires decimal mantissa")
                good = False
            elif good and exponent == "p" and prefix != "x":
                self.error(at, f"{letter} exponent requires hexadecimal mantissa")
                good = False
            at += 1
            kind = FLOAT
            if self.peek(at) in ("+", "-"):
                at += 1
            digits = False
            at = run_of_digits(at, 10)
            if not digits and good:
                self.error(at, "exponent has no digits")
                good = False
        elif prefix == "x" and kind is FLOAT and good:
            self.error(at, "hexadecimal mantissa requires a 'p' exponent")
            good = False
        if self.peek(at) == "i":
            kind = IMAG
            at += 1
        if kind is INT and wrong_digit >= 0 and good:
            letter = go_quote_rune(text[wrong_digit])
            self.error(wrong_digit, f"invalid digit {letter} in {_BASE_NAMES[base]} literal")
            good = False
        if separators and good:
            stray = _stray_separator(text[start:at])
            if stray >= 0:
                self.error(start + stray, "'_' must separate successive digits")
                good = False
        return self.token(kind, start, at, good=good)

    def string(self, start: int) -> int:
        text, at, good = self.text, start + 1, True
        while True:
            ch = self.peek(at)
            if ch == '"':
                at += 1
                break
            if ch == "\\":
                at, fine = self.escape(at + 1, '"')
                good = good and fine
            elif ch == "\n":
                self.error(at, "newline in string")
                good = False
                break
            elif not ch:
                self.error(start, "string not terminated")
                good = False
                break
            else:
                at += 1
        return self.token(STRING, start, min(at, len(text)), good=good)

    def rune(self, start: int) -> int:
        at, good, count = start + 1, True, 0
        while True:
            ch = self.peek(at)
            if ch == "'":
                if good and count == 0:
                    self.error(at, "empty rune literal or unescaped '")
                    good = False
                elif good and count != 1:
                    self.error(start, "more than one character in rune literal")
                    good = False
                at += 1
                break
            if ch == "\\":
                at, fine = self.escape(at + 1, "'")
                good = good and fine
            elif ch == "\n":
                if good:
                    self.error(at, "newline in rune literal")
                    good = False
                break
            elif not ch:
                if good:
                    self.error(start, "rune literal not terminated")
                    good = False
                break
            else:
                at += 1
            count += ch != BOM
        return self.token(CHAR, start, at, good=good)

    def escape(self, at: int, quote: str) -> tuple[int, bool]:
        """Read what follows a backslash; return where it ends and whether it is right."""
        ch = self.peek(at)
        if not ch:
            return at, True  # the caller complains about the end of the file
        if ch == quote or ch in _SIMPLE_ESCAPES:
            return at + 1, True
        if ch in "01234567":
            count, base, most = 3, 8, 255
        elif ch in "xuU":
            at += 1
            base = 16
            count, most = {"x": (2, 255), "u": (4, 0x10FFFF), "U": (8, 0x10FFFF)}[ch]
        else:
            self.error(at, "unknown escape")
            return at, False
        value = 0
        for _ in range(count):
            ch = self.peek(at)
            if not ch:
                return at, True
            digit = "0123456789abcdef".find(ch.lower())
            if not 0 <= digit < base:
                why = f"invalid character {go_quote_rune(ch)} in {_BASE_NAMES[base]} escape"
                self.error(at, why)
                return at, False
            value = value * base + digit
            at += 1
        if value > most and base == 8:
            self.error(at, f"octal escape value {value} > 255")
            return at, False
        if value > most or 0xD800 <= value < 0xE000:
            self.error(at, f"escape is invalid Unicode code point {_unicode(value)}")
            return at, False
        return at, True


def _stray_separator(literal: str) -> int:
    """Return the index of the first ``_`` that does not stand between digits, or -1."""
    hexadecimal = literal[:2].lower() == "0x"
    start = 2 if literal[:2].lower() in ("0x", "0o", "0b") else 0
    # What stood before: a digit (a prefix counts as one), a separator, or anything else.
    last = "0" if start else "."
    for at in range(start, len(literal)):
        ch = literal[at]
        if ch == "_":
            if last != "0":
                return at
            last = "_"
        elif ch.isdigit() or (hexadecimal and ch in "abcdefABCDEF"):
            last = "0"
        else:
            if last == "_":
                return at - 1
            last = "."
    return len(literal) - 1 if last == "_" else -1
