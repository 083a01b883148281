"""Size classes and spans: the tables of every toolchain, and what real Go allocates."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest
from go_tables import build, run
from hypothesis import given
from hypothesis import strategies as st

from gosim.memory.features import MemoryFeatures, features
from gosim.memory.sizeclass import (
    CLASSES,
    MAX_SMALL_SIZE,
    PAGE_SIZE,
    SIZES,
    TinyAllocator,
    allocated_bytes,
    is_small,
    objects_per_span,
    roundupsize,
    size_class,
)
from gosim.oracle.toolchain import Toolchain
from gosim.runtime.version import SUPPORTED, resolve
from tests.facts import facts, measured_in

ToolchainOf = Callable[[str], Toolchain]
every_version = pytest.mark.parametrize("version", SUPPORTED)
any_features = st.sampled_from(SUPPORTED).map(features)

SOURCE = """
var sink any
var bytesSink []byte
var pointersSink []*byte

func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// The most objects that lie in one page.
func perPage(at []uintptr) int {
	most, count := 0, map[uintptr]int{}
	for _, a := range at {
		count[a>>13]++
		most = max(most, count[a>>13])
	}
	return most
}

var kept [400][]byte
"""
MAIN = """
	debug.SetGCPercent(-1)
	runtime.GC()
	switch os.Args[1] {
	case "round": // capacities are what roundupsize says
		lines(func(s string) {
			n, _ := strconv.Atoi(s)
			b := append([]byte(nil), make([]byte, n)...)
			p := append([]*byte(nil), make([]*byte, n)...)
			sink = b
			c := cap(b)
			sink = p
			emit(fmt.Sprint(c, cap(p)*8))
		})
	case "alloc":
		lines(func(s string) {
			n, _ := strconv.Atoi(s)
			b := allocated(func() { bytesSink = make([]byte, n) })
			p := allocated(func() { pointersSink = make([]*byte, n/8) })
			emit(fmt.Sprint(b, p))
		})
	case "span":
		lines(func(s string) {
			n, _ := strconv.Atoi(s)
			// Nothing else may be allocated while spans fill up.
			count := 3*8192/n + 10
			b, p := make([]uintptr, count), make([]uintptr, count)
			keepB, keepP := make([][]byte, count), make([][]*byte, count)
			for i := range b {
				keepB[i], keepP[i] = make([]byte, n), make([]*byte, n/8)
				b[i] = uintptr(unsafe.Pointer(&keepB[i][0]))
				p[i] = uintptr(unsafe.Pointer(&keepP[i][0]))
			}
			sink = keepB
			sink = keepP
			emit(fmt.Sprint(perPage(b), perPage(p)))
		})
	case "tiny":
		var sizes []int
		lines(func(s string) {
			n, _ := strconv.Atoi(s)
			sizes = append(sizes, n)
		})
		runtime.GC()
		for i, n := range sizes {
			kept[i] = make([]byte, n)
		}
		seen := map[uintptr]bool{}
		for i := range sizes {
			block := uintptr(unsafe.Pointer(&kept[i][0])) &^ 15
			emit(fmt.Sprint(!seen[block]))
			seen[block] = true
		}
	}
"""
IMPORTS = ("fmt", "runtime", "runtime/debug", "strconv", "unsafe")


def program(toolchain: Toolchain, directory: Path) -> Path:
    return build(toolchain, directory, IMPORTS, SOURCE, MAIN)


def table(toolchain: Toolchain, *names: str) -> list[int]:
    """A table of the toolchain's source, under one of the names that versions give it."""
    for directory in ("runtime", "internal/runtime/gc"):
        path = toolchain.goroot / "src" / directory / "sizeclasses.go"
        if path.is_file():
            found = re.search(
                rf"var (?:{'|'.join(names)}) = \[.*?\]\w+\{{(.*)\}}", path.read_text("utf-8")
            )
            assert found
            return [int(n) for n in found.group(1).split(",")]
    raise AssertionError(f"{toolchain.full} has no sizeclasses.go")


@every_version
def test_the_tables_are_those_of_the_toolchain(version: str, go_version: ToolchainOf) -> None:
    toolchain = go_version(version)
    assert [0, *SIZES] == table(toolchain, "class_to_size", "SizeClassToSize")
    pages = table(toolchain, "class_to_allocnpages", "SizeClassToNPages")
    assert [0, *(c.pages for c in CLASSES)] == pages


def test_the_sizes_are_those_measured() -> None:
    rows = facts("growth")
    for version in SUPPORTED:
        sizes = measured_in(rows["size_classes"], version)["value"]
        known = features(version)
        assert sizes == sorted({roundupsize(n, True, known) for n in range(1, sizes[-1] + 1)})
        by_size = measured_in(rows["BySize"], version)["value"]
        assert [0, *SIZES][: len(by_size)] == by_size


@every_version
def test_the_features_agree_with_the_versions_of_the_runtime(version: str) -> None:
    memory, runtime = features(version), resolve(version)
    assert memory.go == runtime.go
    for name in ("g_struct_bytes", "sudog_bytes"):
        assert getattr(memory, name) == getattr(runtime, name)


def test_each_feature_differs_somewhere() -> None:
    records = [features(v) for v in SUPPORTED]
    for f in fields(MemoryFeatures):
        assert len({getattr(r, f.name) for r in records}) > 1, f.name


