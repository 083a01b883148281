"""A network inside one world, and waiting for it (Go: ``netpoll.go``, ``internal/poll``).

There are no real sockets: who listens and who dials are goroutines of the same program. A
connection is two `Socket`s, each of which has the bytes on their way to it. A goroutine that waits
for one has the wait reason ``IO wait``; it is woken the way the network poller wakes, through the
global queue, after everybody who can run without it.

Like a real process, one that waits for the network is never said to be asleep for ever: somebody
outside might still come. What that means for leaks is decided in `gosim.leaks.judge`, with what is
known here: who has the other end.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any, ClassVar, Final

from gosim.runtime.forms import Op, operation
from gosim.runtime.g import PARK, G
from gosim.runtime.time import Timer
from gosim.runtime.traceback import Frame, running_frames

if TYPE_CHECKING:
    from gosim.runtime.proc import World

IO_WAIT: Final = "IO wait"

CLOSED: Final = "use of closed network connection"
TIMEOUT: Final = "i/o timeout"
EOF: Final = "EOF"
RESET: Final = "connection reset by peer"
BROKEN: Final = "broken pipe"
REFUSED: Final = "connection refused"
IN_USE: Final = "address already in use"

ROOM: Final = 4 << 20
"""Bytes that can be written before anybody reads: about what Linux keeps for a loopback connection
(3.9 million were measured)."""
_NETWORK: Final = "gosim.runtime.netpoll"
_ORIGINS: Final = "gosim.runtime.netpoll.origins"
_FIRST_PORT: Final = 40001


class Network:
    """The listening sockets of a world, by port."""

    __slots__ = ("listeners", "next_port")

    def __init__(self) -> None:
        self.listeners: dict[int, Listening] = {}
        self.next_port = _FIRST_PORT

    def port(self) -> int:
        """Return a port that nobody has used."""
        port = self.next_port
        self.next_port += 1
        return port


def network(w: World) -> Network:
    """Return the network of a world."""
    found = w.__dict__.get(_NETWORK)
    if found is None:
        found = w.__dict__[_NETWORK] = Network()
    return found


def origins(w: World) -> dict[int, Frame]:
    """Return the places of the program for which goroutines of the library work, by their IDs."""
    found: dict[int, Frame] = w.__dict__.setdefault(_ORIGINS, {})
    return found


def works_for(w: World, frame: FrameType | None, *ids: int) -> None:
    """Note that goroutines of the library work for the call that the program makes now."""
    found = running_frames(frame)
    if found:
        origins(w).update(dict.fromkeys(ids, found[0]))


class Registry:
    """What the library has a list of: the connections of a server, how to end requests.

    Go's collector finds it all through the list. Nobody can use what he finds only there: so in the
    search for those who are within reach (`leave_out_registries`) the list leads nowhere.
    """

    __slots__ = ("found",)

    left_out: ClassVar[bool] = False

    def __init__(self) -> None:
        self.found: dict[Any, Any] = {}

    def __gosim_referents__(self) -> Iterable[object]:
        return () if Registry.left_out else (*self.found, *self.found.values())


@contextmanager
def leave_out_registries() -> Iterator[None]:
    """Let registries lead nowhere."""
    Registry.left_out = True
    try:
        yield
    finally:
        Registry.left_out = False


class Descriptor:
    """What a goroutine can wait for in the network.

    Attributes
    ----------
    service : bool
        Whoever waits here waits for somebody outside, as long as the process lives.
    """

    __slots__ = (
        "__weakref__",
        "closed",
        "made_code",
        "made_lasti",
        "name",
        "service",
        "world",
    )

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.name = name
        self.closed = False
        self.service = False
        self.made_code: CodeType | None = None
        self.made_lasti = 0
        frame = sys._getframe(2)
        self.made_code, self.made_lasti = frame.f_code, frame.f_lasti
        if world.policy is not None:
            world.policy.made(self)

    def deadline_of(self, g: G) -> Timer | None:
        """Return the timer that will wake a goroutine that waits here, None if none will."""
        return None

    def waits_to(self) -> str:
        """Return what a goroutine that waits here wants to do."""
        return "accept"

    def releasers(self) -> tuple[object, ...]:
        """Return what must be within reach for a wait here to end."""
        return ()

    def __repr__(self) -> str:
        return self.name


def _wake(w: World, queue: deque[G]) -> None:
    """Make all that wait runnable, as the network poller does."""
    while queue:
        g = queue.popleft()
        w.globq.append(g)
        if w.observers:
            w.emit("goroutine_readied", g, w.g)


def _park(w: World, queue: deque[G], on: Descriptor) -> Any:
    g = w.g
    if g is None:
        w.misused(on, "wait")
    queue.append(g)
    g.wait_reason = IO_WAIT
    g.waiting = on
    if w.observers:
        w.emit("goroutine_parked", g, IO_WAIT, on)
    yield PARK


class _Side:
    """Those who wait to read or to write, and their deadline."""

    __slots__ = ("expired", "queue", "timer", "world")

    def __init__(self, world: World) -> None:
        self.world = world
        self.queue: deque[G] = deque()
        self.timer: Timer | None = None
        self.expired = False

    def set(self, when: int | None) -> None:
        """Let it expire at an instant; never for None."""
        if self.timer is not None:
            self.timer.stop()
            self.timer = None
        self.expired = when is not None and when <= self.world.now
        if self.expired:
            _wake(self.world, self.queue)
        elif when is not None:
            self.timer = Timer(self.world, _expire, self)
            self.timer.start(when - self.world.now)

    def __gosim_referents__(self) -> Iterable[object]:
        return ()


def _expire(timer: Timer, delta: int) -> None:
    side: _Side = timer.arg
    side.timer, side.expired = None, True
    _wake(side.world, side.queue)


class Listening(Descriptor):
    """A listening socket, with the connections that nobody has accepted yet."""

    __slots__ = ("backlog", "port", "side")

    def __init__(self, world: World, port: int, name: str) -> None:
        super().__init__(world, name)
        self.port = port
        self.backlog: deque[Socket] = deque()
        self.side = _Side(world)
        self.service = True

    @operation
    def accept(self) -> Op:
        """Wait for a connection; return its end here and None, or None and what is wrong."""
        w = self.world
        if w.g is None:
            w.misused(self, "accept")
        if w.policy is not None:
            yield from w.announce("net accept", self)
        while True:
            if self.closed:
                return None, CLOSED
            if self.side.expired:
                return None, TIMEOUT
            if self.backlog:
                return self.backlog.popleft(), None
            yield from _park(w, self.side.queue, self)

    @operation
    def close(self) -> Op:
        """Listen no longer; return whether it was open."""
        w = self.world
        if w.policy is not None:
            yield from w.announce("net close", self)
        if self.closed:
            return False
        self.closed = True
        self.side.set(None)
        network(w).listeners.pop(self.port, None)
        for socket in self.backlog:
            socket.shut()
        self.backlog.clear()
        _wake(w, self.side.queue)
        return True

    def deadline_of(self, g: G) -> Timer | None:
        """Return the timer of its deadline."""
        return self.side.timer

    def __gosim_blocks__(self, kind: str) -> str | None:
        """Return the wait reason if an operation would have to wait now."""
        ready = kind != "net accept" or self.closed or self.side.expired or self.backlog
        return None if ready else IO_WAIT

    def __gosim_referents__(self) -> Iterable[object]:
        return ()


class Socket(Descriptor):
    """One end of a connection.

    Attributes
    ----------
    local, remote : str
        Addresses.
    peer : Socket
        The other end.
    inbox : bytearray
        Bytes that have come and that nobody has read.
    ended : bool
        The other end sends nothing more.
    reset : bool
        The other end went away with bytes unread.
    """

    __slots__ = ("ended", "inbox", "local", "peer", "reading", "remote", "reset", "writing")

    peer: Socket

    def __init__(self, world: World, local: str, remote: str) -> None:
        super().__init__(world, f"{local}->{remote}")
        self.local = local
        self.remote = remote
        self.inbox = bytearray()
        self.ended = False
        self.reset = False
        self.reading = _Side(world)
        self.writing = _Side(world)

    @operation
    def read(self, n: int) -> Op:
        """Wait for bytes; return at most `n` of them and None, or none and what is wrong."""
        w = self.world
        if w.g is None:
            w.misused(self, "read")
        if w.policy is not None:
            yield from w.announce("net read", self)
        while True:
            if self.closed:
                return b"", CLOSED
            if n == 0:
                return b"", None
            if self.reading.expired:
                return b"", TIMEOUT
            if self.inbox:
                data = bytes(self.inbox[:n])
                full = len(self.inbox) >= ROOM
                del self.inbox[:n]
                if full:
                    _wake(w, self.peer.writing.queue)
                return data, None
            if self.reset:
                return b"", RESET
            if self.ended:
                return b"", EOF
            yield from _park(w, self.reading.queue, self)

    @operation
    def write(self, data: bytes) -> Op:
        """Write all bytes, waiting while there is no room; return how many, and what is wrong."""
        w = self.world
        if w.g is None:
            w.misused(self, "write")
        if w.policy is not None:
            yield from w.announce("net write", self.peer)
        done = 0
        while True:
            peer = self.peer
            if self.closed:
                return done, CLOSED
            if self.writing.expired:
                return done, TIMEOUT
            if peer.closed or self.reset:
                return done, RESET if self.reset and not done else BROKEN
            if self.ended and peer.ended:
                return done, BROKEN
            room = ROOM - len(peer.inbox)
            if room > 0 and done < len(data):
                peer.inbox += data[done : done + room]
                done += min(room, len(data) - done)
                _wake(w, peer.reading.queue)
            if done >= len(data):
                return done, None
            yield from _park(w, self.writing.queue, self)

    @operation
    def close(self) -> Op:
        """Close it; return whether it was open."""
        w = self.world
        if w.policy is not None:
            yield from w.announce("net close", self, self.peer)
        if self.closed:
            return False
        self.shut()
        return True

    @operation
    def close_write(self) -> Op:
        """Send nothing more; return whether it was open."""
        w = self.world
        if w.policy is not None:
            yield from w.announce("net close", self.peer)
        if self.closed:
            return False
        self.peer.ended = True
        _wake(w, self.peer.reading.queue)
        return True

    def shut(self) -> None:
        """Close it at once, on nobody's behalf."""
        if self.closed:
            return
        self.closed = True
        w, peer = self.world, self.peer
        self.reading.set(None)
        self.writing.set(None)
        peer.ended = True
        peer.reset = peer.reset or bool(self.inbox)
        self.inbox.clear()
        for queue in (
            self.reading.queue,
            self.writing.queue,
            peer.reading.queue,
            peer.writing.queue,
        ):
            _wake(w, queue)

    @operation
    def set_deadline(self, when: int | None, read: bool, write: bool) -> Op:
        """Let reading, writing or both expire at an instant; None takes the deadline away."""
        w = self.world
        if w.policy is not None and self.must_tell(when):
            yield from w.announce("net deadline", self)
        if self.closed:
            return False
        if read:
            self.reading.set(when)
        if write:
            self.writing.set(when)
        return True

    def must_tell(self, when: int | None) -> bool:
        """Whether a new deadline can change anything for anybody."""
        return when is not None or any(
            side.expired or side.timer is not None for side in (self.reading, self.writing)
        )

    def deadline_of(self, g: G) -> Timer | None:
        """Return the timer that will wake a goroutine."""
        return (self.writing if g in self.writing.queue else self.reading).timer

    def waits_to(self) -> str:
        """Return what a goroutine that waits here wants to do."""
        return "write" if self.writing.queue else "read"

    def releasers(self) -> tuple[object, ...]:
        """Return the other end: whoever has it can send something, or close it."""
        return (self.peer,)

    def __gosim_blocks__(self, kind: str) -> str | None:
        """Return the wait reason if an operation would have to wait now.

        A write announces the socket that will get the bytes.
        """
        if kind == "net read":
            side = self.reading
            ready = self.closed or side.expired or self.inbox or self.ended or self.reset
        elif kind == "net write":
            sender = self.peer
            ready = self.closed or sender.closed or sender.writing.expired or sender.reset
            ready = ready or len(self.inbox) < ROOM
        else:
            return None
        return None if ready else IO_WAIT

    def __gosim_referents__(self) -> Iterable[object]:
        # Not the other end: between two ends there is a network, as in a real process.
        return ()


def pair(w: World, local: str, remote: str) -> tuple[Socket, Socket]:
    """Return the two ends of a new connection."""
    here, there = Socket(w, local, remote), Socket(w, remote, local)
    here.peer, there.peer = there, here
    return here, there


def listen(w: World, host: str, port: int) -> tuple[Listening | None, str | None]:
    """Listen on a port, any free one for 0; return the socket, or what is wrong."""
    net = network(w)
    if not port:
        port = net.port()
    if port in net.listeners:
        return None, IN_USE
    made = Listening(w, port, f"{host}:{port}")
    net.listeners[port] = made
    return made, None


@operation
def dial(w: World, host: str, port: int) -> Op:
    """Connect to a port; return the socket and None, or None and what is wrong.

    As in a kernel the connection is there before anybody accepts it.
    """
    net = network(w)
    if w.policy is not None:
        listener = net.listeners.get(port)
        if listener is not None:
            yield from w.announce("net dial", listener)
    listener = net.listeners.get(port)
    if listener is None:
        return None, REFUSED
    here, there = pair(w, f"{host}:{net.port()}", f"{host}:{port}")
    listener.backlog.append(there)
    _wake(w, listener.side.queue)
    return here, None
