"""Graphviz's ``dot`` as the one who finds the places for the wait-for graph's boxes and curves.

It runs as a program of its own and is asked only when ``engine="dot"`` is.  gosim tells it how
large boxes and labels are and reads positions back; everything is drawn by gosim.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

from gosim.runtime.errors import UsageError

if TYPE_CHECKING:
    from gosim.views.layers import Arrow, Box

_SECONDS = 60


def place(boxes: list[Box], arrows: list[Arrow]) -> None:
    """Give every box its place, every arrow its curve and every label its middle.

    Raises
    ------
    UsageError
        When Graphviz is not there, or gives up.
    """
    program = shutil.which("dot")
    if program is None:
        raise UsageError(
            "engine='dot' needs Graphviz, and no program named dot is on the PATH; install "
            "graphviz (apt-get install graphviz, brew install graphviz) or leave engine out"
        )
    if not boxes:
        return
    try:
        done = subprocess.run(
            [program, "-Tjson0"],
            input=_source(boxes, arrows),
            capture_output=True,
            encoding="utf-8",
            timeout=_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise UsageError(f"engine='dot': Graphviz found no places in {_SECONDS} s") from None
    except subprocess.CalledProcessError as error:
        raise UsageError(f"engine='dot': Graphviz says: {error.stderr.strip()}") from None
    answer = json.loads(done.stdout)
    height = float(answer["bb"].split(",")[3])
    for item in answer["objects"]:
        box = boxes[int(item["name"][1:])]
        x, y = map(float, item["pos"].split(","))
        box.x, box.y = x - box.width / 2, height - y - box.height / 2
    for item in answer.get("edges", ()):
        arrow = arrows[int(item["id"])]
        arrow.points = tuple(_points(item, height))
        if "lp" in item:
            x, y = map(float, item["lp"].split(","))
            arrow.label_at = x, height - y


def _points(item: dict[str, Any], height: float) -> list[tuple[float, float]]:
    return [
        (float(x), height - float(y)) for x, y in (p.split(",") for p in item["pos"].split(" "))
    ]


def _source(boxes: list[Box], arrows: list[Arrow]) -> str:
    """Return the graph with sizes instead of texts."""
    lines = [
        "digraph g {",
        "graph [rankdir=LR, nodesep=0.25, ranksep=0.6];",
        'node [shape=box, fixedsize=true, label=""];',
        "edge [dir=none];",
    ]
    name = {box.node: f"b{i}" for i, box in enumerate(boxes)}
    for box in boxes:
        size = f"width={box.width / 72:.4f}, height={box.height / 72:.4f}"
        lines.append(f"{name[box.node]} [{size}];")
    for i, arrow in enumerate(arrows):
        label = ""
        if arrow.label:
            # An empty table of the label's size: the font is none of Graphviz's business.
            size = f'FIXEDSIZE="TRUE" WIDTH="{arrow.label_width + 12:.0f}" HEIGHT="14"'
            label = f', label=<<TABLE BORDER="0" {size}><TR><TD></TD></TR></TABLE>>'
        lines.append(f'{name[arrow.tail.node]} -> {name[arrow.head.node]} [id="{i}"{label}];')
    return "\n".join([*lines, "}"])
