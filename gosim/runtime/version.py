"""What differs between Go versions, as named features.

A :class:`Version` is resolved once, when a world is made, from the toolchain (``--go``) and the
language version of the module (``--go-line``).  No other file compares versions (a test holds
that); they ask for a feature by name.  Every difference was measured with the real toolchains.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from gosim.runtime.errors import UsageError

SUPPORTED = ("1.21", "1.22", "1.23", "1.24", "1.25", "1.26", "1.27")
LATEST = SUPPORTED[-1]


@dataclass(frozen=True, slots=True)
class Version:
    """The features of one toolchain with one language version.

    Attributes
    ----------
    go, go_line : str
        Toolchain and language version, for display.
    timer_channels_sync : bool
        Timer channels are unbuffered to the eye and never hold a stale value (1.23).
    idle_timers_collected : bool
        A timer nobody refers to is garbage although it was not stopped (1.23).
    waitgroup_wait_reason : str
        Wait reason of ``WaitGroup.Wait``.
    http_drains : bool
        A connection is used again when the body of a response is closed unread (1.27).
    first_goroutine_id : int
        ID of the first goroutine that main starts.
    system_goroutines : int
        Goroutines of the runtime's own that are runnable when ``main.main`` begins.
    loopvar_per_iteration : bool
        Each turn of a loop has its own variable (language 1.22).
    goroutineleak_profile : bool
        ``pprof.Lookup("goroutineleak")`` exists in a normal build.
    repanicked_text : bool
        ``[recovered, repanicked]`` instead of printing the same panic twice (1.25).
    panic_plain_floats : bool
        ``panic(1.5)`` prints ``1.5`` (1.26), not ``+1.500000e+000``.
    panic_nil_prefix : str
        What stands before the text of ``panic(nil)``: ``runtime error: `` since 1.27.
    panic_indents_lines : bool
        Continuation lines of a panic text get a tab (1.23).
    zero_flag_beside_minus : bool
        A ``Formatter`` hears of the flag ``0`` although there is a ``-`` (1.23).
    context_prints_values : bool
        A context with a value prints as ``WithValue(key, value)`` (1.23), not ``(type T, val v)``.
    fatal_dumps_all : bool
        A fatal error that the program made (unlock of an unlocked mutex) prints all goroutines, not
        only the one that made it (up to 1.25).
    fatal_prints_panics : bool
        Before a fatal error in a deferred call stands the panic that runs (1.26).
    dump_tells_labels : bool
        The header of a goroutine in a dump has its profiler labels (language 1.27).
    internal_sync : bool
        Mutex lives in ``internal/sync`` (1.24).
    unicode : str
        Version of the Unicode Character Database that package unicode has.
    rand_seed_ignored : bool
        The function ``rand.Seed`` does nothing (language 1.24).
    contention_of_all : bool
        The mutex profile charges an unlock for everybody who waits (1.22), not only for the one
        that it lets go.
    sql_closing_mutex : bool
        What closes the rows and transactions of ``database/sql`` waits for a condition variable
        (1.27), not for an ``RWMutex``.
    notify_context_cause : bool
        The signal is the cause of the end of a context of ``signal.NotifyContext`` (1.26).
    g_struct_bytes, sudog_bytes : int
        Heap bytes of a goroutine descriptor and of a sudog.
    timer_channel_bytes : int
        Heap bytes of a running timer with its channel and its place in the list of timers, where
        that list keeps it (measured: 210 up to 1.22, 265 in the old mode of 1.23 to 1.26).
    stack_overflow_bytes : int
        The runtime's limit for one stack.
    """

    go: str
    go_line: str
    timer_channels_sync: bool
    idle_timers_collected: bool
    waitgroup_wait_reason: str
    http_drains: bool
    first_goroutine_id: int
    system_goroutines: int
    loopvar_per_iteration: bool
    goroutineleak_profile: bool
    repanicked_text: bool
    panic_plain_floats: bool
    panic_nil_prefix: str
    panic_indents_lines: bool
    zero_flag_beside_minus: bool
    context_prints_values: bool
    fatal_dumps_all: bool
    fatal_prints_panics: bool
    dump_tells_labels: bool
    internal_sync: bool
    rand_seed_ignored: bool
    unicode: str
    contention_of_all: bool
    sql_closing_mutex: bool
    notify_context_cause: bool
    g_struct_bytes: int
    sudog_bytes: int
    timer_channel_bytes: int
    stack_overflow_bytes: int = 1_000_000_000


def _minor(text: str, option: str) -> int:
    name = text.removeprefix("go")
    parts = name.split(".")
    short = ".".join(parts[:2])
    if short not in SUPPORTED or len(parts) > 3 or not all(p.isdigit() for p in parts):
        raise UsageError(
            f"{option} {text}: gosim knows Go {SUPPORTED[0]} to {LATEST}; write, say, {LATEST}"
        )
    return int(parts[1])


@cache
def resolve(go: str = LATEST, go_line: str | None = None) -> Version:
    """Return the features of toolchain `go` for a module whose ``go`` line says `go_line`.

    Parameters
    ----------
    go : str
        Toolchain, ``"1.21"`` to ``"1.27"`` (a patch number is accepted and ignored).
    go_line : str, optional
        Language version of the module; the toolchain's own when left out.

    Raises
    ------
    UsageError
        For a version gosim does not know, or a language newer than the toolchain.

    Examples
    --------
    >>> resolve("1.22").timer_channels_sync, resolve("1.23").timer_channels_sync
    (False, True)
    >>> resolve("1.26", "1.21").timer_channels_sync, resolve("1.27", "1.21").timer_channels_sync
    (False, True)
    """
    tool = _minor(go, "--go")
    line = _minor(go_line, "--go-line") if go_line else tool
    if line > tool:
        raise UsageError(
            f"--go-line {go_line} is newer than the toolchain {go}: a module cannot ask for that"
        )
    sync_timers = tool >= 27 or (tool >= 23 and line >= 23)
    return Version(
        go=f"1.{tool}",
        go_line=f"1.{line}",
        timer_channels_sync=sync_timers,
        idle_timers_collected=sync_timers,
        waitgroup_wait_reason="sync.WaitGroup.Wait" if tool >= 24 else "semacquire",
        http_drains=tool >= 27,
        first_goroutine_id=7 if tool >= 25 else 6,
        system_goroutines=2 if tool >= 25 else 1,
        loopvar_per_iteration=line >= 22,
        goroutineleak_profile=tool >= 27,
        repanicked_text=tool >= 25,
        panic_plain_floats=tool >= 26,
        panic_nil_prefix="runtime error: " if tool >= 27 else "",
        panic_indents_lines=tool >= 23,
        zero_flag_beside_minus=tool >= 23,
        context_prints_values=tool >= 23,
        fatal_dumps_all=tool <= 25,
        fatal_prints_panics=tool >= 26,
        dump_tells_labels=line >= 27,
        internal_sync=tool >= 24,
        rand_seed_ignored=line >= 24,
        unicode="17.0.0" if tool >= 27 else "15.0.0",
        contention_of_all=tool >= 22,
        sql_closing_mutex=tool >= 27,
        notify_context_cause=tool >= 26,
        g_struct_bytes=480 if tool >= 26 else 448 if tool >= 22 else 416,
        sudog_bytes=112 if tool >= 26 else 96,
        timer_channel_bytes=210 if tool <= 22 else 265,
    )
