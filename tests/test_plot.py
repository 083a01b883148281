"""Sheets with matplotlib: axes of any size, files with the same bytes, no global state."""

from __future__ import annotations

from pathlib import Path as File

import pytest
from test_svg import sample

from gosim.runtime.errors import UsageError
from gosim.views.plot import figure, paint, save
from gosim.views.sheet import HATCHES, Rect, Sheet, Text


@pytest.mark.parametrize("suffix", [".png", ".pdf", ".svg"])
def test_a_file_has_the_same_bytes_each_time(suffix: str, tmp_path: File) -> None:
    for name in ("a", "b"):
        save(sample(), tmp_path / (name + suffix))
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


def test_another_suffix_is_a_usage_error(tmp_path: File) -> None:
    with pytest.raises(UsageError, match=r"ends in \.png"):
        save(sample(), tmp_path / "a.bmp")


def test_texts_are_drawn_as_wide_as_they_were_measured() -> None:
    sheet = Sheet(400, 200)
    sheet.add(*(Text(20, 30 + 20 * i, f"goroutine {i} of main.worker") for i in range(5)))
    page = figure(sheet)
    page.canvas.draw()
    for drawn, mark in zip(page.axes[0].texts, sheet.marks, strict=True):
        assert isinstance(mark, Text)
        box = drawn.get_window_extent()
        assert box.width * 72 / page.dpi == pytest.approx(mark.width, rel=0.02)
        assert box.x0 * 72 / page.dpi == pytest.approx(mark.x, abs=1)


def test_painting_shrinks_with_the_axes_and_returns_them() -> None:
    from matplotlib.figure import Figure

    page = Figure(figsize=(1, 1), dpi=72)
    ax = page.add_axes((0, 0, 1, 1))
    assert paint(sample(), ax) is ax
    assert ax.texts[0].get_fontsize() == pytest.approx(9 * 72 / 200)


def test_every_hatching_can_be_painted() -> None:
    sheet = Sheet(200, 50)
    sheet.add(*(Rect(20 * i, 5, 15, 15, "sky", hatch=h) for i, h in enumerate(HATCHES)))
    figure(sheet).canvas.draw()


def test_a_character_without_a_glyph_warns_nobody(
    tmp_path: File, recwarn: pytest.WarningsRecorder
) -> None:
    sheet = Sheet(100, 40)
    sheet.add(Text(5, 20, "漢字"))
    save(sheet, tmp_path / "a.png")
    assert not list(recwarn)


def test_chinese_text_gets_a_chinese_font_where_one_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from matplotlib.font_manager import fontManager

    from gosim.views import plot

    names = ["DejaVu Sans", "SimHei", "Noto Sans CJK SC"]
    plot._chinese.cache_clear()
    monkeypatch.setattr(fontManager, "get_font_names", lambda: names)
    assert plot.fonts("任务 a") == ["DejaVu Sans", "Noto Sans CJK SC"]
    assert plot.fonts("Größe → x") == ["DejaVu Sans"]
    names.clear()
    plot._chinese.cache_clear()
    assert plot.fonts("任务", mono=True) == ["DejaVu Sans Mono"]
    plot._chinese.cache_clear()
