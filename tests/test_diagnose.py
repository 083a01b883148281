"""Files that real Go has written, and what ``gosim diagnose`` makes of them.

Most files are those of ``tests/diagnose/*.tar.xz``, which ``tests/record_diagnose.py`` writes.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gosim as gs
from gosim.cli import main
from gosim.diagnose.diagnosis import diagnose
from gosim.diagnose.files import read
from gosim.diagnose.lessons import LESSONS
from gosim.diagnose.rules import HEALTHY, LEAK, OPEN, SUSPICIOUS
from gosim.diagnose.snapshot import Snapshot
from gosim.diagnose.waits import wait_of
from gosim.export.pprof_reader import decode
from gosim.oracle.dump import parse_dump
from gosim.runtime.errors import GosimError, LoadError, UsageError
from gosim.runtime.proto import Label, Profile, Sample, TextLabel, ValueType
from gosim.runtime.traceback import Frame
from gosim.scenario import scenarios
from tests import diagnose_score as score

HERE = Path(__file__).resolve().parent / "diagnose"


@pytest.fixture
def wrote(tmp_path: Path) -> Callable[..., Path]:
    """Writes recorded files of a program under their own names."""

    def write(version: str, program: str, name: str) -> Path:
        path = tmp_path / f"{version}-{program.replace('/', '_')}-{name}"
        path.write_bytes(score.files(version)[f"{program}/{name}"])
        return path

    return write


# -- the score -------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", list(score.FORMS))
def test_nine_of_ten_leaking_groups_get_the_right_lesson_and_no_healthy_one_does(form: str) -> None:
    everything = score.Score()
    for version in ("1.21", "1.24", "1.27"):
        for family in ("scenarios", "kernels", "leaky", "healthy"):
            one = score.total(version, form, family)
            everything.add(one)
            assert not one.alarms, one.told
    if not form.startswith("leak profile"):  # which lists no others
        assert everything.healthy > 60
    if form == "one dump, debug=2":
        # Half of them look as workers at rest do: they are asked about, not accused.
        assert everything.first + everything.among + everything.open >= 0.95 * everything.leaking
        assert everything.missed + everything.wrong <= 0.03 * everything.leaking
    elif form == "dump after a leak profile":
        assert everything.first + everything.among >= 0.93 * everything.leaking
    else:
        told = everything.first + everything.among
        assert told >= 0.9 * everything.leaking, everything.told


def test_with_the_programs_text_more_lessons_are_named_first() -> None:
    form = "two dumps, debug=2"
    without, given_ = (score.total("1.27", form, "leaky", source) for source in (False, True))
    assert given_.first == given_.leaking > without.first


def test_the_page_of_the_manual_has_the_score_of_today() -> None:
    text, _ = score.table()
    page = score.PAGE.read_text("utf-8")
    assert text in page, "python -m tests.diagnose_score --write"


# -- the readers agree -----------------------------------------------------------------------------


def told(snapshot: Snapshot) -> dict[tuple[str, int], int]:
    """How many goroutines stand at each place of the program, without who writes the file."""
    found: dict[tuple[str, int], int] = {}
    for group in snapshot.groups:
        if not any(f.startswith("runtime/pprof.") for f in group.functions):
            place = score.place(group)
            if place[0]:
                found[place] = found.get(place, 0) + group.count
    return found


@pytest.mark.parametrize("version", score.VERSIONS)
def test_the_three_forms_of_a_snapshot_are_read_alike(
    version: str, wrote: Callable[..., Path]
) -> None:
    compared = 0
    for program in score.programs(version):
        kind = program.partition("/")[0]
        # Those at work change from one moment to the next; a few kernels do, too.
        if kind in ("kernels", "heap") or program in ("healthy/busy-http-server",
                                                      "healthy/pipeline", "healthy/background"):
            continue
        names = [f"two.{form}" for form in ("2.txt", "1.txt", "pb")]
        if all(f"{program}/{name}" in score.files(version) for name in names):
            dump, grouped, proto = (told(read(wrote(version, program, n))) for n in names)
            assert dump == grouped == proto, program
            compared += 1
    assert compared > 40


@pytest.mark.parametrize("version", score.VERSIONS)
def test_a_dump_folded_is_the_dump_parsed_one_by_one(
    version: str, wrote: Callable[..., Path]
) -> None:
    for program in ("ab-ba-deadlock/leak", "leaky/body-not-closed", "kernels/NoCloseRange"):
        path = wrote(version, program, "two.2.txt")
        one_by_one: dict[object, int] = {}
        for g in parse_dump(path.read_text("utf-8")):
            by = g.created_by and (g.created_by.function, g.created_by.line)
            key = g.wait_reason, g.stack, by
            one_by_one[key] = one_by_one.get(key, 0) + 1
        folded = {
            (g.reason, g.stack, by and (by.function, by.line)): g.count
            for g in read(path).groups
            for by in [g.created_by]
        }
        assert folded == one_by_one


@pytest.mark.parametrize("version", score.VERSIONS)
def test_a_protobuf_says_by_the_line_of_the_runtime_that_a_channel_is_nil(
    version: str, wrote: Callable[..., Path]
) -> None:
    seen = 0
    for program in ("nil-channel/leak", "kernels/NilSend", "kernels/NilRecv",
                    "ten-senders-one-receiver/as-printed", "first-answer-wins/leak",
                    "range-never-closed/leak"):  # fmt: skip
        if f"{program}/two.pb" not in score.files(version):
            continue
        reasons = {score.place(g): "nil chan" in g.reason
                   for g in read(wrote(version, program, "two.2.txt")).groups}  # fmt: skip
        proto = read(wrote(version, program, "two.pb"))
        for group in proto.groups:
            wait = wait_of(group, proto.format)
            if wait.kind.startswith("chan "):
                assert bool(wait.nil) == reasons[score.place(group)], program
                seen += 1
    assert seen >= 4


def test_packed_and_plain_protobufs_are_read(tmp_path: Path) -> None:
    data = score.files("1.27")["nil-channel/leak/two.pb"]
    plain, packed = tmp_path / "a.pb", tmp_path / "a.pb.gz"
    plain.write_bytes(data)
    packed.write_bytes(gzip.compress(data[:500]) + gzip.compress(data[500:]))
    first, second = read(plain), read(packed)
    assert first.groups == second.groups
    assert first.total == 13


def test_what_gosim_itself_writes_is_read(tmp_path: Path) -> None:
    from gosim.export import pprof

    run = gs.run(str(HERE.parent.parent / "scenarios/goroutines/nil-channel/leak.py"))
    pprof.write(run, "goroutine", str(tmp_path / "g.pb.gz"))
    (tmp_path / "1.txt").write_text(pprof.debug_1(run))
    (tmp_path / "2.txt").write_text(run.dump())
    for name in ("g.pb.gz", "1.txt", "2.txt"):
        assert read(tmp_path / name).total == len(run.goroutines)
    assert [f.lesson for f in diagnose(tmp_path / "2.txt").leaks] == ["nil-channel"] * 2


# -- what is said of some files --------------------------------------------------------------------


def test_a_worker_pool_at_rest_is_asked_about_once_and_healthy_with_a_second_snapshot(
    wrote: Callable[..., Path],
) -> None:
    one = wrote("1.27", "healthy/worker-pool-at-rest", "one.2.txt")
    two = wrote("1.27", "healthy/worker-pool-at-rest", "two.2.txt")
    first = diagnose(one).findings[0]
    assert (first.group.count, first.verdict) == (16, OPEN)
    assert diagnose(one).leaks == []
    both = diagnose(one, two)
    assert both.verdict == HEALTHY
    assert "as many as before (16)" in both.findings[0].why


def test_each_form_says_what_it_cannot_show(wrote: Callable[..., Path]) -> None:
    said = {
        name: " ".join(diagnose(wrote("1.27", "nil-channel/leak", name)).hidden)
        for name in ("two.1.txt", "two.2.txt", "two.pb", "leak.pb")
    }
    assert "a nil and a live channel look alike" in said["two.1.txt"]
    assert "debug=2 for the reason" in said["two.1.txt"]
    assert "nil-ness is not in it" in said["two.pb"]
    assert "debug=2" not in said["two.2.txt"]
    assert "which channel" in said["two.2.txt"]
    assert "one snapshot" in said["two.2.txt"]
    assert "one snapshot" not in said["leak.pb"]


def test_debug_1_does_not_say_nil_and_names_it_among_what_looks_the_same(
    wrote: Callable[..., Path],
) -> None:
    found = diagnose(*(wrote("1.24", "nil-channel/leak", f"{n}.1.txt") for n in ("one", "two")))
    assert [f.wait.nil for f in found.leaks] == [None, None]
    assert all("nil-channel" in f.others for f in found.leaks)


def test_locks_in_opposite_order_are_told_by_the_addresses_in_arguments(
    wrote: Callable[..., Path],
) -> None:
    found = diagnose(wrote("1.27", "ab-ba-deadlock/leak", "one.2.txt"))
    assert {f.lesson for f in found.leaks} == {"lock-order"}
    graph = found.plain_graph()
    assert len(graph.graph["cycles"]) == 1
    other = diagnose(wrote("1.27", "mutex-never-unlocked/leak", "one.2.txt"))
    assert {f.lesson for f in other.leaks} == {"mutex"}
    assert not other.plain_graph().graph["cycles"]


def test_both_halves_of_a_connection_with_an_open_body_are_told(
    wrote: Callable[..., Path],
) -> None:
    for name in ("2.txt", "1.txt", "pb"):
        pair = [wrote("1.22", "leaky/body-not-closed", f"{when}.{name}") for when in ("one", "two")]
        leaks = diagnose(*pair).leaks
        assert [f.lesson for f in leaks] == ["http-body"] * 2, name
        assert {f.at.function for f in leaks if f.at} == {
            "net/http.(*persistConn).readLoop", "net/http.(*persistConn).writeLoop",
        }  # fmt: skip


def test_a_group_that_waits_for_stuck_workers_is_told_as_a_consequence(
    wrote: Callable[..., Path],
) -> None:
    found = diagnose(wrote("1.27", "leaky/group-waits", "two.2.txt"))
    assert [f.lesson for f in found.leaks] == ["lost-send", "waitgroup"]
    assert "12 of the workers" in found.leaks[1].why


def test_the_snapshots_of_one_file_are_compared(
    tmp_path: Path, wrote: Callable[..., Path]
) -> None:
    one, two = (wrote("1.27", "first-answer-wins/leak", f"{n}.2.txt") for n in ("one", "two"))
    log = tmp_path / "service.log"
    text = f"started\n{one.read_text()}\nstill there\n\n{two.read_text()}\nend\n"
    log.write_text(text)
    found = diagnose(log)
    assert (found.leaks[0].before, found.leaks[0].group.count) == (2, 12)
    assert "the file holds 2 dumps" in found.snapshot.notes[0]


def test_files_in_the_wrong_order_are_compared_in_the_right_one(
    wrote: Callable[..., Path],
) -> None:
    one, two = (wrote("1.27", "first-answer-wins/leak", f"{n}.pb") for n in ("one", "two"))
    swapped = diagnose(two, one)
    assert swapped.leaks[0].grew == 10
    assert "older" in swapped.snapshot.notes[0]


@pytest.mark.parametrize("prefix", ["app-1  | ", "2026-11-23T21:00:{n:02}.123Z stderr F ",
                                    "Nov 23 21:44:{n:02} host service[812]: "])  # fmt: skip
def test_what_a_log_writes_in_front_of_lines_is_left_out(
    prefix: str, tmp_path: Path, wrote: Callable[..., Path]
) -> None:
    path = wrote("1.24", "ab-ba-deadlock/leak", "two.2.txt")
    log = tmp_path / "log"
    lines = ["starting", "", *path.read_text().splitlines()]
    log.write_text("".join(f"{prefix.format(n=i % 60)}{line}\r\n" for i, line in enumerate(lines)))
    assert read(log).groups == read(path).groups


def test_a_deadlock_that_the_runtime_reports_is_told_from_its_text(tmp_path: Path) -> None:
    run = gs.run(str(HERE.parent.parent / "scenarios/goroutines/all-asleep/leak.py"))
    file = tmp_path / "crash.log"
    file.write_text(f"listening on :8080\n{run.stderr}exit status 2\n")
    found = diagnose(file)
    assert found.snapshot.headline == "fatal error: all goroutines are asleep - deadlock!"
    assert found.verdict == LEAK
    assert all(f.verdict == LEAK for f in found.findings)


def test_an_empty_leak_profile_is_good_news(wrote: Callable[..., Path]) -> None:
    found = diagnose(wrote("1.27", "healthy/sql-pool", "leak.1.txt"))
    assert "no goroutine is lost" in found.to_text()
    assert found.verdict == HEALTHY


# -- heap ------------------------------------------------------------------------------------------

GROWING = {
    "cache-grows": "map", "list-grows": "growing", "piece-of-file": "piece-of-text",
    "timers": "timer", "contexts": "forgotten-cancel", "goroutines": "goroutine-cost",
}  # fmt: skip


@pytest.mark.parametrize("version", score.VERSIONS)
@pytest.mark.parametrize("form", ["pb"])
def test_the_site_that_grows_is_found_with_its_memory_lesson(
    version: str, form: str, wrote: Callable[..., Path]
) -> None:
    for program, lesson in GROWING.items():
        pair = [wrote(version, f"heap/{program}", f"{when}.{form}") for when in ("one", "two")]
        found = diagnose(*pair, source=HERE / "heap")
        first = next(s for s in found.sites if s.lesson)
        assert first.growing and first.lesson == lesson, program
        assert found.verdict == SUSPICIOUS
        if program != "goroutines":
            assert first.at is not None and first.at.file.endswith(f"{program}.go")
    steady = [wrote(version, "heap/steady", f"{when}.{form}") for when in ("one", "two")]
    assert not [s for s in diagnose(*steady).sites if s.growing]


def test_a_heap_profile_has_no_graph_and_is_compared_with_its_like_only(
    wrote: Callable[..., Path],
) -> None:
    heap = wrote("1.27", "heap/timers", "one.pb")
    with pytest.raises(UsageError, match="no goroutines"):
        diagnose(heap).graph()
    with pytest.raises(UsageError, match="cannot be compared"):
        diagnose(heap, wrote("1.27", "nil-channel/leak", "one.pb"))


# -- files that are none ---------------------------------------------------------------------------


def bomb() -> bytes:
    """More nothing than a profile may have."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9, mtime=0) as file:
        for _ in range(520):
            file.write(bytes(1 << 20))
    return out.getvalue()


HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "noise": (bytes(range(256)) * 4000, "not a pprof profile"),
    "zeros": (bytes(100_000), "not a pprof profile"),
    "words": (b"nothing happened today\n" * 1000, "no goroutine dump"),
    "html": (b"<!doctype html><title>pprof</title>", "page of HTML"),
    "not found": (b"404 page not found\n", "has no such profile"),
    "json": (b'{"level":"info"}\n', "this is JSON"),
    "trace": (b"go 1.27 trace\0\0\0" + bytes(range(256)), "go tool trace"),
    "core": (b"\x7fELF" + bytes(5000), "core dump"),
    "zip": (b"PK\x03\x04" + bytes(range(256)), "unpack it first"),
    "cut gzip": (gzip.compress(b"goroutine 1 [running]:\n" * 9)[:-12][:20], "cut off"),
    "head of gzip": (b"\x1f\x8b\x08\0", "cut off"),
    "broken gzip": (b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + b"\xff" * 100, "cannot be unpacked"),
    "field beyond": (b"\x0a\xff\xff\xff\xff\x0f" + bytes(20), "beyond the end"),
    "long number": (b"\x08" + b"\xff" * 40 + bytes(9), "64 bits"),
    "groups": (b"\x0b\x00" * 50_000, "wire type"),
    "debug=1 without": (b"goroutine profile: total 5\n", "no goroutine"),
    "cpu": (Profile([ValueType("samples", "count"), ValueType("cpu", "nanoseconds")],
                    ValueType("cpu", "nanoseconds")).encode(), "of the processor"),
    "block": (Profile([ValueType("contentions", "count"), ValueType("delay", "nanoseconds")],
                      ValueType("contentions", "count")).encode(), "contention"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(HOSTILE))
