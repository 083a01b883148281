"""What came of checking a submission: the source of every format that is written."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Status = Literal["pass", "fail", "error", "skip"]
SCHEMA: Final = "gosim.check/1"


def version() -> str:
    """Return the version of gosim, which is the package around this one."""
    return str(sys.modules["gosim"].__version__)


@dataclass(frozen=True)
class Result:
    """The answer to one check.

    Attributes
    ----------
    id, title : str
    status : str
        ``pass``, ``fail``, ``error`` (it could not be asked), ``skip`` (another has to pass).
    score, max_score : int
    visibility : str
    depends_on : str
        The check because of which it was skipped; else the first it depends on, or empty.
    message, hint : str
    line : int
        In the submission; 0 when it is about no line.
    unproven : bool
        The search ended before it had seen every schedule: a person should look.
    duration_s : float
    data : dict
        Numbers behind the message; ``replay`` is a command.
    """

    id: str
    title: str
    status: Status
    score: int
    max_score: int
    visibility: str = "visible"
    depends_on: str = ""
    message: str = ""
    hint: str = ""
    line: int = 0
    unproven: bool = False
    duration_s: float = 0.0
    data: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self, file: str) -> dict[str, Any]:
        """Return it as it stands in the report."""
        return {
            "id": self.id,
            "title": self.title,
            "status": self.status,
            "score": self.score,
            "max_score": self.max_score,
            "visibility": self.visibility,
            "depends_on": self.depends_on or None,
            "message": self.message,
            "hint": self.hint,
            "location": {"file": file, "line": self.line} if self.line else None,
            "unproven": self.unproven,
            "duration_s": round(self.duration_s, 3),
            "data": dict(self.data),
        }


@dataclass(frozen=True)
class Report:
    """All answers about one submission.

    Attributes
    ----------
    assignment, variant, submission : str
    source : str
        ``python`` or ``go``; empty for answers.
    results : tuple of Result
    sandbox : str
    notes : tuple of str
    duration_s : float
    """

    assignment: str
    variant: str
    submission: str
    source: str
    results: tuple[Result, ...]
    sandbox: str = ""
    notes: tuple[str, ...] = ()
    duration_s: float = 0.0

    @property
    def score(self) -> int:
        """Points got."""
        return sum(result.score for result in self.results)

    @property
    def max_score(self) -> int:
        """Points that can be had."""
        return sum(result.max_score for result in self.results)

    @property
    def status(self) -> Status:
        """``error`` when something could not be asked, ``fail`` when something failed."""
        found = {result.status for result in self.results}
        if "error" in found:
            return "error"
        return "fail" if found & {"fail", "skip"} else "pass"

    @property
    def review(self) -> tuple[str, ...]:
        """Checks that a person should look at."""
        return tuple(r.id for r in self.results if r.unproven or r.status == "error")

    def result(self, name: str) -> Result:
        """Return the answer to one check."""
        return next(result for result in self.results if result.id == name)

    def to_dict(self) -> dict[str, Any]:
        """Return it as ``check --json`` prints it, schema ``gosim.check/1``."""
        return {
            "schema": SCHEMA,
            "gosim": version(),
            "scenario": self.assignment,
            "assignment": self.assignment,
            "variant": self.variant,
            "submission": self.submission,
            "source": self.source,
            "seeds": [0],
            "status": self.status,
            "score": self.score,
            "max_score": self.max_score,
            "review": list(self.review),
            "sandbox": self.sandbox,
            "notes": list(self.notes),
            "duration_s": round(self.duration_s, 3),
            "checks": [result.to_dict(self.submission) for result in self.results],
        }


def read(data: Mapping[str, Any]) -> Report:
    """Return the report that was written down with `Report.to_dict`."""
    return Report(
        data["assignment"],
        data["variant"],
        data["submission"],
        data["source"],
        tuple(
            Result(
                id=c["id"],
                title=c["title"],
                status=c["status"],
                score=c["score"],
                max_score=c["max_score"],
                visibility=c["visibility"],
                depends_on=c["depends_on"] or "",
                message=c["message"],
                hint=c["hint"],
                line=c["location"]["line"] if c["location"] else 0,
                unproven=c["unproven"],
                duration_s=c["duration_s"],
                data=c["data"],
            )
            for c in data["checks"]
        ),
        data["sandbox"],
        tuple(data["notes"]),
        data["duration_s"],
    )
