"""Each attempt has a context that ends it, and the client waits longer before each."""

import gosim as gs
from gosim import defers

attempts = 4


async def get(url):
    async with defers() as defer:
        ctx, cancel = gs.context.with_timeout(gs.context.background(), 10 * gs.time.Millisecond)
        defer(cancel)
        req = gs.http.new_request_with_context(ctx, "GET", url)
        resp, err = await gs.http.default_client.do(req)  # ends with its context
        if err is not None:
            return 0, err
        await resp.body.close()
        return resp.status_code, None


async def patiently(url):
    for i in range(attempts):
        s, err = await get(url)
        if err is None:
            return s
        print("attempt", i + 1, "timed out")
        # The more attempts, the longer it waits.
        await gs.time.sleep(10 * gs.time.Millisecond << i)
    return 0


async def overloaded(w, r):
    await gs.time.sleep(100 * gs.time.Millisecond)


async def main():
    srv = gs.http.new_server(overloaded)
    print("status:", await patiently(srv.url))
    await srv.close()
