"""Random Go programs under gosim and under real Go: stdout, stderr's first line, exit code.

``python tests/golang_fuzz.py FIRST COUNT`` compares, many programs to one build of real Go;
``--record`` writes what real Go does with the programs of the test to ``golang_lib/fuzz.json.gz``.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from golang_programs import program

import gosim

HERE = Path(__file__).resolve().parent
RECORD = HERE / "golang_lib" / "fuzz.json.gz"
COUNT = 100
"""So many programs are recorded."""
BATCH = 25
"""So many programs become one executable."""


class Outcome(NamedTuple):
    """What can be seen of a run."""

    stdout: str
    stderr: str
    code: int


def source(seed: int) -> str:
    """The program as it stands in a file of its own."""
    return program(seed)


def _first(stderr: str) -> str:
    return stderr.split("\n", 1)[0]


def real(seeds: list[int], go: str) -> Iterator[Outcome]:
    """Build programs as packages of one executable, and run each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "go.mod").write_text("module fuzz\n\ngo 1.27\n")
        for seed in seeds:
            (root / f"p{seed}").mkdir()
            (root / f"p{seed}" / "main.go").write_text(program(seed, f"p{seed}", "Main"))
        imports = "".join(f'import "fuzz/p{seed}"\n' for seed in seeds)
        cases = "".join(f'\tcase "{seed}":\n\t\tp{seed}.Main()\n' for seed in seeds)
        (root / "main.go").write_text(
            f'package main\n\nimport "os"\n{imports}\n'
            f"func main() {{\n\tswitch os.Args[1] {{\n{cases}\t}}\n}}\n"
        )
        env = {**os.environ, "GOMAXPROCS": "1", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0"}
        built = subprocess.run(
            [go, "build", "-o", "fuzz", "."], cwd=root, env=env, text=True, capture_output=True
        )
        if built.returncode:
            raise RuntimeError(built.stderr[:4000])
        for seed in seeds:
            done = subprocess.run(
                [str(root / "fuzz"), str(seed)],
                env=env,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=60,
            )
            stdout = done.stdout.decode("utf-8", "surrogateescape")
            stderr = done.stderr.decode("utf-8", "surrogateescape")
            # The package is called main when it stands alone.
            mine = f"p{seed}."
            yield Outcome(
                stdout.replace(mine, "main."),
                _first(stderr).replace(mine, "main."),
                done.returncode,
            )


def simulated(seed: int) -> Outcome:
    """Run a program under gosim."""
    home = os.environ.get("XDG_CACHE_HOME")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "main.go"
        file.write_text(source(seed))
        os.environ["XDG_CACHE_HOME"] = folder  # nobody runs this program again
        try:
            result = gosim.run(str(file))
        finally:
            if home is None:
                del os.environ["XDG_CACHE_HOME"]
            else:
                os.environ["XDG_CACHE_HOME"] = home
    return Outcome(result.stdout, _first(result.stderr), result.exit_code or 0)


def record(go: str) -> None:
    """Write what real Go does."""
    kept = {}
    for start in range(0, COUNT, BATCH):
        seeds = list(range(start, min(start + BATCH, COUNT)))
        for seed, outcome in zip(seeds, real(seeds, go), strict=True):
            kept[str(seed)] = [zlib.crc32(source(seed).encode()), *outcome]
    with gzip.GzipFile(RECORD, "wb", mtime=0) as f:
        f.write(json.dumps(kept, indent=0).encode())


def recorded() -> dict[int, tuple[int, Outcome]]:
    """What real Go did: the checksum of the source, and the outcome."""
    with gzip.open(RECORD, "rt", encoding="utf-8") as f:
        kept = json.load(f)
    return {int(seed): (crc, Outcome(*rest)) for seed, (crc, *rest) in kept.items()}


def difference(ours: Outcome, theirs: Outcome) -> str | None:
    """The first difference, in words; None if there is none."""
    if ours == theirs:
        return None
    a, b = ours.stdout.split("\n"), theirs.stdout.split("\n")
    for i, (x, y) in enumerate(zip(a, b, strict=False), 1):
        if x != y:
            return f"line {i}: gosim {x[:200]!r}, Go {y[:200]!r}; stderr {ours.stderr[:200]!r}"
    if len(a) != len(b):
        where, more = ("gosim", a) if len(a) > len(b) else ("Go", b)
        rest = more[min(len(a), len(b)) - 1 :][:2]
        return f"{where} goes on with {rest!r}; stderr {ours.stderr[:300]!r}"
    return f"gosim {ours[1:]!r}, Go {theirs[1:]!r}"


def compare(first: int, count: int, go: str) -> int:
    """Print the differences, and return how many programs differ."""
    bad = 0
    for start in range(first, first + count, BATCH):
        seeds = list(range(start, min(start + BATCH, first + count)))
        for seed, theirs in zip(seeds, real(seeds, go), strict=True):
            try:
                found = difference(simulated(seed), theirs)
            except Exception as error:  # gosim's own failure is a difference, too
                found = f"{type(error).__name__}: {str(error)[:300]}"
            if found is not None:
                bad += 1
                print(f"{seed}: {found}", flush=True)
    print(f"{count - bad} of {count} programs do the same")
    return bad


def main() -> None:
    """Compare, or record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first", type=int, nargs="?", default=0)
    parser.add_argument("count", type=int, nargs="?", default=COUNT)
    parser.add_argument("--go", default="go")
    parser.add_argument("--record", action="store_true")
    args = parser.parse_args()
    if args.record:
        record(args.go)
    else:
        sys.exit(bool(compare(args.first, args.count, args.go)))


if __name__ == "__main__":
    main()
