"""What the notebooks of the course are made of beside programs: predictions, tellings, exercises.

>>> leftover = predict("How many goroutines are left over?", 1)
>>> print(leftover.compare(2, "the channel is read once").to_text())
How many goroutines are left over?
you said 1; it is 2: the channel is read once
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from html import escape
from typing import Any

from gosim.leaks.run import Run
from gosim.scenario import find
from gosim.views.palette import value
from gosim.views.shown import asked, pre

__all__ = ["Prediction", "Told", "expect", "predict", "predictions", "real_go", "telling"]


class Told:
    """A few words that show themselves: a sign, a line, and more that is folded away."""

    def __init__(self, line: str, more: str = "", sign: str = "", color: str = "green") -> None:
        self.line = line
        self.more = more
        self.sign = sign
        self.color = color

    def to_text(self) -> str:
        """Return the words for a terminal."""
        return "\n".join(part for part in (self.line, self.more) if part)

    def to_html(self) -> str:
        """Return the words for a notebook, in what untrusted ones show, too."""
        line = escape(self.line).replace("\n", "<br>")
        text = (
            f'<p style="border-left:6px solid {value(self.color)};padding:4px 10px;margin:6px 0">'
            f"<b>{self.sign}</b> {line}</p>"
        )
        if self.more:
            text += pre(self.more)
        return text

    def _repr_mimebundle_(
        self,
        include: Collection[str] | None = None,
        exclude: Collection[str] | None = None,
    ) -> dict[str, str]:
        return asked({"text/plain": self.to_text, "text/html": self.to_html}, include, exclude)

    def __repr__(self) -> str:
        return self.to_text()


class Folded(Told):
    """Words behind a line that opens them."""

    def __init__(self, line: str, more: str, is_open: bool = False) -> None:
        super().__init__(line, more)
        self.is_open = is_open

    def to_html(self) -> str:
        """Return the line, and the rest folded behind it."""
        word = "details open" if self.is_open else "details"
        return f"<{word}><summary>{escape(self.line)}</summary>{pre(self.more)}</details>"


@dataclass
class Prediction:
    """What the reader thinks will happen, said before it does.

    Attributes
    ----------
    question : str
    guess : object
        None while the reader has not made up their mind.
    actual : object
        What happened; None before it has.
    """

    question: str
    guess: Any = None
    actual: Any = None

    def compare(self, actual: Any, why: str = "") -> Told:
        """Hold the guess against what happened.

        Parameters
        ----------
        actual : object
            What happened.
        why : str
            The reason, in a few words.
        """
        self.actual = actual
        reason = f": {why}" if why else ""
        if self.guess is None:
            return Told(f"{self.question}\nit is {actual}{reason}", sign="?", color="blue")
        if self.guess == actual:
            line = f"{self.question}\nyou said {self.guess}, and so it is{reason}"
            return Told(line, sign="✓", color="green")
        line = f"{self.question}\nyou said {self.guess}; it is {actual}{reason}"
        return Told(line, sign="✗", color="permanent")

    def to_text(self) -> str:
        """Return the question and the guess."""
        if self.guess is None:
            return f"{self.question}\nno guess yet: put one in, then run the cell again"
        return f"{self.question}\nyou say: {self.guess}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        line, _, rest = self.to_text().partition("\n")
        return Told(f"{line}\n{rest}", sign="?", color="blue")._repr_mimebundle_(include, exclude)


_LANGUAGES = {"python": "Python", "go": "Go"}


@dataclass
class _Session:
    """The predictions of a notebook, by their questions."""

    made: dict[str, Prediction] = field(default_factory=dict)


_session = _Session()


def predict(question: str, guess: Any = None) -> Prediction:
    """Write down what the reader thinks will happen.

    Parameters
    ----------
    question : str
        Asked again, it takes the place of the guess before.
    guess : object, optional
        Left out, the reader has yet to say.
    """
    prediction = _session.made[question] = Prediction(question, guess)
    return prediction


def predictions() -> Told:
    """Return all predictions of this notebook beside what happened."""
    made = [p for p in _session.made.values() if p.actual is not None]
    guessed = [p for p in made if p.guess is not None]
    right = sum(p.guess == p.actual for p in guessed)
    lines = []
    for p in made:
        sign = "–" if p.guess is None else "✓" if p.guess == p.actual else "✗"
        said = "not guessed" if p.guess is None else f"you said {p.guess}"
        lines += [f"{sign} {p.question}", f"    {said}; it is {p.actual}"]
    if not guessed:
        line = f"{len(made)} questions, none guessed: a guess that was wrong is what one remembers"
    else:
        line = f"{right} of {len(guessed)} predictions were right"
        if len(guessed) < len(made):
            line += f"; {len(made) - len(guessed)} not guessed"
    return Told(line, "\n".join(lines), color="blue")


def telling(name: str, variant: str = "", source: str = "python") -> Told:
    """Return a lesson in one language: in Go open, in Python folded away.

    Parameters
    ----------
    name : str
        A scenario.
    variant : str
        Left out, the first one.
    source : {"python", "go"}
    """
    scenario = find(name)
    chosen = scenario.variant(variant) if variant else scenario.first
    if source not in chosen.sources:
        return Told(f"{scenario.name}, {chosen.name} is not told in {_LANGUAGES[source]}")
    line = f"the same in {_LANGUAGES[source]} ({scenario.name}, {chosen.name})"
    if source == "go":
        line = f"the program ({scenario.name}, {chosen.name})"
    return Folded(line, chosen.file(source).read_text("utf-8").rstrip(), is_open=source == "go")


def real_go(name: str, variant: str = "", go: str = "1.27") -> Told:
    """Return what real Go did with a variant of a scenario when it was recorded.

    Parameters
    ----------
    name, variant : str
        As in `telling`.
    go : str
        Its version.
    """
    from gosim.oracle.recorded import look_up

    scenario = find(name)
    chosen = scenario.variant(variant) if variant else scenario.first
    result = look_up(chosen.folder, chosen.name, go)
    if result is None:
        return Told(f"real Go {go} was not recorded for {scenario.name}, {chosen.name}")
    lines = [result.stdout.rstrip()] if result.stdout else []
    if result.stderr:
        lines.append(result.stderr.partition("\n")[0])
    waits = Counter(g.wait_reason for g in result.goroutines)
    groups = [f"{count} × [{reason}]" for reason, count in sorted(waits.items())]
    lines.append("goroutines left: " + (", ".join(groups) or "none"))
    line = f"real Go {result.full_version.removeprefix('go')} (recorded on linux/amd64)"
    if result.exit_code is not None:
        line += f", exit code {result.exit_code}"
    return Told(line, "\n".join(lines), color="blue")


def expect(run: Run | None, told: str, holds: Callable[[Run], bool], hint: str = "") -> Told:
    """Check the run of an exercise.

    Parameters
    ----------
    run : Run or None
        What the reader's cell gave; None when it could not run.
    told : str
        What has to hold, in words.
    holds : callable
        Whether it does.
    hint : str
        Shown when it does not.
    """
    if run is None:
        return Told("the program did not run: see above", sign="✗", color="permanent")
    if holds(run):
        return Told(f"right: {told}", sign="✓", color="green")
    line = f"not yet: {told}"
    return Told(f"{line}\n{hint}" if hint else line, sign="✗", color="permanent")
