"""The course: its notebooks are their texts, and run from top to bottom without a complaint."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
import time
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


def sync() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sync", FOLDER / "sync.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_its_text_without_output(name: str) -> None:
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    assert (FOLDER / f"{name}.ipynb").read_text(encoding="utf-8") == sync().notebook(text), (
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
    client = nbclient.NotebookClient(
        notebook,
        timeout=KERNEL_S,
        kernel_name=kernel,
        resources={"metadata": {"path": str(FOLDER)}},
    )
    client.execute()
    return notebook


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_and_complains_of_nothing(name: str, kernel: str) -> None:
    begun = time.monotonic()
    notebook = run(name, kernel)
    assert time.monotonic() - begun < KERNEL_S
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


@pytest.fixture(scope="module")
def channels(kernel: str) -> Any:
    """A notebook with pictures and a stepper, run."""
    return run("03-channels", kernel)


def test_the_course_exports_to_pages_that_load_nothing(channels: Any) -> None:
    nbconvert = pytest.importorskip("nbconvert")
    page, _ = nbconvert.HTMLExporter(template_name="basic").from_notebook_node(channels)
    assert page.count("data:image/svg+xml;base64,") >= 3
    assert "<details>" in page
    assert not re.search(r"""<(?:script|img|link)[^>]*(?:src|href)=["']?https?:""", page)


def test_an_exported_notebook_shows_its_pictures_and_its_stepper_steps(
    channels: Any, tmp_path: Path
) -> None:
    nbconvert = pytest.importorskip("nbconvert")
    chromium = executable()
    if chromium is None:
        pytest.skip("no Chromium here (apt-get install chromium)")
    file = tmp_path / "channels.html"
    file.write_text(nbconvert.HTMLExporter().from_notebook_node(channels)[0], encoding="utf-8")
    with Browser(chromium) as browser:  # it has no network
        browser.open(file)
        widths = browser.evaluate("[...document.images].map(image => image.naturalWidth)")
        assert len(widths) >= 3 and all(width > 100 for width in widths)
        said = "document.querySelector('.gosim-stepper .say').textContent"
        first = browser.evaluate(said)
        browser.click(".gosim-stepper button", 2)
        assert browser.evaluate(said) != first
        browser.click(".gosim-stepper button", 1)
        assert browser.evaluate(said) == first
