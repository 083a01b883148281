"""What a program pins and retains, asked when main returns: bytes, holder, verdict, words."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

import gosim as gs
from gosim.leaks.memory import Pinned, Survey, size
from gosim.runtime.leakmark import mark, module_roots
from gosim.runtime.observer import Observer
from gosim.std import builtin
from gosim.std.frame import frame
from gosim.views.text import headline, holdings_table

MIB = 1 << 20
kept: list[Any] = []
queue: Any = None
"""Global variables of the programs below."""


class Asks(Observer):
    """Asks when main returns."""

    def __init__(self, question: Callable[[Survey], Any], stuck: bool = False) -> None:
        self.question = question
        self.stuck = stuck
        self.answer: Any = None

    def main_returned(self, world: Any) -> None:
        leaked = []
        if self.stuck:
            names = {k: v for scope in world.globals for k, v in module_roots(scope).items()}
            leaked = mark([g for g in world.allgs if g.coro is not None], names).leaked
        self.answer = self.question(Survey(world, leaked))


def ask(
    main: Any, question: Callable[[Survey], Any], *, stuck: bool = False, go: str = "1.27"
) -> Any:
    kept.clear()
    asks = Asks(question, stuck)
    run = gs.run(main, observers=[asks], go=go)
    assert run.outcome in ("ok", "leak"), run.stderr
    kept.clear()
    return asks.answer


def only(main: Any, **how: Any) -> Pinned:
    (found,) = ask(main, lambda survey: survey.pinned, **how)
    assert isinstance(found, Pinned)
    return found


# -- strings and slices: go-facts 5.4, with one object of 1 MiB in place of a hundred --------------


def test_a_substring_keeps_the_whole_text() -> None:
    async def main() -> None:
        for _ in range(3):
            kept.append(gs.string("x", MIB)[:10])

    p = only(main)
    assert (p.kind, p.count, p.bytes, p.seen) == ("string", 3, 3 * MIB, 30)
    assert p.lost == p.out_of_reach == 3 * (MIB - 10) and not p.hidden
    assert p.holder.kind == "global" and p.path == "kept[0]" and p.permanent


def test_a_clone_keeps_nothing_else_and_a_literal_is_not_on_the_heap() -> None:
    async def main() -> None:
        kept.append(gs.strings.clone(gs.string("x", MIB)[:10]))
        kept.append(gs.literal("x" * 5000)[:10])
        kept.append(gs.string("x", MIB))

    assert ask(main, lambda survey: survey.pinned) == []


def test_two_windows_together_see_what_both_see() -> None:
    async def main() -> None:
        text = gs.string("x", MIB)
        kept.extend([text[: MIB // 2], text[MIB // 4 : MIB - 100]])

    assert ask(main, lambda survey: survey.pinned) == []


@pytest.mark.parametrize(
    ("cut", "hidden", "out"),
    [
        (lambda s: s[:3], MIB - 24, 0),
        (lambda s: s[:3:3], 0, MIB - 24),
        (lambda s: s[len(s) - 3 :], 0, MIB - 24),
        (lambda s: gs.slices.clip(s[:3]), 0, MIB - 24),
    ],
)
def test_a_sub_slice_keeps_the_whole_array(cut: Any, hidden: int, out: int) -> None:
    async def main() -> None:
        kept.append(cut(gs.make_slice(int, MIB // 8)))

    p = only(main)
    assert (p.kind, p.type, p.seen, p.hidden, p.out_of_reach) == ("slice", "[]int", 24, hidden, out)


def test_a_copied_part_pins_nothing() -> None:
    async def main() -> None:
        s = gs.make_slice(int, MIB // 8)
        kept.append(gs.slices.clone(s[:3]))
        kept.append(gs.append(gs.nil_slice(int), *s[:3]))

    assert ask(main, lambda survey: survey.pinned) == []


def test_an_emptied_buffer_is_one_and_room_that_was_never_used_is_none() -> None:
    async def main() -> None:
        buffer = gs.bytes.Buffer()
        buffer.write(b"x" * MIB)
        buffer.reset()
        kept.append(buffer)
        kept.append(gs.make_slice(int, 0, 10_000))

    p = only(main)
    assert (p.kind, p.seen, p.hidden) == ("buffer", 0, p.bytes) and p.bytes >= MIB


def test_half_out_of_sight_or_less_than_a_kib_is_no_finding() -> None:
    async def main() -> None:
        kept.append(gs.string("x", 4096)[:2048])
        kept.append(gs.string("x", 1000)[:1])

    assert ask(main, lambda survey: survey.pinned) == []


def test_a_slice_that_append_has_just_grown_is_none() -> None:
    async def main() -> None:
        for n in (257, 513, 1025, 5000):
            s = gs.nil_slice(int)
            for i in range(n):
                s = gs.append(s, i)
            kept.append(s)

    assert ask(main, lambda survey: survey.pinned) == []


# -- elements that were cut off --------------------------------------------------------------------


def pointers(n: int) -> Any:
    s = gs.make_slice(object, n)
    for i in range(n):
        s[i] = gs.make_slice(gs.types.BYTE, MIB)
    return s


@pytest.mark.parametrize(
    ("cut", "behind"),
    [
        (lambda s: s[:5], 5),
        (lambda s: s[5:], 5),
        (lambda s: s[1:3:3], 8),
        (lambda s: s[:0], 10),
        (lambda s: gs.append_slice(s[:1], s[6:]), 1),
    ],
)
def test_elements_cut_off_keep_what_they_point_at(cut: Any, behind: int) -> None:
    async def main() -> None:
        kept.append(cut(pointers(10)))

    p = only(main)
    assert p.kind == "cut" and p.behind == behind * MIB


@pytest.mark.parametrize(("at_head", "at_tail"), [(3, 0), (0, 3), (3, 3)])
def test_the_repair_is_of_the_end_that_was_cut_off(at_head: int, at_tail: int) -> None:
    global queue

    async def main() -> None:
        global queue
        queue = gs.append(pointers(10), None)[at_head : 11 - at_tail]

    try:
        (leak,) = ask(main, Survey.findings)
    finally:
        queue = None
    head, tail = "`queue[0] = None`" in leak.fix, "`clear(s[i:])`" in leak.fix
    assert (head, tail) == (at_tail == 0, at_tail > 0)


def test_the_same_object_before_and_behind_the_end_is_in_sight() -> None:
    async def main() -> None:
        s = gs.make_slice(object, 2)
        s[0] = s[1] = gs.make_slice(gs.types.BYTE, MIB)
        kept.append(s[:1])

    assert ask(main, lambda survey: survey.pinned) == []


def test_cleared_elements_keep_nothing() -> None:
    async def main() -> None:
        s = pointers(10)
        gs.clear(s[5:])
        kept.append(s[:5])

    assert ask(main, lambda survey: survey.pinned) == []


@pytest.mark.parametrize(("go", "behind"), [("1.21", 4), ("1.27", 0)])
def test_slices_delete_clears_the_tail_since_1_22(go: str, behind: int) -> None:
    async def main() -> None:
        kept.append(gs.slices.delete(pointers(10), 6, 10))

    found = ask(main, lambda survey: survey.pinned, go=go)
    assert sum(p.behind for p in found) == behind * MIB


# -- pointers and maps ----------------------------------------------------------------------------


@gs.struct
class Large:
    x: int
    b: gs.types.array_type(gs.types.INT8, MIB)  # type: ignore[valid-type]


@pytest.mark.parametrize(
    ("point", "seen"),
    [
        (lambda p: p.b.pointer(7), 1),
        (lambda p: builtin.field_pointer(p, "x"), 8),
        (lambda p: p.b[3:10], 7),
    ],
)
def test_a_pointer_into_an_object_keeps_all_of_it(point: Any, seen: int) -> None:
    async def main() -> None:
        kept.append(point(gs.new(Large)))

    p = only(main)
    assert (p.kind, p.type, p.seen) == ("pointer", "Large", seen) and p.lost > MIB - 10


def test_an_object_that_is_held_whole_as_well_is_not_pinned() -> None:
    async def main() -> None:
        large = gs.new(Large)
        kept.extend([large, large.b.pointer(7), builtin.field_pointer(large, "x")])

    assert ask(main, lambda survey: survey.pinned) == []


@pytest.mark.parametrize("go", ["1.23", "1.27"])
def test_a_map_that_was_larger_once(go: str) -> None:
    async def main() -> None:
        m = gs.make_map(int, int)
        for i in range(20_000):
            m[i] = i
        kept.append(m)
        for i in range(10, 20_000):
            gs.delete(m, i)
        full = gs.make_map(int, int)
        for i in range(20_000):
            full[i] = i
        kept.append(full)

    p = only(main, go=go)
    assert p.kind == "map" and p.type == "map[int]int" and p.path == "kept[0]"
    assert p.lost > 200_000 and p.seen < 1000


# -- who holds it ---------------------------------------------------------------------------------


async def uses_later(part: Any, ch: Any) -> None:
    await ch.recv()
    kept.append(part)


def test_a_goroutine_is_named_with_its_variable() -> None:
    async def main() -> None:
        gs.go(uses_later, gs.string("x", MIB)[:10], gs.chan(int))
        await gs.time.sleep(1)

    p = only(main)
    assert p.holder.kind == "goroutine" and p.holder.name == "main.uses_later"
    assert p.path == "part" and not p.permanent
    assert only(main, stuck=True).permanent


def test_a_dead_variable_holds_nothing() -> None:
    async def waits(text: Any, ch: Any) -> None:
        len(text)
        await ch.recv()

    async def main() -> None:
        gs.go(waits, gs.string("x", MIB)[:10], gs.chan(int))
        await gs.time.sleep(1)

    assert ask(main, lambda survey: survey.pinned) == []


def test_what_a_global_leads_to_is_permanent_although_a_goroutine_leads_there_sooner() -> None:
    async def main() -> None:
        part = gs.string("x", MIB)[:10]
        kept.append([[[{"deep": part}]]])
        gs.go(uses_later, part, gs.chan(int))
        await gs.time.sleep(1)

    p = only(main)
    assert p.permanent and p.path == 'kept[0][0][0][0]["deep"]'


@pytest.mark.parametrize(
    ("wrap", "path"),
    [
        (lambda x: {"k": x}, '["k"]'),
        (lambda x: (0, x), "[1]"),
        (lambda x: box(x), ""),
        (lambda x: table(x), '["key"]'),
        (lambda x: gs.slice_of(object, None, None, x)[1:], "[1]"),
    ],
)
def test_paths_are_written_as_in_the_program(wrap: Any, path: str) -> None:
    async def main() -> None:
        kept.append(wrap(gs.string("x", MIB)[:10]))

    found = ask(main, lambda survey: survey.pinned)
    assert [p.path for p in found if p.kind == "string"] == [f"kept[0]{path}"]


def box(x: Any) -> Any:
    p = gs.new(object)
    p.value = x
    return p


def table(x: Any) -> Any:
    m = gs.make_map(str, object)
    m["key"] = x
    return m


def test_what_a_pool_keeps_is_no_finding() -> None:
    async def main() -> None:
        pool = gs.sync.Pool()
        kept.append(pool)
        await pool.put(gs.string("x", MIB)[:10])

    assert ask(main, lambda survey: survey.pinned) == []


# -- findings -------------------------------------------------------------------------------------


def test_findings_say_what_by_whom_how_long_and_how_to_repair_it() -> None:
    async def main() -> None:
        kept.append(gs.string("x", MIB)[:10])
        gs.go(uses_later, gs.make_slice(int, MIB // 8)[:3], gs.chan(int))
        await gs.time.sleep(1)

    text, part = ask(main, Survey.findings)
    assert text.verdict == "permanent" and part.verdict == "temporary"
    assert text.bytes == MIB - 10 and text.holder == "the global variable kept"
    here = sys._getframe().f_code.co_firstlineno
    assert text.explanation == (
        "kept[0], held by the global variable kept, shows 10 B of a text of 1 MiB (allocated at "
        f"test_leaks_memory.py:{here + 2}), and a part of a string keeps the whole text: 1 MiB "
        "stay that nobody sees; that lasts as long as the variable leads to it."
    )
    assert text.fix == "keep a copy of the part instead: `strings.clone(kept[0])`"
    assert part.function == "main.uses_later" and "slices.clone(part)" in part.fix
    assert text.to_dict()["kind"] == "memory"


def test_the_site_is_told_when_a_profile_is_kept() -> None:
    async def main() -> None:
        from gosim.runtime.current import current_world

        current_world().heap.profile = True
        kept.append(gs.string("x", MIB)[:10])

    here = sys._getframe().f_code.co_firstlineno
    p = only(main)
    file, _, line = p.at.rpartition(":")
    assert file == __file__ and int(line) == here + 5
    (finding,) = ask(main, Survey.findings)
    where = p.at.rpartition("/")[2]
    assert f"(allocated at {where})" in finding.explanation and finding.at == p.at


def test_places_that_differ_are_counted_and_the_finding_names_the_tables_place() -> None:
    async def main() -> None:
        kept.append(gs.make_slice(gs.types.BYTE, MIB)[:5])
        kept.append(gs.make_slice(gs.types.BYTE, MIB)[:4])  # the most is out of sight here
        kept.append(gs.make_slice(gs.types.BYTE, 2 * MIB))

    line = main.__code__.co_firstlineno + 2
    run = gs.run(main, memory=True)
    kept.clear()
    (leak,) = run.leaks
    assert run.memory_record is not None
    (held,) = [h for h in run.memory_record.holdings if h.hidden]
    assert leak.at == held.at == f"{__file__}:{line}" and held.places == 3
    where = f"test_leaks_memory.py:{line}"
    assert f"(allocated at {where} and 1 other place)" in leak.explanation
    assert f"from {where} and 2 other places" in " ".join(holdings_table([held]).split())


def test_what_a_stuck_goroutine_keeps_and_nobody_sees_is_in_one_total() -> None:
    async def main() -> None:
        gs.go(blocked_with, buffer(3 * MIB)[:10], gs.chan(int))
        kept.append(buffer(MIB)[:10])

    run = gs.run(main, memory=True)
    kept.clear()
    assert {leak.bytes: leak.counted for leak in run.leaks if leak.kind == "memory"} == {
        3 * MIB - 10: 3 * MIB - 10,
        MIB - 10: 0,
    }
    assert headline(run) == (
        "leak: 1 goroutine is stuck for good and keeps 3 MiB alive (3 MiB of it nobody sees), "
        "another 1 MiB kept for good that nobody sees"
    )


def test_all_that_is_pinned_may_be_what_goroutines_keep() -> None:
    async def main() -> None:
        gs.go(blocked_with, buffer(3 * MIB)[:10], gs.chan(int))

    assert headline(gs.run(main, memory=True)).endswith("3 MiB alive (3 MiB of it nobody sees)")


def test_pages_never_touched_are_not_waiting_to_be_given_back() -> None:
    async def call() -> None:
        with frame(args=8_000_000):
            await gs.time.sleep(1)

    async def main() -> None:
        for _ in range(2):
            await call()
            await gs.runtime.gc()

    record = gs.run(main, memory=True).memory_record
    assert record is not None
    after = record.stats_after_gc
    idle = [h.bytes for h in record.holdings if h.kind == "idle"]
    assert after["heap_idle"] - after["heap_released"] > after["rss"], "the lesson's case"
    assert sum(idle) < after["rss"]


# -- retained and holdings -------------------------------------------------------------------------


def test_retained_is_what_each_alone_keeps_alive() -> None:
    async def main() -> None:
        shared = gs.string("x", MIB)
        ch = gs.chan(int)
        for _ in range(2):
            gs.go(uses_later, (gs.string("y", MIB), shared), ch)
        kept.append(gs.string("z", 2 * MIB))
        await gs.time.sleep(1)

    retained = ask(main, Survey.retained)
    by_name = {key if isinstance(key, str) else key.id: n for key, n in retained.items()}
    assert by_name.pop("kept") == 2 * MIB
    assert sorted(n // MIB for n in by_name.values()) == [1, 1]


def test_holdings_count_every_reachable_byte_once() -> None:
    async def main() -> None:
        shared = gs.string("x", MIB)
        kept.extend([shared, pointers(4)[:3], gs.string("y", 2 * MIB)[:5]])
        gs.go(uses_later, shared, gs.chan(int))
        m = gs.make_map(str, int)
        for i in range(1000):
            m[str(i)] = i
        kept.append(m)
        await gs.time.sleep(1)
        await gs.runtime.gc()

    def question(survey: Survey) -> Any:
        reached = sum(getattr(x, "allocated", 0) for x in survey.world.memory.heap.objects)
        return survey.holdings(), reached

    holdings, reached = ask(main, question)
    told = sum(h.bytes for h in holdings)
    assert told <= reached <= told + 4096  # descriptors of goroutines are the runtime's
    by_what = {(h.holder, h.what): h for h in holdings}
    arrays = by_what["global kept", "[]byte, 4 × 1 MiB"]
    assert (arrays.seen, arrays.hidden) == (3 * MIB, MIB)
    texts = by_what["global kept", "string text, 2"]
    assert (texts.bytes, texts.hidden) == (3 * MIB, 2 * MIB - 5)
    assert any(h.what.startswith("map[string]int table") for h in holdings)


def test_a_run_without_memory_has_nothing_to_tell() -> None:
    async def main() -> None:
        kept.append([1, 2, 3])

    empty = lambda s: (s.pinned, s.findings(), s.holdings(), s.retained())  # noqa: E731
    assert ask(main, empty) == ([], [], [], {})


@pytest.mark.parametrize(
    ("n", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (MIB - 10, "1 MiB")],
)
def test_sizes_are_written_as_people_read_them(n: int, text: str) -> None:
    assert size(n) == text


# -- what goroutines keep alive, and until when ----------------------------------------------------


async def holds_after(rest: int, what: Any, gate: Any) -> None:
    """Hold `what` for a while, or for ever if somebody never opens the gate."""
    await gs.time.sleep(rest)
    if gate is not None:
        await gate.recv()
    _ = what[0]


async def blocked_with(what: Any, gate: Any) -> None:
    await gate.recv()
    _ = what[0]


def buffer(n: int) -> Any:
    return gs.make_slice(gs.types.BYTE, n)


def test_a_leaked_goroutine_retains_what_it_alone_keeps_alive() -> None:
    async def main() -> None:
        for n in (1, 3):
            gs.go(blocked_with, buffer(n * MIB), gs.chan(int))

    run = gs.run(main)
    own = 2048 + 480 + 112
    one, three = run.goroutines
    # A channel of its own is in it as well: 112 bytes.
    assert (one.heap_bytes, three.heap_bytes) == (MIB + 112, 3 * MIB + 112)
    assert [g.retained_bytes for g in run.goroutines] == [own + g.heap_bytes for g in (one, three)]
    (leak,) = run.leaks
    assert leak.heap_bytes == 4 * MIB + 2 * 112 and leak.retained_bytes == leak.heap_bytes + 2 * own
    assert "Together they keep 4 MiB of the heap alive: []byte, 2, allocated at" in leak.explanation
    assert f"test_leaks_memory.py:{buffer.__code__.co_firstlineno + 1}." in leak.explanation
    as_json = run.to_dict()
    assert [g["retained_bytes"] for g in as_json["goroutines"]] == [
        own + MIB + 112,
        own + 3 * MIB + 112,
    ]
    assert as_json["leaks"][0]["retained_bytes"] == leak.retained_bytes


def test_what_they_share_is_kept_by_them_together_and_by_none_alone() -> None:
    async def main() -> None:
        shared, gate = buffer(2 * MIB), gs.chan(int)
        for _ in range(5):
            gs.go(blocked_with, shared, gate)

    run = gs.run(main)
    assert [g.heap_bytes for g in run.goroutines] == [0] * 5
    (leak,) = run.leaks
    assert leak.heap_bytes == 2 * MIB + 112
    assert "Together they keep 2 MiB of the heap alive: []byte, 1 × 2 MiB," in leak.explanation


def test_what_a_global_keeps_too_is_not_theirs() -> None:
    async def main() -> None:
        kept.append(buffer(MIB))
        gs.go(blocked_with, kept[0], gs.chan(int))

    kept.clear()
    run = gs.run(main)
    kept.clear()
    (g,) = run.goroutines
    assert g.heap_bytes == 112 and "of the heap alive" not in run.leaks[0].explanation
    (root,) = [r for r in run.to_dict()["memory"]["retained"] if r["kind"] == "goroutine"]
    assert root["bytes"] == 112 and root["id"] == g.id


def test_deep_stacks_are_retained_as_large_as_they_are() -> None:
    @gs.frame(1_000_000)
    async def deep(gate: Any) -> None:
        await gate.recv()

    async def main() -> None:
        gs.go(deep, gs.chan(int))
        await gs.time.sleep(1)

    run = gs.run(main)
    assert run.goroutines[0].retained_bytes == (1 << 20) + 480 + 112 + 112
    assert run.memory_record is not None
    (stack,) = [h for h in run.memory_record.holdings if h.kind == "stacks"]
    assert stack.bytes == (1 << 20) + 480 + 112 and "1 × 1 MiB" in stack.what


def found(run: gs.Run) -> Any:
    (leak,) = [leak for leak in run.leaks if leak.kind == "memory"]
    return leak


@pytest.mark.parametrize("policy", ["go", "fifo", "random"])
def test_a_temporary_finding_says_when_it_was_over_and_who_returned(policy: str) -> None:
    async def main() -> None:
        gs.go(holds_after, 2500 * gs.time.Millisecond, buffer(MIB)[:3], None)
        await gs.time.sleep(gs.time.Millisecond)

    run = gs.run(main, policy=policy)
    leak = found(run)
    (g,) = run.judgement.ended
    assert leak.verdict == "temporary"
    assert f"lasts until 2.5s, when goroutine {g.id} (main.holds_after) returns" in leak.explanation
    assert run.pinned[0]["freed_ns"] == 2_500_000_000 and not run.pinned[0]["permanent"]
    assert run.outcome == "ok"


def test_who_lets_go_before_it_returns_is_seen_to() -> None:
    async def reads_on() -> None:
        part = buffer(MIB)[:3]
        await gs.time.sleep(gs.time.Second)
        _ = part[0]
        part = None
        await gs.time.sleep(gs.time.Second)

    async def main() -> None:
        gs.go(reads_on)
        await gs.time.sleep(1)

    leak = found(gs.run(main))
    assert leak.verdict == "temporary" and "lasts until 1s, when goroutine" in leak.explanation
    assert leak.explanation.endswith("reads_on) lets go of it.")


def test_what_seemed_to_end_and_is_stuck_later_is_permanent() -> None:
    async def main() -> None:
        gs.go(holds_after, gs.time.Second, buffer(MIB)[:3], gs.chan(int))
        await gs.time.sleep(1)

    run = gs.run(main)
    leak = found(run)
    assert leak.verdict == "permanent" and "lasts for ever" in leak.explanation
    assert run.outcome == "leak" and run.pinned[0]["permanent"]


def test_what_a_global_gives_up_after_main_has_returned_is_temporary() -> None:
    async def clear_later() -> None:
        await gs.time.sleep(gs.time.Second)
        kept.clear()

    async def main() -> None:
        kept.append(buffer(MIB)[:3])
        gs.go(clear_later)
        await gs.time.sleep(1)

    kept.clear()
    run = gs.run(main)
    leak = found(run)
    assert leak.verdict == "temporary" and "lasts until 1s, when" in leak.explanation
    assert run.outcome == "ok"


def test_an_endless_holder_is_temporary_without_an_end() -> None:
    async def polls() -> None:
        part = buffer(MIB)[:3]
        while part[0] == 0:
            await gs.time.sleep(gs.time.Second)

    async def main() -> None:
        gs.go(polls)
        await gs.time.sleep(1)

    run = gs.run(main)
    leak = found(run)
    assert leak.verdict == "temporary" and run.pinned[0]["freed_ns"] is None


def test_looking_for_the_end_changes_nothing_else() -> None:
    """Steps are taken one by one then; who runs when is as without that."""

    def program(part: int) -> Any:
        async def worker(i: int, out: Any, what: Any) -> None:
            for k in range(20):
                await gs.time.sleep(1000 * (i + k) % 7 + 1)
                await out.send((i, k))
            _ = what[0]

        async def main() -> None:
            out = gs.chan(object, 3)
            for i in range(4):
                gs.go(worker, i, out, buffer(MIB)[:part])

            async def reads() -> None:
                for _ in range(80):
                    order.append(await out.recv())

            gs.go(reads)
            await gs.time.sleep(1)

        order: list[Any] = []
        main.order = order  # type: ignore[attr-defined]
        return main

    seen = []
    for part in (3, MIB):
        main = program(part)
        run = gs.run(main)
        assert bool(run.pinned) == (part == 3)
        seen.append((main.order, run.after_main.virtual_ns, run.after_main.steps))
    assert seen[0] == seen[1] and len(seen[0][0]) == 80


def test_what_calls_deferred_in_a_loop_hold_is_said_and_repaired() -> None:
    async def serve(requests: Any) -> None:
        async with gs.defers() as defer:
            async for n in requests:
                defer(len, buffer(n))

    async def main() -> None:
        requests = gs.chan(int)
        gs.go(serve, requests)
        for _ in range(5):
            await requests.send(MIB)
        await gs.time.sleep(1)

    (leak,) = gs.run(main).leaks
    assert "[]byte, 5 × 1 MiB, allocated at" in leak.explanation
    assert "held by 5 deferred calls, which run when it returns" in leak.explanation
    assert leak.fix.startswith("give the body of the loop a function of its own")


@pytest.mark.parametrize("pointers", [False, True])
def test_a_map_of_pointers_is_not_told_to_hold_pointers(pointers: bool) -> None:
    async def main() -> None:
        m = gs.make_map(int, gs.ptr(int) if pointers else int)
        for i in range(2000):
            m[i] = gs.new(int) if pointers else i
        for i in range(2000):
            gs.delete(m, i)
        kept.append(m)

    (leak,) = ask(main, Survey.findings)
    assert ("let the elements be pointers" in leak.fix) != pointers


# -- what the runtime keeps ------------------------------------------------------------------------


def test_the_runtime_keeps_dead_goroutines_and_pages_in_no_use() -> None:
    async def main() -> None:
        gate = gs.chan(int)
        for _ in range(5000):
            gs.go(blocked_with, [0], gate)
        await gs.time.sleep(1)
        await gate.close()
        await gs.time.sleep(1)
        gs.runtime.read_mem_stats()

    run = gs.run(main, memory=True)
    assert run.outcome == "ok" and run.memory_record is not None
    own = {h.kind: h for h in run.memory_record.holdings if h.holder == "the runtime"}
    assert own["dead"].bytes == 5000 * 480 and own["dead"].what.endswith("5000 × 480 B")
    assert own["idle"].bytes == pytest.approx(5000 * 2048, rel=0.15)
    assert run.memory_record.holdings[-1].kind == "idle"
    (note,) = [n for n in run.notes if "descriptors" in n]
    assert "5000 goroutines have ended" in note and "2.3 MiB" in note


def test_ten_goroutines_that_have_ended_are_not_worth_a_word() -> None:
    async def main() -> None:
        for _ in range(10):
            gs.go(gs.time.sleep, 1)
        await gs.time.sleep(gs.time.Second)

    run = gs.run(main, memory=True)
    assert run.memory_record is not None and run.notes == []
    assert not [h for h in run.memory_record.holdings if h.holder == "the runtime"]


def test_goroutines_that_do_the_same_are_one_holder() -> None:
    async def main() -> None:
        for _ in range(6):
            gs.go(blocked_with, buffer(MIB), gs.chan(int))
        gs.go(holds_after, gs.time.Hour, buffer(MIB), None)
        await gs.time.sleep(1)

    run = gs.run(main)
    assert run.memory_record is not None
    first, second, *_ = run.memory_record.holdings
    assert first.holder == "6 × main.blocked_with (chan receive)" and first.bytes == 6 * MIB
    assert first.what == "[]byte, 6 × 1 MiB" and "test_leaks_memory.py" in first.at
    assert second.holder.endswith("main.holds_after (sleep)") and second.bytes == MIB


def test_a_deadlock_has_its_record_too() -> None:
    async def main() -> None:
        held = buffer(MIB)
        await gs.chan(int).recv()
        _ = held[0]

    run = gs.run(main)
    assert run.outcome == "deadlock" and run.memory_record is not None
    assert run.memory_record.moment == "the run ends"
    assert run.memory_record.stats["heap_alloc"] > MIB
    assert run.goroutines[0].heap_bytes == MIB + 112
    assert "It keeps 1 MiB of the heap alive: []byte" in run.leaks[0].explanation


# -- a run that ends without main's return ---------------------------------------------------------


async def a_server_that_keeps() -> None:
    while True:
        page = gs.string("x", 1 << 20)
        kept_for_ever.append(page[:10])
        del page
        await gs.time.sleep(gs.time.Second)


kept_for_ever: list[Any] = []


def test_a_server_stopped_at_the_end_of_its_time_shows_what_it_keeps() -> None:
    kept_for_ever.clear()
    run = gs.run(a_server_that_keeps, until=20 * gs.time.Second)
    kept_for_ever.clear()
    assert run.outcome == "limit"
    (memory,) = [leak for leak in run.leaks if leak.kind == "memory"]
    assert memory.count == 21 and memory.verdict == "permanent"
    assert "kept_for_ever" in memory.explanation
    assert run.memory_record is not None
    assert run.memory_record.moment == "the run ends"
    assert run.memory_record.holdings[0].bytes == 21 << 20


def test_a_deadlock_shows_who_holds_what() -> None:
    async def main() -> None:
        mine = gs.make_slice(gs.types.BYTE, 3 << 20)
        await gs.chan(int).recv()
        print(len(mine))

    run = gs.run(main)
    assert run.outcome == "deadlock"
    assert "keeps 3 MiB of the heap alive" in run.leaks[0].explanation
    assert run.memory_record is not None and run.memory_record.stats_after_gc == {}
    assert max(h.bytes for h in run.memory_record.holdings) == 3 << 20
