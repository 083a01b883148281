"""Random numbers: Go's own from a PCG, and the run's stream."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bare import run
from hypothesis import given
from hypothesis import strategies as st

import gosim as gs
from gosim.oracle import run_go
from gosim.oracle.toolchain import Toolchain
from gosim.runtime.panic import Panic
from gosim.std import rand, time

SOURCE = Path(__file__).parent / "go" / "rand_rows.go"
seeds = st.integers(0, (1 << 64) - 1)


def bits(x: float) -> str:
    return f"{struct.unpack('<Q', struct.pack('<d', x))[0]:x}"


def table(a: int, b: int) -> list[str]:
    """What ``rand_rows.go`` prints."""
    r = rand.new(rand.new_pcg(a, b))
    lines: list[list[Any]] = [
        [
            r.uint64(),
            r.uint32(),
            r.int64(),
            r.int32(),
            r.int_(),
            r.uint(),
            r.int_n(10),
            r.int_n((1 << 40) + 7),
            r.int_n(64),
            r.int32_n(1000),
            r.int64_n((1 << 62) + 1),
            r.uint32_n((1 << 31) + 1),
            r.uint64_n((1 << 63) + 5),
            r.uint_n(3),
            bits(r.float64()),
            bits(r.float32()),
            bits(r.norm_float64()),
            bits(r.exp_float64()),
        ]
        for _ in range(50)
    ]
    lines.append(["[" + " ".join(map(str, r.perm(20))) + "]"])
    lines += [[bits(r.norm_float64()), bits(r.exp_float64())] for _ in range(3000)]
    return [" ".join(map(str, line)) for line in lines]


@pytest.mark.go
@pytest.mark.parametrize(("a", "b"), [(0, 0), (1, 2), ((1 << 64) - 1, 1 << 63), (42, 1024)])
def test_every_number_from_a_pcg_is_go_s(a: int, b: int, go_toolchain: Toolchain) -> None:
    args = [str(a), str(b)]
    real = run_go(SOURCE, toolchain=go_toolchain, args=args, wrap=False, leaks=False)
    assert table(a, b) == real.stdout.splitlines()


def test_the_first_numbers_of_go_s_pcg() -> None:
    """Printed by Go 1.27.3 for ``rand.New(rand.NewPCG(1, 2))``."""
    r = rand.new(rand.new_pcg(1, 2))
    assert (r.uint64(), r.uint32(), r.int64()) == (
        14192431797130687760,
        2647573421,
        5246770554000605320,
    )
    assert (r.int32(), r.int_(), r.int_n(10)) == (1710678126, 4321634407747778896, 0)


def test_seeding_starts_anew() -> None:
    pcg = rand.PCG()
    first = [pcg.uint64() for _ in range(3)]
    pcg.seed(0, 0)
    assert [pcg.uint64() for _ in range(3)] == first
    pcg.seed(0, 1)
    assert [pcg.uint64() for _ in range(3)] != first


@given(seeds, seeds, st.integers(1, 1 << 63))
def test_a_bounded_number_is_in_bounds(a: int, b: int, n: int) -> None:
    r = rand.new(rand.new_pcg(a, b))
    assert all(0 <= r.int_n(n) < n for _ in range(5))


@given(seeds, st.lists(st.integers()))
def test_shuffling_loses_nothing(seed: int, items: list[int]) -> None:
    r = rand.new(rand.new_pcg(seed, 0))
    shuffled = list(items)
    r.shuffle(shuffled)
    assert Counter(shuffled) == Counter(items)
    assert sorted(r.perm(len(items))) == list(range(len(items)))


def test_shuffle_with_a_swap_and_with_a_list_agree() -> None:
    one, other = list(range(9)), list(range(9))

    def swap(i: int, j: int) -> None:
        other[i], other[j] = other[j], other[i]

    rand.new(rand.new_pcg(3, 4)).shuffle(one)
    rand.new(rand.new_pcg(3, 4)).shuffle(9, swap)
    assert one == other != list(range(9))


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda r: r.int_n(0), "invalid argument to IntN"),
        (lambda r: r.int64_n(-1), "invalid argument to Int64N"),
        (lambda r: r.int32_n(0), "invalid argument to Int32N"),
        (lambda r: r.uint_n(0), "invalid argument to UintN"),
        (lambda r: r.uint32_n(0), "invalid argument to Uint32N"),
        (lambda r: r.uint64_n(0), "invalid argument to Uint64N"),
        (lambda r: r.n(0), "invalid argument to N"),
        (lambda r: r.shuffle(-1, print), "invalid argument to Shuffle"),
    ],
)
def test_bad_arguments_panic_with_go_s_words(call: Callable[[Any], Any], text: str) -> None:
    with pytest.raises(Panic) as caught:
        call(rand.new(rand.PCG()))
    assert caught.value.value == text


def test_a_random_duration_is_a_duration() -> None:
    d = rand.new(rand.PCG()).n(10 * time.Second)
    assert isinstance(d, time.Duration)
    assert 0 <= d < 10 * time.Second


# -------------------------------------------------------------------------------- the run's stream


def draws(seed: int) -> str:
    async def main() -> None:
        words: list[Any] = [rand.int_n(1000), rand.float64(), rand.perm(5), rand.uint64()]
        words += [rand.int64(), rand.int32(), rand.uint32(), rand.int_(), rand.uint()]
        words += [rand.n(time.Second), rand.norm_float64(), rand.exp_float64(), rand.float32()]
        words += [rand.int64_n(9), rand.int32_n(9), rand.uint_n(9), rand.uint32_n(9)]
        words += [rand.uint64_n(9)]
        items = [1, 2, 3, 4, 5, 6]
        rand.shuffle(items)
        print(*words, items)

    return run(main, seed=seed).stdout


def test_the_seed_of_the_run_decides_the_numbers() -> None:
    assert draws(1) == draws(1)
    assert len({draws(seed) for seed in range(20)}) == 20


def test_outside_a_run_there_is_no_stream() -> None:
    with pytest.raises(gs.UsageError, match="no run is going on"):
        rand.int_n(3)


def test_the_doors_know_it() -> None:
    async def main() -> None:
        print(gs.rand.int_n(1))

    assert gs.run(main).stdout == "0\n"
