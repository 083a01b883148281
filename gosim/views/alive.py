"""Why things are alive, or why nobody can help any more: the leak proof as a picture.

On top the rounds of the marking as a film: in every frame the same goroutines, and what is known of
each by then.  Below, one band for each round: on the left what is live, from there the references
by name, box after box, to the channel or lock that was reached, on the right who waits for it and
joins in the next round.  The last band has what was never reached, behind the gap that no reference
leads across.  Nothing is said by colour alone: what was not reached stands behind a hatched wall,
every state has a word.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from gosim.leaks.alive import NEVER, Alive, Chain, Member, Root, Step, Target
from gosim.views import palette
from gosim.views.graph import THINGS, WORDS, Brush
from gosim.views.layers import (
    NAME,
    SMALL,
    TINY,
    TITLE,
    Arrow,
    Box,
    Line,
    curves,
    place_labels,
    stack,
)
from gosim.views.metrics import ASCENT, cut, text_width, wrap
from gosim.views.sheet import Path, Rect, Sheet, Text
from gosim.views.shown import Shown
from gosim.views.svg import Theme, to_svg
from gosim.views.text import plural, short, size

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Why", "conclusion", "frames", "plot", "save", "sheet", "text"]

# Measures in points.
_MARGIN: Final = 16.0
_LEAST: Final = 640.0
_LONGEST: Final = 250.0
_GAP, _ROW, _BAND = 64.0, 14.0, 22.0
_FRAME, _WIDEST, _CHIP = 164.0, 220.0, 15.0
_WALL: Final = 12.0

_MOST_CHIPS, _MOST_FRAMES, _MOST_ROWS, _MOST_MEMBERS, _MOST_STEPS = 8, 8, 16, 8, 4
_MOST_PICTURES, _MOST_TOLD = 8, 20
_LEAST_BYTES: Final = 1024

REFERS, WAITS = "refers-to", "waits-for"


# -- words -----------------------------------------------------------------------------------------


def who(member: Member) -> str:
    """Return the name of goroutines: ``main.ask #7``, ``480 × main.worker``."""
    if member.count > 1:
        return f"{member.count} × {member.function}"
    return f"{member.function} #{member.goroutines[0]}"


def how(step: Step) -> str:
    """Return what is written on the arrow of a reference."""
    return {
        "variable": f"variable {step.text}",
        "captured": f"captured {step.text}",
        "receiver": "its receiver",
        "value": "a value in use",
        "deferred": f"deferred {step.what.removeprefix('method ').removeprefix('func ')}",
        "operation": "its operation",
        "inside": "inside it",
    }.get(step.kind, step.text)


def _way(steps: Sequence[Step]) -> str:
    """Return several references in one: ``variable source.mu``, where a program can write it so."""
    if all(step.kind in ("field", "item") for step in steps[1:]):
        return how(steps[0]) + "".join(step.text for step in steps[1:])
    # `defer wg.Done()` holds wg: that Done has a receiver goes without saying.
    return ", ".join(
        how(step)
        for before, step in zip([None, *steps], steps, strict=False)
        if before is None or (before.kind, step.kind) != ("deferred", "receiver")
    )


def _origin(alive: Alive, key: str) -> str:
    member = alive.member(key)
    if member is not None:
        return who(member)
    root = alive.root(key)
    assert root is not None
    return root.name if root.kind == "global" else f"a pending {root.kind}"


def _written(roots: Sequence[Root]) -> tuple[list[Root], int]:
    """Return the global names that the program itself has, and how many Go's library has.

    What the compiler has made for itself (``elem:[]uint8``) is neither.
    """
    named = [r for r in roots if r.kind == "global" and not {":", "·"}.intersection(r.name)]
    if len(named) == sum(r.kind == "global" for r in roots):
        return named, 0  # a program in Python
    own = [r for r in named if r.name.startswith("main.")]
    return own, len(named) - len(own)


def _roots(alive: Alive) -> str:
    """Return what is live by itself, counted: ``2 global variables, 3 functions, 1 timer``."""
    kinds: dict[str, int] = {}
    written, _ = _written(alive.roots)
    for root in [*written, *(r for r in alive.roots if r.kind != "global")]:
        kind = root.kind
        if kind == "global":
            code = root.what.startswith(("func ", "class "))
            kind = "function" if code else "global variable"
        kinds[kind] = kinds.get(kind, 0) + 1
    words = [
        plural(kinds[k], k) for k in ("global variable", "function", "timer", "event") if k in kinds
    ]
    first = [m for key in alive.rounds[0] if (m := alive.member(key)) is not None]
    free = sum(m.count for m in first)
    words.append(f"{plural(free, 'goroutine')} that can run" if free else "no goroutine can run")
    return ", ".join(words)


