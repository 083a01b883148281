"""The course: its notebooks are their texts, and run from top to bottom without a complaint."""

from __future__ import annotations

import copy
import importlib.util
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.browser import Browser, executable

pytest.importorskip("jupytext")
pytest.importorskip("ipykernel")
nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

FOLDER = Path(__file__).parent.parent / "notebooks"
TEXTS = sorted(FOLDER.glob("[0-9]*.md"))
NAMES = [text.stem for text in TEXTS]
KERNEL_S = 60


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_its_text_without_output(name: str) -> None:
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    assert (FOLDER / f"{name}.ipynb").read_text(encoding="utf-8") == load("sync").notebook(text), (
        "run `python notebooks/sync.py`"
    )


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A kernel that runs this Python, whatever else is installed on the machine."""
    import os

    data = tmp_path_factory.mktemp("jupyter")
    place = data / "kernels" / "here"
    place.mkdir(parents=True)
    spec = {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "here",
        "language": "python",
        "env": {"PYTHONPATH": str(FOLDER.parent), "PYTHONWARNINGS": "ignore"},
    }
    (place / "kernel.json").write_text(json.dumps(spec))
    os.environ["JUPYTER_PATH"] = str(data)
    return "here"


def run(name: str, kernel: str) -> Any:
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", 4)
    # What it takes is what its kernel computes: other tests run beside it.
    notebook.cells.append(nbformat.v4.new_code_cell("import time; print(time.process_time())"))
    client = nbclient.NotebookClient(
        notebook,
        timeout=10 * KERNEL_S,
        kernel_name=kernel,
        resources={"metadata": {"path": str(FOLDER)}},
    )
    client.execute()
    notebook.metadata["seconds"] = float(notebook.cells.pop().outputs[0].text)
    return notebook


@pytest.fixture(scope="module")
def ran(kernel: str) -> Callable[[str], Any]:
    """Run a notebook once for all tests of this process."""
    done: dict[str, Any] = {}

    def once(name: str) -> Any:
        if name not in done:
            done[name] = run(name, kernel)
        return done[name]

    return once


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_and_complains_of_nothing(name: str, ran: Callable[[str], Any]) -> None:
    notebook = ran(name)
    assert notebook.metadata["seconds"] < KERNEL_S
    complaints = [
        (cell.source.splitlines()[0], output.get("text") or output.get("evalue"))
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "error"
        or output.get("name") == "stderr"
        or re.match(r"gosim: |.*: error: ", output.get("text") or "")
    ]
    assert not complaints
    silent = [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.source.startswith("%%go") and not cell.outputs
    ]
    assert not silent, "a program was not run"


def rows() -> set[str]:
    """The rows of the article, from the scenarios: each has at least one."""
    from gosim.scenario import scenarios

    return {row for scenario in scenarios() for row in scenario.rows}


def test_every_row_of_the_article_is_in_a_notebook() -> None:
    named: set[str] = set()
    for text in TEXTS:
        found = re.search(r"^Rows of the article: (.*)\.$", text.read_text("utf-8"), re.MULTILINE)
        assert found, f"{text.name} names no rows"
        named.update(found[1].split(", "))
    everywhere = rows() | {"A3", "A4", "C0"}
    if len(TEXTS) >= 11:
        assert named == everywhere
    else:
        assert named <= everywhere


def test_every_link_between_notebooks_leads_somewhere() -> None:
    for text in TEXTS:
        for link in re.findall(r"\]\(([^)#:]+\.ipynb)\)", text.read_text("utf-8")):
            assert (FOLDER / Path(link).with_suffix(".md").name).exists() or len(TEXTS) < 11, link


# -- what a class meets: guesses, misconceptions, exercises ----------------------------------------

#: What people believe, put as a question; and the answer that refutes it.
BELIEFS = {
    "Stop closes C": ("07-context-and-timers", "its loop end", "False"),
    "a context kills goroutines": ("07-context-and-timers", "Does it end?", "False"),
    "the collector frees blocked goroutines": ("04-what-garbage-means", "collector free", "0"),
    "RSS fell, so it was freed": ("04-what-garbage-means", "RSS fell", "0"),
    "a buffer of one always repairs": ("05-goroutines-that-leak", "buffer of one", "1"),
    "any side may close": ("03-channels", "The receiver closes", "False"),
}


def told(notebook: Any, what: str) -> str:
    """The text of the output of the cells whose source begins so."""
    return "\n".join(
        output["data"]["text/plain"]
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.source.startswith(what)
        for output in cell.outputs
        if "data" in output
    )


@pytest.mark.slow
@pytest.mark.parametrize("belief", BELIEFS)
def test_what_people_believe_is_asked_and_refuted(belief: str, ran: Callable[[str], Any]) -> None:
    name, question, answer = BELIEFS[belief]
    lines = told(ran(name), "predictions()").splitlines()
    (at,) = [i for i, line in enumerate(lines) if question in line]
    assert lines[at].startswith("– ")
    assert lines[at + 1] == f"    not guessed; it is {answer}"


def cells(name: str) -> list[str]:
    """The code cells of a notebook."""
    whole = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in whole["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize("name", NAMES)
def test_each_notebook_has_what_a_lesson_needs(name: str) -> None:
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    code = cells(name)
    guesses = [c for c in code if "predict(" in c]
    assert guesses and all("guess=None" in c for c in guesses)
    for guess in guesses:  # each is asked before it is compared
        variable = guess.split(" = ")[0]
        assert sum(f"{variable}.compare(" in c for c in code) == 1, variable
    assert any(c.startswith("%%go") for c in code)
    assert any(c.startswith("expect(") for c in code)
    assert "predictions()" in code
    assert "real_go(" in text or "written by real Go 1.27.3" in text
    assert "dump()" in text or name in WITHOUT_GOROUTINES or name == LAST
    if name != LAST:
        assert "*Go promises*" in text
        assert "## In short" in text
        assert 'tags=["parameters"]' in text


LAST = "11-a-mystery"  # is about two dumps
WITHOUT_GOROUTINES = ("08-sharing", "09-maps-arrays-pools")


@pytest.mark.parametrize("name", NAMES)
def test_an_exercise_is_not_solved_as_it_stands_and_is_by_the_repair_folded_behind_it(
    name: str,
) -> None:
    import gosim as gs
    from gosim.lesson import expect
    from gosim.notebook import go_magic

    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    (diff,) = re.findall(r"<details><summary>one repair.*?```diff\n(.*?)```", text, re.DOTALL)
    check = next(c for c in cells(name) if c.startswith("expect("))
    variable = re.match(r"expect\(\s*(\w+),", check)
    assert variable is not None
    head, _, program = next(
        c for c in cells(name) if re.match(rf"%%go .*--as {variable[1]}\n", c)
    ).partition("\n")
    options = head.removeprefix("%%go ").partition("--as ")[0]

    def judged(source: str) -> str:
        result = go_magic(options, source)
        said = eval(check, {"expect": expect, "gs": gs, variable[1]: result})
        return str(said.to_text())

    assert judged(program).startswith("not yet: ")
    for old, new in changes(diff):
        assert program.count(old) == 1, old
        program = program.replace(old, new)
    assert judged(program).startswith("right: ")


def changes(diff: str) -> list[tuple[str, str]]:
    """The pairs of texts of a diff: lines taken away, and those that come in their place."""
    found = []
    for old, new in re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)+)", diff, re.MULTILINE):
        pair = ("\n".join(line[1:] for line in part.splitlines()) for part in (old, new))
        first, second = pair
        found.append((first, second))
    return found


# -- exported pages --------------------------------------------------------------------------------


def page(notebook: Any, *, dark: bool = False) -> str:
    """The notebook as `notebooks/export.py` writes it."""
    pytest.importorskip("nbconvert")
    return str(load("export").page(copy.deepcopy(notebook), dark))


@pytest.fixture(scope="module")
def channels(ran: Callable[[str], Any]) -> Any:
    """A notebook with pictures and a stepper, run."""
    return ran("03-channels")


def test_the_course_exports_to_pages_that_load_nothing(channels: Any) -> None:
    made = page(channels)
    assert made.count("data:image/svg+xml;base64,") >= 3
    assert made.count("<details") > made.count("<details open") > 0
    assert not re.search(r"""<(?:script|img|link)[^>]*(?:src|href)=["']?https?:""", made)
    assert 'href="04-what-garbage-means.html"' in made


