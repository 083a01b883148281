"""Package context: every row of ``go/context_rows.go`` told again, laws of the tree, and dumps."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from bare import Ended, run
from hypothesis import given, settings
from hypothesis import strategies as st
from record_context_rows import RECORD, real

import gosim as gs
from gosim import chan, default, defers, go, recv, select
from gosim.oracle.toolchain import Toolchain
from gosim.runtime.chan import NilChan
from gosim.runtime.observer import Observer
from gosim.runtime.panic import Panic
from gosim.runtime.policy import Fifo, Random
from gosim.std import context, errors, fmt, time
from gosim.std.runtime import num_goroutine
from tests.facts import Programs

ms = time.Millisecond
bg = context.background()
rows = Programs()


def text(value: Any) -> str:
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def say(*values: Any) -> None:
    print(*map(text, values))


async def ended(ctx: Any) -> bool:
    i, _, _ = await select(recv(ctx.done()), default)
    return i == 0


def is_nil(ch: Any) -> bool:
    return isinstance(ch, NilChan)


def panics(f: Callable[[], Any]) -> None:
    try:
        f()
    except Panic as panic:
        say("panic:", panic.value)


class Custom:
    """A context of somebody else's."""

    __go_type__ = "*main.custom"

    def __init__(self) -> None:
        self.channel = chan()
        self.error: Any = None

    def deadline(self) -> Any:
        return time.Time(), False

    def done(self) -> Any:
        return self.channel

    def err(self) -> Any:
        return self.error

    def value(self, key: Any) -> Any:
        return None


class Wrapper:
    """One that wraps another and adds nothing."""

    __go_type__ = "main.wrapper"

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __getattr__(self, name: str) -> Any:
        if name == "string":
            raise AttributeError(name)
        return getattr(self.inner, name)


class Masked(Wrapper):
    """One that wraps another and has a channel of its own."""

    def __init__(self, inner: Any) -> None:
        super().__init__(inner)
        self.channel = chan()

    def done(self) -> Any:
        return self.channel


class Caller(Custom):
    """One that calls back."""

    def __init__(self) -> None:
        super().__init__()
        self.f: Any = None
        self.stopped = 0

    def after_func(self, f: Any) -> Any:
        self.f = f

        async def stop() -> bool:
            self.stopped += 1
            return True

        return stop


@rows
async def texts() -> None:
    say(context.Canceled, context.DeadlineExceeded)
    say(hasattr(context.DeadlineExceeded, "timeout"), context.DeadlineExceeded.timeout())
    say(errors.is_(fmt.errorf("x: %w", context.Canceled), context.Canceled))


@rows
async def cancel_goes_down_and_not_up() -> None:
    a, cancel_a = context.with_cancel(bg)
    b, cancel_b = context.with_cancel(a)
    c, cancel_c = context.with_timeout(context.with_value(b, 1, 2), time.Hour)
    d, cancel_d = context.with_cancel(a)
    async with defers() as defer:
        defer(cancel_d)
        defer(cancel_c)
        say(a.err(), b.err(), c.err(), await ended(a), await ended(c))
        await cancel_b()
        e = [await ended(b), await ended(c), await ended(d)]
        say(a.err(), b.err(), c.err(), d.err(), *e)
        await cancel_a()
        say(a.err(), b.err(), c.err(), d.err(), await ended(a), await ended(d))


@rows
async def cancel_twice_keeps_the_first_cause() -> None:
    ctx, cancel = context.with_cancel_cause(bg)
    say(context.cause(ctx))
    await cancel(errors.new("first"))
    await cancel(errors.new("second"))
    say(ctx.err(), context.cause(ctx))
    ctx, cancel = context.with_cancel_cause(bg)
    await cancel(None)
    say(ctx.err(), context.cause(ctx))


@rows
async def cause_of_a_child_is_the_parents() -> None:
    a, cancel_a = context.with_cancel_cause(bg)
    b, cancel_b = context.with_cancel_cause(a)
    c, cancel_c = context.with_cancel_cause(b)
    await cancel_c(errors.new("own"))
    await cancel_a(errors.new("parent"))
    await cancel_b(errors.new("late"))
    say(context.cause(a), context.cause(b), context.cause(c))
    d, cancel_d = context.with_timeout(a, time.Hour)
    say(d.err(), context.cause(d))
    await cancel_d()


