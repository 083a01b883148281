"""Random concurrent programs, each told twice from one list of operations: in Go and in Python.

Every operation is a pair of templates, so what the two tellings do differs in nothing but language.
A program has shared objects (channels, locks, a context, a timer), two to six goroutines, and a
trace: each operation prints what it saw.

How the programs stay comparable:

- Each length of time is used once in a program, and the lengths are powers of two (of a unit of
  5 ms in real Go), so no two deadlines are ever equal; a ticker's period is off their grid.
- Where several cases of a ``select`` are ready the choice is free: `outcomes` follows every choice,
  and what real Go did must be one of them.
- The Go telling writes its trace with a raw system call: one that goes through the scheduler may
  cost the process its processor.

``python -m tests.differential FIRST LAST [VERSION ...]`` compares a range of programs with the real
toolchains that are installed and shows what differs; ``--show N`` prints program N; ``--record``
writes ``tests/go/differential.json``.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import gosim as gs
from gosim.oracle import Toolchain, build_go
from gosim.oracle.dump import parse_crash, parse_dump

RECORD = Path(__file__).parent / "go" / "differential.json"
VERSIONS = ("1.22", "1.27")
#: With two that once differed: the global queue is polled at every 61st tick.
SLICE = (*range(60), 72, 100)
#: Runs of one program under gosim when selects have a choice; a program with more is not compared.
MOST_CHOICES = 200

# ---------------------------------------------------------------- programs


@dataclass
class Body:
    """The body of a function: operations in order."""

    ops: list[Op] = field(default_factory=list)

    @property
    def defers(self) -> bool:
        """Whether a deferred call belongs to this function itself."""
        return any(_defers(op) for op in self.ops)


@dataclass
class Op:
    """One operation: its kind, what fills the templates, and the functions or blocks inside it."""

    kind: str
    fill: dict[str, Any] = field(default_factory=dict)
    inner: list[Body] = field(default_factory=list)


def _defers(op: Op) -> bool:
    if op.kind in ("defer", "defer_op"):
        return True
    return op.kind in _BLOCKS and any(_defers(o) for body in op.inner for o in body.ops)


def _no_exit(body: Body, everywhere: bool) -> None:
    """Let only main end the process: the one that is compared lives on without main."""
    for op in body.ops:
        if op.kind == "exit" and everywhere:
            op.kind = "goexit"
        for inner in op.inner:
            _no_exit(inner, everywhere or op.kind in ("go", "after_func", "after_cancel", "crowd"))


_BLOCKS = {"loop", "select", "range"}  # their bodies belong to the function around them

#: What one operation is in Go and in Python. {L} is its label in the trace.
SIMPLE: dict[str, tuple[str, str]] = {
    "send": ("{c} <- {v}\nsay({L}, \"sent\")", "await {c}.send({v})\nsay({L}, \"sent\")"),
    "recv": ("say({L}, \"got\", <-{c})", "say({L}, \"got\", await {c}.recv())"),
    "recv_ok": ("v, ok := <-{c}\nsay({L}, \"got\", v, ok)",
                "v, ok = await {c}.recv_ok()\nsay({L}, \"got\", v, ok)"),
    "close": ("close({c})\nsay({L}, \"closed\")", "await {c}.close()\nsay({L}, \"closed\")"),
    "len": ("say({L}, len({c}), cap({c}))", "say({L}, len({c}), cap({c}))"),
    "lock": ("{m}.Lock()\nsay({L}, \"locked\")", "await {m}.lock()\nsay({L}, \"locked\")"),
    "unlock": ("{m}.Unlock()\nsay({L}, \"unlocked\")",
               "await {m}.unlock()\nsay({L}, \"unlocked\")"),
    "trylock": ("say({L}, {m}.TryLock())", "say({L}, await {m}.try_lock())"),
    "trylock_once": (
        "if {m}.TryLock() {{\n\tsay({L}, \"tried\")\n\t{m}.Unlock()\n}}",
        "if await {m}.try_lock():\n    say({L}, \"tried\")\n    await {m}.unlock()"),
    "rlock": ("rw.RLock()\nsay({L}, \"rlocked\")", "await rw.rlock()\nsay({L}, \"rlocked\")"),
    "runlock": ("rw.RUnlock()\nsay({L}, \"runlocked\")",
                "await rw.runlock()\nsay({L}, \"runlocked\")"),
    "wlock": ("rw.Lock()\nsay({L}, \"wlocked\")", "await rw.lock()\nsay({L}, \"wlocked\")"),
    "wunlock": ("rw.Unlock()\nsay({L}, \"wunlocked\")",
                "await rw.unlock()\nsay({L}, \"wunlocked\")"),
    "tryrlock": ("say({L}, rw.TryRLock())", "say({L}, await rw.try_rlock())"),
    "trywlock": ("say({L}, rw.TryLock())", "say({L}, await rw.try_lock())"),
    "add": ("wg.Add({n})", "await wg.add({n})"),
    "done": ("wg.Done()", "await wg.done()"),
    "wait": ("wg.Wait()\nsay({L}, \"waited\")", "await wg.wait()\nsay({L}, \"waited\")"),
    "cond": ("cm.Lock()\ncond.Wait()\nsay({L}, \"signalled\")\ncm.Unlock()",
             "await cm.lock()\nawait cond.wait()\nsay({L}, \"signalled\")\nawait cm.unlock()"),
    "signal": ("cond.Signal()\nsay({L}, \"signal\")", "await cond.signal()\nsay({L}, \"signal\")"),
    "locked_signal": (
        "cm.Lock()\ncond.Signal()\nsay({L}, \"signal\")\ncm.Unlock()",
        "await cm.lock()\nawait cond.signal()\nsay({L}, \"signal\")\nawait cm.unlock()"),
    "broadcast": ("cond.Broadcast()\nsay({L}, \"broadcast\")",
                  "await cond.broadcast()\nsay({L}, \"broadcast\")"),
    "atomic_add": ("say({L}, at.Add({n}))", "say({L}, await at.add({n}))"),
    "cas": ("say({L}, at.CompareAndSwap({n}, {v}))",
            "say({L}, await at.compare_and_swap({n}, {v}))"),
    "gosched": ("runtime.Gosched()\nsay({L}, \"back\")", "await gosched()\nsay({L}, \"back\")"),
    "spin": ("for i := 0; i < {n}; i++ {{\n\truntime.Gosched()\n}}\nsay({L}, \"spun\")",
             "for _ in range({n}):\n    await gosched()\nsay({L}, \"spun\")"),
    "cause": ("cancel2(errors.New(\"cause{v}\"))\nsay({L}, context.Cause(ctx2), ctx2.Err())",
              "await cancel2(gs.errors.new(\"cause{v}\"))\n"
              "say({L}, gs.context.cause(ctx2), ctx2.err())"),
    "value": ("say({L}, ctx1.Value(key))", "say({L}, ctx1.value(key))"),
    "repanic": (
        "if r := recover(); r != nil {{\n\tsay({L}, \"again\", r)\n\tpanic(r)\n}}",
        "r = {d}.recover()\nif r is not None:\n    say({L}, \"again\", r)\n    panic(r)"),
    "panic_nil": ("panic(nil)", "panic(None)"),
    "ticker_reset": (
        "tk := time.NewTicker({d} * unit / 5)\n<-tk.C\nsay({L}, len(tk.C))\n"
        "tk.Reset({e} * unit / 5)\n<-tk.C\nsay({L}, \"tick\")\ntk.Stop()",
        "tk = time.new_ticker({d} * unit // 5)\nawait tk.C.recv()\nsay({L}, len(tk.C))\n"
        "await tk.reset({e} * unit // 5)\nawait tk.C.recv()\nsay({L}, \"tick\")\n"
        "await tk.stop()"),
    "goexit": ("runtime.Goexit()", "goexit()"),
    "exit": ("os.Exit({n})", "gs.os.exit({n})"),
    "panic": ("panic({v})", "panic({v})"),
    "panic_error": ("panic(errors.New({v}))", "panic(gs.errors.new({v}))"),
    "numgo": ("say({L}, runtime.NumGoroutine())", "say({L}, gs.runtime.num_goroutine())"),
    "sleep": ("time.Sleep({d} * unit)\nsay({L}, \"awake\")",
              "await time.sleep({d} * unit)\nsay({L}, \"awake\")"),
    "after": ("<-time.After({d} * unit)\nsay({L}, \"time\")",
              "await time.after({d} * unit).recv()\nsay({L}, \"time\")"),
    "timer_recv": ("<-t0.C\nsay({L}, \"timer\")", "await t0.C.recv()\nsay({L}, \"timer\")"),
    "timer_stop": ("say({L}, t0.Stop())", "say({L}, await t0.stop())"),
    "timer_reset": ("say({L}, t0.Reset({d} * unit))", "say({L}, await t0.reset({d} * unit))"),
    "timer_len": ("say({L}, len(t0.C), cap(t0.C))", "say({L}, len(t0.C), cap(t0.C))"),
    "ticker": (
        "tk := time.NewTicker({d} * unit / 5)\n<-tk.C\nsay({L}, \"tick\")\n<-tk.C\n"
        "say({L}, \"tick\")\ntk.Stop()",
        "tk = time.new_ticker({d} * unit // 5)\nawait tk.C.recv()\nsay({L}, \"tick\")\n"
        "await tk.C.recv()\nsay({L}, \"tick\")\nawait tk.stop()"),
    "cancel": ("cancel{x}()\nsay({L}, \"cancelled\")",
               "await cancel{x}()\nsay({L}, \"cancelled\")"),
    "ctx_done": ("<-ctx{x}.Done()\nsay({L}, ctx{x}.Err())",
                 "await ctx{x}.done().recv()\nsay({L}, ctx{x}.err())"),
    "ctx_err": ("say({L}, ctx{x}.Err())", "say({L}, ctx{x}.err())"),
    "forever": ("select {{}}", "await select()"),
    "return": ("return", "return"),
    "recover": ("say({L}, \"recovered\", recover())", "say({L}, \"recovered\", {d}.recover())"),
    "defer_op": ("defer {go}", "{d}({py})"),
}  # fmt: skip
_DEFERRED = (
    ("m0.Unlock()", "m0.unlock"), ("m1.Unlock()", "m1.unlock"), ("rw.RUnlock()", "rw.runlock"),
    ("rw.Unlock()", "rw.unlock"), ("close({c})", "{c}.close"), ("cancel0()", "cancel0"),
    ("cond.Broadcast()", "cond.broadcast"), ("wg.Done()", "wg.done"),
)  # fmt: skip

_GO_PRELUDE = """\
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