#: Which elements are wider than their place, except code that scrolls.
WIDE = """[...document.querySelectorAll('.jp-RenderedHTMLCommon')].filter(
    e => e.scrollWidth > e.clientWidth + 2).length"""

#: The colours of words and of what is behind them, where both are dark or both are light.
FAINT = """(() => {
  const light = c => { const m = c.match(/[\\d.]+/g).map(Number);
    return m.length > 3 && m[3] === 0 ? null : (0.3*m[0] + 0.6*m[1] + 0.1*m[2]) / 255 };
  const behind = e => { for (; e; e = e.parentElement) {
    const found = light(getComputedStyle(e).backgroundColor);
    if (found !== null) return found } return 1 };
  return [...document.querySelectorAll('.jp-OutputArea *, .jp-MarkdownOutput *')].filter(e =>
    [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) &&
    e.checkVisibility() &&
    Math.abs(light(getComputedStyle(e).color) - behind(e)) < 0.25
  ).map(e => e.textContent.trim().slice(0, 40)) })()"""


def looked_at(name: str, notebook: Any, tmp_path: Path) -> None:
    chromium = executable()
    if chromium is None:
        pytest.skip("no Chromium here (apt-get install chromium)")
    with Browser(chromium) as browser:  # it has no network
        for dark in (False, True):
            file = tmp_path / f"{name}.html"
            file.write_text(page(notebook, dark=dark), encoding="utf-8")
            browser.open(file, dark=dark)
            widths = browser.evaluate("[...document.images].map(image => image.naturalWidth)")
            assert widths and all(width > 100 for width in widths)
            assert browser.evaluate(WIDE) == 0
            assert browser.evaluate(FAINT) == []
            for which in range(browser.evaluate(f"document.querySelectorAll('{STEPPER}').length")):
                steps(browser, which)
            assert browser.complaints == []


