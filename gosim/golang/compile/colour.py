"""Which functions a program has, and which of them may block: a fix-point over the whole program.

Blocking functions become coroutine functions. A function blocks if it has an operation that may
block or calls something that does. Of an indirect call only the signature is known (of a call
through an interface: the method's name and signature), so all functions of one signature that are
used as values form a `Group` with one colour, and so do methods.

Only what can be reached from ``main``, the initializers and the methods of the program's own types
is there at all: of a standard package a program gets what it uses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from gosim.golang import ast
from gosim.golang.compile.analysis import CALL, GO, VALUE, Body, analyse
from gosim.golang.errors import Unsupported
from gosim.golang.library import Binding, bind
from gosim.golang.types.lookup import lookup_field_or_method
from gosim.golang.types.objects import Func
from gosim.golang.types.predicates import type_key
from gosim.golang.types.types import Interface, Named, Pointer, Signature, TypeParam, unalias

if TYPE_CHECKING:
    from gosim.golang.packages import Build, Loaded

__all__ = ["WELL_KNOWN", "Colours", "Function", "Group", "Node", "method_of"]

#: Methods that Python code calls of values it knows nothing about.
WELL_KNOWN = ("Error", "String", "GoString", "Format", "Unwrap", "Is", "As")


class Node:
    """Something with a colour: a function, or a function literal in one."""

    __slots__ = ("blocks", "body", "callers", "function", "groups")

    def __init__(self, function: Function, body: Body | None) -> None:
        self.function = function
        self.body = body
        self.blocks = False
        self.callers: list[Node] = []
        self.groups: list[Group] = []


class Group:
    """Functions that one indirect call may reach; they are all coroutine functions, or none is.

    `foreign`: some of them are Python's and return at once although the others block.
    """

    __slots__ = ("blocks", "callers", "foreign", "members")

    def __init__(self) -> None:
        self.blocks = self.foreign = False
        self.members: list[Node] = []
        self.callers: list[Node] = []


class Function(Node):
    """An instance of a declared function or method.

    Attributes
    ----------
    func : Func
        As declared.
    targs : tuple of Type
        Type arguments, of the receiver's type for a method.
    key : str
        Its name among the globals of the generated module.
    name : str
        gc's name, which stacks show.
    native : Binding or None
        The Python behind a declaration without body.
    literals : dict of Body to Node
        The function literals inside it.
    """

    __slots__ = (
        "decl",
        "func",
        "key",
        "literals",
        "name",
        "native",
        "native_name",
        "smap",
        "targs",
        "unit",
    )

    def __init__(
        self,
        func: Func | None,
        targs: tuple[Any, ...],
        unit: Loaded,
        decl: ast.FuncDecl | None,
        body: Body | None,
        key: str,
        name: str,
        smap: dict[Any, Any],
    ) -> None:
        super().__init__(self, body)
        self.func = func
        self.targs = targs
        self.unit = unit
        self.decl = decl
        self.key = key
        self.name = name
        self.smap = smap
        self.native: Binding | None = None
        self.native_name = ""
        self.literals: dict[Body, Node] = {}


def method_of(selection: Any, resolve: Callable[[Any], Any]) -> tuple[Func, bool]:
    """Return the method that is selected and whether it is an interface's, types resolved."""
    method: Any = selection.obj
    recv = unalias(selection.recv)
    base = unalias(recv.base) if type(recv) is Pointer else recv
    if type(base) is TypeParam:
        real = resolve(selection.recv)
        found = lookup_field_or_method(real, True, method.pkg, method.name)
        method = found[0]
    owner = unalias(method.type.recv.type)
    if type(owner) is Pointer:
        owner = unalias(owner.base)
    return method, type(owner.underlying()) is Interface


