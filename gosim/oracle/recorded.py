"""Results of real Go, kept beside a scenario, for machines without Go.

``recorded.json`` holds, per Go version and variant, what `run_go` saw: written by running the Go
file, never by hand. A record carries the hash of the Go text it belongs to; when the file has
changed since, the record does not count.

::

    {"schema": "gosim.recorded/1", "1.27": {"leak": {"full_version": "go1.27.3", …}, …}, …}

Times and addresses are left out, and figures of memory are written anew only when they are no
longer near the ones there: recording again on another day writes the same file.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from gosim.oracle.dump import Crash, CreatedBy, Frame, GoGoroutine, ProfileGroup, parse_crash
from gosim.oracle.memory import AFTER, AT_RETURN, FIGURES
from gosim.oracle.run import BuildError, GoResult, OracleError, run_go
from gosim.oracle.toolchain import find_toolchain

__all__ = [
    "RECORDED",
    "SCHEMA",
    "forget",
    "load_recorded",
    "look_up",
    "real_or_recorded",
    "recorded_versions",
    "save_recorded",
]

SCHEMA = "gosim.recorded/1"
RECORDED = "recorded.json"

#: From so many on, equal goroutines are written as one.
_MANY = 20

# Heap and code addresses differ from run to run, offsets into a function do not.
_ADDRESS = re.compile(r"0x[0-9a-f]{5,}\??")


def _digest(source: Path) -> str:
    """Hash a Go file, or the Go files of a directory, with line endings made equal."""
    files = sorted(source.glob("*.go")) if source.is_dir() else [source]
    h = hashlib.sha256()
    for path in files:
        data = path.read_bytes().replace(b"\r\n", b"\n")
        h.update(len(data).to_bytes(8, "big") + data)
    return h.hexdigest()[:32]


class _Texts:
    """Write paths relative to the scenario's directory, and read them back."""

    def __init__(self, base: Path) -> None:
        self.base = str(base.resolve()) + os.sep

    def out(self, text: str) -> str:
        return _ADDRESS.sub("0x?", text.replace(self.base, "./"))

    def back(self, text: str) -> str:
        return re.sub(r"(?m)(^|[\s(])\./", lambda m: m.group(1) + self.base, text)

    def file_out(self, name: str) -> str:
        return name.replace(self.base, "./")

    def file_back(self, name: str) -> str:
        return self.base + name[2:] if name.startswith("./") else name


def _frames_out(stack: Sequence[Frame], t: _Texts) -> list[list[Any]]:
    return [[f.function, t.file_out(f.file), f.line] for f in stack]


def _frames_back(data: Sequence[Sequence[Any]], t: _Texts) -> tuple[Frame, ...]:
    return tuple(Frame(str(f), t.file_back(str(p)), int(n)) for f, p, n in data)


def _g_out(g: GoGoroutine, t: _Texts) -> dict[str, Any]:
    d: dict[str, Any] = {"id": g.id, "wait_reason": g.wait_reason, "leaked": g.leaked,
                         "stack": _frames_out(g.stack, t)}
    if g.created_by is not None:
        c = g.created_by
        d["created_by"] = [c.function, c.goroutine, t.file_out(c.file), c.line]
    if g.locked:
        d["locked"] = True
    if g.labels:
        d["labels"] = dict(sorted(g.labels.items()))
    return d


def _g_back(d: Mapping[str, Any], t: _Texts) -> GoGoroutine:
    by = d.get("created_by")
    return GoGoroutine(
        id=int(d["id"]),
        wait_reason=str(d["wait_reason"]),
        leaked=bool(d["leaked"]),
        stack=_frames_back(d["stack"], t),
        created_by=CreatedBy(by[0], by[1], t.file_back(by[2]), by[3]) if by else None,
        locked=bool(d.get("locked", False)),
        labels=dict(d.get("labels", {})),
    )


def _goroutines_out(goroutines: Sequence[GoGoroutine], t: _Texts) -> list[dict[str, Any]]:
    """Write a list in which a long row of goroutines that differ in their id only is one entry."""
    rows: list[tuple[dict[str, Any], list[list[int]], int]] = []
    for g in goroutines:
        d = _g_out(g, t)
        number = d.pop("id")
        if rows and rows[-1][0] == d:
            same, spans, count = rows[-1]
            if number == spans[-1][1] + 1:
                spans[-1][1] = number
            else:
                spans.append([number, number])
            rows[-1] = (same, spans, count + 1)
        else:
            rows.append((d, [[number, number]], 1))
    result: list[dict[str, Any]] = []
    for d, spans, count in rows:
        if count >= _MANY:
            result.append({"ids": " ".join(f"{a}-{b}" for a, b in spans), **d})
        else:
            result += ({"id": i, **d} for a, b in spans for i in range(a, b + 1))
    return result


