"""Types of one instance of a generic function: the arguments in place of the type parameters.

Go's substitution leaves types alone that are declared inside the function, since they have no type
parameters of their own. Each instance of the function has its own of them: here they are copied.
"""

from __future__ import annotations

from typing import Any

from gosim.golang.types.objects import TypeName
from gosim.golang.types.predicates import type_key
from gosim.golang.types.subst import _Subster
from gosim.golang.types.types import Alias, Named, Type, TypeParam, unalias

__all__ = ["substitute"]


class _Instance(_Subster):
    __slots__ = ()

    def typ(self, t: Any) -> Any:
        cls = type(t)
        if cls is Alias and not t.origin.type_params:
            return super().typ(unalias(t))
        if cls is Named and not t.type_args and _is_local(t):
            return self.local(t)
        return super().typ(t)

    def local(self, t: Named) -> Named:
        """The type that a declaration inside the function is in this instance of it."""
        key = tuple([(p.id, type_key(a)) for p, a in self.smap.items()])
        if t.memo is None:
            t.memo = {}
        made = t.memo.get(key)
        if made is None:
            old = t.obj
            args = ",".join(_name(a) for a in self.smap.values())
            name = TypeName(old.pos, old.pkg, f"{old.name}[{args}]", None)
            made = t.memo[key] = Named(name)
            made.memo = {key: made}
            made.set_underlying(self.typ(t.underlying()))
        return made


def _is_local(t: Named) -> bool:
    """Whether a type is declared inside a function."""
    obj = t.obj
    return obj.pkg is not None and obj.parent is not None and obj.parent is not obj.pkg.scope


def _name(t: Type) -> str:
    from gosim.golang.compile.layout import text

    return text(t, True)


def substitute(t: Type, smap: dict[TypeParam, Any]) -> Type:
    """Return `t` as it is in the instance that `smap` is of."""
    if not smap:
        return t
    return _Instance(None, 0, smap, None).typ(t)  # type: ignore[no-any-return]
