"""Printing as Go prints (Go: package ``fmt``, ``print.go`` and ``format.go``).

``println``, ``print`` and ``printf`` write to the program's standard output; the ``sprint`` family
returns text, the ``fprint`` family writes to any object with ``write()``, and ``errorf`` makes an
error.  All verbs and flags of Go are there, also what Go prints for wrong ones.  Which Go value a
Python value stands for is the business of :mod:`gosim.std.reflect`.

Left out: the interface ``Formatter`` and scanning.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Any

from gosim.runtime.errors import GosimError, UsageError
from gosim.runtime.panic import Panic, as_panic
from gosim.std import errors, reflect, strconv
from gosim.std.reflect import Kind, View

_NIL = "<nil>"
_BASES = {"v": "d", "d": "d", "b": "b", "o": "o", "O": "o", "x": "x", "X": "X"}
_INTEGER_PREFIXES = {"b": "0b", "x": "0x", "X": "0X"}
# verb -> verb of strconv, default precision (-1: the shortest text that gives the number back)
FLOATS = {
    **{verb: (verb, -1) for verb in "bgGxX"},
    **{verb: (verb, 6) for verb in "feE"},
    "v": ("g", -1),
    "F": ("f", 6),
}
FLAGS = {"#": "sharp", "0": "zero", "+": "plus", "-": "minus", " ": "space"}
_TEXT_VERBS = "vsxXq"
TOO_LARGE = 1_000_000


class Format:
    """Flags, width and precision of one verb, and how they shape text (Go: ``format.go``)."""

    __slots__ = (
        "minus",
        "plus",
        "plus_v",
        "precision",
        "sharp",
        "sharp_v",
        "space",
        "width",
        "zero",
    )

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.sharp = self.zero = self.plus = self.minus = self.space = False
        self.plus_v = self.sharp_v = False  # %+v and %#v, whose flags mean something else
        self.width: int | None = None
        self.precision: int | None = None

    def for_v(self) -> None:
        """Turn the flags of ``%+v`` and ``%#v`` into their special meaning."""
        self.sharp_v, self.sharp = self.sharp, False
        self.plus_v, self.plus = self.plus, False

    def pad(self, text: str, zeros: bool = True) -> str:
        """Fill `text` up to the width: blanks, or zeros on the left if asked for."""
        missing = (self.width or 0) - len(text)
        if missing <= 0:
            return text
        if self.minus:
            return text + " " * missing
        return ("0" if self.zero and zeros else " ") * missing + text

    def cut(self, text: str) -> str:
        return text if self.precision is None else text[: self.precision]

    def string(self, text: str) -> str:
        return self.pad(self.cut(text))

    def quoted(self, text: str) -> str:
        text = self.cut(text)
        if self.sharp and strconv.can_backquote(text):
            return self.pad(f"`{text}`")
        return self.pad(strconv.quote(text, ascii_only=self.plus))

    def hexadecimal(self, data: bytes, verb: str) -> str:
        """Write bytes in hexadecimal; the precision counts bytes."""
        data = data[: self.precision]
        prefix = f"0{verb}" if self.sharp else ""
        separator = " " + prefix if self.space else ""
        text = separator.join(f"{byte:02{verb}}" for byte in data)
        return self.pad(prefix + text if text else "")

    def integer(self, value: int, verb: str) -> str:
        """Write an integer with verb ``v d b o O x X``; its precision is a number of digits."""
        digits_wanted = 0
        if self.precision is not None:
            digits_wanted = self.precision
            if digits_wanted == 0 and value == 0:
                return " " * (self.width or 0)
        elif self.zero and not self.minus and self.width is not None:
            digits_wanted = self.width - (value < 0 or self.plus or self.space)
        base = _BASES[verb]
        text = f"{abs(value):{base}}".rjust(digits_wanted, "0")
        if self.sharp:
            if base == "o":
                text = text if text[0] == "0" else "0" + text
            else:
                text = _INTEGER_PREFIXES.get(base, "") + text
        if verb == "O":
            text = "0o" + text
        sign = "-" if value < 0 else "+" if self.plus else " " if self.space else ""
        return self.pad(sign + text, zeros=False)

    def character(self, code: int) -> str:
        return self.pad(strconv.rune(code))

    def quoted_character(self, code: int) -> str:
        return self.pad(strconv.quote_rune(code, ascii_only=self.plus))

    def unicode(self, code: int) -> str:
        unsigned = code & ((1 << 64) - 1)
        text = f"U+{unsigned:0{max(4, self.precision or 0)}X}"
        if self.sharp and code == unsigned and code <= 0x10FFFF and strconv.is_print(chr(code)):
            text += f" '{chr(code)}'"
        return self.pad(text, zeros=False)

    def number(self, value: float, verb: str, precision: int, bits: int) -> str:
        """Write a float; `verb` and `precision` are those of ``strconv.format_float``."""
        if self.precision is not None:
            precision = self.precision
        text = strconv.format_float(value, verb, precision, bits)
        sign, text = (text[0], text[1:]) if text[0] in "+-" else ("+", text)
        if self.space and sign == "+" and not self.plus:
            sign = " "
        if text in ("Inf", "NaN"):
            if text == "NaN" and not (self.space or self.plus):
                sign = ""
            return self.pad(sign + text, zeros=False)
        if self.sharp and verb != "b":
            text = _with_point(text, verb, precision)
        if sign == "+" and not self.plus:
            return self.pad(text)
        if self.zero and not self.minus and self.width is not None:
            return sign + text.rjust(self.width - 1, "0")
        return self.pad(sign + text)


