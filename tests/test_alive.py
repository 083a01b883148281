"""Why things are alive: every chain exists, what is lost has none, and pictures can be read."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import gosim as gs
from gosim import chan, go
from gosim.cli import main as gosim
from gosim.leaks import alive as module
from gosim.leaks.alive import NEVER, Alive, Inquest, Step
from gosim.leaks.judge import _Court
from gosim.leaks.memory import _CODE
from gosim.memory.heap import Object
from gosim.runtime.errors import UsageError
from gosim.runtime.g import G
from gosim.runtime.leakmark import GoEdges, held_by, reachable
from gosim.runtime.netpoll import leave_out_registries
from gosim.runtime.program import program_namespaces
from gosim.views.alive import frames, sheet, text
from gosim.views.report import page
from gosim.views.svg import to_svg
from tests.random_programs import main_of
from tests.scenario_cases import Variant, variants

SCENARIOS = [v for v in variants() if "python" in v.sources]
GOROUTINES = [v for v in SCENARIOS if v.folder.parent.name == "goroutines"]
PROGRAMS = 150


# -- the proof against the objects it speaks of ----------------------------------------------------


class Witness:
    """Checks a proof while the world it is about is alive."""

    def __init__(self) -> None:
        self.proofs = 0
        self.named = 0
        self.chains = 0

    def inquire(self, court: _Court | None, main_returned: bool = True) -> Alive:
        inquest = Inquest(court) if court is not None else None
        found = inquest.report() if inquest is not None else Alive(main_returned=main_returned)
        if court is not None and inquest is not None:
            self.proofs += 1
            self.check(court, inquest, found)
        return found

    def check(self, court: _Court, inquest: Inquest, found: Alive) -> None:
        marked, judgement = court.marked, court.judgement
        known = {id_: m for m in found.members for id_ in m.goroutines}
        assert sorted(known) == [g.id for g in judgement.goroutines]
        lost = {g.id for g in marked.leaked}
        # Found again without the marking: everything that globals, timers and the live lead to.
        roots = [obj for obj, _ in marked.roots()]
        held = [x for g in marked.live for x in held_by(g)]
        network = any(g.wait_reason == "IO wait" for g in judgement.goroutines)
        with leave_out_registries() if network else nullcontext():
            reached = {id(x) for x in reachable([*roots, *held], court.alive)}
        for g in judgement.goroutines:
            assert (known[g.id].round == NEVER) == (g.id in lost)
            # What waits for the network is a root of Go's profile, and with it what it leads to.
            assert g.in_profile == (g.id in lost) or (network and not g.in_profile)
            if g.proof == "unreachable":
                objects = [court.objects.get(w.thing.key) for w in g.waits]
                assert not reached & {id(obj) for obj in objects if obj is not None}
        self.rounds(found)
        targets = {t.key: t for t in found.targets}
        for target in found.targets:
            obj = court.objects.get(target.key)
            led = [c for c in found.chains if c.target == target.key and c.round != NEVER]
            assert len(led) == (target.round != NEVER)
            if obj is not None and not target.nil:
                assert (id(obj) in reached) == bool(led)
        for chain in found.chains:
            self.chains += 1
            if chain.round == NEVER:
                ids = found.member(chain.origin).goroutines  # type: ignore[union-attr]
                objects = dict(inquest.lost_chains(ids[0]))[chain.target]
                assert targets[chain.target].round == NEVER
            else:
                objects = inquest.chain(chain.target)
                assert targets[chain.target].round == chain.round
                if found.root(chain.origin) is not None:
                    assert any(objects[0] is obj for obj in roots) and chain.round == 0
                else:
                    assert objects[0] in marked.rounds[chain.round]
            assert inquest.keys.get(id(objects[-1])) is not None
            self.followed(objects)
            steps = inquest.steps(objects)
            assert tuple(step for step, _ in steps) == chain.steps
            self.evaluated(court, objects, steps)

    def rounds(self, found: Alive) -> None:
        """Who joins was not live before, and waits for something reached in the round before."""
        seen: set[str] = set()
        targets = {t.key: t for t in found.targets}
        for number, joined in enumerate(found.rounds):
            assert number == 0 or joined
            for key in joined:
                member = found.member(key)
                assert member is not None and member.round == number
                assert key not in seen
                if number:
                    came = [targets[k].round for k, _ in member.waits if targets[k].round != NEVER]
                    assert min(came) == number - 1
            seen.update(joined)
        assert seen.isdisjoint(m.key for m in found.never)
        assert len(seen) + len(found.never) == len(found.members)

    def followed(self, objects: list[object]) -> None:
        """Each object refers to the next, as the marking sees it."""
        edges = GoEdges()
        for holder, held in pairwise(objects):
            found = list(held_by(holder) if isinstance(holder, G) else edges.referents(holder))
            # An instance whose attributes somebody asked for has a dict of them since.
            own = getattr(holder, "__dict__", None)
            if own is not None and any(x is own for x in found):
                found += own.values()
            assert any(x is held for x in found), (holder, held)

    def evaluated(
        self, court: _Court, objects: list[object], steps: list[tuple[Step, object]]
    ) -> None:
        """What a step is called leads there when a program writes it."""
        before: Any = None
        for step, obj in steps:
            if step.kind == "root" and step.text:
                assert any(
                    namespace.get(step.text) is obj
                    for namespace in program_namespaces(court.world.globals)
                )
                self.named += 1
            elif step.kind == "variable":
                frames = [
                    getattr(x, "cr_frame", None) or getattr(x, "gi_frame", None)
                    for x in objects
                    if isinstance(x, _CODE)
                ]
                assert any(f is not None and f.f_locals.get(step.text) is obj for f in frames)
                assert step.where
                self.named += 1
            elif step.kind in ("field", "item") and not isinstance(before, Object):
                assert eval(f"x{step.text}", {"x": before}) is obj
                self.named += 1
            before = obj


@pytest.fixture
def witness(monkeypatch: pytest.MonkeyPatch) -> Iterator[Witness]:
    found = Witness()
    monkeypatch.setattr(module, "inquire", found.inquire)
    yield found


@pytest.mark.parametrize("variant", SCENARIOS, ids=lambda v: v.id)
def test_every_scenario_s_proof_holds_for_its_objects_and_can_be_read(
    variant: Variant, witness: Witness
) -> None:
    run = gs.run(str(variant.py_file), why=True)
    assert run.proof is not None
    assert witness.proofs == bool(run.goroutines)
    for each in [sheet(run.proof, "a title"), *frames(run.proof)]:
        assert each.overlaps() == []
        assert each.crossed() == []
    lost = [g for g in run.goroutines if g.proof == "unreachable"]
    assert sum(m.count for m in run.proof.never) == len(lost)
    told = " ".join(text(run.proof).split())
    for member in run.proof.never:
        assert member.function in told


def test_random_programs_are_proved_right(witness: Witness) -> None:
    for seed in range(PROGRAMS):
        run = gs.run(main_of(seed), why=True)
        assert run.proof is not None
        assert sheet(run.proof).overlaps() == []
    assert witness.proofs > PROGRAMS // 4
    assert witness.chains > 50


# -- what it says ----------------------------------------------------------------------------------


class Server:
    def __init__(self) -> None:
        self.jobs: list[Any] = [chan(int), chan(int)]


async def service() -> None:
    server = Server()
    other, ch, answers = chan(int), chan(int), chan(int)

    async def worker(own: Any) -> None:
        await own.recv()

    async def second(own: Any, then: Any) -> None:
        await own.recv()
        await then.send(1)

    async def sleeper(what: Any, ch: Any) -> None:
        await gs.time.sleep(1000 * gs.time.Hour)
        await what.jobs[0].send(1)
        await what.jobs[1].send(1)
        await ch.send(1)

    async def lost(answers: Any) -> None:
        await answers.send(7)
        print(answers)

    go(worker, server.jobs[0])
    go(second, server.jobs[1], other)
    go(worker, other)
    go(sleeper, server, ch)
    go(worker, ch)
    go(lost, answers)
    go(lost, answers)
    await gs.time.sleep(1)


def by_target(alive: Alive) -> dict[str, tuple[str, str, int]]:
    labels = {t.key: t.label for t in alive.targets}
    return {
        labels[c.target]: (
            getattr(alive.member(c.origin), "function", c.origin).rpartition(".")[2],
            c.text,
            c.round,
        )
        for c in alive.chains
    }


def test_the_shortest_chain_is_told_by_the_names_the_program_gave(witness: Witness) -> None:
    alive = gs.run(service, why=True).proof
    assert alive is not None
    assert by_target(alive) == {
        "self.jobs[0]": ("sleeper", "what.jobs[0]", 0),
        "self.jobs[1]": ("sleeper", "what.jobs[1]", 0),
        "ch": ("sleeper", "ch", 0),
        "other": ("second", "then", 1),
        "answers": ("lost", "answers", NEVER),
    }
    assert [len(joined) for joined in alive.rounds] == [1, 3, 1]
    assert [(m.function.rpartition(".")[2], m.count) for m in alive.never] == [("lost", 2)]
    told = text(alive)
    assert "what → .jobs → [0]: self.jobs[0] is reached" in told
    assert "nothing leads from the roots to answers: that is why they are stuck for good" in told
    assert "refers to answers: variable answers" in told
    assert witness.named >= 9


def test_a_chain_begins_with_the_global_variable_of_a_file(
    tmp_path: Path, witness: Witness
) -> None:
    file = tmp_path / "prog.py"
    file.write_text(
        "import gosim as gs\n"
        "from gosim import chan, go\n"
        "table = {'a': [None]}\n"
        "def make(ch):\n"
        "    async def handler():\n"
        "        await ch.send(1)\n"
        "    return handler\n"
        "async def main():\n"
        "    global handler\n"
        "    table['a'][0] = chan(int)\n"
        "    go(table['a'][0].recv)\n"
        "    hidden = chan(int)\n"
        "    handler = make(hidden)\n"
        "    go(hidden.recv)\n"
        "    done = gs.time.after(gs.time.Hour)\n"
        "    await gs.time.sleep(1)\n"
    )
    alive = gs.run(str(file), why=True).proof
    assert alive is not None
    chains = {c.text: [s.kind for s in c.steps] for c in alive.chains}
    assert chains == {
        'table["a"][0]': ["root", "item", "item"],
        "handler → ch": ["root", "captured"],
    }
    assert {c.origin for c in alive.chains} == {"global table", "global handler"}
    assert alive.rounds == [[], ["goroutine 7", "goroutine 8"]]
    assert alive.never == []
    run = gs.run(str(file))
    assert not any(g.in_profile for g in run.goroutines)


def test_who_made_what_is_lost_and_has_returned_is_named() -> None:
    async def first_answer() -> None:
        answers = chan(str)

        async def ask() -> None:
            await answers.send("x")

        go(ask)
        go(ask)
        await answers.recv()

    async def main() -> None:
        await first_answer()
        await gs.time.sleep(1)

    why = gs.run(main).why()
    (target,) = why.alive.targets
    assert target.maker.endswith("first_answer")
    assert "first_answer, which made answers, has returned" in why.to_text()


def test_what_a_nil_channel_waits_for_was_never_made() -> None:
    async def main() -> None:
        go(gs.nil_chan(int).recv)
        await gs.time.sleep(1)

    alive = gs.run(main).alive()
    assert all(t.nil and t.round == NEVER for t in alive.targets)
    assert "nothing can lead to what was never made" in text(alive)


# -- bytes -----------------------------------------------------------------------------------------


def test_nodes_have_the_bytes_that_they_retain() -> None:
    run = gs.run(
        str(next(v for v in SCENARIOS if v.id == "growing-service/leak").py_file), why=True
    )
    assert run.proof is not None
    (member,) = run.proof.members
    (leak,) = [leak for leak in run.leaks if leak.kind == "goroutine"]
    assert member.bytes == leak.retained_bytes > 30 << 20


def test_a_global_variable_and_what_is_in_it_have_their_bytes(tmp_path: Path) -> None:
    file = tmp_path / "prog.py"
    file.write_text(
        "import gosim as gs\n"
        "from gosim import chan, go\n"
        "queues = []\n"
        "async def main():\n"
        "    ch = chan(object, 1)\n"
        "    queues.append(ch)\n"
        "    await ch.send(gs.make_slice(gs.types.BYTE, 1 << 20))\n"
        "    go(ch.send, None)\n"
        "    await gs.time.sleep(1)\n"
    )
    run = gs.run(str(file), why=True)
    assert run.proof is not None
    root = run.proof.root("global queues")
    (target,) = run.proof.targets
    assert root is not None
    kept = {r["name"]: r["bytes"] for r in run.retained if r["kind"] == "global"}
    assert root.bytes == kept["queues"]
    assert target.bytes >= 1 << 20
    assert "keeps 1 MiB" in to_svg(sheet(run.proof))


# -- doors -----------------------------------------------------------------------------------------


async def leak() -> None:
    jobs = chan(int)

    async def worker(n: int) -> None:
        while True:
            await jobs.recv()

    for n in range(3):
        go(worker, n)
    await jobs.send(1)


def test_a_plain_run_keeps_nothing_of_it_and_asks_later() -> None:
    run = gs.run(leak)
    assert run.proof is None
    why = run.why()
    assert run.proof is why.alive
    asked = gs.run(leak, why=True)
    assert asked.proof == why.alive
    assert asked == run
    assert why.to_svg() == asked.why().to_svg()


def test_the_proof_is_plain_data() -> None:
    alive = gs.run(service, why=True).proof
    assert pickle.loads(pickle.dumps(alive)) == alive
    found = alive.to_dict() if alive is not None else {}
    assert found["schema"] == "gosim.alive/1"
    assert {chain["text"] for chain in found["chains"]} >= {"what.jobs[0]", "then"}


def test_a_run_that_cannot_be_done_again_has_to_be_asked_from_the_start() -> None:
    run = gs.run(leak, observers=[gs.Observer()])
    with pytest.raises(UsageError, match=r"why=True"):
        run.alive()
    assert gs.run(leak, observers=[gs.Observer()], why=True).alive().never


def test_frames_end_with_the_whole_picture() -> None:
    why = gs.run(service, why=True).why()
    pictures = [to_svg(each) for each in why.frames()]
    assert len(pictures) == len(why.alive.rounds) == 3
    assert pictures[-1] == why.to_svg()
    assert [p.count('data-key="gap"') for p in pictures] == [0, 0, 1]
    assert [p.count(">joins<") for p in pictures] == [0, 3, 4]


def test_it_shows_itself_in_a_notebook() -> None:
    why = gs.run(leak).why()
    bundle = why._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert bundle["text/plain"] == why.to_text()
    assert "data:image/svg+xml;base64," in bundle["text/html"]
    assert why.plot().get_ylim()[0] > why.plot().get_ylim()[1]
    assert "Never reached: 3 goroutines" in repr(why)


def test_nobody_left_is_said() -> None:
    async def main() -> None:
        pass

    why = gs.run(main).why()
    assert why.to_text() == "nobody waits: no goroutine is left"
    assert "nobody waits" in why.to_svg()


def test_the_command_line_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for suffix, begins in ((".svg", b"<svg"), (".png", b"\x89PNG"), (".pdf", b"%PDF")):
        file = tmp_path / f"why{suffix}"
        assert gosim(["run", "first-answer-wins", "--why", str(file)]) == 0
        assert file.read_bytes().startswith(begins)
    assert f"wrote {file}" in capsys.readouterr().err
    assert gosim(["run", "first-answer-wins", "--why", str(tmp_path / "why.txt")]) == 2


def test_the_report_has_it() -> None:
    html = page(gs.run(leak))
    assert "Why nobody can help any more: the marking, round by round" in html
    assert "nothing leads from the roots to jobs" in html


@pytest.mark.parametrize("shape", ["alike", "chain"])
def test_many_goroutines_are_few_boxes(shape: str) -> None:
    async def main() -> None:
        async def worker(own: Any, then: Any) -> None:
            await own.recv()
            await then.send(1)

        async def sleeper(first: Any) -> None:
            await gs.time.sleep(1000 * gs.time.Hour)
            await first.send(1)

        first = mine = chan(int)
        for _ in range(400):
            other = chan(int)
            go(worker, mine, other if shape == "chain" else mine)
            mine = other
        if shape == "chain":
            go(sleeper, first)
        await gs.time.sleep(1)

    alive = gs.run(main, why=True).proof
    assert alive is not None
    each = sheet(alive)
    assert each.overlaps() == []
    assert each.height < 2400
    assert len(to_svg(each)) < 100_000
    if shape == "alike":
        assert len(alive.members) <= 2 and alive.never[-1].count >= 399
    else:
        assert len(alive.rounds) == 401 and not alive.never
        assert "and 393 more rounds, not drawn" in " ".join(to_svg(each).split())
