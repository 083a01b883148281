"""Every scenario says the same thing three times: in Python, in Go under real Go, in its toml."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from gosim.oracle import BuildError, OracleError, find_toolchain, run_go
from gosim.oracle.compare import differences
from gosim.oracle.run import _x_sync
from tests.scenario_cases import (
    ATTEMPTS,
    NEWEST,
    OLD,
    Variant,
    cases,
    folders,
    load,
    outcome_of,
    real,
    simulate,
    variants,
    waits,
)

CONSTANT = r"(?m)^const n = \d+$"
ROWS = {
    *("A1", "A2", "B1", "B2", "B3", "B4", "B5", "B6"),
    *("C0", "C1", "C2", "C3", "C4", "C5", "C6", "D1", "D2"),
    *("E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8", "F1", "F2"),
}


# ------------------------------------------------------------------------- what a folder holds


def test_every_row_of_the_article_that_is_a_program_has_a_scenario() -> None:
    rows = {row for folder in folders() for row in load(folder)["rows"]}
    assert rows >= ROWS
    primary = [row for folder in folders() for row in load(folder).get("primary_rows", [])]
    assert sorted(primary) == sorted(set(primary)), "a row is named by one scenario"
    assert set(primary) >= ROWS


@pytest.mark.parametrize("folder", folders(), ids=lambda p: p.name)
def test_a_scenario_folder_is_complete(folder: Path) -> None:
    scenario = load(folder)
    assert {"title", "rows", "family", "story", "fix", "variant"} <= scenario.keys()
    assert scenario["family"] == folder.parent.name
    assert "Go promises" in scenario["story"], "what is promised and what happens are kept apart"
    tables = scenario["variant"]
    names = [t["name"] for t in tables]
    assert len(set(names)) == len(names)
    leaking = [t for t in tables if t["expect"] != "ok" or t.get("expect_by_version")]
    if leaking:
        assert names[0] == "leak"
    assert any(t["expect"] == "ok" for t in tables), "somebody shows how it is done"
    told = {f"{t['name']}.{end}" for t in tables for end in ("go", "py")}
    for source, end in (("python", "py"), ("go", "go")):
        told -= {f"{t['name']}.{end}" for t in tables if source not in t.get("sources", [source])}
    assert {p.name for p in folder.iterdir() if p.suffix in (".go", ".py")} == told
    for table in tables:
        assert table["summary"] and table["stdout"] in ("exact", "unordered", "free")


@pytest.mark.parametrize("variant", variants(), ids=lambda v: v.id)
def test_programs_fit_on_a_projector(variant: Variant) -> None:
    for file in variant.folder.glob(f"{variant.name}.*"):
        lines = file.read_text("utf-8").splitlines()
        assert len(lines) <= 50, f"{file.name} has {len(lines)} lines"
        assert max(map(len, lines)) <= 120


@pytest.mark.parametrize("folder", folders(), ids=lambda p: p.name)
def test_parameters_stand_in_every_program_with_the_same_value(folder: Path) -> None:
    scenario = load(folder)
    for name, value in scenario.get("params", {}).items():
        found = 0
        for file in sorted([*folder.glob("*.go"), *folder.glob("*.py")]):
            pattern = rf"^(?:const )?{name}\s*=\s*(\d+)$"
            for said in re.findall(pattern, file.read_text("utf-8"), re.M):
                assert int(said) == value, file.name
                found += 1
        assert found, f"no program has the parameter {name}"


# ----------------------------------------------------------------- Python, Go and the toml agree


@pytest.mark.parametrize(("variant", "version"), cases())
def test_python_does_what_the_toml_says(variant: Variant, version: str) -> None:
    run = simulate(variant, version)
    assert run.outcome == variant.expect(version), run.to_dict()["leaks"]


def _unequal(variant: Variant, version: str, run: Any, attempt: int) -> list[str]:
    go = real(variant, version, attempt)
    how: Any = {"exact": "exact", "unordered": "sorted", "free": "ignore"}[variant.table["stdout"]]
    found = [str(d) for d in differences(run.to_dict(), go, stdout=how, telling="python")]
    # Said once more without the comparison's own judgement of what can be compared.
    if how == "exact" and run.stdout != go.stdout:
        found.append(f"stdout {run.stdout!r}, Go {go.stdout!r}")
    # Of a process that panics Go shows the one goroutine that did.
    if run.outcome != "panic" and waits(run.goroutines) != waits(go.goroutines):
        found.append(f"left {waits(run.goroutines)}, Go {waits(go.goroutines)}")
    if variant.hangs(version) != go.hung:
        found.append("real Go hangs" if go.hung else "real Go does not hang")
    expected = variant.expect(version)
    if variant.table.get("evidence") == "memory":
        expected = "ok"  # what is lost is memory: test_a_forgotten_timer_costs_what_it_costs_in_go
    if outcome_of(go) != expected:
        found.append(f"real Go: {outcome_of(go)}, scenario.toml: {expected}")
    return found


@pytest.mark.parametrize(
    ("variant", "version"), [c for c in cases() if "go" in c.values[0].sources]
)
def test_python_does_what_real_go_does(variant: Variant, version: str) -> None:
    """Goroutines left, wait reasons, output, exit code, last words, place in the leak profile."""
    run = simulate(variant, version)
    found: list[str] = []
    for attempt in range(ATTEMPTS):
        found = _unequal(variant, version, run, attempt)
        if not found:
            return
    raise AssertionError("\n".join(found))


@pytest.mark.parametrize(("variant", "version"), cases(expect="ok"))
def test_what_is_repaired_leaves_nothing(variant: Variant, version: str) -> None:
    run = simulate(variant, version)
    assert run.goroutines == []
    assert [leak for leak in run.leaks if leak.verdict in ("permanent", "unproven")] == []


@pytest.mark.parametrize(
    "variant",
    [
        pytest.param(v, id=v.id)
        for v in variants()
        if v.table["expect"] == "ok"
        and not v.table.get("expect_by_version")
        and v.table.get("repairs", True)
    ],
)
def test_what_is_repaired_is_repaired_under_every_schedule(variant: Variant) -> None:
    """A repair that needs Go's favourite order would be none: ten random schedules."""
    if "go(" not in variant.py_file.read_text("utf-8"):
        pytest.skip("one goroutine has one schedule")
    for seed in range(variant.table.get("seeds", 10)):
        run = simulate(variant, NEWEST, policy="random", seed=seed)
        assert (run.outcome, run.goroutines) == ("ok", []), f"seed {seed}: {run.schedule}"


