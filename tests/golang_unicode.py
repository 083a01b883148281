"""Pack the tables of Go's package unicode: ``python tests/golang_unicode.py GO [GO ...]``.

They are facts of the Unicode Character Database, cut into ranges as Go cuts them (programs can see
the ranges). Each toolchain given writes ``gosim/golang/library/unicode/tables-VERSION.bin``, and
all of them together ``tables.go``, which declares the variables.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent / "gosim" / "golang" / "library" / "unicode"

PROGRAM = """package main

import (
	"encoding/json"
	"os"
	"unicode"
)

type table struct {
	Latin  int
	Ranges [][3]int
}

func main() {
	vars := map[string]*unicode.RangeTable{%s}
	maps := map[string]map[string]*unicode.RangeTable{
		"Categories": unicode.Categories, "Scripts": unicode.Scripts,
		"Properties": unicode.Properties,
		"FoldCategory": unicode.FoldCategory, "FoldScript": unicode.FoldScript,
	}
	tables, names := map[string]table{}, map[string][]string{}
	add := func(name string, t *unicode.RangeTable) {
		x := table{Latin: t.LatinOffset}
		for _, r := range t.R16 {
			x.Ranges = append(x.Ranges, [3]int{int(r.Lo), int(r.Hi), int(r.Stride)})
		}
		for _, r := range t.R32 {
			x.Ranges = append(x.Ranges, [3]int{int(r.Lo), int(r.Hi), int(r.Stride)})
		}
		tables[name] = x
	}
	for name, t := range vars {
		add(name, t)
	}
	same := map[string]string{}
	for m, each := range maps {
		for key, t := range each {
			names[m] = append(names[m], key)
			if m[:4] == "Fold" {
				add(m+":"+key, t)
				continue
			}
			for name, u := range vars {
				if t == u && (same[name] == "" || name == key) {
					same[name] = key
				}
			}
		}
	}
	var cases [][5]int
	for _, c := range unicode.CaseRanges {
		up, low, title := int(c.Delta[0]), int(c.Delta[1]), int(c.Delta[2])
		cases = append(cases, [5]int{int(c.Lo), int(c.Hi), up, low, title})
	}
	orbit := map[int]int{}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		f, plain := unicode.SimpleFold(r), unicode.ToLower(r)
		if plain == r {
			plain = unicode.ToUpper(r)
		}
		if f != plain {
			orbit[int(r)] = int(f)
		}
	}
	json.NewEncoder(os.Stdout).Encode(map[string]any{
		"version": unicode.Version, "tables": tables, "maps": names,
		"same": same, "cases": cases, "orbit": orbit,
	})
}
"""


def dump(go: str) -> dict[str, Any]:
    """Run the program with a toolchain."""
    root = subprocess.run([go, "env", "GOROOT"], text=True, capture_output=True, check=True)
    source = (Path(root.stdout.strip()) / "src" / "unicode" / "tables.go").read_text()
    names = sorted(set(re.findall(r"^\t([A-Z]\w*) += +_\w+", source, re.M)))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "main.go"
        file.write_text(PROGRAM % ", ".join(f'"{n}": unicode.{n}' for n in names))
        done = subprocess.run([go, "run", str(file)], text=True, capture_output=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def pack(found: dict[str, Any]) -> bytes:
    """Return the file: JSON, in which ranges are given by distances."""
    tables = {}
    for name in sorted(found["tables"]):
        flat, last = [], 0
        for lo, hi, stride in found["tables"][name]["Ranges"]:
            flat += [lo - last, (hi - lo) // stride, stride]
            last = hi
        tables[name] = [found["tables"][name]["Latin"], flat]
    kept = {
        "tables": tables,
        "maps": {name: sorted(keys) for name, keys in sorted(found["maps"].items())},
        "cases": found["cases"],
        "orbit": sorted((int(a), b) for a, b in found["orbit"].items()),
    }
    text = json.dumps(kept, separators=(",", ":"))
    return zlib.compress(text.encode(), 9)


def declare(all_found: list[dict[str, Any]], minors: list[int]) -> str:
    """Return ``tables.go``."""
    lines = ["package unicode", "", "// Written by tests/golang_unicode.py.", "", "var ("]
    known: dict[str, tuple[str, int]] = {}
    for found, minor in zip(all_found, minors, strict=True):
        for name, table in found["tables"].items():
            if ":" not in name and name not in known:
                known[name] = (found["same"].get(name, name), minor)
            del table
    for name in sorted(known):
        key, minor = known[name]
        if minor > minors[0]:
            lines.append(f"\t//gosim:since 1.{25 if name in ('Cn', 'LC') else minor}")
        lines.append(f'\t{name} = table("{key}")')
    return "\n".join([*lines, ")", ""])


def main(tools: list[str]) -> None:
    """Write the files."""
    all_found, minors = [], []
    for go in tools:
        version = subprocess.run([go, "version"], text=True, capture_output=True, check=True)
        match = re.search(r"go1\.(\d+)", version.stdout)
        assert match is not None
        minors.append(int(match[1]))
        all_found.append(dump(go))
        (HERE / f"tables-{all_found[-1]['version']}.bin").write_bytes(pack(all_found[-1]))
    (HERE / "tables.go").write_text(declare(all_found, minors))


if __name__ == "__main__":
    main(sys.argv[1:])
