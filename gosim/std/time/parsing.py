"""Reading times back from texts (Go: ``Parse`` in ``time/format.go``)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gosim.std import errors
from gosim.std.time.duration import quote
from gosim.std.time.instant import _CHUNK, UTC, Month, Time, Weekday, Zone, date

__all__ = ["ParseError", "parse"]


@dataclass(frozen=True, slots=True)
class ParseError(errors.Error):
    """What is wrong with a text that should be a time (``time.ParseError``).

    Attributes
    ----------
    layout, value : str
        What was given.
    layout_elem, value_elem : str
        The part of each where it went wrong.
    message : str
        What is wrong, if it is not that the two do not fit.
    """

    layout: str
    value: str
    layout_elem: str
    value_elem: str
    message: str = ""

    def error(self) -> str:
        """Return Go's text."""
        if self.message:
            return f"parsing time {quote(self.value)}{self.message}"
        return (
            f"parsing time {quote(self.value)} as {quote(self.layout)}: "
            f"cannot parse {quote(self.value_elem)} as {quote(self.layout_elem)}"
        )


class _Bad(Exception):
    """The value does not fit the chunk."""


class _Range(Exception):
    """A number is out of range; says which, and what is left of the value."""


_MONTHS = [Month(m).string() for m in range(1, 13)]
_DAYS = [Weekday(d).string() for d in range(7)]
_FRACTION = re.compile(r"[.,][0-9]+")
_OFFSETS = {
    "07": r"([+-])(\d\d)",
    "0700": r"([+-])(\d\d)(\d\d)",
    "07:00": r"([+-])(\d\d):(\d\d)",
    "070000": r"([+-])(\d\d)(\d\d)(\d\d)",
    "07:00:00": r"([+-])(\d\d):(\d\d):(\d\d)",
}
#: Abbreviations as ``parseTimeZone`` takes them: ChST, MeST, GMT+3, +03, three letters, or four or
#: five that end in T (WITA also may).
_ABBREVIATION = re.compile(
    r"ChST|MeST|GMT(?:[+-][0-9]{1,2})?|[+-][0-9]{2}|[A-Z]{4}T(?![A-Z])|(?:[A-Z]{3}T|WITA)(?![A-Z])"
    r"|[A-Z]{3}(?![A-Z])"
)
#: What the chunk is about, for "out of range", and the bounds.
_NUMBERS = {
    "01": ("month", 1, 12),
    "1": ("month", 1, 12),
    "15": ("hour", 0, 23),
    "03": ("hour", 0, 12),
    "3": ("hour", 0, 12),
    "04": ("minute", 0, 59),
    "4": ("minute", 0, 59),
    "05": ("second", 0, 59),
    "5": ("second", 0, 59),
    "02": ("day", 0, 99),
    "2": ("day", 0, 99),
    "_2": ("day", 0, 99),
}


class _Reader:
    """Reads a value along a layout."""

    def __init__(self, value: str) -> None:
        self.rest = value
        self.found: dict[str, int] = {}
        self.noon = ""
        self.zone: Zone | None = None
        self.abbreviation = ""
        self.offset: int | None = None

    def take(self, pattern: str | re.Pattern[str]) -> re.Match[str]:
        match = re.match(pattern, self.rest)
        if match is None:
            raise _Bad
        self.rest = self.rest[match.end() :]
        return match

    def skip(self, prefix: str) -> None:
        """Pass over the text of the layout between chunks; blanks may be more or fewer."""
        while prefix:
            if prefix[0] == " ":
                if self.rest and self.rest[0] != " ":
                    raise _Bad
                prefix, self.rest = prefix.lstrip(" "), self.rest.lstrip(" ")
            elif self.rest[:1] != prefix[0]:
                raise _Bad
            else:
                prefix, self.rest = prefix[1:], self.rest[1:]

    def chunk(self, chunk: str, following: str) -> None:
        """Read what one chunk of the layout stands for."""
        if chunk in _NUMBERS:
            self.number(chunk)
            if chunk in ("05", "5") and _FRACTION.match(self.rest):
                then = _CHUNK.search(following)
                if then is None or then[0][0] not in ".,":
                    self.fraction()
        elif chunk in ("January", "Jan", "Monday", "Mon"):
            self.name(chunk)
        elif chunk == "2006":
            self.found["year"] = int(self.take(r"\d{4}")[0])
        elif chunk == "06":
            year = int(self.take(r"\d\d")[0])
            self.found["year"] = year + (1900 if year >= 69 else 2000)
        elif chunk in ("002", "__2"):
            pattern = r"\d{3}" if chunk == "002" else r" {0,2}\d{1,3}"
            self.found["day of year"] = int(self.take(pattern)[0])
        elif chunk in ("PM", "pm"):
            self.noon = self.take("AM|PM" if chunk == "PM" else "am|pm")[0].upper()
        elif chunk == "MST":
            self.time_zone()
        elif chunk[0] in "Z-":
            self.numeric_zone(chunk)
        elif chunk[1] == "0":
            self.nanoseconds(self.take(rf"[.,][0-9]{{{len(chunk) - 1}}}")[0])
        elif _FRACTION.match(self.rest):
            self.fraction()

    def number(self, chunk: str) -> None:
        what, low, high = _NUMBERS[chunk]
        if chunk == "_2":
            self.take(" ?")
        fixed = chunk[0] == "0"
        number = int(self.take(r"\d\d" if fixed else r"\d\d?")[0])
        if not low <= number <= high:
            raise _Range(what)
        self.found[what] = number

    def name(self, chunk: str) -> None:
        names = _MONTHS if chunk[0] == "J" else _DAYS
        for i, name in enumerate(names):
            short = name if len(chunk) > 3 else name[:3]
            if self.rest[: len(short)].lower() == short.lower():
                self.rest = self.rest[len(short) :]
                if names is _MONTHS:
                    self.found["month"] = i + 1
                return
        raise _Bad

    def fraction(self) -> None:
        self.nanoseconds(self.take(_FRACTION)[0])

    def nanoseconds(self, text: str) -> None:
        self.found["nanosecond"] = int(text[1:10].ljust(9, "0"))

    def time_zone(self) -> None:
        if self.rest.startswith("UTC"):
            self.rest = self.rest[3:]
            self.zone = _UTC
            return
        self.abbreviation = self.take(_ABBREVIATION)[0]

    def numeric_zone(self, chunk: str) -> None:
        if chunk[0] == "Z" and self.rest[:1] == "Z":
            self.rest = self.rest[1:]
            self.zone = _UTC
            return
        match = self.take(_OFFSETS[chunk[1:]])
        parts = [int(part) for part in match.groups()[1:]] + [0, 0]
        for part, high, what in zip(
            parts, (24, 60, 60), ("hour", "minute", "second"), strict=False
        ):
            if part > high:
                raise _Range(f"time zone offset {what}")
        seconds = (parts[0] * 60 + parts[1]) * 60 + parts[2]
        self.offset = -seconds if match[1] == "-" else seconds


