"""Go strings at the border to Python: one character per byte inside, readable text outside.

A Go string is a ``str`` whose characters are its bytes (0 to 255).  Text for people, and for Python
modules, is ordinary ``str``; a byte that is no UTF-8 stands in it as a lone surrogate (Python's
``surrogateescape``, as everywhere in gosim), so nothing is lost on the way there and back.
"""

from __future__ import annotations

from gosim.std.strconv import utf8

__all__ = ["decode", "encode", "from_bytes", "to_bytes"]


def decode(s: str) -> str:
    r"""Return the readable text of a Go string.

    Examples
    --------
    >>> decode("caf\xc3\xa9"), decode("\xff")
    ('café', '\udcff')
    """
    if s.isascii():
        return s
    return s.encode("latin-1").decode("utf-8", "surrogateescape")


def encode(text: str) -> str:
    r"""Return the Go string of a readable text.

    Examples
    --------
    >>> encode("é"), encode("\udcff")
    ('Ã©', 'ÿ')
    """
    return text if text.isascii() else utf8(text).decode("latin-1")


def to_bytes(s: str) -> bytes:
    """Return the bytes of a Go string."""
    return s.encode("latin-1")


def from_bytes(data: bytes | bytearray | memoryview) -> str:
    """Return the Go string with these bytes."""
    return str(data, "latin-1")
