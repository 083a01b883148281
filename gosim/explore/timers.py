"""When timers come, in one run under control.

Timers race with computation. In the world ``any`` a timer comes at any moment after it was started,
however much could still be computed before: each timer is a process of its own, and

- the end of a sleep is a step of the sleeper, and a receive from a timer's channel one of timer and
  receiver, as on an unbuffered channel, which such a channel is since Go 1.23;
- what ``AfterFunc`` starts, a context's deadline, and a send to a timer's channel up to Go 1.22 are
  steps of the timer;
- where the start of one timer happens before that of another and its deadline is not later, it
  comes first, if that can be told: timers come in the order of their deadlines among themselves.

Time is what has passed at least: a clock shows when the last timer came that happened before. So it
is the same for all executions of one trace, and sleepers that have nothing to do with each other
make no more traces.

In the world ``late`` the clock moves when nothing else can happen, as in a plain run: all that is
due then comes at once.

A ticker may overtake computation for ever; here it does so a number of times, and then comes only
when nothing else can happen; the verdict says so. When main has returned no timer comes more often
than that.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from gosim.explore.dependence import Access
from gosim.explore.step import CLOCK, Label, Operation, Side, Step
from gosim.runtime import time as rtime

if TYPE_CHECKING:
    from gosim.explore.control import Control
    from gosim.runtime.chan import Chan
    from gosim.runtime.g import G

__all__ = ["Timers"]


_ENDLESS: Final = 1_000
"""So often a timer comes when nothing else can happen, until it is taken to come for ever."""

_Found: TypeAlias = "tuple[int, int, Label, list[G], bool]"


@dataclass(slots=True)
class _Pending:
    """A sleep, or a timer that acts on its own.

    Attributes
    ----------
    when : int
        Its deadline.
    order : int
        Number among all that were started.
    started : int
        Index of the step that started it.
    arrival : int
        Steps that happen before it may come, as a bit mask.
    g : G or None
        Who sleeps.
    entry : Entry or None
        Its place in the calendar.
    """

    when: int
    order: int
    started: int
    arrival: int
    g: Any = None
    entry: Any = None


class Timers:
    """The timers of a run.

    Attributes
    ----------
    cut : bool
        A timer could have overtaken once more and was not let.
    held_back : bool
        At the moment there is one that is not let.
    firing : str
        The timer whose work is done now; empty if none is.
    """

    def __init__(self, control: Control, most: int) -> None:
        self.control = control
        self.most = most
        self.cut = False
        self.held_back = False
        self.firing = ""
        self._world: Any = None
        self._any = control.keeps_time
        self._start = 0
        self._now: dict[str, int] = {}
        self._times: list[int] = []
        self._moved = False
        self._is_late = False
        self._order = 0
        self._sleeps: dict[str, _Pending] = {}
        self._acting: dict[str, _Pending] = {}
        self._fresh: list[tuple[G, int]] = []
        self._receivers: list[tuple[int, int, G, str, int, Chan[Any]]] = []
        self._came: dict[str, int] = {}
        self._blocked: dict[G, list[rtime.Timer]] = {}

    def begin(self, world: Any) -> None:
        """Remember the world."""
        self._world = world
        self._start = world.env._now

    def meets(self, ch: Chan[Any]) -> bool:
        """Whether a receive from a timer's channel is a meeting with the timer."""
        return self._any and ch.timer is not None and ch.timer.sync

    # ---- what is enabled ----

    def announced(self, g: G, who: str, cases: Any) -> bool:
        """Hear of channels that somebody has come to; return whether a deadline has passed."""
        passed = False
        for case in cases:
            timer = getattr(case, "timer", None)
            if timer is None:
                continue
            if not self._any:
                timer.block()
                self._blocked.setdefault(g, []).append(timer)
            elif timer.sync and 0 < timer.when <= self._now.get(who, self._start):
                passed = True
        return passed

    def leaves(self, g: G) -> None:
        """`g` goes on."""
        if self._blocked:
            for timer in self._blocked.pop(g, ()):
                timer.unblock()

    def receives(self, g: G, name: str, i: int, ch: Chan[Any]) -> bool:
        """Hear that `g` could receive from a timer; return whether it need not wait."""
        timer = ch.timer
        assert timer is not None
        if timer.when <= 0 and not ch.buf:
            return False
        when = timer.when if timer.when > 0 else 0
        self._receivers.append((when, len(self._receivers), g, name, i, ch))
        return when <= self._now.get(name, self._start)

    def due(self, g: G, other: G) -> bool:
        """Return whether a timer that `g` could receive from has come when it meets `other`."""
        if not self._receivers:
            return False
        names = self.control.names
        now = max(self._now.get(names[who], self._start) for who in (g, other))
        return any(each[2] is g and each[0] <= now for each in self._receivers)

    def waited_for(self) -> list[G]:
        """Return who could receive from timers, and forget what was heard of it."""
        receivers, self._receivers = self._receivers, []
        return [each[2] for each in receivers]

    def add_labels(self, table: dict[Label, list[G]]) -> None:
        """Add what timers can do to what is enabled, in the order of their deadlines."""
        if not self._any:
            self._add_clock(table)
            return
        if not (self._receivers or self._sleeps or self._acting):
            return
        self.held_back = False
        found: list[_Found] = []
        if self._receivers:
            found += self._meetings()
        for name, sleep in self._sleeps.items():
            g = sleep.g
            who = self.control.names[g]
            if not self.control.prints_first(who) and not self._must_wait(name, sleep):
                found.append((sleep.when, sleep.order, Label(name, -1, who), [g], False))
        for name, timer in self._acting.items():
            if not self._full(timer) and not self._must_wait(name, timer):
                found.append((timer.when, timer.order, Label(name), [], True))
        if not found:
            return
        late: list[_Found] = []
        for each in sorted(found, key=lambda each: each[:3]):
            _, _, label, goes, ticks = each
            came = self._came.get(label.who, 0)
            if self._world.mute:
                if came < max(1, self.most):
                    table[label] = goes
                else:
                    self.held_back = True
            elif not ticks or came < self.most:
                table[label] = goes
            else:
                late.append(each)
        if not late:
            return
        progress = self.control.progress
        if progress.allowed(list(table)) if progress.withheld else table:
            self.cut = True
        elif self._came.get(late[0][2].who, 0) < _ENDLESS:
            table[late[0][2]] = late[0][3]
        else:
            self.cut = self.held_back = True

    def _meetings(self) -> list[_Found]:
        receivers, self._receivers = self._receivers, []
        found: list[_Found] = []
        for when, order, g, name, i, ch in receivers:
            timer = ch.timer
            assert timer is not None
            key = self.control.key(ch)
            clock = f"{CLOCK}:{key}"
            operation = self.control.operations.get(clock)
            if operation is None:
                operation = Operation(clock, (Side(-1, True, key, 0),), arrival=self._arrival(ch))
                operation.spins = timer.period > 0
                self.control.operations[clock] = operation
            if timer.period > 0 and self._came.get(clock, 0) >= self.most:
                operation.sides = ()
            pending = _Pending(when, -1, -1, operation.arrival)
            if not self._must_wait(clock, pending):
                label = Label(clock, -1, name, i)
                found.append((when, order, label, [g], timer.period > 0))
        return found

    def _arrival(self, ch: Chan[Any]) -> int:
        """The steps that happen before a timer was started, as a bit mask."""
        key = self.control.key(ch)
        known = self.control.last.get(f"{CLOCK}:{key}")
        if known is not None:
            return known
        at = self.control.made_in.get(key, -1)
        steps = self.control.steps
        return steps[at].before if 0 <= at < len(steps) else 0

    def _must_wait(self, name: str, timer: _Pending) -> bool:
        """Whether one that was started before and ends before has not come yet."""
        for other, earlier in self._acting.items():
            if (
                other != name
                and (earlier.when, earlier.order) < (timer.when, timer.order)
                and (earlier.started < 0 or timer.arrival >> earlier.started & 1)
                and self._came.get(other, 0) < max(1, self.most)
                and not self._full(earlier)
            ):
                return True
        return False

    def _full(self, timer: _Pending) -> bool:
        """Whether the channel of a timer, as they were up to Go 1.22, has a value already."""
        ch = timer.entry.timer.ch if timer.entry.timer is not None else None
        return ch is not None and bool(ch.buf) and timer.entry.timer.period > 0

    def _add_clock(self, table: dict[Label, list[G]]) -> None:
        progress = self.control.progress
        if progress.allowed(list(table)) if progress.withheld else table:
            return
        if self._world.next_event() is None:
            return
        for item in self._world.env._queue:
            event = item[3]
            if rtime.is_tombstone(event):
                continue
            if type(event) is rtime.Wakeup:
                name = self.control.names.get(event.g, "")
            elif isinstance(event, rtime.Entry) and event.timer is not None:
                name = self.control.key(event.timer)
            else:
                name = ""
            if self._came.get(name, 0) < (max(1, self.most) if self._world.mute else _ENDLESS):
                table[Label(CLOCK)] = []
                self.held_back = False
                return
            self.held_back = True

    # ---- a step ----

    def starts(self, step: Step) -> None:
        """Set the clock to what it shows at the beginning of a step."""
        if not self._any or not (self._moved or step.label.timer):
            return
        world, control = self._world, self.control
        env = world.env
        label = step.label
        now = max(self._now.get(name, self._start) for name in step.who)
        if self._moved:
            times = self._times
            for i in control.before(control.expected(label)):
                if times[i] > now:
                    now = times[i]
        if label.timer:
            name = label.who
            self._came[name] = came = self._came.get(name, 0) + 1
            self._is_late = came > self.most and not self._world.mute and self._ticks(label)
            sleep = self._sleeps.pop(name, None)
            if sleep is not None:
                now = max(now, sleep.when)
                queue = env._queue
                queue[:] = [item for item in queue if getattr(item[3], "g", None) is not sleep.g]
                heapify(queue)
                step.before = sleep.arrival
                waited = Operation(name, arrival=sleep.arrival, taken=len(control.steps))
                step.operations.append(waited)
                world.ready(sleep.g)
                control.gathered()
            elif label.partner:
                timer = control.things[name[len(CLOCK) + 1 :]].timer
                now = max(now, timer.when)
            else:
                now = max(now, self._acting[name].when)
                step.before = self._acting[name].arrival
        env._now = now

    def _ticks(self, label: Label) -> bool:
        """Whether a label is of a timer that comes again and again."""
        if label.who in self._sleeps:
            return False
        thing = self.control.things[label.who[len(CLOCK) + 1 :]]
        return not label.partner or thing.timer.period > 0

    def fire(self, label: Label) -> None:
        """Let a timer do its work, or all that are due next."""
        world = self._world
        if not self._any:
            world.advance()
        else:
            timer = self._acting[label.who]
            queue = world.env._queue
            queue[:] = [item for item in queue if item[3] is not timer.entry]
            heapify(queue)
            rtime._fire(timer.entry)
        self.firing = ""

    def fired(self, timer: Any) -> None:
        """A timer does its work."""
        control = self.control
        if isinstance(timer, rtime.Timer):
            self.firing = control.key(timer)
            if not self._any:
                self._came[self.firing] = self._came.get(self.firing, 0) + 1
        elif not self._any and isinstance(timer, rtime.Wakeup):
            name = control.names.get(timer.g, "")
            if self._world.mute:
                self._came[name] = self._came.get(name, 0) + 1

    def sleeps(self, g: G, when: int) -> None:
        """A goroutine goes to sleep until `when`."""
        self._fresh.append((g, when))

    def changed(self, step: Step) -> list[Access]:
        """Return what a step did to timers that act on their own."""
        found: list[Access] = []
        if not self._acting:
            return found
        index = len(self.control.steps)
        for name, timer in list(self._acting.items()):
            if timer.entry.timer is not None:
                continue
            key = name[len(CLOCK) + 1 :]
            if step.label.who == name:
                found.append((key, ("fire",)))
                continue
            found.append((key, ("write",)))
            operation = self.control.operations.get(name)
            if operation is not None:
                operation.ended = index
                self.control.stopped_timer(operation)
        return found

    def finished(self, step: Step) -> None:
        """Take note of what was started and of what has ended."""
        control = self.control
        index = len(control.steps) - 1
        if not self._any:
            if step.label.who == CLOCK:
                self._after_all(step, index)
            return
        if self._is_late:
            self._is_late = False
            self._after_all(step, index)
        world = self._world
        doing = control.doing
        resets = bool(doing) and doing[0] in _RESETS
        queue = world.env._queue
        if not (resets or queue or self._moved or self._fresh or self._acting):
            now = world.env._now
            if now == self._start:  # there is nothing that has to do with time
                self._times.append(now)
                return
        self._pass_on(step, index)
        for name, timer in list(self._acting.items()):
            if timer.entry.timer is None:
                del self._acting[name]
                self._ended(timer, step)
        if resets and doing[1] is not None and doing[1].sync:
            clock = f"{CLOCK}:{control.key(doing[2])}"
            operation = control.operations.get(clock)
            if operation is not None:
                operation.ended = index
                control.stopped_timer(operation)
            control.last[clock] = control.last.get(clock, self._arrival(doing[2])) | step.before
        for g, when in self._fresh:
            self._order += 1
            name = f"{CLOCK}:{control.names[g]}"
            self._sleeps[name] = _Pending(when, self._order, index, step.before, g=g)
        self._fresh.clear()
        if queue:
            self._look_at_calendar(step, index)

    def _after_all(self, step: Step, index: int) -> None:
        """Put a timer behind everything: it came because nothing else could happen."""
        last = self.control.last
        step.before = everything = (1 << index + 1) - 1
        for name in (*self.control.names.values(), *step.who):
            last[name] = everything

    def _look_at_calendar(self, step: Step, index: int) -> None:
        control = self.control
        for when, _, _, event in sorted(self._world.env._queue, key=lambda item: item[:3]):
            if type(event) is not rtime.Entry or event.timer is None or event.timer.sync:
                continue
            name = f"{CLOCK}:{control.key(event.timer)}"
            if name not in self._acting:
                self._order += 1
                arrival = step.before
                self._acting[name] = _Pending(when, self._order, index, arrival, entry=event)
                control.operations[name] = Operation(name, arrival=arrival)

    def _pass_on(self, step: Step, index: int) -> None:
        """Let time reach all that happens after a step."""
        now = self._world.env._now
        times = self._times
        if self._moved:
            rest = step.before & ~(1 << index)
            while rest:
                last = rest.bit_length() - 1
                if times[last] > now:
                    now = times[last]
                rest &= ~self.control.steps[last].before
        elif now > self._start:
            self._moved = True
        times.append(now)
        if self._moved:
            for name in (*step.who, *step.wakes, *step.born):
                if now > self._now.get(name, self._start):
                    self._now[name] = now

    def _ended(self, timer: _Pending, step: Step) -> None:
        """Let those know that had to wait for a timer, which has come or was stopped."""
        for name, other in (*self._sleeps.items(), *self._acting.items()):
            if (timer.when, timer.order) < (other.when, other.order) and (
                timer.started < 0 or other.arrival >> timer.started & 1
            ):
                other.arrival |= step.before
                operation = self.control.operations.get(name)
                if operation is not None:
                    operation.arrival |= step.before
        for name, operation in self.control.operations.items():
            if name.startswith(CLOCK) and operation.sides:
                ch = self.control.things[operation.sides[0].channel]
                if timer.when < ch.timer.when and (
                    timer.started < 0 or operation.arrival >> timer.started & 1
                ):
                    operation.arrival |= step.before

    def push(self, name: str, ns: int) -> None:
        """Let time pass for a goroutine that does nothing but look at the clock."""
        self._now[name] = self._now.get(name, self._start) + ns
        self._moved = True

    def settle(self) -> None:
        """Set the clock to the last moment that anybody has seen."""
        if self._any and self._now:
            self._world.env._now = max(self._world.env._now, *self._now.values())


_RESETS = frozenset(("timer stop", "timer reset", "ticker stop", "ticker reset"))
