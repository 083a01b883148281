"""The repairs of a lesson, and the detectors, as tables of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gosim.explore.detectors import BACKDROP
from gosim.explore.exploration import BAD
from gosim.views.exploration import title
from gosim.views.text import WIDTH, plural, table, wrap

if TYPE_CHECKING:
    from gosim.explore.detectors import Detection, Detector
    from gosim.explore.workbench import Attempt, Workbench

__all__ = ["detectors_text", "workbench_text"]

REPAIRS: Final = {
    "buffer-1": "a buffer of one",
    "buffer-n": "a buffer for all",
    "cancel": "cancel the context",
    "context": "a ctx.Done case",
    "deadline": "a deadline",
    "default": "a default case",
    "done-by-defer": "Done by defer",
    "done-channel": "a done channel",
    "lock-once": "lock once",
    "lock-order": "one order of locks",
    "look-first": "look, then wait",
    "make": "make the channel",
    "one-lock": "one lock for all",
    "receive-all": "receive them all",
    "release-by-defer": "give back by defer",
    "send-once": "send once",
    "send-to-each": "send to each",
    "speak-first": "one speaks first",
    "timeout": "a time limit",
    "unlock-by-defer": "unlock by defer",
}
"""Kinds of repairs as they are told; the others have their own name."""

_VERBS: Final = {"leak": "leaks", "deadlock": "deadlocks", "panic": "panics", "fatal": "dies"}
_NAMES: Final = {
    "all asleep": '"all asleep"',
    "end check": "end check",
    "lock order": "lock order",
    "leak profile": "leak profile",
    "count alarm": "count alarm",
    "every schedule": "every schedule",
}


def _color(text: str, code: str, colors: bool) -> str:
    return f"\033[{code}m{text}\033[0m" if colors else text


# -- repairs ---------------------------------------------------------------------------------------


def workbench_text(bench: Workbench, width: int = WIDTH, colors: bool = False) -> str:
    """Return the table of the repairs.

    Parameters
    ----------
    bench : Workbench
    width : int
        Columns of the page.
    colors : bool
        Use ANSI colours.
    """
    told = "Go" if bench.source == "go" else "Python"
    size = "".join(f", {name} = {value}" for name, value in bench.params.items())
    first = f"── {bench.scenario} · repairs ── told in {told}, Go {bench.go}{size}"
    rows = [
        (each.variant, _in_schedules(each), str(each.peak), _worth(each, bench.parameter))
        for each in bench.attempts
    ]
    head = ("variant", "in its schedules", "most", "the repair, and what it is worth")
    page = [
        wrap(_color(first, "1", colors), "", width),
        table(rows, "  ", width, head, right=(2,)),
        "",
        *_tried_sizes(bench, width),
        wrap("most: goroutines at once, in any schedule, main included", "  ", width, "  "),
        *_lines_told(bench, width),
        *_bounds(bench, width),
    ]
    return "\n".join(page)


def _worth(attempt: Attempt, parameter: str) -> str:
    if not attempt.repair:
        return "none: the program as it is"
    words = REPAIRS.get(attempt.repair, attempt.repair)
    return f"{words}: {'; '.join([attempt.worth, *attempt.remarks(parameter)])}"


def _in_schedules(attempt: Attempt) -> str:
    explored = attempt.exploration
    outcomes = explored.outcomes
    faults = [f"{_VERBS[kind]} in {outcomes[kind]}" for kind in BAD if outcomes.get(kind)]
    what = ", ".join(faults) if faults else "clean"
    end = "" if explored.complete else " *"
    word = "of" if faults else "in"
    return f"{what} {word} {explored.schedules}{end}"


def _tried_sizes(bench: Workbench, width: int) -> list[str]:
    sizes = [size.value for size in bench.attempts[-1].sizes]
    if not sizes:
        return []
    told = f"{', '.join(map(str, sizes[:-1]))} and {sizes[-1]}" if sizes[1:] else str(sizes[0])
    text = f"also tried, not all schedules of each: {bench.parameter} = {told}"
    return [wrap(text, "  ", width, "  ")]


def _lines_told(bench: Workbench, width: int) -> list[str]:
    """Say which repairs print what the program did not."""
    found = []
    for each in bench.attempts[1:]:
        if each.new:
            more = f", and {plural(len(each.new) - 2, 'more line')}" if len(each.new) > 2 else ""
            lines = ", ".join(f'"{line}"' for line in each.new[:2])
            found.append(wrap(f"new in {each.variant}: {lines}{more}", "  ", width, "    "))
    return found


def _bounds(bench: Workbench, width: int) -> list[str]:
    bounds = sorted({bound for each in bench.attempts if (bound := each.exploration.bound)})
    return [wrap(f"* not complete: {bound}", "  ", width, "    ") for bound in bounds]


# -- detectors -------------------------------------------------------------------------------------


def detectors_text(
    detection: Detection, width: int = WIDTH, colors: bool = False, study: bool = True
) -> str:
    """Return the table of who would have noticed.

    Parameters
    ----------
    detection : Detection
    width : int
        Columns of the page.
    colors : bool
        Use ANSI colours.
    study : bool
        Add what a published comparison says of such detectors.
    """
    explored, bad = detection.exploration, detection.bad
    first = f"── {title(explored)} · detectors ── Go {explored.go}"
    page = [
        wrap(_color(first, "1", colors), "", width),
        wrap(explored.verdict(), "  ", width, "  "),
    ]
    if not bad:
        page.append(wrap(_nothing(detection), "  ", width, "  "))
        return "\n".join(page)
    rows = [
        (
            _NAMES[each.name],
            f"{each.noticed} of {bad}",
            "yes" if each.ordinary else "no",
            _why(each, detection),
        )
        for each in detection.detectors
    ]
    head = ("who", "notices", "usual run", "what it says; why it misses the others")
    page += ["", table(rows, "  ", width, head), ""]
    page.append(wrap(_legend(detection), "  ", width, "  "))
    if study:
        page.append(wrap(_backdrop(), "  ", width, "  "))
    return "\n".join(page)


def _nothing(detection: Detection) -> str:
    false = [
        f"{_NAMES[each.name]} complains in {each.otherwise}"
        for each in detection.detectors
        if each.otherwise
    ]
    end = f", and for nothing {' and '.join(false)}" if false else ""
    return f"there is nothing to notice{end}"


def _why(each: Detector, detection: Detection) -> str:
    parts = []
    if each.noticed:
        parts.append(_said(each.says))
    if each.otherwise:
        good = detection.exploration.schedules - detection.bad
        parts.append(f"complains in {each.otherwise} of {good} that go well, too")
    if each.name == "every schedule" and not detection.exploration.complete:
        parts.append("not every schedule was run")
    for miss in each.misses:
        times = "" if len(each.misses) == 1 and not each.noticed else f" ({miss.schedules})"
        parts.append(f"{miss.reason}{times}")
    return "; ".join(parts)


def _said(text: str) -> str:
    return text.removeprefix("fatal error: ")


def _legend(detection: Detection) -> str:
    kind = _VERBS.get(detection.ordinary)
    usual = f"it {kind}" if kind else "all goes well: who looks at one run only may see nothing"
    if not detection.ordinary:
        usual = "nobody looked: it is not among those that were run"
    many = "the one schedule that goes" if detection.bad == 1 else f"the {detection.bad} that go"
    return (
        f"notices: in how many of {many} wrong; usual run: in the default schedule, where {usual}"
    )


def _backdrop() -> str:
    found = ", ".join(f"{s.tool} {s.found} of {s.of}" for s in BACKDROP.values())
    return f"for comparison, published for the blocking kernels of GoBench: {found}"