@pytest.mark.parametrize("text", ["1.20", "1.28", "go1.27", "1.27.3", ""])
def test_an_unknown_version_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match=r"known: 1\.21, 1\.22"):
        features(text)


@given(st.integers(1, MAX_SMALL_SIZE))
def test_a_class_is_the_smallest_that_fits(size: int) -> None:
    found = size_class(size)
    assert found.size >= size
    assert all(c.size < size for c in CLASSES[: CLASSES.index(found)])


def test_a_span_wastes_at_most_an_eighth() -> None:
    for c in CLASSES:
        assert c.tail_waste * 8 <= c.span_bytes


@given(st.integers(0, 1 << 40), st.booleans(), any_features)
def test_rounding_up_gives_enough_and_is_idempotent(
    size: int, noscan: bool, version: MemoryFeatures
) -> None:
    rounded = roundupsize(size, noscan, version)
    assert rounded >= size
    assert roundupsize(rounded, noscan, version) == rounded


@given(st.integers(16, 1 << 40), st.booleans(), any_features)
def test_what_is_allocated_is_what_is_usable_and_a_header(
    size: int, noscan: bool, version: MemoryFeatures
) -> None:
    header = allocated_bytes(size, noscan, version) - roundupsize(size, noscan, version)
    needed = version.malloc_headers and not noscan and size > 512 and is_small(size, version)
    assert header == (8 if needed else 0)


def test_small_sizes_without_pointers_take_a_tiny_block() -> None:
    now = features("1.27")
    assert [allocated_bytes(n, True, now) for n in (0, 1, 15, 16, 17)] == [0, 16, 16, 16, 24]
    assert [allocated_bytes(n, False, now) for n in (0, 8, 16)] == [0, 8, 16]


BORDERS = sorted(
    {n + d for n in SIZES for d in (-8, -1, 0, 1)}
    | {504, 505, 513, 32759, 32760, 32761, 40960, 40961, 65536, 100000, 1 << 20}
)


@every_version
def test_rounding_agrees_with_real_go(
    version: str, go_version: ToolchainOf, tmp_path: Path
) -> None:
    binary = program(go_version(version), tmp_path)
    known = features(version)
    sizes = [n for n in BORDERS if n > 0]
    got = [[int(x) for x in row.split()] for row in run(binary, "round", stdin=map(str, sizes))]
    expected = [[roundupsize(n, True, known), roundupsize(8 * n, False, known)] for n in sizes]
    assert dict(zip(sizes, got, strict=True)) == dict(zip(sizes, expected, strict=True))


@every_version
def test_allocated_bytes_agree_with_real_go(
    version: str, go_version: ToolchainOf, tmp_path: Path
) -> None:
    binary = program(go_version(version), tmp_path)
    known = features(version)
    sizes = [n for n in BORDERS if n >= 16]
    got = [[int(x) for x in row.split()] for row in run(binary, "alloc", stdin=map(str, sizes))]
    expected = [
        [allocated_bytes(n, True, known), allocated_bytes(n // 8 * 8, False, known)] for n in sizes
    ]
    # Other parts of the runtime allocate now and then: a rare row may be larger, never smaller.
    assert all(g >= e for row in zip(got, expected, strict=True) for g, e in zip(*row, strict=True))
    wrong = [(n, g, e) for n, g, e in zip(sizes, got, expected, strict=True) if g != e]
    assert len(wrong) <= 3, wrong


@every_version
def test_objects_in_a_span_agree_with_real_go(
    version: str, go_version: ToolchainOf, tmp_path: Path
) -> None:
    binary = program(go_version(version), tmp_path)
    known = features(version)
    classes = [c for c in CLASSES if c.pages == 1 and 16 <= c.size <= 1024]
    got = run(binary, "span", stdin=(str(c.size) for c in classes))
    headers = {c.size: c.size > 512 and known.malloc_headers for c in classes}
    for c, row in zip(classes, got, strict=True):
        noscan, scan = map(int, row.split())
        assert noscan == objects_per_span(c, True, known), c
        # With a header an object of exactly this size goes to the next class.
        if not headers[c.size]:
            assert scan == objects_per_span(c, False, known), c


@every_version
def test_the_tiny_allocator_packs_as_real_go(
    version: str, go_version: ToolchainOf, tmp_path: Path
) -> None:
    binary = program(go_version(version), tmp_path)
    sizes = [i * i % 15 + 1 for i in range(1, 120)] + [i * 7 % 15 + 1 for i in range(200)]
    tiny = TinyAllocator()
    expected = [str(tiny.allocate(n)).lower() for n in sizes]
    assert run(binary, "tiny", stdin=map(str, sizes)) == expected


@given(st.lists(st.integers(1, 15), min_size=1))
def test_tiny_blocks_suffice_for_what_is_in_them(sizes: list[int]) -> None:
    tiny = TinyAllocator()
    blocks = sum(tiny.allocate(n) for n in sizes)
    assert sum(sizes) <= 16 * blocks <= 16 * len(sizes)


def test_a_collection_forgets_the_tiny_block() -> None:
    tiny = TinyAllocator()
    assert tiny.allocate(1)
    tiny.reset()
    assert tiny.allocate(1)


def test_pages() -> None:
    now = features("1.27")
    assert roundupsize(MAX_SMALL_SIZE + 1, True, now) == 5 * PAGE_SIZE
