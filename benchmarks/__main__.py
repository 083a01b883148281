"""``python -m benchmarks [ROW ...] [--rounds N] [--write]``."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks import compiled, exploring, memory, shell, table
from benchmarks.golang import Go

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def circumstances(go: Go, rounds: int) -> str:
    """What a reader must know to judge the figures."""
    try:
        simpy_version = version("simpy")
    except PackageNotFoundError:
        simpy_version = "?"
    real = go.toolchain.full if go.toolchain else f"no real Go ({go.missing})"
    load = f"load average {os.getloadavg()[0]:.1f}, " if hasattr(os, "getloadavg") else ""
    return (
        f"{platform.python_implementation()} {platform.python_version()}, SimPy {simpy_version}, "
        f"{real}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"medians of {rounds} interleaved rounds, {load}"
        f"{time.strftime('%Y-%m-%d', time.gmtime())}."
    )


def write(page: Path, text: str) -> None:
    """Put `text` between the two marks of `page`."""
    whole = page.read_text(encoding="utf-8")
    before, rest = whole.split(BEGIN)
    _, after = rest.split(END)
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def main() -> int:
    by_key = {row.key: row for row in table.ROWS}
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=table.__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"one of {', '.join(by_key)}")
    parser.add_argument("--rounds", type=int, default=7, help="measurements of each (default 7)")
    parser.add_argument(
        "--write", action="store_true", help="keep the table in docs/performance.md"
    )
    parser.add_argument("--no-go", action="store_true", help="leave real Go out")
    parser.add_argument("--one", nargs=2, metavar=("WHO", "ROW"), help=argparse.SUPPRESS)
    options = parser.parse_args()

    if options.one:
        who, key = options.one
        print(json.dumps(table.once(who, by_key[key])))
        return 0

    unknown = [key for key in options.rows if key not in by_key]
    if unknown:
        parser.error(f"no such row: {', '.join(unknown)}; there are {', '.join(by_key)}")
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    if options.write and options.rows:
        parser.error("--write keeps the whole table: name no rows")

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    if options.no_go:
        go = Go()
        go.missing = "left out"
    else:
        say("building benchmarks/go")
        go = Go.built()
        if go.missing:
            say(go.missing)
    rows = [by_key[key] for key in options.rows] or list(table.ROWS)
    made = table.lines(table.measure(rows, options.rounds, go, say))
    where = circumstances(go, options.rounds)
    print(table.as_text(made))
    print(where)
    if options.rows:
        return 0
    waits = shell.as_markdown(shell.measure(options.rounds))
    say("memory")
    costs = memory.as_markdown(memory.measure(options.rounds))
    say("compiled Go")
    work = compiled.measure(go.toolchain, options.rounds)
    say("exploration")
    explored = exploring.as_markdown(
        exploring.measure(exploring.works(go.toolchain), min(options.rounds, 3))
    )
    print(f"\n{waits}\n\n{costs}\n\n{work}\n\n{explored}")
    if options.write:
        rows_of_work = (
            f"{table.as_markdown(made)}\n\nCompiled Go:\n\n{work}\n\nSimulated memory:\n\n{costs}"
        )
        rows_of_work += f"\n\nExploration:\n\n{explored}"
        write(PAGE, f"{where}\n\n{rows_of_work}\n\nFrom the shell:\n\n{waits}")
        say(f"written to {PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
