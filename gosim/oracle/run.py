"""Run a Go program under a real toolchain and report what it did, in the terms of a gosim Run.

A Go process ends with its main, and takes what it leaked with it. To see what is left, the copy
of the program that is built here has its ``main`` renamed and a second file whose ``main`` calls
it, waits (``settle``: the after-life of the process) and writes what it finds to files named by
the environment, never to the program's own output. Then the renaming is undone in every text, so
that a dump says ``main.main.func1`` and the line of the user's file.

What the wrapper does before the program's main returns: one call through a function value.
It starts no goroutine and allocates nothing, so ids and order stay those of the bare program.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from gosim.oracle.dump import (
    Crash,
    GoGoroutine,
    ProfileGroup,
    ordinary,
    parse_crash,
    parse_dump,
    parse_profile,
)
from gosim.oracle.toolchain import Toolchain, cache_dir, find_toolchain, installed

__all__ = ["BuildError", "GoResult", "OracleError", "build_go", "run_go"]

#: A name no program uses; every trace of it is taken out of the texts again.
_MAIN = "gosim_main"
_WRAPPER = "zz_gosim_oracle.go"
_MODULE = "gosimrun"
_OUTPUT_LIMIT = 64 << 20
_KEPT_BINARIES = 400

_WRAPPER_SOURCE = """\
package main

import (
	"bytes"
	"io"
	"os"
	"reflect"
	"runtime"
	"runtime/pprof"
	"strconv"
	"time"
)

// A call the compiler cannot inline: otherwise the program's closures would be named after
// this file's main.
//
//go:noinline
func gosim_call(f func()) { f() }

// Read before anything of ours allocates.
var gosim_stats runtime.MemStats

func main() {
	gosim_call(gosim_main)
	runtime.ReadMemStats(&gosim_stats)
	if dir := os.Getenv("GOSIM_ORACLE_DIR"); dir != "" {
		gosim_look(dir + string(os.PathSeparator))
	}
}

func gosim_look(dir string) {
	put := func(name string, data []byte) { os.WriteFile(dir+name, data, 0o600) }
	// Where the program's own output ended: what follows belongs to the after-life.
	out, err1 := os.Stdout.Seek(0, io.SeekCurrent)
	errs, err2 := os.Stderr.Seek(0, io.SeekCurrent)
	if err1 != nil {
		out = -1
	}
	if err2 != nil {
		errs = -1
	}
	put("returned", []byte(strconv.FormatInt(out, 10)+" "+strconv.FormatInt(errs, 10)))
	put("memstats-return", gosim_memory())

	settle, _ := time.ParseDuration(os.Getenv("GOSIM_ORACLE_SETTLE"))
	time.Sleep(settle)
	// On a busy machine timers are late: let those run whose sleep ended at the same moment.
	for i := 0; i < 5; i++ {
		runtime.Gosched()
	}
	put("count", []byte(strconv.Itoa(runtime.NumGoroutine())))
	runtime.ReadMemStats(&gosim_stats)
	put("memstats", gosim_memory())
	put("stacks", gosim_stacks())
	gosim_profile(put, "goroutine", "goroutine.1")
	if os.Getenv("GOSIM_ORACLE_LEAKS") != "" && pprof.Lookup("goroutineleak") != nil {
		// A collection may overlook a goroutine on a tiny object (a bare sync.Mutex) that the
		// next one finds; a goroutine once found leaked stays so.
		for i := 0; i < 3; i++ {
			gosim_profile(put, "goroutineleak", "goroutineleak.1")
		}
		put("stacks-leaks", gosim_stacks())
	}
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&gosim_stats)
	put("memstats-gc", gosim_memory())
	put("complete", nil)
}

func gosim_profile(put func(string, []byte), name, file string) {
	var text bytes.Buffer
	if pprof.Lookup(name).WriteTo(&text, 1) == nil {
		put(file, text.Bytes())
	}
}

