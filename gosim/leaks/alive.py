"""Why something is alive, or why nobody can help any more: the leak proof, step by step.

`gosim.runtime.leakmark` marks what can be reached; here is written down what it found, as plain
data: which goroutines joined in which round, the shortest chain of references from a root to every
channel, lock or group that somebody waits for, by the names the program gave, and where there is no
such chain, who alone still refers to it.  Rounds are those of Go's ``findGoroutineLeaks``
(``mgc.go``): round 0 has the roots, round n the goroutines whose channel was reached in round
n − 1.

It is collected only when somebody asks (``Run.alive()``), while the world that was judged is
not closed yet.  Equal goroutines are one `Member`.

Invariant: a `Chain` from a root exists if and only if the marking reached the thing, and each of
its steps is a reference that the marking followed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from types import (
    AsyncGeneratorType,
    CellType,
    CoroutineType,
    FunctionType,
    GeneratorType,
    MethodType,
)
from typing import Any, Final, NamedTuple

from gosim.leaks.explain import label
from gosim.leaks.graph import _alike
from gosim.leaks.judge import Goroutine, Thing, _Court
from gosim.leaks.memory import Survey, _variable, _what
from gosim.leaks.messages import say
from gosim.memory.collector import Collector
from gosim.memory.heap import Object
from gosim.memory.retained import chain_text, name_step
from gosim.runtime.g import G, Select
from gosim.runtime.leakmark import GoEdges, held_by
from gosim.runtime.panic import defers
from gosim.runtime.traceback import function_name, is_runtime_file

NEVER: Final = -1
"""The round of what was not reached."""
_MOST_SEARCHED: Final = 40
"""Groups of lost goroutines whose references are looked for; the rest is counted."""
_MOST_WEIGHED: Final = 24
_CODE: Final = (CoroutineType, GeneratorType, AsyncGeneratorType)


class Step(NamedTuple):
    """One reference of a chain.

    Attributes
    ----------
    kind : str
        ``root`` (the global variable or timer it begins with), ``variable``, ``captured`` (by a
        function), ``field``, ``item`` (of a list or map), ``receiver`` (of a bound method),
        ``value`` (in use and not in a variable), ``deferred`` (a call that is still to come),
        ``operation`` (the one in which a goroutine stands), ``inside`` (of something of the
        library: a buffer, a context's children).
    text : str
        As the program writes it: ``answers``, ``.jobs``, ``[3]``; empty where it writes nothing.
    what : str
        What it leads to: ``list[3]``, ``Server``, ``func main.handle``.
    where : str
        Of a variable, the function it is in.
    bytes : int
        Of the heap, what would be freed without that; 0 in a run without memory.
    node : int
        Number of what it leads to, the same in all chains.
    """

    kind: str
    text: str
    what: str
    where: str = ""
    bytes: int = 0
    node: int = 0


@dataclass(slots=True)
class Chain:
    """A shortest chain of references.

    Attributes
    ----------
    origin : str
        Key of the root or goroutine that it begins with.
    target : str
        Key of the thing that it leads to.
    steps : tuple of Step
        The last one leads to the thing.
    round : int
        In which it was found; `NEVER` for chains that begin with a lost goroutine.
    """

    origin: str
    target: str
    steps: tuple[Step, ...]
    round: int

    @property
    def text(self) -> str:
        """As the program would write it: ``server.jobs[3]``; ``handler → ch`` where it cannot."""
        words = ""
        for step in self.steps:
            words += f" → {step.text}" if words and step.kind == "captured" else step.text
        return words


@dataclass(slots=True)
class Root:
    """What is live by itself: a global variable, a timer, an event of a simulation outside.

    `kind` is ``global``, ``timer`` or ``event``; `what` is the type of a variable.
    """

    key: str
    kind: str
    name: str
    what: str = ""
    bytes: int = 0


@dataclass(slots=True)
class Member:
    """Goroutines that stand at one place, wait for the same, and were reached in the same round.

    Attributes
    ----------
    key : str
        ``"goroutine 7"``, of the first.
    goroutines : tuple of int
    function, state, reason, at : str
        As in `Goroutine`.
    verdict, proof : str or None
    in_profile : bool
    round : int
        In which they became live; `NEVER` if they did not.
    waits : tuple of (str, str)
        Keys of the things they wait for, each with the operation.
    bytes : int
        What they keep: stacks, descriptors, and the heap where it was simulated.
    """

    key: str
    goroutines: tuple[int, ...]
    function: str
    state: str
    reason: str
    at: str
    verdict: str | None
    proof: str | None
    in_profile: bool
    round: int
    waits: tuple[tuple[str, str], ...]
    bytes: int = 0

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.goroutines)


@dataclass(slots=True)
class Target:
    """A thing that goroutines wait for.

    Attributes
    ----------
    key, kind : str
        As in `Thing`.
    label : str
        Its name, or words where it has none.
    count : int
        So many that look alike and have a goroutine each.
    made : str
        ``file:line``, or empty.
    maker : str
        The function that made it, if nobody is in it any more: its variables are gone.
    round : int
        In which it was reached; `NEVER` if it was not.
    nil : bool
        It is a nil channel: nothing can lead to it.
    bytes : int
        Of the heap, what would be freed without it.
    """

    key: str
    kind: str
    label: str
    count: int
    made: str
    maker: str
    round: int
    nil: bool
    bytes: int = 0


@dataclass(slots=True, repr=False)
class Alive:
    """The leak proof of one run.

    Attributes
    ----------
    roots : list of Root
        All of them, whether they lead to anything or not.
    members : list of Member
        All goroutines alive at the end.
    targets : list of Target
    chains : list of Chain
        One from a root or a live goroutine to each thing that was reached, in order of rounds; then
        those from lost goroutines.
    rounds : list of list of str
        Keys of the members that became live in each round; the first has those that were not
        blocked.
    main_returned, precise : bool
        As in `Judgement`.
    unsearched : int
        So many groups of lost goroutines whose references were not looked for.
    """

    roots: list[Root] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    chains: list[Chain] = field(default_factory=list)
    rounds: list[list[str]] = field(default_factory=lambda: [[]])
    main_returned: bool = True
    precise: bool = True
    unsearched: int = 0
    _index: dict[str, Member] = field(default_factory=dict, repr=False, compare=False)

    def __repr__(self) -> str:
        lost = len(self.members) - sum(map(len, self.rounds))
        return f"<Alive: the roots reach all but {lost} of {len(self.members)}>"

    def member(self, key: str) -> Member | None:
        """Return the goroutines of a key."""
        if len(self._index) != len(self.members):
            self._index.update((m.key, m) for m in self.members)
        return self._index.get(key)

    def root(self, key: str) -> Root | None:
        """Return the root of a key."""
        return next((r for r in self.roots if r.key == key), None)

    @property
    def never(self) -> list[Member]:
        """The goroutines that were never reached."""
        return [m for m in self.members if m.round == NEVER]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data, schema ``gosim.alive/1``."""
        found = {"schema": "gosim.alive/1", **asdict(self)}
        del found["_index"]
        for chain, plain in zip(self.chains, found["chains"], strict=True):
            plain["steps"] = [step._asdict() for step in chain.steps]
            plain["text"] = chain.text
        return found


# -- collecting ------------------------------------------------------------------------------------


def inquire(court: _Court | None, main_returned: bool = True) -> Alive:
    """Return the proof behind a judgement; without a court nobody was left.

    Parameters
    ----------
    court : _Court or None
        From `judge`; the world must be alive still.
    main_returned : bool
    """
    if court is None:
        return Alive(main_returned=main_returned)
    return Inquest(court).report()


class Inquest:
    """Reads from live objects what `Alive` says of them.

    It holds coroutines and channels and must not outlive the world.
    """

    def __init__(self, court: _Court) -> None:
        self.court = court
        self.judgement = court.judgement
        self.round_of = {g.id: n for n, joined in enumerate(court.marked.rounds) for g in joined}
        if court.marked.unknown:
            # Those that nothing was found to reach are live only because nobody can know.
            self.round_of = {g.id: self.round_of[g.id] for g in court.marked.live}
        self.gs = {g.id: g for g in court.alive}
        self.keys = {id(obj): key for key, obj in court.objects.items()}
        self.alike = self._twins()
        stacks = {id(g.stack): g.stack for g in self.judgement.goroutines}.values()
        self.inside = {frame.function for stack in stacks for frame in stack}
        self.numbers: dict[int, int] = {}
        self.survey: Survey | None = None
        if court.world.memory is not None:
            lost = [g for g in court.alive if g.id in court.leaked]
            self.survey = Survey(court.world, lost)

    def _twins(self) -> dict[str, str]:
        """Return for things that look alike and were reached together the key of the first."""
        first: dict[tuple[str, int], str] = {}
        twins = {}
        for key, other in _alike(self.judgement).items():
            obj = self.court.objects.get(key)
            round_ = NEVER if obj is None else self._round(obj)
            twins[key] = first.setdefault((other, round_), key)
        return twins

    def report(self) -> Alive:
        """Return everything as plain data."""
        found = Alive(main_returned=self.judgement.main_returned, precise=self.judgement.precise)
        found.roots = list(self.roots())
        groups = self.groups()
        of = {id_: key for key, ids in groups.items() for id_ in ids}
        found.targets = list(self.targets())
        found.members = [
            self._member(key, ids, weigh=i < _MOST_WEIGHED)
            for i, (key, ids) in enumerate(groups.items())
        ]
        found.rounds = [[] for _ in self.court.marked.rounds]
        for member in found.members:
            if member.round != NEVER:
                found.rounds[member.round].append(member.key)
        for target in found.targets:
            objects = self.chain(target.key)
            if objects:
                found.chains.append(self._chain(objects, target, of))
        found.chains.sort(key=lambda chain: chain.round)  # stable
        lost = found.never
        known = {target.key for target in found.targets}
        found.unsearched = max(0, len(lost) - _MOST_SEARCHED)
        for member in lost[:_MOST_SEARCHED]:
            for key, objects in self.lost_chains(member.goroutines[0]):
                steps = tuple(step for step, _ in self.steps(objects))
                if key in known and steps[0].kind != "operation":  # a value in transit
                    found.chains.append(Chain(member.key, key, steps, NEVER))
        return found

    def roots(self) -> Iterator[Root]:
        """Yield what is live by itself, beside goroutines."""
        for obj, name in self.court.marked.roots():
            kind, _, rest = name.partition(" ")
            yield Root(name, kind, rest, self._word(obj), self._bytes(obj))

    def groups(self) -> dict[str, list[int]]:
        """Return the goroutines that are alike, by the key of the first."""
        holders = {h.goroutine for thing in self.judgement.things for h in thing.holders}
        groups: dict[object, list[int]] = {}
        for g in self.judgement.goroutines:
            waits = tuple([(self._first(w.thing), w.op) for w in g.waits])
            alike: tuple[object, ...] = (g.stack, g.wait_reason, g.state, g.leak, waits)
            if g.id in holders:
                alike += (g.id,)
            groups.setdefault((*alike, self.round_of.get(g.id, NEVER)), []).append(g.id)
        return {_key(ids[0]): ids for ids in groups.values()}

    def _first(self, thing: Thing) -> str:
        return self.alike.get(thing.key, thing.key)

    def _member(self, key: str, ids: Sequence[int], weigh: bool) -> Member:
        g = self.judgement.goroutine(ids[0])
        assert g is not None
        waits = [(self._first(w.thing), w.op) for w in g.waits if self._counts(w.thing)]
        alone = sum(self._own(id_) for id_ in ids)
        if weigh and self.survey is not None:
            alone += self.survey.keeps(ids)[0]
        return Member(
            key,
            tuple(ids),
            g.function,
            g.state,
            g.wait_reason,
            g.at,
            g.leak,
            g.proof,
            g.in_profile,
            self.round_of.get(g.id, NEVER),
            tuple(dict.fromkeys(waits)),
            alone,
        )

    def _own(self, id_: int) -> int:
        """Return what a goroutine is, without what it keeps on the heap."""
        g: Goroutine | None = self.judgement.goroutine(id_)
        return 0 if g is None else g.retained_bytes - g.heap_bytes

    def _counts(self, thing: Thing) -> bool:
        """Whether somebody who waits for it waits for an object that can be reached, or for nil."""
        return thing.kind == "nil chan" or thing.key in self.court.objects

    def targets(self) -> Iterator[Target]:
        """Yield what goroutines wait for, each kind of twins once."""
        crowd: dict[str, int] = {}
        for thing in self.judgement.things:
            crowd[self._first(thing)] = crowd.get(self._first(thing), 0) + 1
        for thing in self.judgement.things:
            waiting = thing.senders or thing.receivers or thing.waiters
            if crowd.get(thing.key) is None or not self._counts(thing) or not waiting:
                continue
            obj = self.court.objects.get(thing.key)
            nil = thing.kind == "nil chan"
            crowded = crowd[thing.key] > 1 and thing.name is not None
            yield Target(
                thing.key,
                thing.kind,
                str(thing.name) if crowded else label(thing),
                crowd[thing.key],
                thing.made_at or "",
                self._gone(thing),
                NEVER if nil or obj is None else self._round(obj),
                nil,
                self._bytes(obj),
            )

    def _gone(self, thing: Thing) -> str:
        """Return the function that made a thing, if no goroutine is in it any more."""
        made = thing.made
        if made is None or made.function == "main.<module>":
            return ""
        return "" if made.function in self.inside else made.function

    def _round(self, obj: object) -> int:
        """Return the round in which an object was reached: that of what its chain begins with."""
        chain = self.court.marked.path_to(obj)
        if not chain:
            return NEVER
        return self.round_of.get(chain[0].id, NEVER) if isinstance(chain[0], G) else 0

    # -- chains ---------------------------------------------------------------------------------

    def chain(self, key: str) -> list[object]:
        """Return a shortest chain of objects from a root, or a live goroutine, to a thing."""
        obj = self.court.objects.get(key)
        return [] if obj is None else self.court.marked.path_to(obj)

    def lost_chains(self, id_: int) -> Iterator[tuple[str, list[object]]]:
        """Yield the keys of lost things that a lost goroutine refers to, with a shortest chain.

        What only the operation refers to in which it stands is what it waits for, and left out.
        """
        g = self.gs[id_]
        # What is marked leads to nothing that is not.
        barred = self.court.marked.reached.union(id(x) for x in self.court.alive)
        barred.update(map(id, _operation(g)))
        marker = Collector(GoEdges(), barred, paths=True)
        marker.add([x for x in held_by(g) if not isinstance(x, Select)], g)
        marker.drain()
        seen = set()
        for obj in marker.queue:
            key = self.keys.get(id(obj))
            if key is None:
                continue
            key = self.alike.get(key, key)
            if key not in seen:
                seen.add(key)
                yield key, marker.path_to(obj)

    def _chain(self, objects: list[object], target: Target, of: Mapping[int, str]) -> Chain:
        first = objects[0]
        if isinstance(first, G):
            origin = of.get(first.id, _key(first.id))
        else:
            origin = self.court.marked.root_name(first) or ""
        steps = tuple(step for step, _ in self.steps(objects))
        return Chain(origin, target.key, steps, target.round)

    def steps(self, chain: Sequence[object]) -> list[tuple[Step, object]]:
        """Return the references of a chain by name, each with the object that it leads to.

        Frames of an await, cells of captured variables and the dict of an instance are no steps of
        their own: no program writes them.
        """
        found: list[tuple[Step, object]] = []
        first: Any = chain[0]
        if not isinstance(first, G):
            sort, _, name = (self.court.marked.root_name(first) or "").partition(" ")
            # A timer has no name that a program could write.
            text = name.partition(" ")[0] if sort == "global" else ""
            found.append((self._step("root", text, "", first), first))
        behind: Any = None  # what holds a cell, or the instance of a dict
        for holder, held in pairwise(chain):
            if isinstance(held, _CODE) and isinstance(holder, (G, *_CODE)):
                continue  # from one frame into the one that it awaits
            instance = _dict_of(holder) if type(held) is dict else None
            if isinstance(holder, FunctionType) and held is holder.__closure__:
                behind = holder
                continue
            if isinstance(held, CellType) or (instance is not None and instance is held):
                behind = holder if behind is None else behind
                continue
            if behind is None:
                kind, text, where = self._reference(holder, held)
            elif isinstance(holder, CellType):
                kind, text, where = self._captured(behind, holder, held)
            else:
                text = chain_text((behind, holder, held))
                kind, where = "field", ""
            behind = None
            found.append((self._step(kind, text, where, held), held))
        return _without_defers(found)

    def _step(self, kind: str, text: str, where: str, obj: object) -> Step:
        number = self.numbers.setdefault(id(obj), len(self.numbers) + 1)
        return Step(kind, text, self._word(obj), where, self._bytes(obj), number)

    def _captured(self, holder: Any, cell: CellType, held: object) -> tuple[str, str, str]:
        if isinstance(holder, FunctionType):
            names = zip(holder.__code__.co_freevars, holder.__closure__ or (), strict=False)
            return "captured", next((name for name, c in names if c is cell), ""), ""
        return self._reference(holder, held)

    def _reference(self, holder: Any, held: object) -> tuple[str, str, str]:
        """Return kind, text and function of the reference from one object to the next."""
        if isinstance(holder, G | Select):
            return "operation", "", ""
        if isinstance(holder, _CODE):
            code: Any = getattr(
                holder, "cr_code", getattr(holder, "gi_code", getattr(holder, "ag_code", None))
            )
            if is_runtime_file(code.co_filename):
                return "operation", "", ""
            name = _variable(holder, held)
            return "variable" if name else "value", name, function_name(code)
        if isinstance(holder, MethodType):
            return "receiver", "", ""
        text = name_step(holder, held)
        if text.startswith("["):
            return "item", text, ""
        if text == ".channel" and isinstance(getattr(type(holder), "done", None), FunctionType):
            text = say("thing.done", name="")  # what a program asks a context for
        if text:
            return "field", text, ""
        return "inside", "", ""

    # -- words and bytes ------------------------------------------------------------------------

    def _word(self, obj: Any) -> str:
        """Return what an object is, in few words."""
        if isinstance(obj, Object):
            return _what(obj)
        if isinstance(obj, FunctionType):
            return f"func {obj.__name__}"
        if isinstance(obj, MethodType):
            return f"method {getattr(obj.__func__, '__name__', '')}".rstrip()
        if isinstance(obj, type):
            return f"class {obj.__name__}"
        kind = type(obj)
        if kind in (list, dict, tuple, set):
            return f"{kind.__name__}[{len(obj)}]"
        if isinstance(obj, _CODE):
            return "a suspended call"
        return _GO_WORDS.get(kind.__name__, kind.__name__.strip("_"))

    def _bytes(self, obj: object) -> int:
        """Return what would be freed without an object; 0 where memory was not simulated."""
        if self.survey is None or obj is None:
            return 0
        number = self.survey.graph.number(obj)
        return 0 if number is None else self.survey.graph.retained[number]


def _operation(g: G) -> list[object]:
    """Return the frames of the operation in which a goroutine stands: the innermost of gosim's."""
    frames: list[object] = []
    coro: Any = g.coro
    while isinstance(coro, _CODE):
        if isinstance(coro, CoroutineType):
            code, inner = coro.cr_code, coro.cr_await
        elif isinstance(coro, GeneratorType):
            code, inner = coro.gi_code, coro.gi_yieldfrom
        else:
            code, inner = coro.ag_code, coro.ag_await
        if is_runtime_file(code.co_filename):
            frames.append(coro)
        else:
            frames.clear()
        coro = inner
    if coro is not None:
        frames.append(coro)
    return frames


def _dict_of(obj: object) -> object:
    """Return an object's dict without asking the program's own ``__getattr__``."""
    try:
        return object.__getattribute__(obj, "__dict__")
    except AttributeError:
        return None


def _without_defers(steps: list[tuple[Step, object]]) -> list[tuple[Step, object]]:
    """Make one step of those that lead through the list of deferred calls."""
    at = next((i for i, (_, obj) in enumerate(steps) if isinstance(obj, defers)), -1)
    if at < 0:
        return steps
    # A suspended `async with` holds it by the method that will leave the block.
    first = at - 1 if at and isinstance(steps[at - 1][1], MethodType) else at
    last = at + 1
    while last < len(steps) - 1 and type(steps[last][1]) in (list, tuple):
        last += 1
    if last == len(steps):
        return steps
    step, obj = steps[last]
    where = steps[first][0].where
    return [
        *steps[:first],
        (step._replace(kind="deferred", text="", where=where), obj),
        *steps[last + 1 :],
    ]


_GO_WORDS: Final = {
    "Chan": "chan",
    "FastChan": "chan",
    "Mutex": "sync.Mutex",
    "RWMutex": "sync.RWMutex",
    "WaitGroup": "sync.WaitGroup",
    "Cond": "sync.Cond",
    "Once": "sync.Once",
    "Weighted": "semaphore",
}


def _key(id_: int) -> str:
    return f"goroutine {id_}"