def _with_point(text: str, verb: str, precision: int) -> str:
    """Give a number the decimal point, and for %#g the trailing zeros, that # asks for."""
    missing = 0
    if verb in "gGx":
        missing = 6 if precision == -1 else precision
    mark = "p" if verb in "xX" else "e"
    end = text.lower().find(mark)
    number, tail = (text, "") if end < 0 else (text[:end], text[end:])
    digits = number.replace(".", "")
    if verb in "xX":
        # The "0x" counts as Go counts it: the x is a digit, the 0 in front of it is none.
        digits = digits[1:]
    missing -= len(digits.lstrip("0"))
    if "." not in number:
        if number == "0":
            missing -= 1
        number += "."
    return number + "0" * missing + tail


class _Printer:
    """Prints values one after another into `out` (Go: ``pp`` in ``print.go``)."""

    __slots__ = ("erroring", "format", "out", "panicking", "reordered", "wrap", "wrapped")

    def __init__(self, wrap: bool = False) -> None:
        self.out: list[str] = []
        self.format = Format()
        self.erroring = False  # inside a %!verb(...) text: call no methods
        self.panicking = False  # printing the value of a panic of such a method
        self.reordered = False  # the format has an argument index
        self.wrap = wrap  # %w is allowed
        self.wrapped: list[int] = []  # arguments of %w, by number

    # -- values -------------------------------------------------------------------------------

    def arg(self, value: Any, verb: str) -> None:
        """Print an argument."""
        view = reflect.view_of(value)
        if value is None:
            if verb in "Tv":
                self.out.append(self.format.pad(_NIL))
            else:
                self.bad_verb(value, view, verb)
        elif verb == "T":
            self.out.append(self.format.string(view.name(value)))
        elif verb == "p":
            self.pointer(value, view, verb)
        elif type(value) in (bytes, bytearray) and verb in "vd":
            self.bytes(value, verb, "[]byte")  # at the top, %#v has the name []byte
        elif not self.by_method(value, view, verb):
            self.value(value, view, verb, 0)

    def part(
        self,
        value: Any,
        verb: str,
        depth: int,
        exported: bool = True,
        interface: str = reflect.ANY,
    ) -> None:
        """Print a value that is inside another; of an unexported field without its methods."""
        view = reflect.view_of(value)
        if value is None:
            self.out.append(f"{interface}(nil)" if self.format.sharp_v else _NIL)
        elif not (exported and self.by_method(value, view, verb)):
            self.value(value, view, verb, depth, exported)

    def value(self, value: Any, view: View, verb: str, depth: int, exported: bool = True) -> None:
        """Print a value by its kind."""
        _PRINTERS[view.kind](self, value, view, verb, depth, exported)

    def by_method(self, value: Any, view: View, verb: str) -> bool:
        """Print an error or Stringer by its method; tell whether that was done."""
        if self.erroring or (view.kind is Kind.BYTES and not view.methods):
            return False
        if verb == "w":
            # Valid only in errorf and only for errors; otherwise it is %v.
            if not (self.wrap and errors.is_error(value)):
                self.bad_verb(value, view, verb)
                return True
            verb = "v"
        if not view.methods:
            return False
        if self.format.sharp_v:
            method = reflect.method(value, "go_string")
            if method is None:
                return False
            text = self.call(method, value, view, verb, "GoString")
            if text is not None:
                self.out.append(self.format.string(text))
            return True
        if verb not in _TEXT_VERBS:
            return False
        for name, go_name in (("error", "Error"), ("string", "String")):
            method = reflect.method(value, name)
            if method is not None:
                text = self.call(method, value, view, verb, go_name)
                if text is not None:
                    self.text(text, verb)
                return True
        return False

    def call(
        self, method: Callable[[], Any], value: Any, view: View, verb: str, name: str
    ) -> str | None:
        """Call a method; on a panic print a note about it and return None."""
        try:
            text = method()
        except GosimError:
            raise
        except (Panic, Exception) as panic:
            if view.kind is Kind.POINTER and view.read(value) is None:
                self.out.append(_NIL)
                return None
            if self.panicking:
                raise
            saved, self.format = self.format, Format()
            self.out.append(f"%!{verb}(PANIC={name} method: ")
            self.panicking = True
            self.arg(as_panic(panic).value, "v")
            self.panicking = False
            self.out.append(")")
            self.format = saved
            return None
        if not isinstance(text, str):
            if hasattr(text, "close"):
                text.close()
            raise UsageError(
                f"{name.lower()}() of {type(value).__name__} must be a plain method that returns "
                f"a str, not {type(text).__name__}: fmt calls it without await"
            )
        return text

    def bad_verb(self, value: Any, view: View, verb: str) -> None:
        """Print ``%!verb(type=value)``: the verb does not fit the value."""
        self.out.append(f"%!{verb}(")
        if value is None:
            self.out.append(_NIL)
        else:
            erroring, self.erroring = self.erroring, True
            self.out.append(view.name(value) + "=")
            self.value(value, view, "v", 0)
            self.erroring = erroring
        self.out.append(")")

    def text(self, text: str, verb: str) -> None:
        """Print the text of a string, error or Stringer with one of ``v s x X q``."""
        f = self.format
        if verb == "q" or (verb == "v" and f.sharp_v):
            self.out.append(f.quoted(text))
        elif verb in "xX":
            self.out.append(f.hexadecimal(strconv.utf8(text), verb))
        else:
            self.out.append(f.string(text))

    def bytes(self, data: bytes, verb: str, name: str) -> None:
        """Print bytes with one of ``v d s x X q``."""
        f = self.format
        if verb in "vd":
            if f.sharp_v:
                shown = (self.hex(byte, True) for byte in data)
                self.out.append(name + "{" + ", ".join(shown) + "}")
            else:
                self.out.append("[" + " ".join(f.integer(byte, verb) for byte in data) + "]")
        elif verb in "xX":
            self.out.append(f.hexadecimal(data, verb))
        else:
            self.text(strconv.string_of(data), verb)

    def hex(self, value: int, prefix: bool) -> str:
        """Format an address or unsigned number in hexadecimal, with 0x or not."""
        sharp, self.format.sharp = self.format.sharp, prefix
        text = self.format.integer(value, "x")
        self.format.sharp = sharp
        return text

    def pointer(self, value: Any, view: View, verb: str) -> None:
        """Print the address of something that has one."""
        f = self.format
        if view.kind not in _ADDRESSED:
            self.bad_verb(value, view, verb)
            return
        address = 0 if view.read(value) is None else reflect.address(value)
        if verb == "v":
            if f.sharp_v:
                shown = self.hex(address, True) if address else "nil"
                self.out.append(f"({view.name(value)})({shown})")
            elif address:
                self.out.append(self.hex(address, not f.sharp))
            else:
                self.out.append(f.pad(_NIL))
        elif verb == "p":
            self.out.append(self.hex(address, not f.sharp))
        elif verb in "bodxX":
            self.out.append(f.integer(address, verb))
        else:
            self.bad_verb(value, view, verb)

    # -- formats ------------------------------------------------------------------------------

    def printf(self, format: str, args: tuple[Any, ...]) -> None:
        """Print by a format (Go: ``doPrintf``, whose cases stand here in the same order)."""
        f, out, end = self.format, self.out, len(format)
        arg = 0  # each verb takes one argument
        i = 0
        while i < end:
            percent = format.find("%", i)
            if percent < 0:
                out.append(format[i:])
                break
            out.append(format[i:percent])
            i = percent + 1
            good = True  # the argument indexes of this verb are valid
            f.clear()
            while i < end and format[i] in FLAGS:
                setattr(f, FLAGS[format[i]], True)
                i += 1

            arg, i, indexed, good = self.index(arg, format, i, len(args), good)
            if i < end and format[i] == "*":
                i += 1
                f.width, arg = _int_argument(args, arg)
                if f.width is None:
                    out.append("%!(BADWIDTH)")
                elif f.width < 0:
                    f.width, f.minus, f.zero = -f.width, True, False
                indexed = False
            else:
                f.width, i = _number(format, i)
                if indexed and f.width is not None:  # "%[3]2d"
                    good = False

            if i + 1 < end and format[i] == ".":
                i += 1
                if indexed:  # "%[3].2d"
                    good = False
                arg, i, indexed, good = self.index(arg, format, i, len(args), good)
                if i < end and format[i] == "*":
                    i += 1
                    f.precision, arg = _int_argument(args, arg)
                    if f.precision is not None and f.precision < 0:
                        f.precision = None
                    if f.precision is None:
                        out.append("%!(BADPREC)")
                    indexed = False
                else:
                    f.precision, i = _number(format, i)
                    f.precision = f.precision or 0
            if not indexed:
                arg, i, indexed, good = self.index(arg, format, i, len(args), good)

            if i >= end:
                out.append("%!(NOVERB)")
                break
            verb = format[i]
            i += 1
            if verb == "%":
                out.append("%")
            elif not good:
                out.append(f"%!{verb}(BADINDEX)")
            elif arg >= len(args):
                out.append(f"%!{verb}(MISSING)")
            else:
                if verb == "w":
                    self.wrapped.append(arg)
                if verb in "vw":
                    f.for_v()
                self.arg(args[arg], verb)
                arg += 1

        if not self.reordered and arg < len(args):
            f.clear()
            out.append("%!(EXTRA ")
            for number, extra in enumerate(args[arg:]):
                if number:
                    out.append(", ")
                if extra is not None:
                    out.append(reflect.type_name(extra) + "=")
                self.arg(extra, "v")
            out.append(")")

    def index(
        self, arg: int, format: str, i: int, count: int, good: bool
    ) -> tuple[int, int, bool, bool]:
        """Read an argument index such as ``[3]`` at `i`.

        Returns the argument to take next, where to read on, whether an index was found, and
        whether all indexes of the verb are good so far.
        """
        if i >= len(format) or format[i] != "[":
            return arg, i, False, good
        self.reordered = True
        close = format.find("]", i)
        if close < 0 or len(format) - i < 3:
            return arg, i + 1, False, False
        number, stop = _number(format[:close], i + 1)
        if number is None or stop != close:
            return arg, close + 1, False, False
        if not 1 <= number <= count:
            return arg, close + 1, True, False
        return number - 1, close + 1, True, good

    def print(self, args: tuple[Any, ...]) -> None:
        """Print with a blank between two arguments that are both no strings."""
        after_string = True
        for value in args:
            is_string = reflect.view_of(value).kind is Kind.STRING
            if not (is_string or after_string):
                self.out.append(" ")
            self.arg(value, "v")
            after_string = is_string

    def println(self, args: tuple[Any, ...]) -> None:
        """Print with blanks between all arguments and a line end."""
        for number, value in enumerate(args):
            if number:
                self.out.append(" ")
            if type(value) is str:
                self.out.append(value)
            else:
                self.arg(value, "v")
        self.out.append("\n")


