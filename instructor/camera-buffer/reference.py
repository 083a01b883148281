"""A camera takes bursts of frames; a viewer shows them, and may pause."""

import gosim as gs
from gosim import chan, go

bursts = 4
burst = 3  # frames, one right after the other
pause = 150  # ms for which the viewer looks away, after the third frame


async def develop(number):
    """What the camera does between two bursts."""
    await gs.time.sleep(30 * gs.time.Millisecond)


async def show(frame):
    await gs.time.sleep(10 * gs.time.Millisecond)


# EDIT
def room():
    """Return how many frames may wait between camera and viewer."""
    return burst - 1  # the viewer holds one of them


async def film(frames):
    """Take all frames."""
    number = 0
    for _ in range(bursts):
        for _ in range(burst):
            await frames.send(number)
            number += 1
        await develop(number)
    await frames.close()


# END EDIT


async def view(frames):
    """Show frames; return their numbers."""
    seen = []
    async for frame in frames:
        await show(frame)
        seen.append(frame)
        if len(seen) == 3 and pause > 0:
            await gs.time.sleep(pause * gs.time.Millisecond)
    return seen


async def main():
    frames = chan(int, room())
    go(film, frames)
    seen = await view(frames)
    order = "in order" if seen == sorted(seen) else "mixed up"
    print(f"{len(seen)} frames, the last is {seen[-1]}, {order}")
