"""The wait-for graph: nodes, edges, cycles and what folding keeps."""

from __future__ import annotations

from typing import Any

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gosim as gs
from gosim import chan, go
from gosim.leaks.graph import fold, merge_things, plain_graph, text_graph

MS, SECOND = 1_000_000, 1_000_000_000
sync, time = gs.sync, gs.time


def edges(graph: Any, kind: str) -> list[tuple[str, str]]:
    return [(a, b) for a, b, d in graph.edges(data=True) if d["kind"] == kind]


async def crossed() -> None:
    left, right = sync.Mutex(), sync.Mutex()

    async def one() -> None:
        await left.lock()
        await time.sleep(MS)
        await right.lock()

    async def two() -> None:
        await right.lock()
        await time.sleep(MS)
        await left.lock()

    go(one)
    go(two)
    await time.sleep(SECOND)


async def senders() -> None:
    results = chan(int)

    async def send(i: int) -> None:
        await results.send(i)

    for i in range(10):
        go(send, i)
    await results.recv()


def test_two_locks_in_two_orders_are_a_cycle() -> None:
    graph = gs.run(crossed).graph()
    assert isinstance(graph, networkx.MultiDiGraph)
    assert graph.graph["cycles"] == [["goroutine 7", "mutex 1", "goroutine 8", "mutex 2"]]
    assert [graph.nodes[n]["label"] for n in ("mutex 1", "mutex 2")] == ["right", "left"]
    assert all(data["in_cycle"] for _, data in graph.nodes(data=True))
    assert edges(graph, "waits-for") == [("goroutine 7", "mutex 1"), ("goroutine 8", "mutex 2")]
    assert edges(graph, "held-by") == [("mutex 1", "goroutine 8"), ("mutex 2", "goroutine 7")]


def test_a_waiting_writer_and_a_second_read_lock_are_one_cycle_of_two() -> None:
    async def main() -> None:
        rw = sync.RWMutex()

        async def reader() -> None:
            await rw.rlock()
            await time.sleep(2 * MS)
            await rw.rlock()

        async def writer() -> None:
            await time.sleep(MS)
            await rw.lock()

        go(reader)
        go(writer)
        await time.sleep(SECOND)

    graph = gs.run(main).graph()
    assert graph.graph["cycles"] == [["goroutine 7", "rwmutex 1", "goroutine 8", "rwmutex 1"]]


def test_a_writer_behind_readers_that_never_leave_is_no_cycle() -> None:
    async def main() -> None:
        rw = sync.RWMutex()

        async def reader() -> None:
            await rw.rlock()

        go(reader)
        await time.sleep(MS)
        go(rw.lock)
        await time.sleep(SECOND)

    graph = gs.run(main).graph()
    assert graph.graph["cycles"] == []
    assert graph.nodes["goroutine 7"]["kind"] == "ghost"
    assert edges(graph, "held-by") == [
        ("rwmutex 1", "goroutine 8"),  # the writer keeps new readers out
        ("rwmutex 1", "goroutine 7"),
    ]


def test_the_goroutine_that_is_gone_with_the_lock_is_a_ghost() -> None:
    async def main() -> None:
        mu = sync.Mutex()

        async def take() -> None:
            await mu.lock()

        for _ in range(3):
            go(take)
        await time.sleep(SECOND)

    graph = gs.run(main).graph()
    ghost = graph.nodes["goroutine 9"]
    assert (ghost["kind"], ghost["state"], ghost["goroutines"]) == ("ghost", "gone", (9,))
    assert edges(graph, "held-by") == [("mutex 1", "goroutine 9")]
    assert "held by 9 main" in text_graph(graph)


def test_the_receiver_that_returned_is_a_ghost_with_a_dashed_edge() -> None:
    graph = gs.run(senders).graph()
    (edge,) = [d for _, _, d in graph.edges(data=True) if d["kind"] == "could-wake"]
    assert edge["label"] == "receive" and edge["style"] == "dashed"
    (ghost,) = [d for _, d in graph.nodes(data=True) if d["kind"] == "ghost"]
    assert ghost["function"].endswith("senders") and ghost["detail"] == "has returned"


