"""A client asks again when no answer comes within 10 ms. The attempts it gives up go on."""

import gosim as gs
from gosim import chan, go, recv, select

attempts = 4


async def get(url):
    resp, err = await gs.http.get(url)
    if err is not None:
        return 0
    await resp.body.close()
    return resp.status_code


async def patiently(url):
    for i in range(attempts):
        status = chan(int)

        async def attempt(status=status):
            await status.send(await get(url))  # Notice: nobody receives once it is late

        go(attempt)
        late = gs.time.after(10 * gs.time.Millisecond)
        case, s, _ = await select(recv(status), recv(late))
        if case == 0:
            return s
        print("attempt", i + 1, "timed out")
    return 0


async def overloaded(w, r):
    await gs.time.sleep(100 * gs.time.Millisecond)


async def main():
    srv = gs.http.new_server(overloaded)
    print("status:", await patiently(srv.url))
    await srv.close()
