"""What package time needs of Python: Go's Duration, Month and Weekday are plain ints."""

from __future__ import annotations

import sys
from typing import Any

from gosim.golang.values.strings import decode, encode
from gosim.runtime import current
from gosim.std import time
from gosim.std.time import Duration
from gosim.std.time.timer import feed


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


def date(year: int, month: int, day: int, hour: int, min: int, sec: int, nsec: int) -> time.Time:
    """``time.Date`` in UTC."""
    return time.date(year, time.Month(month), day, hour, min, sec, nsec)


def Since(t: time.Time) -> int:
    """``time.Since``."""
    return int(time.since(t))


def Until(t: time.Time) -> int:
    """``time.Until``."""
    return int(time.until(t))


def Time_Date(t: time.Time) -> tuple[int, int, int]:
    """``Time.Date``."""
    year, month, day = t.date()
    return year, int(month), day


def Time_Month(t: time.Time) -> int:
    """``Time.Month``."""
    return int(t.month())


def Time_Weekday(t: time.Time) -> int:
    """``Time.Weekday``."""
    return int(t.weekday())


def Time_Sub(t: time.Time, u: time.Time) -> int:
    """``Time.Sub``."""
    return int(t.sub(u))


def Tick(d: int) -> Any:
    """``time.Tick``: nil for a duration that is not positive."""
    w = current.world or current.current_world("time.Tick")
    return feed(w, d, d, sys._getframe(1)).ch if d > 0 else None
