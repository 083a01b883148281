"""Ask the real goleak and go-deadlock about every scenario; keep it in ``detectors.json``.

``python -m tests.record_detectors SOURCES``, where SOURCES is a folder like Debian's
``/usr/share/gocode/src`` after ``apt-get install golang-uber-goleak-dev
golang-github-sasha-s-go-deadlock-dev`` (or ``apt-get download`` and ``dpkg-deb -x``).

Needs the newest Go that the tests know. The programs run with one processor, as in the default
schedule.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from gosim.oracle import find_toolchain
from tests.scenario_cases import NEWEST, Variant, variants

RECORDED = Path(__file__).with_name("detectors.json")
MODULES = {
    "goleak": "go.uber.org/goleak",
    "go-deadlock": "github.com/sasha-s/go-deadlock",
    "goid": "github.com/petermattis/goid",
}
WARNING = re.compile(r"POTENTIAL DEADLOCK: (Inconsistent|Recursive) locking")


def chosen() -> list[Variant]:
    """Return the programs that are about goroutines."""
    return [
        v
        for v in variants()
        if v.scenario["family"] == "goroutines"
        and "go" in v.sources
        and v.table["expect"] != "compile-error"
    ]


def watched(text: str) -> str:
    """Return a program with goleak at the end of main, and go-deadlock's locks."""
    text = re.sub(r"\bsync\.(RW)?Mutex\b", r"deadlock.\1Mutex", text)
    given = ['"go.uber.org/goleak"', '"os"']
    options = ""
    if "deadlock." in text:
        given.append('deadlock "github.com/sasha-s/go-deadlock"')
        options = "deadlock.Opts.OnPotentialDeadlock = func() {}\n"
    check = 'defer func() { println("goleak:", goleak.Find() != nil) }()\n_ = os.Args\n'
    text = text.replace("func main() {\n", f"func main() {{\n{options}{check}", 1)
    if not re.search(r"\bsync\.\w", text):
        text = text.replace('\t"sync"\n', "")
    given = [each for each in given if each not in text]
    imports = "".join(f"import {each}\n" for each in given)
    return text.replace("package main\n", f"package main\n\n{imports}", 1)


def prepare(work: Path, sources: Path) -> None:
    """Lay the tools beside the program, as modules."""
    replaced = ""
    for name, module in MODULES.items():
        shutil.copytree(sources / module, work / name, ignore=shutil.ignore_patterns("*_test.go"))
        needs = "require github.com/petermattis/goid v0.0.0\n" if name == "go-deadlock" else ""
        (work / name / "go.mod").write_text(f"module {module}\n\ngo 1.18\n\n{needs}")
        replaced += f"require {module} v0.0.0\nreplace {module} => ./{name}\n"
    (work / "go.mod").write_text(f"module watched\n\ngo 1.22\n\n{replaced}")


def main(sources: str) -> int:
    toolchain = find_toolchain(NEWEST)
    assert toolchain is not None, f"no Go {NEWEST} here"
    found: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        prepare(work, Path(sources))
        environment = {**toolchain.environment(), "GOFLAGS": "-mod=mod", "GOMAXPROCS": "1"}
        for variant in chosen():
            (work / "main.go").write_text(watched(variant.go_file.read_text("utf-8")), "utf-8")
            done = subprocess.run(
                [str(toolchain.go), "run", "main.go"],
                cwd=work,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
            )
            said = re.search(r"goleak: (true|false)", done.stderr)
            warning = WARNING.search(done.stderr)
            if said is None and "deadlock!" not in done.stderr and "panic:" not in done.stderr:
                print(done.stderr, file=sys.stderr)
                return 1
            found[variant.id] = {
                "goleak": said[1] if said is not None else "",
                "go-deadlock": warning[1].lower() if warning is not None else "",
            }
            print(variant.id, found[variant.id], flush=True)
    RECORDED.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
