"""Where submissions run: a child process behind walls, and what comes back from it.

The modes, the strongest first: ``bubblewrap`` (namespaces of its own: other files, processes and
networks are not there), ``landlock`` (they are there, and refused), ``limits`` (memory, processor
time and output; for systems that have nothing else).  In each of them the worker first builds what
walls it can (`harden`), and its process group is killed when it is over.

What comes back is the child's word on what it saw.  It is read up to a size, its types are checked,
and when there is none that is an error, and never a pass.
"""

from __future__ import annotations

import json
import os
import secrets
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from gosim.course import harden
from gosim.runtime.errors import UsageError

MODES: Final = ("bubblewrap", "landlock", "limits")
_HOUSE: Final = Path(__file__).resolve().parents[1]
_INSIDE: Final = "/submission"
"""The folder of the program, where the file system is another one."""


@dataclass(frozen=True)
class Limits:
    """What a submission may use; a net under the budget, which counts schedules and steps.

    Attributes
    ----------
    memory : int
        Bytes of address space.
    cpu_s, wall_s : int
        Seconds.
    report : int
        Bytes that the child may report.
    """

    memory: int = 2 << 30
    cpu_s: int = 60
    wall_s: int = 300
    report: int = 8 << 20


@dataclass(frozen=True)
class Failure:
    """A submission that ended without a report.

    Attributes
    ----------
    kind : str
        ``time``, ``memory``, ``output``, ``died`` or ``report``.
    message : str
    """

    kind: str
    message: str


def available(mode: str) -> bool:
    """Whether a mode can be used here."""
    if mode == "bubblewrap":
        return _bubblewrap()
    return mode == "limits" or harden.landlock_version() > 0


