"""What the headline says of each lesson about memory, as facts: for good or not, bytes, holder.

The bytes are those that the program's own constants come to, not what was read off a run.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple

import pytest

import gosim as gs
from gosim.leaks.run import Run
from gosim.views.text import headline
from tests.scenario_cases import NEWEST, Variant, simulate, variants

KIB, MIB = 1 << 10, 1 << 20
PERMANENT, TEMPORARY, NONE = "permanent", "temporary", "none"


class Facts(NamedTuple):
    """What is expected.

    Attributes
    ----------
    verdict : str
        Something stays for good; something was there and is not any more; neither.
    bytes : float
        How much, within 6 %; 0 if no bytes are told.
    holder : str
        Who keeps the most of what is left, when main returns; empty where that is the runtime or
        next to nothing.
    """

    verdict: str
    bytes: float
    holder: str


EXPECTED: Final = {
    "append-growth/grown": Facts(NONE, 0, "global numbers"),
    "append-growth/preallocated": Facts(NONE, 0, "global numbers"),
    "array-by-value/leak": Facts(PERMANENT, 25 * 8 * MIB, "25 × main.call"),
    "array-by-value/sequential": Facts(TEMPORARY, 8 * MIB, ""),
    "array-by-value/concurrent": Facts(TEMPORARY, 25 * 8 * MIB, ""),
    "array-by-value/slice": Facts(NONE, 0, ""),
    "batches/all-at-once": Facts(TEMPORARY, 32 * MIB, ""),
    "batches/in-batches": Facts(TEMPORARY, 4 * MIB, ""),
    "collector-steps/steps": Facts(NONE, 0, ""),
    "defer-in-loop/leak": Facts(PERMANENT, 20 * MIB, "main.serve"),
    "defer-in-loop/fixed": Facts(TEMPORARY, 0, ""),
    "defer-order/order": Facts(NONE, 0, ""),
    "goroutine-burst/burst": Facts(TEMPORARY, 10_000 * 2 * KIB, ""),
    "goroutine-burst/workers": Facts(NONE, 0, ""),
    "goroutine-bytes/leak": Facts(PERMANENT, 1000 * (2 * KIB + 480 + 112), "1000 × main.wait"),
    "goroutine-bytes/open-the-gate": Facts(TEMPORARY, 1000 * 2 * KIB, ""),
    "growing-service/leak": Facts(PERMANENT, 60 * 512 * KIB, "60 × main.fetch"),
    "growing-service/fixed": Facts(TEMPORARY, 3 * 512 * KIB, ""),
    "map-never-shrinks/leak": Facts(PERMANENT, 9 * MIB, "global sessions"),
    "map-never-shrinks/fixed": Facts(TEMPORARY, 9 * MIB, ""),
    "map-set/compared": Facts(NONE, 0, "global"),
    "object-pool/without": Facts(NONE, 0, "global last"),
    "object-pool/pooled": Facts(NONE, 0, ""),
    "out-of-memory/leak": Facts(PERMANENT, 50 * MIB, "50 × main.work"),
    "out-of-memory/fixed": Facts(NONE, 0, ""),
    "pointers-cut-off/leak": Facts(PERMANENT, 30 * MIB, "global jobs"),
    "pointers-cut-off/queue": Facts(PERMANENT, 30 * MIB, "global jobs"),
    "pointers-cut-off/fixed": Facts(TEMPORARY, 30 * MIB, "global jobs"),
    "shared-buffer/leak": Facts(PERMANENT, 32 * MIB, "global scratch"),
    "shared-buffer/fixed": Facts(TEMPORARY, 32 * MIB, ""),
    "struct-layout/as-it-came": Facts(NONE, 0, "global blocks"),
    "struct-layout/sorted": Facts(NONE, 0, "global blocks"),
    "subslice-keeps-array/leak": Facts(PERMANENT, 40 * MIB, "global heads"),
    "subslice-keeps-array/fixed": Facts(NONE, 0, ""),
    "substring-keeps-string/leak": Facts(PERMANENT, 40 * MIB, "global ids"),
    "substring-keeps-string/fixed": Facts(NONE, 0, ""),
    "temporary-or-permanent/leak": Facts(PERMANENT, 8 * MIB, "8 × main.session"),
    "temporary-or-permanent/late": Facts(TEMPORARY, 8 * MIB, ""),
}
_UNITS: Final = {"B": 1, "KiB": KIB, "MiB": MIB}
_NEXT_TO_NOTHING: Final = 16 * KIB


def lessons() -> list[Variant]:
    return [v for v in variants() if v.folder.parent.name == "memory" and "python" in v.sources]


def verdict(line: str) -> str:
    if line.startswith("leak: "):
        return PERMANENT if "for good" in line else TEMPORARY
    assert line.startswith("ok: ")
    return TEMPORARY if "temporary: " in line or "outlived main" in line else NONE


def amount(line: str) -> float:
    """Return the first bytes that are told, without those of the runtime."""
    told = re.search(r"([\d.]+) (B|KiB|MiB)\b", line.partition("; the runtime keeps")[0])
    return float(told[1]) * _UNITS[told[2]] if told else 0


def holder(run: Run) -> str:
    record = run.memory_record
    held = record.holdings if record is not None else []
    own = [h for h in held if h.holder != "the runtime" and h.bytes >= _NEXT_TO_NOTHING]
    return max(own, key=lambda h: h.bytes).holder if own else ""


def test_the_first_and_the_fixed_variant_of_every_lesson_is_held() -> None:
    first = {v.id for v in lessons() if v.scenario["variant"][0]["name"] == v.name}
    wanted = first | {v.id for v in lessons() if v.name == "fixed"}
    assert wanted - {"collector-steps/steps"} <= EXPECTED.keys() <= {v.id for v in lessons()}


@pytest.mark.parametrize(
    "variant", [v for v in lessons() if v.id in EXPECTED], ids=lambda v: str(v.id)
)
def test_the_headline_says_whether_it_stays_how_much_and_who_keeps_it(variant: Variant) -> None:
    expected = EXPECTED[variant.id]
    run = simulate(variant, NEWEST, memory=True)
    line = headline(run)
    assert verdict(line) == expected.verdict, line
    assert amount(line) == pytest.approx(expected.bytes, rel=0.06), line
    found = holder(run)
    assert expected.holder in found and bool(found) == bool(expected.holder), found


KEPT: Final = """\
package main

