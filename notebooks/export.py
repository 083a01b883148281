"""Run the notebooks and write them as pages: ``python notebooks/export.py DIR [NUMBER …]``.

The pages need neither a kernel nor a network. ``--dark`` writes them in the dark theme of
JupyterLab. Numbers choose notebooks: ``export.py pages 1 5 10``.
"""

from __future__ import annotations

import argparse
import sys
import time
from html import escape
from pathlib import Path
from typing import Any

import nbclient
import nbconvert
import nbformat

HERE = Path(__file__).parent
KERNEL_S = 120
LINKS = (".ipynb)", ".html)")


def executed(file: Path, kernel: str = "python3") -> Any:
    """Return a notebook with its output."""
    notebook = nbformat.read(file, 4)  # type: ignore[no-untyped-call]
    nbclient.NotebookClient(
        notebook,
        timeout=KERNEL_S,
        kernel_name=kernel,
        resources={"metadata": {"path": str(file.parent)}},
    ).execute()
    return notebook


def page(notebook: Any, dark: bool = False) -> str:
    """Return a notebook that has run as a page that loads nothing."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = cell.source.replace(*LINKS)
    exporter = nbconvert.HTMLExporter(theme="dark" if dark else "light")
    # Nothing in the course has formulas, widgets or diagrams that scripts from elsewhere draw.
    exporter.require_js_url = exporter.mathjax_url = exporter.mermaid_js_url = ""
    exporter.jquery_url = exporter.widget_renderer_url = ""
    html: str = exporter.from_notebook_node(notebook)[0]
    return html.replace('<script src=""></script>', "")


def index(names: list[str]) -> str:
    """Return a page that leads to the others."""
    rows = "".join(f'<li><a href="{escape(name)}.html">{escape(name)}</a></li>' for name in names)
    head = '<meta charset="utf-8"><title>gosim: the course</title>'
    return f"<!doctype html><html lang=en>{head}<h1>The course</h1><ul>{rows}</ul></html>\n"


def main() -> None:
    """Write the pages that are asked for, and a page that leads to them."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("numbers", nargs="*", type=int)
    parser.add_argument("--kernel", default="python3")
    parser.add_argument("--dark", action="store_true")
    options = parser.parse_args()
    files = sorted(HERE.glob("[0-9]*.ipynb"))
    if options.numbers:
        files = [file for file in files if int(file.name[:2]) in options.numbers]
    if not files:
        parser.error("there is no such notebook")
    options.folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        begun = time.monotonic()
        html = page(executed(file, options.kernel), options.dark)
        (options.folder / f"{file.stem}.html").write_text(html, encoding="utf-8")
        print(f"{file.stem}: {time.monotonic() - begun:.0f} s", file=sys.stderr)
    (options.folder / "index.html").write_text(index([file.stem for file in files]), "utf-8")


if __name__ == "__main__":
    main()
