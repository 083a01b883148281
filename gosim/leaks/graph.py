"""Who waits for whom: the wait-for graph of a judgement, as a ``networkx`` graph and as text.

Nodes are goroutines (also *ghosts*, which are gone and could have helped), channels, locks, groups,
timers and the clock.  Edges point from who needs to what is needed:

- ``waits-for``: goroutine → thing, with the operation and the line;
- ``held-by``: lock → goroutine or ghost that has not unlocked it;
- ``could-wake``: thing → goroutine or ghost whose code has the operation that would release the
  waiter (drawn dashed: a possibility in the text, nothing that was observed);
- ``uses``: condition variable → its lock.

A cycle of ``waits-for`` and ``held-by`` edges is a deadlock whatever the schedule does next.
Positions, colours and folding for pictures are the business of ``gosim.views``; `fold` here merges
only what is equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from gosim.leaks.explain import blockers, duration, label, short
from gosim.leaks.judge import Goroutine, Judgement, Thing
from gosim.leaks.messages import Source, about, knows, say
from gosim.leaks.multigraph import MultiGraph, simple_cycles
from gosim.leaks.sites import Site

if TYPE_CHECKING:
    import networkx

    from gosim.leaks.recording import Recording

Graph: TypeAlias = "MultiGraph | networkx.MultiDiGraph"
GraphT = TypeVar("GraphT", bound="Graph")

WAITS_FOR: Final = "waits-for"
HELD_BY: Final = "held-by"
COULD_WAKE: Final = "could-wake"
USES: Final = "uses"

_OTHER_SIDE: Final = {
    "send": ("receive", "range"),
    "receive": ("send", "close", "cancel"),
    "range": ("send", "close"),
    "wait": ("done", "go", "signal", "broadcast"),
    "acquire": ("release",),
}


def wait_graph(judgement: Judgement) -> networkx.MultiDiGraph:
    """Return the wait-for graph of a judgement.

    Node attributes: ``kind`` (``goroutine``, ``ghost``, ``more`` or the kind of a thing),
    ``label``, ``detail``, ``leak``, ``goroutines`` (IDs), ``count``, ``in_cycle``; goroutines have
    ``function``, ``state``, ``wait_reason`` and ``at``, ghosts also ``returned`` (the places at
    which their function can have returned, if it is known that it ran) and ``exits`` (the places at
    which it can return), things ``made_at``, ``cap``, ``len``, ``values`` (texts
    of the values in the buffer), ``sendq`` (pairs of a goroutine's ID and the text of its value)
    and ``recvq`` (IDs), both in order and at most 16 long, and ``senders`` and ``receivers``, how
    many there are in all.
    Edge attributes: ``kind``, ``label``, ``style`` (``solid``, ``dashed`` or ``dotted``), ``at``;
    waits have ``blocked_by``, the holders that keep this goroutine from this lock.
    Graph attributes: ``cycles``, each a list of nodes.

    Nodes and edges are added in the order of goroutine IDs, so the graph is the same for every run
    of the same schedule.
    """
    return shown(plain_graph(judgement))


def shown(graph: MultiGraph) -> networkx.MultiDiGraph:
    """Return the same graph as one of networkx that shows itself where there is a notebook."""
    known = graph.to_networkx()
    return known if dressed is None else dressed(known)


def mysteries(graph: Graph) -> list[str]:
    """Return the ghosts of which nobody knows whether they ever lived.

    A plain run keeps no history: that nobody is in a function says not that somebody was.
    """
    return [
        node
        for node, data in graph.nodes(data=True)
        if data["kind"] == "ghost" and data["exits"] and not data["returned"]
    ]


def solve(graph: Graph, recording: Recording) -> None:
    """Tell of ghosts what a recording knows: which goroutines they were, and that they ended."""
    alive: dict[int, bool] = dict.fromkeys(recording.goroutines, True)
    for event in recording.events:
        if event.kind == "end":
            alive[event.g] = False
    ended: dict[str, list[int]] = {}
    for member in recording.goroutines.values():
        if not alive[member.id]:
            ended.setdefault(member.function, []).append(member.id)
    for node in mysteries(graph):
        data = graph.nodes[node]
        ids = ended.get(data["function"])
        if ids:
            data["returned"] = data["exits"]
            data["detail"] = say("graph.returned")
            data["goroutines"] = tuple(ids) if len(ids) == 1 else ()


dressed: Callable[[networkx.MultiDiGraph], networkx.MultiDiGraph] | None = None
"""Makes a graph one that shows itself in a notebook.  ``gosim.doors`` puts it here: pictures are
made on a higher floor."""


def plain_graph(judgement: Judgement, folded: bool = False) -> MultiGraph:
    """Return the same graph without networkx, which takes longer to import than a lesson runs.

    With `folded`, goroutines that stand at the same line and wait for the same things are one node
    from the start, and so are things that are alike (same name, same place) with one waiter each.
    Who holds a lock is never folded, so the cycles are all there.
    """
    graph = MultiGraph(cycles=[])
    if judgement.source != "python":
        graph.graph["source"] = judgement.source
    goroutines = {g.id: g for g in judgement.goroutines}
    alike = _alike(judgement) if folded else {}
    holders = {h.goroutine for thing in judgement.things for h in thing.holders}
    nodes: dict[int, str] = {}
    groups: dict[object, str] = {}
    groups_of: dict[str, list[int]] = {}
    for g in judgement.goroutines:
        if g.leak is None and not g.waits:
            continue
        node = _id(g.id)
        if folded and g.id not in holders:
            waits = tuple([(alike.get(w.thing.key, w.thing.key), w.op) for w in g.waits])
            node = groups.setdefault((g.stack, g.wait_reason, g.state, g.leak, waits), node)
        nodes[g.id] = node
        members = groups_of.setdefault(node, [])
        if not members:
            _add_goroutine(graph, g)
        members.append(g.id)
    for node, members in groups_of.items():
        graph.nodes[node].update(goroutines=tuple(members), count=len(members))
    things = []
    for thing in judgement.things:
        first = alike.get(thing.key, thing.key)
        if first == thing.key:
            things.append(thing)
            _add_thing(graph, thing)
        else:
            # Each of them has its own values and its own line.
            graph.nodes[first].update(values=(), sendq=(), recvq=())
            graph.nodes[first]["count"] += 1
    for g in judgement.goroutines:
        if nodes.get(g.id) != _id(g.id):
            continue
        for wait in g.waits:
            blocked_by = [_id(h.goroutine) for h in blockers(wait.thing, g.id, wait.op)]
            graph.add_edge(
                _id(g.id),
                alike.get(wait.thing.key, wait.thing.key),
                kind=WAITS_FOR,
                label=wait.op,
                style="solid",
                at=g.at,
                blocked_by=tuple(dict.fromkeys(blocked_by)),
            )
    for thing in things:
        _add_holders(graph, thing, goroutines)
        _add_helpers(graph, thing, goroutines, nodes, judgement)
        if thing.of is not None:
            graph.add_edge(thing.key, thing.of, kind=USES, label="", style="dotted", at="")
    _drop_idle_things(graph)
    for data in graph.nodes.values():
        if data["count"] > 1:
            data["label"] = f"{data['count']} × {data['label'].partition(' #')[0]}"
            if data["kind"] == "goroutine":
                data["detail"] = f"[{data['wait_reason'] or data['state']}]"
    graph.graph["cycles"] = cycles(graph)
    for cycle in graph.graph["cycles"]:
        for node in cycle:
            graph.nodes[node]["in_cycle"] = True
    return graph


def _alike(judgement: Judgement) -> dict[str, str]:
    """Return for each thing that looks like an earlier one the key of the first of its kind."""
    first: dict[object, str] = {}
    alike: dict[str, str] = {}
    for thing in judgement.things:
        waiting = len(thing.senders) + len(thing.receivers) + len(thing.waiters)
        if waiting == 1 and not thing.holders and thing.of is None and thing.made is not None:
            shape = thing.kind, thing.name, thing.made, thing.cap, thing.len, thing.clock
            alike[thing.key] = first.setdefault(shape, thing.key)
    return alike


def cycles(graph: Graph) -> list[list[str]]:
    """Return the cycles of waiting and holding, each from its lowest goroutine on.

    At most 100 are listed; the cycles of a graph can outnumber its nodes by far.
    """
    # A lock that readers and a waiting writer hold is one node for each set of holders that blocks
    # somebody: else the writer would seem to wait for itself.
    hard: dict[str, list[str]] = {node: [] for node in graph.nodes}
    names: dict[str, str] = {}
    for g, thing, data in graph.edges(data=True):
        if data["kind"] == WAITS_FOR and data["blocked_by"]:
            blocked = "\0".join((thing, *data["blocked_by"]))
            names[blocked] = thing
            hard[blocked] = list(data["blocked_by"])
            hard[g].append(blocked)
    if not names:
        return []  # who only waits closes no circle
    order = {node: i for i, node in enumerate(graph.nodes)}
    found = []
    for cycle in simple_cycles(hard, 100):
        start = cycle.index(min((n for n in cycle if n not in names), key=order.__getitem__))
        found.append([names.get(n, n) for n in cycle[start:] + cycle[:start]])
    return sorted(found, key=lambda cycle: [order[n] for n in cycle])


def _id(goroutine: int) -> str:
    return f"goroutine {goroutine}"


def _add_goroutine(graph: Graph, g: Goroutine) -> None:
    graph.add_node(
        _id(g.id),
        kind="goroutine",
        label=g.function,
        detail=f"{g.id} [{g.wait_reason or g.state}]",
        leak=g.leak,
        goroutines=(g.id,),
        count=1,
        in_cycle=False,
        function=g.function,
        state=g.state,
        wait_reason=g.wait_reason,
        at=g.at,
    )


def _add_ghost(
    graph: Graph,
    node: str,
    function: str,
    detail: str,
    id: int | None,
    returned: tuple[str, ...] = (),
    exits: tuple[str, ...] = (),
) -> None:
    if node not in graph:
        graph.add_node(
            node,
            kind="ghost",
            label=function,
            detail=detail,
            leak=None,
            goroutines=() if id is None else (id,),
            count=1,
            in_cycle=False,
            function=function,
            state="gone",
            wait_reason="",
            at="",
            returned=returned,
            exits=exits,
        )


def _add_thing(graph: Graph, thing: Thing) -> None:
    graph.add_node(
        thing.key,
        kind=thing.kind,
        label=label(thing),
        detail=_detail(thing),
        leak=None,
        goroutines=(),
        count=1,
        in_cycle=False,
        escapes=thing.escapes,
        made_at=thing.made_at,
        cap=thing.cap,
        len=thing.len,
        values=thing.values,
        sendq=thing.sendq,
        recvq=thing.recvq,
        senders=len(thing.senders),
        receivers=len(thing.receivers),
    )


def _detail(thing: Thing) -> str:
    parts = []
    if thing.kind == "chan" and thing.cap is not None and not thing.context:
        parts.append(
            say("graph.buffer", len=thing.len, cap=thing.cap)
            if thing.cap
            else say("graph.unbuffered")
        )
    elif thing.clock is not None:
        if not thing.clock.pending:
            parts.append(say(f"graph.stopped.{thing.clock.kind}"))
        elif thing.clock.period:
            parts.append(say("graph.every", period=duration(thing.clock.period)))
        else:
            parts.append(thing.clock.kind)
    elif thing.kind == "waitgroup":
        parts.append(say("graph.counter", counter=thing.counter))
    elif thing.kind == "pool":
        parts.append(say("graph.in.use", len=thing.len, cap=thing.cap))
    elif thing.kind not in ("chan", "sleep", "select"):
        parts.append(thing.kind)
    if thing.made_at is not None:
        parts.append(say("graph.made", made=short(thing.made_at)))
    return ", ".join(parts)


def _add_holders(graph: Graph, thing: Thing, goroutines: dict[int, Goroutine]) -> None:
    for holder in thing.holders:
        node = _id(holder.goroutine)
        if holder.goroutine not in goroutines:
            detail = say("graph.ended", id=holder.goroutine)
            returned = tuple(f"{holder.at.file}:{line}" for line in holder.returned)
            _add_ghost(graph, node, holder.function, detail, holder.goroutine, returned)
        elif node not in graph:
            _add_goroutine(graph, goroutines[holder.goroutine])
        at = f"{holder.at.file}:{holder.at.line}"
        graph.add_edge(thing.key, node, kind=HELD_BY, label=holder.role, style="solid", at=at)


def _add_helpers(
    graph: Graph,
    thing: Thing,
    goroutines: dict[int, Goroutine],
    nodes: dict[int, str],
    judgement: Judgement,
) -> None:
    wanted = {op for _, _, op in graph.in_edges(thing.key, data="label")}
    ops = {other for op in wanted for other in _OTHER_SIDE.get(op, ())}
    linked: set[tuple[str, str]] = set()
    for site in thing.sites:
        if site.op not in ops:
            continue
        if site.op == "go":
            ahead = _started_at(judgement, site)
        else:
            ahead = [id for id in site.ahead if id in goroutines]
        for node in dict.fromkeys(nodes.get(id, _id(id)) for id in ahead):
            if (node, site.op) not in linked:
                linked.add((node, site.op))
                if node not in graph:
                    _add_goroutine(graph, goroutines[int(node.rpartition(" ")[2])])
                graph.add_edge(
                    thing.key,
                    node,
                    kind=COULD_WAKE,
                    label=site.op,
                    style="dashed",
                    at=site.at,
                    deferred=site.deferred,
                )
        if site.gone and site.op != "go":
            main = judgement.main_function
            returned = site.ran or (site.function == main and judgement.main_returned)
            node = f"ghost {site.function}"
            detail = say("graph.returned" if returned else "graph.nobody")
            if site.elsewhere and not returned:
                # Somebody is in that function, with another channel or lock.
                node, detail = f"{node}, elsewhere", say("graph.elsewhere")
            exits = tuple(f"{site.file}:{line}" for line in site.returns)
            gone = exits if returned else ()
            # In that case nobody knows which of those who are gone had this one.
            exits = () if site.elsewhere else exits
            _add_ghost(graph, node, site.function, detail, None, gone, exits)
            if (node, site.op) not in linked:
                linked.add((node, site.op))
                graph.add_edge(
                    thing.key, node, kind=COULD_WAKE, label=site.op, style="dashed", at=site.at
                )


def _started_at(judgement: Judgement, site: Site) -> list[int]:
    """Return the goroutines that a ``wg.go`` at this place started and that have not returned."""
    started = [(g.id, g.created_by) for g in judgement.goroutines if g.created_by is not None]
    return [id for id, by in started if (by.file, by.line) == (site.file, site.line)]


def _drop_idle_things(graph: Graph) -> None:
    """Take out things that nobody waits for (the lock of a condition variable is kept)."""
    for node in [n for n in graph.nodes if graph.degree(n) == 0]:
        if graph.nodes[node]["kind"] not in ("goroutine", "ghost"):
            graph.remove_node(node)


# -- folding ---------------------------------------------------------------------------------------


def merge_things(graph: GraphT) -> GraphT:
    """Make one node of things that look alike: clocks, nil channels, channels made in a loop.

    Alike are things of one kind, name and place, in the same state, that at most one goroutine
    waits for and that the same others could serve.  What somebody holds is never merged.
    """
    first: dict[object, str] = {}
    into: dict[str, str] = {}
    number: dict[str, int] = {}
    for node, data in graph.nodes(data=True):
        key: object = node
        name = data["label"].partition(" #")[0]
        if data["kind"] in ("sleep", "select", "event", "nil chan"):
            if not any(True for _ in graph.out_edges(node)):
                key = data["kind"], name, data["detail"]
        elif data["kind"] not in ("goroutine", "ghost") and data.get("made_at") is not None:
            waiting = sum(1 for _ in graph.in_edges(node))
            edges = [(b, d["kind"], d["label"], d["at"]) for _, b, d in _leaving(graph, node)]
            if waiting <= 1 and not any(kind in (HELD_BY, USES) for _, kind, _, _ in edges):
                ops = tuple(op for _, _, op in graph.in_edges(node, data="label"))
                key = data["kind"], name, data["detail"], data["made_at"], ops, tuple(edges)
        into[node] = first.setdefault(key, node)
        number[into[node]] = number.get(into[node], 0) + data["count"]
    if len(first) == len(into):
        return graph
    merged: Any = type(graph)(**graph.graph)
    for node, data in graph.nodes(data=True):
        if into[node] != node:
            continue
        attributes = dict(data)
        if number[node] > data["count"]:
            attributes["count"] = number[node]
            if data.get("made_at") is not None and data["kind"] != "nil chan":
                name = data["label"].rpartition(" × ")[2].partition(" #")[0]
                attributes["label"] = f"{number[node]} × {name}"
            # Each of them has its own values and its own line.
            attributes.update(values=(), sendq=(), recvq=())
        merged.add_node(node, **attributes)
    seen: set[tuple[str, str, str, str, str]] = set()
    for a, b, data in graph.edges(data=True):
        edge = into[a], into[b], data["kind"], data["label"], data["at"]
        if into[a] == a or edge not in seen:
            seen.add(edge)
            merged.add_edge(into[a], into[b], **data)
    return merged  # type: ignore[no-any-return]  # the type that came in


def _leaving(graph: Graph, node: str) -> list[Any]:
    return list(graph.out_edges(node, data=True))


def fold(graph: GraphT) -> GraphT:
    """Merge goroutines that stand at the same line and wait for the same things into one node.

    Lock holders and members of cycles are never merged: which of them it is matters.  A merged node
    has the IDs in ``goroutines`` and their number in ``count``.
    """
    groups: dict[object, list[str]] = {}
    for node, data in graph.nodes(data=True):
        key: object = node
        if data["kind"] == "goroutine" and not data["in_cycle"] and not _wanted(graph, node):
            waits = tuple(sorted((b, d["label"]) for _, b, d in graph.out_edges(node, data=True)))
            key = data["function"], data["at"], data["wait_reason"], data["leak"], waits
        groups.setdefault(key, []).append(node)
    into = {node: nodes[0] for nodes in groups.values() for node in nodes}
    folded: Any = type(graph)(**graph.graph)
    for nodes in groups.values():
        data = dict(graph.nodes[nodes[0]])
        if len(nodes) > 1:
            data["count"] = sum(graph.nodes[n]["count"] for n in nodes)
            data["goroutines"] = tuple(i for n in nodes for i in graph.nodes[n]["goroutines"])
            data["label"] = f"{data['count']} × {data['function']}"
            data["detail"] = f"[{data['wait_reason'] or data['state']}]"
        folded.add_node(nodes[0], **data)
    seen: set[tuple[str, str, str, str, str]] = set()
    for a, b, data in graph.edges(data=True):
        edge = into[a], into[b], data["kind"], data["label"], data["at"]
        if edge not in seen:
            seen.add(edge)
            folded.add_edge(into[a], into[b], **data)
    return folded  # type: ignore[no-any-return]  # the type that came in


def _wanted(graph: Graph, node: str) -> bool:
    return any(kind == HELD_BY for _, _, kind in graph.in_edges(node, data="kind"))


# -- as text ---------------------------------------------------------------------------------------


def text_graph(graph: Graph) -> str:
    """Return the graph as lines for a terminal, equal goroutines folded.

    One line per group and thing::

        9 × main.sender [chan send] → results (unbuffered, made at leak.py:12)
            main.main receives at leak.py:16: has returned
    """
    with about(source_of(graph)):
        return _lines(graph)


def source_of(graph: Graph) -> Source:
    """Return what the program of a graph is written in."""
    return "go" if graph.graph.get("source") == "go" else "python"


def _lines(graph: Graph) -> str:
    folded = graph if any(d["count"] > 1 for _, d in graph.nodes(data=True)) else fold(graph)
    lines: list[str] = []
    for cycle in folded.graph["cycles"]:
        lines.append(say("graph.cycle", path=_path(folded, cycle)))
    told: set[str] = set()
    for node, data in folded.nodes(data=True):
        if data["kind"] != "goroutine":
            continue
        head = _head(data)
        waits = [(b, d) for _, b, d in folded.out_edges(node, data=True) if d["kind"] == WAITS_FOR]
        if not waits:
            lines.append(head)
        for thing, _ in waits:
            lines.append(f"{head} → {_text(folded.nodes[thing])}")
            head = " " * len(head)
            if thing not in told:
                told.add(thing)
                lines += [f"    {line}" for line in _around(folded, thing)]
    return "\n".join(lines)


def _head(data: dict[str, Any]) -> str:
    name = data["label"]
    if data["count"] == 1 and data["goroutines"]:
        name = say("graph.one", id=data["goroutines"][0], function=data["function"])
    return f"{name} [{data['wait_reason'] or data['state']}]"


def _text(data: dict[str, Any]) -> str:
    if not data["detail"] or data["detail"] == data["label"]:
        return str(data["label"])
    return f"{data['label']} ({data['detail']})"


def _around(graph: Graph, thing: str) -> Iterable[str]:
    """Say who holds a thing and who could have released its waiters."""
    found = False
    helps: dict[str, list[dict[str, Any]]] = {}
    for _, node, data in graph.out_edges(thing, data=True):
        if data["kind"] == HELD_BY:
            found = True
            holder = graph.nodes[node]
            if not data["at"]:  # read off a dump, in which nobody says who holds what
                yield f"{holder['label']} {data['label']}"
                continue
            state = (
                holder["detail"]
                if holder["kind"] == "ghost"
                else f"[{holder['wait_reason'] or holder['state']}]"
            )
            yield say(
                "graph.held",
                role=say(f"graph.role.{data['label']}"),
                function=holder["function"],
                id=holder["goroutines"][0],
                at=short(data["at"]),
                state=state,
            )
        elif data["kind"] == COULD_WAKE:
            helps.setdefault(node, []).append(data)
    for node, edges in helps.items():
        found = True
        helper = graph.nodes[node]
        if helper["kind"] == "ghost":
            state = helper["detail"]
        elif any(
            to == thing and d["kind"] == WAITS_FOR for _, to, d in graph.out_edges(node, data=True)
        ):
            state = say("graph.behind")
        else:
            count = helper["count"]
            one = str(helper["goroutines"][0]) if helper["goroutines"] else "1 ×"
            who = f"{count} ×" if count > 1 else one
            state = f"{who} [{helper['wait_reason'] or helper['state']}]"
        ops = ", ".join(
            say(
                "graph.op.deferred" if edge.get("deferred") else "graph.op",
                op=_does(edge["label"]),
                at=short(edge["at"]),
            )
            for edge in edges
        )
        yield say("graph.helper", function=helper["function"], ops=ops, state=state)
    if (
        not found
        and graph.nodes[thing]["kind"] in ("chan", "waitgroup", "cond")
        and not graph.nodes[thing]["escapes"]
    ):
        wanted = {d["label"] for _, _, d in graph.in_edges(thing, data=True)}
        for op in sorted(wanted):
            if knows(f"graph.nobody.{op}"):
                yield say(f"graph.nobody.{op}")


def _does(op: str) -> str:
    return say(f"graph.does.{op}") if knows(f"graph.does.{op}") else op


def _path(graph: Graph, cycle: list[str]) -> str:
    parts = []
    for node in [*cycle, cycle[0]]:
        data = graph.nodes[node]
        if data["kind"] == "goroutine":
            parts.append(say("graph.one", id=data["goroutines"][0], function=data["function"]))
        else:
            parts.append(data["label"])
    return " → ".join(parts)


__all__ = [
    "COULD_WAKE",
    "HELD_BY",
    "USES",
    "WAITS_FOR",
    "cycles",
    "fold",
    "merge_things",
    "mysteries",
    "plain_graph",
    "shown",
    "solve",
    "source_of",
    "text_graph",
    "wait_graph",
]
