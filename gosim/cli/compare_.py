"""``gosim compare``: the same program under real Go, side by side."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal

from gosim.cli import OK
from gosim.cli.target import resolve as target_of
from gosim.leaks.run import execute
from gosim.oracle.compare import Row, Telling, compare
from gosim.oracle.memory import ByteRow, compare_bytes
from gosim.oracle.recorded import real_or_recorded
from gosim.oracle.run import BuildError, GoResult, OracleError, run_go
from gosim.runtime.errors import LoadError, UsageError
from gosim.runtime.version import LATEST, resolve

if TYPE_CHECKING:
    import argparse

    from gosim.cli.target import Target
    from gosim.leaks.run import Run

_STDOUT: dict[str, Literal["exact", "sorted", "ignore"]] = {
    "exact": "exact",
    "unordered": "sorted",
    "free": "ignore",
}
_RECORDED = (
    "Go {} is not installed here: real Go's side was recorded earlier, on linux/amd64 "
    "(pip install 'gosim[oracle]' brings real Go)"
)
_UNITS = {"Mallocs": " (objects)", "HeapObjects": "", "NumGC": " (collections)"}
_MARKS = {True: "same", False: "DIFFERS", None: "–"}


def command(options: argparse.Namespace) -> int:
    """Run the program here and under real Go, and print both."""
    target = target_of(options.name, options.variant, options.fixed, options.source)
    version = resolve(options.go or LATEST).go
    name = options.name
    if target.scenario is not None and target.variant is not None:
        name = f"{target.scenario.name} · {target.variant.name}"
    try:
        real = _real(options, target, version)
    except BuildError as error:
        return _does_not_compile(options, target, version, error.output.strip())
    except OracleError as error:
        raise LoadError(str(error)) from None
    run = _simulated(target, options, version)
    if options.runs > 1:
        return _tallied(options, name, target, run, real, version)
    telling: Telling = "go" if target.source == "go" else "python"
    steady = target.variant.stdout if target.variant is not None else "exact"
    rows = compare(run.to_dict(), real, stdout=_STDOUT[steady], telling=telling)
    record = run.memory_record
    sizes: list[ByteRow] = []
    if record is not None:
        unlike = target.variant.extra.get("unlike", {}) if target.variant is not None else {}
        sizes = compare_bytes(record.stats, record.stats_after_gc, real, unlike)
    if options.json:
        _as_json(target, real, rows, sizes)
        return OK
    from gosim.views.text import terminal_width, wrap

    width = terminal_width()
    origin = f"real Go {real.full_version.removeprefix('go')}"
    print(f"{name}: gosim (Go {version}) beside {origin}\n")
    print(_beside(rows, width))
    if sizes:
        print("\n" + _bytes_beside(sizes, width))
    if real.recorded:
        print("\n" + wrap(_RECORDED.format(real.full_version.removeprefix("go")), "", width))
    print("\n" + wrap(_verdict(rows, sizes), "", width))
    return OK


def _real(options: argparse.Namespace, target: Target, version: str) -> GoResult:
    """Return what real Go does, measured or recorded."""
    scenario, variant = target.scenario, target.variant
    if scenario is None or variant is None:
        if target.source != "go":
            raise UsageError(
                "compare takes a scenario or a Go program: real Go has to run the same",
                target.path,
            )
        target.program(go=version, go_line=options.go_line)  # what it refuses needs no real Go
        return run_go(
            target.path,
            toolchain=version,
            go_line=options.go_line,
            args=options.args,
            timeout=20.0,
            runs=options.runs,
        )
    if "go" not in variant.sources:
        raise UsageError(
            f"{scenario.name} {variant.name} is told in Python only: there is nothing to compare"
        )
    patience = 4 if version in variant.extra.get("hangs", ()) else 20
    if options.runs > 1:
        file = variant.file("go")
        return run_go(file, toolchain=version, timeout=patience, runs=options.runs)
    return real_or_recorded(variant.file("go"), version=version, timeout=patience)


def _simulated(
    target: Target, options: argparse.Namespace, version: str, seed: int | None = None
) -> Run:
    """Run the program here: under Go's own scheduler, or a random one."""
    return execute(
        target.program(go=version, go_line=options.go_line),
        variant=target.variant.name if target.variant is not None else "main",
        go=version,
        go_line=options.go_line,
        args=options.args,
        policy="go" if seed is None else "random",
        seed=seed or 0,
        wall=60.0,
        memory=seed is None and options.runs == 1,
    )