def _number(format: str, i: int) -> tuple[int | None, int]:
    """Read a decimal number at `i`; None if there is none; a crazy one ends the format."""
    start, end = i, len(format)
    while i < end and "0" <= format[i] <= "9":
        i += 1
        if int(format[start : i - 1] or 0) > TOO_LARGE:
            return None, end
    return (int(format[start:i]) if i > start else None), i


def _int_argument(args: tuple[Any, ...], arg: int) -> tuple[int | None, int]:
    """Take a width or precision from the arguments; None if it is no integer or too large."""
    if arg >= len(args):
        return None, arg
    view = reflect.view_of(args[arg])
    if view.kind in (Kind.INT, Kind.UINT):
        number: int = view.read(args[arg])
        if abs(number) <= TOO_LARGE:
            return number, arg + 1
    return None, arg + 1


# -- one function a kind ----------------------------------------------------------------------


def _print_bool(p: _Printer, v: Any, view: View, verb: str, depth: int, exported: bool) -> None:
    if verb in "tv":
        p.out.append(p.format.pad("true" if view.read(v) else "false"))
    else:
        p.bad_verb(v, view, verb)


def _print_integer(p: _Printer, v: Any, view: View, verb: str, depth: int, exported: bool) -> None:
    f, number = p.format, view.read(v)
    if verb == "v" and f.sharp_v and view.kind is Kind.UINT:
        p.out.append(p.hex(number, True))
    elif verb in _BASES:
        p.out.append(f.integer(number, verb))
    elif verb == "c":
        p.out.append(f.character(number))
    elif verb == "q":
        p.out.append(f.quoted_character(number))
    elif verb == "U":
        p.out.append(f.unicode(number))
    else:
        p.bad_verb(v, view, verb)


