"""A hostile file cannot hurt: it ends in a clear outcome, and reaches nothing of Python's."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import pytest

from gosim.golang.program import GoProgram
from gosim.leaks.run import Run, execute
from gosim.runtime.errors import LoadError

WALL = 3.0
CASES = "".join(f"\ncase {i}: x++" for i in range(2000))


def run(body: str, wall: float | None = WALL, max_steps: int = 10_000_000, **options: int) -> Run:
    program = GoProgram("hostile.go", source=f"package main\n\n{body}\n", cache=False)
    return execute(program, wall=wall, max_steps=max_steps, **options)


@pytest.mark.parametrize(
    "body",
    [
        "func main() { for {} }",
        "func main() {\nL:\n\tgoto L\n}",
        "func main() { n := 0; for n >= 0 { n = (n + 1) & 7 } }",
        "func f(n int) int { for n > 0 { n = n%5 + 1 }; return n }\nfunc main() { println(f(3)) }",
        "func main() { c := make(chan int, 1); for { c <- 1; <-c } }",
        "func main() { c := make(chan int); for { select { case <-c: default: } } }",
    ],
)
def test_an_endless_loop_ends_with_the_budget_of_steps(body: str) -> None:
    """Without an alarm, too: turns count."""
    found = run(body, wall=None, max_steps=20_000)
    assert (found.outcome, found.limit) == ("limit", "steps")


def test_a_loop_that_counts_for_ever_ends_with_the_alarm() -> None:
    found = run("func main() { n := 0; for i := range 1 << 62 { n += i & 1 }; println(n) }")
    assert (found.outcome, found.limit) == ("limit", "wall")


@pytest.mark.parametrize(
    "body",
    [
        "func f(n int) int { return f(n+1) + 1 }\nfunc main() { println(f(0)) }",
        "var c = make(chan int, 1)\nfunc f(n int) { c <- n; <-c; f(n + 1) }\nfunc main() { f(0) }",
        "func main() { var f func(); f = func() { f() }; f() }",
        "func f() { defer f() }\nfunc main() { f() }",
    ],
)
def test_endless_recursion_is_go_s_stack_overflow(body: str) -> None:
    found = run(body, wall=60)
    assert (found.outcome, found.exit_code) == ("fatal", 2)
    first = "runtime: goroutine stack exceeds 1000000000-byte limit\nfatal error: stack overflow\n"
    assert found.stderr.startswith(first)


def test_endless_spawning_ends_with_the_budget_of_goroutines() -> None:
    body = "func main() { for { go func() { select {} }() } }"
    found = run(body, wall=60, max_goroutines=5_000)
    assert (found.outcome, found.limit) == ("limit", "goroutines")


def test_a_goroutine_that_computes_lets_others_run() -> None:
    """As Go preempts it after a time slice."""
    found = run(
        'import "time"\n'
        "var n int\n"
        "func main() {\n"
        "\tgo func() {\n\t\tfor {\n\t\t\tn++\n\t\t}\n\t}()\n"
        "\ttime.Sleep(50 * time.Millisecond)\n"
        '\tprintln("main is back")\n}',
        wall=60,
    )
    assert found.stderr == "main is back\n"
    assert found.virtual_ns >= 50_000_000


def test_names_of_python_s_are_names_of_go_s() -> None:
    found = run(
        "type T struct{ __class__, __dict__, None, self int; copy, assign, v string }\n"
        "func (t *T) __del__() int { return 1 }\n"
        "func (t *T) __getattr__(s string) int { return 2 }\n"
        "var __builtins__, __name__ = 3, 4\n"
        "var open, True, None = 5, 6, 7\n"
        "func __import__(s string) string { return s }\n"
        "func lambda(eval, exec int) (def, class int) { return exec, eval }\n"
        "func main() {\n"
        '\tt := T{1, 2, 3, 4, "a", "b", "c"}\n'
        "\tu := t\n"
        '\tu.copy = "z"\n'
        "\tprintln(t.__class__, t.__dict__, t.None, t.self, t.copy, u.copy, t.v)\n"
        '\tprintln(t.__del__(), t.__getattr__("x"), __builtins__, __name__, open, True, None)\n'
        '\tprintln(__import__("os"))\n'
        "\tprintln(lambda(1, 2))\n"
        "\tglobal, nonlocal, await, yield := 1, 2, 3, 4\n"
        "\tfunc() { global++; yield++; println(global, nonlocal, await, yield) }()\n"
        "}"
    )
    assert found.stderr == "1 2 3 4 a z c\n1 2 3 4 5 6 7\nos\n2 1\n2 2 3 5\n"


def test_the_globals_of_a_program_have_no_builtins_of_python_s() -> None:
    program = GoProgram("hostile.go", source="package main\n\nfunc main() {}\n", cache=False)
    _, namespace = program.start()
    builtins = namespace["__builtins__"]
    assert sorted(name for name in builtins if not name.startswith("go:")) == ["__build_class__"]


def test_goroutines_of_a_dead_world_run_no_more_code() -> None:
    body = (
        'import "fmt"\n'
        "func main() {\n"
        "\tc := make(chan int)\n"
        '\tgo func() {\n\t\tdefer fmt.Println("deferred")\n'
        "\t\tdefer func() { fmt.Println(recover()) }()\n\t\t<-c\n\t}()\n"
        '\tgo func() {\n\t\tfor range c {\n\t\t\tfmt.Println("turn")\n\t\t}\n\t}()\n'
        '\tfmt.Println("end")\n}'
    )
    for _ in range(2):
        found = run(body)
        assert found.stdout == "end\n"
        gc.collect()


def test_memory_that_cannot_be_had_is_go_s_fatal_error() -> None:
    found = run("func main() { n := 1 << 44; println(len(make([]int, n))) }")
    assert found.exit_code == 2
    assert found.stderr.split("\n")[0] == "fatal error: runtime: out of memory"


@pytest.mark.parametrize(
    ("body", "printed"),
    [
        ("x := 1; println(x" + "+x" * 5000 + ")", "5001"),
        ("x := 1; " + "{" * 400 + "x++" + "}" * 400 + "; println(x)", "2"),
        ("x := 1; " + "for x < 5 {" * 12 + "x++" + "}" * 12 + "; println(x)", "5"),
        ("x := 7; switch x {" + CASES + "}; println(x)", "8"),
        ("x := []int{" + "1," * 20_000 + "}; println(len(x))", "20000"),
    ],
)  # fmt: skip
def test_large_programs_run(body: str, printed: str) -> None:
    assert run(f"func main() {{ {body} }}", wall=60).stderr == printed + "\n"


@pytest.mark.parametrize(
    "body",
    [
        "println(" + "(" * 5000 + "1" + ")" * 5000 + ")",
        "x := 1; println(" + "- " * 5000 + "x)",
        "for { " * 60 + "}" * 60,
    ],
)
def test_what_is_nested_too_deeply_is_refused_in_a_sentence(body: str) -> None:
    with pytest.raises(LoadError, match="nested too deeply"):
        run(f"func main() {{ {body} }}")


def test_the_command_line_ends_a_program_that_takes_all_memory(tmp_path: Path) -> None:
    """In a process of its own: there the address space is limited."""
    file = tmp_path / "grow.go"
    file.write_text('package main\n\nfunc main() {\n\ts := "x"\n\tfor {\n\t\ts += s\n\t}\n}\n')
    command = [sys.executable, "-m", "gosim", "run", str(file), "--wall", "280"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.stderr.startswith("fatal error: runtime: out of memory\n")
    assert done.returncode == 1