def _goroutines_back(data: Sequence[Mapping[str, Any]], t: _Texts) -> tuple[GoGoroutine, ...]:
    result: list[GoGoroutine] = []
    for d in data:
        if "ids" not in d:
            result.append(_g_back(d, t))
            continue
        first = _g_back({**d, "id": 0}, t)
        for span in str(d["ids"]).split():
            a, _, b = span.partition("-")
            result += (replace(first, id=i) for i in range(int(a), int(b) + 1))
    return tuple(result)


def _group_out(g: ProfileGroup, t: _Texts) -> dict[str, Any]:
    return {"count": g.count, "stack": _frames_out(g.stack, t)}


def _group_back(d: Mapping[str, Any], t: _Texts) -> ProfileGroup:
    return ProfileGroup(int(d["count"]), _frames_back(d["stack"], t))


def _to_json(result: GoResult | BuildError, base: Path, source: Path) -> dict[str, Any]:
    t = _Texts(base)
    if isinstance(result, BuildError):
        return {"full_version": result.full_version, "source": _digest(source),
                "does_not_compile": t.out(result.output)}
    groups = result.leak_profile
    return {
        "full_version": result.full_version,
        "go_line": result.go_line,
        "source": _digest(source),
        "stdout": t.out(result.stdout),
        "steady_stdout": result.steady_stdout,
        "stderr": t.out(result.stderr),
        "exit_code": result.exit_code,
        "hung": result.hung,
        # How long a hung process was watched, in whole seconds: the only time that is kept.
        "watched_s": round(result.wall_ns / 1e9) if result.hung else None,
        "returned": result.returned,
        "settle_ns": result.settle_ns,
        "num_goroutine": result.num_goroutine,
        "goroutines": _goroutines_out(result.goroutines, t),
        "leak_profile": None if groups is None else [_group_out(g, t) for g in groups],
        "after_panic": result.after_crash.headline if result.after_crash else None,
        "memory": {
            moment: {f.field: stats[f.field] for f in FIGURES[moment] if f.field in stats}
            for moment, stats in (
                (AT_RETURN, result.memstats_at_return),
                (AFTER, result.memstats_after_gc),
            )
            if stats
        },
    }


