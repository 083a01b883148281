"""Package strings: the results, the sharing and the bytes of real Go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from go_tables import build, run
from heap_world import cost, heap_world, live

from gosim.memory.errors import GoPanic
from gosim.memory.slice import Slice
from gosim.memory.string import String
from gosim.oracle.toolchain import Toolchain
from gosim.runtime.errors import UsageError
from gosim.runtime.version import SUPPORTED
from gosim.std import builtin, fmt, strings
from tests.facts import facts

every_version = pytest.mark.parametrize("version", SUPPORTED)

#: Texts that the operations are tried with, as Go and as Python write them.
TEXTS = [
    "abcdefghijklmnopqrstuvwxyz",
    "  two  words, and Some more\t\n",
    " \t\n\t  \r\n   \t\t   \n\n    ",
    "a,b,,c,dddddddddddddddddddddddd,",
    "\u3000Größe\u00a0ǅ ŉ ÿ ﬁ Straße Ω\u2003",
    "ÀÉÎÕÜ ALL CAPITALS ÀÉÎÕÜ",
    "not \udcff\udc80 UTF-8 \udcc3 at all, no",
    "ééééééééééééééééééééééééééééééééé",
    "ⱥⱥⱥⱥⱥⱥⱥⱥ ɐɐɐɐɐɐɐɐ ȿȿȿȿȿȿȿȿȿ ɫɫɫɫɫɫɫ",
    "\u2003\u2003\u2003\u2003\u2003\u2003\u2003",
    "",
    "x",
    "-----------------",
]
#: Operations on a text `s` that was made at run time: Go, Python.
STRINGS: dict[str, Callable[[String], String]] = {
    "strings.Clone(s)": strings.clone,
    "strings.ToUpper(s)": strings.to_upper,
    "strings.ToLower(s)": strings.to_lower,
    "strings.TrimSpace(s)": strings.trim_space,
    'strings.Trim(s, "a\u3000 ,")': lambda s: strings.trim(s, "a\u3000 ,"),
    'strings.TrimPrefix(s, "a,")': lambda s: strings.trim_prefix(s, "a,"),
    'strings.TrimSuffix(s, "no")': lambda s: strings.trim_suffix(s, "no"),
    "strings.Repeat(s, 0)": lambda s: strings.repeat(s, 0),
    "strings.Repeat(s, 1)": lambda s: strings.repeat(s, 1),
    "strings.Repeat(s, 3)": lambda s: strings.repeat(s, 3),
    "strings.Repeat(s, 2000)": lambda s: strings.repeat(s, 2000),
    'strings.Replace(s, "a", "AAAA", 2)': lambda s: strings.replace(s, "a", "AAAA", 2),
    'strings.Replace(s, "", "|", 3)': lambda s: strings.replace(s, "", "|", 3),
    'strings.ReplaceAll(s, "", "")': lambda s: strings.replace_all(s, "", ""),
    'strings.ReplaceAll(s, "", "-")': lambda s: strings.replace_all(s, "", "-"),
    'strings.ReplaceAll(s, ",", "")': lambda s: strings.replace_all(s, ",", ""),
    'strings.ReplaceAll(s, "dd", "d")': lambda s: strings.replace_all(s, "dd", "d"),
    'strings.Join([]string{s, s, "end"}, ", ")': lambda s: strings.join([s, s, "end"], ", "),
    'strings.Join([]string{s}, ", ")': lambda s: strings.join([s], ", "),
    's + "+" + s': lambda s: builtin.concat(s, "+", s),
    'first(strings.Cut(s, ","))': lambda s: strings.cut(s, ",")[0],
    'second(strings.Cut(s, ","))': lambda s: strings.cut(s, ",")[1],
    "copied([]byte(s))": lambda s: builtin.string(builtin.to_bytes(s)),
    "built(s)": lambda s: built(s),
    "grown(s)": lambda s: grown(s),
}
SLICES: dict[str, Callable[[String], Slice]] = {
    'strings.Split(s, ",")': lambda s: strings.split(s, ","),
    'strings.Split(s, "")': lambda s: strings.split(s, ""),
    'strings.SplitN(s, ",", 2)': lambda s: strings.split_n(s, ",", 2),
    'strings.SplitN(s, ",", 0)': lambda s: strings.split_n(s, ",", 0),
    'strings.SplitN(s, "", 3)': lambda s: strings.split_n(s, "", 3),
    'strings.SplitN(s, ",", 100)': lambda s: strings.split_n(s, ",", 100),
    "strings.Fields(s)": strings.fields,
}
NUMBERS: dict[str, Callable[[String], int]] = {
    'strings.Index(s, "d")': lambda s: strings.index(s, "d"),
    'strings.LastIndex(s, "d")': lambda s: strings.last_index(s, "d"),
    'strings.Count(s, "d")': lambda s: strings.count(s, "d"),
    'strings.Count(s, "")': lambda s: strings.count(s, ""),
    'number(strings.Contains(s, "dd"))': lambda s: strings.contains(s, "dd"),
    'number(strings.HasPrefix(s, "a,"))': lambda s: strings.has_prefix(s, "a,"),
    'number(strings.HasSuffix(s, "no"))': lambda s: strings.has_suffix(s, "no"),
}


def built(s: String) -> String:
    b = strings.Builder()
    for _ in range(5):
        b.write_string(s)
        b.write_byte(33)
        b.write_rune("é")
    return b.string()


def grown(s: String) -> String:
    b = strings.Builder()
    b.grow(100)
    b.write_string(s)
    b.grow(1000)
    b.write_string(s)
    return b.string()


DECLARATIONS = """
var (
	S string
	L []string
	N int
)

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