def _names(targets: Sequence[Target], most: int = 3) -> str:
    names = list(dict.fromkeys(t.label for t in targets))
    if len(names) > most:
        names[most - 1 :] = [f"{len(names) - most + 1} more"]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _captions(alive: Alive) -> list[tuple[str, str]]:
    """Return heading and sentence of each round, and of what was never reached."""
    found = [("Round 0: the roots", f"marked first: {_roots(alive)}")]
    for number, joined in enumerate(alive.rounds[1:], 1):
        count = sum(m.count for key in joined if (m := alive.member(key)) is not None)
        verb = "joins" if count == 1 else "join"
        found.append(
            (
                f"Round {number}: {plural(count, 'goroutine')} {verb}",
                "what they wait for was reached, so somebody might release them",
            )
        )
    lost = alive.never
    count = sum(m.count for m in lost)
    if lost:
        found.append((f"Never reached: {plural(count, 'goroutine')}", _gap(alive)))
    elif alive.members:
        found.append(("Never reached: nobody", _all_reached(alive)))
    return found


def _all_reached(alive: Alive) -> str:
    if any(m.verdict == "permanent" for m in alive.members):
        return "what they wait for can be reached, yet nothing runs that could release them"
    return "every goroutine can run or could still be released"


def conclusion(alive: Alive) -> str:
    """Return the sentence that the proof ends with; empty when nobody is left."""
    return _captions(alive)[-1][1] if alive.members else ""


def _gap(alive: Alive) -> str:
    lost = alive.never
    keys = {key for member in lost for key, _ in member.waits}
    targets = [t for t in alive.targets if t.key in keys]
    real = [t for t in targets if not t.nil]
    stuck = "that is why it is stuck for good"
    if sum(m.count for m in lost) > 1:
        stuck = "that is why they are stuck for good"
    if real:
        return f"nothing leads from the roots to {_names(real)}: {stuck}"
    if targets:
        return f"{_names(targets)} is nil, and nothing can lead to what was never made: {stuck}"
    return f"they wait for nothing that could come: {stuck}"


def text(alive: Alive) -> str:
    """Return the proof as lines for a terminal."""
    if not alive.members:
        return "nobody waits: no goroutine is left"
    lines: list[str] = []
    captions = _captions(alive)
    for number in range(len(alive.rounds)):
        head, sentence = captions[number]
        lines.append(f"{head} ({sentence})" if number == 0 else head)
        joined = [
            f"  {who(m)} [{m.reason or m.state}] at {short(m.at)}"
            for key in alive.rounds[number][: _MOST_TOLD + 1]
            if (m := alive.member(key)) is not None
        ]
        lines += _few(joined, len(alive.rounds[number]))
        chains = [c for c in alive.chains if c.round == number]
        told = [line for c in chains[:_MOST_TOLD] for line in _told(alive, c)]
        lines += [*told, *_few([], len(chains) - len(chains[:_MOST_TOLD]))]
        if number + 1 == _MOST_FRAMES < len(alive.rounds):
            lines.append(f"… and {plural(len(alive.rounds) - _MOST_FRAMES, 'more round')}")
            break
    lines += [f"{head}: {sentence}" for head, sentence in captions[len(alive.rounds) :]]
    for maker in dict.fromkeys(t.maker for t in alive.targets if t.round == NEVER and _knew(t)):
        lost = [t for t in alive.targets if t.maker == maker and t.round == NEVER and _knew(t)]
        lines.append(f"  {maker}, which made {_names(lost)}, has returned")
    for member in alive.never[:_MOST_TOLD]:
        lines.append(f"  {_line(member, alive)}")
        for chain in alive.chains:
            if chain.round == NEVER and chain.origin == member.key:
                words = _way(chain.steps)
                lines.append(f"    refers to {_label(alive, chain.target)}: {words}")
    lines += _few([], len(alive.never) - len(alive.never[:_MOST_TOLD]))
    if alive.unsearched:
        lines.append(f"  … and {plural(alive.unsearched, 'more group')} whose references are as "
                     "lost")  # fmt: skip
    if not alive.precise:
        lines.append(
            "note: not every frame could be read exactly; more may be stuck than this says"
        )
    return "\n".join(lines)


def _few(lines: list[str], count: int) -> list[str]:
    """Return at most so many lines as are read, and how many there are beside them."""
    shown = lines[:_MOST_TOLD]
    rest = count - len(shown)
    return [*shown, f"  … and {rest} more"] if rest else shown


def _told(alive: Alive, chain: Chain) -> list[str]:
    steps = chain.steps[1:] if chain.steps[0].kind == "root" else chain.steps
    way = "".join(f" → {how(step)}" for step in steps)
    target = next(t for t in alive.targets if t.key == chain.target)
    many = f" (the first of {target.count})" if target.count > 1 else ""
    found = [f"  {_origin(alive, chain.origin)}{way}: {target.label}{many} is reached"]
    for member in alive.members:
        if chain.target in dict(member.waits) and member.round == chain.round + 1:
            found.append(f"    {_line(member, alive)}: joins in round {member.round}")
    return found


