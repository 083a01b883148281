"""The report of a run is one page that needs nothing but itself."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import gosim as gs
from gosim import chan, go
from gosim.cli import main as gosim
from gosim.views.gallery import Lesson, index
from gosim.views.report import page, save
from tests.scenario_cases import Variant, variants

VOID = {"meta", "br", "img", "input", "hr", "link"}
FIRST = [v for v in variants() if "python" in v.sources and v.name in ("leak", "tour", "steps")]


class Checker(HTMLParser):
    """Follows the nesting of elements, and what the page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.ids: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self._attributes(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._attributes(tag, attrs)

    def _attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            leads = tag == "a" and re.fullmatch(r"[\w.-]+\.html", value or "")  # to a page beside
            if name in ("src", "href", "xlink:href") and not leads:
                if not (value or "").startswith(("#", "data:")):
                    self.fetched.append(value or "")
            if name == "id":
                self.ids.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if "style" not in self.open and "script" not in self.open:
            self.text.append(data)


def checked(html: str) -> Checker:
    checker = Checker()
    checker.feed(html)
    checker.close()
    assert checker.open == []
    assert checker.fetched == []
    assert len(checker.ids) == len(set(checker.ids))
    for style in re.findall(r"<style>.*?</style>", html, re.DOTALL):
        assert "@import" not in style and "url(http" not in style
    return checker


@pytest.mark.parametrize("variant", FIRST, ids=lambda v: v.id)
def test_the_page_of_every_scenario_is_whole_and_needs_nothing_else(variant: Variant) -> None:
    run = gs.run(str(variant.py_file))
    text = " ".join("".join(checked(page(run)).text).split())
    for leak in run.leaks:
        assert leak.verdict in text
        assert leak.function is None or leak.function in text
    for line in variant.py_file.read_text(encoding="utf-8").splitlines()[-3:]:
        assert " ".join(line.split()) in text


async def says() -> None:
    print("<script>alert(1)</script> & <b>")
    results = chan(str)

    async def ask() -> None:
        await results.send("</style><script>")

    go(ask)
    go(ask)
    await results.recv()


def test_what_the_program_says_is_text_and_never_markup() -> None:
    html = page(gs.run(says), title="<script>", story="a < b & `c`")
    assert len(re.findall("<script[ >]", html)) == html.count("</script>")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;" in html
    assert "alert(1)" not in "".join(re.findall(r"<script>.*?</script>", html, re.DOTALL))
    assert "a &lt; b &amp; <code>c</code>" in html
    checked(html)


def test_where_goroutines_are_stuck_is_marked_in_the_source() -> None:
    here = Path(__file__).parent.parent / "scenarios/goroutines/first-answer-wins"
    run, fixed = gs.run(str(here / "leak.py")), gs.run(str(here / "buffer-n.py"))
    html = page(run, fixed)
    stuck = re.findall(r'<li class="stuck"><span class="ln">(\d+)</span>(.*?)</li>', html)
    assert [number for number, _ in stuck] == ["11"]
    assert "G8, G9 wait here" in stuck[0][1]
    assert '<li class="made"><span class="ln">15</span>' in html
    assert '<li class="new"><span class="ln">15</span>' in html, "what the repair changed"
    assert "nobody is left" in html


def test_ten_thousand_leaked_goroutines_are_a_small_page(tmp_path: Path) -> None:
    async def main() -> None:
        results = chan(int)

        async def worker() -> None:
            await results.send(1)

        for _ in range(10_000):
            go(worker)
        await gs.time.sleep(1)

    save(tmp_path / "r.html", gs.run(main))
    assert (tmp_path / "r.html").stat().st_size < 500_000
    checked((tmp_path / "r.html").read_text(encoding="utf-8"))


def test_the_page_is_the_same_every_time() -> None:
    assert page(gs.run(says)) == page(gs.run(says))


def test_html_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "r.html"
    assert gosim(["run", "first-answer", "--html", str(file)]) == 0
    assert f"wrote {file}" in capsys.readouterr().err
    assert "repaired: buffer-n.py" in file.read_text(encoding="utf-8")
    assert gosim(["run", "first-answer", "--html", str(tmp_path / "r.doc")]) == 2
    assert gosim(["run", "first-answer", "--html", str(tmp_path / "no" / "r.html")]) == 2


def test_a_gallery_leads_to_every_page(tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert gosim(["gallery", str(site), "first-answer-wins", "C1", "channel-tour"]) == 0
    text = (site / "index.html").read_text(encoding="utf-8")
    pages = set(re.findall(r'href="([\w.-]+\.html)"', text))
    assert {p.name for p in site.iterdir()} == {"index.html", *pages}
    assert len(pages) == 5  # a tour has nothing to repair
    for name in pages:
        html = (site / name).read_text(encoding="utf-8")
        assert 'href="index.html"' in html
        checked(html)
    leaking = (site / "first-answer-wins.html").read_text(encoding="utf-8")
    repaired = (site / "first-answer-wins.buffer-n.html").read_text(encoding="utf-8")
    assert 'href="first-answer-wins.buffer-n.html"' in leaking
    assert 'href="first-answer-wins.html"' in repaired
    assert "Nobody: no goroutine is left." in repaired and "Who ran when" in repaired
    assert "gosim compare first-answer-wins --variant buffer-n" in repaired


def test_a_gallery_has_each_lesson_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = tmp_path / "site"
    assert gosim(["gallery", str(site), "channel-tour", "D1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["pages"] == 1
    assert (site / "index.html").read_text(encoding="utf-8").count("<b><a href=") == 1


def test_what_is_told_in_python_only_is_not_to_be_compared(tmp_path: Path) -> None:
    file = tmp_path / "r.html"
    assert gosim(["run", "collector-steps", "--html", str(file)]) == 0
    assert "gosim compare" not in file.read_text(encoding="utf-8")


def test_the_page_of_a_panic_says_first_what_and_where(tmp_path: Path) -> None:
    program = tmp_path / "boom.py"
    program.write_text(
        "import gosim as gs\nfrom gosim import chan, go\n\n\nasync def twice(ch):\n"
        "    await ch.close()\n    await ch.close()\n\n\nasync def main():\n"
        "    go(twice, chan(int))\n    await gs.time.sleep(1)\n"
    )
    file = tmp_path / "r.html"
    assert gosim(["run", str(program), "--html", str(file)]) == 1
    html = file.read_text(encoding="utf-8")
    checked(html)
    top = html.partition("<h2>")[0]
    assert "<pre>panic: close of closed channel</pre>" in top and "at boom.py:7<" in top
    assert "panic: here it ended" in html
    assert "round by round" not in html


def test_the_page_of_a_deadlock_says_first_what_go_said() -> None:
    async def main() -> None:
        await gs.chan(int).recv()

    top = page(gs.run(main)).partition("<h2>")[0]
    assert "<pre>fatal error: all goroutines are asleep - deadlock!</pre>" in top


def test_a_gallery_of_something_unknown_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gosim(["gallery", str(tmp_path / "g"), "first-anser-wins"]) == 2
    assert "first-answer-wins" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    assert gosim(["gallery", str(tmp_path / "file")]) == 2
    assert "cannot make this folder" in capsys.readouterr().err


def test_the_index_has_a_card_for_each_lesson() -> None:
    lesson = Lesson("A <b>", "mine", ("C1",), "a.html", "leak", "leak: 1", "")
    text = index([lesson, lesson._replace(outcome="ok", repaired="ok: fine")])
    assert text.count("<b><a href=") == 2
    assert "A &lt;b&gt;" in text and "✗ leak: 1" in text and "✓ repaired: fine" in text
