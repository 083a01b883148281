"""Two lists grow from the same one. Read what is on the table on Monday."""

import gosim as gs


def show(dishes):
    return f"[{' '.join(dishes)}]"


async def main():
    menu = gs.make_slice(str, 0, 4)
    menu = gs.append(menu, "soup", "rice")
    monday = gs.append(menu, "fish")
    tuesday = gs.append(menu, "beans")  # Notice: into which array?
    print("monday: ", show(monday), "cap", gs.cap(monday))
    print("tuesday:", show(tuesday), "cap", gs.cap(tuesday))
