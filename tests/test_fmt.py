"""What ``fmt`` prints is what real Go prints, row by row and for generated values."""

from __future__ import annotations

import enum
import io
import math
import re
import struct
import unicodedata
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import bare
import pytest
from go_tables import build, run
from hypothesis import given, settings
from hypothesis import strategies as st

from gosim.oracle import Toolchain
from gosim.runtime.chan import chan, nil_chan
from gosim.runtime.errors import UsageError
from gosim.runtime.panic import GoExit, Panic
from gosim.std import errors, fmt, reflect, strconv
from gosim.std.time import Duration, March, Microsecond, Millisecond, Month, Second, Time, date

# -- the same types in both languages -----------------------------------------------------------

DECLARATIONS = """
type Point struct{ X, Y int }
type Line struct {
	From, To Point
	Name     string
}
type Job struct {
	Name    string
	Timeout time.Duration
	Err     error
	Tags    []string
	Extra   any
}
type hidden struct {
	_d time.Duration
	_e int
}
type Celsius float64
type Color int
type Named string
type Temp float64
type NotFound struct{ Name string }
type Account struct {
	Owner   string
	Balance int
}
type Bad struct{}
type Loop struct{ N int }
type Gopher struct{ N int }
type Both struct{}
type Stack []int

func (c Color) String() string     { return [...]string{"red", "green"}[c] }
func (t Temp) String() string      { return fmt.Sprintf("%.1f°", float64(t)) }
func (e *NotFound) Error() string  { return e.Name + ": not found" }
func (b Bad) String() string       { panic("boom") }
func (l Loop) Error() string       { panic(errors.New("inner")) }
func (g Gopher) GoString() string  { return "Gopher!" }
func (b Both) Error() string       { return "as error" }
func (b Both) String() string      { return "as string" }
"""


@dataclass(frozen=True)
class Point:
    X: int
    Y: int


@dataclass
class Line:
    From: Point
    To: Point
    Name: str


@dataclass
class Job:
    Name: str
    Timeout: Duration
    Err: Any
    Tags: list[str]
    Extra: Any


@dataclass
class hidden:
    _d: Duration
    _e: int


class Celsius(float):
    pass


class Color(int):
    def string(self) -> str:
        return ["red", "green"][self]


class Named(str):
    pass


class Temp(float):
    def __str__(self) -> str:  # Python's own way of being a Stringer
        return f"{float(self):.1f}°"


class NotFound(errors.Error):
    def __init__(self, name: str) -> None:
        self.Name = name

    def error(self) -> str:
        return self.Name + ": not found"


class Account:
    """Stands for ``*Account``: an object that is no dataclass is a pointer."""

    def __init__(self, owner: str, balance: int) -> None:
        self.Owner = owner
        self.Balance = balance


@dataclass
class Bad:
    def string(self) -> str:
        raise Panic("boom")


@dataclass
class Loop:
    N: int

    def error(self) -> str:
        raise Panic(errors.new("inner"))


@dataclass
class Gopher:
    N: int

    def go_string(self) -> str:
        return "Gopher!"


@dataclass
class Both:
    def error(self) -> str:
        return "as error"

    def string(self) -> str:
        return "as string"


class Stack(list):  # type: ignore[type-arg]
    pass


class Pair(NamedTuple):
    X: int
    Y: int


# -- values: a Go expression and the Python value that stands for it -----------------------------

