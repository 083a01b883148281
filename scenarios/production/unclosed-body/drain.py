"""The same health check: each body is read to its end, so one connection serves all."""

import gosim as gs

checks = 3


async def healthy(url):
    resp, err = await gs.http.get(url)
    if err is not None:
        return False
    async with gs.defers() as defer:
        defer(resp.body.close)
        await gs.io.read_all(resp.body)  # to the end: the connection can be used again
        return resp.status_code == 200


async def all_is_well(w, r):
    await w.write("all is well\n")


async def main():
    srv = gs.http.new_server(all_is_well)
    for _ in range(checks):
        print("healthy:", "true" if await healthy(srv.url) else "false")
    await srv.close()
