"""Which group of goroutines is healthy, which is suspicious, and which lesson it is.

Each rule asks for a wait, for functions on the stack, for what changed between two snapshots, for
what Go says itself, or for the line of the program where that can be read.  No rule knows a name of
the program's own.  What a file cannot decide stays ``open``, with the lesson it would be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from gosim.diagnose.heap import of_library
from gosim.diagnose.snapshot import DUMP, Frame, Group, Snapshot, is_runtime
from gosim.diagnose.source import Operation, Sources, Start
from gosim.diagnose.waits import Wait, wait_of

__all__ = ["HEALTHY", "LEAK", "OPEN", "SUSPICIOUS", "Finding", "findings"]

LEAK: Final = "leak"
SUSPICIOUS: Final = "suspicious"
OPEN: Final = "open"
HEALTHY: Final = "healthy"

_RANK: Final = {LEAK: 0, SUSPICIOUS: 1, OPEN: 2, HEALTHY: 3}

_MANY_SENDERS: Final = 10
_MANY: Final = 1000
"""So many goroutines at one line are no pool."""
_LONG: Final = 5
_VERY_LONG: Final = 30
"""Minutes.  Go prints them from the second collection after a wait began."""


@dataclass(slots=True)
class Finding:
    """A group of goroutines, judged.

    Attributes
    ----------
    group : Group
        Of the later snapshot, where there are two.
    wait : Wait
    verdict : str
        ``leak``: Go itself says so, or nothing can ever end the wait; ``suspicious``: it grows, or
        waits for what does not come; ``open``: this file cannot tell; ``healthy``.
    lesson : str
        Key in ``LESSONS``; of an open group the one it would be; empty for healthy ones.
    others : tuple of str
        Lessons that look the same in this file.
    why : str
        What the verdict is based on, in words.
    before : int or None
        How many there were in the earlier snapshot; None when there is one.
    stayed : int or None
        How many of those are in the same place still; None when the files have no numbers.
    at : Frame or None
        The innermost frame of the program itself.
    text : str
        That line, where the program's text can be read.
    creator : str
        ``returned``: the function that started them is on no stack; ``there``; or ``""``: unknown.
    """

    group: Group
    wait: Wait
    verdict: str = ""
    lesson: str = ""
    others: tuple[str, ...] = ()
    why: str = ""
    before: int | None = None
    stayed: int | None = None
    at: Frame | None = None
    text: str = ""
    operation: Operation | None = None
    start: Start | None = None
    creator: str = ""
    handler: bool = False
    notes: list[str] = field(default_factory=list)

    @property
    def grew(self) -> int | None:
        """How many came between the snapshots."""
        return None if self.before is None else self.group.count - self.before


@dataclass(slots=True)
class _Scene:
    """All that rules may ask for."""

    snapshot: Snapshot
    earlier: Snapshot | None
    findings: list[Finding]
    asleep: bool
    could_run: bool
    """Somebody is there who is not blocked, and could unlock or answer."""
    kinds: dict[str, int] = field(default_factory=dict)
    """How many groups wait in each way."""
    writers: bool = False
    """Somebody wants to write under a RWMutex."""
    circles: frozenset[str] = frozenset()
    """Locks whose waiters know each other's."""


# -- stacks that are known -------------------------------------------------------------------------

Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Known:
    """A stack of Go's library that says by itself what it is."""

    name: str
    test: Callable[[Finding, Names], bool]
    why: str


def _start_of(finding: Finding) -> str:
    for frame in reversed(finding.group.stack):
        if frame.function not in ("runtime.goexit", "runtime.goexit.abi0"):
            return frame.function
    return ""


def _has(*functions: str) -> Callable[[Finding, Names], bool]:
    wanted = frozenset(functions)
    return lambda _, names: not wanted.isdisjoint(names)


def _begins(*prefixes: str) -> Callable[[Finding, Names], bool]:
    return lambda _, names: any(name.startswith(prefixes) for name in names)


