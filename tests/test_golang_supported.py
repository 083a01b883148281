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
