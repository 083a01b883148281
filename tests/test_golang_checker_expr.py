"""Laws of the checker's expressions: messages of gc, constants, types of untyped expressions."""

from __future__ import annotations

import math
import re
import struct
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gosim.golang import ast
from gosim.golang.errors import ErrorList, Unsupported
from gosim.golang.parser import parse_file
from gosim.golang.position import FileSet
from gosim.golang.types import constant, operand
from gosim.golang.types.check import Config, check_package
from gosim.golang.types.const import CANNOT, represent
from gosim.golang.types.info import Info
from gosim.golang.types.objects import Const, Func, Package, new_param
from gosim.golang.types.types import FLOAT32, FLOAT64, INT, STRING, TYP, UINT8, Signature, Tuple
from gosim.golang.types.universe import UNSAFE
from gosim.oracle.toolchain import Toolchain
from tests.golang.checker import gc_errors

_HERE = Path(__file__).parent / "golang"


def _fmt() -> Package:
    """Return a package fmt that has Println only."""
    package = Package("fmt", "fmt")
    any_ = new_param(0, package, "a", TYP[INT])
    func = Func(0, package, "Println", Signature(None, Tuple([any_])))
    package.scope.insert(func)
    package.complete = True
    return package


_KNOWN = {"unsafe": UNSAFE, "fmt": _fmt()}


def check(source: str, language: str = "1.27") -> tuple[Info, ast.File, Package, list[str]]:
    """Check a file; errors are ``line:column: text``."""
    files = FileSet()
    errors = ErrorList(files)
    tree = parse_file(files.add("a.go", source), errors)
    assert tree is not None and not errors.has_syntax_errors, list(errors)
    package, info, found = check_package(
        "a", [tree], Config(_KNOWN.__getitem__, language, files=files)
    )
    for each in found:
        errors.add(each.pos, each.text)
    texts = [str(e).removeprefix("a.go:") for e in errors.report(None)[0]]
    return info, tree, package, texts


def errors(source: str, language: str = "1.27") -> list[str]:
    """Return the errors in a file without its package clause."""
    return check("package a\n" + source, language)[3]


# --- messages


def _cases() -> tuple[str, list[tuple[str, list[str]]]]:
    """Return the prelude, and statements with their errors, of ``expr_errors.txt``."""
    text = (_HERE / "expr_errors.txt").read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if not line.startswith("#")]
    end = next(i for i, line in enumerate(lines) if re.fullmatch("-+", line))
    cases: list[tuple[str, list[str]]] = []
    for line in lines[end + 1 :]:
        if line.startswith("    "):
            unescaped = re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), line[4:])
            cases[-1][1].append(unescaped)
        elif line:
            cases.append((line, []))
    return "\n".join(lines[:end]) + "\n", cases


PRELUDE, CASES = _cases()
_FRAME = "func _() { "


def _program() -> str:
    return PRELUDE + "".join(f"{_FRAME}{body} }}\n" for body, _ in CASES)


def _at(line: int, messages: list[str]) -> list[str]:
    """Return the messages of a case as they are printed when it stands in `line`."""
    found = []
    for message in messages:
        column, _, text = message.replace("HERE", str(line)).partition(": ")
        found.append(f"{line}:{int(column) + len(_FRAME)}: {text}")
    return found


def _expected() -> list[str]:
    first = PRELUDE.count("\n") + 1
    return [e for line, (_, texts) in enumerate(CASES, first) for e in _at(line, texts)]


def test_messages_are_those_of_gc() -> None:
    """Every text and column of the table, and nothing else."""
    assert check(_program())[3] == _expected()


def test_the_table_is_what_gc_says(go_toolchain: Toolchain, tmp_path: Path) -> None:
    """The table of messages is real gc's."""
    path = tmp_path / "a.go"
    path.write_text(_program())
    said = "\n".join(gc_errors(go_toolchain, [path]))
    assert said == "\n".join(f"a.go:{each}" for each in _expected())


@pytest.mark.parametrize("number", range(0, len(CASES), 7))
def test_an_error_does_not_depend_on_others(number: int) -> None:
    """A statement on its own has the errors it has among others."""
    body, messages = CASES[number]
    line = PRELUDE.count("\n") + 1
    # `fmt` may be unused now.
    found = check(f"{PRELUDE}{_FRAME}{body} }}\nvar _ = fmt.Println\nvar _ unsafe.Pointer\n")[3]
    assert [e for e in found if e.startswith(f"{line}:")] == _at(line, messages)


# --- constants

