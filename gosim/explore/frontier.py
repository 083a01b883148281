"""The upper part of a search tree whose lower parts are explored elsewhere, several at a time.

Optimal search (`gosim.explore.optimal`) lets its tree be divided. A `Frontier` keeps the nodes at
which the work was divided, gives away what is below as `Task`, and takes back what is left to do
and what was found for its nodes. Earlier branches of a node are in the sleep set of those behind
them although they may not have ended: that keeps two executions from being of one trace.

What makes the search complete needs care. A node whose sleep set is empty is explored completely by
who has it. Where a branch that is still being explored is asleep (the node is *open*), executions
below that branch may find what is to be done here; one process would have planned it before it came
here. So open nodes are kept, with the branches that are done, until nothing more can be found for
them; what is found late goes the way it would have gone, through what has been done. The executions
are those of a single process, in another order.

A branch can begin when it is known what the first steps of its predecessors touch, that is, when
each of them has been run once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from gosim.explore.optimal import Branch, Node, Optimal, may_begin, plan
from gosim.explore.step import Label, Step, commute

__all__ = ["Frontier", "Part", "Task"]

Plain: TypeAlias = Any
"""Lists, tuples, strings, numbers and None: what goes through pipes and into files."""
Way: TypeAlias = list[Step]


# ---- plain forms ----


def _step(step: Step) -> Plain:
    return (tuple(step.label), step.who, step.accesses, step.wakes, step.died, step.emptied)


def _step_of(plain: Plain) -> Step:
    label, who, accesses, wakes, died, emptied = plain
    return Step(
        Label(*label),
        tuple(who),
        tuple((key, tuple(mode)) for key, mode in accesses),
        tuple(wakes),
        died=died,
        emptied=emptied,
    )


def _steps(steps: Iterable[Step]) -> Plain:
    return [_step(step) for step in steps]


def _steps_of(plain: Plain) -> Way:
    return [_step_of(each) for each in plain]


def _forest(branches: Sequence[Branch]) -> Plain:
    """Return a wake-up tree as a list of steps, each with the number of its children behind it."""
    plain = []
    left = list(reversed(branches))
    while left:
        branch = left.pop()
        plain.append((_step(branch.step), len(branch.behind)))
        left.extend(reversed(branch.behind))
    return plain


def _forest_of(plain: Plain) -> list[Branch]:
    top: list[Branch] = []
    open_: list[tuple[list[Branch], int]] = []  # where branches go, and how many are to come
    for step, children in plain:
        branch = Branch(_step_of(step))
        while open_ and open_[-1][1] == 0:
            open_.pop()
        if open_:
            into, missing = open_[-1]
            open_[-1] = into, missing - 1
            into.append(branch)
        else:
            top.append(branch)
        open_.append((branch.behind, children))
    return top


# ---- nodes ----


class _Limb:
    """A branch of a node that several may work below.

    Attributes
    ----------
    fork : _Fork or None
        The node; None for the root of all.
    branch : Branch or None
        As planned.
    taken : Step or None
        Its first step, once it is known what it touches.
    done : bool
        Nothing is left to do below, unless something is found elsewhere.
    given : bool
        Somebody works on it, or will before giving it back.
    open : bool
        The node below is open.
    rest : list of _Shoot
        What is left to do below, where the limb is explored as one part.
    below : _Fork or None
        The node below, where it is not, and where it is kept.
    """

    __slots__ = ("below", "branch", "done", "fork", "given", "open", "rest", "taken")

    def __init__(self, fork: _Fork | None, branch: Branch | None) -> None:
        self.fork = fork
        self.branch = branch
        self.taken: Step | None = None
        self.done = False
        self.given = False
        self.open = False
        self.rest: list[_Shoot] = []
        self.below: _Fork | None = None

    @property
    def begun(self) -> bool:
        return self.taken is not None

    @property
    def step(self) -> Step:
        assert self.branch is not None
        return self.taken or self.branch.step


class _Fork:
    """A node that several may work below.

    Attributes
    ----------
    parent : _Limb
    sleep : list of Step
        What was asleep when it was made.
    late : list of Step
        Those of them that were being explored.
    limbs : list of _Limb
    deferred : list of (int, list of Step)
        What was found for it and waits for what somebody has; with the limb it was found below.
    unit : _Unit or None
        The one that waits with branches that have not begun.
    over : int
        How many branches more there were that are done.
    """

    __slots__ = ("deferred", "late", "limbs", "over", "parent", "sleep", "unit")

    def __init__(self, parent: _Limb | None, sleep: Way, late: Way) -> None:
        self.over = 0
        self.parent = parent
        self.sleep = sleep
        self.late = late
        self.limbs: list[_Limb] = []
        self.deferred: list[tuple[int, Way]] = []
        self.unit: _Unit | None = None


class _Shoot(Node):
    """A node of a part.

    Attributes
    ----------
    late : list of Step
        Those in its sleep set that were being explored elsewhere when the part was given away.
    ended : list of _Limb
        The branches that are done, if it is open.
    over : int
        How many are done.
    """

    __slots__ = ("ended", "late", "over")

    def __init__(self, sleep: Way, planned: list[Branch], late: Way) -> None:
        super().__init__(sleep, planned)
        self.late = late
        self.ended: list[_Limb] = []
        self.over = 0

    def as_fork(self, parent: _Limb | None) -> _Fork:
        """Return the node as one of which the branches are told apart."""
        before = self.sleep[: len(self.sleep) - len(self.ended)]
        fork = _Fork(parent, before, self.late)
        fork.over = self.over - len(self.ended)
        fork.limbs = [*self.ended, *(_Limb(fork, branch) for branch in self.planned)]
        for limb in self.ended:
            limb.fork = fork
        return fork


class _Writer:
    """Brings nodes into plain form, however deep they are."""

    def __init__(self) -> None:
        self._forks: list[_Fork] = []

    def fork(self, fork: _Fork | None) -> int:
        if fork is None:
            return -1
        self._forks.append(fork)
        return len(self._forks) - 1

    def limb(self, limb: _Limb) -> Plain:
        return (
            _forest([] if limb.branch is None else [limb.branch]),
            None if limb.taken is None else _step(limb.taken),
            limb.done,
            limb.open,
            self.shoots(limb.rest),
            self.fork(limb.below),
        )

    def shoots(self, shoots: Sequence[_Shoot]) -> Plain:
        return [
            (
                _steps(node.sleep),
                _forest(node.planned),
                _steps(node.late),
                None if node.taken is None else _step(node.taken),
                [self.limb(limb) for limb in node.ended],
                node.over,
            )
            for node in shoots
        ]

    def forks(self) -> Plain:
        """Return all that was mentioned, to be called last."""
        plain = []
        for fork in self._forks:  # which grows meanwhile
            plain.append(
                (
                    _steps(fork.sleep),
                    _steps(fork.late),
                    [self.limb(limb) for limb in fork.limbs],
                    [(after, _steps(way)) for after, way in fork.deferred],
                    fork.over,
                )
            )
        return plain


class _Reader:
    """Makes nodes of what a `_Writer` wrote."""

    def __init__(self, plain: Plain) -> None:
        self._forks = [_Fork(None, _steps_of(sleep), _steps_of(late)) for sleep, late, *_ in plain]
        for fork, (_, _, limbs, deferred, over) in zip(self._forks, plain, strict=True):
            fork.over = over
            fork.limbs = [self.limb(limb, fork) for limb in limbs]
            fork.deferred = [(after, _steps_of(way)) for after, way in deferred]

    def limb(self, plain: Plain, fork: _Fork | None) -> _Limb:
        branch, taken, done, is_open, rest, below = plain
        limb = _Limb(fork, _forest_of(branch)[0] if branch else None)
        limb.taken = None if taken is None else _step_of(taken)
        limb.done, limb.open = done, is_open
        limb.rest = self.shoots(rest)
        if below >= 0:
            limb.below = self._forks[below]
            limb.below.parent = limb
        return limb

    def shoots(self, plain: Plain) -> list[_Shoot]:
        made = []
        for sleep, planned, late, taken, ended, over in plain:
            node = _Shoot(_steps_of(sleep), _forest_of(planned), _steps_of(late))
            node.taken = None if taken is None else _step_of(taken)
            node.ended = [self.limb(limb, None) for limb in ended]
            node.over = over
            made.append(node)
        return made


# ---- a part, where it is explored ----


@dataclass(frozen=True)
class Task:
    """A part of a search tree to be explored, in plain form.

    Attributes
    ----------
    number : int
    above : list
        The nodes on the way to the part: what is asleep there, which of it is being explored, and
        the branches behind that belong to others. The branches of the last one are explored.
    path : list
        The steps that lead to the last of `above`.
    below : list
        The limbs to be explored, and their forks.
    careful : bool
        There may have been executions on the way from which nothing was learnt.
    """

    number: int
    above: Plain
    path: Plain
    below: Plain
    careful: bool


class Part(Optimal):
    """Optimal search in a part of a tree.

    Attributes
    ----------
    found : list of (int, list of Step)
        What is to be planned at nodes above the part.
    """

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.found: list[tuple[int, Way]] = []
        self._reported: set[tuple[int, tuple[Label, ...]]] = set()
        self._behind: list[list[tuple[int, list[Branch]]]] = []
        forks, limbs = task.below
        reader = _Reader(forks)
        todo = [reader.limb(limb, None) for limb in limbs]
        branches = [limb.branch for limb in todo if limb.branch is not None]
        for i, (sleep, late, behind) in enumerate(task.above):
            if i < len(task.path):
                here = [Branch(_step_of(task.path[i]))]
            else:
                here = branches
            self.stack.append(_Shoot(_steps_of(sleep), here, _steps_of(late)))
            self._behind.append([(kind, _forest_of(branch)) for kind, branch in behind])
        self._above = len(self.stack)
        self.floor = max(0, self._above - 1)
        self._top = self.stack[-1] if self.stack else None
        self.stack += todo[0].rest
        if self._top is not None:
            self._top.taken = todo[0].taken
        if not task.careful:
            # Whoever was on the way to here has learnt from it.
            self.fresh = max(0, len(self.stack) - 1)

    def rest(self) -> Plain:
        """Return what is left to do, and what is new, for `Frontier.accept`.

        It is the forks, the limbs that are done or left, `found`, and whether an execution was cut
        short. It must not be called when one was interrupted.
        """
        writer = _Writer()
        limbs: list[_Limb]
        if self._top is None:
            limbs = [_Limb(None, None)]
            limbs[0].done = not self.stack
        else:
            assert isinstance(self._top, _Shoot)
            limbs = [*self._top.ended, *(_Limb(None, branch) for branch in self._top.planned)]
        below = self.stack[self._above :]
        if below:
            limb = next(limb for limb in limbs if not limb.done)
            limb.rest = below  # type: ignore[assignment]  # all of them are shoots
            limb.taken = self._top.taken if self._top is not None else None
            limb.open = bool(limb.rest[0].late)
        plain = [writer.limb(limb) for limb in limbs]
        found = [(at, _steps(way)) for at, way in self.found]
        return [writer.forks(), plain, found, self.blocked > 0]

    def _new_node(self) -> Node:
        node = super()._new_node()
        late: Way = []
        if self.stack:
            parent = self.stack[-1]
            assert isinstance(parent, _Shoot) and parent.taken is not None
            late = [step for step in parent.late if commute(step, parent.taken)]
        return _Shoot(node.sleep, node.planned, late)

    def _next(self) -> bool:
        """Return whether there is another execution to do in this part."""
        ended: Node | None = None
        while len(self.stack) > self.floor:
            node = self.stack[-1]
            assert isinstance(node, _Shoot)
            if node.planned:
                branch = node.planned.pop(0)
                step = node.taken if node.taken is not None else branch.step
                node.sleep.append(step)
                node.taken = None
                node.over += 1
                if node.late or node is self._top:
                    node.ended.append(self._done(branch, step, ended))
            if node.planned:
                here = len(self.stack) - 1
                self.fresh = min(self.fresh, here) if self.cut else here
                return True
            ended = self.stack.pop()
        return False

    def _done(self, branch: Branch, step: Step, below: Node | None) -> _Limb:
        limb = _Limb(None, branch)
        limb.taken = step
        limb.done = True
        if isinstance(below, _Shoot) and below.late:
            limb.open = True
            limb.below = below.as_fork(limb)
        return limb

    def _insert(self, at: int, way: Sequence[Step]) -> None:
        if at >= self._above:
            super()._insert(at, way)
            return
        node = self.stack[at]
        assert node.taken is not None
        known = [*node.sleep, node.taken]
        mine = node.planned[1:]
        if any(may_begin(step, way) is not None for step in known):
            return
        if any(may_begin(branch.step, way) is not None for branch in mine):
            plan(way, (), mine, [])
            return
        behind = self._behind[at]
        for kind, branches in behind:
            if may_begin(branches[0].step, way) is not None:
                if kind == _COVERED or (kind == _PLANNED and not plan(way, (), branches, [])):
                    return
                break
        else:
            fresh: list[Branch] = []
            plan(way, (), (), fresh)
            behind.append((_PLANNED, fresh))
        labels = (at, tuple(step.label for step in way))
        if labels not in self._reported:
            self._reported.add(labels)
            self.found.append((at, list(way)))


_COVERED, _UNSURE, _PLANNED = range(3)
"""What a branch behind another one is good for: all that begins with it is explored, it cannot be
told by who is far away, or it has not begun."""


# ---- the whole, where it is divided ----


class _Unit:
    """What is given to one worker: neighbouring branches of a node; the first may have begun."""

    __slots__ = ("limbs",)

    def __init__(self, limbs: list[_Limb]) -> None:
        self.limbs = limbs


class Frontier:
    """The part of a search tree that is above all that is being explored.

    Parameters
    ----------
    plain : optional
        What `to_plain` returned; a new search otherwise.
    """

    def __init__(self, plain: Plain = None) -> None:
        self._root = _Limb(None, None)
        self._ready: list[_Unit] = []
        self._given: dict[int, _Unit] = {}
        self._numbers = 0
        self._careful = False
        if plain is None:
            self._wait([self._root])
        else:
            self._load(plain)

    @property
    def complete(self) -> bool:
        """Whether nothing is left to do."""
        return self._root.done

    @property
    def waiting(self) -> int:
        """How many units wait for a worker."""
        return len(self._ready)

    @property
    def part(self) -> float:
        """How large a part of the tree is done, 0 to 1, if all branches of a node are alike."""
        part = 0.0
        left = [(self._root, 1.0)]
        while left:
            limb, share = left.pop()
            if limb.done:
                part += share
            elif limb.below is not None:
                fork = limb.below
                share /= fork.over + len(fork.limbs)
                part += share * fork.over
                left += [(each, share) for each in fork.limbs]
            for node in limb.rest:
                share /= node.over + len(node.planned)
                part += share * node.over
        return part

    # ---- giving ----

    def divide(self, wanted: int) -> None:
        """Make so many units wait, if there are branches for them."""
        stuck = 0
        while len(self._ready) < wanted and stuck < len(self._ready):
            unit = self._ready.pop(0)
            parts = self._split(unit)
            stuck = 0 if len(parts) > 1 else stuck + 1
            self._ready += parts

    def give(self) -> Task:
        """Return the next task; the last unit that came back is the first to go on."""
        unit = self._ready.pop()
        self._numbers += 1
        self._given[self._numbers] = unit
        first = unit.limbs[0]
        for limb in unit.limbs:
            limb.given = True
        above = []
        path = []
        fork = first.fork
        if fork is not None:
            if fork.unit is unit:
                fork.unit = None
            above.append(self._seen(fork, first, len(unit.limbs)))
            limb = _parent(fork)
            while limb.fork is not None:
                path.append(_step(limb.step))
                above.append(self._seen(limb.fork, limb, 1))
                limb = _parent(limb.fork)
        writer = _Writer()
        limbs = [writer.limb(limb) for limb in unit.limbs]
        below = [writer.forks(), limbs]
        return Task(self._numbers, above[::-1], path[::-1], below, self._careful)

    def again(self, number: int) -> None:
        """Take back a unit whose worker is gone, as it was."""
        unit = self._given.pop(number)
        for limb in unit.limbs:
            limb.given = False
        self._ready.append(unit)
        fork = unit.limbs[0].fork
        if fork is not None:
            if not unit.limbs[-1].begun:
                fork.unit = unit
            self._retry(fork)
            self._settle_above(fork)

    def _seen(self, fork: _Fork, limb: _Limb, n: int) -> Plain:
        """Return what somebody below `limb`, and those next to it, `n` in all, has to know."""
        at = fork.limbs.index(limb)
        asleep = [*fork.sleep, *(each.step for each in fork.limbs[:at])]
        late = []
        if limb.given:  # the last one on the way
            late = [*fork.late, *(each.step for each in fork.limbs[self._finals(fork) : at])]
        behind = []
        for each in fork.limbs[at + n :]:
            assert each.branch is not None
            if each.begun and not each.open:
                behind.append((_COVERED, _forest([Branch(each.step)])))
            elif each.begun or each.given:
                behind.append((_UNSURE, _forest([Branch(each.step)])))
            else:
                behind.append((_PLANNED, _forest([each.branch])))
        return (_steps(asleep), _steps(late), behind)

    def _finals(self, fork: _Fork) -> int:
        """Return how many of the first branches of a node are done for good."""
        chain = [fork]
        while (limb := _parent(chain[-1])).fork is not None:
            chain.append(limb.fork)
        closed, n = True, 0
        for i in range(len(chain) - 1, -1, -1):
            each = chain[i]
            closed = closed or not each.late
            n = 0
            for limb in each.limbs:
                if not limb.done or (limb.open and not closed):
                    break
                n += 1
            if i:
                # Is all before the branch that leads on done for good?
                closed = closed and each.limbs[n] is _parent(chain[i - 1])
        return n

    def _wait(self, limbs: list[_Limb]) -> _Unit:
        unit = _Unit(limbs)
        self._ready.append(unit)
        return unit

    def _split(self, unit: _Unit) -> list[_Unit]:
        """Return a unit that waits as two, or as it is where that cannot be."""
        first, *others = unit.limbs
        if others and first.begun:
            assert first.fork is not None
            rest = _Unit(others)
            first.fork.unit = rest
            return [rest, _Unit([first])]
        if others:
            return [unit]
        known = first.rest[:-1]  # what is taken from the last one is not
        n = next((i for i, node in enumerate(known) if len(node.planned) > 1), None)
        if n is None:
            return [unit]
        limb = first
        for _ in range(n + 1):
            limb = self._open(limb)
        fork = limb.fork
        assert fork is not None
        whole = _Unit([limb for limb in fork.limbs if not limb.done])
        fork.unit = whole
        return self._split(whole)

    def _open(self, limb: _Limb) -> _Limb:
        """Make a fork of the first node below `limb`; return the limb that is under way there."""
        node, *rest = limb.rest
        limb.rest = []
        limb.below = fork = node.as_fork(limb)
        first = next(each for each in fork.limbs if not each.done)
        first.taken = node.taken
        first.rest = rest
        first.open = bool(rest and rest[0].late)
        return first

    # ---- taking back ----

    def accept(self, number: int, rest: Plain) -> bool:
        """Hear what is left of a unit, and what was found for the nodes above.

        Return False, and do nothing, when the unit has been taken back meanwhile: others do it.
        """
        if number not in self._given:
            return False
        unit = self._given.pop(number)
        forks, limbs, found, cut = rest
        self._careful = self._careful or cut
        fork = unit.limbs[0].fork
        reader = _Reader(forks)
        left = []
        for limb, plain in zip(unit.limbs, limbs, strict=True):
            now = reader.limb(plain, fork)
            limb.given = False
            limb.branch, limb.taken, limb.rest = now.branch, now.taken, now.rest
            limb.done, limb.open, limb.below = now.done, now.open, now.below
            if limb.below is not None:
                limb.below.parent = limb
            if not limb.done:
                left.append(limb)
        path: list[tuple[_Fork, int]] = []
        limb = unit.limbs[0]
        while limb.fork is not None:
            path.append((limb.fork, limb.fork.limbs.index(limb)))
            limb = _parent(limb.fork)
        path.reverse()
        for at, way in found:
            each, after = path[at]
            each.deferred.append((after, _steps_of(way)))
        if left:
            unit = self._wait(left)
            if fork is not None and not left[-1].begun:
                fork.unit = unit
        for each, _ in path:
            self._retry(each)
        if fork is not None:
            if left and fork.unit is None and not _pending(fork):
                unit.limbs += self._loose(fork, left)
                if not unit.limbs[-1].begun:
                    fork.unit = unit
            self._settle_above(fork)
        return True

    def _retry(self, fork: _Fork) -> None:
        """Plan what was found for a node, as far as that can be told by now."""
        ways, fork.deferred = fork.deferred, []
        for after, way in ways:
            self._insert(fork, way, after)

    def _insert(self, fork: _Fork, way: Way, after: int) -> None:
        """Plan `way`, found below branch `after` of a node or (-1) elsewhere."""
        entered: list[_Fork] = []
        while True:
            if any(may_begin(step, way) is not None for step in fork.sleep):
                return
            beginnings = (
                (i, limb, rest)
                for i, limb in enumerate(fork.limbs)
                if (rest := may_begin(limb.step, way)) is not None
            )
            i, limb, rest = next(beginnings, (-1, fork.limbs[0], way))
            if i < 0:
                break
            if i <= after or (limb.begun and not limb.open):
                return  # what begins so is explored there
            if limb.given:
                fork.deferred.append((after, way))
                return
            assert limb.branch is not None
            if not limb.begun:
                if limb.branch.behind:
                    plan(rest, (), limb.branch.behind, limb.branch.behind)
                return
            if limb.below is None:
                units = [unit for unit in self._ready if limb in unit.limbs]
                self._open(limb)
                for unit in units:
                    self._replace(unit, limb)
            assert limb.below is not None
            entered.append(fork)
            fork, way, after = limb.below, rest, -1
            if not way:
                return
        fresh: list[Branch] = []
        plan(way, (), (), fresh)
        fork.limbs += [_Limb(fork, branch) for branch in fresh]
        if entered:
            # What was done has something to do again.
            each = fork
            while each is not entered[0]:
                limb = _parent(each)
                limb.done = False
                assert limb.fork is not None
                each = limb.fork
            self._settle(fork)

    def _replace(self, unit: _Unit, limb: _Limb) -> None:
        """Let wait for a worker, instead of `limb`, what is below it."""
        fork = limb.below
        assert fork is not None
        unit.limbs.remove(limb)
        if not unit.limbs:
            self._ready.remove(unit)
        fork.unit = self._wait([each for each in fork.limbs if not each.done])
        if fork.unit.limbs[-1].begun:
            fork.unit = None

    def _loose(self, fork: _Fork, taken: Sequence[_Limb]) -> list[_Limb]:
        """The branches of a node that have not begun and that no unit has."""
        held = set(map(id, taken))
        if fork.unit is not None:
            held.update(map(id, fork.unit.limbs))
        return [
            limb
            for limb in fork.limbs
            if not limb.given and not limb.begun and id(limb) not in held
        ]

    def _settle_above(self, fork: _Fork) -> None:
        while True:
            self._settle(fork)
            above = _parent(fork).fork
            if above is None:
                return
            fork = above

    def _settle(self, fork: _Fork) -> None:
        """Let what has been planned wait for a worker; end a node of which nothing is left."""
        loose = self._loose(fork, ())
        if loose:
            if fork.unit is not None:
                fork.unit.limbs += loose
            elif not _pending(fork):
                fork.unit = self._wait(loose)
        if all(limb.done for limb in fork.limbs):
            assert not fork.deferred
            parent = _parent(fork)
            parent.done = True
            if not parent.open:
                parent.below = None

    # ---- keeping ----

    def to_plain(self) -> Plain:
        """Return the state in plain form; what is given away counts as not begun again."""
        writer = _Writer()
        root = writer.limb(self._root)
        return [writer.forks(), root, self._careful]

    def _load(self, plain: Plain) -> None:
        forks, root, self._careful = plain
        reader = _Reader(forks)
        self._root = reader.limb(root, None)
        if self._root.done:
            return
        if self._root.below is None:
            self._wait([self._root])
            return
        order = [self._root.below]
        for fork in order:  # which grows meanwhile
            order += [limb.below for limb in fork.limbs if limb.below is not None]
        for fork in order:
            for limb in fork.limbs:
                if limb.begun and not limb.done and limb.below is None:
                    self._wait([limb])
        for fork in reversed(order):
            self._settle(fork)
        for fork in order:
            self._retry(fork)
        for fork in reversed(order):
            self._settle(fork)


def _parent(fork: _Fork) -> _Limb:
    assert fork.parent is not None
    return fork.parent


def _pending(fork: _Fork) -> bool:
    """Whether somebody has branches of a node of which too little is known."""
    return any(limb.given and not limb.begun for limb in fork.limbs)
