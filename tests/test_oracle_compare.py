"""A run equals real Go exactly when nothing that Go promises differs."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gosim.oracle.compare import Row, compare, differences, same_text
from gosim.oracle.dump import parse_crash, parse_dump
from gosim.oracle.memory import AFTER, AT_RETURN, FIGURES, compare_bytes
from gosim.oracle.recorded import (
    RECORDED,
    forget,
    load_recorded,
    look_up,
    real_or_recorded,
    recorded_versions,
    save_recorded,
)
from gosim.oracle.run import BuildError, GoResult, OracleError, run_go
from gosim.oracle.toolchain import Toolchain

DUMP = """\
goroutine 7 [chan send (leaked)]:
main.answer(...)
\t/p/program.go:6
main.main.func1()
\t/p/program.go:14 +0x1b
created by main.main in goroutine 1
\t/p/program.go:13 +0x45

goroutine 8 [chan send (leaked)]:
main.answer(...)
\t/p/program.go:6
main.main.func1()
\t/p/program.go:14 +0x1b
created by main.main in goroutine 1
\t/p/program.go:13 +0x45

goroutine 9 [sync.Mutex.Lock (leaked)]:
internal/sync.(*Mutex).Lock(...)
\tinternal/sync/mutex.go:70
main.lock()
\t/p/program.go:20 +0x1b
created by main.main in goroutine 1
\t/p/program.go:15 +0x45
"""

REAL = GoResult(
    stdout="got 2\nbye\n", stderr="", exit_code=0, hung=False,
    goroutines=tuple(parse_dump(DUMP)), num_goroutine=4, leak_profile=(), memstats={},
    version="1.27", full_version="go1.27.3", go_line="1.27", returned=True,
    settle_ns=200_000_000, wall_ns=210_000_000,
)  # fmt: skip


def mirror(go: GoResult) -> dict[str, Any]:
    """The run that equals what Go did, in the contract's form."""
    return {
        "program": "/p/program.go",
        "outcome": "ok",
        "exit_code": go.exit_code,
        "stdout": go.stdout,
        "stderr": go.stderr,
        "virtual_ns": 0,
        "after_main": {"virtual_ns": 0, "steps": 0, "panic": None},
        "goroutines": [
            {
                "id": g.id,
                "state": "waiting",
                "wait_reason": g.wait_reason,
                "function": g.function,
                "stack": [
                    {"function": f.function, "file": f.file, "line": f.line} for f in g.stack
                ],
                "in_profile": g.leaked,
            }
            for g in go.goroutines
        ],
    }


def aspects(run: dict[str, Any], go: GoResult, **options: Any) -> list[str]:
    return [d.aspect for d in differences(run, go, **options)]


def test_the_same_is_no_difference() -> None:
    rows = compare(mirror(REAL), REAL)
    assert [r.aspect for r in rows] == [
        "stdout", "exit code", "goroutines left", "in leak profile",
    ]  # fmt: skip
    assert all(r.same for r in rows)
    assert rows[2].go == ("2x [chan send] main.answer:6, 1x [sync.Mutex.Lock] main.lock:20")


CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "output": ({"stdout": "got 2\nbye"}, "stdout"),
    "order of output": ({"stdout": "bye\ngot 2\n"}, "stdout"),
    "exit code": ({"exit_code": 2}, "exit code"),
    "budget": ({"outcome": "limit"}, "end"),
    "last words": (
        {"stderr": "panic: x\n\ngoroutine 1 [running]:\nmain.main()\n"},
        "last words",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_is_found(change: str) -> None:
    fields, aspect = CHANGES[change]
    assert aspects({**mirror(REAL), **fields}, REAL) == [aspect]


@pytest.mark.parametrize("telling", ["go", "python"])
@pytest.mark.parametrize("field", ["wait_reason", "in_profile", "line", "missing", "more"])
def test_each_change_of_a_goroutine_is_found(field: str, telling: Any) -> None:
    run = mirror(REAL)
    g = run["goroutines"][0]
    aspect = "in leak profile" if field == "in_profile" else "goroutines left"
    match field:
        case "wait_reason":
            g["wait_reason"] = "chan receive"
        case "in_profile":
            g["in_profile"] = False
        case "line":
            g["stack"][0]["line"] += 1
        case "missing":
            del run["goroutines"][0]
        case "more":
            run["goroutines"].append(g)
    # Lines of a Python program are other lines.
    expected = [] if field == "line" and telling == "python" else [aspect]
    assert aspects(run, REAL, telling=telling) == expected


def test_telling_is_seen_from_the_files() -> None:
    run = mirror(REAL)
    for g in run["goroutines"]:
        for f in g["stack"]:
            f.update(file="/p/program.py", line=1)
    assert aspects(run, REAL) == []
    assert aspects(run, REAL, telling="go") == ["goroutines left"]
    assert aspects({**run, "source": "go"}, REAL) == ["goroutines left"]


@given(st.permutations(range(3)))
def test_order_of_goroutines_does_not_matter(order: list[int]) -> None:
    run = mirror(REAL)
    run["goroutines"] = [run["goroutines"][i] for i in order]
    assert aspects(run, REAL) == []


def test_output_that_go_does_not_promise() -> None:
    run = {**mirror(REAL), "stdout": "bye\ngot 2\n"}
    assert aspects(run, REAL, stdout="sorted") == []
    assert aspects(run, REAL, stdout="ignore") == []
    assert aspects({**run, "stdout": "bye\n"}, REAL, stdout="sorted") == ["stdout"]
    unsteady = replace(REAL, repeats=(replace(REAL, stdout="other"),))
    (row, *_) = compare(run, unsteady)
    assert row.same is None and row.note == "real Go prints differently each time"


def test_addresses_are_no_difference() -> None:
    assert same_text("panic: (main.T) 0xc000012345", "panic: (main.T) 0x4ba910")
    assert not same_text("panic: (main.T) 0x1", "panic: (main.U) 0x1")


def test_a_bare_mutex_missed_by_chance_is_no_difference() -> None:
    chance = replace(
        REAL,
        goroutines=tuple(
            replace(g, leaked=g.wait_reason != "sync.Mutex.Lock") for g in REAL.goroutines
        ),
    )
    row = compare(mirror(REAL), chance)[-1]
    assert row.same is None and "sync.Mutex" in row.note
    # The other way round is one: real Go found what we did not.
    assert aspects(mirror(chance), REAL) == ["in leak profile"]


def test_a_toolchain_without_the_profile_says_nothing_about_it() -> None:
    rows = compare(mirror(REAL), replace(REAL, leak_profile=None, version="1.22"))
    assert "in leak profile" not in [r.aspect for r in rows]


def test_what_real_go_had_no_time_to_end_is_not_comparable() -> None:
    (sleeper,) = parse_dump("goroutine 9 [sleep]:\nmain.f()\n\t/p/program.go:30 +0x1\n\n")
    longer = replace(REAL, goroutines=(*REAL.goroutines, sleeper))
    run = mirror(REAL)
    assert aspects(run, longer) == ["goroutines left"]
    run["after_main"]["virtual_ns"] = 3600 * 10**9
    row = next(r for r in compare(run, longer) if r.aspect == "goroutines left")
    assert row.same is None and row.note == "real Go was watched for 0.2 s after main only"
    # But what we still have and Go has not is a difference, however long we waited.
    assert aspects(mirror(longer) | {"after_main": run["after_main"]}, REAL) == ["goroutines left"]


def test_a_program_that_hangs_in_go() -> None:
    hung = replace(
        REAL, hung=True, exit_code=None, returned=False, goroutines=(), wall_ns=2 * 10**9,
        stdout="got 2\n",
    )  # fmt: skip
    run = mirror(REAL)
    assert aspects(run, hung) == ["end"], "we ended at once, Go did not"
    assert aspects({**run, "virtual_ns": 3600 * 10**9}, hung) == []
    assert aspects({**run, "outcome": "limit"}, hung) == []
    assert aspects({**run, "outcome": "limit", "stdout": "other\n"}, hung) == ["stdout"]


FATAL = """\
fatal error: all goroutines are asleep - deadlock!

goroutine 1 [chan receive]:
main.main()
\t/p/program.go:9 +0x25

goroutine 7 [select]:
main.main.func1()
\t/p/program.go:5 +0x25
created by main.main in goroutine 1
\t/p/program.go:4 +0x28
"""


def test_a_deadlock_compares_every_goroutine_a_panic_none() -> None:
    crash = parse_crash(FATAL)
    assert crash is not None
    dead = replace(
        REAL, exit_code=2, stderr=FATAL, returned=False, crash=crash, goroutines=crash.goroutines
    )
    run = mirror(dead)
    assert all(r.same for r in compare(run, dead))
    del run["goroutines"][1]
    assert aspects(run, dead) == ["goroutines left"]

    text = FATAL.replace("fatal error: all goroutines are asleep - deadlock!", "panic: x")
    crash = parse_crash(text)
    assert crash is not None
    dead = replace(dead, stderr=text, crash=crash, goroutines=crash.goroutines[:1])
    run["stderr"] = text
    run["goroutines"] = []
    assert aspects(run, dead) == [], "a panic shows its own goroutine only"


def test_a_difference_reads_as_a_sentence() -> None:
    (d,) = differences({**mirror(REAL), "exit_code": 2}, REAL)
    assert str(d) == "exit code: gosim 2, Go 0"
    (d,) = differences({**mirror(REAL), "stdout": "got 2\n"}, REAL)
    assert (d.gosim, d.go) == ("ends after line 1", "line 2: 'bye'")


def test_rows_are_plain_text() -> None:
    for row in compare(mirror(REAL), REAL):
        assert isinstance(row, Row)
        assert "\n" not in row.gosim + row.go + row.note


# ----------------------------------------------------------------------------------- bytes

MIB = 1 << 20


def bytes_of(ours: dict[str, int], theirs: dict[str, int]) -> dict[str, bool | None]:
    go = replace(REAL, memstats_at_return=theirs, memstats_after_gc=theirs)
    rows = compare_bytes(ours, ours, go)
    return {f"{row.moment}: {row.field}": row.same for row in rows}


@given(st.integers(0, 1 << 40), st.integers(0, 1 << 40))
def test_bytes_differ_when_they_differ_by_more_than_their_share_and_floor(a: int, b: int) -> None:
    far = {
        f.field: abs(a - b) > max(f.share * max(a, b), f.floor)
        for f in FIGURES[AFTER]
        if f.field in ("HeapAlloc", "StackInuse")
    }
    found = bytes_of({"heap_alloc": a, "stack_inuse": a}, {"HeapAlloc": b, "StackInuse": b})
    assert found[f"{AFTER}: HeapAlloc"] is not far["HeapAlloc"]
    stacks = found[f"{AFTER}: StackInuse"], found[f"{AT_RETURN}: StackInuse"]
    assert stacks == (not far["StackInuse"],) * 2
    # How much garbage is there when main returns is a matter of when a collection ran.
    assert found[f"{AT_RETURN}: HeapAlloc"] is (None if far["HeapAlloc"] else True)


def test_a_figure_that_the_model_leaves_out_is_no_difference_but_says_why() -> None:
    go = replace(REAL, memstats_at_return={"TotalAlloc": 800 * MIB, "Mallocs": 100})
    ours = {"total_alloc": MIB, "mallocs": 100}
    total, mallocs = compare_bytes(ours, {}, go, {"TotalAlloc": "inlined", "Mallocs": "inlined"})
    assert (total.same, total.note) == (None, "inlined")
    assert mallocs.same is True


def test_bytes_that_one_side_does_not_have_are_left_out() -> None:
    assert bytes_of({"heap_alloc": MIB}, {}) == {}
    assert bytes_of({}, {"HeapAlloc": MIB}) == {}
    assert bytes_of({"num_gc": 3}, {"NumGC": 4}) == {f"{AT_RETURN}: NumGC": True}


def test_a_difference_of_bytes_is_part_of_what_go_has() -> None:
    go = replace(REAL, memstats_at_return={"TotalAlloc": 10 * MIB, "Mallocs": 0})
    total, mallocs = compare_bytes({"total_alloc": 12 * MIB, "mallocs": 500}, {}, go)
    assert (total.difference, total.same, total.gosim, total.go) == (0.2, False, 12 * MIB, 10 * MIB)
    assert (mallocs.difference, mallocs.same) == (float("inf"), False)


@pytest.mark.go
def test_real_go_reads_its_own_bytes(go_toolchain: Toolchain, tmp_path: Path) -> None:
    """What the oracle needs for itself is no more than it says: 10 KB and fifty objects."""
    source = go_file(
        tmp_path,
        "package main\n\nvar kept [][]byte\n\nfunc main() {\n"
        "\tfor i := 0; i < 10; i++ {\n\t\tkept = append(kept, make([]byte, 1<<20))\n\t}\n}\n",
    )
    real = run_go(source, toolchain=go_toolchain)
    ten = 10 * MIB
    for when in (real.memstats_at_return, real.memstats, real.memstats_after_gc):
        assert ten <= when["HeapAlloc"] < ten + 80_000
        assert when["HeapObjects"] < 250
    assert ten <= real.memstats_at_return["TotalAlloc"] < ten + 80_000
    assert real.memstats_at_return["Mallocs"] < 200


# -------------------------------------------------------------------------------- recorded


def go_file(tmp_path: Path, text: str = "package main\n") -> Path:
    path = tmp_path / "leak.go"
    path.write_text(text)
    return path


def in_folder(go: GoResult, folder: Path) -> GoResult:
    return replace(
        go, goroutines=tuple(parse_dump(DUMP.replace("/p/program.go", f"{folder}/leak.go")))
    )


def test_a_record_says_what_was_measured_and_that_it_is_one(tmp_path: Path) -> None:
    source = go_file(tmp_path)
    go = in_folder(REAL, tmp_path)
    save_recorded(tmp_path, "leak", source, go)
    assert str(tmp_path) not in (tmp_path / RECORDED).read_text(), "folders may move"
    back = look_up(tmp_path, "leak", "1.27", source)
    assert back is not None and back.recorded
    assert back == replace(go, recorded=True, wall_ns=0)
    assert all(r.same for r in compare(mirror(go), back))
    assert load_recorded(tmp_path) == {"1.27": {"leak": back}}


@given(
    st.lists(
        st.tuples(st.integers(1, 60), st.sampled_from(["chan send", "select"]), st.booleans()),
        max_size=6,
    ),
    st.lists(st.integers(0, 3), min_size=400, max_size=400),
)
def test_any_number_of_goroutines_survives_recording(
    rows: list[tuple[int, str, bool]], gaps: list[int]
) -> None:
    """Long rows of equal goroutines are written as one; nothing is lost by it."""
    first = REAL.goroutines[0]
    found, number = [], 1
    for count, reason, leaked in rows:
        for _ in range(count):
            number += 1 + gaps[len(found)]
            found.append(replace(first, id=number, wait_reason=reason, leaked=leaked))
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        source = go_file(folder)
        save_recorded(folder, "leak", source, replace(REAL, goroutines=tuple(found)))
        back = look_up(folder, "leak", "1.27", source)
        assert back is not None and back.goroutines == tuple(found)


def test_a_thousand_equal_goroutines_are_a_few_lines(tmp_path: Path) -> None:
    many = tuple(replace(REAL.goroutines[0], id=7 + i) for i in range(1000))
    save_recorded(tmp_path, "leak", go_file(tmp_path), replace(REAL, goroutines=many))
    text = (tmp_path / RECORDED).read_text()
    assert '"7-1006"' in text and len(text.splitlines()) < 80


def test_recording_again_changes_nothing(tmp_path: Path) -> None:
    source = go_file(tmp_path)
    save_recorded(tmp_path, "leak", source, in_folder(REAL, tmp_path))
    before = (tmp_path / RECORDED).read_bytes()
    later = replace(in_folder(REAL, tmp_path), wall_ns=1, memstats={"Alloc": 9})
    save_recorded(tmp_path, "leak", source, later)
    assert (tmp_path / RECORDED).read_bytes() == before


def test_a_record_of_another_text_does_not_count(tmp_path: Path) -> None:
    source = go_file(tmp_path)
    save_recorded(tmp_path, "leak", source, REAL)
    source.write_text("package main // changed\n")
    assert look_up(tmp_path, "leak", "1.27", source) is None
    assert look_up(tmp_path, "leak", "1.22") is None
    assert look_up(tmp_path, "other", "1.27") is None
    forget(tmp_path, {"leak": source})
    assert recorded_versions(tmp_path) == []


def test_versions_are_kept_apart_and_in_order(tmp_path: Path) -> None:
    source = go_file(tmp_path)
    for version in ("1.27", "1.9", "1.22"):
        save_recorded(
            tmp_path, "leak", source, replace(REAL, version=version, full_version=f"go{version}.1")
        )
    assert recorded_versions(tmp_path) == ["1.9", "1.22", "1.27"]
    found = look_up(tmp_path, "leak", "1.22")
    assert found is not None and found.full_version == "go1.22.1"


def test_unsteady_output_and_deaths_survive_recording(tmp_path: Path) -> None:
    source = go_file(tmp_path)
    crash = parse_crash(FATAL)
    dead = replace(REAL, exit_code=2, stderr=FATAL, returned=False, crash=crash,
                   goroutines=(), repeats=(replace(REAL, stdout="x"),))  # fmt: skip
    save_recorded(tmp_path, "leak", source, dead)
    back = look_up(tmp_path, "leak", "1.27")
    assert back is not None and not back.steady_stdout
    assert back.crash is not None and back.crash.message == (
        "fatal error: all goroutines are asleep - deadlock!"
    )


def test_not_compiling_can_be_the_lesson(tmp_path: Path) -> None:
    source = go_file(tmp_path)
    said = f"{source}:4:9: declared and not used: t\n"
    save_recorded(tmp_path, "leak", source, BuildError("no", said, "go1.27.3"))
    with pytest.raises(BuildError) as e:
        look_up(tmp_path, "leak", "1.27", source)
    assert e.value.output == said


def test_a_record_is_not_a_measurement(tmp_path: Path) -> None:
    with pytest.raises(OracleError, match="not a measurement"):
        save_recorded(tmp_path, "leak", go_file(tmp_path), replace(REAL, recorded=True))


@pytest.mark.parametrize("text", ["{", "[]", '{"schema": "other/1"}'])
def test_a_spoilt_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / RECORDED).write_text(text)
    with pytest.raises(OracleError, match=r"recorded\.json"):
        look_up(tmp_path, "leak", "1.27")


def test_without_go_the_record_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gosim.oracle.recorded.find_toolchain", lambda version: None)
    source = go_file(tmp_path)
    with pytest.raises(OracleError, match=r"no Go 1\.27 on this machine, and no recorded result"):
        real_or_recorded(source)
    save_recorded(tmp_path, "leak", source, REAL)
    assert real_or_recorded(source).recorded


@pytest.mark.go
def test_a_real_result_survives_recording(go_toolchain: Toolchain, tmp_path: Path) -> None:
    source = go_file(
        tmp_path,
        'package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println("é")\n'
        "\tgo func() {\n\t\tselect {}\n\t}()\n}\n",
    )
    real = run_go(source, toolchain=go_toolchain)
    save_recorded(tmp_path, "leak", source, real)
    back = look_up(tmp_path, "leak", "1.27", source)
    assert back is not None
    assert (back.stdout, back.goroutines, back.leak_profile) == (
        "é\n", real.goroutines, real.leak_profile,
    )  # fmt: skip