VALUES: dict[str, Any] = {
    "nil": None,
    "true": True,
    "false": False,
    "0": 0,
    "42": 42,
    "-42": -42,
    "65": 65,
    "0x1F600": 0x1F600,
    "-1 << 63": -1 << 63,
    "0.0": 0.0,
    "1.0": 1.0,
    "-2.5": -2.5,
    "3.14159265358979": 3.14159265358979,
    "1e6": 1e6,
    "1e20": 1e20,
    "1e21": 1e21,
    "123456789.0": 123456789.0,
    "1e-5": 1e-5,
    "0.0001": 0.0001,
    "math.Inf(1)": math.inf,
    "math.Inf(-1)": -math.inf,
    "math.NaN()": math.nan,
    "math.Copysign(0, -1)": -0.0,
    "5e-324": 5e-324,
    "complex(1, -2)": 1 - 2j,
    '""': "",
    '"hi"': "hi",
    '"a\\tb\\"c\\\\`\\n"': 'a\tb"c\\`\n',
    '"héllo, 世界 \\u200b😀"': "héllo, 世界 \u200b😀",
    '"\\xff\\x00z"': "\udcff\x00z",
    "[]byte{1, 2, 255}": b"\x01\x02\xff",
    '[]byte("go")': b"go",
    "[]int{1, 2, 3}": [1, 2, 3],
    "[3]int{1, 2, 3}": (1, 2, 3),
    '[]string{"a", "b c"}': ["a", "b c"],
    "[][]int{{1}, {2, 3}}": [[1], [2, 3]],
    '[]any{nil, 1, "a", 2.5}': [None, 1, "a", 2.5],
    "[]any{}": [],
    "[]float64{1.5, 1e9}": [1.5, 1e9],
    "[]error{errors.New(`x`), errors.New(`y`)}": [errors.new("x"), errors.new("y")],
    "[]time.Duration{1, 2e9}": [Duration(1), 2 * Second],
    "[][]byte{{1}, {2}}": [b"\x01", b"\x02"],
    'map[string]int{"b": 2, "a": 1, "c": 3}': {"b": 2, "a": 1, "c": 3},
    'map[int]string{3: "x", -1: "y"}': {3: "x", -1: "y"},
    "map[bool]int{true: 1, false: 0}": {True: 1, False: 0},
    "map[float64]int{2: 1, math.Inf(-1): 2, 0.5: 3}": {2.0: 1, -math.inf: 2, 0.5: 3},
    "map[Point]string{{2, 1}: `b`, {1, 5}: `a`, {1, 4}: `c`}": {
        Point(2, 1): "b",
        Point(1, 5): "a",
        Point(1, 4): "c",
    },
    "map[[2]int]bool{{2, 0}: true, {1, 9}: false}": {(2, 0): True, (1, 9): False},
    'map[string]struct{}{"k": {}}': {"k"},
    'map[string][]int{"k": {1}}': {"k": [1]},
    "Point{1, 2}": Point(1, 2),
    '&Account{"ann", 5}': Account("ann", 5),
    'Line{Point{1, 2}, Point{3, 4}, "l"}': Line(Point(1, 2), Point(3, 4), "l"),
    'Job{"j", 1500 * time.Millisecond, errors.New("e"), []string{"t"}, nil}': Job(
        "j", 1500 * Millisecond, errors.new("e"), ["t"], None
    ),
    "hidden{5e6, 7}": hidden(5 * Millisecond, 7),
    "Celsius(36.6)": Celsius(36.6),
    "Color(1)": Color(1),
    'Named("n")': Named("n"),
    "Temp(21.55)": Temp(21.55),
    '&NotFound{"f"}': NotFound("f"),
    "Bad{}": Bad(),
    "Loop{1}": Loop(1),
    "Gopher{1}": Gopher(1),
    "Both{}": Both(),
    "Stack{1, 2}": Stack([1, 2]),
    'errors.New("oops")': errors.new("oops"),
    'errors.Join(errors.New("a"), errors.New("b"))': errors.join(errors.new("a"), errors.new("b")),
    'fmt.Errorf("w: %w", errors.New("in"))': fmt.errorf("w: %w", errors.new("in")),
    "time.Duration(0)": Duration(0),
    "1500 * time.Millisecond": 1500 * Millisecond,
    "-3 * time.Microsecond": -3 * Microsecond,
    "time.March": March,
    "time.Month(13)": Month(13),
    "func() {}": lambda: None,
}

