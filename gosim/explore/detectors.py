"""The detector lab: who would have noticed, in each of the schedules of a program.

One exploration; in each of its schedules every detector is asked what it would have said:

- ``all asleep``: what the runtime does by itself. Nothing can run and no timer is pending: "all
  goroutines are asleep - deadlock!".
- ``end check``: a check at the end of main that nobody else is there, as goleak does it in a test:
  it looks again and again for some 430 ms (20 times, with pauses that double up to 100 ms), and
  complains when somebody is left at the last look. It does not know who will end later.
- ``lock order``: a checker of locks in the style of go-deadlock, which hears of every lock before
  it is taken: two locks that are taken in both orders, by whomever and whenever, and a lock that is
  asked for by the goroutine that has it. Its alarm after 30 s of waiting is left out: it is a
  matter of patience, not of schedules.
- ``leak profile``: Go's ``goroutineleak`` profile (since 1.27), asked for by a main that is still
  alive: marking from globals, pending timers and everybody who can run, until nothing changes. Who
  waits for something that was not reached is listed.
- ``count alarm``: more goroutines at once than a number that somebody has chosen.
- ``every schedule``: the exploration itself.

Of schedules that differ in the order of independent steps only one is run; goroutines at once are
counted in that one.

A schedule is *bad* when it leaks, deadlocks, panics or dies of a fatal error. For each bad schedule
that a detector misses there is a reason, which is computed from that execution.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gosim.explore.exploration import BAD, Exploration, Finding
from gosim.explore.search import Watcher, explore
from gosim.runtime.version import LATEST, resolve

if TYPE_CHECKING:
    from gosim.explore.control import Control
    from gosim.explore.step import Operation
    from gosim.leaks.run import Run
    from gosim.runtime.g import G
    from gosim.runtime.proc import World
    from gosim.runtime.program import Program

__all__ = [
    "ALARM",
    "BACKDROP",
    "DETECTORS",
    "END_CHECK_NS",
    "Detection",
    "Detector",
    "Miss",
    "Panel",
    "Study",
    "detect",
]

DETECTORS: Final = (
    "all asleep",
    "end check",
    "lock order",
    "leak profile",
    "count alarm",
    "every schedule",
)
ALARM: Final = 10
"""Goroutines alive at once that are still nothing to worry about, if nobody says otherwise."""
END_CHECK_NS: Final = sum(min(1_000 << i, 100_000_000) for i in range(20))
"""How long the end check waits for the others: 1 µs, 2 µs, 4 µs, … up to 100 ms, 20 times."""

_KIND: Final = "detector"
_LOCKS: Final = ("lock", "rlock")
_GIVEN_BACK: Final = ("unlock", "runlock")


class Study(NamedTuple):
    """What a published comparison says of a detector.

    Attributes
    ----------
    tool : str
    found, of : int
        Programs.
    """

    tool: str
    found: int
    of: int


BACKDROP: Final = {
    "all asleep": Study("Go's own message", 20, 67),
    "end check": Study("goleak", 43, 68),
    "lock order": Study("go-deadlock", 28, 68),
    "every schedule": Study("GoAT, three injected delays, up to 100 runs", 66, 67),
}
"""The blocking kernels of the GoBench study, one program each (some were not counted for some)."""


class Miss(NamedTuple):
    """Why a detector noticed nothing in bad schedules.

    Attributes
    ----------
    reason : str
    schedules : int
    """

    reason: str
    schedules: int


@dataclass
class Detector:
    """What one detector would have said.

    Attributes
    ----------
    name : str
        One of `DETECTORS`.
    noticed : int
        Bad schedules in which it complains.
    bad : int
        Bad schedules.
    otherwise : int
        Schedules that end well in which it complains, too.
    ordinary : bool
        It complains in the default schedule, which is the one that is likely to be seen.
    says : str
        What it says, in the simplest schedule in which it complains.
    misses : list of Miss
        The most frequent reason first.
    """

    name: str
    noticed: int = 0
    bad: int = 0
    otherwise: int = 0
    ordinary: bool = False
    says: str = ""
    misses: list[Miss] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON of ``explore --detectors --json``, ``detectors``."""
        study = BACKDROP.get(self.name)
        return {
            "name": self.name,
            "noticed": self.noticed,
            "bad": self.bad,
            "in_good_ones": self.otherwise,
            "in_the_default_schedule": self.ordinary,
            "says": self.says,
            "misses": [miss._asdict() for miss in self.misses],
            "study": None if study is None else study._asdict(),
        }


