"""A mail merge renders letters into a scratch buffer, to save allocations."""

import gosim as gs

copies = 2
people = [("Anna", 11), ("Bo", 22), ("Christopher", 33)]

letters = gs.nil_slice(gs.types.slice_type(gs.types.BYTE))
scratch = gs.make_slice(gs.types.BYTE, 0, 64)  # used for every letter


def brochure():
    """Return four MiB that are rendered and sent at once."""
    return gs.make_slice(gs.types.BYTE, 4 << 20)


def add(buffer, text):
    return gs.append_slice(buffer, gs.to_bytes(text))


# EDIT
def render(name, code):
    """Return the letter to one person."""
    global scratch
    if len(letters) == 0:
        scratch = gs.make_slice(gs.types.BYTE, 0, 4096)
    scratch = add(scratch[:0], f"Dear {name}, your code is {code}")
    return scratch


def postscripts(name):
    """Return two letters that begin alike."""
    greeting = add(gs.make_slice(gs.types.BYTE, 0, 64), f"P.S. Dear {name}: ")
    greeting = greeting[: len(greeting) : len(greeting)]  # no room: append takes a new array
    return add(greeting, "hurry!"), add(greeting, "relax!")


def send_brochure():
    """Render a large letter and send it; nobody needs it afterwards."""
    brochure()  # a buffer of its own, which goes with it


# END EDIT


async def main():
    global letters
    for name, code in people:
        letters = gs.append(letters, render(name, code))
    send_brochure()
    first, second = postscripts("Bo")
    for letter in (*letters, first, second):
        print(gs.string(letter))
    print("sent", len(letters))
    await gs.runtime.gc()
    print(end="" if len(scratch) >= 0 and len(letters) == 3 else "lost")