STEPPER = ".gosim-stepper"


def steps(browser: Browser, which: int) -> None:
    """Click a stepper forward and back."""
    said = f"document.querySelectorAll('{STEPPER} .say')[{which}].textContent"
    buttons = f"[...document.querySelectorAll('{STEPPER}')][{which}].querySelectorAll('button')"
    ids = browser.evaluate(f"[...{buttons}].map((b, i) => b.id = b.id || 'button-{which}-' + i)")
    first = browser.evaluate(said)
    browser.click(f"#{ids[2]}")
    assert browser.evaluate(said) != first
    browser.click(f"#{ids[1]}")
    assert browser.evaluate(said) == first


def test_an_exported_notebook_shows_its_pictures_and_its_stepper_steps(
    channels: Any, tmp_path: Path
) -> None:
    assert f'class="{STEPPER[1:]}' in page(channels)
    looked_at("03-channels", channels, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if name != "03-channels"])
def test_every_exported_notebook_shows_its_pictures(
    name: str, ran: Callable[[str], Any], tmp_path: Path
) -> None:
    looked_at(name, ran(name), tmp_path)


# -- the course without the repository -------------------------------------------------------------


def test_the_course_is_written_into_a_folder_and_over_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from gosim.cli import main

    course = tmp_path / "course"
    assert main(["notebooks", str(course)]) == 0
    said = capsys.readouterr()
    assert said.out.split() == [str(course / f"{name}.ipynb") for name in NAMES]
    assert "jupyter lab" in said.err
    for file in ("mystery/first.txt", "mystery/later.txt", "mystery/service.go", "export.py"):
        assert (course / file).read_bytes() == (FOLDER / file).read_bytes()
    mine = course / f"{NAMES[0]}.ipynb"
    mine.write_text("mine")
    (course / f"{NAMES[1]}.ipynb").unlink()
    assert main(["notebooks", str(course)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert mine.read_text() == "mine" and not (course / f"{NAMES[1]}.ipynb").exists()
    (tmp_path / "file").write_text("")
    assert main(["notebooks", str(tmp_path / "file" / "course")]) == 3
    assert "cannot write the notebooks: not a directory" in capsys.readouterr().err
    assert main(["notebooks", str(tmp_path / "other"), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["notebooks"]) == len(NAMES)