_INTEGERS = {
    "int": (-(2**63), 2**63 - 1),
    "int8": (-(2**7), 2**7 - 1),
    "int16": (-(2**15), 2**15 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint": (0, 2**64 - 1),
    "uint8": (0, 2**8 - 1),
    "uint16": (0, 2**16 - 1),
    "uint32": (0, 2**32 - 1),
    "uint64": (0, 2**64 - 1),
    "uintptr": (0, 2**64 - 1),
    "byte": (0, 2**8 - 1),
    "rune": (-(2**31), 2**31 - 1),
}


@pytest.mark.parametrize("name", _INTEGERS)
def test_integer_constants_fit_exactly_in_range(name: str) -> None:
    """The limits of an integer type are constants of it, their neighbours are not."""
    low, high = _INTEGERS[name]
    assert errors(f"const a, b {name} = {low}, {high}\n") == []
    for wrong in (low - 1, high + 1):
        (text,) = errors(f"const a {name} = {wrong}\n")
        assert text.startswith("2:") and f"as {name} value in constant declaration" in text


@given(st.fractions(max_denominator=10**9) | st.integers(-(10**40), 10**40).map(Fraction))
def test_floats_are_rounded_to_the_nearest(x: Fraction) -> None:
    """A float64 constant is Python's float of it, a float32 constant what `struct` packs."""
    assert represent(x, TYP[FLOAT64]) == Fraction(float(x))
    single = represent(x, TYP[FLOAT32])
    if single is CANNOT:
        assert abs(x) > 2**127
        return
    # The nearest: neither neighbour is closer.
    value = float(single)
    assert struct.unpack("f", struct.pack("f", value))[0] == value
    bits = struct.unpack("i", struct.pack("f", abs(value)))[0]
    for near in (bits - 1, bits + 1):
        if near >= 0:
            other = struct.unpack("f", struct.pack("i", near))[0]
            if math.isfinite(other):
                assert abs(abs(x) - abs(Fraction(value))) <= abs(abs(x) - Fraction(other))


def test_only_whole_floats_are_integers() -> None:
    """2.0 and 1e3 are int constants, 2.5 is none; strings are no numbers."""
    assert represent(Fraction(2), TYP[INT]) == 2
    assert represent(Fraction(5, 2), TYP[INT]) is CANNOT
    assert represent(constant.Complex(Fraction(3), Fraction(0)), TYP[UINT8]) == 3
    assert represent(constant.Complex(Fraction(3), Fraction(1)), TYP[UINT8]) is CANNOT
    assert represent("a", TYP[INT]) is CANNOT
    assert represent(1, TYP[STRING]) is CANNOT
    assert represent(None, TYP[INT]) is None


_OPERATORS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1),
    "%": lambda a, b: abs(a) % abs(b) * (-1 if a < 0 else 1),
    "&": lambda a, b: a & b,
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "&^": lambda a, b: a & ~b,
}
_trees = st.recursive(
    st.integers(-100, 100).map(lambda n: (f"({n})", n)),
    lambda deeper: st.tuples(st.sampled_from(sorted(_OPERATORS)), deeper, deeper).map(
        lambda t: (
            # No division by zero: divide by one instead.
            (f"({t[1][0]} {t[0]} {t[2][0]})", _OPERATORS[t[0]](t[1][1], t[2][1]))
            if t[2][1] or t[0] not in "/%"
            else t[1]
        )
    ),
    max_leaves=12,
)


@settings(max_examples=60)
@given(_trees)
def test_constant_expressions_are_computed_exactly(tree: tuple[str, int]) -> None:
    """Untyped integers compute like Python's, division apart, which rounds to zero."""
    text, value = tree
    _, _, package, found = check(f"package a\nconst c = {text}\n")
    assert found == []
    c = package.scope.lookup("c")
    assert isinstance(c, Const) and c.val == value


def test_shifted_constants_take_the_type_they_would_have_alone() -> None:
    """The rules for the left operand of a shift that is no constant (spec, "Operators")."""
    source = """
var s uint = 33
var i = 1 << s
var k = uint64(1 << s)
var m int64 = 1.0 << s
var w = make([]byte, 1.0 << s)
var b = 1 << s == 2 << s
var j int32 = 1 << s
"""
    info, tree, _, found = check("package a" + source)
    assert found == []
    ones = [
        str(info.types[n].type)
        for n in ast.walk(tree)
        if isinstance(n, ast.BasicLit) and n.value in ("1", "1.0", "2")
    ]
    assert ones == ["int", "uint64", "int64", "int", "int", "int", "int32"]
    for wrong, text in {
        "var u = 1.0 << s": "shifted operand 1.0 (type float64) must be integer",
        "var u1 = 1.0 << s != 0": "shifted operand 1.0 (type float64) must be integer",
        "var v1 float32 = 1 << s": "shifted operand 1 (type float32) must be integer",
    }.items():
        (error, *_) = errors(f"var s uint = 33\n{wrong}\n")
        assert error.endswith(f"invalid operation: {text}"), wrong


