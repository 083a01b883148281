"""SVG: well-formed, small, the same bytes, real text with measured widths, two grounds."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gosim.views.palette import COLORS, value
from gosim.views.sheet import HATCHES, Path, Polygon, Rect, Sheet, Text
from gosim.views.svg import css, to_svg

NS = "{http://www.w3.org/2000/svg}"


def sample() -> Sheet:
    sheet = Sheet(200, 100, "a sample", description="two boxes")
    sheet.add(
        Rect(10, 10, 60, 20, "orange-faint", "orange", 1.5, 4, (4, 2), "/", "ink", "a tip", "k1"),
        Text(14, 24, "a < b & c", bold=True, tip="a tip", key="k1"),
        Path(((70, 20), (90, 20), (100, 60), (120, 60)), "line", 2, curve=True, arrow=True),
        Polygon(((1, 1), (5, 1), (3, 5)), "ink"),
        Text(120, 80, "mono  text", mono=True, anchor="middle", angle=30),
    )
    return sheet


def test_it_is_well_formed_and_holds_real_text_and_tooltips() -> None:
    root = ElementTree.fromstring(to_svg(sample()))
    assert [text.text for text in root.iter(f"{NS}text")] == ["a < b & c", "mono  text"]
    assert [title.text for title in root.iter(f"{NS}title")] == ["a tip"]
    group = root.find(f"{NS}g")
    assert group is not None
    assert group.get("data-key") == "k1"
    assert root.get("aria-label") == "a sample"


def test_text_carries_its_measured_width() -> None:
    sheet = sample()
    root = ElementTree.fromstring(to_svg(sheet))
    marks = [mark for mark in sheet.marks if isinstance(mark, Text)]
    for element, mark in zip(root.iter(f"{NS}text"), marks, strict=True):
        assert float(element.get("textLength", "0")) == pytest.approx(mark.width, abs=0.06)


@pytest.mark.parametrize("theme", ["light", "dark", "auto", "page"])
def test_the_same_sheet_gives_the_same_bytes(theme: str) -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests'); from test_svg import sample;"
        f"from gosim.views.svg import to_svg; sys.stdout.write(to_svg(sample(), {theme!r}))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ".", "PYTHONUTF8": "1"},
            capture_output=True,
            check=True,
        ).stdout.decode()
        for seed in ("0", "7")
    }
    assert outputs == {to_svg(sample(), theme)}  # type: ignore[arg-type]  # one of the four


def test_light_and_dark_differ_in_colours_only() -> None:
    light, dark = to_svg(sample(), prefix="p"), to_svg(sample(), "dark", prefix="p")
    assert light != dark
    for name in COLORS:
        light = light.replace(value(name), "#")
        dark = dark.replace(value(name, dark=True), "#")
    assert light == dark


def test_auto_carries_both_values_of_each_colour_it_uses() -> None:
    text = to_svg(sample(), "auto")
    for name in ("paper", "orange", "orange-faint", "ink", "line"):
        assert value(name) in text
        assert value(name, dark=True) in text
        assert f"-{name}{{" in text
    assert "prefers-color-scheme:dark" in text
    assert "#" not in to_svg(sample(), "page").replace("url(#", "")
    assert all(f"--gs-{name}:" in css() for name in COLORS)


@pytest.mark.parametrize("hatch", HATCHES[1:])
def test_each_hatching_is_defined_where_it_is_used(hatch: str) -> None:
    sheet = Sheet(50, 50)
    sheet.add(Rect(0, 0, 9, 9, "ink", hatch=hatch))
    root = ElementTree.fromstring(to_svg(sheet))
    ids = {pattern.get("id") for pattern in root.iter(f"{NS}pattern")}
    used = {(r.get("fill") or "")[5:-1] for r in root.iter(f"{NS}rect") if "url" in str(r.attrib)}
    assert ids == used
    assert len(ids) == 1


def test_an_unknown_hatching_is_an_error() -> None:
    sheet = Sheet(50, 50)
    sheet.add(Rect(0, 0, 9, 9, hatch="?"))
    with pytest.raises(ValueError, match="no hatching"):
        to_svg(sheet)


@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_the_text_the_document_is_well_formed(text: str, tip: str) -> None:
    sheet = Sheet(50, 50, title=tip)
    sheet.add(Text(1, 20, text, tip=tip, key=text))
    ElementTree.fromstring(to_svg(sheet).encode("utf-8"))


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys, gosim.views.svg, gosim.views.sheet;"
        "print([m for m in ('matplotlib', 'networkx', 'numpy', 'simpy', 'rich') "
        "if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
