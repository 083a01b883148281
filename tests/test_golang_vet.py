"""What gosim vet says is what the real go vet says, letter by letter."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from golang_vet import RECORDED, programs, write

from gosim.golang.packages import load
from gosim.golang.vet import vet

PROGRAMS = programs()


def ours(path: Path) -> list[str]:
    found = vet(load(str(path), library=True))
    at = f"{path if path.is_dir() else path.parent}{os.sep}"
    return "\n".join(map(str, found)).replace(at, "").splitlines()


@pytest.mark.parametrize("name", PROGRAMS)
def test_findings_are_those_of_go_vet(name: str, tmp_path: Path) -> None:
    write(tmp_path, *PROGRAMS[name])
    assert ours(tmp_path) == json.loads(RECORDED.read_text())[name]
