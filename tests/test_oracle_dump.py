"""Dumps are read back exactly, whatever their version, and as far as they go when cut off."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gosim.oracle.dump import (
    CreatedBy,
    Frame,
    GoGoroutine,
    ordinary,
    parse_crash,
    parse_dump,
    parse_header,
    parse_profile,
)

# Texts of real Go (go-facts §1.1–1.3, §2), 1.21 to 1.27; addresses as printed there.
HEADERS = {
    "goroutine 1 [running]:": GoGoroutine(1, "running"),
    "goroutine 5 [chan send (nil chan)]:": GoGoroutine(5, "chan send (nil chan)"),
    "goroutine 5 [chan send (nil chan) (leaked)]:": GoGoroutine(
        5, "chan send (nil chan)", leaked=True
    ),
    "goroutine 8 [select (no cases), 3 minutes]:": GoGoroutine(8, "select (no cases)", minutes=3),
    "goroutine 8 [chan receive (leaked), locked to thread]:": GoGoroutine(
        8, "chan receive", leaked=True, locked=True
    ),
    "goroutine 8 [chan receive, 1 minutes, locked to thread]:": GoGoroutine(
        8, "chan receive", minutes=1, locked=True
    ),
    "goroutine 20 [chan receive] {job: resize, tenant: 7}:": GoGoroutine(
        20, "chan receive", labels={"job": "resize", "tenant": "7"}
    ),
    'goroutine 20 [chan receive] {"a b": "x, \\"y\\": }", c: d}:': GoGoroutine(
        20, "chan receive", labels={"a b": 'x, "y": }', "c": "d"}
    ),
    'goroutine 20 [chan receive] labels:{"job": "resize"}:': GoGoroutine(
        20, "chan receive", labels={"job": "resize"}
    ),
    "goroutine 9 [chan receive (durable), synctest bubble 1]:": GoGoroutine(
        9, "chan receive (durable)", bubble=1
    ),
    "goroutine 1 gp=0x6dbfdbca1e0 m=nil [chan receive]:": GoGoroutine(1, "chan receive"),
    "goroutine 1 gp=0xc0000061c0 m=0 mp=0x571200 [running]:": GoGoroutine(1, "running"),
    "goroutine 3 [runnable (scan)]:": GoGoroutine(3, "runnable"),
}


@pytest.mark.parametrize("line", HEADERS)
def test_headers_of_every_kind(line: str) -> None:
    assert parse_header(line) == HEADERS[line]


@pytest.mark.parametrize(
    "line", ["goroutine profile: total 12", "goroutine x [running]:", "goroutines 3 [running]:", ""]
)
def test_other_lines_are_no_headers(line: str) -> None:
    assert parse_header(line) is None


ONE = """\
goroutine 5 [chan send (nil chan)]:
main.(*server[...]).handle.func7.1(0xc000012345, {0x4d0, 0x2}, ...)
\t/path/with space/main.go:80 +0x25
sync.(*Once).Do(...)
\t/usr/local/go/src/sync/once.go:65
...12 frames elided...
main.outer({0x1?, 0x2?})
\tC:/x/y.go:9 +0x1
created by main.init.0.func7 in goroutine 1
\t/path/main.go:80 +0x28
"""


def test_every_part_of_a_goroutine_is_read() -> None:
    (g,) = parse_dump(ONE + "\n")
    assert g.stack == (
        Frame("main.(*server[...]).handle.func7.1", "/path/with space/main.go", 80),
        Frame("sync.(*Once).Do", "/usr/local/go/src/sync/once.go", 65),
        Frame("main.outer", "C:/x/y.go", 9),
    )
    assert g.created_by == CreatedBy("main.init.0.func7", 1, "/path/main.go", 80)
    assert g.elided == 12
    assert not g.truncated
    assert g.user_frame == g.stack[0]
    assert g.function == "main.outer"


def test_creator_without_a_goroutine_number() -> None:
    (g,) = parse_dump("goroutine 5 [sleep]:\nmain.f()\n\t/a.go:1 +0x1\ncreated by main.main\n"
                      "\t/a.go:2 +0x1\n\n")  # fmt: skip
    assert g.created_by == CreatedBy("main.main", None, "/a.go", 2)


def test_stacks_of_creators_belong_to_no_goroutine() -> None:
    text = ONE + "[originating from goroutine 1]:\nmain.main(...)\n\t/path/main.go:3 +0x1\n"
    (g,) = parse_dump(text + "\n")
    assert len(g.stack) == 3


# --------------------------------------------------------------------- writing and reading back

NAMES = st.sampled_from(
    ["main.main.func1", "main.(*T).m", "main.T.m-fm", "main.f[...]", "time.Sleep",
     "internal/sync.(*Mutex).Lock", "golang.org/x/sync/errgroup.(*Group).Go.func1"]
)  # fmt: skip
REASONS = st.sampled_from(
    ["chan send", "chan receive (nil chan)", "select (no cases)", "IO wait", "running",
     "sync.RWMutex.RLock", "GOMAXPROCS updater (idle)", "chan receive (durable)"]
)  # fmt: skip
FILES = st.sampled_from(["/a b/main.go", "gosimrun/prog.go", "C:/x.go", "/usr/src/x:y.go"])
LINES = st.integers(1, 99999)
FRAMES = st.builds(Frame, NAMES, FILES, LINES)
WORDS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=5)
GOROUTINES = st.builds(
    GoGoroutine,
    id=st.integers(1, 10**6),
    wait_reason=REASONS,
    stack=st.lists(FRAMES, min_size=1, max_size=5).map(tuple),
    created_by=st.none() | st.builds(CreatedBy, NAMES, st.integers(1, 99), FILES, LINES),
    leaked=st.booleans(),
    minutes=st.integers(0, 3),
    locked=st.booleans(),
    bubble=st.none() | st.integers(1, 3),
    labels=st.dictionaries(WORDS, WORDS, max_size=3),
)


def write(g: GoGoroutine) -> str:
    """Print a goroutine as runtime/traceback.go orders its parts."""
    marks = " (leaked)" if g.leaked else ""
    marks += f", {g.minutes} minutes" if g.minutes else ""
    marks += ", locked to thread" if g.locked else ""
    marks += f", synctest bubble {g.bubble}" if g.bubble is not None else ""
    labels = ", ".join(f"{k}: {v}" for k, v in g.labels.items())
    text = f"goroutine {g.id} [{g.wait_reason}{marks}]{f' {{{labels}}}' if labels else ''}:\n"
    for f in g.stack:
        text += f"{f.function}(0xc000, {{0x1, 0x2}})\n\t{f.file}:{f.line} +0x1f\n"
    if g.created_by is not None:
        c = g.created_by
        text += f"created by {c.function} in goroutine {c.goroutine}\n\t{c.file}:{c.line} +0x2\n"
    return text


@given(st.lists(GOROUTINES, max_size=4))
def test_what_was_written_is_read_back(goroutines: list[GoGoroutine]) -> None:
    text = "\n".join(write(g) for g in goroutines)
    read = list(parse_dump(text))
    assert read == goroutines
    assert [g.labels for g in read] == [g.labels for g in goroutines]
    assert list(parse_dump(iter(text.splitlines(keepends=True)))) == read, "line by line"


@given(st.lists(GOROUTINES, min_size=1, max_size=3), st.data())
def test_a_cut_dump_gives_what_was_complete(
    goroutines: list[GoGoroutine], data: st.DataObject
) -> None:
    text = "\n".join(write(g) for g in goroutines)
    cut = data.draw(st.integers(0, len(text)))
    read = list(parse_dump(text[:cut]))
    assert len(read) <= len(goroutines)
    assert read[:-1] == goroutines[: len(read) - 1 if read else 0]
    if read:
        last, whole = read[-1], goroutines[len(read) - 1]
        assert last.id == whole.id
        # A frame may be missing or half there, never be another.
        for mine, real in zip(last.stack[:-1], whole.stack, strict=False):
            assert mine == real


@given(st.text(alphabet="goroutine 1[]{}:()\n\t.,+x0" , max_size=80))
def test_no_text_makes_the_readers_fail(text: str) -> None:
    list(parse_dump(text))
    parse_profile(text)
    parse_crash(text)


def test_a_dump_is_read_as_it_comes() -> None:
    seen: list[int] = []

    def lines() -> object:
        for n in range(1, 4):
            seen.append(n)
            yield from write(GoGoroutine(n, "sleep", (Frame("main.f", "/a.go", 1),))).splitlines()
            yield ""

    stream = parse_dump(lines())  # type: ignore[arg-type]
    assert next(stream).id == 1
    assert seen == [1]


# ------------------------------------------------------------------------ other texts of Go

QUIT = """\
goroutine 0 gp=0x56f120 m=0 mp=0x571200 [idle]:
runtime.futex(0x571340, 0x80, 0x0, 0x0, 0x0, 0x0)
\truntime/sys_linux_amd64.s:558 +0x21 fp=0x7ffc sp=0x7ffb pc=0x47fa41