func first(a, b string, ok bool) string  { return a }
func second(a, b string, ok bool) string { return b }

//go:noinline
func built(s string) string {
	var b strings.Builder
	for i := 0; i < 5; i++ {
		b.WriteString(s)
		b.WriteByte(33)
		b.WriteRune('é')
	}
	return b.String()
}

//go:noinline
func grown(s string) string {
	var b strings.Builder
	b.Grow(100)
	b.WriteString(s)
	b.Grow(1000)
	b.WriteString(s)
	return b.String()
}

var B []byte

// The bytes escape: otherwise the compiler needs no memory for them.
func copied(b []byte) string {
	B = b
	return string(b)
}

func start(s string) uintptr { return uintptr(unsafe.Pointer(unsafe.StringData(s))) }

func shares(a, b string) bool {
	return len(a) > 0 && start(a) >= start(b) && start(a) < start(b)+uintptr(len(b))
}

// What an operation costs: the least of some runs, because the runtime now and then allocates, too.
func measure(f func()) (uint64, uint64) {
	var before, after runtime.MemStats
	total, mallocs := uint64(1<<62), uint64(1<<62)
	for i := 0; i < 4; i++ {
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		total = min(total, after.TotalAlloc-before.TotalAlloc)
		mallocs = min(mallocs, after.Mallocs-before.Mallocs)
	}
	return total, mallocs
}

func min(a, b uint64) uint64 {
	if a < b {
		return a
	}
	return b
}

func showS(s string, f func()) {
	total, mallocs := measure(f)
	emit(fmt.Sprint(hex.EncodeToString([]byte(S)), " ", shares(S, s), " ", total, " ", mallocs))
}

