"""Graphs as files hold what the graph holds, and the tools they are for open them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gosim.cli import main as gosim
from gosim.export import graphs
from gosim.leaks.graph import fold, merge_things
from gosim.leaks.multigraph import MultiGraph
from gosim.leaks.run import Run, execute
from gosim.runtime.errors import UsageError
from gosim.runtime.program import File
from gosim.scenario import find

SCENARIOS = (
    "first-answer-wins",
    "ab-ba-deadlock",
    "ten-senders-one-receiver",
    "waitgroup-without-done",
    "cond-signal-missed",
    "rwmutex-recursive-read",
    "ticker-range-after-stop",
    "worker-pool-not-closed",
    "nil-channel",
    "two-kinds",
)


@cache
def run_of(name: str) -> Run:
    return execute(File(str(find(name).first.file())))


def plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    return json.loads(json.dumps(value))


@pytest.mark.parametrize("name", SCENARIOS)
def test_networkx_reads_the_json_and_finds_the_graph_in_it(name: str, tmp_path: Path) -> None:
    file = tmp_path / "g.json"
    graphs.write(run_of(name), str(file), "a title")
    read = networkx.node_link_graph(json.loads(file.read_text()), edges="edges")
    graph = run_of(name).graph()
    assert isinstance(read, networkx.MultiDiGraph)
    assert read.graph.pop("title") == "a title"
    assert read.graph == plain(graph.graph)
    assert dict(read.nodes(data=True)) == plain(dict(graph.nodes(data=True)))
    assert list(read.edges(data=True, keys=True)) == [
        (a, b, key, plain(data)) for a, b, key, data in graph.edges(data=True, keys=True)
    ]


def as_graphml(attributes: dict[str, Any]) -> dict[str, Any]:
    def text(item: Any) -> str:
        return f"{item[0]}:{item[1]}" if isinstance(item, tuple) else str(item)

    return {
        name: " ".join(map(text, value)) if isinstance(value, list | tuple) else value
        for name, value in attributes.items()
        if value is not None
    }


@pytest.mark.parametrize("name", SCENARIOS)
def test_networkx_reads_the_graphml_and_finds_the_graph_in_it(name: str, tmp_path: Path) -> None:
    file = tmp_path / "g.graphml"
    graphs.write(run_of(name), str(file), "a <title> & more")
    read = networkx.read_graphml(file, force_multigraph=True)
    graph = run_of(name).graph()
    assert read.is_directed() and read.graph["title"] == "a <title> & more"
    assert list(read.nodes(data=True)) == [
        (node, as_graphml(data)) for node, data in graph.nodes(data=True)
    ]
    edges = [(a, b, as_graphml(data)) for a, b, data in graph.edges(data=True)]
    assert [(a, b, data) for a, b, data in read.edges(data=True) if data.pop("id", 1)] == edges


TEXTS = st.text(max_size=10)


def two_nodes(label: str, detail: str) -> MultiGraph:
    graph = MultiGraph(cycles=[])
    look = {"leak": None, "goroutines": (), "count": 1, "in_cycle": False, "detail": detail}
    graph.add_node("goroutine 7", kind="goroutine", label=label, **look)
    graph.add_node(detail, kind="chan", label=label, **look)
    graph.add_edge("goroutine 7", detail, kind="waits-for", label=label, style="solid", at=label)
    return graph


@given(TEXTS, TEXTS)
@settings(max_examples=60)
def test_every_text_can_stand_in_graphml(label: str, detail: str) -> None:
    text = graphs.graphml(two_nodes(label, detail), label)
    read = networkx.parse_graphml(text.encode("utf-8", "backslashreplace"))
    assert read.number_of_nodes() == len({"goroutine 7", graphs._printable(detail)})
    for node in read.nodes:
        found = read.nodes[node].get("label", "")
        assert found.split() == graphs._printable(label).split()


def test_the_picture_folds_what_is_equal_and_the_data_does_not(tmp_path: Path) -> None:
    run = run_of("worker-pool-not-closed")
    workers = len(run.goroutines)
    assert workers > 2
    dot = graphs.dot(fold(merge_things(run.plain_graph())))
    assert len(re.findall(r"^  \"goroutine \d+\" \[", dot, re.M)) == 1
    assert f"{workers} × " in dot
    data = json.loads(graphs.node_link(run.plain_graph()))
    assert sum(node["kind"] == "goroutine" for node in data["nodes"]) == workers


def test_no_meaning_is_carried_by_colour_alone() -> None:
    """Who is leaked, gone or in a cycle shows without any colour."""
    leaked = graphs.dot(fold(run_of("first-answer-wins").plain_graph()))
    cycle = graphs.dot(fold(run_of("ab-ba-deadlock").plain_graph()))
    grey = [re.sub(r', (fill)?color="[^"]*"', "", dot) for dot in (leaked, cycle)]
    assert r"\nleaked" in grey[0] and 'style="filled,dashed"' in grey[0]
    assert len(re.findall(r'peripheries="2"', grey[1])) == 4  # two goroutines, two locks


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
@pytest.mark.parametrize("name", SCENARIOS)
def test_graphviz_draws_it(name: str, tmp_path: Path) -> None:
    file = tmp_path / "g.dot"
    graphs.write(run_of(name), str(file), 'a "title" with \\ and <angles>')
    done = subprocess.run(["dot", "-Tplain", str(file)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and not done.stderr
    graph = fold(merge_things(run_of(name).plain_graph()))
    kinds = [line.split(" ", 1)[0] for line in done.stdout.splitlines()]
    assert kinds.count("node") == len(graph.nodes)
    assert kinds.count("edge") == len(list(graph.edges()))


@given(TEXTS, TEXTS)
@settings(max_examples=30)
def test_every_text_is_one_string_of_dot(label: str, detail: str) -> None:
    dot = graphs.dot(two_nodes(label, detail), label)
    lines = dot.split("\n")
    # A quote inside is escaped, a new line is written \n: every line is whole.
    for line in lines:
        assert len(re.findall(r'(?<!\\)(?:\\\\)*"', line)) % 2 == 0


def test_files_are_the_same_every_time(tmp_path: Path) -> None:
    for suffix in graphs.SUFFIXES:
        first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
        graphs.write(run_of("two-kinds"), str(first))
        graphs.write(execute(File(str(find("two-kinds").first.file()))), str(second))
        assert first.read_bytes() == second.read_bytes()


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"g\.gexf: the name of a graph ends in \.dot"):
        graphs.write(run_of("two-kinds"), str(tmp_path / "g.gexf"))


def test_the_command_line_takes_the_format_from_the_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for suffix, begin in (
        (".dot", "digraph"),
        (".graphml", "<?xml"),
        (".json", "{"),
        (".DOT", "d"),
    ):
        file = tmp_path / f"g{suffix}"
        assert gosim(["run", "first-answer-wins", "--graph", str(file)]) == 0
        assert file.read_text().startswith(begin)
        assert f"wrote {file}" in capsys.readouterr().err


def test_no_graph_library_is_loaded_for_a_file() -> None:
    code = (
        "import sys\n"
        "from gosim.cli import main\n"
        "for s in ('dot', 'graphml', 'json'):\n"
        "    main(['run', 'first-answer-wins', '--graph', f'{sys.argv[1]}/g.{s}'])\n"
        "print(sorted({'networkx', 'matplotlib'} & set(sys.modules)))\n"
    )
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", code, folder],
            capture_output=True,
            text=True,
            timeout=60,
            cwd=Path(__file__).parent.parent,
        )
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
