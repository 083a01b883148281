"""The steps of a run as a piece of HTML to go through by click and by key.

The fragment is self-contained: style and script are inline, nothing is loaded, no element has an
ID, so that any number of them can stand in one page, a report or an exported notebook.  Without
its script it shows the first step and all sentences as a list.  The script knows nothing of
goroutines: Python computes which slots change in which step, and the script applies that and undoes
it.  Texts are stored as a pattern and numbers, for most differ in numbers only.
"""

from __future__ import annotations

import copy
import html
import json
import re
from typing import Final

from gosim.views import palette
from gosim.views.steps import CELL, EMPTY, WORDS, Place, Steps

MOST_BYTES: Final = 110_000
"""Of the changes; a longer run is shown with more steps left out in its middle."""
MOST_SENTENCES: Final = 240

_GAP: Final = 56
_SPACE: Final = 8
_LINE: Final = 17
_PAD: Final = 9

_STATES: Final = {
    "r": "running",
    "n": "runnable",
    "s": "send",
    "v": "receive",
    "x": "select",
    "l": "lock",
    "w": "wait",
    "z": "sleep",
    "p": "permanent",
    "o": "unproven",
    "e": "endless",
}
_NUMBERS: Final = re.compile("(0|[1-9][0-9]{0,8})")


def fragment(steps: Steps) -> str:
    """Return the stepper of a run."""
    return _Fragment(steps).html()


