"""Types: identity and keys, spelling, lookup, method sets, type sets, instances, sizes."""

from __future__ import annotations

import gc
import subprocess
import time
import weakref
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from gosim.golang.errors import Unsupported
from gosim.golang.parser import parse_source
from gosim.golang.types.check import Config, check_package
from gosim.golang.types.instantiate import instantiate
from gosim.golang.types.lookup import implements, lookup_field_or_method, missing_method
from gosim.golang.types.methodset import method_set
from gosim.golang.types.objects import Func, Package, Var
from gosim.golang.types.predicates import (
    comparable,
    default,
    has_nil,
    identical,
    identical_ignore_tags,
    type_key,
)
from gosim.golang.types.sizes import alignof, offsetsof, sizeof
from gosim.golang.types.types import (
    INT,
    TYP,
    UNTYPED_RUNE,
    Interface,
    Named,
    Pointer,
    Slice,
    Struct,
    Type,
)
from gosim.golang.types.typestring import relative_to, type_string
from gosim.golang.types.universe import UNIVERSE, UNSAFE, universe_error, universe_rune
from gosim.oracle.toolchain import Toolchain


def imported(path: str) -> Package:
    if path == "unsafe":
        return UNSAFE
    raise ImportError(f"package {path} is not in std")


def check(source: str) -> tuple[Package, list[str]]:
    """Check a package: itself and the texts of its errors."""
    tree, files, syntax = parse_source("p.go", "package p\n" + source)
    assert tree is not None
    assert not list(syntax)
    pkg, _, errors = check_package("p", [tree], Config(imported, files=files))
    return pkg, [e.text for e in errors]


def checked(source: str) -> Package:
    """Check a package that must have no errors."""
    pkg, errors = check(source)
    assert errors == []
    return pkg


def errors_of(source: str) -> list[str]:
    """Check a package and return the texts of its errors."""
    return check(source)[1]


def type_of(pkg: Package, name: str) -> Any:
    obj = pkg.scope.lookup(name)
    assert obj is not None, name
    return obj.type


DECLARATIONS = """
type T struct{ a int }
type U T
type A = T
type I interface{ M(T) I; N() }
type Rec1 interface{ m() interface{ Rec1 } }
type Rec2 interface{ m() interface{ Rec2 } }
type Pair[K comparable, V any] struct{ k K; v V }
type Swap[V any, K comparable] = Pair[K, V]
"""

# Types in groups: identical within a group, different between groups.
GROUPS: list[list[str]] = [
    ["int"],
    ["uint8", "byte"],
    ["int32", "rune"],
    ["T", "A", "(T)"],
    ["U"],
    ["*T", "*A"],
    ["[]T", "[]A"],
    ["[3]int", "[1 + 2]int"],
    ["[4]int"],
    ["map[string]T", "map[string]A"],
    ["chan int"],
    ["<-chan int"],
    ["chan<- int"],
    ["func(int, ...string) error", "func(x int, y ...string) (err error)"],
    ["func(int, []string) error"],
    ["func()"],
    ["func() (int, string)", "func() (a int, b string)"],
    ["struct{ a int }"],
    ["struct{ b int }"],
    ["struct{ a int `x`}", 'struct{ a int "x" }'],
    ["struct{ T }", "struct{ T T }"][:1],
    ["struct{ T T }"],
    ["interface{}", "any", "interface{ any }"],
    ["error", "interface{ error }"][:1],
    ["interface{ error }", "interface{ Error() string }"],
    ["interface{ M(T) I; N() }", "interface{ N(); M(A) I }", "interface{ I }"],
    ["I"],
    ["Rec1"],
    ["Rec2"],
    ["interface{ Rec1 }", "interface{ interface{ Rec1 } }"],
    ["Pair[int, string]", "Swap[string, int]", "Pair[int, (string)]"],
    ["Pair[string, int]"],
    ["Pair[string, Pair[int, A]]", "Pair[string, Pair[int, T]]"],
    ["[]Pair[string, []byte]", "[]Pair[string, []uint8]"],
    ["func(func(A) T) chan<- <-chan int", "func(f func(x T) A) chan<- (<-chan int)"],
]


