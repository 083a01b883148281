"""Profiles for ``go tool pprof``, of the kinds a Go program writes.

``goroutine`` and ``goroutineleak`` are made from a `Run`; ``heap`` (and ``allocs``, the same with
another first column), ``block`` and ``mutex`` need a `gosim.export.profiler.Profiler` that observed
it.  Columns, units, labels and order are those of ``runtime/pprof`` (``pprof.go``,
``protomem.go``); ``tests/test_pprof.py`` compares with files that real Go has written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from gosim.export.profiler import PROFILED, Profiler
from gosim.runtime.errors import UsageError
from gosim.runtime.gostacks import parked, whole
from gosim.runtime.proc import EPOCH_NS
from gosim.runtime.proto import FIRST_ADDRESS, Label, Profile, Sample, ValueType
from gosim.runtime.traceback import Call, dump_one
from gosim.runtime.version import Version, resolve

if TYPE_CHECKING:
    from gosim.leaks.judge import Goroutine
    from gosim.leaks.run import Run

KINDS: Final = ("goroutine", "goroutineleak", "heap", "allocs", "block", "mutex")
"""The profiles there are."""

Stack = tuple[Call, ...]

_HEAP: Final = (
    ValueType("alloc_objects", "count"),
    ValueType("alloc_space", "bytes"),
    ValueType("inuse_objects", "count"),
    ValueType("inuse_space", "bytes"),
)
_CONTENTION: Final = (ValueType("contentions", "count"), ValueType("delay", "nanoseconds"))


def write(run: Run, kind: str, file: str, profiler: Profiler | None = None) -> None:
    """Write a profile.

    Parameters
    ----------
    run : Run
    kind : str
        One of `KINDS`.
    file : str
        Tools expect a name that ends in ``.pb.gz``, and open any.
    profiler : Profiler, optional
        What observed the run; for the kinds in `gosim.export.profiler.PROFILED`.

    Raises
    ------
    UsageError
        For a kind there is not, and for one that was not collected.
    OSError
    """
    data = profile(run, kind, profiler).encode()
    with open(file, "wb") as f:
        f.write(data)


def profile(run: Run, kind: str, profiler: Profiler | None = None) -> Profile:
    """Return a profile of a run (see `write`)."""
    if kind not in KINDS:
        raise UsageError(f"there is no profile {kind!r}; gosim writes {', '.join(KINDS)}")
    if kind in PROFILED:
        if profiler is None or kind not in profiler.kinds:
            raise UsageError(
                f"a {kind} profile is collected while the program runs: "
                f"run(main, observers=[profiler := Profiler()])"
            )
        made = _heap(profiler, kind) if kind in ("heap", "allocs") else _contention(profiler, kind)
        made.time_ns = EPOCH_NS + run.virtual_ns
    else:
        made = _goroutines(run, kind)
        made.time_ns = EPOCH_NS + run.virtual_ns + run.after_main.virtual_ns
    made.program = run.program
    made.comments = [
        f"written by gosim, which simulated Go {run.go}: {run.program} {run.variant}",
        f"schedule {run.schedule}",
    ]
    return made


def groups(run: Run, kind: str) -> list[tuple[int, tuple[Call, ...]]]:
    """Return how many goroutines have the same stack, the most first.

    Parameters
    ----------
    run : Run
    kind : str
        ``goroutine``: all that were alive at the end; ``goroutineleak``: those that Go's leak
        profile lists.
    """
    version = resolve(run.go, run.go_line)
    counts: dict[Stack, int] = {}
    for g in run.goroutines:
        if kind == "goroutine" or g.in_profile:
            stack = go_stack(g, version)
            counts[stack] = counts.get(stack, 0) + 1
    return sorted(
        ((count, stack) for stack, count in counts.items()), key=lambda g: (-g[0], _key(g[1]))
    )


def go_stack(g: Goroutine, version: Version) -> Stack:
    """Return the stack of a goroutine with the frames of Go's library on top."""
    above: Stack = ()
    if g.state == "waiting" and g.wait_reason:
        above = parked(g.wait_reason, g.waits[0].thing.kind if g.waits else "", version)
    return above + whole(g.stack, g.id == 1)


def _goroutines(run: Run, kind: str) -> Profile:
    column = ValueType(kind, "count")
    samples = [Sample(stack, (count,)) for count, stack in groups(run, kind)]
    return Profile([column], column, samples=samples)


