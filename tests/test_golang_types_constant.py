"""Values of constants: literals, arithmetic without limits, rounding, Go's spelling."""

from __future__ import annotations

import json
import math
import struct
import subprocess
import time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gosim.golang.types import constant
from gosim.golang.types.constant import Complex, Value, from_literal
from gosim.oracle.toolchain import Toolchain

INTS = st.integers(-(1 << 200), 1 << 200)
FRACTIONS = st.fractions()


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("0", "INT", 0),
        ("0755", "INT", 0o755),
        ("0o7_5", "INT", 0o75),
        ("0b1010", "INT", 10),
        ("0X_Fe", "INT", 254),
        ("1_000_000", "INT", 1_000_000),
        (".5", "FLOAT", Fraction(1, 2)),
        ("1.", "FLOAT", Fraction(1)),
        ("1e3", "FLOAT", Fraction(1000)),
        ("1_0.2_5e-1", "FLOAT", Fraction(41, 40)),
        ("0x1.8p3", "FLOAT", Fraction(12)),
        ("0x.8p-1", "FLOAT", Fraction(1, 4)),
        ("017.5", "FLOAT", Fraction(35, 2)),
        ("2.5i", "IMAG", Complex(0, Fraction(5, 2))),
        ("010i", "IMAG", Complex(0, Fraction(10))),
        ("0x10i", "IMAG", Complex(0, Fraction(16))),
        ("'a'", "CHAR", 97),
        ("'é'", "CHAR", 233),
        ("'😀'", "CHAR", 0x1F600),
        (r"'\n'", "CHAR", 10),
        (r"'\''", "CHAR", 39),
        (r"'\xff'", "CHAR", 255),
        (r"'\377'", "CHAR", 255),
        (r"'\u00e9'", "CHAR", 233),
        (r"'\U0001F600'", "CHAR", 0x1F600),
        ('"é"', "STRING", "\xc3\xa9"),
        (r'"\xff\u00e9\101\"\\"', "STRING", '\xff\xc3\xa9A"\\'),
        ("`raw\\n\r\nline`", "STRING", "raw\\n\nline"),
        ("1e99999999999999999999", "FLOAT", None),
        ("1e-99999999999999999999", "FLOAT", Fraction(0)),
    ],
)
def test_literals(text: str, kind: str, value: Value) -> None:
    found = from_literal(text, kind)
    assert found == value
    assert type(found) is type(value)


def test_a_literal_of_many_digits() -> None:
    # int() of Python refuses so many at once, str() too.
    x = from_literal("9" * 9_999, "INT")
    assert x == 10**9_999 - 1
    assert constant.string(x) == "9" * 9_999


@given(INTS, INTS.filter(bool))
def test_integer_division_truncates_and_fits_the_remainder(x: int, y: int) -> None:
    q = constant.binary_op(x, "//", y)
    r = constant.binary_op(x, "%", y)
    assert isinstance(q, int)
    assert isinstance(r, int)
    assert q * y + r == x
    assert abs(r) < abs(y)
    assert r == 0 or (r < 0) == (x < 0)
    assert q == math.trunc(Fraction(x, y))
    assert constant.binary_op(x, "/", y) == Fraction(x, y)


@given(INTS, INTS)
def test_bits_are_those_of_twos_complement(x: int, y: int) -> None:
    assert constant.binary_op(x, "&^", y) == x & ~y
    assert constant.binary_op(x, "^", y) == x ^ y
    assert constant.unary_op("^", x, 0) == -x - 1
    assert constant.unary_op("^", x & 255, 8) == 255 - (x & 255)


@given(FRACTIONS, FRACTIONS)
def test_floats_are_exact(x: Fraction, y: Fraction) -> None:
    assert constant.binary_op(x, "+", y) == x + y
    assert constant.binary_op(x, "*", y) == x * y
    assert constant.compare(x, "<", y) == (x < y)
    z = constant.binary_op(Complex(x, y), "*", Complex(x, -y))
    assert z == Complex(x * x + y * y, Fraction(0))


def test_kinds_are_matched() -> None:
    assert constant.binary_op(1, "+", Fraction(1, 2)) == Fraction(3, 2)
    assert constant.binary_op(1, "+", Complex(0, 2)) == Complex(1, 2)
    assert constant.compare(2, "==", Fraction(2))
    assert constant.compare(2, "==", Complex(2, 0))
    assert constant.to_int(Complex(Fraction(4), 0)) == 4
    assert type(constant.to_int(Fraction(4))) is int
    assert constant.to_int(Fraction(1, 2)) is None
    assert constant.to_float(Complex(1, 1)) is None
    assert constant.binary_op(None, "+", 1) is None


@given(st.floats(width=32, allow_nan=False, allow_infinity=False), st.integers(-3, 3))
def test_float32_is_the_nearest(x: float, off: int) -> None:
    # Around halves of the last place, where rounding twice would go wrong.
    exact = Fraction(x) + off * Fraction(1, 2**150) + Fraction(x) / 2**24
    found = constant.float32_val(exact)
    assert struct.unpack("f", struct.pack("f", found))[0] == found or math.isinf(found)
    for step in (-1, 1):
        bits = struct.unpack("i", struct.pack("f", found))[0] + step
        near = struct.unpack("f", struct.pack("i", bits))[0] if abs(bits) < 2**31 else math.nan
        if not math.isnan(near) and not math.isinf(near) and not math.isinf(found):
            assert abs(Fraction(found) - exact) <= abs(Fraction(near) - exact)


