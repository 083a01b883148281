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
