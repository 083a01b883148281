"""Measured text: as wide as matplotlib draws it; what is cut or wrapped fits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gosim.views.metrics import UNITS, cut, text_width, wrap

TEXTS = [
    "main.main.func1",
    "480 × main.worker, chan send",
    "goroutine 17 [sync.Mutex.Lock] at leak.py:16",
    "AVATAR To Ty fly. Yes, we're kerning: WAVE P.",
    "results ← 42 … “quoted” – dash — µs ≥ 1",
    "returned at main.go:11",
    "Größe, façade, naïve, Ångström, Łódź",
    "αβγδ Привет",
]
FACES = {
    "regular": {},
    "bold": {"bold": True},
    "oblique": {"italic": True},
    "mono": {"mono": True},
}


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("text", TEXTS)
def test_widths_are_matplotlibs_to_one_percent(text: str, face: str) -> None:
    from matplotlib.font_manager import FontProperties, findfont
    from matplotlib.ft2font import FT2Font, LoadFlags

    look = FACES[face]
    font = FT2Font(
        findfont(
            FontProperties(
                family="DejaVu Sans Mono" if "mono" in look else "DejaVu Sans",
                weight="bold" if "bold" in look else "normal",
                style="italic" if "italic" in look else "normal",
            )
        )
    )
    # Large, so that hinting and rounding to pixels play no part; between two bars, so that the
    # ink's width is the advance width of what stands between.
    font.set_size(1000, 72)

    def ink(string: str) -> float:
        font.set_text(string, 0, LoadFlags.NO_HINTING)
        return float(font.get_width_height()[0] / 64)

    drawn = ink(f"|{text}|") - ink("||")
    assert text_width(text, 1000, **look) == pytest.approx(drawn, rel=0.01)


@given(st.text(alphabet="abcAVTo. y", max_size=20), st.floats(1, 40))
def test_width_grows_with_the_size_and_is_never_negative(text: str, size: float) -> None:
    assert text_width(text, size) >= 0
    assert text_width(text, 2 * size) == pytest.approx(2 * text_width(text, size))


def test_wide_characters_take_one_em_and_combining_marks_nothing() -> None:
    assert text_width("漢字", 10) == 20
    assert text_width("e\u0301", 10) == pytest.approx(text_width("e", 10), abs=20 / UNITS)


@given(st.text(min_size=1, max_size=60), st.floats(12, 200))
def test_cut_text_fits_and_keeps_both_ends(text: str, width: float) -> None:
    short = cut(text, width, 9)
    if short == text:
        assert text_width(text, 9) <= width
    else:
        assert "…" in short
        assert len(short) <= len(text)
        assert text_width(short, 9) <= width or short == "…"
        left, _, right = short.partition("…")
        assert text.startswith(left) or "…" in text
        assert text.endswith(right) or "…" in text


@given(st.text(alphabet="ab cde  ", max_size=80), st.floats(20, 200))
def test_wrapped_lines_fit_and_lose_no_letter(text: str, width: float) -> None:
    lines = wrap(text, width, 9)
    assert all(text_width(line, 9) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
