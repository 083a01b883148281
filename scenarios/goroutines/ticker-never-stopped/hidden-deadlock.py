"""Main waits for a letter that never comes. Does the runtime notice, with a ticker around?"""

import gosim as gs
from gosim import chan


def announce():
    gs.time.new_ticker(gs.time.Second)  # Notice: nobody listens to it, nobody stops it
    print("a ticker was made and forgotten")


async def main():
    announce()
    letters = chan(str)
    print("main waits for a letter")
    print("main got", await letters.recv())  # nobody can send: letters is known to main only