func showL(s string, f func()) {
	total, mallocs := measure(f)
	text := ""
	for _, part := range L {
		text += hex.EncodeToString([]byte(part)) + ","
	}
	emit(fmt.Sprint(len(L), cap(L), L == nil, " ", text, " ", total, " ", mallocs))
}
"""


def program() -> str:
    lines = ["debug.SetGCPercent(-1)", "lines(func(s string) {"]
    lines += [f"showS(s, func() {{ S = {code} }})" for code in STRINGS]
    lines += [f"showL(s, func() {{ L = {code} }})" for code in SLICES]
    lines += [f"emit(fmt.Sprint({code}))" for code in NUMBERS]
    return "\n".join(f"\t{line}" for line in [*lines, "})"])


def ours(text: str, version: str) -> list[str]:
    rows = []
    with heap_world(version) as heap:
        s = builtin.string(builtin.to_bytes(text))
        for make in STRINGS.values():
            made, total, mallocs = cost(heap, lambda make=make: make(s))  # type: ignore[misc]
            shared = str(bool(len(made)) and made.store is s.store).lower()
            rows.append(f"{made.bytes.hex()} {shared} {total} {mallocs}")
        for split in SLICES.values():
            parts, total, mallocs = cost(heap, lambda split=split: split(s))  # type: ignore[misc]
            shown = "".join(part.bytes.hex() + "," for part in parts)
            nil = str(parts.is_nil).lower()
            rows.append(f"{len(parts)} {parts.cap} {nil} {shown} {total} {mallocs}")
        rows += [str(int(find(s))) for find in NUMBERS.values()]
    return rows


@every_version
def test_strings_do_and_cost_what_they_do_in_real_go(
    version: str, go_version: Callable[[str], Toolchain], tmp_path: Path
) -> None:
    imports = ("fmt", "runtime", "runtime/debug", "strings", "unsafe")
    binary = build(go_version(version), tmp_path, imports, DECLARATIONS, program())
    got = run(binary, stdin=TEXTS)
    operations = [*STRINGS, *SLICES, *NUMBERS]
    wrong = {}
    for i, text in enumerate(TEXTS):
        rows = got[i * len(operations) : (i + 1) * len(operations)]
        for name, real, row in zip(operations, rows, ours(text, version), strict=True):
            if real != row:
                wrong[text, name] = (real, row)
    assert not wrong, "\n".join(f"{k}: real {a}, ours {b}" for k, (a, b) in wrong.items())


# --------------------------------------------------------------------- what is held: go-facts §5.4

MIB = 1 << 20
RETAINED = facts("retained_bytes_strings_slices_pointers")
LARGE: dict[str, Callable[[String], String]] = {
    "keep whole": lambda s: s,
    "keep s[:10]": lambda s: s[:10],
    "keep s[:0] (empty substring)": lambda s: s[:0],
    "keep s[len(s):]": lambda s: s[len(s) :],
    "keep strings.Clone(s[:10])": lambda s: strings.clone(s[:10]),
    "keep string([]byte(s[:10]))": lambda s: builtin.string(builtin.to_bytes(s[:10])),
    'keep s[:10]+""': lambda s: s[:10] + "",
    'keep (" "+s[:10])[1:]': lambda s: (" " + s[:10])[1:],
    "keep strings.Split(s,..)[0]": lambda s: strings.split(s, ",")[0],
    "keep strings.TrimSpace(s)[:10]": lambda s: strings.trim_space(s)[:10],
    "keep strings.ToUpper(s[:10])": lambda s: strings.to_upper(s[:10]),
    # fmt's texts are Python's; the program says that this one was made at run time.
    "keep fmt.Sprint(s[:10])": lambda s: builtin.string(fmt.sprint(s[:10])),
}
SMALL = {name: LARGE[name] for name in ("keep whole", "keep s[:10]", "keep strings.Clone(s[:10])")}
ROWS = [
    *((f"100 x {MIB}-byte string: {name}", MIB, keep) for name, keep in LARGE.items()),
    *((f"100 x 20-byte string: {name}", 20, keep) for name, keep in SMALL.items()),
]


def test_every_measured_row_about_strings_is_here() -> None:
    assert {row[0] for row in ROWS} == {name for name in RETAINED if "-byte string: " in name}


@pytest.mark.parametrize(("row", "size", "keep"), ROWS, ids=[row[0] for row in ROWS])
def test_strings_keep_what_was_measured(
    row: str, size: int, keep: Callable[[String], String]
) -> None:
    # What was split was a megabyte and a separator, which took another page.
    size += "Split" in row
    for version, measured in RETAINED[row].items():
        with heap_world(version) as heap:
            kept = builtin.make_slice(str, 100)
            for i in range(100):
                kept[i] = keep(builtin.string("x", size))
            # What measured had 1 to 4 KB of its own.
            assert -512 <= measured - live(heap, kept) < 2048, version


def test_nothing_but_space_points_into_the_string_up_to_1_25() -> None:
    def pins(version: str) -> bool:
        with heap_world(version) as heap:
            return live(heap, strings.trim_space(builtin.string(" ", 1000))) > 0

    assert [v for v in SUPPORTED if pins(v)] == ["1.21", "1.22", "1.23", "1.24", "1.25"]


def test_a_built_string_shares_the_builders_room() -> None:
    with heap_world() as heap:
        b = strings.Builder()
        b.grow(1000)
        b.write_string("hello")
        s = b.string()
        b.reset()
        assert (str(s), live(heap, s), b.cap, len(b)) == ("hello", 1024, 0, 0)
        b.write_string("bye")
        assert (str(s), str(b)) == ("hello", "bye")
        assert str(strings.Builder()) == ""


# ----------------------------------------------------------------------------------- what is wrong

PANICS: dict[str, tuple[str, Callable[[], Any]]] = {
    'strings.Repeat("x", n)': (
        "strings: negative Repeat count",
        lambda: strings.repeat("x", -1),
    ),
    "new(strings.Builder).Grow(n)": (
        "strings.Builder.Grow: negative count",
        lambda: strings.Builder().grow(-1),
    ),
    'strings.Repeat("xy", n & (1<<63-1))': (
        "strings: Repeat output length overflow",
        lambda: strings.repeat("xy", (1 << 63) - 1),
    ),
    'strings.Repeat("xy", -n<<50)': (
        "runtime error: makeslice: len out of range",
        lambda: strings.repeat("xy", 1 << 50),
    ),
}


@every_version
def test_panics_are_those_of_real_go(
    version: str, go_version: Callable[[str], Toolchain], tmp_path: Path
) -> None:
    declarations = """
