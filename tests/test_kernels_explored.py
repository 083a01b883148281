"""Exploration finds the leaks of Go's own leak suite, and none that contradict it.

The whole table is in docs/kernels-explored.md; here are entries that take a moment each, one that
needs a timer to overtake computation, and, marked slow, those that single runs hardly ever show.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from gosim.cli import main
from gosim.explore.search import explore
from gosim.golang.program import GoProgram
from gosim.leaks.run import execute
from gosim.oracle.kernels import Kernel, kernels, leaks_told
from gosim.oracle.kernels_explored import Explorer, one_instance
from gosim.oracle.toolchain import Toolchain

PAGE = Path(__file__).parent.parent / "docs" / "kernels-explored.md"
#: Each is complete within a hundred schedules.
SMALL = ("NilRecv", "MutexHeap")
#: Real Go shows them sometimes; the default run and twenty random ones do not.
HIDDEN = ("Cockroach2448", "Etcd7492", "Grpc3017", "Istio18454", "Kubernetes58107")


@pytest.fixture(scope="module")
def entries(go_toolchain: Toolchain) -> dict[str, Kernel]:
    return {k.name: k for k in kernels(go_toolchain)}


def test_one_instance_of_many(entries: dict[str, Kernel], tmp_path: Path) -> None:
    folder, instances = one_instance(entries["Moby27782"], tmp_path)
    assert instances == 10_000
    assert sorted(f.name for f in Path(folder).iterdir()) == ["main.go", "moby27782.go"]
    text = (Path(folder) / "moby27782.go").read_text()
    original = (Path(entries["Moby27782"].folder) / "moby27782.go").read_text()
    assert text == original.replace("i < 10000;", "i < 1;")


def test_a_kernel_that_is_started_once_stays_as_it_is(
    entries: dict[str, Kernel], tmp_path: Path
) -> None:
    folder, instances = one_instance(entries["Etcd5509"], tmp_path)
    text = (Path(folder) / "etcd5509.go").read_text()
    assert instances == 1
    assert text == (Path(entries["Etcd5509"].folder) / "etcd5509.go").read_text()


@pytest.mark.parametrize("name", SMALL)
def test_small_kernels_are_explored_to_the_end(
    entries: dict[str, Kernel], go_toolchain: Toolchain, tmp_path: Path, name: str
) -> None:
    go, kernel = go_toolchain.version, entries[name]
    found = Explorer(go, tmp_path, schedules=300).explore(kernel)
    assert (found.missing, found.unexpected, found.bound) == ([], {}, None)
    assert found.traces > 1
    program = GoProgram(str(tmp_path / name), go=go, explored=True)
    for pattern, shown in found.found.items():
        run = execute(program, go=go, replay=shown.least, args=[name])
        assert any(re.search(pattern, leak) for leak in leaks_told(run.stdout))


def test_a_leak_that_needs_a_timer_to_overtake_computation(
    entries: dict[str, Kernel], go_toolchain: Toolchain, tmp_path: Path
) -> None:
    """No run under ``random`` shows it: there a timer fires only when nobody can run."""
    found = Explorer(go_toolchain.version, tmp_path, schedules=12).explore(entries["Etcd7492"])
    assert found.missing == [] and found.unexpected == {}
    assert "default" not in {shown.by for shown in found.found.values()}


@pytest.mark.slow
@pytest.mark.parametrize("name", HIDDEN)
def test_leaks_that_single_runs_do_not_show(
    entries: dict[str, Kernel], go_toolchain: Toolchain, tmp_path: Path, name: str
) -> None:
    found = Explorer(go_toolchain.version, tmp_path, seconds=240).explore(entries[name])
    assert found.missing == [] and found.unexpected == {}


@pytest.mark.slow
def test_a_leak_that_go_lists_and_that_cannot_be(
    entries: dict[str, Kernel], go_toolchain: Toolchain, tmp_path: Path
) -> None:
    """Moby27782: who closes the log watcher needs the lock that its reader holds to its end."""
    kernel = entries["Moby27782"]
    folder, _ = one_instance(kernel, tmp_path)
    program = GoProgram(folder, go=go_toolchain.version, explored=True)
    found = explore(program, minimise=0, args=[kernel.name])
    assert found.complete and found.outcomes == {"ok": found.schedules}


def test_the_page_has_every_entry(entries: dict[str, Kernel]) -> None:
    rows = re.findall(r"^(\w+) +(certain|flaky|no leak) .* traces", PAGE.read_text(), re.M)
    kinds = [
        (k.name, "no leak" if not k.leaks else "flaky" if k.flaky else "certain")
        for k in entries.values()
    ]
    assert rows == kinds


def test_the_command_goes_on_from_its_log(
    entries: dict[str, Kernel], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log"
    ask = ["kernels", "--explore", "NilSend", "--log", str(log), "--copies", str(tmp_path)]
    assert main(ask) == 0
    first = capsys.readouterr().out
    assert re.search(r"NilSend +certain +1 of 1 in 1 \(default\)", first)
    entry = json.loads(log.read_text())
    assert entry["name"] == "NilSend" and entry["complete"]
    entry["schedules"] = 12_345  # not what a new exploration would say
    log.write_text(json.dumps(entry) + '\n{"name": "cut sho')
    assert main(ask) == 0
    assert " 12345 " in capsys.readouterr().out
    assert main([*ask, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == "gosim.kernels.explored/1"
    assert data["kernels"] == [entry]
