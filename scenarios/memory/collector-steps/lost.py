"""The program moves a link while the collector is at work, and the write barrier is off."""

import gosim as gs


@gs.struct
class Page:
    name: str
    first: gs.ptr("Page")  # links to other pages
    second: gs.ptr("Page")


home = None


def colours(archive):
    for page in (home, home.first, archive):
        print(f"  {page.name:7} {gs.tricolor.colour(page)}")


async def main():
    global home
    news = gs.new(Page, name="news", first=gs.new(Page, name="archive"))
    home = gs.new(Page, name="home", first=news)
    del news
    archive = gs.weak.make(home.first.first)  # a look at it that keeps nothing alive
    gs.tricolor.barrier(False)  # Go never does this
    await gs.tricolor.begin()
    while gs.tricolor.colour(home) != "black":
        await gs.tricolor.step()
    print("home was looked into, news was not yet")
    colours(archive.value())
    home.second = home.first.first  # Notice: the link to archive goes to the black one
    home.first.first = None  # and leaves the grey one
    print("the link to archive was moved")
    colours(home.second)
    await gs.tricolor.finish()
    print("home links to", home.second.name)
    print("archive is", "still there" if archive.value() else "freed: the link leads to nothing")
