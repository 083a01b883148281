"""Types and objects as text."""

from __future__ import annotations

# Types nest: a generator in any() would take C stack for every level, a list or loop does not.
# ruff: noqa: C419
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from gosim.golang.types.objects import (
    Builtin,
    Const,
    Func,
    Label,
    Nil,
    Object,
    Package,
    PkgName,
    TypeName,
    Var,
    is_exported,
)
from gosim.golang.types.predicates import is_type_param
from gosim.golang.types.types import (
    EMPTY_INTERFACE,
    RECV_ONLY,
    SEND_ONLY,
    UNSAFE_POINTER,
    Alias,
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
    Tuple,
    Type,
    TypeParam,
    Union,
    as_named,
)

if TYPE_CHECKING:
    from gosim.golang.types.scope import Scope  # noqa: F401

#: Says what stands before the names of a package; None spells import paths.
Qualifier: TypeAlias = "Callable[[Package], str] | None"


def package_prefix(pkg: Package | None, qualifier: Qualifier = None) -> str:
    """Return the qualification of names of `pkg` with its dot, empty if there is none."""
    if pkg is None:
        return ""
    s = pkg.path if qualifier is None else qualifier(pkg)
    return s + "." if s else ""


def relative_to(pkg: Package) -> Callable[[Package], str]:
    """Return a qualifier that leaves names of `pkg` bare and spells other import paths."""
    return lambda other: "" if other is pkg else other.path


class TypeWriter:
    """Spells types.

    Parameters
    ----------
    qualifier
        For the names of packages.
    place
        Spells a position; for type parameters that hide predeclared names.
    param_names
        Whether parameters get their names.
    pkg_info
        Name the package of the first unexported field of a struct.
    """

    __slots__ = ("param_names", "pkg_info", "place", "qualifier", "seen")

    def __init__(
        self,
        qualifier: Qualifier = None,
        place: Callable[[int], str] | None = None,
        *,
        param_names: bool = True,
        pkg_info: bool = False,
    ) -> None:
        self.qualifier = qualifier
        self.place = place
        self.param_names = param_names
        self.pkg_info = pkg_info
        self.seen: list[Type] = []

    def type(self, t: Any) -> str:
        """Spell a type."""
        if t is None:
            return "<nil>"
        cls = type(t)
        if cls is Basic:
            if t.kind == UNSAFE_POINTER:
                return self._unsafe() + "Pointer"
            return t.name  # type: ignore[no-any-return]
        if cls is Named and not t.type_args and not t._type_params:
            return package_prefix(t.obj.pkg, self.qualifier) + t.obj.name  # type: ignore[no-any-return]
        if any([each is t for each in self.seen]):
            return f"<cycle to *{cls.__name__}>"
        self.seen.append(t)
        text = self._composite(t)
        self.seen.pop()
        return text

    def _unsafe(self) -> str:
        from gosim.golang.types.universe import UNSAFE

        return package_prefix(UNSAFE, self.qualifier)

    def _composite(self, t: Any) -> str:
        match t:
            case Named():
                text = package_prefix(t.obj.pkg, self.qualifier) + t.obj.name
                if t.type_args:
                    return text + self.type_list(t.type_args)
                return text + self.tparam_list(t.type_params)
            case Pointer():
                return "*" + self.type(t.base)
            case Slice():
                return "[]" + self.type(t.elem)
            case Array():
                return f"[{t.len}]{self.type(t.elem)}"
            case Map():
                return f"map[{self.type(t.key)}]{self.type(t.elem)}"
            case Chan():
                return self._chan(t)
            case Struct():
                return self._struct(t)
            case Tuple():
                return self.tuple(t, False)
            case Signature():
                return "func" + self.signature(t)
            case Interface():
                return self._interface(t)
            case Union():
                return " | ".join(
                    [("~" if each.tilde else "") + self.type(each.type) for each in t.terms]
                )
            case TypeParam():
                return self._type_param(t)
            case Alias():
                text = package_prefix(t.obj.pkg, self.qualifier) + t.obj.name
                if t.type_args:
                    return text + self.type_list(t.type_args)
                if t.type_params:
                    return text + self.tparam_list(t.type_params)
                return text
        raise TypeError(f"no spelling for {type(t).__name__}")

    def _chan(self, t: Chan) -> str:
        inner = self.type(t.elem)
        if t.dir == SEND_ONLY:
            return "chan<- " + inner
        if t.dir == RECV_ONLY:
            return "<-chan " + inner
        if type(t.elem) is Chan and t.elem.dir == RECV_ONLY:
            return f"chan ({inner})"
        return "chan " + inner

    def _struct(self, t: Struct) -> str:
        parts = []
        for i, f in enumerate(t.fields):
            annotate = self.qualifier is None and self.pkg_info and not is_exported(f.name)
            if annotate:
                # Once is enough.
                self.pkg_info = False
            text = self.type(f.type) if f.embedded else f"{f.name} {self.type(f.type)}"
            if annotate and f.pkg is not None:
                text += f" /* package {f.pkg.path} */ "
            tag = t.tag(i)
            if tag:
                from gosim.golang.types.constant import quote

                text += " " + quote(tag)
            parts.append(text)
        return "struct{" + "; ".join(parts) + "}"

    def _interface(self, t: Interface) -> str:
        from gosim.golang.types.universe import universe_comparable

        comparable = as_named(universe_comparable.type)
        if comparable is not None and t is comparable.safe_underlying():
            return "interface{comparable}"
        prefix = ""
        if t.implicit:
            if not t.methods and len(t.embeddeds) == 1:
                return self.type(t.embeddeds[0])
            prefix = "/* implicit */ "
        parts = [m.name + self.signature(m.type) for m in t.methods]
        parts.extend([self.type(each) for each in t.embeddeds])
        return prefix + "interface{" + "; ".join(parts) + "}"

    def _type_param(self, t: TypeParam) -> str:
        from gosim.golang.types.universe import UNIVERSE

        name = t.obj.name
        # A predeclared name would mislead.
        if UNIVERSE.lookup(name) is not None:
            at = str(t.obj.pos) if self.place is None else self.place(t.obj.pos)
            return f"{name} /* with {name} declared at {at} */"
        return name

    def type_list(self, types: list[Type]) -> str:
        """Spell type arguments in brackets."""
        return "[" + ", ".join([self.type(t) for t in types]) + "]"

    def tparam_list(self, params: list[TypeParam]) -> str:
        """Spell the declaration of type parameters in brackets."""
        text = ""
        prev: Any = None
        for i, p in enumerate(params):
            if i > 0:
                if p.bound is not prev:
                    text += " " + self.type(prev)
                text += ", "
            prev = p.bound
            text += self.type(p)
        if prev is not None:
            text += " " + self.type(prev)
        return f"[{text}]"

    def tuple(self, t: Tuple, variadic: bool) -> str:
        """Spell parameters or results in parentheses."""
        parts = []
        last = len(t.vars) - 1
        for i, v in enumerate(t.vars):
            if variadic and i == last:
                if type(v.type) is Slice:
                    text = "..." + self.type(v.type.elem)
                else:
                    # append([]byte, string...)
                    text = self.type(v.type) + "..."
            else:
                text = self.type(v.type)
            parts.append(f"{v.name} {text}" if v.name and self.param_names else text)
        return "(" + ", ".join(parts) + ")"

    def signature(self, sig: Signature) -> str:
        """Spell type parameters, parameters and results."""
        text = self.tparam_list(sig.type_params) if sig.type_params else ""
        text += self.tuple(sig.params, sig.variadic)
        results = sig.results.vars
        if not results:
            return text
        if len(results) == 1 and not results[0].name:
            return f"{text} {self.type(results[0].type)}"
        return f"{text} {self.tuple(sig.results, False)}"


