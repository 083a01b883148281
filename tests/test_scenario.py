"""The library of scenarios: names, prefixes and rows; the contract of each; packages of others."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gosim import scenario
from gosim.cli import main
from gosim.runtime.errors import LoadError, UsageError
from gosim.scenario import _load, find, problems, scenarios

TOML = """\
title = "A lesson of somebody else"
rows = ["X1"]
family = "theirs"
story = "Once upon a time."
fix = "Do it right."

[[variant]]
name = "leak"
summary = "It leaks."
expect = "leak"

[[variant]]
name = "fixed"
summary = "It does not."
expect = "ok"
"""
LEAK = "from gosim import chan\nasync def main():\n    gs_chan = chan(int)\n"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Path]]:
    """Install a fake package that adds scenarios; everything is as before afterwards."""

    def forget() -> None:
        scenario.scenarios.cache_clear()
        scenario._third_party.cache_clear()

    def install(value: str, module: str = "", toml: str | None = TOML) -> Path:
        site = tmp_path / "site"
        package = site / "fake_course"
        lesson = package / "lessons" / "somebody-elses-leak"
        lesson.mkdir(parents=True)
        (package / "__init__.py").write_text(module)
        if toml is not None:
            (lesson / "scenario.toml").write_text(toml)
        (lesson / "leak.py").write_text(LEAK)
        (lesson / "fixed.py").write_text(LEAK)
        info = site / "fake_course-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fake-course\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[gosim.scenarios]\nfake = {value}\n")
        monkeypatch.syspath_prepend(str(site))
        forget()
        return lesson

    yield install
    forget()
    for name in [n for n in sys.modules if n.startswith("fake_course")]:
        del sys.modules[name]


def test_every_scenario_keeps_the_contract() -> None:
    everything = scenarios()
    assert len({s.name for s in everything}) == len(everything) >= 20
    for s in everything:
        assert s.title and s.story and (s.rows or s.family == "production") and s.variants
        for v in s.variants:
            assert v.sources, f"{s.name} {v.name} has no file"
            assert all(v.file(source).is_file() for source in v.sources)
            assert v.expect in ("ok", "leak", "deadlock", "panic", "fatal", "compile-error")
        if s.first.name == "leak":
            assert s.fixed is not s.first and s.fixed.expect == "ok"
        files = {p.stem for p in s.folder.glob("*.py")} | {p.stem for p in s.folder.glob("*.go")}
        assert files == {v.name for v in s.variants}, "a file that no variant names"


def test_a_waste_that_is_no_leak_says_what_does_better() -> None:
    assert find("append-growth").fixed.name == "preallocated"
    assert find("defer-in-loop").fixed.name == "fixed"
    with pytest.raises(UsageError, match="defer-order is a tour: it has nothing to repair"):
        _ = find("defer-order").fixed


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("nil-channel", "nil-channel"),
        ("nil_channel", "nil-channel"),
        ("NIL", "nil-channel"),
        ("C0", "cost-of-a-goroutine"),
        ("c2", "ab-ba-deadlock"),
        ("E3", "time-after-in-a-loop"),
        ("first-answer-wins", "first-answer-wins"),
    ],
)
def test_find_by_name_prefix_and_row(name: str, found: str) -> None:
    assert find(name).name == found


def test_every_row_finds_exactly_one_lesson_or_says_which() -> None:
    for row in sorted({row for s in scenarios() for row in s.rows}):
        assert row in find(row).rows


@pytest.mark.parametrize("name", ["", "../goroutines/nil-channel", "*", "nil-channel/", "zzz"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="there is no scenario"):
        find(name)


def test_a_short_prefix_names_the_candidates() -> None:
    with pytest.raises(UsageError, match="'ten' could be any of ten-senders-buffer-of-four, ten-"):
        find("ten")


def test_the_nearest_name_is_offered() -> None:
    with pytest.raises(UsageError, match=r"did you mean worker-pool-not-closed\?"):
        find("worker-pool-closed")
    with pytest.raises(UsageError, match=r"did you mean buffer-1\?"):
        find("first").variant("bufer1")


@pytest.mark.parametrize(
    ("value", "module"),
    [
        ("fake_course", ""),
        ("fake_course:FOLDER", "import pathlib\nFOLDER = pathlib.Path(__file__).parent"),
        ("fake_course:folder", "import os\ndef folder(): return os.path.dirname(__file__)"),
    ],
    ids=["a package", "a folder", "a function"],
)
def test_another_package_adds_scenarios(
    library: Callable[..., Path], value: str, module: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson = library(value, module)
    assert not problems()
    added = find("somebody_elses")
    assert added.folder == lesson and added.family == "theirs"
    assert find("X1") is added and scenarios()[-1] is added
    assert added.fixed.name == "fixed" and added.first.sources == ("python",)
    assert main(["list"]) == 0
    out = capsys.readouterr().out
    assert "goroutines:\n" in out and "theirs:\nsomebody-elses-leak  X1  A lesson of" in out
    assert main(["run", "X1"]) == 0
    assert "somebody-elses-leak · leak" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("value", "module", "toml", "words"),
    [
        ("fake_course", "1 / 0", TOML, "ZeroDivisionError"),
        ("fake_course:nothing", "", TOML, "AttributeError"),
        ("no_such_module", "", TOML, "ModuleNotFoundError"),
        ("fake_course", "", None, "there is no scenario.toml in this folder"),
        ("fake_course", "", "title = ", "this is not a scenario file"),
        ("fake_course", "", "title = 'x'", "lacks the field 'variant'"),
    ],
)
def test_a_broken_package_spoils_nothing_but_is_named(
    library: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    value: str,
    module: str,
    toml: str | None,
    words: str,
) -> None:
    before = [s.name for s in scenarios()]
    library(value, module, toml)
    assert [s.name for s in scenarios()] == before
    (problem,) = problems()
    assert problem.startswith(f"the scenarios of {value} (entry point fake) do not load: ")
    assert words in problem
    assert main(["list"]) == 0
    said = capsys.readouterr()
    assert said.err == f"gosim: {problem}\n"


def test_a_scenario_file_with_a_wrong_type_is_named(tmp_path: Path) -> None:
    (tmp_path / "scenario.toml").write_text(
        TOML.replace('story = "Once upon a time."', "story = 7")
    )
    with pytest.raises(LoadError, match="a field of the scenario has the wrong type"):
        _load(tmp_path)
