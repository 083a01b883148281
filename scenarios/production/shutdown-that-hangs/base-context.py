"""The same server, and a context of its own ends all its requests when it is shut down."""

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
                recv(r.context().done()),  # ends with base
            )
            if i == 1:
                return
            await w.write(line + "\n")
            await w.flush()

    base, stop = gs.context.with_cancel(gs.context.background())
    srv = gs.http.Server(stream, base_context=lambda _: base)
    srv.register_on_shutdown(stop)
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
        _, more = await read.recv_ok()
        print("client reads on:", "true" if more else "false")
        await gs.http.default_client.close_idle_connections()
