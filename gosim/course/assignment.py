"""Assignments: what a student gets, and the bundle that only the teacher has.

An assignment is a folder::

    assignment.toml     title, rows of the article, kind, parameters, budget, checks with points
    text.md             what is asked
    starter.py          the program to work on, and the same in Go
    starter.go

Those that ship with gosim lie in ``assignments``; ``--assignment`` also takes the path of another.
The bundle is a folder of the same name under ``instructor/`` beside gosim, under what
``GOSIM_INSTRUCTOR`` or ``--instructor`` names::

    hidden.toml         more checks
    reference.py, .go   solutions; ``reference-NAME.py`` are others
    wrong.toml          for each wrong repair the check that fails and words of its message
    wrong/NAME.py, .go

A parameter is a module variable of the Python program and a constant or variable of the Go program,
written at the beginning of a line: ``servers = 3``, ``const servers = 3``.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from gosim.course.values import Value, fill, fill_prose, rename
from gosim.runtime.errors import LoadError, UsageError

KINDS: Final = ("repair", "predict", "token", "classify", "refute")
SUFFIXES: Final = {"python": ".py", "go": ".go"}
_WRITTEN: Final = {**SUFFIXES, "answers": ".toml"}
VISIBLE: Final = "visible"
_SEEN: Final = (VISIBLE, "hidden", "after_due_date", "after_published")
_KNOWN: Final = frozenset(
    ["id", "title", "kind", "points", "unproven", "hint", "depends_on", "visibility", "params"]
)


@dataclass(frozen=True)
class Check:
    """A question that a submission is asked.

    Attributes
    ----------
    id, title : str
    kind : str
        One of `gosim.course.checks.KINDS`.
    points : int
        For a yes.
    unproven : int
        For a search that found nothing wrong and ended before it had seen every schedule.
    hint : str
        For who fails it; must not give the answer away.
    depends_on : tuple of str
        Checks that have to pass first; else this one is skipped.
    visibility : str
        ``visible``, ``hidden``, ``after_due_date`` or ``after_published``.
    params : dict
        Parameters of the program that differ from those of the assignment.
    asks : dict
        What the kind wants to know: a list of outputs, a number of bytes.
    """

    id: str
    title: str
    kind: str
    points: int = 0
    unproven: int = 0
    hint: str = ""
    depends_on: tuple[str, ...] = ()
    visibility: str = VISIBLE
    params: Mapping[str, Value] = field(default_factory=dict)
    asks: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Budget:
    """How far a search goes.  It counts work, not time: a laptop's grade is that of a server.

    Attributes
    ----------
    schedules : int
    steps : int
        Of one schedule.
    strategy : str
    timers : str
        ``late``: timers fire when nothing else can happen; ``any``: at any moment.
    early_ticks : int
        How often a timer may fire although something else could happen.
    """

    schedules: int = 20_000
    steps: int = 20_000
    strategy: str = "portfolio"
    timers: str = "late"
    early_ticks: int = 8


@dataclass(frozen=True)
class Wrong:
    """A common wrong repair.

    Attributes
    ----------
    name : str
    fails : str
        The check that has to fail.
    says : str
        Words that its message has to have.
    why : str
        What is wrong with it, for the teacher.
    sources : tuple of str
        Languages it is written in.
    """

    name: str
    fails: str
    says: str
    why: str
    sources: tuple[str, ...]
    folder: Path

    def file(self, source: str) -> Path:
        """Return its file in one language."""
        return self.folder / "wrong" / f"{self.name}{_WRITTEN[source]}"


@dataclass(frozen=True)
class Bundle:
    """What only the teacher has.

    Attributes
    ----------
    checks : tuple of Check
        The hidden ones.
    references : dict
        Language to files that solve the assignment.
    wrong : tuple of Wrong
    answers : dict
        For kinds whose answer is not computed.
    """

    folder: Path
    checks: tuple[Check, ...]
    references: Mapping[str, tuple[Path, ...]]
    wrong: tuple[Wrong, ...]
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class Assignment:
    """An assignment as one student gets it.

    Attributes
    ----------
    name, title, summary : str
    kind : str
        ``repair``, ``predict``, ``token``, ``classify`` or ``refute``.
    rows : tuple of str
        Of the article.
    text : str
        Markdown.
    params : dict
        Values that the program has.
    names : dict
        Words of the master copy and those that this student has instead of them.
    starters : dict
        Language to program text.
    checks : tuple of Check
        Hidden ones included when the bundle is there.
    variant : str
        Empty for the master copy.
    varies : dict
        Parameters and the values they may have.
    renames : dict
        Words and what they may be.
    """

    name: str
    folder: Path
    title: str
    summary: str
    kind: str
    rows: tuple[str, ...]
    text: str
    params: Mapping[str, Value]
    budget: Budget
    starters: Mapping[str, str]
    checks: tuple[Check, ...]
    submission: str = ""
    bundle: Bundle | None = None
    variant: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    varies: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    renames: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    go: str = "1.27"

    @property
    def max_score(self) -> int:
        """Points that can be had."""
        return sum(check.points for check in self.checks)

    @property
    def sources(self) -> tuple[str, ...]:
        """Languages it can be solved in."""
        return tuple(self.starters)

    def starter(self, source: str) -> str:
        """Return the program that is given out.

        Raises
        ------
        UsageError
            When there is none in this language.
        """
        if source not in self.starters:
            raise UsageError(
                f"{self.name} is given out in {' and '.join(self.starters) or 'no language'} only"
            )
        return self.starters[source]

    def instance(
        self, params: Mapping[str, Value], names: Mapping[str, str], variant: str
    ) -> Assignment:
        """Return the assignment with other numbers and other names."""
        values = {**self.params, **params}
        starters = {
            source: set_params(rename(text, names), params, self.name)
            for source, text in self.starters.items()
        }
        return replace(
            self,
            params=values,
            names=dict(names),
            variant=variant,
            starters=starters,
            checks=tuple(_renamed(check, names) for check in self.checks),
            text=rename(self.text, names),
        )

    def told(self) -> str:
        """Return the text that this student gets."""
        return fill_prose(self.text, self.params)

    def ask(self, check: Check, key: str, default: Any = None) -> Any:
        """Return what a check asks, with the values of this student in it."""
        values = {**self.params, **check.params}
        return _filled(check.asks.get(key, default), values)


def _filled(thing: Any, values: Mapping[str, Value]) -> Any:
    if isinstance(thing, str):
        return fill(thing, values)
    if isinstance(thing, list):
        return [_filled(part, values) for part in thing]
    return thing


def _renamed(check: Check, names: Mapping[str, str]) -> Check:
    def change(thing: Any) -> Any:
        if isinstance(thing, str):
            return rename(thing, names)
        return [change(part) for part in thing] if isinstance(thing, list) else thing

    return replace(
        check,
        title=change(check.title),
        hint=change(check.hint),
        asks={key: change(value) for key, value in check.asks.items()},
    )


# -- parameters in a program's text ----------------------------------------------------------------


def _parameter(name: str) -> re.Pattern[str]:
    return re.compile(
        rf"^(?P<head>[ \t]*(?:const |var )?{re.escape(name)}(?: int)?\s*=\s*)"
        r"(?P<value>-?\d[\d_]*|\"[^\"\n]*\"|'[^'\n]*')",
        re.MULTILINE,
    )


def set_params(text: str, params: Mapping[str, Value], where: str) -> str:
    """Return a program with other values of its parameters.

    Raises
    ------
    LoadError
        When the program does not name one of them exactly once.
    """
    for name, value in params.items():
        written = str(value) if isinstance(value, int) else f'"{value}"'
        found = list(_parameter(name).finditer(text))
        times = len(found)
        for place in reversed(found):
            text = text[: place.start("value")] + written + text[place.end("value") :]
        if times != 1:
            raise LoadError(
                f"{where}: the parameter {name} has to be set in one line, as in `{name} = "
                f"{written}` or `const {name} = {written}`; it is in {times}"
            )
    return text


# -- reading ---------------------------------------------------------------------------------------


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LoadError(f"cannot read this: {error.strerror}", str(path)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LoadError(f"this is no TOML: {error}", str(path)) from None


def _checks(data: Any, path: Path, visibility: str) -> tuple[Check, ...]:
    from gosim.course.checks import KINDS as QUESTIONS

    found: list[Check] = []
    for given in data:
        try:
            name, kind = str(given["id"]), str(given["kind"])
            if kind not in QUESTIONS:
                raise LoadError(
                    f"check {name}: there is no kind {kind!r}{nearest(kind, list(QUESTIONS))}; "
                    f"gosim knows {', '.join(QUESTIONS)}",
                    str(path),
                )
            after = given.get("depends_on", ())
            check = Check(
                id=name,
                title=str(given["title"]),
                kind=kind,
                points=_points(given.get("points", 0), name, path),
                unproven=_points(given.get("unproven", 0), name, path),
                hint=str(given.get("hint", "")),
                depends_on=(after,) if isinstance(after, str) else tuple(after),
                visibility=str(given.get("visibility", visibility)),
                params=given.get("params", {}),
                asks={key: value for key, value in given.items() if key not in _KNOWN},
            )
        except KeyError as error:
            raise LoadError(f"a check lacks the field {error}", str(path)) from None
        except (TypeError, AttributeError):
            raise LoadError("a field of a check has the wrong type", str(path)) from None
        if check.visibility not in _SEEN:
            raise LoadError(
                f"check {name}: visibility is {', '.join(_SEEN)}, not {check.visibility!r}",
                str(path),
            )
        unknown = [key for key in check.asks if key not in QUESTIONS[kind].asks]
        if unknown:
            raise LoadError(
                f"check {name} of kind {kind} knows no field {unknown[0]!r}; it knows "
                f"{', '.join((*sorted(_KNOWN), *QUESTIONS[kind].asks))}",
                str(path),
            )
        lacks = [key for key in QUESTIONS[kind].needs if key not in check.asks]
        if lacks:
            raise LoadError(f"check {name} of kind {kind} needs the field {lacks[0]!r}", str(path))
        found.append(check)
    return tuple(found)


def _points(value: Any, name: str, path: Path) -> int:
    if type(value) is not int or value < 0:
        raise LoadError(f"check {name}: points are whole numbers from 0, not {value!r}", str(path))
    return value


_LOADS: Final = Check("loads", "the program can be loaded and started", "loads")
_REGIONS: Final = Check(
    "regions",
    "only the marked regions were changed",
    "regions",
    hint="put back what stood there: compare with the program you were given",
)


def load(
    folder: Path, instructor: Path | None = None, hidden: Mapping[str, Any] | None = None
) -> Assignment:
    """Return the assignment in a folder.

    Parameters
    ----------
    folder : Path
    instructor : Path, optional
        Folder with the bundles; left out, where they usually are.
    hidden : mapping, optional
        What stands in ``hidden.toml``, in place of a bundle.

    Raises
    ------
    LoadError
        When something in it cannot be used, with the file.
    """
    path = folder / "assignment.toml"
    data = _toml(path)
    try:
        kind = str(data.get("kind", "repair"))
        if kind not in KINDS:
            raise LoadError(f"kind is one of {', '.join(KINDS)}, not {kind!r}", str(path))
        starters = {
            source: (folder / f"starter{suffix}").read_text(encoding="utf-8")
            for source, suffix in SUFFIXES.items()
            if (folder / f"starter{suffix}").exists()
        }
        budget = _budget(data.get("budget", {}), path)
        vary = data.get("vary", {})
        text = folder / "text.md"
        made = Assignment(
            name=folder.name,
            folder=folder,
            title=str(data["title"]),
            summary=str(data.get("summary", "")),
            kind=kind,
            rows=tuple(data.get("rows", ())),
            text=text.read_text(encoding="utf-8") if text.exists() else "",
            params=data.get("params", {}),
            budget=budget,
            starters=starters,
            checks=_checks(data.get("check", ()), path, VISIBLE),
            submission=str(data.get("submission", "")),
            varies={key: tuple(values) for key, values in vary.get("params", {}).items()},
            renames={key: tuple(values) for key, values in vary.get("names", {}).items()},
            go=str(data.get("go", "1.27")),
        )
    except KeyError as error:
        raise LoadError(f"the assignment lacks the field {error}", str(path)) from None
    except (TypeError, AttributeError):
        raise LoadError("a field of the assignment has the wrong type", str(path)) from None
    if hidden is None:
        bundle = _bundle(made, instructor)
    else:
        secret = _checks(hidden.get("check", ()), path, "hidden")
        bundle = Bundle(folder, secret, {}, (), hidden.get("answers", {}))
    checks = made.checks if bundle is None else (*made.checks, *bundle.checks)
    if made.kind == "repair":
        first = (_LOADS, _REGIONS) if any(_has_regions(s) for s in starters.values()) else (_LOADS,)
        basic = tuple(check.id for check in first)
        written = {check.id for check in checks}
        checks = (
            *(check for check in first if check.id not in written),
            *(
                replace(c, depends_on=(*basic, *c.depends_on)) if c.id not in basic else c
                for c in checks
            ),
        )
    _consistent(checks, path)
    return replace(made, checks=checks, bundle=bundle)


def _has_regions(text: str) -> bool:
    from gosim.course.regions import marked

    return marked(text)


def _budget(given: dict[str, Any], path: Path) -> Budget:
    known = Budget.__dataclass_fields__
    for key in given:
        if key not in known:
            raise LoadError(f"the budget knows {', '.join(known)}, not {key!r}", str(path))
    return Budget(**given)


def _consistent(checks: tuple[Check, ...], path: Path) -> None:
    seen: set[str] = set()
    for check in checks:
        if check.id in seen:
            raise LoadError(f"two checks are called {check.id}", str(path))
        for other in check.depends_on:
            if other not in seen and other != check.id:
                raise LoadError(
                    f"check {check.id} depends on {other}, which does not stand before it",
                    str(path),
                )
        seen.add(check.id)


def _bundle(made: Assignment, instructor: Path | None) -> Bundle | None:
    if instructor is None:
        given = os.environ.get("GOSIM_INSTRUCTOR")
        beside = Path(__file__).parents[2] / "instructor"
        instructor = Path(given) if given else beside
    folder = instructor / made.name
    if not folder.is_dir():
        return None
    hidden, wrong = folder / "hidden.toml", folder / "wrong.toml"
    data = _toml(hidden) if hidden.exists() else {}
    repairs: list[Wrong] = []
    for given_wrong in _toml(wrong).get("wrong", ()) if wrong.exists() else ():
        try:
            name = str(given_wrong["name"])
            sources = tuple(
                source
                for source, suffix in _WRITTEN.items()
                if (folder / "wrong" / f"{name}{suffix}").exists()
            )
            repairs.append(
                Wrong(
                    name,
                    str(given_wrong["fails"]),
                    str(given_wrong["says"]),
                    str(given_wrong.get("why", "")),
                    sources,
                    folder,
                )
            )
        except KeyError as error:
            raise LoadError(f"a wrong repair lacks the field {error}", str(wrong)) from None
    references = {
        source: tuple(
            sorted([*folder.glob(f"reference{suffix}"), *folder.glob(f"reference-*{suffix}")])
        )
        for source, suffix in _WRITTEN.items()
    }
    return Bundle(
        folder,
        _checks(data.get("check", ()), hidden, "hidden"),
        references,
        tuple(repairs),
        data.get("answers", {}),
    )


def nearest(word: str, known: Sequence[str]) -> str:
    """Return ``(did you mean …?)`` when there is something like it."""
    close = get_close_matches(word, known, n=1, cutoff=0.5)
    return f" (did you mean {close[0]}?)" if close else ""


# -- finding ---------------------------------------------------------------------------------------


def root() -> Path:
    """Return the folder of the assignments that ship with gosim."""
    packaged = Path(__file__).parent / "assignments"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "assignments"


def names() -> tuple[str, ...]:
    """Return the names of the assignments that ship with gosim."""
    return tuple(sorted(path.parent.name for path in root().glob("*/assignment.toml")))


def find(
    name: str, instructor: Path | None = None, hidden: Mapping[str, Any] | None = None
) -> Assignment:
    """Return the assignment with a name, a unique beginning of it, or in a folder; see `load`.

    Raises
    ------
    UsageError
        When there is none.
    LoadError
        When it cannot be used.
    """
    if os.sep in name or os.path.isfile(os.path.join(name, "assignment.toml")):
        folder = Path(name).resolve()
        if not (folder / "assignment.toml").is_file():
            raise UsageError("there is no assignment.toml in this folder", str(folder))
        return load(folder, instructor, hidden)
    wanted = name.replace("_", "-").lower()
    known = names()
    found = [n for n in known if n == wanted] or [n for n in known if wanted and wanted in n]
    if len(found) == 1:
        return load(root() / found[0], instructor, hidden)
    if found:
        raise UsageError(f"{name!r} could be any of {', '.join(found)}; write more of the name")
    raise UsageError(
        f"there is no assignment {name!r}{nearest(wanted, known)}; gosim has "
        f"{', '.join(known)}, and one of your own is given as a folder: ./my-assignment"
    )
