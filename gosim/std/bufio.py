"""Readers, writers and scanners with a buffer (Go: ``bufio``), on what :mod:`gosim.std.io` reads.

As far as goroutines that wait for the other end of a pipe or connection need them: lines, and
writes that are not there before ``flush``.
"""

from __future__ import annotations

from typing import Any, Final

from gosim.std import errors, io

__all__ = ["ErrTooLong", "Reader", "Scanner", "Writer", "new_reader", "new_scanner", "new_writer"]

SIZE: Final = 4096
MAX_SCAN_TOKEN_SIZE: Final = 64 * 1024
ErrTooLong: Final = errors.new("bufio.Scanner: token too long")


class Reader:
    """A reader with a buffer."""

    __slots__ = ("_buffer", "_err", "_rd")

    def __init__(self, rd: Any) -> None:
        self._rd = rd
        self._buffer = b""
        self._err: Any = None

    async def _fill(self) -> None:
        data, self._err = await self._rd.read(SIZE)
        self._buffer += data

    async def read(self, n: int) -> tuple[bytes, Any]:
        """Read what is there, at most `n` bytes; wait for more only if there is nothing."""
        if not self._buffer and self._err is None:
            await self._fill()
        if not self._buffer:
            err, self._err = self._err, None
            return b"", err
        data, self._buffer = self._buffer[:n], self._buffer[n:]
        return data, None

    async def read_bytes(self, delim: bytes) -> tuple[bytes, Any]:
        """Read up to and with a byte; an error if it does not come (``ReadBytes``)."""
        while delim not in self._buffer and self._err is None:
            await self._fill()
        at = self._buffer.find(delim)
        if at >= 0:
            data, self._buffer = self._buffer[: at + 1], self._buffer[at + 1 :]
            return data, None
        data, self._buffer = self._buffer, b""
        err, self._err = self._err, None
        return data, err

    async def read_string(self, delim: str) -> tuple[str, Any]:
        """Read up to and with a character, as text (``ReadString``)."""
        data, err = await self.read_bytes(delim.encode())
        return data.decode("utf-8", "surrogateescape"), err


class Writer:
    """A writer with a buffer: what is written is there for others after :meth:`flush`."""

    __slots__ = ("_buffer", "_err", "_wr")

    def __init__(self, wr: Any) -> None:
        self._wr = wr
        self._buffer = b""
        self._err: Any = None

    async def write(self, data: bytes | str) -> tuple[int, Any]:
        """Put it into the buffer, and pass on what is too much for that."""
        given = data.encode() if isinstance(data, str) else data
        rest = given
        while len(self._buffer) + len(rest) > SIZE and self._err is None:
            room = SIZE - len(self._buffer)
            self._buffer, rest = self._buffer + rest[:room], rest[room:]
            await self.flush()
        if self._err is not None:
            return len(given) - len(rest), self._err
        self._buffer += rest
        return len(given), None

    write_string = write

    async def flush(self) -> Any:
        """Pass on what is in the buffer; return an error, or None."""
        if self._err is None and self._buffer:
            n, err = await self._wr.write(self._buffer)
            if n < len(self._buffer) and err is None:
                err = io.ErrShortWrite
            self._buffer, self._err = self._buffer[n:], err
        return self._err

    def buffered(self) -> int:
        """Return the number of bytes that nobody but this writer has."""
        return len(self._buffer)


class Scanner:
    """Reads line by line: ``while await scanner.scan(): print(scanner.text())``."""

    __slots__ = ("_done", "_err", "_reader", "_token")

    def __init__(self, rd: Any) -> None:
        self._reader = Reader(rd)
        self._token = b""
        self._err: Any = None
        self._done = False

    async def scan(self) -> bool:
        """Wait for the next line; return False at the end or on an error."""
        if self._done:
            return False
        line, err = await self._reader.read_bytes(b"\n")
        if len(line) > MAX_SCAN_TOKEN_SIZE:
            err, line = ErrTooLong, b""
        self._done = err is not None
        self._err = None if err is io.EOF else err
        self._token = line.removesuffix(b"\n").removesuffix(b"\r")
        return bool(line)

    def text(self) -> str:
        """Return the line."""
        return self._token.decode("utf-8", "surrogateescape")

    def bytes(self) -> bytes:
        """Return the bytes of the line."""
        return self._token

    def err(self) -> Any:
        """Return what ended the scan, None if it was the end."""
        return self._err


def new_reader(rd: Any) -> Reader:
    """Return a reader with a buffer."""
    return Reader(rd)


def new_writer(wr: Any) -> Writer:
    """Return a writer with a buffer."""
    return Writer(wr)


def new_scanner(rd: Any) -> Scanner:
    """Return a scanner of lines."""
    return Scanner(rd)
