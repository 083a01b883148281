"""Clients give up after 20 ms. The handler does not notice: it waits for what never comes."""

import gosim as gs
from gosim import chan

clients = 3


def ask():
    """Start a question that is never answered: the other side is down."""
    return chan(int)


async def price(w, r):
    answers = ask()
    await w.write(f"{await answers.recv()}\n")  # Notice: the end of the request is no way out


async def main():
    srv = gs.http.new_server(price)
    for _ in range(clients):
        ctx, cancel = gs.context.with_timeout(gs.context.background(), 20 * gs.time.Millisecond)
        req = gs.http.new_request_with_context(ctx, "GET", srv.url)
        _, err = await gs.http.default_client.do(req)
        await cancel()
        print("answered:", "true" if err is None else "false")
    await srv.listener.close()  # nobody can come any more
