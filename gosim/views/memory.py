"""The memory of a run as a picture: its curves over virtual time, and who holds what at the end.

Beside a leak stands its repair, on the same scale.  `gosim.views.memory_chart` draws the curves,
`gosim.views.heap_picture` the holders.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from gosim.memory.samples import MemoryRecord
from gosim.views import heap_picture
from gosim.views.heap_picture import NOTE
from gosim.views.memory_chart import Chart
from gosim.views.metrics import ASCENT, text_width, wrap
from gosim.views.sheet import Sheet, Text
from gosim.views.shown import Shown
from gosim.views.svg import Theme, to_svg
from gosim.views.text import headline, memory, stays

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from gosim.leaks.run import Run

__all__ = [
    "Memory",
    "chart",
    "chart_sheet",
    "of_runs",
    "plot",
    "save",
    "sheet",
]

_MOST_BARS, _MOST_FIXED_BARS = 12, 5

# Measures in points.
_ONE, _TWO = 760.0, 960.0
_MARGIN: Final = 18.0
_TITLE, _HEADING, _NAME, _LABEL = 13.0, 11.0, 9.5, 8.5
_LEADING: Final = 1.35
_LEAST, _STACKED = 320.0, 640.0
_NARROWEST, _LOWEST = 240.0, 150.0

NAMES: Final = ("leak", "fixed")


def sheet(
    record: MemoryRecord,
    other: MemoryRecord | None = None,
    title: str = "",
    names: tuple[str, str] = NAMES,
    width: float = 0.0,
) -> Sheet:
    """Return curves and holders as marks on a sheet.

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
    width : float
        In points, 320 at least; 0 for the usual width.  On a narrow sheet the two stand below one
        another.
    """
    records = [record] if other is None else [record, other]
    titles = names if other is not None else ("",)
    width = max(width, _LEAST) if width else (_ONE if other is None else _TWO)
    inside = width - 2 * _MARGIN
    page = Sheet(width, 0.0, title or "memory over virtual time", description=_told(records, names))
    y = _MARGIN
    for line in wrap(title, inside, _TITLE, bold=True) if title else ():
        page.add(Text(_MARGIN, y + _TITLE * ASCENT, line, _TITLE, bold=True))
        y += _TITLE * _LEADING
    y += 8 if title else 0
    panels = Chart(records, titles, inside, stacked=width < _STACKED)
    panels.draw(page, _MARGIN, y)
    y = _holders(page, records, titles, y + panels.height + 14)
    page.height = math.ceil(y + _MARGIN)
    return page


def _told(records: Sequence[MemoryRecord], names: Sequence[str]) -> str:
    if len(records) == 1:
        return stays(records[0])
    return "; ".join(
        f"{name}: {stays(record)}" for record, name in zip(records, names, strict=True)
    )


def _holders(
    page: Sheet, records: Sequence[MemoryRecord], titles: Sequence[str], y: float
) -> float:
    """Draw who holds what; return where that ends."""
    inside = page.width - 2 * _MARGIN
    y += _HEADING
    who = f"Who holds what when {records[0].moment}"
    page.add(Text(_MARGIN, y, who, _HEADING, bold=True))
    together = [h for record in records for h in record.holdings]
    if any(h.hidden for h in together):
        x = _MARGIN + text_width(who, _HEADING, bold=True) + 10
        if x + text_width(NOTE, _LABEL) <= _MARGIN + inside:
            page.add(Text(x, y, NOTE, _LABEL, color="muted"))
        else:
            for line in wrap(NOTE, inside, _LABEL):
                y += _LABEL * _LEADING + 2
                page.add(Text(_MARGIN, y, line, _LABEL, color="muted"))
    y += 11
    scale = heap_picture.scale_of(together, inside)
    for record, name, most in zip(records, titles, (_MOST_BARS, _MOST_FIXED_BARS), strict=False):
        if name:
            name_y = y + _NAME + 6
            page.add(Text(_MARGIN, name_y, name, _NAME, bold=True, color="muted"))
            y = name_y + 8
        y = heap_picture.draw(page, record.holdings, most, _MARGIN, y, inside, scale)
    return y


def chart_sheet(
    record: MemoryRecord,
    other: MemoryRecord | None = None,
    names: tuple[str, str] = NAMES,
    width: float = 0.0,
    height: float = 0.0,
) -> Sheet:
    """Return the curves alone; `width` and `height` in points, 0 for the usual size."""
    records = [record] if other is None else [record, other]
    titles = names if other is not None else ("",)
    width = width or (_ONE if other is None else _TWO)
    panels = Chart(records, titles, width - 16, height - 16 if height else 0.0)
    page = Sheet(width, panels.height + 16, "memory over virtual time")
    page.description = _told(records, names)
    panels.draw(page, 8, 8)
    return page


# -- doors -----------------------------------------------------------------------------------------


def chart(
    record: MemoryRecord,
    other: MemoryRecord | None = None,
    ax: Axes | None = None,
    names: tuple[str, str] = NAMES,
) -> Axes:
    """Draw the curves of memory over virtual time with matplotlib.

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
        Its units are points, y downwards.
    """
    from gosim.views.plot import figure, paint

    if ax is None:
        return figure(chart_sheet(record, other, names)).axes[0]
    # The picture is as large as the axes, so that words and lines have their usual size.
    space = ax.get_window_extent()
    scale = 72 / ax.get_figure(root=True).dpi  # type: ignore[union-attr]  # axes have a figure
    width, height = space.width * scale, space.height * scale
    least = _NARROWEST if other is None else 2 * _NARROWEST
    grown = max(1.0, least / width, _LOWEST / height)
    return paint(chart_sheet(record, other, names, width * grown, height * grown), ax)


def plot(
    record: MemoryRecord,
    other: MemoryRecord | None = None,
    ax: Axes | None = None,
    title: str = "",
    names: tuple[str, str] = NAMES,
) -> Axes:
    """Draw curves and holders with matplotlib; the parameters are those of `sheet` and `chart`."""
    from gosim.views.plot import figure, paint

    page = sheet(record, other, title, names)
    return figure(page).axes[0] if ax is None else paint(page, ax)


def save(
    record: MemoryRecord,
    path: str | os.PathLike[str],
    other: MemoryRecord | None = None,
    *,
    title: str = "",
    names: tuple[str, str] = NAMES,
) -> None:
    """Draw curves and holders into a file: PNG, SVG or PDF, by the suffix of its name.

    The same record gives the same bytes.  Parameters are those of `sheet`.

    Raises
    ------
    UsageError
        For another suffix.
    OSError
        When the file cannot be written.
    """
    from gosim.views.plot import save as save_sheet

    save_sheet(sheet(record, other, title, names), path)


class Memory(Shown):
    """The memory of a run, beside its repair's where one is given; it shows itself in a notebook.

    Parameters
    ----------
    record, other, title, names
        As in `sheet`.
    """

    def __init__(
        self,
        record: MemoryRecord,
        other: MemoryRecord | None = None,
        title: str = "",
        names: tuple[str, str] = NAMES,
    ) -> None:
        self.record, self.other = record, other
        self.title, self.names = title, names

    @property
    def sheet(self) -> Sheet:
        """The picture as marks on a sheet."""
        return sheet(self.record, self.other, self.title, self.names)

    def to_svg(self, theme: Theme = "light") -> str:
        """Return the picture as SVG."""
        return to_svg(self.sheet, theme)

    def to_text(self) -> str:
        """Return the report on memory for a terminal, of both runs where there are two."""
        if self.other is None:
            return memory(self.record)
        both = zip(self.names, (self.record, self.other), strict=True)
        return "\n\n".join(f"{name}\n{memory(record)}" for name, record in both)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the picture with matplotlib; return the axes."""
        return plot(self.record, self.other, ax, self.title, self.names)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture into a file: PNG, SVG or PDF, by the suffix of its name."""
        save(self.record, path, self.other, title=self.title, names=self.names)

    def _alt(self) -> str:
        return _told([self.record] if self.other is None else [self.record, self.other], self.names)

    def __repr__(self) -> str:
        return f"<Memory: {stays(self.record)}>"


def of_runs(run: Run, fixed: Run | None = None, title: str = "") -> Memory:
    """Return the memory of a run as a picture, beside the repaired program's where it is given.

    Raises
    ------
    UsageError
        When nothing is known of the memory of the run.
    """
    record = run.memory_record
    if record is None:
        from gosim.runtime.errors import UsageError

        raise UsageError(
            "nothing is known of the memory of this run: it used no value whose bytes are "
            "counted; run(main, memory=True) counts stacks and channels, too"
        )
    other = None if fixed is None else fixed.memory_record
    names = (run.variant, "fixed" if fixed is None else fixed.variant)
    return Memory(record, other, title or headline(run), names)