VERBS = [*"vTtdsqxXobOcUeEfFgGpwz", "!", "é"]
FORMATS = [f"%{verb}" for verb in VERBS] + [
    "%+v", "%#v", "%+d", "% d", "%5d", "%-5d|", "%05d", "%+06d", "%.4d", "%8.4d", "%-8.4d|", "%.0d",
    "%#x", "% x", "%# x", "%#X", "% X", "%8x", "%-8x|", "%08x", "%.2x", "%+x", "%#o", "%#b", "%O",
    "%#q", "%+q", "%10q", "%-10q|", "%.3q", "%#+q", "%#U", "%.6U", "%10U", "%5c|", "%-5c|", "%05s",
    "%10s", "%-10s|", "%.2s", "%5.1s|", "%10v|", "%-10v|", "%6.2f", "%-8.1f|", "%08.3f", "%+.2e",
    "% .3g", "%#g", "%#.3g", "%#e", "%#f", "%.0f", "%#.0f", "%#x|%[1]#X", "%.3x", "%.0x", "%+08.2f",
    "% 08.2f", "%010v", "%+10v", "%t|%5t|%-7[1]t|", "%3d|%-4[1]d|", "%08b", "%+.3F", "%.10g",
    "%8T|",    "%#d", "%#t", "%+s", "%#s", "% s", "%.1v", "%#.2v", "%+#v", "%020g", "%-020g|",
]  # fmt: skip

# Values that Go makes of several pointers, or whose insides we keep in another way.
POINTERS = {
    '&Account{"ann", 5}',
    '&NotFound{"f"}',
    "func() {}",
    'errors.New("oops")',
    'errors.Join(errors.New("a"), errors.New("b"))',
    'fmt.Errorf("w: %w", errors.New("in"))',
    "[]error{errors.New(`x`), errors.New(`y`)}",
    'Job{"j", 1500 * time.Millisecond, errors.New("e"), []string{"t"}, nil}',
}
TIMES = {
    "time.Date(2000, 1, 2, 3, 4, 5, 6e8, time.UTC)": date(2000, 1, 2, 3, 4, 5, 600_000_000),
    "time.Time{}": Time(),
    "[]time.Time{{}}": [Time()],
}
TIME_FORMATS = ["%v", "%s", "%q", "%x", "%+v", "%#v", "%T", "%50v|", "%-50s|", "%.10s"]

# -- formats with several arguments, and those that go wrong --------------------------------------

CALLS: list[tuple[str, str, tuple[Any, ...]]] = [
    ("", "", ()),
    ("100%", "", ()),
    ("%", "1", (1,)),
    ("%%|%5%|%-%|%.3%", "", ()),
    ("%d %s", "", ()),
    ("%d", '1, "x", nil, 2.5', (1, "x", None, 2.5)),
    ("none", "errors.New(`e`), []int{1}", (errors.new("e"), [1])),
    ("%d %d", "1", (1,)),
    ("%!", "1", (1,)),
    ("%!d", "", ()),
    ("%z %!", "3", (3,)),
    ("%-", "1", (1,)),
    ("%5", "1", (1,)),
    ("%5.", "1", (1,)),
    ("%.", "1", (1,)),
    ("%*d|%-*d|%.*f|%*.*f", "5, 42, 5, 42, 2, 3.14159, 8, 3, 2.71828",
     (5, 42, 5, 42, 2, 3.14159, 8, 3, 2.71828)),
    ("%*d|", "-5, 42", (-5, 42)),
    ("%0*d|", "-5, 42", (-5, 42)),
    ("%.*d|", "-5, 42", (-5, 42)),
    ("%*d", '"x", 42', ("x", 42)),
    ("%*d", "true, 42", (True, 42)),
    ("%.*d", '"x", 42', ("x", 42)),
    ("%*d", "10000001, 42", (10000001, 42)),
    ("%*d", "time.Duration(5), 42", (Duration(5), 42)),
    ("%*d", "", ()),
    ("%*d", "5", (5,)),
    ("%[2]d %[1]d", "1, 2", (1, 2)),
    ("%[2]d %d", "1, 2, 3", (1, 2, 3)),
    ("%[1]d %d %[1]T %[1]*d", "3, 4", (3, 4)),
    ("%[3]d", "1", (1,)),
    ("%[0]d", "1", (1,)),
    ("%[x]d", "1", (1,)),
    ("%[]d", "1", (1,)),
    ("%[1", "1", (1,)),
    ("%[1]", "1", (1,)),
    ("%[", "1", (1,)),
    ("%[1]2d", "1", (1,)),
    ("%[1].2f", "1.5", (1.5,)),
    ("%[2]*[1]d|", "7, 5", (7, 5)),
    ("%[3]*.[2]*[1]f|", "12.0, 2, 6", (12.0, 2, 6)),
    ("%6.[2]*f|", "12.5, 2", (12.5, 2)),
    ("%[5]d %d", "1, 2", (1, 2)),
    ("%-1000001d|", "1", (1,)),
    ("%99999999999d", "1", (1,)),
    ("%.99999999999d", "1", (1,)),
    ("%s is %d years and %.1f m", '"Ann", 30, 1.7', ("Ann", 30, 1.7)),
    ("%w", "errors.New(`e`)", (errors.new("e"),)),
    ("%w", "3", (3,)),
    ("%+-5d|%-+5d|%0-5d|%-05d|%0+5d", "1, 2, 3, 4, 5", (1, 2, 3, 4, 5)),
    ("%é", "1", (1,)),
    ("é%dé", "1", (1,)),
    ("%d%%", "50", (50,)),
    ("%v %v", "Point{1, 2}, []any{Point{1, 2}, &Point{}}[:1]", (Point(1, 2), [Point(1, 2)])),
    ("%s", "[]any{Bad{}, 1}", ([Bad(), 1],)),
    ("%d", "[]any{Bad{}, 1, nil}", ([Bad(), 1, None],)),
    ("%v %d", "[]error{nil}, []any{nil}", ([None], [None])),
]  # fmt: skip

