"""Functions on strings (Go: package ``strings``).

A part of a string shares its text: nothing is allocated, and the whole text stays alive. What is
changed, joined or cloned has a text of its own, with the bytes that Go takes for it. Python texts
are accepted where a string is wanted and are literals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from gosim.memory import slice as slices
from gosim.memory import string as strings
from gosim.memory.errors import GoPanic
from gosim.memory.heap import Heap
from gosim.memory.sizeclass import roundupsize
from gosim.memory.slice import Slice
from gosim.memory.string import EMPTY, String
from gosim.memory.types import BYTE, STRING
from gosim.std.values import door, integer, string_value, the_heap

__all__ = [
    "Builder",
    "clone",
    "contains",
    "count",
    "cut",
    "fields",
    "has_prefix",
    "has_suffix",
    "index",
    "join",
    "last_index",
    "repeat",
    "replace",
    "replace_all",
    "split",
    "split_n",
    "to_lower",
    "to_upper",
    "trim",
    "trim_prefix",
    "trim_space",
    "trim_suffix",
]

Text = String | str | bytes

_ASCII_SPACE = b" \t\n\v\f\r"
#: ``unicode.IsSpace``.
_SPACE = (
    " \t\n\v\f\r\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
#: What ``Repeat`` has ready made, and how long.
_CONSTANTS = {b" ": 128, b"-": 128, b"0": 64, b"=": 128, b"\t": 64}


def _decoded(data: bytes) -> str:
    """The text, with a lone surrogate for each byte that is no UTF-8."""
    return data.decode("utf-8", "surrogateescape")


# ------------------------------------------------------------------------------- parts of a string


@door
def trim_space(s: Text) -> String:
    """Return `s` without space around it, a part of `s` (``strings.TrimSpace``)."""
    s = string_value(s)
    data = s.bytes
    if data.isascii():
        start = len(data) - len(data.lstrip(_ASCII_SPACE))
        if start == len(data) and the_heap("strings.trim_space").features.strings_trim_forgets:
            return EMPTY
        return s[start : max(start, len(data.rstrip(_ASCII_SPACE)))]
    return _stripped(s, data, _SPACE)


@door
def trim(s: Text, cutset: Text) -> String:
    """Return `s` without characters of `cutset` around it, a part of `s` (``strings.Trim``)."""
    s = string_value(s)
    return _stripped(s, s.bytes, _decoded(strings.as_bytes(string_value(cutset))))


def _stripped(s: String, data: bytes, characters: str) -> String:
    text = _decoded(data)
    left = text.lstrip(characters)
    if not left:
        return EMPTY
    start = len(data) - len(strings.encoded(left))
    return s[start : start + len(strings.encoded(left.rstrip(characters)))]


@door
def trim_prefix(s: Text, prefix: Text) -> String:
    """Return `s` without `prefix` at its beginning (``strings.TrimPrefix``)."""
    s, p = string_value(s), string_value(prefix).bytes
    return s[len(p) :] if s.bytes.startswith(p) else s


@door
def trim_suffix(s: Text, suffix: Text) -> String:
    """Return `s` without `suffix` at its end (``strings.TrimSuffix``)."""
    s, p = string_value(s), string_value(suffix).bytes
    return s[: len(s) - len(p)] if s.bytes.endswith(p) else s


@door
def cut(s: Text, sep: Text) -> tuple[String, String, bool]:
    """Return the parts of `s` before and after the first `sep`, and whether there is one."""
    s, p = string_value(s), string_value(sep).bytes
    at = s.bytes.find(p)
    return (s, EMPTY, False) if at < 0 else (s[:at], s[at + len(p) :], True)


@door
def split(s: Text, sep: Text) -> Slice:
    """Return the parts of `s` between `sep` (``strings.Split``): a slice of parts of `s`."""
    return _split(string_value(s), string_value(sep).bytes, -1, the_heap("strings.split"))


@door
def split_n(s: Text, sep: Text, n: int) -> Slice:
    """Return at most `n` parts of `s` between `sep`, all if `n` is negative (``SplitN``)."""
    n = integer(n, "number of parts")
    return _split(string_value(s), string_value(sep).bytes, n, the_heap("strings.split_n"))


def _split(s: String, sep: bytes, n: int, heap: Heap) -> Slice:
    if n == 0:
        return Slice(STRING)
    data = s.bytes
    if not sep:
        return _characters(s, data, n, heap)
    if n < 0:
        n = data.count(sep) + 1
    n = min(n, len(data) + 1)
    parts = slices.make_slice(STRING, n, heap=heap)
    start = made = 0
    while made < n - 1:
        at = data.find(sep, start)
        if at < 0:
            break
        parts[made] = s[start:at]
        start = at + len(sep)
        made += 1
    parts[made] = s[start:]
    return parts[: made + 1]


def _characters(s: String, data: bytes, n: int, heap: Heap) -> Slice:
    characters = _decoded(data)
    if n < 0 or n > len(characters):
        n = len(characters)
    parts = slices.make_slice(STRING, n, heap=heap)
    start = 0
    for i, c in enumerate(characters[: n - 1] if n else ""):
        end = start + len(strings.encoded(c))
        parts[i] = s[start:end]
        start = end
    if n:
        parts[n - 1] = s[start:]
    return parts


@door
def fields(s: Text) -> Slice:
    """Return the parts of `s` between space (``strings.Fields``): a slice of parts of `s`."""
    s = string_value(s)
    data = s.bytes
    # One character for each byte: positions in the text are those in the bytes.
    text = _decoded(data)
    if not data.isascii():
        text = "".join(
            " " * len(strings.encoded(c)) if c in _SPACE else "x" * len(strings.encoded(c))
            for c in text
        )
    spans = []
    start = None
    for i, c in enumerate(text):
        if c in _SPACE:
            if start is not None:
                spans.append((start, i))
            start = None
        elif start is None:
            start = i
    if start is not None:
        spans.append((start, len(text)))
    parts = slices.make_slice(STRING, len(spans), heap=the_heap("strings.fields"))
    for i, (low, high) in enumerate(spans):
        parts[i] = s[low:high]
    return parts


# --------------------------------------------------------------------------------- what is found


@door
def contains(s: Text, part: Text) -> bool:
    """Return whether `part` is in `s` (``strings.Contains``)."""
    return string_value(part).bytes in string_value(s).bytes


@door
def index(s: Text, part: Text) -> int:
    """Return at which byte the first `part` begins in `s`, or -1 (``strings.Index``)."""
    return string_value(s).bytes.find(string_value(part).bytes)


@door
def last_index(s: Text, part: Text) -> int:
    """Return at which byte the last `part` begins in `s`, or -1 (``strings.LastIndex``)."""
    return string_value(s).bytes.rfind(string_value(part).bytes)


@door
def has_prefix(s: Text, prefix: Text) -> bool:
    """Return whether `s` begins with `prefix` (``strings.HasPrefix``)."""
    return string_value(s).bytes.startswith(string_value(prefix).bytes)


@door
def has_suffix(s: Text, suffix: Text) -> bool:
    """Return whether `s` ends with `suffix` (``strings.HasSuffix``)."""
    return string_value(s).bytes.endswith(string_value(suffix).bytes)


@door
def count(s: Text, part: Text) -> int:
    """Return how often `part` is in `s`; the empty one, between all characters (``Count``)."""
    p, data = string_value(part).bytes, string_value(s).bytes
    return data.count(p) if p else len(_decoded(data)) + 1


# --------------------------------------------------------------------------- strings that are made


@door
def clone(s: Text) -> String:
    """Return a string with a text of its own, just as long as `s` (``strings.Clone``)."""
    return strings.clone(string_value(s), heap=the_heap("strings.clone"))


@door
def repeat(s: Text, count: int) -> String:
    """Return `s`, `count` times (``strings.Repeat``).

    Raises
    ------
    Panic
        ``strings: negative Repeat count``, ``strings: Repeat output length overflow``.
    """
    s, times = string_value(s), integer(count, "count")
    heap = the_heap("strings.repeat")
    if heap.features.strings_repeat_shares and times > 1 and len(s):
        unit = s.bytes[:1]
        length = len(s) * times
        if length <= _CONSTANTS.get(unit, 0) and s.bytes == unit * len(s):
            return strings.literal(unit * length)
    return strings.repeat(s, times, heap=heap)


@door
def to_upper(s: Text) -> String:
    """Return `s` in capitals; `s` itself if nothing changes (``strings.ToUpper``)."""
    return _mapped(string_value(s), bytes.upper, str.upper, the_heap("strings.to_upper"))


@door
def to_lower(s: Text) -> String:
    """Return `s` in small letters; `s` itself if nothing changes (``strings.ToLower``)."""
    return _mapped(string_value(s), bytes.lower, str.lower, the_heap("strings.to_lower"))


def _mapped(
    s: String, ascii_map: Callable[[bytes], bytes], text_map: Callable[[str], str], heap: Heap
) -> String:
    data = s.bytes
    if data.isascii():
        changed = ascii_map(data)
        return s if changed == data else strings.made(changed, heap=heap)
    characters = []
    for c in _decoded(data):
        to = text_map(c)
        # One character becomes one; a byte that is no UTF-8 becomes the replacement character.
        characters.append("\ufffd" if "\udc80" <= c <= "\udcff" else to if len(to) == 1 else c)
    changed = "".join(characters).encode()
    if changed == data:
        return s
    out = Builder()
    out._make_room(len(data) + 4, heap)
    if len(changed) <= out.cap:
        out._buffer = slices.append_slice(out._buffer, changed, heap=heap)
    else:
        for c in characters:
            out._buffer = slices.append_slice(out._buffer, c.encode(), heap=heap)
    return out.string()


@door
def replace(s: Text, old: Text, new: Text, n: int) -> String:
    """Return `s` with the first `n` of `old` replaced, all if `n` is negative (``Replace``)."""
    return _replaced(s, old, new, integer(n, "number"), the_heap("strings.replace"))


@door
def replace_all(s: Text, old: Text, new: Text) -> String:
    """Return `s` with every `old` replaced by `new` (``strings.ReplaceAll``)."""
    return _replaced(s, old, new, -1, the_heap("strings.replace_all"))


def _replaced(s: Text, old: Text, new: Text, n: int, heap: Heap) -> String:
    s = string_value(s)
    data, before, after = s.bytes, string_value(old).bytes, string_value(new).bytes
    if before == after or n == 0:
        return s
    if before:
        if before not in data:
            return s
        return strings.made(data.replace(before, after, n), heap=heap)
    # Between the characters, which are not the bytes.
    pieces = [strings.encoded(c) for c in _decoded(data)]
    times = len(pieces) + 1 if n < 0 else min(n, len(pieces) + 1)
    joined = b"".join(after + piece for piece in pieces[: times - 1]) + after
    return strings.made(joined + b"".join(pieces[times - 1 :]), heap=heap)


@door
def join(elems: Slice | Sequence[Text], sep: Text = "") -> String:
    """Return the strings with `sep` between them (``strings.Join``); of one alone, itself."""
    if not isinstance(elems, Iterable) or isinstance(elems, (String, str, bytes)):
        raise TypeError(f"{elems!r} is no slice of strings")
    parts = [string_value(part) for part in elems]
    if len(parts) == 1:
        return parts[0]
    data = strings.as_bytes(string_value(sep)).join(part.bytes for part in parts)
    return strings.made(data, heap=the_heap("strings.join"))


class Builder:
    """Builds a string piece by piece (``strings.Builder``).

    It appends to a slice of bytes, and :meth:`string` shares that: nothing is copied, and room that
    was not used stays with the string.

    Examples
    --------
    >>> import gosim as gs
    >>> async def main():
    ...     b = gs.strings.Builder()
    ...     b.write_string("ab")
    ...     b.write_string("cd")
    ...     print(b.string(), len(b), b.cap)
    >>> gs.run(main).stdout
    'abcd 4 8\\n'
    """

    __slots__ = ("__weakref__", "_buffer")
    __go_type__ = "*strings.Builder"

    def __init__(self) -> None:
        self._buffer = Slice(BYTE)

    def __len__(self) -> int:
        return len(self._buffer)

    def __bool__(self) -> bool:
        return True

    @property
    def cap(self) -> int:
        """Bytes there is room for, those written included."""
        return self._buffer.cap

    @door
    def grow(self, n: int) -> None:
        """Make room for `n` more bytes (``Builder.Grow``).

        Raises
        ------
        Panic
            ``strings.Builder.Grow: negative count``.
        """
        if integer(n, "number of bytes") < 0:
            raise GoPanic("strings.Builder.Grow: negative count")
        if self._buffer.cap - len(self._buffer) < n:
            self._make_room(n, the_heap("Builder.grow"))

    def _make_room(self, n: int, heap: Heap) -> None:
        room = 2 * self._buffer.cap + n
        if heap.features.strings_builder_rounds:
            room = roundupsize(room, True, heap.features)
        buffer = slices.make_slice(BYTE, len(self._buffer), room, heap=heap)
        slices.copy(buffer, self._buffer)
        self._buffer = buffer

    @door
    def write_string(self, s: Text) -> int:
        """Append a string; return its length."""
        data = strings.as_bytes(string_value(s))
        heap = the_heap("Builder.write_string")
        self._buffer = slices.append_slice(self._buffer, data, heap=heap)
        return len(data)

    @door
    def write(self, p: Slice | bytes) -> int:
        """Append the bytes of a slice; return how many."""
        self._buffer = slices.append_slice(self._buffer, p, heap=the_heap("Builder.write"))
        return len(p)

    @door
    def write_byte(self, c: int) -> None:
        """Append a byte."""
        self._buffer = slices.append(self._buffer, c, heap=the_heap("Builder.write_byte"))

    def write_rune(self, r: int | str) -> int:
        """Append a character; return its length in bytes."""
        return self.write_string(r if isinstance(r, str) else chr(r))

    def string(self) -> String:
        """Return the string; it shares the buffer."""
        s = self._buffer
        return String(s.store, 0, len(s)) if s.store is not None else EMPTY

    def __str__(self) -> str:
        return str(self.string())

    def reset(self) -> None:
        """Forget the buffer."""
        self._buffer = Slice(BYTE)

    def __gosim_referents__(self) -> tuple[object, ...]:
        return (self._buffer,)