var (
	_    = errors.New
	_    = atomic.AddInt64
	_    context.Context
	_    sync.Mutex
	unit time.Duration
	mute bool
)

func write(fd uintptr, text []byte) {
	syscall.RawSyscall(syscall.SYS_WRITE, fd, uintptr(unsafe.Pointer(&text[0])), uintptr(len(text)))
}

func say(what ...any) {
	if !mute {
		write(1, []byte(fmt.Sprintln(what...)))
	}
}

func main() {
	number, _ := strconv.Atoi(os.Args[1])
	ms, _ := strconv.Atoi(os.Args[2])
	unit = time.Duration(ms) * time.Millisecond
	programs[number]()
	mute = true
	write(2, []byte("main returned\\n"))
	settle, _ := strconv.Atoi(os.Args[3])
	time.Sleep(time.Duration(settle) * unit)
	stacks := make([]byte, 1<<20)
	write(2, stacks[:runtime.Stack(stacks, true)])
}

"""


class Program:
    """One random program, made of its number alone."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.rng = random.Random(number)
        self.lengths = [1, 2, 4, 8]
        self.rng.shuffle(self.lengths)
        self.used = 0  # of the time that may pass
        self.ticker = True
        self.after_cancel = True  # two on one context are called in no order
        self.value = 0
        rng = self.rng
        #: A lively program blocks for good only where goroutines miss one another.
        self.lively = rng.random() < 0.75
        caps = (0, 0, 1, 1, 2, 3) if self.lively else (0, 0, 0, 1, 2, 3)
        self.caps: list[int | None] = [rng.choice(caps) for _ in range(3)]
        if rng.random() < 0.15 and not self.lively:
            self.caps.append(None)
        self.timer = self._length() if rng.random() < 0.3 else None
        self.timeout = self._length() if rng.random() < 0.25 else None
        self.main = Body()
        self.workers = [Body() for _ in range(rng.randrange(1, 6))]
        self._fill()
        for worker in self.workers:
            _no_exit(worker, True)
        _no_exit(self.main, False)

    # -- generation

    def _length(self) -> int | None:
        if not self.lengths:
            return None
        length = self.lengths.pop()
        self.used += length
        return length

    def _next_value(self) -> int:
        self.value += 1
        return self.value

    def _channel(self) -> str:
        return f"c{self.rng.randrange(len(self.caps))}"

    def _fill(self) -> None:
        rng = self.rng
        bodies = [self.main, *self.workers]
        for _ in range(rng.randrange(3, 4 + 2 * len(bodies))):
            self._pattern(self.workers if self.lively and rng.random() < 0.8 else bodies)
        for body in bodies:
            while len(body.ops) < 3 or (len(body.ops) < 10 and rng.random() < 0.3):
                self._put(body, self._any(0))
        # Where main starts the others: mostly first, some later, some from one another.
        for i, worker in enumerate(self.workers):
            start = Op("go", {"name": f"w{i}"}, [worker])
            kind = rng.random()
            if kind < 0.7:
                self.main.ops.insert(i, start)
            elif kind < 0.85 or i == 0:
                self._put(self.main, start)
            else:
                self._put(self.workers[rng.randrange(i)], start)
        kind = rng.random()
        if kind < (0.6 if self.lively else 0.25):
            length = self._length()
            if length is not None:
                self.main.ops.append(Op("sleep", {"d": length}))
        elif kind < 0.45:
            self.main.ops += [Op("gosched") for _ in range(3)]
        elif kind < 0.75:
            self.main.ops.append(Op("wait"))
            self.main.ops.insert(0, Op("add", {"n": len(self.workers)}))
            for worker in self.workers:
                worker.ops.insert(0, Op("defer_op", {"call": len(_DEFERRED) - 1}))
        elif kind < 0.8:
            self.main.ops.append(Op("goexit"))

    def _put(self, body: Body, *ops: Op) -> None:
        """Insert operations at random places, in this order."""
        places = sorted(self.rng.randrange(len(body.ops) + 1) for _ in ops)
        for shift, (place, op) in enumerate(zip(places, ops, strict=True)):
            body.ops.insert(place + shift, op)

    def _pattern(self, bodies: list[Body]) -> None:
        """Insert operations that belong together."""
        rng = self.rng
        one, other = rng.choice(bodies), rng.choice(bodies)
        c = self._channel()
        kind = rng.randrange(15)
        if kind == 13:
            m = rng.choice(("m0", "m1"))
            length = self._length()
            held = Op("gosched") if length is None else Op("sleep", {"d": length})
            self._put(one, Op("lock", {"m": m}), held, Op("unlock", {"m": m}),
                      Op("trylock_once", {"m": m}), Op("lock", {"m": m}), Op("unlock", {"m": m}))
            for waiter in (other, rng.choice(bodies)):
                self._put(waiter, Op("lock", {"m": m}), Op("unlock", {"m": m}))
        elif kind == 14:
            n = rng.choice((4, 4, 40, 40, 300))
            self._put(one, Op("crowd", {"n": n}, [Body([self._timeless(2), self._timeless(3)])]))
        elif kind < 4:
            self._put(one, self._send(c))
            self._put(other, Op(rng.choice(("recv", "recv", "recv_ok")), {"c": c}))
        elif kind == 4:
            for _ in range(rng.randrange(1, 3)):
                self._put(one, self._send(c))
            if rng.random() < 0.5:
                one.ops.append(self._close(c))
            self._put(other, Op("range", {"c": c}, [Body()]))
        elif kind == 5:
            m = rng.choice(("m0", "m1"))
            self._put(one, Op("lock", {"m": m}), self._any(1), Op("unlock", {"m": m}))
            self._put(other, Op("lock", {"m": m}), Op("gosched"), Op("unlock", {"m": m}))
        elif kind == 6:
            self._put(one, Op("rlock"), self._any(1), Op("runlock"))
            self._put(other, Op("wlock"), self._any(1), Op("wunlock"))
        elif kind == 7:
            self._put(one, Op("cond"))
            self._put(other, Op(rng.choice(("signal", "locked_signal", "broadcast"))))
        elif kind == 8:
            x = rng.randrange(2)
            self._put(one, Op("ctx_done", {"x": rng.choice((x, 1, 2))}))
            self._put(other, Op("cancel", {"x": x}))
        elif kind == 9:
            if self.lively:
                one.ops.insert(0, Op("add", {"n": 1}))
                self._put(one, Op("go", {"name": "done"}, [Body([self._any(1), Op("done")])]))
            else:
                self._put(one, Op("add", {"n": 1}), Op("wait"))
                self._put(other, Op("done"))
        elif kind == 10:
            self._put(one, self._select())
            self._put(other, self._send(c), Op("recv", {"c": self._channel()}))
        else:
            self._put(one, self._any(0))

    def _close(self, c: str) -> Op:
        if self.rng.random() < 0.5 and not self.lively:
            return Op("close", {"c": c})
        return Op("call", {}, [Body([self._recovering(), Op("close", {"c": c})])])

    def _send(self, c: str) -> Op:
        return Op("send", {"c": c, "v": self._next_value()})

    def _select(self) -> Op:
        rng = self.rng
        cases: list[tuple[str, Any, Any]] = []
        for _ in range(rng.randrange(1, 4)):
            kind = rng.random()
            if kind < 0.5:
                cases.append(("recv", self._channel(), None))
            elif kind < 0.8:
                cases.append(("send", self._channel(), self._next_value()))
            elif kind < 0.9:
                cases.append(("done", rng.randrange(2), None))
            elif self.timer is not None:
                cases.append(("timer", None, None))
            elif (length := self._length()) is not None:
                cases.append(("after", length, None))
        if rng.random() < (0.6 if self.lively else 0.35):
            cases.append(("default", None, None))
        bodies = [Body() for _ in cases]
        for body in bodies:
            if rng.random() < 0.3:
                body.ops.append(self._any(2))
        return Op("select", {"cases": cases}, bodies)

    def _function(self, depth: int, most: int = 3) -> Body:
        rng = self.rng
        body = Body([self._any(depth + 1) for _ in range(rng.randrange(1, most + 1))])
        if rng.random() < 0.4:
            self._put(body, self._defer(depth))
        if rng.random() < (0.1 if self.lively else 0.2):
            body.ops.append(self._panic())
        return body

    def _defer(self, depth: int) -> Op:
        rng = self.rng
        if rng.random() < 0.25:
            first = 4 if self.lively else 0
            call = rng.randrange(first, len(_DEFERRED) - self.lively)
            return Op("defer_op", {"call": call, "c": self._channel()})
        body = Body([self._any(depth + 2) for _ in range(rng.randrange(0, 2))])
        if rng.random() < 0.6:
            self._put(body, Op(rng.choice(("recover", "recover", "repanic"))))
        if rng.random() < 0.1:
            body.ops.append(self._panic())
        return Op("defer", {}, [body])

    def _panic(self) -> Op:
        value = self._next_value()
        kind = self.rng.random()
        if kind < 0.25:
            return Op("panic", {"v": value})
        if kind < 0.32:
            return Op("panic", {"v": f"{value}.5"})
        if kind < 0.4:
            return Op("panic_nil")
        lines = "\\nsecond" if kind < 0.5 else ""
        return Op(self.rng.choice(("panic", "panic_error")), {"v": f'"p{value}{lines}"'})

    def _any(self, depth: int) -> Op:
        """Return any operation."""
        rng = self.rng
        c = self._channel()
        roll = rng.random()
        if roll < 0.25:
            kinds = ("send", "recv", "recv_ok", "len", "gosched", "gosched")
            kind = rng.choice(kinds[3:] if self.lively and rng.random() < 0.8 else kinds)
            return Op(kind, {"c": c, "v": self._next_value()})
        if roll < 0.28:
            return self._close(c)
        if roll < 0.42 and depth < 3:
            return self._select()
        if roll < 0.60 and depth < 3:
            kind = rng.choice(
                ("call", "call", "call", "go", "go", "once", "loop", "defer", "once_func")
            )
            if self.after_cancel and rng.random() < 0.1:
                self.after_cancel = False
                kind = "after_cancel"
            if kind == "defer":
                return self._defer(depth)
            if kind == "loop":
                return Op("loop", {"n": rng.randrange(2, 4)}, [Body([self._timeless(depth + 1)])])
            body = self._function(depth)
            if kind == "call" and rng.random() < 0.5:
                body.ops.insert(0, self._recovering())
            return Op(kind, {"name": "go"}, [body])
        if roll < 0.70:
            timed = ["sleep", "after", "after_func"]
            if self.timer is not None:
                timed = ["timer_recv", "timer_stop", "timer_reset", "timer_len"]
            kind = rng.choice(timed)
            if kind == "after_func" and depth > 2:
                kind = "sleep"
            if kind in ("timer_recv", "timer_stop", "timer_len"):
                return Op(kind)
            if rng.random() < 0.1 and self.ticker:
                self.ticker = False
                self.used += 8
                return Op(rng.choice(("ticker", "ticker_reset")), {"d": 17, "e": 21})
            length = self._length()
            if length is None:
                return Op("gosched")
            if kind == "after_func":
                return Op(kind, {"d": length}, [self._function(depth, 2)])
            return Op(kind, {"d": length})
        if roll < 0.97:
            kind = rng.choice((
                "trylock", "lock", "unlock", "tryrlock", "trywlock", "rlock", "wlock", "runlock",
                "signal", "broadcast", "atomic_add", "atomic_add", "cas", "numgo", "numgo",
                "ctx_err", "ctx_done", "cancel", "cause", "value", "spin", "done",
                "wait", "recv_ok", "len",
            ))  # fmt: skip
            if self.lively and rng.random() < 0.95:
                if kind in ("lock", "rlock", "wlock", "unlock", "runlock"):
                    return self._section()
                if kind in ("ctx_done", "done", "wait", "recv_ok", "trylock", "trywlock"):
                    kind = "atomic_add"
            elif kind in ("unlock", "runlock", "done") and rng.random() < 0.6:
                kind = "gosched"
            return Op(kind, {
                "m": rng.choice(("m0", "m1")), "v": rng.randrange(3), "x": rng.randrange(2), "c": c,
                "n": rng.choice((2, 30, 70)) if kind == "spin" else rng.randrange(3),
            })  # fmt: skip
        rare = rng.choice(("goexit", "panic", "return", "forever", "exit"))
        if self.lively and (rare in ("forever", "exit") or depth < 1):
            rare = "return"
        return self._panic() if rare == "panic" else Op(rare, {"n": rng.randrange(4)})

    def _section(self) -> Op:
        """Return a function that holds a lock for its length."""
        kind = self.rng.choice(("m0", "m1", "rlock", "wlock"))
        unlock = Op("defer_op", {"call": ("m0", "m1", "rlock", "wlock").index(kind)})
        lock = Op(kind) if kind.endswith("lock") else Op("lock", {"m": kind})
        body = [Op("gosched"), self._timeless(3)] if self.rng.random() < 0.5 else [self._any(3)]
        return Op("call", {}, [Body([lock, unlock, *body])])

    def _recovering(self) -> Op:
        return Op("defer", {}, [Body([Op("recover")])])

    def _timeless(self, depth: int) -> Op:
        """Return an operation that may be repeated."""
        lengths, self.lengths, ticker, self.ticker = self.lengths, [], self.ticker, False
        try:
            return self._any(depth)
        finally:
            self.lengths, self.ticker = lengths, ticker

    # -- the two tellings

    def go(self) -> str:
        """Return the Go function ``programN``."""
        lines = [f"func program{self.number}() {{"]
        for i, cap in enumerate(self.caps):
            made = f"c{i} := make(chan int, {cap})"
            lines.append("\t" + (f"var c{i} chan int" if cap is None else made))
        lines += ["\tvar m0, m1, cm sync.Mutex", "\tvar rw sync.RWMutex", "\tvar wg sync.WaitGroup",
                  "\tcond := sync.NewCond(&cm)", "\tvar once sync.Once", "\tvar at atomic.Int64",
                  "\tctx0, cancel0 := context.WithCancel(context.Background())"]  # fmt: skip
        if self.timeout is None:
            lines.append("\tctx1, cancel1 := context.WithCancel(ctx0)")
        else:
            lines.append(f"\tctx1, cancel1 := context.WithTimeout(ctx0, {self.timeout} * unit)")
        lines += ["\tkey := \"key\"", "\tctx1 = context.WithValue(ctx1, key, 7)",
                  "\tctx2, cancel2 := context.WithCancelCause(ctx1)"]  # fmt: skip
        names = [f"c{i}" for i in range(len(self.caps))]
        names += ["&m0", "&m1", "&cm", "&rw", "&wg", "cond", "&once", "&at"]
        names += ["ctx0", "cancel0", "ctx1", "cancel1", "ctx2", "cancel2"]
        if self.timer is not None:
            lines.append(f"\tt0 := time.NewTimer({self.timer} * unit)")
            names.append("t0")
        lines.append(f"\t{', '.join('_' for _ in names)} = {', '.join(names)}")
        self._label = 0
        lines += self._go_ops(self.main, "main", 1)
        return "\n".join([*lines, "}", ""])

    def _go_ops(self, body: Body, where: str, depth: int) -> Iterator[str]:
        tab = "\t" * depth
        for op in body.ops:
            self._label += 1
            label = f'"{where}.{self._label}"'
            kind = op.kind
            if kind == "select":
                yield tab + "select {"
                for i, ((what, a, b), inner) in enumerate(
                    zip(op.fill["cases"], op.inner, strict=True)
                ):
                    told = ""
                    if what == "recv":
                        yield f"{tab}case v, ok := <-{a}:"
                        told = ", v, ok"
                    elif what == "send":
                        yield f"{tab}case {a} <- {b}:"
                    elif what == "done":
                        yield f"{tab}case <-ctx{a}.Done():"
                    elif what == "timer":
                        yield f"{tab}case <-t0.C:"
                    elif what == "after":
                        yield f"{tab}case <-time.After({a} * unit):"
                    else:
                        yield f"{tab}default:"
                    yield f"{tab}\tsay({label}, \"case\", {i}{told})"
                    yield from self._go_ops(inner, where, depth + 1)
                yield tab + "}"
            elif kind == "loop":
                yield f"{tab}for i := 0; i < {op.fill['n']}; i++ {{"
                yield from self._go_ops(op.inner[0], where, depth + 1)
                yield tab + "}"
            elif kind == "range":
                yield f"{tab}for v := range {op.fill['c']} {{"
                yield f"{tab}\tsay({label}, \"ranged\", v)"
                yield from self._go_ops(op.inner[0], where, depth + 1)
                yield tab + "}"
                yield f"{tab}say({label}, \"range over\")"
            elif op.inner:
                start, end = {
                    "call": ("func() {", "}()"),
                    "go": ("go func() {", "}()"),
                    "defer": ("defer func() {", "}()"),
                    "once": ("once.Do(func() {", "})"),
                    "after_func": (f"time.AfterFunc({op.fill.get('d')}*unit, func() {{", "})"),
                    "after_cancel": ("context.AfterFunc(ctx2, func() {", "})"),
                    "once_func": ("func(f func()) { f(); f() }(sync.OnceFunc(func() {", "}))"),
                    "crowd": (f"for i := 0; i < {op.fill.get('n')}; i++ {{ go func() {{", "}() }"),
                }[kind]
                yield tab + start
                yield from self._go_ops(op.inner[0], self._place(op, where), depth + 1)
                yield tab + end
            else:
                text = self._text(op, 0, label, "")
                block = "\n" in text and ":=" in text
                lines = text.split("\n")
                yield from ([tab + "{"] if block else [])
                yield from (tab + line for line in lines)
                yield from ([tab + "}"] if block else [])

    def _place(self, op: Op, where: str) -> str:
        if op.kind in ("go", "crowd"):
            op.fill.setdefault("name", op.kind)
            return f"{op.fill['name']}_{self._label}"
        return where

    def _text(self, op: Op, language: int, label: str, defers: str) -> str:
        fill = {"L": label, **op.fill}
        if op.kind in ("defer_op", "recover", "repanic"):
            fill["d"] = defers
        if op.kind == "defer_op":
            go, py = _DEFERRED[op.fill["call"]]
            fill["go"], fill["py"] = (part.format(c=op.fill.get("c")) for part in (go, py))
        return SIMPLE[op.kind][language].format(**fill)

    def python(self) -> str:
        """Return the Python module with ``async def main()``."""
        lines = [
            "import gosim as gs",
            "from gosim import cap, chan, default, defers, go, gosched, nil_chan, panic, recv",
            "from gosim import select, send, sync, time",
            "from gosim.runtime.package import goexit",
            "from tests.differential import say",
            f"unit = {_UNIT_NS}",
            "",
            "",
            "async def main():",
        ]
        for i, cap in enumerate(self.caps):
            made = "nil_chan(int)" if cap is None else f"chan(int, {cap})"
            lines.append(f"    c{i} = {made}")
        lines += [
            "    m0, m1, cm = sync.Mutex(), sync.Mutex(), sync.Mutex()",
            "    rw, wg, cond = sync.RWMutex(), sync.WaitGroup(), sync.new_cond(cm)",
            "    once, at = sync.Once(), gs.atomic.Int64()",
            "    ctx0, cancel0 = gs.context.with_cancel(gs.context.background())",
        ]
        if self.timeout is None:
            lines.append("    ctx1, cancel1 = gs.context.with_cancel(ctx0)")
        else:
            lines.append(
                f"    ctx1, cancel1 = gs.context.with_timeout(ctx0, {self.timeout} * unit)"
            )
        lines += [
            '    key = "key"',
            "    ctx1 = gs.context.with_value(ctx1, key, 7)",
            "    ctx2, cancel2 = gs.context.with_cancel_cause(ctx1)",
        ]
        if self.timer is not None:
            lines.append(f"    t0 = time.new_timer({self.timer} * unit)")
        self._label = 0
        lines += self._py_body(self.main, "main", "", 1)
        return "\n".join([*lines, ""])

    def _py_body(self, body: Body, where: str, outer: str, depth: int) -> Iterator[str]:
        """Yield the body of a function; `outer` names the defers that recover would see."""
        if body.defers:
            name = f"defer{depth}_{self._label}"
            yield f"{'    ' * depth}async with defers() as {name}:"
            yield from self._py_ops(body, where, name, outer, depth + 1)
        else:
            yield from self._py_ops(body, where, "", outer, depth)
        if not body.ops:
            yield "    " * depth + "pass"

    def _py_ops(
        self, body: Body, where: str, defers: str, outer: str, depth: int
    ) -> Iterator[str]:
        tab = "    " * depth
        for op in body.ops:
            self._label += 1
            label = f'"{where}.{self._label}"'
            kind = op.kind
            if kind == "select":
                cases = ", ".join(_py_case(*case) for case in op.fill["cases"])
                yield f"{tab}i, v, ok = await select({cases})"
                for i, ((what, _, _), inner) in enumerate(
                    zip(op.fill["cases"], op.inner, strict=True)
                ):
                    told = ", v, ok" if what == "recv" else ""
                    yield f"{tab}{'elif' if i else 'if'} i == {i}:"
                    yield f"{tab}    say({label}, \"case\", {i}{told})"
                    yield from self._py_ops(inner, where, defers, outer, depth + 1)
            elif kind == "loop":
                yield f"{tab}for _ in range({op.fill['n']}):"
                yield from self._py_ops(op.inner[0], where, defers, outer, depth + 1)
            elif kind == "range":
                yield f"{tab}async for v in {op.fill['c']}:"
                yield f"{tab}    say({label}, \"ranged\", v)"
                yield from self._py_ops(op.inner[0], where, defers, outer, depth + 1)
                yield f"{tab}say({label}, \"range over\")"
            elif op.inner:
                name = f"f{self._label}"
                yield f"{tab}async def {name}():"
                inside = defers if kind == "defer" else ""
                yield from self._py_body(op.inner[0], self._place(op, where), inside, depth + 1)
                if kind == "once_func":
                    yield f"{tab}{name} = sync.once_func({name})"
                    yield f"{tab}await {name}()"
                if kind == "crowd":
                    yield f"{tab}for _ in range({op.fill['n']}):"
                yield tab + {
                    "crowd": f"    go({name})",
                    "once_func": f"await {name}()",
                    "after_cancel": f"gs.context.after_func(ctx2, {name})",
                    "call": f"await {name}()",
                    "go": f"go({name})",
                    "defer": f"{defers}({name})",
                    "once": f"await once.do({name})",
                    "after_func": f"time.after_func({op.fill.get('d')} * unit, {name})",
                }[kind]
            else:
                if kind == "recover" and not outer:
                    text = f'say({label}, "recovered", None)'  # nothing to recover here
                else:
                    of = outer if kind in ("recover", "repanic") else defers
                    text = self._text(op, 1, label, of)
                yield from (tab + line for line in text.split("\n"))