var sink any

func try(f func()) {
	defer func() { emit(fmt.Sprint(recover())) }()
	f()
}
"""
    main = "\tn := -1\n" + "\n".join(f"\ttry(func() {{ {code} }})" for code in PANICS)
    imports = ("fmt", "strings")
    got = run(build(go_version(version), tmp_path, imports, declarations, main))
    assert got == [text for text, _ in PANICS.values()]


@pytest.mark.parametrize("name", PANICS)
def test_panics(name: str) -> None:
    text, call = PANICS[name]
    with heap_world(), pytest.raises(GoPanic) as panic:
        call()
    assert str(panic.value) == text


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: strings.repeat(3, 2), "repeat: 3 is no string"),
        (lambda: strings.repeat("a", 2.5), "repeat: the count must be an int, not 2.5"),
        (lambda: strings.join("abc", ","), "join: 'abc' is no slice of strings"),
        (lambda: strings.join([1], ","), "join: 1 is no string"),
        (lambda: strings.split(None, ","), "split: None is no string"),
        (lambda: strings.trim_space(), "trim_space missing 1 required positional argument: 's'"),
        (
            lambda: strings.Builder().write_byte(256),
            "write_byte: 256 is no byte: those are 0 to 255",
        ),
        (lambda: strings.Builder().grow("a"), "grow: the number of bytes must be an int, not 'a'"),
    ],
)
def test_a_wrong_argument_is_one_sentence_with_the_line(call: Callable[[], Any], text: str) -> None:
    with heap_world(), pytest.raises(UsageError) as error:
        call()
    assert (error.value.message, error.value.file) == (text, __file__)


def test_outside_a_run_there_is_no_heap() -> None:
    with pytest.raises(UsageError, match="while no run is going on"):
        strings.clone("abc")