goroutine 1 gp=0x32d8c4c061e0 m=nil [chan receive]:
runtime.gopark(0x0?, 0x0?, 0x0?, 0x0?, 0x0?)
\truntime/proc.go:474 +0xca fp=0x32d8 sp=0x32d7 pc=0x478f8a
runtime.chanrecv1(0x0?, 0x0?)
\truntime/chan.go:509 +0x12 fp=0x32d8 sp=0x32d7 pc=0x40b3b2
main.main()
\tgosimrun/prog.go:7 +0x46 fp=0x32d8 sp=0x32d7 pc=0x499e26
runtime.main()
\truntime/proc.go:302 +0x427 fp=0x32d8 sp=0x32d7 pc=0x447947
runtime.goexit({})
\truntime/asm_amd64.s:1264 +0x1 fp=0x32d8 sp=0x32d7 pc=0x47e3e1

goroutine 2 gp=0x32d8c4c06780 m=nil [force gc (idle)]:
runtime.gopark(0x0?, 0x0?, 0x0?, 0x0?, 0x0?)
\truntime/proc.go:474 +0xca fp=0x32d8 sp=0x32d7 pc=0x478f8a
runtime.forcegchelper()
\truntime/proc.go:387 +0xb3 fp=0x32d8 sp=0x32d7 pc=0x447c13
runtime.goexit({})
\truntime/asm_amd64.s:1264 +0x1 fp=0x32d8 sp=0x32d7 pc=0x47e3e1
created by runtime.init.7 in goroutine 1
\truntime/proc.go:375 +0x1a
"""


def test_a_dump_of_everything_shrinks_to_the_ordinary_one() -> None:
    assert len(list(parse_dump(QUIT))) == 3
    (main,) = ordinary(parse_dump(QUIT))
    assert main == GoGoroutine(1, "chan receive", (Frame("main.main", "gosimrun/prog.go", 7),))


PROFILE = """\
goroutine profile: total 12
10 @ 0x484c8a 0x4149ac 0x414897 0x522ee5 0x48b3e1
#\t0x522ee4\tmain.init.0.func7.1+0x24\t/path/main.go:80