def test_huge_string_constants_are_refused() -> None:
    """A few lines of constants must not fill the memory."""
    doubled = 'const c0 = "x"\n' + "".join(f"const c{i + 1} = c{i} + c{i}\n" for i in range(40))
    with pytest.raises(Unsupported, match="string constant"):
        errors(doubled)


# --- final types


def types_of(body: str, wanted: str) -> list[str]:
    """Return types (and values) of all expressions spelt `wanted` in a function's body."""
    source = f"{PRELUDE}func _() {{\n{body}\n}}\nvar _ = fmt.Println\nvar _ unsafe.Pointer\n"
    info, tree, _, found = check(source)
    assert found == []
    shown = []
    for n in ast.walk(tree):
        if not isinstance(n, ast.Expr) or n not in info.types or ast.source_of(n) != wanted:
            continue
        tv = info.types[n]
        value = f" = {constant.string(tv.value)}" if tv.mode == operand.CONSTANT else ""
        shown.append(str(tv.type).replace("a.", "") + value)
    return shown


@pytest.mark.parametrize(
    ("body", "wanted", "expected"),
    [
        ("f = 7", "7", ["float64 = 7"]),
        ("c = 7", "7", ["complex128 = (7 + 0i)"]),
        ("e = 7", "7", ["int = 7"]),
        ("e = 'a'", "'a'", ["rune = 97"]),
        ("e = 7.5", "7.5", ["float64 = 7.5"]),
        ("e = s == `q`", "s == `q`", ["bool"]),
        ("e = s == `q`", "`q`", ['string = "q"']),
        ("_ = 7", "7", ["int = 7"]),
        ("_ = 2 + 7.0", "2 + 7.0", ["float64 = 9"]),
        ("_ = 2 + 7.0", "2", ["untyped float = 2"]),
        ("u8 := uint8(7); _ = u8", "7", ["uint8 = 7"]),
        ("_ = len(arr)", "len(arr)", ["int = 3"]),
        ("_ = len([]int{7})", "len([]int{…})", ["int"]),
        ("_ = len([3]int{f1(7)})", "len([3]int{…})", ["int"]),
        ("_ = string(rune(7))", "string(rune(7))", ['string = "\\a"']),
        ("_ = []byte(`q`)", "`q`", ['string = "q"']),
        ("np = nil", "nil", ["*int"]),
        ("_ = np == nil", "nil", ["*int"]),
        ("b = i < 7 && b", "i < 7 && b", ["bool"]),
        ("b = i < 7", "i < 7", ["bool"]),
        ("if i < 7 { }", "i < 7", ["untyped bool"]),
        ("n += 7", "7", ["N = 7"]),
        ("i8 = 1<<3 + i8", "1 << 3", ["int8 = 8"]),
        ("m[`q`]++; m[`q`] = 7", "`q`", ['string = "q"', 'string = "q"']),
        ("use(7, 7.0)", "7.0", ["float64 = 7"]),
        ("fv(7)", "7", ["int = 7"]),
        ("ch <- 7", "7", ["int = 7"]),
        ("_ = []float64{7}", "7", ["float64 = 7"]),
        ("_ = map[any]float64{`q`: 7}", "7", ["float64 = 7"]),
        ("_ = S{a: 7}", "7", ["int = 7"]),
        ("_ = max(7, f)", "7", ["float64 = 7"]),
        ("_ = max(7, 8.5)", "max(7, 8.5)", ["float64 = 8.5"]),
        ("_ = new(7)", "new(7)", ["*int"]),
        ("switch f { case 7: }", "7", ["float64 = 7"]),
        ("_ = 1 << i", "1 << i", ["int"]),
        ("f = real(c) + 7", "7", ["float64 = 7"]),
        ("_ = complex(7, f)", "7", ["float64 = 7"]),
        ("var _ = i8 << 7", "7", ["untyped int = 7"]),
        ("num(7)", "7", ["int = 7"]),
        ("num(7)", "num", ["func(p int)"]),
        ("num[float64](7)", "num[float64]", ["func(p float64)"]),
        ("num[float64](7)", "7", ["float64 = 7"]),
        ("g1(f1)", "g1", ["func(func(int) int)"]),
        ("_ = st.V", "st.V", ["func()"]),
        ("_ = S.V", "S.V", ["func(S)"]),
        ("_ = (*S).Q", "(*S).Q", ["func(s *S, i int)"]),
        ("v, ok := m[`q`]; _, _ = v, ok", "m[`q`]", ["(int, bool)"]),
        ("v, ok := <-ch; _, _ = v, ok", "<-ch", ["(int, bool)"]),
        ("v, ok := e.(int); _, _ = v, ok", "e.(int)", ["(int, bool)"]),
        ("v, ok := (m[`q`]); _, _ = v, ok", "(m[`q`])", ["(int, bool)"]),
        ("_, b = m[`q`]", "m[`q`]", ["(int, bool)"]),
        ("v := m[`q`]; _ = v", "m[`q`]", ["int"]),
        ("_ = append(bs, s...)", "append", ["func([]byte, string...) []byte"]),
        ("_ = append(sl, 7)", "append", ["func([]int, ...int) []int"]),
        ("_ = make([]int, 7)", "make", ["func([]int, int) []int"]),
        ("_ = [...]int{3: 7}", "[...]int", ["[4]int"]),
        ("_ = `héé`[1]", "`héé`[1]", ["byte"]),
        ("_ = `héé`[1:]", "`héé`[1:]", ["string"]),
    ],
)
def test_final_types(body: str, wanted: str, expected: list[str]) -> None:
    """What `Info` records for an expression once its use is known, as go/types does."""
    assert types_of(body, wanted) == expected


