"""``gosim test``: the tests of a Go package (Go: ``go test``)."""

from __future__ import annotations

from pathlib import Path

import pytest

from gosim.cli import main
from gosim.golang.parser import parse_source
from gosim.golang.testmain import Found, found_in
from gosim.golang.testmain import test_main as program_of

QUEUE = str(Path(__file__).parent / "golang_testing" / "queue")

# What `go test -v` of Go 1.27.3 prints, up to the line with the time it took.
VERBOSE = """\
=== RUN   TestFirst
    queue_test.go:6: hello
--- PASS: TestFirst (0.00s)
=== RUN   TestBad
=== RUN   TestBad/sub
    queue_test.go:13: no
--- FAIL: TestBad (0.00s)
    --- FAIL: TestBad/sub (0.00s)
=== RUN   TestOutside
--- PASS: TestOutside (0.00s)
=== RUN   ExampleFirst
--- PASS: ExampleFirst (0.00s)
FAIL
"""


def test_verbose_output_is_that_of_go_test(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", QUEUE, "-v"]) == 1
    assert capsys.readouterr().out == VERBOSE + (
        "FAIL\texample.com/queue\t0.000s of virtual time\nFAIL\n"
    )


def test_what_tests_leave_behind_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", QUEUE, "--run", "First"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("PASS\nok  \texample.com/queue\t")
    assert "1 goroutine left behind by the tests" in out
    assert "queue.go:8" in out
    assert main(["test", QUEUE, "--run", "First", "--leaks"]) == 1
    assert main(["test", QUEUE, "--run", "Outside", "--leaks"]) == 0


def test_a_folder_without_tests_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.go").write_text("package a\n")
    assert main(["test", str(tmp_path)]) == 3
    assert "there are no _test.go files in this folder" in capsys.readouterr().err
    assert main(["test", str(tmp_path / "a.go")]) == 2


def test_names_decide_what_is_run() -> None:
    source = """package p
func Test(t *testing.T) {}
func TestA(t *testing.T) {}
func Testify(t *testing.T) {}
func BenchmarkB(b *testing.B) {}
func TestMain(m *testing.M) {}
func ExampleC() {
	f()
	// Unordered output:
	// x
	// y
}
func ExampleD() {
	f()
}
"""
    tree, _, errors = parse_source("p_test.go", source)
    assert tree is not None and not errors
    found = found_in([(tree, source)])
    assert found == Found(["Test", "TestA"], ["BenchmarkB"], [("ExampleC", "x\ny", True)], True)
    assert "_test.TestMain(m)" in program_of("p", found, Found())


def test_a_test_main_that_returns_ends_with_the_code_of_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a_test.go").write_text(
        'package a\n\nimport "testing"\n\nfunc TestA(t *testing.T) { t.Error(1) }\n\n'
        "func TestMain(m *testing.M) { m.Run() }\n"
    )
    assert main(["test", str(tmp_path)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "FAIL"


def test_a_panic_of_a_test_shows_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "go.mod").write_text("module example.com/a\n\ngo 1.22\n")
    (tmp_path / "a_test.go").write_text(
        'package a\n\nimport "testing"\n\nfunc TestA(t *testing.T) {\n\tpanic("oh")\n}\n'
    )
    assert main(["test", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert "left behind" not in said.out
    lines = said.err.splitlines()
    assert lines[0] == "panic: oh [recovered, repanicked]"
    assert "example.com/a.TestA(...)" in lines
    assert any(line.endswith("a_test.go:6") for line in lines)
    assert lines[-1].startswith("\t/usr/local/go/src/testing/testing.go:")
