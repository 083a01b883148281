"""The other side: where the program's text uses a channel or a lock, and who can still get there.

A plain run keeps no history, so what a goroutine that is gone did with a channel is unknown.  But
the text says who *could* have released a waiter: the variable is followed from the call that made
the object through closures, arguments, attributes and assignments, and every operation on it is a
site.  Then each site is held against the goroutines that are alive.

What cannot be followed (a channel in a queue, in a dictionary built elsewhere) is not guessed at:
then `Sites.escapes` is true, and nobody may say that "nothing in the program" does something.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from types import CodeType
from typing import Any, Final, NamedTuple

from gosim.leaks.bytecode import (
    Call,
    Expr,
    can_skip,
    exits,
    in_loop,
    reachable_from,
    scan,
    text_of,
)
from gosim.leaks.goforms import made_by
from gosim.leaks.names import Code, defers, parameter, started_function, stored_site
from gosim.runtime.traceback import function_name, is_runtime_file, line_of

Chain = tuple[tuple[CodeType, int], ...]

_METHODS: Final = {
    "send": "send",
    "recv": "receive",
    "recv_ok": "receive",
    "close": "close",
    "lock": "lock",
    "unlock": "unlock",
    "try_lock": "trylock",
    "rlock": "rlock",
    "runlock": "runlock",
    "try_rlock": "tryrlock",
    "add": "add",
    "done": "done",
    "wait": "wait",
    "go": "go",
    "signal": "signal",
    "broadcast": "broadcast",
    "do": "do",
    "stop": "stop",
    "reset": "reset",
    "acquire": "acquire",
    "try_acquire": "acquire",
    "release": "release",
}
_BY_KIND: Final = {
    "chan": {"send", "receive", "range", "close"},
    "nil chan": {"send", "receive", "range", "close"},
    "timer": {"receive", "range", "stop", "reset"},
    "mutex": {"lock", "unlock", "trylock"},
    "rwmutex": {"lock", "unlock", "trylock", "rlock", "runlock", "tryrlock"},
    "waitgroup": {"add", "done", "wait", "go"},
    "cond": {"wait", "signal", "broadcast"},
    "once": {"do"},
    "semaphore": {"acquire", "release"},
    "context": {"cancel"},
    "errgroup": {"go"},
}
_VIEWS: Final = {"recv_only", "send_only", "rlocker", "c", "C"}
_FILLS: Final = {"append", "add", "insert", "put", "clear", "sort", "reverse"}
_HARMLESS: Final = {"len", "cap", "print", "println", "id", "repr", "str", "isinstance"}
CONTEXTS: Final = {
    "with_cancel",
    "with_cancel_cause",
    "with_deadline",
    "with_deadline_cause",
    "with_timeout",
    "with_timeout_cause",
}
"""Functions that make a context which can be cancelled."""
RELEASES: Final = {
    "send": ("receive", "range"),
    "receive": ("send", "close", "cancel"),
    "wait": ("done", "go", "signal", "broadcast"),
    "acquire": ("release",),
    "lock": ("unlock", "runlock"),
    "rlock": ("unlock", "runlock"),
}
"""The operations that may end a wait."""
_CROWD: Final = 64  # goroutines with the same stack whose variables are looked at
_LIMIT: Final = 400  # variables followed for one object


class Site(NamedTuple):
    """One operation in the text of the program.

    Attributes
    ----------
    op : str
        ``send``, ``receive``, ``range``, ``close``, ``lock``, ``unlock``, ``done``, ...
    function, file, line
        Where it stands.
    here, ahead, past : tuple of int
        Goroutines that wait at it, can still get to it, or are in the function and cannot get to it
        any more.  All three empty: no goroutine is in that function with this object.
    elsewhere : tuple of int
        Goroutines in the function whose variable is another object.
    loops : bool
        It stands in a loop.
    deferred : bool
        It was given to ``defer``, or is the end of an ``async with`` block.
    ran : bool
        The function is known to have run: it made the object.
    leads_to : tuple of int
        Lines of operations of the same kind in the same function that may come after it.
    skippable : bool
        The function can return without it.
    returns : tuple of int
        Lines at which the function can return while somebody still waits.
    """

    op: str
    function: str
    file: str
    line: int
    here: tuple[int, ...] = ()
    ahead: tuple[int, ...] = ()
    past: tuple[int, ...] = ()
    elsewhere: tuple[int, ...] = ()
    loops: bool = False
    deferred: bool = False
    ran: bool = False
    leads_to: tuple[int, ...] = ()
    skippable: bool = False
    returns: tuple[int, ...] = ()

    @property
    def gone(self) -> bool:
        """Whether no goroutine is in its function with this object."""
        return not (self.here or self.ahead or self.past)

    @property
    def at(self) -> str:
        """``file:line``."""
        return f"{self.file}:{self.line}"


class Crowd(NamedTuple):
    """Goroutines with the same stack: those that wait for the object in question, and others."""

    chain: Chain
    waiting: tuple[int, ...]
    others: tuple[int, ...]


class Sites(NamedTuple):
    """What was found for one object."""

    sites: tuple[Site, ...] = ()
    escapes: bool = False


def _attribute_of(variable: str) -> str | None:
    """Return ``mu`` for ``self.mu`` and ``self.mu[0]``, None for a plain variable."""
    base, dot, attribute = variable.split("[", 1)[0].rpartition(".")
    return attribute if base and dot else None


class _Search:
    """Follows one object through the variables of a program."""

    def __init__(self, code: Code, ops: set[str]) -> None:
        self.code = code
        self.ops = ops
        # A variable and the function it belongs to (None: a global or an attribute).
        self.seen: dict[tuple[CodeType | None, str], None] = {}
        self.todo: list[tuple[CodeType | None, str]] = []
        self.found: dict[tuple[CodeType, int, str], tuple[int, bool, Expr]] = {}
        self.escapes = False

    def follow(self, code: CodeType | None, variable: str) -> None:
        """Note that `variable` of `code` (None: a global or an attribute) may be the object."""
        key = code, variable
        if key not in self.seen:
            if len(self.seen) >= _LIMIT:
                self.escapes = True
                return
            self.seen[key] = None
            self.todo.append(key)

    def run(self) -> None:
        while self.todo:
            code, variable = self.todo.pop()
            for place in [code] if code is not None else list(self.code.all):
                self._look(place, variable, code is None)
            if code is not None:
                root = variable.split("[")[0].split(".")[0]
                for constant in code.co_consts:
                    if isinstance(constant, CodeType) and root in constant.co_freevars:
                        self.follow(constant, variable)
                parent = self.code.parent.get(code)
                if root in code.co_freevars and parent is not None:
                    self.follow(parent, variable)

    def _is(self, expr: Expr, variable: str, everywhere: bool, code: CodeType) -> bool:
        if expr is None:
            return False
        if expr[0] == "call":
            # A view of it: results.recv_only()
            call = next((c for c in scan(code).calls if c.offset == expr[1]), None)
            return (
                call is not None
                and call.callee is not None
                and call.callee[0] == "attr"
                and call.callee[2] in _VIEWS
                and self._is(call.callee[1], variable, everywhere, code)
            )
        if expr[0] in ("await", "aiter"):
            return self._is(expr[1], variable, everywhere, code)
        if expr[0] == "or":
            return any(self._is(e, variable, everywhere, code) for e in expr[1:])
        if (
            expr[0] == "attr"
            and expr[2] in _VIEWS
            and self._is(expr[1], variable, everywhere, code)
        ):
            return True
        if everywhere and variable.startswith("."):
            return bool(expr[0] == "attr" and "." + expr[2] == variable)
        if everywhere and not (expr[0] == "global" and expr[1] == variable):
            return False
        text = text_of(expr)
        if text is None:
            return False
        return text == variable or (
            "[" in variable and "[" in text and text.split("[")[0] == variable.split("[")[0]
        )

    def _look(self, code: CodeType, variable: str, everywhere: bool) -> None:
        found = scan(code)

        def same(expr: Expr) -> bool:
            return self._is(expr, variable, everywhere, code)

        container = variable.partition("[")[0] if "[" in variable and not everywhere else None
        if container is not None:
            for use in found.uses:
                if use.what != "enter" and text_of(use.target) == container:
                    self.escapes = True

        for call in found.calls:
            self._call(code, call, same, container)
        for use in found.uses:
            if use.what == "build":
                made = use.target
                if made is not None and any(same(e) for e in made[2]):
                    if use.offset not in found.stored:
                        self.escapes = True
            elif same(use.target):
                if use.what == "range":
                    self._site(code, use.offset, "range", use.line, False, use.target)
                elif use.what == "enter":
                    self._site(code, use.offset, "lock", use.line, False, use.target)
                    self._site(code, use.offset, "unlock", use.line, True, use.target)
                elif use.what == "return":
                    self._returned(code)
                else:
                    self.escapes = True  # yielded: whoever iterates has it
        for _, name, expr in found.stores:
            if same(expr):
                self._stored(code, name)
            elif expr is not None and expr[0] == "coll" and any(same(e) for e in expr[2]):
                self._stored(code, f"{name}[…]")
            elif expr is not None and expr[0] == "item":
                whole = expr[1]
                among = whole is not None and whole[0] == "coll" and any(map(same, whole[2]))
                if among or same(("item", whole, None)):
                    self._stored(code, name)
        for value, offset in found.collected.items():
            if same(value):
                into = found.stored.get(offset)
                if into is not None:
                    self._stored(code, f"{into}[…]")
                else:
                    self.escapes = True

    def _stored(self, code: CodeType, name: str) -> None:
        root = name.split("[")[0]
        attribute = _attribute_of(name)
        everywhere = root in code.co_names and root not in code.co_varnames
        if "[" in name and (attribute is not None or everywhere):
            self.escapes = True  # what is taken out of it elsewhere is not followed
        if attribute is not None:
            self._attribute(attribute)
        elif everywhere:
            self.follow(None, name)
        else:
            self.follow(code, name)

    def _attribute(self, attribute: str) -> None:
        """Follow an attribute through the whole program, if only one function sets it."""
        setters = [
            code
            for code in self.code.all
            if any(_attribute_of(name) == attribute for _, name, _ in scan(code).stores)
        ]
        if len(setters) > 1:
            self.escapes = True  # two classes may mean two things by it
        else:
            self.follow(None, "." + attribute)

    def _returned(self, code: CodeType) -> None:
        """Follow the result of a function into its callers."""
        for caller in list(self.code.all):
            for call in scan(caller).calls:
                started = started_function(call)
                if started is None:
                    continue
                target = self.code.function(started[0], caller)
                if target is None or target[0] is not code or call.callee != started[0]:
                    continue
                result: Expr = ("call", call.offset)
                name = scan(caller).stored.get(call.offset)
                if name is not None:
                    self._stored(caller, name)
                elif not self._handed_on(caller, result):
                    self.escapes = True

    def _handed_on(self, caller: CodeType, result: Expr) -> bool:
        """Follow the result of a call that is the argument of another one."""
        for call in scan(caller).calls:
            places: list[tuple[int | str, Expr]] = [*enumerate(call.args), *call.keywords]
            for position, arg in places:
                if arg == result or arg == ("await", result):
                    received = parameter(call, position, self.code, caller)
                    if received is not None:
                        self.follow(*received)
                        return True
        return False

    def _container(
        self,
        code: CodeType,
        call: Call,
        container: str,
        places: list[tuple[int | str, Expr]],
    ) -> None:
        """Follow a list or dictionary that holds the object into the functions it is given to."""
        callee = call.callee
        if callee is not None and callee[0] == "attr" and text_of(callee[1]) == container:
            if callee[2] not in _FILLS:
                self.escapes = True  # pop, values, items: what comes out is not followed
            return
        name = callee[-1] if callee is not None and callee[0] in ("name", "global") else None
        for position, arg in places:
            if text_of(arg) == container and name not in _HARMLESS:
                received = parameter(call, position, self.code, code)
                if received is not None:
                    self.follow(received[0], f"{received[1]}[…]")
                else:
                    self.escapes = True

    def _call(self, code: CodeType, call: Call, same: Any, container: str | None) -> None:
        callee = call.callee
        if callee is not None and callee[0] == "attr" and same(callee[1]):
            op = _METHODS.get(callee[2])
            if op is not None:
                self._site(code, call.offset, op, call.line, False, callee[1])
        elif "cancel" in self.ops and same(callee):
            self._site(code, call.offset, "cancel", call.line, False, None)
        named = callee is not None and callee[0] in ("name", "global", "attr")
        name = callee[-1] if callee is not None and named else None
        if name in ("recv", "send") and call.args and same(call.args[0]):
            op = "receive" if name == "recv" else "send"
            self._site(code, call.offset, op, call.line, False, call.args[0])
            return
        places: list[tuple[int | str, Expr]] = [*enumerate(call.args), *call.keywords]
        if container is not None:
            self._container(code, call, container, places)
        for position, arg in places:
            if arg is not None and arg[0] == "attr" and same(arg[1]) and arg[2] in _METHODS:
                deferred = defers(call, self.code, code)
                self._site(code, call.offset, _METHODS[arg[2]], call.line, deferred, arg[1])
            elif same(arg) and callee is not None and callee[0] == "attr" and name in _FILLS:
                into = text_of(callee[1])
                if into is not None:
                    self._stored(code, f"{into}[…]")
                else:
                    self.escapes = True
            elif same(arg):
                deferred = defers(call, self.code, code)
                if "cancel" in self.ops and (deferred or name in ("go", "after_func")):
                    self._site(code, call.offset, "cancel", call.line, deferred, None)
                    continue
                if name in _HARMLESS:
                    continue
                received = parameter(call, position, self.code, code)
                if received is not None:
                    self.follow(*received)
                else:
                    self.escapes = True
            elif arg is not None and arg[0] == "coll" and any(same(e) for e in arg[2]):
                self.escapes = True

    def _site(
        self, code: CodeType, offset: int, op: str, line: int, deferred: bool, expr: Expr
    ) -> None:
        if op in self.ops:
            self.found.setdefault((code, offset, op), (line, deferred, expr))


class _Found(NamedTuple):
    place: CodeType
    offset: int
    op: str
    line: int
    deferred: bool
    expr: Expr


@lru_cache(maxsize=256)
def _search(kind: str, made: CodeType, lasti: int, code: Code) -> tuple[tuple[_Found, ...], bool]:
    """Return the sites, and whether some may be lost."""
    ops = _BY_KIND.get(kind)
    if ops is None or is_runtime_file(made.co_filename):
        return (), True
    if kind == "context":
        cancel = cancel_variable(made, lasti)
        start = None if cancel is None else (made, cancel)
    else:
        start = stored_site(made, lasti, code)
    if start is None:
        return (), True
    search = _Search(code, ops)
    if start[0] is made:
        search._stored(made, start[1])
    else:
        search.follow(*start)
    search.run()
    found = [_Found(*key, *rest) for key, rest in search.found.items()]
    found.sort(key=lambda site: (site.place.co_filename, site.line, site.offset, site.op))
    return tuple(found), search.escapes


def find_sites(
    kind: str,
    made: CodeType,
    lasti: int,
    code: Code,
    crowds: Sequence[Crowd],
    binds: Callable[[int, CodeType, Expr], bool],
) -> Sites:
    """Find the operations on the object that the call at `lasti` of `made` returned.

    Parameters
    ----------
    kind
        As in `gosim.leaks.judge.Thing`; ``context`` for the done channel of one.
    made, lasti
        Where it was made.
    code
        The program.
    crowds
        The goroutines that are alive.
    binds
        ``binds(goroutine, function, expression)``: whether the expression may be this object there.
    """
    found, escapes = _search(kind, made, lasti, code)
    sites = []
    for site in found:
        here, ahead, past, elsewhere = _who(site, crowds, binds)
        place = site.place
        leads_to = {
            other.line
            for other in found
            if other.place is place
            and other.op == site.op
            and other.offset != site.offset
            and other.offset in reachable_from(place, site.offset)
        }
        sites.append(
            Site(
                site.op,
                function_name(place),
                place.co_filename,
                site.line,
                here,
                ahead,
                past,
                elsewhere,
                loops=in_loop(place, site.offset),
                deferred=site.deferred,
                ran=place is made,
                leads_to=tuple(sorted(leads_to)),
                skippable=can_skip(place, site.offset),
                returns=_returns(site, found),
            )
        )
    return Sites(tuple(dict.fromkeys(sites)), escapes)


def _returns(site: _Found, found: Sequence[_Found]) -> tuple[int, ...]:
    """Return the lines at which the function of a site can return when somebody still waits.

    A close or a cancel ends every wait, so who has returned did not come to it; of those that had
    to call done, one did not.
    """
    if site.op in ("close", "cancel", "done") and not site.deferred:
        # One line of a program can be there twice, in a `finally` for example.
        same = frozenset(
            other.offset
            for other in found
            if (other.place, other.op, other.line) == (site.place, site.op, site.line)
        )
        without = exits(site.place, -1, same)
        if without:
            return without
    return exits(site.place)


def maker(made: CodeType, lasti: int) -> str:
    """Return the name of the function that the call at `lasti` calls: ``chan``, ``with_cancel``."""
    call = call_at(made, lasti)
    callee = call.callee if call is not None else None
    if callee is None or callee[0] not in ("name", "global", "attr"):
        return ""
    return made_by(str(callee[-1]))


def call_at(made: CodeType, lasti: int) -> Call | None:
    """Return the call a frame was in when it stood at `lasti`."""
    before = [call for call in scan(made).calls if call.offset <= lasti]
    return before[-1] if before else None


def operand(code: CodeType, lasti: int, op: str) -> str | None:
    """Return the text of what a frame at `lasti` does `op` with: ``s.mu`` for ``s.mu.Lock()``."""
    line = line_of(code, lasti)
    found = scan(code)
    places = [
        (abs(call.offset - lasti), call.callee[1])
        for call in found.calls
        if call.line == line
        and call.callee is not None
        and call.callee[0] == "attr"
        and _METHODS.get(call.callee[2]) == op
    ]
    if op == "receive":
        places += [
            (abs(use.offset - lasti), use.target)
            for use in found.uses
            if use.what == "range" and use.line == line
        ]
    for _, expr in sorted(places, key=lambda place: place[0]):
        for part in expr[1:] if expr is not None and expr[0] == "or" else (expr,):
            text = text_of(part)
            if text is not None and not text.startswith("."):
                return text
    return None


def cancel_variable(made: CodeType, lasti: int) -> str | None:
    """Return the variable with the cancel function of a context, ``_`` if it was thrown away."""
    call = call_at(made, lasti)
    if call is None:
        return None
    wanted: Expr = ("item", ("call", call.offset), ("const", 1))
    return next((name for _, name, expr in scan(made).stores if expr == wanted), None)


def _who(
    site: _Found, crowds: Sequence[Crowd], binds: Callable[[int, CodeType, Expr], bool]
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    here: list[int] = []
    ahead: list[int] = []
    past: list[int] = []
    elsewhere: list[int] = []
    place, offset = site.place, site.offset
    for crowd in crowds:
        for code, lasti in crowd.chain:
            if code is not place:
                continue
            waiting, others = list(crowd.waiting), list(crowd.others)
            if len(waiting) + len(others) <= _CROWD:
                other = [i for i in (*waiting, *others) if not binds(i, place, site.expr)]
                elsewhere += other
                waiting = [i for i in waiting if i not in other]
                others = [i for i in others if i not in other]
            if not site.deferred and line_of(code, lasti) == site.line and offset <= lasti:
                here += waiting
                waiting = []
            comes = offset in reachable_from(code, lasti)
            # What was deferred comes when the function returns, if it was deferred at all.
            comes = comes or (site.deferred and lasti in reachable_from(code, offset))
            (ahead if comes else past).extend(waiting + others)
            break
    return (
        tuple(sorted(here)),
        tuple(sorted(ahead)),
        tuple(sorted(past)),
        tuple(sorted(elsewhere)),
    )
