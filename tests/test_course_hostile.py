"""Submissions that mean no good: none passes, none harms the grader or another submission."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from course_cases import assignment

from gosim.course import sandbox
from gosim.course.checking import HERE, check
from gosim.course.regions import changed
from gosim.course.report import Report
from gosim.course.sandbox import Limits

SMALL = Limits(memory=1 << 30, cpu_s=4, wall_s=60)

#: Those that use up what there is: never without a sandbox, and with the slow tests.
HEAVY = frozenset(
    [
        "endless loop", "swallows everything", "one endless call", "memory bomb",
        "slow memory bomb", "goroutines without end", "floods stdout", "recurses",
        "keeps everything", "grows a string", "prints without end", "an init without end",
        "a string without end", "an array without end", "nests", "nests blocks",
    ]
)  # fmt: skip
#: Of them, those that every run of the suite tries.
FIRST = frozenset(["endless loop", "memory bomb", "nests"])
PRICE = assignment("price-comparison")

#: What stands where the student may write; `quote` is called by main. In Python first.
#: A right repair; what an attack adds to it makes that it fails.
QUOTE = """\
async def fetch(customer, shop, quotes):
    await think(shop)
    await quotes.send(price(customer, shop))


async def quote(customer):
    {body}
    quotes = chan(int, shops)
    for shop in range(shops):
        go(fetch, customer, shop, quotes)
    return await quotes.recv()
