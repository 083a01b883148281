"""Explanations are computed from the run: rename and shift a program, and they follow.

Each program below is one way to leak.  What must be in its explanation and its fix are facts (the
other side, its line, what became of it), never a fixed sentence.
"""

from __future__ import annotations

import keyword
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gosim as gs
from gosim.leaks import explain, messages
from gosim.leaks.explain import duration
from gosim.leaks.graph import plain_graph, text_graph
from gosim.leaks.run import Run

HEAD = """\
import gosim as gs
from gosim import chan, go, nil_chan, select, recv, send, defers
sync, time, context = gs.sync, gs.time, gs.context
"""

# Names in braces are renamed by the property test; @1, @2 mark lines that the facts speak of.
PROGRAMS: dict[str, tuple[str, list[str], list[str]]] = {
    "one receive, many senders": (
        """
async def {f}(i, {x}):
    await {x}.send(i)  #@1

async def {g}():
    {x} = chan(int)  #@2
    for i in range(4):
        go({f}, i, {x})
    return await {x}.recv()  #@3

async def main():
    await {g}()
""",
        ["3 goroutines (main.{f})", "@1", "{x} (unbuffered, made at @2)", "main.{g}", "@3"],
        ["chan(T, 3)"],
    ),
    "a full buffer": (
        """
async def {f}({x}):
    await {x}.send(1)  #@1

async def main():
    {x} = chan(int, 2)  #@2
    for _ in range(5):
        go({f}, {x})
    await {x}.recv()  #@3
""",
        ["2 goroutines (main.{f})", "buffer of 2, full, made at @2", "main.main", "@3", "returned"],
        ["chan(T, 4)"],
    ),
    "a deferred done of a task that waits": (
        """
async def {f}({x}, {y}):
    async with defers() as on_exit:
        on_exit({y}.done)  #@1
        await {x}.send(1)  #@2

async def {g}():
    {x} = chan(int)
    {y} = sync.WaitGroup()
    await {y}.add(2)
    go({f}, {x}, {y})
    go({f}, {x}, {y})
    await {y}.wait()  #@3
    await {x}.recv()  #@4

async def main():
    go({g})
    await time.sleep(5)
""",
        [
            "main.{f} calls done only when it returns (deferred at @1)",
            "2 goroutines (main.{f}) wait at @2",
        ],
        ["let main.{f} return", "@2", "the done that was deferred at @1"],
    ),
    "a deferred close of a producer that waits": (
        """
async def {f}({x}):
    async for _ in {x}:  #@3
        pass

async def {g}({x}, {y}):
    async with defers() as on_exit:
        on_exit({x}.close)  #@1
        await {y}.recv()  #@2

async def main():
    {x}, {y} = chan(int), chan(int)
    go({f}, {x})
    go({g}, {x}, {y})
    await time.sleep(5)
""",
        ["main.{g} closes it only when it returns (deferred at @1)", "main.{g}) waits at @2"],
        ["let main.{g} return", "the close that was deferred at @1"],
    ),
    "the context cannot end": (
        """
async def {f}({x}):
    await {x}.done().recv()  #@1

async def main():
    go({f}, context.background())
    await time.sleep(5)
""",
        ["goroutine 7 (main.{f}) waits at @1 for the end of a context that cannot end"],
        ["pass a context that can be cancelled", "context.background"],
    ),
    "a read lock made a write lock": (
        """
async def {f}({x}):
    await {x}.rlock()  #@1
    await {x}.lock()  #@2

async def main():
    {x} = sync.RWMutex()
    go({f}, {x})
    await time.sleep(5)
""",
        ["waits at @2 to lock {x}", "the same goroutine has read-locked it at @1", "for itself"],
        ["runlock {x} (read-locked at @1) before the lock at @2"],
    ),
    "each sender has sent": (
        """
async def {f}({x}):
    await {x}.send(1)  #@1

async def {g}({x}):
    while True:
        await {x}.recv()  #@2

async def main():
    {x} = chan(int)
    go({g}, {x})
    go({f}, {x})
    await time.sleep(5)
""",
        ["main.{g}) waits at @2", "main.{f} sends on it at @1, and no goroutine is in it now"],
        ["end the loop: close the channel when the last value was sent"],
    ),
    "a group of which one is in no cycle": (
        """
async def {f}({x}, {y}):
    await {x}.lock()  #@1
    await time.sleep(5)
    await {y}.lock()  #@2

async def main():
    {x}, {y}, third_one = sync.Mutex(), sync.Mutex(), sync.Mutex()
    go({f}, third_one, {x})
    go({f}, {x}, {y})
    go({f}, {y}, {x})
    await time.sleep(50)
""",
        ["3 goroutines (main.{f}) wait at @2", "which goroutine 8 (main.{f}) has held since @1"],
        ["lock in one order everywhere: "],
    ),
    "tokens taken and not given back": (
        """
class Limit:
    def __init__(self, n):
        self.{x} = chan(None, n)  #@1

    async def acquire(self):
        await self.{x}.send(None)  #@2

    async def release(self):
        await self.{x}.recv()  #@3

async def {f}({y}, bad):
    await {y}.acquire()
    if bad:
        return
    await {y}.release()

async def main():
    {y} = Limit(1)
    go({f}, {y}, True)
    go({f}, {y}, True)
    await time.sleep(5)
""",
        ["main.{f}) waits at @2", "buffer of 1, full, made at @1", "release receives", "@3"],
        ["tokens of a semaphore", "more room would only defeat the limit"],
    ),
    "tokens taken out and not put back": (
        """
async def {f}({x}, bad):
    {y} = await {x}.recv()  #@1
    if bad:
        return
    await {x}.send({y})  #@2

async def main():
    {x} = chan(int, 1)
    await {x}.send(1)
    go({f}, {x}, True)
    go({f}, {x}, True)
    await time.sleep(5)
""",
        ["main.{f}) waits at @1", "the send at @2 comes only after it"],
        ["whoever takes a value out of {x} has to put one back on every path", "do not close it"],
    ),
    "a semaphore whose holder ended": (
        """
async def {f}({x}, bad):
    await {x}.acquire(context.background(), 1)  #@1
    if bad:
        return
    await {x}.release(1)

async def main():
    {x} = gs.semaphore.new_weighted(1)  #@2
    go({f}, {x}, True)
    go({f}, {x}, True)
    await time.sleep(5)
""",
        ["to acquire {x} (made at @2)", "(main.{f}) acquired it at @1 and ended without releasing"],
        ["release on every path"],
    ),
    "more than the semaphore has": (
        """
async def {f}({x}):
    await {x}.acquire(context.background(), 5)  #@1

async def main():
    {x} = gs.semaphore.new_weighted(3)  #@2
    go({f}, {x})
    await time.sleep(5)
""",
        ["waits at @1 to acquire 5 of {x} (made at @2), which has only 3"],
        ["ask for at most 3, or make {x} larger"],
    ),
    "another goroutine unlocks": (
        """
async def {f}({x}):
    await {x}.lock()  #@1

async def {g}({x}, {y}):
    await {y}.recv()  #@2
    await {x}.unlock()  #@3

async def main():
    {x}, {y} = sync.Mutex(), chan(int)
    await {x}.lock()
    go({g}, {x}, {y})
    go({f}, {x})
    await time.sleep(5)
""",
        ["waits at @1 to lock {x}", "main.{g}, which unlocks it at @3, does not get there", "@2"],
        ["let main.{g} get to the unlock at @3"],
    ),
    "an add too much": (
        """
async def {f}({x}):
    await {x}.wait()

async def main():
    {x}, {y} = sync.WaitGroup(), chan(int)

    async def {g}():
        await {y}.recv()  #@2

    await {x}.add(1)  #@1
    await {x}.go({g})
    go({f}, {x})
    await time.sleep(5)
""",
        ["whose counter is still 2", "that is 1 of 2, and nobody is left to call done"],
        ["see the add at @1"],
    ),
    "fewer signals than waiters": (
        """
async def {f}({x}, {y}):
    await {x}.L.lock()
    while not {y}:
        await {x}.wait()  #@1
    {y}.pop()
    await {x}.L.unlock()

async def main():
    {x}, {y} = sync.Cond(sync.Mutex()), []
    for _ in range(2):
        go({f}, {x}, {y})
    await time.sleep(5)
    {y}.append(1)
    await {x}.signal()  #@2
    await time.sleep(5)
""",
        ["waits at @1 to be woken through {x}", "signals it at @2"],
        ["signal once for each that waits"],
    ),
    "the limit of an errgroup": (
        """
async def main():
    {x} = gs.errgroup.Group()  #@1
    {x}.set_limit(1)
    {y} = chan(int)

    async def {f}():
        await {y}.recv()  #@2

    async def {g}():
        await {x}.go({f})
        await {x}.go({f})  #@3

    go({g})
    await time.sleep(5)
""",
        ["waits at @3 to start a task in {x} (made at @1), whose limit is reached", "@2"],
        ["raise the limit of {x}"],
    ),
    "a cancel function kept in a field": (
        """
class Server:
    def __init__(self):
        self.ctx, self.{x} = context.with_cancel(context.background())  #@1

    async def {f}(self):
        await self.ctx.done().recv()  #@2

    async def close(self):
        await self.{x}()  #@3

async def main():
    go(Server().{f})
    await time.sleep(5)
""",
        ["waits at @2", "Server.close cancels it at @3"],
        ["call `self.{x}` on every path on which the object that keeps it is no longer needed"],
    ),
    "a timer that fired": (
        """
async def {f}({x}):
    async for _ in {x}.C:  #@1
        pass

async def main():
    {x} = time.new_timer(1)
    go({f}, {x})
    await time.sleep(5)
""",
        ["@1", "the timer fires once, and that value is gone"],
        ["select between it and a done channel"],
    ),
    "a producer in a loop": (
        """
async def main():
    {x} = chan(int)

    async def {f}():
        while True:
            await {x}.send(1)  #@1

    go({f})
    await {x}.recv()  #@2
""",
        ["goroutine 7 (main.main.{f})", "@1", "main.main, which receives from it at @2"],
        ["in a loop", "ctx.done()"],
    ),
    "two sends where one is wanted": (
        """
async def {f}({x}, bad):
    if bad:
        await {x}.send("error")  #@1
    await {x}.send("done")  #@2

async def main():
    {x} = chan(str)
    go({f}, {x}, True)
    await {x}.recv()
""",
        ["main.{f}", "@2"],
        ["main.{f} sends at @1 and goes on to @2", "return after the first send"],
    ),
    "two sends that exclude each other": (
        """
async def {f}({x}, bad):
    if bad:
        await {x}.send("error")
    else:
        await {x}.send("done")  #@1

async def main():
    {x} = chan(str)
    go({f}, {x}, False)
    await time.sleep(1)
""",
        ["main.{f}", "@1", "nothing in the program receives"],
        ["chan(T, 1)"],
    ),
    "tokens that are not given back": (
        """
async def {f}({x}, i):
    await {x}.send(1)  #@1
    if i < 2:
        return
    await {x}.recv()  #@2

async def main():
    {x} = chan(int, 2)
    for i in range(5):
        go({f}, {x}, i)
        await time.sleep(1)
    await time.sleep(1)
""",
        ["main.{f}", "@1", "@2", "same goroutine"],
        ["{x} is full of tokens", "defer"],
    ),
    "receivers without a sender": (
        """
async def {f}({x}):
    await {x}.recv()  #@1

async def main():
    {x} = chan(int)
    for _ in range(3):
        go({f}, {x})
    await time.sleep(1)
""",
        ["3 goroutines (main.{f})", "nothing in the program sends on it or closes it"],
        ["{x}.close()"],
    ),
    "a range that is never closed": (
        """
async def {f}({x}):
    async for _ in {x}:  #@1
        pass

async def main():
    {x} = chan(int)
    go({f}, {x})
    await {x}.send(1)  #@2
""",
        ["ends only when it is closed", "nothing in the program closes it", "main.main", "@2"],
        ["close {x}", "await {x}.close()"],
    ),
    "a close that is not reached": (
        """
async def {f}({x}, {y}):
    async for _ in {x}:  #@1
        pass
    await {y}.done()  #@2

async def main():
    {x} = chan(int)
    {y} = sync.WaitGroup()
    await {y}.add(1)
    go({f}, {x}, {y})
    await {y}.wait()  #@3
    await {x}.close()  #@4
""",
        ["main.main, which closes it at @4, does not get there: main waits at @3"],
        ["close at @4"],
    ),
    "a stopped ticker": (
        """
async def {f}({x}):
    async for _ in {x}.C:  #@1
        pass

async def main():
    {x} = time.new_ticker(time.Second)
    go({f}, {x})
    await time.sleep(3 * time.Second)
    await {x}.stop()
""",
        ["main.{f}", "{x}.C", "the ticker is stopped", "does not close its channel"],
        ["done channel"],
    ),
    "a cancel that is never called": (
        """
async def {f}({x}):
    await {x}.done().recv()  #@1

async def main():
    {x}, {y} = context.with_cancel(context.background())  #@2
    go({f}, {x})
    await time.sleep(1)
""",
        ["{x}.done() (made at @2)", "nothing in the program cancels it"],
        ["defer({y})", "@2"],
    ),
    "a cancel that is thrown away": (
        """
async def {f}({x}):
    await {x}.done().recv()  #@1

async def main():
    {x}, _ = context.with_cancel(context.background())  #@2
    go({f}, {x})
    await time.sleep(1)
""",
        ["cancel function was thrown away"],
        ["second result", "@2"],
    ),
    "a cancel behind a return": (
        """
async def {g}({x}, {y}, ok):
    go({f}, {x})
    if not ok:
        return
    await {y}()  #@2

async def {f}({x}):
    await {x}.done().recv()  #@1

async def main():
    {x}, {y} = context.with_cancel(context.background())
    await {g}({x}, {y}, False)
    await time.sleep(1)
""",
        ["main.{g} cancels it at @2", "no goroutine is in it now"],
        ["defer({y})"],
    ),
    "nil": (
        """
async def {f}({x}):
    await {x}.send(1)  #@1

async def main():
    {x} = nil_chan(int)
    go({f}, {x})
    await time.sleep(1)
""",
        ["sends at @1 on {x}, which is nil"],
        ["{x} = chan(T)"],
    ),
    "a mutex that is never unlocked": (
        """
async def {f}({x}):
    await {x}.lock()  #@1

async def main():
    {x} = sync.Mutex()
    for _ in range(3):
        go({f}, {x})
    await time.sleep(1)
""",
        ["2 goroutines (main.{f})", "goroutine 9 (main.{f}) locked it at @1", "without unlocking"],
        ["defer({x}.unlock)", "@1"],
    ),
    "a mutex locked twice": (
        """
async def {f}({x}):
    async with {x}:  #@1
        await {g}({x})

async def {g}({x}):
    await {x}.lock()  #@2

async def main():
    {x} = sync.Mutex()
    go({f}, {x})
    await time.sleep(1)
""",
        ["waits at @2 to lock {x}", "same goroutine locked it at @1"],
        ["do not lock {x} while holding it"],
    ),
    "two locks in two orders": (
        """
async def {f}({x}, {y}):
    await {x}.lock()  #@1
    await time.sleep(time.Second)
    await {y}.lock()  #@2

async def {g}({x}, {y}):
    await {y}.lock()  #@3
    await time.sleep(time.Second)
    await {x}.lock()  #@4

async def main():
    {x}, {y} = sync.Mutex(), sync.Mutex()
    go({f}, {x}, {y})
    go({g}, {x}, {y})
    await time.sleep(time.Minute)
""",
        ["goroutine 8 (main.{g}) locked it at @3 and waits at @4 for {x}", "has held since @1"],
        ["one order everywhere: {x} before {y}"],
    ),
    "a lock held while waiting": (
        """
async def {f}({x}, {y}):
    await {x}.lock()  #@1
    await {y}.recv()  #@2
    await {x}.unlock()

async def {g}({x}):
    await {x}.lock()  #@3

async def main():
    {x} = sync.Mutex()
    {y} = chan(int)
    go({f}, {x}, {y})
    await time.sleep(1)
    go({g}, {x})
    await time.sleep(1)
""",
        [],
        ["unlock it before @2"],
    ),
    "a second read lock behind a writer": (
        """
async def {f}({x}):
    await {x}.rlock()  #@1
    await time.sleep(2 * time.Second)
    await {x}.rlock()  #@2

async def {g}({x}):
    await time.sleep(time.Second)
    await {x}.lock()  #@3

async def main():
    {x} = sync.RWMutex()
    go({f}, {x})
    go({g}, {x})
    await time.sleep(time.Minute)
""",
        ["read-locked it at @1", "goroutine 8 (main.{g}), waiting at @3 to write"],
        ["read-lock {x} once", "@1"],
    ),
    "a group that misses a done": (
        """
async def {f}({x}, i):
    if i == 1:
        return
    await {x}.done()  #@1

async def {g}({x}):
    await {x}.wait()  #@2

async def main():
    {x} = sync.WaitGroup()
    await {x}.add(3)
    for i in range(3):
        go({f}, {x}, i)
    go({g}, {x})
    await time.sleep(1)
""",
        ["counter is still 1", "main.{f} calls done at @1"],
        ["defer({x}.done)"],
    ),
    "a group without any done": (
        """
async def main():
    {x} = sync.WaitGroup()
    await {x}.add(2)
    await {x}.wait()  #@1
""",
        ["main waits at @1", "counter is still 2", "nothing in the program calls done"],
        ["{x}.go(f)"],
    ),
    "a signal nobody heard": (
        """
async def {f}({x}):
    await {x}.L.lock()
    await {x}.wait()  #@1

async def main():
    {x} = sync.Cond(sync.Mutex())
    await {x}.signal()  #@2
    go({f}, {x})
    await time.sleep(1)
""",
        ["main.main, which signals it at @2, has returned", "not kept"],
        ["while not ready", "{x}.wait()"],
    ),
    "one signal for many": (
        """
async def {f}({x}):
    await {x}.L.lock()
    await {x}.wait()  #@1

async def main():
    {x} = sync.Cond(sync.Mutex())
    for _ in range(4):
        go({f}, {x})
    await time.sleep(1)
    await {x}.signal()  #@2
""",
        ["3 goroutines", "@2"],
        ["{x}.broadcast()", "wake all that wait"],
    ),
    "a once inside itself": (
        """
async def main():
    {x} = sync.Once()

    async def {f}():
        await {x}.do({g})  #@1

    async def {g}():
        await {x}.do({g})

    go({f})
    await time.sleep(1)
""",
        ["the function given to it at @1 calls it again"],
        ["must not call `do` of the same Once"],
    ),
    "a weighted semaphore": (
        """
from gosim import semaphore

async def {f}({x}):
    await {x}.acquire(context.background(), 1)  #@1

async def main():
    {x} = semaphore.new_weighted(1)  #@2
    go({f}, {x})
    go({f}, {x})
    await time.sleep(1)
""",
        ["waits at @1 to acquire {x} (made at @2)", "(main.{f}) acquired it", "ended without"],
        ["defer({x}.release, n)"],
    ),
    "an answer asked for in the wrong order": (
        """
async def main():
    {x} = chan(int)
    await {x}.send(1)  #@1
    await {x}.recv()  #@2
""",
        ["main waits at @1", "the receive at @2 comes only after it, in the same goroutine"],
        ["receive in another goroutine"],
    ),
    "waiting before reading": (
        """
async def {f}({x}, {y}):
    await {x}.send(1)  #@1
    await {y}.done()  #@2

async def main():
    {x} = chan(int)
    {y} = sync.WaitGroup()
    for _ in range(2):
        await {y}.add(1)
        go({f}, {x}, {y})
    await {y}.wait()  #@3
    async for _ in {x}:  #@4
        pass
""",
        ["main.main, which receives from it at @4, does not get there: main waits at @3"],
        ["range loop at @4", "@3"],
    ),
    "two that wait for each other": (
        """
async def {f}({x}, {y}):
    await {x}.recv()  #@1
    await {y}.send(1)  #@2

async def main():
    left, right = chan(int), chan(int)
    go({f}, left, right)
    go({f}, right, left)
    await time.sleep(1)
""",
        ["take goroutine 7 and left", "goroutine 8 (main.{f}) waits at @1"],
        ["send at @2"],
    ),
    "methods and attributes": (
        """
class {C}:
    def __init__(self):
        self.{x} = chan(int)  #@1

    async def {f}(self):
        async for _ in self.{x}:  #@2
            pass

    async def {g}(self):
        await self.{x}.send(1)  #@3

async def main():
    p = {C}()
    go(p.{f})
    await p.{g}()
""",
        ["main.{C}.{f}", "@2", "self.{x}", "made at @1", "nothing in the program closes", "@3"],
        ["close self.{x}"],
    ),
}

