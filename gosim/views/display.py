"""Wait-for graphs that show themselves in a notebook."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gosim.leaks.graph import fold, merge_things, text_graph
from gosim.views.graph import plot, save, sheet
from gosim.views.shown import Shown
from gosim.views.svg import Theme, to_svg

if TYPE_CHECKING:
    import networkx
    from matplotlib.axes import Axes

Dot = Callable[..., str]


def displayed(graph: networkx.MultiDiGraph, dot: Dot) -> networkx.MultiDiGraph:
    """Return the same wait-for graph as one that shows itself; see `graph_class`."""
    return graph_class(dot)(graph)


@lru_cache(maxsize=4)
def graph_class(dot: Dot) -> Any:
    """Return the class of wait-for graphs that show themselves.

    It is made on request, for making it takes networkx.

    Parameters
    ----------
    dot : callable
        Writes DOT from a graph and a title; files for other tools are made in another room.
    """
    import networkx

    class Graph(Shown, networkx.MultiDiGraph):  # type: ignore[misc]  # networkx has no types
        """Who waits for whom: a ``networkx.MultiDiGraph`` that can be looked at.

        In a notebook it shows itself.  Everything networkx can do with a graph works; subgraphs
        and copies are such graphs, too.
        """

        def to_svg(self, theme: Theme = "light", title: str = "", engine: str = "") -> str:
            """Return the picture as SVG; `engine` ``"dot"`` lets Graphviz find the places."""
            return to_svg(sheet(self, title, engine), theme)

        def to_text(self) -> str:
            """Return the graph as lines for a terminal, equal goroutines folded."""
            return text_graph(fold(merge_things(self))) or "nobody waits: no goroutine is left"

        def to_dot(self, title: str = "") -> str:
            """Return the graph in Graphviz's language, equal goroutines folded."""
            return dot(fold(merge_things(self)), title)

        def to_dict(self) -> dict[str, Any]:
            """Return nodes, edges and cycles as plain data, schema ``gosim.graph/1``."""
            return {
                "schema": "gosim.graph/1",
                "nodes": [{"id": node, **_plain(data)} for node, data in self.nodes(data=True)],
                "edges": [
                    {"from": a, "to": b, **_plain(data)} for a, b, data in self.edges(data=True)
                ],
                "cycles": [list(cycle) for cycle in self.graph.get("cycles", ())],
            }

        def plot(self, ax: Axes | None = None, title: str = "", engine: str = "") -> Axes:
            """Draw the graph with matplotlib; return the axes."""
            return plot(self, ax, title, engine)

        def save(self, path: str | os.PathLike[str], title: str = "", engine: str = "") -> None:
            """Write the picture into a file: PNG, SVG or PDF, or DOT for Graphviz."""
            if os.fspath(path).lower().endswith(".dot"):
                with open(path, "w", encoding="utf-8", newline="\n") as file:
                    file.write(self.to_dot(title))
                return
            save(self, path, title, engine)

        def _alt(self) -> str:
            return f"who waits for whom: {self.to_text()}"

        def __reduce__(self) -> Any:
            # The class has no place of its own to be found at.
            return displayed, (networkx.MultiDiGraph(self), dot)

    Graph.__qualname__ = "Graph"
    return Graph


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    return {name: _listed(value) for name, value in data.items()}


def _listed(value: Any) -> Any:
    return [_listed(v) for v in value] if isinstance(value, tuple | list) else value
