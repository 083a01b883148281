"""bytes.Buffer: random programs do, cost and panic as in real Go."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import go_cost
import pytest
from go_tables import build, run
from heap_world import heap_world, live

from gosim.memory.errors import GoPanic
from gosim.memory.heap import Heap
from gosim.oracle.toolchain import Toolchain
from gosim.runtime.errors import UsageError
from gosim.runtime.version import SUPPORTED
from gosim.std import builtin, bytes, types

every_version = pytest.mark.parametrize("version", SUPPORTED)

DECLARATIONS = """
var sink any

// Each line: the buffer after a step, and the bytes and objects that the step took.
func interpret(program string) string {
	b := new(bytes.Buffer)
	sink = b
	var out strings.Builder
	var before, after runtime.MemStats
	for _, step := range strings.Split(program, ";") {
		f := strings.Fields(step)
		n, _ := strconv.Atoi(f[1])
		p := make([]byte, abs(n))
		sink = p
		for i := range p {
			p[i] = 'a' + byte(i%26)
		}
		text := string(p)
		runtime.ReadMemStats(&before)
		said := do(b, f[0], n, p, text)
		runtime.ReadMemStats(&after)
		if strings.HasPrefix(said, "panic") {
			after = before // that costs something, too
		}
		fmt.Fprintln(&out, said, b.Len(), b.Cap(), after.TotalAlloc-before.TotalAlloc,
			after.Mallocs-before.Mallocs, checksum(b.Bytes()))
	}
	return out.String()
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

func checksum(p []byte) (sum int) {
	for i, c := range p {
		sum = (sum*31 + int(c) + i) % 1000003
	}
	return
}

var texts = [...]string{"ok", "EOF"}
var made any
var str string

func do(b *bytes.Buffer, name string, n int, p []byte, text string) (said string) {
	defer func() {
		if e := recover(); e != nil {
			said = fmt.Sprint("panic ", e)
		}
	}()
	said = texts[0]
	switch name {
	case "write":
		b.Write(p)
	case "string":
		b.WriteString(text)
	case "byte":
		b.WriteByte('x')
	case "grow":
		b.Grow(n)
	case "reset":
		b.Reset()
	case "truncate":
		b.Truncate(n)
	case "read":
		if _, err := b.Read(p); err != nil {
			said = texts[1]
		}
	case "next":
		b.Next(abs(n))
	case "readbyte":
		if _, err := b.ReadByte(); err != nil {
			said = texts[1]
		}
	case "out":
		str = b.String()
	case "clone":
		p = bytes.Clone(b.Bytes())
		sink2 = p
	}
	return
}

var sink2 []byte
"""
MAIN = """
	debug.SetGCPercent(-1)
	lines(func(s string) {
		for i := 0; i < 3; i++ {
			emit(interpret(s))
		}
	})
"""
NAMES = ["write", "string", "byte", "grow", "reset", "truncate", "read", "next", "readbyte"]
NAMES += ["write", "read", "out", "clone"]


def program(rng: random.Random) -> Iterator[str]:
    for _ in range(40):
        n = rng.choice([0, 1, 10, 60, 64, 65, rng.randrange(300), rng.randrange(5000)])
        if rng.random() < 0.05:
            n = -n
        yield f"{rng.choice(NAMES)} {n}"


PROGRAMS = [
    "write 64;write 1;write 63;write 1",
    "string 65;read 60;string 60;string 10;string 100",
    "grow 0;byte 0;grow 63;grow 64;grow 1000;out 0;reset 0;write 500;truncate 600;truncate -1",
    "out 0;clone 0;read 0;read 5;readbyte 0;next 7;truncate 0;grow -5",
    "write 10000;read 9000;write 5000;write 20000;truncate 7;write 1;reset 0;clone 0;grow 40000",
]
PROGRAMS += [";".join(program(random.Random(i))) for i in range(60)]


def ours(program: str, heap: Heap) -> str:
    b = bytes.Buffer()
    lines = []
    for step in program.split(";"):
        name, number = step.split()
        n = int(number)
        text = "".join(chr(97 + i % 26) for i in range(abs(n)))
        p = builtin.to_bytes(text)
        heap._tiny_block = None
        total, mallocs = heap.total_alloc, heap.mallocs
        try:
            said = do(b, name, n, p, text)
        except GoPanic as panic:
            said = f"panic {panic}"
        total, mallocs = heap.total_alloc - total, heap.mallocs - mallocs
        checksum = 0
        for i, c in enumerate(b.bytes().values()):
            checksum = (checksum * 31 + c + i) % 1000003
        lines.append(f"{said} {len(b)} {b.cap} {total} {mallocs} {checksum}\n")
    return "".join(lines)


def do(b: bytes.Buffer, name: str, n: int, p: Any, text: str) -> str:
    match name:
        case "write":
            b.write(p)
        case "string":
            b.write_string(text)
        case "byte":
            b.write_byte(ord("x"))
        case "grow":
            b.grow(n)
        case "reset":
            b.reset()
        case "truncate":
            b.truncate(n)
        case "read":
            return "ok" if b.read(p)[1] is None else str(b.read(p)[1].error())
        case "next":
            b.next(abs(n))
        case "readbyte":
            return "ok" if b.read_byte()[1] is None else "EOF"
        case "out":
            b.string()
        case "clone":
            bytes.clone(b.bytes())
    return "ok"


@every_version
def test_buffers_do_and_cost_what_they_do_in_real_go(
    version: str, go_version: Callable[[str], Toolchain], tmp_path: Path
) -> None:
    imports = (*go_cost.IMPORTS, "bytes", "strconv", "strings")
    binary = build(go_version(version), tmp_path, imports, DECLARATIONS, MAIN)
    said = iter(run(binary, stdin=PROGRAMS))
    with heap_world(version) as heap:
        for text in PROGRAMS:
            # Three times, because now and then the runtime allocates something itself.
            real = zip(*(next(said).splitlines() for _ in range(3)), strict=True)
            steps = zip(text.split(";"), ours(text, heap).splitlines(), real, strict=True)
            wrong = [step for step in steps if step[1] not in step[2]]
            assert not wrong, text


def test_reading_gives_what_was_written_and_then_eof() -> None:
    with heap_world():
        b = bytes.new_buffer_string("hello")
        p = builtin.make_slice(types.BYTE, 3)
        assert (b.read(p), str(builtin.string(p)), str(b)) == ((3, None), "hel", "lo")
        assert b.read(p) == (2, None) and b.read(p) == (0, bytes.EOF)
        assert bytes.EOF.error() == "EOF"
        b.write(b"xyz")
        assert (b.read_byte(), str(builtin.string(b.next(9))), len(b)) == ((120, None), "yz", 0)
        assert bool(bytes.Buffer()) and str(bytes.Buffer()) == ""


def test_the_unread_part_shares_the_array() -> None:
    with heap_world() as heap:
        b = bytes.new_buffer(builtin.to_bytes("a" * 1000))
        b.next(990)
        tail = b.bytes()
        assert len(tail) == 10 and live(heap, tail) == 1024
        tail[0] = 33
        assert str(b) == "!" + "a" * 9
        assert live(heap, bytes.clone(tail)) == 16


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: bytes.Buffer().write(3), "write: 3 is no slice; make_slice and slice_of make one"),
        (lambda: bytes.Buffer().write(builtin.nil_slice(int)), "write: a []int is no []byte"),
        (lambda: bytes.Buffer().write_string(3), "write_string: 3 is no string"),
        (lambda: bytes.Buffer().grow(1.5), "grow: the number of bytes must be an int, not 1.5"),
        (lambda: bytes.clone(3), "clone: 3 is no slice; make_slice and slice_of make one"),
    ],
)
def test_a_wrong_argument_is_one_sentence_with_the_line(call: Callable[[], Any], text: str) -> None:
    with heap_world(), pytest.raises(UsageError) as error:
        call()
    assert (error.value.message, error.value.file) == (text, __file__)
