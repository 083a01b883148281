"""Every request makes a ticker for reminders. The answer comes first, the ticker is forgotten."""

import gosim as gs
from gosim import chan, recv, select

n = 1000


async def handle(request, replies):
    reminder = gs.time.new_ticker(gs.time.Hour)  # Notice: nobody stops it
    while True:
        i, reply, _ = await select(recv(reminder.C), recv(replies))
        if i == 0:
            print("request", request, "is still waiting")
        else:
            return reply  # the ticker goes out of sight here


async def main():
    replies = chan(int, 1)
    for i in range(n):
        await replies.send(i)
        await handle(i, replies)
    print("requests answered:", n)
    print("goroutines left over:", gs.runtime.num_goroutine() - 1)
    # No goroutine is lost. Up to Go 1.22 the runtime keeps every one of these tickers for ever.
