"""A sheet as SVG: small, the same bytes every time, real text, tooltips, no script.

Nothing heavy is imported.  Text carries its measured width (``textLength``), so that a viewer with
another font cannot let it run over its box.
"""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Iterable
from itertools import groupby
from typing import Final, Literal, TypeAlias

from gosim.views import palette
from gosim.views.sheet import HATCHES, Mark, Path, Point, Polygon, Rect, Sheet, Text

Theme: TypeAlias = Literal["light", "dark", "auto", "page"]

SANS: Final = "DejaVu Sans,Verdana,Geneva,sans-serif"
MONO: Final = "DejaVu Sans Mono,Menlo,Consolas,monospace"

# One tile of each hatching, 6 × 6 points.
_TILES: Final = {
    "/": "M-1 1L1-1M0 6L6 0M5 7L7 5",
    "\\": "M-1 5L1 7M0 0L6 6M5-1L7 1",
    "x": "M0 6L6 0M0 0L6 6",
    "-": "M0 3H6",
    "|": "M3 0V6",
    "+": "M0 3H6M3 0V6",
}


def to_svg(sheet: Sheet, theme: Theme = "light", prefix: str | None = None) -> str:
    """Return a sheet as an SVG document.

    Parameters
    ----------
    sheet : Sheet
        The picture.
    theme : {"light", "dark", "auto", "page"}
        Colours for light or dark ground; ``auto`` follows the reader's settings by a style sheet
        inside; ``page`` has classes only, for a page that holds `css` once for all its pictures.
    prefix : str, optional
        What the names of hatchings begin with, so that several pictures can stand in one page;
        left out, it is made of the picture's contents.

    Marks that follow each other and have the same `key` and `tip` form one group with a
    ``data-key`` attribute and a tooltip.
    """
    return _Writer(theme).document(sheet, prefix)


def save_svg(sheet: Sheet, path: str | os.PathLike[str], theme: Theme = "light") -> None:
    """Write a sheet into an SVG file."""
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(to_svg(sheet, theme) + "\n")


def css(names: Iterable[str] | None = None) -> str:
    """Return the style sheet of themes ``auto`` and ``page``.

    Every colour is a variable ``--gs-NAME`` and has classes ``gf-NAME`` (fill) and ``gs-NAME``
    (stroke).  Dark values hold on screens whose reader prefers dark pages; paper is light.
    """
    used = list(palette.COLORS if names is None else names)
    light = "".join(f"--gs-{name}:{palette.value(name)};" for name in used)
    dark = "".join(f"--gs-{name}:{palette.value(name, dark=True)};" for name in used)
    rules = "".join(
        f".gf-{name}{{fill:var(--gs-{name})}}.gs-{name}{{stroke:var(--gs-{name})}}" for name in used
    )
    return (
        f":root{{{light}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}{rules}{_MONO_RULE}"
    )


_MONO_RULE: Final = f".gs-m{{font-family:{MONO}}}"


def escape(text: str) -> str:
    """Return text for an XML document; control characters that XML forbids become U+FFFD."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = text.replace('"', "&quot;")
    if text.isprintable():
        return text
    return "".join(c if (c >= " " and not _forbidden(c)) or c in "\t\n" else "\ufffd" for c in text)


def _forbidden(c: str) -> bool:
    return "\ud800" <= c <= "\udfff" or c in "\ufffe\uffff" or "\x7f" <= c <= "\x9f"


def number(value: float) -> str:
    """Return a length with at most one digit behind the point."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