@dataclass
class Detection:
    """All schedules of a program, and who would have noticed.

    Attributes
    ----------
    exploration : Exploration
    detectors : list of Detector
        In the order of `DETECTORS`.
    alarm : int
        More goroutines at once set off the count alarm.
    ordinary : str
        Outcome of the default schedule; empty if it is not among those that were run.
    """

    exploration: Exploration
    detectors: list[Detector]
    alarm: int
    ordinary: str

    @property
    def bad(self) -> int:
        """In how many schedules there is something to notice."""
        return _bad(self.exploration)

    def __getitem__(self, name: str) -> Detector:
        return next(each for each in self.detectors if each.name == name)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON of ``explore --detectors``, schema ``gosim.detectors/1``."""
        explored = self.exploration
        return {
            "schema": "gosim.detectors/1",
            "program": explored.program,
            "variant": explored.variant,
            "source": explored.source,
            "go": explored.go,
            "schedules": explored.schedules,
            "bad": self.bad,
            "complete": explored.complete,
            "bound": explored.bound,
            "verdict": explored.verdict(),
            "alarm": self.alarm,
            "default_schedule": self.ordinary,
            "detectors": [each.to_dict() for each in self.detectors],
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        if shown is None:
            return {"text/plain": repr(self)}
        return shown(self, include, exclude)

    def __repr__(self) -> str:
        said = ", ".join(f"{each.name} {each.noticed}" for each in self.detectors)
        return f"<Detection {self.exploration.program}: {self.bad} bad schedules; {said}>"


shown: Callable[[Detection, Any, Any], dict[str, str]] | None = None
"""Shows the table in a notebook.  ``gosim.doors`` puts it here."""


def detect(program: Program, *, alarm: int = ALARM, go: str = LATEST, **options: Any) -> Detection:
    """Explore a program, and ask every detector in each of its schedules.

    Parameters
    ----------
    program : Program
    alarm : int
        More goroutines at once set off the count alarm.
    go : str
        The toolchain that is simulated: not every one has the leak profile.
    **options
        As for `gosim.explore.search.explore`; left out, schedules are not `minimise`-d.

    Raises
    ------
    GosimError
        When the program cannot be loaded or misuses gosim.
    """
    watchers = [*options.pop("watchers", ()), partial(Panel, alarm)]
    given = {"minimise": 0, **options}
    return summed_up(explore(program, go=go, watchers=watchers, **given), alarm)


def summed_up(exploration: Exploration, alarm: int = ALARM) -> Detection:
    """Return what the detectors said in an exploration that a `Panel` has watched."""
    bad = _bad(exploration)
    first = next((c.outcome.kind for c in exploration.cases if not c.way.count), "")
    detectors = {name: Detector(name, bad=bad) for name in DETECTORS}
    simplest: dict[str, Any] = {}
    reasons: dict[str, list[Miss]] = {name: [] for name in DETECTORS}
    rest = []
    for each in exploration.noticed:
        if each.finding.kind != _KIND:
            rest.append(each)
            continue
        name, how, what = each.finding.key.split("|", 2)
        detector = detectors[name]
        if how == "misses":
            if each.schedules:  # or it is of an execution that was done before
                reasons[name].append(Miss(what, each.schedules))
            continue
        if how == "notices":
            detector.noticed += each.schedules
        else:
            detector.otherwise += each.schedules
        detector.ordinary = detector.ordinary or each.way.count == 0
        if name not in simplest or each.way < simplest[name]:
            simplest[name] = each.way
            detector.says = each.finding.text
    for name, detector in detectors.items():
        detector.misses = _few(reasons[name])
    last = detectors["every schedule"]
    last.noticed, last.ordinary = bad, first in BAD
    last.says = exploration.verdict()
    exploration.noticed = rest
    return Detection(exploration, list(detectors.values()), alarm, first)


def _bad(exploration: Exploration) -> int:
    return sum(case.schedules for case in exploration.cases if case.outcome.kind in BAD)


def _few(misses: list[Miss]) -> list[Miss]:
    """Put reasons together that differ in a number only: the largest one is told."""
    folded: dict[str, tuple[int, int]] = {}
    for reason, schedules in misses:
        number, hash_, rest = reason.partition("#")
        most, count = folded.get(rest if hash_ else reason, (0, 0))
        folded[rest if hash_ else reason] = (
            max(most, int(number)) if hash_ else 0,
            count + schedules,
        )
    told = [Miss(text.replace("{n}", str(n)), count) for text, (n, count) in folded.items()]
    return sorted(told, key=lambda miss: (-miss.schedules, miss.reason))


# -- one execution ---------------------------------------------------------------------------------


class Panel(Watcher):
    """Hears one execution, and says for each detector whether it would have noticed.

    Parameters
    ----------
    alarm : int
        More goroutines at once set off the count alarm.
    """

    def __init__(self, alarm: int = ALARM) -> None:
        self.alarm = alarm
        self.alive = 0
        self.peak = 0
        self.world: Any = None
        self.returned: int | None = None  # virtual ns
        self.steps_at_return = 0
        self.passed = False  # the end check has seen nobody
        self.late = 0  # how many were there at its last look
        self.others = 0

    def run_started(self, world: World) -> None:
        """Remember the world."""
        self.world = world

    def goroutine_created(self, g: G, by: G | None) -> None:
        """Count it."""
        self.alive += 1
        self.peak = max(self.peak, self.alive)
        if g is not self.world.main:
            self._look()
            self.others += 1

    def goroutine_ended(self, g: G, how: str) -> None:
        """Count it no more."""
        self.alive -= 1
        if g is not self.world.main:
            self._look()
            self.others -= 1
            if self._in_time() and not self.others:
                self.passed = True

    def main_returned(self, world: World) -> None:
        """The end check begins."""
        self.returned = world.now
        self.late = self.others
        self.passed = not self.others

    def run_ended(self, world: World) -> None:
        """Who is there now has been there at the last look."""
        self._look()

    def _look(self) -> None:
        if self._in_time():
            self.late = self.others

    def _in_time(self) -> bool:
        return self.returned is not None and self.world.now <= self.returned + END_CHECK_NS

    def findings(self, control: Control, run: Run) -> Iterator[Finding]:
        """Ask every detector."""
        seen = _Seen(control, run)
        detectors: tuple[tuple[str, Callable[[_Seen], _Said]], ...] = (
            ("all asleep", self._asleep),
            ("end check", self._end_check),
            ("lock order", self._lock_order),
            ("leak profile", self._profile),
            ("count alarm", self._alarm),
        )
        self.world = None
        for name, ask in detectors:
            says, reason = ask(seen)
            if says:
                how = "notices" if seen.bad else "alarms"
                yield Finding(_KIND, f"{name}|{how}|", says)
            elif seen.bad:
                yield Finding(_KIND, f"{name}|misses|{reason}", reason)

    # ---- the detectors ----

    def _asleep(self, seen: _Seen) -> _Said:
        run = seen.run
        if run.outcome == "deadlock":
            return run.stderr.partition("\n")[0], ""
        if crash := seen.crash:
            return "", f"{crash} before anybody could fall asleep for good"
        if seen.only_memory:
            return "", seen.only_memory
        if run.outcome == "leak" and run.exit_code is None:
            return (
                "",
                "a ticker that nobody reads is pending, so the runtime goes on waiting for it",
            )
        if seen.main_sleeps:
            return "", "main only sleeps, which counts as being awake, and then the process is over"
        return "", "main is not stuck: it returns, and the process ends without a word"

    def _end_check(self, seen: _Seen) -> _Said:
        if self.returned is None:
            if crash := seen.crash:
                return "", f"{crash} before main's end, where the check is"
            if seen.run.outcome == "deadlock" and not any(g.id == 1 for g in seen.run.goroutines):
                return "", "main has ended with Goexit, so the check at its end never runs"
            return "", "main itself is stuck, so the check at its end never runs"
        if not self.passed and self.late:
            return f"found unexpected goroutines: {self.late}", ""
        return "", seen.only_memory or "the goroutine that makes trouble is gone by then"

    def _lock_order(self, seen: _Seen) -> _Said:
        warning = lock_warning(seen.control)
        if warning:
            return warning, ""
        waits = seen.waits
        locks = [wait for wait in waits if wait.op in _LOCKS and wait.thing.kind != "semaphore"]
        if not locks:
            if seen.only_memory:
                return "", seen.only_memory
            if not waits:
                return "", f"{seen.crash or 'nobody is stuck'}, and no lock is involved"
            kinds = sorted({_about(wait.thing.kind) for wait in waits})
            return "", f"no lock is involved: they wait for {' and '.join(kinds)}"
        if any(not holder.alive for wait in locks for holder in wait.thing.holders):
            return "", "the locks are in order: who has this one is gone, and took it with it"
        return "", "the locks were asked for in one order only in this schedule"

    def _profile(self, seen: _Seen) -> _Said:
        run = seen.run
        if not resolve(run.go, run.go_line).goroutineleak_profile:
            return "", f"Go {run.go} has no such profile"
        if crash := seen.crash:
            return "", f"{crash}, and a dead process has no profiles"
        if run.outcome == "deadlock":
            return "", "main is stuck as well: nobody is left to ask for the profile"
        stuck = seen.stuck
        listed = [g for g in stuck if g.in_profile]
        if listed:
            return f"goroutineleak profile: total {len(listed)}", ""
        if seen.only_memory:
            return "", seen.only_memory
        for g in stuck:
            for wait in g.waits:
                if wait.thing.reached_by:
                    name = f"`{wait.thing.name}`" if wait.thing.name else f"the {wait.thing.kind}"
                    by = wait.thing.reached_by[0]
                    return "", f"{name} can still be reached from {by}, so it might be used again"
        return "", "somebody who can still run reaches what they wait for"

    def _alarm(self, seen: _Seen) -> _Said:
        if self.peak > self.alarm:
            return f"{self.peak} goroutines at once, more than {self.alarm}", ""
        return "", f"{self.peak}#goroutines at once: never more than {{n}}, not above {self.alarm}"


_Said = tuple[str, str]
"""What a detector says, empty if nothing; and why not."""


class _Seen:
    """One execution, as the detectors' reasons need it."""

    def __init__(self, control: Control, run: Run) -> None:
        self.control = control
        self.run = run
        self.bad = run.outcome in BAD
        self.stuck = [g for g in run.goroutines if g.leak in ("permanent", "unproven")]

    @property
    def crash(self) -> str:
        """How the process died, if it did not fall asleep."""
        if self.run.outcome == "panic":
            return "a panic ends the process"
        return "a fatal error ends the process" if self.run.outcome == "fatal" else ""

    @property
    def only_memory(self) -> str:
        """A sentence, when no goroutine is left over and it is memory that leaks."""
        if self.run.outcome == "leak" and not self.stuck:
            return "no goroutine is left over: what is lost is memory"
        return ""

    @property
    def waits(self) -> list[Any]:
        """What those who are stuck wait for."""
        return [wait for g in self.stuck for wait in g.waits]

    @property
    def main_sleeps(self) -> bool:
        """Whether main has waited for time to pass."""
        return any(
            step.label.timer and "main" in (*step.who, *step.wakes) for step in self.control.steps
        )