def test_keys_are_equal_exactly_for_identical_types() -> None:
    spelled = [(i, text) for i, group in enumerate(GROUPS) for text in group]
    source = "".join([f"var v{n} {text}\n" for n, (_, text) in enumerate(spelled)])
    pkg, errors = check(DECLARATIONS + source)
    # gc refuses such interfaces, but only at the end.
    assert {e.partition(" (")[0] for e in errors} == {
        "invalid recursive type: anonymous interface refers to itself"
    }
    types = [(group, text, type_of(pkg, f"v{n}")) for n, (group, text) in enumerate(spelled)]
    for (g, s, x), (h, t, y) in product(types, types):
        assert identical(x, y) == (g == h), (s, t)
        assert (type_key(x) == type_key(y)) == (g == h), (s, t)
        if g == h:
            assert hash(type_key(x)) == hash(type_key(y))


def test_constraints_are_identical_by_their_types() -> None:
    pkg = checked(
        """
        type Num interface{ ~int | ~string }
        type Num2 interface{ Num; ~string | ~int | ~bool }
        type C1 interface{ ~int | ~string }
        type C2 interface{ ~string | ~int; ~int | ~string | bool }
        type C3 interface{ ~int | string }
        type C4 interface{ comparable }
        """
    )
    c1, c2, c3, c4, num, num2 = [
        type_of(pkg, n).underlying() for n in ("C1", "C2", "C3", "C4", "Num", "Num2")
    ]
    same = [c1, c2, num, num2]
    for x, y in product([*same, c3, c4], repeat=2):
        expected = x is y or (x in same and y in same)
        assert identical(x, y) == expected
        assert (type_key(x) == type_key(y)) == expected


def test_generic_signatures_are_identical_up_to_names() -> None:
    pkg = checked(
        """
        func f[K comparable, V ~[]K](K, V) map[K]V { return nil }
        func g[A comparable, B ~[]A](A, B) map[A]B { return nil }
        func h[A comparable, B ~[]A](B, A) map[A]B { return nil }
        func i[A comparable, B ~[]int](A, B) map[A]B { return nil }
        """
    )
    f, g, h, i = [type_of(pkg, n) for n in "fghi"]
    assert identical(f, g)
    assert type_key(f) == type_key(g)
    for other in (h, i):
        assert not identical(f, other)
        assert type_key(f) != type_key(other)


def test_tags_can_be_ignored() -> None:
    pkg = checked("var x struct{ a []struct{ b int `t` } }\nvar y struct{ a []struct{ b int } }")
    x, y = type_of(pkg, "x"), type_of(pkg, "y")
    assert not identical(x, y)
    assert identical_ignore_tags(x, y)


@pytest.mark.parametrize(
    "text",
    [
        "int",
        "unsafe.Pointer",
        "[]byte",
        "[2][]*p.T",
        "map[string]chan<- int",
        "chan (<-chan int)",
        "<-chan chan int",
        "func(x int, y ...string) (n int, err error)",
        "func(int) string",
        'struct{p.T; a int "tag"; *p.U}',
        "interface{M(x int) string; error}",
        "any",
        "interface{}",
        "p.G[int, map[string]p.T]",
        "*p.G[p.T, []rune]",
    ],
)
def test_spelling_is_gos(text: str) -> None:
    source = text.replace("p.", "")
    pkg = checked(
        'import "unsafe"\nvar _ unsafe.Pointer\ntype T struct{}\ntype U struct{}\n'
        f"type G[K, V any] struct{{}}\nvar x {source}"
    )
    t = type_of(pkg, "x")
    assert type_string(t) == text
    assert type_string(t, relative_to(pkg)) == source


def test_declarations_are_spelt_with_their_type_parameters() -> None:
    pkg = checked(
        """
        type G[K comparable, V, W any] struct{ k K; v V; w W }
        func F[S ~[]E, E interface{ ~int | ~string }](s S) (E, error) { panic(0) }
        type Alias[P any] = map[string]P
        const c = 1.5
        type I interface{ M() }
        """
    )
    shown = {name: str(pkg.scope.lookup(name)) for name in pkg.scope.names()}
    assert shown == {
        "G": "type p.G[K comparable, V, W any] struct{k K; v V; w W}",
        "F": "func p.F[S ~[]E, E interface{~int | ~string}](s S) (E, error)",
        "Alias": "type p.Alias[P any] = map[string]P",
        "c": "const p.c untyped float",
        "I": "type p.I interface{M()}",
    }


EMBEDDED = """
type A struct{ x, y int }
func (A) Value() {}
func (*A) Pointer() {}
type B struct{ y int }
func (B) Both() {}
type C struct{ z int }
func (C) Both() {}
type D struct { *A; B; C }
type E struct { A; e int }
type P *A
type L struct { *L; q int }
type I interface{ Value(); Pointer() }
type S struct{ I }
"""


