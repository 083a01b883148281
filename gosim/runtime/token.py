"""Replay tokens: a schedule as a short text.

``g1.<mode>.<payload>.<check>``: version of the format, the scheduler it belongs to, its seed or its
decisions, and a checksum, so that a mistyped token is refused instead of replaying something else.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from gosim.runtime.errors import UsageError
from gosim.runtime.policy import Fifo, Policy, Random, Replay

_FORMAT = "g1"
POLICIES = ("go", "fifo", "random")


@dataclass(frozen=True)
class Schedule:
    """A decoded token: which scheduler, its seed, and the decisions to repeat."""

    mode: str
    seed: int
    decisions: tuple[int, ...] | None = None

    def policy(self) -> Policy | None:
        """Return a fresh scheduler; None stands for Go's own."""
        if self.decisions is not None:
            return Replay(self.decisions)
        return make_policy(self.mode, self.seed)


def make_policy(name: str, seed: int) -> Policy | None:
    """Return the scheduler called `name`; None for ``go``, which is built into the loop.

    Raises
    ------
    UsageError
        For a name gosim does not know.
    """
    if name == "go":
        return None
    if name == "fifo":
        return Fifo()
    if name == "random":
        return Random(seed)
    raise UsageError(f"--policy {name}: gosim knows {', '.join(POLICIES)}")


def _check(text: str) -> str:
    return f"{zlib.crc32(text.encode()) & 0xFFFF:04x}"


def encode(mode: str, seed: int, decisions: Sequence[int] | None = None) -> str:
    """Return the token of a schedule.

    Examples
    --------
    >>> token = encode("random", 7)
    >>> decode(token)
    Schedule(mode='random', seed=7, decisions=None)
    >>> decode(encode("steps", 0, [0, 1, 2, 300])).decisions
    (0, 1, 2, 300)
    """
    payload = str(seed)
    if decisions is not None:
        packed = bytearray()
        for n in decisions:  # variable-length numbers, seven bits a byte
            while n > 127:
                packed.append(n & 127 | 128)
                n >>= 7
            packed.append(n)
        payload = base64.urlsafe_b64encode(zlib.compress(bytes(packed), 9)).decode().rstrip("=")
    body = f"{_FORMAT}.{mode}.{payload}"
    return f"{body}.{_check(body)}"


def decode(token: str) -> Schedule:
    """Return what a token says.

    Raises
    ------
    UsageError
        When it is damaged or of a format this version does not know.
    """
    body, _, check = token.rpartition(".")
    parts = body.split(".")
    if parts[0].startswith("g") and parts[0] != _FORMAT and len(parts) == 3:
        raise UsageError(f"--replay: token of format {parts[0]}; this gosim reads {_FORMAT}")
    if len(parts) != 3 or _check(body) != check:
        raise UsageError(f"--replay: {token!r} is not a whole token; copy it as `run` printed it")
    _, mode, payload = parts
    if mode != "steps":
        return Schedule(mode, int(payload))
    packed = zlib.decompress(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    decisions: list[int] = []
    n = shift = 0
    for byte in packed:
        n |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            decisions.append(n)
            n = shift = 0
    return Schedule(mode, 0, tuple(decisions))
