"""Observers: the only way anything outside the runtime learns what happens in it.

Subclass :class:`Observer` and override what you want to hear.  A run without observers does not
even test for them: it uses the fast form of every operation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gosim.runtime.g import G
    from gosim.runtime.proc import World


class Observer:
    """Hears nothing; override what you need.  Methods must not call operations."""

    def run_started(self, world: World) -> None:
        """Before the first goroutine runs."""

    def goroutine_created(self, g: G, by: G | None) -> None:
        """`by` executed a go statement (None for main and timers)."""

    def goroutine_picked(self, g: G) -> None:
        """The scheduler lets `g` run."""

    def goroutine_parked(self, g: G, reason: str, on: Any) -> None:
        """`g` stopped, waiting for `on`, with Go's wait reason.

        `on` is the channel, the lock, the `Select`, and for a sleep its end in Unix ns.
        """

    def goroutine_readied(self, g: G, by: G | None) -> None:
        """`g` became runnable because of `by` (None: a timer)."""

    def goroutine_ended(self, g: G, how: str) -> None:
        """`g` is gone: it returned, called Goexit, or panicked."""

    def channel_sent(self, ch: Any, value: Any, to: G | None) -> None:
        """A value went to the receiver `to`, or into the buffer."""

    def channel_received(self, ch: Any, value: Any, sender: G | None, ok: bool) -> None:
        """A value was received, from a blocked sender or from the buffer."""

    def channel_closed(self, ch: Any, released: tuple[G, ...]) -> None:
        """A channel was closed and its waiters released."""

    def lock_changed(self, lock: Any) -> None:
        """A mutex, wait group or other primitive of sync changed its state."""

    def acquired(self, thing: Any, how: str, part: Any = None) -> None:
        """The running goroutine took a lock, or sees what others released on `thing`.

        `how` is ``"lock"`` or ``"rlock"`` for locks (``"trylock"`` where it would not have waited),
        else the kind of synchronisation; `part` tells parts of one thing apart, such as the keys of
        a map.
        """

    def released(self, thing: Any, how: str, part: Any = None) -> None:
        """The running goroutine gave a lock back, or lets others see what it did until now."""

    def accessed(self, thing: Any, how: str) -> None:
        """The running goroutine is about to ``"read"`` or ``"write"`` a plain variable."""

    def timer_fired(self, timer: Any) -> None:
        """A timer's deadline came."""

    def printed(self, text: str) -> None:
        """The program wrote to stdout."""

    def gc_started(self, kind: str) -> None:
        """A collection begins, because of `kind` (see `gosim.memory.samples.Cycle`)."""

    def gc_grey(self, obj: Any, why: str, by: Any) -> None:
        """The collector has reached `obj`, through `by`, and is yet to look into it."""

    def gc_black(self, obj: Any) -> None:
        """The collector has looked into `obj`, or it was made while marking is on."""

    def gc_freed(self, obj: Any) -> None:
        """The collector did not reach `obj`: its memory is free again."""

    def gc_cycle(self, cycle: Any) -> None:
        """A collection is over (`cycle` is a `gosim.memory.samples.Cycle`)."""

    def main_returned(self, world: World) -> None:
        """The process would be over now; what follows is its after-life."""

    def run_ended(self, world: World) -> None:
        """Nothing more happens."""