NAMES = {"f": "work", "g": "lead", "x": "results", "y": "other", "C": "Pool"}
FILE = "leak.py"


def build(
    name: str, names: dict[str, str], shift: dict[int, int]
) -> tuple[str, list[str], list[str]]:
    """Return a program and its facts, with names and line numbers put in.

    `shift` inserts empty lines: line of the template -> how many before it.
    """
    template, why, fix = PROGRAMS[name]
    lines: list[str] = HEAD.splitlines()
    places: dict[str, int] = {}
    for number, line in enumerate(template.splitlines()):
        lines += [""] * shift.get(number, 0)
        code, _, mark = line.partition("  #@")
        lines.append(code.format(**names))
        if mark:
            places[f"@{mark}"] = len(lines)

    def fill(fact: str) -> str:
        fact = re.sub(r"@\d", lambda m: f"{FILE}:{places[m.group()]}", fact)
        return fact.format(**names)

    return "\n".join(lines) + "\n", [fill(f) for f in why], [fill(f) for f in fix]


def execute(source: str, folder: Path) -> Run:
    file = folder / FILE
    file.write_text(source)
    return gs.run(str(file))


def told(run: Run) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(leak.explanation, leak.fix, leak.notes) for leak in run.leaks]


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_explanation_names_the_other_side_and_the_fix_fits(name: str, tmp_path: Path) -> None:
    source, why, fix = build(name, NAMES, {})
    run = execute(source, tmp_path)
    assert run.outcome in ("leak", "deadlock")
    explanations = " | ".join(leak.explanation for leak in run.leaks)
    fixes = " | ".join(leak.fix for leak in run.leaks)
    for fact in why:
        assert fact in explanations
    for fact in fix:
        assert fact in fixes


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_is_one_sentence(name: str, tmp_path: Path) -> None:
    run = execute(build(name, NAMES, {})[0], tmp_path)
    for leak in run.leaks:
        assert leak.explanation.endswith(".")
        assert ". " not in leak.explanation and "\n" not in leak.explanation
        assert "{" not in leak.explanation + leak.fix