def _py_case(what: str, a: Any, b: Any) -> str:
    return {
        "recv": f"recv({a})",
        "send": f"send({a}, {b})",
        "done": f"recv(ctx{a}.done())",
        "timer": "recv(t0.C)",
        "after": f"recv(time.after({a} * unit))",
        "default": "default",
    }[what]


_UNIT_NS = 5_000_000


def say(*what: object) -> None:
    """Print as ``fmt.Sprintln`` does."""
    print(gs.fmt.sprintln(*what), end="")


def go_source(programs: Iterable[Program]) -> str:
    """Return one Go file with many programs."""
    programs = list(programs)
    table = "".join(f"\t{p.number}: program{p.number},\n" for p in programs)
    head = _GO_PRELUDE + f"var programs = map[int]func(){{\n{table}}}\n\n"
    return head + "\n".join(p.go() for p in programs)


# ---------------------------------------------------------------- what they do


@dataclass(frozen=True)
class Outcome:
    """What a process did.

    Parameters
    ----------
    stdout
        What it printed until main returned.
    exit_code
    message
        stderr up to the first goroutine.
    headers
        The goroutines of the dump in the order in which they are printed.
    returned
        Whether main returned; what follows is then about the time after.
    left
        ID and wait reason of the goroutines that were left when main had returned.
    """

    stdout: str
    exit_code: int
    message: str
    headers: tuple[str, ...]
    returned: bool
    left: tuple[str, ...]