def _no_own_frame(finding: Finding) -> bool:
    return all(of_library(frame) for frame in finding.group.seen)


_HTTP2: Final = ("net/http.(*http2", "golang.org/x/net/http2.", "net/http/internal/http2.")


def _machinery(f: Finding, *packages: str) -> bool:
    """Whether a stack is all the library's: a handler on top of it is judged by its wait."""
    seen = f.group.seen
    return any(frame.function.startswith(packages) for frame in seen) and all(
        of_library(frame) or frame.function.startswith(("golang.org/x/net/", *packages))
        for frame in seen
    )


def _idle_server_conn(f: Finding, names: Names) -> bool:
    return (
        "net/http.(*conn).serve" in names
        and f.wait.kind in ("io", "runnable", "running")
        and _no_own_frame(f)
        and "net/http.serverHandler.ServeHTTP" not in names
    )


def _runtime_own(f: Finding, names: Names) -> bool:
    start = _start_of(f)
    if f.wait.kind == "runtime":
        return True
    return bool(start) and is_runtime(start) and start != "runtime.main"


_SETTLED: Final = (
    _Known("runtime", _runtime_own, "one of the runtime's own goroutines"),
    _Known(
        "dumper",
        _begins("runtime/pprof.", "net/http/pprof.", "runtime/debug.Stack", "runtime.Stack"),
        "it wrote this file",
    ),
    _Known("signals", _has("os/signal.loop", "os/signal.signal_recv"),
           "os/signal's loop: one for the whole process"),
    _Known("accept", _has("net.(*netFD).accept", "net.(*TCPListener).Accept",
                          "net.(*UnixListener).Accept", "net.(*netFD).Accept"),
           "a server's loop: it waits for the next connection"),
    _Known("background read", _has("net/http.(*connReader).backgroundRead"),
           "a server looks whether its client is still there, one for each request in flight"),
    _Known("idle server connection", _idle_server_conn,
           "a server's connection between two requests: the client keeps it for the next one"),
    _Known("http2", lambda f, names: _machinery(f, *_HTTP2), "the machinery of HTTP/2"),
    _Known("grpc", lambda f, names: _machinery(f, "google.golang.org/grpc"),
           "the machinery of a gRPC connection"),
    _Known("testing", lambda f, names: _start_of(f) == "runtime.main"
           and any(n.startswith("testing.") for n in names), "the test runner waits for its tests"),
)  # fmt: skip


def _settled(f: Finding, names: Names) -> str:
    return next((known.why for known in _SETTLED if known.test(f, names)), "")


# -- what happened between two snapshots -----------------------------------------------------------


def _key(group: Group) -> object:
    return tuple([(f.function, f.line) for f in group.seen])


def _reason(group: Group, both_dumps: bool) -> str:
    return group.reason if both_dumps else ""


def _merged(groups: Sequence[Group], both_dumps: bool) -> dict[object, tuple[int, set[int]]]:
    found: dict[object, tuple[int, set[int]]] = {}
    for group in groups:
        key = _key(group), _reason(group, both_dumps)
        count, ids = found.get(key, (0, set()))
        found[key] = count + group.count, ids | set(group.ids)
    return found


def _compare(found: list[Finding], earlier: Snapshot, later: Snapshot) -> None:
    dumps = earlier.format == later.format == DUMP
    before = _merged(earlier.groups, dumps)
    for f in found:
        count, ids = before.get((_key(f.group), _reason(f.group, dumps)), (0, set()))
        f.before = count
        if dumps:
            f.stayed = len(ids & set(f.group.ids))


def _grows(f: Finding) -> bool:
    """Whether a group became larger in a way that is not the coming and going of work."""
    if f.before is None or f.grew is None or f.grew <= 0:
        return False
    if not f.wait.blocks:
        if f.stayed is not None and f.before and f.wait.kind == "sleep":
            return f.stayed == f.before and f.grew >= f.before
        return f.grew >= (50 if f.wait.kind in ("running", "runnable", "syscall") else 20)
    if f.stayed is not None and f.before:
        # They are numbered: of a leak, all that were there are there still.
        return f.stayed >= 0.9 * f.before and f.grew * 10 >= f.before
    if f.handler:
        return f.grew >= 50
    return f.grew >= 4 and 2 * f.grew >= f.before