def _print_float(p: _Printer, v: Any, view: View, verb: str, depth: int, exported: bool) -> None:
    if verb in FLOATS:
        bits = 32 if view.kind is Kind.FLOAT32 else 64
        p.out.append(p.format.number(view.read(v), *FLOATS[verb], bits))
    else:
        p.bad_verb(v, view, verb)


def _print_complex(p: _Printer, v: Any, view: View, verb: str, depth: int, exported: bool) -> None:
    if verb not in FLOATS:
        p.bad_verb(v, view, verb)
        return
    f, number = p.format, view.read(v)
    bits = 32 if view.kind is Kind.COMPLEX64 else 64
    real = f.number(number.real, *FLOATS[verb], bits)
    plus, f.plus = f.plus, True  # the imaginary part always has a sign
    imaginary = f.number(number.imag, *FLOATS[verb], bits)
    f.plus = plus
    p.out.append(f"({real}{imaginary}i)")


def _print_string(p: _Printer, v: Any, view: View, verb: str, depth: int, exported: bool) -> None:
    if verb in _TEXT_VERBS:
        p.text(view.read(v), verb)
    else:
        p.bad_verb(v, view, verb)


def _print_bytes(p: _Printer, v: Any, view: View, verb: str, depth: int, exported: bool) -> None:
    if verb in "vdsxXq":
        p.bytes(view.read(v), verb, view.name(v))
    else:
        _print_elements(
            p, [reflect.Uint8(byte) for byte in view.read(v)], "", verb, depth, exported
        )


