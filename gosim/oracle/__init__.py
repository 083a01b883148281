"""The oracle: what a program does under the real Go toolchain, in the terms of a gosim Run.

`find_toolchain` looks for one, `run_go` builds and runs a Go file with it. Used by
``gosim compare`` and by the tests; nothing of the simulator itself depends on this room.
"""

from __future__ import annotations

from gosim.oracle.compare import Difference, Row, compare, differences
from gosim.oracle.dump import Crash, CreatedBy, Frame, GoGoroutine, ProfileGroup
from gosim.oracle.memory import ByteRow, compare_bytes
from gosim.oracle.recorded import load_recorded, look_up, real_or_recorded, save_recorded
from gosim.oracle.run import BuildError, GoResult, OracleError, build_go, run_go
from gosim.oracle.toolchain import Toolchain, cache_dir, find_toolchain, installed

__all__ = [
    "BuildError",
    "ByteRow",
    "Crash",
    "CreatedBy",
    "Difference",
    "Frame",
    "GoGoroutine",
    "GoResult",
    "OracleError",
    "ProfileGroup",
    "Row",
    "Toolchain",
    "build_go",
    "cache_dir",
    "compare",
    "compare_bytes",
    "differences",
    "find_toolchain",
    "installed",
    "load_recorded",
    "look_up",
    "real_or_recorded",
    "run_go",
    "save_recorded",
]
