"""Write the tables of repairs and detectors into ``docs/exploration.md``.

``python -m tests.record_lab`` explores five lessons and puts what comes out between the two marks.
"""

from __future__ import annotations

import sys
from pathlib import Path

from gosim.explore.detectors import detect
from gosim.explore.sized import sized
from gosim.explore.workbench import try_repairs
from gosim.scenario import find
from gosim.views.workbench import detectors_text, workbench_text

PAGE = Path(__file__).resolve().parent.parent / "docs" / "exploration.md"
BEGIN = "<!-- written by python -m tests.record_lab -->"
END = "<!-- end of what record_lab wrote -->"
WIDTH = 80

#: Lessons, the variant that the detectors are shown, and what there is to see.
LESSONS = (
    (
        "first-answer-wins",
        "leak",
        "The unbuffered channel loses two of three. A buffer of one looks like a repair at two "
        "servers. The context calls off the sends that nobody wants, the buffer for all keeps "
        "their values.",
    ),
    (
        "ab-ba-deadlock",
        "leak",
        "The schedule that is stuck is the usual one. A checker of lock orders complains in the "
        "others, too: it needs no luck.",
    ),
    (
        "ten-senders-one-receiver",
        "default",
        "Closing in the receiver panics. `default` loses values, and in some schedules all of "
        "them: then it is the receiver that stays.",
    ),
    (
        "double-send-after-error",
        "leak",
        "Both repairs never leak. The buffer of one keeps the wrong second report for whoever "
        "reads next.",
    ),
    (
        "ticker-range-after-stop",
        "one-way-out",
        "This repair was gosim's own, until it was explored: a fourth beat may come before the "
        "ticker is stopped. Real Go does it as well, when main is late.",
    ),
)


def tables(name: str, shown: str) -> list[str]:
    """Return both tables of a lesson."""
    scenario = find(name)
    variant = scenario.variant(shown)
    first = "" if variant is scenario.first else f" --variant {shown}"
    found = [f"    $ gosim explore {name} --try"]
    found += workbench_text(try_repairs(scenario), WIDTH - 4).splitlines()
    found += ["", f"    $ gosim explore {name}{first} --detectors"]
    detection = detect(sized(scenario, variant), variant=variant.name)
    found += detectors_text(detection, WIDTH - 4, study=scenario.name == LESSONS[0][0]).splitlines()
    return [line if line.startswith("    $") or not line else f"    {line}" for line in found]


def section() -> str:
    """Return what stands between the marks."""
    found = [BEGIN]
    for name, shown, text in LESSONS:
        line, lines = "", []
        for word in text.split():
            if len(line) + 1 + len(word) > 100:
                lines.append(line)
                line = ""
            line = f"{line} {word}".strip()
        found += ["", f"### {name}", "", *lines, line, "", *tables(name, shown)]
    return "\n".join([*found, "", END])


def page(text: str) -> str:
    """Return the page with the section in its place."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + section() + after


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
    sys.exit(0)