def _print_sequence(p: _Printer, v: Any, view: View, verb: str, depth: int, exported: bool) -> None:
    elements = view.read(v)
    sharp_v = p.format.sharp_v
    if verb in "sqxX" or sharp_v:
        name = view.name(v)
        if verb in "sqxX" and name.partition("]")[2] == "uint8":
            data = bytes(reflect.view_of(e).read(e) for e in elements or ())
            p.bytes(data, verb, name)
            return
        if elements is None and sharp_v:
            p.out.append(name + "(nil)")
            return
        _print_elements(p, elements or (), name if sharp_v else "", verb, depth, exported)
    else:
        _print_elements(p, elements or (), "", verb, depth, exported)


def _print_elements(
    p: _Printer, elements: Any, name: str, verb: str, depth: int, exported: bool
) -> None:
    sharp_v = p.format.sharp_v
    p.out.append(name + "{" if sharp_v else "[")
    for number, element in enumerate(elements):
        if number:
            p.out.append(", " if sharp_v else " ")
        p.part(element, verb, depth + 1, exported)
    p.out.append("}" if sharp_v else "]")


def _print_map(p: _Printer, v: Any, view: View, verb: str, depth: int, exported: bool) -> None:
    items = view.read(v)
    sharp_v = p.format.sharp_v
    if sharp_v:
        p.out.append(view.name(v))
        if items is None:
            p.out.append("(nil)")
            return
    p.out.append("{" if sharp_v else "map[")
    for number, (key, item) in enumerate(reflect.sorted_items(items or ())):
        if number:
            p.out.append(", " if sharp_v else " ")
        p.part(key, verb, depth + 1, exported)
        p.out.append(":")
        p.part(item, verb, depth + 1, exported)
    p.out.append("}" if sharp_v else "]")