class TooManyChoices(Exception):
    """The selects of a program have more choices than anybody wants to follow."""


def outcomes(program: Program, version: str) -> list[Outcome]:
    """Return what gosim does: one outcome for each way in which selects may choose."""
    code = compile(program.python(), f"<program {program.number}>", "exec")
    space: dict[str, Any] = {"__name__": "differential_program"}
    exec(code, space)
    found: list[Outcome] = []
    script: list[int] = []
    runs = 0
    while True:
        runs += 1
        if runs > MOST_CHOICES:
            raise TooManyChoices
        taken: list[tuple[int, int]] = []

        def choose(world: Any, n: int, kind: str, taken: Any = taken, script: Any = script) -> int:
            choice = script[len(taken)] if len(taken) < len(script) else 0
            taken.append((choice, n))
            return choice

        with mock.patch("gosim.runtime.proc.World.choose", choose):
            run = gs.run(space["main"], go=version, max_steps=100_000)
        outcome = _simulated(run)
        if outcome not in found:
            found.append(outcome)
        while taken and taken[-1][0] + 1 == taken[-1][1]:
            taken.pop()
        if not taken:
            return found
        script = [choice for choice, _ in taken]
        script[-1] += 1


def _simulated(run: gs.Run) -> Outcome:
    returned = run.outcome in ("ok", "leak") and run.exit_code is not None
    stderr, code = run.stderr, run.exit_code if run.exit_code is not None else -1
    if returned and run.after_main.panic:
        stderr, code = run.after_main.panic, 2
    alive = returned and not run.after_main.panic
    left = tuple(f"{g.id} {g.wait_reason or g.state}" for g in run.goroutines) if alive else ()
    return Outcome(run.stdout, code, *_death(stderr), returned, left)


