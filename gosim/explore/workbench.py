"""The fix workbench: the usual repairs of a lesson side by side, each in all its schedules.

A scenario offers its repairs as variants that say what they are (``repair = "buffer-1"`` in
``scenario.toml``). Each one is explored at the size of the scenario, and told in a row: whether it
ever leaks, how many goroutines there are at once, what it prints that the program did not, and what
becomes of the values. Nothing of it is written down anywhere: it is counted in the executions.

What a repair is worth, the first that applies:

- ``fails``: it leaks, deadlocks or panics in the default schedule, at every size that was tried;
- ``hides it``: it does so in some schedules, and not in the default one; or at some sizes, and not
  at others, where the program as it was leaks: whoever tries it once may think it repaired;
- ``loses a line``: a line that the program prints in every schedule is missing in some;
- ``drops values``: it offers a value once and goes on when nobody takes it (``default``);
- ``not proven``: nothing was found, but not every schedule was seen;
- ``repairs``: none of these, in any schedule. It may still keep values in a buffer that nobody
  reads, or call off a send because of a context: that is said, and often meant so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from gosim.explore.exploration import BAD, Exploration, Finding
from gosim.explore.search import Watcher, explore
from gosim.explore.sized import parameters, sized
from gosim.leaks.names import name_of
from gosim.runtime.errors import UsageError
from gosim.runtime.version import LATEST

if TYPE_CHECKING:
    from gosim.explore.control import Control
    from gosim.leaks.messages import Source
    from gosim.leaks.run import Run
    from gosim.runtime.g import G
    from gosim.runtime.proc import World
    from gosim.scenario import Scenario, Variant

__all__ = [
    "OTHER_SIZES",
    "Attempt",
    "Gauge",
    "Size",
    "Workbench",
    "repairs_of",
    "try_repairs",
]

OTHER_SIZES: Final = 100
"""So many schedules are run at most at the sizes next to the declared one."""
_FAR: Final = 5
"""And a part of that, one of so many, at twice the size."""

_PEAK: Final = "peak"
_UNREAD: Final = "unread"
_DROPPED: Final = "dropped"
_CALLED_OFF: Final = "called off"
_COUNTS_GOROUTINES: Final = re.compile(r"""(?:NumGoroutine|num_goroutine)\(""")
_TEXT: Final = re.compile(r'"((?:[^"\\%]|\\.)+)')


@dataclass(frozen=True)
class Size:
    """A repair at another size than the declared one.

    Attributes
    ----------
    value : int
        Of the parameter that says how large the program is.
    bad, schedules : int
        How many schedules of how many leak, deadlock, panic or die.
    complete : bool
    unrepaired : int
        How many schedules of the program as it was do so at this size.
    """

    value: int
    bad: int
    schedules: int
    complete: bool
    unrepaired: int


@dataclass
class Attempt:
    """One variant of a scenario, in all its schedules.

    Attributes
    ----------
    variant, summary : str
    repair : str
        What kind of repair it is, as the scenario says; empty for the program as it was.
    exploration : Exploration
    peak : int
        The most goroutines that were alive at once in any schedule, main included.
    unread : dict
        Channels whose buffers keep values that nobody receives: the most of them, by name.
    parked : dict
        Those among them to which goroutines of the program as it was are stuck sending.
    dropped, called_off : tuple of (int, int)
        Values that were offered in a ``select`` and not taken, because there was a ``default`` or
        because another case came first: in how many schedules, and the most in one.
    lost : list of (str, int)
        Lines that the program as it was prints in every schedule, and in how many they are missing.
    new : list of str
        Lines that the program as it was never prints.
    outputs : int
        How many different outputs there are, apart from the counts of goroutines in them.
    sizes : list of Size
    worth : str
        As the head of this module says; empty for the program as it was.
    """

    variant: str
    summary: str
    repair: str
    exploration: Exploration
    peak: int = 0
    unread: dict[str, int] = field(default_factory=dict)
    parked: dict[str, int] = field(default_factory=dict)
    dropped: tuple[int, int] = (0, 0)
    called_off: tuple[int, int] = (0, 0)
    lost: list[tuple[str, int]] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    outputs: int = 0
    sizes: list[Size] = field(default_factory=list)
    worth: str = ""

    @property
    def bad(self) -> int:
        """In how many schedules it leaks, deadlocks, panics or dies."""
        return _bad(self.exploration)

    @property
    def ordinary(self) -> str:
        """Outcome of the default schedule; empty if it is not among those that were explored."""
        first = self.exploration.cases[0] if self.exploration.cases else None
        return first.outcome.kind if first is not None and not first.way.count else ""

    @property
    def clean(self) -> list[Size]:
        """Other sizes at which it never fails, and the program as it was does."""
        return [s for s in self.sizes if not s.bad and s.complete and s.unrepaired]

    def remarks(self, parameter: str = "n") -> list[str]:
        """Return what there is to say about it beside the verdict, as sentences without a dot."""
        explored, said = self.exploration, []
        if self.worth == "hides it":
            leaky = [size for size in self.sizes if size.bad]
            if self.bad and self.ordinary not in BAD:
                said.append("an ordinary run looks repaired")
            elif self.bad:
                said.append(f"at {parameter} = {self.clean[-1].value} it looks repaired")
            elif leaky:
                said.append(f"at {parameter} = {leaky[0].value} it {_what(leaky[0])}")
        if self.lost:
            line, many = max(self.lost, key=lambda lost: lost[1])
            others = len(self.lost) - 1
            more = f", and {others} more in as many or fewer" if others else ""
            said.append(f"{line!r} is missing in {_of(many, explored.schedules)}{more}")
        many, most = self.dropped
        if many:
            said.append(f"drops {_values(most)} in {_of(many, explored.schedules)}")
        many, most = self.called_off
        if many:
            said.append(f"calls off {_sends(most)} in {_of(many, explored.schedules)}")
        for name, most in self.parked.items():
            said.append(f"`{name}` keeps {_values(most)} that nobody reads")
        return said

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON of ``explore --try --json``, ``attempts``."""
        explored = self.exploration
        return {
            "variant": self.variant,
            "repair": self.repair,
            "summary": self.summary,
            "worth": self.worth,
            "verdict": explored.verdict(),
            "schedules": explored.schedules,
            "bad": self.bad,
            "outcomes": explored.outcomes,
            "complete": explored.complete,
            "bound": explored.bound,
            "peak_goroutines": self.peak,
            "unread": self.unread,
            "parked": self.parked,
            "dropped": {"schedules": self.dropped[0], "most": self.dropped[1]},
            "called_off": {"schedules": self.called_off[0], "most": self.called_off[1]},
            "lost_lines": [{"line": line, "schedules": many} for line, many in self.lost],
            "new_lines": self.new,
            "outputs": self.outputs,
            "sizes": [vars(size) for size in self.sizes],
        }


@dataclass
class Workbench:
    """The repairs of a scenario, tried.

    Attributes
    ----------
    scenario, source, go : str
    params : dict
        The size at which all schedules were explored.
    parameter : str
        The one that other sizes were tried of; empty where there is none.
    attempts : list of Attempt
        The program as it was first.
    """

    scenario: str
    source: Source
    go: str
    params: dict[str, Any]
    parameter: str
    attempts: list[Attempt]

    def __getitem__(self, variant: str) -> Attempt:
        return next(each for each in self.attempts if each.variant == variant)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON of ``explore --try``, schema ``gosim.try/1``."""
        return {
            "schema": "gosim.try/1",
            "program": self.scenario,
            "source": self.source,
            "go": self.go,
            "params": self.params,
            "parameter": self.parameter,
            "attempts": [each.to_dict() for each in self.attempts],
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        if shown is None:
            return {"text/plain": repr(self)}
        return shown(self, include, exclude)

    def __repr__(self) -> str:
        tried = ", ".join(f"{each.variant} {each.worth}" for each in self.attempts[1:])
        return f"<Workbench {self.scenario}: {tried}>"


shown: Callable[[Workbench, Any, Any], dict[str, str]] | None = None
"""Shows the table in a notebook.  ``gosim.doors`` puts it here."""


def repairs_of(scenario: Scenario, source: Source = "python") -> list[Variant]:
    """Return the variants that are offered as repairs, good or bad, told in a language."""
    return [v for v in scenario.variants if v.extra.get("repair") and source in v.sources]


def try_repairs(
    scenario: Scenario,
    *,
    source: Source = "python",
    params: Mapping[str, Any] | None = None,
    go: str = LATEST,
    other_sizes: int = OTHER_SIZES,
    told: Callable[[str], Any] | None = None,
    **options: Any,
) -> Workbench:
    """Explore the program of a scenario and each of its repairs.

    Parameters
    ----------
    scenario : Scenario
    source : {"python", "go"}
    params : mapping, optional
        The size; left out, the one that the scenario declares.
    go : str
        The toolchain that is simulated.
    other_sizes : int
        So many schedules at most of each repair at other sizes; 0 leaves them out.
    told : callable, optional
        Called with the name of each variant before it is explored.
    **options
        As for `gosim.explore.search.explore`; left out, schedules are not `minimise`-d.

    Raises
    ------
    UsageError
        When the scenario offers no repair in this language.
    """
    size = dict(params) if params is not None else dict(scenario.explore)
    repairs = repairs_of(scenario, source)
    first = scenario.first
    if not repairs or source not in first.sources:
        raise UsageError(f"{scenario.name} offers no repairs to try")

    def tried(variant: Variant, at: Mapping[str, Any], **more: Any) -> Exploration:
        program = sized(scenario, variant, source, at, go)
        watchers = [*options.get("watchers", ()), Gauge]
        given = {"minimise": 0, **options, **more, "watchers": watchers}
        return explore(program, variant=variant.name, go=go, **given)

    attempts: list[Attempt] = []
    counts = _counting(first, source)
    for variant in (first, *(v for v in repairs if v is not first)):
        if told is not None:
            told(variant.name)
        repair = str(variant.extra.get("repair", "")) if attempts else ""
        attempt = _attempt(variant, repair, tried(variant, size))
        counts += _counting(variant, source)
        attempts.append(attempt)
    for attempt in attempts[1:]:
        _compare(attempt, attempts[0], counts)
    attempts[0].outputs = len(_said(attempts[0].exploration, counts))
    parameter = _parameter(first, source, size)
    if parameter and other_sizes:
        _try_sizes(scenario, attempts, parameter, size, tried, other_sizes)
    for attempt in attempts[1:]:
        attempt.worth = _worth(attempt)
    return Workbench(scenario.name, source, go, size, parameter, attempts)


def _attempt(variant: Variant, repair: str, exploration: Exploration) -> Attempt:
    attempt = Attempt(variant.name, variant.summary, repair, exploration)
    rest = []
    for each in exploration.noticed:
        kind, key = each.finding.kind, each.finding.key
        if kind == _PEAK:
            attempt.peak = max(attempt.peak, int(key))
        elif kind == _UNREAD:
            name, _, many = key.rpartition("|")
            attempt.unread[name] = max(attempt.unread.get(name, 0), int(many))
        elif kind == _DROPPED:
            attempt.dropped = _more(attempt.dropped, each.schedules, int(key))
        elif kind == _CALLED_OFF:
            attempt.called_off = _more(attempt.called_off, each.schedules, int(key))
        else:
            rest.append(each)
    exploration.noticed = rest
    return attempt


def _more(known: tuple[int, int], schedules: int, many: int) -> tuple[int, int]:
    return known[0] + schedules, max(known[1], many)


# -- what is printed -------------------------------------------------------------------------------


def _counting(variant: Variant, source: Source) -> list[str]:
    """Return the beginnings of the lines in which a program tells how many goroutines there are."""
    found = []
    for line in variant.file(source).read_text(encoding="utf-8").splitlines():
        text = _TEXT.search(line)
        if text is not None and _COUNTS_GOROUTINES.search(line):
            found.append(text[1])
    return found


def _said(exploration: Exploration, counts: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Return the lines that were printed, and in how many schedules, counts of goroutines apart."""
    said: dict[tuple[str, ...], int] = {}
    for case in exploration.cases:
        lines = tuple(
            line
            for line in case.outcome.output.splitlines()
            if not any(line.startswith(begin) for begin in counts)
        )
        said[lines] = said.get(lines, 0) + case.schedules
    return said


def _compare(attempt: Attempt, before: Attempt, counts: Sequence[str]) -> None:
    """Hold what a repair does against the program as it was."""
    was, now = (_said(each.exploration, counts) for each in (before, attempt))
    attempt.outputs = len(now)
    known = {line for lines in was for line in lines}
    always = [line for line in sorted(known) if all(line in lines for lines in was)]
    for line in always:
        missing = sum(many for lines, many in now.items() if line not in lines)
        if missing:
            attempt.lost.append((line, missing))
    attempt.new = sorted({line for lines in now for line in lines} - known)
    stuck = {
        wait.thing.name
        for case in before.exploration.cases
        for g in case.run.goroutines
        if g.leak in ("permanent", "unproven") or case.outcome.kind == "deadlock"
        for wait in g.waits
        if wait.op == "send"
    }
    attempt.parked = {name: most for name, most in attempt.unread.items() if name in stuck}


# -- other sizes -----------------------------------------------------------------------------------


def _parameter(first: Variant, source: Source, size: Mapping[str, Any]) -> str:
    """Return the name of the number that says how large a program is."""
    has = parameters(first, source)
    return next((name for name, x in size.items() if name in has and type(x) is int), "")


def _try_sizes(
    scenario: Scenario,
    attempts: list[Attempt],
    parameter: str,
    size: Mapping[str, Any],
    tried: Callable[..., Exploration],
    most: int,
) -> None:
    """Try the repairs at the next smaller size and at two larger ones."""
    n = int(size[parameter])
    for value, schedules in ((n - 1, most), (n + 1, most), (2 * n, max(1, most // _FAR))):
        if value < 1:
            continue
        at = {**size, parameter: value}
        was = _bad(tried(scenario.first, at, max_schedules=schedules))
        for attempt in attempts[1:]:
            now = tried(scenario.variant(attempt.variant), at, max_schedules=schedules)
            attempt.sizes.append(Size(value, _bad(now), now.schedules, now.complete, was))


# -- what it is worth ------------------------------------------------------------------------------


def _bad(exploration: Exploration) -> int:
    return sum(case.schedules for case in exploration.cases if case.outcome.kind in BAD)


def _worth(attempt: Attempt) -> str:
    failing = [size for size in attempt.sizes if size.bad]
    if attempt.bad:
        return "hides it" if attempt.clean or attempt.ordinary not in BAD else "fails"
    if failing:
        return "hides it"
    if attempt.lost:
        return "loses a line"
    if attempt.dropped[0]:
        return "drops values"
    return "repairs" if attempt.exploration.complete else "not proven"


def _what(size: Size) -> str:
    return f"fails in {size.bad} of {size.schedules} schedules"


def _values(n: int) -> str:
    return "1 value" if n == 1 else f"up to {n} values"


def _sends(n: int) -> str:
    return "1 send" if n == 1 else f"up to {n} sends"


def _of(many: int, schedules: int) -> str:
    return "every schedule" if many == schedules else f"{many} of {schedules} schedules"


# -- one execution ---------------------------------------------------------------------------------


class Gauge(Watcher):
    """Counts goroutines, and what becomes of the values that are to be sent, in one execution."""

    def __init__(self) -> None:
        self.alive = 0
        self.peak = 0
        self.channels: dict[int, Any] = {}

    def goroutine_created(self, g: G, by: G | None) -> None:
        """Count it."""
        self.alive += 1
        self.peak = max(self.peak, self.alive)

    def goroutine_ended(self, g: G, how: str) -> None:
        """Count it no more."""
        self.alive -= 1

    def channel_sent(self, ch: Any, value: Any, to: G | None) -> None:
        """Remember which channels have had values."""
        if to is None and ch.timer is None:
            self.channels[id(ch)] = ch

    def run_ended(self, world: World) -> None:
        """Look into the buffers."""
        self.unread: dict[str, int] = {}
        for ch in self.channels.values():
            if ch.buf:
                name = name_of(ch) or "a channel"
                self.unread[name] = self.unread.get(name, 0) + len(ch.buf)
        self.channels.clear()

    def findings(self, control: Control, run: Run) -> Iterator[Finding]:
        """Tell the numbers."""
        yield Finding(_PEAK, str(self.peak), "")
        for name, many in self.unread.items():
            yield Finding(_UNREAD, f"{name}|{many}", "")
        dropped = called_off = 0
        for step in control.steps:
            for operation in step.operations:
                if not any(side.sends for side in operation.sides):
                    continue
                label = step.label
                case = label.case if operation.who == label.who else label.partner_case
                if case == -2:
                    dropped += 1
                elif case >= 0 and not any(s.sends for s in operation.sides if s.case == case):
                    called_off += 1
        if dropped:
            yield Finding(_DROPPED, str(dropped), "")
        if called_off:
            yield Finding(_CALLED_OFF, str(called_off), "")
