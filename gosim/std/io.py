"""What packages that read and write share, and pipes (Go: ``io``, ``io/pipe.go``).

Bytes are Python's ``bytes``.  A reader has an awaitable ``read(n)`` that returns at most `n` bytes
and an error, a writer an awaitable ``write(data)`` that returns how many were written and an error;
:data:`EOF` is the error of a reader at its end.
"""

from __future__ import annotations

from typing import Any, Final

from gosim.runtime.chan import chan
from gosim.runtime.select import default, recv, select, send
from gosim.std import errors
from gosim.std.sync import Mutex

__all__ = [
    "EOF",
    "ErrClosedPipe",
    "ErrShortWrite",
    "ErrUnexpectedEOF",
    "PipeReader",
    "PipeWriter",
    "copy",
    "pipe",
    "read_all",
]

EOF: Final = errors.new("EOF")
ErrUnexpectedEOF: Final = errors.new("unexpected EOF")
ErrShortWrite: Final = errors.new("short write")
ErrClosedPipe: Final = errors.new("io: read/write on closed pipe")


class _Pipe:
    """What both ends share: nothing is buffered, a write waits until its last byte was read."""

    def __init__(self) -> None:
        self.wr_mu = Mutex()
        self.wr_ch = chan(bytes)
        self.rd_ch = chan(int)
        self.done = chan(None)
        self.ended = False
        self.rerr: Any = None
        self.werr: Any = None

    async def read(self, n: int) -> tuple[bytes, Any]:
        i, _, _ = await select(recv(self.done), default)
        if i == 0:
            return b"", self.read_close_error()
        i, data, _ = await select(recv(self.wr_ch), recv(self.done))
        if i == 1:
            return b"", self.read_close_error()
        taken = data[:n]
        await self.rd_ch.send(len(taken))
        return taken, None

    async def write(self, data: bytes) -> tuple[int, Any]:
        i, _, _ = await select(recv(self.done), default)
        if i == 0:
            return 0, self.write_close_error()
        await self.wr_mu.lock()
        done = 0
        err = None
        while True:
            i, _, _ = await select(send(self.wr_ch, data[done:]), recv(self.done))
            if i == 1:
                err = self.write_close_error()
                break
            done += await self.rd_ch.recv()
            if done >= len(data):
                break
        await self.wr_mu.unlock()
        return done, err

    async def close(self) -> None:
        if not self.ended:
            self.ended = True
            await self.done.close()

    def read_close_error(self) -> Any:
        if self.rerr is None and self.werr is not None:
            return self.werr
        return ErrClosedPipe

    def write_close_error(self) -> Any:
        if self.werr is None and self.rerr is not None:
            return self.rerr
        return ErrClosedPipe


class PipeReader:
    """The end of a pipe that is read."""

    __slots__ = ("_pipe",)

    def __init__(self, pipe: _Pipe) -> None:
        self._pipe = pipe

    async def read(self, n: int) -> tuple[bytes, Any]:
        """Wait for a writer; return at most `n` bytes of what it writes, and an error."""
        return await self._pipe.read(n)

    async def close(self) -> None:
        """Close it; who writes gets :data:`ErrClosedPipe`."""
        await self.close_with_error(None)

    async def close_with_error(self, err: Any) -> None:
        """Close it; who writes gets `err`."""
        if self._pipe.rerr is None:
            self._pipe.rerr = ErrClosedPipe if err is None else err
        await self._pipe.close()


class PipeWriter:
    """The end of a pipe that is written."""

    __slots__ = ("_pipe",)

    def __init__(self, pipe: _Pipe) -> None:
        self._pipe = pipe

    async def write(self, data: bytes | str) -> tuple[int, Any]:
        """Wait until readers have taken all of it; return how much they took, and an error."""
        return await self._pipe.write(data.encode() if isinstance(data, str) else data)

    async def close(self) -> None:
        """Close it; who reads gets :data:`EOF`."""
        await self.close_with_error(None)

    async def close_with_error(self, err: Any) -> None:
        """Close it; who reads gets `err`."""
        if self._pipe.werr is None:
            self._pipe.werr = EOF if err is None else err
        await self._pipe.close()


def pipe() -> tuple[PipeReader, PipeWriter]:
    """Return the two ends of a pipe in memory (``io.Pipe``)."""
    shared = _Pipe()
    return PipeReader(shared), PipeWriter(shared)


async def read_all(reader: Any) -> tuple[bytes, Any]:
    """Read until the end or an error (``io.ReadAll``)."""
    found = b""
    while True:
        data, err = await reader.read(512)
        found += data
        if err is not None:
            return found, None if err is EOF else err


async def copy(dst: Any, src: Any) -> tuple[int, Any]:
    """Write what is read until the end or an error (``io.Copy``)."""
    done = 0
    while True:
        data, err = await src.read(32 << 10)
        if data:
            n, failed = await dst.write(data)
            done += n
            if failed is not None:
                return done, failed
            if n < len(data):
                return done, ErrShortWrite
        if err is not None:
            return done, None if err is EOF else err
