"""The same server: what is not done in time is cut off with close."""

import gosim as gs
from gosim import chan, defers, go, recv, select


async def main():
    news = chan(str, 1)
    await news.send("hello")
    listener, _ = gs.net.listen("tcp", "127.0.0.1:0")

    async def stream(w, r):
        while True:
            i, line, _ = await select(
                recv(news),
                recv(r.context().done()),  # ends with the connection
            )
            if i == 1:
                return
            await w.write(line + "\n")
            await w.flush()

    srv = gs.http.Server(stream)
    go(srv.serve, listener)
    read = chan(str)

    async def client():
        resp, err = await gs.http.get(f"http://{listener.addr()}")
        if err is not None:
            raise gs.Panic(err)
        async with defers() as defer:
            defer(resp.body.close)
            lines = gs.bufio.new_scanner(resp.body)
            while await lines.scan():
                await read.send(lines.text())
            await read.close()

    go(client)
    print("client read:", await read.recv())

    async with defers() as defer:
        ctx, cancel = gs.context.with_timeout(gs.context.background(), 50 * gs.time.Millisecond)
        defer(cancel)
        err = await srv.shutdown(ctx)
        print("shutdown:", "<nil>" if err is None else err.error())
        if err is not None:
            await srv.close()  # ends the connections, and with them the contexts of their requests
        _, more = await read.recv_ok()
        print("client reads on:", "true" if more else "false")
