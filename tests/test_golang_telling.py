"""What gosim says about a Go program is in Go, and else the same as about the one in Python."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from gosim.export.graphs import dot
from gosim.golang.program import GoProgram
from gosim.leaks.graph import fold, merge_things, plain_graph, text_graph
from gosim.leaks.judge import Leak
from gosim.leaks.run import Run, execute
from gosim.leaks.telling import tell
from gosim.views.report import page
from gosim.views.text import report
from tests.scenario_cases import Variant, simulate, variants

PYTHON = re.compile(
    r"\bawait |\basync |\.done\(\)|(?<!make\()\bchan\(|\bgs\.|\bgosim\.|\bdefer\(|\bself\.|\bNone\b"
    r"|\brecv|\bcalls done\b|\.(?:un)?lock\b|\.r(?:un)?lock\b|\bdaemon=|\w\.[a-z]+_[a-z]\w*\("
)
_FEW_STEPS = 2_000
_KEPT = re.compile(r" (?:It keeps|Together they keep) .*")  # Go's memory is counted when asked for
_NAMES = (
    (re.compile(r"[\w-]+\.(?:go|py):\d+"), "FILE:LINE"),
    (re.compile(r"main\.[\w.()*\[\]]+"), "FUNCTION"),
    # A field is named after the receiver: `self` in Python, what the function calls it in Go.
    (re.compile(r"\b\w+\.(mu|bell|cond|d)\b"), r"x.\1"),
    (re.compile(r"\bmain\."), ""),
    (re.compile(r"[dD]one\b"), "done"),
)


def first_variants() -> Iterator[Any]:
    """One variant of each scenario: the first that is told in both languages and leaves something.

    Another one where that does not compile.
    """
    seen: set[str] = set()
    for v in variants():
        version = v.versions[0]
        told = {"python", "go"} <= set(v.sources) and v.expect(version) != "compile-error"
        if told and v.folder.name not in seen:
            seen.add(v.folder.name)
            yield pytest.param(v, version, id=v.id)


CASES = list(first_variants())


def in_go(variant: Variant, version: str) -> Run:
    return execute(
        GoProgram(str(variant.go_file), go=version), variant=variant.name, go=version, record=True
    )


def plain(sentence: str) -> str:
    """Return a sentence without names, places and what is spelled otherwise."""
    sentence = _KEPT.sub("", sentence)
    for pattern, stands in _NAMES:
        sentence = pattern.sub(stands, sentence)
    return sentence.replace("_", "").lower()


def said(leak: Leak) -> list[str]:
    return [leak.explanation, leak.fix, *leak.notes]


def sentences(run: Run) -> Iterator[str]:
    """Yield everything that is said about a run, but what the program printed."""
    for leak in [*run.leaks, *run.judgement.temporary]:
        yield from said(leak)
    yield from run.notes
    graph = plain_graph(run.judgement)
    yield text_graph(fold(merge_things(graph)))
    yield dot(graph)
    yield report(run)
    if run.steps <= _FEW_STEPS:
        recording = run.recording()
        for event in recording.events:
            if event.kind != "print":
                yield tell(event, recording)


@pytest.mark.parametrize(("variant", "version"), CASES)
def test_go_is_told_in_go(variant: Variant, version: str) -> None:
    run = in_go(variant, version)
    assert run.source == run.to_dict()["source"] == run.judgement.source == "go"
    for text in sentences(run):
        found = PYTHON.search(text)
        assert not found, text[max(found.start() - 100, 0) : found.end() + 100]
    other = simulate(variant, version)
    assert other.source == other.to_dict()["source"] == "python"
    found, wanted = ([x for x in r.leaks if x.kind == "goroutine"] for r in (run, other))
    assert [plain(x.explanation) for x in found] == [plain(x.explanation) for x in wanted]
    # Which slice or string keeps more than it shows is not known of programs in Go.
    memory = {plain(x.explanation) for x in other.leaks if x.kind == "memory"}
    assert {plain(x.explanation) for x in run.leaks if x.kind == "memory"} <= memory


def test_the_page_about_a_go_program_is_in_go() -> None:
    """The page has everything in it, the code of a finding too."""
    case = next(c for c in CASES if "mutex-never-unlocked" in str(c.id))
    text = page(in_go(*case.values))
    assert "defer key.Unlock()" in text
    assert not PYTHON.search(re.sub(r"<(style|script)\b.*?</\1>", "", text, flags=re.DOTALL))


def test_python_is_still_found() -> None:
    """The pattern finds what is said about programs in Python."""
    case = next(c for c in CASES if "mutex-never-unlocked" in str(c.id))
    assert any(PYTHON.search(x) for leak in simulate(*case.values).leaks for x in said(leak))


def test_a_goroutine_of_the_library_is_called_as_in_gos_dumps() -> None:
    source = """package main

import (
	"sync"
	"time"
)

func main() {
	var wg sync.WaitGroup
	wg.Add(1)
	go wg.Wait()
	var mu sync.Mutex
	mu.Lock()
	go mu.Lock()
	go time.Sleep(time.Millisecond)
	time.Sleep(2 * time.Millisecond)
}
"""
    run = execute(GoProgram("prog.go", source=source))
    assert [leak.function for leak in run.leaks] == ["sync.(*WaitGroup).Wait", "sync.(*Mutex).Lock"]