"""
ATTACKS: dict[str, str] = {
    "endless loop": "async def quote(customer):\n    while True:\n        pass\n",
    "swallows everything": (
        "async def quote(customer):\n    while True:\n        try:\n            while True:\n"
        "                pass\n        except BaseException:\n            pass\n"
    ),
    "one endless call": QUOTE.format(body="sum(range(10 ** 13))"),
    "memory bomb": QUOTE.format(body="x = 'a' * (1 << 34)"),
    "slow memory bomb": (
        "async def quote(customer):\n    kept = []\n    while True:\n"
        "        kept.append('x' * 10_000_000 + str(len(kept)))\n"
    ),
    "fork": QUOTE.format(body="import os; os.fork()"),
    "import by name": QUOTE.format(body="os = __import__('os'); os.fork()"),
    "reads a file": QUOTE.format(body="print(open('/etc/passwd').read())"),
    "reads the hidden checks": (
        "from gosim.course import assignment\nasync def quote(customer):\n    return 100\n"
    ),
    "network": QUOTE.format(body="import socket; socket.create_connection(('127.0.0.1', 22))"),
    "leaves the process": QUOTE.format(body="import os; os._exit(0)"),
    "exits": QUOTE.format(body="raise SystemExit(0)"),
    "exits as go": QUOTE.format(body="gs.os.exit(0)"),
    "forges the report": (
        "async def quote(customer):\n"
        '    print(\'{"nonce": "", "observation": {"id": "order 0", "complete": true}}\')\n'
        "    return 100 + customer\n"
    ),
    "an int that lies": (
        "class Yes(int):\n    def __eq__(self, other):\n        return True\n"
        "    def __str__(self):\n        return '7'\n"
        "async def quote(customer):\n    return Yes(1)\n"
    ),
    "patches a package": QUOTE.format(body="gs.time.sleep = None"),
    "patches a type": "wg = gs.sync.WaitGroup\nwg.wait = None\n" + QUOTE.format(body="pass"),
    "patches through self": (
        "class P:\n    def put(self):\n        self.wait = None\n"
        "P.put(gs.sync.WaitGroup)\n" + QUOTE.format(body="pass")
    ),
    "goes up the classes": QUOTE.format(body="().__class__.__base__.__subclasses__()"),
    "goes through a frame": QUOTE.format(body="(x for x in ()).gi_frame.f_back.f_globals"),
    "goes through a traceback": (
        "async def quote(customer):\n    try:\n        1 // 0\n    except ZeroDivisionError as e:\n"
        "        e.__traceback__.tb_frame\n    return 100 + customer\n"
    ),
    "goes through the world": QUOTE.format(body="chan(int).world.out.append('customer 0 pays 1')"),
    "goes through a pattern": (
        "async def quote(customer):\n    match chan(int):\n        case object(world=w):\n"
        "            w.allgs.clear()\n    return 100 + customer\n"
    ),
    "names its fields": ("class A:\n    __match_args__ = ('world',)\n" + QUOTE.format(body="pass")),
    "makes an awaitable": (
        "class A:\n    def __await__(self):\n        yield 1\n"
        "async def quote(customer):\n    await A()\n    return 100 + customer\n"
    ),
    "makes a type of types": QUOTE.format(
        body="T = type(int); M = T('M', (T,), {'__instancecheck__': lambda c, o: True})"
    ),
    "empties the heap": "kept = gs.make_slice(int, 3)\n"
    + QUOTE.format(body="kept.heap.live.clear()"),
    "makes a type": QUOTE.format(body="type('X', (gs.sync.Mutex,), {})"),
    "inherits": "class M(gs.sync.Mutex):\n    pass\n" + QUOTE.format(body="pass"),
    "gets by name": QUOTE.format(body="getattr(chan(int), 'wor' + 'ld').out.clear()"),
    "floods stdout": (
        "async def quote(customer):\n    while True:\n        print('x' * 1_000_000)\n"
    ),
    "recurses": "def f(n):\n    return f(n + 1) + 1\n" + QUOTE.format(body="f(0)"),
    "nests": QUOTE.format(body="x = " + "(" * 5000 + ")" * 5000),
    "goroutines without end": (
        "async def more(i):\n    go(more, i + 1)\n    go(more, i + 1)\n    await chan(int).recv()\n"
        + QUOTE.format(body="go(more, 0)")
    ),
    "another encoding": (  # in which the comment is code
        "# coding: utf-7\nasync def quote(customer):\n    #+AAo-    import os; os._exit(0)\n"
        "    return 100 + customer\n"
    ),
    "takes the fixed code into a string": 'quote = serve = """\n',
    "changes a type while it waits": (
        "class P:\n    pass\n\n\ndef late():\n    x.wait = yield\n\n\nx = P()\nkept = late()\n"
        "next(kept)\nx = gs.sync.WaitGroup\ntry:\n    kept.send(None)\nexcept StopIteration:\n"
        "    pass\n" + QUOTE.format(body="pass")
    ),
    "gives another class the name of its own": (
        "class A:\n    pass\n\n\nA = gs.sync.Mutex\n\n\nclass M(A):\n    pass\n"
        + QUOTE.format(body="pass")
    ),
    "an int that lies by another name": (
        "class A:\n    pass\n\n\nA = int\n\n\nclass Yes(A):\n    def __eq__(self, other):\n"
        "        return True\n" + QUOTE.format(body="pass")
    ),
    "an enumeration that lies": (
        "from enum import IntEnum\n\n\nclass Yes(IntEnum):\n    ONE = 1\n\n"
        "    def __eq__(self, other):\n        return True\n" + QUOTE.format(body="pass")
    ),
    "a tuple that lies": (
        "from typing import NamedTuple\n\n\nclass Yes(NamedTuple):\n    one: int\n\n"
        "    def __len__(self):\n        return 0\n" + QUOTE.format(body="pass")
    ),
    "makes a data class of a type": (
        "from dataclasses import dataclass\ndataclass(gs.sync.WaitGroup)\n"
        + QUOTE.format(body="pass")
    ),
    "registers with an abstract class": (
        "from collections.abc import Mapping\nMapping.register(str)\n" + QUOTE.format(body="pass")
    ),
    "reads attributes with a format": QUOTE.format(
        body="shown = '{{0.__class__}}'; print(shown.format(1))"
    ),
    "reads attributes with a constant format": QUOTE.format(
        body="print('{{0.world}}'.format(chan(int)))"
    ),
    "formats with a map": QUOTE.format(body="'{{a.world}}'.format_map({{'a': chan(int)}})"),
    "asks an error for its object": (
        "async def quote(customer):\n    try:\n        chan(int).nothing()\n"
        "    except AttributeError as e:\n        e.obj\n    return 100 + customer\n"
    ),
    "makes a function": QUOTE.format(body="type(price)(1, {{}})"),
    "makes a module": QUOTE.format(body="type(gs)('os').system('true')"),
    "takes parts by their place": QUOTE.format(
        body="match chan(int):\n        case gs.sync.Mutex(a):\n            pass"
    ),
    "calls itself otherwise": "__name__ = 'gosim.std.sync'\n" + QUOTE.format(body="pass"),
    "uses what the grader uses": QUOTE.format(body="gs.try_repairs('/etc/passwd')"),
    "runs a file": QUOTE.format(body="gs.run('/etc/passwd')"),
    "asks for what is kept": QUOTE.format(body="gs.rand.normal_tables()[0].clear()"),
    "asks where things lie": QUOTE.format(body="print(id(customer))"),
    "changes main": "# END EDIT\n\n\nasync def main():\n    print('none')\n\n# EDIT\n",
}
GO_QUOTE = """\
func fetch(customer, shop int, quotes chan int) {{
	think(shop)
	quotes <- price(customer, shop)
}}

func quote(customer int) int {{
	{body}
	quotes := make(chan int, shops)
	for shop := 0; shop < shops; shop++ {{
		go fetch(customer, shop, quotes)
	}}
	return <-quotes
}}
"""
GO_ATTACKS: dict[str, str] = {
    name: GO_QUOTE.format(body=body)
    for name, body in {
        "endless loop": "for {\n\t}",
        "reads a file": 'b, _ := os.ReadFile("/etc/passwd")\n\tprintln(string(b))',
        "exits": "os.Exit(0)",
        "recurses": "var f func(int) int\n\tf = func(n int) int { return f(n+1) + 1 }\n\tf(0)",
        "memory bomb": "x := make([]byte, 1<<40)\n\t_ = x",
        "keeps everything": "var b [][]byte\n\tfor {\n\t\tb = append(b, make([]byte, 1<<20))\n\t}",
        "starts a process": 'exec.Command("sh").Run()',
        "goes around the types": "p := uintptr(unsafe.Pointer(&customer))\n\t"
        "*(*int)(unsafe.Pointer(p + 1<<30)) = 1",
        "a string without end": 's := strings.Repeat("x", 1<<62)\n\t_ = s',
        "grows a string": 's := "x"\n\tfor {\n\t\ts += s\n\t}',
        "goroutines without end": "var f func()\n\tf = func() { go f(); go f(); select {} }\n"
        "\tgo f()",
        "ends its goroutine": "runtime.Goexit()",
        "a constant without end": "const c = 1 << 100000000\n\t_ = c >> 99999999",
        "an array without end": "var a [1 << 50]int\n\t_ = a",
        "nests": "x := " + "(" * 20000 + "1" + ")" * 20000 + "\n\t_ = x",
        "nests blocks": "{{" * 5000 + "}}" * 5000,
        "prints without end": 'for {\n\t\tfmt.Println(strings.Repeat("x", 1<<20))\n\t}',
    }.items()
} | {
    "an init without end": "func init() {\n\tfor {\n\t}\n}\n\n" + GO_QUOTE.format(body=""),
    "exits before main": "func init() { os.Exit(0) }\n\n" + GO_QUOTE.format(body=""),
    "another function's body": (
        "//go:linkname exit elsewhere.exit\nfunc exit(code int)\n\n"
        + GO_QUOTE.format(body="exit(0)")
    ),
    "types without end": (
        "type T[P any] struct{ next *T[T[P]] }\n\nvar root T[int]\n\n" + GO_QUOTE.format(body="")
    ),
    "a type inside itself": "type T struct{ t T }\n\n" + GO_QUOTE.format(body="var t T\n\t_ = t"),
    "embeds a file": (
        "//go:embed /etc/passwd\nvar secret string\n\n" + GO_QUOTE.format(body="println(secret)")
    ),
    "calls C": GO_QUOTE.format(body="C.exit(0)"),
    "a second main": "func main() {}\n\n" + GO_QUOTE.format(body=""),
    "takes the fixed code into a comment": "/*\n",
    "replaces a function it is given": (
        "func think(shop int) {}\n\n" + GO_QUOTE.format(body="")
    ),
}  # fmt: skip


