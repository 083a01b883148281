"""The article's function in our words: how often does a number occur? Count yourself first."""

import gosim as gs

numbers = gs.array(int, 1_000_000)


@gs.frame(8_000_000)  # the array is its argument
def count(values, wanted):
    found = 0
    while found < len(values) and values[found] == wanted:  # Notice: when does this loop end?
        found += 1
    return found


async def main():
    numbers[0], numbers[1], numbers[2], numbers[3] = 3, 3, 9, 3
    found = 0
    for _ in range(100):
        found = count(numbers.copy(), 3)
    print("the number 3 occurs", found, "times")
