"""The questions that a submission can be asked, in the words of the field.

Each kind says what has to be observed (`gosim.course.observe`), and judges the observations.  The
judge knows what is expected; the process in which the submission ran does not.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from gosim.course.assignment import SUFFIXES, Assignment, Check
from gosim.course.observe import FIGURES
from gosim.course.regions import changed, editable
from gosim.course.report import Status
from gosim.course.values import fill
from gosim.runtime.errors import GosimError, LoadError
from gosim.runtime.version import LATEST

Observation = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """A check, and what it is asked about.

    Attributes
    ----------
    assignment : Assignment
    check : Check
    source : str
        ``python`` or ``go``; of answers, the language of the program they are about.
    text : str
        The submission.
    file : str
        Its name.
    answers : dict
        What a submission of answers says.
    path : str
        What the student calls the file, in commands that are shown; its name when left out.
    """

    assignment: Assignment
    check: Check
    source: str
    text: str
    file: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    path: str = ""

    def ask(self, key: str, default: Any = None) -> Any:
        """Return a field of the check, with the student's numbers in it."""
        return self.assignment.ask(self.check, key, default)

    def order(self, do: str, **more: Any) -> dict[str, Any]:
        """Return an order to observe the program."""
        budget = self.assignment.budget
        return {
            "do": do,
            "source": self.source,
            "params": dict(self.check.params),
            "go": self.assignment.go,
            "steps": budget.steps,
            **more,
        }

    def exploration(self) -> dict[str, Any]:
        """Return the order to explore the program."""
        budget = self.assignment.budget
        return self.order(
            "explore",
            schedules=self.ask("schedules", budget.schedules),
            strategy=budget.strategy,
            timers=budget.timers,
            early_ticks=budget.early_ticks,
            output="unordered",
        )


