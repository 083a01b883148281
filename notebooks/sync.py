"""Make the notebooks from their texts: ``python notebooks/sync.py``.

The texts (``*.md``) are what is written and reviewed; Jupytext reads them. A notebook has the same
cells, no output, and ids that are made from the text, so that the same text gives the same bytes.
"""

from __future__ import annotations

import json
import sys
from hashlib import blake2b
from pathlib import Path

import jupytext

HERE = Path(__file__).parent


def notebook(text: str) -> str:
    """Return the notebook of a text, as the file holds it."""
    made = jupytext.reads(text, fmt="md")
    seen: dict[str, int] = {}
    cells = []
    for cell in made.cells:
        n = seen[cell.source] = seen.get(cell.source, 0) + 1
        name = blake2b(f"{n}{cell.source}".encode(), digest_size=6).hexdigest()
        plain = {"cell_type": cell.cell_type, "id": name, "metadata": dict(cell.metadata)}
        if cell.cell_type == "code":
            plain.update(execution_count=None, outputs=[])
        plain["source"] = cell.source.splitlines(keepends=True)
        cells.append(plain)
    whole = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def texts() -> list[Path]:
    """Return the texts of the course, in order."""
    return sorted(HERE.glob("[0-9]*.md"))


def main() -> None:
    """Write every notebook whose text has changed."""
    for text in texts():
        file, made = text.with_suffix(".ipynb"), notebook(text.read_text(encoding="utf-8"))
        if not file.exists() or file.read_text(encoding="utf-8") != made:
            file.write_text(made, encoding="utf-8")
            print(f"wrote {file.name}", file=sys.stderr)


if __name__ == "__main__":
    main()