1 @ 0x484c8a 0x415bce 0x4156f2 0x526199 0x48b3e1
# labels: {"job":"resize", "tenant":"7"}
#\t0x526198\tmain.init.0.func49.1.1+0x18\t\t/path/main.go:357
#\t0x508b8b\tmain.main+0x2b\t\t\t\t/path with space/main.go:9

1 @ 0x48b3e1
"""


def test_a_grouped_profile() -> None:
    ten, one, bare = parse_profile(PROFILE)
    assert (ten.count, ten.stack) == (10, (Frame("main.init.0.func7.1", "/path/main.go", 80),))
    assert one.labels == {"job": "resize", "tenant": "7"}
    assert [f.line for f in one.stack] == [357, 9]
    assert (bare.count, bare.stack, bare.labels) == (1, (), {})


CRASHES = {
    "panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/a.go:3 +0x1\n": (
        "panic",
        "panic: boom",
    ),
    "log\nfatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [select]:\n": (
        "fatal",
        "fatal error: all goroutines are asleep - deadlock!",
    ),
    "fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n": (
        "fatal",
        "fatal error: no goroutines (main called runtime.Goexit) - deadlock!",
    ),
    # The program wrote something that looks like a panic before the real one.
    "panic: only said\npanic: first [recovered]\n\tpanic: second\n\ngoroutine 7 [running]:\n": (
        "panic",
        "panic: first [recovered]\n\tpanic: second",
    ),
    # println without a newline.
    "no newlinepanic: x\n\ngoroutine 1 [running]:\n": ("panic", "panic: x"),
    "SIGQUIT: quit\nPC=0x499e26 m=0 sigcode=0\n\ngoroutine 1 gp=0x1 m=nil [sleep]:\n": (
        "signal",
        "SIGQUIT: quit\nPC=0x499e26 m=0 sigcode=0",
    ),
}


@pytest.mark.parametrize("stderr", CRASHES)
def test_how_a_process_died(stderr: str) -> None:
    crash = parse_crash(stderr)
    assert crash is not None
    assert (crash.kind, crash.message) == CRASHES[stderr]
    assert stderr.startswith(crash.before + crash.message)
    assert len(crash.goroutines) == stderr.count("\ngoroutine ")


def test_an_ordinary_stderr_is_no_death() -> None:
    assert parse_crash("all is well\n") is None


def test_leaked_is_a_mark_not_part_of_the_reason() -> None:
    plain = parse_header("goroutine 5 [select]:")
    marked = parse_header("goroutine 5 [select (leaked)]:")
    assert plain is not None and marked == replace(plain, leaked=True)
