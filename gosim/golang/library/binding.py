"""What stands behind the declarations of a model that are Python.

The code generator asks `bind` for a function or method without a body and `zero_class` for a type
that is a Python class.
"""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from inspect import CO_COROUTINE, CO_ITERABLE_COROUTINE
from types import ModuleType
from typing import Any

from gosim.golang.directives import directives
from gosim.golang.values.strings import decode, encode

__all__ = ["Binding", "attach", "bind", "native", "zero_class"]


@dataclass(frozen=True, slots=True)
class Binding:
    """The Python behind a declaration.

    Attributes
    ----------
    python
        A function, called with the values of compiled code, the receiver first.
    blocks : bool
        What it returns is awaited.
    blocking : callable or None
        The coroutine function ``NAME_blocking`` of ``native.py``, which takes the place of `python`
        when a function type among the parameters has a signature that blocks in this program.
    later : bool
        The functions that it is given are called by somebody else later: it does not block when
        they do.
    fast : callable or None
        The form of an operation for a world that nobody observes (`gosim.runtime.forms`).
    """

    python: Callable[..., Any]
    blocks: bool
    blocking: Callable[..., Any] | None = None
    later: bool = False
    fast: Callable[..., Any] | None = None

    def form(self, full: bool) -> Callable[..., Any]:
        """Return the function for a world: `full` when somebody observes it or chooses in it."""
        return self.python if full or self.fast is None else self.fast


def native(path: str) -> ModuleType | None:
    """Return the module ``native.py`` of a package, None if it has none."""
    name = f"gosim.golang.library.{path.replace('/', '.')}.native"
    module = sys.modules.get(name)
    if module is None:
        from gosim.golang import library

        folder = library.find(path)
        file = os.path.join(folder, "native.py") if folder is not None else ""
        if not os.path.exists(file):
            return None
        module = importlib.import_module(name)
    return module


# ---- what the sources say ------------------------------------------------------------------------

_FUNC = re.compile(r"func (?:\((?:\w+ )?\*?(?P<recv>\w+)(?:\[[^\]]*\])?\) )?(?P<name>\w+)")
_TYPE = re.compile(r"(?:type\s+|\t)(?P<name>\w+)")


@dataclass(slots=True)
class _Declared:
    """What the directives of a package say, by ``F``, ``T`` or ``T.M``."""

    words: dict[str, dict[str, str]]
    lines: dict[str, str]
    structs: dict[str, list[str]]


_declared: dict[str, _Declared] = {}


def _declarations(path: str) -> _Declared:
    found = _declared.get(path)
    if found is not None:
        return found
    from gosim.golang import library

    folder = library.find(path)
    if folder is None:
        raise LookupError(path)
    found = _Declared({}, {}, {})
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".go"):
            continue
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            text = f.read()
        words = directives(text)
        lines = text.splitlines()
        for number, line in enumerate(lines, 1):
            func = _FUNC.match(line)
            if func is not None:
                key = f"{func['recv']}.{func['name']}" if func["recv"] else func["name"]
                found.lines[key] = line
            elif number in words and (match := _TYPE.match(line)) is not None:
                key = match["name"]
                if line.endswith("struct {"):
                    found.structs[key] = _fields(lines[number:])
            else:
                continue
            if number in words:
                found.words[key] = words[number]
    _declared[path] = found
    return found


def _fields(lines: list[str]) -> list[str]:
    names: list[str] = []
    for line in lines:
        if line.startswith("}"):
            break
        names += re.findall(r"\b([A-Z]\w*)\b(?=[\w, ]* )", line.split("//")[0])[:1]
    return names


# ---- functions -----------------------------------------------------------------------------------


