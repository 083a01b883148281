"""Colours by meaning, their values on light and on dark ground, and how far apart they look.

The colours are Okabe and Ito's, with their lightness moved so that any two *states* differ by at
least 15 in CIEDE2000 for readers with normal sight, deuteranopia and protanopia.  The simulation is
Machado, Oliveira and Fernandes' of 2009 at severity 1, applied to linear RGB; the difference is
CIEDE2000 (Sharma, Wu and Dalal 2005) with all weights 1 and the D65 white point.  Colour never says
anything alone: each state has a hatch and a word, too.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple


class State(NamedTuple):
    """How one state of a goroutine looks.

    Attributes
    ----------
    color, hatch : str
        A colour's name and a hatching of `gosim.views.sheet`.
    words : str
        For the legend.
    hatch_color, edge : str
        Names of the colours that show on it (the hatching) and against paper (a border).
    """

    color: str
    hatch: str
    words: str
    hatch_color: str = "paper"
    edge: str = ""

    @property
    def border(self) -> str:
        """The colour of a border around it."""
        return self.edge or self.color


STATES: Final[dict[str, State]] = {
    "running": State("running", "", "running"),
    "runnable": State("runnable", "-", "runnable: waits for the processor"),
    "send": State("send", "/", "blocked: chan send"),
    "receive": State("receive", "\\", "blocked: chan receive", "shade", "yellow"),
    "select": State("select", "x", "blocked: select"),
    "lock": State("lock", "|", "blocked: lock"),
    "wait": State("wait", "+", "blocked: WaitGroup, Cond, other"),
    "sleep": State("sleep", "", "asleep", "shade", "faint"),
    "permanent": State("permanent", ".", "stuck for good (permanent)"),
    "unproven": State("unproven", "/", "blocked at the end (unproven)"),
    "endless": State("endless", "-", "goes on for ever (endless)", "shade", "calm"),
}
"""The states of goroutines over time (the first eight) and the verdicts on them."""

# name: (on light ground, on dark ground)
COLORS: Final[dict[str, tuple[str, str]]] = {
    # States: strong colours for bars, stripes and borders.
    "running": ("#006DD0", "#006DD0"),
    "runnable": ("#5FB6F0", "#5FB6F0"),
    "send": ("#D29F00", "#D29F00"),
    "receive": ("#FFFB4C", "#FFFB4C"),
    "select": ("#118F5F", "#118F5F"),
    "lock": ("#BA7597", "#BA7597"),
    "wait": ("#343434", "#C6C6C6"),
    "sleep": ("#C6C6C6", "#343434"),
    "permanent": ("#BC4903", "#BC4903"),
    "unproven": ("#8B2972", "#8B2972"),
    "endless": ("#D6FECB", "#D6FECB"),
    # What states are made of, as faint ground under text.
    "running-faint": ("#DCEBFA", "#10263C"),
    "runnable-faint": ("#E4F2FB", "#14293A"),
    "send-faint": ("#FAF0D2", "#332A0C"),
    "receive-faint": ("#FBF8DC", "#33320F"),
    "select-faint": ("#DDF2EB", "#0C2E23"),
    "lock-faint": ("#F8E9F2", "#35202C"),
    "wait-faint": ("#EDEDED", "#2B2E33"),
    "sleep-faint": ("#F5F5F5", "#22252A"),
    "permanent-faint": ("#FBE6D9", "#3B1E0E"),
    "unproven-faint": ("#F4E2EF", "#331228"),
    "endless-faint": ("#EFFBEA", "#1D3018"),
    # Things: Okabe and Ito's colours as they are.
    "orange": ("#E69F00", "#E69F00"),
    "sky": ("#56B4E9", "#56B4E9"),
    "green": ("#009E73", "#12B083"),
    "yellow": ("#B8A800", "#E5D84A"),
    "blue": ("#0072B2", "#3F9BD6"),
    "vermillion": ("#D55E00", "#E8701A"),
    "purple": ("#CC79A7", "#CC79A7"),
    "orange-faint": ("#FCF0D6", "#33270B"),
    "sky-faint": ("#E4F2FB", "#12293A"),
    "green-faint": ("#DDF2EB", "#0C2E23"),
    "yellow-faint": ("#FBF8DC", "#33300F"),
    "blue-faint": ("#DCEBF5", "#10263A"),
    "vermillion-faint": ("#FBE6D9", "#3B1F0E"),
    "purple-faint": ("#F8E9F2", "#35202C"),
    # Ground, text and lines.
    "paper": ("#FFFFFF", "#15181C"),
    "panel": ("#F4F4F2", "#1F2328"),
    "ink": ("#222222", "#E8E6E3"),
    "shade": ("#3D4A2F", "#3D4A2F"),
    "muted": ("#595959", "#A9ADB3"),
    "line": ("#4D4D4D", "#B4B8BE"),
    "faint": ("#7A7A7A", "#878C93"),
    "grid": ("#DDDDDD", "#343A41"),
    "alarm": ("#A84A00", "#FF9A57"),
    "alarm-faint": ("#FBE6D9", "#3B1F0E"),
    "calm": ("#00664A", "#4CC9A2"),
    "cycle": ("#0B55B5", "#6FB1FF"),
    "held": ("#A3527F", "#DD8FBB"),
}
"""Every colour a mark may name, on light and on dark ground."""


def value(name: str, dark: bool = False) -> str:
    """Return a colour as ``#RRGGBB``.

    Raises
    ------
    KeyError
        For a name that is not in `COLORS`.
    """
    return COLORS[name][dark]


def faint(name: str) -> str:
    """Return the name of the faint ground that goes with a colour."""
    return f"{name}-faint" if f"{name}-faint" in COLORS else "panel"


# -- how far apart two colours look ----------------------------------------------------------------

# Machado, Oliveira and Fernandes 2009, table 1, severity 1.0; rows of a matrix on linear RGB.
_SIGHT: Final = {
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
}

Triple = tuple[float, float, float]


def delta_e(a: str, b: str, sight: str = "normal") -> float:
    """Return how different two colours look, as CIEDE2000's ΔE.

    Parameters
    ----------
    a, b : str
        Colours as ``#RRGGBB``.
    sight : {"normal", "deuteranopia", "protanopia"}
        Whose eyes.
    """
    return _ciede2000(_lab(a, sight), _lab(b, sight))


def luminance(color: str) -> float:
    """Return the relative luminance of a colour, 0 to 1, as WCAG 2 defines it."""
    red, green, blue = _linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21, as WCAG 2 defines it."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def _linear(color: str) -> Triple:
    def channel(at: int) -> float:
        c = int(color[at : at + 2], 16) / 255
        return c / 12.92 if c <= 0.04045 else float(((c + 0.055) / 1.055) ** 2.4)

    return channel(1), channel(3), channel(5)


def _lab(color: str, sight: str) -> Triple:
    rgb = _linear(color)
    red, green, blue = (
        min(1.0, max(0.0, sum(m * c for m, c in zip(row, rgb, strict=True))))
        for row in _SIGHT[sight]
    )
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883

    def root(t: float) -> float:
        return t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116

    return 116 * root(y) - 16, 500 * (root(x) - root(y)), 200 * (root(y) - root(z))


def _ciede2000(p: Triple, q: Triple) -> float:
    """Return the difference of two colours in CIE L*a*b*; names as in Sharma, Wu and Dalal."""
    (l1, a1, b1), (l2, a2, b2) = p, q
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1 = math.degrees(math.atan2(b1, a1)) % 360
    h2 = math.degrees(math.atan2(b2, a2)) % 360
    turn = h2 - h1
    around = h1 + h2
    if not c1 * c2:
        turn, hue = 0.0, around
    elif abs(turn) <= 180:
        hue = around / 2
    else:
        turn -= math.copysign(360, turn)
        hue = (around + 360) / 2 if around < 360 else (around - 360) / 2
    dl, dc = l2 - l1, c2 - c1
    dh = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * math.cos(math.radians(hue - 30))
        + 0.24 * math.cos(math.radians(2 * hue))
        + 0.32 * math.cos(math.radians(3 * hue + 6))
        - 0.20 * math.cos(math.radians(4 * hue - 63))
    )
    sl = 1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2)
    sc, sh = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    blue = 30 * math.exp(-(((hue - 275) / 25) ** 2))
    rt = -math.sin(math.radians(2 * blue)) * 2 * math.sqrt(chroma**7 / (chroma**7 + 25**7))
    return math.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rt * (dc / sc) * (dh / sh))
