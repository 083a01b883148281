"""Real Go under the same load: its cost per call, to put beside gosim's.

The program's ``main`` is renamed, and a second file with a main of its own calls the function that
each call runs, in a goroutine of its own, at the rate asked for, in real time.  What it reads of
itself before the first call and after two collections at the end goes to a file.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from gosim.oracle.run import OracleError, _rename_main
from gosim.oracle.toolchain import Toolchain

__all__ = ["RealLoad", "load_go"]

_MAIN: Final = "gosim_main"
_HARNESS: Final = """\
package main

import (
	"os"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

var gosim_before, gosim_after runtime.MemStats

// What top shows, without allocating anything.
func gosim_rss() int {
	var text [64]byte
	fd, err := syscall.Open("/proc/self/statm", syscall.O_RDONLY, 0)
	if err != nil {
		return 0
	}
	n, _ := syscall.Read(fd, text[:])
	syscall.Close(fd)
	pages, field := 0, 0
	for _, c := range text[:n] {
		switch {
		case c == ' ':
			field++
		case field == 1:
			pages = 10*pages + int(c-'0')
		}
	}
	return pages * os.Getpagesize()
}

func main() {
	calls, _ := strconv.Atoi(os.Getenv("GOSIM_CALLS"))
	every, _ := time.ParseDuration(os.Getenv("GOSIM_EVERY"))
	settle, _ := time.ParseDuration(os.Getenv("GOSIM_SETTLE"))
	first := gosim_rss()
	goroutines := runtime.NumGoroutine()
	runtime.ReadMemStats(&gosim_before)
	start := time.Now()
	for i := 0; i < calls; i++ {
		if wait := time.Until(start.Add(time.Duration(i) * every)); wait > 0 {
			time.Sleep(wait)
		}
		go HANDLER()
	}
	time.Sleep(time.Until(start.Add(time.Duration(calls) * every)))
	last := gosim_rss()
	time.Sleep(settle)
	goroutines = runtime.NumGoroutine() - goroutines
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&gosim_after)
	a, b := &gosim_after, &gosim_before
	text := ""
	for _, n := range []int{
		goroutines, int(a.StackInuse) - int(b.StackInuse), int(a.HeapAlloc) - int(b.HeapAlloc),
		last - first, first, last, int(a.NumGC) - 2,
	} {
		text += strconv.Itoa(n) + " "
	}
	os.WriteFile(os.Getenv("GOSIM_FILE"), []byte(text), 0o600)
}
"""


@dataclass(frozen=True)
class RealLoad:
    """What real Go read of itself.

    Attributes
    ----------
    go : str
        The full version.
    calls, every_ns : int
    goroutines, stack, heap, rss : int
        What all calls together have left: the count, and bytes of ``StackInuse``, ``HeapAlloc``
        (both after two collections) and of resident memory when the last call had come.
    first_rss, last_rss, num_gc : int
    """

    go: str
    calls: int
    every_ns: int
    goroutines: int
    stack: int
    heap: int
    rss: int
    first_rss: int
    last_rss: int
    num_gc: int

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


def load_go(
    program: Path,
    function: str,
    toolchain: Toolchain,
    *,
    calls: int,
    every_ns: int,
    settle: str = "500ms",
    timeout: float = 120.0,
) -> RealLoad:
    """Put a Go file under load with real Go, on one processor.

    Parameters
    ----------
    program : Path
        One Go file.
    function : str
        What each call runs; ``main`` for the program's main.
    toolchain : Toolchain
    calls, every_ns : int
        So many calls, one in so many ns of real time.
    settle : str
        The time that calls in flight get to end.
    timeout : float
        Seconds for the build, and for the run besides its own time.

    Raises
    ------
    OracleError
        When it does not build, or does not come to its end.
    """
    text, _ = _rename_main(program.read_text(encoding="utf-8"))
    handler = _MAIN if function == "main" else function
    with tempfile.TemporaryDirectory(prefix="gosim-load-") as work:
        folder = Path(work)
        (folder / "go.mod").write_text(f"module load\n\ngo {toolchain.version}\n", encoding="utf-8")
        (folder / "program.go").write_text(text, encoding="utf-8")
        harness = _HARNESS.replace("HANDLER", handler)
        (folder / "zz_load.go").write_text(harness, encoding="utf-8")
        toolchain.make_executable()
        env = toolchain.environment()
        binary, figures = folder / "load", folder / "figures"
        _run([str(toolchain.go), "build", "-o", str(binary), "."], folder, env, timeout)
        env = {name: value for name, value in os.environ.items() if not name.startswith("GO")}
        env |= {
            "GOMAXPROCS": "1",
            "GOSIM_CALLS": str(calls),
            "GOSIM_EVERY": f"{every_ns}ns",
            "GOSIM_SETTLE": settle,
            "GOSIM_FILE": str(figures),
        }
        _run([str(binary)], folder, env, timeout + calls * every_ns / 1e9)
        if not figures.exists():
            raise OracleError(f"{program.name} ended before its load did")
        numbers = [int(word) for word in figures.read_text().split()]
    return RealLoad(toolchain.full, calls, every_ns, *numbers)


def _run(command: list[str], folder: Path, env: dict[str, str], timeout: float) -> None:
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=timeout,
            check=False,
            encoding="utf-8",
            errors="replace",
        )
    except subprocess.TimeoutExpired as error:
        raise OracleError(f"{command[0]} took more than {timeout:g} s") from error
    if done.returncode:
        raise OracleError(f"{command[0]} ended with {done.returncode}: {done.stderr[:400]}")


def recorded(file: Path) -> dict[str, RealLoad]:
    """Read what was recorded, by name."""
    data = json.loads(file.read_text(encoding="utf-8"))
    return {name: RealLoad(**each) for name, each in data.items()}
