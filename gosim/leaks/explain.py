"""Why it is stuck and what would help: one sentence each, computed from the judgement alone.

For every group of goroutines with the same stack and wait reason: what they wait for, which other
side could have released them, what became of that side, and a repair that fits these facts.
Nothing here knows a scenario; the words are in `gosim.leaks.messages`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from gosim.leaks.judge import (
    ENDLESS,
    PERMANENT,
    TEMPORARY,
    UNPROVEN,
    Ended,
    Goroutine,
    Holder,
    Judgement,
    Leak,
    Thing,
)
from gosim.leaks.messages import knows, say
from gosim.leaks.sites import RELEASES, Site
from gosim.runtime.sigqueue import SYSCALL
from gosim.runtime.traceback import Frame

_ORDER: Final = {PERMANENT: 0, UNPROVEN: 1, ENDLESS: 2, TEMPORARY: 3}
_USUAL: Final = {
    "chan": "ch",
    "nil chan": "ch",
    "mutex": "mu",
    "rwmutex": "mu",
    "waitgroup": "wg",
    "cond": "cond",
    "once": "once",
    "semaphore": "sem",
    "pool": "db",
}
_UNITS: Final = ((3_600_000_000_000, "h"), (60_000_000_000, "m"), (1_000_000_000, "s"))


def findings(judgement: Judgement) -> list[Leak]:
    """Return the findings about goroutines that are still alive, grouped like pprof's.

    Same stack, same wait reason and same verdict make one group; permanent ones come first, then
    by size as pprof orders them.
    """
    groups: dict[tuple[object, ...], list[Goroutine]] = {}
    for g in judgement.goroutines:
        if g.leak is not None:
            key = g.stack or (g.function, g.at), g.wait_reason, g.leak, _wanted(g)
            groups.setdefault(key, []).append(g)
    found = [_finding(judgement, group) for group in groups.values()]
    found.sort(key=lambda leak: (_ORDER[leak.verdict], -leak.count, leak.goroutines))
    return found


def _wanted(g: Goroutine) -> tuple[str, ...]:
    return tuple(wait.op for wait in g.waits)


def temporary(judgement: Judgement) -> list[Leak]:
    """Return the findings about goroutines that outlived main and ended by themselves."""
    groups: dict[tuple[object, ...], list[Ended]] = {}
    for ended in judgement.ended:
        groups.setdefault((ended.function, ended.created_by), []).append(ended)
    found = []
    for group in groups.values():
        first = group[0]
        many = len(group) > 1
        last = max(e.after_ns for e in group)
        created = first.created_by
        found.append(
            Leak(
                kind="goroutine",
                count=len(group),
                wait_reason="",
                at="" if created is None else f"{created.file}:{created.line}",
                verdict=TEMPORARY,
                explanation=say(
                    "temporary" if last else "temporary.at.once",
                    who=_who([e.id for e in group], first.function),
                    itself=say("itself.many" if many else "itself.one"),
                    delta=duration(last),
                ),
                fix=say("fix.temporary"),
                function=first.function,
                goroutines=tuple(e.id for e in group),
            )
        )
    return found


_ROLES: Final = {
    ("net/http.(*persistConn).readLoop", "select"): "body",
    ("net/http.(*persistConn).readLoop", "IO wait"): "reader",
    ("net/http.(*persistConn).writeLoop", "select"): "writer",
    ("net/http.(*conn).serve", "IO wait"): "serving",
    ("net/http.(*connReader).backgroundRead", "IO wait"): "watching",
}


_SERVICES: Final = {
    "database/sql.(*DB).connectionOpener": "sql.opener",
    "database/sql.(*DB).connectionCleaner": "sql.cleaner",
    "database/sql.(*Tx).awaitDone": "sql.tx",
    "database/sql.(*Rows).awaitDone": "sql.rows",
    "os/signal.loop": "signal.loop",
    "os/signal.NotifyContext.func1": "signal.context",
}


def service_of(g: Goroutine) -> str:
    """Return what a goroutine of database/sql or os/signal does, empty for all others."""
    return "" if g.stack else _SERVICES.get(g.function, "")


def role_of(g: Goroutine) -> str:
    """Return what a goroutine of package http does, empty for all others."""
    return "" if g.stack else _ROLES.get((g.function, g.wait_reason), "")


def duration(ns: int) -> str:
    """Return a duration as Go prints it, for sentences.

    Examples
    --------
    >>> duration(1_500_000_000), duration(2_000_000), duration(3_600_000_000_000)
    ('1.5s', '2ms', '1h')
    """
    if ns >= 1_000_000_000:
        text = ""
        for size, unit in _UNITS[:2]:
            if ns >= size:
                text += f"{ns // size}{unit}"
                ns %= size
        if ns or not text:
            text += f"{ns / 1e9:.9f}".rstrip("0").rstrip(".") + "s"
        return text
    for size, unit in ((1_000_000, "ms"), (1_000, "µs")):
        if ns >= size:
            return f"{ns / size:.6f}".rstrip("0").rstrip(".") + unit
    return f"{ns}ns"


def short(at: str) -> str:
    """Return ``file:line`` without the directories."""
    return os.path.basename(at)


def _who(ids: Sequence[int], function: str) -> str:
    if len(ids) > 1:
        return say("who.many", count=len(ids), function=function)
    if ids[0] == 1:
        return say("who.main")
    return say("who.one", id=ids[0], function=function)


def _join(parts: Sequence[str]) -> str:
    text = parts[0]
    for part in parts[1:-1]:
        text = say("comma", a=text, b=part)
    return text if len(parts) == 1 else say("and", a=text, b=parts[-1])


def label(thing: Thing) -> str:
    """Return the name of a thing, or what it is when it has none."""
    if thing.name is not None:
        if thing.number:
            return say("thing.number", name=thing.name, number=thing.number)
        return thing.name
    key = f"noname.{thing.kind}"
    return say(key) if knows(key) else say("noname", kind=thing.kind)


def in_code(thing: Thing) -> str:
    """Return the name of a thing for a line of code; Go's usual one if it has none."""
    if thing.name is not None:
        return thing.name.replace("[…]", "[i]")
    return _USUAL.get(thing.kind, "x")


