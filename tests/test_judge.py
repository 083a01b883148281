"""Verdicts: permanent is never wrong, the others are what happened, and all of it is plain data."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gosim as gs
from gosim import chan, go, nil_chan, recv, select, send
from gosim.leaks import judge as judging
from gosim.leaks.judge import value_text
from gosim.leaks.run import DAY_NS, Run

MS, SECOND, HOUR = 1_000_000, 1_000_000_000, 3_600_000_000_000
sync, time, context = gs.sync, gs.time, gs.context


async def wait(ch: Any) -> None:
    await ch.recv()


async def tick_for_ever() -> None:
    ticker = time.new_ticker(HOUR)
    while True:
        await ticker.C.recv()


async def doze_for_ever() -> None:
    while True:
        await time.sleep(HOUR)


async def nap(ns: int) -> None:
    await time.sleep(ns)


async def send_after(ns: int, ch: Any) -> None:
    await time.sleep(ns)
    await ch.send(1)


async def busy() -> None:
    while True:
        await gs.runtime.gosched()


GLOBAL: Any = None


def verdicts(run: Run) -> list[tuple[str, str | None, str | None, bool]]:
    return [(g.function.rpartition(".")[2], g.leak, g.proof, g.in_profile) for g in run.goroutines]


# -- the five verdicts -----------------------------------------------------------------------------


def test_unreachable_is_proof_enough_while_others_run_on() -> None:
    async def main() -> None:
        go(wait, chan(int))
        go(doze_for_ever)

    assert verdicts(gs.run(main)) == [
        ("wait", "permanent", "unreachable", True),
        ("doze_for_ever", "endless", None, False),
    ]


def test_a_global_keeps_it_out_of_the_profile_but_when_nothing_runs_it_is_lost() -> None:
    async def main() -> None:
        global GLOBAL
        GLOBAL = chan(int)
        go(wait, GLOBAL)

    assert verdicts(gs.run(main)) == [("wait", "permanent", "quiescent", False)]


def test_a_global_and_somebody_who_runs_on_leave_it_unproven() -> None:
    async def main() -> None:
        global GLOBAL
        GLOBAL = chan(int)
        go(wait, GLOBAL)
        go(doze_for_ever)

    run = gs.run(main)
    assert verdicts(run)[0] == ("wait", "unproven", None, False)
    assert run.outcome == "leak"
    assert "the global variable GLOBAL" in run.leaks[0].explanation


def test_a_global_of_a_helper_module_counts_too(tmp_path: Path) -> None:
    (tmp_path / "helper_of_the_test.py").write_text("mailbox = None\n")
    (tmp_path / "p.py").write_text(
        "import gosim as gs\n"
        "import helper_of_the_test as helper\n"
        "async def wait(ch): await ch.recv()\n"
        "async def doze():\n"
        "    while True: await gs.time.sleep(gs.time.Hour)\n"
        "async def main():\n"
        "    helper.mailbox = gs.chan(int)\n"
        "    gs.go(wait, helper.mailbox)\n"
        "    gs.go(doze)\n"
    )
    run = gs.run(str(tmp_path / "p.py"))
    assert verdicts(run)[0] == ("wait", "unproven", None, False)
    assert "the global variable mailbox" in run.leaks[0].explanation


def test_who_could_wake_it_is_named_when_the_time_is_not_enough() -> None:
    async def main() -> None:
        ch = chan(int)
        go(wait, ch)
        go(send_after, 48 * HOUR, ch)

    run = gs.run(main)
    assert verdicts(run) == [
        ("wait", "unproven", None, False),
        ("send_after", "unproven", None, False),
    ]
    assert run.goroutines[0].waits[0].thing.reached_by == ("goroutine 8 (main.send_after)",)
    assert "goroutine 8 (main.send_after) can still get to the send" in run.leaks[0].explanation
    # It sleeps once, in no loop: nobody can say that it is endless.
    assert run.goroutines[1].wakes_at is not None


def test_the_time_is_enough() -> None:
    async def main() -> None:
        ch = chan(int)
        go(wait, ch)
        go(send_after, 2 * HOUR, ch)

    run = gs.run(main)
    assert run.goroutines == [] and run.outcome == "ok"
    ended = [(e.function, e.after_ns) for e in run.judgement.ended]
    assert ended == [("main.wait", 2 * HOUR), ("main.send_after", 2 * HOUR)]
    assert [leak.verdict for leak in run.judgement.temporary] == ["temporary", "temporary"]


@pytest.mark.parametrize("body", [tick_for_ever, doze_for_ever, busy])
def test_what_wakes_again_and_again_is_endless_and_no_leak(body: Any) -> None:
    async def main() -> None:
        go(body)

    run = gs.run(main)
    assert [g.leak for g in run.goroutines] == ["endless"]
    assert run.outcome == "ok"


def from_source(source: str, folder: Path) -> Run:
    file = folder / "program.py"
    file.write_text(
        "import gosim as gs\nfrom gosim import chan, go, recv, select\ntime = gs.time\n" + source
    )
    return gs.run(str(file))


ENDLESS_PAIRS = {
    "ticker": (
        "async def give(out):\n"
        "    async for _ in time.new_ticker(20 * time.Millisecond).C: await out.send(1)\n"
        "async def take(inp):\n"
        "    while True: await inp.recv()\n"
        "async def main():\n"
        "    line = chan(int)\n"
        "    go(give, line)\n"
        "    go(take, line)\n"
        "    await time.sleep(50 * time.Millisecond)\n"
    ),
    "a chain of three": (
        "async def give(out):\n"
        "    while True:\n"
        "        await time.sleep(time.Second)\n"
        "        await out.send(1)\n"
        "async def pass_on(inp, out):\n"
        "    async for v in inp: await out.send(v)\n"
        "async def take(inp):\n"
        "    while True: await select(recv(inp))\n"
        "async def main():\n"
        "    a, b = chan(int), chan(int)\n"
        "    go(take, b)\n"
        "    go(pass_on, a, b)\n"
        "    go(give, a)\n"
        "    await time.sleep(1)\n"
    ),
}


@pytest.mark.parametrize("name", ENDLESS_PAIRS)
def test_whom_somebody_endless_serves_again_and_again_is_endless_too(
    name: str, tmp_path: Path
) -> None:
    run = from_source(ENDLESS_PAIRS[name], tmp_path)
    assert {g.leak for g in run.goroutines} == {"endless"}
    assert run.outcome == "ok"
    assert "again and again" in " ".join(leak.explanation for leak in run.leaks)


def test_who_was_not_served_since_main_returned_is_unproven(tmp_path: Path) -> None:
    source = (
        "async def give(out):\n"
        "    i = 0\n"
        "    while True:\n"
        "        await time.sleep(time.Second)\n"
        "        if i > 10**9: await out.send(1)\n"
        "async def take(inp):\n"
        "    while True: await inp.recv()\n"
        "async def main():\n"
        "    line = chan(int)\n"
        "    go(give, line)\n"
        "    go(take, line)\n"
        "    await time.sleep(5)\n"
    )
    run = from_source(source, tmp_path)
    assert [g.leak for g in run.goroutines] == ["endless", "unproven"]


def test_one_long_sleep_is_not_endless() -> None:
    async def main() -> None:
        go(nap, 30 * HOUR)

    assert verdicts(gs.run(main)) == [("nap", "unproven", None, False)]


def test_a_loop_that_has_not_woken_since_main_returned_is_not_endless_yet() -> None:
    async def weekly() -> None:
        while True:
            await time.sleep(7 * 24 * HOUR)

    async def main() -> None:
        go(weekly)
        await time.sleep(1)

    assert [g.leak for g in gs.run(main).goroutines] == ["unproven"]


def test_when_everybody_is_asleep_main_is_judged_too() -> None:
    async def main() -> None:
        await chan(int).recv()

    run = gs.run(main)
    assert run.outcome == "deadlock"
    assert [(g.id, g.leak) for g in run.goroutines] == [(1, "permanent")]


def test_nil_channels_and_an_empty_select_are_lost_whatever_else_runs() -> None:
    async def on_nil(ch: Any) -> None:
        await select(recv(ch), send(ch, 1))

    async def nowhere() -> None:
        await select()

    async def main() -> None:
        go(on_nil, nil_chan(int))
        go(wait, nil_chan(int))
        go(nowhere)
        go(doze_for_ever)

    run = gs.run(main)
    assert [g.proof for g in run.goroutines] == ["unreachable"] * 3 + [None]
    assert [[w.thing.kind for w in g.waits] for g in run.goroutines] == [
        ["nil chan", "nil chan"],
        ["nil chan"],
        ["select"],
        ["sleep"],
    ]


# -- those that are meant to stay ------------------------------------------------------------------


@pytest.mark.parametrize("pattern", ["main.wait", "wait", "wai*", "main.*"])
def test_ignored_functions_have_no_verdict(pattern: str) -> None:
    async def main() -> None:
        go(wait, chan(int))

    run = gs.run(main, ignore=[pattern])
    assert run.outcome == "ok" and run.leaks == []
    assert [(g.leak, g.proof, g.ignored) for g in run.goroutines] == [(None, None, True)]


def test_daemons_have_no_verdict_and_others_of_their_function_do() -> None:
    async def main() -> None:
        go(wait, chan(int), daemon=True)
        go(wait, chan(int))

    run = gs.run(main)
    assert [g.leak for g in run.goroutines] == [None, "permanent"]
    assert [leak.count for leak in run.leaks] == [1]


# -- plain data ------------------------------------------------------------------------------------


async def a_bit_of_everything() -> None:
    mu, rw, wg = sync.Mutex(), sync.RWMutex(), sync.WaitGroup()
    once, cond = sync.Once(), sync.Cond(sync.Mutex())

    async def twice() -> None:
        await mu.lock()
        await mu.lock()

    async def reader() -> None:
        await rw.rlock()
        await time.sleep(2 * MS)
        await rw.rlock()

    async def writer() -> None:
        await time.sleep(MS)
        await rw.lock()

    async def group() -> None:
        await wg.add(1)
        await wg.wait()

    async def again() -> None:
        await once.do(again_inner)

    async def again_inner() -> None:
        await once.do(again_inner)

    async def bell() -> None:
        await cond.L.lock()
        await cond.wait()

    ticker = time.new_ticker(SECOND)
    await ticker.stop()
    ctx, _ = context.with_cancel(context.background())
    for body in (twice, reader, writer, group, again, bell, doze_for_ever, tick_for_ever):
        go(body)
    go(wait, ticker.C)
    go(wait, ctx.done())
    go(wait, nil_chan(int))
    ch = chan(int, 2)
    for _ in range(4):
        go(send_after, 0, ch)
    await time.sleep(SECOND)


def test_a_judgement_is_plain_data() -> None:
    run = gs.run(a_bit_of_everything)
    again = pickle.loads(pickle.dumps(run.judgement))
    assert again.goroutines == run.judgement.goroutines
    assert [leak.to_dict() for leak in again.leaks] == [leak.to_dict() for leak in run.leaks]


def test_the_json_has_the_fields_of_the_contract() -> None:
    run = gs.run(a_bit_of_everything)
    told = json.loads(json.dumps(run.to_dict()))
    fields = "id state wait_reason function created_by stack waits_for leak proof in_profile"
    for g in told["goroutines"]:
        assert list(g) == [*fields.split(), "retained_bytes"]
        assert set(g["created_by"]) == {"function", "goroutine", "file", "line"}
        for frame in g["stack"]:
            assert set(frame) == {"function", "file", "line"}
        for waits in g["waits_for"]:
            assert set(waits) == {"kind", "name", "cap", "len", "made_at"}
    fields = "kind count wait_reason at verdict explanation fix"
    for leak in told["leaks"]:
        assert set(fields.split()) <= set(leak)
    kinds = {w["kind"] for g in told["goroutines"] for w in g["waits_for"]}
    assert kinds == {
        *("chan", "nil chan", "mutex", "rwmutex", "waitgroup", "cond", "once", "timer", "sleep"),
    }


def test_every_wait_has_its_side_in_the_queue_of_the_thing() -> None:
    judgement = gs.run(a_bit_of_everything).judgement
    for g in judgement.goroutines:
        for w in g.waits:
            queue = {"send": w.thing.senders, "receive": w.thing.receivers}.get(w.op)
            if queue is not None:
                assert queue.count(g.id) == 1
            elif w.op not in ("sleep",):
                assert w.thing.waiters.count(g.id) == 1


def test_a_blocked_goroutine_costs_its_stack_its_descriptor_and_a_place_in_the_queue() -> None:
    async def main() -> None:
        go(wait, chan(int))
        go(wait, nil_chan(int))

    assert [g.retained_bytes for g in gs.run(main).goroutines] == [2048 + 480 + 112, 2048 + 480]
    assert gs.run(main, go="1.22").goroutines[0].retained_bytes == 2048 + 448 + 96


def test_goroutines_that_differ_in_nothing_but_their_id_are_judged_as_each_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def main() -> None:
        ch, mu = chan(int), sync.Mutex()
        await mu.lock()

        async def lock() -> None:
            await mu.lock()

        for _ in range(5):
            go(wait, ch)
            go(wait, chan(int))
            go(lock)
            go(doze_for_ever)
        go(wait, ch, daemon=True)

    quick = gs.run(main)
    monkeypatch.setattr(judging._Court, "_like_another", lambda self, g: None)
    slow = gs.run(main)
    assert quick.judgement.goroutines == slow.judgement.goroutines
    assert quick.judgement.things == slow.judgement.things


# -- permanent is never wrong ----------------------------------------------------------------------

CHANNELS, BODIES = 4, 5
operations = st.one_of(
    st.tuples(st.just("sleep"), st.sampled_from([1 * MS, HOUR, 3 * HOUR, 40 * HOUR])),
    st.tuples(st.sampled_from(["send", "recv", "close", "either"]), st.integers(0, CHANNELS - 1)),
    st.tuples(st.sampled_from(["lock", "unlock"]), st.integers(0, 1)),
)
bodies = st.lists(
    st.tuples(st.booleans(), st.lists(operations, min_size=1, max_size=4)),
    min_size=1,
    max_size=BODIES,
)


def program(plan: list[tuple[bool, list[tuple[str, int]]]], capacities: list[int]) -> Any:
    async def body(loops: bool, steps: list[tuple[str, int]], chans: Any, locks: Any) -> None:
        turns = 0
        while turns == 0 or (loops and turns < 50):
            turns += 1
            for what, n in steps:
                if what == "sleep":
                    await time.sleep(n)
                elif what == "send":
                    await chans[n].send(1)
                elif what == "recv":
                    await chans[n].recv()
                elif what == "either":
                    await select(recv(chans[n]), send(chans[(n + 1) % CHANNELS], 1))
                elif what == "close":
                    if not chans[n].closed:
                        await chans[n].close()
                elif what == "lock":
                    await locks[n].lock()
                elif locks[n].locked:
                    await locks[n].unlock()

    async def main() -> None:
        chans = [chan(int, cap) for cap in capacities]
        locks = [sync.Mutex(), sync.Mutex()]
        for loops, steps in plan:
            used = {n for what, n in steps if what not in ("sleep", "lock", "unlock")}
            used |= {(n + 1) % CHANNELS for what, n in steps if what == "either"}
            mine = {n: chans[n] for n in sorted(used)}
            taken = {n: locks[n] for what, n in steps if what in ("lock", "unlock")}
            go(body, loops, steps, mine, taken)

    return main


@settings(derandomize=True, deadline=None, max_examples=150)
@given(
    bodies,
    st.lists(st.integers(0, 2), min_size=CHANNELS, max_size=CHANNELS),
    st.sampled_from([1, 2 * MS, HOUR + 1, 5 * HOUR]),
)
def test_what_is_permanent_early_is_there_unmoved_at_the_end(
    plan: Any, capacities: list[int], until: int
) -> None:
    main = program(plan, capacities)
    early, late = gs.run(main, until=until), gs.run(main, until=DAY_NS)
    if "panic" in (early.outcome, late.outcome) or late.after_main.panic:
        return  # send on a closed channel: such a process is gone
    at_the_end = {g.id: g for g in late.goroutines}
    for g in early.goroutines:
        if g.leak == "permanent":
            assert g.id in at_the_end
            then = at_the_end[g.id]
            assert (g.stack, g.wait_reason) == (then.stack, then.wait_reason)
            assert then.leak == "permanent"
    for gone in late.judgement.ended:
        assert gone.id not in at_the_end


class Loud:
    """A value whose own code must not be called when it is only looked at."""

    def __repr__(self) -> str:
        raise AssertionError("the program's code ran")

    __str__ = __len__ = __bool__ = __eq__ = __repr__  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]


class LoudNumber(int):
    def __repr__(self) -> str:
        raise AssertionError("the program's code ran")

    __str__ = __format__ = __repr__  # type: ignore[assignment]


class LoudText(str):
    def __repr__(self) -> str:
        raise AssertionError("the program's code ran")

    __str__ = __len__ = __getitem__ = __repr__  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("value", "elem", "text"),
    [
        (42, int, "42"),
        (True, bool, "true"),
        (1.5, float, "1.5"),
        ("hi\n", str, '"hi\\n"'),
        ("Größe", str, '"Größe"'),
        ("a rather long text", str, '"a rather …"'),
        (10**60, int, "…"),
        (123456789012345, int, "12345678901…"),
        (None, "struct {}", "{}"),
        (None, dict, "nil"),
        ((), None, "{}"),
        ([1, 2], list, "list[2]"),
        (b"abc", bytes, "3 bytes"),
        (Loud(), None, "Loud"),
        (LoudNumber(7), None, "7"),
        (LoudText("shout"), None, '"shout"'),
    ],
    ids=lambda v: type(v).__name__,
)
def test_a_value_is_a_short_text_and_no_code_of_the_program_runs(
    value: Any, elem: Any, text: str
) -> None:
    assert value_text(value, elem) == text
