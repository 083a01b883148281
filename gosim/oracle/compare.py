"""Put a simulated run beside a run under real Go and name what differs.

What can be compared depends on the telling. Wait reasons, their counts, texts and exit codes are
Go's whatever the program is written in. Function names and lines mean the same only when the
simulated program is the Go file itself.

Not everything that is unequal is a difference: a real process was watched for a fifth of a
second, the simulated one for hours of virtual time; a profile may overlook a lock by chance. Such
aspects are rows with ``same`` None and a reason in ``note``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from gosim.oracle.dump import parse_crash
from gosim.oracle.run import GoResult

__all__ = ["Difference", "Row", "Telling", "compare", "differences", "same_text"]

Telling = Literal["go", "python"]

#: The wait reason whose goroutines a leak profile finds only sometimes: a bare sync.Mutex shares
#: its 16-byte block of the tiny allocator with whatever else lives there.
_CHANCE = "sync.Mutex.Lock"


@dataclass(frozen=True, slots=True)
class Row:
    """One aspect of the comparison, ready for a table.

    ``same`` is None where the two cannot be held against each other; ``note`` says why.
    """

    aspect: str
    gosim: str
    go: str
    same: bool | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """An aspect in which the simulated run is not what real Go did."""

    aspect: str
    gosim: str
    go: str

    def __str__(self) -> str:
        return f"{self.aspect}: gosim {self.gosim}, Go {self.go}"


_ADDRESS = re.compile(r"0x[0-9a-f]+")


def same_text(a: str, b: str) -> bool:
    """Whether two texts of Go are equal, addresses aside."""
    return _ADDRESS.sub("0x?", a) == _ADDRESS.sub("0x?", b)


def _telling(run: Mapping[str, Any]) -> Telling:
    """Whether the simulated program was Go: all the places its goroutines name are Go files."""
    said = run.get("source")
    if said in ("go", "python"):
        return "go" if said == "go" else "python"
    files = [
        str(frame["file"])
        for g in run.get("goroutines", ())
        for frame in g.get("stack", ())
        if str(frame.get("function", "")).startswith("main.")
    ]
    files = files or [str(run.get("program") or "")]
    return "go" if all(f.endswith(".go") for f in files) else "python"


#: (wait reason, function, line); the last two are empty where tellings differ.
_Key = tuple[str, str, int]


def _go_key(reason: str, function: str, line: int, telling: Telling) -> _Key:
    return (reason, function, line) if telling == "go" else (reason, "", 0)


def _simulated(run: Mapping[str, Any], telling: Telling) -> list[tuple[_Key, bool]]:
    """The goroutines of a run: key and ``in_profile``."""
    result = []
    for g in run.get("goroutines", ()):
        frame: Mapping[str, Any] = next(
            (f for f in g.get("stack", ()) if str(f["function"]).startswith("main.")), {}
        )
        # A goroutine that does not wait stands in Go's bracket with its state.
        reason = str(g.get("wait_reason") or g.get("state") or "")
        key = _go_key(reason, str(frame.get("function", "")), int(frame.get("line", 0)), telling)
        result.append((key, bool(g.get("in_profile"))))
    return result


def _real(go: GoResult, telling: Telling) -> list[tuple[_Key, bool]]:
    result = []
    for g in go.goroutines:
        frame = g.user_frame
        function, line = (frame.function, frame.line) if frame is not None else ("", 0)
        result.append((_go_key(g.wait_reason, function, line, telling), g.leaked))
    return result


def _told(keys: Counter[_Key]) -> str:
    """Write a multiset as Go writes headers: ``2x [chan send] main.main.func1:10``."""
    parts = []
    for (reason, function, line), n in sorted(keys.items()):
        text = f"{n}x [{reason}]"
        if function:
            text += f" {function}:{line}"
        parts.append(text)
    return ", ".join(parts) or "none"


def _count(items: Sequence[tuple[_Key, bool]]) -> Counter[_Key]:
    return Counter(key for key, _ in items)


def _first_unequal(a: str, b: str) -> tuple[str, str]:
    """The first line in which two texts differ, for a table cell."""
    left, right = a.splitlines(), b.splitlines()
    for i in range(max(len(left), len(right))):
        x = left[i] if i < len(left) else None
        y = right[i] if i < len(right) else None
        if x != y:
            def say(line: str | None, i: int = i) -> str:
                return f"ends after line {i}" if line is None else f"line {i + 1}: {line!r}"
            return say(x), say(y)
    # Equal lines, unequal texts: only the last line ending differs.
    return repr(a[-20:]), repr(b[-20:])


def _lines(n: int) -> str:
    return f"{n} line" if n == 1 else f"{n} lines"


def _stdout_row(run: Mapping[str, Any], go: GoResult, how: str) -> Row:
    ours, theirs = str(run.get("stdout", "")), go.stdout
    if how == "ignore" or not go.steady_stdout:
        note = "not promised by Go" if how == "ignore" else "real Go prints differently each time"
        return Row("stdout", _lines(len(ours.splitlines())), _lines(len(theirs.splitlines())),
                   None, note)
    if how == "sorted":
        ours, theirs = ("".join(f"{x}\n" for x in sorted(t.splitlines())) for t in (ours, theirs))
    if go.hung:
        # Real Go was stopped in the middle: what it had printed must be how ours begins.
        ours = ours[: len(theirs)]
    if ours == theirs:
        said = _lines(len(theirs.splitlines()))
        return Row("stdout", said, said, True)
    return Row("stdout", *_first_unequal(ours, theirs), False)


def _end_rows(run: Mapping[str, Any], go: GoResult) -> list[Row]:
    """Compare how the programs ended: exit code and last words."""
    virtual = int(run.get("virtual_ns", 0))
    code = run.get("exit_code")
    outcome = str(run.get("outcome", ""))
    if go.hung:
        watched = f"still running after {go.wall_ns / 1e9:.1f} s"
        if code is None and outcome != "limit":
            return [Row("end", "hangs", watched, True)]
        if outcome == "limit" or virtual >= go.wall_ns:
            said = "ended by its budget" if outcome == "limit" else \
                f"exit code {code} after {virtual / 1e9:g} s of virtual time"
            return [Row("end", said, watched, None, "real Go was not watched that long")]
        return [Row("end", f"exit code {code} after {virtual / 1e9:g} s", watched, False)]
    if outcome == "limit":
        return [Row("end", "ended by its budget", f"exit code {go.exit_code}", False)]
    rows = [Row("exit code", str(code), str(go.exit_code), code == go.exit_code)]
    ours = parse_crash(str(run.get("stderr", "")))
    theirs = go.crash
    if ours is not None or theirs is not None:
        a = ours.message if ours is not None else "none"
        b = theirs.message if theirs is not None else "none"
        same = same_text(a, b)
        one, two = (a, b) if same or (a.count("\n") == b.count("\n") == 0) else \
            _first_unequal(_ADDRESS.sub("0x?", a), _ADDRESS.sub("0x?", b))
        rows.append(Row("last words", one.split("\n", 1)[0], two.split("\n", 1)[0], same))
    return rows


def _goroutine_rows(run: Mapping[str, Any], go: GoResult, telling: Telling) -> list[Row]:
    ours, theirs = _simulated(run, telling), _real(go, telling)
    mine, real = _count(ours), _count(theirs)
    row = Row("goroutines left", _told(mine), _told(real), mine == real)
    if not go.returned:
        asleep = go.crash is not None and go.crash.kind == "fatal" and bool(go.goroutines)
        if not asleep:
            # A panic prints one goroutine only, os.Exit none; a hung process is no end.
            note = "the process was stopped while it ran" if go.hung else \
                "a dying process does not show its other goroutines"
            return [Row(row.aspect, row.gosim, row.go, None, note)]
        return [row]
    if not row.same and not mine - real and _later(run, go):
        note = f"real Go was watched for {go.settle_ns / 1e9:g} s after main only"
        # Whatever real Go has more may still end; whatever ours has must be there.
        row = Row(row.aspect, row.gosim, row.go, None, note)
    rows = [row]
    if go.leak_profile is not None and row.same:
        rows.append(_profile_row(ours, theirs))
    return rows


def _later(run: Mapping[str, Any], go: GoResult) -> bool:
    after: Mapping[str, Any] = run.get("after_main") or {}
    return int(after.get("virtual_ns", 0)) > go.settle_ns


def _profile_row(
    ours: Sequence[tuple[_Key, bool]], theirs: Sequence[tuple[_Key, bool]]
) -> Row:
    """Compare ``in_profile`` with what the goroutineleak profile named."""
    mine = Counter(key for key, listed in ours if listed)
    real = Counter(key for key, listed in theirs if listed)
    same: bool | None = mine == real
    note = ""
    missed = mine - real
    if not same and not real - mine and all(reason == _CHANCE for reason, _, _ in missed):
        same, note = None, "the profile finds a bare sync.Mutex only sometimes"
    return Row("in leak profile", _told(mine), _told(real), same, note)


def compare(
    run: Mapping[str, Any],
    go: GoResult,
    *,
    stdout: Literal["exact", "sorted", "ignore"] = "exact",
    telling: Telling | None = None,
) -> list[Row]:
    """Compare a run with what real Go did, aspect by aspect.

    Parameters
    ----------
    run
        The object of ``gosim run --json`` (schema ``gosim.run/1``).
    go
        The result of the Go telling of the same program, of the same version.
    stdout
        Whether Go promises the output: letter by letter, up to the order of lines, or not at all.
        Where ``go`` has repeats that print differently it counts as not promised.
    telling
        What the simulated program was written in; by default the field ``source`` of the run, or
        else what the files in its stacks say. Names and lines are compared between Go and Go.

    Returns
    -------
    list of Row
        One row each for stdout, end or exit code, last words, goroutines left and their place in
        the leak profile, as far as they apply. For goroutines that end by themselves, run the
        simulation with the settling time of the real run (``--until 200ms``).
    """
    told = telling or _telling(run)
    return [
        _stdout_row(run, go, stdout),
        *_end_rows(run, go),
        *_goroutine_rows(run, go, told),
    ]


def differences(
    run: Mapping[str, Any],
    go: GoResult,
    *,
    stdout: Literal["exact", "sorted", "ignore"] = "exact",
    telling: Telling | None = None,
) -> list[Difference]:
    """Return what differs between a run and real Go; parameters as of `compare`."""
    return [
        Difference(row.aspect, row.gosim, row.go)
        for row in compare(run, go, stdout=stdout, telling=telling)
        if row.same is False
    ]