PRINTED: list[tuple[str, tuple[Any, ...]]] = [
    ("", ()),
    ('"a", "b"', ("a", "b")),
    ("1, 2, 3", (1, 2, 3)),
    ('"a", 1, 2, "b", 3.0, nil, nil', ("a", 1, 2, "b", 3.0, None, None)),
    ('Named("a"), 1, Color(1), 2', (Named("a"), 1, Color(1), 2)),
    ("errors.New(`e`), true, []int{1}", (errors.new("e"), True, [1])),
    ("time.Second, 'x', 1e100", (Second, ord("x"), 1e100)),
    ("Bad{}, Loop{2}", (Bad(), Loop(2))),
]

ERRORS: list[tuple[str, str, tuple[Any, ...]]] = [
    ("plain", "", ()),
    ("a: %v", "errors.New(`in`)", (errors.new("in"),)),
    ("a: %w", "errors.New(`in`)", (errors.new("in"),)),
    ("a: %w %w", "errors.New(`x`), errors.New(`y`)", (errors.new("x"), errors.new("y"))),
    ("%[2]w %[1]w %[2]w", "errors.New(`x`), errors.New(`y`)", (errors.new("x"), errors.new("y"))),
    ("a: %w", '"text"', ("text",)),
    ("a: %w", "nil", (None,)),
    ("a: %w %w", "3, errors.New(`y`)", (3, errors.new("y"))),
    ("a: %w", "", ()),
    ("%q %10w|", "errors.New(`x`), errors.New(`y`)", (errors.new("x"), errors.new("y"))),
    ("%w", "Both{}", (Both(),)),
    ("%w", "Bad{}", (Bad(),)),
    ("%w", "Loop{3}", (Loop(3),)),
]

DESCRIBE = """
func errorf(format string, args ...any) string {
	err := fmt.Errorf(format, args...)
	s := fmt.Sprintf("%T %q %#v", err, err, err)
	for _, e := range tree(err) {
		s += fmt.Sprintf(" <- %T %v", e, e)
	}
	return s
}

func tree(err error) (out []error) {
	switch x := err.(type) {
	case interface{ Unwrap() error }:
		out = append(out, x.Unwrap())
	case interface{ Unwrap() []error }:
		out = append(out, x.Unwrap()...)
	}
	return
}
"""


def describe(err: Any) -> str:
    text = fmt.sprintf("%T %q %#v", err, err, err)
    wrapped = err.unwrap() if hasattr(err, "unwrap") else []
    for e in wrapped if isinstance(wrapped, list) else [wrapped]:
        text += fmt.sprintf(" <- %T %v", e, e)
    return text


# -- generated values -----------------------------------------------------------------------------

