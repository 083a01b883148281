"""The oracle: what a program does under the real Go toolchain, in the terms of a gosim Run.

`find_toolchain` looks for one, `run_go` builds and runs a Go file with it. Used by
``gosim compare`` and by the tests; nothing of the simulator itself depends on this room.
"""

from __future__ import annotations

from gosim.oracle.dump import Crash, CreatedBy, Frame, GoGoroutine, ProfileGroup
from gosim.oracle.run import BuildError, GoResult, OracleError, build_go, run_go
from gosim.oracle.toolchain import Toolchain, cache_dir, find_toolchain, installed

__all__ = [
    "BuildError",
    "Crash",
    "CreatedBy",
    "Frame",
    "GoGoroutine",
    "GoResult",
    "OracleError",
    "ProfileGroup",
    "Toolchain",
    "build_go",
    "cache_dir",
    "find_toolchain",
    "installed",
    "run_go",
]