def _death(stderr: str) -> tuple[str, tuple[str, ...]]:
    crash = parse_crash(stderr)
    if crash is None:
        return stderr.strip(), ()
    message = re.sub(r"\) 0x[0-9a-f]+", ") 0x0", crash.before + crash.message)
    return message, tuple(f"{g.id} {g.wait_reason}" for g in crash.goroutines)


def real(binary: Path, program: Program, unit_ms: int = 5) -> Outcome:
    """Return what real Go does, with a unit of time of so many milliseconds."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        command = [str(binary), str(program.number), str(unit_ms), str(program.used + 1)]
        try:
            code = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, check=False,
                env={"GOMAXPROCS": "1"}, timeout=2 + unit_ms * 0.04,
            ).returncode  # fmt: skip
        except subprocess.TimeoutExpired:
            code = -1
        out.seek(0)
        err.seek(0)
        stdout, stderr = out.read().decode(), err.read().decode()
    before, mark, after = stderr.partition("main returned\n")
    if not mark:
        return Outcome(stdout, code, *_death(stderr), False, ())
    if code:
        message, headers = _death(after)
        # The driver's main sleeps where gosim's is gone.
        headers = tuple(h for h in headers if not h.startswith("1 "))
        return Outcome(stdout, code, message, headers, True, ())
    left = sorted((g.id, g.wait_reason) for g in parse_dump(after) if g.id != 1)
    return Outcome(stdout, code, before, (), True, tuple(f"{i} {why}" for i, why in left))


def build(toolchain: Toolchain, programs: Iterable[Program], directory: Path) -> Path:
    """Build one binary of many programs."""
    source = directory / "programs.go"
    source.write_text(go_source(programs), encoding="utf-8")
    return build_go(source, toolchain=toolchain, wrap=False)


def compare(binary: Path, program: Program, version: str) -> tuple[list[Outcome], Outcome] | None:
    """Return what differs; None where gosim can do what real Go did in one run of up to five.

    On a loaded machine real Go preempts and oversleeps; the later runs have more time.
    """
    mine = outcomes(program, version)
    theirs = None
    for attempt in range(5):
        theirs = real(binary, program, 5 if attempt < 2 else 25)
        if theirs in mine:
            return None
    assert theirs is not None
    return mine, theirs


# ---------------------------------------------------------------- the record


def digest(program: Program) -> str:
    """Return what tells a recorded program from another one under the same number."""
    return hashlib.sha256(program.go().encode()).hexdigest()[:16]


def recorded() -> dict[str, dict[str, Any]]:
    """Return the recorded outcomes by version and number."""
    if not RECORD.exists():
        return {}
    record: dict[str, dict[str, Any]] = json.loads(RECORD.read_text("utf-8"))
    return record


def from_record(row: dict[str, Any]) -> Outcome:
    """Return a recorded outcome."""
    fields = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items() if k != "digest"}
    return Outcome(**fields)


def record(numbers: Iterable[int]) -> None:
    """Write down what real Go does: of several runs the most frequent outcome."""
    from collections import Counter

    from gosim.oracle import find_toolchain

    programs = [Program(n) for n in numbers]
    rows: dict[str, dict[str, Any]] = {}
    for version in VERSIONS:
        toolchain = find_toolchain(version)
        assert toolchain is not None, version
        with tempfile.TemporaryDirectory() as directory:
            binary = build(toolchain, programs, Path(directory))
            for p in programs:
                runs = Counter(real(binary, p, 10) for _ in range(9))
                row = asdict(runs.most_common(1)[0][0])
                rows.setdefault(version, {})[str(p.number)] = {"digest": digest(p), **row}
    RECORD.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def main(argv: list[str]) -> int:
    """Compare a range of programs with real Go and show what differs."""
    from gosim.oracle import find_toolchain

    if argv[:1] == ["--show"]:
        program = Program(int(argv[1]))
        print(program.go(), program.python(), sep="\n")
        return 0
    if argv[:1] == ["--record"]:
        record(SLICE)
        return 0
    first, last = int(argv[0]), int(argv[1])
    programs = [Program(n) for n in range(first, last)]
    bad = 0
    for version in argv[2:] or VERSIONS:
        toolchain = find_toolchain(version)
        if toolchain is None:
            print(f"no Go {version} here")
            continue
        with tempfile.TemporaryDirectory() as directory:
            binary = build(toolchain, programs, Path(directory))
            for program in programs:
                try:
                    difference = compare(binary, program, version)
                except TooManyChoices:
                    print(f"program {program.number}: too many choices")
                    continue
                except Exception as error:
                    print(f"program {program.number} {version}: {type(error).__name__}: {error}")
                    bad += 1
                    continue
                if difference is not None:
                    bad += 1
                    show(program, version, *difference)
        print(f"Go {version}: {len(programs)} programs, {bad} differences so far", flush=True)
    return 1 if bad else 0


def show(program: Program, version: str, mine: list[Outcome], theirs: Outcome) -> None:
    """Print a difference, field by field."""
    print(f"---- program {program.number} under Go {version} ({len(mine)} simulated)")
    nearest = max(
        mine, key=lambda one: sum(a == b for a, b in zip(asdict(one).values(),
                                                         asdict(theirs).values(), strict=True)),
    )  # fmt: skip
    for name, value in asdict(theirs).items():
        other = getattr(nearest, name)
        if value != other:
            print(f"  {name}\n    gosim {other!r}\n    Go    {value!r}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
