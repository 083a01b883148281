"""The child process: build the walls, carry out the orders, report, and be gone.

Started as ``python -P -s -S -B worker.py`` it finds no package by itself: the orders on stdin say
where they are.  The report is a line of JSON for each order on what was stdout; what the
program writes goes nowhere.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

_STACK = 112 << 20


def main() -> None:
    """Read the orders, and report on them."""
    given: dict[str, Any] = json.load(sys.stdin)
    walls: dict[str, Any] = given["walls"]
    sys.path[:] = walls["path"]
    _house(walls["house"])
    # Whatever the program or Python itself writes, the report is alone in its pipe.
    report = os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.chdir(walls["folder"])
    from gosim.course import harden, observe

    harden.limit(walls["memory"], walls["cpu_s"], _STACK)
    harden.die_with_parent()
    if walls["landlock"]:
        harden.restrict_files(walls["readable"])
    if walls["seccomp"]:
        harden.refuse_calls()
    os.dup2(nowhere, 2)
    for order in given["orders"]:
        # Each is reported when it is known: what comes later cannot take it back.
        _tell(report, {"nonce": given["nonce"], "observation": _observed(order, observe.observe)})
    os._exit(0)


def _observed(order: dict[str, Any], observe: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    try:
        return observe(order)
    except MemoryError:
        return _failed(order, "memory", "the program needs more memory than it may have")
    except RecursionError:
        return _failed(order, "depth", "the program recurses deeper than Python can")
    except Exception as error:  # our own mistake: said as such, and no pass
        where = error.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        line = 0 if where is None else where.tb_lineno
        file = "" if where is None else where.tb_frame.f_code.co_filename
        return _failed(order, "internal", f"{type(error).__name__} at {file}:{line}: {error}")


def _tell(report: int, thing: dict[str, Any]) -> None:
    view = memoryview(json.dumps(thing).encode() + b"\n")
    while view:
        view = view[os.write(report, view) :]


def _failed(order: dict[str, Any], kind: str, message: str) -> dict[str, Any]:
    return {
        "id": order["id"],
        "problem": {"kind": kind, "message": message[:2000], "file": "", "line": 0},
    }


def _house(folder: str) -> None:
    """Make ``gosim`` known, whose folder is the only one of its neighbours that can be read."""
    from importlib.util import module_from_spec, spec_from_file_location

    door = os.path.join(folder, "__init__.py")
    spec = spec_from_file_location("gosim", door, submodule_search_locations=[folder])
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["gosim"] = module
    spec.loader.exec_module(module)


if __name__ == "__main__":
    main()
