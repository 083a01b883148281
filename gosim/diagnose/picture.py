"""The graph of a diagnosis: who waits for what, in the form in which runs have it.

A file knows less than a run.  Who holds a lock, and which channel it is, stand in no dump; so an
edge is drawn only where the file has something to say: the address of a lock, who was started by
whom, the same lock in the arguments of another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gosim.diagnose.rules import HEALTHY, LEAK, SUSPICIOUS, Finding, near
from gosim.leaks.graph import COULD_WAKE, HELD_BY, WAITS_FOR, cycles
from gosim.leaks.multigraph import MultiGraph

if TYPE_CHECKING:
    from gosim.diagnose.diagnosis import Diagnosis

__all__ = ["graph_of"]

_LOOK: Final = {LEAK: "permanent", SUSPICIOUS: "unproven"}
_KINDS: Final = {
    "chan send": "chan", "chan receive": "chan", "channel": "chan", "select": "chan",
    "channel or select": "chan", "mutex": "mutex", "rwmutex read": "rwmutex",
    "rwmutex write": "rwmutex", "waitgroup": "waitgroup", "cond": "cond", "semaphore": "semaphore",
    "sleep": "sleep", "io": "network or file",
}  # fmt: skip
_DOES: Final = {
    "chan send": "sends", "chan receive": "receives", "mutex": "locks", "rwmutex read": "locks",
    "rwmutex write": "locks", "waitgroup": "waits", "cond": "waits", "select": "selects",
}  # fmt: skip
_NAMES: Final = {
    "chan": "a channel", "mutex": "a mutex", "rwmutex": "an RWMutex", "waitgroup": "a WaitGroup",
    "cond": "a Cond", "semaphore": "a semaphore", "sleep": "the clock",
    "network or file": "the network",
}  # fmt: skip


def graph_of(d: Diagnosis) -> MultiGraph:
    """Return the graph of the groups that do not count as healthy; of all, when there are none."""
    graph = MultiGraph(cycles=[], source="go")
    some = [f for f in d.findings if f.verdict != HEALTHY]
    if not some:
        some = [f for f in d.findings if f.wait.blocks]
    nodes = [f"group {i}" for i in range(len(some))]
    for node, f in zip(nodes, some, strict=True):
        graph.add_node(node, **_goroutines(f))
    for node, f in zip(nodes, some, strict=True):
        for thing, label in _things(graph, node, f):
            graph.add_edge(
                node, thing, kind=WAITS_FOR, label=label, style="solid", at=_at(f), blocked_by=()
            )
    _known_locks(graph, nodes, some)
    for node, f in zip(nodes, some, strict=True):
        _helpers(graph, node, f, some, nodes)
    graph.graph["cycles"] = cycles(graph)
    for cycle in graph.graph["cycles"]:
        for node in cycle:
            graph.nodes[node]["in_cycle"] = True
    return graph


def _at(f: Finding) -> str:
    return f"{f.at.file}:{f.at.line}" if f.at is not None and f.at.file else ""


def _goroutines(f: Finding) -> dict[str, Any]:
    from gosim.diagnose.text import wait_text

    g = f.group
    name = f.at.function if f.at is not None else "(no stack)"
    grew = f", {f.grew:+d}" if f.grew else ""
    return {
        "kind": "goroutine",
        "label": f"{g.count} × {name}" if g.count > 1 else name,
        "detail": f"[{wait_text(f)}]",
        "leak": _LOOK.get(f.verdict),
        "goroutines": g.ids,
        "count": g.count,
        "in_cycle": False,
        "function": name,
        "state": "waiting",
        "wait_reason": wait_text(f) + grew,
        "at": _at(f),
    }


def _thing(kind: str, label: str, detail: str = "") -> dict[str, Any]:
    return {
        "kind": kind, "label": label, "detail": detail, "leak": None, "goroutines": (),
        "count": 1, "in_cycle": False, "escapes": True, "made_at": None, "cap": None, "len": None,
        "values": (), "sendq": (), "recvq": (), "senders": 0, "receivers": 0,
    }  # fmt: skip


def _things(graph: MultiGraph, node: str, f: Finding) -> list[tuple[str, str]]:
    """Add what a group waits for, and return it with how."""
    kind = _KINDS.get(f.wait.kind, f.wait.kind)
    does = _DOES.get(f.wait.kind, "waits")
    op = f.operation
    if f.wait.nil and kind == "chan":
        name = op.channel if op is not None and op.channel else "nil channel"
        graph.add_node(f"{node} nil", **_thing("nil chan", name))
        return [(f"{node} nil", does)]
    if op is not None and op.op == "select" and op.cases:
        found = []
        for i, (way, channel) in enumerate(op.cases):
            thing = f"{node} case {i}"
            graph.add_node(thing, **_thing("chan", channel))
            found.append((thing, "sends" if way == "send" else "receives"))
        return found
    if f.group.locks:
        addresses = list(f.group.locks)
        if len(addresses) <= 3 or f.group.count > 2 * len(addresses):
            name = _NAMES.get(kind, kind).split(" ", 1)[-1]
            for address in addresses[:3]:
                if address not in graph:
                    graph.add_node(address, **_thing(kind, f"{name} {address}"))
            return [(address, does) for address in addresses[:3]]
        thing = f"{node} locks"
        several = f"{len(addresses)} × {_NAMES.get(kind, kind).split(' ', 1)[-1]}"
        graph.add_node(thing, **_thing(kind, several))
        return [(thing, does)]
    thing = f"{node} thing"
    name = op.channel if op is not None and op.channel else _NAMES.get(kind, kind)
    detail = "which one, the file does not say" if kind == "chan" and name == "a channel" else ""
    if f.wait.kind in ("select", "channel or select") and name == "a channel":
        name, detail = "channels of a select", "which ones, the file does not say"
    graph.add_node(thing, **_thing(kind, name, detail))
    return [(thing, does)]


def _known_locks(graph: MultiGraph, nodes: list[str], some: list[Finding]) -> None:
    """Draw who has somebody else's lock in its arguments, and waits for another: lock order."""
    for a, f in zip(nodes, some, strict=True):
        if f.lesson != "lock-order":
            continue
        for b, other in zip(nodes, some, strict=True):
            if not any(
                lock != theirs and near(lock, they_know) and near(theirs, others)
                for lock, others in f.group.knows[:8]
                for theirs, they_know in other.group.knows
            ):
                continue
            for thing in list(dict.fromkeys(t for _, t in graph.out_edges(a))):
                if graph.get_edge_data(thing, b) is None and thing not in _waited(graph, b):
                    graph.add_edge(
                        thing, b, kind=HELD_BY, label="has it in its arguments", style="solid",
                        at="",
                    )  # fmt: skip
            for _, _, data in graph.out_edges(a, data=True):
                data["blocked_by"] = (b,)


