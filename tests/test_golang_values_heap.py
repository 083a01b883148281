"""Go programs that read figures of the heap print what they print under real Go.

The scenarios about memory carry real Go's output; their Go files are run as they are.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import gosim

SCENARIOS = Path(__file__).parent.parent / "scenarios" / "memory"


def _cases() -> list[tuple[str, str, str]]:
    found = []
    for record in sorted(SCENARIOS.glob("*/recorded.json")):
        for version, variants in sorted(json.loads(record.read_text()).items()):
            if version == "schema":
                continue
            for variant, told in sorted(variants.items()):
                source = record.parent / f"{variant}.go"
                if told["steady_stdout"] and source.exists():
                    found.append((record.parent.name, variant, version))
    return found


@pytest.mark.parametrize(("scenario", "variant", "version"), _cases())
def test_prints_the_figures_of_real_go(scenario: str, variant: str, version: str) -> None:
    folder = SCENARIOS / scenario
    told = json.loads((folder / "recorded.json").read_text())[version][variant]
    run = gosim.run(str(folder / f"{variant}.go"), go=version, go_line=told["go_line"])
    assert run.stdout == told["stdout"]
    assert run.exit_code == told["exit_code"]


@pytest.mark.parametrize(
    ("part", "kept"),
    [
        ("line[:4]", True),
        ("strings.TrimSpace(line[:4])", True),
        ("strings.TrimRight(line, ` `)", True),
        ("strings.Fields(line)[0]", True),
        ("strings.SplitN(line, ` `, 2)[0]", True),
        ("strings.TrimPrefix(line[:5], `E`)", True),
        ("strings.Clone(line[:4])", False),
        ("strings.ToLower(line[:4])", False),
    ],
)
def test_what_the_library_cuts_from_a_string_keeps_its_bytes(
    part: str, kept: bool, tmp_path: Path
) -> None:
    """Real Go 1.27 has 701 to 706 KiB in use here where the lines are kept, 61 where not."""
    path = tmp_path / "main.go"
    path.write_text(
        "package main\n\nimport (\n\t`fmt`\n\t`runtime`\n\t`strings`\n)\n\nvar kept []string\n\n"
        "func main() {\n\tfor i := 0; i < 10; i++ {\n"
        "\t\tline := strings.Repeat(fmt.Sprintf(`E%03d `, i), 65536/5)\n"
        f"\t\tkept = append(kept, {part})\n\t}}\n"
        "\truntime.GC()\n\tvar m runtime.MemStats\n\truntime.ReadMemStats(&m)\n"
        "\tfmt.Println(len(kept), m.HeapAlloc > 600<<10)\n}\n"
    )
    assert gosim.run(str(path)).stdout == f"10 {str(kept).lower()}\n"