def _about(kind: str) -> str:
    return {
        "chan": "a channel",
        "nil chan": "a nil channel",
        "timer": "a timer",
        "waitgroup": "a WaitGroup",
        "cond": "a condition",
        "once": "a Once",
        "semaphore": "a semaphore",
        "select": "nothing at all",
        "sleep": "time to pass",
    }.get(kind, f"a {kind}")


# -- locks -----------------------------------------------------------------------------------------


def lock_warning(control: Control) -> str:
    """Return what a checker of the order of locks says of an execution; empty if nothing.

    It hears of a lock when a goroutine comes to it, whether or not it gets it, and knows nothing of
    what else keeps two goroutines apart; `gosim.explore.lockorder` does, to be right more often.
    """
    held: dict[str, list[str]] = {}
    orders: set[tuple[str, str]] = set()
    for who, wanted, returned in _lock_events(control):
        mine = held.setdefault(who, [])
        if returned:
            if wanted in mine:
                mine.remove(wanted)
            else:  # given back by another goroutine than the one that took it
                for others in held.values():
                    if wanted in others:
                        others.remove(wanted)
                        break
            continue
        if wanted in mine:
            return "recursive locking: a goroutine asks for a lock that it has"
        for other in mine:
            if (wanted, other) in orders:
                return "inconsistent locking: two locks are taken in both orders"
            orders.add((other, wanted))
        mine.append(wanted)
    return ""


def _lock_events(control: Control) -> Iterable[tuple[str, str, bool]]:
    """Yield who asks for which lock or gives it back (True), in the order in which they do."""
    events: list[tuple[int, int, str, str, bool]] = []

    def asks(operation: Operation) -> None:
        for key, mode in operation.wanted:
            if mode[0] in _LOCKS:
                events.append((operation.came, 1, operation.who, key, False))

    for index, step in enumerate(control.steps, 1):
        for operation in step.operations:
            asks(operation)
        for key, mode in step.accesses:
            if mode[0] in _GIVEN_BACK:
                events.append((index, 0, step.who[0], key, True))
    for operation in control.left:
        asks(operation)
    for _, _, who, key, returned in sorted(events, key=lambda event: event[:2]):
        yield who, key, returned
