"""The graph of a run shows itself: in notebooks, trusted or not, in terminals, as files."""

from __future__ import annotations

import base64
import copy
import json
import pickle
import re
from pathlib import Path
from typing import Any

import networkx
import pytest

import gosim as gs
from gosim import chan, go
from gosim.runtime.errors import UsageError


async def five() -> None:
    results = chan(int)

    async def worker(i: int) -> None:
        await results.send(i)

    for i in range(6):
        go(worker, i)
    await results.recv()


@pytest.fixture(scope="module")
def graph() -> Any:
    return gs.run(five).graph()


def test_it_is_a_graph_of_networkx(graph: Any) -> None:
    assert isinstance(graph, networkx.MultiDiGraph)
    assert graph.number_of_nodes() == 7  # five goroutines, the channel, main's ghost
    assert networkx.number_weakly_connected_components(graph) == 1
    waiting = {f"goroutine {i}" for i in range(7, 12)}
    assert networkx.ancestors(graph, "chan 1") == waiting


def test_a_notebook_gets_an_image_and_the_text(graph: Any) -> None:
    bundle = graph._repr_mimebundle_()
    assert sorted(bundle) == ["text/html", "text/plain"]
    assert bundle["text/plain"].startswith("5 × main.five.worker [chan send] → results")
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', bundle["text/html"])
    assert found is not None
    assert base64.b64decode(found[1]).decode() == graph.to_svg() == graph._repr_svg_()
    assert "<svg" not in bundle["text/html"] and "<script" not in bundle["text/html"]
    assert "5 × main.five.worker [chan send] → results" in bundle["text/html"]


def test_a_notebook_may_ask_for_some_kinds_only(graph: Any) -> None:
    assert list(graph._repr_mimebundle_(include=["text/plain"])) == ["text/plain"]
    assert list(graph._repr_mimebundle_(exclude={"text/html"})) == ["text/plain"]


def test_nothing_goes_to_stderr(graph: Any, capfd: pytest.CaptureFixture[str]) -> None:
    graph._repr_mimebundle_()
    graph.plot()
    assert capfd.readouterr() == ("", "")


def test_as_plain_data_it_survives_json(graph: Any) -> None:
    data = graph.to_dict()
    assert data["schema"] == "gosim.graph/1"
    assert json.loads(json.dumps(data)) == data
    assert {node["id"] for node in data["nodes"]} == set(graph.nodes)
    assert len(data["edges"]) == graph.number_of_edges()
    (channel,) = [node for node in data["nodes"] if node["kind"] == "chan"]
    # The last goroutine started ran first, and main received from it.
    assert channel["sendq"] == [[g, str(g - 7)] for g in range(7, 12)]
    assert channel["senders"] == 5


def test_as_dot_equal_goroutines_are_one(graph: Any) -> None:
    text = graph.to_dot("five")
    assert text.startswith("digraph")
    assert text.count(" -> ") == 2
    assert "5 × main.five.worker" in text


def test_axes_come_back(graph: Any) -> None:
    from matplotlib.axes import Axes

    assert isinstance(graph.plot(), Axes)


@pytest.mark.parametrize(
    ("suffix", "head"),
    [(".svg", b"<svg"), (".png", b"\x89PNG"), (".pdf", b"%PDF"), (".dot", b"digraph")],
)
def test_it_is_saved_by_the_suffix(graph: Any, tmp_path: Path, suffix: str, head: bytes) -> None:
    graph.save(tmp_path / f"a{suffix}")
    assert (tmp_path / f"a{suffix}").read_bytes().startswith(head)


def test_another_suffix_is_refused_by_name(graph: Any, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"a\.jpg: the name of a picture ends in \.png"):
        graph.save(tmp_path / "a.jpg")


def test_copies_and_pickles_show_themselves_too(graph: Any) -> None:
    for other in (graph.copy(), copy.deepcopy(graph), pickle.loads(pickle.dumps(graph))):
        assert other.to_svg() == graph.to_svg()
        assert dict(other.nodes) == dict(graph.nodes)


def test_a_part_of_it_can_be_looked_at(graph: Any) -> None:
    part = graph.subgraph(["goroutine 7", "chan 1"])
    assert "main.five.worker" in part.to_svg()


def test_nobody_left_is_said_in_words() -> None:
    async def main() -> None:
        pass

    graph = gs.run(main).graph()
    assert graph.to_text() == "nobody waits: no goroutine is left"
    assert "nobody waits" in graph.to_svg()