class _Fragment:
    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.numbers: dict[str, int] = {}
        self.tops: dict[str, tuple[float, float]] = {}

    def html(self) -> str:
        frames = [step.changes for step in self.steps.steps]
        if not frames:
            return "<p>Nothing happened.</p>"
        data = encode(self.steps, self.slot)
        if len(data) > MOST_BYTES:
            self.steps = copy.copy(self.steps)
            self.steps.steps = list(self.steps.steps)
        while len(data) > MOST_BYTES and len(self.steps) > 20:
            share = MOST_BYTES / len(data)
            keep = min(len(self.steps) - 1, int(len(self.steps) * share * 0.95))
            self.steps.drop(len(self.steps) - keep)
            data = encode(self.steps, self.slot)
        self.first = self.steps.steps[0].changes
        title = self.steps.title
        name = f"Steps of {title}" if title else "Steps of the run"
        # The order matters: what is made first is read first where there is no style.
        parts = [
            f'<div class="gosim-stepper" tabindex="0" role="group" aria-label="{_e(name)}" '
            'data-lm-suppress-shortcuts="true">',
            f"<style>{_style()}</style>",
            f'<p class="title">{_e(title)}</p>' if title else "",
            '<div class="bar"></div>',
            f'<p class="say" aria-live="polite" {self.at("say", "t")}>{_e(self.first["say"])}</p>',
            f'<p class="note">{_e(self.steps.note)}</p>' if self.steps.note else "",
            '<div class="cols"><div class="code">',
            self.source(),
            self.output(),
            '</div><div class="world">',
            self.panels(),
            self.map(),
            "</div></div>",
            self.list(),
            f'<script type="application/json">{data}</script>',
            "</div>",
            f"<script>{_SCRIPT}</script>",
        ]
        return "\n".join([part for part in parts if part])

    def slot(self, name: str) -> int:
        """Return the number of a slot."""
        return self.numbers.setdefault(name, len(self.numbers))

    def at(self, name: str, kind: str) -> str:
        return f'data-s="{self.slot(name)}" data-k="{kind}"'

    def chips(self, name: str) -> str:
        inner = chips(self.first.get(name, ""))
        return f'<span class="chips" {self.at(name, "c")}>{inner}</span>'

    def cells(self, name: str) -> str:
        inner = cells(self.first.get(name, ""))
        return f'<span class="cells" {self.at(name, "b")}>{inner}</span>'

    def source(self) -> str:
        rows = []
        for number, row in enumerate(self.steps.rows):
            if not row.number:
                rows.append(f'<tr><td></td><td></td><td class="gap">{_e(row.text)}</td></tr>')
                continue
            value = self.first.get(f"line {number}", "")
            rows.append(
                f'<tr class="{line_class(value)}"><td class="no">{row.number}</td>'
                f"<td {self.at(f'line {number}', 'l')}>{chips(value)}</td>"
                f"<td><pre>{_e(row.text)}</pre></td></tr>"
            )
        # As wide as it will ever be, so that the code does not move.
        width = max(
            [
                _wide(value)
                for step in self.steps.steps
                for slot, value in step.changes.items()
                if slot.startswith("line ")
            ],
            default=0,
        )
        return (
            f'<div class="src" tabindex="-1"><table style="--chips:{width}px">'
            f"<tbody>{''.join(rows)}</tbody></table></div>"
        )

    def output(self) -> str:
        if not self.steps.output:
            return ""
        count = int(self.first.get("out", "") or 0)
        return (
            '<div class="printed"><span class="label">printed so far</span>'
            f"<pre {self.at('out', 'o')}>{_e(self.steps.output[:count])}</pre></div>"
        )

    def panels(self) -> str:
        time = _e(self.first.get("time", ""))
        rows = [
            f'<div><span class="label">virtual time</span> <b {self.at("time", "t")}>{time}</b>'
            "</div>",
            f'<div><span class="label">running</span> {self.chips("run")}</div>',
            f'<div><span class="label">run queue</span> <span class="front">'
            f"{self.chips('next')}</span> {self.chips('queue')}</div>",
        ]
        if any("timers" in step.changes for step in self.steps.steps):
            timers = self.cells("timers")
            rows.append(f'<div><span class="label">timers and sleepers</span> {timers}</div>')
        if any(step.changes.get("heap") for step in self.steps.steps):
            heap = _e(self.first.get("heap", ""))
            rows.append(
                f'<div><span class="label">heap</span> <span {self.at("heap", "t")}>{heap}</span>'
                "</div>"
            )
        return f'<div class="panels">{"".join(rows)}</div>'

    # -- goroutines, things, and what is between them --------------------------------------------

    def map(self) -> str:
        left, right = self.steps.goroutines, self.steps.things
        bottom = 0.0
        for place in left:
            height = _PAD + 2 * _LINE
            self.tops[place.key] = bottom, height
            bottom += height + _SPACE
        self._beside(right, bottom)
        total = max([top + height for top, height in self.tops.values()], default=0.0) + 2
        cards = [self.goroutine(place) for place in left]
        cards += [self.thing(place) for place in right]
        heads = '<div class="heads"><span class="label">goroutines</span>'
        if right:
            heads += '<span class="label">channels and locks</span>'
        lone = "" if right else " lone"
        return (
            f'{heads}</div><div class="map{lone}" style="height:{total:g}px">{"".join(cards)}'
            f"{self.edges(total)}</div>{self.legend()}"
        )

    def _beside(self, places: list[Place], bottom: float) -> None:
        """Put things beside their users, none over another."""
        row = _PAD + 2 * _LINE + _SPACE
        tops: list[float] = []
        heights = [_height(place) for place in places]
        below = 0.0
        for place, height in zip(places, heights, strict=True):
            wanted = place.near * row + (row - _SPACE - height) / 2
            top = max(below, wanted)
            tops.append(top)
            below = top + height + _SPACE
        limit = max(bottom, sum(heights) + _SPACE * len(places))
        for at in range(len(places) - 1, -1, -1):
            tops[at] = min(tops[at], limit - _SPACE - heights[at])
            limit = tops[at]
        for place, top, height in zip(places, tops, heights, strict=True):
            self.tops[place.key] = round(max(0.0, top)), height

    def goroutine(self, place: Place) -> str:
        value = self.first.get(place.key, "")
        name, _, function = place.title.partition(" ")
        who = "" if place.many else f' data-g="{place.members[0]}"'
        return (
            f"<div{who} {self.card(place, 'g', value)}>"
            f'<div class="t"><b>{_e(name)}</b> {_e(function)}</div>{words(value)}</div>'
        )

    def thing(self, place: Place) -> str:
        value = self.first.get(place.key, "")
        name, bracket, kind = place.title.partition(" (")
        inner = [f'<div class="t"><b>{_e(name)}</b>{_e(bracket + kind)}</div>', words(value)]
        if place.cap > 0:
            inner.append(f"<div>{self.cells(f'{place.key}.buffer')}</div>")
        if place.queues:
            inner.append(
                f'<div><span class="label">sendq</span> {self.chips(f"{place.key}.sendq")}</div>'
            )
        if not place.many:
            label = "recvq" if place.queues else "waiting"
            inner.append(
                f'<div><span class="label">{label}</span> {self.chips(f"{place.key}.recvq")}</div>'
            )
        return f"<div {self.card(place, 't', value)}>{''.join(inner)}</div>"

    def card(self, place: Place, side: str, value: str) -> str:
        top, height = self.tops[place.key]
        tip = " · ".join([part for part in (place.title, place.detail) if part])
        return (
            f'class="card {side} s-{value[:1] or "u"}" {self.at(place.key, "g")} '
            f'style="top:{top:g}px;height:{height:g}px" title="{_e(tip)}"'
        )

    def edges(self, total: float) -> str:
        ways: dict[str, set[str]] = {}
        for step in self.steps.steps:
            for slot, value in step.changes.items():
                if ">" in slot and value:
                    ways.setdefault(slot, set()).update(value)
        paths = []
        for slot, kinds in ways.items():
            tail, _, head = slot.partition(">")
            a, b = self._middle(tail), self._middle(head)
            now = self.first.get(slot, "")
            inner = ""
            if "w" in kinds:
                inner += f'<path class="w" d="{_curve(a - 4, b - 4)}{_tip(_GAP, b - 4, -6)}"/>'
            if "h" in kinds:
                inner += f'<path class="h" d="{_curve(a + 5, b + 5)}{_tip(0, a + 5, 6)}"/>'
            paths.append(
                f'<g class="{f"e {now}" if now else "e"}" {self.at(slot, "e")}>{inner}</g>'
            )
        if not paths:
            return ""
        return (
            f'<svg width="{_GAP}" height="{total:g}" viewBox="0 0 {_GAP} {total:g}" '
            f'aria-hidden="true">{"".join(paths)}</svg>'
        )

    def _middle(self, key: str) -> float:
        top, height = self.tops[key]
        return top + height / 2

    def legend(self) -> str:
        """Name the states and edges that occur."""
        found: set[str] = set()
        edges: set[str] = set()
        for step in self.steps.steps:
            for slot, value in step.changes.items():
                if ">" in slot:
                    edges.update(value)
                elif slot[0] in "gG" and value:
                    found.add(value[0])
        parts = [
            f'<span><i class="s-{which}"></i>{_e(WORDS[which])}</span>'
            for which in WORDS
            if which in found
        ]
        for kind, text in (("w", "waits for"), ("h", "is held by")):
            if kind in edges:
                tip = _tip(26, 6, -6) if kind == "w" else _tip(2, 6, 6)
                parts.append(
                    f'<span><svg width="28" height="12" aria-hidden="true"><g class="e {kind}">'
                    f'<path class="{kind}" d="M2 6H26{tip}"/></g></svg>{text}</span>'
                )
        return f'<p class="legend">{" ".join(parts)}</p>'

    def list(self) -> str:
        rows, before = [], -1
        for number, text in self.steps.sentences(MOST_SENTENCES):
            if number != before + 1:
                rows.append(f'<li class="gap">… {number - before - 1} steps …</li>')
            now = ' class="now"' if number == 0 else ""
            rows.append(f'<li value="{number + 1}" data-i="{number}"{now}>{_e(text)}</li>')
            before = number
        whole = len(rows) == len(self.steps)
        name = f"all {len(self.steps)} steps as text" if whole else "the steps as text"
        return f'<details class="list"><summary>{name}</summary><ol>{"".join(rows)}</ol></details>'


