"""Random programs over all primitives, and the digest of everything that happens in them.

``python -m tests.random_programs N`` prints one digest for programs 0 to N-1: the same on every
supported Python and under every hash seed.  It needs nothing but gosim and simpy.
"""

from __future__ import annotations

import hashlib
import random
import sys
from typing import TYPE_CHECKING, Any

import gosim as gs
from gosim import chan, default, go, recv, select, send

if TYPE_CHECKING:
    from gosim.runtime.policy import Policy

Op = tuple[str, int, int]

KINDS = ("send", "recv", "close", "select", "try", "sleep", "gosched", "lock", "timer", "cancel")


def program(seed: int) -> tuple[list[list[Op]], list[int]]:
    """Return the operations of some goroutines, and the capacities of their channels."""
    rng = random.Random(seed)
    ops = [
        [
            (rng.choice(KINDS), rng.randrange(3), rng.randrange(3))
            for _ in range(rng.randrange(1, 9))
        ]
        for _ in range(rng.randrange(2, 7))
    ]
    return ops, [rng.randrange(3) for _ in range(3)]


class Tape(gs.Observer):
    """Writes down every event as text."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def goroutine_created(self, g: Any, by: Any) -> None:
        self.lines.append(f"create {g} by {by}")

    def goroutine_picked(self, g: Any) -> None:
        self.lines.append(f"pick {g}")

    def goroutine_parked(self, g: Any, reason: str, on: Any) -> None:
        self.lines.append(f"park {g} {reason}")

    def goroutine_readied(self, g: Any, by: Any) -> None:
        self.lines.append(f"ready {g} by {by}")

    def goroutine_ended(self, g: Any, how: str) -> None:
        self.lines.append(f"end {g} {how}")

    def channel_sent(self, ch: Any, value: Any, to: Any) -> None:
        self.lines.append(f"sent {value} to {to}")

    def channel_received(self, ch: Any, value: Any, sender: Any, ok: bool) -> None:
        self.lines.append(f"received {value} from {sender} {ok}")

    def channel_closed(self, ch: Any, released: Any) -> None:
        self.lines.append(f"closed {released}")


async def actor(
    name: int, ops: list[Op], channels: list[Any], mu: Any, ctx: Any, cancel: Any
) -> None:
    """Do the operations, printing what they give."""
    for step, (what, a, b) in enumerate(ops):
        ch, other = channels[a], channels[b]
        value = name * 100 + step
        if what == "send":
            await ch.send(value)
            print(name, "sent", value)
        elif what == "recv":
            print(name, "got", await ch.recv_ok())
        elif what == "close":
            await ch.close()
        elif what == "select":
            cases = recv(ch), send(other, value), recv(ctx.done()), recv(gs.time.after(50))
            print(name, "selected", await select(*cases))
        elif what == "try":
            print(name, "tried", await select(send(ch, value), recv(other), default))
        elif what == "sleep":
            await gs.time.sleep(a * 10)
        elif what == "gosched":
            await gs.gosched()
        elif what == "lock":
            await mu.lock()
            await gs.time.sleep(b)
            await mu.unlock()
        elif what == "timer":
            timer = gs.time.new_timer(a * 7 + 1)
            await gs.time.sleep(b * 7)
            print(name, "stopped", await timer.stop())
        elif what == "cancel" and name == 0:
            await cancel()


def main_of(seed: int) -> Any:
    """Return the main of a random program."""
    ops, capacities = program(seed)

    async def main() -> None:
        channels = [chan(int, cap) for cap in capacities]
        mu = gs.sync.Mutex()
        ctx, cancel = gs.context.with_cancel(gs.context.background())
        for name, mine in enumerate(ops):
            go(actor, name, mine, channels, mu, ctx, cancel)
        await gs.time.sleep(500)

    return main


def run(
    seed: int, policy: str, observed: bool, replay: str | None = None
) -> tuple[gs.Run, list[str]]:
    """Run one random program, or replay it."""
    main = main_of(seed)
    tape = Tape()
    observers = (tape,) if observed else ()
    if replay is not None:
        return gs.run(main, replay=replay, observers=observers), tape.lines
    return gs.run(main, policy=policy, seed=seed, observers=observers), tape.lines


def run_under(seed: int, policy: Policy) -> tuple[gs.Run, list[str]]:
    """Run one random program under a scheduler of one's own."""
    tape = Tape()
    return gs.run(main_of(seed), policy=policy, observers=(tape,)), tape.lines


def digest(count: int) -> str:
    """Return the digest of the events and records of `count` programs under three schedulers."""
    sha = hashlib.sha256()
    for seed in range(count):
        for policy in ("go", "fifo", "random"):
            result, lines = run(seed, policy, True)
            record = result.to_dict()
            parts = [
                *lines,
                str([record[k] for k in ("outcome", "stdout", "virtual_ns", "steps")]),
                str(record["after_main"]),
                str([(g["id"], g["wait_reason"], g["leak"], g["proof"], g["in_profile"])
                     for g in record["goroutines"]]),
            ]  # fmt: skip
            sha.update("\n".join(parts).encode())
    return sha.hexdigest()


if __name__ == "__main__":
    print(digest(int(sys.argv[1])))
