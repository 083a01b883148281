"""``gosim play``: the person at the terminal is the scheduler."""

from __future__ import annotations

import os
import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from gosim.cli import OK
from gosim.cli.run_ import draws_blocks
from gosim.cli.target import Target, resolve
from gosim.explore.game import Game, steps_of
from gosim.explore.replay import Ticket
from gosim.explore.search import Trial
from gosim.explore.whatif import Comparison, compare
from gosim.levels import STARS, Level, find, levels
from gosim.runtime.errors import UsageError
from gosim.runtime.version import LATEST
from gosim.views.exploration import ascii_only
from gosim.views.play import GOALS as ASKED
from gosim.views.play import board, choices, compared, ending, told
from gosim.views.text import plural, table, terminal_width, wrap

if TYPE_CHECKING:
    import argparse
    from typing import TextIO

    from gosim.views.play_page import Sheet

HELP: Final = """\
  1, 2, 3 …  take that step
  d          take the default one: Go's, with one processor
  u          take the last decision back
  u 12       back to where 12 steps had been taken
  n          begin once more
  r          let the default schedule do the rest
  h          a hint
  x          it cannot be done: explore all schedules
  w          all steps so far, in words
  t          the replay token so far
  q          leave; the token is printed
  ?          this help
"""
_ASK: Final = "step, d default, u undo, ? help > "


def command(options: argparse.Namespace) -> int:
    """Play, or list what can be played."""
    if options.name is None or options.list:
        if options.name is not None:
            raise UsageError("--list shows all levels: leave the name out")
        return show_levels(options.json)
    player = Player.of(options)
    if options.take:
        player.take(options.take)
    if options.html is not None:
        from gosim.views.play_page import save

        moves = sys.stderr.isatty()
        if not moves and not options.json:
            print("looking at every position ...", file=sys.stderr, flush=True)
        try:
            inside = save(
                options.html, player.game.trial, player.sheet(), progress=_tell if moves else None
            )
        finally:
            if moves:
                print(file=sys.stderr)
        print(f"wrote {options.html}", file=sys.stderr)
        if not options.json:
            print(inside)
            return OK
    if options.json:
        print_json(player)
        return OK
    return player.play(sys.stdin, sys.stdout)


def _tell(positions: int) -> None:
    """Say how far the search for positions has come, on one line."""
    print(f"\rlooking at every position ... {positions}", end="", file=sys.stderr, flush=True)


def show_levels(as_json: bool) -> int:
    """Print the list of levels."""
    rows = []
    told = []
    for number, level in enumerate(levels(), 1):
        record = level.record
        known = "?" if record is None else odds(level)
        stars = "*" * level.stars + "." * (STARS - level.stars)
        wants = f"{level.goal} ?" if level.asks else level.goal
        rows.append((str(number), level.name, stars, wants, known, level.title))
        told.append(
            {
                "number": number,
                "name": level.name,
                "title": level.title,
                "goal": level.goal,
                "asks": level.asks,
                "stars": level.stars,
                "schedules": None if record is None else record.schedules,
                "reaching": None if record is None or level.asks else record.reaching,
                "program": level.target or level.program,
                "needs_go": level.kernel,
            }
        )
    if as_json:
        import json

        print(json.dumps({"schema": "gosim.levels/1", "levels": told}, ensure_ascii=False))
        return OK
    head = ("", "level", "hard", "goal", "k of N", "")
    print(table(rows, "", terminal_width(), head))
    print(
        "\nk of N: so many of the schedules that differ reach the goal. A ? behind the goal: "
        "perhaps it cannot be done.",
        file=sys.stderr,
    )
    print("Play with:  gosim play 1, or any program:  gosim play prog.go", file=sys.stderr)
    return OK


def odds(level: Level) -> str:
    """Return how many schedules reach the goal, where that is no secret."""
    record = level.record
    if record is None:
        return ""
    return f"? of {record.schedules}" if level.asks else f"{record.reaching} of {record.schedules}"


def print_json(player: Player) -> None:
    """Print where the game stands."""
    import json

    print(json.dumps(player.to_dict(), ensure_ascii=False))


def trial_of(options: argparse.Namespace, target: Target) -> Trial:
    """Return how a program is run, as the options say."""
    program = target.program(
        target.size(dict(options.params)), options.go, options.go_line, explored=True
    )
    return Trial(
        program,
        variant=target.variant.name if target.variant is not None else "main",
        timers=getattr(options, "timers", "any"),
        options={"go": options.go or LATEST, "seed": options.seed, "args": options.args},
    )


