"""``Time`` computes and prints what Go's ``time.Time`` computes and prints in UTC."""

from __future__ import annotations

from pathlib import Path

import pytest
from go_tables import build, run
from hypothesis import given, settings
from hypothesis import strategies as st

from gosim.oracle import Toolchain
from gosim.runtime.panic import Panic
from gosim.std import fmt, time
from gosim.std.time import Duration, Hour, Time

CONSTANTS = [
    "Layout", "ANSIC", "UnixDate", "RubyDate", "RFC822", "RFC822Z", "RFC850", "RFC1123", "RFC1123Z",
    "RFC3339", "RFC3339Nano", "Kitchen", "Stamp", "StampMilli", "StampMicro", "StampNano",
    "DateTime", "DateOnly", "TimeOnly",
]  # fmt: skip

NAMES = ", ".join(f"time.{name}" for name in CONSTANTS)
DECLARATIONS = (
    f"var constants = []string{{{NAMES}}}\n"
    + """
func numbers(text string) (out []int64) {
	for _, field := range strings.Fields(text) {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			panic(err)
		}
		out = append(out, n)
	}
	return
}

func answer(line string) string {
	kind, rest, _ := strings.Cut(line, " ")
	given, layout, _ := strings.Cut(rest, "|")
	n := numbers(given)
	t := time.Unix(n[0], n[1]).UTC()
	switch kind {
	case "show":
		year, week := t.ISOWeek()
		return fmt.Sprintln(t, t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(),
			t.Nanosecond(), t.Weekday(), t.YearDay(), year, week, t.Unix(), t.UnixMilli(),
			t.UnixMicro(), t.IsZero()) +
			fmt.Sprintf("%v %s %q %#v %T %30v|", t, t, t, t, t, t)
	case "constants":
		s := ""
		for _, layout := range constants {
			s += t.Format(layout) + ";"
		}
		return s
	case "layout":
		return t.Format(layout)
	case "pair":
		u := time.Unix(n[2], n[3]).UTC()
		d := time.Duration(n[4])
		return fmt.Sprintln(t.Sub(u), t.Before(u), t.After(u), t.Equal(u), t.Compare(u), t.Add(d),
			t.Truncate(d), t.Round(d), t.AddDate(int(n[3]%50), int(n[4]%50), int(n[4]%1000)))
	case "date":
		return time.Date(int(n[0]), time.Month(n[1]), int(n[2]), int(n[3]), int(n[4]), int(n[5]),
			int(n[6]), time.UTC).String()
	case "names":
		return fmt.Sprintf("%v %d %v %d %T %T %#v", time.Month(n[0]), time.Month(n[0]),
			time.Weekday(n[0]), time.Weekday(n[0]), time.Month(1), time.Weekday(1), time.Month(1))
	}
	panic(kind)
}
"""
)


def answer(line: str) -> str:
    kind, _, rest = line.partition(" ")
    given_, _, layout = rest.partition("|")
    n = [int(field) for field in given_.split()]
    t = time.unix(n[0], n[1])
    if kind == "show":
        return fmt.sprintln(
            t, t.year(), t.month(), t.day(), t.hour(), t.minute(), t.second(), t.nanosecond(),
            t.weekday(), t.year_day(), *t.iso_week(), t.unix(), t.unix_milli(), t.unix_micro(),
            t.is_zero(),
        ) + fmt.sprintf("%v %s %q %#v %T %30v|", t, t, t, t, t, t)  # fmt: skip
    if kind == "constants":
        return "".join(t.format(getattr(time, name)) + ";" for name in CONSTANTS)
    if kind == "layout":
        return t.format(layout)
    if kind == "pair":
        u, d = time.unix(n[2], n[3]), Duration(n[4])
        return fmt.sprintln(
            t.sub(u), t.before(u), t.after(u), t.equal(u), t.compare(u), t.add(d), t.truncate(d),
            t.round(d), t.add_date(remainder(n[3], 50), remainder(n[4], 50), remainder(n[4], 1000)),
        )  # fmt: skip
    if kind == "date":
        return str(time.date(*n))
    if kind == "names":
        month, day = time.Month(n[0]), time.Weekday(n[0])
        return fmt.sprintf(
            "%v %d %v %d %T %T %#v", month, month, day, day, time.May, time.Friday, time.January
        )
    raise AssertionError(kind)


def remainder(a: int, b: int) -> int:
    """Return Go's ``a % b``, which has the sign of `a`."""
    return abs(a) % b if a >= 0 else -(abs(a) % b)


