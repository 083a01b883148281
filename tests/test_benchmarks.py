"""The benchmarks measure the work they say, and write down what they measured."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from benchmarks import __main__ as command
from benchmarks import exploring, memory, table
from benchmarks.golang import COUNTS, Go
from benchmarks.table import Line, Result, Row
from gosim.runtime.mgc import Memory
from gosim.runtime.proc import World
from gosim.runtime.program import File, Function

SMALL = {"sleeps": 2000, "sieve": 1}
EVERY = [
    (column, row)
    for column, module in table.PYTHON.items()
    for row in importlib.import_module(module).PROGRAMS
]


@pytest.mark.parametrize(("column", "row"), EVERY)
def test_every_program_does_its_work(column: str, row: str) -> None:
    # Each program checks its own result, where it has one.
    measured = table.programs(column)[row](SMALL.get(row, 200))
    assert measured.spent > 0


@pytest.mark.parametrize("row", table.programs("gosim"))
def test_a_run_without_memory_objects_pays_nothing_for_memory(
    row: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def simulated(world: World) -> None:
        raise AssertionError("the memory of this world is simulated")

    monkeypatch.setattr(World, "memory_of", simulated)
    table.programs("gosim")[row](SMALL.get(row, 200))
    for loop in (World.Fast._run, World.Fast.advance):
        assert "memory" not in loop.__code__.co_names
        assert "memory" in getattr(World.Counted, loop.__name__).__code__.co_names


PYTHONS_OWN = """
import gc, struct
from gosim import chan
async def main():
    gc.collect()
    bytes(3)
    struct.pack("B", 1)
    await chan(int, 1).send(1)
"""
GOSIMS = """
from gosim import new
async def main():
    new(int)
"""


@pytest.mark.parametrize(("text", "uses"), [(PYTHONS_OWN, False), (GOSIMS, True)])
def test_python_modules_named_like_gosims_cost_nothing(
    text: str, uses: bool, tmp_path: Path
) -> None:
    file = tmp_path / "program.py"
    file.write_text(text, encoding="utf-8")
    assert File(str(file)).uses_memory() is uses
    scope: dict[str, Any] = {}
    exec(compile(text, str(file), "exec"), scope)
    assert Function(scope["main"]).uses_memory() is uses


@pytest.mark.parametrize("row", table.ROWS, ids=lambda row: row.key)
def test_every_row_can_be_compared(row: Row) -> None:
    beside = row.compare or row.key
    assert row.key in table.programs("gosim")
    assert row.key in table.programs("SimPy") or beside in table.programs("SimPy")
    assert row.go_at_most is None or beside in COUNTS


def test_ratios_are_ratios_of_medians_and_are_held_against_their_bounds() -> None:
    plain = Result(Row("plain", "plain", 1, simpy_at_least=4, go_at_most=2))
    for ns in (100, 300, 200):
        plain.add("gosim", ns, 0)
    for ns in (900, 1000, 5000):
        plain.add("SimPy", ns, 0)
    for ns in (80, 120, 100):
        plain.add("Go", ns, 0)
    variant = Result(Row("variant", "variant", 1, simpy_at_least=4, compare="plain"))
    variant.add("gosim", 500, 0)
    first, second = table.lines([plain, variant])
    assert (first.simpy, first.go, first.kept) == (5, 2, True)
    assert (second.simpy, second.kept) == (2, False)


def test_memory_is_a_line_of_its_own() -> None:
    result = Result(Row("blocked", "blocked", 1))
    result.add("gosim", 100, 700)
    result.add("Go", 100, 2800)
    _, memory = table.lines([result])
    assert memory.go == 0.25
    assert memory.go_at_most == table.MEMORY_AT_MOST
    assert memory.cells == {"gosim": "700 B", "Go": "2 800 B"}


@pytest.mark.parametrize("row", memory.ROWS)
def test_every_row_about_memory_does_its_work(row: str) -> None:
    # Each program checks that its objects are there; in a process of its own, as it is measured.
    python, gosim = memory.once_in_a_fresh_process(row, 5000)
    assert python > 0 and gosim > 0


@pytest.mark.parametrize("program", [memory.dropped, memory.kept], ids=["dropped", "kept"])
def test_collections_are_part_of_what_allocations_cost(
    program: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cycles = 0
    end = Memory._ended

    def ended(self: Memory) -> None:
        nonlocal cycles
        cycles += 1
        end(self)

    monkeypatch.setattr(Memory, "_ended", ended)
    program(290_000)  # 4.6 MB, beyond the first goal of 4 MiB
    assert cycles > 0


def test_memory_is_held_against_its_bounds() -> None:
    allocated = memory.Row("allocated", memory.dropped, 12)
    free = memory.Row("free", memory.windows)
    kept, missed, unasked = [
        memory.Cost(row, 100, ns) for row, ns in ((allocated, 1200), (allocated, 1300), (free, 9e9))
    ]
    assert (kept.kept, missed.kept, unasked.kept) == (True, False, True)
    assert memory.as_markdown([kept, missed, unasked]).splitlines()[2:] == [
        "| allocated | 100 ns | 1 200 ns | 12.00 (≤ 12) | kept |",
        "| allocated | 100 ns | 1 300 ns | 13.00 (≤ 12) | missed |",
        "| free | 100 ns | 9000.00 ms | 90000000.00 |  |",
    ]


def test_without_go_the_table_has_no_ratio_and_no_verdict_about_it() -> None:
    line = Line("work", {"gosim": "1 ns"}, None, 7, None, 2.7)
    assert line.kept
    assert table.cells(line)[-3:-1] == ("–", "–")


def test_no_toolchain_is_said_in_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.golang.find_toolchain", lambda version: None)
    go = Go.built()
    assert "no Go toolchain" in go.missing
    assert go.measure("pingpong") is None


def test_writing_keeps_what_stands_around_the_table(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(f"above\n{command.BEGIN}\nold\n{command.END}\nbelow\n", encoding="utf-8")
    command.write(page, "new")
    command.write(page, "newer")
    assert page.read_text(encoding="utf-8") == (
        f"above\n{command.BEGIN}\nnewer\n{command.END}\nbelow\n"
    )


def test_the_page_has_a_place_for_the_table() -> None:
    text = command.PAGE.read_text(encoding="utf-8")
    assert text.count(command.BEGIN) == text.count(command.END) == 1


def test_exploration_is_measured_with_one_process_and_with_two() -> None:
    work = exploring.Work("four on one mutex", lambda: exploring.mutex(4), 24)
    (one,) = exploring.measure([work], 2)
    assert (one.schedules, len(one.alone), len(one.together)) == (24, 2, 2)
    one.alone, one.together = [100.0], [180.0]
    assert exploring.as_markdown([one]).splitlines()[-1] == (
        "| four on one mutex | 24 | 100 | 180 | 1.80 (≥ 1.7) | kept |"
    )
    titles = [work.title for work in exploring.works(None)]
    assert len(titles) == 2 and titles[0].startswith("philosophers(10)")
