"""The fix workbench and the detector lab as tables of a notebook."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape
from typing import TYPE_CHECKING, Final

from gosim.views.report import prose
from gosim.views.shown import asked
from gosim.views.text import plural
from gosim.views.workbench import detectors_text, workbench_text

if TYPE_CHECKING:
    from gosim.explore.detectors import Detection, Detector
    from gosim.explore.workbench import Attempt, Workbench

__all__ = ["detectors_bundle", "workbench_bundle"]

_MOST_REASONS: Final = 4


# -- repairs ---------------------------------------------------------------------------------------

_REPAIRS: Final = ("variant", "bad schedules", "goroutines", "worth", "what there is to say")


def _size(bench: Workbench) -> str:
    at = ", ".join(f"{name} = {value}" for name, value in bench.params.items())
    return f", at {at}" if at else ""


def _repair_rows(bench: Workbench) -> list[tuple[str, ...]]:
    return [_repair_row(bench, attempt) for attempt in bench.attempts]


def _repair_row(bench: Workbench, attempt: Attempt) -> tuple[str, ...]:
    explored = attempt.exploration
    said = attempt.remarks(bench.parameter or "n")
    if not explored.complete:
        said.append(f"not every schedule was seen: {explored.bound}")
    first = attempt is bench.attempts[0]
    return (
        attempt.variant,
        f"{attempt.bad} of {explored.schedules}",
        str(attempt.peak),
        "as it was" if first else attempt.worth,
        "; ".join([_once(attempt.summary), *said]),
    )


def _once(summary: str) -> str:
    return summary.rstrip(".")


def _conclusion(bench: Workbench) -> str:
    """Return in a line which repairs are worth it."""
    by: dict[str, list[str]] = {}
    for attempt in bench.attempts[1:]:
        by.setdefault(attempt.worth, []).append(attempt.variant)
    good = by.pop("repairs", [])
    parts = [f"{', '.join(names)}: {worth}" for worth, names in by.items()]
    first = f"{', '.join(good)} repair{'s' * (len(good) == 1)} it" if good else "nothing repairs it"
    return "; ".join([first, *parts])


def workbench_bundle(
    bench: Workbench,
    include: Collection[str] | None = None,
    exclude: Collection[str] | None = None,
) -> dict[str, str]:
    """Return the table as text and as HTML, for ``_repr_mimebundle_``."""
    makers = {
        "text/plain": lambda: workbench_text(bench),
        "text/html": lambda: (
            f"<p><b>{escape(_conclusion(bench))}</b><br><small>{escape(bench.scenario)}"
            f"{escape(_size(bench))}</small></p>"
            + _html(_REPAIRS, _repair_rows(bench), numbers=(1, 2))
        ),
    }
    return asked(makers, include, exclude)


# -- detectors -------------------------------------------------------------------------------------

_DETECTORS: Final = ("detector", "notices", "by default", "why it misses the others")


def _detector_rows(detection: Detection) -> list[tuple[str, ...]]:
    return [
        (
            each.name,
            f"{each.noticed} of {each.bad}",
            "yes" if each.ordinary else "no",
            _reasons(each),
        )
        for each in detection.detectors
    ]


def _reasons(detector: Detector) -> str:
    told = []
    if detector.otherwise:
        told.append(f"complains in {plural(detector.otherwise, 'schedule')} that ended well, too")
    misses = detector.misses[:_MOST_REASONS]
    told += [f"{miss.reason} ({miss.schedules})" for miss in misses]
    if more := len(detector.misses) - len(misses):
        told.append(f"{plural(more, 'more reason')}")
    return "; ".join(told)


def _about(detection: Detection) -> str:
    bad = plural(detection.bad, "bad schedule")
    return f"who would have noticed: {bad} of {detection.exploration.schedules}"


def _notes(detection: Detection) -> str:
    """Return what the numbers mean, and what a study found of the tools behind them."""
    from gosim.explore.detectors import BACKDROP

    studies = "; ".join(f"{s.tool} {s.found} of {s.of}" for s in BACKDROP.values())
    return (
        f"note: `by default` says whether it complains in the default schedule, which is the one "
        f"likely to be seen; the alarm rings above {detection.alarm} goroutines at once. On the "
        f"blocking programs of GoBench a study counted: {studies}"
    )


def detectors_bundle(
    detection: Detection,
    include: Collection[str] | None = None,
    exclude: Collection[str] | None = None,
) -> dict[str, str]:
    """Return the table as text and as HTML, for ``_repr_mimebundle_``."""
    makers = {
        "text/plain": lambda: detectors_text(detection),
        "text/html": lambda: (
            f"<p><b>{escape(detection.exploration.verdict())}</b><br>"
            f"<small>{escape(_about(detection))}</small></p>"
            + _html(_DETECTORS, _detector_rows(detection), numbers=(1,))
            + f"<p><small>{prose(_notes(detection))}</small></p>"
        ),
    }
    return asked(makers, include, exclude)


# -- small things ----------------------------------------------------------------------------------


def _html(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Collection[int]) -> str:
    sides = [
        f' style="text-align:{"right" if i in numbers else "left"};padding:2px 10px"'
        for i in range(len(head))
    ]
    titles = "".join(f"<th{side}>{word}</th>" for side, word in zip(sides, head, strict=True))
    body = "".join(
        "<tr>"
        + "".join(f"<td{s}>{prose(c)}</td>" for s, c in zip(sides, row, strict=True))
        + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"
