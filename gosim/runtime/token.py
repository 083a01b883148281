"""Replay tokens: a schedule as a short text.

``g1.<mode>.<payload>.<check>``: version of the format, the scheduler it belongs to, its seed or its
decisions, and a checksum, so that a mistyped token is refused instead of replaying something else.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gosim.runtime.errors import UsageError
from gosim.runtime.paced import Paced
from gosim.runtime.policy import Fifo, Policy, Random, Replay

_FORMAT = "g1"
POLICIES = ("go", "fifo", "random", "paced")

modes: dict[str, Callable[[bytes], Policy]] = {}
"""Schedulers of higher floors, by the mode of their tokens: what makes one of a payload.

The doors see to it that they are here before a token is read.
"""


@dataclass(frozen=True)
class Schedule:
    """A decoded token: which scheduler, its seed, and the decisions to repeat.

    `payload` is what a scheduler of a higher floor (see `modes`) has written down instead.
    """

    mode: str
    seed: int
    decisions: tuple[int, ...] | None = None
    payload: bytes | None = None

    def policy(self) -> Policy | None:
        """Return a fresh scheduler; None stands for Go's own."""
        if self.payload is not None:
            return modes[self.mode](self.payload)
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
    if name == "paced":
        return Paced(seed)
    raise UsageError(f"--policy {name}: gosim knows {', '.join(POLICIES)}")


def _check(text: str) -> str:
    return f"{zlib.crc32(text.encode()) & 0xFFFF:04x}"


def encode(mode: str, seed: int, decisions: Sequence[int] | None = None) -> str:
    """Return the token of a schedule.

    Examples
    --------
    >>> token = encode("random", 7)
    >>> decode(token)
    Schedule(mode='random', seed=7, decisions=None, payload=None)
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
        payload = _text(zlib.compress(bytes(packed), 9))
    return _whole(mode, payload)


def encode_payload(mode: str, seed: int, payload: bytes) -> str:
    """Return the token of a schedule that a scheduler has written down in its own way.

    A seed other than 0 stands behind the payload, with a tilde in front of it.
    """
    return _whole(mode, _text(payload) + (f"~{seed}" if seed else ""))


def _text(packed: bytes) -> str:
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _whole(mode: str, payload: str) -> str:
    body = f"{_FORMAT}.{mode}.{payload}"
    return f"{body}.{_check(body)}"


def decode(token: str) -> Schedule:
    """Return what a token says.

    Raises
    ------
    UsageError
        When it is damaged, or of a format or a mode this version does not know.
    """
    body, _, check = token.rpartition(".")
    parts = body.split(".")
    if parts[0].startswith("g") and parts[0] != _FORMAT and len(parts) == 3:
        raise UsageError(f"--replay: token of format {parts[0]}; this gosim reads {_FORMAT}")
    if len(parts) != 3 or _check(body) != check:
        raise UsageError(f"--replay: {token!r} is not a whole token; copy it as `run` printed it")
    _, mode, payload = parts
    if mode in POLICIES:
        return Schedule(mode, int(payload))
    if mode != "steps" and mode not in modes:
        raise UsageError(
            f"--replay: the token is of mode {mode!r}, which this gosim does not know; it knows "
            + ", ".join([*POLICIES, "steps", *modes])
        )
    payload, _, seed = payload.partition("~")
    packed = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    if mode != "steps":
        return Schedule(mode, int(seed or "0"), payload=packed)
    packed = zlib.decompress(packed)
    decisions: list[int] = []
    n = shift = 0
    for byte in packed:
        n |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            decisions.append(n)
            n = shift = 0
    return Schedule(mode, 0, tuple(decisions))