taken = {*NAMES.values(), "main", "left", "right", "go", "recv", "send", "chan", "sync", "time"}
identifiers = st.from_regex(r"[b-h][a-z]{2,9}", fullmatch=True).filter(
    lambda n: not keyword.iskeyword(n) and n not in taken and n not in dir(__builtins__)
)


@pytest.mark.parametrize("name", PROGRAMS)
def test_renamed_and_shifted_programs_get_the_same_sentences(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("renamed")
    plain = told(execute(build(name, NAMES, {})[0], folder))
    height = PROGRAMS[name][0].count("\n")

    @settings(derandomize=True, deadline=None, max_examples=6)
    @given(
        st.lists(identifiers, min_size=5, max_size=5, unique=True),
        st.dictionaries(st.integers(0, height), st.integers(1, 30), max_size=4),
    )
    def renamed(new: list[str], shift: dict[int, int]) -> None:
        names = dict(zip(NAMES, [*new[:4], new[4].title()], strict=True))
        source, _, _ = build(name, names, shift)
        moved = {}
        line = len(HEAD.splitlines())
        for number in range(height + 1):
            line += shift.get(number, 0) + 1
            moved[len(HEAD.splitlines()) + number + 1] = line

        def translate(text: str) -> str:
            text = re.sub(
                r"leak\.py:(\d+)", lambda m: f"leak.py:{moved.get(int(m[1]), int(m[1]))}", text
            )
            back = {old: names[key] for key, old in NAMES.items()}
            return re.sub(r"\b(" + "|".join(back) + r")\b", lambda m: back[m[1]], text)

        mine = told(execute(source, folder))
        assert [(e, f) for e, f, _ in mine] == [(translate(e), translate(f)) for e, f, _ in plain]

    renamed()


def test_a_repaired_program_has_nothing_to_explain(tmp_path: Path) -> None:
    source, _, _ = build("one receive, many senders", NAMES, {})
    run = execute(source.replace("chan(int)", "chan(int, 3)"), tmp_path)
    assert run.leaks == [] and run.outcome == "ok"


# Ways to hand a channel on that reading the text does not follow.
HANDED_ON = [
    "box = collections.deque(); box.appendleft(ch)",
    "box = {}; box.update(k=ch)",
    "box = {'k': ch}; go(later, list(box.values()))",
    "box = [ch]; go(later, box.copy())",
    "setattr(later, 'ch', ch)",
    "hand = functools.partial(later, ch)",
    "wait(*[ch]).close()",
    "box = [c for c in (ch, ch)]",
    "box = later((ch, 1))",
    "box = list(give(ch))",
    "print(*[ch])",
]


@pytest.mark.parametrize("line", HANDED_ON)
def test_what_cannot_be_followed_is_not_claimed(line: str, tmp_path: Path) -> None:
    source = HEAD + (
        "import collections, functools\n"
        "def later(x): pass\n"
        "def give(x): yield x\n"
        "async def wait(ch):\n"
        "    await ch.recv()\n"
        "async def main():\n"
        "    ch = chan(int)\n"
        f"    {line}\n"
        "    go(wait, ch)\n"
        "    await time.sleep(1)\n"
    )
    run = execute(source, tmp_path)
    (leak,) = run.leaks
    assert "nothing in the program" not in leak.explanation
    assert "nobody" not in leak.explanation
    assert "who sends on it or closes it cannot be told" in leak.explanation
    assert "nobody" not in text_graph(plain_graph(run.judgement))


# Ways that it does follow: the send in `far` is found through each of them.
FOLLOWED = [
    ("go(far, ch)", "await x.send(1)"),
    ("await far(x=ch)", "await x.send(1)"),
    ("y = z = ch; go(far, z)", "await x.send(1)"),
    ("go(far, ch.send_only())", "await x.send(1)"),
    ("go(far, [ch][0] if ch else ch)", "await x.send(1)"),
    ("chans = [ch]; go(far, chans[0])", "await x.send(1)"),
    ("chans = [ch]; go(far, chans)", "await x[0].send(1)"),
    ("chans = {'a': ch}; go(far, chans)", "await x['a'].send(1)"),
    ("chans = []; chans.append(ch); go(far, chans)", "await x[0].send(1)"),
    ("box = Box(); box.out = ch; go(far, box)", "await x.out.send(1)"),
    ("go(far, Cell(ch))", "await x.inside.send(1)"),
    ("for c in [ch]: go(far, c)", "await x.send(1)"),
    ("go(far, same(ch))", "await x.send(1)"),
    ("go(far, ch)", "await select(send(x, 1))"),
    ("go(far, ch)", "await inner(x)"),
]


@pytest.mark.parametrize(("hand", "use"), FOLLOWED)
def test_the_other_side_is_found_behind_calls_and_containers(
    hand: str, use: str, tmp_path: Path
) -> None:
    source = HEAD + (
        "import dataclasses\n"
        "class Box: pass\n"
        "@dataclasses.dataclass\n"
        "class Cell:\n"
        "    inside: object\n"
        "def same(v):\n"
        "    return v\n"
        "async def inner(i):\n"
        "    await i.send(1)\n"
        "async def far(x):\n"
        "    if False:\n"
        f"        {use}\n"
        "async def wait(ch):\n"
        "    await ch.recv()\n"
        "async def main():\n"
        "    ch = chan(int)\n"
        "    go(wait, ch)\n"
        f"    {hand}\n"
        "    await time.sleep(1)\n"
    ).replace("if False", "if len(HEAD) > 5").replace("class Box", "HEAD = ''\nclass Box")
    (leak,) = execute(source, tmp_path).leaks
    assert "nothing in the program" not in leak.explanation
    where = "main.inner sends on it" if "inner" in use else "main.far sends on it"
    assert where in leak.explanation


# What is read out of an attribute or a global container is not followed: nothing may be claimed.
@pytest.mark.parametrize(
    ("keep", "use"),
    [
        ("hub.subs.append(ch)", "for c in hub.subs[:0]: await c.close()"),
        ("hub.subs.append(ch)", "for c in hub.subs: await c.close()"),
        ("SUBS.append(ch)", "for c in SUBS[1:]: await c.close()"),
    ],
)
def test_containers_that_outlive_a_call_hide_the_other_side(
    keep: str, use: str, tmp_path: Path
) -> None:
    source = HEAD + (
        "SUBS = []\n"
        "class Hub:\n"
        "    def __init__(self): self.subs = []\n"
        "async def stop(hub):\n"
        f"    {use}\n"
        "async def wait(ch):\n"
        "    await ch.recv()\n"
        "async def main():\n"
        "    ch = chan(int)\n"
        "    go(wait, ch)\n"
        "    hub = Hub()\n"
        f"    {keep}\n"
        "    if len(SUBS) > 5: await stop(hub)\n"
        "    await time.sleep(1)\n"
    )
    (leak,) = execute(source, tmp_path).leaks
    assert "nothing in the program" not in leak.explanation
    assert "nobody" not in leak.explanation


def test_who_received_from_an_equal_channel_is_not_said_to_receive_from_this_one(
    tmp_path: Path,
) -> None:
    source = HEAD + (
        "def first(n):\n"
        "    out = chan(int)\n"
        "    async def run():\n"
        "        for i in range(n): await out.send(i)\n"
        "    go(run)\n"
        "    return out\n"
        "def square(inp):\n"
        "    out = chan(int)\n"
        "    async def run():\n"
        "        async for v in inp: await out.send(v * v)\n"
        "    go(run)\n"
        "    return out\n"
        "async def one():\n"
        "    last = square(square(first(5)))\n"
        "    await last.recv()\n"
        "async def main():\n"
        "    await one()\n"
        "    await time.sleep(5)\n"
    )
    leak = next(leak for leak in execute(source, tmp_path).leaks if leak.count == 2)
    assert "square.run, which receives from it" in leak.explanation
    assert "main.one" not in leak.explanation


def test_groups_are_those_of_pprof_and_the_largest_comes_first(tmp_path: Path) -> None:
    source = HEAD + (
        "async def a(ch):\n"
        "    await ch.recv()\n"
        "async def b(ch):\n"
        "    await ch.recv()\n"
        "async def main():\n"
        "    for i in range(5):\n"
        "        go(a if i % 3 else b, chan(int))\n"
        "    await time.sleep(1)\n"
    )
    leaks = execute(source, tmp_path).leaks
    assert [(leak.count, leak.function, leak.goroutines) for leak in leaks] == [
        (3, "main.a", (8, 9, 11)),
        (2, "main.b", (7, 10)),
    ]
    assert leaks[0].at == f"{tmp_path / FILE}:5"
    assert "a channel of its own each" in leaks[0].explanation


def test_what_go_promises_is_told_apart_from_what_go_happens_to_do(tmp_path: Path) -> None:
    run = execute(build("a mutex that is never unlocked", NAMES, {})[0], tmp_path)
    (leak,) = run.leaks
    assert [note.split(":")[0].split(" (")[0] for note in leak.notes] == [
        "Go promises",
        "Go happens to",
        "Go happens to",
    ]


def test_another_catalogue_is_another_language(tmp_path: Path) -> None:
    german = {
        "wait.send": "{who} will bei {at} an {thing} senden",
        "side.returned": "{function}, das es bei {at} könnte, ist zurückgekehrt",
        "who.many": "{count} Goroutinen ({function})",
    }
    messages.use(german)
    try:
        run = execute(build("one receive, many senders", NAMES, {})[0], tmp_path)
        (leak,) = run.leaks
        assert leak.explanation == (
            "3 Goroutinen (main.work) will bei leak.py:6 an results (unbuffered, made at "
            "leak.py:9) senden: main.lead, das es bei leak.py:12 könnte, ist zurückgekehrt."
        )
    finally:
        messages.use(None)
    with pytest.raises(KeyError):
        messages.use({"no.such.key": ""})


def sources() -> str:
    here = Path(explain.__file__).parent
    files = [f for f in here.glob("*.py") if f.name != "messages.py"]
    tellers = ("human.py", "representatives.py", "story.py")
    files += [here.parent / "explore" / name for name in tellers]
    return "".join(file.read_text() for file in sorted(files))


def test_every_template_that_is_asked_for_exists() -> None:
    asked = set(re.findall(r'say\(\s*"([a-z. ]+)"', sources()))
    assert len(asked) > 50
    assert sorted(asked - set(messages.ENGLISH)) == []


def test_every_template_is_asked_for_by_somebody() -> None:
    code = sources()
    whole = set(re.findall(r'"([a-z. ]+)"', code))
    parts = {re.sub(r"\{[^}]*\}", "*", text) for text in re.findall(r'f"([a-z.]+\{[^"]*)"', code)}
    patterns = [re.escape(part).replace(r"\*", ".*") for part in parts]
    unused = [
        key
        for key in {key.removesuffix("@go"): None for key in messages.ENGLISH}
        if key not in whole and not any(re.fullmatch(p, key) for p in patterns)
    ]
    assert unused == []


def test_all_code_in_templates_has_a_spelling_in_go() -> None:
    """And nothing is spelled that no template has; a sentence of its own for Go needs a twin."""
    plain = {k: t for k, t in messages.ENGLISH.items() if not k.endswith("@go")}
    own = {k.removesuffix("@go"): t for k, t in messages.ENGLISH.items() if k.endswith("@go")}
    assert own.keys() <= plain.keys()
    code = {c for k, t in plain.items() if k not in own for c in re.findall("`([^`]*)`", t)}
    assert sorted(code) == sorted(messages.GO_SPELLING)


PYTHON = re.compile(
    r"await |async |\.done\(\)|\bchan\(|\bgs\.|gosim\.|defer\(|\bdone\b(?! channel)|None|recv|"
    r"\.[a-z]+_[a-z]|\.(un)?lock\b|daemon"
)


def test_no_template_speaks_python_about_a_program_in_go() -> None:
    assert PYTHON.search("`await {close}()`") and PYTHON.search("calls done")
    for key in messages.ENGLISH:
        with messages.about("go"):
            assert not PYTHON.search(messages._template(key.removesuffix("@go"))), key


def test_go_is_spelled_in_another_catalogue_too() -> None:
    messages.use({"fix.nil.noname": "erst `chan(T)`", "does.done@go": "ruft Done"})
    try:
        assert messages.say("fix.nil.noname") == "erst `chan(T)`"
        assert messages.say("does.done") == "calls done"
        with messages.about("go"):
            assert messages.say("fix.nil.noname") == "erst `make(chan T)`"
            assert messages.say("does.done") == "ruft Done"
    finally:
        messages.use(None)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_graph_of_every_program_can_be_told(name: str, tmp_path: Path) -> None:
    run = execute(build(name, NAMES, {})[0], tmp_path)
    text = text_graph(plain_graph(run.judgement, folded=True))
    for leak in run.leaks:
        assert leak.function in text and leak.wait_reason in text


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (0, "0ns"),
        (999, "999ns"),
        (1500, "1.5µs"),
        (2_000_000, "2ms"),
        (1_500_000_000, "1.5s"),
        (60_000_000_000, "1m"),
        (3_661_000_000_000, "1h1m1s"),
        (86_400_000_000_000, "24h"),
    ],
)
def test_durations_read_like_go_without_the_zeros(ns: int, text: Any) -> None:
    assert duration(ns) == text


def test_nobody_is_left_out_of_the_profile_because_he_reaches_himself() -> None:
    scenario = Path(__file__).resolve().parent.parent / "scenarios/production/unclosed-body"
    for file in ("leak.py", "leak.go"):
        reading = gs.run(str(scenario / file)).leaks[0]
        told = [note for note in reading.to_dict()["notes"] if "does not list it" in note]
        assert len(told) == 1 and "net/http.DefaultTransport still reaches" in told[0]
