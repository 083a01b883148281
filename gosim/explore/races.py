"""What else could have happened: from one execution to the beginnings of others.

For each step that touched something after another one, without which it could have happened as
well, there is an execution in which it comes first; for each operation that could have been done
another way (another ready case, another partner, ``default``), one in which it is. Each is told as
a point of this execution and the steps to take from there: those that do not happen after what is
put off, in their order, and then the other one. (Abdulla, Aronis, Jonsson, Sagonas: Optimal dynamic
partial order reduction, POPL 2014; its races are extended here by choices.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from gosim.explore.dependence import Mode, ordered, reversible
from gosim.explore.step import CLOCK, STDOUT, Label, Operation, Side, Step

__all__ = ["reversals"]

Reversal = tuple[int, list[Step]]


def reversals(
    steps: Sequence[Step], left: Sequence[Operation], fresh: int = 0
) -> Iterator[Reversal]:
    """Yield where to branch off, and the steps that lead to the other order, the new one last.

    Parameters
    ----------
    steps : sequence of Step
        An execution to its end.
    left : sequence of Operation
        What goroutines had announced when it ended.
    fresh : int
        So many steps it has in common with one that was looked at before: races among those are
        known.
    """
    yield from _Execution(steps, left).reversals(fresh)


class _Execution:
    def __init__(self, steps: Sequence[Step], left: Sequence[Operation]) -> None:
        self.steps = steps
        self.left = left
        self.operations = [op for step in steps for op in step.operations] + list(left)
        self.history: dict[str, list[tuple[int, Mode]]] = {}
        self.so_far: dict[str, list[int]] = {}  # bit masks of the steps in it
        for i, step in enumerate(steps):
            for key, mode in step.accesses:
                history = self.history.setdefault(key, [])
                history.append((i, mode))
                masks = self.so_far.setdefault(key, [])
                masks.append((masks[-1] if masks else 0) | 1 << i)

    def reversals(self, fresh: int) -> Iterator[Reversal]:
        previous: dict[str, int] = {}
        for i, step in enumerate(self.steps):
            before = 0
            for name in step.who:
                before |= previous.get(name, 0)
            for op in step.operations:
                before |= op.arrival
            if i >= fresh and step.label.who != CLOCK:  # that comes when nothing else can
                yield from self._races(step, i, before)
            for name in step.who:
                previous[name] = step.before
        for op in self.left:
            if op.wanted:
                step = Step(Label(op.who), (op.who,), op.wanted)
                yield from self._races(step, len(self.steps), op.arrival)
            elif op.ended >= 0 and not op.sides and not op.spins:
                # A timer that was stopped could have come before.
                fires = ((op.who[len(CLOCK) + 1 :], ("fire",)),)
                yield self._branch([op.ended], Step(Label(op.who), (op.who,), fires))
        yield from self._meetings()
        for op in self.operations:
            for label in op.others:
                accesses = self.steps[op.taken].accesses
                yield self._branch([op.taken], Step(label, (op.who,), accesses))
            if len(op.sides) > 1 or op.default or op.taken < 0:
                yield from self._other_cases(op)

    # ---- the same step, earlier ----

    def _races(self, step: Step, index: int, before: int) -> Iterator[Reversal]:
        """Yield what brings a step before those it conflicts with."""
        steps = self.steps
        enabling = [self._enabling(key, mode, index) for key, mode in step.accesses]
        for n, (key, mode) in enumerate(step.accesses):
            seen = before
            enabled = enabling[n]
            needed = 0  # what lets it be what it is, wherever on this object it comes
            for m, mask in enumerate(enabling):
                if m != n:
                    needed |= mask
            history = self.history.get(key, ())
            for at in reversed(range(len(history))):
                i, earlier = history[at]
                if i >= index:
                    continue
                if not self.so_far[key][at] & ~(seen | needed):
                    break
                if seen >> i & 1 or needed >> i & 1:
                    continue
                if not set(steps[i].who).isdisjoint(step.who):
                    continue
                if earlier[0] == "close" and mode[0] == "refused":
                    yield from self._before_close(step, i, key, mode)
                    continue
                if not reversible(earlier, mode):
                    continue
                if enabled >> i & 1 and not _takes_place(earlier, mode):
                    continue
                if mode[0] == "wait" and self._counter(key, i) != 0:
                    continue
                seen |= steps[i].before
                yield self._branch([i], _moved(step, key, earlier))

    def _enabling(self, key: str, mode: Mode, index: int) -> int:
        """The steps without which there would be no such access, as a bit mask."""
        mask = 0
        if mode[0] not in _ENABLED:
            return mask
        history = self.history.get(key, ())
        for at in reversed(range(len(history))):
            i, earlier = history[at]
            if i >= index or mask >> i & 1:
                continue
            if not self.so_far[key][at] & ~mask:
                break
            if ordered(earlier, mode) and not reversible(earlier, mode):
                mask |= self.steps[i].before
        return mask

    def _counter(self, key: str, without: int) -> int:
        """Return the counter of a WaitGroup before a step, and without what happens after that."""
        kept = self._not_after([without])
        counter = 0
        for i, mode in self.history[key]:
            if kept >> i & 1 and mode[0] in ("add", "done", "under"):
                counter += mode[1] if mode[0] == "add" else -mode[1]
        return counter

    def _before_close(self, step: Step, close: int, key: str, mode: Mode) -> Iterator[Reversal]:
        """Yield the send before the close that refused it, where there was room in the buffer."""
        kept = self._not_after([close])
        sent, received = (
            sum(1 for i, m in self.history[key] if m[0] == kind and kept >> i & 1)
            for kind in ("send", "recv")
        )
        if sent - received < mode[2]:
            yield self._branch([close], _moved(step, key, ("send", sent, mode[2])))

    # ---- another partner ----

    def _meetings(self) -> Iterator[Reversal]:
        """Yield meetings on unbuffered channels that did not take place."""
        channels: dict[str, tuple[list[tuple[Operation, Side]], list[tuple[Operation, Side]]]] = {}
        for op in self.operations:
            for side in op.sides:
                if side.cap == 0:
                    sends, receives = channels.setdefault(side.channel, ([], []))
                    (sends if side.sends else receives).append((op, side))
        for key, (sends, receives) in channels.items():
            closes = [i for i, mode in self.history.get(key, ()) if mode[0] == "close"]
            for a, x in sends:
                for b, y in receives:
                    if a.who == b.who or (a.default and b.default):
                        continue  # of two that do not wait neither finds the other
                    label = Label(a.who, x.case, b.who, y.case)
                    if a.taken >= 0 and a.taken == b.taken and self.steps[a.taken].label == label:
                        continue
                    arrival = a.arrival | b.arrival
                    put_off = [i for i in {a.taken, b.taken} if i >= 0]
                    put_off += [i for i in closes if not arrival >> i & 1]
                    if a.ended >= 0:
                        put_off.append(a.ended)
                    if len(put_off) == 0 or any(arrival >> i & 1 for i in (*put_off, *closes)):
                        continue
                    step = Step(label, (a.who, b.who), ((key, ("meet",)),))
                    yield self._branch(put_off, step)

    # ---- another case ----

    def _other_cases(self, op: Operation) -> Iterator[Reversal]:
        """Yield the cases of an operation that were not taken."""
        taken = [op.taken] if op.taken >= 0 else []
        chosen = self._case_of(op)
        for side in op.sides:
            if side.case == chosen and op.taken >= 0:
                continue
            label = Label(op.who, side.case)
            history = self.history.get(side.channel, ())
            closes = [i for i, mode in history if mode[0] == "close"]
            if side.cap == 0:
                for i in closes:  # a closed channel is ready for whoever comes
                    if taken and not self.steps[i].before >> taken[0] & 1:
                        mode: Mode = ("refused", 0, side.cap) if side.sends else ("zero",)
                        yield from self._some(taken, label, op, side, mode)
                continue
            mine, other = ("send", "recv") if side.sends else ("recv", "send")
            rivals = [i for i, mode in history if mode[0] == mine and not op.arrival >> i & 1]
            for put_off in [taken, *([*taken, i] for i in reversed(rivals))]:
                if not put_off or any(op.arrival >> i & 1 for i in put_off):
                    continue
                kept = self._not_after(put_off)
                done = sum(1 for i, mode in history if mode[0] == mine and kept >> i & 1)
                room = sum(1 for i, mode in history if mode[0] == other and kept >> i & 1)
                closed = any(kept >> i & 1 for i in closes)
                if done < room + (side.cap if side.sends else 0) and not (closed and side.sends):
                    yield from self._some(put_off, label, op, side, (mine, done, side.cap))
                elif closed:
                    mode = ("refused", 0, side.cap) if side.sends else ("zero",)
                    yield from self._some(put_off, label, op, side, mode)
        if op.default and not op.spins:
            yield from self._default(op, [] if chosen == -2 else taken)

    def _some(
        self, put_off: list[int], label: Label, op: Operation, side: Side, mode: Mode
    ) -> Iterator[Reversal]:
        yield self._branch(put_off, Step(label, (op.who,), ((side.channel, mode),)))

    def _default(self, op: Operation, taken: list[int]) -> Iterator[Reversal]:
        """Yield the ``default`` of a select where it found a case ready, or before one was."""
        makes_ready: set[int] = set()
        for side in op.sides:
            for i, mode in self.history.get(side.channel, ()):
                kinds = ("recv", "close") if side.sends else ("send", "close")
                if mode[0] in kinds and not op.arrival >> i & 1:
                    makes_ready.add(i)
        accesses = tuple((side.channel, ("look",)) for side in op.sides)
        step = Step(Label(op.who, -2), (op.who,), accesses)
        later = sorted(makes_ready, reverse=True)
        for n in range(len(later) + 1):
            put_off = [*taken, *later[:n]]
            if not taken and op.taken >= 0 and self._not_after(put_off) >> op.taken & 1:
                continue  # it comes before them already
            if put_off and self._nothing_ready(op, put_off):
                yield self._branch(put_off, step)

    def _nothing_ready(self, op: Operation, put_off: Sequence[int]) -> bool:
        kept = self._not_after(put_off)
        for side in op.sides:
            count = {"send": 0, "recv": 0, "close": 0}
            for i, mode in self.history.get(side.channel, ()):
                if kept >> i & 1 and mode[0] in count:
                    count[mode[0]] += 1
            filled = count["send"] - count["recv"]
            if count["close"] or (side.cap and (filled < side.cap if side.sends else filled > 0)):
                return False
        return True

    def _case_of(self, op: Operation) -> int:
        if op.taken < 0:
            return -3
        label = self.steps[op.taken].label
        return label.case if label.who == op.who else label.partner_case

    # ---- the way there ----

    def _not_after(self, put_off: Sequence[int]) -> int:
        """The steps that happen after none of those put off, as a bit mask."""
        mask = 0
        late = 0
        for i in put_off:
            late |= 1 << i
        for i, step in enumerate(self.steps):
            if not step.before & late:
                mask |= 1 << i
        return mask

    def _branch(self, put_off: Sequence[int], step: Step) -> Reversal:
        """Return where to branch off, and the way from there to `step`."""
        first = min(put_off)
        kept = self._not_after(put_off)
        way = [other for i, other in enumerate(self.steps) if i > first and kept >> i & 1]
        return first, [*way, step]


_ENABLED: Final = frozenset(
    ("lock", "rlock", "wlock", "seen", "wait", "zero", "refused", "send", "recv", "look")
)
"""Kinds of accesses for which something may have to come before."""
_FAMILIES: Final = (
    {"send", "refused"},
    {"recv", "zero"},
    {"done", "under"},
    {"close", "reclose", "cancel"},
    {"lock", "seen"},
)
#: An operation of a family may take the place of another of it, whatever that waited for.
_PLACES: Final = (*_FAMILIES, {"lock", "wlock", "rlock", "try+"})


def _moved(step: Step, key: str, earlier: Mode) -> Step:
    """Return a step that takes the place of an earlier one on an object, as far as is known.

    One that panicked where it was, as the second close of a channel does, will hardly do so there.
    """
    accesses = tuple(
        (k, earlier if k == key and _alike(mode, earlier) else mode)
        for k, mode in step.accesses
        if k != STDOUT or key == STDOUT or not step.died
    )
    label = step.label
    if label.case >= 0 and step.operations and not step.operations[0].sides:
        label = Label(label.who)  # a signal: how many wait there is not known
    return replace(step, label=label, accesses=accesses)


def _alike(a: Mode, b: Mode) -> bool:
    """Whether two modes are of the same operation, at another time."""
    return any(a[0] in family and b[0] in family for family in _FAMILIES)


def _takes_place(a: Mode, b: Mode) -> bool:
    return any(a[0] in family and b[0] in family for family in _PLACES)
