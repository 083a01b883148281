"""The globals that every compiled program begins with."""

from __future__ import annotations

from typing import Any

from gosim.golang.values import calls, helpers

__all__ = ["globals_of"]

#: The helpers, by whether memory is counted, and whether the program is explored.
_made: dict[tuple[bool, bool], dict[str, Any]] = {}


def globals_of(counts: bool = False, explored: bool = False) -> dict[str, Any]:
    """Return new globals for a program.

    The helpers are its builtins: the globals hold nothing but the program's own, for those who look
    for what keeps things alive, and none of Python's builtins can be reached.

    `counts`: with the helpers that take from the simulated heap. `explored`: with those for which
    an access is a step of its own.
    """
    made = _made.get((counts, explored))
    if made is None:
        import builtins

        from gosim.golang import library

        made = _made[counts, explored] = {"__build_class__": builtins.__build_class__}
        sources = [helpers.HELPERS, calls.HELPERS]
        if counts:
            from gosim.golang.values import heap

            sources.append(heap.HELPERS)
        if explored:
            from gosim.golang.values import accesses

            known = {name: value for source in sources for name, value in source.items()}
            sources += [accesses.HELPERS, accesses.explored_helpers(known)]
        for source in sources:
            for name, value in source.items():
                made["go:" + name] = value
        # A lower floor, which knows values, gives what the library needs.
        made["go:native_class"] = library.zero_class
        # Panics of the runtime come to programs that do not import it.
        for name in ("runtimeError", "PanicNilError"):
            library.zero_class("runtime", name)
    return {"__builtins__": made}
