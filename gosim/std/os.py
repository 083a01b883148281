"""The process: exit code, arguments, environment and output (Go: package ``os``).

The environment is simulated: it is empty when a run starts and nothing of the machine's own is seen
in it, so that a run is the same everywhere.
"""

from __future__ import annotations

import sys
from typing import Any, Final, NoReturn

from gosim.runtime.current import current_world
from gosim.runtime.errors import UsageError
from gosim.runtime.panic import ProcessExit, caller_line
from gosim.std import errors

__all__ = [
    "File",
    "args",
    "clearenv",
    "environ",
    "exit",
    "getenv",
    "lookup_env",
    "setenv",
    "stderr",
    "stdout",
    "unsetenv",
]

args: list[str]
"""The command line (``os.Args``): the program's name and what follows ``--``."""


def __getattr__(name: str) -> Any:
    # Every run has its own command line.
    if name == "args":
        return current_world("os.args").args
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def exit(code: int) -> NoReturn:
    """End the process at once; no deferred call runs (``os.Exit``).

    Parameters
    ----------
    code : int
        0 for success; the operating system keeps its lowest eight bits.
    """
    if not isinstance(code, int):
        raise UsageError(f"os.exit(code): code is a number, not {code!r}", *caller_line())
    raise ProcessExit(code & 0xFF)


# -- environment ----------------------------------------------------------------------------------


class SyscallError(errors.Error):
    """The error of a failed system call."""

    __slots__ = ("err", "syscall")
    __go_type__ = "*os.SyscallError"
    __go_fields__ = ("syscall", "err")

    def __init__(self, syscall: str, err: Any) -> None:
        self.syscall = syscall
        self.err = err

    def error(self) -> str:
        """Return Go's text."""
        return f"{self.syscall}: {errors.text(self.err)}"

    def unwrap(self) -> Any:
        """Return the error of the operating system."""
        return self.err


_EINVAL: Final = errors.new("invalid argument")


def _environment() -> dict[str, str]:
    return current_world("the environment").environ


def getenv(key: str) -> str:
    """Return the value of a variable of the environment, "" if it is not set."""
    return _environment().get(key, "")


def lookup_env(key: str) -> tuple[str, bool]:
    """Return the value of a variable of the environment and whether it is set."""
    environment = _environment()
    return environment.get(key, ""), key in environment


def setenv(key: str, value: str) -> errors.Error | None:
    """Set a variable of the environment; the result is None or an error."""
    if not key or "=" in key or "\0" in key or "\0" in value:
        return SyscallError("setenv", _EINVAL)
    _environment()[key] = value
    return None


def unsetenv(key: str) -> errors.Error | None:
    """Remove a variable from the environment; the result is None."""
    _environment().pop(key, None)
    return None


def clearenv() -> None:
    """Remove all variables from the environment."""
    _environment().clear()


def environ() -> list[str]:
    """Return the environment as ``key=value``, in the order in which the keys were set."""
    return [f"{key}={value}" for key, value in _environment().items()]


# -- output ---------------------------------------------------------------------------------------


class File:
    """An open file; here only the two of them that a process starts with."""

    __slots__ = ("_fd", "_name")

    def __init__(self, fd: int, name: str) -> None:
        self._fd = fd
        self._name = name

    def write(self, data: str | bytes) -> tuple[int, None]:
        """Write a text or bytes; returns the number of bytes and None (no error)."""
        if isinstance(data, str):
            return self.write_string(data)
        text = bytes(data).decode("utf-8", "surrogateescape")
        self._stream().write(text)
        return len(data), None

    def write_string(self, text: str) -> tuple[int, None]:
        """Write a text; returns the number of bytes and None (no error)."""
        self._stream().write(text)
        return len(text.encode("utf-8", "surrogateescape")), None

    def _stream(self) -> Any:
        # A run puts its own streams there.
        return sys.stdout if self._fd == 1 else sys.stderr

    def fd(self) -> int:
        """Return the file descriptor."""
        return self._fd

    def name(self) -> str:
        """Return the name of the file."""
        return self._name

    def __repr__(self) -> str:
        return self._name


stdout: Final = File(1, "/dev/stdout")
"""Standard output (``os.Stdout``); ``print`` goes there, too."""
stderr: Final = File(2, "/dev/stderr")
"""Standard error (``os.Stderr``)."""
