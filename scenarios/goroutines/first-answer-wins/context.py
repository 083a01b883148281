"""The winner's arrival cancels a context, and the losers listen to it."""

import gosim as gs
from gosim import chan, defers, go, recv, select, send

n = 3


async def ask(ctx, server, answers):
    await gs.time.sleep(server * 10 * gs.time.Millisecond)  # server 0 is the fastest
    await select(
        send(answers, f"answer of server {server}"),
        recv(ctx.done()),  # too late: nobody wants this answer any more
    )


async def first_answer():
    async with defers() as defer:
        ctx, cancel = gs.context.with_cancel(gs.context.background())
        defer(cancel)  # runs when the first answer is returned
        answers = chan(str)
        for i in range(n):
            go(ask, ctx, i, answers)
        return await answers.recv()


async def main():
    print("first:", await first_answer())
    await gs.time.sleep((n + 2) * 10 * gs.time.Millisecond)  # the slow servers are ready now, too
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
