"""How this room panics: it knows Go's texts but not the runtime that raises them."""

from __future__ import annotations


class GoPanic(Exception):
    """A Go panic with a string as its value, such as ``slices.Grow`` raises.

    Attributes
    ----------
    text : str
        The string, letter by letter as Go has it.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class GoRuntimeError(GoPanic):
    """A panic whose value is a ``runtime.Error``.

    Parameters
    ----------
    text : str
        Without the words in front.
    plain : bool
        Go prints `text` as it is (its ``plainError``: "assignment to entry in nil map"), and not
        with ``runtime error:`` in front.

    Examples
    --------
    >>> str(GoRuntimeError("index out of range [3] with length 3"))
    'runtime error: index out of range [3] with length 3'
    """

    def __init__(self, text: str, *, plain: bool = False) -> None:
        super().__init__(text)
        self.plain = plain

    def __str__(self) -> str:
        return self.text if self.plain else f"runtime error: {self.text}"


class Throw(BaseException):
    """The runtime itself gives up: the process ends, no deferred call runs and nobody recovers.

    Attributes
    ----------
    text : str
        What Go prints behind ``fatal error: ``.
    """

    text = ""

    def report(self) -> str:
        """Return what Go prints in front of ``fatal error``: nothing, or whole lines."""
        return ""


class FatalError(Throw):
    """A wrong use that Go's runtime does not survive, such as a second finalizer."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class OutOfMemory(Throw):
    """The system has no memory left for the heap to grow.

    Attributes
    ----------
    asked : int
        Bytes by which the heap had to grow: whole chunks of 4 MiB.
    inuse : int
        Bytes the heap has already.
    """

    text = "out of memory"

    def __init__(self, asked: int, inuse: int) -> None:
        super().__init__(asked, inuse)
        self.asked = asked
        self.inuse = inuse

    def report(self) -> str:
        """Return what Go prints in front of ``fatal error: out of memory``."""
        return (
            f"runtime: out of memory: cannot allocate {self.asked}-byte block "
            f"({self.inuse} in use)\n"
        )


class Misuse(TypeError):
    """A program does what Go's compiler refuses; the text is one sentence that says what."""


class StackOverflow(Throw):
    """A goroutine's stack would have to grow beyond its limit.

    Attributes
    ----------
    size : int
        Bytes of the stack as it is.
    used : int
        Bytes of it that are in use.
    limit : int
        The most bytes a stack may have (``debug.SetMaxStack``).
    """

    text = "stack overflow"

    def __init__(self, size: int, used: int, limit: int) -> None:
        super().__init__(size, used, limit)
        self.size = size
        self.used = used
        self.limit = limit

    def __str__(self) -> str:
        return f"goroutine stack exceeds {self.limit}-byte limit"

    def report(self, low: int = 0xC000100000) -> str:
        """Return what Go prints before ``fatal error: stack overflow``.

        Parameters
        ----------
        low : int
            The address where the stack begins. No two runs of Go share it; ours is fixed.
        """
        high = low + self.size
        return (
            f"runtime: goroutine stack exceeds {self.limit}-byte limit\n"
            f"runtime: sp={high - self.used:#x} stack=[{low:#x}, {high:#x}]\n"
        )