@rows
async def timeout() -> None:
    start = time.now()
    ctx, cancel = context.with_timeout_cause(bg, 20 * ms, errors.new("too slow"))
    at, ok = ctx.deadline()
    say(at.sub(start), ok, ctx.err())
    await ctx.done().recv()
    say(time.since(start), ctx.err(), context.cause(ctx))
    await cancel()
    ctx, cancel = context.with_timeout_cause(bg, time.Hour, errors.new("too slow"))
    await cancel()
    say(ctx.err(), context.cause(ctx))


@rows
async def the_earlier_deadline_wins() -> None:
    start = time.now()
    a, cancel_a = context.with_timeout(bg, 20 * ms)
    b, cancel_b = context.with_timeout(a, time.Hour)
    c, cancel_c = context.with_timeout(b, 10 * ms)
    for ctx in (a, b, c):
        at, ok = ctx.deadline()
        say(at.sub(start), ok)
    await c.done().recv()
    say(a.err(), b.err(), c.err())
    await b.done().recv()
    say(a.err(), b.err(), c.err(), context.cause(b))
    for cancel in (cancel_a, cancel_b, cancel_c):
        await cancel()


@rows
async def a_deadline_in_the_past() -> None:
    ctx, cancel = context.with_deadline_cause(bg, time.unix(0, 0), errors.new("history"))
    say(ctx.err(), context.cause(ctx), await ended(ctx))
    await cancel()
    say(ctx.err(), context.cause(ctx))
    a, cancel_a = context.with_cancel(bg)
    b, cancel_b = context.with_timeout(a, -1)
    await cancel_b()
    say(a.err(), b.err())
    await cancel_a()
    say(a.err(), b.err())


@rows
async def values() -> None:
    class Key(int):
        pass

    a = context.with_value(bg, "k", "a")
    b = context.with_value(a, Key(1), "b")
    c, cancel = context.with_cancel(context.with_value(b, "k", None))
    say(a.value("k"), b.value("k"), c.value("k"), c.value(Key(1)), c.value(1))
    say(bg.value("k"), is_nil(a.done()), a.err())
    say(context.with_value(c, 1, 1).done() is c.done(), c.done() is c.done())
    await cancel()


@rows
async def without_cancel() -> None:
    a, cancel = context.with_timeout(context.with_value(bg, 1, "one"), time.Hour)
    b = context.without_cancel(a)
    c, cancel_c = context.with_cancel(b)
    await cancel()
    _, ok = b.deadline()
    say(a.err(), b.err(), c.err(), ok, is_nil(b.done()), b.value(1), context.cause(b))
    await cancel_c()
    say(c.err())


@rows
async def after_func() -> None:
    ctx, cancel = context.with_cancel(bg)
    context.after_func(ctx, lambda: say("after", ctx.err()))
    stop = context.after_func(ctx, lambda: say("never"))
    say(await stop(), await stop(), num_goroutine())
    await cancel()
    say("canceled", num_goroutine())
    await time.sleep(ms)
    stop = context.after_func(ctx, lambda: say("at once"))
    say(await stop(), num_goroutine())
    await time.sleep(ms)
    say(num_goroutine())


@rows
async def after_func_of_a_timeout() -> None:
    ctx, cancel = context.with_timeout(bg, 10 * ms)
    done = chan(bool)

    async def f() -> None:
        say(ctx.err())
        await done.close()

    context.after_func(ctx, f)
    await done.recv()
    await cancel()


@rows
async def a_custom_parent_costs_a_goroutine() -> None:
    parent = Custom()
    a, cancel_a = context.with_cancel(parent)
    b, cancel_b = context.with_timeout(a, time.Hour)
    say(num_goroutine())
    await time.sleep(ms)
    await cancel_a()
    await time.sleep(ms)
    say(num_goroutine(), a.err(), b.err())
    c, _ = context.with_cancel(parent)
    say(num_goroutine())
    parent.error = errors.new("gone")
    await parent.channel.close()
    await time.sleep(ms)
    say(num_goroutine(), c.err(), context.cause(c))
    d, _ = context.with_cancel(parent)
    say(num_goroutine(), d.err())
    await cancel_b()