import (
	"fmt"
	"runtime"
)

type page struct{ text [1 << 20]byte }

var pages [][]byte
var home = &page{}

func session(logout chan int) {
	mine := make([]int, 1<<17)
	<-logout
	fmt.Println(mine[0])
}

func main() {
	for range 5 {
		pages = append(pages, make([]byte, 1<<20))
	}
	logout := make(chan int)
	for range 3 {
		go session(logout)
	}
	runtime.Gosched()
	runtime.GC()
	fmt.Println(len(pages), home != nil)
}
"""


def test_a_go_program_says_what_its_goroutines_and_variables_keep(tmp_path: Path) -> None:
    file = tmp_path / "kept.go"
    file.write_text(KEPT)
    run = gs.run(str(file), memory=True)
    assert headline(run) == "leak: 3 goroutines are stuck for good and keep 3 MiB alive"
    assert run.memory_record is not None
    held = [
        (h.holder, h.what, Path(h.at).name)
        for h in run.memory_record.holdings
        if h.bytes >= 1 << 20
    ]
    assert held == [
        ("global pages", "[]byte, 5 × 1 MiB", "kept.go:21"),
        ("3 × main.session (chan receive)", "arrays, 3 × 1 MiB", "kept.go:14"),
        ("global home", "main.page, 1 × 1 MiB", "kept.go:11"),
    ]
    roots = run.why().to_text().splitlines()[0]
    assert "marked first: 2 global variables, 3 functions" in roots
