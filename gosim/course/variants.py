"""Variants: every student gets other numbers and other names, worked out from a secret.

The variant of a student is a function of the secret, the assignment and the student's ID, so that
nothing has to be stored.  Its identifier is signed: ``0a17-9f3c…`` names the choices, and a text
that was not made with the secret is refused where the secret is known.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

from gosim.course.assignment import Assignment
from gosim.course.values import Value
from gosim.runtime.errors import UsageError

_SIGNED: Final = 10
"""Hexadecimal digits of a signature."""


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
        raise UsageError(
            f"{assignment.name} has no variant {variant!r}; it stands in the head of the program "
            "that was given out"
        )
    return assignment.instance(params, names, variant)


def for_student(assignment: Assignment, secret: bytes, student: str) -> Assignment:
    """Return the assignment as one student gets it."""
    return instance(assignment, identifier(assignment, secret, student))


def for_check(assignment: Assignment, variant: str | None) -> Assignment:
    """Return what a student checks against: the variant, or the master copy."""
    return assignment if not variant else instance(assignment, variant)


def described(assignment: Assignment) -> Mapping[str, str]:
    """Return what an instance has otherwise than the master copy."""
    return {**{k: str(v) for k, v in assignment.params.items()}, **assignment.names}