@rows
async def a_wrapper_costs_none() -> None:
    a, cancel_a = context.with_cancel_cause(bg)
    b, _ = context.with_cancel(Wrapper(context.with_value(Wrapper(a), 1, 2)))
    c, cancel_c = context.with_cancel(Masked(a))
    say(num_goroutine())
    await cancel_a(errors.new("why"))
    say(b.err(), context.cause(b), c.err())
    await cancel_c()
    await time.sleep(ms)
    say(num_goroutine(), c.err())


@rows
async def a_parent_that_calls_back() -> None:
    parent = Caller()
    a, cancel_a = context.with_cancel(parent)
    say(num_goroutine(), a.err())
    await cancel_a()
    say(parent.stopped, a.err())
    b, cancel_b = context.with_timeout(parent, time.Hour)
    parent.error = errors.new("gone")
    await parent.f()
    say(parent.stopped, b.err(), context.cause(b), a.err())
    await cancel_b()
    say(parent.stopped)


@rows
async def misuse() -> None:
    nobody: Any = None
    panics(lambda: context.with_cancel(nobody))
    panics(lambda: context.with_timeout(nobody, 1))
    panics(lambda: context.without_cancel(nobody))
    panics(lambda: context.with_value(nobody, 1, 2))
    panics(lambda: context.with_value(bg, None, 2))
    panics(lambda: context.with_value(bg, [], 2))


@rows
async def who_wakes_first() -> None:
    a, cancel = context.with_cancel(bg)
    b, _ = context.with_cancel(a)

    async def at_a(i: int) -> None:
        await a.done().recv()
        say("a", i, b.err())

    async def at_b(i: int) -> None:
        await b.done().recv()
        say("b", i)

    for i in range(3):
        go(at_a, i)
        go(at_b, i)
    await time.sleep(20 * ms)
    await cancel()
    await time.sleep(20 * ms)


@rows
async def polling() -> None:
    ctx, cancel = context.with_timeout(bg, 10 * ms)
    while ctx.err() is None:
        await gs.gosched()
    say(ctx.err())
    await cancel()


@rows
async def names() -> None:
    class Key2(str):
        __go_type__ = "main.key2"

        def string(self) -> str:
            return f"<{self!s}>"

    a, _ = context.with_cancel(context.todo())
    b, _ = context.with_cancel_cause(context.with_value(a, "user", "ann"))
    c = context.with_value(context.without_cancel(b), 1, 2)
    d, _ = context.with_deadline(a, time.now().add(time.Hour))
    e, _ = context.with_timeout(d, 2 * time.Hour)
    f, _ = context.with_cancel(Wrapper(bg))
    g, _ = context.with_cancel(Custom())
    say(bg, a, b)
    say(c)
    say(len(str(d)) > 60, fmt.sprint(e).endswith("]).WithCancel"))
    say(f, g, context.with_value(bg, Key2("k"), None))


RECORDED: dict[str, dict[str, str]] = json.loads(RECORD.read_text())


@pytest.mark.parametrize("version", sorted(RECORDED))
@pytest.mark.parametrize("name", sorted(rows))
def test_every_row_is_what_go_printed(name: str, version: str) -> None:
    told = run(rows[name], go=version)
    assert told.how == "main", told.panic or told.dump
    assert told.stdout == RECORDED[version][name]


def test_no_row_of_the_go_program_is_left_out() -> None:
    for recorded in RECORDED.values():
        assert set(recorded) == set(rows)


@pytest.mark.parametrize("name", sorted(rows))
def test_observers_change_nothing(name: str) -> None:
    assert run(rows[name], observers=[Observer()]).stdout == RECORDED["1.27"][name]


@pytest.mark.parametrize("name", sorted(set(rows) - {"who_wakes_first"}))
def test_other_schedulers_change_only_the_order(name: str) -> None:
    for policy in (Fifo(), Random(1), Random(2)):
        told = run(rows[name], policy=policy)
        assert told.how == "main", told.panic or told.dump
        assert sorted(told.lines) == sorted(RECORDED["1.27"][name].splitlines())


