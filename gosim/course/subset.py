"""The part of Python that submissions are written in, and the gosim they see.

A submission runs in the process that also observes it, so it must not get hold of what observes:
this is the inner wall, `harden` and `sandbox` are the outer ones.  Three rules make it:

- It names no attribute that Python or gosim uses inside (``__class__``, ``cr_frame``, ``world``),
  and only builtins and modules that lead nowhere.  What it imports as ``gosim`` is a copy of the
  public names that nobody can change.
- It sets attributes of its own objects only: whoever's attribute is set goes through a call that
  looks at whose object it is.
- It makes no awaitables and no types but plain classes, and none that are numbers or texts and lie.

These rules say no to some harmless programs; the message says with which line, and what to write.
"""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Final, NoReturn, TypeVar

from gosim.runtime.errors import LoadError
from gosim.runtime.program import _MODULE, File


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MODULES: Final[Mapping[str, str]] = {
    "__future__": "annotations",
    "collections": "Counter OrderedDict defaultdict deque",
    "collections.abc": "Awaitable Callable Coroutine Iterable Iterator Mapping Sequence",
    "dataclasses": "dataclass field",
    "enum": "Enum IntEnum auto",
    "functools": "partial reduce",
    "itertools": "accumulate chain count cycle islice product repeat zip_longest",
    "math": "ceil floor gcd inf isqrt log log2 pi sqrt",
    "typing": "Any Awaitable Callable ClassVar Coroutine Final Generic NamedTuple Optional "
    "Protocol TypeVar Union",
}
"""What can be imported besides gosim, and which names of it."""

_ROOMS: Final = ("gosim.runtime.", "gosim.std.")
"""Where the names live that a program has of gosim: what runs programs is not among them."""
_NOT_OF_GOSIM: Final = _words("GosimError LoadError Observer Policy UsageError event")
_NOT_OF_PACKAGES: Final = _words("exponential_tables newer normal_tables")
_OF_THE_RUN: Final = {"os": ("args", "stdout", "stderr")}
_NO_PACKAGES: Final = frozenset(["unsafe"])
_BUILTINS: Final = _words(
    """
    abs all any ascii bin bool bytearray bytes callable chr complex dict divmod enumerate
    filter float format frozenset hash hex int isinstance issubclass iter len list map max
    min next object oct ord pow print property range repr reversed round set slice sorted
    staticmethod classmethod str sum super tuple zip aiter anext ArithmeticError
    AssertionError AttributeError BaseException Exception IndexError KeyError LookupError
    NotImplementedError OverflowError RuntimeError StopAsyncIteration StopIteration TypeError
    ValueError ZeroDivisionError False True None Ellipsis NotImplemented __build_class__
    """
)
_METHODS: Final = frozenset(
    f"__{name}__"
    for name in _words(
        """
    init str repr len iter next enter exit aenter aexit call contains getitem setitem
    post_init eq ne lt le gt ge hash bool int add sub mul
    """
    )
)
_INTROSPECTION: Final = _words(
    """
    ag_await ag_code ag_frame ag_running co_code co_consts co_names cr_await cr_code cr_frame
    cr_origin cr_running f_back f_builtins f_code f_globals f_lasti f_locals f_trace gi_code
    gi_frame gi_running gi_yieldfrom tb_frame tb_next mro func_globals format_map obj register
    """
)
_HARMLESS: Final = _words(
    """
    a answer answers arg args at available b batch batches blocked body busy c cache call
    calls cancel capacity ch channel checked children choose chunk client clients clock closed
    code collect config conn connections count counter counters created ctx current cycles
    data dead deadline decisions discard done duration earlier elem end ended ending entries
    entry err error errors events f failed file files fire fired first fn found fraction free
    full function functions grey handler hex id index inner input interval item items job jobs
    k key keys kind last leave left length level limit line lines live locations lock locked
    log look m made main mapping marked max message min mode msg mu n name names next node
    notes notify ns number offset only open operation out output over own owner_id package
    panicked params parent part parts path payload pending pick place places plans plus poll
    polls pool position prev price print printed profile queue ran rate reached reader readers
    ready reason record recover recovered register release released request requests rest
    restores result results right root rows rs run s sample schedule score seen seq session
    sessions set shards signed sites size skip slot slots source space special stands start
    started state states status step steps stock stop stopped store story strings sum tail
    take target tasks temporary text time timeout title topic total touched unknown use used
    user users v val value values version wait wanted wg where width word words worker workers
    writer x y yields zero zone
    """
)
"""Names inside gosim that are so common that a program may use them: they lead nowhere."""
_LYING: Final = frozenset(
    f"__{name}__"
    for name in _words(
        "add bool call contains enter eq exit ge getitem gt hash int iter le len lt mul ne next "
        "setitem sub"
    )
)
"""Methods that a number or a text of the program's own must not have: gosim would believe them."""
_SIMPLE: Final = (bool, bytes, dict, float, frozenset, int, list, set, str, tuple, type(None))
_SHAPES: Final = _words("bool bytearray bytes dict float frozenset int list set str tuple")
"""Classes of which a pattern may have one part without a name: the thing itself."""
_FIELD: Final = re.compile(r"\{[^{}]*[.\[]")
_OWN: Final = "_own_"
_BASES: Final = _words(
    """
    ArithmeticError AssertionError Enum Exception Generic IntEnum LookupError NamedTuple
    Protocol RuntimeError ValueError object
    """
)