def test_a_program_without_waiting_has_an_empty_graph() -> None:
    async def main() -> None:
        await chan(int, 1).send(1)

    graph = gs.run(main).graph()
    assert len(graph) == 0 and text_graph(graph) == ""


def test_folding_merges_equal_goroutines_and_keeps_every_id() -> None:
    graph = gs.run(senders).graph()
    folded = fold(graph)
    assert len(graph) == 11 and len(folded) == 3
    (node,) = [d for _, d in folded.nodes(data=True) if d["kind"] == "goroutine"]
    assert node["count"] == 9 and node["label"] == "9 × main.senders.send"
    assert node["goroutines"] == tuple(
        i for _, d in graph.nodes(data=True) if d["kind"] == "goroutine" for i in d["goroutines"]
    )


@pytest.mark.parametrize("main", [senders, crossed])
def test_folded_from_the_start_reads_as_folded_afterwards(main: Any) -> None:
    run = gs.run(main)
    assert text_graph(plain_graph(run.judgement, folded=True)) == text_graph(run.graph())


def test_holders_and_members_of_cycles_are_never_folded() -> None:
    async def main() -> None:
        a, b = sync.Mutex(), sync.Mutex()

        async def both(first: Any, second: Any) -> None:
            await first.lock()
            await time.sleep(MS)
            await second.lock()

        go(both, a, b)
        go(both, b, a)
        await time.sleep(1)
        for _ in range(3):
            go(a.lock)
        await time.sleep(SECOND)

    run = gs.run(main)
    for graph in (fold(run.graph()), plain_graph(run.judgement, folded=True)):
        counts = {n: d["count"] for n, d in graph.nodes(data=True) if d["kind"] == "goroutine"}
        assert counts["goroutine 7"] == counts["goroutine 8"] == 1
        assert len(graph.graph["cycles"]) == 1


def test_many_channels_of_one_line_fold_to_one_node() -> None:
    async def main() -> None:
        async def ask() -> None:
            reply = chan(int)
            await reply.recv()

        for _ in range(50):
            go(ask)

    run = gs.run(main)
    graph = plain_graph(run.judgement, folded=True)
    assert sorted(d["count"] for _, d in graph.nodes(data=True)) == [50, 50]
    assert len(text_graph(graph).splitlines()) == 2


def test_the_text_says_the_cycle_first() -> None:
    lines = text_graph(gs.run(crossed).graph()).splitlines()
    assert lines[0] == (
        "cycle: 7 main.crossed.one → right → 8 main.crossed.two → left → 7 main.crossed.one"
    )


orders = st.lists(st.permutations(range(3)).map(lambda p: p[:2]), min_size=1, max_size=5)


@settings(derandomize=True, deadline=None, max_examples=80)
@given(orders)
def test_who_takes_two_locks_hangs_exactly_when_there_is_a_cycle(orders: Any) -> None:
    async def main() -> None:
        locks = [sync.Mutex() for _ in range(3)]

        async def both(first: int, second: int) -> None:
            await locks[first].lock()
            await time.sleep(MS)
            await locks[second].lock()
            await locks[second].unlock()
            await locks[first].unlock()

        for first, second in orders:
            go(both, first, second)
        await time.sleep(SECOND)

    run = gs.run(main)
    graph = run.graph()
    assert bool(run.goroutines) == bool(graph.graph["cycles"])
    stuck = {f"goroutine {g.id}" for g in run.goroutines}
    for cycle in graph.graph["cycles"]:
        assert len(cycle) % 2 == 0 and len(set(cycle)) == len(cycle)
        assert set(cycle[::2]) <= stuck
        for a, b in zip(cycle, [*cycle[1:], cycle[0]], strict=True):
            assert graph.has_edge(a, b)


async def served_once() -> None:
    jobs = chan(int)

    async def server() -> None:
        await jobs.recv()
        await time.sleep(MS)

    go(server)
    for i in range(3):
        go(jobs.send, i)
    await time.sleep(SECOND)


