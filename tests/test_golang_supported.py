"""The page that says what of Go runs says what of Go runs."""

from __future__ import annotations

from pathlib import Path

import golang_supported as supported
import pytest

from gosim.cli import main
from gosim.oracle.run import run_go
from gosim.oracle.toolchain import find_toolchain


def test_the_page_is_what_running_it_gives() -> None:
    assert supported.PAGE.read_text("utf-8") == supported.page(), (
        "write it anew: python tests/golang_supported.py"
    )


def test_names_that_are_not_there_are_known() -> None:
    assert supported.ABSENT.read_text("utf-8") == supported.absent(), (
        "write it anew: python tests/golang_supported.py"
    )


def test_a_name_that_is_not_there_is_refused_with_a_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "prog.go"
    file.write_text(
        'package main\n\nimport "os"\n\nfunc main() {\n\tos.Open("x")\n\tos.Opened()\n}\n'
    )
    assert main(["run", str(file)]) == 3
    first, second = capsys.readouterr().err.splitlines()
    assert first.endswith("prog.go:6:5: os.Open is not simulated; see `gosim docs supported`")
    assert second.endswith("prog.go:7:5: undefined: os.Opened")


@pytest.mark.slow
@pytest.mark.go
def test_real_go_prints_what_is_expected_of_the_features(tmp_path: Path) -> None:
    if find_toolchain("1.27") is None:
        pytest.skip("no Go 1.27 here")
    for n, (_, declarations, body, expected) in enumerate(supported.FEATURES):
        file = tmp_path / f"f{n}.go"
        file.write_text(supported._program(declarations, body))
        result = run_go(file, toolchain="1.27", wrap=False)
        assert result.stderr + result.stdout == expected, body


def test_docs_prints_pages_and_knows_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docs"]) == 0
    assert "supported" in capsys.readouterr().out
    assert main(["docs", "supp"]) == 0
    assert capsys.readouterr().out == supported.PAGE.read_text("utf-8")
    assert main(["docs", "suported"]) == 2
    assert "did you mean supported?" in capsys.readouterr().err