def _waited(graph: MultiGraph, node: str) -> list[str]:
    return [t for _, t in graph.out_edges(node)]


def _helpers(
    graph: MultiGraph, node: str, f: Finding, some: list[Finding], nodes: list[str]
) -> None:
    """Draw who could end a wait, where the file says who that is."""
    things = [(t, d) for _, t, d in graph.out_edges(node, data=True) if d["kind"] == WAITS_FOR]
    created = f.group.created_by
    if f.wait.kind == "waitgroup" and f.at is not None and things:
        for other_node, other in zip(nodes, some, strict=True):
            by = other.group.created_by
            if by is not None and by.function == f.at.function:
                graph.add_edge(
                    things[0][0], other_node, kind=COULD_WAKE, label="its workers", style="dashed",
                    at="",
                )  # fmt: skip
    elif f.wait.kind in ("chan send", "chan receive") and created is not None and things:
        if f.creator == "returned" and f.lesson in ("first-answer", "lost-send"):
            ghost = f"ghost {created.function}"
            if ghost not in graph:
                graph.add_node(
                    ghost, kind="ghost", label=created.function,
                    detail="on no stack any more", leak=None, goroutines=(), count=1,
                    in_cycle=False, function=created.function, state="gone", wait_reason="",
                    at="", returned=(), exits=(),
                )  # fmt: skip
            graph.add_edge(
                things[0][0], ghost, kind=COULD_WAKE, label="started them", style="dashed",
                at=f"{created.file}:{created.line}",
            )  # fmt: skip
