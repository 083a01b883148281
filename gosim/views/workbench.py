"""The fix workbench and the detector lab as tables: in a terminal, and in a notebook."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape
from typing import TYPE_CHECKING, Final

from gosim.views.report import prose
from gosim.views.shown import asked
from gosim.views.text import WIDTH, plural, table, wrap

if TYPE_CHECKING:
    from gosim.explore.detectors import Detection, Detector
    from gosim.explore.workbench import Attempt, Workbench

__all__ = ["detectors_bundle", "detectors_report", "workbench_bundle", "workbench_report"]

_BOLD, _DIM, _OFF = "\033[1m", "\033[2m", "\033[0m"
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


def workbench_report(
    bench: Workbench, *, color: bool = False, width: int = WIDTH, plain: bool = False
) -> str:
    """Return what ``gosim explore NAME --try`` prints.

    Parameters
    ----------
    bench : Workbench
    color, width, plain
        As for `gosim.views.exploration.report`.
    """
    bold, dim, off = (_BOLD, _DIM, _OFF) if color else ("", "", "")
    head = f"── {bench.scenario} ── Go {bench.go}, each repair in all its schedules{_size(bench)}"
    lines = [
        "",
        dim + wrap(head, "", width, "   ") + off,
        bold + wrap(_conclusion(bench), "", width, "  ") + off,
        "",
        table(_repair_rows(bench), "  ", width, _REPAIRS, right=(1, 2)),
    ]
    return _plain("\n".join(lines), plain)


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
        "text/plain": lambda: workbench_report(bench).lstrip("\n"),
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


def detectors_report(
    detection: Detection, *, color: bool = False, width: int = WIDTH, plain: bool = False
) -> str:
    """Return what ``gosim explore NAME --detectors`` prints behind the verdict.

    Parameters
    ----------
    detection : Detection
    color, width, plain
        As for `gosim.views.exploration.report`.
    """
    bold, off = (_BOLD, _OFF) if color else ("", "")
    lines = ["", f"{bold}{_about(detection)}{off}"]
    lines.append(table(_detector_rows(detection), "  ", width, _DETECTORS, right=(1,)))
    says = [each for each in detection.detectors[:-1] if each.says]
    if says:
        lines += ["", "what they say"]
        for each in says:
            first = each.says.splitlines()[0]
            lines.append(wrap(f"{each.name}: {first}", "  ", width, "    "))
    lines += ["", wrap(_notes(detection), "", width, "  ")]
    return _plain("\n".join(lines), plain)


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
        "text/plain": lambda: detectors_report(detection).lstrip("\n"),
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


def _plain(text: str, plain: bool) -> str:
    return text.replace("──", "--").replace("…", "...") if plain else text