def bind(path: str, name: str) -> Binding:
    """Return what stands behind a function ``F`` or a method ``T.M`` without a body.

    Parameters
    ----------
    path : str
        The package.
    name : str
        ``"Sleep"``, ``"Mutex.Lock"`` (also for a pointer receiver).

    Raises
    ------
    LookupError
        When the model is not complete.
    """
    attach_all(path)
    declared = _declarations(path)
    words = declared.words.get(name, {})
    receiver, _, method = name.rpartition(".")
    module = native(path)
    key = f"{receiver}_{method}" if receiver else name
    python = getattr(module, key, None)
    if python is None and "is" in words:
        python = _bordered(_named(path, words["is"]), declared.lines[name], bool(receiver))
    fast = None
    if python is None and receiver and "is" in declared.words.get(receiver, {}):
        cls = _named(path, declared.words[receiver]["is"])
        called = words.get("calls") or _snake(method)
        python = getattr(cls, called, None)
        if python is not None:
            python = _bordered(python, declared.lines[name], method=True)
            fast = getattr(cls.__dict__.get("Fast"), called, None)
            if fast is not None:
                fast = _bordered(fast, declared.lines[name], method=True)
    if python is None:
        raise LookupError(f"{path}: nothing stands behind {name}")
    blocking = getattr(module, key + "_blocking", None)
    blocks = "blocks" in words or _is_coroutine(python)
    return Binding(python, blocks, blocking, "later" in words, fast)


def _is_coroutine(function: Any) -> bool:
    code = getattr(function, "__code__", None)
    return code is not None and bool(code.co_flags & (CO_COROUTINE | CO_ITERABLE_COROUTINE))


def _named(path: str, name: str) -> Any:
    """The Python object of a dotted name; ``native.`` is the package's own module."""
    if name.startswith("native."):
        return getattr(native(path), name.removeprefix("native."))
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute)


def _snake(name: str) -> str:
    """Python's spelling: ``TryRLock`` is ``try_rlock``, ``RLock`` ``rlock``, ``String`` ``string``.

    >>> [_snake(n) for n in ("TryRLock", "RUnlock", "LoadOrStore", "CompareAndSwap", "FromUTF8")]
    ['try_rlock', 'runlock', 'load_or_store', 'compare_and_swap', 'from_utf8']
    """
    words = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+[0-9]*", name)
    joined: list[str] = []
    for word in words:
        if joined and len(joined[-1]) == 1:
            joined[-1] += word.lower()
        else:
            joined.append(word.lower())
    return "_".join(joined)


_STRING = re.compile(r"\bstring\b")


def _bordered(function: Any, line: str, method: bool = False) -> Any:
    """Decode the strings that a Python function takes, and encode those that it returns."""
    params, results = _signature(line)
    if not any(map(_STRING.search, (*params, *results))):
        return function
    texts = [i + method for i, kind in enumerate(params) if kind == "string"]
    rest = len(params) - 1 + method if params and params[-1] == "...string" else None
    for kind in (*params, *results):
        if _STRING.search(kind) and kind not in ("string", "...string"):
            raise LookupError(f"no border for {kind} in {line}")
    out = [i for i, kind in enumerate(results) if kind == "string"]

    def taken(args: tuple[Any, ...]) -> list[Any]:
        given = list(args)
        for i in texts:
            given[i] = decode(given[i])
        if rest is not None:
            s = given.pop(rest)
            given += [decode(text) for text in (s.a[s.o : s.o + s.n] if s.n else ())]
        return given

    def returned(value: Any) -> Any:
        if not out:
            return value
        if len(results) == 1:
            return encode(value)
        values = list(value)
        for i in out:
            values[i] = encode(values[i])
        return tuple(values)

    if _is_coroutine(function):

        async def call_async(*args: Any) -> Any:
            return returned(await function(*taken(args)))

        return call_async

    def call(*args: Any) -> Any:
        return returned(function(*taken(args)))

    return call


def _signature(line: str) -> tuple[list[str], list[str]]:
    """The types of the parameters and results of a ``func`` line, as they are spelled."""
    start = _FUNC.match(line)
    assert start is not None
    rest = line[start.end() :].split("//")[0].strip()
    if rest.startswith("["):
        rest = rest[_closing(rest, 0) + 1 :]
    end = _closing(rest, 0)
    results = rest[end + 1 :].removesuffix("{").strip()
    if results.startswith("(") and _closing(results, 0) == len(results) - 1:
        results = results[1:-1]
    return _types(rest[1:end]), _types(results)


