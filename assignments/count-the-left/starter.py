"""Who answers, who asks, and who is left over?"""

import gosim as gs
from gosim import chan, go

askers = 5
room = 2


async def answer(number, answers):
    """Send an answer, sooner or later."""
    await gs.time.sleep(number * gs.time.Millisecond)
    await answers.send(number)


async def first_answer():
    answers = chan(int, room)
    for number in range(askers):
        go(answer, number, answers)
    return await answers.recv()


async def wait_for_news(news):
    await news.recv()


async def spread(news):
    for _ in range(askers):
        go(wait_for_news, news)
    await news.send("it rains")
    await news.send("it stops")


async def main():
    print("first:", await first_answer())
    await spread(chan(str))
    await gs.time.sleep(gs.time.Second)