# -- the verdict -----------------------------------------------------------------------------------


def findings(
    snapshot: Snapshot, earlier: Snapshot | None = None, sources: Sources | None = None
) -> list[Finding]:
    """Judge the groups of a snapshot.

    Parameters
    ----------
    snapshot : Snapshot
        The later one, where there are two.
    earlier : Snapshot, optional
    sources : Sources, optional
        The program's text.

    Returns
    -------
    list of Finding
        The worst first.
    """
    sources = sources or Sources()
    found = [Finding(group, wait_of(group, snapshot.format)) for group in snapshot.groups]
    alive = _alive(snapshot)
    for f in found:
        _look(f, sources, alive)
    if earlier is not None:
        _compare(found, earlier, snapshot)
    asleep = "all goroutines are asleep" in snapshot.headline
    could_run = any(
        not f.wait.blocks and f.wait.kind != "runtime" and not _is_dumper(f)
        and not _settled(f, frozenset(f.group.functions))
        for f in found
    )  # fmt: skip
    scene = _Scene(snapshot, earlier, found, asleep, could_run)
    for f in found:
        scene.kinds[f.wait.kind] = scene.kinds.get(f.wait.kind, 0) + 1
    scene.writers = "rwmutex write" in scene.kinds or any(
        "sync.(*RWMutex).Lock" in f.group.functions for f in found
    )
    scene.circles = _circles(found)
    for f in found:
        _judge(f, scene)
    _together(scene)
    return sorted(
        found,
        key=lambda f: (
            _RANK[f.verdict], 0 if f.verdict == HEALTHY else -max(f.grew or 0, 0), -f.group.count,
        ),
    )


def _is_dumper(f: Finding) -> bool:
    return any(
        name.startswith(("runtime/pprof.", "net/http/pprof.")) for name in f.group.functions
    )


def _alive(snapshot: Snapshot) -> dict[str, set[int]]:
    """Return who has each function on the stack, where goroutines are numbered."""
    where: dict[str, set[int]] = {}
    if snapshot.format == DUMP:
        for group in snapshot.groups:
            for function in set(group.functions):
                where.setdefault(function, set()).update(group.ids)
    return where


def _look(f: Finding, sources: Sources, alive: dict[str, set[int]]) -> None:
    seen = f.group.seen
    names = frozenset(f.group.functions)
    own = next((frame for frame in seen if not of_library(frame)), None)
    f.at = own or (seen[0] if seen else None)
    f.handler = "net/http.(*conn).serve" in names
    if f.at is not None:
        f.text = sources.text(f.at.file, f.at.line)
        if own is not None:
            f.operation = sources.operation(own.file, own.line)
    created = f.group.created_by
    if created is not None:
        f.start = sources.start(created.file, created.line)
        if alive:
            there = alive.get(created.function, set())
            parents = set(f.group.parents)
            f.creator = "there" if (there & parents if parents else there) else "returned"
    if f.wait.kind in ("channel", "channel or select", "unknown", "select") and f.operation:
        op = f.operation.op
        if f.wait.nil is None and op in ("send", "receive", "range", "select"):
            kind = {"send": "chan send", "select": "select"}.get(op, "chan receive")
            f.wait = Wait(kind)