def _tallied(
    options: argparse.Namespace, name: str, target: Target, run: Run, real: GoResult, version: str
) -> int:
    """Count how many runs of either kind ended alike: output, exit code, goroutines left."""
    go = Counter(_ending_of_go(result) for result in (real, *real.repeats))
    ours = Counter([_ending_of_run(run)])
    for seed in range(options.runs - 1):
        ours[_ending_of_run(_simulated(target, options, version, seed))] += 1
    endings = sorted({*go, *ours}, key=lambda e: (-go[e], -ours[e], e))
    if options.json:
        import json

        said = {
            "schema": "gosim.compare/1",
            "program": name,
            "variant": target.variant.name if target.variant is not None else "main",
            "go": real.full_version,
            "runs": options.runs,
            "endings": [
                {"exit_code": e[0], "stdout": e[1], "left": e[2], "gosim": ours[e], "go": go[e]}
                for e in endings
            ],
        }
        print(json.dumps(said, ensure_ascii=False))
        return OK
    from gosim.views.text import table, terminal_width, wrap

    head = ("exit", "output", "goroutines left", "gosim", "real Go")
    cells = [
        ("–" if code is None else str(code), _cell(out), left, str(ours[e]), str(go[e]))
        for e in endings
        for code, out, left in [e]
    ]
    origin = real.full_version.removeprefix("go")
    print(f"{name}: {options.runs} runs of gosim (Go {version}) and of real Go {origin}\n")
    print(table(cells, "  ", terminal_width(), head, right=(3, 4)))
    unseen = sum(1 for e in go if not ours[e])
    words = (
        f"gosim's first run is under Go's own scheduler, the other {options.runs - 1} under random "
        "ones. "
    )
    if unseen:
        words += f"{unseen} of real Go's {len(go)} endings did not come up in gosim."
    else:
        words += "Everything that real Go did came up in gosim."
    print("\n" + wrap(words, "", terminal_width()))
    return OK


_Ending = tuple[int | None, str, str]


def _ending_of_go(result: GoResult) -> _Ending:
    waits = Counter(g.wait_reason for g in result.goroutines)
    return result.exit_code, result.stdout, _left(waits)


def _ending_of_run(run: Run) -> _Ending:
    waits = Counter(g.wait_reason or g.state for g in run.goroutines)
    return run.exit_code, run.stdout, _left(waits)


def _left(waits: Counter[str]) -> str:
    return ", ".join(f"{n} [{reason}]" for reason, n in sorted(waits.items())) or "none"


def _verdict(rows: list[Row], sizes: list[ByteRow]) -> str:
    """Say what differs, and that what differs for a reason does not agree either."""
    differ = [row.aspect for row in rows if row.same is False]
    differ += [f"{row.field} {row.moment}" for row in sizes if row.same is False]
    if differ:
        return "they differ: " + ", ".join(differ)
    excused = list(dict.fromkeys(row.field for row in sizes if row.same is None))
    if not excused:
        return "they agree"
    return f"they agree, but for {', '.join(excused)}: for the reason given above"


