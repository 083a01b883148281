"""The same requests, and every ticker is stopped when its request is answered."""

import gosim as gs
from gosim import chan, defers, recv, select

n = 1000


async def handle(request, replies):
    async with defers() as defer:
        reminder = gs.time.new_ticker(gs.time.Hour)
        defer(reminder.stop)  # right after it was made
        while True:
            i, reply, _ = await select(recv(reminder.C), recv(replies))
            if i == 0:
                print("request", request, "is still waiting")
            else:
                return reply


async def main():
    replies = chan(int, 1)
    for i in range(n):
        await replies.send(i)
        await handle(i, replies)
    print("requests answered:", n)
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