def _line(member: Member, alive: Alive) -> str:
    waits = ", ".join(f"{op} {_label(alive, key)}" for key, op in member.waits)
    kept = f", keeps {size(member.bytes)}" if member.bytes >= _LEAST_BYTES else ""
    return f"{who(member)} at {short(member.at)} waits for: {waits or member.reason}{kept}"


def _label(alive: Alive, key: str) -> str:
    return next((t.label for t in alive.targets if t.key == key), key)


# -- what is drawn ---------------------------------------------------------------------------------


@dataclass(slots=True)
class _Row:
    """A thing that was reached or not, what leads to it, and who waits for it."""

    target: Box
    origin: Box | None = None
    steps: list[Box] = field(default_factory=list)
    nodes: list[int] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    members: list[Box] = field(default_factory=list)

    @property
    def height(self) -> float:
        members = sum(b.height + _ROW for b in self.members) - _ROW
        others = [self.target, *self.steps, *([self.origin] if self.origin is not None else [])]
        return max(members, *(box.height for box in others))


@dataclass(slots=True)
class _Band:
    """What happens in one round; `number` is `NEVER` for the last band."""

    number: int
    heading: str
    sentence: str
    rows: list[_Row] = field(default_factory=list)
    alone: list[Box] = field(default_factory=list)
    gone: list[Box] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    top: float = 0.0
    bottom: float = 0.0

    @property
    def boxes(self) -> list[Box]:
        """All of its boxes, each once."""
        found: dict[int, Box] = {}
        for row in self.rows:
            for box in (row.origin, *row.steps, row.target, *row.members):
                if box is not None:
                    found[id(box)] = box
        for box in self.alone:
            found[id(box)] = box
        return list(found.values())


def _name(words: str) -> Line:
    return Line(cut(words, _LONGEST, NAME, bold=True), NAME, bold=True)


def _small(words: str, **look: Any) -> Line:
    return Line(cut(words, _LONGEST, SMALL), **look)


def _member_box(member: Member, state: str) -> Box:
    lines = [_name(who(member))]
    lines.append(_small(f"[{member.reason or member.state}] at {short(member.at)}"))
    words = WORDS.get(member.verdict, WORDS[None])[0] if member.round == NEVER else state
    if words:
        stuck = member.verdict == "permanent"
        lines.append(Line(words, bold=True, color="alarm" if stuck else "ink"))
    if member.verdict == "permanent" and member.round != NEVER:
        lines.append(Line("yet stuck for good: nothing runs", bold=True, color="alarm"))
        lines.append(_small("not in Go's leak profile", color="muted"))
    if member.bytes >= _LEAST_BYTES:
        lines.append(_small(f"keeps {size(member.bytes)}", color="muted"))
    leak = member.verdict if member.verdict in palette.STATES else None
    box = Box(member.key, 0, lines, leak or "runnable", leak, goroutine=True)
    ids = ", ".join(map(str, member.goroutines[:12])) + (", …" if member.count > 12 else "")
    profile = "in" if member.in_profile else "not in"
    box.tip = f"{member.function} · goroutine {ids} · {profile} Go's leak profile"
    box.measure()
    return box


def _target_box(target: Target) -> Box:
    kind, color = THINGS.get(target.kind, (target.kind, "green"))
    number = f"{target.count} × " if target.count > 1 else ""
    lines = [_name(f"{number}{target.label}"), _small(kind)]
    if target.made:
        verb = "declared" if target.nil else "made"
        lines.append(_small(f"{verb} at {short(target.made)}", color="muted"))
    if target.bytes >= _LEAST_BYTES:
        lines.append(_small(f"keeps {size(target.bytes)}", color="muted"))
    box = Box(target.key, 0, lines, color, nil=target.nil, tip=f"{target.label} · {kind}")
    box.measure()
    return box


def _step_box(step: Step) -> Box:
    lines = [_small(step.what, bold=True)]
    if step.bytes >= _LEAST_BYTES:
        lines.append(_small(f"keeps {size(step.bytes)}", color="muted"))
    box = Box(f"step {step.node}", 0, lines, "faint", tip=f"{how(step)}: {step.what}")
    box.measure()
    return box


def _origin_box(alive: Alive, chain: Chain, round_: int) -> Box:
    member = alive.member(chain.origin)
    if member is not None:
        state = "live: it can run" if member.round == 0 else f"live since round {member.round}"
        box = _member_box(member, state)
        box.node = f"{member.key} refers"
        return box
    root = alive.root(chain.origin)
    assert root is not None
    lines = [_name(_origin(alive, chain.origin))]
    lines.append(_small(f"global variable, {root.what}" if root.kind == "global" else root.what))
    if root.bytes >= _LEAST_BYTES:
        lines.append(_small(f"keeps {size(root.bytes)}", color="muted"))
    box = Box(root.key, 0, lines, "select", tip=f"a root: {root.key}")
    box.measure()
    return box