def test_lookup_finds_the_shallowest() -> None:
    pkg = checked(EMBEDDED)

    def find(name: str, member: str, addressable: bool = False) -> tuple[str, Any, bool]:
        obj, index, indirect = lookup_field_or_method(type_of(pkg, name), addressable, pkg, member)
        kind = {Var: "field", Func: "method", type(None): ""}[type(obj)]
        return kind, index, indirect

    assert find("E", "x") == ("field", [0, 0], False)
    assert find("D", "x") == ("field", [0, 0], True)
    # Two at one depth.
    assert find("D", "y") == ("", [1, 0], False)
    assert find("D", "Both") == ("", [2, 0], False)
    assert find("D", "Value") == ("method", [0, 0], True)
    assert find("D", "Pointer") == ("method", [0, 1], True)
    assert find("E", "Value") == ("method", [0, 0], False)
    # A pointer receiver needs a variable.
    assert find("E", "Pointer") == ("", None, True)
    assert find("E", "Pointer", True) == ("method", [0, 1], False)
    # A pointer with a name has fields only.
    assert find("P", "x") == ("field", [0], True)
    assert find("P", "Value") == ("", None, False)
    # Types that embed themselves.
    assert find("L", "q") == ("field", [1], False)
    assert find("L", "none") == ("", None, False)
    assert find("S", "Value") == ("method", [0, 1], False)
    assert find("A", "_") == ("", None, False)


def test_unexported_names_belong_to_their_package() -> None:
    pkg = checked(EMBEDDED)
    other = Package("q", "q", pkg.scope)
    assert lookup_field_or_method(type_of(pkg, "A"), False, other, "x")[0] is None
    assert lookup_field_or_method(type_of(pkg, "A"), False, other, "Value")[0] is not None


def test_method_sets() -> None:
    pkg = checked(EMBEDDED)

    def names(t: Type) -> list[str]:
        return [m.func.name for m in method_set(t)]

    assert names(type_of(pkg, "A")) == ["Value"]
    assert names(Pointer(type_of(pkg, "A"))) == ["Pointer", "Value"]
    assert names(type_of(pkg, "D")) == ["Pointer", "Value"]
    assert names(type_of(pkg, "E")) == ["Value"]
    assert names(Pointer(type_of(pkg, "E"))) == ["Pointer", "Value"]
    assert names(type_of(pkg, "P")) == []
    assert names(type_of(pkg, "I")) == ["Pointer", "Value"]
    assert names(Pointer(type_of(pkg, "I"))) == []
    assert names(type_of(pkg, "S")) == ["Pointer", "Value"]
    assert [m.path for m in method_set(type_of(pkg, "S"))] == [(0, 0), (0, 1)]


def test_what_implements_an_interface() -> None:
    pkg = checked(EMBEDDED)
    i = type_of(pkg, "I")
    assert implements(Pointer(type_of(pkg, "A")), i)
    assert implements(type_of(pkg, "D"), i)
    assert implements(type_of(pkg, "S"), i)
    missing, wrong = missing_method(type_of(pkg, "A"), i, True)
    assert missing is not None
    assert (missing.name, wrong) == ("Pointer", True)
    missing, wrong = missing_method(type_of(pkg, "B"), i, True)
    assert missing is not None
    assert (missing.name, wrong) == ("Pointer", False)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("T{}", "T does not implement I (method M has pointer receiver)"),
        ("1", "int does not implement I (missing method M)"),
        (
            "W{}",
            "W does not implement I (wrong type for method M)\n\t\thave M(int)\n\t\twant M(string)",
        ),
        (
            "L{}",
            "L does not implement I (missing method M)\n\t\thave m(string)\n\t\twant M(string)",
        ),
        ("F{}", "F does not implement I (F.M is a field, not a method)"),
        ("X{}", "X does not implement I (ambiguous selector X.M)"),
        ("new(I)", "type *I is pointer to interface, not interface"),
    ],
)
def test_why_an_interface_is_not_implemented(value: str, why: str) -> None:
    [text] = errors_of(
        f"""
        type I interface{{ M(string) }}
        type T struct{{}}
        func (*T) M(string) {{}}
        type W struct{{}}
        func (W) M(int) {{}}
        type L struct{{}}
        func (L) m(string) {{}}
        type F struct{{ M func(string) }}
        type X struct{{ *T; Y }}
        type Y struct{{}}
        func (Y) M(string) {{}}
        var _ I = {value}
        """
    )
    assert why in text