class Outside(LoadError):
    """The program uses something that submissions are not written in."""


@cache
def _public() -> frozenset[str]:
    """Return the names that a program may use of gosim: of packages, and methods of types."""
    gosim = sys.modules["gosim"]  # the door, which is on a higher floor
    found: set[str] = set(gosim._HOMES) | gosim._PACKAGES
    for module in _packages().values():
        for name, thing in vars(module).items():
            found.add(name)
            if isinstance(thing, type):
                found.update(n for n in dir(thing) if n[0] != "_" and callable(getattr(thing, n)))
    found |= _words("send recv recv_ok close lock unlock try_lock rlock runlock err value is_nil C")
    return frozenset(found)


@cache
def _internal() -> frozenset[str]:
    """Return the names of attributes inside gosim that a program must not touch."""
    from gosim.runtime import proc

    house = Path(proc.__file__).parents[1]
    found: set[str] = set()
    stored = re.compile(r"\bself\.(\w+)\b|^\s+\"(\w+)\",$|^    (?:async )?def (\w+)", re.MULTILINE)
    for room in ("memory", "runtime", "std"):
        for path in sorted((house / room).rglob("*.py")):
            for names in stored.findall(path.read_text(encoding="utf-8")):
                found.update(names)
    found |= {"world", "env", "policy", "observers", "g"}
    return frozenset(found - _public() - _HARMLESS - {""})


# -- what is imported ------------------------------------------------------------------------------


class _Frozen(ModuleType):
    """A module of which nothing can be changed."""

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"{self.__name__}.{name} is gosim's and cannot be changed", name=name)

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{self.__name__}.{name} is gosim's and cannot be removed", name=name)

    def __getattr__(self, name: str) -> Any:
        package = self.__name__.removeprefix("gosim.")
        if name in _OF_THE_RUN.get(package, ()):  # another thing in each run
            return getattr(import_module(f"gosim.std.{package}"), name)
        raise AttributeError(f"{self.__name__} has no {name!r}", name=name)


def _copy(name: str, things: Mapping[str, Any]) -> ModuleType:
    module = _Frozen(name)
    vars(module).update(things)
    return module


@cache
def _packages() -> dict[str, ModuleType]:
    """Return the standard packages of gosim as programs see them."""
    gosim = sys.modules["gosim"]  # the door, which is on a higher floor
    found: dict[str, ModuleType] = {}
    for name in sorted(gosim._PACKAGES - _NO_PACKAGES):
        module = import_module(f"gosim.std.{name}")
        names = getattr(module, "__all__", None)
        if names is None:
            names = [
                n for n, thing in vars(module).items() if n[0] != "_" and _is_of(module, thing)
            ]
        things = {n: vars(module)[n] for n in names if n in vars(module)}
        found[name] = _copy(
            f"gosim.{name}",
            {
                n: t
                for n, t in things.items()
                # What can be changed would live from one schedule to the next.
                if not isinstance(t, ModuleType | dict | list | set) and n not in _NOT_OF_PACKAGES
            },
        )
    return found


def _is_of(module: ModuleType, thing: Any) -> bool:
    """Whether a package made this itself: a function, a type, or a value of one of its types."""
    home = getattr(thing, "__module__", None) or getattr(type(thing), "__module__", None)
    return home == module.__name__ and not isinstance(thing, TypeVar)


@cache
def _gosim() -> ModuleType:
    """Return gosim as programs see it."""
    gosim = sys.modules["gosim"]  # the door, which is on a higher floor
    names = [
        name
        for name, home in gosim._HOMES.items()
        if home.startswith(_ROOMS) and name not in _NOT_OF_GOSIM
    ]
    return _copy("gosim", {**{n: getattr(gosim, n) for n in names}, **_packages()})