def describe(thing: Thing) -> str:
    """Return a thing with what matters about it: buffer, place where it was made."""
    name = label(thing)
    if thing.made is None:
        return say("thing.plain", name=name)
    made = short(thing.made_at or "")
    if thing.kind != "chan" or thing.context:
        return say("thing.made", name=name, made=made)
    if not thing.cap:
        return say("thing.chan.unbuffered", name=name, made=made)
    key = "thing.chan.full" if (thing.len or 0) >= thing.cap else "thing.chan.buffered"
    return say(key, name=name, cap=thing.cap, made=made)


def _finding(judgement: Judgement, group: list[Goroutine]) -> Leak:
    case = _Case(judgement, group)
    first = group[0]
    explanation, fix, notes = case.explain()
    return Leak(
        kind="goroutine",
        count=len(group),
        wait_reason=first.wait_reason or first.state,
        at=first.at,
        verdict=first.leak or "",
        explanation=explanation,
        fix=fix,
        function=first.function,
        goroutines=tuple(g.id for g in group),
        notes=tuple(dict.fromkeys(notes)),
        retained_bytes=sum(g.retained_bytes for g in group),
    )


class _Verdict(NamedTuple):
    why: str
    fix: str
    notes: tuple[str, ...] = ()


class _Case:
    """One group of goroutines, and everything that is known about its wait."""

    def __init__(self, judgement: Judgement, group: list[Goroutine]) -> None:
        self.judgement = judgement
        self.group = group
        self.g = group[0]
        if len(group) > 1 and group[0].wait_reason.startswith("sync."):
            self.g = next((g for g in group if self._in_cycle(g)), group[0])
        self.ids = [g.id for g in group]
        self.at = short(self.g.at)
        self.who = _who(self.ids, self.g.function)
        self.s = "s" if len(group) == 1 else ""
        self.here = self.g.stack[0].function if self.g.stack else self.g.function

    def _in_cycle(self, g: Goroutine) -> bool:
        if len(g.waits) != 1:
            return False
        blocking = blockers(g.waits[0].thing, g.id, g.waits[0].op)
        return any(self._ring(h, g.id) is not None for h in blocking[:1])

    # -- the whole sentence ------------------------------------------------------------------------

    def explain(self) -> tuple[str, str, list[str]]:
        """Return explanation, fix and notes."""
        if self.g.leak == ENDLESS:
            return self._endless()
        what = self._what()
        found = self._why()
        notes = list(found.notes)
        if self.g.leak == UNPROVEN:
            why, fix = self._unproven(), found.fix
        else:
            why, fix = found.why, found.fix
            if not self.g.in_profile:
                notes += self._not_listed()
        if why and not self._shared():
            thing = self.g.waits[0].thing
            key = "why.example" if thing.name else "why.example.noname"
            why = say(key, id=self.g.id, thing=label(thing), why=why)
        text = say("because", a=what, b=why) if why else say("endless.end", a=what)
        return text, fix, notes

    def _shared(self) -> bool:
        """Whether all goroutines of the group wait for the same things."""
        keys = {tuple(w.thing.key for w in g.waits if w.op != "sleep") for g in self.group}
        return len(keys) < 2

    def _not_listed(self) -> list[str]:
        themselves = tuple(f"goroutine {g.id} " for g in self.group)
        for wait in self.g.waits:
            for by in wait.thing.reached_by:
                if not by.startswith(themselves):
                    return [say("happens.reachable", by=by, name=label(wait.thing))]
        return []

    def _passed(self) -> str:
        passed = duration(self.judgement.now_ns - self.judgement.returned_ns)
        return say("passed.after", passed=passed) if self.judgement.main_returned else passed

    def _unproven(self) -> str:
        if self.g.wakes_at is not None:
            delta = duration(max(0, self.g.wakes_at - self.judgement.now_ns))
            return say("why.unproven.timer", delta=delta)
        for wait in self.g.waits:
            for site in wait.thing.sites:
                if site.op in RELEASES.get(wait.op, ()) and self._can_come(site, wait.thing):
                    return say("why.unproven.side", side=self._ahead(site))
        for wait in self.g.waits:
            if wait.thing.reached_by:
                by = _join(wait.thing.reached_by[:3])
                return say("why.unproven", by=by, name=label(wait.thing))
        return say("why.unproven.unknown")

    def _can_come(self, site: Site, thing: Thing) -> bool:
        """Whether somebody who does not wait for the same thing can get to a site."""
        ahead = [g for id in site.ahead if (g := self.judgement.goroutine(id)) is not None]
        return any(
            g.leak != PERMANENT and all(w.thing is not thing for w in g.waits) for g in ahead
        )

    def _endless(self) -> tuple[str, str, list[str]]:
        g = self.g
        facts = {"who": self.who, "at": self.at, "s": self.s}
        if g.state != "waiting":
            text = say("endless.busy", **facts)
            return say("endless.end", a=text), say("fix.busy"), []
        passed = self._passed()
        service = service_of(g)
        if service:
            said = say("because.and", a=say(service, **facts), b=say(f"rest.{service}"))
            return say("endless.end", a=said), say("fix.rest"), []
        if g.wakes_at is None and any(o.wait_reason == SYSCALL for o in self.judgement.goroutines):
            key = "endless.signal" if not self.g.in_loop else "endless.signal.worker"
            said = say(key, thing=self._thing(g.waits[0].thing), **facts)
            return say("endless.end", a=said), say("fix.rest"), []
        if g.wakes_at is None and g.waits and not any(w.thing.clock for w in g.waits):
            role = role_of(g) or ("net" if g.wait_reason == "IO wait" else "")
            if role or any(o.wait_reason == "IO wait" for o in self.judgement.goroutines):
                role = "accept" if g.waits[0].op == "accept" else role or "worker"
                thing = self._thing(g.waits[0].thing)
                text = say(f"endless.http.{role}", thing=thing, **facts)
                fix = say("fix.http.server" if role == "accept" else "fix.http.rest")
                return say("endless.end", a=text), fix, []
        if g.wakes_at is None and (partner := self._partner()):
            is_ = say("is.one" if len(self.ids) == 1 else "is.many")
            text = say("endless.partner", passed=passed, partner=partner, is_=is_, **facts)
            fix = say("fix.endless.partner", function=g.function.removeprefix("main."))
            return say("endless.end", a=text), fix, []
        clock = next(
            (w.thing for w in g.waits if w.thing.clock and w.thing.clock.kind == "ticker"), None
        )
        if clock is not None and clock.clock is not None:
            text = say(
                "endless.ticker",
                period=duration(clock.clock.period),
                made=short(clock.made_at or ""),
                passed=passed,
                **facts,
            )
        else:
            key = "endless.sleep" if g.wait_reason == "sleep" else "endless.timer"
            text = say(key, passed=passed, **facts)
        fix = say("fix.endless", function=g.function.removeprefix("main."))
        return say("endless.end", a=text), fix, []

    def _partner(self) -> str:
        """Return who serves a goroutine that blocks and goes on again and again."""
        for wait in self.g.waits:
            for site in wait.thing.sites:
                if site.op in RELEASES.get(wait.op, ()):
                    ahead = [g for i in site.ahead if (g := self.judgement.goroutine(i))]
                    endless = [g for g in ahead if g.leak == ENDLESS and g.id != self.g.id]
                    if endless:
                        return _who([g.id for g in endless], endless[0].function)
        return ""

    # -- what it waits for -------------------------------------------------------------------------

    def _thing(self, thing: Thing) -> str:
        """Describe a thing; if goroutines of the group wait for different ones, say so."""
        position = next((i for i, w in enumerate(self.g.waits) if w.thing is thing), 0)
        all_ = [g.waits[position].thing for g in self.group if len(g.waits) > position]
        own = list({t.key: t for t in all_}.values())
        if len(own) < 2:
            return describe(thing)
        if all(t.name == thing.name and t.made == thing.made for t in own) and thing.made:
            key = "thing.many" if thing.name else "thing.many.noname"
            name = thing.name or label(thing)
            return say(key, count=len(own), name=name, made=short(thing.made_at or ""))
        shown = [describe(t) for t in own[:3]]
        if len(own) > 3:
            shown.append(say("thing.more", count=len(own) - 3))
        return say("thing.respectively", things=_join(shown))

    def _what(self) -> str:
        g = self.g
        facts = {"who": self.who, "at": self.at, "s": self.s}
        if not g.waits:
            return say("wait.other", thing=g.wait_reason, **facts)
        role = role_of(g)
        if role:
            return say(f"http.{role}", **facts)
        service = service_of(g)
        if service:
            return say(service, **facts)
        asked = next((w for w in g.waits if w.op == "take"), None)
        if asked is not None:
            return say("wait.pool", thing=self._thing(asked.thing), **facts)
        asks = next((w for w in g.waits if w.op == "acquire"), None)
        if asks is not None:
            sem = asks.thing
            if sem.size is not None and asks.units > sem.size:
                more = {"units": asks.units, "size": sem.size}
                return say("wait.semaphore.more", thing=self._thing(sem), **more, **facts)
            return say("wait.semaphore", thing=self._thing(sem), **facts)
        if g.wait_reason.startswith("select"):
            if g.waits[0].thing.kind == "select":
                return say("wait.select.none", **facts)
            if all(w.thing.kind == "nil chan" for w in g.waits):
                return say("wait.nil.select", **facts)
            cases = []
            for wait in g.waits:
                key = "nil" if wait.thing.kind == "nil chan" else wait.op
                key = "nil.context" if key == "nil" and wait.thing.context else key
                cases.append(say(f"case.{key}", thing=self._thing(wait.thing)))
            return say("wait.select", cases=_join(cases), **facts)
        wait = g.waits[0]
        thing, op = wait.thing, wait.op
        if op == "sleep":
            return say("wait.sleep", **facts)
        if thing.kind == "nil chan" and thing.context:
            return say("wait.nil.context", **facts)
        if thing.kind == "nil chan":
            return say(f"wait.nil.{op}", thing=label(thing), **facts)
        if thing.kind in ("chan", "timer"):
            if op == "receive" and self._ranges(thing):
                return say("wait.range", thing=self._thing(thing), **facts)
            return say(f"wait.{op}", thing=self._thing(thing), **facts)
        if thing.kind == "waitgroup":
            return say("wait.waitgroup", thing=self._thing(thing), counter=thing.counter, **facts)
        key = f"wait.{thing.kind}"
        if thing.kind in ("mutex", "rwmutex", "connection", "listener"):
            key = f"wait.{op}"
        return say(key if knows(key) else "wait.other", thing=self._thing(thing), **facts)

    def _ranges(self, thing: Thing) -> bool:
        return any(s.op == "range" and self.g.id in s.here for s in thing.sites)

    # -- why, and what helps -----------------------------------------------------------------------

    def _why(self) -> _Verdict:
        g = self.g
        if not g.waits:
            return _Verdict("", say("fix.none"))
        role = role_of(g)
        if role:
            return self._http(role)
        service = service_of(g)
        if service:
            return _Verdict(say(f"why.{service}"), say(f"fix.{service}"))
        asked = next((w for w in g.waits if w.op == "take"), None)
        if asked is not None:
            return self._pool(asked.thing)
        asks = next((w for w in g.waits if w.op == "acquire"), None)
        if asks is not None:
            return self._semaphore(asks.thing, asks.units)
        if g.wait_reason.startswith("select"):
            return self._select()
        wait = g.waits[0]
        thing, op = wait.thing, wait.op
        if thing.kind == "nil chan":
            return self._nil(thing)
        if thing.kind in ("chan", "timer"):
            return self._send(thing) if op == "send" else self._receive(thing)
        if thing.kind in ("mutex", "rwmutex", "once"):
            return self._lock(thing)
        if thing.kind == "waitgroup":
            return self._waitgroup(thing)
        if thing.kind == "cond":
            return self._cond(thing)
        if thing.kind == "errgroup":
            tasks = self._tasks(thing)
            why = self._states(tasks) if tasks else ""
            return _Verdict(why, say("fix.errgroup", name=label(thing)))
        if thing.kind in ("connection", "listener"):
            return _Verdict(say("why.net"), say("fix.net"))
        return _Verdict("", say("fix.sleep" if op == "sleep" else "fix.none"))

    def _pool(self, thing: Thing) -> _Verdict:
        """Say who has the connections of a pool."""
        by = _join(
            [
                say(f"taker.{t.what}", count=t.number, at="" if t.at is None else short(_at(t.at)))
                for t in sorted(thing.takers, key=lambda t: -t.number)
            ]
        )
        key = "why.pool" if by else "why.pool.unknown"
        what = thing.takers[0].what if thing.takers else "rows"
        facts = {"count": thing.len, "cap": thing.cap, "by": by}
        return _Verdict(say(key, **facts), say(f"fix.pool.{what}"))

    def _http(self, role: str) -> _Verdict:
        """Say why a goroutine of package http waits for ever."""
        beside = [
            role_of(g) if not g.stack else "asker"
            for g in self.judgement.goroutines
            if g.at == self.g.at and g.id not in self.ids and g.leak != ENDLESS
        ]
        if role == "writer":
            role = next((r for r in beside if r in ("body", "reader")), "idle")
        if role == "reader":
            role = "asked" if "asker" in beside else "idle"
        return _Verdict(say(f"why.http.{role}", at=self.at), say(f"fix.http.{role}"))

    def _semaphore(self, thing: Thing, units: int) -> _Verdict:
        if thing.size is not None and units > thing.size:
            return _Verdict("", say("fix.semaphore.more", size=thing.size, name=label(thing)))
        for holder in sorted(thing.holders, key=lambda h: (h.alive, h.goroutine != self.g.id)):
            facts = {"who": _who([holder.goroutine], holder.function), "at": _place(holder)}
            fix = say("fix.semaphore", name=in_code(thing))
            if not holder.alive:
                return _Verdict(say("why.semaphore.gone", **facts), fix)
            if holder.goroutine == self.g.id:
                return _Verdict(say("why.semaphore.self", **facts), fix)
            g = self.judgement.goroutine(holder.goroutine)
            held = say("why.semaphore.held", **facts)
            if g is None:
                return _Verdict(held, fix)
            fix = say("fix.task", who=facts["who"], at=short(g.at))
            return _Verdict(say("because.and", a=held, b=self._states([g])), fix)
        return _Verdict(self._side(thing, ("release",)), say("fix.semaphore", name=in_code(thing)))

    def _nil(self, thing: Thing) -> _Verdict:
        if thing.context:
            return _Verdict("", say("fix.nil.context"), (say("promise.nil"),))
        key = "fix.nil" if thing.name else "fix.nil.noname"
        return _Verdict("", say(key, name=in_code(thing)), (say("promise.nil"),))

    def _send(self, thing: Thing) -> _Verdict:
        why = self._side(thing, ("receive", "range"))
        cap = thing.cap or 0
        stuck = len(thing.senders) or len(self.ids)
        notes = [say("promise.buffered" if cap else "promise.unbuffered")]
        notes += self._chance(thing, ("receive", "range"))
        own = [s for s in thing.sites if s.function == self.here]
        mine = next((s for s in own if s.op == "send" and self.g.id in s.here), None)
        release = [s for s in own if s.op == "receive" and self.g.id in s.ahead]
        reach = self._reach(thing, ("receive", "range"))
        looping = self.g.in_loop and mine is not None and mine.loops and not (cap and release)
        if looping:
            fix = say("fix.send.loop")
        elif reach:
            fix = reach
        elif thing.tokens and thing.len == cap and not release:
            fix = say("fix.token.gone", name=label(thing), count=stuck)
        elif cap and release and mine is not None:
            fix = say("fix.token", name=label(thing))
        elif release and not [
            s for s in thing.sites if s.op in ("receive", "range") and s not in release
        ]:
            fix = say("fix.send.self", name=label(thing), cap=cap + 1)
        elif thing.escapes and not any(s.op in ("receive", "range") for s in thing.sites):
            fix = say("fix.send.unknown")
        else:
            earlier = [
                s
                for s in own
                if s.op == "send"
                and mine is not None
                and s.line < mine.line
                and self.g.id not in s.here
            ]
            if earlier and not _other_branch(earlier[-1], mine):
                fix = say(
                    "fix.send.twice",
                    function=self.here,
                    first=short(earlier[-1].at),
                    at=self.at,
                )
            else:
                key = "fix.send.buffer" if stuck > 1 else "fix.send.buffer.one"
                fix = say(key, name=label(thing), cap=cap + stuck, count=stuck)
        return _Verdict(why, fix, tuple(notes))

    def _receive(self, thing: Thing) -> _Verdict:
        if thing.context:
            return self._cancel(thing)
        if thing.clock is not None:
            stopped = any(s.op == "stop" for s in thing.sites)
            ticker = thing.clock.kind == "ticker"
            if ticker or stopped or self._ranges(thing):
                key = "stopped" if ticker else "either" if stopped else "fired"
                why = say(f"why.timer.{key}", clock=thing.clock.kind)
                return _Verdict(why, say("fix.ticker"), (say("promise.stop"),))
            return _Verdict(say("why.timer.fired"), say("fix.timer"), (say("promise.stop"),))
        ranges = self._ranges(thing)
        sends = [s for s in thing.sites if s.op == "send"]
        closes = [s for s in thing.sites if s.op == "close"]
        close = f"{in_code(thing)}.close"
        if ranges:
            parts = [self._side(thing, ("close",))]
            gone = [s for s in sends if s.gone or s.past]
            if gone and not closes:
                parts.append(self._sites(gone, "send"))
            why = _semicolons(parts)
            reach = self._reach(thing, ("close",)) if any(s.deferred for s in closes) else None
            if reach:
                fix = reach
            elif any(s.ahead for s in closes):
                fix = say("fix.range.reached", at=short(closes[0].at))
            else:
                where = ""
                key = "fix.range" if thing.name else "fix.range.noname"
                fix = say(key, name=label(thing), close=close, code=in_code(thing), where=where)
            return _Verdict(why, fix, (say("promise.range"),))
        why = self._side(thing, ("send", "close"))
        both = [*sends, *closes]
        lost = None
        if len(both) == 1 and not thing.escapes:
            (one,) = both
            early = one.gone and not one.elsewhere and one.skippable and not one.loops
            lost = one if early and one.function != self.here else None
        here = [s for s in thing.sites if s.op == "receive" and self.g.id in s.here]
        reach = self._reach(thing, ("send", "close"))
        if reach:
            fix = reach
        elif lost is not None and len(thing.receivers) <= 1:
            fix = say("fix.receive.path", function=lost.function)
        elif thing.cap and any(self.g.id in s.ahead and s.function == self.here for s in sends):
            fix = say("fix.receive.token", name=label(thing))
        elif any(s.loops for s in here):
            fix = say("fix.receive.loop")
        else:
            key = "fix.receive" if thing.name else "fix.receive.noname"
            fix = say(key, close=close, code=in_code(thing))
        return _Verdict(why, fix, self._chance(thing, ("send",)))

    def _chance(self, thing: Thing, ops: tuple[str, ...]) -> tuple[str, ...]:
        """Say that the scheduler chose who is left, if others of the same kind were served."""
        shared = all(len(g.waits) == 1 and g.waits[0].thing is thing for g in self.group)
        served = any(s.op in ops and (s.gone or s.past) for s in thing.sites)
        if len(self.ids) > 1 and shared and served:
            return (say("happens.first", go=self.judgement.go),)
        return ()

    def _cancel(self, thing: Thing) -> _Verdict:
        made = short(thing.made_at or "")
        if thing.cancel in (None, "_"):
            why = say("why.cancel.thrown")
            fix = say("fix.cancel.thrown", made=made)
        else:
            why = self._side(thing, ("cancel",))
            field = "." in (thing.cancel or "") or "[" in (thing.cancel or "")
            key = "fix.cancel.field" if field else "fix.cancel"
            fix = say(key, cancel=thing.cancel, made=made)
        return _Verdict(why, fix, (say("promise.context"),))

    def _select(self) -> _Verdict:
        waits = self.g.waits
        if waits[0].thing.kind == "select":
            return _Verdict("", say("fix.select.none"))
        live = [w for w in waits if w.thing.kind != "nil chan"]
        if not live:
            return self._nil(waits[0].thing)
        parts = []
        notes = []
        context = None
        for wait in live:
            if wait.thing.context:
                context = wait.thing
                found = self._cancel(wait.thing)
            else:
                found = self._send(wait.thing) if wait.op == "send" else self._receive(wait.thing)
                notes += list(found.notes)
            if found.why:
                parts.append(f"{label(wait.thing)}: {found.why}" if len(live) > 1 else found.why)
        if context is not None:
            fix = self._cancel(context).fix
            notes.append(say("promise.context"))
        elif any(
            s.op in ("close", "send") and not w.thing.escapes for w in live for s in w.thing.sites
        ):
            fix = say("fix.select")
        else:
            fix = say("fix.select.done")
        return _Verdict(_semicolons(parts), fix, tuple(notes))

    # -- locks -------------------------------------------------------------------------------------

    def _lock(self, thing: Thing) -> _Verdict:
        name = label(thing)
        bare_mutex = (say("happens.mutex"),) if thing.kind == "mutex" else ()
        if not thing.holders:
            return _Verdict(say("why.holder.unknown"), say("fix.none"), bare_mutex)
        pending = next((h for h in thing.holders if h.role == "pending writer"), None)
        readers = [h for h in thing.holders if h.role == "reader"]
        if pending is not None:
            return self._pending_writer(thing, pending, readers)
        holder = thing.holders[0]
        if holder.role == "reader":
            return self._reader_holds(thing, holder)
        at = _place(holder)
        if holder.goroutine == self.g.id:
            if thing.kind == "once":
                return _Verdict(say("why.once.self", at=at), say("fix.once"))
            fix = say("fix.lock.self", name=name, at=at, at2=self.at)
            return _Verdict(say("why.holder.self", at=at), fix, bare_mutex)
        who = _who([holder.goroutine], holder.function)
        if not holder.alive:
            why = say("why.holder.gone", who=who, at=at)
            fix = say("fix.lock.defer", name=in_code(thing), at=at)
            notes = [say("promise.lock"), *bare_mutex]
            locking = {s.function for s in thing.sites if s.op in ("lock", "trylock")}
            meant = [s for s in thing.sites if s.op == "unlock" and s.function not in locking]
            reach = self._reach(thing, ("unlock",), meant)
            if reach:
                ahead = next(s for s in meant if s.ahead)
                return _Verdict(say("because.and", a=why, b=self._ahead(ahead)), reach, (notes[0],))
            if len(self.ids) > 1 and thing.kind == "mutex":
                notes.append(say("happens.first", go=self.judgement.go))
            return _Verdict(why, fix, tuple(notes))
        return self._holder_waits(thing, holder, bare_mutex)

    def _holder_waits(self, thing: Thing, holder: Holder, notes: tuple[str, ...]) -> _Verdict:
        g = self.judgement.goroutine(holder.goroutine)
        at = _place(holder)
        who = _who([holder.goroutine], holder.function)
        if g is None or not g.waits or g.wait_reason == "sleep":
            sleeping = g is not None and bool(g.waits)
            state = say("state.sleeping" if sleeping else "state.runnable")
            why = say("why.holder.holds", who=who, at=at, state=state)
            return _Verdict(why, say("fix.none"), notes)
        ring = self._ring(holder)
        if ring is None:
            facts = {"at2": short(g.at), "thing": describe(g.waits[0].thing)}
            once = ".once" if thing.kind == "once" else ""
            why = say(f"why.holder.waits{once}", who=who, at=at, **facts)
            fix = say(f"fix.lock.waits{once}", name=label(thing), at=short(g.at))
            return _Verdict(why, fix, notes)
        *between, (last, _, _) = ring
        back = say("why.cycle.back", who=_who([last.goroutine], last.function), at=_place(last))
        for other, waiter, wanted in reversed(between[1:]):
            back = say(
                "why.cycle.next",
                who=_who([other.goroutine], other.function),
                at=_place(other),
                at2=short(waiter.at),
                thing=describe(wanted),
                back=back,
            )
        wanted = between[0][2]
        why = say("why.cycle", who=who, at=at, at2=short(g.at), thing=describe(wanted), back=back)
        # The order in which they follow each other from the first goroutine on is as good as any.
        holds = {last.goroutine: label(between[-1][2])}
        follows: dict[int, int] = {last.goroutine: holder.goroutine}
        before = thing
        for (other, _, after), (following, _, _) in zip(between, ring[1:], strict=True):
            holds[other.goroutine] = label(before)
            follows[other.goroutine] = following.goroutine
            before = after
        first = at_ = min(holds)
        order = holds[first]
        while (at_ := follows[at_]) != first:
            order = say("order", a=order, b=holds[at_])
        if all(t.name == thing.name and t.made == thing.made for _, _, t in ring):
            fix = say("fix.lock.order.same", made=short(thing.made_at or ""))
        else:
            fix = say("fix.lock.order", order=order)
        return _Verdict(why, fix, notes)

    def _ring(
        self, holder: Holder, end: int | None = None
    ) -> list[tuple[Holder, Goroutine, Thing]] | None:
        """Follow who waits for whom from a holder on; return the way back to this case, if any.

        Each entry is a holder, that goroutine, and what it waits for; the last one is this case.
        """
        end = self.g.id if end is None else end
        way: list[tuple[Holder, Goroutine, Thing]] = []
        seen: set[int] = set()
        while holder.goroutine not in seen:
            seen.add(holder.goroutine)
            g = self.judgement.goroutine(holder.goroutine)
            if g is None:
                return None
            if g.id == end:
                way.append((holder, g, g.waits[0].thing))
                return way
            if len(g.waits) != 1:
                return None
            thing = g.waits[0].thing
            way.append((holder, g, thing))
            blocking = blockers(thing, g.id, g.waits[0].op)
            if not blocking:
                return None
            holder = blocking[0]
        return None

    def _pending_writer(self, thing: Thing, writer: Holder, readers: list[Holder]) -> _Verdict:
        promise = (say("promise.recursive"),)
        both = next((r for r in readers if r.goroutine == writer.goroutine and r.alive), None)
        if both is not None:
            mine = both.goroutine == self.g.id
            at, at2 = _place(both), self._stands(writer)
            why = say(
                "why.reader.upgrade" if mine else "why.reader.upgrade.other",
                writer=_who([writer.goroutine], writer.function),
                at=at,
                at2=at2,
            )
            return _Verdict(why, say("fix.reader.upgrade", name=label(thing), at=at, at2=at2))
        own = next((r for r in readers if r.goroutine in thing.waiters and r.alive), None)
        who = _who([writer.goroutine], writer.function)
        if own is not None:
            at = _place(own)
            mine = own.goroutine == self.g.id
            why = say(
                "why.reader.recursive.own" if mine else "why.reader.recursive",
                reader=_who([own.goroutine], own.function),
                writer=who,
                at=at,
                at2=self._stands(writer),
            )
            return _Verdict(why, say("fix.reader.recursive", name=label(thing), at=at), promise)
        if not readers:
            return _Verdict(say("why.holder.unknown"), say("fix.none"), promise)
        found = self._reader_holds(thing, readers[0])
        if writer.goroutine == self.g.id:
            return found
        key = "why.writer.behind" if self.g.waits[0].op == "lock" else "why.writer.first"
        why = say(key, writer=who, at=self._stands(writer), reader=found.why)
        return _Verdict(why, found.fix, promise)

    def _stands(self, holder: Holder) -> str:
        g = self.judgement.goroutine(holder.goroutine)
        return short(g.at) if g is not None else _place(holder)

    def _reader_holds(self, thing: Thing, reader: Holder) -> _Verdict:
        at = _place(reader)
        who = _who([reader.goroutine], reader.function)
        fix = say("fix.rlock.defer", name=in_code(thing), at=at)
        if not reader.alive:
            why = say("why.holder.reader.gone", who=who, at=at)
            return _Verdict(why, fix, (say("promise.lock"),))
        if reader.goroutine == self.g.id:
            return _Verdict(
                say("why.holder.self", at=at),
                say("fix.lock.self", name=label(thing), at=at, at2=self.at),
            )
        return self._holder_waits(thing, reader, ())

    # -- groups and conditions ---------------------------------------------------------------------

    def _waitgroup(self, thing: Thing) -> _Verdict:
        name = in_code(thing)
        dones = [s for s in thing.sites if s.op in ("done", "go")]
        promise = (say("promise.waitgroup"),)
        tasks = self._tasks(thing)
        if tasks:
            first = tasks[0]
            who = _who([g.id for g in tasks], first.function)
            has = say("has.one" if len(tasks) == 1 else "has.many")
            started = first.created_by
            at = "" if started is None else short(f"{started.file}:{started.line}")
            same = all((g.at, g.state) == (first.at, "waiting") for g in tasks)
            key = "side.task.waits" if same else "side.task"
            s = "s" if len(tasks) == 1 else ""
            facts = {"at2": short(first.at), "reason": first.wait_reason, "s": s}
            why = say(key, who=who, has=has, at=at, **facts)
            counter = thing.counter or 0
            adds = [short(s.at) for s in thing.sites if s.op == "add"]
            waited = any(s.op == "done" and (s.ahead or s.here) for s in thing.sites)
            if counter > len(tasks) and adds and not waited and not thing.escapes:
                why = say("why.surplus", a=why, tasks=len(tasks), counter=counter)
                place = _join(list(dict.fromkeys(adds)))
                fix = say("fix.waitgroup.surplus", who=who, at=place, at2=short(first.at))
                return _Verdict(why, fix, promise)
            return _Verdict(why, say("fix.task", who=who, at=short(first.at)), promise)
        why = self._side(thing, ("done", "go"), "done")
        reach = self._reach(thing, ("done", "go"))
        if reach:
            return _Verdict(why, reach, promise)
        key = "fix.waitgroup" if dones or thing.escapes else "fix.waitgroup.none"
        return _Verdict(why, say(key, name=name), promise)

    def _tasks(self, thing: Thing) -> list[Goroutine]:
        """Return the goroutines that ``wg.go`` started and that have not returned."""
        starts = {(s.file, s.line) for s in thing.sites if s.op == "go"}
        return [
            g
            for g in self.judgement.goroutines
            if g.created_by is not None and (g.created_by.file, g.created_by.line) in starts
        ]

    def _cond(self, thing: Thing) -> _Verdict:
        name = in_code(thing)
        side = self._side(thing, ("signal", "broadcast"))
        calls = [s for s in thing.sites if s.op in ("signal", "broadcast")]
        why = say("why.cond.lost", side=side) if calls else side
        only_signals = calls and all(s.op == "signal" for s in calls)
        if only_signals and len(thing.waiters) > 1:
            fix = say("fix.cond.many", name=name)
        elif calls and any(s.op == "wait" and s.loops and self.g.id in s.here for s in thing.sites):
            fix = say("fix.cond.count", name=name)
        else:
            fix = say("fix.cond", name=name)
        return _Verdict(why, fix, (say("promise.signal"),))

    # -- the other side ----------------------------------------------------------------------------

    def _side(self, thing: Thing, ops: tuple[str, ...], does: str | None = None) -> str:
        """Say what became of everybody who could have done one of `ops`."""
        sites = [s for s in thing.sites if s.op in ops]
        if not sites:
            key = "side.unknown" if thing.escapes else "side.none"
            return say(key, does=_does(does or " or ".join(o for o in ops if o != "range")))
        return self._sites(sites, does, self._alike(thing))

    def _alike(self, thing: Thing) -> bool:
        """Whether others made at the same place are waited for: the text cannot tell them apart."""
        return thing.made is not None and any(
            other is not thing and other.made == thing.made and other.kind == thing.kind
            for other in self.judgement.things
        )

    def _sites(self, sites: Iterable[Site], does: str | None = None, alike: bool = False) -> str:
        sites = list(sites)
        ranked: list[str] = []
        for site in sites:
            if self.g.id in site.ahead and site.deferred:
                verb, at = _does(does or site.op), short(site.at)
                ranked.append(say("side.deferred.self", does=verb, at=at))
            elif self.g.id in site.ahead:
                noun = say(f"noun.{site.op}")
                ranked.append(say("side.self", noun=noun, at=short(site.at)))
        others = [s for s in sites if self.g.id not in s.ahead]
        for site in others:
            if site.ahead:
                ranked.append(self._ahead(site))
        by_function: dict[tuple[str, str, str], list[Site]] = {}
        for site in others:
            if not site.ahead:
                state = "past" if site.past else "here" if site.here else "gone"
                state = "elsewhere" if state == "gone" and site.elsewhere else state
                verb = does or site.op
                by_function.setdefault((state, site.function, verb), []).append(site)
        for (state, function, verb), same in by_function.items():
            at = _join([short(a) for a in dict.fromkeys(s.at for s in same)])
            if state == "past":
                ranked.append(self._past(same[0], verb, at))
            elif state == "elsewhere":
                ranked.append(say("side.elsewhere", function=function, does=_does(verb), at=at))
            elif state == "gone" and alike and not any(s.ran for s in same):
                if not any(s.ahead or s.here for s in sites):
                    ranked.append(
                        say("side.gone.alike", function=function, does=_does(verb), at=at)
                    )
            elif state == "gone":
                ran = any(s.ran for s in same)
                main = self.judgement.main_function
                ran = ran or (function == main and self.judgement.main_returned)
                key = "side.returned" if ran else "side.gone"
                ranked.append(say(key, function=function, does=_does(verb), at=at))
        if not ranked:
            return say("side.nobody", does=_does(does or sites[0].op))
        return _semicolons(list(dict.fromkeys(ranked))[:3])

    def _ahead(self, site: Site) -> str:
        live = [g for id in site.ahead if (g := self.judgement.goroutine(id)) is not None]
        stuck = [g for g in live if g.leak == PERMANENT]
        free = [g for g in live if g.leak != PERMANENT]
        if not live:
            return say("side.nobody", does=_does(site.op))
        if free:
            who = _who([g.id for g in free], free[0].function)
            return say("side.could", who=who, noun=say(f"noun.{site.op}"), at=short(site.at))
        return say(
            "side.deferred" if site.deferred else "side.ahead",
            function=site.function,
            does=_does(site.op),
            at=short(site.at),
            waits=self._states(stuck),
        )

    def _states(self, goroutines: list[Goroutine]) -> str:
        """Say where goroutines are, those at the first one's place together."""
        first = goroutines[0]
        same = [g for g in goroutines if g.at == first.at and g.wait_reason == first.wait_reason]
        who = _who([g.id for g in same], first.function)
        if first.state == "waiting":
            s = "s" if len(same) == 1 else ""
            return say("side.waits", who=who, s=s, at=short(first.at), reason=first.wait_reason)
        is_ = say("is.one" if len(same) == 1 else "is.many")
        return say("side.state", who=who, is_=is_, state=say(f"state.{first.state}"))

    def _past(self, site: Site, verb: str, at: str) -> str:
        live = [g for id in site.past if (g := self.judgement.goroutine(id)) is not None]
        if not live:
            return say("side.nobody", does=_does(verb))
        return say(
            "side.past",
            function=site.function,
            does=_does(verb),
            at=at,
            waits=self._states(live),
        )

    def _reach(
        self, thing: Thing, ops: tuple[str, ...], sites: Sequence[Site] | None = None
    ) -> str | None:
        """Return the repair when somebody has the releasing operation ahead and is stuck before."""
        for site in thing.sites if sites is None else sites:
            ahead = [g for id in site.ahead if (g := self.judgement.goroutine(id)) is not None]
            ahead = [g for g in ahead if all(w.thing is not thing for w in g.waits)]
            if site.op in ops and ahead and all(g.leak == PERMANENT for g in ahead):
                return say(
                    "fix.reach.deferred" if site.deferred else "fix.reach",
                    function=site.function,
                    noun=say(f"noun.{site.op}"),
                    at=short(site.at),
                    at2=short(ahead[0].at),
                )
        return None