@pytest.mark.parametrize(
    ("call", "why"),
    [
        ("sum(true)", "bool does not satisfy number (bool missing in ~int | ~float64)"),
        ("plain[mine](0)", "mine does not satisfy int (possibly missing ~ for int in int)"),
        ("key(func() {})", "func() does not satisfy comparable"),
        ("str(0)", "int does not satisfy stringer (missing method String)"),
        ("two(1, `a`)", "mismatched types untyped int and untyped string (cannot infer P)"),
        ("two(mine(1), 1.5)", "cannot use 1.5 (untyped float constant) as mine value"),
        ("none()", "in call to none, cannot infer P (declared at p.go:11:19)"),
        ("slice(mine(1))", "type mine of mine(1) does not match []P (cannot infer P)"),
        ("slice(1)", "in call to slice, cannot infer P (declared at p.go:12:20)"),
    ],
)
def test_why_type_arguments_will_not_do(call: str, why: str) -> None:
    texts = errors_of(
        f"""
        type number interface{{ ~int | ~float64 }}
        type stringer interface{{ String() string }}
        type mine int
        func sum[P number](...P) {{}}
        func plain[P int](P) {{}}
        func key[P comparable](P) {{}}
        func str[P stringer](P) {{}}
        func two[P any](P, P) {{}}
        func none[P any]() {{}}
        func slice[P any]([]P) {{}}
        func main() {{ {call} }}
        """
    )
    assert len(texts) == 1
    assert why in texts[0]


def test_inference() -> None:
    pkg = checked(
        """
        func Map[S ~[]E, E, R any](s S, f func(E) R) []R { return nil }
        func Keys[M ~map[K]V, K comparable, V any](m M) []K { return nil }
        func Apply[T any](x T, fs ...func(T) T) T { return x }
        func Id[T any](x T) T { return x }
        func Make[P interface{ *T; Set(string) }, T any]() T { panic(0) }
        func Max[T int | float64](x, y T) T { return x }
        type Set[T comparable] map[T]struct{}
        type S struct{}
        func (*S) Set(string) {}
        var a = Map([]int{1}, func(i int) string { return "" })
        var b = Keys(Set[string]{})
        var c = Apply("", Id, Id[string])
        var d = Make[*S]()
        var e = Max(1, 2.5)
        var f func(rune) rune = Id
        var g = Map([]rune(nil), Id[rune])
        """
    )
    shown = {n: type_string(type_of(pkg, n), relative_to(pkg)) for n in "abcdefg"}
    assert shown == {
        "a": "[]string",
        "b": "[]string",
        "c": "string",
        "d": "S",
        "e": "float64",
        "f": "func(rune) rune",
        "g": "[]rune",
    }


def test_equal_instances_are_one_and_expand_when_asked() -> None:
    pkg, errors = check(
        """
        type G[P any] struct { next *G[[]P]; v P }
        func (g *G[Q]) Next() *G[[]Q] { return g.next }
        var a G[int]
        var b G[int]
        """
    )
    assert [e.partition(":")[0] for e in errors] == ["instantiation cycle"]
    a = type_of(pkg, "a")
    assert isinstance(a, Named)
    assert a is type_of(pkg, "b")
    assert a is instantiate(a.origin, [TYP[INT]])
    # A type that never ends can be looked at as far as one likes.
    t: Any = a
    for depth in range(20):
        u = t.underlying()
        assert isinstance(u, Struct)
        assert str(u.fields[1].type) == "[]" * depth + "int"
        found = t.lookup_method(pkg, "Next")[1]
        assert found is not None
        assert found.origin is a.origin.methods[0]
        result = found.signature.results[0].type
        assert identical(result, u.fields[0].type)
        t = result.base


class Mark:
    """Something that a weak reference can be made of."""


def test_programs_leave_nothing_in_the_universe() -> None:
    pkg = checked(
        """
        type E struct{}
        func (E) Error() string { return "" }
        type G[P any] struct{ p P }
        var x interface{ error; M(map[E]error) G[error] }
        var y G[error]
        func f() error { return E{} }
        """
    )
    for name in pkg.scope.names():
        type_key(type_of(pkg, name))
    mark = Mark()
    pkg.memo = {"mark": mark}
    seen = weakref.ref(mark)
    del pkg, mark
    gc.collect()
    assert seen() is None


def test_predeclared() -> None:
    assert isinstance(universe_error.underlying(), Interface)
    assert identical(universe_rune, TYP[5])
    assert str(UNIVERSE.lookup("any")) == "type any = interface{}"
    assert str(UNIVERSE.lookup("comparable")) == "type comparable interface{comparable}"
    assert default(TYP[UNTYPED_RUNE]) is universe_rune
    assert UNIVERSE.lookup("Sizeof") is None
    assert UNSAFE.scope.lookup("Sizeof") is not None


