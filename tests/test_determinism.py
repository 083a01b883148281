"""Same program, seed and version: the same events, on every Python and under every hash seed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import simpy

from gosim.runtime.errors import NotRepeatable, UsageError
from gosim.runtime.policy import Random, Recording
from gosim.runtime.token import decode, encode
from tests.random_programs import digest, run, run_under

ROOT = Path(__file__).parent.parent
COUNT = 60


def other_pythons() -> list[str]:
    """Return the supported interpreters that are installed, this one left out."""
    mine = f"python3.{sys.version_info.minor}"
    found = []
    for name in ("python3.11", "python3.12", "python3.13"):
        if name == mine:
            continue
        candidates = [shutil.which(name)]
        candidates += [
            str(path)
            for path in sorted(Path.home().glob(f".pyenv/versions/{name[6:]}.*/bin/{name}"))
        ]
        found += [c for c in candidates if c is not None and "shims" not in c][:1]
    return found


def digest_elsewhere(python: str, hash_seed: str) -> str:
    """Return the digest that another interpreter computes."""
    return said(
        python, f"from tests.random_programs import digest; print(digest({COUNT}))", hash_seed
    )


def said(python: str, statements: str, hash_seed: str = "7") -> str:
    """Return what another interpreter prints."""
    simpy_home = Path(simpy.__file__).parent.parent
    # Only simpy is borrowed from here: a folder with nothing else in it.
    code = (
        "import sys, importlib.util, importlib.machinery as m\n"
        f"spec = m.PathFinder.find_spec('simpy', [{str(simpy_home)!r}])\n"
        "module = importlib.util.module_from_spec(spec); sys.modules['simpy'] = module\n"
        "spec.loader.exec_module(module)\n"
        f"{statements}"
    )
    done = subprocess.run(
        [python, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("hash_seed", ["0", "1", "4242"])
def test_the_hash_seed_changes_nothing(hash_seed: str) -> None:
    assert digest_elsewhere(sys.executable, hash_seed) == digest(COUNT)


def test_every_python_gives_the_same_events() -> None:
    pythons = other_pythons()
    if not pythons:
        pytest.skip("no other supported Python is installed")
    assert {python: digest_elsewhere(python, "7") for python in pythons} == dict.fromkeys(
        pythons, digest(COUNT)
    )


def test_events_are_those_recorded() -> None:
    """Machines with one Python only compare with what all three gave when this was recorded."""
    recorded = (Path(__file__).parent / "determinism.sha256").read_text(encoding="utf-8").split()
    assert recorded == [str(COUNT), digest(COUNT)]


@pytest.mark.parametrize("policy", ["go", "fifo", "random"])
def test_a_token_replays_the_same_events(policy: str) -> None:
    for seed in range(10):
        first, events = run(seed, policy, True)
        again, same_events = run(seed, "go", True, replay=first.schedule)
        assert again.to_dict() == first.to_dict()
        assert same_events == events


def test_decisions_written_down_replay_as_steps() -> None:
    for seed in range(10):
        recording = Recording(Random(seed))
        first, events = run_under(seed, recording)
        token = encode("steps", 0, recording.decisions)
        again, same_events = run(seed, "go", True, replay=token)
        assert again.stdout == first.stdout
        assert same_events == events


def test_a_damaged_token_is_refused() -> None:
    token = encode("random", 7)
    with pytest.raises(UsageError, match="not a whole token"):
        decode(token[:-1] + ("0" if token[-1] != "0" else "1"))
    with pytest.raises(UsageError, match="not a whole token"):
        decode("rubbish")


def test_a_token_of_another_program_is_noticed() -> None:
    token = encode("steps", 0, [9, 9, 9])
    with pytest.raises(NotRepeatable, match="step 1 chose number 9 of"):
        run(3, "go", False, replay=token)
