"""Programs that go vet has something to say about, and what it says.

``python tests/golang_vet.py`` asks the real one, of Go 1.27 in ``GOSIM_GO_PATH``, and records the
answers in ``golang_lib/vet.json``.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
RECORDED = HERE / "golang_lib" / "vet.json"
CHECKS = ("-copylocks", "-loopclosure", "-lostcancel")


def programs() -> dict[str, tuple[str, str]]:
    """Name → language version and source."""
    parts = re.split(
        r"^-- (.+) (1\.\d+) --\n", (HERE / "golang_lib" / "vet.txt").read_text(), flags=re.M
    )
    return {parts[i]: (parts[i + 1], parts[i + 2]) for i in range(1, len(parts), 3)}


def write(folder: Path, language: str, source: str) -> None:
    """Make a module of a program."""
    (folder / "go.mod").write_text(f"module example.com/m\n\ngo {language}\n")
    (folder / "prog.go").write_text(source)


def real(folder: str, what: str = ".") -> list[str]:
    """Return the lines of the real go vet."""
    go = Path(os.environ.get("GOSIM_GO_PATH", "/opt/gos"), "1.27.3/go/bin/go")
    env = {**os.environ, "GOTOOLCHAIN": "local", "GOPROXY": "off", "CGO_ENABLED": "0"}
    env.setdefault("GOPATH", "/tmp/gopath")
    env.setdefault("GOCACHE", "/tmp/gocache")
    done = subprocess.run(
        [go, "vet", *CHECKS, what], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    lines = [line for line in done.stderr.splitlines() if not line.startswith("# ")]
    return [line.removeprefix("./") for line in lines]


def main() -> None:
    """Record."""
    found = {}
    for name, (language, source) in programs().items():
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), language, source)
            found[name] = real(folder)
        bad = [line for line in found[name] if line.startswith("vet:")]
        print(f"{name}: {len(found[name])} lines", *bad, sep="\n  ")
    if not any(line.startswith("vet:") for lines in found.values() for line in lines):
        RECORDED.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())
