"""``gosim notebooks``: the course, to be opened in Jupyter."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from gosim.cli import OK
from gosim.runtime.errors import LoadError, UsageError

if TYPE_CHECKING:
    import argparse

_PACKAGE = Path(__file__).resolve().parent.parent
_SUFFIXES = (".ipynb", ".txt", ".go")
_NAMES = ("README.md", "export.py")


def command(options: argparse.Namespace) -> int:
    """Write the notebooks and what they read; change no file that is there already."""
    course = _course()
    files = sorted(
        file.relative_to(course)
        for file in course.rglob("*")
        if file.suffix in _SUFFIXES or file.name in _NAMES
    )
    out = Path(options.folder)
    there = next((out / file for file in files if (out / file).exists()), None)
    if there is not None:
        raise UsageError(f"{there} is there already: name another folder, nothing was written")
    try:
        for file in files:
            (out / file).parent.mkdir(parents=True, exist_ok=True)
            (out / file).write_bytes((course / file).read_bytes())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise LoadError(f"cannot write the notebooks: {reason}", str(out)) from None
    names = [str(out / file) for file in files if file.suffix == ".ipynb"]
    if options.json:
        import json

        print(json.dumps({"schema": "gosim.notebooks/1", "notebooks": names}))
    else:
        print(*names, sep="\n")
        _say_next(out)
    return OK


def _say_next(out: Path) -> None:
    import shlex
    import sys
    from importlib.util import find_spec

    place = shlex.quote(os.fspath(out))
    print("\ntry next:", file=sys.stderr)
    if find_spec("jupyterlab") is None:
        print("  pip install jupyterlab", file=sys.stderr)
    print(f"  jupyter lab {place}", file=sys.stderr)


def _course() -> Path:
    for folder in (_PACKAGE / "notebooks", _PACKAGE.parent / "notebooks"):
        if (folder / "README.md").is_file():
            return folder
    raise LoadError("the notebooks are not installed with this copy of gosim")