class Colours:
    """The call graph of a program; `add_*` while it grows, then `solve`."""

    def __init__(self, build: Build, resolve: Callable[[Any, dict[Any, Any]], Any]) -> None:
        self.build = build
        self.resolve = resolve
        self.units: dict[str, Loaded] = {}
        self.decls: dict[Any, tuple[Loaded, ast.FuncDecl, int]] = {}
        self.inits: dict[str, list[Func]] = {}
        self.functions: dict[Any, Function] = {}
        self.order: list[Function] = []
        self.groups: dict[Any, Group] = {}
        #: Methods called through interfaces, by name; and what waits for a name to be called.
        self.called: dict[str, None] = {}
        self.waiting: dict[str, list[tuple[Any, tuple[Any, ...]]]] = {}
        self.live: set[Any] = set()
        self.keys: dict[str, int] = {}
        self.todo: list[Node] = []
        self.late = False
        #: A function that was generated already has changed its colour.
        self.stale = False
        self._bodies: dict[Any, Body] = {}
        for unit in build.packages:
            self.units[unit.path] = unit
            self._collect(unit)
        for name in WELL_KNOWN:
            self.called[name] = None

    def _collect(self, unit: Loaded) -> None:
        defs = unit.info.defs
        inits: list[Func] = []
        for file in unit.files:
            minor = unit.info.file_versions.get(file, 0)
            for decl in file.decls:
                if not isinstance(decl, ast.FuncDecl):
                    continue
                func: Any = defs.get(decl.name)
                if func is None:
                    continue
                self.decls[func] = unit, decl, minor
                if decl.name.name == "init" and decl.recv is None:
                    inits.append(func)
        self.inits[unit.path] = inits

    # -- growing ------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin with ``main`` and everything that runs before it."""
        for unit in self.build.packages:
            for func in self.inits[unit.path]:
                self.function(func, ())
            if not unit.standard:
                for func, (owner, decl, _) in self.decls.items():
                    if owner is unit and not self._generic(func) and decl.body is not None:
                        self.function(func, ())
            for func, (owner, decl, _) in self.decls.items():
                if owner is unit and decl.recv is not None and not self._generic(func):
                    self._method_waits(func, ())

    @staticmethod
    def _generic(func: Func) -> bool:
        sig = func.type
        return bool(sig.type_params or sig.recv_type_params)

    def _method_waits(self, func: Func, targs: tuple[Any, ...]) -> None:
        if func.name in self.called:
            self.function(func, targs)
        else:
            self.waiting.setdefault(func.name, []).append((func, targs))

    def _method_called(self, name: str) -> None:
        if name not in self.called:
            self.called[name] = None
            for func, targs in self.waiting.pop(name, ()):
                self.function(func, targs)

    def function(self, func: Func, targs: Iterable[Any]) -> Function:
        """Return the instance of a declared function; a new one joins the graph."""
        func = func.origin
        targs = tuple(targs)
        key = (func, tuple(map(type_key, targs))) if targs else func
        found = self.functions.get(key)
        if found is not None:
            return found
        unit, decl, minor = self.decls[func]
        sig = func.type
        params = [*(sig.recv_type_params or ()), *(sig.type_params or ())]
        smap = dict(zip(params, targs, strict=True))
        name = gc_name(func, unit, bool(targs), self.inits)
        text = f"{name[:-5] if name.endswith('[...]') else name}"
        if targs:
            text = name.replace("[...]", "[" + ",".join(map(str, targs)) + "]", 1)
        number = self.keys.get(text, 0)
        self.keys[text] = number + 1
        if number:
            text += f"#{number}"
        made = Function(func, targs, unit, decl, None, text, name, smap)
        self.functions[key] = made
        self.order.append(made)
        self.late = True
        if decl.body is None:
            self._native(made, func, decl)
        else:
            body = self._bodies.get(func)
            if body is None:
                body = self._bodies[func] = analyse(decl, unit.info, minor)
            made.body = body
            self.todo.append(made)
        if sig.recv is not None and not sig.type_params:
            # Whoever has a value of the type may call it through an interface.
            plain = self.resolve(sig, smap) if smap else sig
            self._join(made, ("method", func.id(), signature_key(plain)))
            recv = self.resolve(sig.recv.type, smap) if smap else sig.recv.type
            if targs:
                self.instance(recv)
        return made

    def instance(self, t: Any) -> None:
        """An instance of a generic type is used: its methods may be called by name."""
        t = unalias(t)
        if type(t) is Pointer:
            t = unalias(t.base)
        if type(t) is not Named or not t.type_args:
            return
        key = type_key(t)
        if key in self.live:
            return
        self.live.add(key)
        for func in t.origin.methods:
            if func in self.decls and not func.type.type_params:
                self._method_waits(func, tuple(t.type_args))

    def expression(self, unit: Loaded, name: str, body: Body) -> Function:
        """Add an initializer of a package variable as a function of its own."""
        made = Function(None, (), unit, None, body, "", name, {})
        self.todo.append(made)
        return made

    def _native(self, made: Function, func: Func, decl: ast.FuncDecl) -> None:
        unit = made.unit
        name = func.name
        recv = func.type.recv
        if recv is not None:
            t = unalias(recv.type)
            if type(t) is Pointer:
                t = unalias(t.base)
            name = f"{t.obj.name}.{name}"
        if not unit.standard:
            raise Unsupported(
                decl.name.name_pos,
                f"func {name} has its body in another package (//go:linkname): that is not "
                "simulated",
            )
        made.native_name = name
        made.native = bind(unit.path, name)
        if made.native.blocks:
            self.turn(made)
        for param in func.type.params:
            t = self.resolve(param.type, made.smap) if made.smap else param.type
            under = t.underlying()
            if type(under) is Signature and not made.native.later:
                self._group(("func", signature_key(under))).callers.append(made)
            elif type(under) is Interface:
                for i in range(under.num_methods()):
                    self._method_called(under.method(i).name)
        for result in func.type.results:
            t = self.resolve(result.type, made.smap) if made.smap else result.type
            if type(under := t.underlying()) is Signature and not made.native.blocks:
                self._group(("func", signature_key(under))).foreign = True

    def _group(self, key: Any) -> Group:
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = Group()
        return group

    def _join(self, node: Node, key: Any) -> None:
        group = self._group(key)
        if group in node.groups:
            return
        node.groups.append(group)
        group.members.append(node)
        if node.function is node and node.function.native is not None:
            group.foreign = True
        if node.blocks:
            self._turn_group(group)
        elif group.blocks:
            self.turn(node)

    # -- edges --------------------------------------------------------------------------------

    def solve(self) -> None:
        """Follow everything that was added."""
        while self.todo:
            node = self.todo.pop()
            self._follow(node)

    def _follow(self, node: Node) -> None:
        body, function = node.body, node.function
        assert body is not None
        info = body.info
        if body.blocks:
            self.turn(node)
        smap = function.smap

        def resolve(t: Any) -> Any:
            return self.resolve(t, smap) if smap else t

        for how, kind, thing in body.edges:
            if kind == "lit":
                inner = function.literals.get(thing)
                if inner is None:
                    inner = function.literals[thing] = Node(function, thing)
                    self.todo.append(inner)
                if how == CALL:
                    self._calls(node, inner)
                elif how == GO:
                    self.started(inner)
                elif how == VALUE:
                    self._join(inner, ("func", signature_key(resolve(literal_signature(thing)))))
            elif kind == "func":
                instance = info.instances.get(thing)
                targs = [resolve(t) for t in instance.type_args] if instance is not None else ()
                callee = self.function(info.uses[thing], targs)  # type: ignore[arg-type]
                if how == CALL:
                    self._calls(node, callee)
                elif how == GO:
                    self.started(callee)
                elif how == VALUE:
                    self._join(callee, ("func", signature_key(resolve_signature(callee, self))))
            elif kind == "method":
                self._method(node, how, thing, resolve)
            elif how == CALL:
                sig = resolve(info.types[thing].type).underlying()
                if type(sig) is Signature:
                    self._calls_group(node, ("func", signature_key(sig)))

    def _method(
        self, node: Node, how: int, e: ast.SelectorExpr, resolve: Callable[[Any], Any]
    ) -> None:
        assert node.body is not None
        info = node.body.info
        method, abstract = method_of(info.selections[e], resolve)
        if abstract:
            sig = resolve(method.type)
            key = ("method", method.id(), signature_key(sig))
            self._method_called(method.name)
            if how == CALL:
                self._calls_group(node, key)
            elif how == VALUE:
                group = self._group(key)
                other = self._group(("func", signature_key(resolve(info.types[e].type))))
                bridge = Node(node.function, None)
                bridge.groups += [group, other]
                group.members.append(bridge)
                other.members.append(bridge)
                if group.blocks or other.blocks:
                    self.turn(bridge)
            return
        owner = unalias(method.type.recv.type)
        if type(owner) is Pointer:
            owner = unalias(owner.base)
        targs = [resolve(t) for t in owner.type_args]
        instance = info.instances.get(e.sel)
        if instance is not None:  # the method itself is generic
            targs += [resolve(t) for t in instance.type_args]
        callee = self.function(method, targs)
        if how == CALL:
            self._calls(node, callee)
        elif how == GO:
            self.started(callee)
        elif how == VALUE:
            self._join(callee, ("func", signature_key(resolve(info.types[e].type))))

    def started(self, node: Node) -> None:
        """A function is started as a goroutine: what computes on and on must let others run."""
        if node.body is not None and node.body.unbounded:
            self.turn(node)

    def _calls(self, caller: Node, callee: Node) -> None:
        if callee.blocks:
            self.turn(caller)
        else:
            callee.callers.append(caller)

    def _calls_group(self, caller: Node, key: Any) -> None:
        group = self._group(key)
        if group.blocks:
            self.turn(caller)
        else:
            group.callers.append(caller)

    # -- colours ------------------------------------------------------------------------------

    def turn(self, node: Node) -> None:
        """Make a function a blocking one, and whoever calls it."""
        waiting = [node]
        while waiting:
            node = waiting.pop()
            if node.blocks:
                continue
            node.blocks = True
            self.stale = True
            waiting += node.callers
            node.callers = []
            for group in node.groups:
                if not group.blocks:
                    group.blocks = True
                    waiting += group.members
                    waiting += group.callers
                    group.callers = []

    def _turn_group(self, group: Group) -> None:
        if not group.blocks:
            group.blocks = True
            self.stale = True
            callers, group.callers = group.callers, []
            for node in [*group.members, *callers]:
                self.turn(node)

    # -- answers ------------------------------------------------------------------------------

    def signature_blocks(self, sig: Signature) -> tuple[bool, bool]:
        """Say whether a call through a value of this function type blocks, and if some do not."""
        group = self.groups.get(("func", signature_key(sig)))
        return (group.blocks, group.foreign) if group is not None else (False, False)

    def method_blocks(self, method: Func, sig: Signature) -> tuple[bool, bool]:
        """Say the same of a call through an interface."""
        group = self.groups.get(("method", method.id(), signature_key(sig)))
        return (group.blocks, group.foreign) if group is not None else (False, False)


