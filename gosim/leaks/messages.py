"""Every sentence gosim says about a finding, in one place: another language is another catalogue.

A template names facts in braces; `explain` computes the facts and chooses the template, and knows
no word of English.  `use` puts another catalogue in front of this one.

What stands between backticks is code.  The templates spell it as a Python program does; for a
program in Go (`about`) it is spelled as `GO_SPELLING` says, in every catalogue.  Where the sentence
is another one for Go, it has the same key with ``@go`` behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Final, Literal

Source = Literal["python", "go"]
"""What a program is written in."""

ENGLISH: Final[Mapping[str, str]] = {
    # -- who and what --
    "who.one": "goroutine {id} ({function})",
    "who.main": "main",
    "who.many": "{count} goroutines ({function})",
    "thing.chan.unbuffered": "{name} (unbuffered, made at {made})",
    "thing.chan.buffered": "{name} (buffer of {cap}, made at {made})",
    "thing.chan.full": "{name} (buffer of {cap}, full, made at {made})",
    "thing.made": "{name} (made at {made})",
    "thing.plain": "{name}",
    "thing.many": "{count} different {name} (made at {made})",
    "thing.many.noname": "{name} of its own each (made at {made})",
    "thing.number": "{name} #{number}",
    "thing.more": "{count} more",
    "thing.done": "{name}.done()",
    "thing.done@go": "{name}.Done()",
    "thing.respectively": "{things}, each for its own",
    "noname.chan": "a channel",
    "noname.nil chan": "a nil channel",
    "noname.timer": "a timer channel",
    "noname.mutex": "a mutex",
    "noname.rwmutex": "an RWMutex",
    "noname.waitgroup": "a WaitGroup",
    "noname.cond": "a condition variable",
    "noname.once": "a Once",
    "noname.semaphore": "a semaphore",
    "noname.errgroup": "an errgroup",
    "noname.pool": "the pool of connections",
    "noname.signals": "signals",
    "noname.event": "an event outside the program",
    "noname.sleep": "the clock",
    "noname.select": "a select without cases",
    "noname": "a {kind}",
    "and": "{a} and {b}",
    "comma": "{a}, {b}",
    "order": "{a} before {b}",
    "because": "{a}: {b}.",
    "because.and": "{a}; {b}",
    # -- what it waits for --
    "wait.send": "{who} wait{s} at {at} to send on {thing}",
    "wait.receive": "{who} wait{s} at {at} to receive from {thing}",
    "wait.range": "{who} range{s} at {at} over {thing}, which ends only when it is closed",
    "wait.select": "{who} wait{s} in the select at {at} for {cases}",
    "wait.select.none": "{who} stand{s} at {at} in a select without cases, which waits for ever",
    "wait.nil.send": "{who} send{s} at {at} on {thing}, which is nil: that blocks for ever",
    "wait.nil.receive": "{who} receive{s} at {at} from {thing}, which is nil: that blocks for ever",
    "wait.nil.context": (
        "{who} wait{s} at {at} for the end of a context that cannot end: its done channel is nil, "
        "and that blocks for ever"
    ),
    "wait.nil.select": "{who} wait{s} in the select at {at}, and every channel in it is nil",
    "wait.lock": "{who} wait{s} at {at} to lock {thing}",
    "wait.rlock": "{who} wait{s} at {at} to read-lock {thing}",
    "wait.waitgroup": "{who} wait{s} at {at} for {thing}, whose counter is still {counter}",
    "wait.cond": "{who} wait{s} at {at} to be woken through {thing}",
    "wait.once": "{who} wait{s} at {at} for the call in progress of {thing}",
    "wait.semaphore": "{who} wait{s} at {at} to acquire {thing}",
    "wait.semaphore.more": (
        "{who} wait{s} at {at} to acquire {units} of {thing}, which has only {size}, so that only "
        "its context can end the wait"
    ),
    "wait.errgroup": "{who} wait{s} at {at} to start a task in {thing}, whose limit is reached",
    "wait.sleep": "{who} sleep{s} at {at}",
    "wait.other": "{who} wait{s} at {at} for {thing}",
    "wait.read": "{who} wait{s} at {at} to read from the connection {thing}",
    "wait.write": "{who} wait{s} at {at} to write to the connection {thing}",
    "wait.accept": "{who} wait{s} at {at} for connections to {thing}",
    "wait.pool": "{who} wait{s} at {at} for a connection from {thing}",
    "sql.opener": "{who} open{s} connections for the pool made at {at}",
    "sql.cleaner": "{who} close{s} old connections of a pool, since the call at {at}",
    "sql.tx": "{who} guard{s} the transaction begun at {at}",
    "sql.rows": "{who} guard{s} the rows of the query at {at}",
    "signal.loop": "{who} hand{s} on signals, since the call at {at}",
    "signal.context": "{who} wait{s} for a signal that ends the context made at {at}",
    "http.body": (
        "{who} wait{s} until somebody reads the body of a response to its end or closes it"
    ),
    "http.reader": "{who} wait{s} for the next response on a connection of a client",
    "http.writer": "{who} wait{s} for the next request to send on a connection of a client",
    "http.serving": "{who} wait{s} for the next request of a client",
    "http.watching": "{who} wait{s} for the client to go away while the handler runs",
    "case.send": "sending on {thing}",
    "case.receive": "receiving from {thing}",
    "case.wait": "{thing}",
    "case.nil.context": "the end of a context that cannot end (its done channel is nil)",
    "case.nil": "{thing}, which is nil and never ready",
    # -- the other side --
    "side.none": "nothing in the program {does}",
    "side.nobody": "nobody {does}",
    "side.unknown": "who {does} cannot be told from the text of the program",
    "side.deferred": (
        "{function} {does} only when it returns (deferred at {at}), and does not get there: {waits}"
    ),
    "side.deferred.self": (
        "the same goroutine {does} only when it returns (deferred at {at}), after this wait"
    ),
    "side.gone.alike": (
        "{function} {does} at {at}, or on another one made at the same place, and no goroutine is "
        "in it now"
    ),
    "side.self": "the {noun} at {at} comes only after it, in the same goroutine",
    "side.ahead": "{function}, which {does} at {at}, does not get there: {waits}",
    "side.could": "{who} can still get to the {noun} at {at}",
    "side.past": "{function}, which {does} at {at}, is past that line: {waits}",
    "side.returned": "{function}, which {does} at {at}, has returned",
    "side.gone": "{function} {does} at {at}, and no goroutine is in it now",
    "side.elsewhere": "{function} {does} at {at}, but whoever is in it now has another one",
    "side.task": "{who}, started at {at}, {has} not returned",
    "side.task.waits": "{who}, started at {at}, {has} not returned and wait{s} at {at2} ({reason})",
    "has.one": "has",
    "has.many": "have",
    "side.waits": "{who} wait{s} at {at} ({reason})",
    "side.state": "{who} {is_} {state}",
    "is.one": "is",
    "is.many": "are",
    "does.send": "sends on it",
    "does.receive": "receives from it",
    "does.range": "receives from it",
    "does.close": "closes it",
    "does.cancel": "cancels it",
    "does.send or close": "sends on it or closes it",
    "does.done": "calls done",
    "does.done@go": "calls Done",
    "does.add": "changes its counter",
    "does.signal": "signals it",
    "does.broadcast": "broadcasts on it",
    "does.signal or broadcast": "signals it or broadcasts on it",
    "does.unlock": "unlocks it",
    "does.runlock": "read-unlocks it",
    "does.release": "releases it",
    "noun.send": "send",
    "noun.receive": "receive",
    "noun.range": "range loop",
    "noun.close": "close",
    "noun.cancel": "cancel",
    "noun.done": "done",
    "noun.done@go": "Done",
    "noun.add": "add",
    "noun.add@go": "Add",
    "noun.go": "go",
    "noun.go@go": "Go",
    "noun.signal": "signal",
    "noun.broadcast": "broadcast",
    "noun.unlock": "unlock",
    "noun.runlock": "runlock",
    "noun.runlock@go": "RUnlock",
    "noun.release": "release",
    "why.example.noname": "take goroutine {id}: {why}",
    "why.example": "take goroutine {id} and {thing}: {why}",
    "why.writer.behind": "writers take turns: {writer}, the first, waits at {at}, because {reader}",
    "why.timer.stopped": "the {clock} is stopped, and stopping it does not close its channel",
    "why.timer.either": "the timer has fired once or was stopped, and neither closes its channel",
    "why.timer.fired": "the timer fires once, and that value is gone",
    "why.cancel.thrown": "its cancel function was thrown away where it was made",
    "why.holder.gone": "{who} locked it at {at} and ended without unlocking it",
    "why.holder.reader.gone": "{who} read-locked it at {at} and ended without unlocking it",
    "why.holder.self": (
        "the same goroutine locked it at {at}, and locking it twice waits for itself"
    ),
    "why.holder.waits": "{who} locked it at {at} and is itself waiting at {at2} for {thing}",
    "why.holder.waits.once": (
        "{who} has been in that call since {at} and is itself waiting at {at2} for {thing}"
    ),
    "why.holder.holds": "{who} has held it since {at} and is {state}",
    "state.sleeping": "asleep",
    "state.runnable": "runnable",
    "state.running": "running",
    "state.waiting": "waiting ({reason})",
    "why.holder.unknown": "it is locked, and its holder is not known",
    "why.semaphore.gone": "{who} acquired it at {at} and ended without releasing it",
    "why.semaphore.self": "the same goroutine acquired it at {at} and has not released it",
    "why.semaphore.held": "{who} acquired it at {at} and has not released it",
    "why.surplus": (
        "{a}; that is {tasks} of {counter}, and nobody is left to call done for the rest"
    ),
    "why.surplus@go": (
        "{a}; that is {tasks} of {counter}, and nobody is left to call Done for the rest"
    ),
    "why.cycle": "{who} locked it at {at} and waits at {at2} for {thing}, which {back}",
    "why.cycle.next": "{who} has held since {at} and waits at {at2} for {thing}, which {back}",
    "why.cycle.back": "{who} has held since {at}",
    "why.reader.recursive": (
        "{reader} has read-locked it at {at}, and {writer}, waiting at {at2} to write, keeps every "
        "new reader out, also the one it waits for"
    ),
    "why.reader.upgrade": (
        "the same goroutine has read-locked it at {at}, and a writer waits for all readers, also "
        "for itself"
    ),
    "why.reader.upgrade.other": (
        "{writer} waits at {at2} to write, which keeps every new reader out, and has itself "
        "read-locked it at {at}, so that it waits for itself"
    ),
    "why.reader.recursive.own": (
        "the same goroutine has read-locked it at {at}, and {writer}, waiting at {at2} to write, "
        "keeps every new reader out"
    ),
    "why.writer.first": (
        "a waiting writer keeps new readers out: {writer} waits at {at}, because {reader}"
    ),
    "why.once.self": "the function given to it at {at} calls it again, and waits for itself",
    "why.cond.lost": (
        "{side}, and a signal wakes only one of those that wait at that moment and is not kept"
    ),
    "why.unproven": (
        "so it was when the run ended, but something may still end the wait: {by} still reaches "
        "{name}"
    ),
    "why.unproven.side": (
        "so it was when the run ended, but something may still end the wait: {side}"
    ),
    "why.unproven.timer": "a timer wakes it {delta} after the end of the run",
    "why.unproven.unknown": "so it was when the run ended, and not everything is at rest",
    "root.global": "the global variable {name}",
    "root.timer": "a pending timer",
    "root.event": "a pending event of the simulation",
    "why.net": "nobody who can still run has the other end of it, to send something or close it",
    "why.pool": "{count} of {cap} are in use, and nobody gives one back: {by}",
    "why.pool.unknown": "{count} of {cap} are in use, and nobody gives one back",
    "taker.rows": "{count} by rows of the query at {at} that were not closed",
    "taker.tx": "{count} by a transaction begun at {at} that was not ended",
    "taker.conn": "{count} by a connection taken out at {at} that was not closed",
    "why.sql.opener": "it ends when the pool is closed, and nobody closes it",
    "why.sql.cleaner": "it ends when the pool is closed, and nobody closes it",
    "why.sql.tx": "the transaction was neither committed nor rolled back, and has its connection",
    "why.sql.rows": "the rows were neither closed nor read to their end, and have their connection",
    "why.signal.loop": "it lives as long as the process",
    "why.signal.context": "nobody calls its stop, and no signal is handed on to it any more",
    "why.http.body": (
        "the request was made at {at}, and nobody who can still run has the body of its response"
    ),
    "why.http.asked": (
        "the request made at {at} has no answer, and whoever should give it can never go on"
    ),
    "why.http.idle": (
        "the connection was made for the request at {at} and lies in the pool of a transport that "
        "is out of reach, so nobody will use or close it"
    ),
    "why.http.serving": (
        "the client has kept the connection open, and nobody who can still run has its end of it"
    ),
    "why.http.watching": "neither the handler nor the client can ever go on",
    # -- endless and temporary --
    "rest.sql.opener": "a pool that is still used is no leak",
    "rest.sql.cleaner": "a pool that is still used is no leak",
    "rest.sql.tx": "somebody may still end it",
    "rest.sql.rows": "somebody may still close them",
    "rest.signal.loop": "it lives as long as the process and is no leak",
    "rest.signal.context": "one may still come",
    "endless.signal": "{who} wait{s} at {at} for a signal, and one may still come",
    "endless.signal.worker": (
        "{who} wait{s} at {at} for {thing}, and a signal to the process could still bring something"
    ),
    "endless.http.accept": (
        "{who} wait{s} for connections to {thing} as long as the process lives; a server at rest "
        "is no leak"
    ),
    "endless.http.net": (
        "{who} wait{s} at {at} for the network, and whoever has the other end of {thing} may still "
        "send something or close it"
    ),
    "endless.http.serving": (
        "{who} wait{s} for the next request of a client that still has its end of the connection"
    ),
    "endless.http.reader": (
        "{who} wait{s} for the next response on a connection that may still be used"
    ),
    "endless.http.writer": (
        "{who} wait{s} for the next request to send on a connection that may still be used"
    ),
    "endless.http.body": (
        "{who} wait{s} until somebody reads the body of a response to its end or closes it, and "
        "somebody still could"
    ),
    "endless.http.watching": (
        "{who} wait{s} for the client to go away while the handler runs, and it still could"
    ),
    "endless.http.worker": (
        "{who} wait{s} at {at} for {thing}, and a request to the server could still bring something"
    ),
    "endless.ticker": (
        "{who} wake{s} at {at} every {period} (ticker made at {made}), again and again: no end "
        "came in {passed}"
    ),
    "endless.sleep": (
        "{who} sleep{s} at {at} in a loop and wake{s} again and again: no end came in {passed}"
    ),
    "endless.timer": (
        "{who} wait{s} at {at} in a loop that a timer wakes again and again: no end came in "
        "{passed}"
    ),
    "endless.partner": (
        "{who} wait{s} at {at} in a loop and {is_} served again and again by {partner}: no end "
        "came in {passed}"
    ),
    "passed.after": "{passed} after main returned",
    "endless.busy": "{who} run{s} on and on at {at}: still running when the after-life ended",
    "endless.end": "{a}.",
    "temporary": "{who} outlived main and ended by {itself} {delta} after main returned.",
    "temporary.at.once": "{who} outlived main and ended by {itself} without any time passing.",
    "itself.one": "itself",
    "itself.many": "themselves",
    # -- fixes --
    "fix.net": (
        "close the connection on every path (`defer(conn.close)`), or give reading and writing a "
        "deadline (`set_deadline`)"
    ),
    "fix.net@go": (
        "close the connection on every path (`defer conn.Close()`), or give reading and writing a "
        "deadline (`SetDeadline`)"
    ),
    "fix.rest": "none is needed",
    "fix.pool.rows": (
        "close rows on every path, `await rows.close()`, or read them to the end; `query_row` and "
        "its `scan` do it for one row; and let waiting end: `query_context` with a deadline"
    ),
    "fix.pool.rows@go": (
        "`defer rows.Close()` in the line after the error was checked; for one row there is "
        "QueryRow, whose Scan closes; and let waiting end: QueryContext with a deadline"
    ),
    "fix.pool.tx": "end transactions on every path: `defer(tx.rollback)` right after begin",
    "fix.pool.tx@go": (
        "`defer tx.Rollback()` in the line after the error was checked: after a Commit it does "
        "nothing"
    ),
    "fix.pool.conn": "close what was taken out on every path: `defer(conn.close)`",
    "fix.pool.conn@go": "close what was taken out: `defer conn.Close()`",
    "fix.sql.opener": "close the pool when nobody needs it any more: `await db.close()`",
    "fix.sql.opener@go": (
        "`defer db.Close()` where the pool is made; one pool for the whole process needs none"
    ),
    "fix.sql.cleaner": "close the pool when nobody needs it any more: `await db.close()`",
    "fix.sql.cleaner@go": (
        "`defer db.Close()` where the pool is made; one pool for the whole process needs none"
    ),
    "fix.sql.tx": "end it on every path: `defer(tx.rollback)` right after begin",
    "fix.sql.tx@go": (
        "`defer tx.Rollback()` in the line after the error was checked: after a Commit it does "
        "nothing"
    ),
    "fix.sql.rows": "close them on every path: `defer(rows.close)` right after the query",
    "fix.sql.rows@go": "`defer rows.Close()` in the line after the error was checked",
    "fix.signal.loop": "none is needed",
    "fix.signal.context": "call its stop: `defer(stop)` right after it was made",
    "fix.signal.context@go": "`defer stop()` right after the context was made",
    "fix.http.body": (
        "`defer(resp.body.close)` right after the response came, also where nobody wants its body; "
        "read it to the end as well, and the connection is used again"
    ),
    "fix.http.body@go": (
        "`defer resp.Body.Close()` right after the error was checked, also where nobody wants the "
        "body; read it to the end as well (`io.Copy(io.Discard, resp.Body)`), and the connection "
        "is used again"
    ),
    "fix.http.asked": (
        "let no handler wait for ever: select between what it waits for and the end of the context "
        "of its request; and give the client a timeout"
    ),
    "fix.http.idle": (
        "make one client and keep it, since every transport has a pool of its own; or close what "
        "lies there (`close_idle_connections`), or let it go by itself (`idle_conn_timeout`)"
    ),
    "fix.http.idle@go": (
        "make one client and keep it, since every transport has a pool of its own; or close what "
        "lies there (`CloseIdleConnections`), or let it go by itself (`IdleConnTimeout`)"
    ),
    "fix.http.serving": (
        "repair the client; and give the server an `idle_timeout`, so that it depends on no client"
    ),
    "fix.http.serving@go": (
        "repair the client; and give the server an `IdleTimeout`, so that it depends on no client"
    ),
    "fix.http.watching": "let the handler end; this goroutine ends with it",
    "fix.http.server": "none is needed; who wants it to end closes the server",
    "fix.http.rest": "none is needed while the server lives",
    "fix.nil": "make the channel before it is used: `{name} = chan(T)`; until then it is nil",
    "fix.nil.noname": "make the channel with `chan(T)` before it is used; until then it is nil",
    "fix.nil.context": (
        "pass a context that can be cancelled (`context.with_cancel`, `context.with_timeout`): "
        "this one cannot (`context.background`, for example), and its done channel is nil"
    ),
    "fix.send.buffer": (
        "give {name} room for what nobody receives, `chan(T, {cap})`, so that the last {count} can "
        "finish without a receiver; or receive {count} more times; or select between the send and "
        "`ctx.done()`, and cancel when the answer is no longer wanted"
    ),
    "fix.send.buffer.one": (
        "give {name} room for the value that nobody receives, `chan(T, {cap})`; or receive it; or "
        "select between the send and `ctx.done()`, and cancel when it is no longer wanted"
    ),
    "fix.send.unknown": (
        "make sure that each value is received on every path; or select between the send and "
        "`ctx.done()`, and cancel when it is no longer wanted"
    ),
    "fix.send.loop": (
        "the send stands in a loop, so a buffer helps only if it has room for all that is still to "
        "come: select between the send and a done channel (`ctx.done()`), and cancel when nobody "
        "receives any more"
    ),
    "fix.send.twice": (
        "{function} sends at {first} and goes on to {at}: return after the first send, since only "
        "one value is received"
    ),
    "fix.send.self": (
        "nobody can receive while the sender itself waits: receive in another goroutine, or give "
        "{name} a buffer, `chan(T, {cap})`"
    ),
    "fix.token": (
        "{name} is full of tokens that were never taken back: receive (release) in a `defer` right "
        "after the send (acquire), so that every path out gives its token back"
    ),
    "fix.range": (
        "close {name} when the last value was sent: the sender does it, `await {close}()`{where}, "
        "on every path out (`defer`); that ends every range loop over it"
    ),
    "fix.range.noname": (
        "close the channel when the last value was sent: the sender does it, on every path out "
        "(`defer`); that ends every range loop over it"
    ),
    "fix.range.reached": (
        "the close at {at} has to be reached: do not wait for the receivers before it"
    ),
    "fix.receive": (
        "send one value for each receiver, or `await {close}()`: a close releases all of them at "
        "once"
    ),
    "fix.receive.noname": (
        "send one value for each receiver, or close the channel: a close releases all of them at "
        "once"
    ),
    "fix.receive.token": (
        "whoever takes a value out of {name} has to put one back on every path, in a `defer` right "
        "after the receive; do not close it, since sending on it would panic then"
    ),
    "fix.receive.loop": (
        "end the loop: close the channel when the last value was sent, and receive with `async "
        "for` or `recv_ok`; or select between the receive and a done channel"
    ),
    "fix.receive.path": (
        "every way out of {function} must send or close, also the ones that return early; `defer` "
        "a close, or select with a timeout at the receiver"
    ),
    "fix.select": (
        'make one case certain: cancel the context or close the channel that means "stop" on '
        "every path, for example with `defer`"
    ),
    "fix.select.done": (
        'add a case that means "stop" (`recv(ctx.done())` or a done channel) and make sure that '
        "somebody cancels or closes it"
    ),
    "fix.select.none": (
        "`select()` waits for ever; wait for something that ends, a done channel or a WaitGroup"
    ),
    "fix.cancel": (
        "call `{cancel}` on every path: `defer({cancel})` right after the line that made the "
        "context ({made})"
    ),
    "fix.cancel.field": (
        "call `{cancel}` on every path on which the object that keeps it is no longer needed, for "
        "example where it is closed"
    ),
    "fix.cancel.thrown": (
        "keep the second result of the call at {made} and `defer` it: it is the only way to end "
        "this context"
    ),
    "fix.ticker": (
        "stopping a ticker or timer does not close its channel: select between it and a done "
        "channel, and close that channel instead of (or beside) `stop`"
    ),
    "fix.timer": "a timer sends one value: receive it once, or select with a done channel",
    "fix.lock.defer": (
        "unlock on every path: `defer({name}.unlock)` right after the lock at {at}, or `async "
        "with {name}:`"
    ),
    "fix.lock.defer@go": (
        "unlock on every path: `defer {name}.Unlock()` right after the lock at {at}"
    ),
    "fix.rlock.defer": (
        "unlock on every path: `defer({name}.runlock)` right after the lock at {at}"
    ),
    "fix.lock.self": (
        "do not lock {name} while holding it: keep the lock at {at} and call a variant that "
        "expects it to be held, or unlock before {at2}"
    ),
    "fix.lock.order": "lock in one order everywhere: {order}",
    "fix.lock.order.same": (
        "the locks made at {made} are taken in different orders: take them in one that does not "
        "depend on the caller, for example by an ID"
    ),
    "fix.lock.waits": "do not wait for anything while holding {name}: unlock it before {at}",
    "fix.lock.waits.once": "let the first call come to an end: it waits at {at}",
    "fix.reader.upgrade": (
        "a read lock cannot become a write lock: runlock {name} (read-locked at {at}) before the "
        "lock at {at2}, and check again what was read; or take the write lock from the start"
    ),
    "fix.reader.upgrade@go": (
        "a read lock cannot become a write lock: RUnlock {name} (read-locked at {at}) before the "
        "lock at {at2}, and check again what was read; or take the write lock from the start"
    ),
    "fix.reader.recursive": (
        "read-lock {name} once per goroutine: what is called while the lock of {at} is held must "
        "not take it again"
    ),
    "fix.waitgroup": (
        "call done on every path: `defer({name}.done)` as the first line of each task, and add "
        "exactly as much as there are tasks; pass the group itself, never a copy"
    ),
    "fix.waitgroup@go": (
        "call Done on every path: `defer {name}.Done()` as the first line of each task, and add "
        "exactly as much as there are tasks; pass the group itself, never a copy"
    ),
    "fix.task": "let {who} come to an end: what it waits for at {at} has to happen first",
    "fix.waitgroup.surplus": (
        "add exactly as much as there are calls of done (see the add at {at}; `go` counts its task "
        "itself), and let {who} come to an end, which waits at {at2}"
    ),
    "fix.waitgroup.surplus@go": (
        "add exactly as much as there are calls of Done (see the Add at {at}; `Go` counts its task "
        "itself), and let {who} come to an end, which waits at {at2}"
    ),
    "fix.waitgroup.none": (
        "each task must call done: `defer({name}.done)` as its first line, or start it with "
        "`{name}.go(f)`, which does so itself"
    ),
    "fix.waitgroup.none@go": (
        "each task must call Done: `defer {name}.Done()` as its first line, or start it with "
        "`{name}.Go(f)`, which does so itself (since Go 1.25)"
    ),
    "fix.cond": (
        "check the condition in a loop under the lock before waiting (`while not ready: await "
        "{name}.wait()`), and change it under the same lock before the signal"
    ),
    "fix.cond.count": (
        "change the condition and signal once for each that waits, or end them all: set a flag "
        "that the loop checks, too, and `{name}.broadcast()`"
    ),
    "fix.cond.many": (
        "wake all that wait with `{name}.broadcast()`: a signal wakes one; and check the condition "
        "in a loop before waiting"
    ),
    "fix.once": (
        "what is given to `do` must not call `do` of the same Once; call the inner function "
        "directly"
    ),
    "fix.semaphore.more": "ask for at most {size}, or make {name} larger",
    "fix.errgroup": "let the tasks that run come to an end, or raise the limit of {name}",
    "fix.token.gone": (
        "if the values of {name} are the tokens of a semaphore, whoever sent one has to receive "
        "one on every path, in a `defer` right after the send: more room would only defeat the "
        "limit; if they are news, receive {count} more or make room for them"
    ),
    "fix.semaphore": "release on every path: `defer({name}.release, n)` right after the acquire",
    "fix.endless": (
        "give the loop an end: select between its timer and a done channel (`ctx.done()`), and "
        "cancel when it is no longer needed; if it is meant to stay, start it with `go(..., "
        "daemon=True)` or run with --ignore {function}"
    ),
    "fix.endless@go": (
        "give the loop an end: select between its timer and a done channel (`<-ctx.Done()`), and "
        "cancel when it is no longer needed; if it is meant to stay, run with --ignore {function}"
    ),
    "fix.busy": (
        "give the loop an end, or an operation that waits: a loop that only computes is never "
        "stopped from outside"
    ),
    "fix.temporary": (
        "nothing to repair unless it holds too much for too long; to end it earlier, tell it with "
        "a context"
    ),
    "fix.sleep": (
        "it may be as it should: to see what comes, run longer with --until; to end it earlier, "
        "select between `time.after` and a done channel instead of sleeping"
    ),
    "fix.endless.partner": (
        "give the loop an end: select with a done channel (`ctx.done()`), and cancel when it is no "
        "longer needed; if it is meant to stay, start it with `go(..., daemon=True)` or run with "
        "--ignore {function}"
    ),
    "fix.endless.partner@go": (
        "give the loop an end: select with a done channel (`<-ctx.Done()`), and cancel when it is "
        "no longer needed; if it is meant to stay, run with --ignore {function}"
    ),
    "fix.reach.deferred": (
        "let {function} return: what it waits for at {at2} has to happen first, and then runs the "
        "{noun} that was deferred at {at}"
    ),
    "fix.reach": (
        "let {function} get to the {noun} at {at}: it must not wait at {at2} before that, or "
        "another goroutine has to do it"
    ),
    "fix.none": "make sure that what it waits for happens on every path",
    # -- the graph as text --
    "graph.one": "{id} {function}",
    "graph.unbuffered": "unbuffered",
    "graph.buffer": "{len} of {cap} in the buffer",
    "graph.stopped.ticker": "ticker, stopped",
    "graph.stopped.timer": "timer, not running any more",
    "graph.every": "ticker, every {period}",
    "graph.in.use": "{len} of {cap} in use",
    "graph.counter": "counter {counter}",
    "graph.made": "made at {made}",
    "graph.ended": "goroutine {id}, ended",
    "graph.returned": "has returned",
    "graph.nobody": "no goroutine is in it",
    "graph.elsewhere": "nobody is in it with this one",
    "graph.cycle": "cycle: {path}",
    "graph.held": "{role} {id} {function} since {at}: {state}",
    "graph.role.holder": "held by",
    "graph.role.writer": "write-locked by",
    "graph.role.reader": "read-locked by",
    "graph.role.pending writer": "wanted by the writer",
    "graph.helper": "{function} {ops}: {state}",
    "graph.behind": "only after this wait, in the same goroutine",
    "graph.op": "{op} at {at}",
    "graph.op.deferred": "{op} when it returns (deferred at {at})",
    "graph.does.send": "sends",
    "graph.does.receive": "receives",
    "graph.does.range": "ranges over it",
    "graph.does.close": "closes it",
    "graph.does.cancel": "cancels it",
    "graph.does.done": "calls done",
    "graph.does.done@go": "calls Done",
    "graph.does.go": "is a task started",
    "graph.does.signal": "signals",
    "graph.does.broadcast": "broadcasts",
    "graph.does.release": "releases",
    "graph.nobody.send": "nobody receives",
    "graph.nobody.receive": "nobody sends or closes it",
    "graph.nobody.wait": "nobody is left to end the wait",
    # -- timers that only the runtime still knows --
    "forgotten.holder": "the runtime's list of timers",
    "forgotten.ticker.one": (
        "a ticker made at {at} was never stopped, and nothing refers to it any more: the list of "
        "timers of Go {go} keeps it for ever ({bytes} bytes)."
    ),
    "forgotten.ticker.many": (
        "{count} tickers made at {at} were never stopped, and nothing refers to them any more: the "
        "list of timers of Go {go} keeps them for ever ({each} bytes each, {bytes} in all)."
    ),
    "forgotten.timer.one": (
        "a timer made at {at} is still running, and nothing refers to it any more: the list of "
        "timers of Go {go} keeps it until it fires, in {delta} ({bytes} bytes)."
    ),
    "forgotten.timer.many": (
        "{count} timers made at {at} are still running, and nothing refers to them any more: the "
        "list of timers of Go {go} keeps each until it fires, the last one in {delta} ({each} "
        "bytes each, {bytes} in all)."
    ),
    "fix.forgotten.ticker": (
        "stop it where it is no longer needed: `defer(ticker.stop)` right after it is made; or use "
        "Go 1.23 or newer with a go line to match, which collects it"
    ),
    "fix.forgotten.timer": (
        "make it with `new_timer` and stop it when it is no longer needed, or make one before the "
        "loop and `reset` it; or use Go 1.23 or newer with a go line to match"
    ),
    # -- memory: more is kept than is seen --
    "pinned.sentence": "{what}; {until}.",
    "pinned.made": " (allocated at {at})",
    "places.two": "{at} and 1 other place",
    "places.many": "{at} and {others} other places",
    "pinned.noname.string": "a string",
    "pinned.noname.slice": "a slice",
    "pinned.noname.buffer": "an emptied slice",
    "pinned.noname.cut": "a slice",
    "pinned.noname.pointer": "a pointer",
    "pinned.noname.map": "a map",
    "pinned.string.one": (
        "{what}, held by {holder}, shows {seen} of a text of {bytes}{made}, and a part of a string "
        "keeps the whole text: {unseen} stay that nobody sees"
    ),
    "pinned.string.many": (
        "{count} strings held by {holder}, {what} for example, show {seen} of texts of {bytes} in "
        "all{made}, and a part of a string keeps the whole text: {unseen} stay that nobody sees"
    ),
    "pinned.slice.one": (
        "{what}, held by {holder}, shows {seen} of an array of {bytes}{made}, and a slice keeps "
        "its whole array: {unseen} stay that nobody sees"
    ),
    "pinned.slice.many": (
        "{count} slices held by {holder}, {what} for example, show {seen} of arrays of {bytes} in "
        "all{made}, and a slice keeps its whole array: {unseen} stay that nobody sees"
    ),
    "pinned.buffer.one": (
        "{what}, held by {holder}, is empty and keeps its capacity{made}: {unseen} stay for what "
        "may never come"
    ),
    "pinned.buffer.many": (
        "{count} slices held by {holder}, {what} for example, are empty and keep their capacity"
        "{made}: {unseen} stay for what may never come"
    ),
    "pinned.cut.one": (
        "the array of {what}, held by {holder}, still refers to elements that were cut "
        "off{made}: {behind} stay that nobody can use through it"
    ),
    "pinned.cut.many": (
        "the arrays of {count} slices held by {holder}, {what} for example, still refer to "
        "elements that were cut off{made}: {behind} stay that nobody can use through them"
    ),
    "pinned.pointer.one": (
        "{what}, held by {holder}, points at {seen} in the middle of {bytes}{made}, and a pointer "
        "into an object keeps all of it: {lost} stay that nobody sees"
    ),
    "pinned.pointer.many": (
        "{count} pointers held by {holder}, {what} for example, point at {seen} in the middle of "
        "{bytes}{made}, and a pointer into an object keeps all of it: {lost} stay that nobody sees"
    ),
    "pinned.map.one": (
        "{what}, held by {holder}, was larger once: its table takes {bytes}{made}, a new one with "
        "the same entries {seen}"
    ),
    "pinned.map.many": (
        "{count} maps held by {holder}, {what} for example, were larger once: their tables take "
        "{bytes}{made}, new ones with the same entries {seen}"
    ),
    "pinned.until.global": "that lasts as long as the variable leads to it",
    "pinned.until.stuck": "that lasts for ever, since this goroutine is never woken",
    "pinned.until.goroutine": (
        "that ends with this goroutine, or when it no longer uses the variable"
    ),
    "pinned.until.timer": "that ends when the timer has fired or is stopped",
    "pinned.until.event": "that ends with the event of the simulation that leads to it",
    "pinned.until.returned": "that lasts until {when}, when {by} returns",
    "pinned.until.freed": "that lasts until {when}, when {holder} lets go of it",
    "keeps.one": "It keeps {bytes} of the heap alive: {what}.",
    "keeps.many": "Together they keep {bytes} of the heap alive: {what}.",
    "keeps.made": "{what}, allocated at {at}",
    "fix.pinned.string": "keep a copy of the part instead: `strings.clone({name})`",
    "fix.pinned.slice": (
        "keep a copy of the part instead: `slices.clone({name})`, or `append` to a nil slice; "
        "`slices.clip` and a third index shorten the capacity and not the array"
    ),
    "fix.pinned.buffer": (
        "drop the buffer instead of emptying it (a new `bytes.Buffer`, the nil slice), or keep "
        "only those below a size of your choice"
    ),
    "fix.pinned.cut": (
        "set to nil what is cut off, before it is (`clear(s[i:])`; `slices.delete` does so since "
        "Go 1.22), or keep a copy of the rest: `slices.clone({name})`"
    ),
    "fix.pinned.cut.front": (
        "set each element to nil before the head moves past it (`{name}[0] = None`, then `{name} = "
        "{name}[1:]`), or keep a copy of the rest: `slices.clone({name})`"
    ),
    "fix.pinned.pointer": "keep a copy of the value instead of a pointer to it",
    "fix.pinned.map": (
        "make a new map and copy the entries that are left; or let the elements be pointers, so "
        "that at least what they point at goes"
    ),
    "fix.pinned.map.pointers": "make a new map and copy the entries that are left",
    "keeps.deferred": "{what}; held by {count} deferred calls, which run when it returns",
    "keeps.deferred.fix": (
        "give the body of the loop a function of its own, so that what it defers runs each time; "
        "and {fix}"
    ),
    "holding.global": "global {name}",
    "holding.goroutine": "goroutine {id} {function}",
    "holding.goroutines": "{count} × {function}",
    "holding.waits": "{who} ({reason})",
    "holding.runtime": "the runtime",
    "holding.stacks": "stack and descriptor",
    "holding.dead": "descriptors of dead goroutines, {count} × {size}",
    "holding.spare": "stacks kept for goroutines to come",
    "holding.idle": "free pages, not given back to the system yet",
    "holding.timer": "pending timers",
    "holding.event": "pending events of the simulation",
    "holding.text": "string text",
    "holding.map": "{type} table",
    "holding.array": "arrays",
    "holding.variable": "variables",
    "holding.block": "parts of closures, channels and defers",
    "holding.each": "{what}, {count} × {size}",
    "holding.many": "{what}, {count}",
    "note.dead": (
        "{count} goroutines have ended, and the runtime keeps their descriptors for good: {bytes} "
        "of the heap, {each} bytes each; new goroutines take them over, nothing gives them back"
    ),
    # -- notes: what Go promises, what Go happens to do --
    "promise.unbuffered": (
        "Go promises: a send on an unbuffered channel completes only when somebody receives."
    ),
    "promise.buffered": "Go promises: a send waits while the buffer is full.",
    "promise.nil": "Go promises: sending on and receiving from a nil channel block for ever.",
    "promise.range": "Go promises: a range over a channel ends only after the channel is closed.",
    "promise.stop": "Go promises: Stop does not close the timer's channel.",
    "promise.lock": (
        "Go promises: a mutex is not tied to a goroutine, so nothing unlocks it when its holder "
        "ends."
    ),
    "promise.recursive": (
        "Go promises: once a writer waits, new readers wait behind it; read locks must not be "
        "nested."
    ),
    "promise.signal": (
        "Go promises: Signal wakes a goroutine that waits, if there is one; it is not kept."
    ),
    "promise.waitgroup": (
        "Go promises: Wait returns when the counter is zero, and only Done and Add change it."
    ),
    "promise.context": (
        "Go promises: the done channel of a context is closed when it or a parent is cancelled or "
        "its deadline passes, by nothing else."
    ),
    "promise.forgotten": (
        "Go promises since 1.23 that a timer nobody refers to can be collected although it was not "
        "stopped."
    ),
    "promise.cut": (
        "Go promises: slicing copies nothing, so the array has all its elements as long as a slice "
        "of it is in use."
    ),
    "happens.pinned.whole": (
        "Go happens to: its collector keeps or frees an object whole, in all versions so far."
    ),
    "happens.pinned.map": (
        "Go happens to: neither `delete` nor `clear` gives a map's table back, up to 1.27."
    ),
    "happens.first": (
        "Go happens to ({go}, GOMAXPROCS=1): of those that are ready at once, the goroutine "
        "started last runs first; under another schedule others may be left."
    ),
    "happens.mutex": (
        "Go happens to: its goroutineleak profile finds a goroutine on a sync.Mutex that is no "
        "field of something larger only sometimes."
    ),
    "happens.reachable": (
        "Go happens to: its goroutineleak profile does not list it, because {by} still reaches "
        "{name}."
    ),
    # -- what happens, step by step --
    "step.runtime": "the runtime",
    "step.go": "{who} starts {other} at {at}.",
    "step.go.main": "The process starts; main is {other}.",
    "step.run.only": "{who} runs: nobody else can.",
    "step.run.runnext": (
        "{who} runs: it became runnable last, and the newest goes first (Go's runnext)."
    ),
    "step.run.queue": "{who} runs: it stands first in the run queue.",
    "step.run.global": "{who} runs: it had let others go first, and now it is its turn.",
    "step.run.policy": "{who} runs: the scheduler ({policy}) chose it.",
    "step.yield": "{who} stops here, still runnable, and lets others run.",
    "step.park.send": (
        "{who} waits at {at}: it wants to send {value} on {thing}, and no receiver is there."
    ),
    "step.park.send.full": (
        "{who} waits at {at}: it wants to send {value} on {thing}, and the buffer is full."
    ),
    "step.park.receive": "{who} waits at {at} to receive from {thing}: nothing is there.",
    "step.park.select": "{who} waits in the select at {at} to {cases}.",
    "step.park.select.nil": "{who} waits in the select at {at}, where every channel is nil.",
    "step.park.select (no cases)": "{who} waits at {at} in a select without cases: for ever.",
    "step.park.chan send (nil chan)": "{who} sends at {at} on a nil channel: it waits for ever.",
    "step.park.chan receive (nil chan)": (
        "{who} receives at {at} from a nil channel: it waits for ever."
    ),
    "step.park.sleep": "{who} sleeps at {at} until {until}.",
    "step.park.lock": "{who} waits at {at} for {thing} ({text}).",
    "step.park.other": "{who} waits at {at} ({text}).",
    "step.case.send": "send on {thing}",
    "step.case.receive": "receive from {thing}",
    "step.ready": "{who} makes {other} runnable.",
    "step.ready.clock": "{other} is runnable: its time has come.",
    "step.ready.start": "{other} is runnable.",
    "step.end.returned": "{who} is gone: it returned.",
    "step.end.Goexit": "{who} is gone: it called runtime.Goexit.",
    "step.end.panic": "{who} panics, and with it the process.",
    "step.send.to": "{who} hands {value} over {thing} straight to {other}, which waited for it.",
    "step.send.buffer": "{who} puts {value} into the buffer of {thing} and goes on.",
    "step.send.clock": "The clock puts the time into {thing}.",
    "step.send.clock.to": "The clock hands the time over {thing} to {other}.",
    "step.recv.from": "{who} takes {value} over {thing} straight from {other}, which waited.",
    "step.recv.moved": (
        "{who} takes {value} out of the buffer of {thing}; {text} of {other}, which waited, "
        "moves in."
    ),
    "step.recv.buffer": "{who} takes {value} out of the buffer of {thing}.",
    "step.recv.closed": "{who} gets the zero value at once: {thing} is closed.",
    "step.close": "{who} closes {thing}.",
    "step.close.before": "{thing} is closed already.",
    "step.close.releases": "{who} closes {thing}, which releases {others}.",
    "step.lock": "{who} uses {thing}.",
    "step.lock.free": "{who} leaves {thing}: it is free.",
    "step.lock.held": "{who} changes {thing}: held by {others} ({text}).",
    "step.lock.state": "{who} changes {thing}: {text}.",
    "step.timer": "A timer's deadline has come.",
    "step.timer.sleep": "The sleep of {other} is over.",
    "step.timer.channel": "The deadline of {thing} has come.",
    "step.print": '{who} prints "{text}".',
    "step.print.line": "{who} prints an empty line.",
    "step.gc": "A collection ({text}) leaves {after} of {before} bytes.",
    "step.return": (
        "Main has returned: the process would be over. From here on it lives on without main, as "
        "a server would."
    ),
    # -- a person decides about the schedule: what can be done, and what comes of it --
    "play.value": "a value",
    "play.zero": "the zero value of a closed channel",
    "play.or": " or ",
    "play.op.start": "start",
    "play.op.goes on": "go on",
    "play.op.sleep": "wake up",
    "play.op.print": "print",
    "play.op.send": "send on {thing}",
    "play.op.recv": "receive from {thing}",
    "play.op.select": "{cases}",
    "play.op.default": "take the default",
    "play.op.nothing": "nothing (a select without cases)",
    "play.op.close": "close {thing}",
    "play.op.main return": "return",
    "play.op.death": "panic",
    "play.op.mutex lock": "lock {thing}",
    "play.op.mutex unlock": "unlock {thing}",
    "play.op.mutex trylock": "try to lock {thing}",
    "play.op.rwmutex lock": "lock {thing}",
    "play.op.rwmutex unlock": "unlock {thing}",
    "play.op.rwmutex rlock": "read-lock {thing}",
    "play.op.rwmutex runlock": "read-unlock {thing}",
    "play.op.rwmutex trylock": "try to lock {thing}",
    "play.op.rwmutex tryrlock": "try to read-lock {thing}",
    "play.op.waitgroup add": "change the counter of {thing}",
    "play.op.waitgroup wait": "see the counter of {thing} at zero",
    "play.op.cond wait": "begin to wait for {thing}",
    "play.op.cond signal": "signal {thing}",
    "play.op.cond broadcast": "wake all who wait for {thing}",
    "play.op.once do": "do {thing}",
    "play.op.semaphore acquire": "acquire {thing}",
    "play.op.semaphore release": "release {thing}",
    "play.op.context cancel": "cancel {thing}",
    "play.op.count": "count the goroutines",
    "play.op.read": "read {thing}",
    "play.op.write": "write {thing}",
    "play.op.other": "use {thing}",
    "play.op.spins": "see something change: it goes round in a loop",
    "play.op.reason": "go on ({reason})",
    "play.queue.mutex": "lock {thing}",
    "play.queue.rwmutex": "lock {thing}",
    "play.queue.rlock": "read-lock {thing}",
    "play.queue.waitgroup": "see the counter of {thing} at zero",
    "play.queue.cond": "be woken through {thing}",
    "play.queue.once": "go past {thing}",
    "play.queue.semaphore": "acquire {thing}",
    "play.do.start": "{who} starts to run",
    "play.do.goes on": "{who} goes on",
    "play.do.sleep": "{who} wakes up: its sleep is over",
    "play.do.timer": "a timer fires",
    "play.do.timer for": "a timer fires for {partner}",
    "play.do.main return": "main returns, and with it the process ends",
    "play.do.return": "{who} returns",
    "play.do.death": "{who} panics, and with it the process ends",
    "play.do.death.late": "{who} panics, too late to harm anybody: main has returned",
    "play.after": "(after main had returned: {text})",
    "play.do.send": "{who} sends {value} on {thing}",
    "play.do.receive": "{who} receives {value} from {thing}",
    "play.do.recv": "{who} receives {value} from {thing}",
    "play.do.pass": "{who} sends {value} on {thing} to {partner}",
    "play.do.select.send": "{who} takes the case that sends {value} on {thing}",
    "play.do.select.receive": "{who} takes the case that receives {value} from {thing}",
    "play.do.select.default": "{who} takes the default case: nobody is there",
    "play.do.close": "{who} closes {thing}",
    "play.do.print": "{who} prints {text}",
    "play.do.print.late": "{who} prints {text}, which nobody sees: main has returned",
    "play.do.read": "{who} reads {thing}",
    "play.do.write": "{who} writes {thing}",
    "play.do.lock": "{who} locks {thing}",
    "play.do.rlock": "{who} read-locks {thing}",
    "play.do.try": "{who} tries to lock {thing}",
    "play.do.unlock": "{who} unlocks {thing}",
    "play.do.runlock": "{who} read-unlocks {thing}",
    "play.do.waitgroup add": "{who} changes the counter of {thing}",
    "play.do.waitgroup wait": "{who} finds the counter of {thing} at zero",
    "play.do.cond wait": "{who} begins to wait for {thing}",
    "play.do.cond signal": "{who} signals {thing}",
    "play.do.cond broadcast": "{who} wakes all who wait for {thing}",
    "play.do.once do": "{who} does {thing}",
    "play.do.semaphore acquire": "{who} acquires {thing}",
    "play.do.semaphore release": "{who} releases {thing}",
    "play.do.context cancel": "{who} cancels {thing}",
    "play.do.count": "{who} counts the goroutines",
    "play.do.other": "{who} uses {thing}",
    "play.prints": "prints {text}",
    "play.starts": "{who} is started ({function})",
    "play.returns": "{who} returns",
    "play.panics": "{who} panics",
    "play.ready": "{who} gets ready",
    "play.stuck": "{who} then waits to {words}",
    "play.sleeps": "{who} then sleeps",
    "play.chan.timer": "a timer's channel",
    "play.chan.closed": "closed",
    "play.chan.unbuffered": "no buffer",
    "play.chan.empty": "buffer empty (0 of {cap})",
    "play.chan.buffer": "buffer {len} of {cap}: {values}",
    "play.chan.closing": "closed, buffer {len} of {cap}: {values}",
    # -- what a schedule does otherwise than the default one --
    "story.default": "The default schedule does it.",
    "story.other": (
        "The same schedule came out otherwise when it was taken once more: the program is not "
        "repeatable. Does it iterate a set, read the clock, use random numbers?"
    ),
    "story.first": "The default schedule, except that at step {step} {what}.",
    "story.next": "Then at step {step} {what}.",
    "story.before": "{does} before {other}",
    "story.instead": "{does}, where by default {other}",
    "story.who": "G{id} ({function})",
    "story.do.start": "{who} starts",
    "story.do.goes on": "{who} goes on at {at}",
    "story.do.sleep": "{who} wakes at {at}",
    "story.do.timer": "a timer fires",
    "story.do.timer.of": "the timer of {thing} fires",
    "story.do.main return": "{who} returns, and with it the process ends",
    "story.do.return": "{who} returns",
    "story.do.death": "{who} panics, and with it the process ends",
    "story.do.send": "{who} sends on {thing} at {at}",
    "story.do.receive": "{who} receives from {thing} at {at}",
    "story.do.pass": "{who} at {at} sends on {thing} to {partner} at {there}",
    "story.do.pass.timer": "the timer of {thing} fires for {partner} at {there}",
    "story.do.pass.timer.noname": "a timer fires for {partner} at {there}",
    "story.do.select.send": "{who} takes the case of the select at {at} that sends on {thing}",
    "story.do.select.receive": (
        "{who} takes the case of the select at {at} that receives from {thing}"
    ),
    "story.do.select.default": "{who} takes the default case of the select at {at}",
    "story.do.close": "{who} closes {thing} at {at}",
    "story.do.print": "{who} prints at {at}",
    "story.do.read": "{who} reads {thing} at {at}",
    "story.do.write": "{who} writes {thing} at {at}",
    "story.do.lock": "{who} locks {thing} at {at}",
    "story.do.rlock": "{who} read-locks {thing} at {at}",
    "story.do.try": "{who} tries to lock {thing} at {at}",
    "story.do.unlock": "{who} unlocks {thing} at {at}",
    "story.do.runlock": "{who} read-unlocks {thing} at {at}",
    "story.do.add": "{who} changes the counter of {thing} at {at}",
    "story.do.wait": "{who} waits for {thing} at {at}",
    "story.do.other": "{who} uses {thing} at {at}",
    "story.do.nothing": "{who} goes on at {at} ({kind})",
    "story.died": "It ends at {at}: {text}.",
    "story.died.nowhere": "It ends: {text}.",
    "story.after": "After main has returned a goroutine ends the process at {at}: {text}.",
    "story.after.nowhere": "After main has returned a goroutine ends the process: {text}.",
    "story.loop": "From step {steps} on it goes round in a loop that changes nothing.",
    "story.limit": "It has not ended after {steps} steps.",
    "noname.shared": "a variable",
    "noname.atomic": "an atomic variable",
}

GO_SPELLING: Final[Mapping[str, str]] = {
    "append": "append",
    "async for": "for v := range ch",
    "await {close}()": "close({code})",
    "bytes.Buffer": "bytes.Buffer",
    "chan(T)": "make(chan T)",
    "chan(T, {cap})": "make(chan T, {cap})",
    "clear": "clear",
    "clear(s[i:])": "clear(s[i:])",
    "context.background": "context.Background",
    "context.with_cancel": "context.WithCancel",
    "context.with_timeout": "context.WithTimeout",
    "ctx.done()": "<-ctx.Done()",
    "defer": "defer",
    "defer(ticker.stop)": "defer ticker.Stop()",
    "defer({cancel})": "defer {cancel}()",
    "defer({name}.release, n)": "defer {name}.Release(n)",
    "defer({name}.runlock)": "defer {name}.RUnlock()",
    "delete": "delete",
    "do": "Do",
    "new_timer": "time.NewTimer",
    "recv(ctx.done())": "<-ctx.Done()",
    "recv_ok": "v, ok := <-ch",
    "reset": "Reset",
    "select()": "select {{}}",
    "slices.clip": "slices.Clip",
    "slices.clone({name})": "slices.Clone({name})",
    "slices.delete": "slices.Delete",
    "stop": "Stop",
    "strings.clone({name})": "strings.Clone({name})",
    "time.after": "time.After",
    "while not ready: await {name}.wait()": "for !ready {{ {name}.Wait() }}",
    "{cancel}": "{cancel}",
    "{name} = chan(T)": "{name} = make(chan T)",
    "{name} = {name}[1:]": "{name} = {name}[1:]",
    "{name}.broadcast()": "{name}.Broadcast()",
    "{name}[0] = None": "{name}[0] = nil",
}
"""How Go spells the pieces of code in templates that have no ``@go`` of their own."""

_front: list[Mapping[str, str]] = []
_source: ContextVar[Source] = ContextVar("source", default="python")


@contextmanager
def about(source: Source) -> Iterator[None]:
    """Inside, speak about a program that is written in `source`.

    Examples
    --------
    >>> with about("go"):
    ...     print(say("fix.nil.noname"))
    make the channel with `make(chan T)` before it is used; until then it is nil
    """
    before = _source.set(source)
    try:
        yield
    finally:
        _source.reset(before)


def spoken() -> Source:
    """Return what the program that is spoken about is written in."""
    return _source.get()


def use(catalogue: Mapping[str, str] | None) -> None:
    """Put a catalogue in front of the English one; None takes all others away.

    Templates it does not have are taken from the English one.
    """
    if catalogue is None:
        _front.clear()
    else:
        unknown = sorted(key for key in catalogue if not knows(key.removesuffix("@go")))
        if unknown:
            raise KeyError(f"templates nobody asks for: {', '.join(unknown)}")
        _front.insert(0, catalogue)


def say(key: str, **facts: object) -> str:
    """Return the sentence `key` with the facts put in.

    Examples
    --------
    >>> say("who.one", id=8, function="main.worker")
    'goroutine 8 (main.worker)'
    """
    return _template(key).format(**facts)


def _template(key: str) -> str:
    go = _source.get() == "go"
    for catalogue in (*_front, ENGLISH):
        if go and f"{key}@go" in catalogue:
            return catalogue[f"{key}@go"]
        if key in catalogue:
            return _in_go(catalogue[key]) if go else catalogue[key]
    raise KeyError(key)


@cache
def _in_go(template: str) -> str:
    """Spell the code in a template as Go does."""
    return re.sub("`([^`]*)`", lambda code: f"`{GO_SPELLING.get(code[1], code[1])}`", template)


def knows(key: str) -> bool:
    """Whether there is such a template."""
    return key in ENGLISH
