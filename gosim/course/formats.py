"""Reports in the formats of other tools; the report itself (``gosim.check/1``) is their source.

Each function returns text.  They are written after the tools' own documents and sources; what a
tool cannot say is left out: Classroom 50 knows whole points only, PrairieLearn a share of them.
Gradescope is told what students may see; all others show what they get, and of hidden checks they
get the points alone.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from gosim.course.assignment import VISIBLE
from gosim.course.report import Report, Result, version

_CUT: Final = 2000
"""Characters of one test's output that are kept where a tool cuts it itself."""
_LEARN: Final = 100_000
"""Characters of all messages: PrairieLearn takes a megabyte, and JSON has up to six for one."""


def told(result: Result, file: str) -> str:
    """Return what a student is told of one check."""
    parts = [f"{file}:{result.line}: {result.message}" if result.line else result.message]
    if result.status != "pass":
        parts += remarks(result)
    return "\n".join(part for part in parts if part)


def remarks(result: Result) -> list[str]:
    """Return what is told of a check behind its message: the story, the hint, how to see it."""
    story = result.data.get("story", ())
    found = [f"- {line}" for line in story if line not in result.message]
    if result.hint:
        found.append(f"hint: {result.hint}")
    if result.data.get("replay"):
        found.append(f"see it: {result.data['replay']}")
    return found


def _shown(report: Report) -> Report:
    """Return a report of which every part may be shown to the student."""
    results: list[Result] = []
    names: dict[str, str] = {}
    for result in report.results:
        if result.visibility != VISIBLE:
            names[result.id] = f"hidden-{len(names) + 1}"
            result = Result(
                names[result.id], f"a hidden check ({len(names)})", result.status, result.score,
                result.max_score, depends_on=names.get(result.depends_on, result.depends_on),
            )  # fmt: skip
        results.append(result)
    return replace(report, results=tuple(results))


def _json(thing: Any) -> str:
    return json.dumps(thing, ensure_ascii=False, indent=1) + "\n"


def classroom50(report: Report, environment: Mapping[str, str] | None = None) -> str:
    """Return ``result.json`` of Classroom 50; what names the submission is in the environment."""
    env = os.environ if environment is None else environment
    report = _shown(report)
    from datetime import datetime

    return _json(
        {
            "schema": "classroom50/result/v1",
            "classroom": env.get("CLASSROOM", ""),
            "assignment": env.get("ASSIGNMENT", report.assignment),
            "submission": env.get("SUBMISSION_TAG", ""),
            "commit": env.get("COMMIT_URL", ""),
            "release": env.get("RELEASE_URL", ""),
            "review": env.get("REVIEW_URL", ""),
            "datetime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "score": report.score,
            "max-score": report.max_score,
            "tests": [
                {
                    "test-name": result.title,
                    "passed": result.status == "pass",
                    "score": result.score,
                    "max-score": result.max_score,
                    "output": told(result, report.submission)[:_CUT],
                }
                for result in report.results
            ],
        }
    )


def gradescope(report: Report) -> str:
    """Return ``results.json`` of Gradescope."""
    return _json(
        {
            "execution_time": round(report.duration_s, 3),
            "output": f"{report.score} of {report.max_score} points",
            "output_format": "text",
            "stdout_visibility": "hidden",
            "extra_data": {"schema": "gosim.check/1", "variant": report.variant},
            "tests": [
                {
                    "name": result.title,
                    "number": str(number),
                    "score": result.score,
                    "max_score": result.max_score,
                    "status": "passed" if result.status == "pass" else "failed",
                    "output": told(result, report.submission),
                    "output_format": "text",
                    "visibility": result.visibility,
                    "tags": [result.id],
                    "extra_data": dict(result.data),
                }
                for number, result in enumerate(report.results, 1)
            ],
        }
    )


