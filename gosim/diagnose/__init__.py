"""Files that real Go has written, read as lessons: who leaks, why, and how to repair it.

``files`` makes a `Snapshot` of a dump or a profile, ``rules`` judges its groups and ``heap`` its
sites, and a `Diagnosis` says it: in words, as JSON, as a graph and as a page.

The package can be called: ``gosim.diagnose(file)`` is `gosim.diagnose.diagnosis.diagnose`, whether
or not one of its modules has been imported before.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Package(ModuleType):
    """A package that can be called."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Diagnose a file; see `gosim.diagnose.diagnosis.diagnose`."""
        from gosim.diagnose.diagnosis import diagnose

        return diagnose(*args, **options)


sys.modules[__name__].__class__ = _Package
