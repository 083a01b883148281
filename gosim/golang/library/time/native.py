"""What package time needs of Python: Go's Duration, Month and Weekday are plain ints."""

from __future__ import annotations

import sys
from typing import Any

from gosim.golang.values.strings import decode, encode
from gosim.runtime import current
from gosim.runtime.forms import in_form
from gosim.std import time
from gosim.std.time import Duration, Time, Zone, duration
from gosim.std.time.timer import feed, start_func


def Duration_Abs(d: int) -> int:
    """``Duration.Abs``."""
    return int(Duration(d).abs())


def Duration_Hours(d: int) -> float:
    """``Duration.Hours``."""
    return Duration(d).hours()


def Duration_Microseconds(d: int) -> int:
    """``Duration.Microseconds``."""
    return Duration(d).microseconds()


def Duration_Milliseconds(d: int) -> int:
    """``Duration.Milliseconds``."""
    return Duration(d).milliseconds()


def Duration_Minutes(d: int) -> float:
    """``Duration.Minutes``."""
    return Duration(d).minutes()


def Duration_Nanoseconds(d: int) -> int:
    """``Duration.Nanoseconds``."""
    return d


def Duration_Round(d: int, m: int) -> int:
    """``Duration.Round``."""
    return int(Duration(d).round(m))


def Duration_Seconds(d: int) -> float:
    """``Duration.Seconds``."""
    return Duration(d).seconds()


def Duration_String(d: int) -> str:
    """``Duration.String``."""
    return encode(Duration(d).string())


def Duration_Truncate(d: int, m: int) -> int:
    """``Duration.Truncate``."""
    return int(Duration(d).truncate(m))


def ParseDuration(s: str) -> tuple[int, Any]:
    """``time.ParseDuration``."""
    d, err = time.parse_duration(decode(s))
    return int(d), err


def Month_String(m: int) -> str:
    """``Month.String``."""
    return time.Month(m).string()


def Weekday_String(d: int) -> str:
    """``Weekday.String``."""
    return time.Weekday(d).string()


# A method, for speed not called through the packages of Python's.
Now = time.now


_UTC = ("UTC", "Local")


def zone(name: str, offset: int) -> Zone:
    """Return a zone."""
    return Zone(decode(name), offset)


def _zone(loc: Zone) -> Zone | None:
    """Return a zone as times have it: none in that of the machine."""
    return loc if loc.offset or loc.name not in _UTC else None


def Location_String(loc: Zone | None) -> str:
    """``(*Location).String``."""
    return "UTC" if loc is None else encode(loc.name)


def date(
    year: int, month: int, day: int, hour: int, min: int, sec: int, nsec: int, loc: Zone
) -> Time:
    """``time.Date``."""
    where = _zone(loc) or time.UTC
    return time.date(year, time.Month(month), day, hour, min, sec, nsec, where)


def quote(s: str) -> str:
    """Quote as the errors of this package do."""
    return duration.quote(decode(s))


def parse(layout: str, value: str, loc: Zone) -> tuple[Time, bool, str, str, str]:
    """Return the time, or what a `ParseError` says."""
    t, err = time.parse(decode(layout), decode(value), _zone(loc))
    if err is None:
        return t, True, "", "", ""
    return t, False, encode(err.layout_elem), encode(err.value_elem), encode(err.message)


def Time_in(t: Time, loc: Zone) -> Time:
    """Return an instant in another zone."""
    return t.in_(_zone(loc))


def Time_location(t: Time) -> Zone | None:
    """Return the zone, None for UTC."""
    return t.zone


def Time_Zone(t: Time) -> tuple[str, int]:
    """``Time.Zone``."""
    return ("UTC", 0) if t.zone is None else (encode(t.zone.name), t.zone.offset)


def Since(t: Time) -> int:
    """``time.Since``."""
    return int(time.since(t))


def Until(t: Time) -> int:
    """``time.Until``."""
    return int(time.until(t))


def Time_Date(t: Time) -> tuple[int, int, int]:
    """``Time.Date``."""
    year, month, day = t.date()
    return year, int(month), day


def Time_Month(t: Time) -> int:
    """``Time.Month``."""
    return int(t.month())


def Time_Weekday(t: Time) -> int:
    """``Time.Weekday``."""
    return int(t.weekday())


def Time_Sub(t: Time, u: Time) -> int:
    """``Time.Sub``."""
    return int(t.sub(u))


def Tick(d: int) -> Any:
    """``time.Tick``: nil for a duration that is not positive."""
    w = current.world or current.current_world("time.Tick")
    return feed(w, d, d, sys._getframe(1)).ch if d > 0 else None


def AfterFunc(d: int, f: Any) -> time.Timer:
    """``time.AfterFunc``: the timer has no channel."""
    w = current.world or current.current_world("time.AfterFunc")
    timer: Any = in_form(time.Timer, w)(start_func(w, d, f, sys._getframe(1)))
    timer.C = None
    return timer  # type: ignore[no-any-return]  # a form of it