@pytest.mark.go
@pytest.mark.parametrize("version", sorted(RECORDED))
def test_real_go_still_prints_what_was_recorded(
    version: str, go_version: Callable[[str], Toolchain]
) -> None:
    toolchain = go_version(version)
    for _ in range(3):  # the order of waking slips when the machine is busy
        now = real(toolchain)
        if now == RECORDED[version]:
            return
    assert now == RECORDED[version]


# ----------------------------------------------------------------------------- dumps and reasons


async def _left_behind() -> None:
    parent = Custom()
    context.with_cancel(parent)

    async def wait() -> None:
        await select()

    time.after_func(ms, wait)
    c, cancel = context.with_cancel(bg)
    context.after_func(c, wait)
    await cancel()
    d, _ = context.with_timeout(bg, ms)
    context.after_func(d, wait)
    await time.sleep(10 * ms)
    await bg.done().recv()


def shape(dump: str) -> list[str]:
    """The lines of a dump that name goroutines and functions, without arguments."""
    return [
        line.split("(...)")[0].removesuffix("()") for line in dump.splitlines() if line[:1] > " "
    ]


def test_a_dump_names_the_functions_of_the_library_as_go_does() -> None:
    """Written after the dump of the same program under Go 1.27.3 (ids and names are its)."""
    main = "main._left_behind"
    assert shape(run(_left_behind).dump) == [
        "goroutine 1 [chan receive (nil chan)]:",
        main,
        "goroutine 7 [select]:",
        "context.(*cancelCtx).propagateCancel.func2",
        "created by context.(*cancelCtx).propagateCancel in goroutine 1",
        "goroutine 8 [select (no cases)]:",
        f"{main}.wait",
        "created by context.(*afterFuncCtx).cancel.func1 in goroutine 1",
        "goroutine 9 [select (no cases)]:",
        f"{main}.wait",
        "created by time.goFunc",
        "goroutine 11 [select (no cases)]:",
        f"{main}.wait",
        "created by context.(*afterFuncCtx).cancel.func1 in goroutine 10",
    ]


def test_a_timeout_that_is_cancelled_leaves_no_timer() -> None:
    async def main() -> None:
        for _ in range(300):
            _, cancel = context.with_timeout(bg, time.Hour)
            await cancel()
        await chan(int).recv()

    told = run(main)
    assert (told.how, told.ns) == ("idle", 0)


def test_a_child_that_is_cancelled_leaves_its_parent() -> None:
    async def main() -> None:
        parent, _ = context.with_cancel(bg)
        for d in (1, time.Hour, time.Hour):
            _, cancel = context.with_timeout(parent, d)
            context.after_func(parent, lambda: None)
            if d > 1:
                await cancel()
        stop = context.after_func(parent, lambda: None)
        await stop()
        await time.sleep(5)
        children: Any = parent.children  # type: ignore[attr-defined]
        print(len(children))

    assert run(main).stdout == "3\n"


def test_the_done_channel_is_made_when_it_is_asked_for() -> None:
    async def main() -> None:
        ctx, cancel = context.with_cancel(bg)
        print(ctx.channel)  # type: ignore[attr-defined]
        await cancel()
        print(ctx.channel, await ctx.done().recv_ok())  # type: ignore[attr-defined]

    assert run(main).stdout == "None\nNone (None, False)\n"


# --------------------------------------------------------------------------------------- wrong use


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: context.with_cancel(3), "the parent must be a context"),  # type: ignore[arg-type]
        (lambda: context.with_timeout(bg, 0.5), "whole nanoseconds"),  # type: ignore[arg-type]
        (lambda: context.with_deadline(bg, 5), "t is a time.Time"),  # type: ignore[arg-type]
        (lambda: context.after_func(bg, 5), "takes the function"),  # type: ignore[arg-type]
    ],
)
def test_wrong_arguments_are_refused_at_their_line(call: Callable[[], Any], words: str) -> None:
    async def main() -> None:
        call()

    with pytest.raises(gs.UsageError, match=words) as caught:
        run(main)
    assert caught.value.file == __file__
    assert caught.value.line == call.__code__.co_firstlineno