#: Repairs that go around what a check is for: the check that has to fail, and the region.
CHEATS: dict[str, tuple[str, str]] = {
    "a crowd that does nothing": (
        "concurrent",
        """\
async def idle():
    pass


async def quote(customer):
    for shop in range(shops):
        go(idle)
    await think(fastest)
    return price(customer, fastest)
""",
    ),
    "ends an hour later": (
        "never-leaks",
        """\
async def fetch(customer, shop, quotes):
    await think(shop)
    await gs.select(gs.send(quotes, price(customer, shop)), gs.recv(gs.time.after(gs.time.Hour)))


async def quote(customer):
    quotes = chan(int)
    for shop in range(shops):
        go(fetch, customer, shop, quotes)
    return await quotes.recv()
""",
    ),
    "exits before anybody looks": (
        "never-leaks",
        """\
async def leave():
    await gs.time.sleep(990 * gs.time.Millisecond)
    gs.os.exit(0)


async def fetch(customer, shop, quotes):
    await think(shop)
    await quotes.send(price(customer, shop))


async def quote(customer):
    quotes = chan(int)
    if customer == customers - 1:
        go(leave)
    for shop in range(shops):
        go(fetch, customer, shop, quotes)
    return await quotes.recv()
""",
    ),
    "knows who wins": (
        "another-shop",
        """\
async def fetch(customer, shop, quotes):
    await think(shop)
    if shop:
        gs.runtime.goexit()
    await quotes.send(price(customer, shop))


async def quote(customer):
    quotes = chan(int)
    for shop in range(shops):
        go(fetch, customer, shop, quotes)
    return await quotes.recv()
""",
    ),
    "knows how many shops there are": (
        "more-shops",
        """\
async def fetch(customer, shop, quotes):
    await think(shop)
    await quotes.send(price(customer, shop))


async def quote(customer):
    quotes = chan(int, 2)
    for shop in range(shops):
        go(fetch, customer, shop, quotes)
    return await quotes.recv()
""",
    ),
    "keeps the channel reachable": (
        "never-leaks",
        """\
kept = []


async def fetch(customer, shop, quotes):
    await think(shop)
    await quotes.send(price(customer, shop))


async def quote(customer):
    quotes = chan(int)
    kept.append(quotes)
    for shop in range(shops):
        go(fetch, customer, shop, quotes)
    return await quotes.recv()
""",
    ),
    "timers instead of goroutines": (
        "concurrent",
        """\
async def quote(customer):
    quotes = chan(int)
    async def late(shop):
        await quotes.send(price(customer, shop))
    for shop in range(shops):
        gs.time.after_func((shop + 1) * 10 * gs.time.Millisecond, lambda shop=shop: late(shop))
    return await quotes.recv()
""",
    ),
    "asks again and again": (
        "prints",
        """\
async def fetch(customer, shop, quotes):
    await think(shop)
    while True:
        sent = await gs.select(gs.send(quotes, price(customer, shop)), gs.default)
        if sent[0] == 0:
            return
        await gs.gosched()


async def quote(customer):
    quotes = chan(int)
    for shop in range(shops):
        go(fetch, customer, shop, quotes)
    return await quotes.recv()
""",
    ),
    "says what it knows": (
        "concurrent",
        """\
async def fetch(customer, shop, quotes):
    await think(shop)


async def quote(customer):
    for shop in range(shops):
        go(fetch, customer, shop, None)
    await think(fastest)
    return price(customer, fastest)
""",
    ),
}