func gosim_stacks() []byte {
	for size := 1 << 18; ; size *= 4 {
		buf := make([]byte, size)
		if n := runtime.Stack(buf, true); n < size || size >= 1<<28 {
			return buf[:n]
		}
	}
}

func gosim_memory() []byte {
	var text bytes.Buffer
	v := reflect.ValueOf(&gosim_stats).Elem()
	for i := 0; i < v.NumField(); i++ {
		name, f := v.Type().Field(i).Name, v.Field(i)
		if f.CanUint() {
			text.WriteString(name + " " + strconv.FormatUint(f.Uint(), 10) + "\\n")
		}
	}
	// What top shows: the second number counts pages (Linux; elsewhere there is no such file).
	if pages, err := os.ReadFile("/proc/self/statm"); err == nil {
		if words := bytes.Fields(pages); len(words) > 1 {
			if n, err := strconv.Atoi(string(words[1])); err == nil {
				text.WriteString("RSS " + strconv.Itoa(n*os.Getpagesize()) + "\\n")
			}
		}
	}
	return text.Bytes()
}
"""


class OracleError(Exception):
    """The real toolchain could not be asked; the message says why in one sentence."""


class BuildError(OracleError):
    """The Go program does not compile.

    ``output`` is the compiler's text, with the user's paths; ``full_version`` the compiler.
    """

    def __init__(self, message: str, output: str, full_version: str) -> None:
        super().__init__(message)
        self.output = output
        self.full_version = full_version


@dataclass(frozen=True)
class GoResult:
    """What a program did under real Go.

    Parameters
    ----------
    stdout, stderr
        What the process wrote until its main returned or it died. The dump of a dying process is
        part of ``stderr``, as in a Go process; of a process we had to end it is not.
    exit_code
        As a shell would see it (0 when main returned, whatever the after-life did); None when
        the process hung.
    hung
        The process did not end within the time allowed; it was asked for a dump and killed.
    goroutines
        Those left. When main returned, without main: taken after the settling time, each with
        ``leaked`` as Go's leak-finding collection judged it (``leak_profile`` is None where the
        toolchain has none). When the process died or hung: those it printed, main included.
    goroutines_after_gc
        The same after the collections of the leak profile (finalizers have run).
    num_goroutine
        ``runtime.NumGoroutine()`` after the settling time, main included; None if not reached.
    leak_profile, profile
        ``goroutineleak`` and ``goroutine`` profiles as ``debug=1`` groups them; main left out.
    memstats, memstats_after_gc, memstats_at_return
        Numeric fields of ``runtime.MemStats`` by name (bytes, counts, ns), after settling, after
        two more collections, and as main returned; empty if not reached. ``RSS`` beside them is
        the resident memory in bytes (Linux only).
    returned
        Whether the program's main returned.
    crash, after_crash
        How the process died before, or after, its main returned.
    after_stdout, after_stderr
        What was written after main had returned; a real process would not have written it.
    settle_ns
        How long the process lived on after main before it was looked at.
    wall_ns
        Real time from start to end of the process, settling included.
    repeats
        The results of the further runs when ``runs`` was more than one.
    """

    stdout: str
    stderr: str
    exit_code: int | None
    hung: bool
    goroutines: tuple[GoGoroutine, ...]
    num_goroutine: int | None
    leak_profile: tuple[ProfileGroup, ...] | None
    memstats: dict[str, int]
    version: str
    full_version: str
    go_line: str
    returned: bool = False
    wrapped: bool = True
    crash: Crash | None = None
    after_crash: Crash | None = None
    after_stdout: str = ""
    after_stderr: str = ""
    profile: tuple[ProfileGroup, ...] = ()
    goroutines_after_gc: tuple[GoGoroutine, ...] = ()
    memstats_after_gc: dict[str, int] = field(default_factory=dict)
    memstats_at_return: dict[str, int] = field(default_factory=dict)
    settle_ns: int = 0
    wall_ns: int = 0
    dump: str = ""
    recorded: bool = False
    repeats: tuple[GoResult, ...] = ()

    @property
    def leaked(self) -> tuple[GoGoroutine, ...]:
        """The goroutines Go's leak profile names."""
        return tuple(g for g in self.goroutines if g.leaked)

    @property
    def steady_stdout(self) -> bool:
        """Whether every run printed the same."""
        return all(r.stdout == self.stdout for r in self.repeats)


