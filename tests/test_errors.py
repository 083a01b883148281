"""``errors`` finds, compares and joins what real Go finds, compares and joins."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from go_tables import build, run
from hypothesis import given, settings
from hypothesis import strategies as st

from gosim.oracle import Toolchain
from gosim.std import errors, fmt

DECLARATIONS = """
type Code int
type Pair struct{ A, B int }
type Many struct{ Items []int }
type Missing struct{ Name string }
type Timeout struct{ Inner error }
type Alias struct{}
type Convertible struct{}

func (c Code) Error() string      { return fmt.Sprintf("code %d", int(c)) }
func (p Pair) Error() string      { return fmt.Sprintf("pair %d %d", p.A, p.B) }
func (m Many) Error() string      { return fmt.Sprint("many ", m.Items) }
func (m *Missing) Error() string  { return "missing " + m.Name }
func (t *Timeout) Error() string  { return "timeout" }
func (t *Timeout) Unwrap() error  { return t.Inner }
func (a Alias) Error() string     { return "alias" }
func (a Alias) Is(t error) bool   { return t == gone }
func (c Convertible) Error() string { return "convertible" }
func (c Convertible) As(target any) bool {
	if p, ok := target.(*Code); ok {
		*p = 77
		return true
	}
	return false
}

var gone, lost = errors.New("gone"), errors.New("gone")
var missing = &Missing{"a"}

var leaves = []error{gone, lost, missing, &Missing{"a"}, Code(3), Code(4), Pair{1, 2}, Pair{1, 2},
	Pair{2, 1}, Many{[]int{1}}, Many{[]int{1}}, Alias{}, Convertible{}, nil}

// Reads an error in prefix notation: a digit pair is a leaf, w wraps the next, t is a Timeout of
// the next, m wraps the next two with two verbs, j joins the next two.
func parse(in *strings.Reader) error {
	c, _ := in.ReadByte()
	switch c {
	case 'w':
		return fmt.Errorf("wrap: %w", parse(in))
	case 't':
		return &Timeout{parse(in)}
	case 'm':
		a := parse(in)
		return fmt.Errorf("%w and %w", a, parse(in))
	case 'j':
		a := parse(in)
		return errors.Join(a, parse(in))
	}
	return leaves[c-'A']
}

func answer(text string) string {
	err := parse(strings.NewReader(text))
	s := fmt.Sprintf("%v|%v|", err, errors.Unwrap(err))
	for _, leaf := range leaves {
		s += fmt.Sprintf("%t ", errors.Is(err, leaf))
	}
	var code Code
	var m *Missing
	var pair Pair
	var t *Timeout
	s += fmt.Sprint(errors.As(err, &code), errors.As(err, &m), errors.As(err, &pair),
		errors.As(err, &t))
	c, found := errors.AsType[Code](err)
	s += fmt.Sprintf("|%d %d %t|", int(code), int(c), found)
	if m != nil {
		s += fmt.Sprint(m == missing)
	}
	return s
}
"""


class Code(int):
    def error(self) -> str:
        return f"code {int(self)}"


@dataclass
class Pair:
    A: int
    B: int

    def error(self) -> str:
        return f"pair {self.A} {self.B}"


@dataclass
class Many:
    Items: list[int]

    def error(self) -> str:
        return fmt.sprint("many ", self.Items)


class Missing(errors.Error):
    def __init__(self, name: str) -> None:
        self.Name = name

    def error(self) -> str:
        return "missing " + self.Name


class Timeout(errors.Error):
    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def error(self) -> str:
        return "timeout"

    def unwrap(self) -> Any:
        return self.inner


@dataclass
class Alias:
    def error(self) -> str:
        return "alias"

    def is_(self, target: Any) -> bool:
        return target is gone


@dataclass
class Convertible:
    def error(self) -> str:
        return "convertible"

    def as_(self, kind: type) -> Any:
        return Code(77) if kind is Code else None


gone, lost = errors.new("gone"), errors.new("gone")
missing = Missing("a")
LEAVES = [
    gone, lost, missing, Missing("a"), Code(3), Code(4), Pair(1, 2), Pair(1, 2), Pair(2, 1),
    Many([1]), Many([1]), Alias(), Convertible(), None,
]  # fmt: skip


def parse(text: list[str]) -> Any:
    """The twin of the Go function of this name; takes its letters off the front of `text`."""
    letter = text.pop(0)
    if letter == "w":
        return fmt.errorf("wrap: %w", parse(text))
    if letter == "t":
        return Timeout(parse(text))
    if letter == "m":
        first = parse(text)
        return fmt.errorf("%w and %w", first, parse(text))
    if letter == "j":
        first = parse(text)
        return errors.join(first, parse(text))
    return LEAVES[ord(letter) - ord("A")]


def answer(text: str) -> str:
    err = parse(list(text))
    result = fmt.sprintf("%v|%v|", err, errors.unwrap(err))
    for leaf in LEAVES:
        result += fmt.sprintf("%t ", errors.is_(err, leaf))
    found = [errors.as_(err, kind) for kind in (Code, Missing, Pair, Timeout)]
    result += fmt.sprint(*[f is not None for f in found])
    code, ok = errors.as_type(err, Code)
    result += fmt.sprintf("|%d %d %t|", int(found[0] or 0), int(code or 0), ok)
    if found[1] is not None:
        result += fmt.sprint(found[1] is missing)
    return result


@pytest.fixture(scope="module")
def binary(go_toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    main = "\tlines(func(text string) { emit(answer(text)) })"
    imports = ("errors", "fmt", "strings")
    return build(go_toolchain, tmp_path_factory.mktemp("errors"), imports, DECLARATIONS, main)


ONE = [chr(ord("A") + n) for n in range(len(LEAVES))]
TREES = st.recursive(
    st.sampled_from(ONE),
    lambda inner: st.one_of(
        st.builds("{}{}".format, st.sampled_from("wt"), inner),
        st.builds("{}{}{}".format, st.sampled_from("mj"), inner, inner),
    ),
    max_leaves=6,
)


@pytest.mark.go
def test_single_and_wrapped_errors_are_found_as_in_go(binary: Path) -> None:
    trees = [*ONE, *("w" + one for one in ONE), *("t" + one for one in ONE)]
    trees += [f"{kind}{a}{b}" for kind in "mj" for a in ONE for b in ONE]
    for tree, go in zip(trees, run(binary, stdin=trees), strict=True):
        assert answer(tree) == go, tree


@pytest.mark.go
@settings(max_examples=20, deadline=None, derandomize=True)
@given(trees=st.lists(TREES, min_size=20, max_size=50))
def test_trees_of_errors_are_searched_in_gos_order(binary: Path, trees: list[str]) -> None:
    for tree, go in zip(trees, run(binary, stdin=trees), strict=True):
        assert answer(tree) == go, tree


def test_an_error_shows_its_text_in_python() -> None:
    err = fmt.errorf("open: %w", gone)
    assert str(err) == f"{err}" == "open: gone"
    assert repr(gone) == "ErrorString('gone')"


def test_the_protocol_recognises_errors_by_their_method() -> None:
    assert isinstance(Pair(1, 2), errors.Error)
    assert not isinstance("text", errors.Error)
    assert errors.as_(fmt.errorf("%w", Pair(1, 2)), errors.Error) is not None


def test_a_python_exception_can_be_wrapped_found_and_joined() -> None:
    exception = KeyError("k")
    err = errors.join(errors.new("a"), fmt.errorf("b: %w", exception))
    assert errors.is_(err, exception)
    assert errors.as_(err, KeyError) is exception
    assert str(errors.join(ValueError("v"))) == "v"
