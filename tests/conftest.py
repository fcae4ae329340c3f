"""Options of the test run."""

from __future__ import annotations

import pytest

from docs.programs import PROGRAMS


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--renew-golden` writes the golden files anew instead of comparing with them."""
    parser.addoption("--renew-golden", action="store_true", help="write the golden files of the LP rows anew")
    parser.addoption("--every-program", action="store_true", help="a test whose program is missing fails")


def pytest_configure(config: pytest.Config) -> None:
    """Tell the marker of tests that open an installed program."""
    config.addinivalue_line("markers", f"program(name): opens an installed program: {', '.join(PROGRAMS)}")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test whose program is missing skips with the reason, or fails with `--every-program`."""
    for marker in item.iter_markers("program"):
        found, reason = PROGRAMS[marker.args[0]]
        if found() is None:
            (pytest.fail if item.config.getoption("--every-program") else pytest.skip)(reason)


@pytest.fixture
def renew_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written anew."""
    return bool(request.config.getoption("--renew-golden"))