def go_first(options: argparse.Namespace) -> Target:
    """Return what NAME means; of a scenario the Go file, if there is one."""
    try:
        target = resolve(options.name, options.variant, options.fixed, options.source)
    except UsageError as error:
        close = get_close_matches(options.name, [level.name for level in levels()], n=1)
        if options.name.isdigit():
            raise UsageError(
                f"there is no level {options.name}: they go from 1 to {len(levels())}; "
                "`gosim play` shows all"
            ) from None
        if not close:
            raise
        raise UsageError(f"{error.message} (or the level {close[0]}?)", error.file) from None
    if target.scenario is not None and options.source is None:
        assert target.variant is not None
        ticket = Ticket.read(options.start)
        of_python = ticket is not None and not ticket.explored  # as every Go program here is
        if "go" in target.variant.sources and not of_python:
            return resolve(options.name, options.variant, options.fixed, "go")
    return target


def schedule(options: argparse.Namespace, target: Target) -> str:
    """Let the person schedule a run; return the token of the whole of it.

    Raises
    ------
    UsageError
        When the options ask for something that does not go with it.
    """
    if options.replay is not None:
        raise UsageError("--policy human decides itself: gosim play NAME --from TOKEN goes on")
    if options.procs > 1 or options.race:
        raise UsageError("--policy human is for one processor, without --race")
    game = Game(trial_of(options, target))
    name = typed(options, target)
    again = typed(options, target, "go")
    player = Player(game, f"{name}: you are the scheduler", name, again)
    player.play(sys.stdin, sys.stderr if options.json else sys.stdout)
    if not game.position.over:
        print("the rest goes as by default", file=sys.stderr)
    return game.finished().token


def typed(options: argparse.Namespace, target: Target, language: str = "python") -> str:
    """Return the program as it stands behind ``gosim run``, which takes Python if nobody asks."""
    words = [options.name]
    if options.fixed:
        words.append("--fixed")
    elif options.variant:
        words += ["--variant", options.variant]
    if target.scenario is not None and target.source != language:
        words += ["--source", target.source]
    size = target.size(dict(options.params)) if target.scenario is not None else options.params
    words += [f"-p {name}={value}" for name, value in dict(size).items()]
    if options.go:
        words += ["--go", options.go]
    return " ".join(words)