@dataclass(frozen=True)
class Verdict:
    """What a judge says.

    Attributes
    ----------
    status : str
    message : str
    line : int
    data : dict
    unproven : bool
        Nothing wrong was found, and not everything was looked at.
    """

    status: Status
    message: str
    line: int = 0
    data: Mapping[str, Any] = field(default_factory=dict)
    unproven: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of check.

    Attributes
    ----------
    orders : callable
        What has to be observed.
    judge : callable
        Gets the observations in the same order.
    needs, asks : tuple of str
        Fields that it has to have, and all that it may have.
    """

    orders: Callable[[Asked], list[dict[str, Any]]]
    judge: Callable[[Asked, Sequence[Observation]], Verdict]
    needs: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()


# -- words -----------------------------------------------------------------------------------------


def _many(n: int, word: str) -> str:
    return f"{n} {word}" if n == 1 else f"{n} {word}s"


def _of(found: Observation, n: int) -> str:
    if found["schedules"] == 1:
        return "in the one schedule that was run"
    return f"in {n} of {found['schedules']} schedules"


def _line(place: str) -> int:
    number = place.rpartition(":")[2]
    return int(number) if number.isdigit() else 0


def replay(asked: Asked, token: str = "", picture: str = "") -> str:
    """Return the command that shows a schedule, the one of `gosim run` without a token."""
    words = ["gosim", "run", asked.path or asked.file]
    for name, value in asked.check.params.items():
        words += ["-p", f"{name}={value}"]
    if token:
        words += ["--replay", token]
    elif asked.assignment.go != LATEST:
        words += ["--go", asked.assignment.go]
    if picture:
        words += ["--memory", picture]
    return shlex.join(words)


def _given(asked: Asked, do: str = "run", token: str = "") -> str:
    """Return the command that runs or explores the program that was given out."""
    name = f"program{SUFFIXES[asked.source]}"
    found = replay(replace(asked, file=name, path=""), token)
    return found.replace("gosim run", f"gosim {do}", 1)


def _where(
    found: Sequence[Sequence[Any]], verb: str, unit: Callable[[int], str]
) -> tuple[str, int]:
    """Return a remark on the places where most of something happens, and the first line."""
    places = [(str(at), int(n)) for at, n in found]
    places = [each for each in places if each[1] * 20 > places[0][1]][:3]
    if not places:
        return "", 0
    told = ", ".join(f"{at} ({unit(n)})" for at, n in places)
    return f"; {verb} at {told}", _line(places[0][0])


def _own(asked: Asked, found: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
    """Return the places that the student may change, if there are some: the rest is as given."""
    free = editable(asked.text, asked.source == "go")
    return [each for each in found if _line(str(each[0])) in free] or found


def bytes_text(n: int) -> str:
    """Return a number of bytes for people."""
    for unit, size in (("MiB", 1 << 20), ("KiB", 1 << 10)):
        if n >= size:
            return f"{n / size:.3g} {unit}"
    return f"{n} bytes"


def time_text(ns: int) -> str:
    """Return a virtual time as Go prints it."""
    from gosim.std.time.duration import Duration

    return str(Duration(ns))


def time_value(text: Any, where: str) -> int:
    """Return ns of ``"20ms"``.

    Raises
    ------
    LoadError
        When it is none.
    """
    from gosim.std.time.duration import parse_duration

    duration, error = parse_duration(str(text))
    if error is not None:
        raise LoadError(f"{where}: {text!r} is no time such as 20ms")
    return int(duration)


def size_value(given: Any, where: str) -> int:
    """Return bytes of ``"4 MiB"`` or of a number.

    Raises
    ------
    LoadError
        When it is none.
    """
    found = re.fullmatch(r"(\d+)\s*(|B|KiB|MiB|GiB)", str(given).strip())
    if found is None:
        raise LoadError(f"{where}: {given!r} is no size such as 64 KiB")
    return int(found[1]) << {"": 0, "B": 0, "KiB": 10, "MiB": 20, "GiB": 30}[found[2]]


def number_value(given: Any, where: str) -> int:
    """Return a whole number that is written as one, or as a text.

    Raises
    ------
    LoadError
        When it is none.
    """
    if type(given) is int:
        return given
    if isinstance(given, str) and re.fullmatch(r"-?\d+", given.strip()):
        return int(given)
    raise LoadError(f"{where}: {given!r} is no whole number")


# -- over all schedules ----------------------------------------------------------------------------


def _unproven(asked: Asked, found: Observation) -> Verdict | None:
    """Return the verdict of a search that found nothing and did not see everything."""
    if found["complete"]:
        return None
    return Verdict(
        "fail" if asked.check.unproven < asked.check.points else "pass",
        f"no fault was found in {_many(found['schedules'], 'schedule')}, and that is not all of "
        f"them ({found['bound']}): not proven",
        data={"schedules": found["schedules"], "complete": False, "bound": found["bound"]},
        unproven=True,
    )


def _bad_case(found: Observation, kinds: Sequence[str]) -> tuple[Observation, int] | None:
    cases = [case for case in found["cases"] if case["outcome"] in kinds]
    if not cases:
        return None
    return cases[0], sum(found["outcomes"].get(kind, 0) for kind in kinds)


def _case_data(asked: Asked, found: Observation, case: Observation, times: int) -> dict[str, Any]:
    return {
        "schedules": found["schedules"],
        "complete": found["complete"],
        "times": times,
        "outcome": case["outcome"],
        "token": case["token"],
        "replay": replay(asked, case["token"]),
        "story": case["story"],
        "stdout": case["stdout"],
        "leaked": sum(leak["count"] for leak in case["leaks"]),
        "groups": [
            {"count": leak["count"], "state": leak["wait_reason"], "at": leak["at"]}
            for leak in case["leaks"]
        ],
    }


def _proved(found: Observation) -> dict[str, Any]:
    return {"schedules": found["schedules"], "complete": found["complete"]}


def _explores(asked: Asked) -> list[dict[str, Any]]:
    if asked.ask("over", "schedules") == "run":
        return [asked.order("run", memory=True)]
    return [asked.exploration()]


def _over(found: Observation) -> Observation:
    """Return an exploration; of one run, that of its one schedule."""
    if "cases" in found:
        return found
    figures = {
        name: {
            "least": found[name],
            "most": found[name],
            "token": found["token"],
            "places": found["places"].get(name, ()),
        }
        for name in FIGURES
    }
    return {
        "schedules": 1,
        "complete": True,
        "bound": "",
        "outcomes": {found["outcome"]: 1},
        "cases": [{**found, "count": 1, "story": []}],
        "extremes": figures,
    }


_LEFT: Final = frozenset({"permanent", "unproven"})


def _never_leaks(asked: Asked, seen: Sequence[Observation]) -> Verdict:
    found = _over(seen[0])
    bad = _bad_case(found, ("leak",))
    if bad is not None:
        case, times = bad
        leaks = [leak for leak in case["leaks"] if leak["verdict"] in _LEFT]
        leak = leaks[0] if leaks else None
        what = leak["explanation"] if leak else "something is left over when main has returned"
        line = _line(leak["at"]) if leak and leak["kind"] == "goroutine" else 0
        return Verdict(
            "fail",
            f"leaks {_of(found, times)}: {what}",
            line,
            _case_data(asked, found, case, times),
        )
    # Who ends the process himself leaves nobody to be looked at.
    return _died_otherwise(asked, found, ("deadlock", "panic", "fatal", "limit", "exit")) or (
        (_stays(asked, found) if asked.ask("soon", False) else None)
        or _unproven(asked, found)
        or Verdict(
            "pass",
            f"no goroutine is left in any of {_many(found['schedules'], 'schedule')}",
            data=_proved(found),
        )
    )


def _stays(asked: Asked, found: Observation) -> Verdict | None:
    """Return a failure when somebody is alive as main returns, though he will end some day."""
    extreme = found["extremes"]["left"]
    if not extreme["most"]:
        return None
    where, line = _where(extreme.get("places", ()), "started", str)
    token = extreme.get("token", "")
    return Verdict(
        "fail",
        f"{_many(extreme['most'], 'goroutine')} still there when main returns, though not for "
        f"ever{where}",
        line,
        {**_proved(found), "token": token, "replay": replay(asked, token)},
    )


def _died_otherwise(asked: Asked, found: Observation, kinds: Sequence[str]) -> Verdict | None:
    """Return a failure when a program ends so badly that the question means nothing."""
    bad = _bad_case(found, kinds)
    if bad is None:
        return None
    case, times = bad
    return Verdict(
        "fail",
        f"{_VERBS[case['outcome']]} {_of(found, times)}: {_first(case)}",
        _panic_line(asked, case),
        _case_data(asked, found, case, times),
    )


_VERBS: Final = {
    "deadlock": "deadlocks",
    "panic": "panics",
    "fatal": "dies of a fatal error",
    "limit": "does not end",
    "exit": "ends with os.Exit",
    "leak": "leaks",
    "ok": "ends well",
}


def _first(case: Observation) -> str:
    """Return what a process says when it dies."""
    if case["outcome"] == "limit":
        return "the steps of a schedule were used up; does a loop never end?"
    if case["outcome"] == "exit":
        return "what is left over then cannot be seen; let main return"
    lines = [line for line in case["stderr"].splitlines() if line.strip()]
    said = lines[0] if lines else case["outcome"]
    if case["outcome"] == "deadlock" and case["leaks"]:
        return f"{said} {case['leaks'][0]['explanation']}"
    return str(said)


def _panic_line(asked: Asked, case: Observation) -> int:
    if case["outcome"] == "deadlock" and case["leaks"]:
        return _line(case["leaks"][0]["at"])
    found = re.search(rf"{re.escape(asked.file)}:(\d+)", case["stderr"])
    return int(found[1]) if found else 0


def _never(kinds: Sequence[str], never: str) -> Callable[[Asked, Sequence[Observation]], Verdict]:
    def judge(asked: Asked, seen: Sequence[Observation]) -> Verdict:
        found = _over(seen[0])
        bad = _died_otherwise(asked, found, kinds)
        if bad is not None:
            return bad
        late = [case for case in found["cases"] if case["after_panic"]]
        if late and "panic" in kinds:
            return Verdict(
                "fail",
                "panics after main has returned, as a server would: "
                + late[0]["after_panic"].splitlines()[0],
                data=_case_data(asked, found, late[0], late[0]["count"]),
            )
        return _unproven(asked, found) or Verdict(
            "pass",
            f"{never} in any of {_many(found['schedules'], 'schedule')}",
            data=_proved(found),
        )

    return judge


def _ended(found: Observation) -> list[Observation]:
    """Return the cases whose output means something."""
    return [case for case in found["cases"] if case["outcome"] in ("ok", "leak", "exit")]


def _output_one_of(asked: Asked, seen: Sequence[Observation]) -> Verdict:
    found = _over(seen[0])
    allowed = [_as_lines(text) for text in asked.ask("outputs")]
    any_order = asked.ask("any_order", False)
    wanted = [sorted(lines) for lines in allowed] if any_order else allowed
    dead = _died_otherwise(asked, found, ("deadlock", "panic", "fatal", "limit"))
    if dead is not None:
        return dead
    for case in found["cases"]:
        lines = _as_lines(case["stdout"])
        if (sorted(lines) if any_order else lines) not in wanted:
            was = " / ".join(lines) if lines else "nothing"
            right = " or ".join(" / ".join(text) for text in allowed[:3])
            times = sum(c["count"] for c in found["cases"] if c["stdout"] == case["stdout"])
            return Verdict(
                "fail",
                f"prints `{was[:300]}` {_of(found, times)}; right is `{right[:300]}`",
                data=_case_data(asked, found, case, times),
            )
    return _unproven(asked, found) or Verdict(
        "pass",
        f"prints what it should in {_many(found['schedules'], 'schedule')}",
        data=_proved(found),
    )


def _as_lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def _prints(asked: Asked, seen: Sequence[Observation]) -> Verdict:
    found = _over(seen[0])
    dead = _died_otherwise(asked, found, ("deadlock", "panic", "fatal", "limit"))
    if dead is not None:
        return dead
    for case in found["cases"]:
        lines = _as_lines(case["stdout"])
        for wanted in asked.ask("lines"):
            if wanted not in lines:
                return Verdict(
                    "fail",
                    f"does not print the line `{wanted}` {_of(found, case['count'])}; it prints "
                    f"`{' / '.join(lines)[:300]}`",
                    data=_case_data(asked, found, case, case["count"]),
                )
    return _unproven(asked, found) or Verdict(
        "pass",
        f"prints what it should in {_many(found['schedules'], 'schedule')}",
        data=_proved(found),
    )


def _most(
    name: str,
    right: Callable[[int, int], bool],
    say: Callable[[int, int], str],
    verb: str = "started",
    unit: Callable[[int], str] = str,
    key: str = "n",
    more: tuple[str, ...] = (),
) -> Kind:
    """Judge the most of something over all schedules by the value that is asked as `key`.

    `verb` and `unit` tell the places where it comes from.
    """

    def judge(asked: Asked, seen: Sequence[Observation]) -> Verdict:
        found = _over(seen[0])
        where = f"check {asked.check.id}"
        given = asked.ask(key)
        limit = time_value(given, where) if key == "time" else number_value(given, where)
        at_least = asked.check.kind == "at_least_goroutines"
        dead = _died_otherwise(asked, found, ("deadlock", "panic", "fatal", "limit"))
        if dead is not None and not at_least:  # how many there were does not depend on the end
            return dead
        extreme = found["extremes"][name]
        value = extreme["most"]
        data = {**_proved(found), name: value, "token": extreme.get("token", "")}
        data["replay"] = replay(asked, data["token"])
        if not right(value, limit):
            where, line = _where(_own(asked, extreme.get("places", ())), verb, unit)
            return Verdict("fail", say(value, limit) + where, line, data)
        silent = _silent(asked, found) if at_least else None
        if silent is not None:
            return silent
        unproven = None if at_least else _unproven(asked, found)
        if unproven is not None:
            return unproven
        return Verdict("pass", say(value, limit), data=data)

    return Kind(_explores, judge, (key,), (key, *more, *_OVER))


def _silent(asked: Asked, found: Observation) -> Verdict | None:
    """Return a failure when goroutines are there and have nothing to say."""
    given = asked.ask("messages")
    if given is None:
        return None
    least, sent = number_value(given, f"check {asked.check.id}"), found["extremes"]["sent"]["least"]
    if sent >= least:
        return None
    return Verdict(
        "fail",
        f"the goroutines are there, and {_many(sent, 'value')} went over channels; "
        f"a program that is still concurrent sends {least} at least",
        data={**_proved(found), "sent": sent, "replay": replay(asked)},
    )


# -- one run ---------------------------------------------------------------------------------------


def _bad_run(asked: Asked, found: Observation) -> Verdict | None:
    if found["outcome"] in ("ok", "leak", "exit"):
        return None
    return Verdict(
        "fail",
        f"{_VERBS[found['outcome']]}: {_first(found)}",
        _panic_line(asked, found),
        {"outcome": found["outcome"], "replay": replay(asked, found["token"])},
    )


def _memory(
    read: Callable[[Observation], int],
    what: str,
    places: str = "",
    verb: str = "taken",
    counted: bool = True,
) -> Kind:
    """Judge bytes of one run, in which all memory is `counted` or only what the program uses."""

    def orders(asked: Asked) -> list[dict[str, Any]]:
        return [asked.order("run", memory=counted)]

    def judge(asked: Asked, seen: Sequence[Observation]) -> Verdict:
        found = seen[0]
        bad = _bad_run(asked, found)
        if bad is not None:
            return bad
        most = size_value(asked.ask("bytes"), f"check {asked.check.id}")
        value = read(found)
        said = f"{bytes_text(value)} {what}; at most {bytes_text(most)} are right"
        data = {"bytes": value, "most": most}
        if value <= most:
            return Verdict("pass", said, data=data)
        where, line = _where(found["places"].get(places, ()), verb, bytes_text)
        pinned = next((leak for leak in found["leaks"] if leak["kind"] == "memory"), None)
        if pinned is not None:
            line = line or _line(pinned["at"])
            where += f". {pinned['explanation']}".rstrip(".")
        picture = "memory.svg" if counted else ""
        return Verdict(
            "fail", said + where, line, {**data, "replay": replay(asked, picture=picture)}
        )

    return Kind(orders, judge, ("bytes",), ("bytes",))


# -- the text --------------------------------------------------------------------------------------


def _none(asked: Asked) -> list[dict[str, Any]]:
    return []


def _loads(asked: Asked, seen: Sequence[Observation]) -> Verdict:
    return Verdict("pass", "it can be loaded", data={"notices": list(seen[0].get("notices", ()))})


def _regions(asked: Asked, seen: Sequence[Observation]) -> Verdict:
    change = changed(asked.assignment.starter(asked.source), asked.text, asked.source == "go")
    if change is None:
        return Verdict("pass", "everything outside of the EDIT regions is as it was")
    if change.line and change.now:
        what = f"line {change.line} is `{change.now.strip()}`"
        what += f", and was `{change.was.strip()}`" if change.was else ", and was not there"
    else:
        what = f"`{change.was.strip()}` is missing"
    return Verdict("fail", f"outside of the EDIT regions, {what}", change.line)


_COMMENTS: Final = {
    "python": re.compile(r"#[^\n]*|\"\"\".*?\"\"\"", re.DOTALL),
    "go": re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL),
}


def _code(asked: Asked) -> str:
    return _COMMENTS[asked.source].sub("", asked.text)


def _uses(asked: Asked, seen: Sequence[Observation]) -> Verdict:
    words = asked.ask(asked.source) or asked.ask("words", [])
    code = _code(asked)
    if any(word in code for word in words):
        return Verdict("pass", f"uses {' or '.join(words)}")
    return Verdict("fail", f"does not use {' or '.join(words)}")


def _does_not_use(asked: Asked, seen: Sequence[Observation]) -> Verdict:
    words = asked.ask(asked.source) or asked.ask("words", [])
    code = _code(asked)
    for word in words:
        if word in code:
            line = next((n for n, t in enumerate(asked.text.splitlines(), 1) if word in t), 0)
            return Verdict("fail", f"uses {word}, which this assignment does without", line)
    return Verdict("pass", f"does without {', '.join(words)}")


# -- answers ---------------------------------------------------------------------------------------


def _given_answer(asked: Asked) -> Any:
    return asked.answers.get(asked.ask("key", asked.check.id))


def _answer_orders(asked: Asked) -> list[dict[str, Any]]:
    truth = asked.ask("truth", "")
    if not truth:
        return []
    if str(truth).startswith("run."):
        return [asked.order("run", memory=True, of="starter")]
    return [{**asked.exploration(), "of": "starter"}]


def _truth(asked: Asked, seen: Sequence[Observation]) -> Any:
    """Return the right answer: the one that the bundle or the check has, or a figure of the run."""
    path = str(asked.ask("truth", ""))
    if path:
        found: Any = seen[0]
        for part in path.split(".")[1:]:
            found = found[part]
        return found
    expected = asked.ask("expect")
    if expected is None and asked.assignment.bundle is not None:
        expected = asked.assignment.bundle.answers.get(asked.ask("key", asked.check.id))
        if isinstance(expected, str):
            expected = fill(expected, {**asked.assignment.params, **asked.check.params})
    return expected


def _answer(asked: Asked, seen: Sequence[Observation]) -> Verdict:
    key = asked.ask("key", asked.check.id)
    given, right = _given_answer(asked), _truth(asked, seen)
    truth = str(asked.ask("truth", ""))
    shows = _given(asked, truth.partition(".")[0]) if truth else ""
    if given is None:
        message = f"there is no answer: write a line `{key} = …`"
        return Verdict("fail", message, data={"replay": shows})
    choices = asked.ask("choices")
    if choices is not None and given not in choices:
        message = f"{key} is one of {', '.join(choices)}, not {given!r}"
        return Verdict("fail", message, data={"replay": shows})
    if right is None:
        return Verdict("pass", f"{key} is answered; whether it is right, the course says")
    accepted = right if isinstance(right, list) else [right]
    if any(_same(given, one) for one in accepted):
        return Verdict("pass", f"{key} = {given} is right")
    line = _line_of_answer(asked, key)
    data = {"given": str(given), "replay": shows}
    return Verdict("fail", f"{key} = {given} is not right", line, data)


def _line_of_answer(asked: Asked, key: str) -> int:
    lines = asked.text.splitlines()
    return next((n for n, line in enumerate(lines, 1) if line.split("=")[0].strip() == key), 0)


def _same(given: Any, right: Any) -> bool:
    if type(given) is bool or type(right) is bool:
        return given is right
    return str(given).strip().casefold() == str(right).strip().casefold()


def _token_orders(asked: Asked) -> list[dict[str, Any]]:
    from gosim.explore.replay import install
    from gosim.runtime.token import decode

    given = _given_answer(asked)
    if not isinstance(given, str):
        return []
    try:
        install()
        decode(given.strip())
    except GosimError:
        return []  # the judge says that it is no token
    return [asked.order("replay", token=given.strip(), of="starter")]


def _token(asked: Asked, seen: Sequence[Observation]) -> Verdict:
    key = asked.ask("key", asked.check.id)
    if not seen:
        return Verdict(
            "fail",
            f"{key}: there is no replay token, as `gosim explore` prints them",
            _line_of_answer(asked, key),
            {"replay": _given(asked, "explore")},
        )
    found, wanted = seen[0], asked.ask("outcome")
    if found["outcome"] == wanted:
        return Verdict(
            "pass", f"{key}: the schedule {_VERBS[wanted]}", data={"token": found["token"]}
        )
    return Verdict(
        "fail",
        f"{key}: this schedule {_VERBS[found['outcome']]}; asked for is one that {_VERBS[wanted]}",
        _line_of_answer(asked, key),
        {"replay": _given(asked, token=_given_answer(asked).strip())},
    )


_OVER: Final = ("schedules", "over")
KINDS: Final[Mapping[str, Kind]] = {
    "loads": Kind(lambda asked: [asked.order("load")], _loads),
    "regions": Kind(_none, _regions),
    "never_leaks": Kind(_explores, _never_leaks, asks=("soon", *_OVER)),
    "never_panics": Kind(_explores, _never(("panic", "fatal"), "no panic"), asks=_OVER),
    "never_deadlocks": Kind(_explores, _never(("deadlock",), "no deadlock"), asks=_OVER),
    "always_ends": Kind(_explores, _never(("limit",), "no endless loop"), asks=_OVER),
    "output_one_of": Kind(
        _explores, _output_one_of, ("outputs",), ("outputs", "any_order", *_OVER)
    ),
    "prints": Kind(_explores, _prints, ("lines",), ("lines", *_OVER)),
    "at_most_goroutines": _most(
        "peak", lambda v, n: v <= n,
        lambda v, n: f"{_many(v, 'goroutine')} beside main at once; at most {n} are right",
        unit=lambda n: f"{n} of them",
    ),
    "at_least_goroutines": _most(
        "peak", lambda v, n: v >= n,
        lambda v, n: f"{_many(v, 'goroutine')} beside main at once; "
        f"a program that is still concurrent has at least {n}",
        unit=lambda n: f"{n} of them",
        more=("messages",),
    ),
    "at_most_started": _most(
        "made", lambda v, n: v <= n,
        lambda v, n: f"{_many(v, 'goroutine')} started; at most {n} are right",
        unit=lambda n: f"{n} of them",
    ),
    "at_most_buffered": _most(
        "buffered", lambda v, n: v <= n,
        lambda v, n: f"{_many(v, 'value')} in the buffer of one channel; at most {n} are right",
        "the channel is made", lambda n: _many(n, "value"),
    ),
    "within_virtual_time": _most(
        "virtual_ns", lambda v, n: v <= n,
        lambda v, n: f"takes {time_text(v)} of virtual time; {time_text(n)} are enough",
        "main waits", time_text, "time",
    ),
    "at_most_retained": _memory(
        lambda found: int(found["memory"]["heap_live"]), "of the heap are kept at the end",
        "live",
    ),
    "at_most_allocated": _memory(
        lambda found: int(found["stats"].get("total_alloc", 0)), "are allocated in all",
        "allocated",
    ),
    "at_most_heap": _memory(
        lambda found: int(found["peak_heap"]), "of the heap are in use at the peak",
        "allocated",
    ),
    "at_most_stack": _memory(
        lambda found: int(found["peak_stack"]), "of stacks are in use at the peak"
    ),
    "at_most_forgotten": _memory(
        lambda found: sum(leak["bytes"] for leak in found["leaks"] if leak["kind"] == "memory"),
        "are kept, though nobody can use them any more, when main returns",
        counted=False,
    ),
    "uses": Kind(_none, _uses, (), ("words", "python", "go")),
    "does_not_use": Kind(_none, _does_not_use, (), ("words", "python", "go")),
    "answer": Kind(
        _answer_orders, _answer, (), ("key", "truth", "expect", "choices", "schedules")
    ),
    "token": Kind(_token_orders, _token, ("outcome",), ("key", "outcome")),
}  # fmt: skip


def order_key(order: Mapping[str, Any]) -> str:
    """Return what two orders have in common that ask for the same."""
    return json.dumps({k: v for k, v in order.items() if k != "id"}, sort_keys=True)
