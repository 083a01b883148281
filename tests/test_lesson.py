"""Predictions are kept and compared; exercises say what is missing; other tellings are folded."""

from __future__ import annotations

import pytest

import gosim as gs
from gosim.lesson import expect, predict, predictions, real_go, telling
from gosim.runtime.errors import UsageError


def test_a_right_guess_a_wrong_one_and_none_are_told_apart() -> None:
    right = predict("right?", 2).compare(2, "because")
    assert right.to_text() == "right?\nyou said 2, and so it is: because"
    assert predict("wrong?", 1).compare(2).to_text() == "wrong?\nyou said 1; it is 2"
    assert predict("none?").compare(2).to_text() == "none?\nit is 2"
    told = predictions().to_text()
    assert "✓ right?" in told and "✗ wrong?" in told and "– none?\n    not guessed; it is 2" in told
    assert told.startswith("1 of 2 predictions were right; 1 not guessed\n")


def test_asked_again_the_new_guess_counts() -> None:
    predict("again?", 1).compare(3)
    predict("again?", 3).compare(3)
    assert predictions().to_text().count("again?") == 1
    assert "✓ again?" in predictions().to_text()


def test_an_exercise_is_right_or_says_what_is_missing() -> None:
    async def main() -> None:
        print("hello")

    run = gs.run(main)
    assert expect(run, "hello", lambda r: r.stdout == "hello\n").to_text() == "right: hello"
    missing = expect(run, "bye", lambda r: r.stdout == "bye\n", hint="print it")
    assert missing.to_text() == "not yet: bye\nprint it"
    assert "did not run" in expect(None, "bye", lambda r: True).to_text()


def test_what_is_shown_survives_untrusted_notebooks() -> None:
    html = predict("<b>?", 1).compare("<i>").to_html()
    assert "<b>?" not in html and "&lt;b&gt;?" in html and "<script" not in html


def test_real_go_is_told_from_the_record_with_its_version() -> None:
    told = real_go("first-answer-wins").to_text()
    assert told.startswith("real Go 1.27.") and "2 × [chan send]" in told
    assert "was not recorded" in real_go("first-answer-wins", go="1.24").to_text()


def test_the_other_telling_is_folded_away() -> None:
    shown = telling("first-answer-wins", "buffer-n").to_html()
    assert shown.startswith("<details><summary>the same in Python")
    assert "async def main()" in shown
    shown = telling("first-answer-wins", "buffer-n", "go").to_html()
    assert shown.startswith("<details open><summary>the program (first-answer-wins, buffer-n)")
    assert "func main()" in shown
    assert telling("collector-steps", source="go").to_text().endswith("is not told in Go")
    with pytest.raises(UsageError, match="did you mean first-answer-wins"):
        telling("first-answer-win-s")
