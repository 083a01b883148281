"""The file from which an exploration goes on: what is left to do, and what has been found.

JSON, written beside its place and then moved there, so that a reader finds the old state or the new
one. It says of which program and with which options it is; another one is refused.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any, Final

from gosim.explore.sampling import Sampling
from gosim.runtime.errors import LoadError, UsageError
from gosim.runtime.program import Program

if TYPE_CHECKING:
    from gosim.explore.parallel import Job

__all__ = ["SCHEMA", "Checkpoint", "digest"]

SCHEMA: Final = "gosim.checkpoint/1"

_PLAIN: Final = (str, bytes, int, float, complex, bool, type(None))


class Checkpoint:
    """A file for one exploration.

    Parameters
    ----------
    path : str
    job : Job
        What is explored, and how.
    """

    def __init__(self, path: str, job: Job) -> None:
        self.path = Path(path)
        self._of = described(job)

    def load(self) -> Any:
        """Return the state in the file; None when there is none.

        Raises
        ------
        LoadError
            When it cannot be read or is damaged.
        UsageError
            When it is of another exploration.
        """
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as problem:
            reason = getattr(problem, "strerror", None) or "it is no text"
            raise LoadError(f"this checkpoint cannot be read: {reason}", str(self.path)) from None
        try:
            found = json.loads(text)
            schema, of, state = found["schema"], found["of"], found["state"]
            whole = found["sha256"] == _sum(state)
        except (ValueError, TypeError, LookupError, RecursionError):
            schema, of, state, whole = SCHEMA, {}, None, False
        if schema != SCHEMA:
            raise LoadError(
                f"this checkpoint is of the kind {schema!r}; this gosim reads {SCHEMA!r}",
                str(self.path),
            )
        if not whole:
            raise LoadError(
                "this is no checkpoint of gosim, or it is damaged; to begin anew, remove it",
                str(self.path),
            )
        for key, mine in self._of.items():
            if of.get(key) != mine:
                raise UsageError(
                    f"{self.path} is the checkpoint of another exploration: {_TOLD[key]} "
                    f"{'is' if key != 'options' else 'are'} not the same; to begin anew, remove it"
                )
        return state

    def save(self, state: Any) -> None:
        """Write the state.

        Raises
        ------
        UsageError
            When that cannot be done.
        """
        # Through JSON once, so that the sum is of what will be read.
        state = json.loads(json.dumps(state))
        whole = {"schema": SCHEMA, "of": self._of, "sha256": _sum(state), "state": state}
        beside = self.path.with_name(f"{self.path.name}.{os.getpid()}.tmp")
        try:
            with open(beside, "w", encoding="utf-8") as file:
                file.write(json.dumps(whole, separators=(",", ":")))
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, self.path)
        except OSError as problem:
            beside.unlink(missing_ok=True)
            raise UsageError(
                f"--checkpoint {self.path}: it cannot be written: {problem.strerror}"
            ) from None


_TOLD: Final = {
    "program": "the program",
    "python": "the version of Python",
    "strategy": "the strategy",
    "options": "the options",
}


def described(job: Job) -> dict[str, str]:
    """Return what two explorations have in common when one can go on with the other's file."""
    trial, strategy = job.trial, job.strategy
    options = [
        *sorted((key, repr(value)) for key, value in trial.options.items()),
        ("variant", trial.variant),
        ("timers", trial.timers),
        ("early_ticks", trial.early_ticks),
        ("max_steps", trial.max_steps),
        ("output", job.output),
        *(("watcher", getattr(make, "__qualname__", type(make).__name__)) for make in job.watchers),
    ]
    how = [strategy.name]
    if isinstance(strategy, Sampling):
        how += [f"{key}={getattr(strategy, key, None)}" for key in ("seed", "first", "depth")]
    return {
        "program": digest(trial.program),
        "python": "{}.{}".format(*sys.version_info[:2]),
        "strategy": " ".join(how),
        "options": hashlib.sha256(repr(options).encode()).hexdigest(),
    }


def digest(program: Program) -> str:
    """Return a number for what a program does: its code, its parameters, what it closes over."""
    parts: list[str] = [type(program).__name__]
    for code in program.codes():
        parts += _of_code(code)
    for name in ("params", "wanted", "args"):
        parts.append(_of_value(getattr(program, name, None)))
    for cell in getattr(getattr(program, "main", None), "__closure__", None) or ():
        try:
            parts.append(_of_value(cell.cell_contents))
        except ValueError:
            parts.append("empty")
    return hashlib.sha256("\n".join(parts).encode("utf-8", "backslashreplace")).hexdigest()


def _of_code(code: CodeType) -> Iterable[str]:
    yield f"{code.co_name} {code.co_argcount} {code.co_flags} {code.co_code.hex()}"
    yield f"{code.co_names} {code.co_varnames} {code.co_freevars}"
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _of_code(const)
        else:
            yield _of_value(const)


def _of_value(value: Any) -> str:
    """Return text for a value that is the same in every process; its type where there is none."""
    if type(value) in _PLAIN:
        return repr(value)
    if type(value) in (list, tuple):
        return f"[{', '.join(map(_of_value, value))}]"
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(sorted(map(_of_value, value)))}}}"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_of_value(k)}: {_of_value(v)}' for k, v in value.items())}}}"
    code = getattr(value, "__code__", None)
    if isinstance(code, CodeType):
        return " ".join(_of_code(code))
    return type(value).__qualname__


def _sum(state: Any) -> str:
    text = json.dumps(state, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