GENERATED = """
	if len(os.Args) > 1 {
		lines(func(line string) {
			kind, rest, _ := strings.Cut(line, "\\x00")
			format, value, _ := strings.Cut(rest, "\\x00")
			bits, _ := strconv.ParseUint(value, 16, 64)
			switch kind {
			case "float":
				emit(fmt.Sprintf(format, math.Float64frombits(bits)))
			case "float32":
				v := math.Float32frombits(uint32(bits))
				emit(strconv.FormatFloat(float64(v), format[0], -1, 32))
			case "int":
				emit(fmt.Sprintf(format, int(bits)))
			case "string":
				emit(fmt.Sprintf(format, value))
			case "map":
				m := map[string]int{}
				for _, k := range strings.Split(value, "\\x01") {
					m[k] = len(k)
				}
				emit(fmt.Sprintf(format, m))
			}
		})
		return
	}
"""


def go_string(text: str) -> str:
    """Write a Go string literal byte by byte."""
    return '"' + "".join(f"\\x{b:02x}" for b in text.encode("utf-8", "surrogateescape")) + '"'


class Row(NamedTuple):
    """One row of the table; `masked` when it may print addresses, which no two runs share."""

    name: str
    go: str
    call: Callable[[], str]
    masked: bool = False


def row(
    function: str, ours: Callable[..., str], format: str | None, source: str, args: tuple[Any, ...],
    masked: bool = False,
) -> Row:  # fmt: skip
    given = ([] if format is None else [go_string(format)]) + ([source] if source else [])
    call = partial(ours, *(() if format is None else (format,)), *args)
    return Row(f"{function}({format!r}, {source})", f"{function}({', '.join(given)})", call, masked)


def described(format: str, *args: Any) -> str:
    return describe(fmt.errorf(format, *args))


def rows() -> list[Row]:
    table = [
        row("fmt.Sprintf", fmt.sprintf, format, go, (value,), format == "%p" or go in POINTERS)
        for values, formats in ((VALUES, FORMATS), (TIMES, TIME_FORMATS))
        for go, value in values.items()
        for format in formats
    ]
    table += [row("fmt.Sprintf", fmt.sprintf, *call) for call in CALLS]
    table += [row("fmt.Sprint", fmt.sprint, None, *call) for call in PRINTED]
    table += [row("fmt.Sprintln", fmt.sprintln, None, *call) for call in PRINTED]
    table += [row("errorf", described, *call, True) for call in ERRORS]
    return table


ROWS = rows()
IMPORTS = ("errors", "fmt", "math", "strconv", "strings", "time")


