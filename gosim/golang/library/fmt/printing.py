"""Printing of values with their Go types (Go: ``print.go``).

Flags, widths and numbers are shaped by `gosim.std.fmt.Format`, which Python programs use, too; here
is what to print of a value, which its run-time type decides.  `Printer` is written for methods that
cannot block; `blocking` derives the form that awaits them.

Texts in `Printer.out` are Go strings, one character per byte.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from gosim.golang.library.fmt import reading
from gosim.golang.library.fmt.formats import parsed
from gosim.golang.library.fmt.shapes import fields
from gosim.golang.values import rtype as types
from gosim.golang.values.panics import as_panic
from gosim.golang.values.rtype import RType, rtype
from gosim.golang.values.strings import decode, encode
from gosim.runtime.panic import _NO_PANIC, GoExit
from gosim.std.fmt import FLOATS, TOO_LARGE, Format

__all__ = ["Callbacks", "Printer", "blocking"]

_NIL = "<nil>"
_BASES = frozenset("vdboOxX")
_TEXT_VERBS = frozenset("vsxXq")
_BYTES_VERBS = frozenset("sqxX")

_INTEGERS = range(types.INT, types.UINTPTR + 1)
_SIGNED = range(types.INT, types.INT64 + 1)
_ADDRESSED = frozenset(
    (types.CHAN, types.FUNC, types.MAP, types.POINTER, types.SLICE, types.UNSAFE_POINTER)
)
_COMPOSITE = frozenset((types.ARRAY, types.SLICE, types.STRUCT, types.MAP))
_BITS = {types.FLOAT32: 32, types.FLOAT64: 64, types.COMPLEX64: 32, types.COMPLEX128: 64}

Callbacks = tuple[Callable[[Any], Any], ...]
"""How to call ``Error``, ``String``, ``GoString`` and ``Format`` of an interface value."""

_ERROR, _STRING, _GO_STRING, _FORMAT = range(4)
_NAMES = ("Error", "String", "GoString", "Format")


class Printer:
    """Prints values one after another into `out` (Go: ``pp``)."""

    __slots__ = ("bare", "calls", "erroring", "f", "out", "panicking", "wrap", "wrapped")

    def __init__(self, calls: Callbacks, wrap: bool = False) -> None:
        self.calls = calls
        self.out: list[str] = []
        self.f = Format()
        self.bare = True  # neither flags nor width nor precision
        self.erroring = False  # inside a %!verb(...) text: call no methods
        self.panicking = False  # printing the value of a panic of such a method
        self.wrap = wrap  # %w is allowed
        self.wrapped: list[int] = []  # arguments of %w, by number

    # -- values -------------------------------------------------------------------------------

    def emit(self, text: str) -> None:
        """Put out a readable text."""
        self.out.append(text if text.isascii() else encode(text))

    def arg(self, value: Any, verb: str) -> None:
        """Print an argument: a value in an interface."""
        if value is None:
            if verb in "Tv":
                self.emit(self.f.pad(_NIL))
            else:
                self.bad_verb(None, None, None, verb)
            return
        t = rtype(type(value)) or reading.foreign(value)
        if verb == "T":
            self.emit(self.f.string(decode(t.text)))
        elif verb == "p":
            self.pointer(types.unbox(value), t, verb)
        elif t.name and not t.pkg and t.kind not in _ADDRESSED:
            self.value(types.unbox(value), t, verb, 0)
        elif t.text == "[]uint8":
            self.bytes(types.unbox(value), t, verb, "[]byte")  # here %#v has the name []byte
        elif not self.by_method(value, t, verb):
            self.value(types.unbox(value), t, verb, 0)

    def part(self, raw: Any, t: RType, verb: str, depth: int, exported: bool) -> None:
        """Print a value that is inside another; of an unexported field without its methods."""
        if t.kind == types.INTERFACE:
            if raw is None:
                self.out.append(f"{t.text}(nil)" if self.f.sharp_v else _NIL)
                return
            t = reading.type_of(raw)
            if exported and (reading.printable(t) or verb == "w"):
                if self.by_method(raw, t, verb):
                    return
            self.value(types.unbox(raw), t, verb, depth + 1, exported)
        else:
            if exported and (reading.printable(t) or verb == "w"):
                if self.by_method(t.box(raw), t, verb):
                    return
            self.value(raw, t, verb, depth, exported)

    def value(self, raw: Any, t: RType, verb: str, depth: int, exported: bool = True) -> None:
        """Print a value by its kind."""
        kind = t.kind
        if kind in _INTEGERS:
            self.integer(raw, t, verb)
        elif kind == types.STRING:
            if verb in _TEXT_VERBS:
                self.text(raw, verb)
            else:
                self.bad_verb(raw, t, None, verb)
        elif kind == types.STRUCT:
            self.struct(raw, t, verb, depth, exported)
        elif kind == types.POINTER:
            # Only at the top is what it points to shown: there may be a cycle further down.
            assert t.elem is not None
            if depth == 0 and raw is not None and t.elem.kind in _COMPOSITE:
                self.out.append("&")
                self.part(reading.target(raw, t), t.elem, verb, depth + 1, exported)
            else:
                self.pointer(raw, t, verb)
        elif kind in (types.SLICE, types.ARRAY):
            self.sequence(raw, t, verb, depth, exported)
        elif kind == types.MAP:
            self.map(raw, t, verb, depth, exported)
        elif kind == types.BOOL:
            if verb in "tv":
                self.emit(self.f.pad("true" if raw else "false"))
            else:
                self.bad_verb(raw, t, None, verb)
        elif kind in _BITS:
            if verb not in FLOATS:
                self.bad_verb(raw, t, None, verb)
            elif kind in (types.FLOAT32, types.FLOAT64):
                self.emit(self.f.number(raw, *FLOATS[verb], _BITS[kind]))
            else:
                self.complex(raw, verb, _BITS[kind])
        else:
            self.pointer(raw, t, verb)

    def by_method(self, value: Any, t: RType, verb: str) -> bool:
        """Print a Formatter, error or Stringer by its method; tell whether that was done."""
        if self.erroring:
            return False
        known = reading.methods(t)
        if verb == "w":
            # Valid only in Errorf and only for errors; otherwise it is %v.
            if not (self.wrap and known[_ERROR]):
                self.bad_verb(types.unbox(value), t, value, verb)
                return True
            verb = "v"
        if known[_FORMAT]:
            self.call(_FORMAT, value, t, verb)
            return True
        if self.f.sharp_v:
            if not known[_GO_STRING]:
                return False
            text = self.call(_GO_STRING, value, t, verb)
            if text is not None:
                self.emit(self.f.string(decode(text)))
            return True
        if verb in _TEXT_VERBS:
            for which in (_ERROR, _STRING):
                if known[which]:
                    text = self.call(which, value, t, verb)
                    if text is not None:
                        self.text(text, verb)
                    return True
        return False

    def call(self, which: int, value: Any, t: RType, verb: str) -> str | None:
        """Call a method; on a panic print a note about it and return None."""
        try:
            function = self.calls[which]
            if which == _FORMAT:
                self.invoke(function, value, self, _code(verb))
                return None
            name = _NAMES[which]
            if reading.is_foreign(value, name):
                return encode(reading.foreign_text(value, name))
            text: str = self.invoke(function, value)
            return text
        except (GoExit, RecursionError, MemoryError, *_NO_PANIC):
            raise
        except BaseException as error:
            if t.kind == types.POINTER and types.unbox(value) is None:
                self.out.append(_NIL)
                return None
            if self.panicking:
                raise
            saved, bare = self.f, self.bare
            self.f, self.bare = Format(), True
            self.out.append(f"%!{encode(verb)}(PANIC={_NAMES[which]} method: ")
            self.panicking = True
            self.arg(as_panic(error).value, "v")
            self.panicking = False
            self.out.append(")")
            self.f, self.bare = saved, bare
            return None

    def invoke(self, function: Callable[..., Any], *args: Any) -> Any:
        """Call a function of the program."""
        return function(*args)

    def bad_verb(self, raw: Any, t: RType | None, value: Any, verb: str) -> None:
        """Print ``%!verb(type=value)``: the verb does not fit the value."""
        self.out.append(f"%!{encode(verb)}(")
        if t is None:
            self.out.append(_NIL)
        else:
            erroring, self.erroring = self.erroring, True
            self.out.append(t.text + "=")
            self.value(raw, t, "v", 0)
            self.erroring = erroring
        self.out.append(")")

    def integer(self, raw: int, t: RType, verb: str) -> None:
        if self.bare and verb in "vd":
            self.out.append(str(raw))
            return
        f = self.f
        if verb == "v" and f.sharp_v and t.kind not in _SIGNED:
            self.emit(self.hex(raw, True))
        elif verb in _BASES:
            self.emit(f.integer(raw, verb))
        elif verb == "c":
            self.emit(f.character(raw))
        elif verb == "q":
            self.emit(f.quoted_character(raw))
        elif verb == "U":
            self.emit(f.unicode(raw))
        else:
            self.bad_verb(raw, t, None, verb)

    def complex(self, raw: complex, verb: str, bits: int) -> None:
        f = self.f
        real = f.number(raw.real, *FLOATS[verb], bits)
        plus, f.plus = f.plus, True  # the imaginary part always has a sign
        imaginary = f.number(raw.imag, *FLOATS[verb], bits)
        f.plus = plus
        self.emit(f"({real}{imaginary}i)")

    def text(self, text: str, verb: str) -> None:
        """Print a Go string with one of ``v s x X q``."""
        f = self.f
        if verb == "q" or (verb == "v" and f.sharp_v):
            self.emit(f.quoted(decode(text)))
        elif verb in "xX":
            self.emit(f.hexadecimal(text.encode("latin-1"), verb))
        elif f.width is None and f.precision is None:
            self.out.append(text)
        else:
            self.emit(f.string(decode(text)))

    def bytes(self, raw: Any, t: RType, verb: str, name: str) -> None:
        """Print a slice or array of bytes."""
        f = self.f
        if verb in "vd":
            data = reading.octets(raw, t)
            if not f.sharp_v:
                self.emit("[" + " ".join(f.integer(byte, verb) for byte in data) + "]")
            elif t.kind == types.SLICE and reading.is_nil(raw, t):
                self.out.append(name + "(nil)")
            else:
                shown = ", ".join(self.hex(byte, True) for byte in data)
                self.out.append(f"{name}{{{shown}}}")
        elif verb in "xX":
            self.emit(f.hexadecimal(bytes(reading.octets(raw, t)), verb))
        elif verb in "sq":
            self.text(str(reading.octets(raw, t), "latin-1"), verb)
        else:
            self.value(raw, t, verb, 0)

    def hex(self, value: int, prefix: bool) -> str:
        """Format an address or unsigned number in hexadecimal, with 0x or not."""
        sharp, self.f.sharp = self.f.sharp, prefix
        text = self.f.integer(value, "x")
        self.f.sharp = sharp
        return text

    def pointer(self, raw: Any, t: RType, verb: str) -> None:
        """Print the address of something that has one."""
        f = self.f
        if t.kind not in _ADDRESSED:
            self.bad_verb(raw, t, None, verb)
            return
        address = reading.address(raw, t)
        if verb == "v":
            if f.sharp_v:
                shown = self.hex(address, True) if address else "nil"
                self.out.append(f"({t.text})({shown})")
            elif address:
                self.emit(self.hex(address, not f.sharp))
            else:
                self.emit(f.pad(_NIL))
        elif verb == "p":
            self.emit(self.hex(address, not f.sharp))
        elif verb in "bodxX":
            self.emit(f.integer(address, verb))
        else:
            self.bad_verb(raw, t, None, verb)

    def sequence(self, raw: Any, t: RType, verb: str, depth: int, exported: bool) -> None:
        elem = t.elem
        assert elem is not None
        if verb in _BYTES_VERBS and elem.kind == types.UINT8:
            self.bytes(raw, t, verb, t.text)
            return
        sharp_v = self.f.sharp_v
        if sharp_v and t.kind == types.SLICE and reading.is_nil(raw, t):
            self.out.append(t.text + "(nil)")
            return
        out = self.out
        out.append(t.text + "{" if sharp_v else "[")
        first = True
        for item in reading.elements(raw, t):
            if not first:
                out.append(", " if sharp_v else " ")
            first = False
            self.part(item, elem, verb, depth + 1, exported)
        out.append("}" if sharp_v else "]")

    def map(self, raw: Any, t: RType, verb: str, depth: int, exported: bool) -> None:
        sharp_v, out = self.f.sharp_v, self.out
        assert t.key is not None
        assert t.elem is not None
        if sharp_v:
            out.append(t.text)
            if reading.is_nil(raw, t):
                out.append("(nil)")
                return
        out.append("{" if sharp_v else "map[")
        first = True
        for key, item in reading.sorted_pairs(raw, t):
            if not first:
                out.append(", " if sharp_v else " ")
            first = False
            self.part(key, t.key, verb, depth + 1, exported)
            out.append(":")
            self.part(item, t.elem, verb, depth + 1, exported)
        out.append("}" if sharp_v else "]")

    def struct(self, raw: Any, t: RType, verb: str, depth: int, exported: bool) -> None:
        sharp_v, out = self.f.sharp_v, self.out
        named = sharp_v or self.f.plus_v
        out.append(t.text + "{" if sharp_v else "{")
        first = True
        for field in fields(t):
            if not first:
                out.append(", " if sharp_v else " ")
            first = False
            if named:
                out.append(field.name + ":")
            item = reading.field(raw, field)
            kind = field.type
            if kind.kind == types.INTERFACE and item is not None:
                # The value in a field of interface type is printed as if it were the field.
                kind = reading.type_of(item)
                shown = exported and field.exported
                if not (
                    shown
                    and (reading.printable(kind) or verb == "w")
                    and self.by_method(item, kind, verb)
                ):
                    self.value(types.unbox(item), kind, verb, depth + 1, shown)
                continue
            self.part(item, kind, verb, depth + 1, exported and field.exported)
        out.append("}")

    # -- formats ------------------------------------------------------------------------------

    def printf(self, format: str, args: list[Any]) -> None:
        """Print by a format; `parsed` reads its text."""
        f, out = self.f, self.out
        arg = 0
        count = len(args)
        reordered = False
        for verb in parsed(format):
            if isinstance(verb, str):
                out.append(verb)
                continue
            if verb.plain:
                # Nearly all: flags and one letter.
                letter = verb.letter
                if arg >= count:
                    out.append(f"%!{encode(letter)}(MISSING)")
                    continue
                value = args[arg]
                if letter == "w":
                    self.wrapped.append(arg)
                arg += 1
                if verb.flagless:
                    cls = type(value)
                    if cls is int:
                        if letter == "d" or letter == "v":
                            out.append(str(value))
                            continue
                    elif cls is str and (letter == "s" or letter == "v"):
                        out.append(value)
                        continue
                    if not self.bare:
                        f.clear()
                        self.bare = True
                else:
                    verb.put_flags(f)
                    self.bare = False
                    if letter in "vw":
                        f.for_v()
                self.arg(value, letter)
                continue
            verb.put_flags(f)
            self.bare = False
            good = True
            indexed = False
            if verb.argument is not None:
                reordered = True
                arg, indexed, ok = verb.argument.take(arg, count)
                good = good and ok
            if verb.width_star:
                f.width, arg = _int_argument(args, arg)
                if f.width is None:
                    out.append("%!(BADWIDTH)")
                elif f.width < 0:
                    f.width, f.minus, f.zero = -f.width, True, False
                indexed = False
            else:
                f.width = verb.width
                if indexed and f.width is not None:  # "%[3]2d"
                    good = False
            if verb.point:
                if indexed:  # "%[3].2d"
                    good = False
                indexed = False
                if verb.precision_index is not None:
                    reordered = True
                    arg, indexed, ok = verb.precision_index.take(arg, count)
                    good = good and ok
                if verb.precision_star:
                    f.precision, arg = _int_argument(args, arg)
                    if f.precision is not None and f.precision < 0:
                        f.precision = None
                    if f.precision is None:
                        out.append("%!(BADPREC)")
                    indexed = False
                else:
                    f.precision = verb.precision or 0
            if not indexed and verb.last_index is not None:
                reordered = True
                arg, indexed, ok = verb.last_index.take(arg, count)
                good = good and ok
            letter = verb.letter
            if letter == "":
                out.append("%!(NOVERB)")
            elif letter == "%":
                out.append("%")
            elif not good:
                out.append(f"%!{encode(letter)}(BADINDEX)")
            elif arg >= count:
                out.append(f"%!{encode(letter)}(MISSING)")
            else:
                if letter == "w":
                    self.wrapped.append(arg)
                if letter in "vw":
                    f.for_v()
                self.arg(args[arg], letter)
                arg += 1
        if not reordered and arg < count:
            f.clear()
            self.bare = True
            out.append("%!(EXTRA ")
            for number, extra in enumerate(args[arg:]):
                if number:
                    out.append(", ")
                if extra is None:
                    out.append(_NIL)
                else:
                    out.append(reading.type_of(extra).text + "=")
                    self.arg(extra, "v")
            out.append(")")

    def print(self, args: list[Any]) -> None:
        """Print with a blank between two arguments that are both no strings."""
        after_string = True
        for value in args:
            is_string = value is not None and reading.type_of(value).kind == types.STRING
            if not (is_string or after_string):
                self.out.append(" ")
            self.arg(value, "v")
            after_string = is_string

    def println(self, args: list[Any]) -> None:
        """Print with blanks between all arguments and a line end."""
        out = self.out
        first = True
        for value in args:
            if not first:
                out.append(" ")
            first = False
            cls = type(value)
            if cls is str:
                out.append(value)
            elif cls is int:
                out.append(str(value))
            else:
                self.arg(value, "v")
        out.append("\n")


def _code(verb: str) -> int:
    code = ord(verb)
    return 0xFFFD if 0xD800 <= code < 0xE000 else code


def _int_argument(args: list[Any], arg: int) -> tuple[int | None, int]:
    """Take a width or precision from the arguments; None if it is no integer or too large."""
    if arg >= len(args):
        return None, arg
    value = args[arg]
    if value is not None and reading.type_of(value).kind in _INTEGERS:
        number: int = types.unbox(value)
        if abs(number) <= TOO_LARGE:
            return number, arg + 1
    return None, arg + 1


# -- the form that awaits -------------------------------------------------------------------------

_COLOURED = frozenset(
    (
        "arg",
        "bad_verb",
        "by_method",
        "bytes",
        "call",
        "integer",
        "invoke",
        "map",
        "part",
        "pointer",
        "print",
        "printf",
        "println",
        "sequence",
        "struct",
        "value",
    )
)


@functools.cache
def blocking() -> type[Any]:
    """Return the class whose printing methods are coroutine functions: `Printer`'s own source with
    ``async`` and ``await`` where a method of the program may be called."""
    from gosim.golang.library.fmt.awaiting import awaiting

    return awaiting(Printer, _COLOURED)