def blockers(thing: Thing, goroutine: int, op: str) -> list[Holder]:
    """Return the holders that keep one goroutine from its operation on a lock.

    A waiting writer of an RWMutex keeps new readers out, and the readers inside keep it waiting.
    """
    if thing.kind == "semaphore":
        return []  # any of those who hold units may release enough
    if thing.kind != "rwmutex":
        return list(thing.holders)
    writers = [h for h in thing.holders if h.role != "reader"]
    if op == "lock" and any(
        h.goroutine == goroutine and h.role == "pending writer" for h in writers
    ):
        return [h for h in thing.holders if h.role == "reader"]
    return writers


def _place(holder: Holder) -> str:
    return short(_at(holder.at))


def _at(frame: Frame) -> str:
    return f"{frame.file}:{frame.line}"


def _other_branch(first: Site, mine: Site | None) -> bool:
    """Whether the earlier send does not lead to this one."""
    return mine is None or mine.line not in first.leads_to


def _does(op: str) -> str:
    key = f"does.{op}"
    return say(key) if knows(key) else op


def _semicolons(parts: Sequence[str]) -> str:
    parts = [p for p in parts if p]
    if not parts:
        return ""
    text = parts[0]
    for part in parts[1:]:
        text = say("because.and", a=text, b=part)
    return text