def _closing(text: str, at: int) -> int:
    depth = 0
    for i in range(at, len(text)):
        depth += (text[i] in "([{") - (text[i] in ")]}")
        if depth == 0:
            return i
    raise LookupError(text)


def _types(text: str) -> list[str]:
    parts: list[str] = []
    depth = 0
    for piece in re.split(r"([,()\[\]{}])", text):
        if piece == "," and depth == 0:
            parts.append("")
            continue
        depth += (piece in ("(", "[", "{")) - (piece in (")", "]", "}"))
        if not parts:
            parts.append("")
        parts[-1] += piece
    parts = [part.strip() for part in parts if part.strip()]
    named = any(re.match(r"\w+ (?!\()", part) and not part.startswith(_KEYWORDS) for part in parts)
    if not named:
        return parts
    found: list[str] = []
    kind = ""
    for part in reversed(parts):
        if " " in part:
            kind = part.split(" ", 1)[1].strip()
        found.append(kind)
    return found[::-1]


_KEYWORDS = ("chan ", "func ", "map ", "struct ", "interface ")


# ---- types ---------------------------------------------------------------------------------------


def zero_class(path: str, name: str) -> type | None:
    """Return the Python class that a type of a model ``is``, ready for use; None if it is none."""
    words = _declarations(path).words.get(name)
    if words is None or "is" not in words:
        return None
    cls: type = _named(path, words["is"])
    attach(path, name, cls)
    return cls


_attached: set[tuple[str, str]] = set()
_complete: set[str] = set()


def attach_all(path: str) -> None:
    """Do that for all types of a package: Python makes values of some that no Go code names."""
    if path not in _complete:
        _complete.add(path)
        for name, words in _declarations(path).words.items():
            if "is" in words and "." not in name and name not in _declarations(path).lines:
                zero_class(path, name)


def attach(path: str, name: str, cls: type) -> None:
    """Give a Python class, in all its forms, the names that Go has for its methods and fields."""
    if (path, name) in _attached:
        return
    _attached.add((path, name))
    declared = _declarations(path)
    forms = [cls, *(form for key, form in vars(cls).items() if key in ("Fast", "Counted"))]
    for key in declared.lines:
        receiver, _, method = key.partition(".")
        if receiver != name or not method:
            continue
        module = native(path)
        own = getattr(module, f"{name}_{method}", None)
        words = declared.words.get(key, {})
        if own is None and "is" in words:
            own = _bordered(_named(path, words["is"]), declared.lines[key], method=True)
        python = words.get("calls") or _snake(method)
        for form in forms:
            function = own or getattr(form, python, None)
            if function is not None and own is None:
                function = _bordered(function, declared.lines[key], method=True)
            if function is not None:
                setattr(form, method, function)
    for field in declared.structs.get(name, ()):
        if not hasattr(cls, field):
            attribute = _snake(field)
            setattr(cls, field, property(_getter(attribute), _setter(attribute)))
    if cls.__name__[0] == "_" and not hasattr(cls, "__go_type__"):
        cls.__go_type__ = f"*{path.rpartition('/')[2]}.{name}"  # type: ignore[attr-defined]
    for form in forms:
        if not hasattr(form, "copy"):
            form.copy = getattr(form, "__copy__", _copy)
        if not hasattr(form, "assign"):
            form.assign = _assign


def _getter(attribute: str) -> Callable[[Any], Any]:
    return lambda self: getattr(self, attribute)


def _setter(attribute: str) -> Callable[[Any, Any], None]:
    return lambda self, value: setattr(self, attribute, value)


def _assign(self: Any, other: Any) -> None:
    """Become a copy of `other`, in place."""
    _fill(self, other.copy())


def _copy(self: Any) -> Any:
    made = object.__new__(type(self))
    _fill(made, self)
    return made


def _fill(self: Any, other: Any) -> None:
    for cls in type(other).__mro__:
        for slot in cls.__dict__.get("__slots__", ()):
            if slot != "__weakref__" and hasattr(other, slot):
                object.__setattr__(self, slot, getattr(other, slot))
