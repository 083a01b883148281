"""What package runtime/pprof needs of Python: the profiles of goroutines."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from gosim.golang.library import stacks
from gosim.golang.library.runtime.native import look
from gosim.golang.library.stacks import (
    find_leaks,
    labels,
    leaked,
    order,
    pc_of,
    place_of,
    running_stack,
    set_labels,
    to_the_end,
    whole_stack,
)
from gosim.golang.values.slices import Slice
from gosim.golang.values.strings import decode
from gosim.runtime import current
from gosim.runtime.errors import UsageError
from gosim.runtime.forms import Op, operation
from gosim.runtime.g import PARK, SAFE
from gosim.runtime.panic import caller_line
from gosim.runtime.proc import World
from gosim.runtime.proto import Profile, Sample, TextLabel, ValueType
from gosim.runtime.traceback import Frame
from gosim.std.strconv import quote


def hasLeakProfile() -> bool:
    """Whether the toolchain has the profile in a normal build."""
    return current.current_world("pprof.Lookup").version.goroutineleak_profile


def count(name: str) -> int:
    """``(*Profile).Count`` of a built-in profile."""
    w = current.current_world("pprof.Count")
    if name == "goroutine":
        return len(w.allgs) - (w.memory.of_runtime if w.memory is not None else 0)
    if name == "goroutineleak":
        return len(leaked(w))
    raise _unknown(name)


def _unknown(name: str) -> UsageError:
    return UsageError(f"the profile {name} is not simulated inside a program", *caller_line())


# ---- leaks ---------------------------------------------------------------------------------------


@operation
def findLeaks() -> Op:
    """Run the collection that looks for leaked goroutines."""
    w = current.current_world("pprof.WriteTo")
    caller, memory = w.g, w.memory
    yield from look()
    if memory is not None:

        def collect() -> None:
            memory.collect("runtime.GC")
            find_leaks(w, caller)

        yield from memory.whole_collection(collect)
        return
    if w.policy is None or not w.policy.every_step:
        yield from _others_run(w)
    caller.elem = lambda: find_leaks(w, caller)
    yield SAFE
    caller.elem = None
    yield from _others_run(w)


def _others_run(w: World) -> Op:
    # A collection lets who is runnable run before it begins, and before its caller goes on.
    if w.runnext is not None or w.runq or w.globq:
        w.gosched_prepare(w.g)
        yield PARK


# ---- text ----------------------------------------------------------------------------------------


def dump() -> Slice:
    """Return the stacks of all goroutines, the calling one first."""
    w = current.current_world("pprof.WriteTo")
    return _bytes(stacks.dump(w, order(w, w.g), running_stack(sys._getframe(1))))


def profile(name: str, debug: int) -> Slice:
    """Return the text of a built-in profile."""
    w = current.current_world("pprof.WriteTo")
    if name not in ("goroutine", "goroutineleak"):
        raise _unknown(name)
    own = running_stack(sys._getframe(1))
    members = order(w)
    if name == "goroutineleak":
        members = [g for g in members if g.id in leaked(w)]
    records = []
    for g in members:
        stack = whole_stack(w, g, own if g is w.g else None, runtime=True)
        records.append((tuple(to_the_end(w, g, stack)), labels(w, g)))
    return _counted(w, name, debug, records)


def ownProfile(name: str, values: Slice, debug: int) -> Slice:
    """Return the text of a profile of the program's own."""
    w = current.current_world("pprof.WriteTo")
    records = []
    for pcs in values.values():
        found = [place_of(w, pc) for pc in pcs.values()]
        records.append((tuple(f[0] for f in found if f is not None), ()))
    return _counted(w, decode(name), debug, records)


def callers(skip: int) -> Slice:
    """Return the stack of who called ``Add``."""
    w = current.current_world("pprof.Add")
    found = to_the_end(w, w.g, running_stack(sys._getframe(1)))[max(skip, 0) :]
    values = [pc_of(w, frame) for frame in found]
    return Slice(values, 0, len(values), len(values))


def _counted(
    w: World, name: str, debug: int, records: Sequence[tuple[tuple[Frame, ...], tuple[str, ...]]]
) -> Slice:
    """Return a profile that counts equal stacks (``printCountProfile``)."""
    counts: dict[tuple[str, tuple[Frame, ...], tuple[str, ...]], int] = {}
    for stack, values in records:
        key = "@" + "".join(f" {pc_of(w, frame):#x}" for frame in stack)
        if values:
            key += "\n# labels: " + _told(values)
        counts[key, stack, values] = counts.get((key, stack, values), 0) + 1
    found = sorted(counts.items(), key=lambda item: (-item[1], item[0][0]))
    if debug <= 0:
        return _file(w, name, [(stack, values, n) for (_, stack, values), n in found])
    lines = [f"{name} profile: total {len(records)}"]
    for (key, stack, _), n in found:
        lines += [f"{n} {key}", *_aligned(_record(w, stack)), ""]
    return _bytes("\n".join(lines) + "\n")


def _file(
    w: World, name: str, found: Sequence[tuple[tuple[Frame, ...], tuple[str, ...], int]]
) -> Slice:
    """Return the profile as ``go tool pprof`` reads it."""
    column = ValueType(name, "count")
    samples = [
        Sample(
            tuple(f for f in stack if f.function != "runtime.goexit"),
            (n,),
            tuple(TextLabel(k, v) for k, v in zip(values[::2], values[1::2], strict=True)),
        )
        for stack, values, n in found
    ]
    program = w.args[0] if w.args else ""
    data = Profile([column], column, samples=samples, time_ns=w.now, program=program).encode()
    return Slice(bytearray(data), 0, len(data), len(data))


def _record(w: World, stack: Sequence[Frame]) -> list[list[str]]:
    """The cells of a stack; functions of the runtime at its beginning are left out."""
    frames = [f for f in stack if f.function != "runtime.goexit"]
    first = next((i for i, f in enumerate(frames) if not f.function.startswith("runtime.")), 0)
    rows = []
    for frame in frames[first:]:
        pc = pc_of(w, frame)
        found = place_of(w, pc)
        entry = pc if found is None else found[1]
        name = f"{frame.function}+{pc - entry:#x}"
        rows.append(["#", f"{pc:#x}", name, f"{frame.file}:{frame.line}"])
    return rows


def _aligned(rows: list[list[str]]) -> list[str]:
    """Join cells as a tabwriter does that pads with tabs of eight."""
    if not rows:
        return []
    widths = [-(-(max(len(row[i]) for row in rows) + 1) // 8) * 8 for i in range(len(rows[0]) - 1)]
    return [
        "".join(
            cell + "\t" * -(-(width - len(cell)) // 8)
            for cell, width in zip(row, widths, strict=False)
        )
        + row[-1]
        for row in rows
    ]


def _bytes(text: str) -> Slice:
    data = bytearray(text.encode("utf-8", "surrogateescape"))
    return Slice(data, 0, len(data), len(data))


# ---- labels --------------------------------------------------------------------------------------


def setLabels(args: Slice) -> None:
    """Give the running goroutine labels: keys and values in turn."""
    w = current.current_world("pprof.SetGoroutineLabels")
    set_labels(w, tuple(decode(text) for text in args.values()))


def _told(values: tuple[str, ...]) -> str:
    """Labels as the text of a profile has them."""
    pairs = zip(values[::2], values[1::2], strict=True)
    return "{" + ", ".join(sorted(f"{quote(k)}:{quote(v)}" for k, v in pairs)) + "}"
