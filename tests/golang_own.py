"""Makes a program of the tests of one of Go's own packages, read in place from a toolchain.

What gosim does not have is cut out: functions that use `_CUT`, benchmarks, lines of tables with
``reflect.ValueOf``.  What is left is a package main that runs its tests with ``testing.Main``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

__all__ = ["program"]

_CUT = re.compile(
    r"unsafe\.|AllocsPerRun|TempDir|CreateTemp|MaxConsecutive|MustHaveExec|regexp\.|sha1\."
    r"|reflect\.(ValueOf|Value|Indirect|New)|IsSpace|Parsenum|ErrInvalidWrite|ErrWhence"
    r"|ErrOffset|MaxTokenSize|ErrOrEOF|DefaultBufSize|isRaceBuilder|bitSizeError|baseError|cmplx\."
)
_BENCHMARK = re.compile(r"^func (Benchmark|Fuzz|Example)\w*\([^\n]*\{\n.*?^}\n", re.M | re.S)
_FUNCTION = re.compile(r"^func (\([^)]*\) )?(?P<name>\w+)\([^\n]*(\{\n.*?^}| \})\n", re.M | re.S)
_TEST = re.compile(r"^func (Test\w+)\(\w+ \*testing\.T\)", re.M)
_IMPORTS = re.compile(r"^import \((.*?)^\)", re.M | re.S)

_IOTEST = """package main

import (
	"errors"
	"io"
)

type piecewise struct {
	r    io.Reader
	half bool
}

func (p *piecewise) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	if p.half {
		return p.r.Read(b[:(len(b)+1)/2])
	}
	return p.r.Read(b[:1])
}

func iotest_OneByteReader(r io.Reader) io.Reader { return &piecewise{r, false} }
func iotest_HalfReader(r io.Reader) io.Reader    { return &piecewise{r, true} }

type withErr struct {
	r    io.Reader
	rest []byte
	buf  [1024]byte
}

func (w *withErr) Read(p []byte) (n int, err error) {
	for n == 0 && err == nil {
		if len(w.rest) > 0 {
			n = copy(p, w.rest)
			w.rest = w.rest[n:]
		}
		if len(w.rest) == 0 {
			var more int
			more, err = w.r.Read(w.buf[:])
			w.rest = w.buf[:more]
			if more > 0 {
				err = nil
			}
		}
	}
	return n, err
}

func iotest_DataErrReader(r io.Reader) io.Reader { return &withErr{r: r} }

var iotest_ErrTimeout = errors.New("timeout")

type timingOut struct {
	r     io.Reader
	count int
}

func (t *timingOut) Read(p []byte) (int, error) {
	if t.count++; t.count == 2 {
		return 0, iotest_ErrTimeout
	}
	return t.r.Read(p)
}

func iotest_TimeoutReader(r io.Reader) io.Reader { return &timingOut{r, 0} }

type failing struct{ err error }

func (f *failing) Read(p []byte) (int, error) { return 0, f.err }

func iotest_ErrReader(err error) io.Reader { return &failing{err} }
"""


def program(package: Path, files: Iterable[str], skipped: Iterable[str], folder: Path) -> Path:
    """Write the program and return its folder.

    Parameters
    ----------
    package : Path
        The sources of the package.
    files
        Test files of it.
    skipped
        Tests that are left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tests: list[str] = []
    for name in files:
        text = _rewritten((package / name).read_text(encoding="utf-8"), package.name)
        tests += _TEST.findall(text)
        (folder / name.replace("_test.go", "_own.go")).write_text(text, encoding="utf-8")
    missing = set(skipped)
    table = "".join(f'\t\t{{"{t}", {t}}},\n' for t in tests if t not in missing)
    (folder / "iotest.go").write_text(_IOTEST, encoding="utf-8")
    (folder / "main.go").write_text(
        'package main\n\nimport "testing"\n\nfunc main() {\n'
        "\tall := func(_, _ string) (bool, error) { return true, nil }\n"
        f"\ttesting.Main(all, []testing.InternalTest{{\n{table}\t}}, nil, nil)\n}}\n",
        encoding="utf-8",
    )
    (folder / "go.mod").write_text("module own\n\ngo 1.27\n", encoding="utf-8")
    return folder


def _rewritten(text: str, package: str) -> str:
    text = re.sub(r"^package \w+", "package main", text, flags=re.M)
    text = text.replace(f"{package}_test.", "main.").replace(f"{package}_test\\\\.", "main\\\\.")
    text = _BENCHMARK.sub("", text)
    text = "\n".join(
        line
        for line in text.split("\n")
        if not re.search(r"^\t\{.*reflect\.Value|^var isRaceBuilder", line)
    )
    text = text.replace("testenv.SkipIfOptimizationOff(t)", "").replace("asan.Enabled", "false")
    text = text.replace("t.Error(f, one, two)", "t.Error(one, two)")
    cut = _CUT
    while True:
        gone = [m for m in _FUNCTION.finditer(text) if cut.search(m[0])]
        if not gone:
            break
        for m in gone:
            text = text.replace(m[0], "")
        # And whatever uses what is gone.
        names = [m["name"] for m in gone if not m["name"].startswith("Test")]
        if not names:
            break
        cut = re.compile(r"\b(" + "|".join(names) + r")\(")
    text = text.replace("iotest.", "iotest_")
    found = _IMPORTS.search(text)
    if found is None:
        return text
    body = text[: found.start()] + text[found.end() :]
    body = re.sub(r"//.*", "", body)
    kept = [line for line in found[1].splitlines() if _is_used(line, body)]
    imports = "import (\n" + "\n".join(kept) + "\n)"
    return text[: found.start()] + imports + text[found.end() :]


def _is_used(line: str, body: str) -> bool:
    path = re.search(r'"([^"]+)"', line)
    if path is None:
        return False
    first = line.split()[0]
    name = path[1].rpartition("/")[2] if first.startswith('"') else first
    return name in (".", "_") or re.search(rf"\b{name}\.", body) is not None