def _judge(f: Finding, scene: _Scene) -> None:
    names = frozenset(f.group.functions)
    f.lesson, f.others = _lesson(f, scene, names)
    if f.group.leaked and f.lesson and not scene.asleep:
        f.verdict = LEAK
        part = f.group.count - f.group.leaked
        f.why = "Go's own collection found that nothing can reach what they wait for"
        if part:
            f.why += f" ({f.group.leaked} of {f.group.count}; the others are at the same line)"
        return
    settled = _settled(f, names)
    if settled and not (f.wait.nil and f.wait.blocks):
        f.verdict, f.lesson, f.others, f.why = HEALTHY, "", (), settled
        if f.grew is not None and f.grew >= 50 and "connection" in settled:
            f.verdict, f.lesson = OPEN, "http-request"
            f.why = f"{settled}; but {f.grew} more than before: set IdleTimeout, look at clients"
        return
    _by_library(f, scene, names)
    if not f.verdict:
        _by_wait(f, scene, names)
    if f.verdict == HEALTHY:
        f.lesson, f.others = "", ()


def _by_library(f: Finding, scene: _Scene, names: Names) -> None:
    """Judge what Go's packages leave on a stack."""
    if not names.isdisjoint({"database/sql.(*DB).connectionOpener",
                             "database/sql.(*DB).connectionCleaner",
                             "database/sql.(*DB).connectionResetter"}):  # fmt: skip
        if f.group.count > 8 or _grows(f):
            f.verdict, f.lesson, f.others = SUSPICIOUS, "sql-open", ()
            f.why = f"{f.group.count} pools are open: each sql.Open has one of these"
        else:
            f.verdict, f.why = HEALTHY, "database/sql's own: one for each pool, as long as it lives"
    elif "net/http.(*persistConn).readLoop" in names and f.wait.kind in ("io", "runnable"):
        f.verdict = HEALTHY
        f.why = "a client's connection that waits for an answer, or rests in the pool"
    elif "net/http.(*persistConn).writeLoop" in names:
        f.verdict = HEALTHY  # unless its other half says otherwise: `_together`
        f.why = "the writing half of a client's connection; it ends when the reading half does"
    elif f.wait.kind == "io" and not _grows(f):
        f.verdict, f.why = HEALTHY, "it waits for the network or a file, not for the program"
    elif f.wait.kind in ("running", "runnable", "syscall") and not _grows(f):
        f.verdict, f.why = HEALTHY, "it is at work, not blocked"
    elif f.wait.kind == "sleep" and not _grows(f):
        f.verdict, f.why = HEALTHY, "it sleeps: that ends by itself"


def _by_wait(f: Finding, scene: _Scene, names: Names) -> None:
    """Judge a wait."""
    main = "main.main" in names or f.group.ids == (1,)
    if scene.asleep:
        f.verdict = LEAK if f.wait.blocks else HEALTHY
        f.why = "the runtime ended the process: all goroutines are asleep"
    elif f.wait.nil and f.wait.blocks:
        if main and f.wait.kind == "select":
            f.verdict, f.why = HEALTHY, "main stays with `select {}`, so that the process lives"
        else:
            f.verdict = LEAK
            f.why = "this wait has no end: nobody can come to a nil channel"
            if f.wait.kind == "select":
                f.why = "this wait has no end: a select without cases"
    elif _grows(f):
        f.verdict = SUSPICIOUS
        f.why = f"{f.before} before, {f.group.count} now"
        if f.stayed is not None and f.before:
            f.why += f", and {f.stayed} of those {f.before} are in the same place still"
    elif f.before is not None and scene.earlier is not None:
        _unchanged(f)
    elif main and f.wait.kind != "mutex":
        f.verdict, f.why = HEALTHY, "main waits: it keeps the process alive"
    else:
        _by_one_look(f, scene)


