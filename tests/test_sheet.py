"""Sheets: labels that overlap, that are cut off or that stick out of their box are found."""

from __future__ import annotations

import math

import pytest

from gosim.views.sheet import EDGE, Extent, Path, Rect, Sheet, Text, moved


def test_apart_labels_overlap_nowhere() -> None:
    sheet = Sheet(200, 100)
    sheet.add(Text(10, 20, "one"), Text(10, 32, "two"), Text(100, 20, "three"))
    assert sheet.overlaps() == []


def test_labels_on_each_other_are_found() -> None:
    sheet = Sheet(200, 100)
    sheet.add(Text(10, 20, "one two"), Text(30, 22, "three"))
    assert sheet.overlaps() == [("one two", "three")]


@pytest.mark.parametrize("anchor", ["start", "middle", "end"])
def test_the_anchor_says_on_which_side_the_text_stands(anchor: str) -> None:
    text = Text(50, 20, "four", anchor=anchor)  # type: ignore[arg-type]  # one of the three
    left = {"start": 50, "middle": 50 - text.width / 2, "end": 50 - text.width}[anchor]
    assert text.extent.left == pytest.approx(left)
    assert text.extent.right == pytest.approx(left + text.width)


@pytest.mark.parametrize(
    ("x", "y"), [(-3.0, 50.0), (190.0, 50.0), (50.0, 3.0), (50.0, 102.0)], ids=str
)
def test_a_label_over_the_edge_is_cut_off(x: float, y: float) -> None:
    sheet = Sheet(200, 100)
    sheet.add(Text(x, y, "label"))
    assert sheet.overlaps() == [("label", EDGE)]


def test_a_turned_label_takes_a_turned_rectangle() -> None:
    flat, steep = Text(50, 50, "label"), Text(50, 50, "label", angle=90)
    assert steep.extent.bottom - steep.extent.top == pytest.approx(flat.width)
    assert steep.extent.top == pytest.approx(50)  # clockwise: it runs downwards
    half = Text(50, 50, "label", angle=45)
    assert half.extent.right - half.extent.left > flat.width / math.sqrt(2)


def test_every_overlap_of_many_is_found() -> None:
    sheet = Sheet(500, 500)
    for i in range(10):
        sheet.add(Text(20, 30 + 5 * i, f"label {i}", size=10))
    expected = {
        (a, b)
        for k, (a, one) in enumerate(sheet.labels())
        for b, other in list(sheet.labels())[k + 1 :]
        if one.meets(other, 0.5)
    }
    assert set(sheet.overlaps()) == expected
    assert len(expected) == 9


def test_text_that_is_too_long_for_its_box_is_found() -> None:
    sheet = Sheet(300, 100)
    sheet.add(Rect(10, 10, 60, 20, stroke="ink"), Text(15, 23, "short"))
    assert sheet.crossed() == []
    sheet.add(Text(15, 23, "much too long for this box"))
    assert [text for text, _ in sheet.crossed()] == ["much too long for this box"]


def test_an_invisible_rectangle_cuts_nothing() -> None:
    sheet = Sheet(300, 100)
    sheet.add(Rect(10, 10, 20, 20, tip="more"), Text(15, 23, "longer than it"))
    assert sheet.crossed() == []


def test_a_placed_sheet_keeps_its_shape() -> None:
    inner = Sheet(50, 50)
    inner.add(Rect(1, 2, 3, 4, "ink"), Path(((0, 0), (5, 6))), Text(1, 9, "x", key="k"))
    outer = Sheet(100, 100)
    outer.place(inner, 10, 20)
    assert [mark.extent for mark in outer.marks] == [
        Extent(e.left + 10, e.top + 20, e.right + 10, e.bottom + 20)
        for e in (mark.extent for mark in inner.marks)
    ]
    assert outer.keys() == ["k"]
    assert moved(inner.marks[0], 0, 0) == inner.marks[0]


def test_an_arrows_head_ends_where_the_line_ended() -> None:
    path = Path(((0, 0), (10, 0), (20, 0), (40, 0)), curve=True, arrow=True, thickness=2)
    line, head = path.head()
    assert head[0] == (40, 0)
    assert line[-1][0] < 40
    assert line[-1][0] > head[1][0]
