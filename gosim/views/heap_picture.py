"""Who holds which bytes: a bar for each holder, all in one scale.

What is kept although nobody can see it is hatched; pages in no use have a dashed border.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from gosim.memory.samples import Holding
from gosim.views.metrics import cut, text_width, wrap
from gosim.views.sheet import Rect, Sheet, Text
from gosim.views.text import in_order, plural, short, size

# Measures in points.
_NAME, _SMALL, _LABEL = 9.5, 9.0, 8.5
_ROW, _BAR, _LAST, _LINE = 33.0, 11.0, 18.0, 12.0
_WORDS: Final = 8.0
_BESIDE: Final = 220.0
"""The room behind the longest bar for its words."""
_AMOUNT: Final = 76.0
"""The same where only the amount stands behind it, and the other words below."""
_NARROW: Final = 480.0

NOTE: Final = "hatched: kept only because something smaller lies in the same piece of memory"


def folded(holdings: Sequence[Holding], most: int) -> tuple[list[Holding], list[Holding]]:
    """Return the holders that get a bar, the largest first, and those that are told in a line.

    Pages in no use come last. What gets no bar is the smallest.

    From the third on, who holds too little for a bar that is seen gets none.
    """
    ordered = sorted((h for h in holdings if h.bytes > 0), key=lambda h: -h.bytes)
    least = ordered[0].bytes // 500 if ordered else 0
    shown = [h for i, h in enumerate(ordered) if i < 2 or h.bytes >= least]
    if len(shown) > most:
        shown = shown[: most - 1]
    return sorted(shown, key=in_order), [h for h in ordered if h not in shown]


def scale_of(holdings: Sequence[Holding], width: float) -> float:
    """Return points per byte, such that the longest bar and its words have room."""
    beside = _AMOUNT if width < _NARROW else _BESIDE
    return (width - beside) / max((h.bytes for h in holdings), default=1)


def draw(
    page: Sheet,
    holdings: Sequence[Holding],
    most: int,
    left: float,
    top: float,
    width: float,
    scale: float,
) -> float:
    """Draw a bar for each holder and return where they end.

    Parameters
    ----------
    page : Sheet
    holdings : sequence of Holding
    most : int
        So many bars at most; the rest is told in a line.
    left, top, width : float
        Where, in points.
    scale : float
        Points per byte.
    """
    shown, rest = folded(holdings, most)
    if not shown:
        page.add(Text(left, top + 14, "nothing is held", _SMALL, color="muted"))
        return top + 22
    y = top
    for h in shown:
        key: dict[str, Any] = {"tip": _tip(h), "key": f"held {h.holder}"}
        _words(page, h, left, y + 11, width, key)
        x = _bar(page, h, left, y + 15, scale, key)
        if h.hidden:
            words = f"{unseen(h.bytes, h.hidden)} nobody can see"
            if width < _NARROW:
                y += _LINE
                page.add(Text(left, y + 26, words, _SMALL, **key))
            else:
                page.add(Text(x, y + 24, f", {words}", _SMALL, **key))
        y += _ROW
    if rest:
        whole, hidden = sum(h.bytes for h in rest), sum(h.hidden for h in rest)
        words = f"… and {plural(len(rest), 'more holder')} of {size(whole)}"
        if hidden:
            words += f", {unseen(whole, hidden)} nobody can see"
        for line in wrap(words, width, _SMALL):
            page.add(Text(left, y + 11, line, _SMALL, color="muted"))
            y += _LINE
        y += _LAST - _LINE
    return y


def _words(
    page: Sheet, h: Holding, left: float, base: float, width: float, key: dict[str, Any]
) -> None:
    """Write who holds, what, and where it was made."""
    site = short(h.at)
    free = width - text_width(site, _LABEL) - 2 * _WORDS
    name = cut(h.holder, free * (0.6 if h.what else 1.0), _NAME, bold=True)
    page.add(Text(left, base, name, _NAME, bold=True, **key))
    x = left + text_width(name, _NAME, bold=True) + _WORDS
    if h.what:
        what = cut(h.what, left + free + _WORDS - x, _SMALL)
        page.add(Text(x, base, what, _SMALL, **key))
        x += text_width(what, _SMALL) + _WORDS
    if site:
        page.add(Text(x, base, site, _LABEL, color="muted", **key))


def _bar(
    page: Sheet, h: Holding, left: float, y: float, scale: float, key: dict[str, Any]
) -> float:
    """Draw how much it is, what nobody can see last; return where the words end."""
    hidden = min(h.hidden, h.bytes)
    long = max(1.5, h.bytes * scale)
    hatched = long if hidden == h.bytes else hidden * scale
    thin: dict[str, Any] = {"thickness": 0.8, **key}
    if h.kind == "idle":
        page.add(Rect(left, y, long, _BAR, "paper", "muted", dash=(3.0, 1.6), **thin))
    elif long > hatched:
        page.add(Rect(left, y, long - hatched, _BAR, "blue", "blue", **thin))
    if hatched:
        look: dict[str, Any] = {"hatch": "/", "hatch_color": "vermillion", **thin}
        x = left + long - hatched
        page.add(Rect(x, y, hatched, _BAR, "vermillion-faint", "vermillion", **look))
    x, base = left + long + 6, y + 9
    amount = size(h.bytes)
    page.add(Text(x, base, amount, _SMALL, bold=True, **key))
    return x + text_width(amount, _SMALL, bold=True) + 0.5


def _tip(h: Holding) -> str:
    """Return everything that is known of a holding in a line."""
    parts = [h.what, f"{size(h.bytes)} would be freed without this holder"]
    if h.hidden:
        parts.append(f"{unseen(h.bytes, h.hidden)} nobody can see")
    if h.at:
        parts.append(f"allocated at {short(h.at)}")
    return f"{h.holder}: {', '.join(part for part in parts if part)}"


def unseen(whole: int, hidden: int) -> str:
    """Return how much of it is out of sight, in words: ``7.9 MiB of it``, ``all but 12 B``."""
    if hidden >= whole:
        return "all of it"
    if hidden > 0.9 * whole:
        return f"all but {size(whole - hidden)}"
    return f"{size(hidden)} of it"
