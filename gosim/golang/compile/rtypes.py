"""The types of a program at run time: struct classes, boxes, descriptions.

A `TypeTable` belongs to one program. Whoever generates code asks it for the name of what a type
needs; the statements that make it come into `prelude`, in order of need. What hangs together with
the code of methods is made at the end (`attach`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable
from typing import Any

from gosim.golang.compile.build import Builder
from gosim.golang.compile.escape import Escapes
from gosim.golang.compile.layout import (
    align,
    attribute,
    basic_name,
    is_aggregate,
    method_name,
    noscan,
    signature_text,
    size,
    slot,
    text,
)
from gosim.golang.types.objects import Func, is_exported
from gosim.golang.types.predicates import comparable, type_key
from gosim.golang.types.types import (
    Array,
    Basic,
    Chan,
    Interface,
    Map,
    Named,
    Pointer,
    Signature,
    Slice,
    Struct,
    Type,
    unalias,
)

__all__ = ["TypeTable"]

#: Arrays of so many elements come into being bit by bit (`gosim.golang.values.sparse`).
_LARGE = 1 << 22
_PLAIN = ("bool", "int", "float64", "complex128", "string")
_ZEROS: dict[str, Any] = {
    "bool": False,
    "untyped bool": False,
    "string": "",
    "untyped string": "",
    "float32": 0.0,
    "float64": 0.0,
    "untyped float": 0.0,
    "complex64": 0j,
    "complex128": 0j,
    "untyped complex": 0j,
    "unsafe.Pointer": None,
    "untyped nil": None,
}


class TypeTable(Builder):
    """The run-time types of one program.

    Parameters
    ----------
    native
        Says whether a named type of the library is a Python class (``//gosim:is``).
    counts : bool
        The generated code says what it allocates (`gosim.golang.values.heap`).

    Attributes
    ----------
    prelude
        Statements that make what the generated code names; to run before any other code.
    """

    def __init__(
        self, native: Callable[[Named], bool] = lambda t: False, counts: bool = False
    ) -> None:
        self.prelude: list[ast.stmt] = []
        self.counts = counts
        #: Where slices must be, once somebody has asked.
        self.escapes: Escapes | None = None
        self._native = native
        self._names: dict[tuple[str, Hashable], str] = {}
        self._taken: dict[str, int] = {}
        # Named types whose methods are reached through interfaces, and how far `attach` has come.
        self._dynamic: list[Type] = []
        self._attached = 0
        self._completions: list[Callable[[], None]] = []
        self._open = False

    # -- names ------------------------------------------------------------------------------------

    def _name(self, what: str, t: Type) -> tuple[str, bool]:
        """The global of a thing for a type, and whether it is new."""
        key = (what, type_key(t))
        name = self._names.get(key)
        if name is not None:
            return name, False
        base = f"{what}:{text(t)}"
        n = self._taken.get(base, 0)
        self._taken[base] = n + 1
        name = self._names[key] = f"{base}#{n}" if n else base
        return name, True

    def _define(self, name: str, value: ast.expr) -> None:
        self.prelude.append(self.set(name, value))

    # -- what kind of type -------------------------------------------------------------------------

    def is_native(self, t: Type) -> bool:
        """Whether values of a type are instances of a Python class of the library."""
        t = unalias(t)
        return isinstance(t, Named) and self._native(t)

    def is_struct_pointer(self, t: Type) -> bool:
        """Whether a type is ``*T`` of a struct, so that its values are the structs themselves."""
        t = unalias(t)
        return isinstance(t, Pointer) and isinstance(t.base.underlying(), Struct)

    def plain(self, t: Type) -> str | None:
        """The Python type whose instances are values of a type in interfaces without a box."""
        t = unalias(t)
        if isinstance(t, Basic):
            name = basic_name(t).removeprefix("untyped ")
            name = {"rune": "", "float": "float64", "complex": "complex128"}.get(name, name)
            if name in _PLAIN:
                return {"float64": "float", "complex128": "complex", "string": "str"}.get(
                    name, name
                )
        return None

    # -- struct classes ----------------------------------------------------------------------------

    def struct_class(self, t: Type) -> ast.expr:
        """The class of a struct type."""
        t = unalias(t)
        name, new = self._name("class", t)
        if new:
            if self.is_native(t):
                assert isinstance(t, Named)
                assert t.obj.pkg is not None
                self._define(
                    name,
                    self.invoke("native_class", self.const(t.obj.pkg.path), self.const(t.obj.name)),
                )
            else:
                self._define_class(name, t)
        return self.name(name)

    def _define_class(self, name: str, t: Type) -> None:
        struct = t.underlying()
        assert isinstance(struct, Struct)
        slots = [attribute(struct, i) for i in range(len(struct.fields))]
        copies, assigns, sames, keys = [], [], [], []
        names = {"THIS": name}

        def use(x: ast.expr) -> str:
            """A placeholder for a name that is no identifier."""
            assert isinstance(x, ast.Name)
            placeholder = f"N{len(names)}_"
            names[placeholder] = x.id
            return placeholder

        compared = comparable(t)
        for field, attr in zip(struct.fields, slots, strict=True):
            u = field.type.underlying()
            if isinstance(u, Struct):
                copies.append(f"self.{attr}.copy()")
                assigns.append(f"self.{attr}.assign(other.{attr})")
            elif isinstance(u, Array):
                copier = self.copier(field.type)
                copied = "self.{0}[:]" if copier is None else f"{use(copier)}(self.{{0}})"
                copies.append(copied.format(attr))
                if copier is None:
                    assigns.append(f"self.{attr}[:] = other.{attr}")
                else:
                    assigns.append(f"{use(self.assigner(field.type))}(self.{attr}, other.{attr})")
            else:
                copies.append(f"self.{attr}")
                assigns.append(f"self.{attr} = other.{attr}")
            if field.name != "_" and compared:
                same = self.same(field.type)
                if same is None:
                    sames.append(f"self.{attr} == other.{attr}")
                elif same == "is":
                    sames.append(f"self.{attr} is other.{attr}")
                else:
                    sames.append(f"{use(self.name(same))}(self.{attr}, other.{attr})")
                form = self.form(field.type)
                keys.append(f"self.{attr}" if form is None else f"{use(form)}(self.{attr})")
        params = "".join(f", {s}" for s in slots)
        body = "; ".join(f"self.{s} = {s}" for s in slots) or "pass"
        source = (
            f"class THIS({use(self.helper('Struct'))}):\n"
            f"    __slots__ = ({''.join(f'{s!r}, ' for s in slots)})\n"
            f"    def __init__(self{params}): {body}\n"
            f"    def copy(self): return THIS({', '.join(copies)})\n"
            f"    def assign(self, other): {'; '.join(assigns) or 'pass'}\n"
        )
        if compared:
            source += (
                f"    def __same__(self, other): return {' and '.join(sames) or 'True'}\n"
                f"    def __key__(self): return ({''.join(f'{k}, ' for k in keys)})\n"
            )
        tree = ast.parse(source)
        made = tree.body[0]
        assert isinstance(made, ast.ClassDef)
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id in names:
                node.id = names[node.id]
        made.name = name
        self.prelude.append(made)

    # -- zero values, copies, comparison -----------------------------------------------------------

    def zero(self, t: Type) -> ast.expr:
        """A new zero value."""
        u = t.underlying()
        if isinstance(u, Basic):
            return self.const(_ZEROS.get(basic_name(u), 0))
        if isinstance(u, Slice):
            return self.helper("NIL_SLICE")
        if isinstance(u, Map):
            return self.helper("NIL_MAP")
        if isinstance(u, Struct):
            if self.is_native(t):
                return self.call(self.struct_class(t))
            if len(u.fields) <= 4 and not any(is_aggregate(f.type) for f in u.fields):
                return self.call(self.struct_class(t), *[self.zero(f.type) for f in u.fields])
            return self.call(self._zero_function(t))
        if isinstance(u, Array):
            if u.len == 0:
                return self.invoke("bytearray") if is_byte(u.elem) else self.list(())
            if u.len >= _LARGE:
                return self.method(self.elem(u.elem), "zeros", self.const(u.len))
            if is_byte(u.elem):
                return self.invoke("bytearray", self.const(u.len))
            if not is_aggregate(u.elem):
                return self.binary("*", self.list([self.zero(u.elem)]), self.const(u.len))
            return self.call(self._zero_function(t))
        return self.const(None)

    def _zero_function(self, t: Type) -> ast.expr:
        name, new = self._name("zero", t)
        if new:
            u = t.underlying()
            if isinstance(u, Struct):
                made: ast.expr = self.call(
                    self.struct_class(t), *[self.zero(f.type) for f in u.fields]
                )
            else:
                assert isinstance(u, Array)
                made = self._each("_", self.zero(u.elem), self.invoke("range", self.const(u.len)))
            self._define(name, self.lambda_((), made))
        return self.name(name)

    def _each(self, name: str, value: ast.expr, over: ast.expr) -> ast.expr:
        """``[value for name in over]``."""
        turn = ast.comprehension(self.target(name), over, [], 0)
        return ast.ListComp(value, [turn], lineno=self.line, col_offset=0)

    def copied(self, x: ast.expr, t: Type) -> ast.expr:
        """A copy of `x`, a struct or array; other values themselves."""
        u = t.underlying()
        if isinstance(u, Struct):
            return self.method(x, "copy")
        if isinstance(u, Array):
            copier = self.copier(t)
            if copier is None:
                return self.index(x, self.slice(None, None))
            return self.call(copier, x)
        return x

    def copier(self, t: Type) -> ast.expr | None:
        """A function that copies values; of structs a method; None where a slice does it."""
        u = t.underlying()
        if isinstance(u, Struct):
            return self.attr(self.struct_class(t), "copy")
        assert isinstance(u, Array)
        if not is_aggregate(u.elem):
            return None
        name, new = self._name("copy", t)
        if new:
            each = self.copied(self.name("x"), u.elem)
            self._define(name, self.lambda_(("xs",), self._each("x", each, self.name("xs"))))
        return self.name(name)

    def assigner(self, t: Type) -> ast.expr:
        """A function ``assign(to, from)`` of a struct or array type."""
        u = t.underlying()
        if isinstance(u, Struct):
            return self.attr(self.struct_class(t), "assign")
        assert isinstance(u, Array)
        if not is_aggregate(u.elem):
            return self.helper("assign_array")
        name, new = self._name("assign", t)
        if new:
            self._define(name, self.invoke("array_assigner", self.assigner(u.elem)))
        return self.name(name)

    def same(self, t: Type) -> str | None:
        """The global of a function for ==; ``"is"`` for identity; None where Python's is Go's."""
        u = t.underlying()
        if isinstance(u, Interface):
            return "go:interface_equal"
        if isinstance(u, Struct):
            if self.is_native(t):
                return None  # its class knows: `time.Time` compares, a lock is only itself
            name, new = self._name("same", t)
            if new:
                self._define(name, self.attr(self.struct_class(t), "__same__"))
            return name
        if isinstance(u, Array):
            name, new = self._name("same", t)
            if new:
                inner = self.same(u.elem)
                each = {None: "go:equal_values", "is": "go:is_same"}.get(inner, inner)
                assert each is not None
                self._define(name, self.invoke("array_comparer", self.name(each)))
            return name
        if isinstance(u, Pointer):
            return "is" if isinstance(u.base.underlying(), Struct) else "go:pointer_equal"
        if isinstance(u, Chan):
            return "is"
        return None

    def form(self, t: Type) -> ast.expr | None:
        """The function that makes map keys; None where keys stand for themselves."""
        u = t.underlying()
        if isinstance(u, Interface):
            return self.helper("interface_form")
        if isinstance(u, Basic):
            name = basic_name(u)
            return self.helper("float_form") if name.startswith(("float", "complex")) else None
        if isinstance(u, Struct):
            if self.is_native(t):
                return None
            name, new = self._name("form", t)
            if new:
                self._define(name, self.attr(self.struct_class(t), "__key__"))
            return self.name(name)
        if isinstance(u, Array):
            name, new = self._name("form", t)
            if new:
                inner = self.form(u.elem) or self.helper("identity")
                self._define(name, self.invoke("array_form", inner))
            return self.name(name)
        if isinstance(u, Pointer) and isinstance(u.base.underlying(), Array):
            return self.helper("pointer_form")
        return None

    # -- slices ------------------------------------------------------------------------------------

    def elem(self, t: Type) -> ast.expr:
        """The `gosim.golang.values.slices.Elem` of an element type."""
        name, new = self._name("elem", t)
        if new:
            args: list[ast.expr] = [self.const(size(t)), self.const(noscan(t))]
            if is_aggregate(t):
                copier = self.copier(t)
                args += [
                    self.const(None),
                    self.lambda_((), self.zero(t)),
                    self.helper("copy_array") if copier is None else copier,
                    self.assigner(t),
                ]
            else:
                args.append(self.zero(t))
                if is_byte(t):
                    args += [self.const(None)] * 3
                    args.append(self.const(True))
            self._define(name, self.invoke("Elem", *args))
        return self.name(name)

    # -- memory ---------------------------------------------------------------------------------

    def allocated(self, x: ast.expr, t: Type) -> ast.expr:
        """`x`, a new value of type `t` that a pointer is made to."""
        u = t.underlying()
        if isinstance(u, (Struct, Array)):
            if not self.counts or self.is_native(t):
                return x
            helper = "new_object" if isinstance(u, Struct) else "new_array"
            return self.invoke(helper, x, self.const(size(t)), self.const(noscan(t)))
        if not self.counts:
            return self.invoke("Cell", x)
        return self.invoke("Cell", x, self.const(size(t)), self.const(noscan(t)))

    def chan_elem(self, t: Type) -> ast.expr:
        """What a channel is told of the type of its elements."""
        n = size(t)
        if not self.counts or not n or (n == 8 and noscan(t)):
            return self.const(text(t))
        name, new = self._name("chan", t)
        if new:
            parts = [self.const(part) for part in (text(t), n, align(t), noscan(t))]
            self._define(name, self.invoke("chan_elem", *parts))
        return self.name(name)

    def map_type(self, t: Map) -> ast.expr:
        """The description of the memory of maps of a type."""
        name, new = self._name("map", t)
        if new:
            parts = [
                self.const((size(part), align(part), not noscan(part))) for part in (t.key, t.elem)
            ]
            self._define(name, self.invoke("map_type", *parts))
        return self.name(name)

    # -- interfaces --------------------------------------------------------------------------------

    def iface(self, t: Type) -> ast.expr:
        """The `gosim.golang.values.interfaces.Iface` of an interface type."""
        name, new = self._name("iface", t)
        if new:
            self._define(
                name, self.invoke("Iface", self.const(text(t)), self._methods_of_interface(t))
            )
        return self.name(name)

    def _methods_of_interface(self, t: Type) -> ast.expr:
        u = t.underlying()
        assert isinstance(u, Interface)
        found = {method_name(m): "func" + signature_text(m.type) for m in u.type_set().methods}
        return self._texts(found)

    def _texts(self, texts: dict[str, str]) -> ast.expr:
        return self.dict([self.const(k) for k in texts], [self.const(v) for v in texts.values()])

    def box(self, t: Type) -> ast.expr:
        """The class of the values of `t` in interfaces, for what is in boxes; else their class."""
        t = unalias(t)
        plain = self.plain(t)
        if plain is not None:
            return self.helper(plain)
        if self.is_struct_pointer(t):
            self.rtype(t)
            assert isinstance(t, Pointer)
            return self.struct_class(t.base)
        rtype = self.rtype(t)
        name, new = self._name("box", t)
        if new:
            self._define(name, self.attr(rtype, "cls"))
        return self.name(name)

    def nil_box(self, t: Type) -> ast.expr:
        """The nil pointer of type `t`, a pointer to a struct, in an interface."""
        rtype = self.rtype(t)
        name, new = self._name("nil", t)
        if new:
            self._define(name, self.method(rtype, "box", self.const(None)))
        return self.name(name)

    def rtype(self, t: Type) -> ast.expr:
        """The `gosim.golang.values.rtype.RType` of a type."""
        t = unalias(t)
        if isinstance(t, Basic):
            name = basic_name(t).removeprefix("untyped ")
            name = {"rune": "int32", "float": "float64", "complex": "complex128"}.get(name, name)
            return self.index(self.helper("BASIC"), self.const(name))
        name, new = self._name("type", t)
        if not new:
            return self.name(name)
        outermost, self._open = not self._open, True
        if isinstance(t, Named):
            self._define(name, self._begin(t))
            self._completions.append(lambda: self._complete(name, t))
            if isinstance(t.underlying(), Struct):
                # Boxes of struct values and the pointer's class find each other.
                self._dynamic.append(t)
            elif not isinstance(t.underlying(), Interface):
                self._dynamic.append(t)
        elif isinstance(t, Pointer) and isinstance(t.base.underlying(), Struct):
            base = self.rtype(t.base)
            cls = self.struct_class(t.base)
            self._define(name, self.invoke("struct_pointer", base, cls))
            self._dynamic.append(t)
        else:
            self._define(name, self._composite(t))
            if isinstance(t, (Pointer, Struct)):
                self._dynamic.append(t)
        if outermost:
            while self._completions:
                self._completions.pop(0)()
            self._open = False
        return self.name(name)

    def _begin(self, t: Named) -> ast.expr:
        pkg = t.obj.pkg
        if pkg is None:
            assert t.obj.name == "error"
            return self.helper("ERROR")
        args = self.list([self.rtype(a) for a in t.type_args])
        name = self.const(t.obj.name)
        return self.invoke("named", self.const(pkg.path), self.const(pkg.name), name, args)

    def _complete(self, name: str, t: Named) -> None:
        if t.obj.pkg is None:
            return
        under = self.rtype(t.underlying())
        self.prelude.append(
            self.do(self.invoke("complete", self.name(name), under, self._texts({})))
        )
        if isinstance(t.underlying(), Interface):
            self.prelude.append(
                self.assign(self.attr(self.name(name), "methods"), self._methods_of_interface(t))
            )

    def _composite(self, t: Type) -> ast.expr:
        if isinstance(t, Pointer):
            return self.invoke("pointer_to", self.rtype(t.base))
        if isinstance(t, Slice):
            return self.invoke("slice_of", self.rtype(t.elem))
        if isinstance(t, Array):
            return self.invoke("array_of", self.const(t.len), self.rtype(t.elem))
        if isinstance(t, Map):
            return self.invoke("map_of", self.rtype(t.key), self.rtype(t.elem))
        if isinstance(t, Chan):
            direction = self.const(("", "send", "recv")[t.dir])
            return self.invoke("chan_of", direction, self.rtype(t.elem))
        if isinstance(t, Signature):
            params = self.list([self.rtype(v.type) for v in t.params])
            results = self.list([self.rtype(v.type) for v in t.results])
            return self.invoke("func_of", params, results, self.const(t.variadic))
        if isinstance(t, Interface):
            return self.invoke("interface_of", self._methods_of_interface(t))
        assert isinstance(t, Struct), t
        fields = [
            self.invoke(
                "Field",
                self.const(f.name),
                self.rtype(f.type),
                self.const(attribute(t, i)),
                self.const(is_exported(f.name)),
                self.const(f.embedded),
                self.const(t.tag(i)),
            )
            for i, f in enumerate(t.fields)
        ]
        pkg = next((f.pkg.path for f in t.fields if not is_exported(f.name) and f.pkg), "")
        return self.invoke("struct_of", self.list(fields), self.const(pkg))

    # -- methods -----------------------------------------------------------------------------------

    def attach(self, function: Callable[[Func, list[Type]], ast.expr]) -> list[ast.stmt]:
        """Statements that give classes the methods of types that went into interfaces.

        Parameters
        ----------
        function
            Gives the Python function of a method for the type arguments of the receiver's type; it
            may want to generate it first. So call `attach` again until it returns nothing.
        """
        out: list[ast.stmt] = []
        while self._attached < len(self._dynamic):
            t = self._dynamic[self._attached]
            self._attached += 1
            _Attacher(self, t, function, out).run()
        return out


class _Attacher(Builder):
    """Gives the class of one dynamic type its methods."""

    def __init__(
        self,
        table: TypeTable,
        t: Type,
        function: Callable[[Func, list[Type]], ast.expr],
        out: list[ast.stmt],
    ) -> None:
        self.table = table
        self.t = t
        self.function = function
        self.out = out

    def run(self) -> None:
        from gosim.golang.compile.methods import method_set

        table, t = self.table, self.t
        base = t.base if isinstance(t, Pointer) else t
        found = method_set(t)
        if not found:
            return
        direct = table.is_struct_pointer(t)
        rtype = table.rtype(t)
        texts = table._texts({m.attribute: "func" + signature_text(m.type) for m in found})
        self.out.append(self.assign(self.attr(rtype, "methods"), texts))
        if direct and table.is_native(base):
            return  # the class has had its methods from the library
        cls = table.box(t)
        for m in found:
            self._attach(cls, m, direct)
        if direct:
            self._attach_nil(rtype, found, base)

    def _attach(self, cls: ast.expr, m: Any, direct: bool) -> None:
        names = [f".{i}" for i in range(len(m.type.params))]
        value: ast.expr
        if direct and len(m.path) == 0 and m.pointer and not m.abstract:
            value = self.function(m.func, m.type_args)
        else:
            me: ast.expr = self.name("self")
            if not direct:
                me = self.attr(me, "v")
            value = self.lambda_(["self", *names], self._call(me, m, names))
        self._set(cls, m.attribute, value)
        self._spelled(cls, m)

    def _call(self, me: ast.expr, m: Any, names: list[str]) -> ast.expr:
        """The call of a method of what `me` leads to."""
        table = self.table
        at = unalias(self.t)
        via: ast.expr | None = None
        for struct, i in m.path:
            via = me
            name = attribute(struct, i)
            me = self.attr(me, name)
            at = unalias(struct.fields[i].type)
        args = [self.name(n) for n in names]
        if m.abstract:
            return self.method(me, m.attribute, *args)
        held = at.base if isinstance(at, Pointer) else at
        f = self.function(m.func, m.type_args)
        if m.pointer:
            if not isinstance(at, Pointer) and not is_aggregate(at) and via is not None:
                struct, i = m.path[-1]
                me = self.invoke("field_pointer", via, self.const(attribute(struct, i)))
            return self.call(f, me, *args)
        if isinstance(at, Pointer) and not is_aggregate(held):
            me = self.attr(me, "v")
        return self.call(f, table.copied(me, held), *args)

    def _set(self, cls: ast.expr, name: str, value: ast.expr) -> None:
        self.out.append(self.assign(self.attr(cls, name), value))

    def _spelled(self, cls: ast.expr, m: Any) -> None:
        """Python's spelling of the methods that gosim's own modules look for."""
        python = {"Error": "error", "String": "string"}.get(m.attribute)
        if python is None or signature_text(m.type) != "() string":
            return
        me = self.method(self.name("self"), m.attribute)
        self._set(cls, python, self.lambda_(["self"], self.invoke("decode", me)))

    def _attach_nil(self, rtype: ast.expr, found: list[Any], base: Type) -> None:
        """The methods of the class that stands for a nil pointer in an interface."""
        nil = self.attr(self.invoke("nil_class", rtype), "")
        for m in found:
            names = [f".{i}" for i in range(len(m.type.params))]
            params = ["self", *names]
            args = [self.name(n) for n in names]
            if m.path:
                body: ast.expr = self._call(self.const(None), m, names)
            elif m.pointer:
                body = self.call(self.function(m.func, m.type_args), self.const(None), *args)
            else:
                named = unalias(base)
                pkg = named.obj.pkg.name if isinstance(named, Named) and named.obj.pkg else ""
                body = self.invoke(
                    "nil_receiver",
                    self.const(pkg),
                    self.const(named.obj.name if isinstance(named, Named) else ""),
                    self.const(m.func.name),
                )
            assert isinstance(nil.value, ast.expr)
            self._set(nil.value, m.attribute, self.lambda_(params, body))
            self._spelled(nil.value, m)


def is_byte(t: Type) -> bool:
    """Whether cells of a type lie in a bytearray."""
    u = t.underlying()
    return isinstance(u, Basic) and basic_name(u) == "uint8"


__all__ += ["is_byte", "slot"]
