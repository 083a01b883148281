"""Spans of time (Go: ``time.Duration`` in ``time.go``, ``ParseDuration`` in ``format.go``)."""

from __future__ import annotations

import re
from typing import Any, overload

from gosim.std import errors
from gosim.std.strconv import utf8

MIN = -(1 << 63)
MAX = (1 << 63) - 1


class Duration(int):
    """A span of virtual time in whole nanoseconds that prints as in Go.

    ``+ - * // %`` with Durations and whole numbers stay Durations, so that ``Duration(n) * Second``
    works as in Go; only ``Duration // Duration``, a count, is a plain int.  ``//`` and ``%`` round
    down as always in Python, where Go rounds towards zero: they differ for negative durations only.
    ``/`` gives a plain float.  There is no overflow: a sum beyond Go's 64 bits (292 years) stays
    what it is.

    Examples
    --------
    >>> print(1500 * Millisecond, Second + 20 * Millisecond, f"{Hour // 7:>16}", -Second)
    1.5s 1.02s 8m34.285714285s -1s
    >>> Second // (100 * Millisecond)
    10
    """

    __slots__ = ()
    __go_type__ = "time.Duration"

    def string(self) -> str:
        """Return Go's text: ``1h15m30.918s``, ``1.5µs``, ``0s`` (``Duration.String``)."""
        ns = int(self)
        sign = "-" if ns < 0 else ""
        ns = abs(ns)
        if ns == 0:
            return "0s"
        for unit, digits in _SMALL_UNITS:
            if ns < 1000 * 10**digits:
                return sign + _decimal(ns, digits) + unit
        minutes, ns = divmod(ns, int(Minute))
        hours, minutes = divmod(minutes, 60)
        text = _decimal(ns, 9) + "s"
        if hours or minutes:
            text = f"{minutes}m{text}"
        if hours:
            text = f"{hours}h{text}"
        return sign + text

    __str__ = string

    def __repr__(self) -> str:
        return f"Duration({int(self)})"

    def __format__(self, spec: str) -> str:
        # A spec that only makes sense for numbers ("d", ",", "x") formats the nanoseconds.
        if spec[-1:] in _NUMBER_SPECS:
            return format(int(self), spec)
        return format(self.string(), spec)

    # -- in other units -----------------------------------------------------------------------

    def nanoseconds(self) -> int:
        """Return the whole nanoseconds."""
        return int(self)

    def microseconds(self) -> int:
        """Return the whole microseconds, rounded towards zero."""
        return _quotient(int(self), 1_000)

    def milliseconds(self) -> int:
        """Return the whole milliseconds, rounded towards zero."""
        return _quotient(int(self), 1_000_000)

    def seconds(self) -> float:
        """Return the seconds as a float."""
        return self._in(1_000_000_000)

    def minutes(self) -> float:
        """Return the minutes as a float."""
        return self._in(60_000_000_000)

    def hours(self) -> float:
        """Return the hours as a float."""
        return self._in(3_600_000_000_000)

    def _in(self, unit: int) -> float:
        # Go adds the float of the rest to that of the whole part; so does this, to the last bit.
        whole = _quotient(int(self), unit)
        return float(whole) + float(int(self) - whole * unit) / unit

    # -- rounding -----------------------------------------------------------------------------

    def truncate(self, m: int) -> Duration:
        """Return the duration rounded towards zero to a multiple of `m`; unchanged if `m` <= 0."""
        if m <= 0:
            return self
        return Duration(_quotient(int(self), m) * int(m))

    def round(self, m: int) -> Duration:
        """Return the nearest multiple of `m`, halfway values away from zero.

        Unchanged if `m` <= 0; the largest or smallest Go duration where the result is beyond it.
        """
        if m <= 0:
            return self
        size = (abs(int(self)) + int(m) // 2) // int(m) * int(m)
        return Duration(max(MIN, -size) if self < 0 else min(MAX, size))

    def abs(self) -> Duration:
        """Return the absolute value; that of the smallest Go duration is the largest one."""
        return self if self >= 0 else Duration(min(MAX, -int(self)))

    # -- arithmetic ---------------------------------------------------------------------------

    def __add__(self, other: int) -> Duration:
        return Duration(int(self) + int(other)) if isinstance(other, int) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other: int) -> Duration:
        return Duration(int(self) - int(other)) if isinstance(other, int) else NotImplemented

    def __rsub__(self, other: int) -> Duration:
        return Duration(int(other) - int(self)) if isinstance(other, int) else NotImplemented

    def __mul__(self, other: int) -> Duration:
        return Duration(int(self) * int(other)) if isinstance(other, int) else NotImplemented

    __rmul__ = __mul__

    @overload  # a Duration is an int, but divides to a count
    def __floordiv__(self, other: Duration) -> int: ...  # type: ignore[overload-overlap]
    @overload
    def __floordiv__(self, other: int) -> Duration: ...
    def __floordiv__(self, other: int) -> int:
        if isinstance(other, Duration):
            return int(self) // int(other)
        return Duration(int(self) // int(other)) if isinstance(other, int) else NotImplemented

    def __mod__(self, other: int) -> Duration:
        return Duration(int(self) % int(other)) if isinstance(other, int) else NotImplemented

    def __divmod__(self, other: int) -> tuple[Any, Duration]:
        return self // other, self % other

    def __neg__(self) -> Duration:
        return Duration(-int(self))

    def __pos__(self) -> Duration:
        return self

    def __abs__(self) -> Duration:
        return Duration(abs(int(self)))


Nanosecond = Duration(1)
Microsecond = Duration(1_000)
Millisecond = Duration(1_000_000)
Second = Duration(1_000_000_000)
Minute = Duration(60_000_000_000)
Hour = Duration(3_600_000_000_000)

_NUMBER_SPECS = tuple("bcdoxXneEfFgG%,_")
_SMALL_UNITS = (("ns", 0), ("µs", 3), ("ms", 6))
_UNITS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,  # U+00B5, the micro sign
    "μs": 1_000,  # U+03BC, the Greek letter
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
# [0-9]*(.[0-9]*)? and then the unit: all up to the next digit or point.
_PART = re.compile(r"(?P<whole>[0-9]*)(?P<point>\.(?P<fraction>[0-9]*))?(?P<unit>[^.0-9]*)")


def _quotient(a: int, b: int) -> int:
    """Divide as Go does, towards zero."""
    a, b = int(a), int(b)
    return a // b if a >= 0 else -(-a // b)


def _decimal(value: int, digits: int) -> str:
    """Write ``value / 10**digits`` without trailing zeros."""
    whole, rest = divmod(value, 10**digits)
    fraction = f"{rest:0{digits}d}".rstrip("0") if rest else ""
    return f"{whole}.{fraction}" if fraction else str(whole)


def quote(s: str) -> str:
    r"""Quote as the errors of Go's ``time`` do: every byte beyond ASCII as ``\x..``."""
    quoted = ""
    for byte in utf8(s):
        if 0x20 <= byte < 0x80:
            quoted += "\\" + chr(byte) if byte in b'"\\' else chr(byte)
        else:
            quoted += f"\\x{byte:02x}"
    return f'"{quoted}"'


def _leading_fraction(digits: str) -> tuple[int, float]:
    """Read the digits behind a point as ``value, scale``, as many as 63 bits hold."""
    value, scale = 0, 1.0
    for digit in digits:
        if value > MAX // 10 or value * 10 + int(digit) > 1 << 63:
            break
        value = value * 10 + int(digit)
        scale *= 10
    return value, scale


def parse_duration(s: str) -> tuple[Duration, errors.Error | None]:
    """Read a text such as ``300ms``, ``-1.5h`` or ``2h45m`` (``time.ParseDuration``).

    Parameters
    ----------
    s : str
        Optional sign, then decimal numbers each with a unit: ns, us (or µs), ms, s, m, h.

    Returns
    -------
    tuple of Duration and error
        The error is None, or has Go's text; the Duration is then 0.

    Examples
    --------
    >>> d, err = parse_duration("1h15m30.918s")
    >>> print(d, err)
    1h15m30.918s None
    >>> print(parse_duration("3 s")[1])
    time: unknown unit " s" in duration "3 s"
    """

    def failed(message: str = "invalid duration") -> tuple[Duration, errors.Error]:
        return Duration(0), errors.new(f"time: {message} {quote(s)}")

    rest = s
    negative = rest[:1] == "-"
    if rest[:1] in ("-", "+"):
        rest = rest[1:]
    if rest == "0":
        return Duration(0), None
    if not rest:
        return failed()
    total = 0
    while rest:
        match = _PART.match(rest)
        if match is None or not (match["whole"] or match["fraction"]):
            return failed()
        if int(match["whole"] or 0) > 1 << 63:
            return failed()
        if not match["unit"]:
            return failed("missing unit in duration")
        unit = _UNITS.get(match["unit"])
        if unit is None:
            return failed(f"unknown unit {quote(match['unit'])} in duration")
        whole = int(match["whole"] or 0)
        if whole > (1 << 63) // unit:
            return failed()
        fraction, scale = _leading_fraction(match["fraction"] or "")
        part = whole * unit + int(float(fraction) * (float(unit) / scale))
        total += part
        if part > 1 << 63 or total > 1 << 63:
            return failed()
        rest = rest[match.end() :]
    if negative:
        return Duration(-total), None
    if total > MAX:
        return failed()
    return Duration(total), None
