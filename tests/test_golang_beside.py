"""A blocked sender whose value lies beside its channel is overlooked by Go's leak profile."""

from __future__ import annotations

import pytest

import gosim
from gosim.golang.program import GoProgram
from gosim.leaks.run import execute

# What real Go 1.27 says stands in tests/test_oracle_run.py, for the same bodies.
BODIES = {
    "x := 1; go func() { ch <- x }()": False,
    "x := 1; go func() { ch <- x + 1 }()": True,
    "x := 1; go func(x int) { ch <- x }(x)": True,
    "x := 1; go func() { x++; ch <- x }()": True,
    "for i := 0; i < 1; i++ { go func() { ch <- i }() }": False,
    "for i := range 1 { go func() { ch <- i }() }": False,
    "s := &S{ch, 1}; go s.send()": False,
    "s := S{ch, 1}; go s.copied()": True,
}


@pytest.mark.parametrize("body", BODIES)
def test_the_profile_overlooks_what_gos_overlooks(body: str) -> None:
    source = (
        'package main\n\nimport "time"\n\ntype S struct { ch chan int; x int }\n\n'
        "func (s *S) send() { s.ch <- s.x }\nfunc (s S) copied() { s.ch <- s.x }\n\n"
        f"func main() {{ ch := make(chan int); {body}; time.Sleep(1) }}\n"
    )
    run = execute(GoProgram("beside.go", source=source))
    (g,) = run.goroutines
    assert (g.wait_reason, g.leak) == ("chan send", "permanent")
    assert g.in_profile is BODIES[body]


def test_python_programs_have_no_such_blocks() -> None:
    async def main() -> None:
        ch = gosim.chan(int)

        async def sender() -> None:
            await ch.send(1)

        gosim.go(sender)
        await gosim.time.sleep(1)

    assert gosim.run(main).goroutines[0].in_profile
