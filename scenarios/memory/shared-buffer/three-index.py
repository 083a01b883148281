"""A slice without room behind it has to take a new array when it grows."""

import gosim as gs


def show(dishes):
    return f"[{' '.join(dishes)}]"


async def main():
    menu = gs.make_slice(str, 0, 4)
    menu = gs.append(menu, "soup", "rice")
    menu = menu[:2:2]  # the third index is the capacity: no room left
    monday = gs.append(menu, "fish")
    tuesday = gs.append(menu, "beans")
    print("monday: ", show(monday), "cap", gs.cap(monday))
    print("tuesday:", show(tuesday), "cap", gs.cap(tuesday))