# -- bands -----------------------------------------------------------------------------------------


def _bands(alive: Alive) -> list[_Band]:
    captions = _captions(alive)
    bands = []
    targets = {t.key: t for t in alive.targets}
    for number in range(min(len(alive.rounds), _MOST_FRAMES)):
        band = _Band(number, *captions[number])
        _reached(alive, band, targets)
        if number + 1 == _MOST_FRAMES < len(alive.rounds):
            more = plural(len(alive.rounds) - _MOST_FRAMES, "more round")
            band.notes.append(f"… and {more}, not drawn")
        if band.rows or number == 0:
            bands.append(band)
    if alive.never:
        band = _Band(NEVER, *captions[len(alive.rounds)])
        _unreached(alive, band, targets)
        bands.append(band)
    return bands


def _reached(alive: Alive, band: _Band, targets: dict[str, Target]) -> None:
    """Fill the band of a round: what leads to what."""
    chains = [c for c in alive.chains if c.round == band.number]
    order = {key: i for i, key in enumerate(dict.fromkeys(c.origin for c in chains))}
    # Rows that begin alike stand together.
    met: dict[int, int] = {}
    for chain in chains:
        for step in chain.steps:
            met.setdefault(step.node, len(met))
    chains.sort(key=lambda c: (order[c.origin], [met[step.node] for step in c.steps]))
    if len(chains) > _MOST_ROWS:
        band.notes.append(f"… and {plural(len(chains) - _MOST_ROWS, 'more thing')} reached")
        chains = chains[:_MOST_ROWS]
    origins: dict[str, Box] = {}
    inner: dict[tuple[str, int, int], Box] = {}
    joined: dict[str, Box] = {}
    for chain in chains:
        if chain.origin not in origins:
            origins[chain.origin] = _origin_box(alive, chain, band.number)
        target = targets[chain.target]
        row = _Row(_target_box(target), origins[chain.origin])
        _lay_steps(row, chain)
        if target.count > 1:
            row.labels[-1] += " …"  # of the first; the others were reached in the same round
        row.steps = [
            inner.setdefault((chain.origin, column, node), box)
            for column, (node, box) in enumerate(zip(row.nodes, row.steps, strict=True))
        ]
        band.rows.append(row)
        waiting = [m for m in alive.members if chain.target in dict(m.waits)]
        for member in waiting:
            if member.round != band.number + 1:
                continue  # it was live before, or is woken by something else
            box = joined.get(member.key)
            if box is None:
                if len(row.members) == _MOST_MEMBERS:
                    band.notes.append(f"… and more that wait for {target.label}")
                    break
                state = f"joins in round {member.round}"
                box = joined[member.key] = _member_box(member, state)
                row.members.append(box)
            several = len(member.waits) > 1
            words = dict(member.waits)[chain.target] if several else ""
            band.arrows.append(Arrow(box, row.target, WAITS, member.count, words, False))
    if band.number == 0:
        idle = [who(m) for key in alive.rounds[0] if (m := alive.member(key)) and key not in order]
        roots = [r for r in alive.roots if r.key not in order]
        idle += ["timers"] if any(r.kind != "global" for r in roots) else []
        written, library = _written(roots)
        idle += [r.name for r in written]
        idle += [f"{library} of Go's library"] if library else []
        if idle:
            more = f" and {len(idle) - 8} more" if len(idle) > 8 else ""
            names = ", ".join(idle[:8])
            band.notes.append(f"lead to nothing that anybody waits for: {names}{more}")


def _lay_steps(row: _Row, chain: Chain) -> None:
    """Give a row the boxes between its origin and its thing, and the words on the arrows."""
    steps = chain.steps[1:] if chain.steps[0].kind == "root" else chain.steps
    shown = list(steps[:-1])
    ways = [how(step) for step in steps]
    row.nodes = [step.node for step in shown]
    row.steps = [_step_box(step) for step in shown]
    left = len(shown) - _MOST_STEPS + 1
    if left > 1:
        first = _MOST_STEPS - 2
        box = Box(f"{chain.target} steps", 0, [_small(f"… {left} more")], "faint")
        box.tip = " → ".join(ways)
        box.measure()
        row.nodes[first:-1] = [-row.nodes[first]]
        row.steps[first:-1] = [box]
        ways[first + 1 : -2] = []
    row.labels = ways


