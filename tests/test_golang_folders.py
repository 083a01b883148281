"""Which program a word of the command line means, when it names a folder of Go files."""

from __future__ import annotations

from pathlib import Path

import pytest

from gosim.cli.target import resolve


def test_a_folder_of_go_files_goes_before_the_beginning_of_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("two", "two-kinds"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.go").write_text("package main\n\nfunc main() {}\n")
    monkeypatch.chdir(tmp_path)
    assert resolve("two").path == "two"
    whole = resolve("two-kinds").scenario
    assert whole is not None and whole.name == "two-kinds"
