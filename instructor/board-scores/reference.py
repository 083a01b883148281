"""Players look at one board at the same time; the board is an array of a MiB."""

import gosim as gs
from gosim import chan, go

players = 10
CELLS = 131_072

board = gs.array(int, CELLS)  # a package variable: neither heap nor stack


async def think():
    """What every player does for some time."""
    await gs.time.sleep(20 * gs.time.Millisecond)


# EDIT
@gs.frame(8)  # a pointer is an argument
async def score(cells, player):
    """Return what a player thinks of the board; the notes are the player's own."""
    await think()
    note = cells[player] + player
    return note


async def play(player, scores):
    await scores.send(await score(board, player))


# END EDIT


def untouched():
    return all(board[player] == 0 for player in range(players))


async def tournament():
    """Let all players look at the board; return the sum of their scores."""
    scores = chan(int, players)
    for player in range(players):
        go(play, player, scores)
    total = 0
    for _ in range(players):
        total += await scores.recv()
    return total


async def main():
    total = await tournament()
    print(f"{players} players, sum {total}")
    print("the board is", "as it was" if untouched() else "full of notes")
    await gs.runtime.gc()
