"""``Duration`` computes and prints what Go's ``time.Duration`` computes and prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from go_tables import build, run
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gosim.oracle import Toolchain
from gosim.std import fmt
from gosim.std.time import (
    Duration,
    Hour,
    Microsecond,
    Millisecond,
    Minute,
    Nanosecond,
    Second,
    parse_duration,
)
from gosim.std.time.duration import MAX, MIN

DECLARATIONS = """
func number(s string) time.Duration {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		panic(err)
	}
	return time.Duration(n)
}

func answer(line string) string {
	kind, rest, _ := strings.Cut(line, " ")
	if kind == "parse" {
		d, err := time.ParseDuration(rest)
		return fmt.Sprintf("%d %v", int64(d), err)
	}
	a, b, _ := strings.Cut(rest, " ")
	d, m := number(a), number(b)
	switch kind {
	case "units":
		return fmt.Sprintln(d, d.Nanoseconds(), d.Microseconds(), d.Milliseconds(), d.Seconds(),
			d.Minutes(), d.Hours(), d.Abs())
	case "round":
		return fmt.Sprintln(int64(d.Round(m)), int64(d.Truncate(m)))
	case "compute":
		return fmt.Sprintln(d+m, d-m, -d, d < m, d == m)
	case "divide":
		return fmt.Sprintln(int64(d/m), d/time.Duration(int64(m)), d%m)
	case "multiply":
		return fmt.Sprintln(d*m, 3*d)
	case "format":
		return fmt.Sprintf("%v|%s|%d|%q|%12v|%-12v|%T|%#v|%x|%+v|%.2s|%f|%t", d, d, d, d, d, d, d,
			d, d, d, d, d, d)
	}
	panic(kind)
}
"""


@pytest.fixture(scope="module")
def binary(go_toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    main = "\tlines(func(line string) { emit(answer(line)) })"
    imports = ("fmt", "strconv", "strings", "time")
    return build(go_toolchain, tmp_path_factory.mktemp("duration"), imports, DECLARATIONS, main)


def answer(line: str) -> str:
    kind, _, rest = line.partition(" ")
    if kind == "parse":
        parsed, err = parse_duration(rest)
        return fmt.sprintf("%d %v", parsed, err)
    a, _, b = rest.partition(" ")
    d, m = Duration(int(a)), Duration(int(b))
    if kind == "units":
        return fmt.sprintln(
            d, d.nanoseconds(), d.microseconds(), d.milliseconds(), d.seconds(), d.minutes(),
            d.hours(), d.abs(),
        )  # fmt: skip
    if kind == "round":
        return fmt.sprintln(int(d.round(m)), int(d.truncate(m)))
    if kind == "compute":
        return fmt.sprintln(d + m, d - m, -d, d < m, d == m)
    if kind == "divide":
        return fmt.sprintln(d // m, d // int(m), d % m)
    if kind == "multiply":
        return fmt.sprintln(d * m, 3 * d)
    if kind == "format":
        form = "%v|%s|%d|%q|%12v|%-12v|%T|%#v|%x|%+v|%.2s|%f|%t"
        return fmt.sprintf(form, *[d] * 13)
    raise AssertionError(kind)


def compare(binary: Path, lines: list[str]) -> None:
    for line, go in zip(lines, run(binary, stdin=lines), strict=True):
        assert answer(line) == go, line


NUMBERS = sorted(
    {
        sign * value
        for sign in (1, -1)
        for unit in (1, 1_000, 1_000_000, 10**9, 60 * 10**9, 3600 * 10**9)
        for value in (0, unit, unit - 1, unit + 1, 3 * unit // 2, 7 * unit, 59 * unit, 999 * unit)
    }
    | {MIN, MIN + 1, MAX, MAX - 1, 10**18, 1234567890123}
)

TEXTS = [
    "", "0", "+0", "-0", "00", "1s", "+1s", "-1s", "--1s", "+-1s", "1.5h", "-1.5h", ".5s", "5.s",
    ".s", "-.s", "1", "1.", "3 s", "s", "1sec", "1d", "1h2", "1h 2m", "1h2m3s4ms5us6ns", "1µs",
    "1μs", "10us", "100ms1h", "1.0000000000000000001s", "0.3333333333333333333h",
    "9223372036854775807ns", "9223372036854775808ns", "-9223372036854775808ns",
    "-9223372036854775809ns", "9223372036854775.808us", "-9223372036854775.808us", "2562048h",
    "2562047h47m16.854775807s", "2562047h47m16.854775808s", "-2562047h47m16.854775808s",
    "99999999999999999999s", "0.100000000000000000000h", "0.830103483285477580700h", "1\ns",
    '"', "\\", "é1s", "1é", "1\x7f", "\udcff", "1\udcff", "1e3s", "0x1s", "1_000s", "٣s", "1 ",
    " 1s", "9223372036854775807.5ns", "1.9999999999ns", "abc", "1.2.3s", "1s.5m", "1h-2m",
    "�", "1�",
]  # fmt: skip


@pytest.mark.go
def test_numbers_print_convert_and_round_as_in_go(binary: Path) -> None:
    lines = [f"{kind} {n} 1" for n in NUMBERS for kind in ("units", "format")]
    lines += [f"round {n} {m}" for n in NUMBERS for m in NUMBERS]
    compare(binary, lines)


@pytest.mark.go
@pytest.mark.parametrize("text", TEXTS)
def test_texts_are_read_or_refused_as_in_go(binary: Path, text: str) -> None:
    compare(binary, [f"parse {text}"])


ANY = st.one_of(st.integers(MIN, MAX), st.integers(-(10**13), 10**13), st.sampled_from(NUMBERS))
SMALL = st.integers(-(10**17), 10**17)
BATCH = settings(max_examples=20, deadline=None, derandomize=True)


@pytest.mark.go
@BATCH
@given(numbers=st.lists(st.tuples(ANY, ANY), min_size=25, max_size=60))
def test_any_number_prints_converts_and_rounds_as_in_go(
    binary: Path, numbers: list[tuple[int, int]]
) -> None:
    kinds = ("units", "format", "round")
    compare(binary, [f"{kind} {n} {m}" for n, m in numbers for kind in kinds])


@pytest.mark.go
@BATCH
@given(numbers=st.lists(st.tuples(SMALL, SMALL), min_size=25, max_size=60))
def test_arithmetic_gives_gos_durations(binary: Path, numbers: list[tuple[int, int]]) -> None:
    lines = [f"compute {n} {m}" for n, m in numbers]
    lines += [f"multiply {n // 10**9} {m // 10**9}" for n, m in numbers]
    # Division rounds towards zero in Go and down in Python: the same where both are positive.
    lines += [f"divide {abs(n)} {abs(m)}" for n, m in numbers if m]
    compare(binary, lines)


PARTS = st.lists(
    st.tuples(
        st.one_of(st.decimals(0, 10**6, places=3).map(str), st.integers(0, 10**20).map(str)),
        st.sampled_from(["ns", "us", "µs", "ms", "s", "m", "h", "", "x"]),
    ),
    max_size=4,
).map(lambda parts: "".join(number + unit for number, unit in parts))


@pytest.mark.go
@BATCH
@given(
    texts=st.lists(
        st.one_of(PARTS, PARTS.map("-".__add__), st.text(st.characters(codec="utf-8"))),
        min_size=25,
        max_size=60,
    )
)
def test_any_text_is_read_or_refused_as_in_go(binary: Path, texts: list[str]) -> None:
    compare(binary, [f"parse {text}" for text in texts])


@given(number=st.integers(MIN, MAX))
@example(MIN)
@example(MAX)
def test_what_is_printed_reads_back(number: int) -> None:
    assert parse_duration(str(Duration(number))) == (Duration(number), None)


def test_sums_multiples_and_parts_stay_durations() -> None:
    for value in (
        Second + 1, 1 + Second, Second - 1, 1 - Second, Second + Second, Second * 2, 2 * Second,
        Duration(3) * Second, Second // 3, Second % 7, -Second, +Second, abs(-Second),
        Second.round(Hour), Second.truncate(Minute), (-Second).abs(), sum([Second, Minute]),
    ):  # fmt: skip
        assert type(value) is Duration, value


def test_a_duration_over_a_duration_is_a_count() -> None:
    assert type(Hour // Minute) is int
    assert Hour // Minute == 60
    assert divmod(Second, 400 * Millisecond) == (2, 200 * Millisecond)
    assert Second / 4 == 250e6  # a plain number, which the sleeping functions refuse


def test_python_prints_gos_text_wherever_it_prints() -> None:
    d = 1500 * Millisecond
    assert f"{d}" == str(d) == "1.5s"
    assert (
        f"{d:>8}|{d:<8}|{d:_^8}|{d:d}|{d:,}"
        == "    1.5s|1.5s    |__1.5s__|1500000000|1,500,000,000"
    )
    assert repr(d) == "Duration(1500000000)"
    assert str(Duration()) == "0s"


def test_the_constants_are_gos() -> None:
    constants = [Nanosecond, Microsecond, Millisecond, Second, Minute, Hour]
    assert " ".join(map(str, constants)) == "1ns 1µs 1ms 1s 1m0s 1h0m0s"


def test_a_duration_is_the_number_of_its_nanoseconds() -> None:
    assert Second == 1_000_000_000
    assert {Second: "x"}[1_000_000_000] == "x"  # type: ignore[index]
    assert sorted([Hour, Second, Minute]) == [Second, Minute, Hour]
    assert re.match(r"\d+$", repr(int(Second)))
