"""The memory of a run as a picture: its curves over virtual time, and who holds what at the end.

The curves are those that people watch: what ``top`` shows (RSS), heap in use, live heap, stacks,
and the live heap at which the next collection is due.  Beside a leak stands its repair on the same
scale.  Below, a bar for each holder; what is kept although nobody can see it is hatched.

matplotlib is imported inside functions only, and its global state is left alone.  No meaning is
carried by colour alone: each curve has its own line and its name at its end.
"""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from gosim.memory.samples import Holding, MemoryRecord, Sample
from gosim.views.text import collections, duration, in_order, plural, short, size, stays, time_moves

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's palette, and darker forms of it for words.
_INK, _GREY, _RULE = "#222222", "#595959", "#DDDDDD"
_BLUE, _GREEN, _VERMILLION, _PURPLE = "#0072B2", "#009E73", "#D55E00", "#CC79A7"


@dataclass(frozen=True)
class Curve:
    """How one quantity is drawn."""

    name: str
    brief: str
    value: Callable[[Sample], int]
    color: str
    words: str
    line: Any
    width: float
    filled: bool = False


CURVES: Final = (
    Curve("RSS, what top shows", "RSS", attrgetter("rss"), _VERMILLION, "#A84A00", "solid", 2.0),
    Curve("heap in use", "in use", attrgetter("heap_inuse"), _BLUE, "#005A8C", (0, (6, 2)), 1.4),
    Curve(
        "live heap", "live", attrgetter("heap_live"), _GREEN, "#00694D", "solid", 1.2, filled=True
    ),
    Curve(
        "stacks",
        "stacks",
        attrgetter("stack_inuse"),
        _PURPLE,
        "#8F3F6B",
        (0, (5, 1.5, 1, 1.5)),
        1.4,
    ),
)
GOAL: Final = Curve(
    "goal of the next GC", "GC goal", attrgetter("next_gc"), "#7A7A7A", _GREY, (0, (2.5, 2)), 0.9
)
_NO_GOAL: Final = 1 << 60
"""A goal beyond this means that the collector is off."""

_MOST_POINTS: Final = 600
_MOST_BARS, _MOST_FIXED_BARS = 12, 5

# Measures in points.
_ONE, _TWO = 760.0, 960.0
_MARGIN, _AXIS, _PANEL, _UNDER = 18.0, 50.0, 250.0, 50.0
_HEADLINE, _HEADING, _SMALL, _LABEL = 13.0, 11.0, 9.0, 8.5
_LEADING: Final = 1.35
_BETWEEN, _ROW, _BAR = 16.0, 33.0, 11.0
_LEADER, _GAP, _WORDS = 12.0, 3.0, 7.0
_HEAD, _NAME, _BESIDE = 36.0, 24.0, 220.0


# -- axes ------------------------------------------------------------------------------------------


