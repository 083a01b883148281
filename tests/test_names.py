"""A channel, lock or timer is called after the variable it was first stored in."""

from __future__ import annotations

import keyword
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gosim as gs
from gosim.leaks.names import Code, name_of
from gosim.runtime.current import current_world

STATEMENTS = [
    ("x = chan(int)", "x"),
    ("x = chan(int, cap=3)", "x"),
    ("x: object = chan(int)", "x"),
    ("x = y = chan(int)", "x"),
    ("y, x = 1, chan(int)", "x"),
    ("x, y = chan(int), chan(str)", "x"),
    ("if (x := chan(int)) is not None: pass", "x"),
    ("x = chan(int) if keep else chan(str)", "x"),
    ("x = chan(str) if not keep else chan(int)", "x"),
    ("box = Box(); box.x = chan(int)", "box.x"),
    ("box = Box(); box.inner = Box(); box.inner.x = chan(int)", "box.inner.x"),
    ("d = {}; d['k'] = chan(int)", "d['k']"),
    ("d = {}; k = 1; d[k] = chan(int)", "d[k]"),
    ("x = [chan(int) for _ in range(2)]", "x[…]"),
    ("x = {i: chan(int) for i in range(2)}", "x[…]"),
    ("x = [chan(int), chan(int)]", "x[0]"),
    ("x = {'a': chan(int)}", "x[…]"),
    ("x = []; x.append(chan(int))", "x[…]"),
    ("take(chan(int))", "inbox"),
    ("take(inbox=chan(int))", "inbox"),
    ("go(worker, 1, chan(int))", "jobs"),
    ("x = nil_chan(int)", "x"),
    ("x = sync.Mutex()", "x"),
    ("x = sync.RWMutex()", "x"),
    ("x = sync.WaitGroup()", "x"),
    ("x = sync.Once()", "x"),
    ("x = sync.Cond(sync.Mutex())", "x.L"),
    ("y = sync.Mutex(); x = sync.Cond(y)", "y"),
    ("x = time.new_timer(5)", "x"),
    ("x = max([chan(int)], key=id)", None),
]

PROGRAM = """
import gc
import gosim as gs
from gosim import chan, go, nil_chan
from gosim.runtime.chan import Chan
from gosim.std.primitive import Primitive
sync, time = gs.sync, gs.time

made, kept = [], []

class Box: pass

def take(inbox): kept.append(inbox)

async def worker(i, jobs): kept.append(jobs)

async def main():
    keep = True
    {statement}
    gc.collect()
    here = [o for o in gc.get_objects() if isinstance(o, Chan | Primitive) and o.world is WORLD()]
    made.extend(sorted(here, key=lambda o: o.made_lasti))
"""


def first_made(statement: str) -> tuple[Any, Code]:
    """Run `statement` and return the first thing it makes."""
    namespace: dict[str, Any] = {"WORLD": current_world}
    exec(compile(PROGRAM.format(statement=statement), "names.py", "exec"), namespace)
    gs.run(namespace["main"])
    return namespace["made"][0], Code([namespace])


@pytest.mark.parametrize(("statement", "name"), STATEMENTS, ids=[s for s, _ in STATEMENTS])
def test_the_name_is_that_of_the_first_variable(statement: str, name: str | None) -> None:
    assert name_of(*first_made(statement)) == name


names = st.from_regex(r"[a-z_][a-z0-9_]{0,12}", fullmatch=True).filter(
    lambda name: not keyword.iskeyword(name)
    and name not in ("chan", "go", "gs", "main", "r", "worker", "_", "print")
)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(names)
def test_any_variable_gives_its_name(name: str) -> None:
    source = (
        "from gosim import chan, go\n"
        f"async def worker(r): await r.recv()\n"
        "async def main():\n"
        f"    {name} = chan(int)\n"
        f"    go(worker, {name})\n"
    )
    namespace: dict[str, Any] = {}
    exec(compile(source, "names_program.py", "exec"), namespace)
    run = gs.run(namespace["main"])
    assert [thing.name for g in run.goroutines for thing in (w.thing for w in g.waits)] == [name]


def test_a_name_outlives_the_function_that_gave_it(tmp_path: Any) -> None:
    file = tmp_path / "p.py"
    file.write_text(
        "from gosim import chan, go\n"
        "def make():\n"
        "    gate = chan(int)\n"
        "    return gate\n"
        "async def wait(g): await g.recv()\n"
        "async def main():\n"
        "    go(wait, make())\n"
    )
    (g,) = gs.run(str(file)).goroutines
    assert g.to_dict()["waits_for"][0] == {
        "kind": "chan",
        "name": "gate",
        "cap": 0,
        "len": 0,
        "made_at": f"{file}:3",
    }


def test_the_channel_of_a_ticker_and_of_a_context_are_named_after_their_owner() -> None:
    async def beat(c: Any) -> None:
        await c.recv()

    async def main() -> None:
        pulse = gs.time.new_ticker(5)
        await pulse.stop()
        go_on, _ = gs.context.with_cancel(gs.context.background())
        gs.go(beat, pulse.C)
        gs.go(beat, go_on.done())
        await gs.time.sleep(1)

    run = gs.run(main)
    assert [w.thing.name for g in run.goroutines for w in g.waits] == ["pulse.C", "go_on.done()"]
