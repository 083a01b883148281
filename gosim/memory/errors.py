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


class StackOverflow(BaseException):
    """A goroutine's stack would have to grow beyond its limit: the process ends, nobody recovers.

    Attributes
    ----------
    size : int
        Bytes of the stack as it is.
    used : int
        Bytes of it that are in use.
    limit : int
        The most bytes a stack may have (``debug.SetMaxStack``).
    """

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
