"""Write what real Go tells of goroutines, leaking and healthy: ``tests/diagnose/*.tar.xz``.

    GOSIM_GO_PATH=/opt/gos python -m tests.record_diagnose [VERSION …]

The programs are the Go files of the scenarios, those of ``tests/diagnose`` and Go's own leak
kernels. Each is built with a second file (``harness.go.txt``) that calls its main, takes a
snapshot, calls it again a few times, and takes another: as text (``debug=1`` and ``debug=2``), as
protobuf, and from Go 1.27 on the leak profile, too. An archive holds ``program/one.2.txt`` and so
on, protobufs unpacked (that makes it a third as large), without what is larger than `MOST` bytes.
"""

from __future__ import annotations

import gzip
import io
import lzma
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gosim.oracle.toolchain import Toolchain, find_toolchain

HERE: Final = Path(__file__).resolve().parent / "diagnose"
SCENARIOS: Final = HERE.parent.parent / "scenarios"
VERSIONS: Final = ("1.21", "1.22", "1.24", "1.27")
CALLS: Final = 6
_HEAP: Final = {"DIAGNOSE_HEAP": "yes", "DIAGNOSE_LEAKS": "", "GODEBUG": "memprofilerate=1"}
MOST: Final = 200_000
FILES: Final = tuple(
    [f"{when}.{form}" for when in ("one", "two") for form in ("2.txt", "1.txt", "pb.gz")]
    + [f"leak.{form}" for form in ("2.txt", "1.txt", "pb.gz")]
)
#: These do not come back to their caller, or their point is another than goroutines.
_WITHOUT: Final = {"all-asleep", "channel-tour", "is-a-buffer-worth-it"}
_KERNELS: Final = "src/runtime/testdata/testgoroutineleakprofile"


def programs() -> Iterator[tuple[str, Path]]:
    """Yield the name and the file of every program with a main of its own."""
    for file in sorted(SCENARIOS.glob("*/*/*.go")):
        family, scenario = file.parent.parent.name, file.parent.name
        if family in ("goroutines", "production") and scenario not in _WITHOUT:
            yield f"{scenario}/{file.stem}", file
    for kind in ("healthy", "leaky"):
        for file in sorted((HERE / kind).glob("*.go")):
            yield f"{kind}/{file.stem}", file


def build(toolchain: Toolchain, files: list[Path], work: Path) -> Path | None:
    """Build a program with the harness; None when it does not compile with this version."""
    module = work / "module"
    shutil.rmtree(module, ignore_errors=True)
    module.mkdir()
    for file in files:
        shutil.copy(file, module / file.name)
    shutil.copy(HERE / "harness.go.txt", module / "zz_diagnose.go")
    mod = f"module service\n\ngo {toolchain.version}\n"
    if any("golang.org/x/sync" in file.read_text("utf-8") for file in files):
        newest = find_toolchain("1.27")
        assert newest is not None
        copy = work / "sync"
        if not copy.exists():
            shutil.copytree(newest.goroot / "src/cmd/vendor/golang.org/x/sync", copy)
            (copy / "go.mod").write_text("module golang.org/x/sync\n\ngo 1.21\n")
        mod += "require golang.org/x/sync v0.0.0\nreplace golang.org/x/sync => ../sync\n"
    (module / "go.mod").write_text(mod)
    program = work / "program"
    done = subprocess.run(
        [str(toolchain.go), "build", "-trimpath", "-o", str(program), "."],
        cwd=module, env=toolchain.environment(), capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        print(f"    does not build: {done.stderr.strip().splitlines()[-1][:120]}", file=sys.stderr)
        return None
    return program


def take(
    program: Path, args: list[str], calls: int, settle: str, **more: str
) -> dict[str, bytes]:
    """Run a program, and return what it wrote."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ, "DIAGNOSE_DIR": folder, "DIAGNOSE_CALLS": str(calls),
            "DIAGNOSE_SETTLE": settle, "DIAGNOSE_LEAKS": "yes", **more,
        }  # fmt: skip
        try:
            subprocess.run(
                [str(program), *args], env=environment, timeout=60, check=False,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            print(f"    {args} hung", file=sys.stderr)
        wrote = [path for name in FILES if (path := Path(folder) / name).is_file()]
        # Of a program that was ended on the way the last file may be empty.
        return {path.name: path.read_bytes() for path in wrote if path.stat().st_size}


def kernels(toolchain: Toolchain, work: Path) -> Iterator[tuple[str, Path, str]]:
    """Yield the kernels of Go 1.27: name, program, argument."""
    newest = find_toolchain("1.27")
    assert newest is not None
    root = newest.goroot / _KERNELS
    for folder in (root, root / "goker"):
        copies = work / "kernels"
        shutil.rmtree(copies, ignore_errors=True)
        copies.mkdir()
        for file in sorted(folder.glob("*.go")):
            text = file.read_text("utf-8")
            # Older Go has no leak profile; theirs is printed by the harness where there is one.
            text = text.replace('pprof.Lookup("goroutineleak")', 'pprof.Lookup("goroutine")')
            (copies / file.name).write_text(text, "utf-8")
        program = build(toolchain, sorted(copies.glob("*.go")), work)
        if program is None:
            continue
        for file in sorted(copies.glob("*.go")):
            for name in re.findall(r'register\("(\w+)"', file.read_text("utf-8")):
                yield f"kernels/{name}", program, name


def record(version: str) -> bytes:
    """Return the zip of one version."""
    toolchain = find_toolchain(version)
    if toolchain is None:
        raise SystemExit(f"Go {version} is not installed")
    found: dict[str, bytes] = {"go": toolchain.full.encode()}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name, file in programs():
            print(f"  {version} {name}", file=sys.stderr)
            if (program := build(toolchain, [file], work)) is not None:
                for part, data in take(program, [], CALLS, "60ms").items():
                    found[f"{name}/{part}"] = data
        for file in sorted((HERE / "heap").glob("*.go")):
            made = build(toolchain, [file], work)
            if made is not None:
                for part, data in take(made, [], CALLS, "5ms", **_HEAP).items():
                    found[f"heap/{file.stem}/{part}"] = data
        for name, program, argument in kernels(toolchain, work):
            for part, data in take(program, [argument], CALLS, "100ms").items():
                found[f"{name}/{part}"] = data
    return packed(found)


def packed(found: dict[str, bytes]) -> bytes:
    """Return an archive of files, the same bytes for the same files."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        # Files of one kind lie together: they have most in common.
        for name in sorted(found, key=lambda name: (name.rpartition("/")[2], name)):
            data = found[name]
            if name.endswith(".gz"):
                name, data = name.removesuffix(".gz"), gzip.decompress(data)
            if len(data) <= MOST:
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
    return lzma.compress(raw.getvalue(), preset=9 | lzma.PRESET_EXTREME)


def main() -> None:
    for version in sys.argv[1:] or VERSIONS:
        data = record(version)
        (HERE / f"go{version}.tar.xz").write_bytes(data)
        print(f"go{version}.tar.xz: {len(data)} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
