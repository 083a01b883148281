"""Variants: every student gets other numbers and other names, worked out from a secret.

The variant of a student is a function of the secret, the assignment and the student's ID, so that
nothing has to be stored.  Its identifier is signed, ``0a17-9f3c…``: a number for the choices, and
what only the secret can make of it and the student.  It stands in the first line of every file that
is given out, where `gosim check` finds it; `gosim grade`, which has the secret, refuses a program
whose identifier was not given to its student.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import replace
from typing import Final

from gosim.course.assignment import Assignment
from gosim.course.values import Value
from gosim.runtime.errors import UsageError

_SIGNED: Final = 10
"""Hexadecimal digits of a signature."""
_ID: Final = re.compile(rf"[0-9a-f]{{4,}}-[0-9a-f]{{{_SIGNED}}}")
_HEAD: Final = re.compile(r"\A\s*(?:#|//) variant (\S+) of \S+")


def _digest(secret: bytes, *parts: str) -> bytes:
    text = "\0".join(parts).encode("utf-8")
    return hmac.new(secret, text, hashlib.sha256).digest()


def choices(assignment: Assignment) -> list[int]:
    """Return among how many there is to choose, for each thing that varies."""
    numbers = [len(values) for values in assignment.varies.values()]
    return numbers + [len(words) for words in assignment.renames.values()]


def number_for(assignment: Assignment, secret: bytes, student: str) -> int:
    """Return the number of a student's variant, the same whenever it is asked for."""
    total = 1
    for n in choices(assignment):
        total *= n
    digest = _digest(secret, "variant", assignment.name, student.strip().casefold())
    return int.from_bytes(digest[:8], "big") % total


def identifier(assignment: Assignment, secret: bytes, student: str) -> str:
    """Return the signed identifier of a student's variant."""
    number = f"{number_for(assignment, secret, student):04x}"
    return f"{number}-{_signature(assignment, secret, student, number)}"


def _signature(assignment: Assignment, secret: bytes, student: str, number: str) -> str:
    digest = _digest(secret, "signed", assignment.name, student.strip().casefold(), number)
    return digest.hex()[:_SIGNED]


def signed(assignment: Assignment, secret: bytes, student: str, variant: str) -> bool:
    """Whether a variant was given to this student."""
    return hmac.compare_digest(variant, identifier(assignment, secret, student))


def instance(assignment: Assignment, variant: str) -> Assignment:
    """Return an assignment as its variant says.

    Raises
    ------
    UsageError
        When there is no such variant.
    """
    number, _, _ = variant.partition("-")
    try:
        left = int(number, 16)
    except ValueError:
        left = -1
    params: dict[str, Value] = {}
    names: dict[str, str] = {}
    if left >= 0:
        for name, values in assignment.varies.items():
            left, which = divmod(left, len(values))
            params[name] = values[which]
        for word, words in assignment.renames.items():
            left, which = divmod(left, len(words))
            names[word] = words[which]
    if left:
        raise UsageError(f"{assignment.name} has no variant {variant!r}{_WHERE}")
    made = assignment.instance(params, names, variant)
    starters = {
        source: head(assignment, variant, "//" if source == "go" else "#") + text
        for source, text in made.starters.items()
    }
    return replace(made, starters=starters)


_WHERE: Final = "; yours stands in the first line of the file that you got"


def head(assignment: Assignment, variant: str, comment: str) -> str:
    """Return the first line of a file that is given out, and an empty one."""
    return f"{comment} variant {variant} of {assignment.name}\n\n"


def carried(text: str) -> str:
    """Return the identifier in the first line of a program or of answers; empty without one."""
    found = _HEAD.match(text)
    return found[1] if found else ""


def for_student(assignment: Assignment, secret: bytes, student: str) -> Assignment:
    """Return the assignment as one student gets it."""
    return instance(assignment, identifier(assignment, secret, student))


def for_check(assignment: Assignment, variant: str | None, text: str = "") -> Assignment:
    """Return what a student checks against: the variant, or the master copy.

    Whether the identifier was given out only the secret can tell.

    Parameters
    ----------
    assignment : Assignment
    variant : str or None
        What the student says; left out, what the file says.
    text : str
        Of the submission.

    Raises
    ------
    UsageError
        When it has not the form of one, or the file says another.
    """
    said = carried(text)
    if variant and said and said != variant:
        raise UsageError(f"the file is of the variant {said}, and not of {variant}")
    wanted = variant or said
    if not wanted:
        return assignment
    if not _ID.fullmatch(wanted):
        raise UsageError(
            f"{wanted!r} is no variant: one has a number and a signature, as in "
            f"0a17-9f3c51d0b2{_WHERE}"
        )
    return instance(assignment, wanted)