def _heap(profiler: Profiler, kind: str) -> Profile:
    samples = [
        Sample(stack, (made, made * size, kept, kept * size), (Label("bytes", size),))
        for (stack, size), (made, kept) in sorted(
            profiler.heap.items(), key=lambda item: (_key(item[0][0]), item[0][1])
        )
    ]
    first = "alloc_space" if kind == "allocs" else ""
    return Profile(_HEAP, ValueType("space", "bytes"), 1, samples, first)


def _contention(profiler: Profiler, kind: str) -> Profile:
    records = profiler.block if kind == "block" else profiler.mutex
    samples = [
        Sample(stack, (count, delay))
        for stack, (count, delay) in sorted(
            records.items(), key=lambda item: (-item[1][1], _key(item[0]))
        )
    ]
    return Profile(_CONTENTION, ValueType("contentions", "count"), 1, samples)


def _key(stack: Iterable[Call]) -> list[tuple[Any, ...]]:
    return [(frame.function, frame.file, frame.line) for frame in stack]


# -- as text ---------------------------------------------------------------------------------------


def debug_1(run: Run, kind: str = "goroutine") -> str:
    """Return a goroutine profile as text (Go: ``/debug/pprof/goroutine?debug=1``).

    Goroutines with the same stack are one entry, the most frequent first.  The form with one entry
    for each goroutine, ``debug=2``, is `Run.dump`.

    There are no program counters in Python.  Those printed are made up: what stands behind ``+`` in
    a function is the number of the line.
    """
    if kind not in ("goroutine", "goroutineleak"):
        raise UsageError(f"there is no text of a {kind} profile; write its file")
    found = groups(run, kind)
    lines = [f"{kind} profile: total {sum(count for count, _ in found)}"]
    entries: dict[str, int] = {}
    for count, stack in found:
        for frame in stack:
            entries.setdefault(frame.function, FIRST_ADDRESS + _APART * (len(entries) + 1))
        # A stack holds the addresses to return to; the call stands right before.
        calls = [entries[frame.function] + frame.line for frame in stack]
        back = [call + 1 for call in calls] + [_GOEXIT]
        lines.append(f"{count} @" + "".join(f" {address:#x}" for address in back))
        shown = _first_of_program(stack)
        rows = [
            ("#", f"{call:#x}", f"{f.function}+{f.line:#x}", f"{f.file}:{f.line}")
            for f, call in list(zip(stack, calls, strict=True))[shown:]
        ]
        lines += [*_table(rows), ""]
    return "\n".join(lines) + "\n"


_APART: Final = 0x10_0000
_GOEXIT: Final = FIRST_ADDRESS + 1
"""Where every goroutine returns to (``runtime.goexit``); Go's texts end stacks with it."""
_TAB: Final = 8


def _first_of_program(stack: Stack) -> int:
    """Return where the frames begin that Go shows: it hides the runtime's own at the top."""
    for i, frame in enumerate(stack):
        if not frame.function.startswith(("runtime.", "internal/runtime/")):
            return i
    return 0


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return rows with their columns aligned by tabs, as Go's ``text/tabwriter`` does it."""
    widths = [
        -(-(max(map(len, column)) + 1) // _TAB) * _TAB
        for column in list(zip(*rows, strict=True))[:-1]
    ]
    return [
        "".join(
            cell + "\t" * -(-(width - len(cell)) // _TAB)
            for cell, width in zip(row, widths, strict=False)
        )
        + row[-1]
        for row in rows
    ]


def debug_2(run: Run, kind: str = "goroutine") -> str:
    """Return the goroutine dump of a profile (Go: ``/debug/pprof/goroutine?debug=2``).

    It is `Run.dump`; asked for ``goroutineleak`` Go prints all goroutines as well, and says
    ``(leaked)`` of those that are.
    """
    if kind == "goroutine":
        return run.dump()
    if kind != "goroutineleak":
        raise UsageError(f"there is no text of a {kind} profile; write its file")
    return "\n".join(
        dump_one(
            g.id,
            (g.wait_reason or g.state) + (" (leaked)" if g.in_profile else ""),
            g.stack,
            g.created_by,
            g.created_by.goroutine if g.created_by is not None else 0,
        )
        for g in run.goroutines
    )
