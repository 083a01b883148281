"""Errors about the use of gosim itself (a Go program's own failures are in ``panic.py``)."""

from __future__ import annotations


class GosimError(Exception):
    """Base of all errors that gosim raises for its user; one sentence that says what to do.

    Attributes
    ----------
    file, line
        The place in the user's program, when there is one.
    printed : str
        What the program had printed by then, if it was running.
    whole : str
        What to show instead of place and message, where a compiler has its own form for that.
    """

    kind = "usage"
    printed = ""
    whole = ""

    def __init__(self, message: str, file: str | None = None, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line

    def __str__(self) -> str:
        if self.file is not None:
            where = self.file if self.line is None else f"{self.file}:{self.line}"
            return f"{where}: {self.message}"
        return self.message


class UsageError(GosimError):
    """gosim was used wrongly: an option, an argument, an operation in the wrong place."""


class LoadError(GosimError):
    """A program could not be loaded."""

    kind = "load"


class OutOfTime(LoadError):
    """The wall-time budget ended before the program ran, or where nothing of it can be named."""


class NotRepeatable(GosimError):
    """A replay met another world than the recorded one."""


class Limit(BaseException):
    """A budget ended the run; its text is the budget's name."""


class WallClock(BaseException):
    """The wall-time budget of the command line is used up."""