@pytest.mark.parametrize(("variant", "version"), cases(expect="leak"))
def test_what_leaks_is_proved(variant: Variant, version: str) -> None:
    """No scenario ends in "unproven", and every finding is explained and has a repair."""
    run = simulate(variant, version)
    assert run.leaks
    for leak in run.leaks:
        assert leak.verdict == "permanent"
        assert leak.explanation and leak.fix


@pytest.mark.parametrize(
    "variant",
    [
        pytest.param(v, id=v.id)
        for v in variants()
        if v.scenario.get("params")
        and "go" in v.sources
        and v.table["expect"] != "panic"
        # Which stacks of the dead are freed by then is chance in real Go.
        and v.id != "array-by-value/concurrent"
        and re.search(CONSTANT, v.go_file.read_text("utf-8"))
    ],
)
def test_with_another_n_both_tellings_leave_as_many(variant: Variant, tmp_path: Path) -> None:
    """``-p n=…`` in Python is the constant changed in Go."""
    n = variant.scenario["params"]["n"] + 2
    source = variant.go_file.read_text("utf-8")
    if find_toolchain(NEWEST) is None:
        pytest.skip("no Go on this machine, and only the default parameters are recorded")
    changed = tmp_path / "main.go"
    changed.write_text(re.sub(CONSTANT, f"const n = {n}", source), "utf-8")
    run = simulate(variant, NEWEST, {"n": n})
    for _ in range(ATTEMPTS):
        go = run_go(changed, toolchain=NEWEST)
        if go.stdout == run.stdout and waits(go.goroutines) == waits(run.goroutines):
            return
    assert (run.stdout, waits(run.goroutines)) == (go.stdout, waits(go.goroutines))