_UTC = Zone(UTC, 0)


def parse(layout: str, value: str, zone: Zone | None = None) -> tuple[Time, ParseError | None]:
    """Return the time that `value` tells in the form of `layout` (``time.Parse``).

    Parameters
    ----------
    layout, value : str
    zone : Zone, optional
        Where the time is when `value` does not say (``time.ParseInLocation``); UTC if left out.

    Returns
    -------
    tuple of Time and error
        The zero time where there is an error.

    Examples
    --------
    >>> print(*parse("2006-01-02 15:04", "2000-05-03 14:05"))
    2000-05-03 14:05:00 +0000 UTC None
    >>> print(parse("2006-01-02", "2000-13-03")[1])
    parsing time "2000-13-03": month out of range
    """

    def failed(layout_elem: str, value_elem: str, message: str = "") -> tuple[Time, ParseError]:
        return Time(), ParseError(layout, value, layout_elem, value_elem, message)

    reader = _Reader(value)
    rest = layout
    while True:
        match = _CHUNK.search(rest)
        prefix = rest if match is None else rest[: match.start()]
        try:
            reader.skip(prefix)
        except _Bad:
            return failed(prefix, reader.rest)
        if match is None:
            break
        rest = rest[match.end() :]
        before = reader.rest
        try:
            reader.chunk(match[0], rest)
        except _Bad:
            return failed(match[0], before)
        except _Range as what:
            return failed(match[0], reader.rest, f": {what} out of range")
    if reader.rest:
        return failed("", reader.rest, f": extra text: {quote(reader.rest)}")
    made = _made(reader, zone)
    return (made, None) if isinstance(made, Time) else failed("", reader.rest, f": {made}")


def _made(reader: _Reader, zone: Zone | None) -> Time | str:
    """Return the time of what was read, or what is wrong with it."""
    found = reader.found
    hour = found.get("hour", 0)
    if reader.noon == "PM" and hour < 12:
        hour += 12
    elif reader.noon == "AM" and hour == 12:
        hour = 0
    year, month, day = found.get("year", 0), found.get("month", 1), found.get("day", 1)
    if "day of year" in found:
        then = date(year, 1, found["day of year"])
        if found["day of year"] < 1 or then.year() != year:
            return "day-of-year out of range"
        if "month" in found and month != then.month():
            return "day-of-year does not match month"
        if "day" in found and day != then.day():
            return "day-of-year does not match day"
        month, day = int(then.month()), then.day()
    if day < 1 or date(year, month, day).day() != day:
        return "day out of range"
    clock = hour, found.get("minute", 0), found.get("second", 0), found.get("nanosecond", 0)
    where = _zone(reader, zone)
    if reader.abbreviation and reader.offset is None:
        return date(year, month, day, *clock).in_(where)  # even of GMT+3 Go takes the clock for UTC
    return date(year, month, day, *clock, where or UTC)


def _zone(reader: _Reader, zone: Zone | None) -> Zone | None:
    """Return the zone that was read, else the one that was given."""
    name, offset = reader.abbreviation, reader.offset
    if reader.zone is not None:
        return None  # UTC by its name
    if offset is not None:
        return None if offset == 0 and name in ("", UTC) else Zone(name, offset)
    if name:
        # An abbreviation does not tell where it is used, so its offset is unknown.
        hours = int(name[3:]) if name.startswith("GMT") and name[3:] else 0
        return Zone(name, hours * 3600)
    return zone