def test_outside_a_run_there_are_no_contexts_to_cancel() -> None:
    with pytest.raises(gs.UsageError, match="no run is going on"):
        context.with_cancel(bg)
    assert str(context.background()) == "context.Background"


def test_a_cancel_that_nobody_awaits_is_reported() -> None:
    async def main() -> None:
        _, cancel = context.with_cancel(bg)
        cancel()

    with pytest.raises(gs.UsageError, match=r"cancel\(\.\.\.\) was called and never awaited"):
        gs.run(main)


# ----------------------------------------------------------------------------------- laws of trees

#: A tree: for each context the number of its parent (-1: background) and how it is made.
trees = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["cancel", "value", "timeout", "without"])),
    min_size=1,
    max_size=12,
)


def _parents(tree: list[tuple[int, str]]) -> list[int]:
    return [number % (i + 1) - 1 for i, (number, _) in enumerate(tree)]


@settings(max_examples=80, deadline=None)
@given(trees, st.lists(st.integers(0, 11), max_size=6), st.integers(0, 3))
def test_exactly_what_is_below_a_cancelled_context_ends(
    tree: list[tuple[int, str]], cancelled: list[int], seed: int
) -> None:
    """A context has ended when it or an ancestor that can end was cancelled; nothing else has."""
    parents = _parents(tree)
    dead: set[int] = set()

    def is_dead(i: int) -> bool:
        while i >= 0:
            if i in dead:
                return True
            if tree[i][1] == "without":
                return False
            i = parents[i]
        return False

    async def main() -> None:
        made: list[Any] = []
        cancels: dict[int, Any] = {}
        woken: list[int] = []

        async def watch(i: int) -> None:
            await made[i].done().recv()
            woken.append(i)

        for i, (_, kind) in enumerate(tree):
            parent = made[parents[i]] if parents[i] >= 0 else bg
            if kind == "value":
                made.append(context.with_value(parent, i, i))
            elif kind == "without":
                made.append(context.without_cancel(parent))
            else:
                if kind == "cancel":
                    ctx, cancels[i] = context.with_cancel(parent)
                else:
                    ctx, cancels[i] = context.with_timeout(parent, time.Hour + i)
                made.append(ctx)
            if i % 2:
                go(watch, i)
        await time.sleep(1)
        for i in cancelled:
            if i in cancels:
                await cancels[i]()
                dead.add(i)
        await time.sleep(1)
        for i, ctx in enumerate(made):
            expected = context.Canceled if is_dead(i) else None
            assert ctx.err() is expected
            assert context.cause(ctx) is expected
            assert await ended(ctx) is is_dead(i)
            assert (i in woken) is (i % 2 == 1 and is_dead(i))

    told: Ended = run(main, policy=Random(seed) if seed else None)
    assert told.how == "main", (told.panic, told.dump)


@settings(max_examples=60, deadline=None)
@given(trees)
def test_a_context_below_timeouts_ends_at_the_earliest(tree: list[tuple[int, str]]) -> None:
    parents = _parents(tree)

    def due(i: int) -> int | None:
        if i < 0 or tree[i][1] == "without":
            return None
        above = due(parents[i])
        own = (i * 7) % 5 * 10 if tree[i][1] == "timeout" else None
        known = [d for d in (above, own) if d is not None]
        return min(known, default=None)

    async def main() -> None:
        made: list[Any] = []
        for i, (_, kind) in enumerate(tree):
            parent = made[parents[i]] if parents[i] >= 0 else bg
            if kind == "value":
                made.append(context.with_value(parent, i, i))
            elif kind == "without":
                made.append(context.without_cancel(parent))
            elif kind == "cancel":
                made.append(context.with_cancel(parent)[0])
            else:
                made.append(context.with_timeout(parent, (i * 7) % 5 * 10)[0])
        start = time.now()
        await time.sleep(1)  # what is due at an instant happens while nobody runs
        for t in range(0, 60, 5):
            for i, ctx in enumerate(made):
                d = due(i)
                at, ok = ctx.deadline()
                assert (at.sub(start) if ok else None) == d
                expected = context.DeadlineExceeded if d is not None and d <= t else None
                assert ctx.err() is expected
            await time.sleep(5)

    told = run(main)
    assert told.how == "main", (told.panic, told.dump)
