"""The library declares what real Go's packages export, in every version."""

from __future__ import annotations

import re

import golang_api as api
import pytest

from gosim.golang import packages
from gosim.runtime.errors import LoadError

VERSIONS = sorted(api.recorded(), key=lambda v: int(v.split(".")[1]))

#: Packages of which gosim has only a part.
PARTIAL = {
    "encoding/binary",
    "io/fs",
    "net",
    "net/http",
    "net/http/httptest",
    "net/http/pprof",
    "net/url",
    "os",
    "reflect",
    "runtime",
    "runtime/debug",
    "testing",
    "time",
}


@pytest.mark.parametrize("path", api.paths())
def test_a_package_exports_what_go_s_does(path: str) -> None:
    for version in VERSIONS:
        real = set(api.unvalued(api.recorded()[version].get(path, [])))
        if not real:
            continue
        ours = set(api.exported(version, path))
        if path in PARTIAL:  # a struct may lack fields of types that gosim does not have
            ours = {line for line in ours if not re.match(r"type \w+ struct", line)}
        assert sorted(ours - real) == [], version
        if path not in PARTIAL:
            assert sorted(real - ours) == [], version


@pytest.mark.parametrize("path", sorted(PARTIAL))
def test_a_partial_package_is_partial(path: str) -> None:
    """Else it belongs to the others."""
    version = VERSIONS[-1]
    ours = set(api.exported(version, path))
    assert set(api.unvalued(api.recorded()[version][path])) - ours


@pytest.mark.parametrize(("path", "version"), [("iter", "1.22"), ("math/rand/v2", "1.21")])
def test_a_package_that_is_too_new_cannot_be_imported(path: str, version: str) -> None:
    source = f'package main\n\nimport _ "{path}"\n\nfunc main() {{}}\n'
    with pytest.raises(LoadError, match=f"package {path} is not in std"):
        packages.load("new.go", go=version, source=source)


def test_constants_have_go_s_values() -> None:
    for path in api.paths():
        real = {
            line.split(" ")[1]: line.partition(" = ")[2]
            for line in api.recorded()["1.27"].get(path, [])
            if line.startswith("const ") and " = " in line
        }
        for name, text in real.items():
            ours = api.constant("1.27", path, name)
            if ours is not None:
                assert ours == text, f"{path}.{name}"
