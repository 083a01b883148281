"""The part of Python that submissions are written in, and the gosim they see.

A submission runs in the process that also observes it, so it must not get hold of what observes:
this is the inner wall, `harden` and `sandbox` are the outer ones.  Three rules make it:

- It names no attribute that Python or gosim uses inside (``__class__``, ``cr_frame``, ``world``),
  and only builtins and modules that lead nowhere.  What it imports as ``gosim`` is a copy of the
  public names that nobody can change.
- It sets attributes of its own objects only: before each such statement stands a call that looks
  at whose the object is.
- It makes no awaitables and no types but plain classes.

These rules say no to some harmless programs; the message says with which line, and what to write.
"""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Mapping
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

_NOT_OF_GOSIM: Final = _words(
    """
    GosimError LoadError Observer Policy Run UsageError explore run event
    """
)
_OF_THE_RUN: Final = {"os": ("args", "stdout", "stderr")}
_NO_PACKAGES: Final = frozenset(["unsafe"])
_BUILTINS: Final = _words(
    """
    abs all any ascii bin bool bytearray bytes callable chr complex dict divmod enumerate
    filter float format frozenset hash hex id int isinstance issubclass iter len list map max
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
    gi_frame gi_running gi_yieldfrom tb_frame tb_next mro func_globals
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
            f"gosim.{name}", {n: t for n, t in things.items() if not isinstance(t, ModuleType)}
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
    names = [n for n in gosim._HOMES if n not in _NOT_OF_GOSIM]
    return _copy("gosim", {**{n: getattr(gosim, n) for n in names}, **_packages()})


def _import(
    name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
) -> Any:
    if name == "gosim":
        return _gosim()
    if name not in MODULES or level:
        raise ImportError(f"a submission imports gosim and {', '.join(MODULES)}, not {name}")
    module = import_module(name)
    return _copy(name, {n: getattr(module, n) for n in MODULES[name].split() if hasattr(module, n)})


def _type(thing: Any) -> Any:
    """Return the type of a thing; make none, and hand out nothing that makes some."""
    found = type(thing)
    if issubclass(found, type):
        raise TypeError("a submission has no types of types")
    return found


def _own(thing: Any) -> None:
    """Refuse to change what is not the program's."""
    if type(thing).__module__ != _MODULE:
        raise AttributeError("only attributes of the program's own objects can be set")


def _builtins() -> dict[str, Any]:
    return {
        **{name: getattr(builtins, name) for name in _BUILTINS},
        "type": _type,
        "__import__": _import,
        "__name__": "builtins",
    }


# -- what is refused -------------------------------------------------------------------------------


class _Rules(ast.NodeVisitor):
    """Refuses what a submission may not have; the first finding ends it."""

    def __init__(self, file: str, tree: ast.Module) -> None:
        self.file = file
        self.classes = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
        self.handed_on = {
            name
            for node in ast.walk(tree)
            if isinstance(node, ast.Global | ast.Nonlocal)
            for name in node.names
        }
        self.allowed_stores: set[int] = set()

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
        if not isinstance(node.ctx, ast.Load) and id(node) not in self.allowed_stores:
            self.refuse(node, "set an attribute in a statement of its own: self.x = value")
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

    def stores(self, statement: ast.stmt, targets: list[ast.expr]) -> list[str]:
        """Return the names whose attributes a statement sets, having allowed it."""
        found: list[str] = []
        for target in targets:
            parts = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
            for part in parts:
                if not isinstance(part, ast.Attribute):
                    continue
                if not isinstance(part.value, ast.Name):
                    self.refuse(part, "set attributes of a variable only, not of an expression")
                if part.value.id in self.handed_on:
                    self.refuse(part, f"{part.value.id} is global or nonlocal somewhere")
                self.allowed_stores.add(id(part))
                found.append(part.value.id)
        if found and any(isinstance(node, ast.NamedExpr) for node in ast.walk(statement)):
            self.refuse(statement, "set an attribute and a variable (:=) in two statements")
        return found


class _Guards(ast.NodeTransformer):
    """Puts a look at the owner before each statement that sets an attribute."""

    def __init__(self, names: Mapping[int, list[str]]) -> None:
        self.names = names

    def guarded(self, node: Any) -> Any:
        looks = [
            ast.Expr(ast.Call(ast.Name(_OWN, ast.Load()), [ast.Name(name, ast.Load())], []))
            for name in dict.fromkeys(self.names.get(id(node), ()))
        ]
        for look in looks:
            for part in ast.walk(look):
                ast.copy_location(part, node)
        return [*looks, node]

    visit_Assign = visit_AugAssign = visit_AnnAssign = visit_Delete = guarded


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
        rules = _Rules(file, tree)
        names: dict[int, list[str]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign | ast.Delete):
                names[id(node)] = rules.stores(node, node.targets)
            elif isinstance(node, ast.AugAssign | ast.AnnAssign):
                names[id(node)] = rules.stores(node, [node.target])
        rules.visit(tree)
        return compile(_Guards(names).visit(tree), file, "exec", dont_inherit=True)
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