def _unreached(alive: Alive, band: _Band, targets: dict[str, Target]) -> None:
    """Fill the band of what was never reached: an island."""
    lost = alive.never
    if len(lost) > _MOST_ROWS:
        count = sum(m.count for m in lost[_MOST_ROWS:])
        groups = plural(len(lost) - _MOST_ROWS, "more group")
        band.notes.append(f"… and {groups} ({plural(count, 'goroutine')}), not drawn")
        lost = lost[:_MOST_ROWS]
    rows: dict[str, _Row] = {}
    boxes: dict[str, Box] = {}
    for member in lost:
        box = boxes[member.key] = _member_box(member, "")
        home = None
        for key, op in member.waits:
            if key not in targets:
                continue
            row = rows.get(key)
            if row is None:
                row = rows[key] = _Row(_target_box(targets[key]))
            home = home or row
            words = op if len(member.waits) > 1 else ""
            band.arrows.append(Arrow(box, row.target, WAITS, member.count, words, False))
        if home is None:
            band.alone.append(box)
        else:
            home.members.append(box)
    for chain in alive.chains:
        if chain.round != NEVER or chain.origin not in boxes:
            continue
        row = rows.get(chain.target)
        if row is None:
            row = rows[chain.target] = _Row(_target_box(targets[chain.target]))
        words = cut(_way(chain.steps), 150.0, 8.0)
        band.arrows.append(Arrow(boxes[chain.origin], row.target, REFERS, 1, words, False))
    band.rows = list(rows.values())
    band.gone = _ghosts(targets[key] for key in rows)
    if alive.unsearched:
        band.notes.append("references of goroutines that are not drawn were not looked for")


def _place(band: _Band, left: float) -> float:
    """Give the boxes of a band their places, its arrows their curves; return its right edge."""
    deep = max((len(row.steps) for row in band.rows), default=0)
    widths = [0.0] * (deep + 3)
    gaps = [0.0] * (deep + 2)  # behind each column
    for row in band.rows:
        if row.origin is not None:
            widths[0] = max(widths[0], row.origin.width)
        for i, box in enumerate(row.steps, 1):
            widths[i] = max(widths[i], box.width)
        widths[-2] = max(widths[-2], row.target.width)
        for box in row.members:
            widths[-1] = max(widths[-1], box.width)
        for i, words in enumerate(row.labels):
            behind = i if i < len(row.labels) - 1 else deep
            gaps[behind] = max(gaps[behind], text_width(words, 8.0) + 54, _GAP)
    for box in band.alone:
        widths[-1] = max(widths[-1], box.width)
    labels = [text_width(arrow.label, 8.0) for arrow in band.arrows]
    gaps[-1] = max(_GAP, max(labels, default=0.0) + 90)
    if band.number == NEVER:
        band.gone = [_live_box(), *band.gone]
        widths[0] = max(box.width for box in band.gone)
        gaps[0] = _GAP + _WALL + 40
    xs, x = [], left
    for i, width in enumerate(widths):
        xs.append(x)
        x += width + (gaps[i] if i < len(gaps) and width else 0.0)
    y = 0.0
    middles: dict[int, list[float]] = {}
    for row in band.rows:
        middle = y + row.height / 2
        for part in (row.origin, *row.steps, row.target):
            middles.setdefault(id(part), []).append(middle)
        base = middle - (sum(b.height + _ROW for b in row.members) - _ROW) / 2
        for box in row.members:
            _put(box, xs[-1], base + box.height / 2, widths[-1], deep + 2)
            base += box.height + _ROW
        y += row.height + _ROW
    for row in band.rows:
        for column, step in enumerate((row.origin, *row.steps)):
            if step is not None:
                # What several rows share stands beside their middle: they follow each other.
                around = middles[id(step)]
                _put(step, xs[column], (around[0] + around[-1]) / 2, widths[column], column)
        _put(row.target, xs[-2], middles[id(row.target)][0], widths[-2], deep + 1)
    for box in band.alone:
        _put(box, xs[-1], y + box.height / 2, widths[-1], deep + 2)
        y += box.height + _ROW
    y = max(y, _level(band) + _ROW)
    drawn: set[tuple[int, int]] = set()
    for row in band.rows:
        stops = [box for box in (row.origin, *row.steps, row.target) if box is not None]
        for (a, b), words in zip(pairwise(stops), row.labels, strict=False):
            if (id(a), id(b)) not in drawn:
                drawn.add((id(a), id(b)))
                band.arrows.append(Arrow(a, b, REFERS, 1, words, False))
    if band.number == NEVER:
        y = max(y, sum(box.height + _ROW for box in band.gone))
    curves(band.arrows)
    place_labels(band.arrows, band.boxes)
    band.bottom = y - (_ROW if band.boxes else 0.0)
    return x


def _level(band: _Band) -> float:
    """Move who waits for several things to the middle of these; return where the lowest ends."""
    column = [box for row in band.rows for box in row.members] + band.alone
    if not column:
        return 0.0
    wanted = []
    for box in column:
        heads = [arrow.head.middle for arrow in band.arrows if arrow.tail is box]
        wanted.append(sum(heads) / len(heads) if heads else box.middle)
    stack(column, wanted)
    up = min(0.0, *(box.y for box in column))
    for box in column:
        box.y -= up
    return max(box.y + box.height for box in column)