def submission(folder: Path, body: str, source: str = "python") -> Path:
    """The starter with something else between its marks."""
    text = PRICE.starter(source)
    begin, rest = text.split(" EDIT\n", 1)
    _, end = rest.split(("#" if source == "python" else "//") + " END EDIT", 1)
    mark = "#" if source == "python" else "//"
    path = folder / f"attack.{'py' if source == 'python' else 'go'}"
    path.write_text(f"{begin} EDIT\n{body}\n\n{mark} END EDIT{end}", encoding="utf-8")
    return path


def with_imports(path: Path) -> Path:
    """Import what the text uses."""
    text = path.read_text()
    known = ("os/exec", "os", "net", "unsafe", "syscall", "strings", "runtime", "C", "embed")
    named = [p for p in known if re.search(rf"\b{p.rpartition('/')[2]}\.\w", text)]
    if "//go:embed" in text:
        named.append("embed")
    added = "import (\n" + "".join(f'\t"{p}"\n' for p in named)
    path.write_text(text.replace("import (\n", added, 1))
    return path


def refused(report: Report) -> None:
    told = [(r.id, r.status, r.message) for r in report.results]
    assert report.status in ("fail", "error"), told
    assert report.score < report.max_score, told


def tries(names: dict[str, str]) -> list:
    """Each attack in each mode; by default the inner wall alone, and some heavy ones behind all."""
    return [
        pytest.param(
            name,
            mode,
            marks=[]
            if (mode == "auto" and name in FIRST) or (mode == HERE and name not in HEAVY)
            else [pytest.mark.slow],
            id=f"{name}-{mode}",
        )
        for name in names
        for mode in (HERE, "auto", *sandbox.MODES)
        if mode != HERE or name not in HEAVY
    ]


