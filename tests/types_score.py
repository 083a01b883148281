"""How much of Go's own test suite for type checkers gosim's checker gets right.

``python -m tests.types_score`` reads ``src/internal/types/testdata`` of an installed toolchain and
prints, for each folder, how many packages without ``ERROR`` comments are accepted, how many with
them have errors on exactly the right lines, and how many have every text right, too. ``-v`` lists
what is wrong, a name shows one package in detail.
"""

from __future__ import annotations

import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gosim.golang.errors import ErrorList
from gosim.golang.parser import parse_file
from gosim.golang.position import FileSet
from gosim.golang.scanner import scan
from gosim.golang.types import constant
from gosim.golang.types.check import Config, check_package
from gosim.golang.types.objects import Package
from gosim.golang.types.universe import define_test_funcs
from tests.golang.checker import LANG, SourceImporter, importer

FOLDERS = ("check", "examples", "fixedbugs", "spec")

# Strings, so that no comment is seen in one, or a comment.
_COMMENT = re.compile(
    r"""("(?:\\.|[^"\\\n])*"|`[^`]*`|'(?:\\.|[^'\\\n])+')|//[^\n]*|/\*.*?\*/""", re.DOTALL
)


@dataclass
class Result:
    """What came of one package of the suite."""

    name: str
    expected: int
    #: (file, line, texts expected and not found, texts found and not expected)
    wrong: list[tuple[str, int, list[str], list[str]]] = field(default_factory=list)
    lines_right: bool = True
    texts_right: bool = True
    crash: str = ""


def expectations(name: str, text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield (line, pattern, whether it is a regular expression) of a file's ERROR comments."""
    if "ERROR" not in text:
        return
    fset = FileSet()
    source = fset.add(name, text)
    tokens = scan(source)
    places = [
        p
        for p, kind, shown in zip(tokens.places, tokens.kinds, tokens.texts, strict=True)
        if not (kind == ";" and shown != "semicolon")
    ]
    at = 0
    line = 0
    comments = [
        (m.start() + source.base, m[0])
        for m in _COMMENT.finditer(text)
        if m[1] is None and "ERROR" in m[0]
    ]
    for pos, comment in comments:
        while at < len(places) and places[at] < pos:
            line = source.line(places[at])
            at += 1
        body = comment[2:-2] if comment.startswith("/*") else comment[2:]
        found = re.match(r" (ERRORx?) (.*)", body, re.DOTALL)
        if found is None:
            continue
        pattern = constant.from_literal(found[2].strip(), "STRING")
        assert isinstance(pattern, str), (name, comment)
        pattern = pattern.encode("latin-1").decode("utf-8")
        yield line, pattern, found[1] == "ERRORx"


def packages(root: Path) -> Iterator[tuple[str, list[Path]]]:
    """Yield name and files of every package of the suite."""
    for folder in FOLDERS:
        for each in sorted((root / "internal/types/testdata" / folder).iterdir()):
            if each.is_dir():
                yield f"{folder}/{each.name}", sorted(each.glob("*.go"))
            elif each.suffix == ".go":
                yield f"{folder}/{each.name}", [each]


def run(name: str, files: list[Path], importer: SourceImporter) -> Result:
    """Check one package and compare."""
    define_test_funcs()
    fset = importer.files
    problems = ErrorList(fset)
    trees = []
    wanted: dict[tuple[str, int], list[tuple[str, bool]]] = {}
    language = ""
    source: Callable[[str], Package] = importer
    for number, file in enumerate(files):
        text = file.read_bytes().decode("utf-8", "surrogateescape")
        if number == 0 and (found := LANG.match(text)):
            language = f"1.{found[1]}"
        if number == 0 and text.startswith("// -fakeImportC"):
            source = _with_c(importer)
        tree = parse_file(fset.add(file.name, text), problems)
        if tree is not None:
            trees.append(tree)
        for line, pattern, regular in expectations(file.name, text):
            wanted.setdefault((file.name, line), []).append((pattern, regular))
    result = Result(name, sum(map(len, wanted.values())))
    found_errors = [(p.position.filename, p.position.line, p.message) for p in problems.all]
    try:
        config = Config(source, language, compiler=False, files=fset)
        _, _, errors = check_package(trees[0].name.name if trees else name, trees, config)
    except Exception:
        result.crash = traceback.format_exc()
        result.lines_right = result.texts_right = False
        return result
    for e in errors:
        at = fset.position(e.pos)
        found_errors.append((at.filename, at.line, e.text))
    got: dict[tuple[str, int], list[str]] = {}
    for filename, line, message in found_errors:
        got.setdefault((filename, line), []).append(message)
    for key in sorted({*wanted, *got}):
        missing = list(wanted.get(key, []))
        extra = []
        for message in got.get(key, []):
            for each in missing:
                if _matches(message, *each):
                    missing.remove(each)
                    break
            else:
                extra.append(message)
        if missing or extra:
            result.texts_right = False
            result.wrong.append((*key, [pattern for pattern, _ in missing], extra))
    result.lines_right = set(wanted) == set(got)
    return result


def _with_c(importer: SourceImporter) -> Callable[[str], Package]:
    fake = Package("C", "C")
    fake.fake = True
    return lambda path: fake if path == "C" else importer(path)


def _matches(message: str, pattern: str, regular: bool) -> bool:
    if not regular:
        return pattern in message
    return re.search(pattern.replace("\\pL", "\\w"), message) is not None


def score(root: Path, *names: str) -> list[Result]:
    """Check all packages of the suite, or those whose name holds one of `names`."""
    standard = importer(root)
    return [
        run(name, files, standard)
        for name, files in packages(root)
        if not names or any(n in name for n in names)
    ]


def main(arguments: list[str]) -> None:
    """Print the score."""
    from gosim.oracle.toolchain import find_toolchain

    toolchain = find_toolchain("1.27")
    if toolchain is None:
        sys.exit("no Go 1.27 here")
    root = Path(toolchain.goroot) / "src"
    verbose = "-v" in arguments
    names = [a for a in arguments if not a.startswith("-")]
    began = time.perf_counter()
    results = score(root, *names)
    for r in results:
        if not r.texts_right and (verbose or names):
            state = "CRASH" if r.crash else ("text" if r.lines_right else "LINES")
            print(f"{state:5} {r.name} ({r.expected} errors)")
            if r.crash:
                print(r.crash if names else r.crash.strip().splitlines()[-1])
            for filename, line, missing, extra in r.wrong:
                for text in missing:
                    print(f"    {filename}:{line}: - {text}")
                for text in extra:
                    print(f"    {filename}:{line}: + {text}")
    print(table(results))
    kinds = Counter(r.crash.strip().splitlines()[-1] for r in results if r.crash)
    for why, count in kinds.most_common(20):
        print(f"{count:4} {why}")
    print(f"{time.perf_counter() - began:.1f} s")


def table(results: list[Result]) -> str:
    """Spell the score."""
    lines = []
    for folder in (*FOLDERS, ""):
        of = [r for r in results if r.name.startswith(folder)]
        clean = [r for r in of if not r.expected]
        faulty = [r for r in of if r.expected]
        if not of:
            continue
        lines.append(
            f"{folder or 'all':10} clean {sum(r.texts_right for r in clean)}/{len(clean)}, "
            f"faulty: lines {sum(r.lines_right for r in faulty)}/{len(faulty)}, "
            f"texts {sum(r.texts_right for r in faulty)}/{len(faulty)}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main(sys.argv[1:])
