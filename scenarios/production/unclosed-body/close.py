"""The same health check, and each body is closed."""

import gosim as gs

checks = 3


async def healthy(url):
    resp, err = await gs.http.get(url)
    if err is not None:
        return False
    async with gs.defers() as defer:
        defer(resp.body.close)  # also where nobody wants the body
        return resp.status_code == 200


async def all_is_well(w, r):
    await w.write("all is well\n")


async def main():
    srv = gs.http.new_server(all_is_well)
    for _ in range(checks):
        print("healthy:", "true" if await healthy(srv.url) else "false")
    await srv.close()