def _beside(rows: list[Row], width: int) -> str:
    """Return the comparison as a table, or below each other where the page is too narrow."""
    from gosim.views.text import table, wrap

    head = ("", "", "gosim", "real Go")
    cells = [(r.aspect, _MARKS[r.same], _cell(r.gosim), _cell(r.go)) for r in rows]
    notes = [wrap(f"{r.aspect}: {r.note}", "  ", width, "  ") for r in rows if r.note]
    columns = zip(head, *cells, strict=True)
    if 2 + sum(max(map(len, column)) + 2 for column in columns) - 2 <= width:
        text = table(cells, "  ", width, head)
    else:
        lines = []
        for aspect, mark, ours, theirs in cells:
            lines.append(f"  {aspect}: {mark}")
            for who, text in (("gosim", ours), ("real Go", theirs)):
                lines.append(f"    {who:9}" + wrap(text, " " * 13, width)[13:])
        text = "\n".join(lines)
    return "\n".join([text, "", *notes]) if notes else text


def _bytes_beside(rows: list[ByteRow], width: int) -> str:
    """Return the memory of both, moment by moment."""
    from gosim.views.text import table, wrap

    lines = []
    for moment in dict.fromkeys(row.moment for row in rows):
        here = [row for row in rows if row.moment == moment]
        cells = [
            (row.field + _UNITS.get(row.field, ""), *_amounts(row), _sign(row)) for row in here
        ]
        head = (f"memory {moment}", "gosim", "real Go", "")
        lines += [table(cells, "  ", width, head, right=(1, 2)), ""]
    kinds = dict.fromkeys(row.note for row in rows if row.same is None)
    for note in kinds:
        fields = ", ".join(dict.fromkeys(row.field for row in rows if row.note == note))
        lines.append(wrap(f"{fields}: {note}", "  ", width, "  "))
    lines.append(
        wrap(
            "≠ marks what differs by more than 2 % (stacks and RSS: 5 %) and by more than a few "
            "pages. Real Go's figures are those of the whole process, with some 10 KB of ours "
            "that looks at it.",
            "  ",
            width,
            "  ",
        )
    )
    return "\n".join(lines)


def _amounts(row: ByteRow) -> tuple[str, str]:
    """Return both figures as people read them."""
    from gosim.views.text import size

    if row.unit == "bytes":
        return size(row.gosim), size(row.go)
    return f"{row.gosim:,}".replace(",", " "), f"{row.go:,}".replace(",", " ")


def _sign(row: ByteRow) -> str:
    if row.same:
        return ""
    if not row.go:
        return "≠"
    return f"≠ {100 * row.difference:+.0f} %"


def _does_not_compile(options: argparse.Namespace, target: Target, go: str, output: str) -> int:
    if options.json:
        import json

        said = {
            "schema": "gosim.compare/1",
            **_names(target),
            "go": go,
            "compile_error": output,
        }
        print(json.dumps(said, ensure_ascii=False))
    else:
        from gosim.views.text import short_places

        file = f"{target.variant.name}.go" if target.variant is not None else target.path
        print(f"Go {go} does not compile {file}:\n\n{short_places(output)}")
    return OK


def _names(target: Target) -> dict[str, str]:
    if target.scenario is None or target.variant is None:
        return {"program": target.path, "variant": "main"}
    return {"program": target.scenario.name, "variant": target.variant.name}


def _as_json(target: Target, real: GoResult, rows: list[Row], sizes: list[ByteRow]) -> None:
    import json

    said = {
        "schema": "gosim.compare/1",
        **_names(target),
        "go": real.full_version,
        "recorded": real.recorded,
        "agrees": all(
            same is not False for same in [r.same for r in rows] + [r.same for r in sizes]
        ),
        "rows": [
            {"aspect": r.aspect, "gosim": r.gosim, "go": r.go, "same": r.same, "note": r.note}
            for r in rows
        ],
        "memory": [
            {
                "moment": r.moment,
                "field": r.field,
                "unit": r.unit,
                "gosim": r.gosim,
                "go": r.go,
                "same": r.same,
                "note": r.note,
            }
            for r in sizes
        ],
    }
    print(json.dumps(said, ensure_ascii=False))


def _cell(text: str) -> str:
    lines = text.splitlines() or [""]
    return lines[0] if len(lines) == 1 else f"{lines[0]} … ({len(lines)} lines)"
