"""A service under load: calls arrive in virtual time, memory is watched, a limit ends the process.

The world's ``main`` is a loop of ours, what ``Serve`` is to a real service: it waits for the next
call and starts a goroutine for it.  When the time is over, or the limit is reached, no more calls
come; those in flight get time to end, two collections follow, and what is there then, beyond what
was there before the first call, is the cost of the calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from gosim.leaks.judge import library_function
from gosim.leaks.run import interpreter
from gosim.memory.bulk import Bulk
from gosim.memory.samples import Cycle
from gosim.runtime.errors import UsageError, WallClock
from gosim.runtime.g import G
from gosim.runtime.leakmark import mark, module_roots
from gosim.runtime.panic import print_panics
from gosim.runtime.proc import World
from gosim.runtime.program import program_namespaces
from gosim.runtime.traceback import creation, dump_one, frames, panic_frames
from gosim.runtime.version import LATEST, resolve
from gosim.traffic.arrivals import SECOND, Arrivals
from gosim.traffic.handler import Served
from gosim.traffic.limits import Limit, address_pages
from gosim.traffic.result import Cost, Left, Load
from gosim.traffic.steady import WINDOW, Steady

if TYPE_CHECKING:
    from collections.abc import Callable

    from gosim.runtime.mgc import Memory

__all__ = ["serve"]

MOST_CALLS: Final = 1_000_000_000
_SAMPLES: Final = 800
"""Samples of the whole time."""
_PAUSE: Final = 44 << 10
_FINE: Final = 200_000
_SETTLE: Final = 60 * SECOND
"""Virtual time that calls in flight get to end, at most."""
_WORTH: Final = 20 * WINDOW
"""Calls of a load for which it is worth asking whether all do the same."""
_BATCH, _BATCH_BYTES = 256, 128 << 10
"""The books are kept in batches of so many calls, or of so many bytes."""
_LOOKED_AT: Final = 20_000
"""Goroutines that are looked at in the end, the youngest."""
KILLED: Final = 137
"""What a shell shows for a process that was ended by SIGKILL: 128 + 9."""


def serve(
    program: Served,
    arrivals: Arrivals,
    duration: int,
    *,
    limit: Limit | None = None,
    variant: str = "main",
    go: str = LATEST,
    go_line: str | None = None,
    seed: int = 0,
    gogc: str | None = None,
    memlimit: str | None = None,
    fold: bool = True,
    wall: float | None = None,
    max_goroutines: int = 1_000_000,
    max_steps: int = 1_000_000_000,
) -> Load:
    """Put a program under load.

    Parameters
    ----------
    program : Served
    arrivals : Arrivals
    duration : int
        Virtual ns.
    limit : Limit, optional
        What ends the process.
    variant : str
        For the record.
    go, go_line, seed, gogc, memlimit
        As for `gosim.leaks.run.execute`.
    fold : bool
        Once every call does the same, go on on the books.
    wall : float, optional
        Seconds of real time after which it is ended.
    max_goroutines, max_steps : int
        Budgets of what is run, and not on the books.

    Raises
    ------
    GosimError
        When the program cannot be loaded or misuses gosim, or the load makes no sense.
    """
    expected = arrivals.expected(duration)
    if duration <= 0:
        raise UsageError("a load lasts for a time above 0: --for 10m")
    if expected is not None and expected > MOST_CALLS:
        raise UsageError(
            f"{arrivals.told}, for {duration // SECOND} s are {expected} calls; at most "
            f"{MOST_CALLS} make sense here"
        )
    counted: Any = program.program
    counted.count_memory()
    world = World(
        resolve(go, go_line or program.go_line),
        seed=seed,
        counted=True,
        max_goroutines=max_goroutines,
        max_steps=max_steps,
        tracked=counted.discards_operations(),
        gogc=gogc,
        memlimit=memlimit,
    )
    world.args = [program.name]
    rate = None if arrivals.rate is None else arrivals.rate.per_second
    load = Load(
        program=program.name,
        variant=variant,
        function=program.function,
        source=program.written_in,
        go=world.version.go,
        arrivals=arrivals.told,
        rate=rate,
        duration_ns=duration,
        limit=None if limit is None else limit.bytes,
        limit_by="container" if limit is None else limit.kind,
        memlimit=memlimit,
        seed=seed,
    )
    with interpreter(world, program, wall) as (complaints, alarm):
        service = _Service(world, load, arrivals, duration, limit, fold and arrivals.source is None)
        try:
            service.live(program, alarm.stop)
            alarm.stop()
            if complaints or world.complaints:
                raise [*complaints, *(world.complaints or ())][0]
            service.judge()
        finally:
            world.close()
            program.finish()
    return load


class _Service:
    """One process under load."""

    def __init__(
        self,
        world: World,
        load: Load,
        arrivals: Arrivals,
        duration: int,
        limit: Limit | None,
        fold: bool,
    ) -> None:
        self.world, self.load, self.arrivals = world, load, arrivals
        self.duration = duration
        self.limit = limit
        self.memory: Memory = world.memory_of()
        self.memory.heap.pages.most = None  # a load has the limit that it is given, and no other
        # Finely at first, for nobody knows how soon it ends; too many samples are thinned out.
        self.memory.sample_every(max(1, duration // _FINE))
        self.memory.attentive = True
        # Between two calls there is time to collect, so they follow closer on one another than in a
        # program at full speed; fitted to what real Go did (docs/load.md).
        self.memory.heap.pacer.pause = _PAUSE
        expected = arrivals.expected(duration)
        self.steady = None
        if fold and expected is not None and expected >= _WORTH:
            self.steady = Steady(self.memory)
        self.handler: Callable[[int], Any] = _unset
        self.initialise: Callable[[], Any] | None = None
        self.calls = 0
        self.start = 0
        self.base_goroutines = 0
        self.over = self.ready = False
        self.extra = 0.0  # goroutines that are on the books only
        self.next_look = 0
        self.bulk: Bulk | None = None

    # -- the life of the process -----------------------------------------------------------------

    def live(self, program: Served, quiet: Callable[[], None]) -> None:
        """Run the process to its end; `quiet` stops the alarm."""
        world, load = self.world, self.load
        self.handler, self.initialise, namespace = program.begin()
        load.function = program.function
        if program.variant:
            load.variant = program.variant
        world.globals.append(namespace)
        world.mute = True  # what ten thousand calls print is of no use
        main = world.main = G(1, self.main())
        world.allgs.add(main)
        world.ready(main)
        try:
            how = world.loop(world.max_steps)
        except (WallClock, KeyboardInterrupt) as error:
            quiet()
            how = "wall" if isinstance(error, WallClock) else "interrupt"
            world.g = None
        load.calls = self.calls
        load.simulated = load.simulated or self.calls
        if how == "main":
            return
        if world.panicked is main and self.ready and world.panic is not None:
            raise world.panic.__cause__ or world.panic  # our own loop, and not the program
        if not self.over:
            load.virtual_ns = max(load.virtual_ns, world.now - self.start if self.start else 0)
            load.ended = "limit" if how == "fatal" and self._out_of_memory() else how
            if how in ("panic", "fatal"):
                load.exit_code, load.stderr = 2, self._last_words(how)
            elif how == "exit":
                load.exit_code = world.exit_code
            self._freeze()

    def _out_of_memory(self) -> bool:
        return "out of memory" in (self.world.fatal_text or "") and self.limit is not None

    def _last_words(self, how: str) -> str:
        """Return what Go prints when it ends, down to the first goroutine."""
        world = self.world
        error = world.panic
        text = ""
        if how == "fatal":
            stated = None if error is None else error.__cause__
            report = getattr(stated, "report", None)
            text = (report() if report is not None else "") + f"fatal error: {world.fatal_text}\n"
        elif error is not None:
            text = print_panics(error, world.version) + "\n"
        g = world.panicked
        if g is not None and error is not None:
            text += "\n" + dump_one(g.id, "running", panic_frames(error), creation(g), g.parent)
        return text

    async def main(self) -> None:
        """Be the service: start a goroutine for each call, until the time is over."""
        world, memory = self.world, self.memory
        if self.initialise is not None:
            result = self.initialise()
            if hasattr(result, "__await__"):
                await result
        await memory.at_safe_point(self._begin)
        if self.arrivals.source is not None:
            await self._own()
        else:
            await self._steady_arrivals()
        await memory.at_safe_point(self._freeze)
        # Those in flight get time to end.
        begun, step = world.now, 1_000_000
        while True:
            await world.sleep(step)
            if world.now - begun >= _SETTLE:
                break
            if not world.runnable() and world.next_event() is None:
                break
            step = min(2 * step, _SETTLE - (world.now - begun))
        self.load.settled_ns = world.now - begun

    def _begin(self) -> None:
        """Write down what is there before the first call."""
        world, memory = self.world, self.memory
        self.ready = True
        self.start = world.started_at = world.now
        self.base_goroutines = len(world.allgs) - memory.of_runtime
        self.load.base = _figures(memory)
        memory.sample()
        rss = self.load.base["rss"]
        limit = self.limit
        if limit is None:
            return
        if limit.kind == "address":
            memory.heap.pages.most = address_pages(limit.bytes, world.version.go)
        elif limit.bytes <= rss:
            raise UsageError(
                f"a limit of {limit.bytes / 2**20:.3g} MiB is too small: before the first call the "
                f"process has {rss / 2**20:.3g} MiB"
            )

    async def _steady_arrivals(self) -> None:
        world, start, steady = self.world, self.start, self.steady
        instants = self.arrivals.instants(self.duration)
        every = max(1, self.duration // _SAMPLES)
        watched = self.limit is not None and self.limit.kind == "container"
        for at in instants:
            while (wait := start + at - world.now) > 0:
                await world.sleep(min(wait, every))
                if watched and wait > every and self._look():
                    return
            if watched and self.calls >= self.next_look and self._look():
                return
            world.spawn(self.handler(self.calls))
            self.calls += 1
            if steady is not None and not self.calls % WINDOW:
                if await self.memory.at_safe_point(lambda: steady.look(self.calls)):
                    # What has just been started is not begun: it runs first.
                    await self.memory.at_safe_point(lambda: self._on_the_books(instants))
                    return
        while (wait := start + self.duration - world.now) > 0:
            await world.sleep(min(wait, every))
            if watched and self._look():
                return
        self.load.virtual_ns = self.duration

    async def _own(self) -> None:
        """Let a simpy process of the user's decide when calls arrive."""
        world, env = self.world, self.world.env
        source = self.arrivals.source
        assert source is not None

        def call() -> None:
            if not self.over and world.now - self.start <= self.duration:
                world.spawn(self.handler(self.calls))
                self.calls += 1

        process = source(env, call)
        if not hasattr(process, "send"):
            raise UsageError(
                "arrivals=source: the function must be a simpy process, which yields events: "
                "`def source(env, call): yield env.timeout(1_000_000); call()`"
            )
        env.process(process)
        every = max(1, self.duration // _SAMPLES)
        while (left := self.start + self.duration - world.now) > 0:
            await world.sleep(min(every, left))
            if self.limit is not None and self.limit.kind == "container" and self._look():
                return
        self.load.virtual_ns = self.duration

    def _look(self) -> bool:
        """Look at what ``top`` shows; return whether that is the limit."""
        assert self.limit is not None
        memory, limit = self.memory, self.limit.bytes
        memory.sync()
        rss = memory.heap.rss
        if rss >= limit:
            self._killed(self.world.now - self.start)
            return True
        grown = max(1, rss - self.load.base["rss"]) / max(1, self.calls)
        left = int((limit - rss) / grown / 64)
        self.next_look = self.calls + max(1, min(left, self.calls // 10, 1_000))
        return False

    def _killed(self, at: int) -> None:
        """The kernel ends the process, `at` ns after its first call."""
        self.load.virtual_ns = at
        self.load.ended, self.load.exit_code = "limit", KILLED

    def _freeze(self) -> None:
        """What comes now happens after the load: it is not sampled."""
        if not self.over:
            self.over = True
            if self.bulk is None:
                self.memory.frozen = True
            else:
                self.memory._frozen = True  # the last sample is of the books

    # -- on the books ----------------------------------------------------------------------------

    def _on_the_books(self, instants: Iterator[int]) -> None:
        """Every call does the same: let the others come without running them."""
        world, memory, steady, load = self.world, self.memory, self.steady, self.load
        assert steady is not None and steady.each is not None
        memory.finish()
        each, heap, stacks = steady.each, memory.heap, memory.stacks
        load.simulated = self.calls
        load.folded = (
            "exactly the same" if steady.exact else "the same but for 1 %"
        ) + f" in 3 × {WINDOW} calls"
        self.bulk = bulk = Bulk(heap, stacks, memory.descriptors, each, steady.marked)
        now = world.now
        heap.clock = lambda: now
        alive = len(world.allgs) - memory.of_runtime
        alive_stacks = stacks.alive
        places = alive + len(world.free_slots) + len(world.more_free_slots)
        timers = len(world.env._queue) - world.tombstones
        first, samples, cycles = self.calls, memory.samples, memory.cycles
        every = max(1, self.duration // _SAMPLES)
        watched = self.limit is not None and self.limit.kind == "container"
        limit = self.limit.bytes if self.limit is not None else 0
        per_call = each.allocated + sum(size * n for size, n in each.stacks.items())

        def batch_size() -> int:
            """Return how many calls may go unseen: few near a collection, or near the limit."""
            room = 8 << 10 if load.memlimit is not None else max(_BATCH_BYTES, heap.goal >> 6)
            if watched:
                room = min(room, (limit - heap.rss) // 8)
            return max(1, min(_BATCH, int(room / max(1.0, per_call))))

        def collect(kind: str) -> None:
            before = heap.live
            bulk.collect()
            cycles.append(Cycle(now - self.start, kind, before, heap.live, heap.goal))
            if now - self.start - samples[-1].at >= every // 4:
                sample()

        def sample() -> None:
            samples.append(heap.sample(now - self.start, alive + int(self.extra)))

        while batch := list(islice(instants, batch_size())):
            now = self.start + batch[-1]
            heap.advance(now)
            while (due := heap.force_due) is not None and due <= now:
                collect("forced")
            self.calls += len(batch)
            self.extra = (self.calls - first) * each.goroutines
            bulk.calls(len(batch), places + int(self.extra), timers)
            heap.follow_limit()
            if bulk.due:
                collect("limit" if heap.pacer.limited else "heap")
            if now - self.start - samples[-1].at >= every:
                sample()
            if watched and heap.rss >= limit:
                sample()
                self._killed(now - self.start)
                break
        else:
            now = self.start + self.duration
            heap.advance(now)
            load.virtual_ns = self.duration
            sample()
        memory.absent = stacks.alive - alive_stacks
        bulk.end()

    # -- afterwards ------------------------------------------------------------------------------

    def judge(self) -> None:
        """Say what the calls have left behind."""
        world, memory, load = self.world, self.memory, self.load
        load.record.samples = memory.samples
        load.record.cycles = memory.cycles
        load.record.moment = "the load ends"
        if not load.base:
            load.base = _figures(memory)
        for _ in range(2):
            if self.bulk is not None:
                self.bulk.collect()
            memory.collect("runtime.GC")
        after = load.after = _figures(memory)
        load.record.stats = load.record.stats_after_gc = after
        alive = [g for g in world.allgs if g is not world.main and g not in world.daemons]
        n = load.calls or 1
        gone = int(world.main not in world.allgs)
        exact = len(world.allgs) - memory.of_runtime + gone - self.base_goroutines
        load.goroutines = exact + int(self.extra)
        load.cost = Cost(
            (exact + self.extra) / n,
            (after["stack_inuse"] - load.base["stack_inuse"]) / n,
            (after["heap_alloc"] - load.base["heap_alloc"]) / n,
        )
        load.asleep = sum(g.wait_reason == "sleep" for g in alive)
        load.left = self._left(sorted(alive, key=_by_id))
        memory.samples = []

    def _left(self, alive: list[G]) -> list[Left]:
        """Return what the goroutines that are left wait for, the most frequent first."""
        world = self.world
        looked_at = alive[-_LOOKED_AT:]
        if not looked_at:
            return []
        roots = [
            value
            for namespace in program_namespaces(world.globals)
            for value in module_roots(namespace).values()
        ]
        for item in world.env._queue:
            event: Any = item[3]
            timer = getattr(event, "timer", None)
            if timer is not None:
                roots.append(timer)
        lost = {id(g) for g in mark(looked_at, roots, runnable=world.runnable()).leaked}
        scale = (len(alive) + self.extra) / len(looked_at)
        kinds: dict[tuple[Any, ...], list[Any]] = {}
        names: dict[tuple[Any, ...], tuple[str, str]] = {}
        for g in looked_at:
            key = _place(g)
            if key not in names:
                stack = frames(g)
                top = stack[0] if stack else None
                names[key] = (
                    (library_function(world, g), "")  # all of its stack is in the library
                    if top is None
                    else (top.function, f"{top.file}:{top.line}")
                )
            function, at = names[key]
            count = kinds.setdefault((function, g.wait_reason, at), [0, True])
            count[0] += 1
            count[1] = count[1] and id(g) in lost
        found = [
            Left(round(count * scale), function, reason or "runnable", at, proof)
            for (function, reason, at), (count, proof) in kinds.items()
        ]
        return sorted(found, key=lambda left: (-left.count, left.at, left.wait_reason))


def _place(g: G) -> tuple[Any, ...]:
    """Return what tells stacks apart: code and instruction of each frame."""
    places: list[Any] = []
    awaitable: Any = g.coro
    while awaitable is not None and len(places) < 40:
        for prefix, inner in (("cr", "cr_await"), ("gi", "gi_yieldfrom")):
            code = getattr(awaitable, f"{prefix}_code", None)
            if code is not None:
                frame = getattr(awaitable, f"{prefix}_frame")
                places.append((code, -1 if frame is None else frame.f_lasti))
                awaitable = getattr(awaitable, inner)
                break
        else:
            break
    return tuple(places)


def _figures(memory: Memory) -> dict[str, int]:
    """Return ``MemStats`` as plain numbers."""
    stats = memory.read()
    return {name: getattr(stats, name) for name in _FIGURES}


_FIGURES: Final = (
    "heap_alloc",
    "heap_inuse",
    "heap_objects",
    "stack_inuse",
    "sys",
    "total_alloc",
    "mallocs",
    "next_gc",
    "num_gc",
    "rss",
)


def _by_id(g: G) -> int:
    return g.id


def _unset(number: int) -> Any:
    raise NotImplementedError