@pytest.fixture(scope="module")
def binary(go_toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    # A function for some rows each: one huge function takes the Go compiler minutes.
    functions, calls = [], []
    for number, start in enumerate(range(0, len(ROWS), 100)):
        body = "\n".join(f"\temit({row.go})" for row in ROWS[start : start + 100])
        functions.append(f"func rows{number}() {{\n{body}\n}}\n")
        calls.append(f"\trows{number}()")
    declarations = DECLARATIONS + DESCRIBE + "\n".join(functions)
    return build(
        go_toolchain,
        tmp_path_factory.mktemp("fmt"),
        IMPORTS,
        declarations,
        GENERATED + "\n".join(calls),
    )


ADDRESS = re.compile(r"(0[xX])?[0-9a-fA-F]{6,}|[0-7]{10,}|[01]{20,}|\d{7,}")


def masked(text: str) -> str:
    """Hide addresses and the padding that goes with them."""
    return re.sub(r"[ 0]*ADDR *", "ADDR", ADDRESS.sub("ADDR", text))


@pytest.mark.go
def test_every_row_prints_what_go_prints(binary: Path) -> None:
    expected = run(binary)
    assert len(expected) == len(ROWS)
    wrong = []
    for row, go in zip(ROWS, expected, strict=True):
        ours = row.call()
        if ours != go and not (row.masked and masked(ours) == masked(go)):
            wrong.append(f"{row.name}\n   Go: {go!r}\n ours: {ours!r}")
    assert not wrong, f"{len(wrong)} of {len(ROWS)} rows differ\n" + "\n".join(wrong[:40])


# -- generated values ---------------------------------------------------------------------------

FLAGS = st.sets(st.sampled_from("+-# 0"), max_size=3).map(lambda flags: "".join(sorted(flags)))
WIDTHS = st.one_of(st.just(""), st.integers(1, 30).map(str))
PRECISIONS = st.one_of(st.just(""), st.integers(0, 22).map(lambda p: f".{p}"))


def formats(verbs: str) -> st.SearchStrategy[str]:
    return st.builds("%{}{}{}{}|".format, FLAGS, WIDTHS, PRECISIONS, st.sampled_from(verbs))


FLOATS = st.one_of(
    st.floats(),
    st.floats(-1e7, 1e7),
    st.integers(-(10**6), 10**6).map(lambda n: n / 1000),
    st.integers(-25, 25).map(lambda n: 10.0**n),
)
INTS = st.one_of(st.integers(-(1 << 63), (1 << 63) - 1), st.integers(-200, 0x10FFFF + 2))
# Whether a character counts as printable depends on the version of Unicode, so the newest ones,
# and those that this Python does not know, are left out.
TEXT = st.text(st.characters(max_codepoint=0x2FFF, categories=("L", "M", "N", "P", "S", "Z", "Cc")))
BYTES = st.binary(max_size=12).map(strconv.string_of)
BATCH = settings(max_examples=25, deadline=None, derandomize=True)


def check(binary: Path, questions: list[tuple[str, str, str, str]]) -> None:
    """Ask Go for each (kind, format, value as text, our result)."""
    lines = ["\0".join(question[:3]) for question in questions]
    for question, go in zip(questions, run(binary, "generated", stdin=lines), strict=True):
        assert question[3] == go, question[:3]


@pytest.mark.go
@BATCH
@given(cases=st.lists(st.tuples(formats("vbgGxXfFeE"), FLOATS), min_size=20, max_size=60))
def test_floats_print_as_in_go(binary: Path, cases: list[tuple[str, float]]) -> None:
    check(
        binary,
        [
            ("float", format, struct.pack(">d", value).hex(), fmt.sprintf(format, value))
            for format, value in cases
        ],
    )


@pytest.mark.go
@BATCH
@given(cases=st.lists(st.tuples(st.sampled_from("efgGxb"), st.floats(width=32)), min_size=20))
def test_float32_needs_fewer_digits(binary: Path, cases: list[tuple[str, float]]) -> None:
    check(
        binary,
        [
            (
                "float32",
                verb,
                struct.pack(">f", value).hex(),
                strconv.format_float(value, verb, -1, 32),
            )
            for verb, value in cases
        ],
    )


@pytest.mark.go
@BATCH
@given(cases=st.lists(st.tuples(formats("vdboOxXcqU"), INTS), min_size=20, max_size=60))
def test_integers_print_as_in_go(binary: Path, cases: list[tuple[str, int]]) -> None:
    check(
        binary,
        [
            ("int", format, f"{value & ((1 << 64) - 1):x}", fmt.sprintf(format, value))
            for format, value in cases
            if value < 0x3000 and (value < 0 or unicodedata.category(chr(value)) != "Cn")
        ],
    )


@pytest.mark.go
@BATCH
@given(cases=st.lists(st.tuples(formats("vsqxX"), st.one_of(TEXT, BYTES)), min_size=20))
def test_strings_print_as_in_go(binary: Path, cases: list[tuple[str, str]]) -> None:
    check(binary, [("string", f, value, fmt.sprintf(f, value)) for f, value in cases])


@pytest.mark.go
@BATCH
@given(
    cases=st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\1")), min_size=1),
        min_size=5,
    )
)
def test_maps_print_sorted_by_the_bytes_of_their_keys(binary: Path, cases: list[list[str]]) -> None:
    check(
        binary,
        [
            ("map", "%v", "\1".join(keys), fmt.sprintf("%v", {k: len(k.encode()) for k in keys}))
            for keys in cases
        ],
    )


# -- what Go has no counterpart for ---------------------------------------------------------------