def check50(report: Report) -> str:
    """Return the JSON of check50."""
    report = _shown(report)
    passed = {"pass": True, "fail": False, "error": False, "skip": None}
    results: list[dict[str, Any]] = []
    for result in report.results:
        entry: dict[str, Any] = {
            "name": result.id.replace("-", "_"),
            "description": result.title,
            "passed": passed[result.status],
            "log": list(result.data.get("story", ())),
            "cause": None,
            "data": {},
            "dependency": result.depends_on.replace("-", "_") or None,
        }
        if result.status != "pass":
            place = f"{report.submission}:{result.line}: " if result.line else ""
            entry["cause"] = {
                "rationale": f"{place}{result.message}",
                "help": result.hint or result.data.get("replay") or None,
            }
        results.append(entry)
    return _json({"slug": f"gosim/{report.assignment}", "version": version(), "results": results})


def prairielearn(report: Report) -> str:
    """Return ``results.json`` of PrairieLearn: the score is a share of 1."""
    report = _shown(report)
    share = report.score / report.max_score if report.max_score else 0.0
    most = _LEARN // max(1, len(report.results))
    return _json(
        {
            "gradable": report.status != "error",
            "score": round(share, 4),
            "message": f"{report.score} of {report.max_score} points",
            "tests": [
                {
                    "name": result.id,
                    "description": result.title,
                    "points": result.score,
                    "max_points": result.max_score,
                    "message": told(result, report.submission)[:most],
                    "output": "",
                }
                for result in report.results
            ],
        }
    )


def classroom(report: Report) -> str:
    """Return what the reporter of GitHub Classroom's actions takes, as it takes it: base64."""
    report = _shown(report)
    data = {
        "version": 3,
        "status": report.status,
        "max_score": report.max_score,
        "tests": [
            {
                "name": result.title,
                "status": "pass" if result.status == "pass" else "fail",
                "message": told(result, report.submission),
                "test_code": result.id,
                "filename": report.submission if result.line else "",
                "line_no": result.line,
                "duration": round(result.duration_s, 3),
                "score": result.score,
            }
            for result in report.results
        ],
    }
    return base64.b64encode(json.dumps(data, ensure_ascii=False).encode()).decode() + "\n"


def junit(report: Report) -> str:
    """Return JUnit XML."""
    report = _shown(report)
    failed = sum(result.status == "fail" for result in report.results)
    errors = sum(result.status == "error" for result in report.results)
    skipped = sum(result.status == "skip" for result in report.results)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f"<testsuites><testsuite name={quoteattr(_clean(report.assignment))} tests="
        f'"{len(report.results)}" failures="{failed}" errors="{errors}" skipped="{skipped}" '
        f'time="{report.duration_s:.3f}">',
    ]
    tags = {"fail": "failure", "error": "error", "skip": "skipped"}
    for result in report.results:
        head = (
            f"<testcase classname={quoteattr('gosim.' + report.assignment)} "
            f'name={quoteattr(result.id)} time="{result.duration_s:.3f}"'
        )
        if result.status == "pass":
            lines.append(f"{head}/>")
            continue
        tag = tags[result.status]
        message = quoteattr(_clean(result.message))
        body = escape(_clean(told(result, report.submission)))
        lines.append(f"{head}><{tag} message={message}>{body}</{tag}></testcase>")
    return "\n".join([*lines, "</testsuite></testsuites>", ""])


def _clean(text: str) -> str:
    """Return a text without what XML cannot have."""
    return "".join(
        c
        for c in text
        if c in "\t\n" or " " <= c < "\ud800" or "\udfff" < c < "\ufffe" or c > "\uffff"
    )


def github(report: Report) -> str:
    """Return annotations for the log of a GitHub action."""
    report = _shown(report)
    lines = []
    for result in report.results:
        if result.status == "pass":
            continue
        kind = "warning" if result.status == "skip" else "error"
        place = f"file={_property(report.submission)}"
        if result.line:
            place += f",line={result.line}"
        text = told(result, report.submission)
        text = text.partition(": ")[2] if result.line else text
        lines.append(f"::{kind} {place},title={_property(result.title)}::{_data(text)}")
    return "".join(f"{line}\n" for line in lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS: Final[Mapping[str, Callable[[Report], str]]] = {
    "classroom50": classroom50,
    "gradescope": gradescope,
    "check50": check50,
    "prairielearn": prairielearn,
    "classroom": classroom,
    "junit": junit,
    "github": github,
}