def _unchanged(f: Finding) -> None:
    """Judge a group that did not grow between two snapshots."""
    assert f.before is not None
    stuck = f.stayed if f.stayed is not None else None
    if f.wait.kind in ("chan send", "mutex", "rwmutex read", "rwmutex write") and stuck:
        f.verdict = SUSPICIOUS
        f.why = f"{stuck} of them are the same goroutines, still at the same line"
    elif f.wait.kind in ("chan send", "mutex", "rwmutex read", "rwmutex write") and stuck is None:
        f.verdict = OPEN
        f.why = "hardly more than before"
        if f.handler and (f.grew or 0) > 0:
            f.why = f"{f.before} before: more requests at a time look like this, too"
        f.why += "; whether they are the same ones, only ?debug=2 says"
    elif f.grew and f.grew > 0 and (f.stayed is None or not f.before) and not f.handler:
        f.verdict = OPEN
        f.why = f"{f.before} before: so few more may be chance; more load, or more time, tells"
    elif f.stayed is None and f.handler and f.grew and f.grew >= 4 and 2 * f.grew >= f.before:
        f.verdict = OPEN
        f.why = f"{f.before} before: more requests at a time look like this, too; only ?debug=2 "
        f.why += "says whether they are the same ones"
    elif f.before == 0 or f.grew is None or f.grew > 0:
        f.verdict, f.why = HEALTHY, "a few more than before: what comes and goes with the work"
    elif f.group.count == f.before:
        f.verdict = HEALTHY
        f.why = f"as many as before ({f.before}): at rest, ready for work; it does not grow"
    else:
        f.verdict = HEALTHY
        f.why = f"fewer than before ({f.before}): they come and go"


def _by_one_look(f: Finding, scene: _Scene) -> None:
    """Judge a group of which there is one snapshot."""
    g = f.group
    waited = f"for {g.minutes} minutes" if g.minutes else ""
    f.verdict = OPEN
    if f.wait.kind in ("mutex", "rwmutex read", "rwmutex write"):
        if g.minutes:
            f.verdict, f.why = SUSPICIOUS, f"nobody should wait {waited} for a lock"
        elif scene.snapshot.format == DUMP and not scene.could_run:
            f.verdict = SUSPICIOUS
            f.why = "nobody in this file runs who could unlock"
        elif g.count >= _MANY_SENDERS:
            f.verdict, f.why = SUSPICIOUS, f"{g.count} goroutines stand at one lock"
        else:
            f.why = "a lock that is in use looks like this, too"
    elif f.wait.kind in ("chan send", "channel"):
        if g.minutes >= _LONG and f.wait.kind == "chan send":
            f.verdict, f.why = SUSPICIOUS, f"they have waited {waited} for somebody to receive"
        elif f.wait.kind == "chan send" and f.creator == "returned" and g.count > 1:
            f.verdict = SUSPICIOUS
            f.why = "the function that started them has returned, and nobody receives"
        elif f.wait.kind == "chan send" and f.creator == "returned":
            f.why = "the function that started it has returned; a generator whose reader is busy "
            f.why += "looks like this, too"
        elif g.count >= _MANY_SENDERS and f.wait.kind == "chan send":
            f.verdict, f.why = SUSPICIOUS, f"{g.count} goroutines stand at one send"
        elif g.count >= _MANY:
            f.verdict, f.why = SUSPICIOUS, f"{g.count} goroutines at one line are no pool"
        else:
            f.why = "a pipeline whose reader is slow looks like this, too"
    elif g.count >= _MANY:
        f.verdict, f.why = SUSPICIOUS, f"{g.count} goroutines at one line are no pool"
    elif g.minutes >= _VERY_LONG and g.count >= 100:
        f.verdict, f.why = SUSPICIOUS, f"{g.count} goroutines, the oldest {waited}"
    elif "io.(*pipe).write" in g.functions or "database/sql.(*DB).conn" in g.functions:
        f.verdict = SUSPICIOUS if f.creator == "returned" or g.minutes else OPEN
        f.why = f"they wait {waited or 'for the other end'}"
    else:
        f.why = "workers at rest and subscribers look the same"
        if waited:
            f.why += f"; the oldest has waited {waited}"
    if f.verdict == OPEN:
        f.why += ": a second snapshot tells"


# -- the lesson ------------------------------------------------------------------------------------

_DONE: Final = re.compile(
    r"(?:\.Done\(\)|\.done\(\)|\b(?:done|quit|stop|closing|exit|shutdown)\w*)$", re.I
)
_CLOCK: Final = re.compile(r"(?:\.C|\.c)$|^time\.(?:After|Tick|after|tick)\(")


