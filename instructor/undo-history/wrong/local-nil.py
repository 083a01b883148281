"""A drawing program keeps a snapshot for every stroke, so that strokes can be undone."""

import gosim as gs

strokes = 26
most = 6  # snapshots that are kept


@gs.struct
class Snapshot:
    stroke: int
    pixels: gs.types.slice_type(gs.types.BYTE)


history = gs.make_slice(gs.ptr(Snapshot), 0, 64)  # the newest is the last


def snapshot(stroke):
    return gs.new(Snapshot, stroke=stroke, pixels=gs.make_slice(gs.types.BYTE, 128 << 10))


# EDIT
def undo():
    """Take the newest snapshot away and return it."""
    global history
    last = len(history) - 1
    newest = history[last]
    newest = None
    history = history[:last]
    return newest


def forget():
    """Take the oldest snapshot away."""
    global history
    oldest = history[0]
    oldest = None
    history = history[1:]


# END EDIT


def draw(stroke):
    global history
    if len(history) == most:
        forget()
    history = gs.append(history, snapshot(stroke))


async def main():
    for stroke in range(1, strokes + 1):
        draw(stroke)
        await gs.time.sleep(gs.time.Millisecond)
    undo()
    undo()
    print("undone to stroke", history[len(history) - 1].stroke - 1)
    print(len(history), "snapshots are left")
    print("the oldest is stroke", history[0].stroke)
    await gs.runtime.gc()
