"""``gosim docs``: the documentation, in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gosim.cli import OK
from gosim.runtime.errors import LoadError, UsageError

if TYPE_CHECKING:
    import argparse

_PACKAGE = Path(__file__).resolve().parent.parent


def command(options: argparse.Namespace) -> int:
    """Print a page, or which there are."""
    pages = _pages()
    if options.topic is None:
        if options.json:
            import json

            print(json.dumps({name: title for name, (title, _) in pages.items()}))
            return OK
        width = max(map(len, pages))
        for name, (title, _) in pages.items():
            print(f"  {name:{width}}  {title}")
        return OK
    found = [name for name in pages if name == options.topic] or [
        name for name in pages if name.startswith(options.topic)
    ]
    if len(found) != 1:
        from difflib import get_close_matches

        close = get_close_matches(options.topic, pages, n=1)
        meant = f"did you mean {close[0]}?" if close else f"there are {', '.join(pages)}"
        raise UsageError(f"there is no page {options.topic!r}; {meant}")
    text = pages[found[0]][1].read_text("utf-8")
    if options.json:
        import json

        print(json.dumps({"topic": found[0], "text": text}, ensure_ascii=False))
    else:
        print(text, end="")
    return OK


def _pages() -> dict[str, tuple[str, Path]]:
    """Name, title and file of every page."""
    for folder in (_PACKAGE / "docs", _PACKAGE.parent / "docs"):
        if (folder / "index.md").is_file():
            pages = {}
            for file in sorted(folder.glob("*.md")):
                with open(file, encoding="utf-8") as f:
                    pages[file.stem] = f.readline().lstrip("# ").strip(), file
            return pages
    raise LoadError("the documentation is not installed with this copy of gosim")