def _put(box: Box, x: float, middle: float, width: float, column: int) -> None:
    box.x, box.y, box.width, box.column = x, middle - box.height / 2, width, column


def _live_box() -> Box:
    lines = [_name("all that is live"), _small("roots and all they reach")]
    box = Box("live", 0, lines, "select", tip="what the marking reached")
    box.measure()
    return box


def _knew(target: Target) -> bool:
    """Whether the function that made a thing had it in a variable, and is gone."""
    return bool(target.maker) and not target.nil and not target.maker.endswith("__init__")


def _ghosts(targets: Iterable[Target]) -> list[Box]:
    """Return a box for each function that knew what is lost, and has returned."""
    knew: dict[str, list[Target]] = {}
    for target in targets:
        if _knew(target):
            knew.setdefault(target.maker, []).append(target)
    boxes = []
    for maker, lost in list(knew.items())[:3]:
        lines = [
            Line(cut(maker, _LONGEST, NAME, italic=True), NAME, italic=True, color="muted"),
            _small(f"made {_names(lost, 2)}, has returned", italic=True, color="muted"),
        ]
        box = Box(f"gone {maker}", 0, lines, "muted", gone=True, tip=f"{maker} has returned")
        box.measure()
        boxes.append(box)
    return boxes


# -- the sheet -------------------------------------------------------------------------------------


def sheet(alive: Alive, title: str = "", upto: int | None = None) -> Sheet:
    """Return the proof as marks on a sheet.

    Parameters
    ----------
    alive : Alive
        From ``Run.alive()``.
    title : str
        What the picture says.
    upto : int, optional
        Draws what is known after this round: a frame of the marking.  All when left out.
    """
    page = Sheet(_LEAST, 0.0, title or "why things are alive")
    page.description = text(alive)
    if not alive.members:
        return _empty(page, title)
    bands = _bands(alive)
    shown = [b for b in bands if upto is None or 0 <= b.number <= upto]
    # Placed once from the left: only then it is known how wide the page is.
    edge = max(_place(band, _MARGIN + 14) for band in bands)
    page.width = math.ceil(max(_LEAST, edge + _MARGIN + 14))
    inside = page.width - 2 * _MARGIN
    y = _MARGIN
    for line in wrap(title or "why things are alive", inside, TITLE, bold=True):
        page.add(Text(_MARGIN, y + TITLE * ASCENT, line, TITLE, bold=True))
        y += TITLE * 1.35
    y = _film(page, alive, y + 8, inside, upto)
    for band in shown:
        y = _draw(page, band, y + _BAND, inside)
    if upto is None or upto >= len(alive.rounds):
        y = _foot(page, alive, y, inside)
    y = _legend(page, bands if upto is None else shown, y + 14)
    page.height = math.ceil(y + _MARGIN / 2)
    return page


def frames(alive: Alive, title: str = "") -> list[Sheet]:
    """Return a sheet for each round of the marking, and the last with what was never reached."""
    last = len(alive.rounds) - 1
    found = [sheet(alive, title, upto=number) for number in range(last)]
    return [*found, sheet(alive, title)]


def _empty(page: Sheet, title: str) -> Sheet:
    words = title or "why things are alive"
    page.add(
        Text(_MARGIN, 30, cut(words, _LEAST - 2 * _MARGIN, TITLE, bold=True), TITLE, bold=True)
    )
    page.add(
        Text(_MARGIN, 54, "nobody waits: no goroutine is left", 9.5, italic=True, color="muted")
    )
    page.height = 72
    return page


