"""Walls that a process builds around itself before it runs what a student wrote.

Limits of resources; Landlock, which leaves it the files it is given and no network; and a filter of
system calls, after which it can start no process, open no socket and signal nobody.  What was built
cannot be taken down again, not by root either.  All of it is Linux; elsewhere only the limits.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Sequence
from typing import Final

_NEW_PRIVS, _DEATH_SIGNAL, _SECCOMP, _FILTER = 38, 1, 22, 2
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on all architectures
_READ_FILE, _READ_DIR, _EXECUTE = 1 << 2, 1 << 3, 1 << 0
_OF_FILES: Final = {1: 13, 2: 14, 3: 15, 5: 16}
"""Landlock's version to the number of rights over files that it knows."""

#: System calls that a program under test has no use for: architecture, and their numbers.
_REFUSED: Final[dict[str, tuple[int, int, tuple[int, ...]]]] = {
    # clone fork vfork clone3 execve execveat; socket socketpair connect bind listen sendto sendmsg;
    # kill tkill tgkill pidfd_send_signal; ptrace process_vm_readv/writev; setrlimit unshare setns
    # chroot mount; bpf userfaultfd io_uring_setup keyctl add_key; setsid setpgid
    "x86_64": (
        0xC000003E,
        302,
        (56, 57, 58, 435, 59, 322, 41, 53, 42, 49, 50, 44, 46, 62, 200, 234, 424, 101, 310, 311,
         160, 272, 308, 161, 165, 321, 323, 425, 250, 248, 112, 109),
    ),
    "aarch64": (
        0xC00000B7,
        261,
        (220, 435, 221, 281, 198, 199, 203, 200, 201, 206, 211, 129, 130, 131, 424, 117, 270, 271,
         164, 97, 268, 51, 40, 280, 282, 425, 219, 217, 157, 154),
    ),
}  # fmt: skip


def landlock_version() -> int:
    """Return the version of Landlock that the kernel has; 0 when it has none."""
    if not sys.platform.startswith("linux"):
        return 0
    libc = ctypes.CDLL(None, use_errno=True)
    return max(0, int(libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)))


def restrict_files(readable: Sequence[str]) -> None:
    """Leave the process these files and folders, to read, and no network.

    Raises
    ------
    OSError
        When the kernel refuses.
    """
    version = landlock_version()
    if not version:
        raise OSError("the kernel has no Landlock")
    rights = max(bits for least, bits in _OF_FILES.items() if version >= least)
    handled = struct.pack("=Q", (1 << rights) - 1)
    if version >= 4:
        handled += struct.pack("=Q", 3)  # no TCP port is bound or connected to
    if version >= 6:
        handled += struct.pack("=Q", 3)  # no abstract sockets and signals of others
    libc = ctypes.CDLL(None, use_errno=True)
    rules = libc.syscall(_CREATE_RULESET, handled, ctypes.c_size_t(len(handled)), 0)
    if rules < 0:
        raise OSError(ctypes.get_errno(), "landlock_create_ruleset")
    for path in readable:
        try:
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue  # not there: nothing to read
        allowed = _READ_FILE | _EXECUTE | (_READ_DIR if os.path.isdir(path) else 0)
        rule = struct.pack("=Qi", allowed, fd)
        if libc.syscall(_ADD_RULE, rules, 1, rule, 0) < 0:
            raise OSError(ctypes.get_errno(), "landlock_add_rule", path)
        os.close(fd)
    _no_new_privileges(libc)
    if libc.syscall(_RESTRICT_SELF, rules, 0) < 0:
        raise OSError(ctypes.get_errno(), "landlock_restrict_self")
    os.close(rules)


def _no_new_privileges(libc: ctypes.CDLL) -> None:
    zero = ctypes.c_ulong(0)
    if libc.prctl(_NEW_PRIVS, ctypes.c_ulong(1), zero, zero, zero):
        raise OSError(ctypes.get_errno(), "prctl")


def die_with_parent() -> None:
    """Let the kernel end the process when the grader ends."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, ctypes.c_ulong(9))


def refuse_calls() -> bool:
    """Refuse system calls that make processes, sockets and signals; False where that is unknown."""
    machine = platform.machine().lower()
    if not sys.platform.startswith("linux") or machine not in _REFUSED:
        return False
    arch, prlimit, refused = _REFUSED[machine]
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    allow, eperm, kill = 0x7FFF0000, 0x00050001, 0x80000000
    n = len(refused)
    program = [
        (load, 0, 0, 4),  # the architecture
        (equal, 1, 0, arch),
        (answer, 0, 0, kill),
        (load, 0, 0, 0),  # the number of the call
        (at_least, n + 6, 0, 0x40000000),  # those of the x32 interface
        *((equal, n - i + 5, 0, number) for i, number in enumerate(refused)),
        (equal, 0, 3, prlimit),  # limits may be asked for, and not be set
        (load, 0, 0, 32),
        (equal, 0, 2, 0),
        (load, 0, 0, 36),
        (equal, 0, 1, 0),
        (answer, 0, 0, allow),
        (answer, 0, 0, eperm),
    ]
    # A jump over the rest: "allow" and "eperm" are the last two.
    last = len(program) - 1
    program[4] = (at_least, last - 5, 0, 0x40000000)
    for i in range(n):
        at = 5 + i
        program[at] = (equal, last - at - 1, 0, refused[i])
    at = 5 + n
    program[at] = (equal, 0, last - 1 - at - 1, prlimit)
    program[at + 2] = (equal, 0, last - (at + 2) - 1, 0)
    program[at + 4] = (equal, 0, last - (at + 4) - 1, 0)
    code = b"".join(struct.pack("=HBBI", *line) for line in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    filter_ = struct.pack("@HxxxxxxP", len(program), ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    _no_new_privileges(libc)
    zero = ctypes.c_ulong(0)
    if libc.prctl(_SECCOMP, ctypes.c_ulong(_FILTER), filter_, zero, zero):
        raise OSError(ctypes.get_errno(), "prctl")
    return True


def limit(memory: int, cpu_s: int, stack: int) -> None:
    """Set limits on memory, processor time, size and number of files, and processes.

    `stack` bytes are what programs that recurse as deep as Go's may use.
    """
    try:
        import resource
    except ImportError:  # on Windows
        return

    def at_most(what: int, value: int, hard: int | None = None) -> None:
        hard = value if hard is None else hard
        had = resource.getrlimit(what)[1]
        if had != resource.RLIM_INFINITY:
            hard = min(hard, had)
            value = min(value, had)
        resource.setrlimit(what, (value, hard))

    at_most(resource.RLIMIT_CPU, cpu_s, cpu_s + 2)
    at_most(resource.RLIMIT_FSIZE, 1 << 20)
    at_most(resource.RLIMIT_CORE, 0)
    at_most(resource.RLIMIT_NOFILE, 64)
    if sys.platform.startswith("linux"):
        at_most(resource.RLIMIT_STACK, stack)
        at_most(resource.RLIMIT_AS, memory)
        at_most(resource.RLIMIT_NPROC, 0 if os.getuid() else 64)
