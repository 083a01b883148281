"""A photo service keeps the first sixteen bytes of every photo in a catalogue."""

import gosim as gs

photos = 20
SIZE = 256 << 10


@gs.struct
class Record:
    number: int
    head: gs.types.slice_type(gs.types.BYTE)


catalogue = gs.nil_slice(gs.ptr(Record))  # a package variable: it lives as long as the service


def load(number):
    """Return the bytes of a photo; width and height stand at its beginning."""
    data = gs.make_slice(gs.types.BYTE, SIZE)
    data[0] = 100 + number % 8
    data[1] = 50 + number % 8
    return data


# EDIT
def header(photo):
    """Return the part of a photo that the catalogue needs."""
    head = gs.make_slice(gs.types.BYTE, 16)
    gs.copy(head, photo)
    return head


# END EDIT


def add(number):
    global catalogue
    photo = load(number)
    catalogue = gs.append(catalogue, gs.new(Record, number=number, head=header(photo)))
    # the photo is written to disk here, and nobody needs it in memory any more


def width(record):
    return record.head[0]


def height(record):
    return record.head[1]


async def main():
    for number in range(photos):
        add(number)
        await gs.time.sleep(gs.time.Millisecond)
    print(len(catalogue), "photos")
    print("photo 7 is", width(catalogue[7]), "wide and", height(catalogue[7]), "high")
    print(sum(width(r) == 104 for r in catalogue[:20]), "photos are 104 wide")
    await gs.runtime.gc()
