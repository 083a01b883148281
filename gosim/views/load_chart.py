"""The curve of ``top`` under load: the leak and its repair in one chart, and the limit.

Below it, in the same time, how many goroutines there are.  What is extrapolated is dotted and says
so.  Each curve has its own line and its name at its end; colour alone says nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

from gosim.memory.samples import Sample
from gosim.traffic.result import Load
from gosim.views.memory_chart import Across, Curve, Panel
from gosim.views.metrics import ASCENT, text_width, wrap
from gosim.views.scales import byte_ticks, count_ticks, time_ticks
from gosim.views.sheet import Extent, Path, Polygon, Rect, Sheet, Text
from gosim.views.text import duration, size

__all__ = ["about", "name_of", "sheet", "told"]

_WIDTH: Final = 760.0
_MARGIN: Final = 18.0
_AXIS: Final = 54.0
_LABEL: Final = 80.0
"""On the left, for the word at the limit."""
_ROOM: Final = 135.0
"""On the right, for the names of curves."""
_TITLE, _FONT, _HEAD = 13.0, 9.0, 10.0
_LEADING: Final = 1.35
_HIGH, _LOW = 250.0, 96.0
_BETWEEN: Final = 18.0
_BEYOND: Final = 1.1
_OVER: Final = 16.0
"""What happens at the limit is written so far above it: over the word for the limit."""
_AHEAD: Final = 3.0
"""An extrapolated limit is drawn if it is at most so many times the load away, and of what goes on
longer than what was ended at most so much."""

_LOOKS: Final = (
    ("vermillion", "alarm", (), 2.0),
    ("green", "calm", (8.4, 2.8), 1.6),
    ("blue", "blue", (7.0, 2.1, 1.4, 2.1), 1.6),
    ("purple", "held", (2.2, 1.8), 1.6),
)


def sheet(loads: Sequence[Load], title: str = "", width: float = _WIDTH) -> Sheet:
    """Return the chart as marks on a sheet.

    Parameters
    ----------
    loads : sequence of Load
        The leak first.
    title : str
        What stands above.
    width : float
        In points.
    """
    inside = width - 2 * _MARGIN
    page = Sheet(width, 0.0, title or "memory under load", description=told(loads))
    y = _MARGIN
    for line in wrap(title, inside, _TITLE, bold=True) if title else ():
        page.add(Text(_MARGIN, y + _TITLE * ASCENT, line, _TITLE, bold=True))
        y += _TITLE * _LEADING
    y += 6 if title else 0
    across = _across(loads)
    left, right = _MARGIN + _AXIS, width - _MARGIN
    y = _heading(page, left, y, "RSS, what top shows")
    box = Extent(left, y, right, y + _HIGH)
    _memory(page, box, loads, across)
    y = box.bottom + _BETWEEN + _FONT
    y = _heading(page, left, y, "goroutines")
    box = Extent(left, y, right, y + _LOW)
    _goroutines(page, box, loads, across)
    y = box.bottom + 5 + 2 * _FONT * _LEADING + 2
    page.add(Text(left, y, across.title, _FONT, color="muted"))
    page.height = math.ceil(y + _MARGIN)
    return page


def told(loads: Sequence[Load]) -> str:
    """Return the chart in a sentence."""
    parts = []
    for load in loads:
        what = f"{name_of(load)}: from {size(load.base.get('rss', 0))} to {size(load.rss)}"
        if load.ended == "limit":
            what += f", ended at its limit after {duration(load.virtual_ns)}"
        parts.append(what)
    return "; ".join(parts)


def _heading(page: Sheet, x: float, y: float, text: str) -> float:
    page.add(Text(x, y + _HEAD * ASCENT, text, _HEAD, bold=True))
    return y + _HEAD * _LEADING + 4


def _across(loads: Sequence[Load]) -> Across:
    """Return the horizontal axis: all of the time, but not much more than what ended early."""
    last = max(1, *(load.virtual_ns for load in loads), *(s.at for x in loads for s in x.samples))
    ended = [load.virtual_ns for load in loads if load.ended != "time"]
    if ended:
        last = min(last, max(1, int(_AHEAD * max(ended))))
    for load in loads:
        until = load.until_limit if load.how == "extrapolated" else None
        if until is not None and until <= _AHEAD * load.virtual_ns:
            last = max(last, int(until * 1.02))
    unit, ticks = time_ticks(last)
    return Across(True, last, f"virtual time since the first call ({unit})", ticks)


def _drawn(load: Load, across: Across) -> list[Sample]:
    """Return the samples that the axis has room for."""
    return [s for s in load.samples if s.at <= across.last] or load.samples[:1]


def _memory(page: Sheet, box: Extent, loads: Sequence[Load], across: Across) -> None:
    limit = loads[0].limit if loads[0].limit_by == "container" else None
    top = float(max(1, *(load.peak for load in loads)))
    if limit is not None and limit <= 3 * top:
        top = max(top, float(limit))
    for load in loads:
        if load.how == "extrapolated" and (load.until_limit or 0) <= across.last:
            top = max(top, float(limit or 0))
    top *= _BEYOND
    panel = Panel(page, box, across, top, _FONT, _ROOM)
    first = loads[0]
    if first.samples and first.grows:
        _parts(page, panel, first)
    for value, text in byte_ticks(top, 5):
        panel.rule(value, text)
    if limit is not None and limit <= top:
        y = panel.y(limit)
        page.add(Path(((box.left, y), (panel.right, y)), "alarm", 1.1, (5.0, 3.0)))
        word, early = f"limit {size(limit)}", _early(panel, loads)
        x = panel.right - 4 - text_width(word, _FONT, bold=True) if early else box.left + 4
        page.add(Text(x, y - 4, word, _FONT, color="alarm", bold=True))
    _curves(panel, loads, _rss, size)
    for load, look in zip(loads, _looks(loads), strict=True):
        _ahead(page, panel, load, look, across)
        if load.ended == "limit":
            x, y = panel.x(load.virtual_ns), panel.y(load.rss)
            for a, b in ((-4, -4), (-4, 4)):
                page.add(Path(((x + a, y + b), (x - a, y - b)), look.color, 2.2))
            word = "killed" if load.limit_by == "container" else "out of memory"
            text = f"{word} after {about(load.virtual_ns)}"
            _said(page, panel, x, y - _OVER, text, look.words)
    panel.axis(True)


def _parts(page: Sheet, panel: Panel, load: Load) -> None:
    """Colour the part of the first curve that is stacks, and the part that is live heap."""
    xs = [panel.x(s.at) for s in load.samples]
    if xs[-1] - xs[0] < _LABEL:
        return
    stack = [panel.y(s.stack_inuse) for s in load.samples]
    heap = [panel.y(s.stack_inuse + s.heap_live) for s in load.samples]
    foot = [panel.box.bottom] * len(xs)
    for low, high, colour, word in (
        (foot, stack, "purple-faint", "stacks"),
        (stack, heap, "green-faint", "live heap"),
    ):
        kept = range(0, len(xs), max(1, len(xs) // 150))
        area = [(xs[i], high[i]) for i in kept] + [(xs[-1], high[-1])]
        area += [(xs[-1], low[-1])] + [(xs[i], low[i]) for i in reversed(kept)]
        page.add(Polygon(tuple(area), colour, tip=f"{name_of(load)}: {word}"))
        wanted = xs[0] + 0.78 * (xs[-1] - xs[0])
        at = next(i for i, x in enumerate(xs) if x >= wanted)
        if low[at] - high[at] > 2 * _FONT:
            y = (low[at] + high[at]) / 2 + _FONT / 3
            page.add(Text(xs[at], y, word, _FONT, color="muted", anchor="middle"))


def _said(page: Sheet, panel: Panel, x: float, y: float, text: str, color: str) -> None:
    """Write what happened at `x`, on the side where there is room."""
    if x < (panel.box.left + panel.right) / 2:
        page.add(Text(x + 8, y, text, _FONT, color=color))
    else:
        page.add(Text(x + 6, y, text, _FONT, color=color, anchor="end"))


def _early(panel: Panel, loads: Sequence[Load]) -> bool:
    """Whether a limit is reached in the left half of the chart."""
    return any(
        load.until_limit is not None
        and panel.x(load.until_limit) < (panel.box.left + panel.right) / 2
        for load in loads
    )


def _ahead(page: Sheet, panel: Panel, load: Load, look: Curve, across: Across) -> None:
    """Draw how the curve would go on to the limit."""
    until, limit = load.until_limit, load.limit
    if load.how != "extrapolated" or until is None or until > across.last or limit is None:
        return
    start = panel.x(load.virtual_ns), panel.y(load.peak)
    end = panel.x(until), panel.y(limit)
    page.add(Path((start, end), look.color, 1.4, (1.6, 3.2), tip="extrapolated"))
    page.add(Rect(end[0] - 3, end[1] - 3, 6, 6, "paper", look.color, 1.4, radius=3))
    text = f"extrapolated: {about(until)}"
    _said(page, panel, end[0], end[1] - _OVER, text, look.words)


def _goroutines(page: Sheet, box: Extent, loads: Sequence[Load], across: Across) -> None:
    top = max(1, *(s.goroutines for load in loads for s in load.samples)) * _BEYOND
    panel = Panel(page, box, across, top, _FONT, _ROOM)
    for value, _ in count_ticks(int(top), 3):
        panel.rule(value, _count(int(value)))
    _curves(panel, loads, _alive, _count)
    panel.axis(True)


def _curves(
    panel: Panel,
    loads: Sequence[Load],
    value: Callable[[Sample], int],
    said: Callable[[int], str],
) -> None:
    ends, words, last = [], [], 0.0
    for load, look in zip(loads, _looks(loads), strict=True):
        samples = _drawn(load, panel.across)
        if not samples:
            continue
        figures, at = [value(s) for s in samples], [float(s.at) for s in samples]
        if load.samples[-1].at > panel.across.last:  # it goes on beyond the edge
            figures.append(figures[-1])
            at.append(float(panel.across.last))
        panel.curve(look, at, figures)
        ends.append((look, figures[-1]))
        words.append(f"{name_of(load)}  {said(figures[-1])}")
        last = max(last, at[-1])
    if ends:
        panel.labels(ends, words, last)


def _looks(loads: Sequence[Load]) -> list[Curve]:
    looks = []
    for i, load in enumerate(loads):
        color, words, dash, thick = _LOOKS[i % len(_LOOKS)]
        looks.append(Curve(f"load{i}", name_of(load), name_of(load), color, words, dash, thick))
    return looks


def _rss(sample: Sample) -> int:
    return sample.rss


def _alive(sample: Sample) -> int:
    return sample.goroutines


def _count(n: int) -> str:
    return f"{n:,}".replace(",", "\u202f")


def name_of(load: Load) -> str:
    """Return what a variant is called; the function, where there are no variants."""
    return load.function if load.variant == "main" else load.variant


def about(ns: int) -> str:
    """Return a time as people say it: three digits, or whole seconds."""
    if ns >= 100_000_000_000:
        return duration(round(ns / 1_000_000_000) * 1_000_000_000)
    unit = 10 ** max(0, len(str(ns)) - 3)
    return duration(round(ns / unit) * unit)