def _print_struct(p: _Printer, v: Any, view: View, verb: str, depth: int, exported: bool) -> None:
    sharp_v = p.format.sharp_v
    p.out.append(view.name(v) + "{" if sharp_v else "{")
    for number, field in enumerate(view.read(v)):
        if number:
            p.out.append(", " if sharp_v else " ")
        if sharp_v or p.format.plus_v:
            p.out.append(field.name + ":")
        p.part(field.value, verb, depth + 1, exported and field.exported, field.interface)
    p.out.append("}")


def _print_pointer(p: _Printer, v: Any, view: View, verb: str, depth: int, exported: bool) -> None:
    # Only at the top is what it points to shown: there may be a cycle further down.
    if depth == 0 and view.kind is Kind.POINTER:
        target = view.read(v)
        if target is not None and target is not reflect.OPAQUE:
            if reflect.view_of(target).kind in _COMPOSITE:
                p.out.append("&")
                p.part(target, verb, depth + 1, exported)
                return
    p.pointer(v, view, verb)


_COMPOSITE = (Kind.ARRAY, Kind.SLICE, Kind.BYTES, Kind.STRUCT, Kind.MAP)
_ADDRESSED = (Kind.CHAN, Kind.FUNC, Kind.MAP, Kind.POINTER, Kind.SLICE, Kind.BYTES)
_PRINTERS: dict[Kind, Callable[[_Printer, Any, View, str, int, bool], None]] = {
    Kind.BOOL: _print_bool,
    Kind.INT: _print_integer,
    Kind.UINT: _print_integer,
    Kind.FLOAT32: _print_float,
    Kind.FLOAT64: _print_float,
    Kind.COMPLEX64: _print_complex,
    Kind.COMPLEX128: _print_complex,
    Kind.STRING: _print_string,
    Kind.BYTES: _print_bytes,
    Kind.SLICE: _print_sequence,
    Kind.ARRAY: _print_sequence,
    Kind.MAP: _print_map,
    Kind.STRUCT: _print_struct,
    Kind.POINTER: _print_pointer,
    Kind.CHAN: _print_pointer,
    Kind.FUNC: _print_pointer,
}


# -- the package's functions ------------------------------------------------------------------

Written = tuple[int, None]
"""What Go's Print functions return: the number of bytes written, and no error."""


def sprintln(*args: Any) -> str:
    r"""Return the arguments with blanks between them and a line end.

    Examples
    --------
    >>> sprintln("a", 1, None, [1.5, True], {"k": b"\x01"})
    'a 1 <nil> [1.5 true] map[k:[1]]\n'
    """
    printer = _Printer()
    printer.println(args)
    return "".join(printer.out)