def _import(
    name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
) -> Any:
    if name == "gosim":
        return _gosim()
    if name not in MODULES or level:
        raise ImportError(f"a submission imports gosim and {', '.join(MODULES)}, not {name}")
    module = import_module(name)
    things = {n: getattr(module, n) for n in MODULES[name].split() if hasattr(module, n)}
    if "dataclass" in things:
        things["dataclass"] = _dataclass
    return _copy(name, things)


def _type(thing: Any) -> Any:
    """Return the type of a plain value or of the program's own thing; make none."""
    found = type(thing)
    if found in _SIMPLE or found.__module__ == _MODULE or isinstance(thing, BaseException):
        return found
    raise TypeError("a submission asks with isinstance() what something of gosim or Python is")


def _own(thing: Any) -> Any:
    """Return the program's own object; refuse to change what is not its."""
    if type(thing).__module__ != _MODULE:
        raise AttributeError("only attributes of the program's own objects can be set")
    return thing


@cache
def _bases() -> list[Any]:
    import enum
    import typing

    homes = {**vars(builtins), **vars(enum), **vars(typing)}
    return [homes[name] for name in sorted(_BASES)]


def _build_class(function: Any, name: str, *bases: Any, **keywords: Any) -> Any:
    """Make a class, if it is derived from what it may be derived from, whatever names say."""
    for base in bases:
        origin = getattr(base, "__origin__", base)
        own = isinstance(origin, type) and origin.__module__ == _MODULE
        if not own and not any(origin is each for each in _bases()):
            raise TypeError(f"class {name}: its base is no class of this program")
    made = builtins.__build_class__(function, name, *bases, **keywords)
    if issubclass(made, int | str | tuple):
        for method in sorted(_LYING & vars(made).keys()):
            if getattr(vars(made)[method], "__module__", None) == _MODULE:
                raise TypeError(f"class {name}: numbers and tuples have no {method} of your own")
    return made


def _dataclass(made: Any = None, /, **options: Any) -> Any:
    """Make a class of the program's own a data class."""
    from dataclasses import dataclass

    if made is None:
        return lambda made: _dataclass(made, **options)
    if not isinstance(made, type) or made.__module__ != _MODULE:
        raise TypeError("only a class of the program's own can become a data class")
    return dataclass(made, **options)


def _builtins() -> dict[str, Any]:
    return {
        **{name: getattr(builtins, name) for name in _BUILTINS},
        "type": _type,
        "__build_class__": _build_class,
        "__import__": _import,
        "__name__": "builtins",
    }


# -- what is refused -------------------------------------------------------------------------------