def encode(steps: Steps, slot: object) -> str:
    """Return the changes of all steps as JSON: patterns, and lists of numbers.

    A step is a list of numbers: a slot, a pattern, and as many numbers as the pattern has places
    for, and so on.
    """
    assert callable(slot)
    patterns: dict[tuple[str, ...], int] = {}
    frames = []
    alone = {place.members[0] for place in steps.goroutines if not place.many}
    for step in steps.steps:
        frame: list[int] = []
        for name, value in step.changes.items():
            parts = _NUMBERS.split(value)
            pattern = tuple(parts[::2])
            frame.append(slot(name))
            frame.append(patterns.setdefault(pattern, len(patterns)))
            frame.extend(map(int, parts[1::2]))
        frames.append(frame)
    data = {
        "T": list(patterns),
        "F": frames,
        "A": [[g for g in step.actors if g in alone] for step in steps.steps],
        "G": [[p.members[0], p.title] for p in steps.goroutines if not p.many],
        "out": steps.output,
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # Nothing in it may look like the end of the script, nor like the beginning of a comment.
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


# -- pieces; the script makes the same ones --------------------------------------------------------


def chips(value: str) -> str:
    """Return goroutines as chips."""
    made = []
    for chip in value.split():
        if chip[0] == "+":
            made.append(f'<span class="more">{_e(chip)}</span>')
        else:
            made.append(f'<span class="chip s-{_e(chip[0])}">{_e(chip[1:])}</span>')
    return " ".join(made)


def cells(value: str) -> str:
    """Return values as cells."""
    made = []
    for cell in value.split(CELL) if value else ():
        made.append(
            '<span class="cell none"></span>'
            if cell == EMPTY
            else f'<span class="cell">{_e(cell)}</span>'
        )
    return " ".join(made)


def words(value: str) -> str:
    """Return the words of a card."""
    return f'<div class="w">{_e(value[2:] or "not there yet")}</div>'


def line_class(value: str) -> str:
    """Return how a line of source stands out."""
    if value.startswith("r"):
        return "on run"
    return "on" if value else ""


def _e(text: str) -> str:
    # What no document may hold is shown as what stands for it.
    text = "".join([c if c >= " " or c in "\n\t" else chr(0x2400 + ord(c)) for c in text])
    return html.escape(text, quote=True)


def _wide(value: str) -> int:
    """Return how many pixels chips take, with what is around them."""
    return 12 + sum(
        [3 + 7 * len(chip) if chip[0] == "+" else 8 + 7 * len(chip) for chip in value.split()]
    )


def _height(place: Place) -> float:
    lines = 2 if place.many else 3
    lines += place.queues + (place.cap > 0)
    return _PAD + lines * _LINE


def _curve(a: float, b: float) -> str:
    return f"M0 {a:g}C28 {a:g} 28 {b:g} {_GAP} {b:g}"


def _tip(x: float, y: float, back: float) -> str:
    return f"M{x + back:g} {y - 4:g}L{x:g} {y:g}L{x + back:g} {y + 4:g}"


# -- style and script ------------------------------------------------------------------------------

_COLORS: Final = (
    "paper", "panel", "ink", "muted", "line", "faint", "grid", "alarm", "cycle", "held", "calm",
    "runnable-faint",
)  # fmt: skip

_HATCH: Final = {
    "/": "repeating-linear-gradient(135deg,#0009 0 1.2px,transparent 1.2px 4px)",
    "\\": "repeating-linear-gradient(45deg,#0009 0 1.2px,transparent 1.2px 4px)",
    "x": "repeating-linear-gradient(135deg,#0009 0 1px,transparent 1px 4px),"
    "repeating-linear-gradient(45deg,#0009 0 1px,transparent 1px 4px)",
    "-": "repeating-linear-gradient(0deg,#0009 0 1.2px,transparent 1.2px 4px)",
    "|": "repeating-linear-gradient(90deg,#0009 0 1.2px,transparent 1.2px 4px)",
    "+": "repeating-linear-gradient(0deg,#8888 0 1px,transparent 1px 4px),"
    "repeating-linear-gradient(90deg,#8888 0 1px,transparent 1px 4px)",
    ".": "radial-gradient(#000a 1px,transparent 1.3px) 0 0/4px 4px",
}


def _style() -> str:
    def variables(dark: bool) -> str:
        named = [f"--{name}:{palette.value(name, dark)}" for name in _COLORS]
        for which, state in _STATES.items():
            ground = palette.value(palette.STATES[state].color, dark)
            text = max(("#000000", "#FFFFFF"), key=lambda ink: palette.contrast(ink, ground))
            named += [f"--{which}:{ground}", f"--{which}i:{text}"]
        return ";".join(named)

    rules = []
    for which, state in _STATES.items():
        hatch = _HATCH.get(palette.STATES[state].hatch)
        over = f"{hatch}," if hatch else ""
        rules.append(
            f".gosim-stepper .chip.s-{which}{{background:var(--{which});color:var(--{which}i)}}"
            f".gosim-stepper .card.s-{which}::before,.gosim-stepper .legend .s-{which}"
            f"{{background:{over}linear-gradient(var(--{which}),var(--{which}))}}"
        )
    return (
        f".gosim-stepper{{{variables(False)}}}"
        f"@media screen and (prefers-color-scheme:dark){{.gosim-stepper{{{variables(True)}}}}}"
        + re.sub(r"\s*\n\s*", "", _CSS).replace("@@", ".gosim-stepper ")
        + "".join(rules)
    )


_CSS: Final = """
.gosim-stepper{position:relative;box-sizing:border-box;max-width:1240px;margin:8px 0;
padding:10px 12px;border:1px solid var(--grid);border-radius:8px;background:var(--paper);
color:var(--ink);font:14px/1.4 system-ui,"DejaVu Sans",Verdana,sans-serif;text-align:left;
container-type:inline-size}
.gosim-stepper:focus-visible{outline:2px solid var(--cycle);outline-offset:1px}
@@*{box-sizing:border-box}
@@p{margin:0 0 6px;color:inherit}
@@.title{font-weight:600}
@@.label,@@.note,@@.legend{color:var(--muted);font-size:12px}
@@.bar{display:flex;flex-wrap:wrap;gap:6px 8px;align-items:center;margin:0 0 8px}
@@.bar button,@@.bar select{font:inherit;line-height:1.3;color:var(--ink);background:var(--panel);
border:1px solid var(--faint);border-radius:5px;padding:3px 10px;min-height:32px;min-width:36px;
cursor:pointer;margin:0}
@@.bar button:hover{border-color:var(--ink)}
@@.bar button[aria-disabled=true]{opacity:.45;cursor:default}
@@.bar button:focus-visible,@@.bar select:focus-visible,@@.bar input:focus-visible,
@@summary:focus-visible{outline:2px solid var(--cycle);outline-offset:1px}
@@.bar input{flex:1 1 160px;min-width:120px;margin:0;accent-color:var(--cycle)}
@@.bar select{max-width:190px}
@@.bar .count{font-variant-numeric:tabular-nums;min-width:5.5em;text-align:center}
@@.bar .group{display:flex;gap:4px}
@@.say{font-size:16px;line-height:1.4;min-height:calc(2.8em + 12px);padding:6px 10px;
background:var(--panel);border-left:4px solid var(--cycle);border-radius:0 5px 5px 0}
@@.cols{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:12px;align-items:start}
@@.src{overflow:auto;max-height:520px;border:1px solid var(--grid);border-radius:5px;
position:relative}
@@.src table{border-collapse:collapse;border:0;margin:0;width:100%;
font:12.5px/1.55 "DejaVu Sans Mono",Menlo,Consolas,monospace;table-layout:auto}
@@.src tr:nth-child(n),@@.src tr:hover{background:var(--paper)}
@@.src td{border:0;padding:0 4px;text-align:left;vertical-align:top;white-space:nowrap;
background:inherit;color:var(--ink);max-width:none}
@@.src td:first-child{color:var(--muted);text-align:right;user-select:none;width:1%}
@@.src td:nth-child(2){width:1%;min-width:var(--chips);position:sticky;left:0;z-index:1}
@@.src td:nth-child(3){width:98%}
@@.src pre{margin:0;padding:0;font:inherit;background:none;color:inherit;white-space:pre;border:0;
overflow:visible}
@@.src .gap{color:var(--muted)}
@@.src tr.on{background:var(--panel)}
@@.src tr.run{background:var(--runnable-faint)}
@@.src tr.run pre{font-weight:600}
@@.chip{display:inline-block;padding:0 5px;border-radius:4px;margin:1px 0;
font:600 11px/16px "DejaVu Sans Mono",Menlo,Consolas,monospace}
@@.chip.s-g{border:1px dashed var(--faint);color:var(--muted);line-height:14px}
@@.chips:empty::after,@@.cells:empty::after{content:"–";color:var(--muted)}
@@.front .chips:empty::after,@@.front:has(.chip)+.chips:empty::after{content:none}
@@.more{font-size:11px;color:var(--muted)}
@@.cell{display:inline-block;border:1px solid var(--faint);border-radius:2px;padding:0 5px;
min-width:20px;min-height:17px;font:11px/15px "DejaVu Sans Mono",Menlo,Consolas,monospace;
vertical-align:middle;max-width:150px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
@@.cell.none{border-style:dashed;border-color:var(--grid)}
@@.printed{margin-top:8px}
@@.printed pre{margin:2px 0 0;padding:6px 8px;max-height:150px;min-height:2.6em;overflow:auto;
font:12.5px/1.4 "DejaVu Sans Mono",Menlo,Consolas,monospace;background:var(--panel);
color:var(--ink);border:1px solid var(--grid);border-radius:5px;white-space:pre-wrap;
overflow-wrap:anywhere}
@@.panels{display:grid;gap:2px;padding:6px 8px;border:1px solid var(--grid);border-radius:5px;
margin-bottom:8px}
@@.panels>div{min-height:22px}
@@.panels .label{display:inline-block;min-width:124px}
@@.panels .front .chip{outline:2px solid var(--ink);outline-offset:1px;margin-right:4px}
@@.panels .front .chip::before{content:"next "}
@@.heads{display:grid;grid-template-columns:1fr 1fr;column-gap:56px}
@@.map{position:relative;margin:2px 0 6px}
@@.map>svg{position:absolute;left:calc(50% - 28px);top:0;overflow:visible}
@@.card{position:absolute;width:calc(50% - 28px);left:0;padding:3px 6px 3px 16px;overflow:hidden;
border:1px solid var(--faint);border-radius:5px;background:var(--paper);font-size:12.5px;
line-height:17px;white-space:nowrap}
@@.card>div{overflow:hidden;text-overflow:ellipsis;height:17px}
@@.card.t{left:auto;right:0;padding-left:8px}
@@.map.lone .card{width:100%}
@@.card.g[data-g]{cursor:pointer}
@@.card::before{content:"";position:absolute;left:0;top:0;bottom:0;width:9px}
@@.card.t::before{display:none}
@@.card .w{color:var(--ink)}
@@.card .chip{margin:0;line-height:15px}
@@.card .cell{height:15px;min-height:0;line-height:13px;vertical-align:top;margin-top:1px}
@@.card.s-u{border-style:dashed;border-color:var(--grid);color:var(--faint)}
@@.card.s-u .w,@@.card.s-u .label,@@.card.s-u .cell{visibility:hidden}
@@.card.s-g{border-style:dashed;color:var(--muted)}
@@.card.s-g .w{color:var(--muted)}
@@.card.s-p{border-color:var(--alarm);border-width:2px;padding-top:2px}
@@.card.s-k{border-style:double;border-width:3px;padding-top:1px}
@@.card.new{box-shadow:0 0 0 2px var(--cycle)}
@@.e path{fill:none;visibility:hidden}
@@.e.w .w{visibility:visible;stroke:var(--line);stroke-width:1.6}
@@.e.h .h{visibility:visible;stroke:var(--held);stroke-width:2.2;stroke-dasharray:5 3}
@@.e.wh .w,@@.e.wh .h{visibility:visible;stroke-width:1.8}
@@.e.wh .w{stroke:var(--line)}
@@.e.wh .h{stroke:var(--held);stroke-dasharray:5 3}
@@.e.new path{stroke-width:3}
@@.legend{display:flex;flex-wrap:wrap;gap:2px 12px;margin:0}
@@.legend span{display:inline-flex;align-items:center;gap:5px}
@@.legend i{display:inline-block;width:14px;height:12px;border:1px solid var(--faint)}
@@.list{margin-top:8px}
@@.list summary{cursor:pointer;color:var(--muted);font-size:13px}
@@.list ol{max-height:300px;overflow:auto;margin:4px 0 0;padding-left:4em;font-size:13px}
@@.list li[data-i]{cursor:pointer}
@@.list li.now{background:var(--panel);font-weight:600}
@@.list li.gap{list-style:none;color:var(--muted)}
@container (max-width:760px){@@.cols{grid-template-columns:minmax(0,1fr)}
@@.src{max-height:290px}@@.say{font-size:15px;min-height:calc(4.2em + 12px)}
@@.panels .label{min-width:112px}@@.card{font-size:11.5px}@@.src table{font-size:11.5px}}
@media print{@@.bar{display:none}@@.src,@@.printed pre,@@.list ol{max-height:none;overflow:visible}
.gosim-stepper{break-inside:avoid}}
"""

_SCRIPT: Final = re.sub(
    r"\n\s*",
    "\n",
    r"""
(function(){
"use strict";
function text(tag,cls,inner){
  var made=document.createElement(tag);
  if(cls)made.className=cls;
  if(inner!==undefined)made.textContent=inner;
  return made;
}
function clean(value){
  return value.replace(/[\x00-\x08\x0b-\x1f]/g,function(c){
    return String.fromCharCode(0x2400+c.charCodeAt(0));
  });
}
function pieces(element,made){
  element.textContent="";
  made.forEach(function(piece,i){
    if(i)element.appendChild(document.createTextNode(" "));
    element.appendChild(piece);
  });
}
function chips(element,value){
  pieces(element,value.split(" ").filter(Boolean).map(function(chip){
    return chip[0]=="+"?text("span","more",chip):text("span","chip s-"+chip[0],chip.slice(1));
  }));
}
var show={
  t:function(e,v){e.textContent=clean(v);},
  c:chips,
  l:function(e,v){
    chips(e,v);
    e.parentNode.className=v[0]=="r"?"on run":v?"on":"";
  },
  b:function(e,v){
    pieces(e,v?v.split("\x1f").map(function(cell){
      return cell=="\x1e"?text("span","cell none",""):text("span","cell",clean(cell));
    }):[]);
  },
  g:function(e,v){
    e.className="card "+e.className.split(" ")[1]+" s-"+(v[0]||"u");
    e.querySelector(".w").textContent=clean(v.slice(2))||"not there yet";
  },
  e:function(e,v){e.setAttribute("class",v?"e "+v:"e");},
  o:function(e,v,data){
    e.textContent=clean(data.out.slice(0,+v));
    e.scrollTop=e.scrollHeight;
  }
};
function start(root){
  root.setAttribute("data-on","");
  var data=JSON.parse(root.querySelector('script[type="application/json"]').textContent);
  var at={},values={},undo=[],steps=[],now=0,timer=0;
  Array.prototype.forEach.call(root.querySelectorAll("[data-s]"),function(e){
    at[e.getAttribute("data-s")]=e;
  });
  data.F.forEach(function(frame){
    var changes=[],before=[],i=0;
    while(i<frame.length){
      var slot=frame[i++],parts=data.T[frame[i++]],value=parts[0];
      for(var k=1;k<parts.length;k++)value+=frame[i++]+parts[k];
      changes.push([slot,value]);
      before.push([slot,values[slot]||""]);
      values[slot]=value;
    }
    steps.push(changes);
    undo.push(before);
  });
  values={};
  steps[0].forEach(function(change){values[change[0]]=change[1];});
  var bar=root.querySelector(".bar"),lit=[];
  var items={},list=root.querySelector(".list");
  Array.prototype.forEach.call(list.querySelectorAll("li[data-i]"),function(li){
    items[li.getAttribute("data-i")]=li;
  });
  function button(label,says,act,into){
    var made=text("button","",label);
    made.type="button";
    made.title=says;
    made.setAttribute("aria-label",says);
    made.addEventListener("click",act);
    into.appendChild(made);
    return made;
  }
  function group(){return bar.appendChild(text("div","group"));}
  var box=group();
  var first=button("\u00ab","to the beginning (Home)",function(){stop();go(0);},box);
  var back=button("\u2039","back (left arrow)",function(){stop();go(now-1);},box);
  var next=button("\u203a","forward (right arrow, space)",function(){stop();go(now+1);},box);
  var last=button("\u00bb","to the end (End)",function(){stop();go(steps.length-1);},box);
  var play=button("play","play or stop (p)",toggle,box);
  var slider=text("input","");
  slider.type="range";slider.min=0;slider.max=steps.length-1;slider.value=0;
  slider.setAttribute("aria-label","step");
  slider.addEventListener("input",function(){stop();go(+slider.value);});
  bar.appendChild(slider);
  var count=bar.appendChild(text("span","count"));
  box=group();
  var who=text("select","");
  who.setAttribute("aria-label","goroutine");
  data.G.forEach(function(g){
    var option=text("option","",g[1]);
    option.value=g[0];
    who.appendChild(option);
  });
  box.appendChild(who);
  button("its next step","to the next step of this goroutine (n)",function(){
    seek(+who.value);
  },box);
  function seek(g){
    stop();
    who.value=g;
    for(var i=now+1;i<steps.length;i++)if(data.A[i].indexOf(g)>=0)return go(i);
    count.textContent="no more of G"+g;
  }
  function stop(){
    if(timer)clearInterval(timer);
    timer=0;
    play.textContent="play";
  }
  function toggle(){
    if(timer)return stop();
    if(now==steps.length-1)go(0);
    timer=setInterval(function(){
      if(!root.isConnected||now>=steps.length-1)return stop();
      go(now+1);
    },900);
    play.textContent="stop";
  }
  function go(to){
    to=Math.max(0,Math.min(steps.length-1,to));
    var dirty={};
    function put(change){values[change[0]]=change[1];dirty[change[0]]=1;}
    var old=items[now];
    if(old)old.removeAttribute("class");
    while(now<to)steps[++now].forEach(put);
    while(now>to)undo[now--].forEach(put);
    Object.keys(dirty).forEach(function(slot){
      var element=at[slot];
      if(element)show[element.getAttribute("data-k")](element,values[slot],data);
    });
    lit.forEach(function(e){e.classList.remove("new");});
    lit=[];
    if(now)steps[now].forEach(function(change){
      var e=at[change[0]],kind=e&&e.getAttribute("data-k");
      if(kind=="g"||kind=="e")lit.push(e);
      else if(e&&e.closest(".card"))lit.push(e.closest(".card"));
    });
    lit.forEach(function(e){e.classList.add("new");});
    if(items[now])items[now].className="now";
    follow();
    label();
  }
  function follow(){
    var src=root.querySelector(".src"),row=src.querySelector("tr.run"),li=items[now];
    if(!row&&now)steps[now].forEach(function(change){
      var e=at[change[0]];
      if(e&&e.getAttribute("data-k")=="l"&&change[1])row=e.parentNode;
    });
    row=row||src.querySelector("tr.on");
    if(row)bring(src,row);
    if(li&&list.open)bring(li.parentNode,li);
  }
  function bring(into,what){
    var a=into.getBoundingClientRect(),b=what.getBoundingClientRect();
    if(b.top<a.top+20||b.bottom>a.bottom-20)
      into.scrollTop+=b.top-a.top-into.clientHeight/2;
  }
  function label(){
    slider.value=now;
    slider.setAttribute("aria-valuetext","step "+(now+1)+" of "+steps.length);
    count.textContent=(now+1)+" / "+steps.length;
    [first,back,next,last].forEach(function(b,i){
      b.setAttribute("aria-disabled",i<2?!now:now==steps.length-1);
    });
  }
  root.addEventListener("keydown",function(event){
    var on=event.target.tagName;
    if(event.ctrlKey||event.metaKey||event.altKey||on=="SELECT")return;
    var key=event.key;
    if(key==" "&&(on=="BUTTON"||on=="SUMMARY"))return;
    if(key=="ArrowRight"||key==" "){stop();go(now+1);}
    else if(key=="ArrowLeft"){stop();go(now-1);}
    else if(key=="Home"){stop();go(0);}
    else if(key=="End"){stop();go(steps.length-1);}
    else if(key=="p")toggle();
    else if(key=="n")seek(+who.value);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  root.addEventListener("click",function(event){
    var card=event.target.closest(".card[data-g]"),li=event.target.closest("li[data-i]");
    if(card)seek(+card.getAttribute("data-g"));
    else if(li){stop();go(+li.getAttribute("data-i"));}
  });
  list.addEventListener("toggle",follow);
  label();
}
Array.prototype.forEach.call(document.querySelectorAll(".gosim-stepper:not([data-on])"),start);
})();
""".strip(),
)
