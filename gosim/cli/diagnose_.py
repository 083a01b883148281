"""``gosim diagnose``: read a dump or a profile of a real Go process, and say what leaks."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from gosim.cli import FAILED, OK
from gosim.runtime.errors import LoadError

if TYPE_CHECKING:
    import argparse

    from gosim.diagnose.diagnosis import Diagnosis


def command(options: argparse.Namespace) -> int:
    """Diagnose one file, or two."""
    from gosim.diagnose.diagnosis import diagnose

    found = diagnose(options.file, options.later, source=options.source)
    try:
        if options.json:
            import json

            print(json.dumps(found.to_dict(), ensure_ascii=False))
        else:
            from gosim.views.text import terminal_width

            color = sys.stdout.isatty() and "NO_COLOR" not in os.environ
            print(found.to_text(terminal_width(), color), flush=True)
    finally:  # also when the reader of the report goes away: `| head`
        _write(found, options)
    failed = any(f.verdict in options.fail_on for f in found.findings)
    if found.snapshot.kind == "heap":
        failed = found.verdict in options.fail_on
    return FAILED if failed else OK


def _write(found: Diagnosis, options: argparse.Namespace) -> None:
    """Write the page and the picture."""
    for path, write in ((options.graph, _save_graph), (options.html, _save_page)):
        if path is None:
            continue
        try:
            write(found, path)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise LoadError(f"cannot write this file: {reason}", path) from None
        if not options.json:
            print(f"wrote {path}", file=sys.stderr)


def _save_graph(found: Diagnosis, path: str) -> None:
    suffix = os.path.splitext(path)[1].lower()
    plain = found.plain_graph()
    from gosim.diagnose.text import headline

    if suffix in (".dot", ".graphml", ".json"):
        from gosim.export.graphs import write_graph

        write_graph(plain, path, headline(found))
        return
    from gosim.views.graph import save

    save(plain, path, headline(found))


def _save_page(found: Diagnosis, path: str) -> None:
    found.save(path)