def signature_key(sig: Signature) -> Any:
    """Return what is equal for signatures of the same parameters and results."""
    return (
        tuple([type_key(v.type) for v in sig.params]),
        tuple([type_key(v.type) for v in sig.results]),
        sig.variadic,
    )


def literal_signature(body: Body) -> Any:
    """Return the signature of a function literal, or of the body of a range over a function."""
    node = body.node
    if isinstance(node, ast.RangeStmt):
        sig: Any = body.info.types[node.x].type.underlying()
        if type(sig) is not Signature:
            from gosim.golang.types.under import common_under

            sig = common_under(body.info.types[node.x].type, None)[0]
        return sig.params[0].type.underlying()
    assert isinstance(node, ast.FuncLit)
    return body.info.types[node].type


def resolve_signature(callee: Function, colours: Colours) -> Any:
    """Return the signature of an instance, without type parameters."""
    assert callee.func is not None
    sig = callee.func.type
    return colours.resolve(sig, callee.smap) if callee.smap else sig


def gc_name(
    func: Func, unit: Loaded, generic: bool, inits: dict[str, list[Func]] | None = None
) -> str:
    """Return the name that gc gives a declared function: ``main.(*T).m``, ``main.Map[...]``."""
    home = unit.path.rpartition("/")
    path = home[0] + home[1] + home[2].replace(".", "%2e")
    recv = func.type.recv
    if recv is None:
        if func.name == "init" and inits is not None and func in inits[unit.path]:
            return f"{path}.init.{inits[unit.path].index(func)}"
        return f"{path}.{func.name}" + ("[...]" if generic else "")
    t = unalias(recv.type)
    pointer = type(t) is Pointer
    if pointer:
        t = unalias(t.base)
    name = t.obj.name + ("[...]" if generic else "")
    return f"{path}.(*{name}).{func.name}" if pointer else f"{path}.{name}.{func.name}"
