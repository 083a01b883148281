"""One collection, step by step: which page turns grey, which one black, and why?"""

import gosim as gs


@gs.struct
class Page:
    name: str
    first: gs.ptr("Page")  # links to other pages
    second: gs.ptr("Page")


home = None


def tell(shades):
    for shade in shades:
        if not isinstance(shade.obj, Page):
            continue  # Notice: frames and tables have colours as well
        if shade.colour == "black":
            print(f"  {shade.obj.name:7} black  it was looked into")
        elif shade.why == "root":
            print(f"  {shade.obj.name:7} grey   a global variable points at it")
        else:
            print(f"  {shade.obj.name:7} grey   {shade.by.name} points at it")


async def main():
    global home
    news = gs.new(Page, name="news", first=gs.new(Page, name="archive"))
    home = gs.new(Page, name="home", first=news, second=gs.new(Page, name="shop"))
    news.second = home  # a circle
    del news
    draft = gs.weak.make(gs.new(Page, name="draft"))  # a look at a page that no page points at
    print("the roots turn grey")
    tell(await gs.tricolor.begin())
    print("the grey ones are looked into, one after the other")
    while shades := await gs.tricolor.step(1):
        tell(shades)
    print("no grey one is left; the draft is", gs.tricolor.colour(draft.value()))
    await gs.tricolor.finish()
    print("the sweep frees what is white; the draft is", "there" if draft.value() else "gone")
