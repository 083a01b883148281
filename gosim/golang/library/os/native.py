"""What package os needs of Python."""

from __future__ import annotations

import sys
from typing import Any, NoReturn

from gosim.golang.values.slices import Slice
from gosim.golang.values.strings import decode, encode
from gosim.runtime.current import current_world
from gosim.runtime.panic import ProcessExit
from gosim.std import os


def Exit(code: int) -> NoReturn:
    """``os.Exit``."""
    raise ProcessExit(code & 0xFF)


def _strings(texts: list[str]) -> Slice:
    values = [encode(text) for text in texts]
    return Slice(values, 0, len(values), len(values))


def args() -> Slice:
    """Return the command line of the run."""
    return _strings(current_world("os.Args").args)


def LookupEnv(key: str) -> tuple[str, bool]:
    """``os.LookupEnv``."""
    value, ok = os.lookup_env(decode(key))
    return encode(value), ok


def setenv(key: str, value: str) -> bool:
    """Set a variable of the environment; False where neither may be so."""
    return os.setenv(decode(key), decode(value)) is None


def Unsetenv(key: str) -> Any:
    """``os.Unsetenv``."""
    return os.unsetenv(decode(key))


Clearenv = os.clearenv


def Environ() -> Slice:
    """``os.Environ``."""
    return _strings(os.environ())


def write(fd: int, s: str) -> None:
    """Print to standard output or standard error; a run puts its own streams there."""
    stream = sys.stdout if fd == 1 else sys.stderr
    stream.write(decode(s))


def read(n: int) -> str:
    """Read from standard input, which is empty: a run is the same everywhere."""
    return ""
