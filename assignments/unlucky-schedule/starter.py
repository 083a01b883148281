"""A lookup asks a cache and a server at the same time and takes what comes first."""

import gosim as gs
from gosim import chan, go, recv, select


async def local(answers, key):
    """Look into the cache: at once, and there is room for its answer."""
    await answers.send(f"{key} from the cache")


async def remote(answers, key):
    """Ask the server: the question has to travel first."""
    question = chan(str, 1)
    await question.send(key)
    await answers.send(f"{await question.recv()} from the server")


async def lookup(key):
    """Return the answer that comes first."""
    cached, asked = chan(str, 1), chan(str)
    go(local, cached, key)
    go(remote, asked, key)
    i, answer, _ = await select(recv(asked), recv(cached))
    if i == 1:
        # The cache may be old: whoever asks first waits for the server, too, if it is there.
        await select(recv(asked), gs.default)
    return answer


async def main():
    answer = await lookup("weather")
    print("found" if answer else "nothing")