@cache
def _bubblewrap() -> bool:
    program = shutil.which("bwrap")
    if program is None or not sys.platform.startswith("linux"):
        return False
    tried = [program, "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "true"]
    try:
        return subprocess.run(tried, capture_output=True, timeout=10, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def chosen(mode: str = "auto") -> str:
    """Return the mode that is used: the one asked for, or the strongest there is.

    Raises
    ------
    UsageError
        When the one asked for is not available.
    """
    if mode == "auto":
        return next(m for m in MODES if available(m))
    if mode not in MODES:
        raise UsageError(f"--sandbox {mode}: there are auto, {', '.join(MODES)}")
    if not available(mode):
        raise UsageError(f"--sandbox {mode}: this machine does not have it; auto takes what it has")
    return mode


def _python_path() -> list[str]:
    """Return the folders of the standard library and of what gosim needs."""
    import simpy

    # Not from sysconfig, which threads find half filled when they ask for the first time.
    found = [os.path.dirname(os.__file__), *(p for p in sys.path if p.endswith("lib-dynload"))]
    found.append(os.path.dirname(os.path.dirname(os.path.realpath(str(simpy.__file__)))))
    return list(dict.fromkeys(os.path.realpath(p) for p in found if os.path.isdir(p)))


def _readable(path: Sequence[str]) -> list[str]:
    """Return what the interpreter has to read, gosim included, and nothing beside it."""
    base = os.path.realpath(sys.base_prefix)
    ours = [p for p in path if not p.startswith(base + os.sep)]
    system = [
        p for p in ("/usr", "/lib", "/lib64", "/lib32", "/etc/ld.so.cache") if os.path.exists(p)
    ]
    devices = ["/dev/null", "/dev/urandom"]
    inside = [base] if base not in ("/", "/usr") else []
    return list(dict.fromkeys([*system, *devices, *inside, *ours, str(_HOUSE)]))


def _command(mode: str, work: str, path: Sequence[str]) -> list[str]:
    # That of an environment may be a copy, which lies beside everything that can be read.
    python = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    # Not -I: it would not hear of PYTHONHASHSEED, and sets would come in another order each time.
    worker = [python, "-P", "-s", "-S", "-B", str(_HOUSE / "course" / "worker.py")]
    if mode != "bubblewrap":
        return worker
    program = shutil.which("bwrap")
    assert program is not None
    line = [program, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    line += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    for place in _readable(path):
        if place.startswith("/dev/"):
            continue
        if os.path.islink(place):
            line += ["--symlink", os.readlink(place), place]
        else:
            line += ["--ro-bind", place, place]
    return [*line, "--ro-bind", work, _INSIDE, "--chdir", _INSIDE, "--clearenv",
            *_environment("--setenv"), "--", *worker]  # fmt: skip


def _environment(option: str = "") -> list[str]:
    values = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONHASHSEED": "0"}
    return [word for name, value in values.items() for word in (option, name, value)]


def observe(
    files: Mapping[str, str],
    orders: Sequence[Mapping[str, Any]],
    mode: str = "auto",
    limits: Limits | None = None,
) -> list[dict[str, Any]] | Failure:
    """Run a submission in a child process and return what was observed.

    Parameters
    ----------
    files : mapping of str to str
        What the child finds in its folder: name to text.
    orders : sequence of mapping
        See `gosim.course.observe.observe`; paths are names of `files`.
    mode : str
    limits : Limits, optional

    Returns
    -------
    list of dict, or Failure
        An observation for each order.

    Raises
    ------
    UsageError
        When the mode is not available.
    """
    mode = chosen(mode)
    limits = limits or Limits()
    nonce = secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="gosim-") as work:
        for name, text in files.items():
            target = Path(work, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        path = _python_path()
        folder = _INSIDE if mode == "bubblewrap" else work
        given = {
            "nonce": nonce,
            "orders": list(orders),
            "walls": {
                "path": path,
                "house": str(_HOUSE),
                "folder": folder,
                "readable": [*_readable(path), folder],
                "landlock": mode == "landlock",
                "seccomp": True,
                "memory": limits.memory,
                "cpu_s": limits.cpu_s,
            },
        }
        code, out, err, how = _communicate(
            _command(mode, work, path), work, json.dumps(given).encode(), limits
        )
    wanted = [str(order["id"]) for order in orders]
    found = _believed(out, nonce, wanted)
    if len(found) == len(wanted):
        return found
    failure = Failure(*_ENDS[how]) if how else _died(code, err, bool(out))
    if not found:
        return failure
    # What was reported before it ended counts; the rest could not be observed.
    problem = {"kind": failure.kind, "message": failure.message, "file": "", "line": 0}
    return found + [{"id": name, "problem": problem} for name in wanted[len(found) :]]


_ENDS: Final = {
    "time": ("time", "the program did not end in the time it had; is there a loop without an end?"),
    "output": ("output", "the program made more output than can be reported"),
}


class Stopped(Exception):
    """The grading was stopped; what was running is no result."""


_running: set[subprocess.Popen[bytes]] = set()
_stopping = threading.Event()


def stop() -> None:
    """End every child now, and start none any more: whoever waits for one gets `Stopped`."""
    _stopping.set()
    for child in list(_running):
        _kill(child)


def resume() -> None:
    """Let children be started again."""
    _stopping.clear()


def _communicate(
    command: Sequence[str], work: str, given: bytes, limits: Limits
) -> tuple[int, bytes, bytes, str]:
    """Start the child, feed it, read what it says, and end it and all that it started."""
    words = _environment()
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=work,
        env=dict(zip(words[1::3], words[2::3], strict=True)),
        start_new_session=True,
        close_fds=True,
    )
    _running.add(child)
    if _stopping.is_set():
        _kill(child)
    assert child.stdin is not None and child.stdout is not None and child.stderr is not None
    out, err, how = bytearray(), bytearray(), ""
    deadline = time.monotonic() + limits.wall_s
    try:
        try:
            child.stdin.write(given)
            child.stdin.close()
        except BrokenPipeError:
            pass  # it ended before it began: that is told by what it left
        with selectors.DefaultSelector() as ready:
            ready.register(child.stdout, selectors.EVENT_READ, (out, limits.report))
            ready.register(child.stderr, selectors.EVENT_READ, (err, 64 << 10))
            while ready.get_map():
                left = deadline - time.monotonic()
                if left <= 0:
                    how = "time"
                    break
                for key, _ in ready.select(left):
                    piece = os.read(key.fd, 1 << 16)
                    buffer, most = key.data
                    buffer += piece
                    if not piece:
                        ready.unregister(key.fileobj)
                    elif len(buffer) > most:
                        how = "output"
                if how:
                    break
        if not how:
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                how = "time"
    finally:
        _running.discard(child)
        _end(child)
    if _stopping.is_set():
        raise Stopped
    return child.returncode, bytes(out), bytes(err), how


def _kill(child: subprocess.Popen[bytes]) -> None:
    """Kill the child's process group, whoever of it is left."""
    if hasattr(os, "killpg"):
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
    child.kill()


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill the child's process group, and forget it."""
    _kill(child)
    child.wait()
    for pipe in (child.stdin, child.stdout, child.stderr):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:
                pass


def _died(code: int, err: bytes, said_something: bool) -> Failure:
    if said_something and code == 0:
        return Failure("report", "the process that ran the program gave no report that can be read")
    last = err.decode("utf-8", "replace").strip().splitlines()
    said = f": {last[-1][:300]}" if last else ""
    if code in (-signal.SIGXCPU, 128 + signal.SIGXCPU, -signal.SIGKILL, 128 + signal.SIGKILL):
        return Failure("time", _ENDS["time"][1])
    if "MemoryError" in said:
        return Failure("memory", "the program needs more memory than it may have")
    return Failure("died", f"the program ended the process that ran it (code {code}){said}")


def _believed(out: bytes, nonce: str, wanted: Sequence[str]) -> list[dict[str, Any]]:
    """Return the observations that were reported, in their order, up to the first that is none."""
    found: list[dict[str, Any]] = []
    for line, name in zip(out.split(b"\n"), wanted, strict=False):
        try:
            report = json.loads(line)
            observation = _plain(report["observation"])
            if report["nonce"] != nonce or observation["id"] != name:
                break
        except (ValueError, TypeError, KeyError, RecursionError):
            break
        found.append(observation)
    return found


def _plain(thing: Any) -> Any:
    """Return a thing of JSON; refuse what is not of the types that observations have."""
    if type(thing) is dict:
        return {_plain(str(key)): _plain(value) for key, value in thing.items()}
    if type(thing) is list:
        return [_plain(part) for part in thing]
    if type(thing) is str:  # half of a character, which a program may print, is in no file
        return thing.encode("utf-8", "backslashreplace").decode("utf-8")
    if thing is None or type(thing) in (bool, int):
        return thing
    raise ValueError
