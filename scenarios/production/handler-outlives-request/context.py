"""Clients give up after 20 ms, and the handler with them: the context of its request ends."""

import gosim as gs
from gosim import chan, recv, select

clients = 3


def ask():
    """Start a question that is never answered: the other side is down."""
    return chan(int)


async def price(w, r):
    answers = ask()
    i, answer, _ = await select(recv(answers), recv(r.context().done()))
    if i == 0:
        await w.write(f"{answer}\n")
    # else the client is gone


async def main():
    srv = gs.http.new_server(price)
    for _ in range(clients):
        ctx, cancel = gs.context.with_timeout(gs.context.background(), 20 * gs.time.Millisecond)
        req = gs.http.new_request_with_context(ctx, "GET", srv.url)
        _, err = await gs.http.default_client.do(req)
        await cancel()
        print("answered:", "true" if err is None else "false")
    await srv.listener.close()  # nobody can come any more