def type_string(
    t: Type | None, qualifier: Qualifier = None, place: Callable[[int], str] | None = None
) -> str:
    """Spell a type."""
    return TypeWriter(qualifier, place).type(t)


def func_name(f: Func, qualifier: Qualifier = None) -> str:
    """Spell the name of a function with package or receiver."""
    prefix = ""
    sig = f.type
    if sig is not None:
        if sig.recv is not None:
            recv = sig.recv.type
            inside = "interface" if type(recv) is Interface else type_string(recv, qualifier)
            prefix = f"({inside})."
        else:
            prefix = package_prefix(f.pkg, qualifier)
    return prefix + f.name


def object_string(
    obj: Object, qualifier: Qualifier = None, place: Callable[[int], str] | None = None
) -> str:
    """Describe an object: kind, name, type."""
    typ: Any = obj.type
    writer = TypeWriter(qualifier, place)
    match obj:
        case PkgName():
            path = obj.imported.path
            return f"package {obj.name}" + (f' ("{path}")' if path and path != obj.name else "")
        case Const():
            text = "const"
        case TypeName():
            text = "type parameter" if typ is not None and is_type_param(typ) else "type"
        case Var():
            text = "field" if obj.is_field else "var"
        case Func():
            text = "func " + func_name(obj, qualifier)
            return text if typ is None else text + writer.signature(typ)
        case Label():
            text, typ = "label", None
        case Builtin():
            text, typ = "builtin", None
        case Nil():
            return "nil"
        case _:
            raise TypeError(f"no description for {type(obj).__name__}")
    text += " "
    if obj.pkg is not None and obj.pkg.scope.lookup(obj.name) is obj:
        text += package_prefix(obj.pkg, qualifier)
    text += obj.name
    if typ is None:
        return text
    if isinstance(obj, TypeName):
        if type(typ) is Basic:
            return text
        if (type(typ) is Named or type(typ) is Alias) and typ.type_params:
            text += writer.tparam_list(typ.type_params)
        if obj.is_alias():
            text += " ="
            if type(typ) is Alias:
                typ = typ.from_rhs
        elif type(typ) is TypeParam:
            typ = typ.bound
        else:
            typ = typ.underlying()
    if obj.name == "any" and obj.pkg is None and type(obj) is TypeName:
        typ = EMPTY_INTERFACE
    return f"{text} {writer.type(typ)}"