def _lesson(f: Finding, scene: _Scene, names: Names) -> tuple[str, tuple[str, ...]]:
    """Return the lesson that a wait teaches when it does not end, and those that look the same."""
    kind = f.wait.kind
    if not f.wait.blocks:
        if kind == "sleep":
            return "retry-storm", ()
        if kind == "io" and "net/http.(*persistConn).readLoop" in names:
            return "http-request", ("http-body",)
        return ("http-request", ()) if kind == "io" else ("", ())
    if f.wait.nil:
        return ("select-none", ()) if kind == "select" else ("nil-channel", ())
    if "net/http.(*persistConn).readLoop" in names or "net/http.(*persistConn).writeLoop" in names:
        return "http-body", ()
    if "net/http.(*persistConn).roundTrip" in names:
        return "http-request", ()
    if "database/sql.(*DB).conn" in names or any(
        n in names for n in ("database/sql.(*Tx).awaitDone", "database/sql.(*Rows).awaitDone")
    ):
        return "sql-rows", ()
    if any(n.startswith("io.(*pipe).") for n in names):
        return "io-pipe", ()
    if any(n.startswith("golang.org/x/sync/semaphore.") for n in names):
        return "semaphore", ("lost-send",)
    if any(n.startswith("golang.org/x/sync/errgroup.(*Group).Wait") for n in names):
        return "errgroup", ("waitgroup",)
    if any(n.startswith("context.") for n in names):
        return "forgotten-cancel", ()
    if kind == "mutex" and ("sync.(*RWMutex).Lock" in names):
        kind = "rwmutex write"
    if kind in ("mutex", "rwmutex read", "rwmutex write"):
        return _lock_lesson(f, scene, kind)
    if kind == "waitgroup":
        return "waitgroup", ()
    if kind == "cond":
        return "cond", ()
    if kind == "semaphore":
        return "waitgroup", ("mutex",)
    lesson, others = _channel_lesson(f, kind)
    if f.wait.nil is None and kind != "select" and "nil-channel" not in others:
        others = (*others, "nil-channel")  # debug=1: it may be one
    return lesson, others


def _channel_lesson(f: Finding, kind: str) -> tuple[str, tuple[str, ...]]:
    op = f.operation
    if kind == "select":
        return _select_lesson(op)
    if kind == "chan send":
        if op is not None and op.op == "send":
            if op.token and op.takes_back:
                return "semaphore", ("lost-send",)
            if op.again and not op.takes_back and (f.start is None or not f.start.looped):
                return "first-answer", ("lost-send",)
        if f.start is not None and f.creator != "there" and f.start.receives and not f.start.drains:
            return "first-answer", ("lost-send", "semaphore")
        created = f.group.created_by
        if f.start is None and f.creator == "returned" and created is not None:
            # main does not return in a process that lives.
            if created.function != "main.main":
                return "first-answer", ("lost-send", "semaphore")
        return "lost-send", ("first-answer", "semaphore")
    if kind in ("channel", "channel or select"):
        return "lost-send", (
            "range-never-closed", "first-answer", "nil-channel", "forgotten-cancel", "ticker",
        )  # fmt: skip
    if op is not None:
        if _CLOCK.search(op.channel):
            return "ticker", ()
        if _DONE.search(op.channel):
            return "forgotten-cancel", ("lost-receive",)
        if op.op == "range":
            return "range-never-closed", ()
        if op.op == "receive":
            return "lost-receive", ("range-never-closed",)
    return "range-never-closed", ("lost-receive", "forgotten-cancel", "ticker")


def _select_lesson(op: Operation | None) -> tuple[str, tuple[str, ...]]:
    if op is None or op.op != "select" or not op.cases:
        return "forgotten-cancel", ("ticker", "range-never-closed", "lost-send")
    if any(_DONE.search(channel) for _, channel in op.cases):
        return "forgotten-cancel", ("ticker",)
    if any(_CLOCK.search(channel) for _, channel in op.cases):
        return "ticker", ("forgotten-cancel",)
    if any(way == "send" for way, _ in op.cases):
        return "lost-send", ("forgotten-cancel",)
    return "range-never-closed", ("forgotten-cancel",)