class Player:
    """A game in a terminal.

    Attributes
    ----------
    game : Game
    title, text : str
        What is played, and what the player is told.
    named : str
        The program as it stands behind ``gosim run``.
    again : str
        What stands behind ``gosim play``.
    """

    def __init__(
        self,
        game: Game,
        title: str,
        named: str,
        again: str,
        text: str = "",
        level: Level | None = None,
        recorded: str = "",
    ) -> None:
        self.game = game
        self.title = title
        self.named = named
        self.again = again
        self.text = text
        self.level = level
        self.recorded = recorded
        self.hinted = 0
        self.said = ""
        self.width = terminal_width()
        self.color = self.plain = False
        self.keys: TextIO = sys.stdin
        self.screen: TextIO = sys.stdout

    @classmethod
    def of(cls, options: argparse.Namespace) -> Player:
        """Return what the options ask for."""
        level = find(options.name) if not os.path.exists(options.name) else None
        if level is not None:
            given = options.variant or options.fixed or options.params or options.goal
            if given or options.timers != "any" or options.go or options.seed or options.args:
                itself = f" (the program itself: gosim play {level.target})" if level.target else ""
                raise UsageError(
                    f"{level.name} is a level; its program, size and goal are given{itself}"
                )
            if options.source not in (None, level.source):
                level = level.in_language(options.source)
            trial = level.trial()
            title, named, text = level.title, level.target, level.text
            goal, again = level.goal, level.again
            if level is not find(level.name):
                again += f" --source {level.source}"
        else:
            target = go_first(options)
            trial = trial_of(options, target)
            title = target.scenario.title if target.scenario is not None else options.name
            named, text, goal = typed(options, target), "", options.goal or ""
            again = typed(options, target, "go")
        steps: tuple[str, ...] = ()
        if options.start is not None:
            steps = steps_of(trial, options.start)
            if options.at is not None:
                if options.at > len(steps):
                    raise UsageError(f"--at {options.at}: the token has {len(steps)} steps")
                steps = steps[: options.at]
        elif options.at is not None:
            raise UsageError("--at is a step of --from TOKEN: give both")
        game = Game(trial, goal, auto=not options.every)
        if steps:
            game.open_at(steps)
        recorded = options.start if options.at is not None else ""
        return cls(game, title, named, again, text, level, recorded or "")

    def sheet(self) -> Sheet:
        """Return what stands on a page beside the positions."""
        from gosim.views.play_page import Sheet

        level = self.level
        return Sheet(
            self.title,
            self.text,
            self.game.goal,
            self.named,
            self.again,
            level is not None and level.asks,
            level.hints if level is not None else (),
            self.game.texts,
            self.game.position if self.game.taken else None,
        )

    def take(self, numbers: str) -> None:
        """Take choices by their numbers, ``2,1,d,3``."""
        for word in numbers.split(","):
            word = word.strip()
            if word == "r":
                self.game.run_on()
            elif word == "d" and self.game.position.choices:
                self.game.step(self.game.position.choices[0].label)
            elif word.isdigit():
                self.game.choose(int(word) - 1)
            else:
                raise UsageError(f"--take {word!r}: write numbers of choices, d or r: 2,1,d,r")

    def to_dict(self) -> dict[str, object]:
        """Return what ``play --json`` prints, schema ``gosim.play/1``."""
        game = self.game
        return {
            "schema": "gosim.play/1",
            "program": self.named or self.again,
            "level": None if self.level is None else self.level.name,
            "goal": game.goal or None,
            "won": game.won,
            "token": game.token,
            "position": game.looked_ahead().to_dict(),
        } | ({} if not self.recorded else {"what_if": self.compared().to_dict()})

    def compared(self) -> Comparison:
        """Compare with the run that was left, each to its end."""
        game = self.game
        steps = steps_of(game.trial, self.recorded)
        before = game.take(steps, lambda position: None, 0).positions[-1]
        return compare(before, game.finished(0).positions[-1])

    # ---- the terminal ----

    def ink(self, code: str, text: str) -> str:
        """Colour a text where the terminal has colours."""
        return f"\033[{code}m{text}\033[0m" if self.color and text else text

    def play(self, keys: TextIO, screen: TextIO) -> int:
        """Let the person decide until they leave."""
        self.keys, self.screen = keys, screen
        self.color = screen.isatty() and "NO_COLOR" not in os.environ
        self.plain = not draws_blocks(screen)
        self.put(self.head())
        try:
            self.show(first=True)
            while self.ask():
                pass
        except (KeyboardInterrupt, EOFError):
            self.put("")
        self.leave()
        return OK

    def put(self, text: str) -> None:
        """Print."""
        if self.plain:
            text = ascii_only(text)
        print(text, file=self.screen, flush=True)

    def head(self) -> str:
        """Return what is played and what is asked for."""
        lines = [self.ink("1", self.title)]
        if self.text:
            lines.append(wrap(self.text, "", self.width))
        goal = self.game.goal
        if self.level is not None:
            stars = "*" * self.level.stars + "." * (STARS - self.level.stars)
            many = f"  {odds(self.level)} schedules" if self.level is find(self.level.name) else ""
            lines.append(self.ink("2", f"{self.level.name}  {stars}{many}"))
        if goal:
            impossible = " Or show that nobody can: x." if self.level and self.level.asks else ""
            lines.append(self.ink("1;35", wrap(f"Goal: {ASKED[goal]}{impossible}", "", self.width)))
        else:
            lines.append(wrap("No goal: see what you can make of it (--goal leak sets one).", ""))
        lines.append(self.ink("2", "▶ can go on   ■ waits   z sleeps        ? help   q leave"))
        return "\n".join(lines)

    def show(self, first: bool = False) -> None:
        """Print what the last decision has done, and where it has come to."""
        game = self.game
        done = game.told()
        if done and not first:
            self.put("")
            self.put(told(done, game.since, self.ink, self.width))
        position = game.looked_ahead()
        step = f" step {len(game.taken)} "
        rule = "─" * max(2, self.width - len(step) - 4)
        self.put("\n" + self.ink("2", f"────{step}{rule}"))
        if position.goroutines:
            self.put(board(position, self.ink, self.width, game.texts))
        elif position.output:
            self.put(position.output.rstrip("\n"))
        if not position.over:
            self.put("\n" + self.ink("1", "What comes next?"))
            self.put(choices(position, self.ink, self.width))
            return
        self.put("\n" + self.ink("1", "The end. ") + ending(position, self.width))
        if game.goal:
            if game.won:
                self.put(self.ink("1;32", "You have reached the goal."))
            else:
                self.put(self.ink("1;33", "That is not the goal: u takes the last decision back."))
        if game.auto and not game.moves and not game.opened:
            self.put("There was nothing to decide on the way; --every asks for every step.")
        self.put(self.ways_on())
        if self.recorded:
            self.put("\n" + self.ink("1", "What if: beside the recorded run"))
            self.put(compared(self.compared(), self.width))

    def ways_on(self) -> str:
        """Return the token, and what can be done with it."""
        token = self.game.token
        lines = [f"token  {token}"]
        if self.named:
            lines.append(f"       gosim run {self.named} --replay {token}")
        else:
            lines.append(f"       gosim play {self.again} --from {token}")
        if self.level is not None and self.level.program.startswith("assignment:"):
            name = self.level.program.partition(":")[2]
            lines.append(f"       answers assignment {name}, too: write it into answers.toml")
        return "\n".join(lines)

    def ask(self) -> bool:
        """Read a command and obey; False when it says to leave."""
        if self.keys.isatty():
            print(self.ink("2", _ASK), end="", file=self.screen, flush=True)
        line = self.keys.readline()
        if not line:
            raise EOFError
        word, _, rest = line.strip().partition(" ")
        word = word.lower()
        if word in ("q", "quit", "exit"):
            return False
        try:
            self.obey(word, rest.strip())
        except UsageError as error:
            self.put(f"{error}; {self.how()}")
        return True

    def how(self) -> str:
        """Say what can be typed."""
        many = len(self.game.position.choices)
        if not many:
            return "it is over: u takes a decision back, n begins once more, q leaves"
        numbers = "1" if many == 1 else f"1 to {many}"
        return f"type {numbers} for a step, d for the default one, u to go back, ? for help"

    def obey(self, word: str, rest: str) -> None:
        """Do what a command says."""
        game = self.game
        if word.isdigit():
            number = int(word)
            many = len(game.position.choices)
            if not 1 <= number <= many:
                self.put(f"there is no choice {number}: {self.how()}")
                return
            game.choose(number - 1)
        elif word == "d" and not game.position.over:
            game.step(game.position.choices[0].label)
        elif word == "r" and not game.position.over:
            game.run_on()
        elif word == "u":
            if rest.isdigit():
                game.back_to(int(rest))
            else:
                game.undo()
            self.show(first=True)
            return
        elif word == "n":
            game.restart()
            self.show(first=True)
            return
        elif word in ("?", "help"):
            self.put(HELP.rstrip("\n"))
            return
        elif word == "h":
            self.hint()
            return
        elif word == "t":
            self.put(self.saved())
            return
        elif word == "w":
            self.put(told(game.told(0), 0, self.ink, self.width) or "no step so far")
            return
        elif word == "x":
            self.claim()
            return
        else:
            self.put(f"{word!r} is no command: {self.how()}" if word else f"nothing: {self.how()}")
            return
        self.show()

    def hint(self) -> None:
        """Give the next hint."""
        hints = self.level.hints if self.level is not None else ()
        if not hints:
            self.put("there are no hints for this one; x explores all schedules")
            return
        self.put(
            wrap(f"hint {self.hinted + 1} of {len(hints)}: {hints[self.hinted]}", "", self.width)
        )
        self.hinted = min(self.hinted + 1, len(hints) - 1)

    def claim(self) -> None:
        """Explore all schedules: is it true that nobody can?"""
        goal = self.game.goal
        if not goal:
            self.put("there is no goal: gosim play NAME --goal leak sets one")
            return
        self.put(f"You say that nobody can make it end with: {goal}. Looking at every schedule ...")
        found = self.game.claim(wall=60.0)
        if found.holds:
            self.put(self.ink("1;32", f"You are {found.text}. That is a proof."))
        elif found.holds is None:
            self.put(found.text)
        else:
            self.put(self.ink("1;33", f"No: {found.text}."))
            self.put(f"One of them: gosim play {self.again} --from {found.token}")

    def saved(self) -> str:
        """Return what leads back to this position."""
        token = self.game.token
        return f"token  {token}\n       gosim play {self.again} --from {token}   goes on from here"

    def leave(self) -> None:
        """Say how nothing is lost."""
        if self.game.taken and not self.game.position.over:
            self.put(f"left after {plural(len(self.game.taken), 'step')}")
            self.put(self.saved())
