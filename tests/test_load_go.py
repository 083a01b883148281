"""A load in gosim costs per call what it costs in real Go (recorded with its version)."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from gosim.golang.program import GoProgram
from gosim.oracle.load import RealLoad, load_go, recorded
from gosim.oracle.toolchain import Toolchain
from gosim.runtime.program import File, Program
from gosim.scenario import find
from gosim.traffic.arrivals import SECOND, Arrivals
from gosim.traffic.handler import served
from gosim.traffic.limits import address_pages
from gosim.traffic.result import Load
from gosim.traffic.service import serve
from tests.record_loads import FILE, LOADS, Case, name

REAL = recorded(FILE)
LEAKS = [case for case in LOADS if case.variant == "leak"]
REPAIRS = [case for case in LOADS if case.variant != "leak"]


@cache
def simulated(case: Case, source: str) -> Load:
    """The same load in gosim."""
    variant = find(case.scenario).variant(case.variant)
    path = str(variant.file("python" if source == "python" else "go"))
    program: Program = File(path) if source == "python" else GoProgram(path)
    function = case.function
    if source == "python":
        function = "".join(f"_{c.lower()}" if c.isupper() else c for c in function)
    arrivals = Arrivals(f"{SECOND / case.every_ns:g}/s")
    return serve(served(program, function), arrivals, case.calls * case.every_ns)


def check(load: Load, real: RealLoad) -> None:
    """Goroutines are equal, and bytes within 10 %."""
    assert load.calls == real.calls
    assert load.goroutines == real.goroutines
    stack, heap = load.cost.stack * load.calls, load.cost.heap * load.calls
    assert stack == pytest.approx(real.stack, rel=0.1)
    assert heap == pytest.approx(real.heap, rel=0.1)
    assert stack + heap == pytest.approx(real.stack + real.heap, rel=0.1)


@pytest.mark.parametrize("source", ["python", "go"])
@pytest.mark.parametrize("case", LEAKS, ids=name)
def test_a_call_leaves_what_it_leaves_in_real_go(case: Case, source: str) -> None:
    check(simulated(case, source), REAL[name(case)])


@pytest.mark.parametrize("case", LEAKS, ids=name)
def test_top_grows_as_in_real_go(case: Case) -> None:
    load, real = simulated(case, "go"), REAL[name(case)]
    assert load.rss - load.base["rss"] == pytest.approx(real.rss, rel=0.1)


@pytest.mark.parametrize("source", ["python", "go"])
@pytest.mark.parametrize("case", REPAIRS, ids=name)
def test_a_repaired_call_leaves_nothing(case: Case, source: str) -> None:
    load, real = simulated(case, source), REAL[name(case)]
    assert load.goroutines == real.goroutines == 0
    # Dead goroutines keep their descriptors and some their stacks; that is of no call.
    assert abs(real.heap) + abs(load.cost.heap * load.calls) < 64 << 10
    assert load.rss < 12 << 20
    assert real.last_rss < 12 << 20


_GREEDY = """\
package main

var keep [][]byte

func main() {
	for {
		b := make([]byte, 1<<20)
		for i := range b {
			b[i] = 1
		}
		keep = append(keep, b)
	}
}
"""


@pytest.mark.go
@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="ulimit -v is Linux's")
def test_without_address_space_real_go_ends_in_the_same_words(
    go_toolchain: Toolchain, tmp_path: Path
) -> None:
    import resource

    (tmp_path / "go.mod").write_text("module greedy\n\ngo 1.21\n", encoding="utf-8")
    (tmp_path / "main.go").write_text(_GREEDY, encoding="utf-8")
    go_toolchain.make_executable()
    subprocess.run(
        [str(go_toolchain.go), "build", "-o", "greedy", "."],
        cwd=tmp_path,
        env=go_toolchain.environment(),
        check=True,
    )
    limit = 1400 << 20
    done = subprocess.run(
        [str(tmp_path / "greedy")],
        env={"GOMAXPROCS": "1"},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert done.returncode == 2
    words = r"runtime: out of memory: cannot allocate 4194304-byte block \((\d+) in use\)\nfatal "
    found = re.match(words + r"error: out of memory\n", done.stderr)
    assert found is not None
    pages = address_pages(limit, go_toolchain.version)
    # The first arena may begin in its middle (1.26 and later).
    assert pages * 8192 - (72 << 20) < int(found[1]) <= pages * 8192


@pytest.mark.go
@pytest.mark.slow
@pytest.mark.parametrize("case", LOADS, ids=name)
def test_real_go_says_the_same_again(case: Case, go_toolchain: Toolchain) -> None:
    path = Path(find(case.scenario).variant(case.variant).file("go"))
    real = load_go(
        path,
        case.function,
        go_toolchain,
        calls=case.calls,
        every_ns=case.every_ns,
    )
    before = REAL[name(case)]
    assert real.goroutines == before.goroutines
    assert real.stack == pytest.approx(before.stack, rel=0.05, abs=128 << 10)
    assert real.heap == pytest.approx(before.heap, rel=0.05, abs=64 << 10)