def _lock_lesson(f: Finding, scene: _Scene, kind: str) -> tuple[str, tuple[str, ...]]:
    if kind.startswith("rwmutex"):
        if "rwmutex read" in scene.kinds and scene.writers:
            return "rwmutex", ("lock-order", "mutex")
        return "mutex", ("lock-order", "rwmutex")
    if any(lock in scene.circles for lock in f.group.locks):
        return "lock-order", ("mutex",)
    if f.operation is not None and f.operation.op == "lock":
        if f.operation.holds and _others_at_locks(f, scene):
            return "lock-order", ("mutex",)
        return "mutex", ("lock-order",)
    if _others_at_locks(f, scene) and not f.group.knows:
        # Two places that wait for a lock, in a file without addresses.
        return "lock-order", ("mutex",)
    return "mutex", ("lock-order",)


def _others_at_locks(f: Finding, scene: _Scene) -> bool:
    """Whether another group waits for a lock, too."""
    kinds = ("mutex", "rwmutex read", "rwmutex write")
    return sum(scene.kinds.get(kind, 0) for kind in kinds) > 1


_MOST_KNOWN: Final = 128


def _circles(found: list[Finding]) -> frozenset[str]:
    """Return the locks of two who know each other's: its address is in the other's arguments."""
    known = [pair for f in found for pair in f.group.knows[:8]][:_MOST_KNOWN]
    return frozenset(
        lock
        for lock, others in known
        for theirs, they_know in known
        if theirs != lock and near(theirs, others) and near(lock, they_know)
    )


def near(lock: str, addresses: frozenset[str]) -> bool:
    """Whether a lock, or the struct that it begins or is in, is among some addresses."""
    at = int(lock, 16)
    return any(0 <= at - int(address, 16) <= 256 for address in addresses)


# -- what belongs together -------------------------------------------------------------------------


def _together(scene: _Scene) -> None:
    """Judge what can only be seen of several groups."""
    bodies = [
        f for f in scene.findings
        if "net/http.(*persistConn).readLoop" in f.group.functions and f.wait.kind == "select"
    ]  # fmt: skip
    own = sum(
        f.group.count for f in scene.findings
        if f.at is not None and not of_library(f.at) and not _is_dumper(f)
    )  # fmt: skip
    for f in bodies:
        if f.verdict == OPEN and scene.earlier is None and f.group.count > max(4, own):
            f.verdict = SUSPICIOUS
            few = f"only {own} goroutines of the program are" if own else ""
            if own < 2:
                few = f"{'only one' if own else 'no'} goroutine of the program is"
            f.why = f"{f.group.count} answers are open, and {few} there to read them"
    if any(f.verdict in (SUSPICIOUS, LEAK) for f in bodies):
        number = sum(f.group.count for f in bodies if f.verdict in (SUSPICIOUS, LEAK))
        for f in scene.findings:
            names = f.group.functions
            if "net/http.(*persistConn).writeLoop" in names and f.verdict == HEALTHY:
                f.verdict, f.lesson = SUSPICIOUS, "http-body"
                f.why = f"the other half of the {number} connections with an open body"
    workers = [
        f for f in scene.findings
        if f.verdict in (SUSPICIOUS, LEAK) and f.wait.kind not in ("waitgroup", "")
    ]  # fmt: skip
    for f in scene.findings:
        if f.wait.kind == "waitgroup" and f.verdict != HEALTHY:
            mine = [
                w for w in workers
                if w.group.created_by is not None and f.at is not None
                and w.group.created_by.function == f.at.function
            ]  # fmt: skip
            if mine:
                stuck = sum(w.group.count for w in mine)
                told = f"a consequence: {stuck} of the workers it waits for are stuck themselves"
                if f.verdict == OPEN:
                    f.verdict, f.why = SUSPICIOUS, told
                else:
                    f.notes.append(told)