def _near(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Tell whether two records of memory say the same."""
    if {m: set(old[m]) for m in old} != {m: set(new[m]) for m in new}:
        return False
    return all(
        abs(old[m][f.field] - new[m][f.field])
        <= max(f.share * max(old[m][f.field], new[m][f.field]), f.floor)
        for m in new
        for f in FIGURES[m]
        if f.field in new[m]
    )


def _from_json(d: Mapping[str, Any], version: str, base: Path) -> GoResult:
    t = _Texts(base)
    if "does_not_compile" in d:
        full = str(d["full_version"])
        raise BuildError(
            f"{full} does not compile it (recorded)", t.back(str(d["does_not_compile"])), full
        )
    stdout, stderr = t.back(str(d["stdout"])), t.back(str(d["stderr"]))
    groups = d["leak_profile"]
    after = d.get("after_panic")
    memory = d.get("memory", {})  # records from before 2026-11-23 have none
    result = GoResult(
        stdout=stdout,
        stderr=stderr,
        exit_code=d["exit_code"],
        hung=bool(d["hung"]),
        goroutines=_goroutines_back(d["goroutines"], t),
        num_goroutine=d["num_goroutine"],
        leak_profile=None if groups is None else tuple(_group_back(g, t) for g in groups),
        memstats={},
        memstats_at_return=dict(memory.get(AT_RETURN, {})),
        memstats_after_gc=dict(memory.get(AFTER, {})),
        version=version,
        full_version=str(d["full_version"]),
        go_line=str(d["go_line"]),
        returned=bool(d["returned"]),
        settle_ns=int(d["settle_ns"]),
        crash=parse_crash(stderr) if d["exit_code"] == 2 and not d["returned"] else None,
        after_crash=Crash("panic", str(after), "", ()) if after else None,
        wall_ns=int(d["watched_s"] or 0) * 10**9,
        recorded=True,
    )
    if not d["steady_stdout"]:
        # One repeat that printed something else is all that comparisons ask for.
        result = replace(result, repeats=(replace(result, stdout=stdout + "\0"),))
    return result


def _read(directory: Path) -> dict[str, Any]:
    path = directory / RECORDED
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {"schema": SCHEMA}
    except (OSError, ValueError) as e:
        raise OracleError(f"cannot read {path}: {e}") from e
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise OracleError(f"{path} is no {SCHEMA}")
    return data


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(x) for x in re.findall(r"\d+", version))


def _write(directory: Path, data: Mapping[str, Any]) -> None:
    versions = sorted((k for k in data if k != "schema"), key=_order)
    ordered: dict[str, Any] = {"schema": SCHEMA}
    ordered.update({v: dict(sorted(data[v].items())) for v in versions if data[v]})
    path = directory / RECORDED
    fresh = directory / f".{RECORDED}.{os.getpid()}"
    fresh.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(fresh, path)


def save_recorded(
    directory: str | os.PathLike[str], variant: str, source: str | os.PathLike[str],
    result: GoResult | BuildError,
) -> None:
    """Store a result beside a scenario, replacing an older one of the same version and variant.

    Parameters
    ----------
    directory
        The folder of the scenario.
    variant
        Name of the variant.
    source
        The Go file that was run.
    result
        What `run_go` gave; several ``runs`` show whether the output is steady. Or the
        `BuildError` it raised, where not compiling is the lesson.

    Raises
    ------
    OracleError
        When the result is itself a recorded one, or the file there cannot be read.
    """
    if isinstance(result, GoResult) and result.recorded:
        raise OracleError("a recorded result is not a measurement; run real Go")
    version = ".".join(result.full_version.removeprefix("go").split(".")[:2])
    place = Path(directory)
    data = _read(place)
    new = _to_json(result, place, Path(source))
    old = data.setdefault(version, {}).get(variant, {})
    if new.get("memory") and old.get("memory") and _near(old["memory"], new["memory"]):
        new["memory"] = old["memory"]
    data[version][variant] = new
    _write(place, data)


def forget(directory: str | os.PathLike[str], keep: Mapping[str, str | os.PathLike[str]]) -> None:
    """Drop the records of variants that are gone or whose Go text has changed.

    ``keep`` maps each variant that still exists to its Go file.
    """
    place = Path(directory)
    data = _read(place)
    for version in recorded_versions(place):
        data[version] = {
            v: d for v, d in data[version].items()
            if v in keep and d["source"] == _digest(Path(keep[v]))
        }
    _write(place, data)


def recorded_versions(directory: str | os.PathLike[str]) -> list[str]:
    """Return the Go versions a scenario has results of, oldest first."""
    return sorted((k for k in _read(Path(directory)) if k != "schema"), key=_order)


def load_recorded(directory: str | os.PathLike[str]) -> dict[str, dict[str, GoResult]]:
    """Return every recorded result of a scenario, by version and variant; empty if none.

    Variants that do not compile are left out; `look_up` raises their error.
    """
    place = Path(directory)
    data = _read(place)
    return {
        version: {
            variant: _from_json(d, version, place)
            for variant, d in data[version].items()
            if "does_not_compile" not in d
        }
        for version in recorded_versions(place)
    }


def look_up(
    directory: str | os.PathLike[str], variant: str, version: str,
    source: str | os.PathLike[str] | None = None,
) -> GoResult | None:
    """Return one recorded result, marked as ``recorded``; None if there is none that counts.

    With `source` given, a record of another text of that file does not count.

    Raises
    ------
    BuildError
        When what was recorded is that it does not compile.
    OracleError
        When the file cannot be read.
    """
    place = Path(directory)
    d = _read(place).get(version, {}).get(variant)
    if d is None or (source is not None and d["source"] != _digest(Path(source))):
        return None
    return _from_json(d, version, place)


def _has(place: Path, variant: str, version: str, source: Path) -> bool:
    """Tell whether there is a record of this text."""
    d = _read(place).get(version, {}).get(variant)
    return d is not None and bool(d["source"] == _digest(source))


def real_or_recorded(
    source: str | os.PathLike[str], *, version: str = "1.27", variant: str = "",
    directory: str | os.PathLike[str] | None = None, **options: Any,
) -> GoResult:
    """Ask real Go where it is installed, and the record beside the scenario where it is not.

    Parameters
    ----------
    source
        The Go file.
    version
        Go version.
    variant
        Variant of the scenario the file tells; default: the file's name.
    directory
        Folder of the scenario; default: that of the file.
    options
        Passed on to `run_go` (``go_line``, ``args``, ``timeout``, …).

    Raises
    ------
    OracleError
        Neither a toolchain nor a record of this text and version exists.
    BuildError
        It does not compile.
    """
    path = Path(source)
    toolchain = find_toolchain(version)
    if toolchain is not None:
        return run_go(path, toolchain=toolchain, **options)
    place = Path(directory) if directory is not None else path.parent
    found = look_up(place, variant or path.stem, version, path)
    if found is None:
        there = [v for v in recorded_versions(place) if _has(place, variant or path.stem, v, path)]
        others = f" (there are results of {', '.join(there)})" if there else ""
        raise OracleError(
            f"no Go {version} on this machine, and no recorded result of {path.name} for it"
            f"{others}; pip install 'gosim[oracle]' brings Go"
        )
    return found
