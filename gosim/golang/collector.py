"""The front end makes hundreds of thousands of objects that live on: no time for garbage.

Python's cyclic collector walks all of them again and again while they are made, which doubles the
time of a check; what garbage there is waits until the end.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["uncollected"]


@contextmanager
def uncollected() -> Iterator[None]:
    """Put the cyclic collector off; inside another one, do nothing."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
