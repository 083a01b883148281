"""What ``go vet`` warns of and the compiler does not: locks that are copied, contexts never
cancelled, loop variables that function literals share (Go: ``golang.org/x/tools/go/analysis``).

The texts and places are those of go vet 1.27.
"""

from __future__ import annotations

from gosim.golang.packages import Build, Loaded
from gosim.golang.vet import copylock, loopclosure, lostcancel
from gosim.golang.vet.control import Returning
from gosim.golang.vet.unit import Finding, Unit

__all__ = ["Finding", "vet"]


def vet(build: Build) -> list[Finding]:
    """Return what is suspicious in the packages of a program, without gosim's own models.

    In each package the findings stand in the order in which go vet prints them.
    """
    returning = Returning()
    units = [_unit(build, each) for each in build.packages if not each.standard]
    if any(map(lostcancel.has_contexts, units)):
        # What never returns is known of a package before those that import it are looked at.
        for unit in units:
            returning.add(unit)
    locks = any(map(copylock.has_locks, units))
    for unit in units:
        if locks:
            copylock.check(unit)
        loopclosure.check(unit)
        lostcancel.check(unit, returning)
    units.sort(key=lambda unit: unit.loaded.path)
    return [each for unit in units for each in unit.found]


def _unit(build: Build, loaded: Loaded) -> Unit:
    own = build.import_path if loaded is build.main else loaded.path
    return Unit(loaded, build.files, own)
