"""What other tools take, written after their documents: each raises when a report is not so.

The documents are named at each; nothing here comes from `gosim.course.formats`.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

Validator = Callable[[str], None]

WHOLE, NUMBER, TEXT, YES = (int,), (int, float), (str,), (bool,)
MAYBE_TEXT = (str, type(None))
VISIBILITY = ("visible", "hidden", "after_due_date", "after_published")


def shape(
    thing: Any, needed: dict[str, tuple[type, ...]], more: dict[str, tuple[type, ...]] | None = None
) -> None:
    """An object with these fields, of exactly these types, and no others."""
    assert type(thing) is dict, thing
    allowed = needed | (more or {})
    assert not set(needed) - set(thing), set(needed) - set(thing)
    assert not set(thing) - set(allowed), set(thing) - set(allowed)
    for key, value in thing.items():
        assert type(value) in allowed[key], (key, value)
        if type(value) is str:
            value.encode("utf-8")  # no half of a character


def gosim(text: str) -> None:
    """``gosim.check/1``, the contract of this project."""
    data = json.loads(text)
    shape(
        data,
        {
            "schema": TEXT, "gosim": TEXT, "scenario": TEXT, "variant": TEXT, "submission": TEXT,
            "seeds": (list,), "status": TEXT, "score": WHOLE, "max_score": WHOLE,
            "duration_s": NUMBER, "checks": (list,),
        },
        {
            "assignment": TEXT, "source": TEXT, "review": (list,), "sandbox": TEXT,
            "notes": (list,),
        },
    )  # fmt: skip
    assert data["schema"] == "gosim.check/1"
    assert data["status"] in ("pass", "fail", "error")
    for check in data["checks"]:
        shape(
            check,
            {
                "id": TEXT, "title": TEXT, "status": TEXT, "score": WHOLE, "max_score": WHOLE,
                "visibility": TEXT, "depends_on": MAYBE_TEXT, "message": TEXT, "hint": TEXT,
                "location": (dict, type(None)), "duration_s": NUMBER, "data": (dict,),
            },
            {"unproven": YES},
        )  # fmt: skip
        assert check["status"] in ("pass", "fail", "error", "skip")
        assert check["visibility"] in VISIBILITY
        if check["location"] is not None:
            shape(check["location"], {"file": TEXT, "line": WHOLE})
    assert data["score"] == sum(check["score"] for check in data["checks"])


def classroom50(text: str) -> None:
    """Classroom 50, wiki/Advanced-Autograding: points are integers, rows may have more keys."""
    data = json.loads(text)
    shape(
        data,
        {
            "schema": TEXT, "classroom": TEXT, "assignment": TEXT, "submission": TEXT,
            "commit": TEXT, "release": TEXT, "review": TEXT, "datetime": TEXT, "score": WHOLE,
            "max-score": WHOLE, "tests": (list,),
        },
    )  # fmt: skip
    assert data["schema"] == "classroom50/result/v1"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", data["datetime"])
    for test in data["tests"]:
        shape(
            test,
            {"test-name": TEXT, "passed": YES, "score": WHOLE, "max-score": WHOLE},
            {"output": TEXT},
        )
        assert 0 <= test["score"] <= test["max-score"]
        assert len(test["output"]) <= 2000
    assert data["score"] == sum(test["score"] for test in data["tests"])
    assert data["max-score"] == sum(test["max-score"] for test in data["tests"])


def gradescope(text: str) -> None:
    """Gradescope, autograder specifications: ``results/results.json``."""
    data = json.loads(text)
    formats = ("text", "html", "simple_format", "md", "ansi")
    shape(
        data,
        {},
        {
            "score": NUMBER, "execution_time": NUMBER, "output": TEXT, "output_format": TEXT,
            "test_output_format": TEXT, "test_name_format": TEXT, "visibility": TEXT,
            "stdout_visibility": TEXT, "extra_data": (dict,), "tests": (list,),
            "leaderboard": (list,),
        },
    )  # fmt: skip
    assert "score" in data or data["tests"], "one of both is required"
    assert data["output_format"] in formats
    assert data["stdout_visibility"] in VISIBILITY
    for test in data["tests"]:
        shape(
            test,
            {},
            {
                "score": NUMBER, "max_score": NUMBER, "status": TEXT, "name": TEXT,
                "name_format": TEXT, "number": TEXT, "output": TEXT, "output_format": TEXT,
                "tags": (list,), "visibility": TEXT, "extra_data": (dict,),
            },
        )  # fmt: skip
        assert test["status"] in ("passed", "failed")
        assert test["visibility"] in VISIBILITY
        assert test["output_format"] in formats


def check50(text: str) -> None:
    """check50 3: what its own renderers read of a result."""
    data = json.loads(text)
    shape(data, {"slug": TEXT, "version": TEXT, "results": (list,)})
    names = [result["name"] for result in data["results"]]
    assert len(set(names)) == len(names)
    for result in data["results"]:
        shape(
            result,
            {
                "name": TEXT, "description": TEXT, "passed": (bool, type(None)), "log": (list,),
                "cause": (dict, type(None)), "data": (dict,), "dependency": MAYBE_TEXT,
            },
        )  # fmt: skip
        assert result["name"].isidentifier()
        assert result["dependency"] in (None, *names)
        assert all(type(line) is str and "\n" not in line for line in result["log"])
        assert (result["cause"] is None) == (result["passed"] is True)
        if result["cause"] is not None:
            shape(result["cause"], {"rationale": TEXT, "help": MAYBE_TEXT})


def prairielearn(text: str) -> None:
    """PrairieLearn, docs/externalGrading.md: at most a megabyte, a score from 0 to 1."""
    assert len(text.encode("utf-8")) < 1_000_000
    data = json.loads(text)
    shape(data, {"gradable": YES, "score": NUMBER, "message": TEXT, "tests": (list,)})
    assert 0 <= data["score"] <= 1
    for test in data["tests"]:
        shape(
            test,
            {
                "name": TEXT, "description": TEXT, "points": NUMBER, "max_points": NUMBER,
                "message": TEXT, "output": TEXT,
            },
        )  # fmt: skip


def classroom(text: str) -> None:
    """The reporter of GitHub Classroom, src/main.js: base64 of one JSON object in a variable."""
    assert re.fullmatch(r"[A-Za-z0-9+/=]+\n", text)
    data = json.loads(base64.b64decode(text, validate=False).decode("utf-8"))
    shape(data, {"version": WHOLE, "status": TEXT, "max_score": NUMBER, "tests": (list,)})
    assert data["version"] == 3
    assert data["status"] in ("pass", "fail", "error")
    for test in data["tests"]:
        shape(
            test,
            {
                "name": TEXT, "status": TEXT, "message": TEXT, "test_code": TEXT,
                "filename": TEXT, "line_no": WHOLE, "duration": NUMBER, "score": NUMBER,
            },
        )  # fmt: skip
        assert test["status"] in ("pass", "fail", "error")


def junit(text: str) -> None:
    """The schema of JUnit XML that Jenkins and GitLab read."""
    root = ElementTree.fromstring(text.encode("utf-8"))
    assert root.tag == "testsuites"
    for suite in root:
        assert suite.tag == "testsuite"
        assert set(suite.attrib) == {"name", "tests", "failures", "errors", "skipped", "time"}
        cases = list(suite)
        counts = {"failures": "failure", "errors": "error", "skipped": "skipped"}
        assert int(suite.attrib["tests"]) == len(cases)
        for attribute, tag in counts.items():
            assert int(suite.attrib[attribute]) == len(suite.findall(f"testcase/{tag}"))
        float(suite.attrib["time"])
        names = [case.attrib["name"] for case in cases]
        assert len(set(names)) == len(names)
        for case in cases:
            assert case.tag == "testcase"
            assert set(case.attrib) == {"classname", "name", "time"}
            assert len(case) <= 1
            for inner in case:
                assert inner.tag in counts.values()
                assert set(inner.attrib) <= {"message", "type"}
                assert len(inner) == 0


def github(text: str) -> None:
    """Workflow commands of GitHub Actions: one line each, and no other command among them."""
    assert not text or text.endswith("\n")
    for line in text.split("\n")[:-1]:
        found = re.fullmatch(r"::(error|warning) ([^:]*)::(.*)", line)
        assert found, line
        for pair in found[2].split(","):
            key, _, value = pair.partition("=")
            assert key in ("file", "line", "title")
            assert key != "line" or int(value) > 0
            assert not re.search(r"%(?!25|0D|0A|3A|2C)", value)
        assert not re.search(r"%(?!25|0D|0A)", found[3])
        assert "\r" not in line


VALIDATORS: dict[str, Validator] = {
    "classroom50": classroom50,
    "gradescope": gradescope,
    "check50": check50,
    "prairielearn": prairielearn,
    "classroom": classroom,
    "junit": junit,
    "github": github,
}
