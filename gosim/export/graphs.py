"""The wait-for graph as a file: DOT for Graphviz, GraphML and JSON for programs.

DOT is for the eye: equal goroutines are one box.  GraphML and JSON have one node for every
goroutine and every thing, and everything that is known of them; nothing is folded there.

What the nodes and edges are says `gosim.leaks.graph`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape, quoteattr

from gosim.leaks.graph import COULD_WAKE, HELD_BY, WAITS_FOR, fold, merge_things, source_of
from gosim.leaks.messages import about, knows, say
from gosim.runtime.errors import UsageError

if TYPE_CHECKING:
    from gosim.leaks.multigraph import MultiGraph
    from gosim.leaks.run import Run

SUFFIXES: Final = (".dot", ".graphml", ".json")
"""The formats, by the end of a file's name."""


def write(run: Run, file: str, title: str = "") -> None:
    """Write who waits for whom at the end of a run.

    Parameters
    ----------
    run : Run
    file : str
        The end of its name is the format, one of `SUFFIXES`.
    title : str
        What the picture says; the other formats keep it as an attribute of the graph.

    Raises
    ------
    UsageError
        For another suffix.
    OSError
    """
    write_graph(run.plain_graph(), file, title)


def write_graph(graph: MultiGraph, file: str, title: str = "") -> None:
    """Write a graph that somebody has made; see `write`."""
    suffix = next((s for s in SUFFIXES if file.lower().endswith(s)), None)
    if suffix is None:
        raise UsageError(f"{file}: the name of a graph ends in {', '.join(SUFFIXES)}")
    if suffix == ".dot":
        text = dot(fold(merge_things(graph)), title)
    elif suffix == ".graphml":
        text = graphml(graph, title)
    else:
        text = node_link(graph, title)
    # GraphML says of itself that it is UTF-8.
    with open(file, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as f:
        f.write(text)


# -- DOT -------------------------------------------------------------------------------------------

#: Okabe and Ito's colours, and light ones of the same hue to write on.
_COLORS: Final = {
    "permanent": ("#D55E00", "#F9DFCC"),
    "unproven": ("#E69F00", "#FCF0D2"),
    "endless": ("#0072B2", "#D1E6F3"),
    "ghost": ("#666666", "#F2F2F2"),
    "thing": ("#009E73", "#D5F0E8"),
    "": ("#333333", "#FFFFFF"),
}
_VERDICTS: Final = {"permanent": "leaked", "unproven": "perhaps leaked", "endless": "endless"}
_SHAPES: Final = {"goroutine": "box", "ghost": "box", "chan": "cds", "nil chan": "cds"}
_STYLES: Final = {HELD_BY: "bold"}


def dot(graph: MultiGraph, title: str = "") -> str:
    """Return a graph in Graphviz's language: ``dot -Tsvg waits.dot -o waits.svg``.

    Goroutines are boxes, things have other shapes, who is gone has a dashed border.  Members of a
    cycle of waiting have a double one.
    """
    lines = [
        "digraph waits {",
        "  rankdir=LR;",
        '  graph [fontname="DejaVu Sans", fontsize=13];',
        '  node [fontname="DejaVu Sans", fontsize=11, margin="0.15,0.08"];',
        '  edge [fontname="DejaVu Sans", fontsize=9];',
    ]
    if title:
        lines.append(f"  {_looks(label=title, labelloc='t', sep='; ')};")
    for node, data in graph.nodes(data=True):
        kind, ids = data["kind"], data["goroutines"]
        verdict = data["leak"] or ""
        color, fill = _COLORS[
            "ghost" if kind == "ghost" else verdict if kind == "goroutine" else "thing"
        ]
        # The verdict in a word: colour alone must not tell it.
        words = [data["label"], data["detail"], _VERDICTS.get(verdict, "")]
        look: dict[str, Any] = {
            "label": "\n".join(filter(None, words)),
            "shape": _SHAPES.get(kind, "ellipse"),
            "style": "filled,dashed" if kind == "ghost" else "filled",
            "color": color,
            "fillcolor": fill,
        }
        if data["in_cycle"]:
            look.update(peripheries=2, penwidth=1.5)
        if ids:
            look["tooltip"] = _names(ids)
        lines.append(f"  {_quoted(node)} [{_looks(**look)}];")
    for a, b, data in graph.edges(data=True):
        kind = data["kind"]
        with about(source_of(graph)):
            told = _edge_words(data)
        look = {"label": told, "style": _STYLES.get(kind, data["style"])}
        if data["at"]:
            look["tooltip"] = f"{kind}, {data['at']}"
        if kind == COULD_WAKE:
            look["arrowhead"] = "empty"
        lines.append(f"  {_quoted(a)} -> {_quoted(b)} [{_looks(**look)}];")
    return "\n".join([*lines, "}", ""])


def _edge_words(data: Mapping[str, Any]) -> str:
    kind, label = data["kind"], data["label"]
    if kind == WAITS_FOR or not data["at"]:
        return str(label)
    key = f"graph.does.{label}" if kind == COULD_WAKE else f"graph.role.{label}"
    words = say(key) if knows(key) else label
    return f"{words}\n{data['at'].replace(chr(92), '/').rpartition('/')[2]}"


def _names(ids: Iterable[int]) -> str:
    """Return ``goroutines 7, 8, 9 and 40 more``."""
    shown = list(ids)
    more = len(shown) - 20
    text = ", ".join(map(str, shown[:20]))
    return f"goroutine{'s' * (len(shown) > 1)} {text}" + (f" and {more} more" if more > 0 else "")


def _looks(sep: str = ", ", **look: object) -> str:
    return sep.join(f"{name}={_quoted(str(value))}" for name, value in look.items() if value != "")


def _quoted(text: str) -> str:
    # In a quoted string of DOT only the quote itself is escaped, but labels know \n, \l, \N ….
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{text}"'


# -- JSON ------------------------------------------------------------------------------------------


def node_link(graph: MultiGraph, title: str = "") -> str:
    """Return a graph as JSON: ``networkx.node_link_graph(data, edges="edges")`` reads it.

    What is not known is ``null``.
    """
    keys: dict[tuple[str, str], int] = {}
    edges = []
    for a, b, data in graph.edges(data=True):
        key = keys[a, b] = keys.get((a, b), -1) + 1
        edges.append({"source": a, "target": b, "key": key, **data})
    document = {
        "directed": True,
        "multigraph": True,
        "graph": {"title": title, **graph.graph},
        "nodes": [{"id": node, **data} for node, data in graph.nodes(data=True)],
        "edges": edges,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


# -- GraphML ---------------------------------------------------------------------------------------

_TYPES: Final = {bool: "boolean", int: "long", float: "double"}


def graphml(graph: MultiGraph, title: str = "") -> str:
    """Return a graph as GraphML, which yEd, Gephi, Cytoscape and networkx read.

    Lists, such as the IDs of goroutines, are written with blanks between, pairs with a colon; what
    is not known is left out.
    """
    keys: dict[tuple[str, str], tuple[str, str]] = {}  # (element, attribute) to key and type

    def data(element: str, attributes: Mapping[str, Any]) -> Iterable[str]:
        for name, value in attributes.items():
            if isinstance(value, list | tuple):
                value = " ".join(map(_item, value))
            if value is None:
                continue
            kind = _TYPES.get(type(value), "string")
            key, _ = keys.setdefault((element, name), (f"d{len(keys)}", kind))
            text = str(value).lower() if kind == "boolean" else str(value)
            yield f"      <data key={quoteattr(key)}>{escape(_printable(text))}</data>"

    body = []
    for node, attributes in graph.nodes(data=True):
        body += [f"    <node id={_attribute(node)}>", *data("node", attributes), "    </node>"]
    for number, (a, b, attributes) in enumerate(graph.edges(data=True)):
        ends = f"source={_attribute(a)} target={_attribute(b)}"
        body += [f'    <edge id="e{number}" {ends}>', *data("edge", attributes), "    </edge>"]
    cycles = "; ".join(" ".join(f"[{n}]" for n in cycle) for cycle in graph.graph["cycles"])
    of_graph = list(data("graph", {"title": title, "cycles": cycles}))
    head = [
        f"  <key id={quoteattr(key)} for={quoteattr(element)} attr.name={quoteattr(name)} "
        f"attr.type={quoteattr(kind)}/>"
        for (element, name), (key, kind) in keys.items()
    ]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            'xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns '
            'http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">',
            *head,
            '  <graph id="waits" edgedefault="directed">',
            *of_graph,
            *body,
            "  </graph>",
            "</graphml>",
            "",
        ]
    )


def _item(item: object) -> str:
    """Return an item of a list: a goroutine with its value is ``7:"a"``."""
    return ":".join(map(str, item)) if isinstance(item, tuple) else str(item)


def _attribute(text: str) -> str:
    return quoteattr(_printable(text))


def _printable(text: str) -> str:
    """Replace what XML cannot hold, not even escaped."""
    if text.isprintable():
        return text
    return "".join(
        c if c in "\t\n" or (ord(c) >= 32 and c not in "\ufffe\uffff") else "\ufffd" for c in text
    )