# ---------------------------------------------------------------- the program and its wrapping

_TAGS = re.compile(r"^//go:build (?!.*\bgo1\.)", re.M)

_TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/|`[^`]*`|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|\w+|\s+|.", re.S
)


def _rename_main(source: str) -> tuple[str, bool]:
    """Rename the identifier ``main`` everywhere but in the package clause.

    Consistent renaming of one name changes no program; lines stay lines. Returns the text and
    whether it declares ``func main``.
    """
    parts: list[str] = []
    words = ["", ""]  # the last two tokens that are no space and no comment
    declares = False
    for found in _TOKEN.finditer(source):
        token = found.group()
        if token.isspace() or token.startswith(("//", "/*")):
            parts.append(token)
            continue
        if token == "main" and words[1] != "package":
            declares = declares or words[1] == "func"
            parts.append(_MAIN)
        else:
            parts.append(token)
        words = [words[1], token]
    return "".join(parts), declares


def _package(source: str) -> str:
    last = ""
    for found in _TOKEN.finditer(source):
        token = found.group()
        if token.isspace() or token.startswith(("//", "/*")):
            continue
        if last == "package":
            return token
        last = token
    return ""


def _files(program: Path | Sequence[Path]) -> tuple[list[Path], bool]:
    """Return the Go files of a program, and whether they were named one by one."""
    if not isinstance(program, Path):
        return list(program), True
    if program.is_dir():
        every = sorted(p for p in program.glob("*.go") if not p.name.endswith("_test.go"))
        if not every:
            raise OracleError(f"no Go files in {program}")
        return every, False
    return [program], True


def _nearest_go_line(place: Path) -> str | None:
    for directory in (place, *place.parents):
        mod = directory / "go.mod"
        if mod.is_file():
            found = re.search(r"^go\s+(\d+\.\d+(?:\.\d+)?)", mod.read_text("utf-8"), re.M)
            return found.group(1) if found else None
    return None


_SYNC_IMPORT = re.compile(r'"golang\.org/x/sync/(\w+)"')


def _x_sync(sources: Iterable[str], toolchain: Toolchain) -> list[Path]:
    """Find the packages of golang.org/x/sync a program imports: Go carries copies for itself."""
    wanted = sorted({name for text in sources for name in _SYNC_IMPORT.findall(text)})
    if not wanted:
        return []
    places: list[Path] = []
    for name in wanted:
        for tc in (toolchain, *installed()):
            place = tc.goroot / "src" / "cmd" / "vendor" / "golang.org" / "x" / "sync" / name
            if place.is_dir():
                places.append(place)
                break
        else:
            raise OracleError(
                f"golang.org/x/sync/{name} is not part of any installed Go, and builds are offline"
            )
    return places


@dataclass(frozen=True)
class _Plan:
    """Everything a build depends on."""

    files: tuple[tuple[str, str], ...]  # name in the module, text
    names: dict[str, Path]  # name in the module → the user's file
    go_line: str
    flags: tuple[str, ...]
    extra: tuple[Path, ...]
    wrapped: bool

    def key(self, toolchain: Toolchain) -> str:
        h = hashlib.sha256()
        parts = [toolchain.full, toolchain.experiments, self.go_line]
        parts += self.flags
        for name, text in self.files:
            parts += [name, text]
        for place in self.extra:
            parts += [str(place)]
        for part in parts:
            raw = part.encode("utf-8", "surrogateescape")
            h.update(len(raw).to_bytes(8, "big") + raw)
        return h.hexdigest()[:40]


def _plan(
    program: Path | Sequence[Path], toolchain: Toolchain, go_line: str | None,
    flags: Sequence[str], wrap: bool,
) -> _Plan:
    paths, explicit = _files(program)
    if go_line is None:
        go_line = _nearest_go_line(paths[0].resolve().parent) if not explicit else None
    go_line = go_line or toolchain.version
    texts: list[tuple[str, str]] = []
    names: dict[str, Path] = {}
    declares = False
    for i, path in enumerate(paths):
        try:
            source = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as e:
            raise OracleError(f"cannot read {path}: {e}") from e
        if explicit and _package(source) not in ("main", ""):
            raise OracleError(f"{path} is package {_package(source)}, not package main")
        renamed, here = _rename_main(source)
        declares = declares or here
        if explicit:
            # A file named by hand is built whatever its tags say ("ignore"), as `go run` does;
            # a tag that names a Go version also sets the language of the file and stays.
            source, renamed = (_TAGS.sub("// go:build ", text) for text in (source, renamed))
        # … and whatever its name says about systems or tests.
        name = path.name if not explicit else ("prog.go" if i == 0 else f"prog{i}.go")
        texts.append((name, renamed if wrap else source))
        names[name] = path.resolve()
    if wrap and declares:
        texts.append((_WRAPPER, _WRAPPER_SOURCE))
    elif wrap:  # let the linker say it in its own words
        return _plan(program, toolchain, go_line, flags, wrap=False)
    extra = _x_sync((t for _, t in texts), toolchain)
    return _Plan(tuple(texts), names, go_line, tuple(flags), tuple(extra), wrap)


def _compile(plan: _Plan, toolchain: Toolchain, timeout: float) -> Path:
    """Build, or take from the cache, the binary of a plan."""
    bins = cache_dir() / "oracle"
    bins.mkdir(parents=True, exist_ok=True)
    target = bins / (plan.key(toolchain) + (".exe" if os.name == "nt" else ""))
    if target.exists():
        with contextlib.suppress(OSError):
            os.utime(target)  # the least recently used ones are thrown away first
        return target
    toolchain.make_executable()
    with tempfile.TemporaryDirectory(prefix="gosim-go-") as work:
        module = Path(work)
        mod = f"module {_MODULE}\n\ngo {plan.go_line}\n"
        if plan.extra:
            mod += "\nrequire golang.org/x/sync v0.0.0\nreplace golang.org/x/sync => ./x_sync\n"
            (module / "x_sync").mkdir()
            (module / "x_sync" / "go.mod").write_text("module golang.org/x/sync\n\ngo 1.18\n")
            for place in plan.extra:
                shutil.copytree(place, module / "x_sync" / place.name)
        (module / "go.mod").write_text(mod, encoding="utf-8")
        for name, text in plan.files:
            (module / name).write_text(text, encoding="utf-8", newline="")
        made = module / "a.out"
        command = [str(toolchain.go), "build", "-trimpath", "-ldflags=-s -w", "-o", str(made),
                   *plan.flags, "."]
        try:
            done = subprocess.run(
                command, cwd=module, env=toolchain.environment(), stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout, check=False,
                encoding="utf-8", errors="replace",
            )
        except subprocess.TimeoutExpired as e:
            raise OracleError(f"{toolchain.full} took more than {timeout:g} s to build") from e
        except OSError as e:
            raise OracleError(f"cannot start {toolchain.go}: {e.strerror}") from e
        if done.returncode != 0:
            first = next(iter(plan.names.values()))
            raise BuildError(
                f"{toolchain.full} does not compile {first}",
                _restore(done.stdout, plan, compiler=True),
                toolchain.full,
            )
        # The name is the hash of the content: whoever wins the race leaves the same file.
        fresh = bins / f".{os.getpid()}-{time.monotonic_ns()}"
        shutil.move(made, fresh)
        os.replace(fresh, target)
    _prune(bins)
    return target


def _prune(bins: Path) -> None:
    """Keep the most recently used binaries only."""
    def age(p: Path) -> float:
        with contextlib.suppress(OSError):
            return p.stat().st_mtime
        return 0.0

    every = [p for p in bins.iterdir() if p.is_file()]
    if len(every) <= _KEPT_BINARIES:
        return
    for path in sorted(every, key=age)[: len(every) - _KEPT_BINARIES * 3 // 4]:
        with contextlib.suppress(OSError):
            path.unlink()


_WRAPPER_FRAME = re.compile(
    rf"^main\.[^\n]*\n\t(?:[^\n]*/)?{re.escape(_WRAPPER)}:\d+[^\n]*\n?", re.M
)
_WRAPPER_SYMBOL = re.compile(rf"^#\t[^\n]*/?{re.escape(_WRAPPER)}:\d+\n?", re.M)


def _restore(text: str, plan: _Plan, *, compiler: bool = False) -> str:
    """Undo the wrapping in a text: the program's own names and files, no frame of ours."""
    text = _WRAPPER_FRAME.sub("", text)
    text = _WRAPPER_SYMBOL.sub("", text)
    text = text.replace(_MAIN, "main")
    for name, path in plan.names.items():
        before = r"(?<![\w./-])(?:\./)?" if compiler else \
            rf"(?<![\w.-])(?:\./|{_MODULE}/)"
        # Backslashes in a path are no escapes of the replacement.
        text = re.sub(before + re.escape(name) + r"(?=:\d)", str(path).replace("\\", r"\\"), text)
    return text.removeprefix(f"# {_MODULE}\n") if compiler else text


# ------------------------------------------------------------------------------- running it


def build_go(
    program: str | os.PathLike[str] | Sequence[str | os.PathLike[str]], *,
    toolchain: Toolchain, go_line: str | None = None, flags: Sequence[str] = (),
    wrap: bool = True, timeout: float = 300.0,
) -> Path:
    """Build a program and return its binary, which stays in the cache under a content hash.

    Parameters are those of `run_go`; `timeout` is in seconds (the first build with a toolchain
    compiles the standard library too).

    Raises
    ------
    BuildError
        When it does not compile.
    OracleError
        When the toolchain cannot be used or the files cannot be read.
    """
    return _build(program, toolchain, go_line, flags, wrap, timeout)[1]


def _build(
    program: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    toolchain: Toolchain, go_line: str | None, flags: Sequence[str], wrap: bool, timeout: float,
) -> tuple[_Plan, Path]:
    paths: Path | list[Path]
    if isinstance(program, (str, os.PathLike)):
        paths = Path(program)
    else:
        paths = [Path(p) for p in program]
    plan = _plan(paths, toolchain, go_line, flags, wrap)
    try:
        return plan, _compile(plan, toolchain, timeout)
    except BuildError:
        if not plan.wrapped:
            raise
        # What the compiler says about the program itself counts. Where the bare program builds,
        # the wrapping was at fault, and it is run without.
        bare = _plan(paths, toolchain, go_line, flags, wrap=False)
        return bare, _compile(bare, toolchain, timeout)


@dataclass(slots=True)
class _Ended:
    code: int | None
    hung: bool
    wall_ns: int


def _kill_group(proc: subprocess.Popen[bytes]) -> None:
    if os.name == "nt":
        proc.kill()
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(proc.pid, signal.SIGKILL)


def _execute(
    command: list[str], env: dict[str, str], cwd: Path, stdin: bytes, out: Path, err: Path,
    timeout: float,
) -> _Ended:
    """Run a process in its own group until it ends or time or output runs out."""
    start = time.monotonic()
    hung = False
    feed = cwd / "stdin"
    feed.write_bytes(stdin)
    with out.open("wb") as o, err.open("wb") as e, feed.open("rb") as i:
        proc = subprocess.Popen(
            command, stdin=i, stdout=o, stderr=e, env=env, cwd=cwd,
            start_new_session=os.name != "nt",
        )
    try:
        while True:
            left = start + timeout - time.monotonic()
            try:
                proc.wait(timeout=max(0.0, min(left, 0.5)))
                break
            except subprocess.TimeoutExpired:
                big = out.stat().st_size + err.stat().st_size > _OUTPUT_LIMIT
                if big or time.monotonic() - start >= timeout:
                    hung = True
                    if os.name != "nt":
                        proc.send_signal(signal.SIGQUIT)  # Go answers with a dump
                        with contextlib.suppress(subprocess.TimeoutExpired):
                            proc.wait(timeout=3.0)
                    break
    finally:
        _kill_group(proc)
        proc.wait()
    wall = int((time.monotonic() - start) * 1e9)
    code = proc.returncode
    if code is not None and code < 0:
        code = 128 - code  # killed by a signal: what a shell reports
    return _Ended(None if hung else code, hung, wall)


_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9,
          "h": 3600 * 10**9}


def _nanoseconds(duration: str) -> int:
    """Read a Go duration such as ``1m30s`` or ``200ms``."""
    text = duration.strip()
    parts = re.findall(r"(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)", text)
    if "".join(a + b for a, b in parts) != text or not parts:
        if text == "0":
            return 0
        raise OracleError(f"{duration!r} is no Go duration such as 200ms or 1.5s")
    return int(sum(float(a) * _UNITS[b] for a, b in parts))


def _numbers(text: str) -> dict[str, int]:
    return {name: int(value) for name, _, value in
            (line.partition(" ") for line in text.splitlines()) if value.isdigit()}


def _without_main(groups: list[ProfileGroup]) -> tuple[ProfileGroup, ...]:
    """Leave out the wrapper's own goroutine: the one writing the profile."""
    return tuple(
        g for g in groups
        if not any(f.function == "runtime/pprof.writeRuntimeProfile" for f in g.stack)
    )


def run_go(
    program: str | os.PathLike[str] | Sequence[str | os.PathLike[str]], *,
    toolchain: Toolchain | str | None = None, go_line: str | None = None,
    args: Sequence[str] = (), timeout: float = 10.0, settle: str = "200ms", gomaxprocs: int = 1,
    runs: int = 1, env: Mapping[str, str] | None = None, stdin: str = "",
    flags: Sequence[str] = (), wrap: bool = True, leaks: bool = True,
) -> GoResult:
    """Run a Go program under a real toolchain.

    Parameters
    ----------
    program
        A one-file package main, a directory holding one, or the list of its files.
    toolchain
        What `find_toolchain` gave, or a version such as ``"1.27"``; default: the newest found.
    go_line
        Language version for ``go.mod``, ``"1.21"``; default: the toolchain's, and for a directory
        that of the nearest ``go.mod``.
    args
        ``os.Args[1:]``.
    timeout
        Seconds of wall time for one run; after it the result is ``hung``.
    settle
        How long the process lives on after main, as a Go duration.
    gomaxprocs
        ``GOMAXPROCS``.
    runs
        How often to run; the further results are in ``repeats``.
    env
        Variables added to the environment; other ``GO…`` variables of the caller are dropped.
    stdin
        Text the program may read.
    flags
        More flags for ``go build``, such as ``-gcflags=-l``.
    wrap
        False runs the bare program: nothing is known after main returned.
    leaks
        Whether to take the ``goroutineleak`` profile where there is one.

    Raises
    ------
    OracleError, BuildError
        No such toolchain; unreadable files; the program does not compile.
    """
    if toolchain is None or isinstance(toolchain, str):
        found = find_toolchain(toolchain)
        if found is None:
            raise OracleError(f"no Go {toolchain or 'toolchain'} found on this machine")
        toolchain = found
    _nanoseconds(settle)  # a slip is better told before the build
    plan, binary = _build(program, toolchain, go_line, flags, wrap, 300.0)
    results = [
        _once(plan, binary, toolchain, args, timeout, settle, gomaxprocs, env, stdin, leaks)
        for _ in range(max(1, runs))
    ]
    return replace(results[0], repeats=tuple(results[1:])) if len(results) > 1 else results[0]


def _once(
    plan: _Plan, binary: Path, toolchain: Toolchain, args: Sequence[str], timeout: float,
    settle: str, gomaxprocs: int, env: Mapping[str, str] | None, stdin: str, leaks: bool,
) -> GoResult:
    child = {k: v for k, v in os.environ.items() if not k.startswith(("GO", "CGO_"))}
    child["GOMAXPROCS"] = str(gomaxprocs)
    child.update(env or {})
    with tempfile.TemporaryDirectory(prefix="gosim-run-") as work:
        room = Path(work)
        side = room / "side"
        cwd = room / "cwd"
        side.mkdir()
        cwd.mkdir()
        child["GOSIM_ORACLE_DIR"] = str(side)
        child["GOSIM_ORACLE_SETTLE"] = settle
        child["GOSIM_ORACLE_LEAKS"] = "1" if leaks else ""
        ended = _execute(
            [str(binary), *args], child, cwd, stdin.encode(), room / "out", room / "err", timeout
        )
        raw_out = (room / "out").read_bytes()
        raw_err = (room / "err").read_bytes()

        def read(name: str) -> str | None:
            path = side / name
            if not path.is_file():
                return None
            return _restore(path.read_bytes().decode("utf-8", "replace"), plan)

        returned = read("returned")
        stacks, marked = read("stacks"), read("stacks-leaks")
        profile, leak_text = read("goroutine.1"), read("goroutineleak.1")
        memory, memory_gc = read("memstats") or "", read("memstats-gc") or ""
        memory_return = read("memstats-return") or ""
        count, complete = read("count"), read("complete")

    out_at, err_at = len(raw_out), len(raw_err)
    if returned is not None:
        a, b = (int(x) for x in returned.split())
        out_at = a if a >= 0 else out_at
        err_at = b if b >= 0 else err_at

    def text(raw: bytes) -> str:
        return _restore(raw.decode("utf-8", "replace"), plan)

    stderr, after_stderr = text(raw_err[:err_at]), text(raw_err[err_at:])
    crash = after_crash = None
    dump = ""
    goroutines: tuple[GoGoroutine, ...] = ()
    after_gc: tuple[GoGoroutine, ...] = ()
    if returned is None:
        crash = parse_crash(stderr) if ended.code == 2 or ended.hung else None
        if ended.hung and crash is not None and crash.kind == "signal":
            stderr, dump = crash.before, stderr[len(crash.before):]
            goroutines, crash = ordinary(crash.goroutines), None
        elif crash is not None:
            goroutines, dump = crash.goroutines, stderr[len(crash.before):]
    elif complete is None:
        # The after-life itself died or never came to rest.
        after_crash = parse_crash(after_stderr)
        if after_crash is not None:
            goroutines = tuple(g for g in after_crash.goroutines if g.id != 1)
            dump = after_stderr[len(after_crash.before):]
    if stacks is not None:
        dump = marked if marked is not None else stacks
        judged = {g.id: g.leaked for g in parse_dump(marked or "")}
        # Main is the wrapper here: it left the program when its main returned.
        goroutines = tuple(
            replace(g, leaked=judged.get(g.id, False)) for g in parse_dump(stacks) if g.id != 1
        )
        after_gc = tuple(g for g in parse_dump(marked or "") if g.id != 1)
    return GoResult(
        stdout=text(raw_out[:out_at]),
        stderr=stderr,
        exit_code=0 if returned is not None else ended.code,
        hung=ended.hung and returned is None,
        goroutines=goroutines,
        num_goroutine=int(count) if count is not None else None,
        leak_profile=_without_main(parse_profile(leak_text)) if leak_text is not None else None,
        memstats=_numbers(memory),
        version=toolchain.version,
        full_version=toolchain.full,
        go_line=plan.go_line,
        returned=returned is not None,
        wrapped=plan.wrapped,
        crash=crash,
        after_crash=after_crash,
        after_stdout=text(raw_out[out_at:]),
        after_stderr=after_stderr,
        profile=_without_main(parse_profile(profile or "")),
        goroutines_after_gc=after_gc,
        memstats_after_gc=_numbers(memory_gc),
        memstats_at_return=_numbers(memory_return),
        settle_ns=_nanoseconds(settle),
        wall_ns=ended.wall_ns,
        dump=dump,
    )
