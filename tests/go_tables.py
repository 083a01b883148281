"""Compare tables of Python results with what real Go computes for the same rows.

A test module writes one Go program from its table, builds it once (the oracle keeps the binary) and
compares row by row; property tests feed generated values to the same binary on its standard input.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

from gosim.oracle import Toolchain, build_go

#: What every table program can do: read a line of input, and print a text so that it is one line.
PRELUDE = """
func emit(s string) { os.Stdout.WriteString(hex.EncodeToString([]byte(s)) + "\\n") }

func lines(f func(string)) {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		data, err := hex.DecodeString(in.Text())
		if err != nil {
			panic(err)
		}
		f(string(data))
	}
}
"""
IMPORTS = ("bufio", "encoding/hex", "os")


def build(
    toolchain: Toolchain, directory: Path, imports: Iterable[str], declarations: str, main: str
) -> Path:
    """Build a Go program from its parts."""
    names = "\n".join(f'\t"{name}"' for name in sorted({*imports, *IMPORTS}))
    source = directory / "table.go"
    body = f"{declarations}\n{PRELUDE}\nfunc main() {{\n{main}\n}}\n"
    source.write_text(f"package main\n\nimport (\n{names}\n)\n{body}", encoding="utf-8")
    return build_go(source, toolchain=toolchain, wrap=False)


def run(binary: Path, *args: str, stdin: Iterable[str] = ()) -> list[str]:
    """Run a table program and return the texts that it emitted."""
    given = "".join(line.encode("utf-8", "surrogateescape").hex() + "\n" for line in stdin)
    done = subprocess.run(
        [binary, *args], input=given, capture_output=True, text=True, check=True, timeout=60
    )
    return [
        bytes.fromhex(line).decode("utf-8", "surrogateescape") for line in done.stdout.splitlines()
    ]
