"""The types of selectors (Go's ``types.Selection``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gosim.golang.types.lookup import lookup_field_or_method
from gosim.golang.types.objects import Func, Package
from gosim.golang.types.types import Signature, Tuple, Type
from gosim.golang.types.typestring import Qualifier, TypeWriter

if TYPE_CHECKING:
    from gosim.golang.types.info import Selection

__all__ = ["lookup_selection", "selection_string", "selection_type"]


def selection_type(s: Selection) -> Type:
    """Return the type of ``x.f``.

    A field's type; a method's with the receiver's type; for a method expression the function whose
    first parameter is the receiver.
    """
    if s.kind == "field":
        return s.obj.type  # type: ignore[no-any-return]
    sig = s.obj.type.copy()
    assert isinstance(sig, Signature) and sig.recv is not None
    recv = sig.recv.clone(s.recv)
    if s.kind == "method":
        sig.recv = recv
    else:
        sig.recv_old = sig.recv
        sig.recv = None
        sig.params = Tuple([recv, *sig.params.vars])
    return sig


def selection_string(s: Selection, qualifier: Qualifier = None) -> str:
    """Describe a selection."""
    kind = {"field": "field", "method": "method", "methodexpr": "method expr"}[s.kind]
    writer = TypeWriter(qualifier)
    text = f"{kind} ({writer.type(s.recv)}) {s.obj.name}"
    typ = selection_type(s)
    if s.kind == "field":
        return f"{text} {writer.type(typ)}"
    assert isinstance(typ, Signature)
    return text + writer.signature(typ)


def lookup_selection(
    t: Type, addressable: bool, pkg: Package | None, name: str
) -> Selection | None:
    """Return the selection of a field or method of a value of type `t`, None if there is none."""
    from gosim.golang.types.info import Selection

    obj, index, indirect = lookup_field_or_method(t, addressable, pkg, name)
    if obj is None:
        return None
    kind = "method" if type(obj) is Func else "field"
    return Selection(kind, t, obj, index or [], indirect)