def test_selections_follow_embedded_fields() -> None:
    """A selection holds the path of fields, and whether a pointer lies on it."""
    source = PRELUDE + (
        "var _, _ = T{}.a, U{}.a\nvar _ = U{}.Q\nvar _ = T.V\n"
        "var _ = fmt.Println\nvar _ unsafe.Pointer\n"
    )
    info, tree, _, found = check(source)
    assert found == []
    shown = [
        (ast.source_of(n), s.kind, s.index, s.indirect)
        for n in ast.walk(tree)
        if isinstance(n, ast.SelectorExpr) and (s := info.selections.get(n)) is not None
    ]
    assert shown == [
        ("T{}.a", "field", [0, 0], False),
        ("U{}.a", "field", [0, 0], True),
        ("U{}.Q", "method", [0, 2], True),
        ("T.V", "methodexpr", [0, 0], False),
    ]


def test_instances_are_recorded_where_they_are_named() -> None:
    """Explicit, inferred and partial instantiation, of functions as values too."""
    source = """package a
func g[K comparable, V any](map[K]V) (k K, v V) { return }
func h[T any](T) {}
var m map[string]int
func _() {
	g(m)
	g[string, int](m)
	g[string](m)
	var f func(bool) = h
	f2 := h[int]
	f3 := func(func(byte)) {}
	f3(h)
	_, _ = f, f2
}
"""
    info, tree, _, found = check(source)
    assert found == []
    shown = [
        (n.name, [str(t) for t in info.instances[n].type_args])
        for n in ast.walk(tree)
        if isinstance(n, ast.Ident) and n in info.instances
    ]
    assert shown == [
        ("g", ["string", "int"]),
        ("g", ["string", "int"]),
        ("g", ["string", "int"]),
        ("h", ["bool"]),
        ("h", ["int"]),
        ("h", ["byte"]),
    ]


# --- language versions


@pytest.mark.parametrize(
    ("body", "version", "text"),
    [
        ("var _ = min(1, 2)", 21, "built-in min"),
        ("func _(m map[int]int) { clear(m) }", 21, "clear"),
        ("var _ = new(1)", 26, "new(1)"),
        ("type E struct{ a int }\ntype S struct{ E }\nvar _ = S{a: 1}", 27, "use of promoted"),
        ("func g[T any](T) {}\nvar _ func(int) = g", 21, "implicitly instantiated function"),
    ],
)
def test_newer_forms_are_refused_in_older_languages(body: str, version: int, text: str) -> None:
    """Each form is accepted from its version on, and names it before."""
    assert errors(body + "\n", f"1.{version}") == []
    (error, *_) = errors(body + "\n", f"1.{version - 1}")
    assert text in error and f"requires go1.{version} or later" in error


def test_deep_expressions_do_not_exhaust_the_stack() -> None:
    """A sum of thousands of terms and thousands of parentheses are checked."""
    long = " + ".join(["x"] * 3000)
    deep = "(" * 2000 + "x" + ")" * 2000
    assert errors(f"var x = 1\nvar y = {long}\nvar z = {deep}\n") == []


def test_columns_beyond_gcs_reach_are_not_printed() -> None:
    """The compiler has eight bits for a column."""
    pad = "_ = 0; " * 35
    assert errors(f"func _() {{ {pad}; _ = {'1' * 2} + nil }}\n") == [
        "2: invalid operation: 11 + nil (mismatched types untyped int and untyped nil)"
    ]
