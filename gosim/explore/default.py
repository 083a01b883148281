"""The default schedule: the steps in the order in which Go with one processor takes them.

Who runs goes on until it has to wait; then the one that was woken or started last (Go's ``runnext``
slot); then the one that has been able to run for longest. Of several ready cases the first one is
taken, where Go would draw. Timers fire when nothing else can happen. (src/runtime/proc.go: ready,
newproc, schedule; the 61st pick and time slices are left out, which no program can tell.)
"""

from __future__ import annotations

from collections.abc import Sequence

from gosim.explore.step import Label, Step

__all__ = ["Order"]


class Order:
    """The run queue of the default schedule, told in steps.

    Whatever steps are taken, `first` says what comes next if the default is followed from here;
    where something else is taken the schedule *deviates*. Call `first` once for each step, then
    `took`.

    Attributes
    ----------
    running : str
        Who ran last; empty when it has to wait.
    next : str
        Go's ``runnext``.
    queue : list of str
        Who else can run, the oldest first.
    parked : list of str
        Who came to something and had to wait, the first first.

    Invariant: a goroutine is in one of them at most.
    """

    def __init__(self) -> None:
        self.running = "main"
        self.next = ""
        self.queue: list[str] = []
        self.parked: list[str] = []

    def first(self, enabled: Sequence[Label]) -> Label:
        """Return the step of the default schedule.

        Parameters
        ----------
        enabled : sequence of Label
            What could be done; not empty.
        """
        own: dict[str, Label] = {}  # the first step that each one could take
        for label in enabled:
            if not label.timer:
                for who in label.goroutines:
                    own.setdefault(who, label)
        self._wake(enabled)
        for who in (self.running, self.next, *self.queue):
            if who in own:
                return own[who]
            self._park(who)
        return next((label for label in enabled if label.timer), enabled[0])

    def took(self, step: Step) -> None:
        """Hear of the step that was taken."""
        if step.label.timer:
            self._ready(step.label.partner)
        else:
            # Of two that meet the one that came later runs, and wakes the other.
            last = next((who for who in step.who if who not in self.parked), step.who[0])
            self._run(last)
            for who in step.who:
                self._ready(who)
        for who in (*step.born, *step.wakes):
            self._ready(who)

    def _wake(self, enabled: Sequence[Label]) -> None:
        """Let those run who had to wait and have a step now for which nobody has to come."""
        if not self.parked:
            return
        woken = {
            label.who
            for label in enabled
            if label.who in self.parked and (not label.partner or label.partner in self.parked)
        }
        for who in [who for who in self.parked if who in woken]:
            self._ready(who)

    def _leaves(self, who: str) -> None:
        if who == self.running:
            self.running = ""
        elif who == self.next:
            self.next = ""
        elif who in self.queue:
            self.queue.remove(who)
        elif who in self.parked:
            self.parked.remove(who)

    def _park(self, who: str) -> None:
        if who:
            self._leaves(who)
            self.parked.append(who)

    def _ready(self, who: str) -> None:
        """Put a goroutine into the runnext slot; who was there goes to the end of the queue."""
        if not who or who in (self.running, self.next) or who in self.queue:
            return
        self._leaves(who)
        if self.next:
            self.queue.append(self.next)
        self.next = who

    def _run(self, who: str) -> None:
        if who == self.running:
            return
        self._leaves(who)
        if self.running:  # it was interrupted, as at the end of a time slice
            self.queue.append(self.running)
        self.running = who