def test_comparable_and_nil() -> None:
    pkg = checked(
        """
        var a struct{ x int; y [2]string }
        var b struct{ x []int }
        var c [2]func()
        var d interface{ M() }
        var e map[string]int
        var f *int
        """
    )
    types = [type_of(pkg, n) for n in "abcdef"]
    assert [comparable(t) for t in types] == [True, False, False, True, False, True]
    assert [has_nil(t) for t in types] == [False, False, False, True, True, True]


LAYOUTS = [
    "struct{ a bool; b int64; c bool }",
    "struct{ a int8; b int16; c int32; d int64; e string; f []int; g any; h func() }",
    "struct{ a int32; z struct{} }",
    "struct{ z struct{}; a int32 }",
    "struct{ a [3]struct{ x byte; y uint16 }; b complex64; c byte }",
    "struct{ a complex128; b float32; c uintptr; d map[int]int; e chan int; f *int }",
    "[7]struct{ a uint32; b byte }",
    "[0]int",
    "struct{}",
    "struct{ a string; b bool; c error; d [3]bool; e rune }",
]


@pytest.mark.go
def test_sizes_are_those_of_the_compiler(go_toolchain: Toolchain, tmp_path: Path) -> None:
    lines = []
    for i, text in enumerate(LAYOUTS):
        lines.append(f"var v{i} {text}")
    body = "".join(
        [f"println(unsafe.Sizeof(v{i}), unsafe.Alignof(v{i}))\n" for i in range(len(LAYOUTS))]
    )
    declarations = "\n".join(lines)
    program = f'package main\nimport "unsafe"\n{declarations}\nfunc main() {{\n{body}}}\n'
    (tmp_path / "main.go").write_text(program)
    done = subprocess.run(
        [str(go_toolchain.go), "run", str(tmp_path / "main.go")],
        env=go_toolchain.environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    pkg = checked(declarations)
    ours = []
    for i in range(len(LAYOUTS)):
        t = type_of(pkg, f"v{i}")
        ours.append(f"{sizeof(t)} {alignof(t)}")
    assert ours == done.stderr.splitlines()


def test_types_too_large_have_no_size() -> None:
    pkg = checked("var x [1 << 40][1 << 20]int32\nvar y struct{ a [1 << 62]byte; b [1 << 62]byte }")
    assert sizeof(type_of(pkg, "x")) == 1 << 62
    assert sizeof(Slice(type_of(pkg, "x"))) == 24
    y = type_of(pkg, "y")
    assert sizeof(y) == -1
    assert offsetsof(y) == [0, 1 << 62]


DEEP = {
    "pointers": "var x " + "*" * 3000 + "int\nvar y " + "*" * 3000 + "int = x\n",
    "functions": "var x " + "func(" * 2000 + ")" * 2000 + "\n",
    "instances": "type G[P any] struct{ p *P }\nvar x " + "G[" * 500 + "int" + "]" * 500 + "\n",
    "names": "".join([f"type T{i} T{i + 1}\n" for i in range(2000)]) + "type T2000 int\n",
    "structs": "".join([f"type T{i} struct{{ T{i + 1} }}\n" for i in range(1000)])
    + "type T1000 struct{ last int }\nvar x T0\nvar y = x.last\n",
    "shared": "type T0 struct{ a, b int }\n"
    + "".join([f"type T{i} struct{{ a, b T{i - 1} }}\n" for i in range(1, 60)])
    + "var x T59\nvar y = x == x\n",
    "methods": "type T int\n"
    + "".join([f"func (T) m{i}() {{}}\n" for i in range(1000)])
    + "type I interface{\n"
    + "".join([f"m{i}()\n" for i in range(1000)])
    + "}\nvar _ I = T(0)\n",
}


@pytest.mark.parametrize("shape", sorted(DEEP))
def test_large_types_take_reasonable_time(shape: str) -> None:
    begin = time.process_time()
    pkg = checked(DEEP[shape])
    if shape == "shared":
        assert sizeof(type_of(pkg, "x")) == -1
    assert time.process_time() - begin < 20


def test_what_is_too_deep_is_refused_in_a_sentence() -> None:
    n = 20_000
    source = "".join([f"var v{i} = v{i + 1} + 1\n" for i in range(n)]) + f"var v{n} = 1\n"
    with pytest.raises(Unsupported) as refused:
        check(source)
    assert "is not simulated" in refused.value.text
    assert refused.value.pos > 0