class _Writer:
    """Writes marks; remembers which colours and hatchings it used."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.dark = theme == "dark"
        self.classes = theme in ("auto", "page")
        self.colors: dict[str, None] = {}
        self.patterns: dict[tuple[str, str], str] = {}
        self.mono = False

    def document(self, sheet: Sheet, prefix: str | None) -> str:
        width, height = math.ceil(sheet.width), math.ceil(sheet.height)
        body = []
        if sheet.background:
            ground = Rect(0, 0, width, height, fill=sheet.background)
            body.append(self.rect(ground))
        for (key, tip), marks in groupby(sheet.marks, lambda mark: (mark.key, mark.tip)):
            elements = [self.element(mark) for mark in marks]
            if key or tip:
                name = f' data-key="{escape(key)}"' if key else ""
                title = f"<title>{escape(tip)}</title>" if tip else ""
                elements = [f"<g{name}>{title}", *elements, "</g>"]
            body += elements
        text = "\n".join(body)
        defs = "".join(self.pattern(*look) for look in self.patterns)
        if defs:
            if prefix is None:
                prefix = "p" + hashlib.sha256(text.encode()).hexdigest()[:8]
            defs = f"<defs>{defs}</defs>\n".replace("\0", prefix)
            text = text.replace("\0", prefix)
        style = ""
        if self.theme == "auto":
            style = f"<style>{css(self.colors)}</style>\n"
        elif self.mono and self.theme != "page":
            style = f"<style>{_MONO_RULE}</style>\n"
        about = f' aria-label="{escape(sheet.title)}"' if sheet.title else ""
        long = f"<desc>{escape(sheet.description)}</desc>\n" if sheet.description else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
            f' width="{width}pt" height="{height}pt" style="max-width:100%;height:auto"'
            f' role="img"{about} font-family="{SANS}">\n{long}{style}{defs}{text}\n</svg>'
        )

    def element(self, mark: Mark) -> str:
        match mark:
            case Rect():
                return self.rect(mark)
            case Text():
                return self.text(mark)
            case Path():
                return self.path(mark)
            case Polygon():
                return self.polygon(mark)

    def look(self, fill: str | None, stroke: str, thickness: float = 1.0, extra: str = "") -> str:
        """Return the attributes for colours; `fill` None leaves the fill as it is (black)."""
        classes, attributes = [extra] if extra else [], ""
        for name, letter, word in ((fill, "f", "fill"), (stroke, "s", "stroke")):
            if name:
                self.colors[name] = None
                if self.classes:
                    classes.append(f"g{letter}-{name}")
                else:
                    attributes += f' {word}="{palette.value(name, self.dark)}"'
        if fill == "":
            attributes += ' fill="none"'
        if stroke and thickness != 1:
            attributes += f' stroke-width="{number(thickness)}"'
        return (f' class="{" ".join(classes)}"' if classes else "") + attributes

    def rect(self, mark: Rect) -> str:
        place = (
            f'<rect x="{number(mark.x)}" y="{number(mark.y)}"'
            f' width="{number(mark.width)}" height="{number(mark.height)}"'
        )
        if mark.radius:
            place += f' rx="{number(mark.radius)}"'
        look = self.look(mark.fill, mark.stroke, mark.thickness) + _dash(mark.dash)
        element = f"{place}{look}/>"
        if mark.hatch:
            if mark.hatch not in HATCHES:
                raise ValueError(f"no hatching {mark.hatch!r}: one of {', '.join(HATCHES[1:])}")
            key = mark.hatch, mark.hatch_color
            self.colors[mark.hatch_color] = None
            name = self.patterns.setdefault(key, f"\0{len(self.patterns)}")
            element += f'{place} fill="url(#{name})"/>'
        return element

    def pattern(self, hatch: str, color: str) -> str:
        if hatch == ".":
            inside = f'<circle cx="1.5" cy="1.5" r="1"{self.look(color, "")}/>'
            size = 4
        else:
            inside = f'<path d="{_TILES[hatch]}"{self.look("", color, 1.3)}/>'
            size = 6
        return (
            f'<pattern id="{self.patterns[hatch, color]}" width="{size}" height="{size}"'
            f' patternUnits="userSpaceOnUse">{inside}</pattern>'
        )

    def path(self, mark: Path) -> str:
        line, head = mark.head()
        look = self.look("", mark.stroke, mark.thickness) + _dash(mark.dash)
        element = f'<path d="{_trace(line, mark.curve)}"{look}/>'
        if head:
            element += f'<path d="{_trace(head)}Z"{self.look(mark.stroke, "")}/>'
        return element

    def polygon(self, mark: Polygon) -> str:
        look = self.look(mark.fill, mark.stroke, mark.thickness)
        return f'<path d="{_trace(mark.points)}Z"{look}/>'

    def text(self, mark: Text) -> str:
        attributes = f' font-size="{number(mark.size)}"'
        if mark.bold:
            attributes += ' font-weight="bold"'
        if mark.italic:
            attributes += ' font-style="italic"'
        if mark.anchor != "start":
            attributes += f' text-anchor="{mark.anchor}"'
        if mark.angle:
            where = f"{number(mark.angle)} {number(mark.x)} {number(mark.y)}"
            attributes += f' transform="rotate({where})"'
        if len(mark.text) > 1:
            attributes += f' textLength="{number(mark.width)}" lengthAdjust="spacingAndGlyphs"'
        if "  " in mark.text or mark.text != mark.text.strip():
            attributes += ' xml:space="preserve"'
        self.mono = self.mono or mark.mono
        look = self.look(mark.color, "", extra="gs-m" if mark.mono else "")
        return (
            f'<text x="{number(mark.x)}" y="{number(mark.y)}"{attributes}{look}>'
            f"{escape(mark.text)}</text>"
        )


def _dash(dash: tuple[float, ...]) -> str:
    return f' stroke-dasharray="{" ".join(map(number, dash))}"' if dash else ""


def _trace(points: tuple[Point, ...], curve: bool = False) -> str:
    pairs = [f"{number(x)} {number(y)}" for x, y in points]
    return f"M{pairs[0]}{'C' if curve else 'L'}{' '.join(pairs[1:])}"
