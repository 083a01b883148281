"""What real Go did comes back in the program's own terms: names, lines, output, end."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from gosim.oracle import run as room
from gosim.oracle.dump import CreatedBy, Frame
from gosim.oracle.run import BuildError, GoResult, OracleError, _rename_main, run_go
from gosim.oracle.toolchain import Toolchain

Ask = Callable[..., GoResult]

VERSIONS = ["1.21", "1.22", "1.23", "1.24", "1.26", "1.27"]


@pytest.fixture
def ask(go_version: Callable[[str], Toolchain], tmp_path: Path) -> Ask:
    """Run Go source with a version (default 1.27)."""

    def run(source: str, version: str = "1.27", **options: object) -> GoResult:
        path = tmp_path / "program.go"
        path.write_text(source)
        return run_go(path, toolchain=go_version(version), **options)  # type: ignore[arg-type]

    return run


def reasons(result: GoResult) -> dict[str, int]:
    return dict(Counter(g.wait_reason for g in result.goroutines))


LEAK = """\
package main

import "fmt"

func answer(i int, ch chan int) {
	ch <- i
}

func main() {
	ch := make(chan int)
	for i := 0; i < 3; i++ {
		i := i
		go func() {
			answer(i, ch)
		}()
	}
	fmt.Println("got", <-ch)
}
"""


@pytest.mark.go
@pytest.mark.parametrize("version", VERSIONS)
def test_goroutines_left_behind_by_main(ask: Ask, tmp_path: Path, version: str) -> None:
    result = ask(LEAK, version)
    assert result.returned and not result.hung
    assert (result.exit_code, result.stdout, result.stderr) == (0, "got 2\n", "")
    assert result.version == version and result.full_version.startswith(f"go{version}.")
    assert result.num_goroutine == 3, "main and two more"
    file = str(tmp_path / "program.go")
    ids = (6, 7) if version < "1.25" else (7, 8)  # go-facts §1.1: the wrapper starts none
    assert tuple(g.id for g in result.goroutines) == ids
    for g in result.goroutines:
        assert g.wait_reason == "chan send"
        assert g.stack == (Frame("main.answer", file, 6), Frame("main.main.func1", file, 14))
        assert g.created_by == CreatedBy("main.main", 1, file, 13)
    (group,) = result.profile
    assert group.count == 2 and group.user_frame == Frame("main.answer", file, 6)
    assert result.memstats["HeapAlloc"] > 0 and result.memstats_after_gc["NumGC"] >= 2
    if version >= "1.26":
        assert result.leak_profile == (group,)
        assert result.leaked == result.goroutines
    else:
        assert result.leak_profile is None


@pytest.mark.go
def test_a_live_channel_is_not_in_the_leak_profile(ask: Ask) -> None:
    result = ask("package main\n\nvar c = make(chan int)\n\nfunc main() { go func() { <-c }() }\n")
    assert reasons(result) == {"chan receive": 1}
    assert result.leak_profile == () and not result.leaked


@pytest.mark.go
@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("x := 1; go func() { ch <- x }()", False),
        ("x := 1; go func() { ch <- x + 1 }()", True),
        ("x := 1; go func(x int) { ch <- x }(x)", True),
        ("s := &S{ch, 1}; go s.send()", False),
        ("s := S{ch, 1}; go s.copied()", True),
    ],
)
def test_the_profile_overlooks_a_sender_whose_value_lies_beside_its_channel(
    ask: Ask, body: str, found: bool
) -> None:
    """A blocked sender's sudog.elem is a root of Go's marking.

    It points at the value sent, without a copy: into the closure or struct that holds the channel
    too, which is thereby reachable (mgc.go hides sudog.c from the marking, not elem).
    """
    result = ask(
        "package main\n\ntype S struct { ch chan int; x int }\n\n"
        "func (s *S) send() { s.ch <- s.x }\nfunc (s S) copied() { s.ch <- s.x }\n\n"
        f"func main() {{ ch := make(chan int); {body} }}\n"
    )
    assert reasons(result) == {"chan send": 1}
    assert [g.leaked for g in result.goroutines] == [found]


@pytest.mark.go
def test_deadlock_shows_the_program_and_nothing_of_the_wrapper(ask: Ask, tmp_path: Path) -> None:
    result = ask(
        "package main\n\nfunc wait(c chan int) { <-c }\n\nfunc main() {\n"
        "\tgo wait(make(chan int))\n\tvar c chan int\n\tc <- 1\n}\n"
    )
    file = tmp_path / "program.go"
    assert (result.exit_code, result.returned) == (2, False)
    assert result.crash is not None
    assert result.crash.message == "fatal error: all goroutines are asleep - deadlock!"
    main, other = result.goroutines
    assert (main.id, main.wait_reason) == (1, "chan send (nil chan)")
    assert main.stack == (Frame("main.main", str(file), 8),)
    assert other.stack == (Frame("main.wait", str(file), 3),)
    assert "gosim" not in result.stderr
    assert f"main.main()\n\t{file}:8 +0x" in result.stderr


@pytest.mark.go
def test_panic_text_and_frames(ask: Ask) -> None:
    result = ask(
        'package main\n\nimport "fmt"\n\ntype main2 struct{}\n\n'
        "func (main2) main(c chan int) { close(c) }\n\nfunc main() {\n"
        '\tfmt.Println("before")\n\tmain2{}.main(nil)\n}\n'
    )
    assert (result.stdout, result.exit_code) == ("before\n", 2)
    assert result.crash is not None and result.crash.message == "panic: close of nil channel"
    (g,) = result.goroutines
    assert [(f.function, f.line) for f in g.stack] == [("main.main2.main", 7), ("main.main", 11)]


@pytest.mark.go
def test_exit_leaves_no_after_life(ask: Ask) -> None:
    result = ask('package main\n\nimport "os"\n\nfunc main() { println("bye"); os.Exit(3) }\n')
    assert (result.exit_code, result.stderr, result.returned) == (3, "bye\n", False)
    assert result.goroutines == () and result.num_goroutine is None and result.crash is None


@pytest.mark.go
def test_goexit_of_main(ask: Ask) -> None:
    result = ask('package main\n\nimport "runtime"\n\nfunc main() { runtime.Goexit() }\n')
    assert result.exit_code == 2 and result.crash is not None
    assert result.crash.message == (
        "fatal error: no goroutines (main called runtime.Goexit) - deadlock!"
    )


@pytest.mark.go
def test_a_hanging_process_is_ended_and_says_where_it_was(ask: Ask) -> None:
    start = time.monotonic()
    result = ask(
        'package main\n\nimport ("fmt"; "time")\n\nfunc main() {\n\tfmt.Println("start")\n'
        "\tgo func() {\n\t\tselect {}\n\t}()\n\ttime.Sleep(time.Hour)\n}\n",
        timeout=0.5,
    )
    assert time.monotonic() - start < 60
    assert result.hung and result.exit_code is None
    assert (result.stdout, result.stderr) == ("start\n", "")
    assert [(g.id, g.wait_reason) for g in result.goroutines] == [
        (1, "sleep"), (7, "select (no cases)"),
    ]  # fmt: skip
    assert [f.function for f in result.goroutines[0].stack] == ["time.Sleep", "main.main"]


@pytest.mark.go
def test_children_of_the_program_do_not_survive_it(ask: Ask, tmp_path: Path) -> None:
    mark = tmp_path / "alive"
    result = ask(
        'package main\n\nimport "os/exec"\n\nfunc main() {\n'
        f'\texec.Command("sh", "-c", "sleep 1; touch {mark}").Run()\n}}\n',
        timeout=0.3,
    )
    assert result.hung
    time.sleep(1.2)
    assert not mark.exists()


@pytest.mark.go
def test_what_the_after_life_does_is_kept_apart(ask: Ask) -> None:
    result = ask(
        'package main\n\nimport ("fmt"; "time")\n\nfunc main() {\n\tgo func() {\n'
        '\t\ttime.Sleep(20 * time.Millisecond)\n\t\tfmt.Println("late")\n\t\tpanic("too late")\n'
        '\t}()\n\tfmt.Println("main")\n}\n'
    )
    # A real process ends with main, with exit code 0, before any of this.
    assert (result.stdout, result.stderr, result.exit_code) == ("main\n", "", 0)
    assert result.after_stdout == "late\n"
    assert result.crash is None and result.after_crash is not None
    assert result.after_crash.message == "panic: too late"


@pytest.mark.go
def test_settling_time_decides_who_is_left(ask: Ask) -> None:
    source = (
        'package main\n\nimport "time"\n\n'
        "func main() { go func() { time.Sleep(100 * time.Millisecond) }() }\n"
    )
    assert reasons(ask(source, settle="0s")) in ({"sleep": 1}, {"runnable": 1})
    assert reasons(ask(source, settle="2s")) == {}


@pytest.mark.go
def test_language_version_comes_from_the_go_line(ask: Ask) -> None:
    source = (
        "//go:build ignore\n\npackage main\n\nfunc main() {\n\tvar f func()\n"
        "\tfor i := 0; i < 3; i++ {\n\t\tif i == 0 {\n\t\t\tf = func() { println(i) }\n\t\t}\n"
        "\t}\n\tf()\n}\n"
    )
    # Loop variables are one per loop up to 1.21, one per turn from 1.22.
    assert ask(source).stderr == "0\n"
    assert ask(source, go_line="1.21").stderr == "3\n"


@pytest.mark.go
def test_directory_with_its_go_mod(
    go_toolchain: Toolchain, tmp_path: Path
) -> None:
    (tmp_path / "go.mod").write_text("module example.org/x\n\ngo 1.21\n")
    (tmp_path / "a.go").write_text("package main\n\nfunc main() { work() }\n")
    (tmp_path / "b.go").write_text("package main\n\nfunc work() { select {} }\n")
    (tmp_path / "a_test.go").write_text("no Go at all")
    result = run_go(tmp_path, toolchain=go_toolchain)
    assert result.go_line == "1.21"
    assert [(f.file, f.line) for f in result.goroutines[0].stack] == [
        (str(tmp_path / "b.go"), 3), (str(tmp_path / "a.go"), 3),
    ]  # fmt: skip


@pytest.mark.go
@pytest.mark.parametrize("name", ["x_windows.go", "x_test.go", "_x.go"])
def test_a_named_file_is_built_whatever_its_name_says(
    go_toolchain: Toolchain, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text('package main\n\nfunc main() { println("here") }\n')
    assert run_go(tmp_path / name, toolchain=go_toolchain).stderr == "here\n"


@pytest.mark.go
@pytest.mark.parametrize("version", ["1.22", "1.27"])
def test_errgroup_and_semaphore_come_with_the_toolchain(ask: Ask, version: str) -> None:
    result = ask(
        'package main\n\nimport (\n\t"context"\n\t"errors"\n\t"fmt"\n\n'
        '\t"golang.org/x/sync/errgroup"\n\t"golang.org/x/sync/semaphore"\n)\n\nfunc main() {\n'
        '\tvar g errgroup.Group\n\tg.Go(func() error { return errors.New("no") })\n'
        "\tfmt.Println(g.Wait(), semaphore.NewWeighted(2).Acquire(context.Background(), 1))\n}\n",
        version,
    )
    assert result.stdout == "no <nil>\n"


@pytest.mark.go
def test_compiler_errors_are_about_the_program(ask: Ask, tmp_path: Path) -> None:
    with pytest.raises(BuildError) as e:
        ask(
            "package main\n\nfunc main() {\n\tfor i, t := range []int{1} {\n\t\tprintln(i)\n"
            "\t}\n}\n"
        )
    assert e.value.output == f"{tmp_path / 'program.go'}:4:9: declared and not used: t\n"


@pytest.mark.go
def test_what_is_not_package_main_is_refused_in_a_sentence(ask: Ask) -> None:
    with pytest.raises(OracleError, match="is package lib, not package main"):
        ask("package lib\n")
    with pytest.raises(BuildError) as e:
        ask("package main\n\nfunc f() {}\n")
    assert "function main is undeclared in the main package" in e.value.output


def test_no_toolchain_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "find_toolchain", lambda version: None)
    with pytest.raises(OracleError, match=r"no Go 1\.27 found"):
        run_go("x.go", toolchain="1.27")


@pytest.mark.parametrize("settle", ["", "3", "1x", "s", "1s 2s"])
def test_settle_must_be_a_go_duration(settle: str) -> None:
    with pytest.raises(OracleError, match="no Go duration"):
        room._nanoseconds(settle)


def test_settle_is_read_as_go_reads_it() -> None:
    assert room._nanoseconds("1h1m1.5s200ms") == 3661_700_000_000
    assert room._nanoseconds("0") == 0


@pytest.mark.go
def test_arguments_input_and_environment_reach_the_program(ask: Ask) -> None:
    result = ask(
        'package main\n\nimport ("fmt"; "io"; "os"; "runtime")\n\nfunc main() {\n'
        "\tin, _ := io.ReadAll(os.Stdin)\n"
        '\tfmt.Println(os.Args[1:], string(in), os.Getenv("WORD"), runtime.GOMAXPROCS(0))\n}\n',
        args=["a b", "c"], stdin="text", env={"WORD": "w"}, gomaxprocs=2,
    )  # fmt: skip
    assert result.stdout == "[a b c] text w 2\n"


@pytest.mark.go
def test_repeats_tell_whether_the_output_is_steady(ask: Ask) -> None:
    assert ask("package main\n\nfunc main() { println(1) }\n", runs=3).steady_stdout
    source = 'package main\n\nimport ("fmt"; "os")\n\nfunc main() { fmt.Println(os.Getpid()) }\n'
    result = ask(source, runs=3)
    assert len(result.repeats) == 2 and not result.steady_stdout


@pytest.mark.go
def test_a_second_run_builds_nothing(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "package main\n\nfunc main() {}\n"
    ask(source)

    def refuse(*args: object, **kwargs: object) -> object:
        raise AssertionError("built again")

    monkeypatch.setattr("subprocess.run", refuse)
    assert ask(source, settle="0s").exit_code == 0


@pytest.mark.go
def test_wrapped_and_bare_programs_do_the_same(ask: Ask) -> None:
    bare, wrapped = ask(LEAK, wrap=False), ask(LEAK)
    assert not bare.wrapped and not bare.returned and wrapped.wrapped
    assert (bare.stdout, bare.exit_code) == (wrapped.stdout, wrapped.exit_code)


@pytest.mark.go
def test_marks_of_a_real_dump(ask: Ask) -> None:
    result = ask(
        'package main\n\nimport (\n\t"context"\n\t"runtime"\n\t"runtime/pprof"\n)\n\n'
        "func main() {\n\tgo func() {\n\t\truntime.LockOSThread()\n\t\tselect {}\n\t}()\n"
        '\tlabels := pprof.Labels("job", "re size", "tenant", "7")\n'
        "\tgo pprof.Do(context.Background(), labels, func(context.Context) { select {} })\n}\n"
    )
    locked, labelled = result.goroutines
    assert (locked.locked, locked.labels, locked.leaked) == (True, {}, True)
    assert (labelled.locked, labelled.labels) == (False, {"job": "re size", "tenant": "7"})
    assert {str(g.labels) for g in result.profile} == {str(g.labels) for g in result.goroutines}


def test_renaming_main_touches_the_word_only() -> None:
    source = (
        "package main // main\n\n/* main\n */\nfunc main() {\n"
        '\tx := "main" + `main\nmain` + string(\'m\')\n\tmain()\n\tdomain, main2 := x, x\n}\n'
    )
    text, declares = _rename_main(source)
    assert declares
    assert text == source.replace("func main()", "func gosim_main()").replace(
        "\tmain()", "\tgosim_main()"
    )
    assert _rename_main("package main\n\nvar main = 1\n") == (
        "package main\n\nvar gosim_main = 1\n", False,
    )  # fmt: skip
