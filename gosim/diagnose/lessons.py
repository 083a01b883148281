"""The lessons that a waiting goroutine or a growing heap teaches: rows, scenarios, sentences."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

__all__ = ["LESSONS", "Lesson", "lesson_dict", "scenario_of"]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a pattern is called, and what there is to know of it.

    Attributes
    ----------
    key : str
    rows : tuple of str
        Rows of the article.
    scenarios : tuple of str
        Those of gosim that show it, the nearest first.
    title : str
    releases : str
        Who usually ends the wait.
    repair : str
    """

    key: str
    rows: tuple[str, ...]
    scenarios: tuple[str, ...]
    title: str
    releases: str
    repair: str


_ALL: Final = (
    Lesson(
        "nil-channel", ("C3",), ("nil-channel",),
        "A channel declared but never made",
        "nobody can: a nil channel has no queue and no partner",
        "make the channel before the goroutine starts; where nil is meant to switch a case of a "
        "select off, keep another case that can end the wait",
    ),
    Lesson(
        "select-none", ("C3",), ("nil-channel",),
        "A select without cases",
        "nobody can: `select {}` waits for ever",
        "where it keeps main alive it is right; elsewhere wait for a context or a done channel",
    ),
    Lesson(
        "lost-send", ("C4",), ("ten-senders-one-receiver", "ten-senders-buffer-of-four"),
        "More is sent than received",
        "a receiver of the same channel, which has gone, or takes fewer values than are sent",
        "let the receiver take all (`for v := range ch`), give every value a place "
        "(`make(chan T, n)`), or select between the send and `ctx.Done()`",
    ),
    Lesson(
        "first-answer", ("C6",), ("first-answer-wins", "double-send-after-error"),
        "The first answer wins, the others wait for ever",
        "the function that started it and took one answer; it has returned",
        "give the channel a place for every answer (`make(chan T, n)`), or let the losers select "
        "on a context that the winner cancels; after an error is sent, return",
    ),
    Lesson(
        "semaphore", ("C4",), ("semaphore-token-lost",),
        "A token that is not given back",
        "whoever holds a token and receives it back; some way out of its function does not",
        "give the token back in a defer, right behind the line that takes it",
    ),
    Lesson(
        "range-never-closed", ("C4",),
        ("range-never-closed", "worker-pool-not-closed", "subscription-never-cancelled"),
        "Nobody closes the channel",
        "the sender, by `close(ch)` behind the last value",
        "close the channel where the last value is sent (`defer close(ch)`), or give the workers a "
        "context that ends them",
    ),
    Lesson(
        "lost-receive", ("C4",), ("one-sender-ten-receivers", "range-never-closed"),
        "More is expected than sent",
        "a sender of the same channel, or a `close` of it",
        "close the channel when nothing more comes: that releases all who wait; or send to each",
    ),
    Lesson(
        "ticker", ("C5",), ("ticker-range-after-stop", "ticker-never-stopped"),
        "A ticker's loop without a way out",
        "nobody: `Stop` ends the ticks and does not close `C`",
        "select between the ticker's `C` and `ctx.Done()` or a done channel, and `defer "
        "ticker.Stop()`",
    ),
    Lesson(
        "timer", ("E3", "C5"), ("time-after-in-a-loop", "ticker-never-stopped"),
        "Timers that pile up",
        "the clock, when their time is over; up to Go 1.22 nothing frees them before",
        "one timer outside the loop, with Reset; `defer ticker.Stop()`; or Go 1.23 and newer",
    ),
    Lesson(
        "forgotten-cancel", ("C6",), ("forgotten-cancel", "first-answer-wins"),
        "A context that is never cancelled",
        "whoever holds the cancel function, or closes the done channel",
        "`defer cancel()` in the line behind the one that makes the context; `go vet` (lostcancel) "
        "finds those thrown away",
    ),
    Lesson(
        "mutex", ("C1",), ("mutex-never-unlocked",),
        "A mutex that is never unlocked",
        "the goroutine that holds it; a return, an error or a panic went past its Unlock, or it is "
        "stuck itself",
        "`defer mu.Unlock()` right behind `mu.Lock()`; nothing slow and no channel operation "
        "while it is held",
    ),
    Lesson(
        "lock-order", ("C2",), ("ab-ba-deadlock",),
        "Locks in opposite order",
        "the other one, who waits for a lock that this one holds",
        "take the locks in the same order everywhere, or one lock for both",
    ),
    Lesson(
        "rwmutex", ("C2",), ("rwmutex-recursive-read",),
        "A read lock inside a read lock",
        "the reader in front of the waiting writer, who waits behind that writer for a second "
        "read lock",
        "take the read lock once, in the outermost function; give the inner ones what it protects",
    ),
    Lesson(
        "waitgroup", ("C2",), ("waitgroup-without-done",),
        "A WaitGroup that misses one Done",
        "the goroutines that it counts: one has gone without Done, or is stuck",
        "`defer wg.Done()` as the first line of the goroutine (1.25: `wg.Go(f)`); if a worker is "
        "listed above, repair that one first",
    ),
    Lesson(
        "cond", ("C2",), ("cond-signal-missed",),
        "A condition signal that was missed",
        "Signal or Broadcast, which are not kept for who comes later",
        "wait in a loop that looks at the condition under the lock; Broadcast where more than one "
        "may wait",
    ),
    Lesson(
        "all-asleep", ("C2",), ("all-asleep",),
        "All goroutines are asleep",
        "nobody: every goroutine of the process waits for another",
        "begin with the one that should have gone first; a circle needs one who does not wait",
    ),
    Lesson(
        "errgroup", ("C6", "C2"), ("errgroup-without-context", "waitgroup-without-done"),
        "A group that waits for a worker that does not end",
        "its workers; the first error is reported only when all have returned",
        "`errgroup.WithContext`, and workers that select on its `ctx.Done()`",
    ),
    Lesson(
        "http-body", (), ("unclosed-body",),
        "A response whose body is not closed",
        "the caller, by reading the body to its end or `resp.Body.Close()`",
        "`defer resp.Body.Close()` right behind the error check, also where only the status "
        "interests; read it to the end where the connection shall be used again",
    ),
    Lesson(
        "http-request", (), ("shutdown-that-hangs",),
        "A request that waits for its answer",
        "the server at the other end, or the client's time-out",
        "`http.Client{Timeout: …}` or `http.NewRequestWithContext`: the default client waits for "
        "ever",
    ),
    Lesson(
        "sql-rows", (), ("rows-not-closed",),
        "Rows that are not closed keep their connection",
        "whoever holds the rows or the transaction, by Close, Commit or Rollback",
        "`defer rows.Close()` behind the error check and `defer tx.Rollback()` behind Begin; "
        "queries with a context, so that waiting has an end",
    ),
    Lesson(
        "sql-open", (), ("rows-not-closed",),
        "A database that is opened for each call",
        "`db.Close()`",
        "one `sql.DB` for the life of the process: it is a pool, not a connection",
    ),
    Lesson(
        "io-pipe", (), (),
        "A pipe whose other end has gone",
        "the other end: a reader that reads on or `CloseWithError`; a writer that closes",
        "`defer r.Close()` at the reader's end and `defer w.Close()` at the writer's: it releases "
        "who waits at the other",
    ),
    Lesson(
        "retry-storm", (), ("retry-storm",),
        "Goroutines that sleep, and become more",
        "the clock; and then they sleep again",
        "an end to the attempts, a context instead of Sleep, and a bound on how many try at once",
    ),
    Lesson(
        "goroutine-cost", ("C0", "E2"), ("cost-of-a-goroutine", "goroutine-burst"),
        "Memory of goroutines",
        "the end of the goroutines; what a burst has made stays and is used again",
        "look at the goroutine profile: `gosim diagnose` reads that, too",
    ),
    Lesson(
        "piece-of-text", ("B1", "B2"), ("substring-keeps-string", "subslice-keeps-array"),
        "A small piece that keeps a large whole alive",
        "whoever holds the piece, which the profile does not show",
        "`strings.Clone`, `slices.Clone` or `bytes.Clone` of the piece that is kept",
    ),
    Lesson(
        "growing", ("A1", "F1"), ("growing-service", "out-of-memory"),
        "A store that only grows",
        "whoever takes entries out again: nobody does",
        "a bound, an eviction, or a time to live; and clear what is cut off a slice",
    ),
    Lesson(
        "map", ("E1",), ("map-never-shrinks", "cache-without-eviction", "growing-service"),
        "A map that only grows, and never shrinks",
        "`delete` frees the entries, never the table",
        "an eviction; a new map after a peak; pointers as values where they are large",
    ),
    Lesson(
        "defer-in-loop", ("B5",), ("defer-in-loop",),
        "Files that stay open until the function returns",
        "the function's return, or Close",
        "a function of its own for each turn of the loop, with the defer in it",
    ),
    Lesson(
        "pool", ("E7",), ("object-pool",),
        "Objects of a sync.Pool",
        "two collections, in which nobody uses them",
        "put back no object that has become huge: the pool keeps its largest buffers",
    ),
)  # fmt: skip

LESSONS: Final = {lesson.key: lesson for lesson in _ALL}


@cache
def _names() -> dict[str, tuple[str, ...]]:
    from gosim.scenario import scenarios

    return {s.name: s.rows for s in scenarios()}


def scenario_of(key: str) -> str:
    """Return the nearest scenario there is for a lesson; ``""`` if there is none."""
    names = _names()
    return next((name for name in LESSONS[key].scenarios if name in names), "")


def lesson_dict(key: str) -> dict[str, object]:
    """Return a lesson as plain data."""
    lesson = LESSONS[key]
    names = _names()
    return {
        "key": key,
        "title": lesson.title,
        "rows": list(lesson.rows),
        "scenarios": [name for name in lesson.scenarios if name in names],
        "releases": lesson.releases,
        "repair": lesson.repair,
    }
