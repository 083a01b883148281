"""A chat room closes when nobody has said anything for an hour."""

import gosim as gs
from gosim import chan, go, recv, select

messages = 300
silence = 1  # 0: main returns with the last message
HOUR = gs.time.Hour


async def talk(room):
    """Say something every second, then nothing any more."""
    for number in range(messages):
        await room.send(number)
        await gs.time.sleep(gs.time.Second)


# EDIT
async def host(room, last):
    """Count messages until there was none for an hour, or the `last` one has come."""
    count = 0
    while count < last:
        i, _, _ = await select(recv(room), recv(gs.time.after(HOUR)))
        if i == 1:
            break
        count += 1
    return count


# END EDIT


def since(start):
    return gs.time.since(start) - (messages - 1) * gs.time.Second


async def main():
    room = chan(int)
    start = gs.time.now()
    go(talk, room)
    last = messages + 1 if silence else messages
    count = await host(room, last)
    print(count, "messages")
    if silence:
        print("closed after", gs.time.Duration(since(start)), "of silence")