def test_a_recording_tells_that_a_ghost_has_lived_and_where_it_returned() -> None:
    run = gs.run(served_once)
    unsure = plain_graph(run.judgement).nodes["ghost main.served_once.server"]
    assert unsure["detail"] == "no goroutine is in it" and not unsure["returned"]
    known = run.graph().nodes["ghost main.served_once.server"]
    assert known["detail"] == "has returned"
    assert known["goroutines"] == (7,)
    line = served_once.__code__.co_firstlineno + 5
    assert [place.rpartition(":")[2] for place in known["returned"]] == [str(line)]


def test_a_function_that_never_ran_stays_a_mystery() -> None:
    async def main() -> None:
        jobs = chan(int)

        async def never() -> None:
            await jobs.recv()

        if len(jobs) > 5:
            go(never)
        go(jobs.send, 1)
        await time.sleep(SECOND)

    (ghost,) = [d for _, d in gs.run(main).graph().nodes(data=True) if d["kind"] == "ghost"]
    assert ghost["detail"] == "no goroutine is in it"
    assert ghost["returned"] == ()


def test_a_channel_shows_its_values_and_its_queues_in_order() -> None:
    async def main() -> None:
        full, empty = chan(str, 2), chan(int)

        async def sender(text: str) -> None:
            await full.send(text)

        async def receiver() -> None:
            await gs.select(gs.recv(empty), gs.send(full, "from a select"))

        for text in ("a", "b", "c", "d"):
            go(sender, text)
            await time.sleep(MS)
        go(receiver)
        await time.sleep(SECOND)

    graph = gs.run(main).graph()
    full, empty = graph.nodes["chan 1"], graph.nodes["chan 2"]
    assert full["values"] == ('"a"', '"b"')
    assert full["sendq"] == ((9, '"c"'), (10, '"d"'), (11, '"from a se…"'))
    assert (full["senders"], full["receivers"]) == (3, 0)
    assert empty["recvq"] == (11,) and empty["sendq"] == ()


def test_only_the_first_sixteen_in_line_are_named() -> None:
    async def main() -> None:
        jobs = chan(int)
        for i in range(40):
            go(jobs.send, i)
        await time.sleep(SECOND)

    graph = gs.run(main).graph()
    jobs = graph.nodes["chan 1"]
    assert len(jobs["sendq"]) == 16 and jobs["senders"] == 40
    # The last goroutine started runs first, the others as they were started.
    assert jobs["sendq"][:3] == ((46, "39"), (7, "0"), (8, "1"))


def test_channels_of_one_loop_are_one_thing_and_keep_no_values() -> None:
    async def main() -> None:
        async def fill(results: Any, i: int) -> None:
            await results.send(i)

        for i in range(5):
            results = chan(int)
            go(fill, results, i)
        await time.sleep(SECOND)

    merged = fold(merge_things(gs.run(main).graph()))
    (thing,) = [d for _, d in merged.nodes(data=True) if d["kind"] == "chan"]
    assert thing["label"] == "5 × results" and thing["count"] == 5
    assert thing["sendq"] == ()
    (group,) = [d for _, d in merged.nodes(data=True) if d["kind"] == "goroutine"]
    assert group["count"] == 5


def test_a_lock_that_somebody_holds_is_never_merged() -> None:
    async def main() -> None:
        async def hold(mu: Any) -> None:
            await mu.lock()
            await time.sleep(MS)
            await mu.lock()

        for _ in range(3):
            mu = sync.Mutex()
            go(hold, mu)
        await time.sleep(SECOND)

    merged = fold(merge_things(gs.run(main).graph()))
    assert (
        sorted(d["kind"] for _, d in merged.nodes(data=True)) == ["goroutine"] * 3 + ["mutex"] * 3
    )
    assert all(d["count"] == 1 for _, d in merged.nodes(data=True))


def test_who_did_not_call_done_returned_before_it() -> None:
    async def main() -> None:
        wg = sync.WaitGroup()

        async def task(i: int) -> None:
            if i == 1:
                return
            await wg.done()

        await wg.add(2)
        go(task, 0)
        go(task, 1)
        go(wg.wait)
        await time.sleep(SECOND)

    first = main.__code__.co_firstlineno
    (ghost,) = [d for _, d in gs.run(main).graph().nodes(data=True) if d["kind"] == "ghost"]
    assert [place.rpartition(":")[2] for place in ghost["returned"]] == [str(first + 5)]