class _Rules(ast.NodeVisitor):
    """Refuses what a submission may not have; the first finding ends it."""

    def __init__(self, file: str, tree: ast.Module) -> None:
        self.file = file
        self.classes = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
        self.shapes = _SHAPES - {name for node in ast.walk(tree) for name in _bound(node)}

    def refuse(self, node: Any, problem: str) -> NoReturn:
        raise Outside(problem, self.file, getattr(node, "lineno", None))

    def name(self, node: Any, name: str) -> None:
        if name.startswith("__") and name != "__name__":
            self.refuse(node, f"{name}: names that begin with __ are Python's own")
        if name == _OWN:
            self.refuse(node, f"{name}: call it otherwise")

    def attribute(self, node: Any, name: str) -> None:
        self.name(node, name)
        if name in _INTROSPECTION or name in _internal():
            self.refuse(
                node,
                f".{name} is used inside Python or gosim; call yours otherwise, as in .my_{name}",
            )

    def visit_Name(self, node: ast.Name) -> None:
        self.name(node, node.id)
        if node.id == "__name__" and not isinstance(node.ctx, ast.Load):
            self.refuse(node, "__name__: names that begin with __ are Python's own")

    def visit_arg(self, node: ast.arg) -> None:
        self.name(node, node.arg)
        self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg is not None:
            self.name(node.value, node.arg)
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        above = node.value  # super().__init__(...) is the one way to say it
        if not (
            node.attr == "__init__"
            and isinstance(above, ast.Call)
            and isinstance(above.func, ast.Name)
            and above.func.id == "super"
            and not above.args
        ):
            self.attribute(node, node.attr)
        if node.attr == "format" and not (
            isinstance(above, ast.Constant)
            and isinstance(above.value, str)
            and not _FIELD.search(above.value)
        ):
            self.refuse(
                node, '.format: only "...".format(...) without dots in its fields, or f"..."'
            )
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            if alias.name != "gosim" and (alias.name not in MODULES or "." in alias.name):
                self.refuse(node, f"a submission imports gosim and {', '.join(MODULES)}")
            self.name(node, alias.asname or alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        if module != "gosim" and (module not in MODULES or node.level):
            self.refuse(node, f"a submission imports gosim and {', '.join(MODULES)}")
        for alias in node.names:
            self.name(node, alias.asname or alias.name)
            if module == "gosim":
                if alias.name in _NOT_OF_GOSIM or not hasattr(_gosim(), alias.name):
                    self.refuse(node, f"a submission has no gosim.{alias.name}")
            elif alias.name not in MODULES[module].split():
                self.refuse(node, f"from {module} a submission imports {MODULES[module]}")

    def visit_FunctionDef(self, node: Any) -> None:
        if node.name not in _METHODS:
            self.name(node, node.name)
        self.generic_visit(node)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.name(node, node.name)
        for base in node.bases:
            base = base.value if isinstance(base, ast.Subscript) else base
            if not (isinstance(base, ast.Name) and base.id in _BASES | self.classes):
                self.refuse(node, f"class {node.name}: its base is no class of this program")
        if node.keywords:
            self.refuse(node, f"class {node.name}: submissions have plain classes only")
        for part in node.body:
            name = getattr(part, "name", None)
            if name is not None and name not in _METHODS:
                self.attribute(part, name)
        self.generic_visit(node)

    def visit_MatchClass(self, node: ast.MatchClass) -> None:
        for name in node.kwd_attrs:
            self.attribute(node, name)
        shape = isinstance(node.cls, ast.Name) and node.cls.id in self.shapes
        if node.patterns and not (shape and len(node.patterns) == 1):
            self.refuse(node, "in a pattern with a class write the names: Point(x=a, y=b)")
        self.generic_visit(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name is not None:
            self.name(node, node.name)
        self.generic_visit(node)

    def visit_MatchAs(self, node: Any) -> None:
        if node.name is not None:
            self.name(node, node.name)
        self.generic_visit(node)

    visit_MatchStar = visit_MatchAs

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        if node.rest is not None:
            self.name(node, node.rest)
        self.generic_visit(node)

    def visit_Global(self, node: Any) -> None:
        for name in node.names:
            self.name(node, name)

    visit_Nonlocal = visit_Global


def _bound(node: ast.AST) -> Sequence[str]:
    """Return the names that a node of a program gives a meaning."""
    if isinstance(node, ast.Name):
        return () if isinstance(node.ctx, ast.Load) else (node.id,)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return (node.name,)
    if isinstance(node, ast.arg):
        return (node.arg,)
    if isinstance(node, ast.alias):
        return (node.asname or node.name,)
    if isinstance(node, ast.MatchAs | ast.MatchStar | ast.ExceptHandler):
        return (node.name or "",)
    return (node.rest or "",) if isinstance(node, ast.MatchMapping) else ()


class _Guards(ast.NodeTransformer):
    """Lets a call look at each object of which an attribute is set, at the moment it is set."""

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        self.generic_visit(node)
        if isinstance(node.ctx, ast.Load):
            return node
        look = ast.Call(ast.Name(_OWN, ast.Load()), [node.value], [])
        ast.copy_location(look, node.value)
        ast.copy_location(look.func, node.value)
        node.value = look
        return node


def checked(source: str, file: str) -> CodeType:
    """Return the code of a submission that keeps the rules.

    Raises
    ------
    Outside
        With the line of the first thing that does not.
    LoadError
        When it is no Python.
    """
    try:
        tree = ast.parse(source, file)
        _Rules(file, tree).visit(tree)
        return compile(_Guards().visit(tree), file, "exec", dont_inherit=True)
    except (RecursionError, MemoryError):
        raise LoadError("the program is nested too deeply", file) from None
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise LoadError(f"this is no Python: {getattr(error, 'msg', error)}", file, line) from None


class Submission(File):
    """A submission in Python: a file inside the rules."""

    def __init__(self, path: str, params: Mapping[str, Any] | None = None) -> None:
        super().__init__(path, params)
        # As text: a comment that names another encoding would make another program of it.
        with open(path, encoding="utf-8") as f:
            self.code = checked(f.read(), self.file)

    def prepare(self, namespace: dict[str, Any]) -> None:
        """Give the program the builtins that it may use."""
        namespace["__builtins__"] = _builtins()
        namespace[_OWN] = _own