def test_floats_too_large_are_infinite() -> None:
    assert constant.float64_val(Fraction(10) ** 400) == math.inf
    assert constant.float64_val(-(Fraction(10) ** 400)) == -math.inf
    assert constant.float32_val(Fraction(2) ** 128) == math.inf
    assert constant.float32_val(Fraction(2) ** 128 - Fraction(2) ** 103) == math.inf
    assert constant.float32_val(Fraction(2) ** 128 - Fraction(2) ** 103 - 1) < math.inf
    assert constant.float32_val(Fraction(1, 2**150)) == 0
    assert constant.float32_val(Fraction(3, 2**151)) == 2.0**-149


def test_huge_constants_take_no_time() -> None:
    begin = time.perf_counter()
    a = from_literal("1e150000", "FLOAT")
    b = from_literal("3e-150000", "FLOAT")
    assert isinstance(a, Fraction)
    assert isinstance(b, Fraction)
    assert constant.string(a) == "1e+150000"
    assert constant.string(b) == "3e-150000"
    product = constant.binary_op(a, "*", b)
    assert product is not None
    assert constant.string(product) == "3"
    assert constant.to_int(a) is None
    for text in ("1e999999999", "0x1p999999999", "1e-999999999", "9" * 9_000 + "e9999"):
        from_literal(text, "FLOAT")
    assert constant.binary_op(a, "*", a) is None
    assert time.perf_counter() - begin < 2


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (-(10**30), "-1" + "0" * 30),
        (Fraction(1, 3), "0.333333"),
        (Fraction(5), "5"),
        (Fraction(1234567), "1.23457e+06"),
        (Fraction("123456.7"), "123456.7"),
        (Fraction("999999.7"), "999999.7"),
        (Fraction("9999999.7"), "9.9999997e+06"),
        (Fraction("0.00001"), "1e-05"),
        (Fraction(10) ** 400, "1e+400"),
        (-Fraction(1, 10**400), "-1e-400"),
        (Complex(1, Fraction(5, 2)), "(1 + 2.5i)"),
        ("a\n\xff\xc3\xa9", '"a\\n\\xffé"'),
        ("x" * 80, '"' + "x" * 68 + "..."),
        (None, "unknown"),
    ],
)
def test_spelling(value: Value, text: str) -> None:
    assert constant.string(value) == text


PROGRAM = """
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"os"
)

func main() {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var expr string
		json.Unmarshal(in.Bytes(), &expr)
		tv, err := types.Eval(token.NewFileSet(), nil, token.NoPos, expr)
		if err != nil || tv.Value == nil || tv.Value.Kind() == constant.Unknown {
			fmt.Println("null")
			continue
		}
		out, _ := json.Marshal([]string{tv.Value.String(), tv.Value.ExactString()})
		fmt.Println(string(out))
	}
}
"""

EXPRESSIONS = [
    "1 << 100 / 3",
    "-7 / 2",
    "-7 % 3",
    "7.0 / 2",
    "1e100 * 1e-100 / 3",
    "'a' + 1.0",
    "(1 + 2i) * (3 - 4i) / 5i",
    "0x10i + 2",
    "^uint8(5)",
    "float32(0.1)",
    "float64(1) / 3",
    "float32(16777217.0)",
    "complex64(0.1 + 0.2i)",
    '"a" + "b\\xff\\u1234"',
    '"abc" < "abd"',
    "1.0 << 70",
    "5.0 == 5",
    'len("héé")',
    "1e309 / 1e308",
    "1e-400 * 1e400",
    "4.9e-324 / 2",
    "float64(4.9e-324)",
    "0.1 + 0.2",
    "123456.7 * 10",
    "1 - 1e-20",
    "real(3 - 4i) * imag(1i)",
    "'\\U0010FFFF' - 'a'",
    "3.14159265358979323846264338327950288419716939937510582097494459",
    "1/3.0 + 1/7.0",
    "uint64(1<<64 - 1) - 1",
]


@pytest.mark.go
def test_values_and_spelling_are_those_of_go_constant(
    go_toolchain: Toolchain, tmp_path: Path
) -> None:
    from gosim.golang.errors import ErrorList
    from gosim.golang.parser import parse_file
    from gosim.golang.position import FileSet
    from gosim.golang.types.check import Config, check_package
    from gosim.golang.types.objects import Const

    (tmp_path / "main.go").write_text(PROGRAM)
    command = [str(go_toolchain.go), "run", str(tmp_path / "main.go")]
    asked = "".join([json.dumps(e) + "\n" for e in EXPRESSIONS])
    done = subprocess.run(
        command, input=asked, env=go_toolchain.environment(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    real = [json.loads(line) for line in done.stdout.splitlines()]
    source = "".join([f"const c{i} = {e}\n" for i, e in enumerate(EXPRESSIONS)])
    files = FileSet()
    tree = parse_file(files.add("a.go", "package p\n" + source), ErrorList(files))
    assert tree is not None
    pkg, _, errors = check_package("p", [tree], Config(files=files))
    assert errors == []
    for i, (expression, expected) in enumerate(zip(EXPRESSIONS, real, strict=True)):
        c = pkg.scope.lookup(f"c{i}")
        assert isinstance(c, Const)
        assert expected is not None, expression
        assert constant.string(c.val) == expected[0], expression
        if type(c.val) is Fraction:
            assert c.val == Fraction(expected[1]), expression
