"""Colours: states are told apart by colour-blind readers, text is readable on its ground."""

from __future__ import annotations

import itertools

import pytest

from gosim.views.palette import COLORS, STATES, contrast, delta_e, faint, value

SIGHTS = ("normal", "deuteranopia", "protanopia")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("sight", SIGHTS)
def test_any_two_states_differ_by_15_for_every_reader(sight: str, dark: bool) -> None:
    colors = {name: value(state.color, dark) for name, state in STATES.items()}
    for a, b in itertools.combinations(colors, 2):
        assert delta_e(colors[a], colors[b], sight) >= 15, (a, b)


def test_ciede2000_agrees_with_the_published_pairs() -> None:
    # Sharma, Wu and Dalal 2005, table 1: pairs of CIE L*a*b* colours and their difference.
    from gosim.views.palette import _ciede2000

    rows = [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (61.0, -5.0, 29.0), 22.8977),
        ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
        ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
        ((35.0831, -44.1164, 3.7933), (35.0232, -40.0716, 1.5901), 1.8645),
    ]
    for a, b, expected in rows:
        assert _ciede2000(a, b) == pytest.approx(expected, abs=1e-4)
        assert _ciede2000(b, a) == pytest.approx(expected, abs=1e-4)


def test_grey_looks_the_same_to_everyone() -> None:
    for sight in SIGHTS:
        grey = delta_e("#000000", "#808080", sight)
        assert grey == pytest.approx(delta_e("#000000", "#808080"), abs=0.1)


def test_red_and_green_of_one_lightness_are_close_for_a_deuteranope() -> None:
    assert delta_e("#B05050", "#6F7A2A") > 30
    assert delta_e("#B05050", "#6F7A2A", "deuteranopia") < 15


def test_no_two_states_share_colour_or_words() -> None:
    assert len({state.words for state in STATES.values()}) == len(STATES)
    assert len({state.color for state in STATES.values()}) == len(STATES)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["ink", "muted", "alarm", "calm"])
def test_text_has_a_contrast_of_4_5_on_every_ground(name: str, dark: bool) -> None:
    grounds = ["paper", "panel", *(n for n in COLORS if n.endswith("-faint"))]
    for ground in grounds:
        assert contrast(value(name, dark), value(ground, dark)) >= 4.5, ground


def test_faint_falls_back_to_the_panel() -> None:
    assert faint("orange") == "orange-faint"
    assert faint("ink") == "panel"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_hatchings_show_on_their_state_and_borders_on_paper(dark: bool) -> None:
    for name, state in STATES.items():
        if state.hatch:
            ratio = contrast(value(state.hatch_color, dark), value(state.color, dark))
            assert ratio >= 2, (name, "hatching", ratio)
        ratio = contrast(value(state.border, dark), value("paper", dark))
        assert ratio >= 1.9, (name, "border", ratio)
