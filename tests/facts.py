"""The measured facts about real Go (``go-facts.json``), and programs registered for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from functools import cache
from pathlib import Path
from typing import Any

Main = Callable[[], Coroutine[Any, Any, None]]


@cache
def facts(section: str) -> dict[str, Any]:
    """Return one section of the facts."""
    path = Path(__file__).with_name("go-facts.json")
    section_facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))[section]
    return section_facts


class Programs(dict[str, Main]):
    """Programs by the name of the fact they tell again."""

    def __call__(self, main: Main) -> Main:
        self[main.__name__] = main
        return main


def measured_in(rows: list[dict[str, Any]], version: str) -> dict[str, Any]:
    """Return the row that was measured with `version`."""
    return next(row for row in rows if version in row["versions"])