def attacked(path: Path, mode: str) -> None:
    if mode in sandbox.MODES and not sandbox.available(mode):
        pytest.skip(f"this machine has no {mode}")
    begun = time.monotonic()
    refused(check(path, PRICE, mode=mode, limits=SMALL))
    assert time.monotonic() - begun < 2 * SMALL.wall_s


@pytest.mark.parametrize(("name", "mode"), tries(ATTACKS))
def test_no_attack_in_python_passes(name: str, mode: str, tmp_path: Path) -> None:
    attacked(submission(tmp_path, ATTACKS[name]), mode)


@pytest.mark.parametrize(("name", "mode"), tries(GO_ATTACKS))
def test_no_attack_in_go_passes(name: str, mode: str, tmp_path: Path) -> None:
    attacked(with_imports(submission(tmp_path, GO_ATTACKS[name], "go")), mode)


@pytest.mark.parametrize("name", CHEATS)
def test_no_cheat_gets_the_points_of_the_check_it_goes_around(name: str, tmp_path: Path) -> None:
    check_id, text = CHEATS[name]
    report = check(submission(tmp_path, text), PRICE, mode=HERE)
    assert report.result(check_id).status == "fail", [(r.id, r.message) for r in report.results]
    assert report.result("loads").status == report.result("regions").status == "pass"


def test_what_go_reaches_is_simulated_too(tmp_path: Path) -> None:
    """These can be called, and nobody outside hears of it; without a sandbox either."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        body = (
            f'net.Dial("tcp", "127.0.0.1:{port}")\n\tsyscall.Kill({os.getpid()}, 9)\n'
            '\tos.Setenv("GOSIM_HOSTILE", "1")'
        )
        path = submission(tmp_path, GO_QUOTE.format(body=body), "go")
        report = check(with_imports(path), PRICE, mode=HERE)
        with pytest.raises(TimeoutError):
            server.accept()
    assert "GOSIM_HOSTILE" not in os.environ
    assert report.result("loads").status == "pass", report.result("loads")


@pytest.mark.parametrize("source", ["python", "go"])
def test_without_the_attack_it_is_a_right_repair(source: str, tmp_path: Path) -> None:
    """Otherwise no attack could be seen to pass."""
    whole = QUOTE.format(body="pass") if source == "python" else GO_QUOTE.format(body="")
    report = check(submission(tmp_path, whole, source), PRICE, limits=SMALL)
    assert report.score == report.max_score


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty", b""),
        ("blank", b" \n\n"),
        ("latin-1", "# Preis für alle\n".encode("latin-1")),
        ("utf-16", "async def main(): pass\n".encode("utf-16")),
        ("zero bytes", b"async def main(): pass\n\0"),
        ("huge", b"# x\n" * 100_000),
    ],
)
def test_files_that_are_no_programs_pass_nothing(name: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "worker.py"
    path.write_bytes(data)
    report = check(path, PRICE)
    assert report.score == 0
    assert report.status == "fail"


def test_links_folders_and_pipes_are_not_followed(tmp_path: Path) -> None:
    assert PRICE.bundle is not None
    link, pipe, folder = tmp_path / "link.py", tmp_path / "pipe.py", tmp_path / "dir.py"
    link.symlink_to(PRICE.bundle.references["python"][0])
    os.mkfifo(pipe)
    folder.mkdir()
    for path in (link, pipe, folder):
        report = check(path, PRICE)
        assert report.score == 0
        assert "ordinary file" in report.results[0].message


def test_a_name_of_a_file_cannot_reach_a_shell_or_a_path(tmp_path: Path) -> None:
    path = tmp_path / "$(touch owned) ;é.py"
    path.write_text(PRICE.starter("python"))
    report = check(path, PRICE)
    assert report.submission == "price_comparison.py"
    assert report.result("loads").status == "pass"


# -- the outer walls, with the inner one taken away ------------------------------------------------

#: What a program with all of Python at its hands tries; it prints "did" where it could.
TRIES: dict[str, str] = {
    "read a file of the grader": "open({secret!r}).read()",
    "read another submission": "open({other!r}).read()",
    "list the folder of submissions": "os.listdir({folder!r})",
    "write outside": "open({outside!r}, 'w').write('x')",
    "write a large file": "open('large', 'wb').write(b'x' * 20_000_000)",
    "start a process": "os.fork() or os._exit(0)",
    "start a program": "subprocess.run(['/bin/true'], check=True)",
    "leave the session": "os.setsid()",
    "open a socket": "socket.create_connection(('127.0.0.1', {port}), 1)",
    "signal the grader": "os.kill({grader}, 0)",
    "see the environment": "os.environ['GOSIM_TEST_SECRET']",
    "raise the limits": "resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
    "take all memory": "bytearray(4 << 30)",
}
#: What must be stopped wherever the kernel has what it takes.
MUST: dict[str, tuple[str, ...]] = {
    "bubblewrap": tuple(TRIES),
    "landlock": tuple(TRIES),
    "limits": (
        "write a large file", "start a process", "start a program", "leave the session",
        "open a socket", "signal the grader", "see the environment", "raise the limits",
        "take all memory",
    ),
}  # fmt: skip

PROGRAM = """\
import os, resource, socket, subprocess