def test_print_functions_write_to_standard_output_and_return_the_bytes_written() -> None:
    out = io.StringIO()
    with redirect_stdout(out):
        assert fmt.println("µ", 1) == (5, None)
        assert fmt.printf("%d-%d", 1, 2) == (3, None)
        assert fmt.print("a", 1, 2) == (4, None)
    assert out.getvalue() == "µ 1\n1-2a1 2"


def test_fprint_functions_write_to_any_object_with_write() -> None:
    text, binary = io.StringIO(), io.BytesIO()
    fmt.fprintln(text, "a", 1)
    fmt.fprintf(text, "%q", "b")
    fmt.fprint(text, 1, 2)
    fmt.fprintln(binary, "µ")
    assert text.getvalue() == 'a 1\n"b"1 2'
    assert binary.getvalue() == "µ\n".encode()


def test_a_python_exception_is_an_error() -> None:
    assert fmt.sprint(ValueError("bad")) == "bad"
    wrapped = fmt.errorf("read: %w", OSError("gone"))
    assert str(wrapped) == "read: gone"
    assert isinstance(errors.unwrap(wrapped), OSError)


def test_an_exception_in_a_method_is_printed_like_a_panic() -> None:
    class Broken:
        def string(self) -> str:
            return str(1 // 0)

    text = fmt.sprint(Broken())
    assert text.startswith("%!v(PANIC=String method: ") and "division" in text


def test_goexit_passes_through_a_method() -> None:
    class Leaving:
        def error(self) -> str:
            raise GoExit

    with pytest.raises(GoExit):
        fmt.sprint(Leaving())


def test_a_method_that_would_have_to_be_awaited_is_an_error_of_use() -> None:
    class Slow:
        async def string(self) -> str:
            return "x"

    with pytest.raises(UsageError, match="calls it without await"):
        fmt.sprint(Slow())


def test_python_enums_and_objects_with_str_print_as_python_says() -> None:
    class Level(enum.Enum):
        LOW = 1

    class Number(enum.IntEnum):
        ONE = 1

    assert fmt.sprint(Level.LOW) == "Level.LOW"
    assert fmt.sprintf("%v %d", Number.ONE, Number.ONE) == "1 1"


def test_named_tuples_are_structs() -> None:
    assert fmt.sprintf("%v %+v %T", Pair(1, 2), Pair(1, 2), Pair(1, 2)) == (
        "{1 2} {X:1 Y:2} main.Pair"
    )


def test_addresses_are_the_same_whenever_a_program_runs_again() -> None:
    async def main() -> None:
        first, second, ch = Account("a", 1), Account("b", 2), chan(int)
        fmt.printf("%p %p %p %v %p", first, second, first, ch, [1])

    stdout = bare.run(main).stdout
    assert bare.run(main).stdout == stdout
    one, two, again, ch, numbers = stdout.split()
    assert one == again
    assert len({one, two, ch, numbers}) == 4


def test_channels_print_as_addresses_and_nil() -> None:
    async def main() -> None:
        ch = chan(int, 1)
        fmt.printf("%T %T %v %#v|", ch, nil_chan(str), nil_chan(str), nil_chan(str))
        fmt.printf("%T %T %t", ch.recv_only(), ch.send_only(), ch)

    text = bare.run(main).stdout
    assert text.startswith("chan int chan string <nil> (chan string)(nil)|<-chan int chan<- int ")
    assert re.search(r"%!t\(chan int=0xc[0-9a-f]+\)$", text)


def test_a_registered_view_decides_how_values_of_a_class_print() -> None:
    class Int8:
        def __init__(self, value: int) -> None:
            self.value = value

    class NilPointer:
        pass

    reflect.register(Int8, reflect.View(reflect.Kind.INT, lambda v: "int8", lambda v: v.value))
    reflect.register(
        NilPointer, reflect.View(reflect.Kind.POINTER, lambda v: "*main.T", lambda v: None)
    )
    assert fmt.sprintf("%d %T %x", Int8(-5), Int8(1), Int8(127)) == "-5 int8 7f"
    assert fmt.sprintf("%v %+v %#v", NilPointer(), NilPointer(), NilPointer()) == (
        "<nil> <nil> (*main.T)(nil)"
    )