@pytest.fixture(scope="module")
def binary(go_toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    main = "\tlines(func(line string) { emit(answer(line)) })"
    imports = ("fmt", "strconv", "strings", "time")
    return build(go_toolchain, tmp_path_factory.mktemp("instant"), imports, DECLARATIONS, main)


def compare(binary: Path, lines: list[str]) -> None:
    for line, go in zip(lines, run(binary, stdin=lines), strict=True):
        assert answer(line) == go, line


TIMES = [
    (946684800, 0), (946684800, 1), (946684800, 500_000_000), (946684800, 120_000), (0, 0),
    (-1, 999_999_999), (951782400, 0), (951868800, 7), (978220800, 0), (1077926400, 0),
    (-62135596800, 0), (-62135596801, 0), (-62167219200, 0), (-62198755200, 5), (253402300799, 0),
    (253402300800, 0), (1234567890, 123456789), (946728000, 0), (946728059, 0), (946771199, 0),
]  # fmt: skip

LAYOUTS = [
    "", "no time in here", "2006", "06", "1 01 Jan January", "2 _2 02", "__2 002", "Mon Monday",
    "15 3 03", "4 04", "5 05", "PM pm AM", ".000", ".999", ",000", ",999", "05.000000000",
    "05.9999999999", "05.0000000000001", ".0 .00 .9 .99", ".0009", ".0990", "5.00s", "MST",
    "Z0700 Z07:00 Z07 Z070000 Z07:00:00", "-0700 -07:00 -07 -070000 -07:00:00", "_2006", "__2006",
    "Janus Jan. January Monk Mon. Monday", "20060102150405", "2006-01-02T15:04:05.000Z",
    "Monday, 2. January 2006, 15 Uhr 4", "3.04 pm", "2/1/2006", "0", "00", "07", "1234567890",
    "é2é", "JanuaryJan", "MonMonday", "MMST", "-7 -070", "Z7", "Z", "_", "__", "___2", ".", ",",
    ".5", ".0x", "002006", "0102", "11", "155", "22006", "PMPM", "Pm", "+0700", ".000.000",
    "15h04m05s",
]  # fmt: skip


@pytest.mark.go
def test_known_times_show_as_in_go(binary: Path) -> None:
    kinds = ("show", "constants")
    compare(binary, [f"{kind} {sec} {nsec}" for sec, nsec in TIMES for kind in kinds])


@pytest.mark.go
def test_layouts_are_read_as_in_go(binary: Path) -> None:
    compare(binary, [f"layout {sec} {nsec}|{layout}" for sec, nsec in TIMES for layout in LAYOUTS])


@pytest.mark.go
def test_months_and_weekdays_are_named_as_in_go(binary: Path) -> None:
    compare(binary, [f"names {n} 0" for n in range(-2, 15)])


# Years -2000 to 12000, and mostly the years that programs live in.
SECONDS = st.one_of(st.integers(-125_000_000_000, 316_000_000_000), st.integers(0, 4_000_000_000))
NANOS = st.one_of(st.integers(0, 999_999_999), st.sampled_from([0, 1_000_000, 500_000_000]))
SPANS = st.one_of(
    st.integers(-(1 << 62), 1 << 62),
    st.integers(-(10**13), 10**13),
    st.sampled_from([0, 1, 1_000, 10**6, 10**9, 60 * 10**9, 3600 * 10**9, 24 * 3600 * 10**9, 7]),
)
BATCH = settings(max_examples=20, deadline=None, derandomize=True)


@pytest.mark.go
@BATCH
@given(times=st.lists(st.tuples(SECONDS, NANOS), min_size=20, max_size=50))
def test_any_time_shows_as_in_go(binary: Path, times: list[tuple[int, int]]) -> None:
    kinds = ("show", "constants")
    compare(binary, [f"{kind} {sec} {nsec}" for sec, nsec in times for kind in kinds])


@pytest.mark.go
@BATCH
@given(
    cases=st.lists(
        st.tuples(SECONDS, NANOS, st.lists(st.sampled_from(LAYOUTS), min_size=2, max_size=4)),
        min_size=20,
    )
)
def test_any_layout_is_read_as_in_go(binary: Path, cases: list[tuple[int, int, list[str]]]) -> None:
    compare(binary, [f"layout {sec} {nsec}|{''.join(layouts)}" for sec, nsec, layouts in cases])


@pytest.mark.go
@BATCH
@given(pairs=st.lists(st.tuples(SECONDS, NANOS, SECONDS, NANOS, SPANS), min_size=20, max_size=50))
def test_arithmetic_of_times_is_gos(binary: Path, pairs: list[tuple[int, ...]]) -> None:
    compare(binary, ["pair " + " ".join(map(str, pair)) for pair in pairs])


@pytest.mark.go
@BATCH
@given(
    dates=st.lists(
        st.tuples(
            st.integers(-3000, 12000), st.integers(-30, 30), st.integers(-1000, 1000),
            *[st.integers(-200, 200)] * 3, st.integers(-(10**12), 10**12),
        ),
        min_size=20,
    )
)  # fmt: skip
def test_dates_out_of_range_run_over_as_in_go(binary: Path, dates: list[tuple[int, ...]]) -> None:
    compare(binary, ["date " + " ".join(map(str, date)) for date in dates])


@given(seconds=SECONDS, nanos=NANOS)
def test_date_and_clock_give_the_time_back(seconds: int, nanos: int) -> None:
    t = time.unix(seconds, nanos)
    assert time.date(*t.date(), *t.clock(), t.nanosecond()) == t


def test_the_zero_time_is_the_first_of_january_of_the_year_one() -> None:
    assert Time().is_zero()
    assert str(Time()) == "0001-01-01 00:00:00 +0000 UTC"
    assert not time.unix(0).is_zero()


def test_times_are_values_that_compare_and_count_as_keys() -> None:
    start = time.date(2000, time.January, 1)
    assert start.add(Hour).add(-Hour) == start
    assert start < start.add(1)
    assert {start: 1}[time.unix(946_684_800)] == 1
    assert time.unix_milli(1500) == time.unix(1, 500_000_000) == time.unix_micro(1_500_000)


def test_the_zone_is_utc() -> None:
    t = time.unix(0)
    assert t.utc() is t and t.local() is t
    assert time.date(1970, 1, 1, 0, 0, 0, 0, time.UTC) == t


def test_a_date_without_location_panics_as_in_go() -> None:
    with pytest.raises(Panic, match="time: missing Location in call to Date"):
        time.date(2000, 1, 1, 0, 0, 0, 0, None)