async def main():
    for name, attempt in {tries!r}.items():
        try:
            exec(attempt)
        except BaseException as error:
            print(f"{{name}}: {{type(error).__name__}}")
        else:
            print(f"{{name}}: did")
"""


def tried(mode: str, folder: Path) -> dict[str, str]:
    """What comes of each try in one mode."""
    import socket

    secret, other = folder / "secret.txt", folder / "others" / "anna.py"
    other.parent.mkdir()
    secret.write_text("the hidden checks")
    other.write_text("a solution")
    with socket.create_server(("127.0.0.1", 0)) as server:
        values = {
            "secret": str(secret),
            "other": str(other),
            "folder": str(folder),
            "outside": str(folder / "outside.txt"),
            "port": server.getsockname()[1],
            "grader": os.getpid(),
        }
        tries = {name: attempt.format(**values) for name, attempt in TRIES.items()}
        order = {
            "id": "0", "do": "run", "source": "python", "path": "p.py", "params": {}, "go": "1.27",
            "steps": 1000, "trusted": True,
        }  # fmt: skip
        found = sandbox.observe({"p.py": PROGRAM.format(tries=tries)}, [order], mode, SMALL)
    assert isinstance(found, list), found
    assert "problem" not in found[0], found
    assert not (folder / "outside.txt").exists() or mode == "limits"
    lines = [line.partition(": ") for line in found[0]["stdout"].splitlines()]
    return {name: what for name, _, what in lines}


@pytest.mark.parametrize("mode", sandbox.MODES)
def test_what_each_mode_stops(mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not sandbox.available(mode):
        pytest.skip(f"this machine has no {mode}")
    monkeypatch.setenv("GOSIM_TEST_SECRET", "s")
    found = tried(mode, tmp_path)
    assert list(found) == list(TRIES)
    assert [name for name in MUST[mode] if found[name] == "did"] == []


def test_the_table_in_the_documents_is_what_the_modes_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not all(map(sandbox.available, sandbox.MODES)):
        pytest.skip("the table has modes that this machine does not have")
    monkeypatch.setenv("GOSIM_TEST_SECRET", "s")
    rows: dict[str, list[str]] = {name: [] for name in TRIES}
    for mode in sandbox.MODES:
        folder = tmp_path / mode
        folder.mkdir()
        for name, what in tried(mode, folder).items():
            rows[name].append("yes" if what == "did" else "no")
    lines = [f"| {name} | {' | '.join(cells)} |" for name, cells in rows.items()]
    text = (Path(__file__).parents[1] / "docs" / "courses.md").read_text(encoding="utf-8")
    for line in lines:
        assert line in text, "\n".join(lines)


def test_no_report_is_an_error_and_a_forged_one_is_none() -> None:
    order = {
        "id": "0", "do": "run", "source": "python", "path": "p.py", "params": {}, "go": "1.27",
        "steps": 1000, "trusted": True,
    }  # fmt: skip
    quiet = "import os\nasync def main():\n    os._exit(0)\n"
    forged = (
        "import os\nasync def main():\n"
        "    for fd in range(3, 20):\n        try:\n"
        '            os.write(fd, b\'{"nonce": "", "observation": {"id": "0"}}\')\n'
        "        except OSError:\n            pass\n    os._exit(0)\n"
    )
    for text in (quiet, forged):
        found = sandbox.observe({"p.py": text}, [order], limits=SMALL)
        assert isinstance(found, sandbox.Failure)
        assert found.kind in ("died", "report")


def test_a_report_of_other_types_is_refused() -> None:
    good = b'{"nonce":"n","observation":{"id":"0","peak":1}}'
    assert sandbox._believed(good + b"\n", "n", ["0"]) == [{"id": "0", "peak": 1}]
    for out in (
        b"[]", b"nonsense", b'{"nonce":"n"}', b'{"nonce":"n","observation":{"id":"1"}}',
        b'{"nonce":"n","observation":{"id":"0","peak":1.5}}', b"[" * 100_000,
        good.replace(b'"n"', b'"m"', 1), good[:-1],
    ):  # fmt: skip
        assert sandbox._believed(out, "n", ["0"]) == []


def test_nothing_of_a_submission_is_alive_afterwards(tmp_path: Path) -> None:
    marker = f"gosim-orphan-{os.getpid()}"
    text = (
        "import os, subprocess, sys\nasync def main():\n    try:\n"
        f"        subprocess.Popen(['/bin/sleep', '300', {marker!r}], start_new_session=True)\n"
        "    except OSError:\n        pass\n"
    )
    order = {
        "id": "0", "do": "run", "source": "python", "path": "p.py", "params": {}, "go": "1.27",
        "steps": 1000, "trusted": True,
    }  # fmt: skip
    for mode in sandbox.MODES:
        if sandbox.available(mode):
            sandbox.observe({"p.py": text}, [order], mode, SMALL)
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            assert marker.encode() not in process.read_bytes()
        except OSError:
            continue  # it has ended


def test_the_child_ends_with_its_grader(tmp_path: Path) -> None:
    """Killing the grader in the middle leaves no program running."""
    path = submission(tmp_path, ATTACKS["endless loop"])
    script = (
        "from course_cases import assignment\nfrom gosim.course.checking import check\n"
        f"check({str(path)!r}, assignment('price-comparison'))\n"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([p for p in sys.path if p])}
    grader = subprocess.Popen([sys.executable, "-c", script], env=env)
    children: list[int] = []
    deadline = time.monotonic() + 30
    while not children and time.monotonic() < deadline:
        time.sleep(0.1)
        task = Path(f"/proc/{grader.pid}/task/{grader.pid}/children")
        children = [int(pid) for pid in task.read_text().split()]
    time.sleep(0.5)
    grader.send_signal(signal.SIGKILL)
    grader.wait()
    assert children
    while any(alive(pid) for pid in children) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(alive(pid) for pid in children)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(
    ("given", "submitted"),
    [
        ("a = 1\n# EDIT\nb\n# END EDIT\nc\n", 'a = 1\n# EDIT\nx = """\n# END EDIT\nc\n"""\n'),
        ("a\n# EDIT\nb\n# END EDIT\nc\n", "a\n# EDIT\n# END EDIT\nd\n# EDIT\n# END EDIT\nc\n"),
        ("import os\n# EDIT\n# END EDIT\n", "import os; x = 1\n# EDIT\n# END EDIT\n"),
        (
            "from a import b\n# EDIT\n# END EDIT\n",
            "from a import (\nb)\nc = 1\n# EDIT\n# END EDIT\n",
        ),
        ("a\n# EDIT\n# END EDIT\nc\n", "a\n# EDIT\nc\n"),
    ],
)
def test_changes_outside_of_the_regions_are_seen(given: str, submitted: str) -> None:
    assert changed(given, given, False) is None
    assert changed(given, submitted, False) is not None


@pytest.mark.parametrize(
    "submitted",
    [
        "package main\n// EDIT\n/*\n// END EDIT\nfunc f() {}\n*/\n",
        "package main\n// EDIT\nvar s = `\n// END EDIT\nfunc f() {}\n`\n",
        'package main\nimport "fmt"; var x = 1\n// EDIT\n// END EDIT\nfunc f() {}\n',
        'package main\nimport (\n"fmt"\n); var x = 1\n// EDIT\n// END EDIT\nfunc f() {}\n',
    ],
)
def test_changes_outside_of_the_regions_of_go_are_seen(submitted: str) -> None:
    given = 'package main\nimport "fmt"\n// EDIT\nvar a int\n// END EDIT\nfunc f() {}\n'
    assert changed(given, given, True) is None
    assert changed(given, given.replace("var a int", "var b = 2 // x"), True) is None
    assert changed(given, submitted, True) is not None
