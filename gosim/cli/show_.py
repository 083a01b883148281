"""``gosim show``: the code of a scenario, leaking against fixed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gosim.cli.target import resolve
from gosim.runtime.errors import LoadError, UsageError
from gosim.scenario import Scenario, Variant

if TYPE_CHECKING:
    import argparse


def command(options: argparse.Namespace) -> int:
    """Print one variant, or the leak and what its first repair changes."""
    target = resolve(options.name, options.variant, options.fixed)
    if target.scenario is None and target.source == "go":
        return _print(options, options.name, "go", _go_files(target.path))
    if target.scenario is None:
        from gosim.runtime.program import read_source

        if options.source == "go":
            raise UsageError(f"{options.name} is a Python file; leave --source out")
        return _print(options, options.name, "python", {options.name: read_source(target.path)[0]})
    scenario, chosen = target.scenario, [target.variant]
    if not options.variant and not options.fixed:
        chosen += [v for v in scenario.variants[1:] if v.expect == "ok"][:1]
    variants = [v for v in chosen if v is not None]
    source = options.source or _language(variants)
    for v in variants:
        if source not in v.sources:
            raise UsageError(f"{scenario.name} {v.name} is told in {_NAMES[v.sources[0]]} only")
    codes = {v.name: _read(v, source) for v in variants}
    return _print(options, scenario.name, source, codes, scenario, variants)


def _go_files(path: str) -> dict[str, str]:
    """Return the texts of a Go file, or of the files in a folder, by their names."""
    folder = Path(path)
    files = sorted(folder.glob("*.go")) if folder.is_dir() else [folder]
    try:
        return {str(file): file.read_text("utf-8", "replace") for file in files}
    except OSError as error:
        reason = (error.strerror or "").lower()
        raise LoadError(f"cannot read it: {reason}", path) from None


_NAMES = {"python": "Python", "go": "Go"}


def _language(variants: list[Variant]) -> str:
    """Return Python, the language that ``run`` runs, or Go where Python does not tell it."""
    return "python" if all("python" in v.sources for v in variants) else "go"


def _read(variant: Variant, source: str) -> str:
    file = variant.file(source)
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise LoadError(f"cannot read it: {(error.strerror or '').lower()}", str(file)) from None


def _print(
    options: argparse.Namespace,
    name: str,
    source: str,
    codes: dict[str, str],
    scenario: Scenario | None = None,
    variants: list[Variant] | None = None,
) -> int:
    if options.json:
        import json

        shown = {"schema": "gosim.show/1", "name": name, "source": source, "code": codes}
        print(json.dumps(shown, ensure_ascii=False))
        return 0
    if scenario is None or variants is None:
        print("\n".join(codes.values()).rstrip())
        return 0
    first, *rest = variants
    print(f"── {name} · {first.name} ── {first.summary}\n")
    print(codes[first.name].rstrip())
    for variant in rest:
        import difflib

        print(f"\n── what {variant.name} changes ── {variant.summary}\n")
        before, after = codes[first.name].splitlines(), codes[variant.name].splitlines()
        # The head of the diff repeats what the line above says.
        print("\n".join(list(difflib.unified_diff(before, after, lineterm="", n=2))[2:]))
    notes = []
    others = [v.name for v in scenario.variants if v not in variants]
    if others:
        notes.append(f"other variants (--variant NAME): {', '.join(others)}")
    other = "go" if source == "python" else "python"
    if all(other in v.sources for v in variants):
        notes.append(f"the same in {_NAMES[other]}: --source {other}")
    if notes:
        print("\n" + "\n".join(notes))
    return 0