def _film(page: Sheet, alive: Alive, y: float, inside: float, upto: int | None) -> float:
    """Draw the rounds beside each other: the same goroutines, and what is known of each."""
    members = _chosen(alive)
    captions = [head for head, _ in _captions(alive)]
    numbers = list(range(len(captions)))
    if len(numbers) > _MOST_PICTURES:
        numbers = [*numbers[: _MOST_PICTURES - 2], *numbers[-2:]]
    lines = math.ceil(len(numbers) / max(1, (inside + 10) // (_FRAME + 10)))
    across = math.ceil(len(numbers) / lines)
    wide = min(_WIDEST, (inside + 10) / across - 10)
    rest = len(alive.members) - len(members)
    height = 24 + len(members) * (_CHIP + 3) + (12 if rest else 0) + 5
    for place, number in enumerate(numbers):
        x = _MARGIN + place % across * (wide + 10)
        top = y + place // across * (height + 10)
        over = number >= len(alive.rounds)
        now = upto is not None and number == upto
        dim = upto is not None and (number > upto or over)
        page.add(
            Rect(
                x,
                top,
                wide,
                height,
                "paper" if dim else "panel",
                "cycle" if now else "faint",
                2.0 if now else 0.8,
                4,
                (3.0, 2.0) if dim else (),
                key=f"frame {number}",
            )
        )
        head = cut(captions[number], wide - 14, SMALL, bold=True)
        color = "muted" if dim else "ink"
        page.add(Text(x + 7, top + 14, head, SMALL, bold=True, color=color))
        if dim:
            continue
        for i, member in enumerate(members):
            _chip(page, member, number, over, wide - 14, x + 7, top + 22 + i * (_CHIP + 3))
        if rest:
            words = f"… and {plural(rest, 'more group')}"
            page.add(Text(x + 9, top + height - 6, words, TINY, color="muted"))
    return y + math.ceil(len(numbers) / across) * (height + 10) - 10


def _chosen(alive: Alive) -> list[Member]:
    """Return the goroutines that have a place in the film: some of each round."""
    if len(alive.members) <= _MOST_CHIPS:
        return alive.members
    by_round: dict[int, list[Member]] = {}
    for member in alive.members:
        by_round.setdefault(member.round, []).append(member)
    # The largest first, and no round without one while there is room.
    ranked = [
        (rank, i, member)
        for members in by_round.values()
        for rank, (i, member) in enumerate(
            sorted(enumerate(members), key=lambda pair: -pair[1].count)
        )
    ]
    ranked.sort(key=lambda entry: (entry[0], -entry[2].count))
    chosen = {member.key for _, _, member in ranked[:_MOST_CHIPS]}
    return [m for m in alive.members if m.key in chosen]


def _chip(
    page: Sheet, member: Member, number: int, over: bool, width: float, x: float, y: float
) -> None:
    look: dict[str, Any] = {"thickness": 0.9, "radius": 4, "key": member.key}
    if member.round == NEVER and over:
        word, color = "stuck for good", "permanent"
        page.add(Rect(x, y, width, _CHIP, palette.faint(color), color, **look))
        page.add(Rect(x + 2, y + 2, 6, _CHIP - 4, color, hatch=palette.STATES[color].hatch))
    elif member.round == NEVER or (member.round > number and not over):
        word = "not reached"
        page.add(Rect(x, y, width, _CHIP, "paper", "faint", dash=(2.5, 2.0), **look))
    else:
        joins = member.round == number
        word = ("can run" if number == 0 else "joins") if joins else "live"
        look["thickness"] = 2.0 if joins else 0.9
        page.add(Rect(x, y, width, _CHIP, "select-faint", "select", **look))
    base = y + _CHIP / 2 + TINY * 0.36
    free = width - text_width(word, TINY) - 24
    name = cut(who(member), free, TINY, bold=True)
    page.add(Text(x + 11, base, name, TINY, bold=True))
    color = "alarm" if word == "stuck for good" else "muted"
    page.add(Text(x + width - 5, base, word, TINY, color=color, anchor="end"))


def _draw(page: Sheet, band: _Band, y: float, inside: float) -> float:
    """Draw a band from `y` on; return where it ends."""
    lost = band.number == NEVER
    sentences = wrap(band.sentence, inside - 28, SMALL)
    notes = [line for note in band.notes for line in wrap(note, inside - 28, SMALL)]
    head = 22 + len(sentences) * 11.5 + 10
    # Everything has its place from zero on: the band's own top is known only here.
    for box in band.boxes:
        box.y += y + head
    for arrow in band.arrows:
        arrow.points = tuple([(px, py + y + head) for px, py in arrow.points])
        if arrow.label_at is not None:
            arrow.label_at = arrow.label_at[0], arrow.label_at[1] + y + head
    body = band.bottom if band.boxes else -18.0
    height = head + body + 10 + len(notes) * 12 + (4 if notes else 0)
    fill, stroke = ("paper", "permanent") if lost else ("paper", "grid")
    page.add(Rect(_MARGIN, y, inside, height, fill, stroke, 1.2 if lost else 1.0, 6))
    color = "alarm" if lost else "ink"
    page.add(Text(_MARGIN + 14, y + 17, band.heading, 10.5, bold=True, color=color))
    at = y + 30
    for line in sentences:
        page.add(Text(_MARGIN + 14, at, line, SMALL, color="ink" if lost else "muted"))
        at += 11.5
    if lost and band.boxes:
        _wall(page, band, y + head, body)
    brush = Brush(page)
    for arrow in band.arrows:
        _curve(page, arrow)
    for arrow in band.arrows:
        brush.label(arrow)
    for box in band.boxes:
        brush.box(box)
    at = y + head + body + 18
    for line in notes:
        page.add(Text(_MARGIN + 14, at, line, SMALL, italic=True, color="muted"))
        at += 12
    return y + height


def _wall(page: Sheet, band: _Band, top: float, height: float) -> None:
    """Draw what is live, who is gone, and the gap between them and what was never reached."""
    left = _MARGIN + 14
    width = max(box.width for box in band.gone)
    x = left + width + _GAP
    high = sum(box.height + _ROW for box in band.gone) - _ROW
    y = top + max(0.0, height - high) / 2
    for box in band.gone:
        _put(box, left, y + box.height / 2, width, 0)
        y += box.height + _ROW
        Brush(page).box(box)
        look, dash = ("muted", (1.5, 3.0)) if box.gone else ("select", (4.0, 3.0))
        words = "is gone" if box.gone else "no path"
        page.add(Path(((left + width, box.middle), (x - 3, box.middle)), look, 1.4, dash))
        at = left + width + _GAP / 2
        color = "muted" if box.gone else "alarm"
        page.add(Text(at, box.middle - 5, words, 8.0, color=color, anchor="middle"))
    wall: dict[str, Any] = {"hatch": "x", "hatch_color": "permanent", "key": "gap"}
    tip = "no reference leads across"
    page.add(Rect(x, top, _WALL, height, "permanent-faint", "permanent", 1.0, tip=tip, **wall))


def _curve(page: Sheet, arrow: Arrow) -> None:
    waits = arrow.kind == WAITS
    tip = f"{arrow.tail.lines[0].text} → {arrow.head.lines[0].text}: {arrow.label or 'waits for'}"
    key = f"{arrow.tail.node} -> {arrow.head.node}"
    color, thick = ("line", arrow.thickness) if waits else ("blue", 1.5)
    page.add(Path(arrow.points, color, thick, () if waits else (1.5, 2.5), True, True, tip, key))


def _foot(page: Sheet, alive: Alive, y: float, inside: float) -> float:
    lines = []
    if not alive.never:
        lines.append(f"Never reached: nobody; {_all_reached(alive)}.")
    if not alive.precise:
        lines.append("Not every frame could be read exactly: more may be stuck than this says.")
    for line in (part for words in lines for part in wrap(words, inside, SMALL)):
        y += 16
        page.add(Text(_MARGIN, y, line, SMALL, italic=True, color="muted"))
    return y


def _legend(page: Sheet, bands: Iterable[_Band], y: float) -> float:
    bands = list(bands)
    kinds = {arrow.kind for band in bands for arrow in band.arrows}
    x = _MARGIN
    for kind, words in ((REFERS, "refers to"), (WAITS, "waits for")):
        if kind in kinds:
            color, dash = ("line", ()) if kind == WAITS else ("blue", (1.5, 2.5))
            page.add(Path(((x, y), (x + 27, y)), color, 1.5, dash, arrow=True))
            page.add(Text(x + 34, y + 3, words, SMALL))
            x += 34 + text_width(words, SMALL) + 18
    if any(band.number == NEVER for band in bands):
        look: dict[str, Any] = {"hatch": "x", "hatch_color": "permanent"}
        page.add(Rect(x, y - 5, 27, 10, "permanent-faint", "permanent", 1.0, **look))
        page.add(Text(x + 34, y + 3, "the gap: no reference leads across", SMALL))
    return y + 8


# -- doors -----------------------------------------------------------------------------------------


def plot(alive: Alive, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw the proof with matplotlib; return the axes, in points, y downwards."""
    from gosim.views.plot import figure, paint

    page = sheet(alive, title)
    return figure(page).axes[0] if ax is None else paint(page, ax)


def save(alive: Alive, path: str | os.PathLike[str], title: str = "") -> None:
    """Draw the proof into a file: PNG, SVG or PDF, by the suffix of its name.

    Raises
    ------
    UsageError
        For another suffix.
    OSError
        When the file cannot be written.
    """
    from gosim.views.plot import save as save_sheet

    save_sheet(sheet(alive, title), path)


class Why(Shown):
    """Why things are alive, or why nobody can help; it shows itself in a notebook.

    Parameters
    ----------
    alive : Alive
    title : str
        What the picture says.
    """

    def __init__(self, alive: Alive, title: str = "") -> None:
        self.alive = alive
        self.title = title

    @property
    def sheet(self) -> Sheet:
        """The picture as marks on a sheet."""
        return sheet(self.alive, self.title)

    def frames(self) -> list[Sheet]:
        """The rounds of the marking, a picture each."""
        return frames(self.alive, self.title)

    def to_svg(self, theme: Theme = "light") -> str:
        """Return the picture as SVG."""
        return to_svg(self.sheet, theme)

    def to_text(self) -> str:
        """Return the proof as lines for a terminal."""
        return text(self.alive)

    def to_dict(self) -> dict[str, Any]:
        """Return the proof as plain data, schema ``gosim.alive/1``."""
        return self.alive.to_dict()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the picture with matplotlib; return the axes."""
        return plot(self.alive, ax, self.title)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture into a file: PNG, SVG or PDF, by the suffix of its name."""
        save(self.alive, path, self.title)

    def _alt(self) -> str:
        return f"why things are alive: {conclusion(self.alive) or 'nobody is left'}"

    def __repr__(self) -> str:
        return f"<Why: {'; '.join(head for head, _ in _captions(self.alive))}>"
