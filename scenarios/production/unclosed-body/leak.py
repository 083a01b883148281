"""A health check asks a server three times, looks at the status, and forgets the bodies."""

import gosim as gs

checks = 3


async def healthy(url):
    resp, err = await gs.http.get(url)
    if err is not None:
        return False
    return resp.status_code == 200  # Notice: nobody closes resp.body


async def all_is_well(w, r):
    await w.write("all is well\n")


async def main():
    srv = gs.http.new_server(all_is_well)
    for _ in range(checks):
        print("healthy:", "true" if await healthy(srv.url) else "false")
    await srv.close()
