"""Each scenario's Go file under gosim does what its Python telling does and what real Go did."""

from __future__ import annotations

from typing import Any

import pytest

from gosim.golang.program import GoProgram
from gosim.leaks.run import Run, execute
from gosim.oracle.compare import differences
from tests.scenario_cases import ATTEMPTS, Variant, cases, outcome_of, real, simulate, waits

GO_CASES = cases("go")

#: Where real Go does now this and now that, and in what it may differ.
DIFFERS = {
    # Which stacks of the dead a collection has freed by then: 80 MiB as recorded, or none.
    ("array-by-value/concurrent", "1.22"): ["stdout", "stdout"],
}

#: Of compiled programs gosim does not tell yet what is pinned: the verdict on these is missing.
PINNED = {
    "pointers-cut-off/leak",
    "pointers-cut-off/delete",
    "pointers-cut-off/queue",
    "shared-buffer/leak",
    "subslice-keeps-array/leak",
    "subslice-keeps-array/clip",
    "substring-keeps-string/leak",
}


def simulated(variant: Variant, version: str) -> Run:
    return execute(GoProgram(str(variant.go_file), go=version), variant=variant.name, go=version)


def _unequal(variant: Variant, version: str, run: Run, attempt: int) -> list[str]:
    go = real(variant, version, attempt)
    how: Any = {"exact": "exact", "unordered": "sorted", "free": "ignore"}[variant.table["stdout"]]
    found = [str(d) for d in differences(run.to_dict(), go, stdout=how, telling="go")]
    if how == "exact" and run.stdout != go.stdout:
        found.append(f"stdout {run.stdout!r}, Go {go.stdout!r}")
    # Of a process that panics Go shows the one goroutine that did.
    if run.outcome != "panic" and waits(run.goroutines) != waits(go.goroutines):
        found.append(f"left {waits(run.goroutines)}, Go {waits(go.goroutines)}")
    if variant.table.get("evidence") != "memory" and outcome_of(go) != run.outcome:
        found.append(f"outcome {run.outcome}, Go {outcome_of(go)}")
    return found


@pytest.mark.parametrize(("variant", "version"), GO_CASES)
def test_the_go_file_does_under_gosim_what_it_does_under_go(variant: Variant, version: str) -> None:
    """Goroutines left with lines and wait reasons, output, exit code, last words."""
    if variant.expect(version) == "compile-error":
        pytest.skip("it does not compile, which is the lesson")
    run = simulated(variant, version)
    found: list[str] = []
    for attempt in range(ATTEMPTS):
        found = _unequal(variant, version, run, attempt)
        kinds = [each.split()[0].rstrip(":") for each in found]
        if kinds in ([], DIFFERS.get((variant.id, version), [])):
            return
    raise AssertionError("\n".join(found))


@pytest.mark.parametrize(
    ("variant", "version"), [c for c in GO_CASES if "python" in c.values[0].sources]
)
def test_both_tellings_end_alike(variant: Variant, version: str) -> None:
    go, python = simulated(variant, version), simulate(variant, version)
    if variant.id in PINNED and python.outcome == "leak":
        assert {leak.kind for leak in python.leaks} == {"memory"}
        assert go.outcome == "ok" and go.stdout == python.stdout
        return
    assert go.outcome == python.outcome
    assert waits(go.goroutines) == waits(python.goroutines)
    assert [leak.verdict for leak in go.leaks] == [leak.verdict for leak in python.leaks]
    if variant.table["stdout"] == "exact":
        assert go.stdout == python.stdout
