"""Points in time (Go: ``time.Time`` in ``time.go``, layouts in ``format.go``).

A :class:`Time` is a whole number of nanoseconds, and the zone in which it is told.  The simulated
clock starts at 2000-01-01T00:00:00Z and there is only one clock, so no ``m=+0.000`` part of a
monotonic reading is kept or printed, and ``==`` is what Go's ``Equal`` is.  The machine is in UTC
and has no database of zones: other zones have a fixed offset.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from gosim.std.time.duration import MAX, MIN, Duration

if TYPE_CHECKING:
    from gosim.memory.types import Type

Layout = "01/02 03:04:05PM '06 -0700"
ANSIC = "Mon Jan _2 15:04:05 2006"
UnixDate = "Mon Jan _2 15:04:05 MST 2006"
RubyDate = "Mon Jan 02 15:04:05 -0700 2006"
RFC822 = "02 Jan 06 15:04 MST"
RFC822Z = "02 Jan 06 15:04 -0700"
RFC850 = "Monday, 02-Jan-06 15:04:05 MST"
RFC1123 = "Mon, 02 Jan 2006 15:04:05 MST"
RFC1123Z = "Mon, 02 Jan 2006 15:04:05 -0700"
RFC3339 = "2006-01-02T15:04:05Z07:00"
RFC3339Nano = "2006-01-02T15:04:05.999999999Z07:00"
Kitchen = "3:04PM"
Stamp = "Jan _2 15:04:05"
StampMilli = "Jan _2 15:04:05.000"
StampMicro = "Jan _2 15:04:05.000000"
StampNano = "Jan _2 15:04:05.000000000"
DateTime = "2006-01-02 15:04:05"
DateOnly = "2006-01-02"
TimeOnly = "15:04:05"

UTC = "UTC"

_NS = 1_000_000_000
_DAY = 86_400
# The civil calendar repeats every 400 years; Python's `date` knows the years 1 to 9999.
_CYCLE_YEARS = 400
_CYCLE_DAYS = 146_097
_EPOCH_ORDINAL = datetime.date(1970, 1, 1).toordinal()
_YEAR_1 = -_EPOCH_ORDINAL * _DAY + _DAY  # Unix seconds of 0001-01-01, Go's zero time


class _Named(int):
    """An int that prints as a name."""

    __slots__ = ()
    __go_type__: str
    _names: tuple[str, ...]
    _first: int

    def string(self) -> str:
        """Return the English name, as Go prints it."""
        i = int(self) - self._first
        if 0 <= i < len(self._names):
            return self._names[i]
        number = int(self) & ((1 << 64) - 1)  # Go prints the bits of a bad value unsigned
        return f"%!{type(self).__name__}({number})"

    __str__ = string

    def __repr__(self) -> str:
        return f"{type(self).__name__}({int(self)})"

    def __format__(self, spec: str) -> str:
        return format(int(self) if spec[-1:] in ("d", "x", "n") else self.string(), spec)


class Month(_Named):
    """A month of the year, January = 1.

    Examples
    --------
    >>> print(March, int(March))
    March 3
    """

    __slots__ = ()
    __go_type__ = "time.Month"
    _first = 1
    _names = (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    )


class Weekday(_Named):
    """A day of the week, Sunday = 0."""

    __slots__ = ()
    __go_type__ = "time.Weekday"
    _first = 0
    _names = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


(
    January,
    February,
    March,
    April,
    May,
    June,
    July,
    August,
    September,
    October,
    November,
    December,
) = (Month(m) for m in range(1, 13))
Sunday, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday = (Weekday(d) for d in range(7))


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """A time zone with a fixed offset from UTC (Go: ``time.Location``).

    Attributes
    ----------
    name : str
        Its abbreviation.
    offset : int
        Seconds east of UTC.
    """

    name: str = ""
    offset: int = 0

    def string(self) -> str:
        """Return the name."""
        return self.name

    __str__ = string


@dataclass(frozen=True, slots=True, order=True)
class Time:
    """A point in time, exact to the nanosecond.

    ``Time()`` is Go's zero time, 0001-01-01 00:00:00.  Times compare with ``==`` and ``<``.

    Attributes
    ----------
    ns : int
        Nanoseconds since 1970-01-01T00:00:00Z.
    zone : Zone or None
        Where calendar and clock are read; None is UTC. Equal instants are equal in all zones.

    Examples
    --------
    >>> from gosim.std.time.duration import Hour
    >>> start = date(2000, January, 1, 0, 0, 0, 0)
    >>> print(start, start.add(36 * Hour).sub(start), start.add(36 * Hour).format(Kitchen))
    2000-01-01 00:00:00 +0000 UTC 36h0m0s 12:00PM
    """

    __go_type__: ClassVar[str] = "time.Time"
    go_type: ClassVar[Type]
    """What a value takes in memory; `ns` stands for all three fields."""

    ns: int = _YEAR_1 * _NS
    zone: Zone | None = field(default=None, compare=False, repr=False)

    # -- where on the line --------------------------------------------------------------------

    def unix(self) -> int:
        """Return whole seconds since 1970, rounded down."""
        return self.ns // _NS

    def unix_milli(self) -> int:
        """Return whole milliseconds since 1970, rounded down."""
        return self.ns // 1_000_000

    def unix_micro(self) -> int:
        """Return whole microseconds since 1970, rounded down."""
        return self.ns // 1_000

    def unix_nano(self) -> int:
        """Return nanoseconds since 1970 (Go's result outside 1678 to 2262 is undefined)."""
        return self.ns

    def is_zero(self) -> bool:
        """Tell whether this is the zero time, ``Time()``."""
        return self.ns == _YEAR_1 * _NS

    def before(self, u: Time) -> bool:
        """Tell whether this is before `u`."""
        return self.ns < u.ns

    def after(self, u: Time) -> bool:
        """Tell whether this is after `u`."""
        return self.ns > u.ns

    def equal(self, u: Time) -> bool:
        """Tell whether this is the same instant as `u`."""
        return self.ns == u.ns

    def compare(self, u: Time) -> int:
        """Return -1, 0 or 1: before, the same as, or after `u`."""
        return (self.ns > u.ns) - (self.ns < u.ns)

    # -- arithmetic ---------------------------------------------------------------------------

    def add(self, d: int) -> Time:
        """Return the time `d` nanoseconds later."""
        return Time(self.ns + int(d), self.zone)

    def sub(self, u: Time) -> Duration:
        """Return the Duration from `u` to this; Go's largest or smallest where it is beyond."""
        return Duration(max(MIN, min(MAX, self.ns - u.ns)))

    def add_date(self, years: int, months: int, days: int) -> Time:
        """Return the time so many years, months and days later on the calendar.

        A day that the month does not have runs over: one month after January 31 is March 2 or 3.
        """
        year, month, day = self.date()
        hour, minute, second = self.clock()
        nanosecond = self.nanosecond()
        return date(
            year + years, month + months, day + days, hour, minute, second, nanosecond,
            self.zone or UTC,
        )  # fmt: skip

    def truncate(self, d: int) -> Time:
        """Round down to a multiple of `d` since the zero time; unchanged if `d` <= 0."""
        if d <= 0:
            return self
        return Time(self.ns - (self.ns - _YEAR_1 * _NS) % int(d), self.zone)

    def round(self, d: int) -> Time:
        """Round to a multiple of `d` since the zero time, halfway up; unchanged if `d` <= 0."""
        if d <= 0:
            return self
        rest = (self.ns - _YEAR_1 * _NS) % int(d)
        return Time(self.ns - rest if 2 * rest < d else self.ns - rest + int(d), self.zone)

    # -- calendar and clock -------------------------------------------------------------------

    def _wall(self) -> int:
        """The instant at which a clock in UTC shows what one in this zone shows now."""
        return self.ns if self.zone is None else self.ns + self.zone.offset * _NS

    def date(self) -> tuple[int, Month, int]:
        """Return year, month and day."""
        cycles, day = divmod(self._wall() // (_DAY * _NS) + _EPOCH_ORDINAL - 1, _CYCLE_DAYS)
        civil = datetime.date.fromordinal(day + 1)
        return civil.year + cycles * _CYCLE_YEARS, Month(civil.month), civil.day

    def clock(self) -> tuple[int, int, int]:
        """Return hour, minute and second of the day."""
        seconds = self._wall() // _NS % _DAY
        return seconds // 3600, seconds // 60 % 60, seconds % 60

    def year(self) -> int:
        """Return the year."""
        return self.date()[0]

    def month(self) -> Month:
        """Return the month."""
        return self.date()[1]

    def day(self) -> int:
        """Return the day of the month."""
        return self.date()[2]

    def hour(self) -> int:
        """Return the hour, 0 to 23."""
        return self.clock()[0]

    def minute(self) -> int:
        """Return the minute, 0 to 59."""
        return self.clock()[1]

    def second(self) -> int:
        """Return the second, 0 to 59."""
        return self.clock()[2]

    def nanosecond(self) -> int:
        """Return the nanosecond within the second."""
        return self.ns % _NS

    def weekday(self) -> Weekday:
        """Return the day of the week."""
        return Weekday((self._wall() // (_DAY * _NS) + 4) % 7)  # 1970-01-01 was a Thursday

    def year_day(self) -> int:
        """Return the day of the year, from 1."""
        return (self._wall() - date(self.year(), January, 1).ns) // (_DAY * _NS) + 1

    def iso_week(self) -> tuple[int, int]:
        """Return year and number of the ISO 8601 week."""
        # A week belongs to the year of its Thursday.
        thursday = Time(self.ns + (3 - (self.weekday() + 6) % 7) * _DAY * _NS, self.zone)
        return thursday.year(), (thursday.year_day() - 1) // 7 + 1

    def utc(self) -> Time:
        """Return the same instant in UTC."""
        return self if self.zone is None else Time(self.ns)

    def local(self) -> Time:
        """Return the same instant in the simulated machine's zone, which is UTC."""
        return self.utc()

    def in_(self, zone: Zone | None) -> Time:
        """Return the same instant in another zone (``Time.In``)."""
        return Time(self.ns, zone)

    def offset(self) -> int:
        """Return the seconds that the zone is east of UTC."""
        return 0 if self.zone is None else self.zone.offset

    # -- text ---------------------------------------------------------------------------------

    def format(self, layout: str) -> str:
        """Return the time written as the reference time is in `layout` (``Time.Format``).

        The reference time is Mon Jan 2 15:04:05 2006; the module's constants are ready layouts.

        Examples
        --------
        >>> date(2000, May, 3, 14, 5, 6, 70_000_000).format("2 Jan 06, 3.04 pm (05.000)")
        '3 May 00, 2.05 pm (06.070)'
        """
        return _CHUNK.sub(lambda match: _write_chunk(self, match[0]), layout)

    def string(self) -> str:
        """Return Go's text, such as ``2000-01-01 00:00:00.5 +0000 UTC`` (without ``m=+...``)."""
        return self.format("2006-01-02 15:04:05.999999999 -0700 MST")

    __str__ = string

    def go_string(self) -> str:
        """Return the Go expression that makes this time, what ``%#v`` prints."""
        year, month, day = self.date()
        hour, minute, second = self.clock()
        clock = f"{hour}, {minute}, {second}, {self.nanosecond()}"
        zone = "time.UTC" if self.zone is None else f'time.Location("{self.zone.name}")'
        return f"time.Date({year}, time.{month}, {day}, {clock}, {zone})"


class _GoType:
    """Makes `Time.go_type` when somebody asks for it: most programs never do."""

    def __get__(self, _: object, owner: type[Time]) -> Type:
        from gosim.memory.types import INT64, UINT64, pointer_to, struct_of

        owner.go_type = made = struct_of(
            ("wall", UINT64), ("ext", INT64), ("loc", pointer_to(None)), name="time.Time"
        )
        return made


# Not in the class: `dataclass` would ask for it.
Time.go_type = _GoType()  # type: ignore[assignment]


def unix(sec: int, nsec: int = 0) -> Time:
    """Return the time so many seconds and nanoseconds after 1970-01-01T00:00:00Z."""
    return Time(int(sec) * _NS + int(nsec))


def unix_milli(msec: int) -> Time:
    """Return the time so many milliseconds after 1970-01-01T00:00:00Z."""
    return Time(int(msec) * 1_000_000)


def unix_micro(usec: int) -> Time:
    """Return the time so many microseconds after 1970-01-01T00:00:00Z."""
    return Time(int(usec) * 1_000)


def date(
    year: int,
    month: int,
    day: int,
    hour: int = 0,
    minute: int = 0,
    sec: int = 0,
    nsec: int = 0,
    loc: Any = UTC,
) -> Time:
    """Return the time of a calendar date; values out of range run over, as in Go's ``time.Date``.

    Parameters
    ----------
    loc
        `UTC`, or a `Zone`.

    Examples
    --------
    >>> print(date(2000, 14, -1, 25))
    2001-01-31 01:00:00 +0000 UTC
    """
    if loc is None:
        from gosim.runtime.panic import Panic

        raise Panic("time: missing Location in call to Date")
    year += (int(month) - 1) // 12
    cycles, year = divmod(year - 1, _CYCLE_YEARS)
    first = datetime.date(year + 1, (int(month) - 1) % 12 + 1, 1).toordinal()
    days = first - _EPOCH_ORDINAL + cycles * _CYCLE_DAYS + day - 1
    zone = loc if isinstance(loc, Zone) else None
    seconds = days * _DAY + hour * 3600 + minute * 60 + sec - (zone.offset if zone else 0)
    return Time(seconds * _NS + nsec, zone)


# -- layouts ----------------------------------------------------------------------------------

# Longest first where one chunk begins another.  A fraction is all zeros or all nines and ends
# where the digits end; "_2006" is an underscore and a year; "Jan" and "Mon" do not begin a word.
_CHUNK = re.compile(
    r"January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST"
    r"|0[1-6]|002|15|1|2006|2|_2(?!006)|__2|[345]|PM|pm"
    r"|-070000|-07:00:00|-0700|-07:00|-07|Z070000|Z07:00:00|Z0700|Z07:00|Z07"
    r"|[.,](?:0+|9+)(?![0-9])"
)


def _number(width: int, value: Callable[[Time], int]) -> Callable[[Time], str]:
    def write(t: Time) -> str:
        v = value(t)
        return f"{'-' if v < 0 else ''}{abs(v):0{width}d}"

    return write


def _hour12(t: Time) -> int:
    return (t.hour() + 11) % 12 + 1


_WRITERS: dict[str, Callable[[Time], str]] = {
    "January": lambda t: t.month().string(),
    "Jan": lambda t: t.month().string()[:3],
    "1": _number(0, Time.month),
    "01": _number(2, Time.month),
    "Monday": lambda t: t.weekday().string(),
    "Mon": lambda t: t.weekday().string()[:3],
    "2": _number(0, Time.day),
    "_2": lambda t: f"{t.day():2d}",
    "02": _number(2, Time.day),
    "__2": lambda t: f"{t.year_day():3d}",
    "002": _number(3, Time.year_day),
    "15": _number(2, Time.hour),
    "3": _number(0, _hour12),
    "03": _number(2, _hour12),
    "4": _number(0, Time.minute),
    "04": _number(2, Time.minute),
    "5": _number(0, Time.second),
    "05": _number(2, Time.second),
    "2006": _number(4, Time.year),
    "06": _number(2, lambda t: abs(t.year()) % 100),
    "PM": lambda t: "PM" if t.hour() >= 12 else "AM",
    "pm": lambda t: "pm" if t.hour() >= 12 else "am",
    "MST": lambda t: _abbreviation(t),
}


def _write_chunk(t: Time, chunk: str) -> str:
    writer = _WRITERS.get(chunk)
    if writer is not None:
        return writer(t)
    if chunk[0] == "Z" and not t.offset():
        return "Z"
    if chunk[0] in "Z-":
        return _write_offset(t.offset(), chunk[1:])
    digits = f"{t.nanosecond():09d}"[: len(chunk) - 1]
    if chunk[1] == "9":
        digits = digits.rstrip("0")
        return chunk[0] + digits if digits else ""
    return chunk[0] + digits


def _write_offset(offset: int, form: str) -> str:
    """Write an offset in the form ``07``, ``0700``, ``07:00``, ``070000`` or ``07:00:00``."""
    seconds = abs(offset)
    parts = [seconds // 3600, seconds // 60 % 60, seconds % 60][: len(form.replace(":", "")) // 2]
    sign = "-" if offset < 0 else "+"
    return sign + (":" if ":" in form else "").join(f"{part:02d}" for part in parts)


def _abbreviation(t: Time) -> str:
    if t.zone is None or t.zone.name:
        return UTC if t.zone is None else t.zone.name
    return _write_offset(t.zone.offset, "0700")