def test_what_is_no_dump_gets_one_sentence(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, words = HOSTILE[name]
    path = tmp_path / "file"
    path.write_bytes(data)
    assert main(["diagnose", str(path)]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert err.count("\n") == 1 and "Traceback" not in err
    assert main(["diagnose", str(path), "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["schema"] == "gosim.error/1"


def test_a_bomb_is_not_unpacked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bomb.gz"
    path.write_bytes(bomb())
    assert main(["diagnose", str(path)]) == 3
    assert "made to fill a machine" in capsys.readouterr().err


def test_a_bomb_of_text_is_not_unpacked_either(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = b"goroutine 1 [running]:\nmain.main()\n\t/a.go:1 +0x1\n\n"
    path = tmp_path / "bomb.txt.gz"
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        for _ in range(60):
            file.write(text * 20_000)
    started = time.process_time()
    assert main(["diagnose", str(path)]) == 3
    assert "made to fill a machine" in capsys.readouterr().err
    assert time.process_time() - started < 25


def test_no_file_a_folder_and_a_file_that_may_not_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diagnose", str(tmp_path / "none")]) == 2
    assert "no such file" in capsys.readouterr().err
    assert main(["diagnose", str(tmp_path)]) == 2
    assert "folder" in capsys.readouterr().err
    assert main(["diagnose", "a\0b"]) == 3
    assert capsys.readouterr().err.count("\n") == 1
    assert main(["diagnose"]) == 2


@pytest.mark.parametrize("data", [
    b"goroutine 1 [chan send]:\n" + b"x" * 3_000_000,
    b"goroutine 1 [chan send]:\nmain.f(" + b"(" * 50_000 + b")\n\t/a.go:1 +0x1\n",
    b"goroutine 99999999999999999999999999 [chan send]:\nmain.f()\n\t/a.go:1 +0x1\n",
    b"goroutine 1 [chan send]:\nmain.f()\n\t/a.go:" + b"9" * 4000 + b" +0x1\n",
    b"goroutine 1 [" + b"chan " * 5000 + b"]:\nmain.f()\n\t/a.go:1\n",
    b"goroutine 1 [select, 99999999999999999999 minutes]:\nmain.f()\n\t/dev/zero.go:1\n",
    b"goroutine profile: total 3\n" + b"9" * 5000 + b" @ 0x1\n#\t0x1\tmain.f+0x1\ta.go:1\n\n",
    b"goroutine profile: total 3\n3 @" + b" 0x1" * 200_000 + b"\n#\t0x1\tmain.f+0x1\ta.go:1\n\n",
    b"\xff\xfe" + "goroutine 1 [chan send]:\nmain.f()\n\t/a.go:1\n".encode("utf-16-le"),
    b"goroutine 1 [chan send]:\n" * 50_000,
    b"heap profile: 1: 2 [3: 4] @ heap/1048576\n1: 99999999999999999999 [1: 1] @ 0x1\n",
])  # fmt: skip
def test_odd_texts_are_read_or_refused_and_never_fail(
    data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "odd"
    path.write_bytes(data)
    started = time.process_time()
    assert main(["diagnose", str(path)]) in (0, 3)
    assert "gosim itself failed" not in capsys.readouterr().err
    assert time.process_time() - started < 5


def _says(path: Path) -> None:
    """Diagnose a file: all of it is said, or one sentence why not."""
    try:
        found = diagnose(path)
    except GosimError as error:
        assert error.message and "\n" not in error.message
    else:
        assert found.to_text()
        json.dumps(found.to_dict())
        assert found.to_html().startswith("<!doctype html>")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_profile_with_changed_bytes_is_read_or_refused(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["nil-channel/leak/two.pb", "leaky/body-not-closed/one.pb",
                                      "heap/timers/one.pb"]))  # fmt: skip
    raw = bytearray(score.files("1.27")[name])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        what = data.draw(st.sampled_from(["byte", "cut", "insert", "remove", "swap"]))
        if what == "byte":
            raw[at] = data.draw(st.integers(0, 255))
        elif what == "cut":
            del raw[max(1, at) :]
        elif what == "insert":
            raw[at:at] = data.draw(st.binary(min_size=1, max_size=12))
        elif what == "remove":
            del raw[at : at + data.draw(st.integers(1, 40))]
        else:
            raw[at : at + 20] = raw[at : at + 20][::-1]
        if not raw:
            raw = bytearray(b"\0")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.pb"
        path.write_bytes(bytes(raw))
        _says(path)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_profile_or_refused(data: bytes) -> None:
    for packed in (data, gzip.compress(data)):
        try:
            decode(packed)
        except LoadError as error:
            assert "\n" not in error.message


_NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_FRAMES = st.builds(Frame, _NAMES, _NAMES, st.integers(-(2**40), 2**40))
_NUMBERS = st.integers(-(2**63), 2**63 - 1)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(_FRAMES, max_size=5).map(tuple),
            st.tuples(_NUMBERS, _NUMBERS),
            st.lists(st.one_of(st.builds(Label, _NAMES, _NUMBERS),
                               st.builds(TextLabel, _NAMES, _NAMES.filter(bool))),
                     max_size=2).map(tuple),
        ),
        max_size=5,
    )
)  # fmt: skip
def test_what_is_written_is_read_back(samples: list[tuple[Any, ...]]) -> None:
    made = Profile([ValueType("a", "count"), ValueType("b", "bytes")], ValueType("p", "q"), 7)
    made.samples = [Sample(*each) for each in samples]
    made.time_ns, made.program, made.comments = 99, "service", ["one", "two"]
    back = decode(made.encode()).profile
    # An empty text in a label cannot be told from the number 0.
    assert back.samples == made.samples
    assert (back.period, back.time_ns, back.program) == (7, 99, "service")
    assert list(back.comments) == ["one", "two"]


@pytest.mark.parametrize("name", ["leaky/body-not-closed/two.2.txt",
                                  "ab-ba-deadlock/leak/two.1.txt",
                                  "nil-channel/leak/two.pb"])  # fmt: skip
def test_a_file_cut_anywhere_is_read_as_far_as_it_goes_or_refused(name: str) -> None:
    data = score.files("1.27")[name]
    whole = None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        for end in [*range(0, len(data), max(1, len(data) // 60)), len(data)]:
            for packed in (False, True):
                path.write_bytes(gzip.compress(data)[:end] if packed else data[:end])
                try:
                    whole = diagnose(path)
                except GosimError as error:
                    assert "\n" not in error.message
    assert whole is not None


def test_a_dump_that_was_cut_off_says_so(tmp_path: Path, wrote: Callable[..., Path]) -> None:
    text = wrote("1.27", "ab-ba-deadlock/leak", "two.2.txt").read_bytes()
    path = tmp_path / "cut.txt"
    path.write_bytes(text[: len(text) * 2 // 3])
    assert "cut off" in " ".join(read(path).notes)
    path.write_bytes(gzip.compress(text, mtime=0)[:-9])
    assert "the packed file is cut off" in " ".join(read(path).notes)


# -- much ------------------------------------------------------------------------------------------


def many(path: Path, size: int) -> int:
    """Write goroutines of real Go again and again, each with a number and arguments of its own."""
    blocks = [
        b for name in ("leaky/body-not-closed", "ab-ba-deadlock/leak", "leaky/rows-not-closed")
        for b in score.files("1.27")[f"{name}/two.2.txt"].decode().split("\n\n")[1:]
    ]  # fmt: skip
    n = 10
    with open(path, "w", encoding="utf-8") as file:
        while file.tell() < size:
            for block in blocks:
                n += 1
                own = re.sub(r"^goroutine \d+", f"goroutine {n}", block.strip())
                file.write(re.sub(r"0x[0-9a-f]{9,}", lambda m, n=n: f"0xc{n:010x}", own) + "\n\n")
    return n - 10


def test_ten_megabytes_are_read_in_a_second_with_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    n = many(path, 10_000_000)
    started = time.process_time()
    found = diagnose(path)
    assert time.process_time() - started < 2.5  # a third of a second where it was made
    assert found.snapshot.total == n
    assert len(found.findings) < 20


@pytest.mark.slow
def test_a_hundred_megabytes_are_read_in_ten_seconds_and_five_hundred_too(tmp_path: Path) -> None:
    code = (
        "import sys,time,resource\n"
        "from gosim.diagnose.diagnosis import diagnose\n"
        "t=time.process_time(); d=diagnose(sys.argv[1]); d.to_text()\n"
        "print(time.process_time()-t, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,"
        " d.snapshot.total)"
    )
    path = tmp_path / "large.txt"
    for size, seconds in ((100_000_000, 10.0), (500_000_000, 50.0)):
        n = many(path, size)
        assert n > 80_000
        done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True,
                              text=True, check=True, env={**os.environ, "PYTHONPATH": os.getcwd()})
        took, memory, total = done.stdout.split()
        assert float(took) < seconds
        assert int(memory) < 400_000  # KiB: it is not kept as text
        assert int(total) == n


# -- the doors -------------------------------------------------------------------------------------


def test_the_command_line_says_it_in_all_its_ways(
    tmp_path: Path, wrote: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    pair = [str(wrote("1.27", "leaky/group-waits", f"{n}.2.txt")) for n in ("one", "two")]
    page, pictures = tmp_path / "a.html", [tmp_path / f"a.{e}" for e in ("svg", "dot", "json")]
    assert main(["diagnose", *pair, "--html", str(page)]) == 0
    out, err = capsys.readouterr()
    assert "12 × main.fetch  [chan send]  +10" in out
    assert "gosim run" in out
    assert err == f"wrote {page}\n"
    for picture in pictures:
        assert main(["diagnose", *pair, "--graph", str(picture), "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert picture.stat().st_size > 400
    assert found["schema"] == "gosim.diagnose/1"
    assert [g["lesson"]["rows"] for g in found["groups"] if g["lesson"]] == [["C4"], ["C2"]]
    assert main(["diagnose", *pair, "--fail-on", "suspicious,leak"]) == 1
    assert main(["diagnose", *pair, "--fail-on", "leak"]) == 0
    assert main(["diagnose", *pair, "--fail-on", "everything"]) == 2
    assert main(["diagnose", *pair, "--source", str(tmp_path / "none")]) == 2
    assert main(["diagnose", pair[0], "--html", str(tmp_path / "none" / "a.html")]) == 2


def test_the_page_tells_each_group_and_needs_nothing_beside_it(wrote: Callable[..., Path]) -> None:
    pair = [wrote("1.27", "ab-ba-deadlock/leak", f"{n}.2.txt") for n in ("one", "two")]
    page = diagnose(*pair).to_html()
    assert "Locks in opposite order" in page and "<svg" in page
    assert not re.search(r'(?:src|href)="(?:http|/)', page)
    hostile = page.replace("main.transfer", "main.<script>alert(1)</script>")
    assert hostile != page


def test_names_in_a_file_do_not_become_html(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        "goroutine 5 [chan send (nil chan)]:\nmain.<img src=x onerror=alert(1)>()\n"
        "\t/<b>a</b>.go:1 +0x1\ncreated by main.<i>x</i> in goroutine 1\n\t/a.go:2 +0x1\n"
    )
    found = diagnose(path)
    shown = found._repr_mimebundle_()["text/html"]
    for page in (found.to_html(), shown):
        assert "<img src=x" not in page and "<b>a</b>" not in page and "<i>x" not in page


def test_in_a_notebook_it_shows_a_table_and_the_graph(wrote: Callable[..., Path]) -> None:
    found = gs.diagnose(wrote("1.27", "ab-ba-deadlock/leak", "one.2.txt"))
    assert isinstance(found, gs.Diagnosis)
    bundle = found._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert "data:image/svg+xml;base64" in bundle["text/html"]
    assert "<script" not in bundle["text/html"] and "<style" not in bundle["text/html"]
    assert "<svg" in found.graph().to_svg()
    heap = gs.diagnose(*(wrote("1.27", "heap/timers", f"{n}.pb") for n in ("one", "two")))
    assert "Timers that pile up" in heap._repr_mimebundle_()["text/html"]


def test_every_lesson_has_a_scenario_or_says_all_itself() -> None:
    from gosim.scenario import scenarios

    names = {s.name: set(s.rows) for s in scenarios()}
    rows = {row for each in names.values() for row in each}
    for lesson in LESSONS.values():
        assert lesson.title and lesson.releases and lesson.repair
        assert not lesson.repair.endswith(".") and not lesson.releases.endswith(".")
        if lesson.rows:
            assert set(lesson.rows) <= rows
            assert any(set(lesson.rows) & names.get(s, set()) for s in lesson.scenarios), lesson.key


# -- real Go, now ----------------------------------------------------------------------------------


def go_versions() -> Iterator[Any]:
    yield "1.27"
    for version in ("1.21", "1.22", "1.24", "1.26"):
        yield pytest.param(version, marks=pytest.mark.slow)


@pytest.mark.parametrize("version", list(go_versions()))
def test_real_go_here_and_now(version: str, tmp_path: Path) -> None:
    from gosim.oracle.toolchain import find_toolchain
    from tests import record_diagnose as record

    toolchain = find_toolchain(version)
    if toolchain is None:
        pytest.skip(f"Go {version} is not installed")
    scenarios = HERE.parent.parent / "scenarios/goroutines"
    for name, file, lesson in (
        ("first-answer-wins", scenarios / "first-answer-wins/leak.go", "first-answer"),
        ("body-not-closed", HERE / "leaky/body-not-closed.go", "http-body"),
        ("idle-http-server", HERE / "healthy/idle-http-server.go", ""),
    ):
        work = tmp_path / name
        work.mkdir()
        program = record.build(toolchain, [file], work)
        assert program is not None
        taken = record.take(program, [], 6, "100ms")
        for form in ("2.txt", "1.txt", "pb.gz"):
            paths = []
            for when in ("one", "two"):
                path = work / f"{when}.{form}"
                path.write_bytes(taken[f"{when}.{form}"])
                paths.append(path)
            found = diagnose(*paths, source=file.parent)
            if form != "2.txt":  # no profile says who started them
                assert bool(found.leaks) == bool(lesson), form
                assert all(lesson in (f.lesson, *f.others) for f in found.leaks), form
                continue
            assert {f.lesson for f in found.leaks} == ({lesson} if lesson else set()), form


@pytest.mark.slow
def test_a_large_dump_of_real_go_is_read_in_ten_seconds(tmp_path: Path) -> None:
    from gosim.oracle.toolchain import find_toolchain

    toolchain = find_toolchain("1.27")
    if toolchain is None:
        pytest.skip("Go 1.27 is not installed")
    shutil.copy(HERE / "large.go.txt", tmp_path / "main.go")
    (tmp_path / "go.mod").write_text("module large\n\ngo 1.24\n")
    subprocess.run([str(toolchain.go), "build", "-o", "large", "."], cwd=tmp_path, check=True,
                   env=toolchain.environment())  # fmt: skip
    for n, depth, kinds, form, least in (("100000", "7", "64", "2", 95_000_000),
                                         ("100000", "12", "20000", "1", 500_000)):  # fmt: skip
        path = tmp_path / "dump.txt"
        subprocess.run([str(tmp_path / "large"), n, depth, kinds, str(path), form], check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        assert path.stat().st_size > least
        started = time.process_time()
        found = diagnose(path)
        assert time.process_time() - started < 10
        assert found.snapshot.total == 100_001


# -- what a developer on Windows, or with half a file, brings --------------------------------------

_WAITING = "goroutine 7 [chan send]:\nmain.f(0x1)\n\t/a.go:3 +0x1d\n"


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_of_windows_is_read(codec: str, tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(codec, b"")
    path.write_bytes(mark + _WAITING.replace("\n", "\r\n").encode(codec))
    (group,) = read(path).groups
    assert (group.reason, [str(f.function) for f in group.stack]) == ("chan send", ["main.f"])


def test_a_dump_copied_without_its_last_end_of_line_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    path.write_text(_WAITING.rstrip())
    assert not read(path).cut and not read(path).notes


def test_a_part_of_a_file_is_not_called_healthy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "dump.txt"
    path.write_text("goroutine 1 [running]:\nmain.main()\n\t/a.go:3 +0x1d\n\ngoroutine 7 [sle")
    assert main(["diagnose", str(path)]) == 0
    told = capsys.readouterr().out
    assert "healthy: nobody" not in told and "in the part of the file that is there" in told


def test_handlers_that_became_more_are_not_said_not_to_grow(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, count in (("a", 8), ("b", 28)):
        (tmp_path / name).write_text(
            f"goroutine profile: total {count}\n{count} @ 0x1 0x2 0x3 0x1001 0x2001 0x3001\n"
            "#\t0x1000\tmain.answer+0x1d\t\t/a.go:9\n"
            "#\t0x2000\tnet/http.serverHandler.ServeHTTP+0x1d\t/go/src/net/http/server.go:3000\n"
            "#\t0x3000\tnet/http.(*conn).serve+0x1d\t/go/src/net/http/server.go:2000\n"
        )
    main(["diagnose", str(tmp_path / "a"), str(tmp_path / "b")])
    told = capsys.readouterr().out
    assert "+20" in told and "8 before: more requests" in told
    assert "nothing grows" not in told


def test_every_lesson_names_scenarios_that_are_there() -> None:
    there = {s.name for s in scenarios()}
    assert not {name for one in LESSONS.values() for name in one.scenarios} - there


def test_a_generator_between_two_values_is_not_accused(tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    path.write_text(
        "goroutine 1 [sleep]:\nmain.main()\n\t/a.go:30 +0x1d\n\n"
        "goroutine 7 [chan send]:\nmain.ids.func1()\n\t/a.go:9 +0x1d\n"
        "created by main.ids in goroutine 1\n\t/a.go:7 +0x2d\n"
    )
    found = diagnose(path)
    assert not found.leaks and [f.why.count("generator") for f in found.open] == [1]