def byte_ticks(top: float, intervals: int = 5) -> list[tuple[float, str]]:
    """Return places and words of the marks of an axis from 0 to `top` bytes.

    Steps are round in a unit of 1024, so that 64 MiB and not 67.1 million stands at a mark.
    """
    units = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
    top = max(top, 1)
    unit = min(int(math.log2(top) // 10), len(units) - 1)
    one = float(1 << 10 * unit)
    step = _step(top / one, intervals, 1.0 if unit == 0 else 0.0)
    marks = range(1, int(top / one / step + 1e-9) + 1)
    return [(0.0, "0"), *((i * step * one, f"{i * step:g} {units[unit]}") for i in marks)]


def _step(top: float, intervals: int, smallest: float = 0.0, usual: Sequence[float] = ()) -> float:
    """Return the distance of marks: a usual one, or 1, 2, 5, 10, …; one mark at least is seen."""
    least = top / intervals
    power = 10.0 ** math.floor(math.log10(least)) if least > 0 else 1.0
    steps = [s for s in usual if s >= least / 10] if least <= max(usual, default=0.0) else []
    steps = steps or [f * power for f in (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)]
    step = next(s for s in steps if s >= least * (1 - 1e-9))
    if step > top:
        step = max((s for s in steps if s <= top), default=step)
    return max(step, smallest)


_TIMES: Final = (
    ("ns", 1, 1_000),
    ("µs", 1_000, 1_000_000),
    ("ms", 1_000_000, 1_000_000_000),
    ("s", 1_000_000_000, 120_000_000_000),
    ("min", 60_000_000_000, 7_200_000_000_000),
    ("h", 3_600_000_000_000, 0),
)
_CLOCK: Final = {
    "s": (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0),
    "min": (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0),
    "h": (0.5, 1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 48.0, 96.0, 240.0),
}
"""Nobody counts 20 minutes or 5 hours to a mark."""


def time_ticks(last: int, intervals: int = 6) -> tuple[str, list[tuple[float, str]]]:
    """Return the unit of an axis from 0 to `last` ns, and its marks: place in ns, and number."""
    unit, one = next((u, one) for u, one, below in _TIMES if last < below or not below)
    smallest = 1.0 if unit == "ns" else 0.0
    step = _step(max(last, 1) / one, intervals, smallest, _CLOCK.get(unit, ()))
    marks = range(int(last / one / step + 1e-9) + 1)
    return unit, [(i * step * one, f"{i * step:g}") for i in marks]


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return places at least `gap` apart between `low` and `high`, near the wanted ones.

    The order is kept; labels that would overlap are moved aside together.  When they do not all
    fit, they stand at equal distances.
    """
    if not wanted:
        return []
    n = len(wanted)
    gap = min(gap, (high - low) / max(1, n - 1))
    order = sorted(range(n), key=lambda i: wanted[i])
    # Blocks of labels that touch: the sum of what each would like its block's foot to be.
    blocks: list[tuple[float, int]] = []
    for i in order:
        total, count = min(max(wanted[i], low), high), 1
        while blocks and _foot(blocks[-1], gap, low, high) + blocks[-1][1] * gap > _foot(
            (total, count), gap, low, high
        ):
            # A label k places above the foot would like it k gaps lower.
            before, members = blocks.pop()
            total += before - members * gap * count
            count += members
        blocks.append((total, count))
    places = [0.0] * n
    at = iter(order)
    for block in blocks:
        foot = _foot(block, gap, low, high)
        for k in range(block[1]):
            places[next(at)] = foot + k * gap
    return places


def _foot(block: tuple[float, int], gap: float, low: float, high: float) -> float:
    """Return where the lowest label of a block stands."""
    total, count = block
    return min(max(total / count, low), high - (count - 1) * gap)


def thin(xs: Sequence[float], ys: Sequence[float], most: int) -> tuple[list[float], list[float]]:
    """Return fewer points of a curve of steps: of each stretch its first, lowest, highest, last."""
    if len(xs) <= most:
        return list(xs), list(ys)
    stretches = max(1, most // 4)
    keep: set[int] = set()
    for k in range(stretches):
        part = range(k * len(xs) // stretches, (k + 1) * len(xs) // stretches)
        if part:
            keep |= {part[0], min(part, key=ys.__getitem__), max(part, key=ys.__getitem__)}
            keep.add(part[-1])
    kept = sorted(keep)
    return [xs[i] for i in kept], [ys[i] for i in kept]


@dataclass(frozen=True)
class Across:
    """The horizontal axis of a panel: virtual time, or the samples one after the other."""

    time: bool
    last: int
    title: str
    ticks: list[tuple[float, str]]


def across(records: Sequence[MemoryRecord], intervals: int = 6) -> list[Across]:
    """Return the horizontal axis of each record; the same for all where that can be read.

    A repair is done sooner than its leak, or later: with one axis for both one sees it.  Where the
    shorter of the two would be hard to see, each has its own.
    """
    made = []
    for record in records:
        samples = record.samples
        if time_moves(samples):
            last = samples[-1].at
            unit, ticks = time_ticks(last, intervals)
            made.append(Across(True, last, f"virtual time ({unit})", ticks))
            continue
        last = max(1, len(samples) - 1)
        words = "virtual time hardly moves"
        if len({s.at for s in samples}) < 2:
            words = f"virtual time stands still at {duration(samples[-1].at if samples else 0)}"
        made.append(
            Across(False, last, f"sample after sample: {words}", count_ticks(last, intervals))
        )
    lasts = [a.last for a in made]
    if len({a.time for a in made}) == 1 and min(lasts) * 4 >= max(lasts):
        longest = max(made, key=lambda a: a.last)
        return [longest] * len(made)
    return made


def count_ticks(last: int, intervals: int = 6) -> list[tuple[float, str]]:
    """Return marks of an axis that counts from 0 to `last`."""
    step = _step(max(last, 1), intervals, 1.0)
    return [(i * step, f"{i * step:g}") for i in range(int(last / step) + 1)]


# -- one panel -------------------------------------------------------------------------------------


def highest(record: MemoryRecord) -> int:
    """Return the top of what is drawn of a record, in bytes; a goal far above it is cut off."""
    top = max((c.value(s) for c in CURVES for s in record.samples), default=0)
    goals = [s.next_gc for s in record.samples if s.next_gc <= 2.5 * top]
    return max([top, *goals, 1])


def chart(
    record: MemoryRecord,
    other: MemoryRecord | None = None,
    ax: Axes | None = None,
    *,
    names: tuple[str, str] = ("leak", "fixed"),
) -> Axes:
    """Draw the curves of memory over virtual time.

    Parameters
    ----------
    record : MemoryRecord
        From ``Run.memory_record``.
    other : MemoryRecord, optional
        Another run, drawn beside it on the same scale: the repaired program.
    ax : matplotlib.axes.Axes, optional
        Where to draw; left out, a figure of the right size is made.
    names : tuple of str
        What the two are called.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`, or the first panel of the new figure.
    """
    records = [record] if other is None else [record, other]
    titles = names if other is not None else ("",)
    if ax is None:
        width = _ONE if other is None else _TWO
        with _our_style():
            figure = _figure(width, _PANEL + _UNDER + 54)
            panels = _panels(figure, len(records), width, _UNDER, _PANEL)
            _draw(panels, records, titles)
        return panels[0]
    if other is None:
        _draw([ax], records, titles)
        return ax
    ax.axis("off")
    panels = [ax.inset_axes((0.0, 0.0, 0.49, 1.0)), ax.inset_axes((0.51, 0.0, 0.49, 1.0))]
    _draw(panels, records, titles)
    return ax


def _draw(panels: Sequence[Axes], records: Sequence[MemoryRecord], titles: Sequence[str]) -> None:
    top = max(map(highest, records))
    intervals = max(1, min(6, int(_extent(panels[0])[0] / 70)))
    verdicts = [_verdict(ax, record) for ax, record in zip(panels, records, strict=True)]
    lines = max(map(len, verdicts))
    for i, (ax, record, axis) in enumerate(
        zip(panels, records, across(records, intervals), strict=True)
    ):
        # The titles of both stand at one height, however long what is said below them.
        verdict = verdicts[i] + [""] * (lines - len(verdicts[i]))
        _panel(ax, record, axis, top, titles[i], verdict, numbered=i == 0)


def _font(ax: Axes) -> float:
    return min(_LABEL, max(6.0, _extent(ax)[0] / 36))


def _verdict(ax: Axes, record: MemoryRecord) -> list[str]:
    return _broken(stays(record, 44), _extent(ax)[0] - 4, _font(ax) + 0.5)


def _panel(
    ax: Axes,
    record: MemoryRecord,
    axis: Across,
    top: int,
    title: str,
    verdict: Sequence[str],
    numbered: bool,
) -> None:
    """Draw one record on axes of their own."""
    samples = record.samples
    width, height = _extent(ax)
    font = _font(ax)
    ax.set_ylim(0, top * 1.06)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color(_GREY)
    ax.tick_params(labelsize=font, colors=_GREY, labelcolor=_INK, length=3)
    marks = byte_ticks(top * 1.06, max(2, min(5, int(height / 40))))
    ax.set_yticks([y for y, _ in marks], [text if numbered else "" for _, text in marks])
    ax.tick_params(axis="y", length=0)
    xs: list[float] = [s.at if axis.time else i for i, s in enumerate(samples)]
    labels = []
    for curve in (GOAL, *reversed(CURVES)):
        ys = [float(v) if (v := curve.value(s)) < _NO_GOAL else math.nan for s in samples]
        if not any(y > 0 for y in ys):
            continue
        _curve(ax, curve, xs, ys)
        if not math.isnan(ys[-1]):
            labels.append((curve, ys[-1]))
    room = _labels(ax, labels, xs[-1] if xs else 0.0, axis, top * 1.06, font)
    places = [(x, text) for x, text in axis.ticks if x <= axis.last * (1 + 1e-9)]
    if len(samples) < 2:
        places = []  # one moment makes no axis
    ax.set_xticks([x for x, _ in places], [text for _, text in places])
    ax.spines["bottom"].set_bounds(0, axis.last)
    for y, _ in marks:
        ax.plot([0, axis.last], [y, y], color=_RULE, linewidth=0.6, zorder=0.5)
    _collections(ax, record, axis)
    under = axis.title
    counted = collections(record)
    if counted:
        under += "\n" + "\n".join(_broken(f"| {counted}", width - 6, font))
    # In the middle of the curves, not of curves and labels.
    ax.set_xlabel(under, fontsize=font, color=_GREY, x=0.0, ha="left", linespacing=1.4)
    ax.xaxis.label.set_fontfamily(_fonts())
    y = 6.0
    for line in reversed(verdict):
        if line:
            _above(ax, y, line, font + 0.5, False)
        y += (font + 0.5) * _LEADING
    if title:
        _above(ax, y + 1, _elided(title, width, font + 2, True), font + 2, True)
    if not samples:
        ax.text(0.5, 0.5, "no samples", transform=ax.transAxes, ha="center", color=_GREY)
    for label in (*ax.get_xticklabels(), *ax.get_yticklabels()):
        label.set_fontfamily(_fonts())
    ax.set_xlim(-axis.last * 0.004, axis.last + room)


def _above(ax: Axes, y: float, text: str, points: float, bold: bool) -> None:
    """Write a line above axes, `y` points above their top."""
    ax.annotate(
        text,
        (0, 1),
        (0, y),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=points,
        fontfamily=_fonts(text),
        fontweight="bold" if bold else "normal",
        color=_INK,
        parse_math=False,
        annotation_clip=False,
    )


def _curve(ax: Axes, curve: Curve, xs: list[float], ys: list[float]) -> None:
    shown_xs, shown_ys = thin(xs, ys, _MOST_POINTS)
    if len(xs) == 1:
        ax.plot(xs, ys, "o", color=curve.color, markersize=4, zorder=3)
        return
    if curve.filled:
        ax.fill_between(
            shown_xs, shown_ys, step="post", color=curve.color, alpha=0.22, linewidth=0, zorder=1
        )
    ax.plot(
        shown_xs,
        shown_ys,
        drawstyle="steps-post",
        color=curve.color,
        linestyle=curve.line,
        linewidth=curve.width,
        zorder=2 + curve.width / 10,
    )


def _labels(
    ax: Axes,
    labels: list[tuple[Curve, float]],
    end: float,
    axis: Across,
    top: float,
    font: float,
) -> float:
    """Name the curves at their ends; return the room this takes, in units of the x axis."""
    width, height = _extent(ax)
    for brief in (False, True):
        texts = []
        for curve, y in labels:
            up = " ↑" if y > top else ""
            texts.append(f"{size(int(y))}  {curve.brief if brief else curve.name}{up}")
        # On few pixels, letters are wider than on paper.
        longest = max((_wide(text, font) for text in texts), default=0.0) * 1.06 + _LEADER + 4
        share = min(0.62, longest / width)
        if share < 0.5:
            break
    room = axis.last * share / (1 - share)
    wanted = [min(y, top) / top * height for _, y in labels]
    places = spread(wanted, font * 1.22, font * 0.6, height - font * 0.5)
    per_point = (axis.last + room) / width
    for (curve, y), text, was, place in zip(labels, texts, wanted, places, strict=True):
        # From the curve's end to the edge of the panel's curves, then to the words.
        xs = [end, axis.last + 2 * per_point, axis.last + (_LEADER - _GAP) * per_point]
        ys = [min(y, top), was / height * top, place / height * top]
        if end < axis.last:  # the run is over here: no curve, only the way to its name
            ax.plot(
                xs[:2], ys[:1] * 2, color=curve.color, linewidth=0.7, linestyle=(0, (1, 4)),
                clip_on=False, zorder=1.5,
            )  # fmt: skip
            xs, ys = xs[1:], ys[1:]
        ax.plot(xs, ys, color=curve.color, linewidth=0.6, clip_on=False, zorder=1.5, alpha=0.8)
        ax.annotate(
            text,
            (axis.last + _LEADER * per_point, ys[-1]),
            fontsize=font,
            fontfamily=_fonts(text),
            color=curve.words,
            va="center_baseline",
            ha="left",
            parse_math=False,
            annotation_clip=False,
            zorder=4,
        )
    return room


def _collections(ax: Axes, record: MemoryRecord, axis: Across) -> None:
    """Mark the collections on the axis."""
    samples = record.samples
    if axis.time:
        places = [float(cycle.at) for cycle in record.cycles]
    if not axis.time or not record.cycles:
        xs = [float(s.at) if axis.time else float(i) for i, s in enumerate(samples)]
        places = [
            x
            for x, before, after in zip(xs[1:], samples, samples[1:], strict=False)
            if after.num_gc > before.num_gc
        ]
    # Marks that would stand on one another are one mark.
    cells = {int(x / axis.last * 400): x for x in places if x <= axis.last}
    ax.vlines(
        list(cells.values()), 0, 0.028, colors=_INK, linewidth=0.8, zorder=3.5,
        transform=ax.get_xaxis_transform(),
    )  # fmt: skip


# -- who holds what --------------------------------------------------------------------------------


class _Page:
    """Writes and draws on the whole of a figure, in points from its top left corner."""

    def __init__(self, figure: Figure, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.ax = figure.add_axes((0, 0, 1, 1), zorder=-1)
        self.ax.set_xlim(0, width)
        self.ax.set_ylim(height, 0)
        self.ax.axis("off")

    def text(
        self, x: float, y: float, text: str, points: float, color: str = _INK, bold: bool = False
    ) -> float:
        """Write a line with its foot at `y`; return where it ends."""
        self.ax.text(
            x,
            y,
            text,
            fontsize=points,
            fontfamily=_fonts(text),
            fontweight="bold" if bold else "normal",
            color=color,
            va="baseline",
            parse_math=False,
        )
        # On pixels, letters are a little wider than on paper.
        return x + _wide(text, points, bold) * 1.02 + 1

    def bar(self, x: float, y: float, width: float, **look: Any) -> None:
        from matplotlib.patches import Rectangle

        self.ax.add_patch(Rectangle((x, y), width, _BAR, **look))


def folded(holdings: Sequence[Holding], most: int) -> tuple[list[Holding], list[Holding]]:
    """Return the holders that get a bar, the largest first, and those that are told in a line.

    From the third on, who holds too little for a bar that is seen gets none.
    """
    ordered = sorted((h for h in holdings if h.bytes > 0), key=in_order)
    least = max((h.bytes for h in ordered), default=0) // 500
    shown = [h for i, h in enumerate(ordered) if i < 2 or h.bytes >= least]
    if len(shown) > most:
        shown = shown[: most - 1]
    return shown, [h for h in ordered if h not in shown]


def _bars(page: _Page, y: float, holdings: Sequence[Holding], most: int, scale: float) -> float:
    """Draw a bar for each holder below `y`; `scale` is points per byte. Return the new foot."""
    shown, rest = folded(holdings, most)
    if not shown:
        page.text(_MARGIN, y + 14, "nothing is held", _SMALL, _GREY)
        return y + 22
    right = page.width - _MARGIN
    for h in shown:
        site = short(h.at)
        free = (right - _MARGIN - _wide(site, _LABEL)) / 1.02 - 2 * _WORDS - 3
        name = _elided(h.holder, free * (0.6 if h.what else 1.0), _SMALL + 0.5, True)
        x = page.text(_MARGIN, y + 11, name, _SMALL + 0.5, bold=True) + _WORDS
        if h.what:
            what = _elided(h.what, free + _MARGIN + _WORDS - x, _SMALL)
            x = page.text(x, y + 11, what, _SMALL) + _WORDS
        if site:
            page.text(x, y + 11, site, _LABEL, "#767676")
        hidden = min(h.hidden, h.bytes)
        long = max(1.5, h.bytes * scale)
        hatched = long if hidden == h.bytes else hidden * scale
        if h.kind == "idle":
            page.bar(
                _MARGIN, y + 15, long, facecolor="white", edgecolor=_GREY, linestyle="--", lw=0.8
            )
        elif long > hatched:
            page.bar(_MARGIN, y + 15, long - hatched, facecolor=_BLUE, edgecolor=_BLUE, lw=0.8)
        if hatched:
            page.bar(
                _MARGIN + long - hatched,
                y + 15,
                hatched,
                facecolor="#FBE6D9",
                edgecolor=_VERMILLION,
                hatch="/////",
                lw=0.8,
            )
        x = page.text(_MARGIN + long + 6, y + 24, size(h.bytes), _SMALL, bold=True)
        if hidden:
            page.text(x, y + 24, f", {_unseen(h.bytes, hidden)} nobody can see", _SMALL)
        y += _ROW
    if rest:
        words = f"… and {plural(len(rest), 'more holder')} of {size(sum(h.bytes for h in rest))}"
        hidden = sum(h.hidden for h in rest)
        if hidden:
            words += f", {_unseen(sum(h.bytes for h in rest), hidden)} nobody can see"
        page.text(_MARGIN, y + 11, words, _SMALL, _GREY)
        y += 18
    return y


def _unseen(whole: int, hidden: int) -> str:
    """Return how much of it is out of sight, in words: ``7.9 MiB of it``, ``all but 12 B``."""
    if hidden >= whole:
        return "all of it"
    if hidden > 0.9 * whole:
        return f"all but {size(whole - hidden)}"
    return f"{size(hidden)} of it"


def _bars_height(holdings: Sequence[Holding], most: int) -> float:
    shown, rest = folded(holdings, most)
    return len(shown) * _ROW + (18 if rest else 0) if shown else 22


# -- the whole picture -----------------------------------------------------------------------------


def picture(
    record: MemoryRecord,
    other: MemoryRecord | None = None,
    *,
    title: str = "",
    names: tuple[str, str] = ("leak", "fixed"),
) -> Figure:
    """Draw curves and holders on a page.

    Parameters
    ----------
    record : MemoryRecord
        From ``Run.memory_record``.
    other : MemoryRecord, optional
        The repaired program's, drawn beside it on the same scale.
    title : str
        What the picture says; ``gosim run --memory`` gives the verdict.
    names : tuple of str
        What the two runs are called.

    Returns
    -------
    matplotlib.figure.Figure
    """
    records = [record] if other is None else [record, other]
    titles = names if other is not None else ("",)
    limits = (_MOST_BARS, _MOST_FIXED_BARS)
    width = _ONE if other is None else _TWO
    with _our_style():
        headline = _broken(title, width - 2 * _MARGIN, _HEADLINE, True) if title else []
        each = _each(len(records), width)
        said = max(len(_broken(stays(r, 44), each - 4, _LABEL + 0.5)) for r in records)
        above = said * 12.2 + (16 if other is not None else 0) + 12
        head = _MARGIN + len(headline) * _HEADLINE * _LEADING + above
        named = _NAME if other is not None else 0.0
        height = head + _PANEL + _UNDER + _HEAD + _MARGIN
        height += sum(
            named + _bars_height(r.holdings, most) for r, most in zip(records, limits, strict=False)
        )
        figure = _figure(width, height)
        page = _Page(figure, width, height)
        y = _MARGIN
        for line in headline:
            page.text(_MARGIN, y + _HEADLINE, line, _HEADLINE, bold=True)
            y += _HEADLINE * _LEADING
        foot = height - head - _PANEL
        _draw(_panels(figure, len(records), width, foot, _PANEL), records, titles)
        y = head + _PANEL + _UNDER
        who = f"Who holds what when {record.moment}"
        x = page.text(_MARGIN, y + 25, who, _HEADING, bold=True)
        if any(h.hidden for r in records for h in r.holdings):
            note = "hatched: kept only because something smaller lies in the same piece of memory"
            page.text(x + _WORDS, y + 25, note, _LABEL, _GREY)
        y += _HEAD
        most = max((h.bytes for r in records for h in r.holdings), default=0)
        scale = (width - 2 * _MARGIN - _BESIDE) / max(1, most)
        for r, name, limit in zip(records, titles, limits, strict=False):
            if named:
                page.text(_MARGIN, y + _NAME - 8, name, _SMALL + 0.5, _GREY, bold=True)
                y += named
            y = _bars(page, y, r.holdings, limit, scale)
    return figure


def save(
    record: MemoryRecord,
    path: str | os.PathLike[str],
    other: MemoryRecord | None = None,
    *,
    title: str = "",
    names: tuple[str, str] = ("leak", "fixed"),
) -> None:
    """Draw curves and holders into a file: PNG, SVG or PDF, by the suffix of its name.

    The same record gives the same bytes.  Parameters are those of :func:`picture`.

    Raises
    ------
    UsageError
        For another suffix.
    OSError
        When the file cannot be written.
    """
    suffix = os.path.splitext(path)[1].lower()
    # Dates and the versions of libraries stay out: the same record gives the same bytes.
    metadata: dict[str, Any] = {
        ".png": {"Software": None},
        ".svg": {"Date": None, "Creator": "gosim", "Title": title or "memory"},
        ".pdf": {"CreationDate": None, "Creator": "gosim", "Producer": None},
    }
    if suffix not in metadata:
        from gosim.runtime.errors import UsageError

        name = os.fspath(path)
        raise UsageError(f"{name}: the name of a picture of memory ends in .png, .svg or .pdf")
    figure = picture(record, other, title=title, names=names)
    with _our_style(), warnings.catch_warnings():
        # A name in a script for which no font is installed is drawn as boxes; nobody can help it.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure.savefig(path, format=suffix[1:], metadata=metadata[suffix])


@contextmanager
def _our_style() -> Iterator[None]:
    """Draw with matplotlib's defaults, whatever the user has set, and equally each time."""
    import matplotlib

    ours = {
        **{k: v for k, v in matplotlib.rcParamsDefault.items() if not k.startswith("backend")},
        "svg.hashsalt": "gosim",
        "svg.fonttype": "path",
        "hatch.linewidth": 0.7,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", matplotlib.MatplotlibDeprecationWarning)
        with matplotlib.rc_context(ours):
            yield


def _figure(width: float, height: float) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width / 72, height / 72), dpi=144, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def _panels(figure: Figure, count: int, width: float, foot: float, height: float) -> list[Axes]:
    """Make panels side by side; `foot` is their distance from the lower edge, all in points."""
    full_height = figure.get_size_inches()[1] * 72
    left, each = _MARGIN + _AXIS, _each(count, width)
    return [
        figure.add_axes(
            (
                (left + i * (each + _BETWEEN)) / width,
                foot / full_height,
                each / width,
                height / full_height,
            )
        )
        for i in range(count)
    ]


def _each(count: int, width: float) -> float:
    """Return the width of each of so many panels."""
    return (width - 2 * _MARGIN - _AXIS - _BETWEEN * (count - 1)) / count


def _extent(ax: Axes) -> tuple[float, float]:
    """Return width and height of axes in points."""
    extent = ax.get_window_extent()
    scale = 72 / ax.get_figure(root=True).dpi  # type: ignore[union-attr] # axes have a figure
    return extent.width * scale, extent.height * scale


# -- words -----------------------------------------------------------------------------------------


@cache
def _paths() -> Any:
    from matplotlib.textpath import TextToPath

    return TextToPath()


def _wide(text: str, points: float, bold: bool = False) -> float:
    """Return the width of a line in points."""
    if not text:
        return 0.0
    from matplotlib.font_manager import FontProperties

    font = FontProperties(
        family=_fonts(text), size=points, weight="bold" if bold else "normal"
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        width, _, _ = _paths().get_text_width_height_descent(text, font, False)
    return float(width)


def _elided(text: str, width: float, points: float, bold: bool = False) -> str:
    """Return the text, shortened in its middle until it is at most `width` points wide."""
    if _wide(text, points, bold) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        kept = (low + high + 1) // 2
        if _wide(_cut(text, kept), points, bold) <= width:
            low = kept
        else:
            high = kept - 1
    return _cut(text, low)


def _cut(text: str, kept: int) -> str:
    """Keep so many characters of a text: two thirds from its beginning, a third from its end."""
    tail = kept // 3
    return text[: kept - tail] + "…" + (text[-tail:] if tail else "")


def _broken(text: str, width: float, points: float, bold: bool = False) -> list[str]:
    """Break a text into lines at most `width` points wide."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _wide(longer, points, bold) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return [_elided(line, width, points, bold) for line in lines]


def _fonts(text: str = "") -> list[str]:
    """Return the fonts for a text: a Chinese one behind the usual one where it is needed."""
    return ["DejaVu Sans"] if text.isascii() else ["DejaVu Sans", *_chinese()]


@cache
def _chinese() -> tuple[str, ...]:
    from matplotlib.font_manager import fontManager

    installed = set(fontManager.get_font_names())
    known = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "SimHei")
    return tuple(name for name in known if name in installed)[:1]
