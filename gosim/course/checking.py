"""Checking one submission: read it, have it observed, judge what was seen."""

from __future__ import annotations

import os
import re
import stat
import time
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from gosim.course import sandbox
from gosim.course.assignment import SUFFIXES, Assignment, Check, set_params
from gosim.course.checks import KINDS, Asked, Observation, Verdict, order_key, replay
from gosim.course.report import Report, Result
from gosim.course.sandbox import Failure, Limits
from gosim.runtime.errors import GosimError, LoadError, UsageError

MOST: Final = 200_000
"""Bytes of a submission."""
HERE: Final = "none"
"""Not a sandbox: the program runs in this process.  For programs of the teacher's own."""


def read(path: str | Path) -> str:
    """Return the text of a submission.

    Raises
    ------
    LoadError
        When it is no ordinary file, too long, or no text.
    """
    name = str(path)
    try:
        # Not through a link, which may lead out of the student's folder; nor a pipe or device.
        if not stat.S_ISREG(os.lstat(name).st_mode):
            raise LoadError("a submission is an ordinary file, no link and no folder", name)
        fd = os.open(name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with open(fd, "rb") as f:
            data = f.read(MOST + 1)
    except OSError as error:
        raise LoadError(f"cannot read this: {(error.strerror or '').lower()}", name) from None
    if len(data) > MOST:
        raise LoadError(f"this is longer than {MOST} bytes; a submission is one program", name)
    if b"\0" in data:
        raise LoadError("this is no text: it has zero bytes", name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LoadError("this is no UTF-8 text", name, line) from None
    if not text.strip():
        raise LoadError("this file is empty", name)
    return text.replace("\r\n", "\n")


def peek(path: str | Path) -> str:
    """Return the text of a submission; nothing when there is none that could be read."""
    try:
        return read(path)
    except LoadError:
        return ""


def source_of(path: str | Path, assignment: Assignment) -> str:
    """Return the language of a submission; ``answers`` for a file of answers.

    Raises
    ------
    UsageError
        When the assignment is not solved in such a file.
    """
    suffix = Path(path).suffix
    if assignment.kind != "repair":
        if suffix != ".toml":
            raise UsageError(
                f"{assignment.name} is answered in a file answers.toml: key = value", str(path)
            )
        return "answers"
    for source in assignment.sources:
        if SUFFIXES[source] == suffix:
            return source
    endings = " or ".join(SUFFIXES[source] for source in assignment.sources)
    raise UsageError(f"{assignment.name} is solved in a file that ends in {endings}", str(path))


def check(
    path: str | Path,
    assignment: Assignment,
    *,
    mode: str = "auto",
    limits: Limits | None = None,
    only: Sequence[str] = (),
    hidden: bool = True,
    known: Mapping[str, Result] | None = None,
) -> Report:
    """Check a submission.

    Parameters
    ----------
    path : str or Path
    assignment : Assignment
        The student's own variant.
    mode : str
        The sandbox; `HERE` for none.
    limits : Limits, optional
    only : sequence of str
        Checks to ask, and those they depend on; all when left out.
    hidden : bool
        Ask those, too, that are not visible.
    known : mapping of str to Result, optional
        Answers to checks that are not asked again, and not reported.

    Returns
    -------
    Report
        Also when the submission cannot be loaded: then nothing is passed.

    Raises
    ------
    UsageError
        When the file is not one for this assignment, or the sandbox is not available.
    """
    begun = time.monotonic()
    source = source_of(path, assignment)
    name = _safe(Path(path).name, assignment, source)
    known = known or {}
    wanted = [c for c in _wanted(assignment, only, hidden) if c.id not in known]
    used = mode if mode == HERE else sandbox.chosen(mode)
    try:
        text = read(path)
        answers = _answers(text, str(path)) if source == "answers" else {}
    except LoadError as error:
        results = _all_fail(wanted, error.message, error.line or 0)
    else:
        language = _language(answers, assignment) if source == "answers" else source
        asked = [Asked(assignment, c, language, text, name, answers) for c in wanted]
        results = _Session(asked, used, limits, known).results()
    return Report(
        assignment.name,
        assignment.variant,
        name,
        "" if source == "answers" else source,
        tuple(results),
        used,
        duration_s=time.monotonic() - begun,
    )


def _safe(name: str, assignment: Assignment, source: str) -> str:
    """Return a name for the file that no message and no shell takes for something else."""
    if re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,80}", name):
        return name
    return f"{assignment.name.replace('-', '_')}{SUFFIXES.get(source, '.toml')}"


def _wanted(assignment: Assignment, only: Sequence[str], hidden: bool) -> list[Check]:
    by_id = {check.id: check for check in assignment.checks}
    for name in only:
        if name not in by_id:
            raise UsageError(f"{assignment.name} has no check {name!r}; it has {', '.join(by_id)}")
    needed = set(only or by_id)
    for check in reversed(assignment.checks):
        if check.id in needed:
            needed |= set(check.depends_on)
    return [
        c for c in assignment.checks if c.id in needed and (hidden or c.visibility == "visible")
    ]


def _answers(text: str, path: str) -> dict[str, Any]:
    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise LoadError(
            f"this is no file of answers (key = value, words in quotes): {error}", path
        ) from None
    return {key: value for key, value in found.items() if type(value) in (str, int, bool)}


def _language(answers: Mapping[str, Any], assignment: Assignment) -> str:
    given = str(answers.get("source", ""))
    return given if given in assignment.sources else next(iter(assignment.sources), "python")


def _all_fail(checks: Sequence[Check], message: str, line: int) -> list[Result]:
    first = checks[0] if checks else None
    return [
        Result(
            c.id,
            c.title,
            "fail" if c is first else "skip",
            0,
            c.points,
            c.visibility,
            "" if first is None or c is first else first.id,
            message if c is first else "",
            c.hint if c is first else "",
            line if c is first else 0,
        )
        for c in checks
    ]


class _Session:
    """One submission while it is checked: rounds of orders, judged as they come back."""

    def __init__(
        self,
        asked: Sequence[Asked],
        mode: str,
        limits: Limits | None,
        known: Mapping[str, Result],
    ) -> None:
        self.asked = asked
        self.mode = mode
        self.limits = limits
        self.done: dict[str, Result] = dict(known)

    def results(self) -> list[Result]:
        """Return the answers, in the order of the checks."""
        # What can be said from the text alone comes first: it may spare the rest.
        at_once = [a for a in self.asked if not a.check.depends_on and self._from_text(a)]
        self._ask(at_once)
        self._ask([a for a in self.asked if a not in at_once and not self._will_skip(a)])
        return [self.done[asked.check.id] for asked in self.asked]

    @staticmethod
    def _from_text(asked: Asked) -> bool:
        try:
            return not KINDS[asked.check.kind].orders(asked)
        except LoadError:
            return False

    def _will_skip(self, asked: Asked) -> bool:
        """Skip a check when one that it depends on is known not to have passed."""
        known = [other for other in asked.check.depends_on if other in self.done]
        return any(self.done[other].status != "pass" for other in known) and self._skipped(asked)

    def _skipped(self, asked: Asked) -> bool:
        check = asked.check
        for other in check.depends_on:
            if other in self.done and self.done[other].status != "pass":
                self.done[check.id] = Result(
                    check.id, check.title, "skip", 0, check.points, check.visibility, other,
                    f"not asked, because {other} has to pass first",
                )  # fmt: skip
                return True
        return False

    def _ask(self, ready: Sequence[Asked]) -> None:
        """Have everything observed that these checks need, in one child, and judge it."""
        plans: list[tuple[Asked, list[str]]] = []
        orders: dict[str, dict[str, Any]] = {}
        files: dict[str, str] = {}
        ids: dict[str, str] = {}
        for asked in ready:
            needed: list[str] = []
            try:
                for order in KINDS[asked.check.kind].orders(asked):
                    key = order_key(order)
                    if key not in ids:
                        ids[key] = f"order {len(ids)}"
                        orders[ids[key]] = self._placed(asked, {**order, "id": ids[key]}, files)
                    needed.append(ids[key])
            except LoadError as error:
                self._judged(asked, Verdict("error", error.message))
                continue
            plans.append((asked, needed))
        seen = self._observed(files, list(orders.values()))
        for asked, needed in plans:
            if self._skipped(asked):
                continue
            if isinstance(seen, Failure) and needed:
                self._judged(asked, _failure(seen))
                continue
            found = [] if isinstance(seen, Failure) else [seen[name] for name in needed]
            took = sum(int(o.get("ms", 0)) for o in found) / 1000
            self._judged(asked, _verdict(asked, found), took)

    @staticmethod
    def _placed(asked: Asked, order: dict[str, Any], files: dict[str, str]) -> dict[str, Any]:
        """Put the program of an order among the files of the child."""
        of_starter = order.pop("of", "") == "starter"
        name = asked.file
        text = asked.text
        if of_starter:
            text = asked.assignment.starter(asked.source)
            name = f"starter{SUFFIXES[asked.source]}"
        params = order["params"]
        if params:
            text = set_params(text, params, name)
        order["params"] = {}
        folder = next(
            (f"{i}" for i in range(len(files) + 1) if files.get(f"{i}/{name}", text) == text), "x"
        )
        order["path"] = f"{folder}/{name}"
        files[order["path"]] = text
        return order

    def _observed(
        self, files: Mapping[str, str], orders: Sequence[dict[str, Any]]
    ) -> dict[str, Observation] | Failure:
        if not orders:
            return {}
        if self.mode == HERE:
            found: list[dict[str, Any]] | Failure = _observed_here(files, orders)
        else:
            found = sandbox.observe(files, orders, self.mode, self.limits)
        return found if isinstance(found, Failure) else {str(o["id"]): o for o in found}

    def _judged(self, asked: Asked, verdict: Verdict, took: float = 0.0) -> None:
        check = asked.check
        score = check.points if verdict.status == "pass" else 0
        if verdict.unproven:
            score = check.unproven
        data = {key: value for key, value in verdict.data.items() if value not in ("", None)}
        if verdict.status == "pass":
            data.pop("replay", None)
        self.done[check.id] = Result(
            check.id,
            check.title,
            verdict.status,
            score,
            check.points,
            check.visibility,
            check.depends_on[0] if check.depends_on else "",
            verdict.message,
            "" if verdict.status == "pass" else check.hint,
            verdict.line,
            verdict.unproven,
            took,
            data,
        )


def _failure(failure: Failure) -> Verdict:
    return Verdict("error", failure.message, data={"kind": failure.kind})


def _verdict(asked: Asked, found: Sequence[Observation]) -> Verdict:
    """Return the verdict of a check's judge, or of what was in its way."""
    for observation in found:
        problem = observation.get("problem")
        if problem is not None:
            kind = str(problem["kind"])
            return Verdict(
                "fail" if kind in ("load", "usage") else "error",
                str(problem["message"]),
                int(problem["line"]),
                {"kind": kind},
            )
    try:
        return KINDS[asked.check.kind].judge(asked, found)
    except GosimError as error:
        return Verdict("error", error.message)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        # The child's word does not have the form it should have: no pass.
        return Verdict(
            "error", f"the report on the program cannot be used ({type(error).__name__})"
        )


def _observed_here(
    files: Mapping[str, str], orders: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    import tempfile

    from gosim.course.observe import observe

    with tempfile.TemporaryDirectory(prefix="gosim-") as folder:
        for name, text in files.items():
            target = Path(folder, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        return [observe({**o, "path": str(Path(folder, o["path"]))}) for o in orders]


__all__ = ["HERE", "check", "peek", "read", "replay", "source_of"]
