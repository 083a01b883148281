"""A game in a notebook: the page where the world is small, text and methods everywhere."""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Final

from gosim.explore.atlas import MOST as MOST_ON_PAGE
from gosim.explore.game import Game
from gosim.runtime.errors import UsageError
from gosim.views import play as text
from gosim.views import play_page
from gosim.views.shown import asked, pre
from gosim.views.text import plural

if TYPE_CHECKING:
    from gosim.explore.atlas import Atlas
    from gosim.explore.game import Claim
    from gosim.explore.position import Position
    from gosim.explore.whatif import Comparison

__all__ = ["Play"]

MOST: Final = 600
"""So many positions a notebook gets as a page, which is made when the game is shown."""


_FOLD: Final = "<details><summary>as text</summary>"


SECONDS: Final = 8.0
"""So long a cell that shows a game looks for them."""


class Play:
    """A program that you schedule: shows itself, and each method returns the game again.

    Parameters
    ----------
    game : Game
    sheet : Sheet
        Title, goal and hints.

    Examples
    --------
    >>> import gosim as gs
    >>> async def ask(i, answers):
    ...     await answers.send(i)
    >>> async def main():
    ...     answers = gs.chan(int)
    ...     gs.go(ask, 1, answers)
    ...     gs.go(ask, 2, answers)
    ...     await answers.recv()
    >>> game = gs.play(main, goal="leak")
    >>> [choice.effect for choice in game.choices]  # doctest: +NORMALIZE_WHITESPACE
    ['main/2 sends 2 on answers to main; main/2 returns',
     'main/1 sends 1 on answers to main; main/1 returns']
    >>> game.choose(1).won
    True
    >>> gs.run(main, replay=game.token).outcome
    'leak'
    """

    def __init__(self, game: Game, sheet: play_page.Sheet) -> None:
        self.game = game
        self.sheet = sheet
        self._atlas: Atlas | None = None
        self._too_large = ""

    # ---- where it stands ----

    @property
    def position(self) -> Position:
        """Where it has come to."""
        return self.game.looked_ahead()

    @property
    def choices(self) -> tuple[Any, ...]:
        """What can come next, and what each would do (`gosim.explore.position.Choice`)."""
        return self.position.choices

    @property
    def token(self) -> str:
        """The replay token of the way so far: ``gosim.run(main, replay=token)``."""
        return self.game.token

    @property
    def won(self) -> bool:
        """It is over, and came out as the goal says."""
        return self.game.won

    @property
    def outcome(self) -> str | None:
        """How it came out; None as long as it goes on."""
        ending = self.game.position.ending
        return None if ending is None else ending.outcome

    # ---- what can be done ----

    def choose(self, *numbers: int) -> Play:
        """Take choices, counted from 1 as they are shown."""
        for number in numbers:
            self.game.choose(number - 1)
        return self

    def undo(self, times: int = 1) -> Play:
        """Take the last decisions back."""
        for _ in range(times):
            self.game.undo()
        return self

    def back_to(self, step: int) -> Play:
        """Go back to where so many steps had been taken."""
        self.game.back_to(step)
        return self

    def restart(self) -> Play:
        """Begin once more."""
        self.game.restart()
        return self

    def run_on(self) -> Play:
        """Let the default schedule do the rest."""
        self.game.run_on()
        return self

    def cannot(self, wall: float | None = 60.0) -> Claim:
        """Say that nobody can reach the goal: all schedules are explored."""
        return self.game.claim(wall=wall)

    def compare(self, token: str) -> Comparison:
        """Compare with another way, each to its end."""
        from gosim.explore.game import steps_of
        from gosim.explore.whatif import compare

        game = self.game
        before = game.take(steps_of(game.trial, token), lambda position: None).positions[-1]
        return compare(before, game.finished().positions[-1])

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write all positions as one page, to be played without gosim.

        Raises
        ------
        UsageError
            When there are too many of them, or the name does not end in ``.html``.
        """
        if not os.fspath(path).lower().endswith((".html", ".htm")):
            raise UsageError(f"{os.fspath(path)}: the name must end in .html")
        play_page.save(path, self.game.trial, self.sheet)

    # ---- how it shows itself ----

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, str]:
        makers = {"text/plain": self.__repr__, "text/html": self._html}
        return asked(makers, include, exclude)

    def __repr__(self) -> str:
        game = self.game
        position = self.position
        goal = text.GOALS.get(game.goal, "No goal.")
        parts = [f"{self.sheet.title}. {goal}"]
        if self.sheet.text:
            parts.append(self.sheet.text)
        if game.moves:
            parts.append(text.told(game.told(), game.since))
        if position.goroutines:
            parts.append(text.board(position, texts=game.texts))
        if position.over:
            won = "You have reached the goal.\n" if game.won else ""
            parts.append(f"{text.ending(position)}\n{won}token  {game.token}")
        else:
            parts.append(f"What comes next? game.choose(1) takes the first:\n{self._numbered()}")
        return "\n\n".join(parts)

    def _numbered(self) -> str:
        return text.choices(self.position)

    def _html(self) -> str:
        if self.game.moves or self.game.taken != self._first():
            return pre(repr(self))
        found = self._surveyed()
        if found is None:
            return pre(f"{self!r}\n\n{self._too_large}")
        # Notebooks that are not trusted drop the frame, and show what is behind it.
        return f"{play_page.frame(found, self.sheet)}{_FOLD}{pre(repr(self))}</details>"

    def _first(self) -> tuple[str, ...]:
        fresh = Game(self.game.trial, self.game.goal, auto=self.game.auto)
        return fresh.taken

    def _surveyed(self) -> Atlas | None:
        if self._atlas is None and not self._too_large:
            from gosim.explore.atlas import TooLarge, atlas

            try:
                self._atlas = atlas(self.game.trial, MOST, SECONDS)
            except TooLarge as error:
                self._too_large = (
                    f"There are {error}, too many for a page here: go on with game.choose(n), "
                    f"game.undo(), game.run_on(); game.save('game.html') takes up to "
                    f"{plural(MOST_ON_PAGE, 'position')}."
                )
        return self._atlas