# --------------------------------------------------------------------------- the odd ones out


@pytest.mark.parametrize(
    ("variant", "version"),
    [c for c in cases("go") if c.values[0].table["expect"] == "compile-error"],
)
def test_the_program_as_printed_does_not_compile(variant: Variant, version: str) -> None:
    with pytest.raises(BuildError) as refused:
        real(variant, version)
    said: dict[str, str] = variant.table.get("compile_error_by_version", {})
    assert said.get(version, variant.table["compile_error"]) in refused.value.output


@pytest.mark.parametrize("version", [OLD, NEWEST])
@pytest.mark.parametrize(
    ("name", "wasteful", "tidy"),
    [("ticker-never-stopped", "leak", "stop"), ("time-after-in-a-loop", "leak", "stop")],
)
def test_a_forgotten_timer_costs_what_it_costs_in_go(
    name: str, wasteful: str, tidy: str, version: str
) -> None:
    """Bytes per timer still held after two collections: some 210 up to 1.22, nothing since 1.23."""
    if find_toolchain(version) is None:
        pytest.skip(f"no Go {version} on this machine, and memory is not recorded")
    found = {v.name: v for v in variants() if v.folder.name == name}
    n = load(found[wasteful].folder)["params"]["n"]
    heaps = [
        real(found[variant], version).memstats_after_gc["HeapAlloc"] for variant in (wasteful, tidy)
    ]
    per_timer = (heaps[0] - heaps[1]) / n
    kept = version == OLD
    assert (150 < per_timer < 300) if kept else abs(per_timer) < 30
    held = [leak for leak in simulate(found[wasteful], version).leaks if leak.kind == "memory"]
    assert bool(held) == kept
    for leak in held:
        assert leak.bytes == pytest.approx(n * per_timer, rel=0.25)
    assert [k for k in simulate(found[tidy], version).leaks if k.kind == "memory"] == []


@pytest.mark.parametrize("version", [OLD, NEWEST])
def test_go_vet_has_nothing_to_say(version: str, tmp_path: Path) -> None:
    """What leaks here is what no tool of the compiler finds."""
    toolchain = find_toolchain(version)
    if toolchain is None:
        pytest.skip(f"no Go {version} on this machine")
    module = f"module scenarios\n\ngo {toolchain.version}\n"
    texts = [v.go_file.read_text("utf-8") for v in variants() if v.go_file.exists()]
    for place in _x_sync(texts, toolchain):
        shutil.copytree(place, tmp_path / "x_sync" / place.name)
        (tmp_path / "x_sync" / "go.mod").write_text("module golang.org/x/sync\n\ngo 1.18\n")
    if (tmp_path / "x_sync").exists():
        module += "\nrequire golang.org/x/sync v0.0.0\nreplace golang.org/x/sync => ./x_sync\n"
    (tmp_path / "go.mod").write_text(module)
    for variant in variants():
        if variant.table["expect"] != "compile-error" and "go" in variant.sources:
            place = tmp_path / variant.folder.name / variant.name
            place.mkdir(parents=True)
            shutil.copy(variant.go_file, place / "main.go")
    done = subprocess.run(
        [str(toolchain.go), "vet", "./..."],
        cwd=tmp_path,
        env=toolchain.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_recorded_result_belongs_to_the_text_that_is_there() -> None:
    """A changed Go file needs a new recording: ``python -m tests.record_scenarios``."""
    from gosim.oracle.recorded import look_up

    missing = []
    for case in cases("go"):
        variant, version = case.values
        try:
            if look_up(variant.folder, variant.name, version, variant.go_file) is None:
                missing.append(f"{variant.id} {version}")
        except BuildError:
            assert variant.table["expect"] == "compile-error"
        except OracleError as error:
            missing.append(str(error))
    assert missing == []