def sprint(*args: Any) -> str:
    """Return the arguments, with a blank between two that are both no strings.

    Examples
    --------
    >>> sprint("a", 1, 2, "b", "c")
    'a1 2bc'
    """
    printer = _Printer()
    printer.print(args)
    return "".join(printer.out)


def sprintf(format: str, *args: Any) -> str:
    """Return the text that `format` makes of the arguments.

    Examples
    --------
    >>> sprintf("%-6s|%06.2f|%+d|%q|%x|%T", "go", 3.14159, 7, "hi", "hi", [1])
    'go    |003.14|+7|"hi"|6869|[]int'
    >>> sprintf("%d %s", "two")
    '%!d(string=two) %!s(MISSING)'
    """
    printer = _Printer()
    printer.printf(format, args)
    return "".join(printer.out)


def _write(w: Any, text: str) -> Written:
    data = None if text.isascii() else strconv.utf8(text)
    if isinstance(w, (io.RawIOBase, io.BufferedIOBase)):
        w.write(text.encode() if data is None else data)
    else:
        w.write(text)
    return (len(text) if data is None else len(data)), None


def fprintln(w: Any, *args: Any) -> Written:
    """Write what :func:`sprintln` returns to `w`, an object with ``write()``."""
    return _write(w, sprintln(*args))


def fprint(w: Any, *args: Any) -> Written:
    """Write what :func:`sprint` returns to `w`, an object with ``write()``."""
    return _write(w, sprint(*args))


def fprintf(w: Any, format: str, *args: Any) -> Written:
    """Write what :func:`sprintf` returns to `w`, an object with ``write()``."""
    return _write(w, sprintf(format, *args))


def println(*args: Any) -> Written:
    """Write the arguments to standard output, with blanks between them and a line end."""
    return _write(sys.stdout, sprintln(*args))


def print(*args: Any) -> Written:
    """Write the arguments to standard output, with a blank between two that are no strings."""
    return _write(sys.stdout, sprint(*args))


def printf(format: str, *args: Any) -> Written:
    """Write the text that `format` makes of the arguments to standard output."""
    return _write(sys.stdout, sprintf(format, *args))


class WrapError(errors.Error):
    """What :func:`errorf` returns for a format with one ``%w``."""

    __slots__ = ("err", "msg")
    __go_type__ = "*fmt.wrapError"
    __go_fields__ = ("msg string", "err error")

    def __init__(self, msg: str, err: Any) -> None:
        self.msg = msg
        self.err = err

    def error(self) -> str:
        """Return the formatted text."""
        return self.msg

    def unwrap(self) -> Any:
        """Return the wrapped error."""
        return self.err


class WrapErrors(errors.Error):
    """What :func:`errorf` returns for a format with several ``%w``."""

    __slots__ = ("errs", "msg")
    __go_type__ = "*fmt.wrapErrors"
    __go_fields__ = ("msg string", "errs []error")

    def __init__(self, msg: str, errs: list[Any]) -> None:
        self.msg = msg
        self.errs = errs

    def error(self) -> str:
        """Return the formatted text."""
        return self.msg

    def unwrap(self) -> list[Any]:
        """Return the wrapped errors, in the order of the arguments."""
        return self.errs


def errorf(format: str, *args: Any) -> errors.Error:
    r"""Return an error with a formatted text; it wraps the arguments of ``%w``.

    Examples
    --------
    >>> err = errorf("read %s: %w", "a.txt", errors.new("gone"))
    >>> sprintln(err, errors.unwrap(err))
    'read a.txt: gone gone\n'
    """
    printer = _Printer(wrap=True)
    printer.printf(format, args)
    text = "".join(printer.out)
    if not printer.wrapped:
        return errors.new(text)
    if len(printer.wrapped) == 1:
        only = args[printer.wrapped[0]]
        return WrapError(text, only if errors.is_error(only) else None)
    numbers = sorted(set(printer.wrapped))
    return WrapErrors(text, [args[n] for n in numbers if errors.is_error(args[n])])
